//! A CSV file with what its package says about it.

use super::RulesError;
use super::columns::{is_blank, is_number_like, share};
use super::parse::{Parsed, Record, parse_csv};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a schema says about one field.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldMeta {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) content: Option<String>,
    pub(super) listed: Option<BTreeSet<String>>,
    /// Signs that stand for missing values.
    pub(super) missing: BTreeSet<String>,
    /// Title or description, and unit.
    pub(super) described: bool,
    pub(super) unit: bool,
}

/// What `datapackage.json` says about a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Meta {
    pub(super) encoding: Option<String>,
    pub(super) versioned: bool,
    pub(super) fields: Vec<FieldMeta>,
}

/// A code list of the package: the header of the file that holds it, and the codes by table and column.
#[derive(Debug, Clone, Default)]
pub(super) struct Codes {
    pub(super) header: Vec<String>,
    pub(super) by_column: BTreeMap<(String, String), BTreeSet<String>>,
}

/// One CSV file.
#[derive(Debug)]
pub(super) struct TableFile {
    pub(super) name: String,
    /// Why it is no table, in English and Japanese.
    pub(super) unreadable: Option<(String, String)>,
    pub(super) encoding: &'static str,
    pub(super) bom: bool,
    pub(super) parsed: Parsed,
    pub(super) meta: Option<Meta>,
    pub(super) codes: Option<Codes>,
    /// Rows above the header.
    pub(super) above: usize,
    /// Records up to the last one of the data: what follows are notes and blank rows.
    pub(super) end: usize,
    /// The separator is no comma, though the name says CSV.
    pub(super) separator: char,
    header: Vec<String>,
}

impl TableFile {
    /// The column names: the first line's, or those of the first full line below a title.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }
    /// The records below the header and above the notes.
    pub(super) fn rows(&self) -> &[Record] {
        self.parsed.records.get(self.above + 1..self.end.max(self.above + 1)).unwrap_or(&[])
    }
    /// The records of the first table: where a second one starts, its names and values are not judged by the columns of the first.
    pub(super) fn first_table(&self) -> &[Record] {
        let rows = self.rows();
        let again = |r: &Record| r.fields.len() > 1 && r.fields.iter().map(|f| &f.text).eq(self.header.iter());
        let after_gap = |i: usize| i > 0 && rows.get(i - 1).is_some_and(|r| filled(r) == 0) && is_header_like(&rows[i], rows);
        let second = (0..rows.len()).find(|&i| again(&rows[i]) || after_gap(i));
        rows.get(..second.unwrap_or(rows.len())).unwrap_or(rows)
    }
    /// What stands below the data.
    pub(super) fn notes(&self) -> &[Record] {
        self.parsed.records.get(self.end.max(self.above + 1)..).unwrap_or(&[])
    }
    /// File name without its ending.
    pub(super) fn stem(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or("");
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
    /// What the schema says about a column.
    pub(super) fn field(&self, column: usize) -> Option<&FieldMeta> {
        let name = self.header.get(column)?;
        self.meta.as_ref()?.fields.iter().find(|f| f.name == *name)
    }
    /// The codes listed for a column, by its schema or by `codes.csv`.
    pub(super) fn listed(&self, column: usize) -> Option<&BTreeSet<String>> {
        let by_schema = self.field(column).and_then(|f| f.listed.as_ref());
        by_schema.or_else(|| self.codes.as_ref()?.by_column.get(&(self.stem().to_owned(), self.header.get(column)?.clone())))
    }
}

/// Reads a CSV file, or the tables of a folder.
pub(super) fn read_tables(path: &Path) -> Result<Vec<TableFile>, RulesError> {
    let is_dir = std::fs::metadata(path).map_err(|source| RulesError::Read { path: path.to_owned(), source })?.is_dir();
    let folder = if is_dir { path.to_owned() } else { path.parent().map(Path::to_owned).unwrap_or_default() };
    let package = read_package(&folder);
    let codes = read_codes(&folder);
    let names: Vec<String> = if is_dir {
        tables_of_folder(path, package.as_ref())?
    } else {
        vec![path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()]
    };
    if names.is_empty() {
        return Err(RulesError::NoTable { path: path.to_owned() });
    }
    let read = |name: &String| {
        let file = if is_dir { path.join(name) } else { path.to_owned() };
        let bytes = std::fs::read(&file).map_err(|source| RulesError::Read { path: file, source })?;
        let mut table = bytes_to_table(name, &bytes);
        table.meta = package.as_ref().and_then(|p| resource_meta(p, name));
        table.codes = codes.clone();
        Ok(table)
    };
    names.iter().map(read).collect()
}

/// The CSV resources of the descriptor; without one, the folder's CSV files.
fn tables_of_folder(path: &Path, package: Option<&Value>) -> Result<Vec<String>, RulesError> {
    if let Some(resources) = package.and_then(|p| p.get("resources")).and_then(Value::as_array) {
        let paths = resources.iter().filter_map(|r| r.get("path").and_then(Value::as_str));
        // A path in a descriptor is text from outside: it stays in the folder.
        return Ok(paths
            .filter(|p| p.ends_with(".csv") && !p.starts_with('/') && !p.split('/').any(|s| s == ".."))
            .map(str::to_owned)
            .collect());
    }
    let entries = std::fs::read_dir(path).map_err(|source| RulesError::Read { path: path.to_owned(), source })?;
    let files: BTreeSet<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    let csv = files.iter().filter(|p| p.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")));
    Ok(csv.filter_map(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned()).collect())
}

fn read_package(folder: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(folder.join("datapackage.json")).ok()?).ok()
}

fn read_codes(folder: &Path) -> Option<Codes> {
    let table = bytes_to_table("codes.csv", &std::fs::read(folder.join("codes.csv")).ok()?);
    let header = table.header.clone();
    let at = |name: &str| header.iter().position(|h| h == name);
    let (t, c, k) = (at("table"), at("column"), at("code"));
    let mut codes = Codes { header: header.clone(), ..Codes::default() };
    for row in table.rows() {
        let cell = |i: Option<usize>| i.and_then(|i| row.fields.get(i)).map(|f| f.text.clone()).unwrap_or_default();
        codes.by_column.entry((cell(t), cell(c))).or_default().insert(cell(k));
    }
    Some(codes)
}

fn resource_meta(package: &Value, name: &str) -> Option<Meta> {
    let resource = package.get("resources")?.as_array()?.iter().find(|r| r.get("path").and_then(Value::as_str) == Some(name))?;
    let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).map(str::to_owned);
    let fields = resource.pointer("/schema/fields").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let strings = |v: Option<&Value>| -> Option<BTreeSet<String>> {
        let entries = v?.as_array()?.iter();
        Some(entries.filter_map(|e| e.as_str().or_else(|| e.get("value")?.as_str())).map(str::to_owned).collect())
    };
    let of_schema = strings(resource.pointer("/schema/missingValues")).unwrap_or_default();
    let to_field = |f: &Value| FieldMeta {
        name: text(f, "name").unwrap_or_default(),
        kind: text(f, "type").unwrap_or_default(),
        content: text(f, "content"),
        missing: strings(f.get("missingValues")).unwrap_or_else(|| of_schema.clone()),
        described: text(f, "title").or_else(|| text(f, "description")).is_some_and(|t| !t.trim().is_empty()),
        unit: text(f, "unit").is_some_and(|t| !t.trim().is_empty()),
        listed: strings(f.pointer("/constraints/enum").or_else(|| f.get("categories"))),
    };
    Some(Meta {
        encoding: text(resource, "encoding"),
        versioned: ["version", "created", "modified", "lastModified"].iter().any(|k| package.get(k).is_some_and(Value::is_string)),
        fields: fields.iter().map(to_field).collect(),
    })
}

/// Decodes a file: UTF-8, else the Japanese code page 932.
pub(super) fn bytes_to_table(name: &str, bytes: &[u8]) -> TableFile {
    let bom = bytes.starts_with(b"\xef\xbb\xbf");
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, encoding) = match std::str::from_utf8(body) {
        Ok(text) => (std::borrow::Cow::Borrowed(text), "utf-8"),
        Err(_) => match encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(body) {
            Some(text) => (text, "cp932"),
            None => ("".into(), "unknown"),
        },
    };
    let unreadable = unreadable_reason(bytes, &text, encoding);
    let separator = if unreadable.is_some() { ',' } else { text_to_separator(&text) };
    let parsed = if unreadable.is_some() { Parsed::default() } else { parse_csv(&text, separator) };
    let above = rows_above_header(&parsed.records);
    let end = end_of_data(&parsed.records, above);
    let header = parsed.records.get(above).map(|r| r.fields.iter().map(|f| f.text.clone()).collect()).unwrap_or_default();
    TableFile { name: name.to_owned(), unreadable, encoding, bom, parsed, meta: None, codes: None, above, end, separator, header }
}

/// A comma, unless no line at the top has one and all have tabs or semicolons.
fn text_to_separator(text: &str) -> char {
    let head: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(5).collect();
    let in_all = |c: char| head.len() > 1 && head.iter().all(|l| l.contains(c));
    let others = ['\t', ';'].into_iter().find(|c| in_all(*c));
    others.filter(|_| !head.iter().any(|l| l.contains(','))).unwrap_or(',')
}

/// Rows at the top that are blank, that fill one cell of many, or that say a unit or a day beside a title.
fn rows_above_header(records: &[Record]) -> usize {
    let usual = usual_width(records);
    let alone = |r: &Record| match filled(r) {
        0 => true,
        1 => usual >= 3 || usual == 2 && r.fields.len() == 1,
        2 => usual >= 4 && r.fields.iter().any(|f| says_of_table(&f.text)),
        _ => false,
    };
    let above = records.iter().take_while(|r| alone(r)).count();
    if above < records.len() { above } else { 0 }
}

/// `（単位：千円）`, `令和2年4月1日現在`, `2020年作成`.
fn says_of_table(text: &str) -> bool {
    let text = text.trim_matches(is_blank).trim_start_matches(['(', '（', '【']);
    text.starts_with("単位") || ["現在", "時点", "作成"].iter().any(|w| text.trim_end_matches([')', '）', '】']).ends_with(w))
}

/// The number of records up to the last that belongs to the table.
fn end_of_data(records: &[Record], above: usize) -> usize {
    let usual = usual_width(records);
    let body = records.iter().enumerate().skip(above + 1).rev();
    body.take_while(|(_, r)| filled(r) == 0 || is_note(r, usual)).last().map_or(records.len(), |(i, _)| i)
}

/// A row that begins like a note, or that fills one cell where the table fills many.
pub(super) fn is_note(record: &Record, usual: usize) -> bool {
    const STARTS: [&str; 11] = ["※", "*", "（注", "(注", "注）", "注)", "注：", "備考", "出典", "資料：", "（出典"];
    let texts = record.fields.iter().map(|f| f.text.trim_matches(is_blank)).filter(|t| !t.is_empty());
    let first: String = texts.clone().next().unwrap_or("").chars().filter(|c| !is_blank(*c)).collect();
    let note = STARTS.iter().any(|p| first.starts_with(p)) && !super::columns::is_sign(&first);
    note && texts.count() <= 2 || usual >= 3 && filled(record) == 1
}

/// The number of filled cells that most records have.
pub(super) fn usual_width(records: &[Record]) -> usize {
    let mut by_count: BTreeMap<usize, usize> = BTreeMap::new();
    for r in records {
        *by_count.entry(filled(r)).or_default() += 1;
    }
    by_count.iter().max_by_key(|(count, n)| (**n, **count)).map_or(0, |(count, _)| *count)
}

/// The number of filled cells of a record.
pub(super) fn filled(record: &Record) -> usize {
    record.fields.iter().filter(|f| !f.text.trim_matches(is_blank).is_empty()).count()
}

fn unreadable_reason(bytes: &[u8], text: &str, encoding: &str) -> Option<(String, String)> {
    let magic = [
        (&b"%PDF"[..], "a PDF", "PDF"),
        (b"PK\x03\x04", "a ZIP or XLSX", "ZIPかXLSX"),
        (b"\xd0\xcf\x11\xe0", "an XLS", "XLS"),
        (b"<!DOCTYPE", "HTML", "HTML"),
        (b"<html", "HTML", "HTML"),
    ];
    if let Some((_, what, ja)) = magic.iter().find(|(m, ..)| bytes.starts_with(m)) {
        return Some((format!("the file is {what}, no CSV"), format!("ファイルは{ja}で、CSVでない")));
    }
    if encoding == "unknown" || text.contains('\0') {
        let ja = "ファイルがUTF-8でもShift_JIS（コードページ932）でもない";
        return Some(("the file is neither UTF-8 nor Shift_JIS (code page 932) text".into(), ja.into()));
    }
    text.trim().is_empty().then(|| ("the file is empty".into(), "ファイルが空である".into()))
}

/// Words in every filled cell, of which there are two at least, where the table has numbers.
pub(super) fn is_header_like(row: &Record, rows: &[Record]) -> bool {
    let cells = || row.fields.iter().enumerate().filter(|(_, f)| !f.text.trim_matches(is_blank).is_empty());
    let number_below = |i: usize| {
        let column: Vec<(u64, &str)> = rows
            .iter()
            .filter_map(|r| Some((r.line, r.fields.get(i)?.text.trim_matches(is_blank))))
            .filter(|(_, t)| !t.is_empty())
            .collect();
        share(&column, is_number_like) > 0.5
    };
    cells().count() >= 2 && cells().all(|(_, f)| !is_number_like(&f.text)) && cells().any(|(i, _)| number_below(i))
}
