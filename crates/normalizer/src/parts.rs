//! Parts of years and months: 上半期, 第４四半期末, 年度当初, 下旬, （土）.

use crate::atom::Part;
use crate::cursor::{Cursor, is_kanji, one_of};
use crate::year::{digits, small_kanji_number};
use jisseki_model::FiscalPartName;

/// Reads the part of a fiscal year after 年度; [`Part::Whole`] where none follows.
pub(crate) fn fiscal_part(c: &mut Cursor<'_>) -> Part {
    let may_begin = |l: char| {
        matches!(l, '0'..='9' | '第' | '一' | '二' | '三' | '四' | '上' | '下' | '前' | '後' | '末' | '当' | '初' | 'は' | '中' | '内')
    };
    if !c.peek_over_joint().is_some_and(may_begin) {
        return Part::Whole;
    }
    if let Some(part) = quarter(c) {
        return part;
    }
    const HALVES: [(&str, FiscalPartName, &str); 10] = [
        ("上半期", FiscalPartName::H1, ""),
        ("下半期", FiscalPartName::H2, ""),
        ("前半期", FiscalPartName::H1, ""),
        ("後半期", FiscalPartName::H2, ""),
        ("上期", FiscalPartName::H1, ""),
        ("下期", FiscalPartName::H2, ""),
        ("前半", FiscalPartName::H1, ""),
        ("後半", FiscalPartName::H2, ""),
        // 後期高齢者 and 前期計画 are words of their own.
        ("前期", FiscalPartName::H1, "高計基比"),
        ("後期", FiscalPartName::H2, "高計基"),
    ];
    for (word, part, not_after) in HALVES {
        let mut ahead = *c;
        if ahead.eat_over_joint(word) && !ahead.peek().is_some_and(|l| one_of(l, not_after)) {
            *c = ahead;
            let at_end = c.eat_over_joint("末");
            return Part::Fiscal { part, at_end };
        }
    }
    edge_of_year(c)
}

fn edge_of_year(c: &mut Cursor<'_>) -> Part {
    let mut ahead = *c;
    ahead.joint();
    if ahead.eat("末日") || ahead.eat("末") {
        *c = ahead;
        return fiscal(FiscalPartName::End);
    }
    // 当初予算 is a budget, not a day.
    if ahead.eat("当初") && !ahead.peek().is_some_and(|l| one_of(l, "予計比案額見賦課"))
        || ahead.eat("初め")
        || ahead.eat("はじめ")
        || ahead.eat("初頭")
    {
        *c = ahead;
        return fiscal(FiscalPartName::Start);
    }
    // 年度中間 and 年度内部 are no parts; 年度中に and 年度内 are.
    ahead = *c;
    if (ahead.eat("中") || ahead.eat("内")) && !ahead.peek().is_some_and(is_kanji) {
        *c = ahead;
        return fiscal(FiscalPartName::Full);
    }
    Part::Whole
}

fn fiscal(part: FiscalPartName) -> Part {
    Part::Fiscal { part, at_end: false }
}

/// 第４四半期, 第1四半期末.
fn quarter(c: &mut Cursor<'_>) -> Option<Part> {
    let mut ahead = *c;
    ahead.eat_over_joint("第");
    ahead.joint();
    let part = quarter_number(&mut ahead)?;
    *c = ahead;
    Some(part)
}

/// The number and 四半期 of a quarter.
pub(crate) fn quarter_number(c: &mut Cursor<'_>) -> Option<Part> {
    let mut ahead = *c;
    let n = match ahead.peek()? {
        // Of the signs in 二四半期 only the first is the number.
        sign @ ('一' | '二' | '三' | '四') => {
            ahead.at += sign.len_utf8();
            small_kanji_number(&mut Cursor::new(sign.encode_utf8(&mut [0; 4]), 0))?
        }
        _ => digits(&mut ahead)?.0,
    };
    let part = match n {
        1 => FiscalPartName::Q1,
        2 => FiscalPartName::Q2,
        3 => FiscalPartName::Q3,
        4 => FiscalPartName::Q4,
        _ => return None,
    };
    if !ahead.eat_spread("四半期") {
        return None;
    }
    let at_end = ahead.eat_over_joint("末");
    *c = ahead;
    Some(Part::Fiscal { part, at_end })
}

/// Reads the part of a month, and whether 頃 follows.
pub(crate) fn month_part(c: &mut Cursor<'_>) -> (Part, bool) {
    const PARTS: [(&str, Part); 6] = [
        ("末日", Part::LastDay),
        ("上旬", Part::Early),
        ("初旬", Part::Early),
        ("中旬", Part::Mid),
        ("下旬", Part::Late),
        ("末", Part::End),
    ];
    let part = PARTS.iter().find(|p| c.eat_over_joint(p.0)).map_or(Part::Whole, |p| p.1);
    let approx = c.eat("頃") || c.eat("ごろ");
    (part, approx)
}

/// Reads the season after 年: 夏, 冬季, 秋頃; EDTF 21 to 24.
pub(crate) fn season(c: &mut Cursor<'_>) -> Option<u8> {
    let mut ahead = *c;
    ahead.joint();
    let season = match ahead.peek()? {
        '春' => 21,
        '夏' => 22,
        '秋' => 23,
        '冬' => 24,
        _ => return None,
    };
    ahead.at += '春'.len_utf8();
    if !ahead.eat("季") {
        ahead.eat("期");
    }
    // 秋田, 春日 and their like go on in kanji.
    if ahead.peek().is_some_and(|l| is_kanji(l) && l != '頃' && l != '以') {
        return None;
    }
    *c = ahead;
    Some(season)
}

/// Reads a weekday in brackets: （土）, （月・祝）, （火曜日）; 0 for Monday.
pub(crate) fn weekday_in_brackets(c: &mut Cursor<'_>) -> Option<u8> {
    let mut ahead = *c;
    if !ahead.eat_over_joint("(") {
        return None;
    }
    let day = ahead.peek().and_then(|l| "月火水木金土日".chars().position(|d| d == l))?;
    ahead.at += '月'.len_utf8();
    if ahead.eat("曜") {
        ahead.eat("日");
    }
    if ahead.eat("・") || ahead.eat("、") || ahead.eat("/") || ahead.eat(",") {
        let _ = ahead.eat("祝日") || ahead.eat("祝") || ahead.eat("休日") || ahead.eat("休");
    }
    if !ahead.eat(")") {
        return None;
    }
    *c = ahead;
    Some(day as u8)
}
