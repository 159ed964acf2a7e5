use super::*;
use crate::sample;

/// A row as `column=value` of the columns that are not null.
fn shown(rows: &TableRows, table: &str, at: usize) -> String {
    let columns = &crate::table_named(table).expect("a table").columns;
    let cells = columns.iter().zip(&rows.of(table)[at]).filter(|(_, c)| !c.is_null());
    let mut out = Vec::new();
    for (column, cell) in cells {
        let mut text = format!("{}=", column.name).into_bytes();
        cell.write_to(&mut text);
        out.push(String::from_utf8(text).expect("text"));
    }
    out.join(" ")
}

fn cell<'a>(rows: &'a TableRows, table: &str, at: usize, column: &str) -> &'a Cell {
    let index = crate::table_named(table).expect("a table").columns.iter().position(|c| c.name == column).expect("a column");
    &rows.of(table)[at][index]
}

fn sample_rows() -> TableRows {
    let report = sample::report();
    report_to_rows(&report, &report.document.document_id)
}

#[test]
fn every_row_has_its_required_cells_and_the_types_of_its_columns() {
    for (table, rows) in sample_rows().iter() {
        assert_eq!(rows.is_empty(), matches!(table.name, "codes" | "failures"), "{}", table.name);
        for (row, column) in rows.iter().flat_map(|r| r.iter().zip(&table.columns)) {
            assert!(!(column.required && row.is_null()), "{}.{}", table.name, column.name);
            let fits = match (column.kind, row) {
                (_, Cell::Null) => true,
                (crate::ColumnType::Integer, c) => matches!(c, Cell::Int(_)),
                (crate::ColumnType::Number, c) => matches!(c, Cell::Real(_)),
                (_, c) => matches!(c, Cell::Text(_)),
            };
            assert!(fits, "{}.{}: {row:?}", table.name, column.name);
        }
    }
}

#[test]
fn keys_are_unique_and_references_hold() {
    let rows = sample_rows();
    for (table, own) in rows.iter() {
        let at = |n: &str| table.columns.iter().position(|c| c.name == n).expect("a column");
        for key in [&table.primary_key, &table.unique_key] {
            let keys: Vec<Vec<&Cell>> = own.iter().map(|r| key.iter().map(|n| &r[at(n)]).collect()).collect();
            let whole: Vec<_> = keys.iter().filter(|k| !key.is_empty() && k.iter().all(|c| !c.is_null())).collect();
            assert!(whole.iter().enumerate().all(|(i, k)| !whole[..i].contains(k)), "{} {key:?}", table.name);
        }
        for column in table.columns.iter().filter(|c| c.reference.is_some()) {
            let (target, key) = column.reference.expect("a reference");
            let known: Vec<&Cell> = (0..rows.of(target).len()).map(|i| cell(&rows, target, i, key)).collect();
            assert!(
                own.iter().all(|r| r[at(column.name)].is_null() || known.contains(&&r[at(column.name)])),
                "{}.{}",
                table.name,
                column.name
            );
        }
    }
}

#[test]
fn an_arrow_is_a_row_and_an_item_without_one_is_a_row_too() {
    let rows = sample_rows();
    assert_eq!(
        shown(&rows, "schedule", 1),
        "phase_id=jp240001-plan2-2019-final-001-s01-p02 record_id=jp240001-plan2-2019-final-001 item_no=1 item_text=研修の充実 phase_seq=2 \
         phase_code=in_sequence phase_text=順次実施 start_fiscal_year=2017 end_fiscal_year=2019 evidence=arrow_and_label page=1 x0=200 y0=100 x1=300 y1=110.5"
    );
    assert!(cell(&rows, "schedule", 2, "phase_seq").is_null());
    assert_eq!(rows.of("schedule").len(), 3);
}

#[test]
fn values_of_mentions_are_flattened_and_their_spans_point_into_the_cell() {
    let rows = sample_rows();
    let text = cell(&rows, "text_blocks", 0, "text").as_text().expect("text").to_owned();
    for i in 0..2 {
        let (Cell::Int(start), Cell::Int(end)) = (cell(&rows, "mentions", i, "span_start"), cell(&rows, "mentions", i, "span_end")) else {
            panic!("spans")
        };
        let slice: String = text.chars().skip(*start as usize).take((end - start) as usize).collect();
        assert_eq!(Some(slice.as_str()), cell(&rows, "mentions", i, "text").as_text());
    }
    assert_eq!(cell(&rows, "mentions", 0, "date_end"), &Cell::exact("2019-07-31"));
    let (value, unit, qualifier) =
        (cell(&rows, "mentions", 1, "value"), cell(&rows, "mentions", 1, "unit"), cell(&rows, "mentions", 1, "qualifier"));
    assert_eq!((value, unit, qualifier), (&Cell::Real(1200.0), &Cell::exact("人"), &Cell::exact("ge")));
    assert_eq!(
        (cell(&rows, "mentions", 2, "kind"), cell(&rows, "mentions", 2, "metric")),
        (&Cell::exact("comparison"), &Cell::exact("参加者数"))
    );
}

#[test]
fn a_dash_is_null_and_controls_leave_no_trace() {
    let rows = sample_rows();
    assert!(cell(&rows, "text_blocks", 1, "text").is_null());
    assert_eq!(cell(&rows, "text_blocks", 2, "text"), &Cell::exact("=HYPERLINK(\"x\"), \u{fffd}a"));
    assert_eq!(cell(&rows, "text_blocks", 0, "heading"), &Cell::exact("研修 > 職員"));
}

#[test]
fn a_number_that_stands_twice_is_left_out_of_the_later_record() {
    let rows = sample_rows();
    assert!(cell(&rows, "initiatives", 1, "number").is_null());
    assert_eq!(cell(&rows, "initiatives", 1, "number_label"), &Cell::exact("１"));
    assert_eq!(cell(&rows, "initiatives", 1, "record_id"), &Cell::exact("jp240001-plan2-2019-final-001-2"));
    let codes: Vec<_> = (0..rows.of("warnings").len()).map(|i| cell(&rows, "warnings", i, "code").as_text().expect("a code")).collect();
    assert_eq!(codes, ["pdf/partial", "layout/unassigned", "dataset/duplicate-number"]);
}

#[test]
fn a_line_is_given_only_where_boxes_and_lines_are_as_many() {
    let rows = sample_rows();
    let of = |field: &str| {
        let at = (0..rows.of("places").len()).filter(|&i| cell(&rows, "places", i, "field") == &Cell::exact(field));
        at.map(|i| cell(&rows, "places", i, "raw_text").clone()).collect::<Vec<_>>()
    };
    assert_eq!(of("title"), ["職員の", "人材育成"].map(Cell::exact));
    assert_eq!(of("schedule"), ["□研修の", "充実"].map(Cell::exact));
}

#[test]
fn departments_are_cut_at_their_levels() {
    let rows = sample_rows();
    let of = |i| (cell(&rows, "departments", i, "division").as_text(), cell(&rows, "departments", i, "section").as_text());
    assert_eq!(of(0), (Some("総務部"), Some("人事課")));
    assert_eq!(of(1), (None, Some("財政課")));
}

#[test]
fn a_copy_has_no_rows_and_a_second_issue_an_identifier_of_its_own() {
    let (mut seen, first) = (Collisions::default(), sample::report());
    let mut admit = |r: &Report| seen.admit(&r.document.document_id, &r.document.source.sha256);
    assert_eq!(admit(&first).as_deref(), Some("jp240001-plan2-2019-final"));
    assert_eq!(admit(&first), None);
    let mut second = first.clone();
    second.document.source.sha256 = "cd".repeat(32);
    let id = admit(&second).expect("admitted");
    assert_eq!(id, "jp240001-plan2-2019-final-cdcdcd");
    let rows = report_to_rows(&second, &id);
    assert_eq!(cell(&rows, "initiatives", 0, "record_id"), &Cell::exact("jp240001-plan2-2019-final-cdcdcd-001"));
    assert_eq!(cell(&rows, "warnings", 1, "code"), &Cell::exact("dataset/same-id"));
}

#[test]
fn a_prefecture_has_its_code_even_where_no_profile_says_it() {
    let mut report = sample::report();
    report.document.lg_code = None;
    report.document.publisher = Some("三重県".into());
    let rows = report_to_rows(&report, "d");
    assert_eq!(cell(&rows, "documents", 0, "lg_code"), &Cell::exact("240001"));
    assert_eq!(cell(&rows, "documents", 0, "area_code"), &Cell::exact("24000"));
    report.document.publisher = Some("三重県教育委員会".into());
    assert!(cell(&report_to_rows(&report, "d"), "documents", 0, "lg_code").is_null());
}
