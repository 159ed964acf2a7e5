//! One page through all steps.

use crate::assign::{Assignment, CellId, Locator, PageRun, page_to_runs, runs_to_cells};
use crate::blocks::{Flowing, Item, What, items_to_flow, run_to_item};
use crate::chain::marks_to_chains;
use crate::chars::blank;
use crate::edges::{Edge, Inkwell, raws_to_edges};
use crate::frame::{Direction, anchor_of};
use crate::graph::Graph;
use crate::harvest::{Harvest, Raw, page_to_harvest};
use crate::lattice::{Lattice, edges_to_lattice};
use crate::ledger::{PathEvidence, check_ledgers, paths_to_owners};
use crate::lines::glyphs_to_lines;
use crate::shapes::{Shapes, harvest_to_shapes};
use crate::soft::{shade_of, shades_to_bars, shades_to_soft};
use crate::split::{runs_to_words, split_by_text};
use crate::turn::{page_to_turn, turn_page};
use crate::visibility::{Areas, page_to_visibility};
use crate::{Cell, Flow, GlyphOwner, LayoutParams, PageLayout, Ruling, RulingStyle, Shape, Table, TextBlock};
use jisseki_model::{Glyph, Hidden, Page, Rect, Warned, Warning, WritingMode};
use std::collections::BTreeMap;

/// Lays out one page.
///
/// Every glyph and every path gets exactly one owner; the counts are checked before the result is returned (`layout/ledger`).
/// Warns: `layout/…`, see the catalog.
pub fn read_page(page: &Page, params: &LayoutParams) -> Warned<PageLayout> {
    let Some(turn) = page_to_turn(page) else { return read_upright(page, params) };
    let mut read = read_upright(&turn_page(page, turn), params);
    read.output.turn = Some(turn);
    for w in &mut read.warnings {
        w.bbox = w.bbox.map(|b| read.output.to_page(b));
    }
    read.warnings.push(Warning::new("layout/turned", "the text runs sideways: the page was turned for reading").on_page(page.number));
    read
}

fn read_upright(page: &Page, params: &LayoutParams) -> Warned<PageLayout> {
    let boxes: Vec<Rect> = page.glyphs.iter().map(glyph_box).collect();
    let params = &params.scaled_to(usual_em(page));
    let areas = Areas::of_page(page);
    let visibility = page_to_visibility(page, &boxes, &areas, params);
    let mut owners = visibility.owners;
    let mut warnings = Vec::new();
    let visible = |i: usize| owners.get(i).is_some_and(Option::is_none);
    let runs = page_to_runs(page, &boxes, visible, params);
    let em = runs_em(&runs);
    // Pages without anything drawn need no questions about what stands between rulings.
    let drawn = !page.paths.is_empty() || !page.images.is_empty();
    let ink = Inkwell::new(
        page.glyphs
            .iter()
            .zip(&boxes)
            .enumerate()
            .filter(|(i, (g, _))| drawn && visible(*i) && !blank(&g.text))
            .map(|(_, (g, b))| anchor_of(g, b)),
    );
    let baselines = runs_to_baselines(&runs);
    let mut ruled = page_to_ruled(page, &areas, &ink, &baselines, em, params);
    if !ruled.lattices.is_empty() {
        let guessed = split_by_text(&mut ruled.lattices, &runs_to_words(&runs, page, &boxes));
        let message = "borders that are not drawn were put where the text stands in columns or numbered rows";
        warnings.extend(guessed.into_iter().map(|b| Warning::new("layout/guessed-wall", message).at(page.place(b))));
    }
    let locator = Locator::new(&ruled.lattices);
    let assigned = runs_to_cells(&runs, page, &boxes, &locator, &ruled.shapes.shapes);
    let nesting = Nesting::new(&ruled.lattices, params);
    let flow = order_flow(&runs, &assigned, &ruled.lattices, &nesting, &boxes, params);

    let mut layout = PageLayout {
        number: page.number,
        width: page.width,
        height: page.height,
        scanned: visibility.scanned,
        unreadable_share: unreadable_share(page),
        ..PageLayout::default()
    };
    let mut table_number: BTreeMap<u32, u32> = BTreeMap::new();
    let builder = Builder { page, boxes: &boxes, ruled: &ruled, assigned: &assigned, nesting: &nesting, params };
    for piece in &flow {
        match piece {
            Flowing::Table(l) => {
                table_number.insert(*l, layout.tables.len() as u32);
                layout.order.push(Flow::Table(layout.tables.len() as u32));
                layout.tables.push(builder.table(*l, 0));
            }
            Flowing::Block(items) => {
                let ids: Vec<u32> = {
                    let mut ids: Vec<u32> =
                        items.iter().filter_map(|&i| assigned.outside.get(i as usize)).flat_map(|o| o.1.iter().copied()).collect();
                    ids.sort_unstable();
                    ids
                };
                let lines = glyphs_to_lines(&ids, page, &boxes, params);
                let block = layout.blocks.len() as u32;
                for &id in &ids {
                    own(&mut owners, id, GlyphOwner::Block { block });
                }
                let bbox = lines.iter().fold(Rect::EMPTY, |b, l| b.union(l.bbox));
                layout.order.push(Flow::Block(block));
                layout.blocks.push(TextBlock { bbox, lines });
            }
        }
    }
    for (cell, ids) in assigned
        .cells
        .iter()
        .map(|(c, i)| (c, i.as_slice()))
        .chain(assigned.floats.iter().flat_map(|(c, l)| l.iter().map(move |i| (c, i.as_slice()))))
    {
        let (root, region) = nesting.root(*cell);
        if let Some(&table) = table_number.get(&root) {
            for &id in ids {
                own(&mut owners, id, GlyphOwner::Cell { table, cell: region });
            }
        }
    }
    layout.glyph_owners = owners.into_iter().map(|o| o.unwrap_or(GlyphOwner::Unassigned)).collect();
    layout.glyph_blank = page.glyphs.iter().map(jisseki_model::Glyph::is_blank).collect();
    layout.rulings = ruled.rulings();
    layout.path_owners = paths_to_owners(page, &ruled.evidence(&runs));
    layout.shapes = ruled.shapes.shapes.clone();
    warn_about(page, &layout, &ruled, &assigned, visibility.ocr_layer, &boxes, &mut warnings);
    warnings.extend(check_ledgers(page, &layout));
    Warned { output: layout, warnings }
}

/// The glyph's advance box; upright horizontal text needs no corners.
fn glyph_box(g: &Glyph) -> Rect {
    if g.mode == WritingMode::Horizontal && g.up.x.abs() < 1e-9 && g.advance.y.abs() < 1e-9 && g.up.y < 0.0 {
        let (x0, x1) = (g.origin.x.min(g.origin.x + g.advance.x), g.origin.x.max(g.origin.x + g.advance.x));
        return Rect { x0, y0: g.origin.y + g.up.y * f64::from(g.ascent), x1, y1: g.origin.y + g.up.y * f64::from(g.descent) };
    }
    g.bbox()
}

fn own(owners: &mut [Option<GlyphOwner>], id: u32, owner: GlyphOwner) {
    if let Some(o) = owners.get_mut(id as usize) {
        o.get_or_insert(owner);
    }
}

/// Median size of the inked glyphs; 10 for a page without text.
fn usual_em(page: &Page) -> f64 {
    let mut sizes: Vec<f64> = page.glyphs.iter().filter(|g| g.size > 0.0 && !blank(&g.text)).map(|g| g.size).collect();
    let mid = sizes.len() / 2;
    if sizes.is_empty() {
        return 10.0;
    }
    *sizes.select_nth_unstable_by(mid, f64::total_cmp).1
}

fn runs_em(runs: &[PageRun]) -> f64 {
    let mut sizes: Vec<f64> = runs.iter().filter(|r| r.inked).map(|r| r.em).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
}

fn unreadable_share(page: &Page) -> f64 {
    let (n, bad) = page
        .glyphs
        .iter()
        .filter(|g| !blank(&g.text))
        .fold((0u32, 0u32), |(n, bad), g| (n + 1, bad + u32::from(g.text.contains('\u{FFFD}'))));
    if n == 0 { 0.0 } else { f64::from(bad) / f64::from(n) }
}

/// Upright runs as (baseline, em, start, end), sorted by baseline.
fn runs_to_baselines(runs: &[PageRun]) -> Vec<(f64, f64, f64, f64)> {
    let upright = runs.iter().filter(|r| r.direction == Direction::Right && r.inked);
    let mut out: Vec<_> = upright.map(|r| (r.v, r.em, r.u0, r.u1)).collect();
    out.sort_by(|a, b| a.0.total_cmp(&b.0));
    out
}

/// All that is drawn: edges, lattices, shapes.
pub(crate) struct Ruled {
    harvest: Harvest,
    /// Raw rulings that went into the edges, and the other paths that chains of marks were made of.
    raws: Vec<Raw>,
    raw_paths: Vec<Vec<u32>>,
    unchained: Vec<Raw>,
    edges: Vec<Edge>,
    in_table: Vec<bool>,
    pub(crate) lattices: Vec<Lattice>,
    pub(crate) shapes: Shapes,
}

fn page_to_ruled(page: &Page, areas: &Areas, ink: &Inkwell, baselines: &[(f64, f64, f64, f64)], em: f64, params: &LayoutParams) -> Ruled {
    let mut harvest = page_to_harvest(page, areas, params);
    let (chains, rest) = marks_to_chains(&harvest.marks);
    let mut shapes = harvest_to_shapes(&harvest, em, params);
    let mut raws: Vec<Raw> = Vec::new();
    let mut raw_paths: Vec<Vec<u32>> = Vec::new();
    for (raw, _) in harvest.raws.iter().zip(&shapes.taken).filter(|(_, t)| !**t) {
        raws.push(raw.clone());
        raw_paths.push(vec![raw.path]);
    }
    for (raw, paths) in chains {
        raws.push(raw);
        raw_paths.push(paths);
    }
    let mut unchained = Vec::new();
    for raw in rest {
        // A dash that is no part of a chain is a short ruling; a dot is nothing.
        if raw.end - raw.start > 3.5 && raw.end - raw.start >= 3.0 * raw.thickness {
            raw_paths.push(vec![raw.path]);
            raws.push(raw);
        } else {
            unchained.push(raw);
        }
    }
    let mut edges = raws_to_edges(&raws, ink, params);
    edges.extend(shades_to_soft(&harvest.shades, &edges, areas, page, params));
    let mut graph = Graph::new(edges, params);
    graph.drop_underlines(baselines, params);
    graph.reach_out(params);
    graph.close_open_sides(ink, params);
    graph.prune(params);
    let components = graph.components(params);
    let mut in_table = vec![false; graph.edges.len()];
    let mut lattices = Vec::new();
    let mut frames: Vec<Rect> = Vec::new();
    for c in components {
        let edges: Vec<&Edge> = c.iter().filter_map(|&i| graph.edges.get(i as usize)).collect();
        let Some(lattice) = edges_to_lattice(&edges, ink, params) else { continue };
        let soft = edges.iter().all(|e| e.style == RulingStyle::Soft);
        if lattice.regions.len() >= 2 && (!soft || is_shaded_table(&lattice, ink)) {
            for i in c {
                if let Some(t) = in_table.get_mut(i as usize) {
                    *t = true;
                }
            }
            lattices.push(lattice);
        } else if !lattice.regions.is_empty() && !soft {
            frames.push(lattice.bbox());
        }
    }
    lattices.sort_by(|a, b| {
        let (a, b) = (a.bbox(), b.bbox());
        a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0)).then(b.x1.total_cmp(&a.x1)).then(b.y1.total_cmp(&a.y1))
    });
    small_frames_to_boxes(&frames, &harvest, &lattices, em, &mut shapes);
    shapes.shapes.extend(shades_to_bars(&mut harvest.shades, &lattices, em));
    shapes.shapes.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)).then(a.seq.cmp(&b.seq)));
    Ruled { harvest, raws, raw_paths, unchained, edges: graph.edges, in_table, lattices, shapes }
}

/// Shaded areas alone are a table only where most of them hold text, two rows and two columns at least.
fn is_shaded_table(l: &Lattice, ink: &Inkwell) -> bool {
    let inked = l.regions.iter().map(|r| l.region_box(r)).filter(|b| ink.between(true, b.y0, b.y1, b.x0, b.x1)).count();
    l.xs.len() > 2 && l.ys.len() > 2 && l.regions.len() >= 4 && inked * 10 >= l.regions.len() * 6
}

/// A frame around one or a few lines, inside a cell and joined to nothing, is a floating box, too.
fn small_frames_to_boxes(frames: &[Rect], harvest: &Harvest, lattices: &[Lattice], em: f64, shapes: &mut Shapes) {
    for f in frames.iter().filter(|f| f.height() <= 4.0 * em && lattices.iter().any(|l| l.bbox().contains_rect(f, 0.0))) {
        let paths: Vec<u32> =
            harvest.boxes.iter().filter(|b| b.bbox.contains_rect(f, 3.0) && f.contains_rect(&b.bbox, 3.0)).map(|b| b.path).collect();
        let seq = harvest.boxes.iter().filter(|b| paths.contains(&b.path)).map(|b| b.seq).max().unwrap_or(0);
        shapes.shapes.push(Shape { kind: crate::ShapeKind::Box, bbox: *f, tip: None, paths, seq });
    }
}

impl Ruled {
    fn rulings(&self) -> Vec<Ruling> {
        let made = |(e, &in_table): (&Edge, &bool)| Ruling {
            horizontal: e.horizontal,
            position: e.pos,
            start: e.start,
            end: e.end,
            thickness: e.thickness,
            style: e.style,
            in_table,
        };
        // Soft edges that border nothing are no rulings.
        self.edges.iter().zip(&self.in_table).filter(|(e, t)| **t || e.hard()).map(made).collect()
    }

    fn evidence<'a>(&'a self, runs: &'a [PageRun]) -> PathEvidence<'a> {
        PathEvidence {
            harvest: &self.harvest,
            shapes: &self.shapes,
            edges: &self.edges,
            in_table: &self.in_table,
            raws: &self.raws,
            raw_paths: &self.raw_paths,
            unchained: &self.unchained,
            runs,
        }
    }
}

/// Which lattice lies in which cell of another.
pub(crate) struct Nesting {
    parent: Vec<Option<CellId>>,
    children: BTreeMap<CellId, Vec<u32>>,
}

impl Nesting {
    fn new(lattices: &[Lattice], params: &LayoutParams) -> Nesting {
        let boxes: Vec<Rect> = lattices.iter().map(Lattice::bbox).collect();
        let area = |b: &Rect| b.width() * b.height();
        let mut parent = vec![None; lattices.len()];
        for (i, b) in boxes.iter().enumerate() {
            let mut best: Option<(f64, CellId)> = None;
            for (j, (outer, l)) in boxes.iter().zip(lattices).enumerate() {
                if i == j || area(outer) <= area(b) || !outer.contains_rect(b, 2.0) {
                    continue;
                }
                for (k, r) in l.regions.iter().enumerate() {
                    let cell = l.region_box(r);
                    if cell.contains_rect(b, 2.0) && best.is_none_or(|x| area(&cell) < x.0) {
                        best = Some((area(&cell), (j as u32, k as u32)));
                    }
                }
            }
            if let Some(p) = parent.get_mut(i) {
                *p = best.map(|b| b.1);
            }
        }
        let mut nesting = Nesting { parent, children: BTreeMap::new() };
        for i in 0..lattices.len() as u32 {
            // A chain deeper than the limit is left flat: its tables stand on the page.
            if nesting.depth(i) > params.depth
                && let Some(p) = nesting.parent.get_mut(i as usize)
            {
                *p = None;
            }
            if let Some(cell) = nesting.parent_of(i) {
                nesting.children.entry(cell).or_default().push(i);
            }
        }
        nesting
    }

    fn parent_of(&self, lattice: u32) -> Option<CellId> {
        self.parent.get(lattice as usize).copied().flatten()
    }

    fn depth(&self, lattice: u32) -> usize {
        std::iter::successors(self.parent_of(lattice), |c| self.parent_of(c.0)).take(64).count()
    }

    /// The cell of the outermost table that holds a cell.
    fn root(&self, cell: CellId) -> CellId {
        std::iter::successors(Some(cell), |c| self.parent_of(c.0)).take(64).last().unwrap_or(cell)
    }
}

fn order_flow(
    runs: &[PageRun],
    assigned: &Assignment,
    lattices: &[Lattice],
    nesting: &Nesting,
    boxes: &[Rect],
    params: &LayoutParams,
) -> Vec<Flowing> {
    let mut items: Vec<Item> = Vec::new();
    for (i, l) in lattices.iter().enumerate() {
        if nesting.parent_of(i as u32).is_none() {
            items.push(Item { bbox: l.bbox(), em: 0.0, what: What::Table(i as u32) });
        }
    }
    for (i, (k, ids)) in assigned.outside.iter().enumerate() {
        if let Some(run) = runs.get(*k) {
            let bbox = ids.iter().filter_map(|&id| boxes.get(id as usize)).fold(Rect::EMPTY, |a, b| a.union(*b));
            items.push(run_to_item(run, bbox, i as u32));
        }
    }
    items_to_flow(items, params)
}

struct Builder<'a> {
    page: &'a Page,
    boxes: &'a [Rect],
    ruled: &'a Ruled,
    assigned: &'a Assignment,
    nesting: &'a Nesting,
    params: &'a LayoutParams,
}

impl Builder<'_> {
    fn table(&self, lattice: u32, depth: usize) -> Table {
        let Some(l) = self.ruled.lattices.get(lattice as usize) else { return Table::default() };
        let cells = l
            .regions
            .iter()
            .enumerate()
            .map(|(k, r)| {
                let id: CellId = (lattice, k as u32);
                let bbox = l.region_box(r);
                let mut lines =
                    self.assigned.cells.get(&id).map_or_else(Vec::new, |ids| glyphs_to_lines(ids, self.page, self.boxes, self.params));
                for ids in self.assigned.floats.get(&id).into_iter().flatten() {
                    let mut floats = glyphs_to_lines(ids, self.page, self.boxes, self.params);
                    floats.iter_mut().for_each(|f| f.floating = true);
                    lines.append(&mut floats);
                }
                let tables = if depth < self.params.depth {
                    self.nesting.children.get(&id).into_iter().flatten().map(|&c| self.table(c, depth + 1)).collect()
                } else {
                    Vec::new()
                };
                Cell {
                    row: r.row,
                    col: r.col,
                    row_span: r.row_span,
                    col_span: r.col_span,
                    bbox,
                    lines,
                    tables,
                    confidence: r.confidence,
                    shade: shade_of(&bbox, &self.ruled.harvest.shades),
                }
            })
            .collect();
        Table { bbox: l.bbox(), xs: l.xs.clone(), ys: l.ys.clone(), cells, closed_top: !l.open_top, closed_bottom: !l.open_bottom }
    }
}

#[allow(clippy::too_many_arguments)]
fn warn_about(page: &Page, layout: &PageLayout, ruled: &Ruled, assigned: &Assignment, ocr: bool, boxes: &[Rect], out: &mut Vec<Warning>) {
    let n = page.number;
    if ocr {
        out.push(Warning::new("layout/ocr-layer", "the page is an image with a hidden text layer, which was read").on_page(n));
    }
    let mut hidden = (0, Rect::EMPTY);
    let mut doubled = (0, Rect::EMPTY);
    for ((o, b), g) in layout.glyph_owners.iter().zip(boxes).zip(&page.glyphs) {
        if blank(&g.text) {
            continue;
        }
        match o {
            GlyphOwner::Hidden(h) if *h != Hidden::Clipped => hidden = (hidden.0 + 1, hidden.1.union(*b)),
            GlyphOwner::Duplicate { .. } => doubled = (doubled.0 + 1, doubled.1.union(*b)),
            _ => {}
        }
    }
    if hidden.0 > 0 {
        out.push(Warning::new("layout/hidden-text", format!("{} hidden glyphs were left out", hidden.0)).at(page.place(hidden.1)));
    }
    if doubled.0 > 0 {
        out.push(
            Warning::new("layout/duplicate-text", format!("{} glyphs drawn twice were read once", doubled.0)).at(page.place(doubled.1)),
        );
    }
    for b in &assigned.overflows {
        out.push(Warning::new("layout/overflow", "text runs over its cell's border and was kept in one cell").at(page.place(*b)));
    }
    for l in &ruled.lattices {
        let place = page.place(l.bbox());
        if l.cut {
            out.push(Warning::new("layout/non-rectangular-cell", "a region between rulings is no rectangle and was cut").at(place));
        }
        if l.ambiguous > 0 {
            out.push(Warning::new("layout/wall-ambiguous", format!("{} walls are drawn only in part", l.ambiguous)).at(place));
        }
    }
    let styles = |s: RulingStyle| ruled.edges.iter().zip(&ruled.in_table).filter(|(e, t)| **t && e.live && e.style == s).count();
    let made = styles(RulingStyle::Virtual);
    if made > 0 {
        out.push(Warning::new("layout/virtual-ruling", format!("{made} open sides of tables were closed")).on_page(n));
    }
    let soft = styles(RulingStyle::Soft);
    if soft > 0 {
        out.push(Warning::new("layout/soft-ruling", format!("{soft} borders are the edges of shaded areas")).on_page(n));
    }
}
