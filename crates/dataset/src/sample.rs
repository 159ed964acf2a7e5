//! A report for tests: one of everything, written by hand.

use jisseki_model::*;

fn place(page: u32, x0: f64, y0: f64) -> Place {
    Place { page, bbox: Rect { x0, y0, x1: x0 + 100.0, y1: y0 + 10.5 } }
}

fn mention(id: &str, span: std::ops::Range<usize>, text: &str, value: Value) -> Mention {
    Mention {
        id: MentionId::parse(id).unwrap_or_default(),
        span,
        text: text.into(),
        norm: text.into(),
        value,
        resolution: Resolution::explicit(),
        confidence: Confidence::High,
        flags: Default::default(),
        places: Box::default(),
    }
}

fn amount(value: &str) -> Amount {
    Amount { value: value.into(), ..Amount::default() }
}

fn paragraph(text: &str, raw: &str, places: Vec<Place>, mentions: Vec<Mention>) -> Paragraph {
    Paragraph { marker: Some("・".into()), level: 1, text: text.into(), raw: raw.into(), places, mentions, ink: vec![] }
}

/// Two records, all tables, texts that tempt each writer.
pub(crate) fn report() -> Report {
    let day = |month, day| Some(CivilDate::new(2019, month, day));
    let range = Value::Range { edtf: "2019-06/2019-07".into(), from: None, to: None, start: day(6, 1), end: day(7, 31), open: None };
    let count = Value::Count {
        number: Amount { modifier: Some(NumberModifier { bound: Some(Bound::Ge), ..Default::default() }), ..amount("1200") },
        unit: CountUnit { counter: "人".into(), surface: None, class: None }.into(),
    };
    let compare = Value::Comparison {
        metric: Some("参加者数".into()),
        points: vec![SeriesPoint { role: PointRole::Target, when: None, note: None, amounts: vec![MentionId::new(1)] }],
        outcome: Some(Outcome::Met),
        delta: None,
    };
    let results = Block {
        headings: vec!["研修".into(), "職員".into()],
        heading_places: vec![place(1, 50.0, 90.0)],
        paragraphs: vec![
            paragraph(
                "研修を実施（６月～７月）、1,200人以上",
                "・研修を実施（６月～７月）、\n1,200人以上",
                vec![place(1, 50.0, 100.0), place(1, 50.0, 112.0)],
                vec![mention("m0", 6..11, "６月～７月", range), mention("m1", 13..21, "1,200人以上", count)],
            ),
            paragraph("－", "－", vec![place(1, 50.0, 124.0)], vec![]),
            paragraph("=HYPERLINK(\"x\"),\n\u{202e}a", "・=HYPERLINK", vec![place(2, 50.0, 30.0)], vec![]),
        ],
        mentions: vec![mention("m2", 0..5, "研修を実施", compare)],
        scopes: vec![],
    };
    let phase = |text: &str, code: &str, a, b| Phase {
        text: text.into(),
        code: code.into(),
        start_fiscal_year: Some(a),
        end_fiscal_year: Some(b),
        start_month: None,
        end_month: None,
        evidence: PhaseEvidence::ArrowAndLabel,
        places: vec![place(1, 200.0, 100.0)],
    };
    let schedule = Schedule {
        fiscal_years: vec![2016, 2017, 2018, 2019],
        items: vec![
            ScheduleItem {
                text: "研修の充実".into(),
                marker: Some("□".into()),
                raw: "□研修の\n充実".into(),
                places: vec![place(1, 150.0, 100.0), place(1, 150.0, 112.0)],
                phases: vec![phase("検討", "consider", 2016, 2016), phase("順次実施", "in_sequence", 2017, 2019)],
                ..ScheduleItem::default()
            },
            ScheduleItem { text: "矢印のない項目".into(), ..ScheduleItem::default() },
        ],
    };
    let first = Initiative {
        record_id: "jp240001-plan2-2019-final-001".into(),
        number: Some(1),
        number_label: "１".into(),
        sub_number: Some(1),
        sub_label: Some("①".into()),
        section: Some(Section {
            number: Some(1), label: "Ⅰ".into(), title: "協創・現場重視の推進に向けて".into(), places: vec![]
        }),
        title: Field {
            text: "職員の人材育成".into(),
            raw: "職員の\n人材育成".into(),
            places: vec![place(1, 30.0, 100.0), place(1, 30.0, 112.0)],
            ..Field::default()
        },
        schedule: Some(schedule),
        results: vec![results],
        achievement: Some(Achievement {
            text: "平成28年度 達成済".into(),
            fiscal_year: Some(2016),
            status: "achieved".into(),
            status_text: "達成済".into(),
            places: vec![place(1, 300.0, 100.0)],
            ..Achievement::default()
        }),
        departments: vec![
            Department {
                headings: vec![],
                text: "総務部人事課".into(),
                path: vec!["総務部".into(), "人事課".into()],
                places: vec![place(1, 350.0, 100.0)],
            },
            Department { headings: vec!["関係".into()], text: "財政課".into(), path: vec!["財政課".into()], places: vec![] },
        ],
        extra: [(
            "予算額".to_owned(),
            vec![Block { paragraphs: vec![paragraph("120（65）", "120（65）", vec![], vec![])], ..Block::default() }],
        )]
        .into(),
        confidence: 0.98,
        warnings: vec![Warning::new("layout/unassigned", "2 glyphs lie outside every cell").at(place(1, 1.0, 2.0))],
        places: vec![place(1, 20.0, 90.0), place(2, 20.0, 30.0)],
        ..Initiative::default()
    };
    let second = Initiative {
        record_id: "jp240001-plan2-2019-final-001".into(),
        title: Field { text: "同じ番号の取組".into(), ..Field::default() },
        ..first.clone()
    };
    let second = Initiative { results: vec![], schedule: None, warnings: vec![], ..second };
    Report {
        schema_version: SCHEMA_VERSION.into(),
        document: DocumentInfo {
            document_id: "jp240001-plan2-2019-final".into(),
            title: Some("令和元年度 具体的取組 年度実績（確定版）".into()),
            fiscal_year: Some(FiscalYearInfo { year: 2019, text: "令和元年度".into() }),
            stage: Some(Stage::Final),
            publisher: Some("三重県".into()),
            lg_code: Some("240001".into()),
            plan_id: Some("plan2".into()),
            plan_name: Some("第二次三重県行財政改革取組".into()),
            profile: "auto".into(),
            source: SourceInfo { name: "report.pdf".into(), sha256: "ab".repeat(32), bytes: 26_471, pages: 2 },
            tool: ToolInfo { name: "jisseki".into(), version: "0.1.0".into() },
            ..DocumentInfo::default()
        },
        initiatives: vec![first, second],
        warnings: vec![Warning::new("pdf/partial", "page 2 is damaged; page 1 was read").on_page(2)],
        coverage: Coverage::default(),
    }
}
