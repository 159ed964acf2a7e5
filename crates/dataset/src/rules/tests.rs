use super::*;
use crate::{Format, Item, PackageOptions, PackageWriter, report_to_rows, sample};
use tempfile::TempDir;

fn package() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let options = PackageOptions { formats: vec![Format::Csv, Format::Jsonl], tag: "test".into() };
    let mut writer = PackageWriter::create(dir.path(), options).expect("opens");
    let report = sample::report();
    writer.add(&[Item { rows: report_to_rows(&report, &report.document.document_id), lines: String::new() }]).expect("adds");
    writer.finish(&[]).expect("finishes");
    dir
}

fn lost(score: &Score) -> Vec<&'static str> {
    score.results.iter().filter(|r| !r.passed).map(|r| r.id).collect()
}

#[test]
fn there_are_thirty_rules() {
    let ids: Vec<&str> = rules().map(|r| r.id).collect();
    assert_eq!((ids.len(), ids[0], ids[29]), (30, "L1-01", "L3-09"));
    assert!(ids.is_sorted());
}

#[test]
fn our_package_scores_full_marks() {
    let score = check_path(package().path()).expect("checks");
    assert_eq!(score.results.iter().flat_map(|r| &r.findings).collect::<Vec<_>>(), Vec::<&Finding>::new());
    assert_eq!((score.passed, score.total, score.files.len()), (30, 30, 10));
}

/// A table that keeps all rules, with its descriptor; each case changes one thing and loses the rules named, the first being its own.
const GOOD: &str = "area_code,fiscal_year,program,status,amount,unit,date_start\n24000,2019,saiban,done,1200,JPY,2019-04-01\n24000,2020,kenshu,done,800,JPY,2020-04-01\n\
                    24000,2020,kosodate,open,650,JPY,2020-05-10\n";
const SCHEMA: &str = r#"{"version": "1", "resources": [{"path": "t.csv", "encoding": "utf-8", "schema": {"fields": [{"name": "area_code"}, {"name": "fiscal_year"},
  {"name": "program"}, {"name": "status"}, {"name": "amount"}, {"name": "unit"}, {"name": "date_start"}]}}]}"#;
const CODES: &str = "table,column,code,label\nt,status,done,done\nt,status,open,open\n";

#[track_caller]
fn check_with(csv: &str, schema: &str, codes: &str, expected: &[&str]) {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in [("t.csv", csv), ("datapackage.json", schema), ("codes.csv", codes)] {
        std::fs::write(dir.path().join(name), text).expect("writes");
    }
    let score = check_path(&dir.path().join("t.csv")).expect("checks");
    let findings: Vec<_> =
        score.results.iter().flat_map(|r| &r.findings).map(|f| format!("{} {:?} {:?} {}", f.rule, f.line, f.column, f.message)).collect();
    assert_eq!(lost(&score), expected, "{findings:#?}");
}

/// Changes one text of the good table.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(GOOD.contains(from), "{from}");
    let renamed = if from.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
        SCHEMA.replace(&format!("\"{from}\""), &format!("\"{to}\""))
    } else {
        SCHEMA.to_owned()
    };
    check_with(&GOOD.replacen(from, to, 1), &renamed, CODES, expected);
}

#[test]
fn a_good_table_keeps_all_rules() {
    check("done", "done", &[]);
}

#[test]
fn a_bad_table_loses_them_one_by_one() {
    check("24000,2020,kenshu", ",,,,,,\n24000,2020,kenshu", &["L1-02"]);
    check("area_code,", "実績一覧,,,,,,\narea_code,", &["L1-03", "L3-01"]);
    check("650,JPY,2020-05-10\n", "650,JPY,2020-05-10\n※速報値,,,,,,\n", &["L1-04", "L3-06"]);
    check("program", "status", &["L1-05", "L2-05"]);
    check("kenshu", "ken  shu", &["L1-06"]);
    check("saiban", "裁判、子育て", &["L1-07"]);
    check("saiban", "①saiban", &["L1-08"]);
    check("1200", "-", &["L1-09"]);
    check("saiban", "⇒⇒", &["L1-10"]);
    check("saiban", "=A1&A2", &["L1-11"]);
    check("kenshu", "〃", &["L1-12"]);
    check("1200", "\"1,200\"", &["L1-13"]);
    check("kenshu", "\"ken\nshu\"", &["L1-07", "L1-14"]);
    check("kenshu", "ken\"shu", &["L1-15"]);
    check("1200", "1200円", &["L2-01"]);
    check("24000,2019,saiban,done,1200", "24000,会計期間,saiban,done,金額", &["L2-02"]);
    check("program", "計", &["L2-03", "L3-08"]);
    check("done", "dropped", &["L2-05"]);
    check("2019-04-01", "2019/4/1", &["L2-06"]);
    check("800,JPY,2020-04-01", "800,JPY,2020-04-01,x", &["L3-01"]);
    check("24000,2019,saiban", "24000,令和元年度,saiban", &["L3-05"]);
    check("24000,2019", "三重県,2019", &["L3-06"]);
    check("amount", "amount(千円)", &["L3-04", "L3-08"]);
    check("program", "事業名", &["L3-08"]);
}

#[test]
fn a_table_without_its_package_loses_what_only_a_package_can_give() {
    check_with(GOOD, "{}", CODES, &["L3-07", "L3-08"]);
    check_with(GOOD, &SCHEMA.replace(r#""version": "1", "#, ""), CODES, &["L3-07"]);
    check_with(GOOD, &SCHEMA.replace("utf-8", "shift_jis"), CODES, &["L3-08"]);
    check_with(&format!("\u{feff}{GOOD}"), SCHEMA, CODES, &["L3-08"]);
    let many: String = (0..5).map(|_| GOOD.split_once('\n').expect("a header").1).collect();
    check_with(&format!("{}\n{many}", GOOD.lines().next().expect("a header")), SCHEMA, "x,y\n", &["L2-04"]);
}

#[test]
fn wide_years_and_joined_codes_are_found() {
    let wide = "area_code,h2018,amount_2019,amount_2020\n24000,1,2,3\n24000,4,5,6\n24000,7,8,9\n";
    let schema = SCHEMA.replace("fiscal_year", "h2018").replace(
        "\"program\"}, {\"name\": \"status\"}, {\"name\": \"amount\"}, {\"name\": \"unit\"}, {\"name\": \"date_start\"",
        "\"amount_2019\"}, {\"name\": \"amount_2020\"",
    );
    check_with(wide, &schema, CODES, &["L3-09"]);
    check_with(&GOOD.replace("saiban", "01:saiban").replace("kenshu", "02:kenshu"), SCHEMA, CODES, &["L3-03"]);
}

#[test]
fn a_code_list_without_labels_is_found_in_the_package() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("t.csv"), GOOD).expect("writes");
    std::fs::write(dir.path().join("codes.csv"), "table,column,code\nt,status,done\nt,status,open\n").expect("writes");
    assert!(lost(&check_path(dir.path()).expect("checks")).contains(&"L3-02"));
}

#[test]
fn what_is_no_table_keeps_no_rule() {
    for bytes in [&b"%PDF-1.7\n"[..], b"", b"PK\x03\x04", b"\xff\xff\x80\x80"] {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), bytes).expect("writes");
        assert_eq!(check_path(file.path()).expect("checks").passed, 0);
    }
    assert!(matches!(check_path(tempfile::tempdir().expect("a folder").path()), Err(RulesError::NoTable { .. })));
    assert!(matches!(check_path(Path::new("/no/such/path")), Err(RulesError::Read { .. })));
}

#[test]
fn code_page_932_is_read_and_the_place_of_a_finding_is_given() {
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode("番号,取組,担当課\r\n①,研修,〃\r\n");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), &bytes).expect("writes");
    let score = check_path(file.path()).expect("checks");
    let of = |id: &str| score.results.iter().find(|r| r.id == id).and_then(|r| r.findings.first()).map(|f| (f.line, f.column.clone()));
    assert_eq!(of("L1-08"), Some((Some(2), Some("番号".into()))));
    assert_eq!(of("L1-12"), Some((Some(2), Some("担当課".into()))));
}
