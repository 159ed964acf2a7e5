//! Text outside tables → blocks in reading order, by cutting the page along its white space (layout.md §10).

use crate::LayoutParams;
use crate::assign::PageRun;
use jisseki_model::Rect;

/// What stands outside cells: a table as a whole, or a run of text.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) bbox: Rect,
    pub(crate) em: f64,
    pub(crate) what: What,
}

/// See [`Item`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Table(u32),
    /// Index in the list of outside runs.
    Run(u32),
}

/// A piece of the page in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flowing {
    Table(u32),
    /// Runs of one block, unordered.
    Block(Vec<u32>),
}

/// Lines of a column of prose are at least this wide (em), and at least this many.
const COLUMN_WIDTH: f64 = 9.0;
const COLUMN_LINES: usize = 3;

/// Turns runs to items; the box is trimmed to the em so that tall font boxes do not bridge lines.
pub(crate) fn run_to_item(run: &PageRun, bbox: Rect, index: u32) -> Item {
    Item { bbox, em: run.em, what: What::Run(index) }
}

/// Orders the items of a page.
pub(crate) fn items_to_flow(items: Vec<Item>, params: &LayoutParams) -> Vec<Flowing> {
    let mut out = Vec::new();
    cut(items, params, 0, &mut out);
    out
}

/// Items whose boxes overlap in height, with the height they take.
struct Band {
    items: Vec<Item>,
    y0: f64,
    y1: f64,
}

fn to_bands(mut items: Vec<Item>) -> Vec<Band> {
    items.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)).then(key(a).cmp(&key(b))));
    let mut bands: Vec<Band> = Vec::new();
    for i in items {
        // Lines set tight overlap by their boxes: a third of an em does not join them.
        let slack = 0.3 * i.em;
        match bands.last_mut() {
            Some(b) if i.bbox.y0 < b.y1 - slack => {
                b.y1 = b.y1.max(i.bbox.y1);
                b.items.push(i);
            }
            _ => bands.push(Band { y0: i.bbox.y0, y1: i.bbox.y1, items: vec![i] }),
        }
    }
    bands
}

fn key(i: &Item) -> u32 {
    match i.what {
        What::Table(t) => t,
        What::Run(r) => r,
    }
}

/// White vertical stripes of a band between `lo` and `hi`, at least `width` wide.
fn stripes(items: &[Item], lo: f64, hi: f64, width: f64) -> Vec<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> = items.iter().map(|i| (i.bbox.x0, i.bbox.x1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = Vec::new();
    let mut at = lo;
    for (a, b) in spans {
        if a - at >= width {
            out.push((at, a));
        }
        at = at.max(b);
    }
    if hi - at >= width {
        out.push((at, hi));
    }
    out
}

fn intersect(a: &[(f64, f64)], b: &[(f64, f64)], width: f64) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    for x in a {
        for y in b {
            let (lo, hi) = (x.0.max(y.0), x.1.min(y.1));
            if hi - lo >= width {
                out.push((lo, hi));
            }
        }
    }
    out
}

fn cut(items: Vec<Item>, params: &LayoutParams, depth: usize, out: &mut Vec<Flowing>) {
    if items.is_empty() {
        return;
    }
    let extent = items.iter().fold(Rect::EMPTY, |b, i| b.union(i.bbox));
    let mut ems: Vec<f64> = items.iter().map(|i| i.em).filter(|e| *e > 0.0).collect();
    ems.sort_by(f64::total_cmp);
    let em = ems.get(ems.len() / 2).copied().unwrap_or(10.0);
    let width = params.column_gap * em;
    let bands = to_bands(items);
    let gaps: Vec<Vec<(f64, f64)>> = bands.iter().map(|b| stripes(&b.items, extent.x0 - width, extent.x1 + width, width)).collect();
    // Consecutive bands that share an inner stripe, with prose on both sides of it, are columns.
    let mut rows: Vec<Band> = Vec::new();
    let mut from = 0;
    let mut bands: Vec<Option<Band>> = bands.into_iter().map(Some).collect();
    while from < bands.len() {
        let mut to = from;
        let mut shared: Option<Vec<(f64, f64)>> = None;
        while let Some(g) = gaps.get(to) {
            let next = shared.as_ref().map_or_else(|| g.clone(), |s| intersect(s, g, width));
            if !next.iter().any(|s| s.0 > extent.x0 && s.1 < extent.x1) {
                break;
            }
            shared = Some(next);
            to += 1;
        }
        let stripe = if depth < 8 { shared.and_then(|s| columnar(&s, bands.get(from..to).unwrap_or_default(), extent, em)) } else { None };
        match stripe {
            Some(x) => {
                flush(&mut rows, em, out);
                let group: Vec<Item> =
                    bands.get_mut(from..to).unwrap_or_default().iter_mut().filter_map(Option::take).flat_map(|b| b.items).collect();
                let (left, right): (Vec<Item>, Vec<Item>) = group.into_iter().partition(|i| i.bbox.center().x < x);
                cut(left, params, depth + 1, out);
                cut(right, params, depth + 1, out);
                from = to;
            }
            None => {
                rows.extend(bands.get_mut(from).and_then(Option::take));
                from += 1;
            }
        }
    }
    flush(&mut rows, em, out);
}

/// The stripe that parts two columns of prose, or a table from what stands beside it.
fn columnar(stripes: &[(f64, f64)], bands: &[Option<Band>], extent: Rect, em: f64) -> Option<f64> {
    let mut inner: Vec<&(f64, f64)> = stripes.iter().filter(|s| s.0 > extent.x0 && s.1 < extent.x1).collect();
    inner.sort_by(|a, b| (b.1 - b.0).total_cmp(&(a.1 - a.0)).then(a.0.total_cmp(&b.0)));
    inner.into_iter().map(|s| (s.0 + s.1) / 2.0).find(|&x| {
        let side = |left: bool| -> Vec<&Item> {
            bands.iter().flatten().flat_map(|b| &b.items).filter(|i| (i.bbox.center().x < x) == left).collect()
        };
        let (l, r) = (side(true), side(false));
        if l.is_empty() || r.is_empty() {
            return false;
        }
        let has_table = |s: &[&Item]| s.iter().any(|i| matches!(i.what, What::Table(_)));
        has_table(&l) || has_table(&r) || is_prose(&l, em) && is_prose(&r, em)
    })
}

fn is_prose(side: &[&Item], em: f64) -> bool {
    // Width of each line: runs of one height together.
    let mut lines: Vec<(f64, f64, f64)> = Vec::new();
    for i in side {
        match lines.iter_mut().rev().take(4).find(|l| (l.0 - i.bbox.y1).abs() < 0.5 * em) {
            Some(l) => (l.1, l.2) = (l.1.min(i.bbox.x0), l.2.max(i.bbox.x1)),
            None => lines.push((i.bbox.y1, i.bbox.x0, i.bbox.x1)),
        }
    }
    let mut widths: Vec<f64> = lines.iter().map(|l| l.2 - l.1).collect();
    widths.sort_by(f64::total_cmp);
    widths.len() >= COLUMN_LINES && widths.get(widths.len() / 2).is_some_and(|w| *w >= COLUMN_WIDTH * em)
}

/// Rows of text to blocks: a table or a wide gap ends one.
fn flush(rows: &mut Vec<Band>, em: f64, out: &mut Vec<Flowing>) {
    let mut block: Vec<u32> = Vec::new();
    let mut last = f64::NEG_INFINITY;
    let mut last_em = 0.0;
    for band in rows.drain(..) {
        let tables: Vec<u32> = band.items.iter().filter_map(|i| if let What::Table(t) = i.what { Some(t) } else { None }).collect();
        let band_em = band.items.iter().map(|i| i.em).fold(0.0, f64::max);
        let gap = band.y0 - last;
        // A change of size ends a block, but ruby set close to its line stays with it.
        let resized = last_em > 0.0 && (band_em - last_em).abs() > 0.25 * last_em && gap > 0.25 * last_em.max(band_em);
        let apart = gap > 1.2 * em.max(band_em) || resized;
        if (apart || !tables.is_empty()) && !block.is_empty() {
            out.push(Flowing::Block(std::mem::take(&mut block)));
        }
        if tables.is_empty() {
            block.extend(band.items.iter().map(key));
            (last, last_em) = (band.y1, band_em);
            continue;
        }
        // Text beside a table that no stripe parts: what begins higher or farther left comes first.
        let mut items = band.items;
        items.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)).then(key(a).cmp(&key(b))));
        for i in items {
            match i.what {
                What::Table(t) => {
                    if !block.is_empty() {
                        out.push(Flowing::Block(std::mem::take(&mut block)));
                    }
                    out.push(Flowing::Table(t));
                }
                What::Run(r) => block.push(r),
            }
        }
        if !block.is_empty() {
            out.push(Flowing::Block(std::mem::take(&mut block)));
        }
        (last, last_em) = (f64::NEG_INFINITY, 0.0);
    }
    if !block.is_empty() {
        out.push(Flowing::Block(block));
    }
}
