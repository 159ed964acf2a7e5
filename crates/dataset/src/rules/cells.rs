//! Level 1, the cells: L1-07 to L1-11 and L1-13, and L2-06.
//!
//! Objects, formatting, hidden rows and formulas are things of a workbook; what is looked for here is what they leave behind when it is saved as CSV.

use super::columns::{ColumnView, columns, folded, has_era_year, is_blank, is_plain_number, is_sign};
use super::{Report, shown};
use crate::cell::is_cjk;
use std::collections::BTreeSet;

pub(super) fn check(report: &mut Report<'_>) {
    for column in &columns(report.file) {
        one_datum(report, column);
        platform_characters(report, column);
        missing_marks(report, column);
        shapes(report, column);
        formatting(report, column);
        leftovers(report, column);
        formulas(report, column);
    }
}

/// L1-07: several values in one cell, by list separators, by a number in brackets behind a number, or by a fraction of two numbers.
fn one_datum(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if column.free {
        return;
    }
    let whole: BTreeSet<&str> = column.values.iter().map(|(_, v)| *v).collect();
    for (line, value) in column.values.iter().filter(|(_, v)| holds_several(v, &whole)) {
        let cell = shown(value);
        report.add(
            "L1-07",
            Some(*line),
            Some(column.index),
            format!("{cell} holds more than one value"),
            format!("{cell}に複数のデータが入っている"),
        );
    }
}

fn holds_several(value: &str, others: &BTreeSet<&str>) -> bool {
    let folded = folded(value);
    let short = |parts: &[&str]| parts.len() > 1 && parts.iter().all(|p| (1..=12).contains(&p.chars().count()));
    let split = |by: &[char]| folded.split(by).map(str::trim).collect::<Vec<_>>();
    let listed = split(&['、', ';', '|']);
    let by_comma = split(&[',']);
    // 清掃業務, 一式 is one thing; 福祉課, 税務課 are two of a kind.
    let kind = |p: &&str| p.chars().last();
    let of_a_kind = by_comma.len() > 2 || by_comma.first().map(kind) == by_comma.last().map(kind);
    let comma = by_comma.len() > 1 && of_a_kind && by_comma.iter().all(|p| p.chars().any(is_cjk));
    // 文化・スポーツ is one name; 窓口・電話・メール is a list, and so is 窓口・電話 where both stand alone elsewhere.
    let dotted = split(&['・']);
    let katakana = dotted.iter().all(|p| p.chars().all(|c| ('\u{30a1}'..='\u{30fe}').contains(&c)));
    let alone = dotted.len() > 1 && dotted.iter().all(|p| others.contains(p));
    short(&listed)
        || comma && short(&by_comma)
        || short(&dotted) && (alone || dotted.len() > 2 && !katakana)
        || number_with_bracket(&folded)
}

/// `120(65)`, `120（うち65）`, `3/5`; not `2019（令和元）`.
fn number_with_bracket(folded: &str) -> bool {
    let starts_with_digit = folded.starts_with(|c: char| c.is_ascii_digit());
    let inner = folded.split_once('(').and_then(|(_, r)| r.strip_suffix(')')).unwrap_or("");
    let bracket = inner.chars().any(|c| c.is_ascii_digit()) && !has_era_year(inner);
    let fraction = folded.split('/').collect::<Vec<_>>();
    starts_with_digit && bracket || fraction.len() == 2 && fraction.iter().all(|p| is_plain_number(p.trim()))
}

/// L1-08: circled numbers, Roman numerals, ㈱, ㍻, ㌔: outside JIS X 0208, different from machine to machine. Units (㎡) are let pass.
fn platform_characters(report: &mut Report<'_>, column: &ColumnView<'_>) {
    if let Some(c) = column.name.chars().find(|c| is_platform_dependent(*c)) {
        report.add(
            "L1-08",
            Some(1),
            Some(column.index),
            format!("the column name holds `{c}`"),
            format!("項目名に機種依存文字`{c}`がある"),
        );
    }
    if column.free {
        return;
    }
    for (line, value) in &column.values {
        if let Some(c) = value.chars().find(|c| is_platform_dependent(*c)) {
            let cell = shown(value);
            report.add("L1-08", Some(*line), Some(column.index), format!("{cell} holds `{c}`"), format!("{cell}に機種依存文字`{c}`がある"));
        }
    }
}

fn is_platform_dependent(c: char) -> bool {
    let unit = matches!(c, '㎎' | '㎏' | '㎜' | '㎝' | '㎞' | '㎟' | '㎠' | '㎡' | '㎢' | '㎣' | '㎤' | '㎥' | '㎦');
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' | '\u{2160}'..='\u{217f}' | '\u{3200}'..='\u{33ff}' | '\u{2116}' | '\u{2121}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fffd}')
        && !unit
}

/// L1-09: words for nothing among numbers and days, words of programs (`null`) anywhere, and signs in columns of words.
fn missing_marks(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const NULLS: [&str; 11] = ["NA", "N/A", "n/a", "na", "null", "NULL", "Null", "None", "nan", "NaN", "NULL値"];
    const WORDS: [&str; 14] =
        ["なし", "無し", "無", "該当なし", "不明", "未定", "未回答", "無回答", "欠損", "欠測", "未調査", "未記入", "空欄", "データなし"];
    for (line, value) in &column.values {
        // A closed list may hold such a word as a code of its own.
        let defined = report.file.listed(column.index).is_some_and(|l| l.contains(*value));
        let word = (column.numeric || column.dates) && WORDS.contains(value);
        let is_marker = column.free && column.name == "marker";
        let sign = is_sign(value) && !column.numeric && !is_choice_sign(value) && !is_marker;
        if !defined && (NULLS.contains(value) && !column.free || word || sign) {
            let cell = shown(value);
            report.add(
                "L1-09",
                Some(*line),
                Some(column.index),
                format!("{cell} stands for a missing value"),
                format!("欠損値を{cell}で表している"),
            );
        }
    }
}

/// Marks that answer a question (○ × △) and are no dash.
fn is_choice_sign(value: &str) -> bool {
    ["×", "x", "X", "Ｘ", "ｘ", "χ", "△", "▲"].contains(&value)
}

/// L1-10: a cell of arrows or bars and no character that could be read. ○, × and △ alone are answers.
fn shapes(report: &mut Report<'_>, column: &ColumnView<'_>) {
    let arrow =
        |c: char| matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2500}'..='\u{257f}' | '\u{2794}'..='\u{27bf}' | '\u{2b00}'..='\u{2b1f}');
    let block = |c: char| matches!(c, '\u{2580}'..='\u{25ff}' | '★' | '☆');
    let marker_column = column.free && column.name == "marker";
    for (line, value) in column.values.iter().filter(|(_, v)| v.chars().all(|c| arrow(c) || block(c) || is_blank(c))) {
        let listed = report.file.listed(column.index).is_some_and(|l| l.contains(*value));
        let one = value.chars().count() == 1 && !value.chars().all(arrow);
        if !marker_column && !listed && !one {
            let cell = shown(value);
            report.add(
                "L1-10",
                Some(*line),
                Some(column.index),
                format!("{cell} is a shape, not a value"),
                format!("{cell}は図形であり値でない"),
            );
        }
    }
}

/// L1-11: a cell that explains what a color or type face means: 網掛けは速報値.
fn formatting(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const FACES: [&str; 14] = [
        "網掛け",
        "網かけ",
        "太字",
        "ゴシック体",
        "斜体",
        "下線",
        "着色",
        "色付き",
        "色つき",
        "塗りつぶし",
        "ハイライト",
        "朱書き",
        "赤字",
        "青字",
    ];
    const THINGS: [&str; 10] = ["のセル", "セル", "の欄", "の行", "の列", "部分", "の部分", "の項目", "の数値", "箇所"];
    let explains = |v: &str| {
        FACES.iter().any(|face| {
            v.match_indices(face).any(|(at, _)| {
                let rest = &v[at + face.len()..];
                let after = THINGS.iter().find_map(|t| rest.strip_prefix(t)).unwrap_or(rest);
                // 赤字は also means a deficit: only a thing of the sheet that is red is formatting.
                let sheet = after.len() < rest.len() || *face != "赤字";
                sheet && (after.starts_with(['は', '：', ':', '＝', '=']) || after.starts_with("が示") || after.starts_with("で示"))
            })
        })
    };
    for (line, value) in column.values.iter().filter(|(_, v)| v.chars().count() <= 60 && explains(v)) {
        let cell = shown(value);
        report.add(
            "L1-11",
            Some(*line),
            Some(column.index),
            format!("{cell} tells that formatting carries meaning"),
            format!("{cell}：書式で区別を表している"),
        );
    }
}

/// L1-13: columns of work that were hidden in the workbook.
fn leftovers(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const WORK: [&str; 12] =
        ["作業用", "作業列", "計算用", "集計用", "非表示", "削除予定", "不要列", "未使用", "ダミー", "dummy", "tmp", "hidden"];
    let name = column.folded_name();
    let word = |w: &str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == w) || !w.is_ascii() && name.contains(w);
    if WORK.iter().any(|w| word(w)) {
        let name = shown(column.name);
        report.add(
            "L1-13",
            Some(1),
            Some(column.index),
            format!("the column {name} was left over from work"),
            format!("作業用の列{name}が残っている"),
        );
    }
}

/// L2-06: what a spreadsheet computes, or could not compute.
fn formulas(report: &mut Report<'_>, column: &ColumnView<'_>) {
    const ERRORS: [&str; 9] = ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "###"];
    for (line, value) in &column.values {
        let error = ERRORS.iter().any(|e| value.starts_with(e));
        let formula = value.starts_with('=') && value.len() > 1 && !column.free;
        if error || formula {
            let cell = shown(value);
            report.add(
                "L2-06",
                Some(*line),
                Some(column.index),
                format!("{cell} is a formula or its error"),
                format!("{cell}は数式かそのエラーである"),
            );
        }
    }
}
