//! Reports to files and tables, and files back to reports.
//!
//! Goes in: [`jisseki_model::Report`]s. Comes out: JSON and JSONL by contract, and a *data package*: the same tables as CSV, Parquet, SQLite and
//! XLSX, with a schema that programs read and a card that people read.
//!
//! The tables are defined once, in `definition/tables.tsv` and `definition/codes.tsv`. Headers, types, keys, `datapackage.json`, CSVW metadata,
//! `columns.csv`, the card and all writers are made from that definition; a column is added there and in one function of `rows`.
//!
//! *Invariant:* output is a function of the reports alone: no clock, no path, no thread order.
//! *Invariant:* a reader never sees half a file: each is written under a temporary name in its folder, synced, and renamed when all are complete.
//! *Invariant:* no cell holds a line break, a control character or a layout blank; empty means null and nothing else does.
//! *Invariant:* text is never changed for a spreadsheet's sake but in the Excel outputs.

mod cell;
mod definition;
mod error;
mod item;
mod json;
mod package;
mod prefectures;
mod rows;
pub mod rules;
#[cfg(test)]
mod sample;
mod writers;

pub use cell::{Cell, clean_text};
pub use definition::{CodeEntry, Column, ColumnType, Content, Table, code_entries, table_named, tables};
pub use error::WriteError;
pub use item::{Item, Texts, report_to_item};
pub use json::{initiatives_to_jsonl, report_from_json, report_schema, report_to_json, report_to_json_line, write_report};
pub use package::{Format, PackageOptions, PackageWriter, Written};
pub use rows::{Collisions, Failure, TableRows, failures_to_rows, report_to_rows};
pub use writers::Sink;
