//! One SQLite database with keys, references and an index for each reference.

use super::{Item, Sink, Staged};
use crate::{Cell, ColumnType, Table, WriteError, tables};
use rusqlite::{Connection, types::ToSqlOutput, types::ValueRef};
use std::path::{Path, PathBuf};

pub(crate) struct SqliteSink {
    path: PathBuf,
    tag: String,
    connection: Option<Connection>,
}

impl SqliteSink {
    pub(crate) fn create(path: &Path, tag: &str) -> Result<SqliteSink, WriteError> {
        let temp = Staged::temp_path(path, tag);
        if temp.exists() {
            std::fs::remove_file(&temp).map_err(WriteError::io(path))?;
        }
        let fail = |e: rusqlite::Error| WriteError::format(path, "SQLite", e);
        let connection = Connection::open(&temp).map_err(fail)?;
        // The file has no reader before it is complete, and is thrown away after a crash: no journal.
        let setup = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON; PRAGMA encoding='UTF-8'; BEGIN;";
        connection.execute_batch(setup).map_err(fail)?;
        for table in tables() {
            connection.execute_batch(&table_to_sql(table)).map_err(fail)?;
        }
        Ok(SqliteSink { path: path.to_owned(), tag: tag.to_owned(), connection: Some(connection) })
    }
}

impl Sink for SqliteSink {
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError> {
        let Some(connection) = &self.connection else { return Ok(()) };
        insert(connection, items).map_err(|e| WriteError::format(&self.path, "SQLite", e))
    }
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError> {
        let Some(connection) = self.connection.take() else { return Ok(Vec::new()) };
        let fail = |e: rusqlite::Error| WriteError::format(&self.path, "SQLite", e);
        connection.execute_batch("COMMIT; PRAGMA journal_mode=DELETE;").map_err(fail)?;
        connection.close().map_err(|(_, e)| WriteError::format(&self.path, "SQLite", e))?;
        Ok(vec![Staged::adopt(&self.path, &self.tag)?])
    }
}

impl Drop for SqliteSink {
    fn drop(&mut self) {
        if self.connection.take().is_some() {
            drop(std::fs::remove_file(Staged::temp_path(&self.path, &self.tag)));
        }
    }
}

fn insert(connection: &Connection, items: &[Item]) -> rusqlite::Result<()> {
    for item in items {
        for (table, rows) in item.rows.iter().filter(|(_, rows)| !rows.is_empty()) {
            let marks = vec!["?"; table.columns.len()].join(",");
            let mut statement = connection.prepare_cached(&format!("INSERT INTO \"{}\" VALUES ({marks})", table.name))?;
            for row in rows {
                statement.execute(rusqlite::params_from_iter(row.iter().map(Bound)))?;
            }
        }
    }
    Ok(())
}

/// A cell as a bound parameter: text never becomes SQL.
struct Bound<'a>(&'a Cell);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Cell::Null => ValueRef::Null,
            Cell::Text(s) => ValueRef::Text(s.as_bytes()),
            Cell::Int(v) => ValueRef::Integer(*v),
            Cell::Real(v) => ValueRef::Real(*v),
        }))
    }
}

/// Returns the statements that create a table and the indexes of its references.
pub(crate) fn table_to_sql(table: &Table) -> String {
    let quoted = |names: &[&str]| names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
    let mut lines: Vec<String> = Vec::new();
    for c in &table.columns {
        let kind = match c.kind {
            ColumnType::String | ColumnType::Date => "TEXT",
            ColumnType::Integer => "INTEGER",
            ColumnType::Number => "REAL",
        };
        let null = if c.required { " NOT NULL" } else { "" };
        let reference = c.reference.map_or(String::new(), |(t, k)| format!(" REFERENCES \"{t}\" (\"{k}\")"));
        lines.push(format!("  \"{}\" {kind}{null}{reference}", c.name));
    }
    lines.push(format!("  PRIMARY KEY ({})", quoted(&table.primary_key)));
    if !table.unique_key.is_empty() {
        lines.push(format!("  UNIQUE ({})", quoted(&table.unique_key)));
    }
    let mut sql = format!("CREATE TABLE \"{}\" (\n{}\n);\n", table.name, lines.join(",\n"));
    for c in table.columns.iter().filter(|c| c.reference.is_some() && table.primary_key.first() != Some(&c.name)) {
        sql.push_str(&format!("CREATE INDEX \"{0}_{1}\" ON \"{0}\" (\"{1}\");\n", table.name, c.name));
    }
    sql
}
