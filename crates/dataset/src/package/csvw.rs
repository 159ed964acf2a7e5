//! `csv-metadata.json`: CSV on the Web (W3C).

use super::descriptor::pretty;
use crate::{Column, ColumnType, Table, tables};
use serde_json::{Value, json};

/// Returns the metadata of the CSV files.
pub(super) fn metadata() -> String {
    let described: Vec<Value> = tables().iter().filter(|t| t.name != "failures").map(table_to_csvw).collect();
    pretty(&json!({
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
        "dc:title": "年度実績の具体的取組データ",
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": true},
        "tables": described,
    }))
}

fn table_to_csvw(table: &Table) -> Value {
    // CSVW lets no cell of a foreign key be empty; `warnings.record_id` may be, and is told of in `datapackage.json` alone.
    let references = table.columns.iter().filter(|c| c.required).filter_map(|c| c.reference.map(|(t, k)| (c.name, t, k)));
    let foreign: Vec<Value> = references
        .map(|(c, t, k)| json!({"columnReference": c, "reference": {"resource": format!("{t}.csv"), "columnReference": k}}))
        .collect();
    json!({
        "url": format!("{}.csv", table.name),
        "dc:title": table.title_ja,
        "dc:description": table.description_ja,
        "tableSchema": {
            "columns": table.columns.iter().map(column_to_csvw).collect::<Vec<_>>(),
            "primaryKey": table.primary_key,
            "foreignKeys": foreign,
        },
    })
}

/// The header cell is one of the titles, as CSVW asks; the others are for people.
fn column_to_csvw(column: &Column) -> Value {
    let datatype = match column.kind {
        ColumnType::String => json!("string"),
        ColumnType::Integer => json!("integer"),
        ColumnType::Number => json!("number"),
        ColumnType::Date => json!({"base": "date", "format": "yyyy-MM-dd"}),
    };
    json!({
        "name": column.name,
        "titles": [column.name, column.title_ja],
        "dc:description": column.description_ja,
        "datatype": datatype,
        "required": column.required,
        "null": "",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_may_be_empty_is_no_foreign_key() {
        let metadata: Value = serde_json::from_str(&metadata()).expect("JSON");
        let of = |name: &str| {
            let table = metadata["tables"].as_array().expect("tables").iter().find(|t| t["url"] == format!("{name}.csv")).expect("there");
            table["tableSchema"]["foreignKeys"]
                .as_array()
                .expect("keys")
                .iter()
                .map(|k| k["columnReference"].to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(of("mentions"), ["\"record_id\""]);
        assert_eq!(of("warnings"), ["\"document_id\""]);
    }
}
