//! The table's header in a dump: a run of words that all are header words.

use super::lines::Piece;
use crate::header::text_to_header;
use crate::narrow::squash;
use crate::profile::{Profile, Role};

/// A header found at `pieces[at..end]`: its columns in the order of the dump.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DumpHeader {
    pub(crate) at: usize,
    pub(crate) end: usize,
    pub(crate) columns: Vec<(Role, String)>,
}

/// Fewest columns of a header: fewer are found in prose.
const FEWEST: usize = 4;

/// Finds every header, repeated ones too.
pub(crate) fn pieces_to_headers(pieces: &[Piece], profile: &Profile) -> Vec<DumpHeader> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        match header_at(pieces, at, profile) {
            Some(h) => {
                at = h.end;
                out.push(h);
            }
            None => at += 1,
        }
    }
    out
}

/// Reads words from `at` on as long as they are header words, each role once.
fn header_at(pieces: &[Piece], at: usize, profile: &Profile) -> Option<DumpHeader> {
    let words: Vec<(usize, String)> = pieces
        .iter()
        .enumerate()
        .skip(at)
        .take(16)
        .take_while(|(_, p)| p.text.chars().count() <= 60)
        .flat_map(|(i, p)| p.raw.split_whitespace().map(move |w| (i, w.to_string())))
        .collect();
    let mut columns: Vec<(Role, String)> = Vec::new();
    let (mut w, mut end) = (0, at);
    while w < words.len() {
        let used = |r: Role| columns.iter().any(|(u, _)| *u == r);
        let Some((n, role)) = word_to_role(&words, w, profile, &used) else { break };
        let text: String = words.iter().skip(w).take(n).map(|(_, t)| t.as_str()).collect();
        columns.push((role, squash(&text)));
        w += n;
        // Only whole paragraphs belong to it.
        let last = words.get(w - 1).map_or(at, |l| l.0);
        if words.get(w).is_none_or(|next| next.0 > last) {
            end = last + 1;
        }
    }
    let cut: usize = words.iter().filter(|(i, _)| *i < end).count();
    let kept = columns_within(&columns, &words, cut);
    (kept.len() >= FEWEST && kept.iter().any(|(r, _)| matches!(r, Role::Title | Role::Number))).then_some(DumpHeader {
        at,
        end,
        columns: kept,
    })
}

/// Drops columns whose words lie beyond the header's last whole paragraph.
fn columns_within(columns: &[(Role, String)], words: &[(usize, String)], cut: usize) -> Vec<(Role, String)> {
    let room: usize = words.iter().take(cut).map(|(_, w)| squash(w).chars().count()).sum();
    let mut taken = 0;
    columns
        .iter()
        .take_while(|(_, t)| {
            taken += t.chars().count();
            taken <= room
        })
        .cloned()
        .collect()
}

/// Reads one header of one to three words: an exact one whose role is free, shortest first; else one word that holds a header word.
fn word_to_role(words: &[(usize, String)], at: usize, profile: &Profile, used: &dyn Fn(Role) -> bool) -> Option<(usize, Role)> {
    for n in 1..=3 {
        let text: String = words.get(at..at + n)?.iter().map(|(_, w)| w.as_str()).collect();
        let reading = text_to_header(&text, profile);
        // `取組` alone may be the first half of `取組達成度`.
        let longer = (n == 1).then(|| words.get(at + 1).map(|(_, w)| text_to_header(&format!("{text}{w}"), profile))).flatten();
        let longer = longer.and_then(|r| r.scores.into_iter().find(|(r, s)| *s >= 1.0 && !used(*r)));
        let free = reading.scores.iter().find(|(r, s)| *s >= 1.0 && !used(*r));
        match (free, longer) {
            (Some((Role::Title, _)), Some((longer, _))) if longer != Role::Title && text.chars().count() <= 2 => return Some((2, longer)),
            (Some((r, _)), _) => return Some((n, *r)),
            (None, _) => {}
        }
    }
    let text = words.get(at).map(|(_, w)| w.as_str())?;
    text_to_header(text, profile).scores.iter().find(|(r, s)| *s >= 0.8 && !used(*r)).map(|(r, _)| (1, *r))
}

/// Tells whether three words of a line or more are headers.
pub(super) fn is_header_line(line: &str, profile: &Profile) -> bool {
    let exact = |w: &&str| text_to_header(w, profile).scores.iter().any(|(_, s)| *s >= 1.0);
    line.chars().count() <= 60 && line.split_whitespace().filter(exact).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::lines::text_to_pieces;

    #[test]
    fn a_header_in_several_paragraphs_is_one() {
        let dump = "令和元年度 年度実績（確定版） \n\n番号 具体的取組 工程 令和元年度 取組実績 \n取組 \n\n達成度 \n\n取組状況 \n担当課 \n\n成果と課題、今後の方向性等 \n\nⅠ 協創 \n";
        let h = pieces_to_headers(&text_to_pieces(dump, &Profile::auto()), &Profile::auto());
        let roles: Vec<_> = h.iter().flat_map(|h| h.columns.iter().map(|(r, _)| r.name())).collect();
        assert_eq!(roles, ["number", "title", "plan", "results", "achievement", "status", "departments", "outlook"]);
        assert_eq!(h.first().map(|h| (h.at, h.end)), Some((1, 7)));
    }
}
