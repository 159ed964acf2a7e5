//! The writers: one a file (or folder of files), all fed with the same rows.

mod csv_file;
mod jsonl_file;
mod parquet_file;
mod sqlite_file;
mod staged;
mod xlsx_file;

pub(crate) use csv_file::{CsvSink, CsvStyle, records_to_csv};
pub(crate) use jsonl_file::JsonlSink;
pub(crate) use parquet_file::ParquetSink;
pub(crate) use sqlite_file::SqliteSink;
pub(crate) use staged::Staged;
pub(crate) use xlsx_file::XlsxSink;

use crate::{TableRows, WriteError};

/// What one document adds to a package.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// Its rows.
    pub rows: TableRows,
    /// Its initiatives, one line of JSON each.
    pub lines: String,
}

/// A file of the package that is being written.
///
/// Sinks do not touch each other, so that each may be fed from a thread of its own; all see the items in one order.
pub trait Sink: Send {
    /// Adds documents.
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError>;
    /// Completes the file under its temporary name.
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError>;
}
