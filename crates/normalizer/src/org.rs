//! Departments: a 担当課 cell to paths, and lines of running text that are nothing else.
//!
//! A name is cut after its level suffixes (`tables/org_levels.tsv`): 総務部行財政改革推進課 → 総務部 / 行財政改革推進課. Guards keep 部局, 内部, 一部, 本部長
//! and 課題 whole.

use crate::ReportContext;
use crate::atom::{Atom, What};
use crate::cursor::is_kanji;
use crate::government::{government_code, government_prefix};
use jisseki_model::Mention;
use std::ops::Range;
use std::sync::LazyLock;

/// One level suffix.
struct Level {
    suffix: &'static str,
    rank: u8,
    not_before: &'static str,
    not_after: &'static str,
}

/// The suffixes, longer ones first: the order in which they are tried.
static LEVELS: LazyLock<Vec<Level>> = LazyLock::new(|| {
    let mut levels: Vec<Level> = include_str!("tables/org_levels.tsv").lines().filter_map(line_to_level).collect();
    levels.sort_by_key(|l| std::cmp::Reverse(l.suffix.len()));
    levels
});

fn line_to_level(line: &'static str) -> Option<Level> {
    let mut cells = line.split('\t');
    let (suffix, rank) = (cells.next()?, cells.next()?.parse().ok()?);
    Some(Level { suffix, rank, not_before: cells.next().unwrap_or_default(), not_after: cells.next().unwrap_or_default() })
}

/// A part of a department's name: its characters (blanks left out), its suffix and the suffix's rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) level: &'static str,
    pub(crate) rank: u8,
}

/// One department: where it stands in the scan view and its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Org {
    pub(crate) span: Range<usize>,
    pub(crate) path: Vec<Part>,
    /// The government's code, where the text names the government.
    pub(crate) government: Option<String>,
}

/// A department's highest rank that running text may begin with: 庁, 本部, 局, 部. A bare 課 is too easily a word of a sentence.
const RUNNING_RANK: u8 = 3;
/// Most characters a line of running text may have to be read as departments. Picked by feeling: two long names and a mark.
const MAX_LINE_CHARS: usize = 48;
/// Most characters of one part's name; the longest of a prefecture's offices have 20.
const MAX_NAME_CHARS: usize = 24;

/// Reads a 担当課 cell: headings in ＜…＞ are left out, wrapped names joined, 、 and line breaks between complete names split.
pub(crate) fn cell_to_orgs(scan: &str) -> Vec<Org> {
    let mut orgs = Vec::new();
    for group in without_headings(scan) {
        group_to_orgs(scan, group, &mut orgs);
    }
    orgs
}

/// Returns the departments of a 担当課 cell, each with its path and its place.
///
/// Headings in ＜…＞ are left out, wrapped lines joined, 、 and complete lines split; a name without an upper level takes the one before it.
///
/// ```
/// use jisseki_normalizer::{ReportContext, key, parse_org};
/// let found = parse_org("総務部行財政改\n革推進課、人事課", &ReportContext::default());
/// let keys: Vec<String> = found.iter().map(|m| key(m, &found)).collect();
/// assert_eq!(keys, ["org:総務部/行財政改革推進課", "org:総務部/人事課"]);
/// ```
pub fn parse_org(src: &str, ctx: &ReportContext) -> Vec<Mention> {
    let folded = crate::fold(src);
    let orgs = cell_to_orgs(folded.scan()).into_iter();
    let atoms: Vec<Atom> = orgs.map(|org| Atom::new(org.span.start, org.span.end, What::Org(Box::new(org)))).collect();
    crate::render::render(&atoms, &folded, ctx, &[])
}

/// A text that is nothing but a government's name. One with a kanji numeral in it (三重県, 千葉県) is left alone outside a department's cell: in running
/// text precision comes first for those signs.
fn only_a_government(scan: &str) -> Option<Org> {
    let name = scan.trim();
    if name.len() > 64 || name.contains(crate::find::is_kanji_numeral) {
        return None;
    }
    let code = government_code(name)?.to_owned();
    let start = scan.find(name)?;
    let part = Part { name: name.to_owned(), level: "government", rank: 0 };
    Some(Org { span: start..start + name.len(), path: vec![part], government: Some(code) })
}

/// Finds the lines of running text that are nothing but departments.
pub(crate) fn lines_to_orgs(scan: &str) -> Vec<Atom> {
    let (mut out, mut at) = (Vec::new(), 0);
    if let Some(org) = only_a_government(scan) {
        return vec![Atom::new(org.span.start, org.span.end, What::Org(Box::new(org)))];
    }
    while at < scan.len() {
        let line_end = scan.get(at..).and_then(|s| s.find('\n')).map_or(scan.len(), |i| at + i);
        let found = if scan.get(at..line_end).is_some_and(may_begin_with_org) { line_to_orgs(scan, at) } else { Vec::new() };
        // A name may have gone on in the next line.
        let end = found.last().map_or(line_end, |o| o.span.end.max(line_end));
        out.extend(found.into_iter().map(|org| Atom::new(org.span.start, org.span.end, What::Org(Box::new(org)))));
        at = if end == line_end { end + 1 } else { scan.get(end..).and_then(|s| s.find('\n')).map_or(scan.len(), |i| end + i + 1) };
    }
    out
}

/// Ranges of `scan` outside `＜…＞` and `<…>`.
fn without_headings(scan: &str) -> Vec<Range<usize>> {
    let (mut out, mut from) = (Vec::new(), 0);
    while let Some(open) = scan.get(from..).and_then(|s| s.find(['＜', '<', '【', '〈'])).map(|i| from + i) {
        let close = scan.get(open..).and_then(|s| s.find(['＞', '>', '】', '〉'])).map(|i| open + i);
        let Some(close) = close else { break };
        out.push(from..open);
        from = close + scan.get(close..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8);
    }
    out.push(from..scan.len());
    out
}

/// The characters of a name as they stand, with their places, blanks and line breaks left out.
struct Letters<'s> {
    scan: &'s str,
    at: Vec<(usize, char)>,
}

fn group_to_orgs(scan: &str, group: Range<usize>, orgs: &mut Vec<Org>) {
    let mut parent: Vec<Part> = Vec::new();
    let mut letters = Letters { scan, at: Vec::new() };
    let text = scan.get(group.clone()).unwrap_or_default();
    for (i, c) in text.char_indices() {
        let at = group.start + i;
        match c {
            '\n' => {
                // A line that ends in a leaf is complete; anything else goes on in the next line.
                if letters.ends_in_leaf() {
                    letters.flush(&mut parent, orgs);
                }
            }
            ' ' | '\t' => {}
            '、' | ',' | '，' | ';' | '；' | '/' | '／' | '・' | '･' | '(' | ')' | '[' | ']' | '〔' | '〕' | '「' | '」' | '○' | '●'
            | '■' | '※' | '◎' | ':' => {
                let inside_name = matches!(c, '・' | '･') && !letters.is_complete();
                if inside_name && !letters.at.is_empty() {
                    letters.at.push((at, c));
                } else if c != '(' || letters.ends_in_leaf() {
                    letters.flush(&mut parent, orgs);
                }
            }
            c => letters.at.push((at, c)),
        }
    }
    letters.flush(&mut parent, orgs);
}

impl Letters<'_> {
    fn name(&self) -> String {
        self.at.iter().map(|&(_, c)| c).collect()
    }

    /// Whether the letters so far end in a level suffix.
    fn is_complete(&self) -> bool {
        let name = self.name();
        name_to_cuts(&name).last().is_some_and(|cut| cut.end == name.len())
    }

    /// Whether they end in a level below which nothing is usually written on a line of its own.
    fn ends_in_leaf(&self) -> bool {
        let name = self.name();
        name_to_cuts(&name).last().is_some_and(|cut| cut.end == name.len() && cut.level.rank >= 5)
    }

    /// Turns the letters into departments and forgets them.
    fn flush(&mut self, parent: &mut Vec<Part>, orgs: &mut Vec<Org>) {
        let name = self.name();
        let (skip, code) = government_prefix(&name).map_or((0, None), |(skip, code)| (skip, Some(code.to_owned())));
        if skip > 0 && skip == name.len() {
            let part = Part { name: name.clone(), level: "government", rank: 0 };
            if let Some(span) = self.span_of(&name, 0, name.len()) {
                orgs.push(Org { span, path: vec![part], government: code });
            }
            self.at.clear();
            return;
        }
        let rest = name.get(skip..).unwrap_or_default();
        for (n, path) in cuts_to_paths(rest, &name_to_cuts(rest)).into_iter().enumerate() {
            let (Some(first), Some(last)) = (path.first(), path.last()) else { continue };
            // The government's name is of the department that follows it.
            let from = if n == 0 { 0 } else { first.0.start + skip };
            let from = if n == 0 && skip == 0 { first.0.start } else { from };
            let Some(span) = self.span_of(&name, from, last.0.end + skip) else { continue };
            let parts: Vec<Part> = path.iter().map(|p| p.1.clone()).collect();
            let above: Vec<Part> = match parts.first() {
                Some(first) if first.rank > RUNNING_RANK => parent.iter().filter(|p| p.rank < first.rank).cloned().collect(),
                _ => Vec::new(),
            };
            let whole: Vec<Part> = above.into_iter().chain(parts).collect();
            *parent = whole.clone();
            orgs.push(Org { span, path: whole, government: code.clone() });
        }
        self.at.clear();
    }

    /// The place in the scan view of a part of the name.
    fn span_of(&self, name: &str, first: usize, last: usize) -> Option<Range<usize>> {
        let from = name.get(..first)?.chars().count();
        let to = name.get(..last)?.chars().count();
        let start = self.at.get(from)?.0;
        let &(end, c) = self.at.get(to.checked_sub(1)?)?;
        debug_assert!(self.scan.is_char_boundary(end));
        Some(start..end + c.len_utf8())
    }
}

/// A level suffix found in a name: where the part it closes begins and ends.
struct Cut {
    start: usize,
    end: usize,
    level: &'static Level,
}

/// Finds the level suffixes of a name from left to right.
fn name_to_cuts(name: &str) -> Vec<Cut> {
    let (mut cuts, mut start, mut at) = (Vec::new(), 0, 0);
    while let Some(c) = name.get(at..).and_then(|s| s.chars().next()) {
        if !"委事セグチ支本庁局部所館場課室監係班".contains(c) {
            at += c.len_utf8();
            continue;
        }
        let before = name.get(start..at).unwrap_or_default();
        match LEVELS.iter().find(|l| suffix_fits(name, before, at, l)) {
            Some(level) => {
                at += level.suffix.len();
                cuts.push(Cut { start, end: at, level });
                start = at;
            }
            None => at += c.len_utf8(),
        }
    }
    cuts
}

fn suffix_fits(name: &str, before: &str, at: usize, level: &Level) -> bool {
    let Some(rest) = name.get(at..).and_then(|s| s.strip_prefix(level.suffix)) else { return false };
    let long_enough = before.chars().nth(1).is_some() || (level.suffix.chars().count() > 2 && !before.is_empty());
    let last = before.chars().next_back();
    let next = rest.chars().next();
    // 課 before 長, 所 before 属 and their like are words of their own, unless the suffix before it closed the name (総務課長は no, 総務部長 neither).
    long_enough && !last.is_some_and(|c| level.not_before.contains(c)) && !next.is_some_and(|c| level.not_after.contains(c))
}

/// Groups cuts into paths: a new path begins where a suffix of the same or a higher rank comes again.
fn cuts_to_paths(name: &str, cuts: &[Cut]) -> Vec<Vec<(Range<usize>, Part)>> {
    let mut paths: Vec<Vec<(Range<usize>, Part)>> = Vec::new();
    for cut in cuts {
        let Some(text) = name.get(cut.start..cut.end) else { continue };
        let start = cut.start + text.len() - text.trim_start_matches(['・', '･']).len();
        let part = Part { name: text.trim_start_matches(['・', '･']).to_owned(), level: cut.level.suffix, rank: cut.level.rank };
        let again = paths.last().is_some_and(|p| p.iter().any(|(_, q)| q.level == part.level || q.rank > part.rank.max(3)));
        match paths.last_mut() {
            Some(path) if !again => path.push((start..cut.end, part)),
            _ => paths.push(vec![(start..cut.end, part)]),
        }
    }
    paths
}

/// Reads the line of running text that starts at `at` if it is nothing but departments, or departments and then an amount (戦略企画部 ３箇所).
///
/// A name may go on in the next line, over one blank line too (a cell that was dumped as text), if both together are nothing but a department.
pub(crate) fn line_to_orgs(scan: &str, at: usize) -> Vec<Org> {
    let rest = scan.get(at..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    if !may_begin_with_org(line) {
        return Vec::new();
    }
    let whole = line.trim_end();
    let head = whole.split(' ').next().unwrap_or_default();
    for text in [whole, head] {
        let orgs = exact_orgs(scan, at..at + text.len());
        let amount_follows =
            text.len() == whole.len() || whole.get(text.len()..).is_some_and(|s| s.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        if !orgs.is_empty() && amount_follows {
            return orgs;
        }
    }
    wrapped_org(scan, at, line.len()).into_iter().collect()
}

/// Whether a line may hold departments: short, of the characters of names (an amount may follow a blank), with the suffix of an upper level.
fn may_begin_with_org(line: &str) -> bool {
    let (mut upper, mut amount) = (false, false);
    for (n, c) in line.chars().enumerate() {
        match c {
            _ if n > MAX_LINE_CHARS => return false,
            // を is in no name.
            'を' => return false,
            '部' | '庁' | '局' => upper |= n >= 2,
            ' ' if n > 0 => amount = true,
            '、' | '・' | ',' if n > 0 => {}
            _ if amount || is_name_char(c) => {}
            _ => return false,
        }
    }
    upper
}

fn is_name_char(c: char) -> bool {
    is_kanji(c) || matches!(c, 'ぁ'..='ん' | 'ァ'..='ヺ' | 'ー' | 'Ａ'..='Ｚ' | 'A'..='Z')
}

/// The departments of a range if nothing else stands in it.
fn exact_orgs(scan: &str, range: Range<usize>) -> Vec<Org> {
    let mut orgs = Vec::new();
    group_to_orgs(scan, range.clone(), &mut orgs);
    let covered: usize = orgs.iter().map(|o| solid(scan, o.span.clone())).sum();
    let marks = scan.get(range.clone()).unwrap_or_default().matches(['、', '・', ',']).count();
    let upper = orgs.first().and_then(|o| o.path.first()).is_some_and(|p| p.rank <= RUNNING_RANK);
    let plain = orgs.iter().flat_map(|o| &o.path).all(|p| is_plain_name(&p.name));
    if upper && plain && covered + marks >= solid(scan, range) { orgs } else { Vec::new() }
}

/// Whether a part looks like a name and not like a clause: no long one, none that begins with a particle before an ideograph (が実施した…).
fn is_plain_name(name: &str) -> bool {
    let mut letters = name.chars();
    let clause = letters.next().is_some_and(|c| "がをはにでとのもへや".contains(c)) && letters.next().is_some_and(is_kanji);
    !clause && name.chars().count() <= MAX_NAME_CHARS && name.chars().all(|c| is_name_char(c) || c == '・')
}

/// Characters of a range that are no blanks.
fn solid(scan: &str, range: Range<usize>) -> usize {
    scan.get(range).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).count()
}

fn wrapped_org(scan: &str, at: usize, line_len: usize) -> Option<Org> {
    let line = scan.get(at..at + line_len)?;
    let cuts = name_to_cuts(line);
    // The name is open: it has an upper level and then letters that no suffix closes.
    let last = cuts.last()?;
    if last.end == line.len() || line.contains([' ', '、']) || last.level.rank > RUNNING_RANK {
        return None;
    }
    let after = scan.get(at + line_len + 1..)?;
    let (gap, next) = match after.split_once('\n') {
        Some((first, more)) if first.trim().is_empty() => (first.len() + 1, more),
        _ => (0, after),
    };
    let next_line = next.split('\n').next()?.trim_end();
    let end = at + line_len + 1 + gap + next_line.len();
    // A wrapped line holds the rest of the name and nothing else, so its own letters must be few.
    if next_line.is_empty() || next_line.chars().count() > MAX_NAME_CHARS || next_line.starts_with(' ') {
        return None;
    }
    let orgs = exact_orgs(scan, at..end);
    match <[Org; 1]>::try_from(orgs) {
        Ok([org]) if org.span == (at..end) => Some(org),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(orgs: &[Org]) -> Vec<String> {
        orgs.iter().map(|o| o.path.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join("/")).collect()
    }

    fn check(cell: &str, expected: &[&str]) {
        assert_eq!(paths(&cell_to_orgs(crate::fold(cell).scan())), expected, "{cell:?}");
    }

    #[test]
    fn cells() {
        check("総務部人事課", &["総務部/人事課"]);
        check("総務部行財政改\n革推進課", &["総務部/行財政改革推進課"]);
        check("地域連携部情報\n\nシステム課", &["地域連携部/情報システム課"]);
        check("総務部総務課、人事課", &["総務部/総務課", "総務部/人事課"]);
        check("総務部総務課・人事課", &["総務部/総務課", "総務部/人事課"]);
        check("総務部総務課\n人事課", &["総務部/総務課", "総務部/人事課"]);
        check("総務部\n人事課", &["総務部/人事課"]);
        check("子ども・福祉部子育て支援課", &["子ども・福祉部/子育て支援課"]);
        check("警察本部警務部警務課", &["警察本部/警務部/警務課"]);
        check("＜見直し＞\n総務部総務課\n＜検討＞\n総務部人事課", &["総務部/総務課", "総務部/人事課"]);
        check("総務部総務課\n企画部企画課", &["総務部/総務課", "企画部/企画課"]);
        check("教育委員会事務局教育総務課", &["教育委員会事務局/教育総務課"]);
        check("環境局総務部総務課", &["環境局/総務部/総務課"]);
        check("三重県総務部人事課", &["総務部/人事課"]);
        check("三重県", &["三重県"]);
        check("各部局", &[]);
        check("全庁", &[]);
        check("課題", &[]);
    }

    fn check_line(text: &str, expected: &[&str]) {
        assert_eq!(paths(&line_to_orgs(crate::fold(text).scan(), 0)), expected, "{text:?}");
    }

    #[test]
    fn lines() {
        check_line("総務部人事課", &["総務部/人事課"]);
        check_line("戦略企画部 ３箇所 ６名", &["戦略企画部"]);
        check_line("総務部税務企画\n\n課 \n", &["総務部/税務企画課"]);
        check_line("総務部行財政改\n革推進課\n", &["総務部/行財政改革推進課"]);
        check_line("・戦略企画部 ３箇所 ６名", &[]);
        check_line("各部局において、派遣先を検討", &[]);
        check_line("総務部長の指示", &[]);
        check_line("総務部が実施した研修\n総務課", &[]);
        check_line("人事課", &[]);
    }
}
