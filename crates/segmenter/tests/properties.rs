//! What may change on the page without changing a record: the order and widths of columns, how years are written, repeated headers, page breaks.

use jisseki_layout::{Cell, GlyphOwner, Line, LineGlyph, PageLayout, Space, Table};
use jisseki_model::{Initiative, Rect};
use jisseki_segmenter::{Profile, segment};
use proptest::prelude::*;

const EM: f64 = 10.0;
const LEADING: f64 = 14.0;

/// Columns of the test table: header, and what stands under it for each of three records.
const COLUMNS: [(&str, [&str; 3]); 6] = [
    ("番号", ["1", "2", "3"]),
    ("推進項目", ["窓口業務の見直し", "未利用地の売却", "職員研修の充実"]),
    (
        "令和４年度の取組実績",
        [
            "・総合窓口を本庁舎の１階に設置し、10月から運用を開始した。",
            "・一般競争入札を３回実施し、７件を売却した。",
            "・研修を12回開催し、延べ410人が受講した。",
        ],
    ),
    ("達成度", ["達成", "一部達成", "未達成"]),
    ("担当課", ["県民部窓口課", "財務部管財課", "総務部人事課"]),
    (
        "今後の方向性",
        ["・待ち時間の短縮について検討を進める。", "・境界の確定していない土地の測量を行う。", "・受講後の効果を測る方法を定める。"],
    ),
];

/// Words of the three years' cells.
const PLAN: [[&str; 3]; 3] = [["検討", "実施", "→"], ["実施", "実施", "実施"], ["", "検討", "実施"]];

/// How a table is drawn.
#[derive(Debug, Clone)]
struct Style {
    /// Order of the six columns and the plan (6).
    order: Vec<usize>,
    /// Width of each column in ems.
    widths: Vec<usize>,
    years: [&'static str; 3],
    /// Records on the first page; the rest stand on a second one, with or without the header.
    first_page: usize,
    repeat_header: bool,
}

#[derive(Default)]
struct Pen {
    glyphs: u32,
}

impl Pen {
    fn cell(&mut self, text: &str, at: (usize, usize), span: (usize, usize), bbox: Rect) -> Cell {
        let per_line = (((bbox.width() - 4.0) / EM) as usize).max(1);
        let chars: Vec<char> = text.chars().collect();
        let mut lines = Vec::new();
        for (k, part) in chars.chunks(per_line).enumerate() {
            let baseline = bbox.y0 + 12.0 + LEADING * k as f64;
            let glyphs: Vec<LineGlyph> = part
                .iter()
                .enumerate()
                .map(|(i, c)| {
                    self.glyphs += 1;
                    let x = bbox.x0 + 2.0 + EM * i as f64;
                    let text = c.to_string().into();
                    let bbox = Rect::new(x, baseline - 0.88 * EM, x + EM, baseline + 0.12 * EM);
                    LineGlyph { id: self.glyphs - 1, text, bbox, space_before: Space::None, annotation: false }
                })
                .collect();
            let bbox = glyphs.iter().fold(Rect::EMPTY, |b, g| b.union(g.bbox));
            lines.push(Line {
                bbox,
                baseline,
                em: EM,
                start: bbox.x0,
                end: bbox.x1,
                vertical: false,
                glyphs: glyphs.into(),
                floating: false,
            });
        }
        Cell { row: at.0, col: at.1, row_span: span.0, col_span: span.1, bbox, lines, tables: vec![], confidence: 1.0, shade: None }
    }
}

/// Draws some of the records as one page.
fn page(number: u32, style: &Style, records: std::ops::Range<usize>, header: bool) -> PageLayout {
    let mut pen = Pen::default();
    let widths: Vec<f64> = style.order.iter().map(|c| EM * style.widths[*c] as f64 + 4.0).collect();
    // The plan is three year columns wide.
    let mut xs = vec![40.0];
    let mut starts = Vec::new();
    for (c, w) in style.order.iter().zip(&widths) {
        starts.push(xs.len() - 1);
        for _ in 0..if *c == 6 { 3 } else { 1 } {
            let last = xs[xs.len() - 1];
            xs.push(last + if *c == 6 { w / 3.0 } else { *w });
        }
    }
    let mut ys = vec![60.0];
    if header {
        ys.extend([80.0, 100.0]);
    }
    for _ in records.clone() {
        ys.push(ys[ys.len() - 1] + 200.0);
    }
    let mut cells = Vec::new();
    let top = usize::from(header) * 2;
    for (slot, c) in style.order.iter().enumerate() {
        let (col, n) = (starts[slot], if *c == 6 { 3 } else { 1 });
        let across = |row: usize, to: usize, col: usize, n: usize| Rect::new(xs[col], ys[row], xs[col + n], ys[to]);
        if header && *c == 6 {
            cells.push(pen.cell("年次計画", (0, col), (1, 3), across(0, 1, col, 3)));
            for (k, year) in style.years.iter().enumerate() {
                cells.push(pen.cell(year, (1, col + k), (1, 1), across(1, 2, col + k, 1)));
            }
        } else if header {
            cells.push(pen.cell(COLUMNS[*c].0, (0, col), (2, n), across(0, 2, col, n)));
        }
        for (i, r) in records.clone().enumerate() {
            let row = top + i;
            #[expect(clippy::needless_range_loop, reason = "one column or the three of the plan")]
            for k in 0..n {
                let text = if *c == 6 { PLAN[r][k] } else { COLUMNS[*c].1[r] };
                cells.push(pen.cell(text, (row, col + k), (1, 1), across(row, row + 1, col + k, 1)));
            }
        }
    }
    cells.sort_by_key(|c| (c.row, c.col));
    let bbox = Rect::new(xs[0], ys[0], xs[xs.len() - 1], ys[ys.len() - 1]);
    let owner = GlyphOwner::Cell { table: 0, cell: 0 };
    let n = pen.glyphs as usize;
    let table = Table { bbox, xs, ys, cells, closed_top: true, closed_bottom: true, ..Table::default() };
    PageLayout {
        number,
        width: 2000.0,
        height: 900.0,
        tables: vec![table],
        glyph_owners: vec![owner; n],
        glyph_blank: vec![false; n],
        ..PageLayout::default()
    }
}

fn pages(style: &Style) -> Vec<PageLayout> {
    let mut out = vec![page(1, style, 0..style.first_page, true)];
    if style.first_page < 3 {
        out.push(page(2, style, style.first_page..3, style.repeat_header));
    }
    out
}

/// A record without its places and confidences: what must not change.
fn meaning(r: &Initiative) -> String {
    let blocks = |b: &[jisseki_model::Block]| {
        b.iter().flat_map(|b| b.paragraphs.iter().map(|p| format!("{:?}{}", p.marker, p.text))).collect::<Vec<_>>()
    };
    let phases: Vec<_> = r
        .schedule
        .iter()
        .flat_map(|s| s.items.iter().flat_map(|i| i.phases.iter().map(|p| (p.text.clone(), p.start_fiscal_year, p.end_fiscal_year))))
        .collect();
    let years = r.schedule.as_ref().map(|s| s.fiscal_years.clone());
    let departments: Vec<_> = r.departments.iter().map(|d| d.path.join("|")).collect();
    let status = r.achievement.as_ref().map(|a| a.status.clone());
    format!(
        "{:?} {} {:?} {status:?} {departments:?} {:?} {years:?} {phases:?} {:?}",
        r.number,
        r.title.text,
        blocks(&r.results),
        blocks(&r.outlook),
        r.extra.keys().collect::<Vec<_>>()
    )
}

fn plain() -> Style {
    Style { order: (0..7).collect(), widths: vec![4, 9, 20, 6, 8, 16, 15], years: ["R3", "R4", "R5"], first_page: 3, repeat_header: true }
}

fn styles() -> impl Strategy<Value = Style> {
    let years = prop_oneof![
        Just(["R3", "R4", "R5"]),
        Just(["令和３年度", "令和４年度", "令和５年度"]),
        Just(["３年度", "４年度", "５年度"]),
        Just(["2021", "2022", "2023"]),
    ];
    let widths = (4usize..6, 8usize..14, 14usize..40, 5usize..9, 7usize..12, 12usize..30, 18usize..30);
    (Just((0..7).collect::<Vec<_>>()).prop_shuffle(), widths, years, 1usize..=3, any::<bool>()).prop_map(
        |(order, w, years, first_page, repeat_header)| Style {
            order,
            widths: vec![w.0, w.1, w.2, w.3, w.4, w.5, w.6],
            years,
            first_page,
            repeat_header,
        },
    )
}

#[test]
fn the_plain_table_is_read() {
    let read = segment(&pages(&plain()), &Profile::auto()).output;
    assert_eq!(read.records.len(), 3);
    let first = meaning(&read.records[0]);
    assert!(
        first.contains("窓口業務の見直し") && first.contains("(\"検討\", Some(2021), Some(2021)), (\"実施\", Some(2022), Some(2023))"),
        "{first}"
    );
    assert_eq!(read.coverage.owned(), read.coverage.glyphs);
    assert_eq!(read.coverage.other, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn columns_may_be_permuted_widened_and_dated_otherwise(style in styles()) {
        let want: Vec<String> = segment(&pages(&plain()), &Profile::auto()).output.records.iter().map(meaning).collect();
        let read = segment(&pages(&style), &Profile::auto()).output;
        let got: Vec<String> = read.records.iter().map(meaning).collect();
        prop_assert_eq!(got, want);
        prop_assert_eq!(read.coverage.owned(), read.coverage.glyphs);
        prop_assert_eq!(read.coverage.unassigned, 0);
    }
}
