//! A data package in a folder: all its files become visible when all are complete.

mod card;
mod csvw;
mod descriptor;

use crate::item::{TextContent, TextFile, rows_to_item, text_files};
use crate::writers::{CsvStyle, ParquetSink, Sink, SqliteSink, Staged, TextSink, XlsxSink, csv_header, records_to_csv, rows_to_csv};
use crate::{Cell, Failure, Item, TableRows, WriteError, code_entries, failures_to_rows, table_named, tables};
use jisseki_model::Report;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A format of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// `initiatives.jsonl`: nested, one initiative a line.
    Jsonl,
    /// The tables as CSV with `datapackage.json`, `csv-metadata.json`, `columns.csv` and `README.md`.
    Csv,
    /// The tables as `parquet/*.parquet`.
    Parquet,
    /// The tables in `package.sqlite`.
    Sqlite,
    /// The tables in `package.xlsx`.
    Xlsx,
    /// The tables as `excel/*.csv`: BOM, CRLF, formulas guarded.
    ExcelCsv,
}

impl Format {
    /// Tells whether its files are text to which each document adds a part of its own: documents of a package whose formats are all so can come as
    /// [`crate::Texts`].
    pub fn is_text(self) -> bool {
        matches!(self, Format::Jsonl | Format::Csv | Format::ExcelCsv)
    }
}

/// What to write.
#[derive(Debug, Clone)]
pub struct PackageOptions {
    /// The formats; one that stands twice is written once.
    pub formats: Vec<Format>,
    /// Part of the names of temporary files, so that a later run knows those of its own.
    pub tag: String,
}

/// A file of the package, complete and in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Path relative to the package, with `/`.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// Writes a package: feed documents, then finish.
pub struct PackageWriter {
    dir: PathBuf,
    options: PackageOptions,
    sinks: Vec<Box<dyn Sink>>,
    row_counts: Vec<u64>,
}

impl PackageWriter {
    /// Opens a package in a folder, which must exist; nothing in it changes before [`PackageWriter::finish`].
    pub fn create(dir: &Path, options: PackageOptions) -> Result<PackageWriter, WriteError> {
        let mut writer = PackageWriter { dir: dir.to_owned(), options, sinks: Vec::new(), row_counts: vec![0; tables().len()] };
        for (index, file) in text_files(&writer.options.formats).iter().enumerate() {
            let sink = writer.text_sink(file, index)?;
            writer.sinks.push(Box::new(sink));
        }
        writer.open_others()?;
        Ok(writer)
    }

    fn text_sink(&self, file: &TextFile, index: usize) -> Result<TextSink, WriteError> {
        let dir = self.folder(file.folder)?;
        let (path, header) = match file.content {
            TextContent::Lines => (dir.join("initiatives.jsonl"), Vec::new()),
            TextContent::Csv(table, style) => (dir.join(format!("{}.csv", table.name)), csv_header(table, style)),
        };
        TextSink::create(&path, &self.options.tag, index, &header)
    }

    fn open_others(&mut self) -> Result<(), WriteError> {
        let tag = self.options.tag.clone();
        if self.has(Format::Parquet) {
            let dir = self.folder("parquet")?;
            for table in tables().iter().filter(|t| t.name != "failures") {
                self.sinks.push(Box::new(ParquetSink::create(table, &dir.join(format!("{}.parquet", table.name)), &tag)?));
            }
        }
        if self.has(Format::Sqlite) {
            self.sinks.push(Box::new(SqliteSink::create(&self.dir.join("package.sqlite"), &tag)?));
        }
        if self.has(Format::Xlsx) {
            self.sinks.push(Box::new(XlsxSink::create(&self.dir.join("package.xlsx"), &tag)?));
        }
        Ok(())
    }

    fn folder(&self, name: &str) -> Result<PathBuf, WriteError> {
        if name.is_empty() {
            return Ok(self.dir.clone());
        }
        let dir = self.dir.join(name);
        std::fs::create_dir_all(&dir).map_err(WriteError::io(&dir)).map(|()| dir)
    }

    /// Returns the sinks, each to be fed with all documents in one order: a caller with threads feeds several at once.
    pub fn sinks(&mut self) -> &mut [Box<dyn Sink>] {
        &mut self.sinks
    }

    /// Counts the rows of documents that were fed to [`PackageWriter::sinks`].
    pub fn count(&mut self, items: &[Item]) {
        for item in items {
            for (count, rows) in self.row_counts.iter_mut().zip(item.texts.counts()) {
                *count += rows;
            }
        }
    }

    /// Adds documents.
    pub fn add(&mut self, items: &[Item]) -> Result<(), WriteError> {
        self.count(items);
        self.sinks.iter_mut().try_for_each(|s| s.add(items))
    }

    /// Completes all files, gives them their names, and returns them sorted by path.
    ///
    /// `failures.csv` is there only when an input failed: the tables of the others are the same with and without it.
    pub fn finish(mut self, failures: &[Failure]) -> Result<Vec<Written>, WriteError> {
        let failed = failures_to_rows(failures);
        for rows in [codes_rows(), failed.clone()] {
            let item = rows_to_item(rows, &Report::default(), &self.options.formats);
            self.add(&[item])?;
        }
        let mut staged: Vec<Staged> = Vec::new();
        for sink in &mut self.sinks {
            staged.extend(sink.finish()?);
        }
        if self.has(Format::Csv) {
            self.describe(&mut staged)?;
        }
        self.stage_failures(&failed, &mut staged)?;
        self.commit(staged)
    }

    fn has(&self, format: Format) -> bool {
        self.options.formats.contains(&format)
    }

    /// Writes what describes the CSV files.
    fn describe(&self, staged: &mut Vec<Staged>) -> Result<(), WriteError> {
        staged.push(self.stage("columns.csv", &records_to_csv(&columns_records()))?);
        let files: Vec<Written> = staged.iter().map(|s| self.written(s)).collect();
        staged.push(self.stage("csv-metadata.json", csvw::metadata().as_bytes())?);
        staged.push(self.stage("README.md", card::card(&files, &self.row_counts).as_bytes())?);
        staged.push(self.stage("datapackage.json", descriptor::datapackage(&files, &self.row_counts).as_bytes())?);
        Ok(())
    }

    fn stage_failures(&self, failed: &TableRows, staged: &mut Vec<Staged>) -> Result<(), WriteError> {
        let rows = failed.of("failures");
        let path = self.dir.join("failures.csv");
        if rows.is_empty() {
            return match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(WriteError::io(&path)(e)),
                _ => Ok(()),
            };
        }
        let mut text = table_named("failures").map_or_else(Vec::new, |t| csv_header(t, CsvStyle::Plain));
        rows_to_csv(rows, CsvStyle::Plain, &mut text);
        staged.push(self.stage("failures.csv", &text)?);
        Ok(())
    }

    fn stage(&self, name: &str, text: &[u8]) -> Result<Staged, WriteError> {
        let mut file = Staged::create(&self.dir.join(name), &self.options.tag)?;
        file.write(text)?;
        file.finish()
    }

    fn written(&self, staged: &Staged) -> Written {
        let path = staged.path().strip_prefix(&self.dir).unwrap_or(staged.path());
        Written { path: path.to_string_lossy().replace('\\', "/"), bytes: staged.bytes, sha256: staged.sha256.clone() }
    }

    /// Renames all; the descriptor comes last, so that it never names a file that is not there.
    fn commit(&self, mut staged: Vec<Staged>) -> Result<Vec<Written>, WriteError> {
        staged.sort_by_key(|s| (s.path().file_name().is_some_and(|n| n == "datapackage.json"), s.path().to_owned()));
        let mut files: Vec<Written> = staged.iter().map(|s| self.written(s)).collect();
        for file in staged {
            file.commit()?;
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

/// The table `codes`: each closed list under every table and column that uses it.
fn codes_rows() -> TableRows {
    let mut records = Vec::new();
    for (table, column) in tables().iter().flat_map(|t| t.columns.iter().map(move |c| (t, c))) {
        for e in column.codes.map_or(&[][..], code_entries) {
            records.push([table.name, column.name, e.code, e.label_ja, e.label_en].map(Cell::exact).to_vec());
        }
    }
    TableRows::with("codes", records)
}

/// The records of `columns.csv`, header first.
fn columns_records() -> Vec<Vec<String>> {
    let mut out = vec![descriptor::COLUMNS_HEADER.map(str::to_owned).to_vec()];
    for table in tables() {
        for (i, c) in table.columns.iter().enumerate() {
            let key = if table.primary_key.contains(&c.name) { "1" } else { "0" };
            let reference = c.reference.map_or(String::new(), |(t, k)| format!("{t}.{k}"));
            let list = c.codes.map_or("", |_| "codes.csv");
            let required = if c.required { "1" } else { "0" };
            let number = (i + 1).to_string();
            let cells = [table.name, c.name, &number, c.title_ja, c.kind.name(), c.content.name(), required, key, &reference, list];
            let texts = [c.description_ja, c.description_en];
            out.push(cells.into_iter().chain(texts).map(str::to_owned).collect());
        }
    }
    out
}
