//! One workbook for people: a sheet a table with a Japanese name, a frozen header with notes, widths and filters.

use super::{Item, Sink, Staged, csv_file::starts_formula};
use crate::{Cell, ColumnType, Table, WriteError, tables};
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Note, Workbook, Worksheet, XlsxError};
use std::path::{Path, PathBuf};

/// Rows of a sheet, header included (Excel specifications and limits).
const SHEET_ROWS: u32 = 1_048_576;
/// Code units of a cell (Excel specifications and limits).
const CELL_UNITS: usize = 32_767;

struct Formats {
    header: Format,
    text: Format,
    wrapped: Format,
    quoted: Format,
}

struct Sheet {
    index: usize,
    next_row: u32,
    part: u32,
}

pub(crate) struct XlsxSink {
    path: PathBuf,
    tag: String,
    book: Workbook,
    formats: Formats,
    sheets: Vec<Sheet>,
    done: bool,
}

impl XlsxSink {
    pub(crate) fn create(path: &Path, tag: &str) -> Result<XlsxSink, WriteError> {
        let fail = |e: XlsxError| WriteError::format(path, "XLSX", e);
        let mut book = Workbook::new();
        let created = ExcelDateTime::from_ymd(2000, 1, 1).map_err(fail)?;
        // A fixed day: the output is a function of the input, not of the clock.
        book.set_properties(&DocProperties::new().set_title("jisseki").set_creation_datetime(&created));
        let base = Format::new().set_font_name("Yu Gothic").set_font_size(10).set_align(FormatAlign::Top);
        let formats = Formats {
            header: base.clone().set_bold().set_background_color(Color::RGB(0x00DD_EBF7)).set_text_wrap(),
            wrapped: base.clone().set_text_wrap(),
            quoted: base.clone().set_quote_prefix(),
            text: base,
        };
        let mut sink = XlsxSink { path: path.to_owned(), tag: tag.to_owned(), book, formats, sheets: Vec::new(), done: false };
        for table in tables() {
            let index = sink.sheets.len();
            let sheet = sink.book.add_worksheet_with_constant_memory().map_err(fail)?;
            start_sheet(sheet, table, 1, &sink.formats).map_err(fail)?;
            sink.sheets.push(Sheet { index, next_row: 1, part: 1 });
        }
        Ok(sink)
    }

    fn add_row(&mut self, at: usize, table: &'static Table, row: &[Cell]) -> Result<(), XlsxError> {
        let Some(sheet) = self.sheets.get_mut(at) else { return Ok(()) };
        if sheet.next_row == SHEET_ROWS {
            filter(self.book.worksheet_from_index(sheet.index)?, table, SHEET_ROWS - 1)?;
            sheet.part += 1;
            start_sheet(self.book.add_worksheet_with_constant_memory()?, table, sheet.part, &self.formats)?;
            sheet.index = self.book.worksheets().len() - 1;
            sheet.next_row = 1;
        }
        let worksheet = self.book.worksheet_from_index(sheet.index)?;
        for (i, (cell, column)) in row.iter().zip(&table.columns).enumerate() {
            let col = u16::try_from(i).unwrap_or(u16::MAX);
            write_cell(worksheet, sheet.next_row, col, cell, column.width > 40.0, column.kind, &self.formats)?;
        }
        sheet.next_row += 1;
        Ok(())
    }

    fn complete(&mut self) -> Result<(), XlsxError> {
        for (sheet, table) in self.sheets.iter().zip(tables()) {
            filter(self.book.worksheet_from_index(sheet.index)?, table, sheet.next_row.max(2) - 1)?;
        }
        columns_sheet(&mut self.book, &self.formats)?;
        self.book.save(Staged::temp_path(&self.path, &self.tag))
    }
}

impl Sink for XlsxSink {
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError> {
        for item in items {
            for (at, (table, rows)) in item.rows.iter().enumerate() {
                for row in rows {
                    self.add_row(at, table, row).map_err(|e| WriteError::format(&self.path, "XLSX", e))?;
                }
            }
        }
        Ok(())
    }
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError> {
        if std::mem::replace(&mut self.done, true) {
            return Ok(Vec::new());
        }
        let result = self.complete();
        if let Err(e) = result {
            drop(std::fs::remove_file(Staged::temp_path(&self.path, &self.tag)));
            return Err(WriteError::format(&self.path, "XLSX", e));
        }
        Ok(vec![Staged::adopt(&self.path, &self.tag)?])
    }
}

fn start_sheet(sheet: &mut Worksheet, table: &Table, part: u32, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(if part == 1 { table.title_ja.to_owned() } else { format!("{} ({part})", table.title_ja) })?;
    sheet.set_freeze_panes(1, 0)?;
    for_print(sheet)?;
    for (i, column) in table.columns.iter().enumerate() {
        let col = u16::try_from(i).unwrap_or(u16::MAX);
        sheet.set_column_width(col, column.width.max(column.name.len() as f64 + 3.0))?;
        sheet.write_string_with_format(0, col, column.name, &formats.header)?;
        let note = Note::new(format!("{}\n{}", column.title_ja, column.description_ja)).add_author_prefix(false);
        sheet.insert_note(0, col, &note)?;
    }
    Ok(())
}

/// On paper: A3 across as the reports themselves are, all columns on one page's width, the header on every page.
fn for_print(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    const A3: u8 = 8;
    sheet.set_paper_size(A3).set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0).map(drop)
}

fn filter(sheet: &mut Worksheet, table: &Table, last_row: u32) -> Result<(), XlsxError> {
    let last_col = u16::try_from(table.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last_row, last_col).map(drop)
}

fn write_cell(sheet: &mut Worksheet, row: u32, col: u16, cell: &Cell, wide: bool, kind: ColumnType, f: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Null => Ok(()),
        Cell::Int(v) if v.unsigned_abs() < 1 << 53 => sheet.write_number_with_format(row, col, *v as f64, &f.text).map(drop),
        Cell::Int(v) => sheet.write_string_with_format(row, col, v.to_string(), &f.text).map(drop),
        Cell::Real(v) => sheet.write_number_with_format(row, col, *v, &f.text).map(drop),
        Cell::Text(text) => {
            let format = match (starts_formula(text), wide && kind == ColumnType::String) {
                (true, _) => &f.quoted,
                (false, true) => &f.wrapped,
                _ => &f.text,
            };
            sheet.write_string_with_format(row, col, fitting(text), format).map(drop)
        }
    }
}

/// A cell holds so many UTF-16 code units; what is longer ends with `…` (the other formats hold all of it).
fn fitting(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= CELL_UNITS || text.encode_utf16().count() <= CELL_UNITS {
        return text.into();
    }
    let mut units = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units < CELL_UNITS
        })
        .collect();
    cut.push('…');
    cut.into()
}

/// The last sheet says in Japanese what each column holds.
fn columns_sheet(book: &mut Workbook, formats: &Formats) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("列の説明")?.set_freeze_panes(1, 0)?;
    for_print(sheet)?;
    for (col, (title, width)) in [("表", 16.0), ("列", 22.0), ("列名", 22.0), ("型", 10.0), ("説明", 70.0)].into_iter().enumerate() {
        let col = u16::try_from(col).unwrap_or(u16::MAX);
        sheet.set_column_width(col, width)?.write_string_with_format(0, col, title, &formats.header)?;
    }
    let mut row = 1;
    for (table, column) in tables().iter().flat_map(|t| t.columns.iter().map(move |c| (t, c))) {
        let cells = [table.title_ja, column.name, column.title_ja, column.kind.name(), column.description_ja];
        for (col, text) in cells.into_iter().enumerate() {
            sheet.write_string_with_format(row, u16::try_from(col).unwrap_or(u16::MAX), text, &formats.text)?;
        }
        row += 1;
    }
    sheet.autofilter(0, 0, row - 1, 4).map(drop)
}
