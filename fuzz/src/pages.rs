//! Pages made of fuzzed bytes: any glyphs and paths, and tables of texts that mean something.

use jisseki_layout::{GlyphOwner, LayoutParams, PageLayout, PathOwner, page_to_text, read_page};
use jisseki_model::{
    Color, Dash, Glyph, GlyphStyle, Hidden, Page, Paint, PathObject, Point, Rect, Segment, StyleId, TextSource, Vector, WritingMode,
};

/// Takes numbers off bytes; 0 where they end.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }
    /// A coordinate of a page, in half points; some lie outside, some very far.
    fn coordinate(&mut self) -> f64 {
        match self.byte() {
            255 => 1e6,
            254 => -1e6,
            253 => f64::from(self.byte()) / 256.0,
            high => f64::from(u16::from_be_bytes([high & 7, self.byte()])) / 2.0 - 50.0,
        }
    }
}

const TEXTS: [&str; 16] = ["あ", "実", "績", "1", "①", "□", " ", "\u{3000}", "・", "（", "年", "\u{FFFD}", "", "ab", "。", "⇒"];
const HIDDEN: [Option<Hidden>; 4] = [None, None, Some(Hidden::RenderMode), Some(Hidden::Clipped)];

fn paint(b: u8) -> Paint {
    let shade = f32::from(b & 3) / 3.0;
    Paint { color: Color { r: shade, g: shade, b: shade }, alpha: if b & 4 == 0 { 1.0 } else { 0.5 } }
}

/// The style of upright text of this size.
fn plain(size: f64) -> GlyphStyle {
    let clip = Rect { x0: 0.0, y0: 0.0, x1: 842.0, y1: 595.0 };
    GlyphStyle { size, up: Vector { x: 0.0, y: -size }, fill: paint(0), clip, ..GlyphStyle::UNKNOWN }
}

fn glyph(text: &str, x: f64, y: f64, advance: Vector, style: StyleId, seq: u32) -> Glyph {
    Glyph {
        text: text.into(),
        raw: None,
        origin: Point { x, y },
        advance,
        style,
        code: 0,
        cid: 0,
        seq,
        show: seq / 8,
        source: TextSource::ToUnicode,
        hidden: None,
    }
}

fn path(segments: Vec<Segment>, kind: u8, seq: u32) -> PathObject {
    let (fill, stroke) = (kind & 1 != 0, kind & 2 != 0 || kind & 1 == 0);
    let dash = if kind & 4 == 0 { Dash::default() } else { Dash { lengths: vec![1.0, 2.0], phase: 0.0 } };
    PathObject {
        segments,
        fill: fill.then(|| paint(kind >> 3)),
        stroke: stroke.then(|| paint(kind >> 5)),
        line_width: f64::from(kind >> 4) / 4.0,
        dash,
        clip: Rect { x0: 0.0, y0: 0.0, x1: 842.0, y1: 595.0 },
        seq,
        hidden: None,
    }
}

/// A page of the glyphs and paths that the bytes ask for.
pub fn any_page(data: &[u8]) -> Page {
    let mut bytes = Bytes(data);
    let mut page = Page { number: 1, width: 842.0, height: 595.0, ..Page::default() };
    let mut seq = 0;
    while !bytes.0.is_empty() {
        seq += 1;
        let kind = bytes.byte();
        let (x, y) = (bytes.coordinate(), bytes.coordinate());
        match kind & 7 {
            // A line of text, in any direction.
            0..=2 => {
                let size = f64::from(bytes.byte() % 40) / 2.0;
                let turn = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)][usize::from(kind >> 6)];
                let step = f64::from(bytes.byte()) / 100.0 * size;
                let advance = Vector { x: turn.0 * size, y: turn.1 * size };
                let up = Vector { x: turn.1 * size, y: -turn.0 * size };
                let style = GlyphStyle { up, fill: paint(kind >> 5), ..plain(size) };
                let (style, advance) = match kind & 7 {
                    2 => (GlyphStyle { mode: WritingMode::Vertical, up: plain(size).up, ..style }, Vector { x: 0.0, y: size }),
                    _ => (style, advance),
                };
                let style = page.push_style(style);
                for i in 0..=u32::from(kind >> 3 & 7) {
                    let at = f64::from(i) * step;
                    let text = TEXTS[usize::from(bytes.byte() & 15)];
                    let hidden = HIDDEN[usize::from(kind >> 4 & 3)];
                    page.glyphs.push(Glyph { hidden, ..glyph(text, x + turn.0 * at, y + turn.1 * at, advance, style, seq) });
                }
            }
            3 | 4 => {
                let (w, h) = (bytes.coordinate(), bytes.coordinate());
                let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)].map(|(x, y)| Point { x, y });
                let mut segments = vec![Segment::Move(corners[0])];
                segments.extend(corners[1..].iter().map(|p| Segment::Line(*p)));
                segments.push(Segment::Close);
                page.paths.push(path(segments, kind >> 3 ^ bytes.byte(), seq));
            }
            // Horizontal and vertical strokes: the stuff of tables.
            5 | 6 => {
                let length = bytes.coordinate();
                let end = if kind & 8 == 0 { Point { x: x + length, y } } else { Point { x, y: y + length } };
                page.paths.push(path(vec![Segment::Move(Point { x, y }), Segment::Line(end)], kind >> 4 << 1, seq));
            }
            _ => {
                let mut segments = vec![Segment::Move(Point { x, y })];
                for _ in 0..=kind >> 5 {
                    let mut point = || Point { x: bytes.coordinate(), y: bytes.coordinate() };
                    segments.push(if kind & 8 == 0 { Segment::Line(point()) } else { Segment::Curve(point(), point(), point()) });
                }
                page.paths.push(path(segments, kind, seq));
            }
        }
    }
    page
}

/// What stands in the cells of the tables made here.
const PIECES: &str = "番号|具体的取組|工程|取組実績|令和元年度取組実績|取組達成度|取組状況|担当課|成果と課題|1|2|3|①|②|(1)|No.3|Ⅰ|Ⅱ-1|28年度|29年度|元年度|平成28年度|達成済|一部達成|未着手|検討|実施|→|□研修の実施|・資料を作成した|（６月～７月）|総務部人事課|総務部|【平成28年度】|計画|\u{3000}| |\u{FFFD}|1\n|①\n②|a";

/// A page with one ruled table: its size, which rules are drawn and the texts of its cells come from the bytes.
pub fn table_page(data: &[u8], number: u32) -> Page {
    let pieces: Vec<&str> = PIECES.split('|').collect();
    let mut bytes = Bytes(data);
    let (columns, rows) = (1 + bytes.byte() % 9, 1 + bytes.byte() % 12);
    let xs: Vec<f64> = std::iter::once(40.0).chain((0..columns).scan(40.0, |x, _| {
        *x += 20.0 + f64::from(bytes.byte() % 80);
        Some(*x)
    })).collect();
    let ys: Vec<f64> = (0..=rows).map(|r| 50.0 + 40.0 * f64::from(r)).collect();
    let mut page = Page { number, width: 842.0, height: 595.0, ..Page::default() };
    let (mut seq, style) = (0, page.push_style(plain(8.0)));
    for (r, y) in ys.iter().enumerate() {
        for (c, x) in xs.iter().enumerate() {
            let kind = bytes.byte();
            let ends = [(kind & 7 != 7, xs.get(c + 1).map(|e| (*e, *y))), (kind & 56 != 56, ys.get(r + 1).map(|e| (*x, *e)))];
            for (_, end) in ends.iter().filter(|e| e.0) {
                let Some((x1, y1)) = *end else { continue };
                seq += 1;
                let line = vec![Segment::Move(Point { x: *x, y: *y }), Segment::Line(Point { x: x1, y: y1 })];
                page.paths.push(path(line, 0b0010_0010, seq));
            }
            if kind & 64 != 0 {
                continue;
            }
            let piece = pieces[usize::from(bytes.byte()) % pieces.len()];
            for (l, line) in piece.split('\n').enumerate() {
                for (i, c) in line.chars().enumerate() {
                    seq += 1;
                    let (x, y) = (x + 2.0 + 8.0 * (i % 8) as f64, y + 10.0 + 10.0 * (l + i / 8) as f64);
                    page.glyphs.push(glyph(c.encode_utf8(&mut [0; 4]), x, y, Vector { x: 8.0, y: 0.0 }, style, seq));
                }
            }
        }
    }
    page
}

/// Lays a page out; every glyph and every path has to have one owner, and none that can be seen none at all.
pub fn laid_out(page: &Page) -> PageLayout {
    let params = LayoutParams::standard();
    let read = read_page(page, &params);
    let layout = read.output;
    let ledger = read.warnings.iter().find(|w| w.code == "layout/ledger");
    assert!(ledger.is_none(), "{ledger:?}");
    assert_eq!(layout.glyph_owners.len(), page.glyphs.len());
    assert_eq!(layout.path_owners.len(), page.paths.len());
    let unassigned = read.warnings.iter().any(|w| w.code == "layout/unassigned");
    let lost = |(g, o): (&Glyph, &GlyphOwner)| *o == GlyphOwner::Unassigned && !g.is_blank();
    assert_eq!(page.glyphs.iter().zip(&layout.glyph_owners).any(lost), unassigned, "what nothing owns is told");
    assert!(layout.path_owners.iter().all(|o| *o != PathOwner::Unknown), "every path is something");
    let _ = page_to_text(page, &params);
    layout
}
