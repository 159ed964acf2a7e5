//! Parquet: one file a table, written a row group at a time.

use super::{Item, Sink, Staged};
use crate::{Cell, ColumnType, Table, WriteError};
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a row group: large enough to compress well, small enough to bound the memory of a batch.
const GROUP_ROWS: usize = 65_536;

pub(crate) struct ParquetSink {
    table: &'static Table,
    path: PathBuf,
    tag: String,
    writer: Option<SerializedFileWriter<File>>,
    rows: Vec<Vec<Cell>>,
}

impl ParquetSink {
    pub(crate) fn create(table: &'static Table, path: &Path, tag: &str) -> Result<ParquetSink, WriteError> {
        let fail = |e: ParquetError| WriteError::format(path, "Parquet", e);
        let schema = Arc::new(parse_message_type(&table_to_message(table)).map_err(fail)?);
        let created_by = format!("jisseki version {} (build release)", env!("CARGO_PKG_VERSION"));
        let props = WriterProperties::builder().set_compression(Compression::SNAPPY).set_created_by(created_by).build();
        let file = File::create(Staged::temp_path(path, tag)).map_err(WriteError::io(path))?;
        let writer = Some(SerializedFileWriter::new(file, schema, Arc::new(props)).map_err(fail)?);
        Ok(ParquetSink { table, path: path.to_owned(), tag: tag.to_owned(), writer, rows: Vec::new() })
    }
    fn write_group(&mut self) -> Result<(), WriteError> {
        let rows = std::mem::take(&mut self.rows);
        let (Some(writer), false) = (&mut self.writer, rows.is_empty()) else { return Ok(()) };
        write_group(writer, self.table, &rows).map_err(|e| WriteError::format(&self.path, "Parquet", e))
    }
}

impl Sink for ParquetSink {
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError> {
        for item in items {
            self.rows.extend_from_slice(item.rows.of(self.table.name));
            if self.rows.len() >= GROUP_ROWS {
                self.write_group()?;
            }
        }
        Ok(())
    }
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError> {
        self.write_group()?;
        let Some(writer) = self.writer.take() else { return Ok(Vec::new()) };
        writer.close().map_err(|e| WriteError::format(&self.path, "Parquet", e))?;
        Ok(vec![Staged::adopt(&self.path, &self.tag)?])
    }
}

impl Drop for ParquetSink {
    fn drop(&mut self) {
        if self.writer.take().is_some() {
            drop(std::fs::remove_file(Staged::temp_path(&self.path, &self.tag)));
        }
    }
}

fn table_to_message(table: &Table) -> String {
    let mut text = format!("message {} {{\n", table.name);
    for c in &table.columns {
        let kind = match c.kind {
            ColumnType::String => ("binary", " (UTF8)"),
            ColumnType::Integer => ("int64", ""),
            ColumnType::Number => ("double", ""),
            ColumnType::Date => ("int32", " (DATE)"),
        };
        let repetition = if c.required { "required" } else { "optional" };
        text.push_str(&format!("{repetition} {} {}{};\n", kind.0, c.name, kind.1));
    }
    text + "}"
}

fn write_group(writer: &mut SerializedFileWriter<File>, table: &Table, rows: &[Vec<Cell>]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    let mut index = 0;
    while let Some(mut column) = group.next_column()? {
        if let Some(c) = table.columns.get(index) {
            let cells = rows.iter().map(|r| r.get(index).unwrap_or(&Cell::Null));
            write_column(&mut column, c.kind, c.required, cells)?;
        }
        column.close()?;
        index += 1;
    }
    group.close()?;
    Ok(())
}

fn write_column<'a>(
    out: &mut SerializedColumnWriter<'_>,
    kind: ColumnType,
    required: bool,
    cells: impl Iterator<Item = &'a Cell>,
) -> Result<(), ParquetError> {
    macro_rules! write {
        ($physical:ty, $value:expr) => {{
            let (values, levels) = split(cells, required, $value);
            let levels = if required { None } else { Some(levels.as_slice()) };
            out.typed::<$physical>().write_batch(&values, levels, None).map(drop)
        }};
    }
    match kind {
        ColumnType::String => write!(ByteArrayType, |c: &Cell| c.as_text().map(ByteArray::from)),
        ColumnType::Integer => write!(Int64Type, |c: &Cell| if let Cell::Int(v) = c { Some(*v) } else { None }),
        ColumnType::Number => write!(DoubleType, |c: &Cell| match c {
            Cell::Real(v) => Some(*v),
            Cell::Int(v) => Some(*v as f64),
            _ => None,
        }),
        ColumnType::Date => write!(Int32Type, |c: &Cell| c.as_text().and_then(day_number)),
    }
}

/// The values that are there and a definition level for each cell; a missing value of a required column is the type's default.
fn split<'a, T: Default>(cells: impl Iterator<Item = &'a Cell>, required: bool, value: impl Fn(&Cell) -> Option<T>) -> (Vec<T>, Vec<i16>) {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for cell in cells {
        let v = value(cell).or_else(|| required.then(T::default));
        levels.push(i16::from(v.is_some()));
        values.extend(v);
    }
    (values, levels)
}

/// Days since 1970-01-01 of `YYYY-MM-DD`, proleptic Gregorian (H. Hinnant, «days_from_civil»).
fn day_number(text: &str) -> Option<i32> {
    let mut parts = text.splitn(3, '-').map(str::parse::<i32>);
    let (y, m, d) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in [("1970-01-01", 0), ("2000-03-01", 11_017), ("2019-04-01", 17_987), ("1969-12-31", -1), ("2020-02-29", 18_321)]
        {
            assert_eq!(day_number(text), Some(days), "{text}");
        }
        assert_eq!(day_number("2019"), None);
    }
}
