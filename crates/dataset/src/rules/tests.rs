use super::*;
use crate::{Format, PackageOptions, PackageWriter, report_to_item, sample};
use tempfile::TempDir;

mod sound;

fn package() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let formats = vec![Format::Csv, Format::Jsonl];
    let mut writer = PackageWriter::create(dir.path(), PackageOptions { formats: formats.clone(), tag: "test".into() }).expect("opens");
    let report = sample::report();
    writer.add(&[report_to_item(&report, &report.document.document_id, &formats)]).expect("adds");
    writer.finish(&[]).expect("finishes");
    dir
}

fn lost(score: &Score) -> Vec<&'static str> {
    score.results.iter().filter(|r| !r.passed).map(|r| r.id).collect()
}

fn said(score: &Score) -> Vec<String> {
    let findings = score.results.iter().flat_map(|r| &r.findings);
    findings.map(|f| format!("{} {:?} {:?} {} {}", f.rule, f.line, f.column, f.message, f.message_ja)).collect()
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
    assert_eq!(said(&score), Vec::<String>::new());
    assert_eq!((score.passed, score.total, score.files.len()), (30, 30, 10));
}

/// A table that keeps all rules, with its descriptor; each case changes one thing and loses exactly one rule.
const GOOD: &str = "area_code,fiscal_year,program,status,amount,unit,date_start,note\n24000,2019,saiban,done,1200,JPY,2019-04-01,\n\
                    24000,2020,kenshu,done,800,JPY,2020-04-01,\n24000,2020,kosodate,open,650,JPY,2020-05-10,\n24000,2021,iryo,open,700,JPY,2021-05-10,\n\
                    24000,2021,kankyo,open,720,JPY,2021-06-10,\n";
const SCHEMA: &str = r#"{"version": "1", "resources": [{"path": "t.csv", "encoding": "utf-8", "schema": {"fields": [{"name": "area_code", "title": "標準地域コード"},
  {"name": "fiscal_year", "title": "年度"}, {"name": "program", "title": "事業"}, {"name": "status", "title": "状態"}, {"name": "amount", "title": "金額"},
  {"name": "unit", "title": "単位"}, {"name": "date_start", "title": "開始日"}, {"name": "note", "title": "備考"}]}}]}"#;
const CODES: &str = "table,column,code,label\nt,status,done,done\nt,status,open,open\n";

fn score_of(csv: &str, schema: &str, codes: &str) -> Score {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in [("t.csv", csv), ("datapackage.json", schema), ("codes.csv", codes)] {
        std::fs::write(dir.path().join(name), text).expect("writes");
    }
    check_path(&dir.path().join("t.csv")).expect("checks")
}

#[track_caller]
fn check_with(csv: &str, schema: &str, codes: &str, expected: &[&str]) {
    let score = score_of(csv, schema, codes);
    assert_eq!(lost(&score), expected, "{:#?}", said(&score));
}

/// Changes one text of the good table, in the descriptor too where a name is changed, and tells what differs from the rules expected.
fn changed(from: &str, to: &str, expected: &[&str]) -> Option<String> {
    assert!(GOOD.contains(from), "{from}");
    let renamed = SCHEMA.replace(&format!("\"{from}\""), &format!("\"{}\"", to.replace('"', "\\\"")));
    let score = score_of(&GOOD.replacen(from, to, 1), &renamed, CODES);
    (lost(&score) != expected).then(|| format!("{from:?} → {to:?}: {expected:?}, got {:#?}", said(&score)))
}

#[test]
fn a_good_table_keeps_all_rules() {
    check_with(GOOD, SCHEMA, CODES, &[]);
}

#[test]
fn a_bad_table_loses_exactly_the_rule_it_breaks() {
    check_with(&GOOD.replace(',', ";"), SCHEMA, CODES, &["L1-01"]);
    check_with(&GOOD.replace(',', "\t"), SCHEMA, CODES, &["L1-01"]);
    check_with(&format!("{GOOD}{GOOD}"), SCHEMA, CODES, &["L1-02"]);
    let cases: &[(&str, &str, &[&str])] = &[
        ("24000,2021,iryo", ",,,,,,,\narea,year,name,state,sum,per,day,memo\n24000,2021,iryo", &["L1-02"]),
        ("24000,2020,kenshu", ",,,,,,,\n24000,2020,kenshu", &["L1-03"]),
        ("2021-06-10,\n", "2021-06-10,\n※速報値,,,,,,,\n", &["L1-04"]),
        ("note", "項目1", &["L1-05", "L3-08"]),
        ("kenshu", "ken  shu", &["L1-06"]),
        ("saiban", "裁判、子育て", &["L1-07"]),
        ("1200", "1200(65)", &["L1-07"]),
        ("saiban", "①saiban", &["L1-08"]),
        ("saiban", "null", &["L1-09"]),
        ("1200", "不明", &["L1-09"]),
        ("saiban", "⇒⇒", &["L1-10"]),
        ("2019-04-01,", "2019-04-01,網掛けのセルは速報値", &["L1-11"]),
        ("note", "dummy", &["L1-13"]),
        ("kenshu", "\"ken\nshu\"", &["L1-14"]),
        ("kenshu", "ken\"shu", &["L1-15"]),
        ("kenshu,", "ken,shu,", &["L1-15"]),
        ("1200", "1200円", &["L2-01"]),
        ("1200", "\"1,200\"", &["L2-01"]),
        ("1200", "▲1200", &["L2-01"]),
        ("1200", "１２００", &["L2-01"]),
        ("kenshu", "〃", &["L2-02"]),
        ("note", "program", &["L2-03"]),
        ("24000,2019,saiban,done,1200", "24000,会計期間,saiban,done,金額", &["L2-03"]),
        ("saiban", "その他（裁判）", &["L2-05"]),
        ("saiban", "=A1&A2", &["L2-06"]),
        ("1200", "#REF!", &["L2-06"]),
        ("area_code,", "実績一覧\narea_code,", &["L3-01"]),
        ("done", "dropped", &["L3-02"]),
        ("1200", "***", &["L3-03"]),
        ("unit", "per", &["L3-04"]),
        ("2019,saiban", "令和元年度,saiban", &["L3-05"]),
        ("2020-05-10", "2020/5/10", &["L3-05"]),
        ("24000,2019", "2400,2019", &["L3-06"]),
        ("program", "事業名", &["L3-08"]),
    ];
    let wrong: Vec<String> = cases.iter().filter_map(|(from, to, expected)| changed(from, to, expected)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_of_two_rows_and_names_over_several_columns_are_told_apart() {
    let schema = |names: &str| SCHEMA.replace("\"amount\"", &format!("\"{names}\"")).replace("\"unit\"", "\"\"");
    let merged = GOOD
        .replace("amount,unit", "amount,")
        .replace("JPY", "5")
        .replacen("\n", "\n24000,,,,1期,2期（円）,,\n", 1)
        .replace("1期", "前期")
        .replace("2期", "後期");
    check_with(&merged, &schema("amount"), CODES, &["L1-12", "L3-04", "L3-08"]);
    check_with(
        &GOOD.replace("status,amount,unit", "status,amount,").replace("JPY", "5"),
        &schema("amount"),
        CODES,
        &["L1-05", "L3-04", "L3-08"],
    );
}

#[test]
fn a_choice_is_written_in_one_way_and_a_code_has_its_list() {
    check_with(
        &GOOD.replacen("kosodate,open", "kosodate,Open", 1),
        SCHEMA,
        "table,column,code,label\nt,status,done,done\nt,status,open,open\nt,status,Open,x\n",
        &["L2-04"],
    );
    let coded = GOOD.replace("done", "1").replace("open", "2");
    check_with(&coded, SCHEMA, "table,column,code,label\n", &["L3-02"]);
    check_with(&coded, SCHEMA, "table,column,code,label\nt,status,1,done\nt,status,2,open\n", &[]);
}

#[test]
fn a_sign_may_stand_where_the_descriptor_defines_it() {
    let csv = GOOD.replace("1200", "***");
    let of = |field: &str| SCHEMA.replace(r#""title": "金額""#, &format!(r#""title": "金額", {field}"#));
    check_with(&csv, &of(r#""missingValues": ["", "***"]"#), CODES, &[]);
    check_with(&csv, &of(r#""missingValues": [{"value": "***", "label": "秘匿"}]"#), CODES, &[]);
    check_with(&csv, &of(r#""missingValues": [""]"#), CODES, &["L3-03"]);
    check_with(
        &GOOD.replace(",unit,", ",per,"),
        &of(r#""unit": "円""#).replace("\"unit\", \"title\": \"単位\"", "\"per\", \"title\": \"単位\""),
        CODES,
        &[],
    );
}

#[test]
fn a_table_without_its_package_loses_what_only_a_package_can_give() {
    check_with(GOOD, "{}", CODES, &["L3-08"]);
    check_with(GOOD, &SCHEMA.replace(r#""version": "1", "#, ""), CODES, &["L3-08"]);
    check_with(GOOD, &SCHEMA.replace(r#", "title": "年度""#, ""), CODES, &["L3-08"]);
    check_with(GOOD, &SCHEMA.replace("utf-8", "shift_jis"), CODES, &["L3-08"]);
    check_with(&format!("\u{feff}{GOOD}"), SCHEMA, CODES, &["L3-08"]);
    check_with(GOOD, &SCHEMA.replace("\"note\"", "\"memo\""), CODES, &["L3-07"]);
}

#[test]
fn the_columns_stay_over_the_years() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).expect("writes");
    write("jigyo_2019.csv", "id,name,amount_2019\n1,a,2\n");
    write("jigyo_2020.csv", "id,name,amount_2020\n1,a,2\n");
    assert!(!lost(&check_path(dir.path()).expect("checks")).contains(&"L3-07"));
    write("jigyo_2021.csv", "number,title,amount_2021\n1,a,2\n");
    let score = check_path(dir.path()).expect("checks");
    let found = score.results.iter().find(|r| r.id == "L3-07").and_then(|r| r.findings.first());
    assert_eq!(found.map(|f| f.file.as_str()), Some("jigyo_2021.csv"));
}

#[test]
fn wide_years_are_found() {
    let wide = "area_code,h2018,hosu_2019,hosu_2020\n24000,1,2,3\n24000,4,5,6\n24000,7,8,9\n";
    let field = |name: &str| format!(r#"{{"name": "{name}", "title": "x"}}"#);
    let fields = ["area_code", "h2018", "hosu_2019", "hosu_2020"].map(field).join(", ");
    let schema =
        format!(r#"{{"version": "1", "resources": [{{"path": "t.csv", "encoding": "utf-8", "schema": {{"fields": [{fields}]}}}}]}}"#);
    check_with(wide, &schema, CODES, &["L3-09"]);
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
    assert_eq!(of("L2-02"), Some((Some(2), Some("担当課".into()))));
}
