//! A report as a table for people: one row a record, columns as wide as the terminal allows.

use jisseki::model::{DocumentInfo, Initiative, Phase, Report, Stage, Status};

use crate::shell::Lang;
use crate::visible::{columns_of, visible_line, width, wrap};

/// Words of the table in the two languages.
struct Words {
    heads: [&'static str; 6],
    pages: &'static str,
    records: &'static str,
    values: &'static str,
    final_stage: &'static str,
    preliminary: &'static str,
}

const EN: Words = Words {
    heads: ["no.", "initiative", "plan", "achieved", "department", "p."],
    pages: "pages",
    records: "records",
    values: "typed values",
    final_stage: "final",
    preliminary: "preliminary",
};
const JA: Words = Words {
    heads: ["番号", "具体的取組", "工程", "達成度", "担当課", "頁"],
    pages: "ページ",
    records: "件",
    values: "個の値",
    final_stage: "確定版",
    preliminary: "速報版",
};

/// Columns between two cells.
const GAP: usize = 2;

/// Returns the report as text for a terminal of `columns` columns.
pub(crate) fn report_to_table(report: &Report, columns: usize, lang: Lang, colors: bool) -> String {
    let words = if lang == Lang::Ja { &JA } else { &EN };
    let style = |code: &str, text: &str| if colors { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() };
    let mut out = String::new();
    if let Some(title) = &report.document.title {
        out.push_str(&style("1", &visible_line(title)));
        out.push('\n');
    }
    out.push_str(&style("2", &summary(report, words)));
    out.push('\n');
    if report.initiatives.is_empty() {
        return out;
    }
    let rows: Vec<[String; 6]> = report.initiatives.iter().map(cells_of).collect();
    let widths = column_widths(&rows, &words.heads, columns);
    out.push('\n');
    let heads = words.heads.map(str::to_owned);
    out.push_str(&style("1", &row_text(&heads, &widths)));
    out.push_str(&"─".repeat(widths.iter().sum::<usize>() + GAP * (widths.len() - 1)));
    out.push('\n');
    let mut section = None;
    for (record, row) in report.initiatives.iter().zip(&rows) {
        let now = record.section.as_ref().map(|s| format!("{} {}", s.label, s.title));
        if now.is_some() && now != section {
            out.push_str(&style("36", &visible_line(now.as_deref().unwrap_or_default().trim())));
            out.push('\n');
        }
        section = now;
        out.push_str(&row_text(row, &widths));
    }
    out
}

fn summary(report: &Report, words: &Words) -> String {
    let d: &DocumentInfo = &report.document;
    let mut parts = vec![visible_line(&d.source.name), format!("{} {}", d.source.pages, words.pages)];
    parts.extend(d.fiscal_year.as_ref().map(|f| format!("FY {}", f.year)));
    parts.extend(d.stage.map(|s| if s == Stage::Final { words.final_stage } else { words.preliminary }.to_owned()));
    parts.push(format!("{} {}", report.initiatives.len(), words.records));
    parts.push(format!("{} {}", n_mentions(report), words.values));
    if d.status != Status::Ok {
        parts.push(status_word(d.status).to_owned());
    }
    parts.join(" · ")
}

/// Returns the status as it stands in the JSON.
fn status_word(status: Status) -> &'static str {
    match status {
        Status::Ok => "ok",
        Status::Partial => "partial",
        Status::NoRecords => "no_records",
        Status::Unreadable => "unreadable",
        Status::NeedsOcr => "needs_ocr",
    }
}

fn n_mentions(report: &Report) -> usize {
    report.initiatives.iter().map(|r| r.mentions().count()).sum()
}

fn cells_of(r: &Initiative) -> [String; 6] {
    let label = [Some(r.number_label.as_str()), r.sub_label.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let items = r.schedule.iter().flat_map(|s| &s.items);
    let phases: Vec<_> = items.map(|i| i.phases.iter().map(phase_text).collect::<Vec<_>>().join(" ")).filter(|t| !t.is_empty()).collect();
    let departments: Vec<_> = r.departments.iter().map(|d| d.text.as_str()).collect();
    let page = r.places.first().or(r.title.places.first()).map(|p| p.page.to_string()).unwrap_or_default();
    let achievement = r.achievement.as_ref().map(|a| a.text.clone()).unwrap_or_default();
    [label, r.title.text.clone(), phases.join("\n"), achievement, departments.join("\n"), page]
        .map(|t| t.lines().map(visible_line).collect::<Vec<_>>().join("\n"))
}

/// `検討2016 順次実施2017–2019`
fn phase_text(p: &Phase) -> String {
    let label = if p.text.is_empty() { "→" } else { &p.text };
    match (p.start_fiscal_year, p.end_fiscal_year) {
        (Some(a), Some(b)) if a == b => format!("{label}{a}"),
        (Some(a), Some(b)) => format!("{label}{a}–{b}"),
        (Some(a), None) => format!("{label}{a}–"),
        (None, Some(b)) => format!("{label}–{b}"),
        (None, None) => label.to_owned(),
    }
}

/// Gives each column its natural width as far as the terminal allows, the widest giving way first; none below 8 columns or its head.
fn column_widths(rows: &[[String; 6]], heads: &[&str; 6], columns: usize) -> [usize; 6] {
    let mut widths = heads.map(width);
    let mut least = widths.map(|w| w.max(8));
    for row in rows {
        for (i, cell) in row.iter().enumerate() {
            let natural = cell.lines().map(width).max().unwrap_or(0);
            if let Some(w) = widths.get_mut(i) {
                *w = (*w).max(natural);
            }
        }
    }
    for (least, natural) in least.iter_mut().zip(&widths) {
        *least = (*least).min(*natural);
    }
    let room = columns.saturating_sub(GAP * (heads.len() - 1));
    while widths.iter().sum::<usize>() > room {
        let shrinkable = widths.iter_mut().zip(&least).filter(|(w, l)| **w > **l).map(|(w, _)| w).max_by_key(|w| **w);
        match shrinkable {
            Some(w) => *w -= 1,
            None => break,
        }
    }
    widths
}

fn row_text(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let wrapped: Vec<Vec<String>> = cells.iter().zip(widths).map(|(c, w)| wrap(c, *w)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(1);
    let mut out = String::new();
    for y in 0..height {
        let mut line = String::new();
        let mut target = 0;
        for (cell, w) in wrapped.iter().zip(widths) {
            line.push_str(&" ".repeat(target_gap(&line, target)));
            line.push_str(cell.get(y).map_or("", String::as_str));
            target += w + GAP;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Blanks needed to reach the column where the next cell starts; a mark that hangs over takes its blank from the gap.
fn target_gap(line: &str, target: usize) -> usize {
    target.saturating_sub(line.chars().map(columns_of).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jisseki::model::{Achievement, Department, Field, Section};

    fn sample() -> Report {
        let record = |n: i64, title: &str| Initiative {
            number: Some(n),
            number_label: n.to_string(),
            sub_label: Some("①".to_owned()),
            section: Some(Section { label: "Ⅰ".to_owned(), title: "協創の推進".to_owned(), ..Section::default() }),
            title: Field { text: title.to_owned(), ..Field::default() },
            achievement: Some(Achievement { text: "平成28年度 達成済".to_owned(), ..Achievement::default() }),
            departments: vec![Department { text: "総務部人事課".to_owned(), ..Department::default() }],
            ..Initiative::default()
        };
        let mut report = Report {
            initiatives: vec![record(1, "研修\u{1b}[31m"), record(2, "長い題名を持つ取組の名称をここに書く")],
            ..Report::default()
        };
        report.document.source.name = "a.pdf".to_owned();
        report
    }

    #[test]
    fn a_table_fits_its_terminal_and_shows_controls() {
        for columns in [60, 80, 200] {
            let table = report_to_table(&sample(), columns, Lang::Ja, false);
            assert!(table.lines().skip(1).all(|l| width(l) <= columns + 2), "{columns}:\n{table}");
            assert!(table.contains("研修\\u{1b}[31m") || columns < 200);
            assert!(!table.contains('\u{1b}'));
        }
    }

    #[test]
    fn columns_stay_in_line_with_full_width_text() {
        insta::assert_snapshot!(report_to_table(&sample(), 72, Lang::Ja, false), @r"
        a.pdf · 0 ページ · 2 件 · 0 個の値

        番号  具体的取組               工程  達成度             担当課        頁
        ────────────────────────────────────────────────────────────────────────
        Ⅰ 協創の推進
        1 ①   研修\u{1b}[31m                 平成28年度 達成済  総務部人事課
        2 ①   長い題名を持つ取組の名         平成28年度 達成済  総務部人事課
              称をここに書く
        ");
    }
}
