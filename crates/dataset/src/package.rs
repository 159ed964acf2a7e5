//! A data package in a folder: all its files become visible when all are complete.

mod card;
mod csvw;
mod descriptor;

use crate::writers::{CsvSink, CsvStyle, Item, JsonlSink, ParquetSink, Sink, SqliteSink, Staged, XlsxSink, records_to_csv};
use crate::{Cell, Failure, Table, TableRows, WriteError, code_entries, failures_to_rows, tables};
use std::path::{Path, PathBuf};

/// A format of the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
        let mut formats = writer.options.formats.clone();
        formats.sort_unstable();
        formats.dedup();
        for format in formats {
            writer.open(format)?;
        }
        Ok(writer)
    }

    fn open(&mut self, format: Format) -> Result<(), WriteError> {
        let tag = self.options.tag.clone();
        let folder = |name: &str| {
            let dir = self.dir.join(name);
            std::fs::create_dir_all(&dir).map_err(WriteError::io(&dir)).map(|()| dir)
        };
        match format {
            Format::Jsonl => self.sinks.push(Box::new(JsonlSink::create(&self.dir.join("initiatives.jsonl"), &tag)?)),
            Format::Sqlite => self.sinks.push(Box::new(SqliteSink::create(&self.dir.join("package.sqlite"), &tag)?)),
            Format::Xlsx => self.sinks.push(Box::new(XlsxSink::create(&self.dir.join("package.xlsx"), &tag)?)),
            Format::Csv | Format::ExcelCsv | Format::Parquet => {
                let dir = match format {
                    Format::ExcelCsv => folder("excel")?,
                    Format::Parquet => folder("parquet")?,
                    _ => self.dir.clone(),
                };
                for table in tables().iter().filter(|t| t.name != "failures") {
                    self.sinks.push(table_sink(format, table, &dir, &tag)?);
                }
            }
        }
        Ok(())
    }

    /// Returns the sinks, each to be fed with all documents in one order: a caller with threads feeds several at once.
    pub fn sinks(&mut self) -> &mut [Box<dyn Sink>] {
        &mut self.sinks
    }

    /// Counts the rows of documents that were fed to [`PackageWriter::sinks`].
    pub fn count(&mut self, items: &[Item]) {
        for item in items {
            for (count, (_, rows)) in self.row_counts.iter_mut().zip(item.rows.iter()) {
                *count += rows.len() as u64;
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
        let last = [Item { rows: codes_rows(), lines: String::new() }];
        self.add(&last)?;
        let failed = [Item { rows: failures_to_rows(failures), lines: String::new() }];
        self.add(&failed)?;
        let mut staged: Vec<Staged> = Vec::new();
        for sink in &mut self.sinks {
            staged.extend(sink.finish()?);
        }
        if self.has(Format::Csv) {
            self.describe(&mut staged)?;
        }
        self.stage_failures(failures, &failed, &mut staged)?;
        self.commit(staged)
    }

    fn has(&self, format: Format) -> bool {
        self.options.formats.contains(&format)
    }

    /// Writes what describes the CSV files.
    fn describe(&self, staged: &mut Vec<Staged>) -> Result<(), WriteError> {
        staged.push(self.stage("columns.csv", &records_to_csv(&columns_records()))?);
        let files: Vec<Written> = staged.iter().map(|s| self.written(s)).collect();
        staged.push(self.stage("csv-metadata.json", &csvw::metadata())?);
        staged.push(self.stage("README.md", &card::card(&files, &self.row_counts))?);
        staged.push(self.stage("datapackage.json", &descriptor::datapackage(&files, &self.row_counts))?);
        Ok(())
    }

    fn stage_failures(&self, failures: &[Failure], items: &[Item], staged: &mut Vec<Staged>) -> Result<(), WriteError> {
        let path = self.dir.join("failures.csv");
        if failures.is_empty() {
            return match std::fs::remove_file(&path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(WriteError::io(&path)(e)),
                _ => Ok(()),
            };
        }
        if let Some(table) = crate::table_named("failures") {
            let mut sink = CsvSink::create(table, &path, &self.options.tag, CsvStyle::Plain)?;
            sink.add(items)?;
            staged.extend(sink.finish()?);
        }
        Ok(())
    }

    fn stage(&self, name: &str, text: &str) -> Result<Staged, WriteError> {
        let mut file = Staged::create(&self.dir.join(name), &self.options.tag)?;
        file.write(text.as_bytes())?;
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

fn table_sink(format: Format, table: &'static Table, dir: &Path, tag: &str) -> Result<Box<dyn Sink>, WriteError> {
    let file = |ext: &str| dir.join(format!("{}.{ext}", table.name));
    Ok(match format {
        Format::Parquet => Box::new(ParquetSink::create(table, &file("parquet"), tag)?),
        Format::ExcelCsv => Box::new(CsvSink::create(table, &file("csv"), tag, CsvStyle::Excel)?),
        _ => Box::new(CsvSink::create(table, &file("csv"), tag, CsvStyle::Plain)?),
    })
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
