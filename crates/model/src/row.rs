//! A row of a table that the program holds, or a value like it.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Deref;

/// A row of one of the program's tables, by reference, or one that was read from a file. It reads, compares and prints as the row itself.
#[derive(Debug, Clone)]
pub enum Row<T: 'static> {
    /// Of a table.
    Of(&'static T),
    /// Its own.
    Own(Box<T>),
}

impl<T> Deref for Row<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Row::Of(row) => row,
            Row::Own(row) => row,
        }
    }
}

impl<T> From<T> for Row<T> {
    fn from(row: T) -> Row<T> {
        Row::Own(Box::new(row))
    }
}

impl<T: PartialEq> PartialEq for Row<T> {
    fn eq(&self, other: &Row<T>) -> bool {
        **self == **other
    }
}

impl<T: Serialize> Serialize for Row<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(s)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        T::deserialize(d).map(Row::from)
    }
}

impl<T: JsonSchema> JsonSchema for Row<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        // What describes the row does not describe the value that it is a part of.
        let mut schema = T::json_schema(generator);
        schema.remove("description");
        schema
    }
}
