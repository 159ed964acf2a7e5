//! One page through all steps.

use crate::areas::Areas;
use crate::assign::{Assignment, CellId, Locator, Runs, page_to_runs, runs_to_cells};
use crate::blocks::{Flowing, Item, What, items_to_flow, run_to_item};
use crate::chain::{SHORT, marks_beside_rulings, marks_to_chains};
use crate::edges::{Edge, Inkwell, raws_to_edges};
use crate::frame::{Placed, ids_to_range};
use crate::graph::Graph;
use crate::harvest::{Harvest, Paths, Raw, page_to_harvest};
use crate::lattice::{Lattice, edges_to_lattice};
use crate::ledger::{PathEvidence, check_ledgers, paths_to_owners};
use crate::lines::glyphs_to_lines;
use crate::open::{Rule, rules_to_tables};
use crate::shapes::{Shapes, harvest_to_shapes};
use crate::soft::{shade_of, shades_to_bars, shades_to_soft};
use crate::split::{Word, runs_to_words, split_by_text};
use crate::strips::Strip;
use crate::turn::{placed_to_turn, turn_page};
use crate::visibility::{Visibility, page_to_visibility};
use crate::{Cell, Flow, GlyphOwner, LayoutParams, PageLayout, Ruling, RulingStyle, Shape, Table, TextBlock};
use jisseki_model::{Hidden, Page, Rect, Warned, Warning};
use smallvec::smallvec;
use std::collections::BTreeMap;

/// Lays out one page.
///
/// Every glyph and every path gets exactly one owner; the counts are checked before the result is returned (`layout/ledger`).
/// Warns: `layout/…`, see the catalog.
pub fn read_page(page: &Page, params: &LayoutParams) -> Warned<PageLayout> {
    let placed = Placed::new(page, params);
    let Some(turn) = placed_to_turn(&placed) else { return read_upright(&placed, params) };
    let mut read = read_upright(&Placed::new(&turn_page(page, turn), params), params);
    read.output.turn = Some(turn);
    for w in &mut read.warnings {
        w.bbox = w.bbox.map(|b| read.output.to_page(b));
    }
    read.warnings.push(Warning::new("layout/turned", "the text runs sideways: the page was turned for reading").on_page(page.number));
    read
}

fn read_upright(placed: &Placed<'_>, params: &LayoutParams) -> Warned<PageLayout> {
    let page = placed.page;
    let params = &params.scaled_to(usual_em(placed));
    let areas = Areas::of_page(page);
    let visibility = page_to_visibility(placed, &areas, params);
    let mut warnings = sights_to_warnings(&visibility, page.number);
    let mut owners = visibility.owners;
    let runs = page_to_runs(placed, &owners, visibility.all_read, params);
    let em = runs.em();
    let ink = Inkwell::new(placed, &runs);
    let mut ruled = page_to_ruled(page, &areas, &ink, &runs, em, params);
    if !ruled.edges.is_empty() {
        let words = runs_to_words(&runs, placed);
        let mut guessed = split_by_text(&mut ruled.lattices, &words);
        guessed.extend(ruled.find_open_tables(&words, em));
        let message = "borders that are not drawn were put where the text stands in columns or numbered rows";
        warnings.extend(guessed.into_iter().map(|b| Warning::new("layout/guessed-wall", message).at(page.place(b))));
    }
    let locator = Locator::new(&ruled.lattices);
    let assigned = runs_to_cells(&runs, placed, &locator, &ruled.shapes.shapes, em);
    let nesting = Nesting::new(&ruled.lattices, params);
    let flow = order_flow(&runs, &assigned, &ruled.lattices, &nesting, placed, params);

    let mut layout = PageLayout {
        number: page.number,
        width: page.width,
        height: page.height,
        scanned: visibility.scanned,
        unreadable_share: unreadable_share(placed),
        ..PageLayout::default()
    };
    let mut table_number: BTreeMap<u32, u32> = BTreeMap::new();
    let builder = Builder { placed, ruled: &ruled, assigned: &assigned, nesting: &nesting, params };
    for piece in &flow {
        match piece {
            Flowing::Table(l) => {
                table_number.insert(*l, layout.tables.len() as u32);
                layout.order.push(Flow::Table(layout.tables.len() as u32));
                layout.tables.push(builder.table(*l, 0));
            }
            Flowing::Block(items) => {
                let outside = items.iter().filter_map(|&i| assigned.outside.get(i as usize));
                let mut ids: Vec<u32> = outside.flat_map(|&(_, (from, to))| runs.slice(from, to)).copied().collect();
                ids.sort_unstable();
                let lines = glyphs_to_lines(&ids, placed, params);
                let block = layout.blocks.len() as u32;
                own(&mut owners, &ids, GlyphOwner::Block { block });
                let bbox = lines.iter().fold(Rect::EMPTY, |b, l| b.union(l.bbox));
                layout.order.push(Flow::Block(block));
                layout.blocks.push(TextBlock { bbox, lines });
            }
        }
    }
    let owner_of = |cell: CellId| {
        let (root, region) = nesting.root(cell);
        table_number.get(&root).map(|&table| GlyphOwner::Cell { table, cell: region })
    };
    for (i, l) in (0u32..).zip(&ruled.lattices) {
        for k in 0..l.regions.len() as u32 {
            if let Some(owner) = owner_of((i, k)) {
                own(&mut owners, assigned.glyphs_of((i, k)), owner);
            }
        }
    }
    for (&cell, labels) in &assigned.floats {
        if let Some(owner) = owner_of(cell) {
            labels.iter().for_each(|ids| own(&mut owners, ids, owner));
        }
    }
    layout.glyph_owners = owners;
    layout.glyph_blank = placed.marks.iter().map(|m| m.blank).collect();
    layout.rulings = ruled.rulings();
    layout.path_owners = paths_to_owners(page, &ruled.evidence(&runs));
    if runs.ids.len() < placed.marks.len() {
        warn_about_unread(placed, &layout.glyph_owners, &mut warnings);
    }
    warn_about(placed, &ruled, &assigned, &mut warnings);
    warnings.extend(check_ledgers(placed, &layout));
    layout.shapes = ruled.shapes.shapes;
    Warned { output: layout, warnings }
}

fn sights_to_warnings(visibility: &Visibility, page: u32) -> Vec<Warning> {
    let mut out = Vec::new();
    if visibility.ocr_layer {
        out.push(Warning::new("layout/ocr-layer", "the page is an image with a hidden text layer, which was read").on_page(page));
    }
    if visibility.below_images > 0 {
        let n = visibility.below_images;
        out.push(Warning::new("layout/text-below-image", format!("{n} glyphs lie below an image and were read")).on_page(page));
    }
    out
}

/// Gives glyphs to an owner: they were in no run before this one's.
fn own(owners: &mut [GlyphOwner], ids: &[u32], owner: GlyphOwner) {
    match ids_to_range(ids).and_then(|own| owners.get_mut(own)) {
        Some(own) => own.fill(owner),
        None => ids.iter().for_each(|&id| owners.get_mut(id as usize).into_iter().for_each(|o| *o = owner)),
    }
}

/// Median size of the inked glyphs; 10 for a page without text.
fn usual_em(placed: &Placed<'_>) -> f64 {
    let page = placed.page;
    let size = |s: &Strip| Some((page.style(page.glyphs.get(s.from as usize)?).size, s.n_inked as usize));
    let mut sizes: Vec<(f64, usize)> = placed.strips.iter().filter_map(size).filter(|s| s.0 > 0.0).collect();
    sizes.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let mid = sizes.iter().map(|s| s.1).sum::<usize>() / 2;
    let mut below = 0;
    let median = sizes.iter().find(|s| {
        below += s.1;
        below > mid
    });
    median.map_or(10.0, |s| s.0)
}

fn unreadable_share(placed: &Placed<'_>) -> f64 {
    let n_inked: u32 = placed.strips.iter().map(|s| s.n_inked).sum();
    if placed.n_unreadable == 0 { 0.0 } else { placed.n_unreadable as f64 / f64::from(n_inked) }
}

/// All that is drawn: edges, lattices, shapes.
pub(crate) struct Ruled {
    harvest: Harvest,
    /// Raw rulings that went into the edges, and the other paths that chains of marks were made of.
    raws: Vec<Raw>,
    raw_paths: Vec<Paths>,
    unchained: Vec<Raw>,
    edges: Vec<Edge>,
    in_table: Vec<bool>,
    pub(crate) lattices: Vec<Lattice>,
    /// Boxes with nothing drawn inside.
    frames: Vec<Rect>,
    pub(crate) shapes: Shapes,
}

fn page_to_ruled(page: &Page, areas: &Areas, ink: &Inkwell<'_>, runs: &Runs, em: f64, params: &LayoutParams) -> Ruled {
    let mut harvest = page_to_harvest(page, areas, params);
    let (chains, rest) = marks_to_chains(&harvest.marks);
    let mut shapes = harvest_to_shapes(&harvest, em, params);
    let room = harvest.raws.len() + chains.len() + rest.len();
    let mut raws: Vec<Raw> = Vec::with_capacity(room);
    let mut raw_paths: Vec<Paths> = Vec::with_capacity(room);
    for (raw, _) in harvest.raws.iter().zip(&shapes.taken).filter(|(_, t)| !**t) {
        raws.push(raw.clone());
        raw_paths.push(smallvec![raw.path]);
    }
    for (raw, paths) in chains {
        raws.push(raw);
        raw_paths.push(paths.into());
    }
    let mut unchained = Vec::new();
    let beside = marks_beside_rulings(&rest, &raws, params.join);
    for (raw, beside) in rest.into_iter().zip(beside) {
        // A dash that is no part of a chain is a short ruling, or a piece of the one beside it; a dot is nothing.
        if (raw.end - raw.start > SHORT || beside) && raw.end - raw.start >= 3.0 * raw.thickness {
            raw_paths.push(smallvec![raw.path]);
            raws.push(raw);
        } else {
            unchained.push(raw);
        }
    }
    let mut edges = raws_to_edges(&raws, ink, params);
    edges.extend(shades_to_soft(&harvest.shades, &edges, areas, page, em, params));
    let mut graph = Graph::new(edges, params);
    graph.drop_underlines(runs, params);
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
    sort_lattices(&mut lattices);
    small_frames_to_boxes(&frames, &harvest, &lattices, em, &mut shapes);
    shapes.shapes.extend(shades_to_bars(&mut harvest.shades, &lattices, em));
    shapes.shapes.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0).then(a.bbox.x0.total_cmp(&b.bbox.x0)).then(a.seq.cmp(&b.seq)));
    Ruled { harvest, raws, raw_paths, unchained, edges: graph.edges, in_table, lattices, frames, shapes }
}

fn sort_lattices(lattices: &mut [Lattice]) {
    lattices.sort_by(|a, b| {
        let (a, b) = (a.bbox(), b.bbox());
        a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0)).then(b.x1.total_cmp(&a.x1)).then(b.y1.total_cmp(&a.y1))
    });
}

/// Shaded areas alone are a table only where most of them hold text, two rows and two columns at least.
fn is_shaded_table(l: &Lattice, ink: &Inkwell<'_>) -> bool {
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
    /// Adds the tables that have no verticals; returns their boxes.
    fn find_open_tables(&mut self, words: &[Word], em: f64) -> Vec<Rect> {
        let free = |(e, t): &(&Edge, &bool)| e.horizontal && e.hard() && !**t;
        let rules: Vec<Rule> =
            self.edges.iter().zip(&self.in_table).filter(free).map(|(e, _)| Rule { y: e.pos, x0: e.start, x1: e.end }).collect();
        let ruled: Vec<Rect> = self.lattices.iter().map(Lattice::bbox).collect();
        let mut found = rules_to_tables(&rules, &self.frames, &ruled, words, em);
        let boxes: Vec<Rect> = found.iter().map(Lattice::bbox).collect();
        for (e, t) in self.edges.iter_mut().zip(&mut self.in_table).filter(|(e, t)| e.horizontal && e.hard() && !**t) {
            let p = jisseki_model::Point { x: (e.start + e.end) / 2.0, y: e.pos };
            if boxes.iter().any(|b| b.grown(1.0).contains(p)) {
                (*t, e.live) = (true, true);
            }
        }
        self.lattices.append(&mut found);
        sort_lattices(&mut self.lattices);
        boxes
    }

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

    fn evidence<'a>(&'a self, runs: &'a Runs) -> PathEvidence<'a> {
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
    runs: &Runs,
    assigned: &Assignment,
    lattices: &[Lattice],
    nesting: &Nesting,
    placed: &Placed<'_>,
    params: &LayoutParams,
) -> Vec<Flowing> {
    let mut items: Vec<Item> = Vec::new();
    for (i, l) in lattices.iter().enumerate() {
        if nesting.parent_of(i as u32).is_none() {
            items.push(Item { bbox: l.bbox(), em: 0.0, what: What::Table(i as u32) });
        }
    }
    for (i, &(k, (from, to))) in assigned.outside.iter().enumerate() {
        if let Some(run) = runs.list.get(k) {
            items.push(run_to_item(run, placed.bbox(runs.slice(from, to)), i as u32));
        }
    }
    items_to_flow(items, params)
}

struct Builder<'a> {
    placed: &'a Placed<'a>,
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
                let mut lines = glyphs_to_lines(self.assigned.glyphs_of(id), self.placed, self.params);
                for ids in self.assigned.floats.get(&id).into_iter().flatten() {
                    let mut floats = glyphs_to_lines(ids, self.placed, self.params);
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
        Table {
            bbox: l.bbox(),
            xs: l.xs.clone(),
            ys: l.ys.clone(),
            cells,
            closed_top: !l.open_top,
            closed_bottom: !l.open_bottom,
            evidence: l.evidence,
        }
    }
}

/// Says which glyphs are in no run.
fn warn_about_unread(placed: &Placed<'_>, owners: &[GlyphOwner], out: &mut Vec<Warning>) {
    let page = placed.page;
    let mut hidden = (0, Rect::EMPTY);
    let mut doubled = (0, Rect::EMPTY);
    for (o, m) in owners.iter().zip(&placed.marks) {
        match o {
            GlyphOwner::Hidden(h) if *h != Hidden::Clipped && !m.blank => hidden = (hidden.0 + 1, hidden.1.union(m.bbox())),
            GlyphOwner::Duplicate { .. } if !m.blank => doubled = (doubled.0 + 1, doubled.1.union(m.bbox())),
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
}

fn warn_about(placed: &Placed<'_>, ruled: &Ruled, assigned: &Assignment, out: &mut Vec<Warning>) {
    let page = placed.page;
    let n = page.number;
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
