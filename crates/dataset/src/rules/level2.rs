//! Level 2: values, names and choices.

use super::columns::{ColumnView, columns, folded, is_blank, is_number_like, is_plain_number, share, unit_of};
use super::level1::heading_goes_on;
use super::table::filled;
use super::{Report, shown};
use std::collections::{BTreeMap, BTreeSet};

/// Choices of a column at most; more are names. Picked by looking at shared CSVs.
const CHOICES: usize = 30;

pub(super) fn check(report: &mut Report<'_>) {
    let columns = columns(report.file);
    names_are_whole(report, &columns);
    for column in &columns {
        plain_numbers(report, column);
        omissions(report, column);
        choices(report, column);
        other_apart(report, column);
    }
}

/// L2-01: separators, triangles, full-width digits, marks and units.
fn plain_numbers(report: &mut Report<'_>, column: &ColumnView<'_>) {
    // 3年 and 2号 are names of things that are counted, not amounts.
    const ORDINALS: [&str; 14] = ["年", "年度", "月", "日", "号", "番", "番地", "丁目", "組", "期", "学年", "年生", "位", "世"];
    if !column.numeric {
        return;
    }
    for (line, value) in column.values.iter().filter(|(_, v)| v.chars().any(|c| c.is_numeric()) && is_number_like(v)) {
        let unit = unit_of(value);
        let ordinal = unit.as_deref().is_some_and(|u| ORDINALS.contains(&u));
        if is_plain_number(value) || ordinal && folded(value) == *value {
            continue;
        }
        let cell = shown(value);
        match unit.filter(|_| !ordinal) {
            Some(unit) => report.add(
                "L2-01",
                Some(*line),
                Some(column.index),
                format!("{cell} holds the unit {unit}"),
                format!("{cell}に単位{unit}が付いている"),
            ),
            None => report.add(
                "L2-01",
                Some(*line),
                Some(column.index),
                format!("{cell} is no plain number"),
                format!("{cell}は数字だけの数値でない"),
            ),
        }
    }
}

/// L2-02: «as above» by a mark, or by blanks in the first column beside rows that go on.
fn omissions(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const MARKS: [&str; 11] = ["〃", "″", "”", "\"", "同上", "同じ", "同左", "々", "仝", "同", "//"];
    for (line, value) in column.values.iter().filter(|(_, v)| MARKS.contains(v)) {
        let cell = shown(value);
        report.add(
            "L2-02",
            Some(*line),
            Some(column.index),
            format!("{cell} stands for the row above"),
            format!("{cell}で上の行の値を省略している"),
        );
    }
    let rows = report.file.rows();
    let declared_null = report.file.field(column.index).is_some();
    if column.index > 0 || declared_null || column.numeric || rows.len() < 3 {
        return;
    }
    // The first column names the parent on some rows and is blank on those below it, as a merged cell is saved. One hole is a hole.
    let is_empty = |r: &super::parse::Record| r.fields.first().is_none_or(|f| f.text.trim_matches(is_blank).is_empty());
    let blank: Vec<u64> = rows.iter().skip(1).filter(|r| is_empty(r) && filled(r) > 0).map(|r| r.line).collect();
    if rows.first().is_none_or(is_empty) || blank.len() < 2 || 4 * blank.len() < rows.len() {
        return;
    }
    for line in blank {
        report.add("L2-02", Some(line), Some(0), "the name is left out", "名称が省略されている");
    }
}

/// L2-03: names that stand twice, that lean on a neighbor, or that go on in a second row.
fn names_are_whole(report: &mut Report<'_>, columns: &[ColumnView<'_>]) {
    const SHORT: [&str; 7] = ["〃", "同左", "同上", "同右", "″", "\"", "々"];
    let names = report.file.header();
    for column in columns.iter().filter(|c| !c.folded_name().is_empty()) {
        let name = shown(column.name);
        if names[..column.index].iter().any(|n| n == column.name) {
            report.add(
                "L2-03",
                Some(1),
                Some(column.index),
                format!("the name {name} stands twice"),
                format!("項目名{name}が重複している"),
            );
        } else if SHORT.contains(&column.folded_name().as_str()) {
            report.add("L2-03", Some(1), Some(column.index), format!("{name} is no full name"), format!("項目名{name}は省略されている"));
        }
    }
    // With blanks in line 1 it is a merged heading: L1-12.
    let merged = columns.iter().skip(1).any(|c| c.folded_name().is_empty() && !c.values.is_empty());
    if let Some(second) = report.file.rows().first().filter(|_| !merged && heading_goes_on(report.file, columns)) {
        report.add("L2-03", Some(second.line), None, "the names go on in a second row", "項目名が2行に分かれている");
    }
}

/// L2-04: one choice written in several ways.
fn choices(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if column.free || column.numeric || column.dates {
        return;
    }
    let mut ways: BTreeMap<String, BTreeMap<&str, (usize, u64)>> = BTreeMap::new();
    for (line, value) in &column.values {
        let first = ways.entry(choice_key(value)).or_default().entry(value).or_insert((0, *line));
        first.0 += 1;
    }
    if ways.len() > CHOICES || ways.len() >= column.values.len() {
        return;
    }
    for forms in ways.values().filter(|f| f.len() > 1) {
        let usual =
            forms.iter().max_by_key(|(form, (n, line))| (*n, u64::MAX - line, std::cmp::Reverse(*form))).map_or("", |(form, _)| form);
        for (form, (_, line)) in forms.iter().filter(|(form, _)| **form != usual) {
            let (cell, usual) = (shown(form), shown(usual));
            report.add(
                "L2-04",
                Some(*line),
                Some(column.index),
                format!("{cell} is elsewhere written {usual}"),
                format!("{cell}は他の行では{usual}と書かれている"),
            );
        }
    }
}

/// What is left of a choice when width, case, blanks, rings and the tails that vary (済/済み, 有/有り/あり) are folded away.
fn choice_key(value: &str) -> String {
    let bare: String = folded(value).to_lowercase().chars().filter(|c| !is_blank(*c)).collect();
    let one: String = bare
        .chars()
        .map(|c| match c {
            '◯' | '〇' => '○',
            '✕' | '✖' | '╳' => '×',
            'ヶ' | 'ケ' | 'ｹ' | '箇' | 'ヵ' | 'か' => 'カ',
            '―' | '‐' | '－' | '−' => '-',
            c => c,
        })
        .collect();
    let one = one.trim_end_matches(['。', '．', '.', '、']);
    match one {
        "有り" | "あり" | "有" => "有".to_owned(),
        "無し" | "なし" | "無" => "無".to_owned(),
        _ => one.replace("済み", "済").replace("子ども", "子供").replace("取り組み", "取組"),
    }
}

/// L2-05: `その他（具体的に：…）` in a column of choices.
fn other_apart(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let detail = |v: &str| {
        let rest = v.strip_prefix("その他").or_else(|| v.strip_prefix("Other")).unwrap_or("");
        let inner = rest.trim_start_matches([' ', '\u{3000}', '（', '(', '：', ':', '、', '［', '[', '-', '・']);
        !inner.is_empty() && inner.len() < rest.len()
    };
    let distinct: BTreeSet<&str> = column.values.iter().map(|(_, v)| *v).filter(|v| !detail(v)).collect();
    if column.free || distinct.len() > CHOICES || share(&column.values, detail) > 0.9 {
        return;
    }
    for (line, value) in column.values.iter().filter(|(_, v)| detail(v)) {
        let cell = shown(value);
        report.add(
            "L2-05",
            Some(*line),
            Some(column.index),
            format!("{cell} joins a choice and its detail"),
            format!("{cell}：選択肢と詳細が同じ列にある"),
        );
    }
}
