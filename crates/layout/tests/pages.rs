//! Pages made by hand, one pitfall each.

use jisseki_layout::{
    ArrowDirection, ColumnEdge, Evidence, GlyphOwner, LayoutParams, PageLayout, PathOwner, ShapeKind, layout_to_tables, layout_to_text,
    line_to_string, lines_to_paragraphs, read_page,
};
use jisseki_model::{Color, Dash, Glyph, GlyphStyle, Hidden, Image, Page, Paint, PathObject, Point, Rect, Segment, TextSource, Vector};

const BLACK: Paint = Paint { color: Color::BLACK, alpha: 1.0 };
const WHITE: Paint = Paint { color: Color::WHITE, alpha: 1.0 };
const ANYWHERE: Rect = Rect { x0: -1e5, y0: -1e5, x1: 1e5, y1: 1e5 };

#[derive(Default)]
struct Sheet {
    page: Page,
    seq: u32,
}

impl Sheet {
    fn new() -> Sheet {
        Sheet { page: Page { number: 1, width: 600.0, height: 400.0, ..Page::default() }, seq: 0 }
    }
    fn text(mut self, x: f64, y: f64, em: f64, text: &str) -> Sheet {
        self = self.painted(x, y, em, text, BLACK);
        self
    }
    fn painted(mut self, x: f64, y: f64, em: f64, text: &str, fill: Paint) -> Sheet {
        let (mut at, show) = (x, self.seq);
        let up = Vector { x: 0.0, y: -em };
        let style = self.page.push_style(GlyphStyle { size: em, up, fill, clip: ANYWHERE, ..GlyphStyle::UNKNOWN });
        for c in text.chars() {
            let width = if c.is_ascii() { em / 2.0 } else { em };
            self.seq += 1;
            self.page.glyphs.push(Glyph {
                text: c.to_string().into(),
                raw: None,
                origin: Point { x: at, y },
                advance: Vector { x: width, y: 0.0 },
                style,
                code: 0,
                cid: 0,
                seq: self.seq,
                show,
                source: TextSource::ToUnicode,
                hidden: None,
            });
            at += width;
        }
        self
    }
    fn path(mut self, points: &[(f64, f64)], closed: bool, fill: Option<Paint>, stroke: Option<Paint>) -> Sheet {
        self.seq += 1;
        let mut segments = vec![Segment::Move(Point { x: points[0].0, y: points[0].1 })];
        segments.extend(points[1..].iter().map(|p| Segment::Line(Point { x: p.0, y: p.1 })));
        if closed {
            segments.push(Segment::Close);
        }
        self.page.paths.push(PathObject {
            segments,
            fill,
            stroke,
            line_width: 0.6,
            dash: Dash::default(),
            clip: ANYWHERE,
            seq: self.seq,
            hidden: None,
        });
        self
    }
    fn image(mut self, b: Rect, mask: bool) -> Sheet {
        self.seq += 1;
        let quad = [(b.x0, b.y1), (b.x1, b.y1), (b.x1, b.y0), (b.x0, b.y0)].map(|(x, y)| Point { x, y });
        self.page.images.push(Image { quad, clip: ANYWHERE, seq: self.seq, mask, hidden: None });
        self
    }
    fn grid(mut self, xs: &[f64], ys: &[f64]) -> Sheet {
        for &y in ys {
            self = self.path(&[(xs[0], y), (xs[xs.len() - 1], y)], false, None, Some(BLACK));
        }
        for &x in xs {
            self = self.path(&[(x, ys[0]), (x, ys[ys.len() - 1])], false, None, Some(BLACK));
        }
        self
    }
    fn read(&self) -> PageLayout {
        let read = read_page(&self.page, &LayoutParams::standard());
        assert!(read.warnings.iter().all(|w| w.code != "layout/ledger" && w.code != "layout/unassigned"), "{:?}", read.warnings);
        read.output
    }
}

fn texts(layout: &PageLayout) -> Vec<String> {
    layout_to_tables(layout)[0].cells.iter().map(|c| c.text.clone()).collect()
}

#[test]
fn stacked_characters_are_read_from_right_to_left() {
    let mut sheet = Sheet::new().grid(&[50.0, 90.0, 200.0], &[50.0, 130.0, 210.0]);
    for (i, (right, left)) in "推進の".chars().zip("体制図".chars()).enumerate() {
        let y = 70.0 + 14.0 * i as f64;
        sheet = sheet.text(57.0, y, 10.0, &left.to_string()).text(73.0, y, 10.0, &right.to_string());
    }
    assert_eq!(texts(&sheet.read())[0], "推進の体制図");
}

#[test]
fn transparent_text_is_seen_where_its_outline_was_drawn_right_before() {
    const CLEAR: Paint = Paint { color: Color::BLACK, alpha: 0.0 };
    let outline = [(50.0, 92.0), (60.0, 91.0), (70.0, 93.0), (69.0, 101.0), (58.0, 100.0), (50.0, 99.0)];
    let flat = [(50.0, 91.0), (70.0, 91.0), (70.0, 101.0), (50.0, 101.0)];
    let read = |points: &[(f64, f64)]| {
        layout_to_text(&Sheet::new().path(points, true, Some(BLACK), None).painted(50.0, 100.0, 10.0, "実績", CLEAR).read())
    };
    assert_eq!(read(&outline).trim(), "実績");
    assert_eq!(read(&flat).trim(), "");
    // Over a scan it is what an OCR program left.
    let scan = Sheet::new().image(Rect::new(0.0, 0.0, 600.0, 400.0), false).painted(50.0, 100.0, 10.0, "実績", CLEAR);
    assert_eq!(layout_to_text(&scan.read()).trim(), "実績");
    assert!(read_page(&scan.page, &LayoutParams::standard()).warnings.iter().any(|w| w.code == "layout/ocr-layer"));
    // Something else was drawn between.
    let apart =
        Sheet::new().path(&outline, true, Some(BLACK), None).text(300.0, 100.0, 10.0, "年度").painted(50.0, 100.0, 10.0, "実績", CLEAR);
    assert_eq!(layout_to_text(&apart.read()).trim(), "年度");
}

#[test]
fn text_over_a_border_stays_in_its_cell() {
    let sheet = Sheet::new()
        .grid(&[50.0, 90.0, 200.0], &[50.0, 80.0, 110.0])
        .text(53.0, 68.0, 10.0, "研修の実施状況")
        .text(53.0, 98.0, 10.0, "課")
        .text(93.0, 98.0, 10.0, "内");
    assert_eq!(texts(&sheet.read()), ["研修の実施状況", "", "課", "内"]);
}

#[test]
fn glyphs_side_by_side_in_two_cells_are_parted() {
    let sheet = Sheet::new().grid(&[50.0, 90.0, 200.0], &[50.0, 80.0]).text(55.0, 68.0, 10.0, "甲乙").text(95.0, 68.0, 10.0, "丙丁");
    assert_eq!(texts(&sheet.read()), ["甲乙", "丙丁"]);
}

#[test]
fn what_cannot_be_seen_is_not_read() {
    let sheet = Sheet::new()
        .painted(60.0, 100.0, 10.0, "白", WHITE)
        .text(60.0, 150.0, 10.0, "下")
        .path(&[(50.0, 130.0), (200.0, 130.0), (200.0, 170.0), (50.0, 170.0)], true, Some(WHITE), None)
        .text(60.0, 200.0, 10.0, "見")
        .text(60.3, 200.0, 10.0, "見");
    let layout = sheet.read();
    assert_eq!(layout_to_text(&layout), "見\n");
    assert_eq!(
        layout.glyph_owners,
        [
            GlyphOwner::Hidden(Hidden::SameColor),
            GlyphOwner::Hidden(Hidden::Occluded),
            GlyphOwner::Block { block: 0 },
            GlyphOwner::Duplicate { of: 2 }
        ]
    );
}

#[test]
fn what_an_image_may_show_is_read() {
    // White on a masked picture or a translucent band is seen; a picture over text shows that text where transparency was flattened.
    let sheet = Sheet::new()
        .image(Rect::new(50.0, 30.0, 200.0, 70.0), true)
        .painted(60.0, 50.0, 10.0, "帯", WHITE)
        .path(&[(50.0, 130.0), (200.0, 130.0), (200.0, 170.0), (50.0, 170.0)], true, Some(Paint { color: Color::BLACK, alpha: 0.5 }), None)
        .painted(60.0, 150.0, 10.0, "薄", WHITE)
        .text(60.0, 250.0, 10.0, "写")
        .image(Rect::new(50.0, 230.0, 200.0, 270.0), false);
    let read = read_page(&sheet.page, &LayoutParams::standard());
    assert_eq!(layout_to_text(&read.output), "帯\n薄\n写\n");
    assert_eq!(read.warnings.iter().map(|w| w.code.as_ref()).collect::<Vec<_>>(), ["layout/text-below-image"]);
}

#[test]
fn arrows_are_shapes_and_part_no_row() {
    let grid = || Sheet::new().grid(&[50.0, 150.0, 190.0, 230.0, 270.0], &[50.0, 70.0, 130.0]);
    let block = grid()
        .path(
            &[(152.0, 85.0), (215.0, 85.0), (215.0, 79.0), (228.0, 91.0), (215.0, 103.0), (215.0, 97.0), (152.0, 97.0)],
            true,
            Some(BLACK),
            Some(BLACK),
        )
        .painted(165.0, 94.0, 8.0, "順次実施", WHITE);
    let layout = block.read();
    assert_eq!(layout.shapes.iter().map(|s| s.kind).collect::<Vec<_>>(), [ShapeKind::BlockArrow(ArrowDirection::Right)]);
    assert_eq!(layout.path_owners.last(), Some(&PathOwner::Arrow));
    assert_eq!((layout.tables[0].cells.len(), layout.tables[0].ys.len()), (8, 3));
    let labels: Vec<String> = layout.tables[0].cells.iter().flat_map(|c| &c.lines).filter(|l| l.floating).map(line_to_string).collect();
    assert_eq!(labels, ["順次実施"]);

    let line = grid().path(&[(152.0, 100.0), (262.0, 100.0)], false, None, Some(BLACK)).path(
        &[(262.0, 96.0), (268.0, 100.0), (262.0, 104.0)],
        true,
        Some(BLACK),
        None,
    );
    let layout = line.read();
    assert_eq!(layout.shapes.iter().map(|s| s.kind).collect::<Vec<_>>(), [ShapeKind::LineArrow(ArrowDirection::Right)]);
    assert_eq!((layout.shapes[0].bbox.x0, layout.shapes[0].bbox.x1), (152.0, 268.0));
    assert_eq!(layout.tables[0].cells.len(), 8);
}

#[test]
fn a_diagonal_and_an_underline_make_no_cells() {
    let sheet = Sheet::new()
        .grid(&[50.0, 150.0, 250.0], &[50.0, 90.0, 130.0])
        .path(&[(50.0, 130.0), (150.0, 90.0)], false, None, Some(BLACK))
        .text(160.0, 70.0, 10.0, "下線の文字")
        .path(&[(160.0, 71.5), (210.0, 71.5)], false, None, Some(BLACK));
    let layout = sheet.read();
    assert_eq!(layout.tables[0].cells.len(), 4);
    assert_eq!(layout.path_owners[6..], [PathOwner::Decoration, PathOwner::Underline]);
}

#[test]
fn columns_of_prose_are_read_one_after_the_other() {
    let mut sheet = Sheet::new().text(200.0, 40.0, 14.0, "表題が上にある頁");
    for i in 0..5 {
        let y = 80.0 + 15.0 * f64::from(i);
        sheet =
            sheet.text(50.0, y, 10.0, "左段の文章が続いていく様子を示す").text(320.0, y + 4.0, 10.0, "右段の文章が続いていく様子を示す");
    }
    let text = layout_to_text(&sheet.read());
    let lines: Vec<char> = text.lines().filter_map(|l| l.chars().next()).collect();
    assert_eq!(lines.iter().collect::<String>(), "表左左左左左右右右右右");
}

#[test]
fn ruby_stands_in_raw_alone() {
    let sheet = Sheet::new().text(60.0, 100.0, 12.0, "橡の木を植える").text(60.0, 88.5, 5.0, "とち");
    let layout = sheet.read();
    let paragraphs = lines_to_paragraphs(&layout.blocks[0].lines.iter().collect::<Vec<_>>(), &[], ColumnEdge::FromLines);
    assert_eq!((paragraphs[0].text.as_str(), paragraphs[0].raw.as_str()), ("橡の木を植える", "橡《とち》の木を植える"));
}

/// Rows of a label and two figures from `y` on, 14 points apart.
fn rows(mut sheet: Sheet, y: f64, rows: &[(&str, &str, &str)]) -> Sheet {
    for (i, (label, a, b)) in rows.iter().enumerate() {
        let y = y + 14.0 * i as f64;
        let right = |x: f64, t: &str| x - 5.0 * t.len() as f64;
        sheet = sheet.text(52.0, y, 10.0, label).text(right(200.0, a), y, 10.0, a).text(right(290.0, b), y, 10.0, b);
    }
    sheet
}

const FIGURES: [(&str, &str, &str); 4] =
    [("県税", "1,200", "98.5"), ("使用料", "310", "7"), ("財産収入", "45", "12.25"), ("計", "1,555", "100")];

fn rule(sheet: Sheet, y: f64, x0: f64, x1: f64) -> Sheet {
    sheet.path(&[(x0, y), (x1, y)], false, None, Some(BLACK))
}

#[test]
fn rules_above_and_below_rows_of_figures_bound_a_table() {
    let mut sheet = Sheet::new().text(52.0, 64.0, 10.0, "区分").text(175.0, 64.0, 10.0, "決算額").text(255.0, 64.0, 10.0, "構成比");
    for y in [50.0, 70.0, 130.0] {
        sheet = rule(sheet, y, 50.0, 300.0);
    }
    let layout = rows(sheet, 84.0, &FIGURES).read();
    assert_eq!(layout.tables.len(), 1);
    assert_eq!(layout.tables[0].evidence, Evidence::Aligned);
    assert!(layout.tables[0].cells.iter().all(|c| c.confidence < 0.7));
    let want = ["区分", "決算額", "構成比", "県税", "1,200", "98.5", "使用料", "310", "7", "財産収入", "45", "12.25", "計", "1,555", "100"];
    assert_eq!(texts(&layout), want);
}

#[test]
fn a_header_over_a_rule_of_its_own_spans_its_columns() {
    let mut sheet = Sheet::new().text(52.0, 78.0, 10.0, "区分").text(205.0, 62.0, 10.0, "令和元年度");
    sheet = sheet.text(170.0, 78.0, 10.0, "決算額").text(255.0, 78.0, 10.0, "構成比");
    for (y, x0) in [(50.0, 50.0), (66.0, 150.0), (84.0, 50.0), (145.0, 50.0)] {
        sheet = rule(sheet, y, x0, 300.0);
    }
    let layout = rows(sheet, 98.0, &FIGURES).read();
    let spans: Vec<_> =
        layout_to_tables(&layout)[0].cells.iter().take(4).map(|c| (c.row, c.col, c.row_span, c.col_span, c.text.clone())).collect();
    let cell = |r, c, rs, cs, t: &str| (r, c, rs, cs, t.to_owned());
    assert_eq!(spans, [cell(0, 0, 2, 1, "区分"), cell(0, 1, 1, 2, "令和元年度"), cell(1, 1, 1, 1, "決算額"), cell(1, 2, 1, 1, "構成比")]);
}

#[test]
fn prose_between_rules_or_in_a_frame_is_no_table() {
    let mut sheet = Sheet::new();
    for i in 0..6 {
        let y = 66.0 + 14.0 * f64::from(i);
        sheet = sheet.text(52.0, y, 10.0, "行財政改革の取組を進めてきました").text(230.0, y, 10.0, "その成果を次のとおり報告します。");
    }
    let between = rule(rule(sheet, 50.0, 50.0, 400.0), 150.0, 50.0, 400.0);
    assert!(between.read().tables.is_empty());
    let framed = between.path(&[(50.0, 50.0), (400.0, 50.0), (400.0, 150.0), (50.0, 150.0)], true, None, Some(BLACK));
    assert!(framed.read().tables.is_empty());
}

#[test]
fn figures_in_one_ruled_row_are_rows() {
    let sheet = Sheet::new().grid(&[50.0, 150.0, 300.0], &[50.0, 70.0, 140.0]).text(52.0, 64.0, 10.0, "区分");
    let layout = rows(sheet.text(165.0, 64.0, 10.0, "決算額").text(255.0, 64.0, 10.0, "構成比"), 84.0, &FIGURES).read();
    let t = &layout_to_tables(&layout)[0];
    assert_eq!((layout.tables[0].ys.len(), layout.tables[0].xs.len()), (6, 4));
    assert_eq!(t.cells.iter().map(|c| c.text.as_str()).collect::<Vec<_>>()[..6], ["区分", "決算額", "構成比", "県税", "1,200", "98.5"]);
}

#[test]
fn an_open_head_of_two_strokes_is_a_head() {
    let mut sheet = Sheet::new().grid(&[50.0, 150.0, 300.0], &[50.0, 110.0]);
    sheet = sheet.path(&[(70.0, 80.0), (250.0, 80.0)], false, None, Some(BLACK));
    sheet = sheet.path(&[(245.0, 77.0), (250.0, 80.0)], false, None, Some(BLACK)).path(
        &[(250.0, 80.0), (245.0, 83.0)],
        false,
        None,
        Some(BLACK),
    );
    let layout = sheet.read();
    assert_eq!(layout.shapes.len(), 1);
    assert_eq!(layout.shapes[0].kind, ShapeKind::LineArrow(ArrowDirection::Right));
    assert_eq!(layout.tables[0].cells.len(), 2);
}

#[test]
fn a_label_cut_by_a_border_keeps_clear_of_the_next_one() {
    let sheet = Sheet::new().grid(&[50.0, 94.0, 200.0], &[50.0, 80.0]).text(53.0, 68.0, 10.0, "検討・整備").text(104.5, 68.0, 10.0, "実施");
    assert_eq!(texts(&sheet.read()), ["検討・整備", "実施"]);
}

#[test]
fn a_section_without_verticals_lies_within_a_table_with_open_sides() {
    let mut sheet = Sheet::new().text(60.0, 104.0, 10.0, "Ⅰ 県民サービスの向上");
    for y in [50.0, 90.0, 110.0, 150.0, 190.0] {
        sheet = rule(sheet, y, 50.0, 350.0);
    }
    for x in [120.0, 220.0, 300.0] {
        for (y0, y1) in [(50.0, 90.0), (110.0, 190.0)] {
            sheet = sheet.path(&[(x, y0), (x, y1)], false, None, Some(BLACK));
        }
    }
    for (x, text) in [(60.0, "番号"), (130.0, "取組"), (230.0, "実績"), (310.0, "課")] {
        sheet = sheet.text(x, 74.0, 10.0, text).text(x, 134.0, 10.0, text).text(x, 174.0, 10.0, text);
    }
    let layout = sheet.read();
    assert_eq!(layout.tables.len(), 1);
    assert_eq!(layout.tables[0].cells.iter().filter(|c| c.col_span == 4).count(), 1);
}

/// Paragraphs of lines that begin at the given places in a column that is 12 ems wide.
fn paragraphs(lines: &[(f64, &str)]) -> Vec<String> {
    let mut sheet = Sheet::new().grid(&[50.0, 176.0, 200.0], &[50.0, 70.0 + 14.0 * lines.len() as f64]);
    for (i, (indent, text)) in lines.iter().enumerate() {
        sheet = sheet.text(52.0 + indent, 66.0 + 14.0 * i as f64, 10.0, text);
    }
    let layout = sheet.read();
    lines_to_paragraphs(&layout.tables[0].cells[0].lines.iter().collect::<Vec<_>>(), &[], ColumnEdge::At(172.0))
        .into_iter()
        .map(|p| p.text)
        .collect()
}

#[test]
fn lines_that_look_like_new_paragraphs_and_are_none() {
    let check = |lines: &[(f64, &str)], want: &[&str]| assert_eq!(paragraphs(lines), want);
    // The end of a word in brackets, no enumerator.
    check(&[(0.0, "手引き（ＣＳＩＲＴマニュア"), (0.0, "ル）の時点修正")], &["手引き（ＣＳＩＲＴマニュアル）の時点修正"]);
    // A colon in the rest of a label's line is no second label.
    check(&[(10.0, "公債費比率：目標14％以"), (0.0, "下⇒H30：14.2％")], &["公債費比率：目標14％以下⇒H30：14.2％"]);
    // 字下げ, where lines go on at the edge.
    check(
        &[
            (0.0, "・時差出勤の制度を全ての部"),
            (0.0, "署で本格実施し職員が利用"),
            (10.0, "実施期間は令和元年度の六月"),
            (0.0, "から翌年の三月までとし延"),
            (0.0, "長した"),
        ],
        &["時差出勤の制度を全ての部署で本格実施し職員が利用", "実施期間は令和元年度の六月から翌年の三月までとし延長した"],
    );
}

#[test]
fn every_box_has_an_owner_whatever_its_size() {
    for (w, h) in (1..16).flat_map(|w| (1..16).map(move |h| (f64::from(w) * 0.5, f64::from(h) * 0.5))) {
        let (x, y) = (100.0 + w, 100.0 + h);
        let layout = Sheet::new().path(&[(100.0, 100.0), (x, 100.0), (x, y), (100.0, y)], true, Some(BLACK), None).read();
        assert!(!layout.path_owners.contains(&PathOwner::Unknown), "{w} × {h}");
    }
}
