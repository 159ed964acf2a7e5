//! The one definition of the tables, read from `definition/tables.tsv` and `definition/codes.tsv`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// A decimal number.
    Number,
    /// A day, `YYYY-MM-DD`.
    Date,
}

impl ColumnType {
    /// Returns the name that Table Schema gives the type.
    pub fn name(self) -> &'static str {
        match self {
            ColumnType::String => "string",
            ColumnType::Integer => "integer",
            ColumnType::Number => "number",
            ColumnType::Date => "date",
        }
    }
}

/// What a column's values are, for readers of the schema and for the rules of notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// An identifier.
    Id,
    /// A code of a closed list or of a public code system.
    Code,
    /// A number, a year, a day.
    Value,
    /// A quotation of the source or a sentence: what it holds is not ours to rewrite.
    Text,
}

impl Content {
    /// Returns the name used in `columns.csv` and `datapackage.json`.
    pub fn name(self) -> &'static str {
        match self {
            Content::Id => "id",
            Content::Code => "code",
            Content::Value => "value",
            Content::Text => "text",
        }
    }
}

/// One table.
#[derive(Debug)]
pub struct Table {
    /// ASCII name: file stem, SQL table.
    pub name: &'static str,
    /// Japanese title: sheet name.
    pub title_ja: &'static str,
    /// English title.
    pub title_en: &'static str,
    /// Columns of the primary key.
    pub primary_key: Vec<&'static str>,
    /// Columns that are unique together; empty for none.
    pub unique_key: Vec<&'static str>,
    /// One Japanese sentence.
    pub description_ja: &'static str,
    /// One English sentence.
    pub description_en: &'static str,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Debug)]
pub struct Column {
    /// ASCII name.
    pub name: &'static str,
    /// Type of its values.
    pub kind: ColumnType,
    /// What its values are.
    pub content: Content,
    /// Japanese title.
    pub title_ja: &'static str,
    /// Whether null is not allowed.
    pub required: bool,
    /// Table and column that its values refer to.
    pub reference: Option<(&'static str, &'static str)>,
    /// Name of its code list.
    pub codes: Option<&'static str>,
    /// Width in a spreadsheet, in characters.
    pub width: f64,
    /// One Japanese sentence.
    pub description_ja: &'static str,
    /// One English sentence.
    pub description_en: &'static str,
}

/// One entry of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeEntry {
    /// The code.
    pub code: &'static str,
    /// Japanese label.
    pub label_ja: &'static str,
    /// English label.
    pub label_en: &'static str,
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| tsv_to_tables(include_str!("definition/tables.tsv")));
const CODES: &str = include_str!("definition/codes.tsv");

/// Returns the tables, each after those that it refers to.
pub fn tables() -> &'static [Table] {
    &TABLES
}

/// Returns the table of that name.
pub fn table_named(name: &str) -> Option<&'static Table> {
    tables().iter().find(|t| t.name == name)
}

/// Returns the entries of a code list, in order; empty for a list that is not there.
pub fn code_entries(list: &str) -> &'static [CodeEntry] {
    LISTS.get(list).map_or(&[], Vec::as_slice)
}

static LISTS: LazyLock<BTreeMap<&'static str, Vec<CodeEntry>>> = LazyLock::new(|| {
    let mut lists: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in CODES.lines().filter(|l| !l.starts_with('#')) {
        if let [name, code, label_ja, label_en] = line.split('\t').collect::<Vec<_>>()[..] {
            lists.entry(name).or_default().push(CodeEntry { code, label_ja, label_en });
        }
    }
    let warnings = jisseki_model::codes().map(|c| CodeEntry { code: c.id, label_ja: c.label_ja, label_en: c.label_en });
    lists.insert("warning_code", warnings.collect());
    lists
});

fn tsv_to_tables(text: &'static str) -> Vec<Table> {
    let mut out: Vec<Table> = Vec::new();
    for cells in text.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t').collect::<Vec<_>>()) {
        match cells[..] {
            ["table", name, title_ja, title_en, pk, uk, description_ja, description_en] => out.push(Table {
                name,
                title_ja,
                title_en,
                primary_key: names(pk),
                unique_key: names(uk),
                description_ja,
                description_en,
                columns: Vec::new(),
            }),
            ["column", ..] => {
                if let (Some(table), Some(column)) = (out.last_mut(), cells_to_column(&cells)) {
                    table.columns.push(column);
                }
            }
            _ => {}
        }
    }
    out
}

fn cells_to_column(cells: &[&'static str]) -> Option<Column> {
    let &[_, name, kind, content, title_ja, required, reference, codes, width, description_ja, description_en] = cells else { return None };
    Some(Column {
        name,
        kind: match kind {
            "integer" => ColumnType::Integer,
            "number" => ColumnType::Number,
            "date" => ColumnType::Date,
            _ => ColumnType::String,
        },
        content: match content {
            "id" => Content::Id,
            "code" => Content::Code,
            "value" => Content::Value,
            _ => Content::Text,
        },
        title_ja,
        required: required == "y",
        reference: reference.split_once('.'),
        codes: Some(codes).filter(|c| !c.is_empty()),
        width: width.parse().unwrap_or(12.0),
        description_ja,
        description_en,
    })
}

fn names(list: &'static str) -> Vec<&'static str> {
    list.split(',').filter(|n| !n.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_definition_is_a_table_or_a_column() {
        let text = include_str!("definition/tables.tsv");
        let lines = text.lines().filter(|l| !l.starts_with('#')).count();
        assert_eq!(lines, tables().iter().map(|t| 1 + t.columns.len()).sum::<usize>());
    }

    #[test]
    fn keys_references_and_code_lists_exist() {
        for (i, table) in tables().iter().enumerate() {
            let has = |n: &&str| table.columns.iter().any(|c| c.name == *n);
            assert!(!table.primary_key.is_empty() && table.primary_key.iter().all(&has), "{}", table.name);
            assert!(table.unique_key.iter().all(has), "{}", table.name);
            for column in &table.columns {
                if let Some((t, c)) = column.reference {
                    let earlier = tables()[..i].iter().find(|x| x.name == t).expect("refers to an earlier table");
                    assert_eq!(earlier.primary_key, [c], "{}.{}", table.name, column.name);
                }
                if let Some(list) = column.codes {
                    assert!(!code_entries(list).is_empty(), "{list}");
                    assert_eq!(column.content, Content::Code);
                }
                assert!(
                    column.name.is_ascii()
                        && !column.title_ja.is_empty()
                        && !column.description_ja.is_ascii()
                        && !column.description_en.is_empty()
                );
            }
        }
    }

    #[test]
    fn every_code_of_the_lists_is_used_by_a_column() {
        let used: std::collections::BTreeSet<_> = tables().iter().flat_map(|t| &t.columns).filter_map(|c| c.codes).collect();
        for line in CODES.lines().filter(|l| !l.starts_with('#')) {
            assert!(used.contains(line.split('\t').next().expect("a list")), "{line}");
        }
    }
}
