//! The built-in lexicon: which header words mean which field, how records are numbered, which words are achievement states and schedule phases.
//!
//! Words are written as `words` reads them, on squashed text: white space dropped, full-width ASCII made half-width, 取り組み/取組み written 取組. A
//! profile's TOML may add header words, numbers, section rows, states and phases; its entries are tried first.

use crate::numbers::is_circled;
use crate::pattern::{Expression, Pattern};
use crate::profile::{NumberGrammar, Role};

/// The header words of one role.
pub(crate) struct RoleWords {
    pub(crate) role: Role,
    /// The whole header: score 1.
    pub(crate) exact: &'static [&'static str],
    /// A part of it: score 0.8.
    pub(crate) contains: &'static [&'static str],
    /// The whole header, with score 0.6.
    pub(crate) weak: &'static [&'static str],
    /// The whole header where an era or fiscal year stood before it: score 1.1.
    pub(crate) with_year: &'static [&'static str],
}

/// What headers say.
pub(crate) const ROLES: &[RoleWords] = &[
    RoleWords {
        role: Role::Number,
        exact: &[
            "番号",
            r"No\.?",
            r"NO\.?",
            "№",
            "項番",
            "整理番号",
            "通番",
            "通し番号",
            "管理番号",
            "取組番号",
            "事業番号",
            "項目番号",
            "連番",
            "個票番号",
            "シート番号",
        ],
        contains: &[],
        weak: &["項", "#"],
        with_year: &[],
    },
    RoleWords {
        role: Role::Title,
        exact: &[
            "具体的な?取組(名|項目|事項|内容)?",
            "取組(項目|名|名称|事項)名?",
            "取組の(名称|項目)",
            "取組",
            "事業名(称)?",
            "事務事業名",
            "施策名",
            "推進項目(名)?",
            "改革項目(名)?",
            "実施項目(名)?",
            "個別取組(名)?",
            "プロジェクト名",
            "改善項目",
            "計画項目",
            "措置名",
            "件名",
            "項目名?",
            "名称",
            "改革事項",
            "実施事項",
        ],
        contains: &["取組の?名称?$", "事業の?名称?$", "施策の?名称?$", "項目の?名称?$"],
        weak: &[],
        with_year: &[],
    },
    RoleWords {
        role: Role::Plan,
        exact: &[
            "工程表?",
            "行程表?",
            "スケジュール",
            "年次計画",
            "実施時期",
            "実施年度",
            "計画期間",
            "年度別計画",
            "年度別(取組)?工程",
            "ロードマップ",
            "推進スケジュール",
            "実施スケジュール",
            "取組スケジュール",
            "年次スケジュール",
            "実施工程",
            "取組工程",
            "年度計画",
            r"スケジュール\(工程\)",
        ],
        contains: &["工程", "スケジュール", "ロードマップ"],
        weak: &[],
        with_year: &[],
    },
    RoleWords {
        role: Role::Results,
        exact: &[
            "取組実績",
            "取組の実績",
            "取組結果",
            "実施(内容|状況|結果|実績)",
            "進捗状況",
            "実績",
            "主な取組(実績|内容|状況)?",
            "活動実績",
            "年度実績",
            "実施した(取組|内容)",
            "取組の実施状況",
            "主な実績",
            "取組の内容",
            "取組実施状況",
            "実績報告",
            "取組(の|内容(と|及び|・))成果",
        ],
        contains: &["取組実績", "実施状況", "の実績$"],
        weak: &["取組内容", "取組概要"],
        with_year: &[
            "取組(実績|内容|状況)?",
            "取組内容(と|及び|・)成果",
            "実績",
            "実施(内容|状況)",
            "の取組(実績|内容|状況)?",
            "進捗状況",
            "の実績",
            "取組の内容",
        ],
    },
    RoleWords {
        role: Role::Achievement,
        exact: &[
            "達成(度|状況|区分)",
            "取組達成(度|状況|区分)",
            "取組の達成度",
            "進捗(度|率|区分|評価)",
            "評価(結果|区分)?",
            "判定",
            "自己評価",
            "達成度評価",
            "達成",
            "進捗",
            "状態",
            "取組の評価",
            "総合評価",
        ],
        contains: &["達成度", "達成状況", "進捗度", "評価$"],
        weak: &["進捗状況", "実施状況"],
        with_year: &[],
    },
    RoleWords {
        role: Role::Status,
        exact: &[
            "取組状況",
            "取組の状況",
            "現状",
            "経過",
            "これまでの(取組|経過|状況)(状況|の状況)?",
            "取組経過",
            "実施経過",
            "対応状況",
            "取組の現状",
        ],
        contains: &[],
        weak: &["進捗状況", "実施状況"],
        with_year: &[],
    },
    RoleWords {
        role: Role::Outlook,
        exact: &[
            "成果(と|及び|・|、)課題.*",
            "課題.*",
            "今後の.*",
            "次年度.*",
            "翌年度.*",
            "取組(予定|方針)",
            "残された課題.*",
            "方向性",
            "課題等",
            "今後",
        ],
        contains: &["今後の", "課題", "次年度"],
        weak: &[],
        with_year: &[],
    },
    RoleWords {
        role: Role::Departments,
        exact: &[
            "担当(課|部局|部署|所属|部課|部|室|課室|課名)?(名)?",
            "所管(課|部局|部署|部|課名)?(名)?",
            "部局名?",
            "主管(課|部局|部)?(名)?",
            "関係(課|部局|所属)",
            "実施(主体|部署|課|部局)",
            "取組(所属|部局|主体)",
            "推進(課|部署|主体)",
            "課名",
            "部署",
            "所属(名)?",
            "担当部(局)?・?課",
            "部局?・課室?名?",
        ],
        contains: &["担当課", "所管課", "主管課", "担当部", "所管部"],
        weak: &[],
        with_year: &[],
    },
    RoleWords {
        role: Role::Section,
        exact: &[
            "区分",
            "分野",
            "柱",
            "改革の柱",
            "大項目",
            "中項目",
            "基本方針",
            "基本(目標|施策)",
            "重点(項目|事項|分野)",
            "体系",
            "大区分",
            "取組の柱",
            "推進の柱",
            "方針",
            "視点",
        ],
        contains: &[],
        weak: &[],
        with_year: &[],
    },
    RoleWords {
        role: Role::Target,
        exact: &["目標.*", "指標.*", "成果指標.*", "活動指標.*", "KPI.*", "数値目標.*", "目標値"],
        contains: &[],
        weak: &[],
        with_year: &[],
    },
    RoleWords {
        role: Role::Amount,
        exact: &[r".*額(\(.*円\))?", r".*事業費(\(.*円\))?", r".*予算(\(.*円\))?", r".*決算(\(.*円\))?", "財源内訳.*"],
        contains: &[],
        weak: &[],
        with_year: &[],
    },
];

const fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

const fn is_roman(c: char) -> bool {
    matches!(c, 'Ⅰ'..='Ⅻ')
}

/// A number that a title may follow.
const fn titled(text: &'static str, looks: fn(&str) -> bool) -> NumberGrammar {
    NumberGrammar { pattern: Pattern::Lexicon(Expression::new(text, looks)), bare: false, keep_last: false }
}

/// A number that a title may follow, whose pattern looks at the first sign of it.
const fn looking_ahead(text: &'static str, looks: fn(&str) -> bool) -> NumberGrammar {
    NumberGrammar { pattern: Pattern::Lexicon(Expression::new(text, looks)), bare: false, keep_last: true }
}

/// A number that stands alone in a cell.
const fn bare(text: &'static str, looks: fn(&str) -> bool) -> NumberGrammar {
    NumberGrammar { pattern: Pattern::Lexicon(Expression::new(text, looks)), bare: true, keep_last: false }
}

const fn section(text: &'static str, looks: fn(&str) -> bool) -> Pattern {
    Pattern::Lexicon(Expression::new(text, looks))
}

/// How records are numbered, tried in this order.
///
/// `n` is the integer, where the label has one reading as such; `sub` the number within the section.
pub(crate) static NUMBERS: [NumberGrammar; 13] = [
    // 1 ①
    titled("^(?P<n>[0-9]{1,4})[ .]*(?P<sub>[①-⑳㉑-㉟㊱-㊿])", |t| t.starts_with(is_digit) && t.contains(is_circled)),
    // No.R1-1
    titled("^(?:No|NO|№)[. ]*(?P<code>[RHS][0-9]{1,2}-[0-9]{1,4})", |t| t.starts_with(['N', '№'])),
    // No.82
    looking_ahead("^(?:No|NO|no|№)[. :]*(?P<n>[0-9]{1,4})(?:[.:]|$|[^0-9A-Za-z-])", |t| t.starts_with(['N', 'n', '№'])),
    // 改革1→取組事項(1)
    titled(r"^(?P<code>改革 ?[0-9]{1,3} ?[→・-] ?取組事項 ?\([0-9]{1,3}\))", |t| t.starts_with("改革")),
    // Ⅰ-1-(1)
    titled(
        r"^(?P<code>(?:[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫIVX]{1,4}|[A-Z]|[0-9]{1,3})(?: ?[-－‐–―ー] ?(?:\(?[0-9]{1,3}\)?|[①-⑳]|[ア-ン]))+)",
        |t| t.starts_with(|c| is_roman(c) || c.is_ascii_uppercase() || is_digit(c)) && t.contains(['-', '－', '‐', '–', '―', 'ー']),
    ),
    // 第3号
    titled("^第 ?(?P<n>[0-9]{1,4}) ?[号項次]", |t| t.starts_with('第')),
    // (1)
    titled(r"^\( ?(?P<n>[0-9]{1,4}) ?\)", |t| t.starts_with('(')),
    // ①
    titled("^(?P<circled>[①-⑳㉑-㉟㊱-㊿])", |t| t.starts_with(is_circled)),
    // 1.
    looking_ahead(r"^(?P<n>[0-9]{1,4})\.(?:$|[^0-9])", |t| t.starts_with(is_digit) && t.contains('.')),
    // 1
    looking_ahead("^(?P<n>[0-9]{1,4})(?:$|[ ])", |t| t.starts_with(is_digit)),
    // R1-1
    bare("^(?P<code>[RHS][0-9]{1,2}-[0-9]{1,4})$", |t| t.starts_with(['R', 'H', 'S'])),
    // A1
    bare("^(?P<code>[A-Z]{1,3}[0-9]{1,4})$", |t| t.starts_with(|c: char| c.is_ascii_uppercase())),
    // Ⅰ
    bare("^(?P<roman>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ])$", |t| t.starts_with(is_roman)),
];

/// Section rows, on narrowed text with blanks kept: `label` and `title`.
pub(crate) static SECTIONS: [Pattern; 8] = [
    section("^(?P<label>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]+|[IVX]{1,4})[ .．、:：]+(?P<title>.+)$", |t| {
        t.starts_with(|c| is_roman(c) || matches!(c, 'I' | 'V' | 'X'))
    }),
    section("^(?P<label>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ]+)(?P<title>[^ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ].*)$", |t| {
        t.starts_with(is_roman)
    }),
    section("^(?P<label>第[一二三四五六七八九十0-9]+[章節部編]?)[ .．、:：]*(?P<title>.+)$", |t| t.starts_with('第')),
    section(
        "^(?P<label>(?:改革|基本方針|柱|視点|重点項目|基本目標|方針|分野|大項目|戦略|目標|推進項目)の?[ ]?[0-9一二三四五六七八九十ⅠⅡⅢⅣⅤⅥ①-⑳]+)[ .．、:：]*(?P<title>.*)$",
        |t| t.starts_with(['改', '基', '柱', '視', '重', '方', '分', '大', '戦', '目', '推']),
    ),
    section("^(?P<label>[0-9]{1,2})[ .．、:：]+(?P<title>.+)$", |t| t.starts_with(is_digit)),
    section(r"^(?P<label>\([0-9]{1,2}\)|[①-⑳])[ ]*(?P<title>.+)$", |t| t.starts_with(|c| c == '(' || is_circled(c))),
    section("^(?P<label>[A-Z])[ .．、:：]+(?P<title>.+)$", |t| t.starts_with(|c: char| c.is_ascii_uppercase())),
    section("^(?:[■◆●▼□◇○]|【)[ ]*(?P<title>[^】■◆●▼□◇○][^】]*)】?$", |t| {
        t.starts_with(['■', '◆', '●', '▼', '□', '◇', '○', '【'])
    }),
];

/// How far it got: the first match wins, on squashed text without its fiscal year. The statuses are of the contract's closed list.
pub(crate) const STATES: &[(&str, &[&str])] = &[
    ("withdrawn", &["取下げ", "取り下げ", "取下", "中止", "廃止", "断念"]),
    ("not_achieved", &["未達成", "達成できず", "未達", "達成していない", "不達成"]),
    ("partly_achieved", &["一部達成済?", "部分達成", "一部達成できた"]),
    (
        "mostly_achieved",
        &[
            "概ね達成(済|できた)?",
            "おおむね達成(済|できた)?",
            "おおよそ達成(済|できた)?",
            "ほぼ達成(済|できた)?",
            "概ね順調",
            "おおむね順調",
            "順調",
        ],
    ),
    ("planned", &["達成予定", "実施予定", "達成見込み?", "予定", "完了予定"]),
    ("not_started", &["未着手", "未実施", "未対応", "検討前"]),
    (
        "in_progress",
        &[
            "取組中",
            "実施中",
            "進行中",
            "対応中",
            "推進中",
            "着手済?",
            "検討中",
            "一部実施",
            "遅れ(ている|あり)?",
            "やや遅れ(ている|あり)?",
        ],
    ),
    ("continued", &["継続(実施|中)?", "引き?続き実施", "次期計画へ継続"]),
    ("completed", &["完了済?", "終了", "実施済み?", "対応済み?", "実施", "措置済み?"]),
    ("achieved", &["達成済み?", "達成(した|できた)?", "目標達成"]),
];

/// How far it got, in signs: after the words.
pub(crate) static GRADES: [(&str, Expression); 2] = [
    ("graded", Expression::new(GRADE, |t| t.contains(is_grade))),
    ("percent", Expression::new(r"[0-9]{1,3}(\.[0-9]+)?[%％]", |t| t.contains(['%', '％']))),
];
const fn is_grade(c: char) -> bool {
    matches!(c, 'A'..='E' | 'S' | '1'..='5' | 'Ⅰ'..='Ⅴ' | '◎' | '○' | '〇' | '△' | '▲' | '×' | '✕' | '☆' | '★' | '●')
}

const GRADE: &str = "SS?|[A-E][+-]?|[◎○〇△▲×✕☆★●]+|[A-E]評価|S評価|[ⅠⅡⅢⅣⅤ]|[1-5]|評価[A-E]";

/// Phases of the plan: the first code one of whose words is the whole label.
pub(crate) const PHASES: &[(&str, &[&str])] = &[
    ("as_needed", &["随時(実施|見直し|検討|対応)?", "適宜(実施)?"]),
    ("in_sequence", &["順次(実施|見直し|拡大|導入|展開|移行)?", "段階的(に|な)?(実施|導入|拡大)"]),
    (
        "consider",
        &[
            "検討",
            "検討・整備",
            "調査(・検討)?",
            "研究",
            "調査・研究",
            "検討・(準備|調整|研究|協議|試行)",
            "協議",
            "見直し検討",
            "方針(決定|検討)",
            "計画",
            "策定",
            "設計",
            "調整",
        ],
    ),
    ("prepare", &["準備", "試行", "試行実施", "整備", "実施準備", "試験(実施|導入)", "構築", "モデル実施"]),
    ("publicize", &["周知", "広報", "公表", "周知・啓発", "啓発", "PR", "説明会?"]),
    (
        "implement",
        &[
            "実施",
            "本格実施",
            "継続(実施)?",
            "推進",
            "運用",
            "導入",
            "稼働",
            "運営",
            "完了",
            "見直し",
            "改定",
            "開始",
            "取組",
            "拡大",
            "移行",
            "充実",
            "全庁展開",
            "展開",
            "達成",
            "強化",
            "活用",
        ],
    ),
];

// What the document says of itself, its rows and its names.
pub(crate) const FINAL_WORDS: &[&str] = &["確定版", "確定値", "確定", "最終版"];
pub(crate) const PRELIMINARY_WORDS: &[&str] = &["速報版", "速報値", "速報", "暫定版", "暫定"];
pub(crate) const TOTAL_WORDS: &[&str] = &["小計", "合計", "総計", "計", "累計", "効果額計", "合計額"];
pub(crate) const REPEATED_WORDS: &[&str] = &["再掲"];
pub(crate) const CONTINUED_WORDS: &[&str] = &["続き", "つづき", "前頁から", "前ページから"];
pub(crate) const ITEM_HEADER_WORDS: &[&str] = &["取組項目", "項目", "実施項目", "内容", "取組内容", "取組", "年度", "実施内容"];
pub(crate) const DEPARTMENT_SUFFIXES: &[&str] = &[
    "課",
    "室",
    "局",
    "部",
    "所",
    "センター",
    "委員会",
    "係",
    "班",
    "署",
    "館",
    "院",
    "校",
    "庁",
    "本部",
    "事務所",
    "グループ",
    "チーム",
    "担当",
    "公社",
    "企業団",
    "消防",
    "議会",
    "病院",
    "大学",
    "財団",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expression_is_sound_and_its_texts_look_as_they_should() {
        let texts = [
            "1 ① 現場",
            "12",
            "(1)",
            "( 12 ) 窓口",
            "No.82",
            "no:7",
            "NO 3",
            "№7",
            "No.R1-1",
            "№H30-2",
            "Ⅰ-1-(1)",
            "IV-2",
            "A-③",
            "1-2-ア",
            "1 – 2",
            "改革1→取組事項(1)",
            "第3号",
            "第 12 次",
            "③ 協創",
            "㊱",
            "5. 税収",
            "5.",
            "R1-1",
            "A1",
            "ABC12",
            "Ⅲ",
            "Ⅰ 協創",
            "XI、機動",
            "Ⅱ機動",
            "第二章 歳入",
            "基本方針3 人材",
            "改革の①",
            "推進項目2",
            "視点Ⅱ",
            "(2) 窓口",
            "①窓口",
            "B. 窓口",
            "■ 窓口",
            "【窓口】",
            "SS",
            "A+",
            "評価C",
            "達成B",
            "◎",
            "×",
            "3",
            "Ⅴ",
            "75%",
            "12.5％",
            "",
            "達成",
            "-",
        ];
        let patterns = NUMBERS.iter().map(|n| &n.pattern).chain(&SECTIONS);
        let expressions = patterns.filter_map(|p| if let Pattern::Lexicon(e) = p { Some(e) } else { None });
        for expression in expressions.chain(GRADES.iter().map(|g| &g.1)) {
            assert!(expression.is_sound(&texts), "{expression:?}");
        }
    }
}
