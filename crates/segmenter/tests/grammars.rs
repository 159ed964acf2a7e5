//! Numbers, states, sections and axes as reports of many kinds print them, each read from a table made for it.

use jisseki_layout::{Cell, GlyphOwner, Line, LineGlyph, PageLayout, Space, Table};
use jisseki_model::{Initiative, Rect};
use jisseki_segmenter::{Profile, segment};

const EM: f64 = 10.0;
const ROW: f64 = 40.0;

/// Sets a text's lines into a cell's box.
fn set(text: &str, bbox: Rect, glyphs: &mut u32) -> Vec<Line> {
    let line = |(k, part): (usize, &str)| {
        let baseline = bbox.y0 + 12.0 + 14.0 * k as f64;
        let glyph = |(i, c): (usize, char)| {
            *glyphs += 1;
            let x = bbox.x0 + 2.0 + EM * i as f64;
            let bbox = Rect::new(x, baseline - 0.88 * EM, x + EM, baseline + 0.12 * EM);
            LineGlyph { id: *glyphs - 1, text: c.to_string().into(), bbox, space_before: Space::None, annotation: false }
        };
        let glyphs: Vec<LineGlyph> = part.chars().enumerate().map(glyph).collect();
        let bbox = glyphs.iter().fold(Rect::EMPTY, |b, g| b.union(g.bbox));
        Line { bbox, baseline, em: EM, start: bbox.x0, end: bbox.x1, vertical: false, glyphs: glyphs.into(), floating: false }
    };
    text.split('\n').filter(|t| !t.is_empty()).enumerate().map(line).collect()
}

/// Draws a table: one text a cell; a row of one cell is as wide as the table.
fn page(number: u32, rows: &[Vec<&str>]) -> PageLayout {
    let n = rows.iter().map(Vec::len).max().unwrap_or(1);
    let xs: Vec<f64> = (0..=n).map(|i| 40.0 + 140.0 * i as f64).collect();
    let ys: Vec<f64> = (0..=rows.len()).map(|i| 60.0 + ROW * i as f64).collect();
    let mut glyphs = 0;
    let mut cells = Vec::new();
    for (row, texts) in rows.iter().enumerate() {
        for (col, text) in texts.iter().enumerate() {
            let span = if texts.len() == 1 { n } else { 1 };
            let bbox = Rect::new(xs[col], ys[row], xs[col + span], ys[row + 1]);
            let lines = set(text, bbox, &mut glyphs);
            cells.push(Cell { row, col, row_span: 1, col_span: span, bbox, lines, tables: vec![], confidence: 1.0, shade: None });
        }
    }
    let bbox = Rect::new(xs[0], ys[0], xs[n], ys[rows.len()]);
    PageLayout {
        number,
        width: 1400.0,
        height: 1000.0,
        tables: vec![Table { bbox, xs, ys, cells, ..Table::default() }],
        glyph_owners: vec![GlyphOwner::Cell { table: 0, cell: 0 }; glyphs as usize],
        glyph_blank: vec![false; glyphs as usize],
        ..PageLayout::default()
    }
}

const HEAD: [&str; 5] = ["番号", "取組名", "実施内容", "達成度", "担当課"];

fn rows<'t>(of: &[(&'t str, &'t str)]) -> Vec<Vec<&'t str>> {
    let row = |(label, state): &(&'t str, &'t str)| vec![*label, "窓口の改善", "・案内係を置いた。", *state, "総務部人事課"];
    std::iter::once(HEAD.to_vec()).chain(of.iter().map(row)).collect()
}

fn read(pages: &[PageLayout], profile: &Profile) -> Vec<Initiative> {
    let read = segment(pages, profile).output;
    assert_eq!(read.coverage.owned(), read.coverage.glyphs);
    read.records
}

#[test]
fn numbers_are_read_as_they_are_printed() {
    for (labels, numbers) in [
        (["1 ①", "2 ②"], [Some(1), Some(2)]),
        (["(1)", "(2)"], [Some(1), Some(2)]),
        (["（９）", "（１０）"], [Some(9), Some(10)]),
        (["No.82", "No.83"], [Some(82), Some(83)]),
        (["No.R1-1", "No.R1-2"], [None, None]),
        (["Ⅰ-1-(1)", "Ⅰ-1-(2)"], [None, None]),
        (["改革1→取組事項(1)", "改革1→取組事項(2)"], [None, None]),
        (["第3号", "第4号"], [Some(3), Some(4)]),
        (["①", "②"], [Some(1), Some(2)]),
        (["1\u{fffd}", "2\u{fffd}"], [Some(1), Some(2)]),
    ] {
        let records = read(&[page(1, &rows(&labels.map(|l| (l, "達成"))))], &Profile::auto());
        assert_eq!(records.iter().map(|r| r.number).collect::<Vec<_>>(), numbers, "{labels:?}");
        let printed = records.iter().map(|r| format!("{}{}", r.number_label, r.sub_label.as_deref().unwrap_or("")));
        let want = labels.map(|l| l.replace([' ', '\u{fffd}'], ""));
        assert_eq!(printed.map(|p| p.replace('\u{fffd}', "")).collect::<Vec<_>>(), want);
    }
}

#[test]
fn states_are_read_in_every_vocabulary() {
    for (states, want) in [
        (["達成済", "達成", "一部達成", "未達成"], ["achieved", "achieved", "partly_achieved", "not_achieved"]),
        (["未着手", "取組中", "完了", "継続"], ["not_started", "in_progress", "completed", "continued"]),
        (["S", "Ａ", "B", "D"], ["graded"; 4]),
        (["◎", "○", "△", "×"], ["graded"; 4]),
        (["100％", "85%", "７２．５％", "0%"], ["percent"; 4]),
    ] {
        let labelled: Vec<(&str, &str)> = ["1", "2", "3", "4"].into_iter().zip(states).collect();
        let records = read(&[page(1, &rows(&labelled))], &Profile::auto());
        let got: Vec<_> = records.iter().filter_map(|r| r.achievement.as_ref()).map(|a| a.status.as_str()).collect();
        assert_eq!(got, want, "{states:?}");
    }
}

#[test]
fn a_profile_gives_numbers_and_states_of_its_own() {
    let profile = Profile::from_toml("[[number]]\npattern = \"^(?P<code>推進\\\\d+号)\"\n[achievement]\n\"花丸\" = \"achieved\"");
    let profile = profile.unwrap_or_else(|e| panic!("{e}"));
    let records = read(&[page(1, &rows(&[("推進1号", "花丸"), ("推進2号", "花丸")]))], &profile);
    let got: Vec<_> = records.iter().map(|r| (r.number_label.as_str(), r.achievement.as_ref().map(|a| a.status.as_str()))).collect();
    assert_eq!(got, [("推進1号", Some("achieved")), ("推進2号", Some("achieved"))]);
}

#[test]
fn sections_stand_over_their_records_and_records_go_on() {
    let mut first = rows(&[("1", "達成"), ("2", "達成")]);
    first.insert(1, vec!["Ⅰ　窓口の改革"]);
    first.insert(3, vec!["■ 財政の健全化"]);
    let second = vec![HEAD.to_vec(), vec!["2（続き）", "", "・さらに窓口を広げた。", "", ""]];
    let records = read(&[page(1, &first), page(2, &second)], &Profile::auto());
    let section = |r: &Initiative| r.section.as_ref().map(|s| s.title.clone()).unwrap_or_default();
    assert_eq!(records.iter().map(section).collect::<Vec<_>>(), ["窓口の改革", "財政の健全化"]);
    let paragraphs = |r: &Initiative| r.results.iter().map(|b| b.paragraphs.len()).sum::<usize>();
    assert_eq!(records.iter().map(paragraphs).collect::<Vec<_>>(), [1, 2]);
}

/// A phase's text, and its first and last year and month.
type Phase = (String, Option<i32>, Option<u8>, Option<i32>, Option<u8>);

/// Words and years of the first record's plan.
fn plan(head: &[&str], cells: &[&str], profile: &Profile) -> Vec<Phase> {
    let table = vec![
        [&["番号", "取組名", "担当課"], head].concat(),
        [&["1", "窓口の改善", "総務課"], cells].concat(),
        [&["2", "窓口の改善", "総務課"], cells].concat(),
    ];
    let records = read(&[page(1, &table)], profile);
    let items = records.first().and_then(|r| r.schedule.as_ref()).map(|s| s.items.clone()).unwrap_or_default();
    let phase = |p: &jisseki_model::Phase| (p.text.clone(), p.start_fiscal_year, p.start_month, p.end_fiscal_year, p.end_month);
    items.iter().flat_map(|i| &i.phases).map(phase).collect()
}

#[test]
fn quarters_are_phases_where_the_profile_says_so_and_columns_else() {
    let profile = Profile::from_toml("part_years = true\n[document]\nfiscal_year = 2024").unwrap_or_else(|e| panic!("{e}"));
    let head = ["第１四半期", "第２四半期", "第３四半期", "第４四半期"];
    let want = |text: &str, from: u8, to: u8| (text.to_string(), Some(2024), Some(from), Some(2024), Some(to));
    assert_eq!(plan(&head, &["検討", "→", "実施", "実施"], &profile), [want("検討", 4, 9), want("実施", 10, 3)]);
    assert_eq!(plan(&["４～６月", "７～９月"], &["検討", "実施"], &profile), [want("検討", 4, 6), want("実施", 7, 9)]);
    assert_eq!(plan(&head, &["検討", "→", "実施", "実施"], &Profile::auto()), []);
    let table = [[&HEAD[..2], &["担当課"], &head[..]].concat(), vec!["1", "窓口", "総務課", "検討", "", "", ""]];
    let records = read(&[page(1, &table)], &Profile::auto());
    assert_eq!(records.first().map(|r| r.extra.len()), Some(4));
}

#[test]
fn a_word_wrapped_in_its_year_cell_is_one_phase() {
    let auto = Profile::auto();
    let want = |text: &str, from: i32, to: i32| (text.to_string(), Some(from), None, Some(to), None);
    assert_eq!(
        plan(&["R3", "R4", "R5"], &["検討・\n整備", "順次実\n施", "→"], &auto),
        [want("検討・整備", 2021, 2021), want("順次実施", 2022, 2023)]
    );
}

#[test]
fn tables_without_numbers_give_no_records() {
    let table = vec![vec!["区分", "歳入", "歳出", "差引"], vec!["一般会計", "1,200", "1,100", "100"], vec!["特別会計", "300", "290", "10"]];
    assert!(read(&[page(1, &table)], &Profile::auto()).is_empty());
}

/// Reads one form: number, title, results, achievement, outlook.
fn form(rows: &[Vec<&str>]) -> Option<(Option<i64>, String, String, String, String)> {
    let mut records = read(&[page(1, rows)], &Profile::auto());
    assert!(records.len() < 2);
    let r = records.pop()?;
    let first =
        |blocks: &[jisseki_model::Block]| blocks.iter().flat_map(|b| &b.paragraphs).map(|p| p.text.clone()).collect::<Vec<_>>().join("／");
    let state = r.achievement.as_ref().map(|a| a.text.clone()).unwrap_or_default();
    Some((r.number, r.title.text.clone(), first(&r.results), state, first(&r.outlook)))
}

#[test]
fn forms_are_read_whatever_stands_in_their_values() {
    let want = |title: &str| Some((Some(3), title.to_string(), "案内係を置いた。".into(), "達成".into(), "来年度も続ける。".into()));
    let values =
        [vec!["担当課", "総務課"], vec!["達成度", "達成"], vec!["取組実績", "案内係を置いた。"], vec!["今後の課題", "来年度も続ける。"]];
    // A value may hold a label's very words.
    let numbered = [vec!["番号", "3"], vec!["取組名", "今後の窓口の検討"]];
    assert_eq!(form(&[&numbered[..], &values[..]].concat()), want("今後の窓口の検討"));
    // Number and title in a bar over the form.
    assert_eq!(form(&[&[vec!["No.3　窓口の改善"]][..], &values[..]].concat()), want("窓口の改善"));
    // Labels over their values.
    let over = [
        vec!["番号", "取組名", "担当課", "達成度"],
        vec!["3", "窓口の改善", "総務課", "達成"],
        vec!["令和元年度 取組実績"],
        vec!["案内係を置いた。"],
        vec!["今後の課題"],
        vec!["来年度も続ける。"],
    ];
    assert_eq!(form(&over), want("窓口の改善"));
}
