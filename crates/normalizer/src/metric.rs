//! What a comparison is about: the words before it.

use crate::atom::{Atom, Comparison};

/// Most characters of a metric's name.
const MAX_METRIC: usize = 40;
/// Bytes that are searched for the sentence before a series.
const MAX_SENTENCE: usize = 600;

/// Marks that open a line and are no part of what it says.
const BULLETS: [char; 16] = ['・', '○', '●', '◎', '■', '□', '◆', '◇', '▶', '▷', '*', '-', '※', ' ', '\t', '･'];

/// Returns the scan range of the metric and where the comparison then starts.
pub(crate) fn metric_before(scan: &str, atoms: &[Atom], comparison: &Comparison, start: usize) -> (Option<(usize, usize)>, usize) {
    if comparison.series
        && let Some(label) = common_label(scan, atoms, comparison)
    {
        return (Some(label), start);
    }
    let last = atoms.partition_point(|a| a.end <= start).checked_sub(1).and_then(|i| atoms.get(i)).map_or(0, |a| a.end);
    // Where the line starts, or the last value in it ends: nothing before that is searched, or a text without line breaks would be read over and over.
    let line = scan.get(last..start).map_or(last, |s| s.rfind('\n').map_or(last, |i| last + i + 1));
    if let Some((from, to)) = in_line(scan, line, start) {
        return (Some(trim_label(scan, from, to)), from);
    }
    if scan.get(line..start).is_some_and(|s| s.trim().is_empty()) {
        if let Some((from, to)) = heading_above(scan, line) {
            return (Some(trim_label(scan, from, to)), from);
        }
        if let Some(topic) = topic_above(scan, line).filter(|t| !holds_atom(atoms, *t)) {
            return (Some(topic), start);
        }
    }
    (None, start)
}

/// Whether an atom lies in a range; atoms do not overlap, so the last one that starts before its end tells.
fn holds_atom(atoms: &[Atom], range: (usize, usize)) -> bool {
    let next = atoms.partition_point(|a| a.start < range.1);
    next.checked_sub(1).and_then(|i| atoms.get(i)).is_some_and(|a| a.end > range.0)
}

/// The words between the last sentence or atom of the line and the first point.
fn in_line(scan: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let text = scan.get(from..to)?;
    let cut = text.rfind(['。', '、', '⇒']).map_or(0, |i| i + '。'.len_utf8());
    let words = text.get(cut..)?;
    let lead = words.len() - words.trim_start_matches(BULLETS).len();
    let solid = words.get(lead..)?.trim_end();
    let bare = solid.trim_end_matches([':', 'は', 'が', 'の', 'を', '(', '…', '】', '【']);
    let named = !bare.is_empty() && bare.chars().count() <= MAX_METRIC && bare.chars().any(char::is_alphabetic);
    named.then_some((from + cut + lead, from + cut + lead + solid.len()))
}

/// The line above if it is nothing but a 【heading】.
fn heading_above(scan: &str, line: usize) -> Option<(usize, usize)> {
    let above = scan.get(..line)?.strip_suffix('\n')?;
    let from = above.rfind('\n').map_or(0, |i| i + 1);
    let text = above.get(from..)?;
    let lead = text.len() - text.trim_start_matches(BULLETS).len();
    let solid = text.get(lead..)?.trim_end();
    let heading = solid.starts_with(['【', '〔']) && solid.ends_with(['】', '〕']) || solid.ends_with(':');
    (heading && solid.chars().count() <= MAX_METRIC).then_some((from + lead, from + lead + solid.len()))
}

/// The topic of the sentence that ends above: ・X は、…。
fn topic_above(scan: &str, line: usize) -> Option<(usize, usize)> {
    let head = scan.get(..line)?;
    // A blank line parts: what stands above it is another matter.
    if head.strip_suffix('\n').is_none_or(|above| above.trim_end_matches([' ', '\t']).ends_with('\n')) {
        return None;
    }
    let mut from = head.len().saturating_sub(MAX_SENTENCE);
    while !head.is_char_boundary(from) {
        from += 1;
    }
    let text = head.get(from..)?.trim_end();
    let body = text.strip_suffix('。').unwrap_or(text);
    // The sentence begins after the one before it, after a blank line, or at a bullet.
    let begin = ["。", "\n\n", "\n・", "\n○", "\n●", "\n※"].iter().filter_map(|m| body.rfind(m).map(|i| i + m.len())).max().unwrap_or(0);
    let sentence = body.get(begin..)?;
    let lead = sentence.len() - sentence.trim_start_matches(BULLETS).trim_start().len();
    let sentence = sentence.get(lead..)?;
    let end = sentence.find("は、").or_else(|| sentence.find("については")).or_else(|| sentence.find('は'))?;
    let topic = sentence.get(..end)?;
    let plain = topic.chars().count() <= MAX_METRIC && topic.chars().count() >= 2 && !topic.contains(['、', '「', '\u{3000}']);
    plain.then_some((from + begin + lead, from + begin + lead + topic.len()))
}

/// The label that stands before the amount of every point: 取得実人数…226人.
fn common_label(scan: &str, atoms: &[Atom], comparison: &Comparison) -> Option<(usize, usize)> {
    let mut first: Option<(usize, usize)> = None;
    for point in &comparison.points {
        let amount = atoms.get(point.amounts.start)?;
        let floor = point.when.and_then(|w| atoms.get(w)).map_or(0, |a| a.end);
        let text = scan.get(floor..amount.start)?;
        let solid = text.trim_end_matches(['…', ':', '・', ' ', '\t', 'は']);
        let cut = solid
            .rfind([')', '】', '\n', '、', '。', ']', '〕'])
            .map_or(0, |i| i + solid.get(i..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
        let label = solid.get(cut..)?.trim();
        let at = floor + cut + solid.get(cut..)?.find(label)?;
        if label.chars().count() < 2 || !label.chars().any(char::is_alphabetic) {
            return None;
        }
        match first {
            None => first = Some((at, at + label.len())),
            Some((from, to)) if scan.get(from..to) != Some(label) => return None,
            Some(_) => {}
        }
    }
    first
}

/// Cuts brackets, colons and particles from the ends of a label.
fn trim_label(scan: &str, from: usize, to: usize) -> (usize, usize) {
    let text = scan.get(from..to).unwrap_or_default();
    let head = text.trim_start_matches(['【', '〔', '(', '「', ' ', '\n']);
    let start = to - head.len();
    let solid = head.trim_end_matches([':', ' ', '\t', '\n', '】', '〕', '」', 'は', 'が', 'の', 'を', '…', '(', '・']);
    (start, start + solid.len())
}
