//! Departments: a 担当課 cell to paths, and lines of running text that are nothing else.
//!
//! A name is cut after its level suffixes (`tables/org_levels.tsv`): 総務部行財政改革推進課 → 総務部 / 行財政改革推進課. Guards keep 部局, 内部, 一部, 本部長
//! and 課題 whole.

use crate::ReportContext;
use crate::atom::{Atom, What};
use crate::cursor::{is_kanji, one_of};
use crate::government::{government_code, government_prefix, may_be_a_government};
use crate::reader::Piece;
use crate::render::Order;
use jisseki_model::Mention;
use smol_str::SmolStr;
use std::ops::Range;
use std::sync::LazyLock;

/// One level suffix.
struct Level {
    suffix: &'static str,
    first: char,
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
    Some(Level {
        suffix,
        first: suffix.chars().next()?,
        rank,
        not_before: cells.next().unwrap_or_default(),
        not_after: cells.next().unwrap_or_default(),
    })
}

/// A part of a department's name: its characters (blanks left out), its suffix and the suffix's rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: SmolStr,
    pub(crate) level: &'static str,
    pub(crate) rank: u8,
}

/// One department: where it stands in the scan view and its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Org {
    pub(crate) span: Range<usize>,
    pub(crate) path: Vec<Part>,
    /// The government's code, where the text names the government.
    pub(crate) government: Option<&'static str>,
}

/// A department's highest rank that running text may begin with: 庁, 本部, 局, 部. A bare 課 is too easily a word of a sentence.
const RUNNING_RANK: u8 = 3;
/// Most characters a line of running text may have to be read as departments. Picked by feeling: two long names and a mark.
const MAX_LINE_CHARS: usize = 48;
/// Most bytes of a government's name, with its prefecture.
const MAX_GOVERNMENT: usize = 64;
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
    let atoms: Vec<Atom> = orgs.map(|org| Atom::new(org.span.start, org.span.end, What::Org(org))).collect();
    let (mut order, mut found) = (Order::default(), Vec::new());
    order.sort(&atoms, 0);
    order.render(&atoms, &Piece { folded: &folded, base: 0, ctx, scopes: &[] }, &mut found);
    found
}

/// A text that is nothing but a government's name. One with a kanji numeral in it (三重県, 千葉県) is left alone outside a department's cell: in running
/// text precision comes first for those signs.
pub(crate) fn only_a_government(scan: &str) -> Option<Atom> {
    let name = scan.trim();
    if !may_be_a_government(name) || name.len() > MAX_GOVERNMENT || name.contains(crate::hits::is_kanji_numeral) {
        return None;
    }
    let code = government_code(name)?;
    let start = scan.len() - scan.trim_start().len();
    let part = Part { name: SmolStr::new(name), level: "government", rank: 0 };
    let org = Org { span: start..start + name.len(), path: vec![part], government: Some(code) };
    Some(Atom::new(org.span.start, org.span.end, What::Org(org)))
}

/// Finds the lines of running text that are nothing but departments; `offices` are the places of 部, 庁 and 局.
pub(crate) fn lines_to_orgs(scan: &str, offices: &[usize]) -> Vec<Atom> {
    let (mut out, mut at) = (Vec::new(), 0);
    for &office in offices {
        // The line has been read already.
        let Some(before) = scan.get(at..office) else { continue };
        let line = before.rfind('\n').map_or(at, |i| at + i + 1);
        let found = line_to_orgs(scan, line);
        // A name may have gone on in the next line.
        let end = found.last().map_or(office, |o| o.span.end.max(office));
        out.extend(found.into_iter().map(|org| Atom::new(org.span.start, org.span.end, What::Org(org))));
        at = scan.get(end..).and_then(|s| s.find('\n')).map_or(scan.len(), |i| end + i + 1);
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

/// The characters of a name as they stand, blanks and line breaks left out, and of each its place in the name and in the scan view.
struct Letters {
    name: String,
    at: Vec<(usize, usize)>,
}

fn group_to_orgs(scan: &str, group: Range<usize>, orgs: &mut Vec<Org>) {
    let mut parent: Vec<Part> = Vec::new();
    let text = scan.get(group.clone()).unwrap_or_default();
    let mut letters = Letters { name: String::with_capacity(text.len()), at: Vec::with_capacity(text.len() / 3) };
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
                    letters.push(at, c);
                } else if c != '(' || letters.ends_in_leaf() {
                    letters.flush(&mut parent, orgs);
                }
            }
            c => letters.push(at, c),
        }
    }
    letters.flush(&mut parent, orgs);
}

impl Letters {
    fn push(&mut self, at: usize, c: char) {
        self.at.push((self.name.len(), at));
        self.name.push(c);
    }

    /// Whether the letters so far end in a level suffix.
    fn is_complete(&self) -> bool {
        name_to_cuts(&self.name).last().is_some_and(|cut| cut.end == self.name.len())
    }

    /// Whether they end in a level below which nothing is usually written on a line of its own.
    fn ends_in_leaf(&self) -> bool {
        name_to_cuts(&self.name).last().is_some_and(|cut| cut.end == self.name.len() && cut.level.rank >= 5)
    }

    /// Turns the letters into departments and forgets them.
    fn flush(&mut self, parent: &mut Vec<Part>, orgs: &mut Vec<Org>) {
        let name = std::mem::take(&mut self.name);
        self.name_to_orgs(&name, parent, orgs);
        self.name = name;
        self.name.clear();
        self.at.clear();
    }

    fn name_to_orgs(&self, name: &str, parent: &mut Vec<Part>, orgs: &mut Vec<Org>) {
        let (skip, code) = government_prefix(name).map_or((0, None), |(skip, code)| (skip, Some(code)));
        if skip > 0 && skip == name.len() {
            let part = Part { name: SmolStr::new(name), level: "government", rank: 0 };
            orgs.extend(self.span_of(0, name.len()).map(|span| Org { span, path: vec![part], government: code }));
            return;
        }
        let rest = name.get(skip..).unwrap_or_default();
        for (n, path) in cuts_to_paths(rest, &name_to_cuts(rest)).into_iter().enumerate() {
            let (Some(first), Some(last)) = (path.first(), path.last()) else { continue };
            // The government's name is of the department that follows it.
            let from = match (n, skip) {
                (0, 0) => first.0.start,
                (0, _) => 0,
                _ => first.0.start + skip,
            };
            let Some(span) = self.span_of(from, last.0.end + skip) else { continue };
            let top = first.1.rank;
            let above = parent.iter().filter(|p| top > RUNNING_RANK && p.rank < top).cloned();
            let whole: Vec<Part> = above.chain(path.into_iter().map(|p| p.1)).collect();
            parent.clone_from(&whole);
            orgs.push(Org { span, path: whole, government: code });
        }
    }

    /// The place in the scan view of a part of the name.
    fn span_of(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let start = self.at.get(self.at.partition_point(|l| l.0 < first))?.1;
        let next = self.at.partition_point(|l| l.0 < last);
        let &(from, at) = self.at.get(next.checked_sub(1)?)?;
        Some(start..at + last - from)
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
    let (mut cuts, mut start) = (Vec::new(), 0);
    for (at, c) in name.char_indices() {
        // Inside the suffix that was taken last.
        if at < start || !begins_a_level(c) {
            continue;
        }
        let before = name.get(start..at).unwrap_or_default();
        if let Some(level) = LEVELS.iter().find(|l| l.first == c && suffix_fits(name, before, at, l)) {
            let end = at + level.suffix.len();
            cuts.push(Cut { start, end, level });
            start = end;
        }
    }
    cuts
}

/// Whether a suffix of `tables/org_levels.tsv` begins with `c`.
fn begins_a_level(c: char) -> bool {
    matches!(c, '委' | '事' | 'セ' | 'グ' | 'チ' | '支' | '本' | '庁' | '局' | '部' | '所' | '館' | '場' | '課' | '室' | '監' | '係' | '班')
}

/// Whether a line ends with the last sign of a level suffix: with anything else no name ends there.
fn ends_in_level(line: &str) -> bool {
    line.chars().next_back().is_some_and(|last| LEVELS.iter().any(|l| l.suffix.ends_with(last)))
}

fn suffix_fits(name: &str, before: &str, at: usize, level: &Level) -> bool {
    let Some(rest) = name.get(at..).and_then(|s| s.strip_prefix(level.suffix)) else { return false };
    // A single sign before a suffix in kana is a name (Ｘセンター); before one in kanji it is the end of another word (…委員⏎会事務局).
    let kana = matches!(level.first, 'セ' | 'グ' | 'チ');
    let long_enough = before.chars().nth(1).is_some() || (kana && !before.is_empty());
    let last = before.chars().next_back();
    let next = rest.chars().next();
    // 課 before 長, 所 before 属 and their like are words of their own, unless the suffix before it closed the name (総務課長は no, 総務部長 neither).
    long_enough && !last.is_some_and(|c| one_of(c, level.not_before)) && !next.is_some_and(|c| one_of(c, level.not_after))
}

/// Groups cuts into paths: a new path begins where a suffix of the same or a higher rank comes again.
fn cuts_to_paths(name: &str, cuts: &[Cut]) -> Vec<Vec<(Range<usize>, Part)>> {
    let mut paths: Vec<Vec<(Range<usize>, Part)>> = Vec::new();
    for cut in cuts {
        let Some(text) = name.get(cut.start..cut.end) else { continue };
        let start = cut.start + text.len() - text.trim_start_matches(['・', '･']).len();
        let part = Part { name: SmolStr::new(text.trim_start_matches(['・', '･'])), level: cut.level.suffix, rank: cut.level.rank };
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
    if !name_to_cuts(whole).iter().any(|cut| cut.level.rank <= RUNNING_RANK) {
        return Vec::new();
    }
    let head = whole.split(' ').next().unwrap_or_default();
    for text in [whole, head].into_iter().take(if head == whole { 1 } else { 2 }) {
        let orgs = exact_orgs(scan, at..at + text.len());
        let amount_follows =
            text.len() == whole.len() || whole.get(text.len()..).is_some_and(|s| s.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        if !orgs.is_empty() && amount_follows {
            return division_below(scan, at, line.len()).map_or(orgs, |org| vec![org]);
        }
    }
    wrapped_org(scan, at, line.len()).into_iter().collect()
}

/// The division that the next line names, with the department of this line above it.
fn division_below(scan: &str, at: usize, line_len: usize) -> Option<Org> {
    let next = at + line_len + 1;
    let below = scan.get(next..)?.split('\n').next()?.trim_end();
    let short = ends_in_level(below) && below.chars().nth(MAX_NAME_CHARS).is_none();
    let org = <[Org; 1]>::try_from(if short { exact_orgs(scan, at..next + below.len()) } else { Vec::new() }).ok()?;
    let [org] = org;
    (org.span == (at..next + below.len())).then_some(org)
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
    let clause = letters.next().is_some_and(|c| one_of(c, "がをはにでとのもへや")) && letters.next().is_some_and(is_kanji);
    // …委員⏎会事務局 is a line of a name that was cut in two.
    let cut = name.starts_with("会事務局");
    !clause && !cut && name.chars().count() <= MAX_NAME_CHARS && name.chars().all(|c| is_name_char(c) || c == '・')
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
    if !ends_in_level(next_line) || next_line.chars().count() > MAX_NAME_CHARS || next_line.starts_with(' ') {
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
    fn every_level_is_looked_for() {
        assert!(LEVELS.len() >= 20 && LEVELS.iter().all(|l| begins_a_level(l.first)));
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
