//! `datapackage.json`: Data Package version 2.

use super::Written;
use crate::{Column, Table, code_entries, table_named};
use serde_json::{Map, Value, json};

/// Columns of `columns.csv`.
pub(super) const COLUMNS_HEADER: [&str; 12] = [
    "table",
    "column",
    "position",
    "title_ja",
    "type",
    "content",
    "required",
    "in_primary_key",
    "reference",
    "code_list",
    "description_ja",
    "description_en",
];

/// Returns the descriptor of the CSV files among `files`.
pub(super) fn datapackage(files: &[Written], row_counts: &[u64]) -> String {
    let resources: Vec<Value> = files.iter().filter_map(|f| file_to_resource(f, row_counts)).collect();
    let package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "jisseki",
        "title": "年度実績の具体的取組データ",
        "description": "公共団体が公表した年度実績のPDFから読み取った具体的取組の表。列の意味は columns.csv、コードは codes.csv にある。",
        "version": jisseki_model::SCHEMA_VERSION,
        "keywords": ["行政", "年度実績", "具体的取組"],
        "resources": resources,
    });
    pretty(&package)
}

pub(super) fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn file_to_resource(file: &Written, row_counts: &[u64]) -> Option<Value> {
    let name = file.path.strip_suffix(".csv").filter(|n| !n.contains('/'))?;
    let mut resource = Map::new();
    let mut put = |key: &str, value: Value| drop(resource.insert(key.to_owned(), value));
    put("$schema", "https://datapackage.org/profiles/2.0/dataresource.json".into());
    put("name", name.into());
    put("type", "table".into());
    put("path", file.path.as_str().into());
    put("format", "csv".into());
    put("mediatype", "text/csv".into());
    put("encoding", "utf-8".into());
    put("bytes", file.bytes.into());
    put("hash", format!("sha256:{}", file.sha256).into());
    put("dialect", json!({"delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true, "header": true}));
    if name == "columns" {
        put("title", "列の説明".into());
        put("description", "全ての表の全ての列。".into());
        put("schema", columns_schema());
        return Some(Value::Object(resource));
    }
    let index = crate::tables().iter().position(|t| t.name == name)?;
    let table = table_named(name)?;
    put("title", table.title_ja.into());
    put("description", format!("{} {}", table.description_ja, table.description_en).into());
    put("rowCount", row_counts.get(index).copied().unwrap_or(0).into());
    put("schema", table_to_schema(table));
    Some(Value::Object(resource))
}

fn table_to_schema(table: &Table) -> Value {
    let mut schema = json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": table.columns.iter().map(column_to_field).collect::<Vec<_>>(),
        "fieldsMatch": "exact",
        "missingValues": [""],
        "primaryKey": table.primary_key,
    });
    let references = table.columns.iter().filter_map(|c| c.reference.map(|(t, k)| (c.name, t, k)));
    let foreign: Vec<Value> = references.map(|(c, t, k)| json!({"fields": [c], "reference": {"resource": t, "fields": [k]}})).collect();
    if let Some(object) = schema.as_object_mut() {
        if !table.unique_key.is_empty() {
            object.insert("uniqueKeys".into(), json!([table.unique_key]));
        }
        if !foreign.is_empty() {
            object.insert("foreignKeys".into(), foreign.into());
        }
    }
    schema
}

fn column_to_field(column: &Column) -> Value {
    let mut constraints = Map::new();
    if column.required {
        constraints.insert("required".into(), true.into());
    }
    if let Some(list) = column.codes {
        let codes: Vec<&str> = code_entries(list).iter().map(|e| e.code).collect();
        constraints.insert("enum".into(), codes.into());
    }
    let mut field = json!({
        "name": column.name,
        "type": column.kind.name(),
        "title": column.title_ja,
        "description": format!("{} {}", column.description_ja, column.description_en),
        "content": column.content.name(),
    });
    if let (Some(object), false) = (field.as_object_mut(), constraints.is_empty()) {
        object.insert("constraints".into(), constraints.into());
    }
    field
}

fn columns_schema() -> Value {
    const TITLES: [&str; 12] =
        ["表", "列", "位置", "列名（日本語）", "型", "内容", "必須", "主キー", "参照先", "コード表", "説明（日本語）", "説明（英語）"];
    let kind = |name: &str| if matches!(name, "position" | "required" | "in_primary_key") { "integer" } else { "string" };
    let to_field = |(name, title): (&&str, &str)| {
        let content = if name.starts_with("description") || name.starts_with("title") { "text" } else { "id" };
        json!({"name": name, "type": kind(name), "title": title, "content": content})
    };
    let fields: Vec<Value> = COLUMNS_HEADER.iter().zip(TITLES).map(to_field).collect();
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": fields, "fieldsMatch": "exact", "missingValues": [""], "primaryKey": ["table", "column"],
    })
}
