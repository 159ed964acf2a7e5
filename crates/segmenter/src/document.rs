//! What a document says about itself: title, fiscal year, stage, publisher, sections.

use crate::lexicon::{FINAL_WORDS, PRELIMINARY_WORDS, SECTIONS};
use crate::narrow::{narrow, squash};
use crate::numbers::sign_to_number;
use crate::profile::Profile;
use crate::years::find_fiscal_year;
use jisseki_model::{FiscalYearInfo, Section, Stage};

const PREFECTURES: &str = include_str!("../data/prefectures.txt");

/// Finds the first fiscal year of a title.
pub(crate) fn title_to_fiscal_year(title: &str) -> Option<FiscalYearInfo> {
    find_fiscal_year(title).map(|(year, text)| FiscalYearInfo { year, text })
}

/// Finds the stage in a text: 確定版 or 速報版.
pub(crate) fn text_to_stage(text: &str) -> Option<Stage> {
    let s = squash(text);
    let has = |words: &[&str]| words.iter().any(|w| s.contains(w));
    if has(PRELIMINARY_WORDS) {
        Some(Stage::Preliminary)
    } else if has(FINAL_WORDS) {
        Some(Stage::Final)
    } else {
        None
    }
}

/// Finds the prefecture that a title names.
pub(crate) fn text_to_publisher(text: &str) -> Option<String> {
    let s = squash(text);
    PREFECTURES.lines().filter(|p| !p.is_empty()).find(|p| s.contains(*p)).map(str::to_string)
}

/// Returns the plan's name in a title: what stands in 「…」.
pub(crate) fn title_to_plan_name(title: &str) -> Option<String> {
    let from = title.find('「')? + '「'.len_utf8();
    let rest = title.get(from..)?;
    rest.get(..rest.find('」')?).map(|s| s.trim().to_string()).filter(|s| !s.is_empty())
}

/// Reads a section row: `Ⅰ 協創・現場重視の推進に向けて` → label and title.
pub(crate) fn text_to_section(text: &str, profile: &Profile) -> Option<Section> {
    let t = narrow(text);
    if t.chars().count() > 80 || t.contains('。') {
        return None;
    }
    profile.sections.iter().chain(&SECTIONS).find_map(|p| {
        let found = p.captures(&t)?;
        let named = |name: &str| found.group(name).and_then(|g| t.get(g)).unwrap_or("").trim();
        let (title, label) = (named("title"), named("label"));
        // As printed: narrowing is one to one but for runs of blanks, so the tail of the text is found again by its length without blanks.
        let title = tail_of(text, squash(title).chars().count());
        let head: usize = squash(label).chars().count();
        let printed: String = text.chars().filter(|c| !c.is_whitespace()).take(head).collect();
        let printed = if label.is_empty() { String::new() } else { printed };
        let number = printed.chars().last().filter(|_| !printed.is_empty()).and_then(|_| label_to_number(&printed));
        Some(Section { number, label: printed, title: title.trim().trim_end_matches('】').to_string(), places: Vec::new() })
    })
}

/// Returns the last `n` non-blank chars of a text with the blanks between them.
fn tail_of(text: &str, n: usize) -> String {
    let mut left = n;
    let mut out: Vec<char> = Vec::new();
    for c in text.trim_end().trim_end_matches('】').chars().rev() {
        if left == 0 {
            break;
        }
        if !c.is_whitespace() {
            left -= 1;
        }
        out.push(c);
    }
    out.iter().rev().collect()
}

/// Returns the number in a section's label: Ⅰ → 1, 第2章 → 2, 基本方針三 → 3.
fn label_to_number(label: &str) -> Option<i64> {
    let signs: String = label
        .chars()
        .map(crate::narrow::narrow_char)
        .filter(|c| !"第章節部編の()改革基本方針柱視点重大項目標分野戦略推進".contains(*c))
        .collect();
    sign_to_number(&signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> Option<(Option<i64>, String, String)> {
        text_to_section(text, &Profile::auto()).map(|s| (s.number, s.label, s.title))
    }

    #[test]
    fn section_rows_give_label_and_title() {
        let want = |n: i64, l: &str, t: &str| Some((Some(n), l.to_string(), t.to_string()));
        assert_eq!(section("Ⅰ 協創・現場重視の推進に向けて"), want(1, "Ⅰ", "協創・現場重視の推進に向けて"));
        assert_eq!(section("Ⅱ　機動的な運営"), want(2, "Ⅱ", "機動的な運営"));
        assert_eq!(section("第2章 歳入の確保"), want(2, "第2章", "歳入の確保"));
        assert_eq!(section("基本方針３　人材育成"), want(3, "基本方針３", "人材育成"));
        assert_eq!(section("１　業務改革"), want(1, "１", "業務改革"));
        assert_eq!(section("■ 窓口改革"), Some((None, String::new(), "窓口改革".to_string())));
        assert_eq!(section("新規採用職員研修を実施しました。"), None);
    }

    #[test]
    fn titles_tell_year_stage_and_publisher() {
        let t = "令和元年度 「第二次三重県行財政改革取組」具体的取組 年度実績（確定版）";
        assert_eq!(title_to_fiscal_year(t).map(|y| y.year), Some(2019));
        assert_eq!(text_to_stage(t), Some(Stage::Final));
        assert_eq!(text_to_publisher(t).as_deref(), Some("三重県"));
        assert_eq!(title_to_plan_name(t).as_deref(), Some("第二次三重県行財政改革取組"));
    }
}
