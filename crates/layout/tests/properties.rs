//! A table drawn in any way, moved, scaled, turned, cut into pieces or drawn twice has the cells that it was made with.

use jisseki_layout::{GlyphOwner, LayoutParams, PathOwner, layout_to_tables, layout_to_text, n_inked, read_page};
use jisseki_model::{Color, Dash, Glyph, GlyphStyle, Page, Paint, PathObject, Point, Rect, Segment, StyleId, TextSource, Vector};
use proptest::prelude::*;

const BLACK: Paint = Paint { color: Color::BLACK, alpha: 1.0 };
const ANYWHERE: Rect = Rect { x0: -1e5, y0: -1e5, x1: 1e5, y1: 1e5 };
const EM: f64 = 8.0;

/// A cell as it is meant: row, column, spans, text.
type Meant = (usize, usize, usize, usize, String);

#[derive(Debug, Clone)]
struct Plan {
    xs: Vec<f64>,
    ys: Vec<f64>,
    cells: Vec<Meant>,
}

/// Borders between cells as (horizontal, position, start, end).
fn borders(plan: &Plan) -> Vec<(bool, f64, f64, f64)> {
    let (rows, cols) = (plan.ys.len() - 1, plan.xs.len() - 1);
    let owner = |r: isize, c: isize| -> usize {
        plan.cells
            .iter()
            .position(|m| {
                let (r, c) = (usize::try_from(r).unwrap_or(usize::MAX), usize::try_from(c).unwrap_or(usize::MAX));
                r >= m.0 && r < m.0 + m.2 && c >= m.1 && c < m.1 + m.3
            })
            .unwrap_or(usize::MAX)
    };
    let mut out = Vec::new();
    for r in 0..=rows {
        for c in 0..cols {
            if owner(r as isize - 1, c as isize) != owner(r as isize, c as isize) {
                out.push((true, plan.ys[r], plan.xs[c], plan.xs[c + 1]));
            }
        }
    }
    for c in 0..=cols {
        for r in 0..rows {
            if owner(r as isize, c as isize - 1) != owner(r as isize, c as isize) {
                out.push((false, plan.xs[c], plan.ys[r], plan.ys[r + 1]));
            }
        }
    }
    out
}

fn path(points: &[(f64, f64)], closed: bool, fill: bool, stroke: bool) -> PathObject {
    let mut segments = vec![Segment::Move(Point { x: points[0].0, y: points[0].1 })];
    segments.extend(points[1..].iter().map(|p| Segment::Line(Point { x: p.0, y: p.1 })));
    if closed {
        segments.push(Segment::Close);
    }
    PathObject {
        segments,
        fill: fill.then_some(BLACK),
        stroke: stroke.then_some(BLACK),
        line_width: 0.5,
        dash: Dash::default(),
        clip: ANYWHERE,
        seq: 0,
        hidden: None,
    }
}

fn line(horizontal: bool, pos: f64, a: f64, b: f64) -> PathObject {
    path(&if horizontal { [(a, pos), (b, pos)] } else { [(pos, a), (pos, b)] }, false, false, true)
}

fn bar(horizontal: bool, pos: f64, a: f64, b: f64, thick: f64) -> PathObject {
    let (x0, x1, y0, y1) =
        if horizontal { (a, b, pos - thick / 2.0, pos + thick / 2.0) } else { (pos - thick / 2.0, pos + thick / 2.0, a, b) };
    path(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)], true, true, false)
}

/// The ways in which producers draw borders.
fn draw(plan: &Plan, way: u8) -> Vec<PathObject> {
    let all = borders(plan);
    match way % 5 {
        0 => all.iter().map(|&(h, p, a, b)| line(h, p, a, b)).collect(),
        1 => all.iter().map(|&(h, p, a, b)| bar(h, p, a, b, 0.48)).collect(),
        2 => plan
            .cells
            .iter()
            .map(|m| {
                let (x0, y0, x1, y1) = (plan.xs[m.1], plan.ys[m.0], plan.xs[m.1 + m.3], plan.ys[m.0 + m.2]);
                path(&[(x0, y0), (x1, y0), (x1, y1), (x0, y1)], true, false, true)
            })
            .collect(),
        // Dots of 1 pt with gaps of 1 pt.
        3 => all
            .iter()
            .flat_map(|&(h, p, a, b)| {
                (0..((b - a) / 2.0).ceil() as usize).map(move |k| bar(h, p, a + 2.0 * k as f64, (a + 2.0 * k as f64 + 1.0).min(b), 1.0))
            })
            .collect(),
        // Double lines 2.4 pt apart.
        _ => all.iter().flat_map(|&(h, p, a, b)| [line(h, p - 1.2, a - 1.2, b + 1.2), line(h, p + 1.2, a - 1.2, b + 1.2)]).collect(),
    }
}

/// The style of all glyphs.
const PLAIN: GlyphStyle = GlyphStyle { size: EM, up: Vector { x: 0.0, y: -EM }, fill: BLACK, clip: ANYWHERE, ..GlyphStyle::UNKNOWN };

fn glyph(text: &str, x: f64, y: f64) -> Glyph {
    Glyph {
        text: text.into(),
        raw: None,
        origin: Point { x, y },
        advance: Vector { x: EM, y: 0.0 },
        style: StyleId(0),
        code: 0,
        cid: 0,
        seq: 0,
        show: 0,
        source: TextSource::ToUnicode,
        hidden: None,
    }
}

fn to_page(plan: &Plan, paths: Vec<PathObject>) -> Page {
    let mut glyphs = vec![];
    for m in &plan.cells {
        let (x, y) = (plan.xs[m.1] + 3.0, plan.ys[m.0] + 11.0);
        glyphs.extend(m.4.chars().enumerate().map(|(i, c)| glyph(&c.to_string(), x + EM * i as f64, y)));
    }
    let mut page = Page { number: 1, width: 700.0, height: 600.0, glyphs, styles: vec![PLAIN], paths, ..Page::default() };
    number(&mut page);
    page
}

fn number(page: &mut Page) {
    let n = page.paths.len() as u32;
    page.paths.iter_mut().enumerate().for_each(|(i, p)| p.seq = i as u32);
    page.glyphs.iter_mut().enumerate().for_each(|(i, g)| g.seq = n + i as u32);
}

fn map_page(page: &Page, point: impl Fn(Point) -> Point, k: f64) -> Page {
    let origin = point(Point::default());
    let vector = |v: Vector| point(Point { x: v.x, y: v.y }) - origin;
    let mut out = page.clone();
    for g in &mut out.glyphs {
        (g.origin, g.advance) = (point(g.origin), vector(g.advance));
    }
    for s in &mut out.styles {
        (s.up, s.size) = (vector(s.up), s.size * k);
    }
    for p in &mut out.paths {
        p.line_width *= k;
        for s in &mut p.segments {
            *s = match *s {
                Segment::Move(a) => Segment::Move(point(a)),
                Segment::Line(a) => Segment::Line(point(a)),
                other => other,
            };
        }
    }
    out
}

/// Cells as read, in the form of [`Meant`], with the ledgers checked on the way.
fn cells_of(page: &Page) -> Vec<Meant> {
    let layout = read_page(page, &LayoutParams::standard());
    let bad: Vec<_> = layout.warnings.iter().filter(|w| w.code == "layout/ledger" || w.code == "layout/unassigned").collect();
    assert!(bad.is_empty(), "{bad:?}");
    let layout = layout.output;
    let tables = layout_to_tables(&layout);
    assert_eq!(tables.len(), 1, "tables");
    tables[0].cells.iter().map(|c| (c.row, c.col, c.row_span, c.col_span, c.text.clone())).collect()
}

prop_compose! {
    fn plan()(widths in prop::collection::vec(34.0..110.0_f64, 2..6), heights in prop::collection::vec(16.0..70.0_f64, 2..6),
        merges in prop::collection::vec((0..6_usize, 0..6_usize, 1..4_usize, 1..4_usize), 0..4)) -> Plan {
        let sum = |start: f64, v: &[f64]| {
            let mut at = vec![start];
            for w in v {
                at.push(at[at.len() - 1] + w);
            }
            at
        };
        let (xs, ys) = (sum(40.0, &widths), sum(50.0, &heights));
        let (rows, cols) = (heights.len(), widths.len());
        let mut taken = vec![vec![false; cols]; rows];
        let mut cells: Vec<(usize, usize, usize, usize)> = vec![];
        for (r, c, h, w) in merges {
            let fits = r + h <= rows && c + w <= cols && !(h == rows || w == cols) && (r..r + h).all(|y| (c..c + w).all(|x| !taken[y][x]));
            if fits && h * w > 1 {
                (r..r + h).for_each(|y| (c..c + w).for_each(|x| taken[y][x] = true));
                cells.push((r, c, h, w));
            }
        }
        (0..rows).for_each(|r| (0..cols).for_each(|c| if !taken[r][c] { cells.push((r, c, 1, 1)) }));
        cells.sort_unstable();
        let text = |i: usize| (0..3).filter_map(|k| char::from_u32(0x4E00 + 97 * i as u32 + 13 * k)).collect::<String>();
        Plan { xs, ys, cells: cells.into_iter().enumerate().map(|(i, (r, c, h, w))| (r, c, h, w, text(i))).collect() }
    }
}

/// Rows and columns that no border needs are not part of what can be seen.
fn visible(plan: &Plan) -> bool {
    let (rows, cols) = (plan.ys.len() - 1, plan.xs.len() - 1);
    (0..rows)
        .all(|r| plan.cells.iter().any(|m| m.0 == r || m.0 + m.2 == r) && plan.cells.iter().any(|m| m.0 + m.2 == r + 1 || m.0 == r + 1))
        && (0..cols).all(|c| plan.cells.iter().any(|m| m.1 == c || m.1 + m.3 == c))
}

/// Found by a random run: rulings in pieces of which some are as short as the dashes of a dashed line.
#[test]
fn pieces_as_short_as_dashes_are_parts_of_their_ruling() {
    let cells = (0..4).map(|i| (i / 2, i % 2, 1, 1, ["甲", "乙", "丙", "丁"][i].to_owned())).collect();
    let plan = Plan { xs: vec![40.0, 74.0, 108.0], ys: vec![50.0, 66.0, 82.0], cells };
    let pieces = |&(h, p, a, b): &(bool, f64, f64, f64)| {
        let step = (b - a) / 3.0;
        [line(h, p, a, a + step - 1.97), line(h, p, a + step, a + 2.0 * step - 1.97), line(h, p, a + 2.0 * step, b)]
    };
    assert_eq!(cells_of(&to_page(&plan, borders(&plan).iter().flat_map(pieces).collect())), plan.cells);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_are_those_meant_however_they_are_drawn(plan in plan(), way in 0..5_u8) {
        prop_assume!(visible(&plan));
        prop_assert_eq!(cells_of(&to_page(&plan, draw(&plan, way))), plan.cells);
    }

    #[test]
    fn moving_scaling_and_turning_change_no_cell(plan in plan(), way in 0..3_u8, dx in -30.0..60.0_f64, dy in -40.0..60.0_f64, k in 0.6..3.0_f64, turns in 0..4_u8) {
        prop_assume!(visible(&plan));
        let page = to_page(&plan, draw(&plan, way));
        let mut moved = map_page(&page, |p| Point { x: (p.x + dx) * k, y: (p.y + dy) * k }, k);
        (moved.width, moved.height) = (760.0 * k, 700.0 * k);
        for _ in 0..turns {
            let h = moved.height;
            moved = map_page(&moved, |p| Point { x: h - p.y, y: p.x }, 1.0);
            std::mem::swap(&mut moved.width, &mut moved.height);
        }
        prop_assert_eq!(cells_of(&moved), plan.cells);
    }

    #[test]
    fn paint_order_pieces_and_doubles_change_no_cell(plan in plan(), way in 0..3_u8, order in any::<u64>(), pieces in 1..4_usize, gap in 0.0..2.0_f64) {
        prop_assume!(visible(&plan));
        let mut paths: Vec<PathObject> = if way == 2 {
            draw(&plan, 2)
        } else {
            // Each border in pieces with small gaps.
            borders(&plan).iter().flat_map(|&(h, p, a, b)| {
                let step = (b - a) / pieces as f64;
                (0..pieces).map(move |i| {
                    let from = a + step * i as f64;
                    let to = if i + 1 == pieces { b } else { from + step - gap };
                    if way == 0 { line(h, p, from, to) } else { bar(h, p, from, to, 0.6) }
                })
            }).collect()
        };
        let mut seed = order | 1;
        for i in (1..paths.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            paths.swap(i, (seed >> 33) as usize % (i + 1));
        }
        let once = to_page(&plan, paths);
        prop_assert_eq!(cells_of(&once), plan.cells.clone());
        let mut twice = once.clone();
        twice.paths.extend(once.paths.clone());
        twice.glyphs.extend(once.glyphs.clone());
        number(&mut twice);
        prop_assert_eq!(cells_of(&twice), plan.cells);
    }

    #[test]
    fn no_glyph_is_lost_and_none_is_invented(spots in prop::collection::vec((0.0..690.0_f64, 10.0..590.0_f64, 0x4E00..0x9000_u32), 0..120), plan in plan()) {
        let mut page = to_page(&plan, draw(&plan, 0));
        page.glyphs.extend(spots.iter().filter_map(|&(x, y, c)| Some(glyph(&char::from_u32(c)?.to_string(), x, y))));
        number(&mut page);
        let layout = read_page(&page, &LayoutParams::standard());
        prop_assert!(layout.warnings.iter().all(|w| w.code != "layout/ledger" && w.code != "layout/unassigned"));
        let layout = layout.output;
        let kept = |i: &usize| matches!(layout.glyph_owners[*i], GlyphOwner::Cell { .. } | GlyphOwner::Block { .. });
        let mut want: Vec<char> = (0..page.glyphs.len()).filter(kept).flat_map(|i| page.glyphs[i].text.chars()).collect();
        let mut got: Vec<char> = layout_to_text(&layout).chars().filter(|c| !c.is_whitespace()).collect();
        want.sort_unstable();
        got.sort_unstable();
        prop_assert_eq!(got, want);
        prop_assert_eq!(layout.path_owners.len(), page.paths.len());
        prop_assert!(layout.path_owners.iter().all(|o| *o == PathOwner::Ruling));
        prop_assert!(n_inked(&page) >= plan.cells.len());
    }
}
