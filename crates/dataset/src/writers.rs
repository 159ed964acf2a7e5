//! The writers: one a file (or folder of files), all fed with the same rows.

mod csv_file;
mod parquet_file;
mod sqlite_file;
mod staged;
mod text_file;
mod xlsx_file;

pub(crate) use csv_file::{CsvStyle, csv_header, records_to_csv, rows_to_csv};
pub(crate) use parquet_file::ParquetSink;
pub(crate) use sqlite_file::SqliteSink;
pub(crate) use staged::Staged;
pub(crate) use text_file::TextSink;
pub(crate) use xlsx_file::XlsxSink;

use crate::{Item, WriteError};

/// A file of the package that is being written.
///
/// Sinks do not touch each other, so that each may be fed from a thread of its own; all see the items in one order.
pub trait Sink: Send {
    /// Adds documents.
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError>;
    /// Completes the file under its temporary name.
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError>;
}
