use super::*;
use jisseki_layout::{LayoutParams, read_page};
use jisseki_model::{Field, Initiative, Page, Rect};

fn place(x0: f64) -> Place {
    Place { page: 1, bbox: Rect { x0, y0: 10.0, x1: x0 + 20.0, y1: 20.0 } }
}

fn report(title: &str) -> Report {
    let field = Field { text: title.into(), places: vec![place(10.0), place(40.0)], ..Field::default() };
    let record = |n: i64| Initiative {
        record_id: format!("d-{n:03}"),
        number: Some(n),
        number_label: n.to_string(),
        title: field.clone(),
        ..Initiative::default()
    };
    let mut report = Report { initiatives: vec![record(1), record(2)], ..Report::default() };
    report.document.source.name = "a.pdf".into();
    report.warnings.push(Warning::new("layout/overflow", "text runs over").on_page(1));
    report
}

fn html(report: &Report) -> String {
    let page = Page { number: 1, width: 100.0, height: 100.0, ..Page::default() };
    let picture = page_to_picture(&page, &read_page(&page, &LayoutParams::standard()).output);
    report_to_html(Sheet { report, pages: &[(1, picture)] }, None, Lang::En)
}

#[test]
fn a_value_and_its_boxes_share_an_id_and_a_field_has_its_anchor() {
    let html = html(&report("title"));
    assert!(html.contains(r#"<h3 id="2/title" data-v="n2""#), "{html}");
    assert_eq!(html.matches(r#"<rect class="f-title" data-v="n2""#).count(), 2);
    assert_eq!(html.matches(r#"<article id="1">"#).count(), 1);
}

#[test]
fn numbers_that_stand_twice_are_told_apart_by_the_records_id() {
    let mut report = report("title");
    report.initiatives[1].number_label = "1".into();
    let html = html(&report);
    assert!(html.contains(r#"<article id="d-001">"#) && html.contains(r#"<article id="d-002">"#));
}

#[test]
fn hostile_text_is_inert() {
    let html = html(&report("</script><img src=x onerror=alert(1)>\u{202e}"));
    assert!(!html.contains("<img") && !html.contains('\u{202e}'));
    assert_eq!(html.matches("<script>").count(), 1);
    assert_eq!(html.matches("</script>").count(), 1);
}

#[test]
fn the_policy_names_the_script_and_the_style_and_nothing_else() {
    let html = html(&report("title"));
    let between =
        |from: &str, to: &str| html.split_once(from).and_then(|(_, r)| r.split_once(to)).map(|(t, _)| t.to_owned()).expect("there");
    let policy = between("Content-Security-Policy\" content=\"", "\"");
    let hash = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text)));
    assert!(policy.starts_with("default-src 'none'; "));
    assert!(policy.contains(&format!("script-src {};", hash(&between("<script>", "</script>")))));
    assert!(policy.contains(&format!("style-src {};", hash(&between("<style>", "</style>")))));
    assert_eq!(html.matches("<style").count(), 1);
    assert!(!html.contains(" style=") && !html.contains(" onclick") && !html.contains("http-equiv=\"refresh"));
}

#[test]
fn base64_is_that_of_the_rfc() {
    for (text, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
        assert_eq!(base64(text.as_bytes()), expected);
    }
}
