//! The ledgers: one owner for every glyph and every path, checked at run time (layout.md §12).

use crate::assign::Runs;
use crate::edges::Edge;
use crate::frame::Placed;
use crate::harvest::{Harvest, Paths, Raw};
use crate::shapes::Shapes;
use crate::{Cell, GlyphOwner, Line, PageLayout, PathOwner, RulingStyle, ShapeKind, Table};
use jisseki_model::{Page, Rect, Warning};

/// What is known of the page's paths.
pub(crate) struct PathEvidence<'a> {
    pub(crate) harvest: &'a Harvest,
    pub(crate) shapes: &'a Shapes,
    pub(crate) edges: &'a [Edge],
    pub(crate) in_table: &'a [bool],
    pub(crate) raws: &'a [Raw],
    pub(crate) raw_paths: &'a [Paths],
    pub(crate) unchained: &'a [Raw],
    pub(crate) runs: &'a Runs,
}

/// Returns one owner a path: the most telling of what it took part in.
pub(crate) fn paths_to_owners(page: &Page, evidence: &PathEvidence<'_>) -> Vec<PathOwner> {
    let mut owners = vec![PathOwner::Unknown; page.paths.len()];
    let mut claim = |path: u32, owner: PathOwner| {
        if let Some(o) = owners.get_mut(path as usize)
            && rank(owner) > rank(*o)
        {
            *o = owner;
        }
    };
    for &p in &evidence.harvest.hidden {
        claim(p, PathOwner::Hidden);
    }
    for &p in evidence.shapes.decoration.iter().chain(&evidence.harvest.drawings) {
        claim(p, PathOwner::Decoration);
    }
    for s in &evidence.harvest.shades {
        claim(s.path, PathOwner::Fill);
    }
    for &p in &evidence.harvest.strips {
        claim(p, PathOwner::Fill);
    }
    for m in evidence.unchained {
        claim(m.path, PathOwner::Decoration);
    }
    for s in &evidence.shapes.shapes {
        let owner = match s.kind {
            ShapeKind::LineArrow(_) | ShapeKind::BlockArrow(_) | ShapeKind::Connector => PathOwner::Arrow,
            ShapeKind::Bar => PathOwner::Bar,
            ShapeKind::Box => PathOwner::Box,
        };
        for &p in &s.paths {
            claim(p, owner);
        }
    }
    let mut seen = vec![false; evidence.raws.len()];
    for (edge, &in_table) in evidence.edges.iter().zip(evidence.in_table) {
        let owner = if in_table && edge.live {
            PathOwner::Ruling
        } else if edge.live && edge.hard() {
            PathOwner::Box
        } else if is_underline(edge, evidence.runs) {
            PathOwner::Underline
        } else {
            PathOwner::Decoration
        };
        for &r in &edge.raws {
            if let Some(s) = seen.get_mut(r as usize) {
                *s = true;
            }
            for &p in evidence.raw_paths.get(r as usize).into_iter().flatten() {
                claim(p, owner);
            }
        }
    }
    // Rulings beyond the limit of one page.
    for (paths, _) in evidence.raw_paths.iter().zip(&seen).filter(|(_, s)| !**s) {
        for &p in paths {
            claim(p, PathOwner::Decoration);
        }
    }
    owners
}

fn rank(owner: PathOwner) -> u8 {
    match owner {
        PathOwner::Unknown => 0,
        PathOwner::Hidden => 1,
        PathOwner::Decoration => 2,
        PathOwner::Fill => 3,
        PathOwner::Underline => 4,
        PathOwner::Box => 5,
        PathOwner::Ruling => 6,
        PathOwner::Bar => 7,
        PathOwner::Arrow => 8,
    }
}

/// A free horizontal stroke just below a baseline (or through the middle of a line), covered by its text.
fn is_underline(edge: &Edge, runs: &Runs) -> bool {
    if !edge.horizontal || matches!(edge.style, RulingStyle::Soft | RulingStyle::Virtual) {
        return false;
    }
    let baselines = runs.baselines();
    let from = baselines.partition_point(|b| b.0 < edge.pos - 60.0);
    let mut covered = 0.0;
    for &(v, em, u0, u1) in baselines.iter().skip(from).take_while(|b| b.0 <= edge.pos + 60.0) {
        let below = (edge.pos - v) / em;
        if (0.0..=0.3).contains(&below) || (-0.5..=-0.2).contains(&below) {
            covered += (edge.end.min(u1 + em) - edge.start.max(u0 - em)).max(0.0);
        }
    }
    covered >= 0.85 * edge.length()
}

/// Checks that the owners add up and that every line is backed by glyphs that its owner holds.
///
/// (a) one owner a glyph and a path; (b) the lines' characters are those of the owned glyphs; (c) nothing is invented. What fails is said,
/// with the first place.
pub(crate) fn check_ledgers(placed: &Placed<'_>, layout: &PageLayout) -> Vec<Warning> {
    let page = placed.page;
    let mut out = Vec::new();
    let mut times = vec![0u8; page.glyphs.len()];
    let mut wrong = 0usize;
    for_each_line(layout, &mut |line| {
        for g in line.glyphs.iter() {
            match (times.get_mut(g.id as usize), page.glyphs.get(g.id as usize)) {
                (Some(t), Some(glyph)) if glyph.text == g.text => *t = t.saturating_add(1),
                _ => wrong += 1,
            }
        }
    });
    let mut lost: Vec<usize> = Vec::new();
    for ((m, o), t) in placed.marks.iter().zip(&layout.glyph_owners).zip(times) {
        let is_wrong = match o {
            GlyphOwner::Cell { .. } | GlyphOwner::Block { .. } => t != 1 && !(m.blank && t == 0),
            o => {
                lost.extend(Some(m.id as usize).filter(|_| *o == GlyphOwner::Unassigned && !m.blank));
                t != 0
            }
        };
        wrong += usize::from(is_wrong);
    }
    if !lost.is_empty() {
        let glyphs = || lost.iter().filter_map(|&i| page.glyphs.get(i));
        let bbox = glyphs().fold(Rect::EMPTY, |b, g| b.union(page.bbox(g)));
        let text: String = glyphs().take(40).map(|g| g.text.as_str()).collect();
        out.push(
            Warning::new("layout/unassigned", format!("{} glyphs belong to no cell and no block: `{text}`", lost.len()))
                .at(page.place(bbox)),
        );
    }
    let uneven = layout.glyph_owners.len() != page.glyphs.len() || layout.path_owners.len() != page.paths.len();
    if wrong > 0 || uneven {
        out.push(Warning::new("layout/ledger", format!("{wrong} glyphs are not in exactly one line of their owner")).on_page(page.number));
    }
    out
}

/// Visits every line of the page, nested tables' too.
pub(crate) fn for_each_line<'a>(layout: &'a PageLayout, visit: &mut impl FnMut(&'a Line)) {
    fn table<'a>(t: &'a Table, visit: &mut impl FnMut(&'a Line)) {
        for c in &t.cells {
            cell(c, visit);
        }
    }
    fn cell<'a>(c: &'a Cell, visit: &mut impl FnMut(&'a Line)) {
        c.lines.iter().for_each(&mut *visit);
        for t in &c.tables {
            table(t, visit);
        }
    }
    for t in &layout.tables {
        table(t, visit);
    }
    for b in &layout.blocks {
        b.lines.iter().for_each(&mut *visit);
    }
}
