//! Records for tests.

use jisseki_model::{Block, Field, Initiative, Paragraph, Report};

/// Returns a record with a number and a title.
pub(crate) fn titled(number: i64, title: &str) -> Initiative {
    Initiative {
        record_id: format!("doc-{number:03}"),
        number: Some(number),
        number_label: number.to_string(),
        title: Field { text: title.into(), raw: title.into(), ..Field::default() },
        confidence: 1.0,
        ..Initiative::default()
    }
}

/// Returns one block of plain paragraphs.
pub(crate) fn block(paragraphs: &[&str]) -> Vec<Block> {
    let paragraph = |text: &&str| Paragraph { text: (*text).into(), raw: (*text).into(), ..Paragraph::default() };
    vec![Block { paragraphs: paragraphs.iter().map(paragraph).collect(), ..Block::default() }]
}

/// Returns a record with a number, a title and results.
pub(crate) fn record(number: i64, title: &str, results: &[&str]) -> Initiative {
    Initiative { results: block(results), ..titled(number, title) }
}

/// Returns a report of a fiscal year.
pub(crate) fn report(year: i32, initiatives: Vec<Initiative>) -> Report {
    let mut report = Report { initiatives, ..Report::default() };
    report.document.document_id = format!("doc-{year}");
    report.document.fiscal_year = Some(jisseki_model::FiscalYearInfo { year, text: format!("{year}年度") });
    for r in &mut report.initiatives {
        r.record_id = format!("doc-{year}-{:03}", r.number.unwrap_or(0));
    }
    report
}
