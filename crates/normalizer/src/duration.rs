//! Durations: 30年, 2年6か月, 1年半, 10日間, 10日以内.

use crate::cursor::{Cursor, one_of};
use crate::dec::Dec;
use crate::num::{Number, number};

/// A unit of duration: its words, which field of the span it fills, whether it needs no more words to be one, and what must not stand after it.
struct DurationUnit {
    words: &'static [&'static str],
    field: usize,
    alone: bool,
    not_after: &'static str,
}

const DURATIONS: [DurationUnit; 7] = [
    DurationUnit {
        words: &["年間", "か年", "カ年", "ヶ年", "ヵ年", "ケ年", "箇年", "個年", "年"],
        field: 0,
        alone: true,
        not_after: "度生次代版産齢金額賀末始号報刊制",
    },
    DurationUnit {
        words: &["か月", "カ月", "ヶ月", "ヵ月", "ケ月", "箇月", "個月", "月間"], field: 1, alone: true, not_after: ""
    },
    DurationUnit { words: &["週間"], field: 2, alone: true, not_after: "" },
    DurationUnit { words: &["日間", "日"], field: 3, alone: false, not_after: "本常程曜付" },
    DurationUnit { words: &["時間"], field: 4, alone: true, not_after: "帯割外軸" },
    DurationUnit { words: &["分間", "分"], field: 5, alone: true, not_after: "の野析類担散権離割化科" },
    DurationUnit { words: &["秒間", "秒"], field: 6, alone: true, not_after: "" },
];

/// Reads a duration whose first number has been read: 30年, 2年6か月, 1年半, 10日間, 10日以内.
pub(crate) fn duration(c: &mut Cursor<'_>, first: &Number) -> Option<[Option<Dec>; 7]> {
    if !matches!(c.peek()?, '\0'..='\x7F' | '年' | 'か' | 'カ' | 'ヶ' | 'ヵ' | 'ケ' | '箇' | '個' | '月' | '週' | '日' | '時' | '分' | '秒')
    {
        return None;
    }
    let (mut fields, mut ahead, mut value, mut from) = ([None; 7], *c, first.value, 0);
    let mut count = 0;
    while let Some((unit, word)) = duration_unit(&mut ahead, from) {
        // A bare 日 is a day of a month, unless it is the end of a longer span or is measured.
        let measured = ["以内", "以上", "以下", "程度", "未満", "前後"].iter().any(|w| ahead.rest().starts_with(w));
        let no_day = value.small_integer().is_none_or(|n| n > 31);
        if count == 0 && !unit.alone && word == "日" && !measured && !no_day {
            return None;
        }
        *fields.get_mut(unit.field)? = Some(value);
        count += 1;
        *c = ahead;
        if ahead.eat("半") && !ahead.peek().is_some_and(|l| one_of(l, "期数減年")) {
            let (field, half) = match unit.field {
                0 => (1, 6),
                1 | 2 => break,
                4 => (5, 30),
                _ => break,
            };
            *fields.get_mut(field)? = Some(Dec::new(half, 0));
            *c = ahead;
            break;
        }
        ahead = *c;
        ahead.joint();
        from = unit.field + 1;
        match number(&mut ahead) {
            Some(next) if next.arabic == first.arabic && next.max.is_none() => value = next.value,
            _ => break,
        }
    }
    (count > 0).then_some(fields)
}

fn duration_unit(c: &mut Cursor<'_>, from: usize) -> Option<(&'static DurationUnit, &'static str)> {
    let mut ahead = *c;
    ahead.joint();
    for unit in DURATIONS.iter().filter(|u| u.field >= from) {
        let Some(word) = unit.words.iter().find(|w| ahead.eat(w)) else { continue };
        let next = ahead.peek();
        // Only the bare signs begin other words: 年間 and 日間 do not.
        if word.chars().count() == 1 && next.is_some_and(|l| one_of(l, unit.not_after)) {
            return None;
        }
        *c = ahead;
        return Some((unit, word));
    }
    None
}
