//! Closed lists: achievement states, phase codes, departments.

use crate::lexicon::{DEPARTMENT_SUFFIXES, GRADES, PHASES, STATES};
use crate::narrow::{narrow_char, squash, squashed};
use crate::profile::Profile;
use crate::words;
use crate::years::{find_fiscal_year, without_year};
use jisseki_model::Achievement;
use std::ops::Range;

/// Reads an achievement cell's text: `平成28年度 達成済` → 2016, `achieved`, `達成済`.
pub(crate) fn text_to_achievement(text: &str, profile: &Profile) -> Achievement {
    let squashed = squash(text);
    let fiscal_year = find_fiscal_year(&squashed).map(|(y, _)| y);
    let (status, status_text) = state_of(text, &squashed, profile);
    Achievement { text: text.to_string(), fiscal_year, status, status_text, ..Achievement::default() }
}

/// Tells whether the text is an achievement state and nothing else (a fiscal year before it aside).
pub(crate) fn is_achievement(text: &str, profile: &Profile) -> bool {
    let squashed = squash(text);
    let rest = without_year(&squashed);
    !rest.is_empty() && rest.chars().count() <= 14 && whole_state(rest, profile).is_some()
}

/// Returns the code and the words of the state that is the whole text, but for brackets around or after it.
fn whole_state<'p>(text: &str, profile: &'p Profile) -> Option<(&'p str, Range<usize>)> {
    let body = text.trim_start_matches(['(', '【', '「']);
    let from = text.len() - body.len();
    let closed = |words: &Range<usize>| {
        let after = text.get(words.end..).unwrap_or("");
        words.start == from && (after.is_empty() || after.starts_with(['(', ')', '】', '」', '。']))
    };
    let said = profile.states.iter().find(|s| s.0 == text).map(|s| (s.1, 0..text.len()));
    let mut words = STATES.iter().filter_map(|(code, words)| Some((*code, from..from + words::front(words, body)?)));
    let mut grades = GRADES.iter().filter_map(|(code, grade)| Some((*code, grade.find(text)?)));
    said.or_else(|| words.find(|w| closed(&w.1))).or_else(|| grades.find(|g| closed(&g.1)))
}

/// Returns the code and the words of a state that the text holds. A grade is none: an `A` in a sentence says nothing.
fn state_within(text: &str) -> Option<(&'static str, Range<usize>)> {
    let word = STATES.iter().find_map(|(code, words)| Some((*code, words::find(words, text)?)));
    word.or_else(|| GRADES.iter().filter(|g| g.0 != "graded").find_map(|(code, grade)| Some((*code, grade.find(text)?))))
}

/// Reads the state of an achievement cell: its code and its words as printed.
fn state_of(text: &str, squashed: &str, profile: &Profile) -> (String, String) {
    let rest = without_year(squashed);
    // Whole texts first: `達成` must not be found in `未達成`.
    let (code, words) = whole_state(rest, profile).or_else(|| state_within(rest)).unwrap_or(("other", 0..rest.len()));
    (code.to_string(), printed_part(text, rest, words.start, words.end))
}

/// Returns the chars of `text` that squash to `squashed_part[start..end]`, by counting non-blank chars from the end of the text.
fn printed_part(text: &str, rest: &str, start: usize, end: usize) -> String {
    let all: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let rest_chars = rest.chars().count();
    let skipped = all.len().saturating_sub(rest_chars);
    let from = skipped + rest.get(..start).map_or(0, |s| s.chars().count());
    let to = skipped + rest.get(..end).map_or(rest_chars, |s| s.chars().count());
    all.get(from..to).map(|c| c.iter().collect()).unwrap_or_default()
}

/// Returns the code of a phase label; `None` where the vocabulary does not know it.
pub(crate) fn phase_code<'p>(text: &str, profile: &'p Profile) -> Option<&'p str> {
    let s: String = squashed(text.chars()).filter(|c| !matches!(c, '(' | ')' | '→' | '←' | '⇔' | '↔')).collect();
    if s.is_empty() {
        return None;
    }
    // `検討・実施`: the code of its last part that is known, for that is where the phase ends.
    let by_part = || s.contains(SEPARATORS).then(|| s.rsplit(SEPARATORS).find_map(|part| phase_word(part, profile)))?;
    phase_word(&s, profile).or_else(by_part)
}

/// What stands between the phases of one label.
const SEPARATORS: [char; 4] = ['・', '、', '/', '／'];

/// Returns the code of the word that is all of a squashed label.
fn phase_word<'p>(squashed: &str, profile: &'p Profile) -> Option<&'p str> {
    let said = profile.phases.iter().find(|p| p.0 == squashed).map(|p| p.1);
    said.or_else(|| PHASES.iter().find(|(_, words)| words::is_whole(words, squashed)).map(|p| p.0))
}

/// Tells whether two lines, one under the other in a cell, are one label that was wrapped: not where each is a phase word and the two are none.
///
/// `near`: the lines follow each other as the lines of one text do; else only a known word holds them together.
pub(crate) fn is_wrapped_phase(first: &str, second: &str, near: bool, profile: &Profile) -> bool {
    let (first, second) = (squash(first), squash(second));
    let signs = |t: &str| t.chars().all(|c| "→←⇔↔-○●◎△×".contains(c));
    let known = |t: &str| phase_word(t, profile).is_some();
    let incomplete = near && (!known(&first) || !known(&second));
    !signs(&first) && !signs(&second) && (incomplete || known(&format!("{first}{second}")))
}

/// Tells whether every word of the text is a phase word.
pub(crate) fn is_phase_line(text: &str, profile: &Profile) -> bool {
    let words: Vec<String> = text.split(|c: char| c.is_whitespace()).filter(|w| !w.is_empty()).map(str::to_string).collect();
    !words.is_empty() && words.iter().all(|w| w.chars().count() <= 10 && phase_code(w, profile).is_some())
}

/// Tells whether a text ends like the name of a department: 人事課, 総務部, 児童相談所.
pub(crate) fn is_department(text: &str) -> bool {
    let s = squash(text);
    let s = s.split('(').next().unwrap_or(&s).trim_end_matches(['、', ',', '・', '等', '他']);
    let n = s.chars().count();
    (2..=30).contains(&n)
        && !s.contains('。')
        && DEPARTMENT_SUFFIXES.iter().any(|w| s.ends_with(w) && s.chars().count() > w.chars().count())
}

/// Depth of a department's last unit: 1 部・局・庁, 2 課・室, 3 係・班.
pub(crate) fn department_depth(text: &str) -> u8 {
    let s = squash(text);
    match s.split('(').next().unwrap_or(&s).chars().last() {
        Some('部' | '局' | '庁' | '会' | '県' | '市' | '町' | '村') => 1,
        Some('係' | '班' | '担') => 3,
        _ => 2,
    }
}

/// Cuts a department at its levels: `総務部人事課` → `総務部`, `人事課`.
pub(crate) fn text_to_path(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let narrow: Vec<char> = chars.iter().map(|c| narrow_char(*c)).collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 0..chars.len() {
        let (Some(c), next) = (narrow.get(i), narrow.get(i + 1)) else { continue };
        let Some(next) = next else { break };
        let unit = i.saturating_sub(start) >= 1;
        let before = i.checked_sub(1).and_then(|j| narrow.get(j));
        let cut = match c {
            // 内部統制課, 全部, 一部: no unit ends there. 本部長室 likewise.
            '部' => !matches!(before, Some('内' | '外' | '全' | '一' | '幹' | '支')) && !"長局会隊落活品材・分屋".contains(*next),
            '局' => !"長部所員".contains(*next),
            '庁' => !"舎内".contains(*next),
            '課' => !"長題税程".contains(*next) && !"・、".contains(*next),
            '会' => before == Some(&'員') && narrow.get(start..=i).is_some_and(|p| p.ends_with(&['委', '員', '会'])),
            _ => false,
        };
        if unit && cut && *next != '(' {
            parts.push(chars.get(start..=i).map(|p| p.iter().collect::<String>()).unwrap_or_default());
            start = i + 1;
        }
    }
    let last: String = chars.get(start..).map(|p| p.iter().collect()).unwrap_or_default();
    let last = last.trim_start_matches(['・', '　', '／']).to_string();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn achievement(text: &str, year: Option<i32>, status: &str, printed: &str) {
        let a = text_to_achievement(text, &Profile::auto());
        assert_eq!((a.fiscal_year, a.status.as_str(), a.status_text.as_str()), (year, status, printed), "{text}");
    }

    #[test]
    fn achievement_states_are_read_with_their_year() {
        achievement("平成28年度 達成済", Some(2016), "achieved", "達成済");
        achievement("令和元年度 達成予定", Some(2019), "planned", "達成予定");
        achievement("一部達成", None, "partly_achieved", "一部達成");
        achievement("未達成", None, "not_achieved", "未達成");
        achievement("概ね達成", None, "mostly_achieved", "概ね達成");
        achievement("未着手", None, "not_started", "未着手");
        achievement("取組中", None, "in_progress", "取組中");
        achievement("Ｂ", None, "graded", "Ｂ");
        achievement("◎", None, "graded", "◎");
        achievement("75％", None, "percent", "75％");
        achievement("取下げ", None, "withdrawn", "取下げ");
        achievement("完了（R2.3）", None, "completed", "完了");
    }

    #[test]
    fn phases_have_codes() {
        for (t, c) in [
            ("検討", "consider"),
            ("順次実施", "in_sequence"),
            ("随時実施", "as_needed"),
            ("周知", "publicize"),
            ("検討・整備", "consider"),
            ("準備", "prepare"),
        ] {
            assert_eq!(phase_code(t, &Profile::auto()), Some(c), "{t}");
        }
        assert_eq!(phase_code("謎", &Profile::auto()), None);
        let wrapped = |a: &str, b: &str| is_wrapped_phase(a, b, true, &Profile::auto());
        assert!(wrapped("順次実", "施") && wrapped("随時", "実施") && wrapped("検討・", "整備"));
        assert!(!wrapped("検討", "実施") && !wrapped("実施", "→"));
        assert!(is_phase_line("実施 検討", &Profile::auto()) && !is_phase_line("総務部人事課", &Profile::auto()));
    }

    #[test]
    fn departments_are_cut_at_their_levels() {
        let path = |t: &str| text_to_path(t).join("|");
        assert_eq!(path("総務部人事課"), "総務部|人事課");
        assert_eq!(path("地域連携部情報システム課"), "地域連携部|情報システム課");
        assert_eq!(path("健康福祉部子ども・家庭局子育て支援課"), "健康福祉部|子ども・家庭局|子育て支援課");
        assert_eq!(path("子ども・福祉部"), "子ども・福祉部");
        assert_eq!(path("総務部内部統制課"), "総務部|内部統制課");
        assert_eq!(path("総務部税務企画課"), "総務部|税務企画課");
        assert!(is_department("総務部行財政改革推進課") && is_department("福祉事務所"));
    }
}
