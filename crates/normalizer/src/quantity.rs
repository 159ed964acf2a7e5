//! Amounts: money, percent, counts, measures, durations, ratios, ordinals.

use crate::atom::{Atom, Mods, Span, Unit, What};
use crate::cursor::{Cursor, char_before, is_kanji};
use crate::find::Finder;
use crate::modifier;
use crate::num::{Dec, Number, Vague, number};
use crate::parts::quarter_number;
use crate::units::{Noun, noun};
use jisseki_model::{Bound, Flag};

/// A unit that was read after a number.
#[allow(clippy::large_enum_variant)] // Lives on the stack for one number; a box would be an allocation for what may be rejected.
enum Read {
    Unit(Unit),
    Duration([Option<Dec>; 7]),
    /// 分の: the denominator has been read.
    Denominator,
    Ordinal(&'static str),
}

impl Finder<'_> {
    /// Reads the amount whose number begins at `start`.
    pub(crate) fn quantity(&mut self, start: usize) -> Option<usize> {
        let mut c = Cursor::new(self.scan, start);
        let mut number = number(&mut c)?;
        let number_end = c.at;
        let mut mods = Mods::default();
        // 200余人: the word stands before the unit.
        if c.eat("余") {
            (mods.approx, mods.bound) = (true, Some(Bound::Gt));
        }
        let (mut number, read) = match read_unit(&mut c, &mut number) {
            Some(read) => (number, read),
            None if self.yen_sign(start) < start => (number, Read::Unit(Unit::Yen)),
            None => match self.number_range(&mut c, number) {
                Some(found) => found,
                None => return self.bare_number(start, number_end, number),
            },
        };
        if !kanji_may_count(&number, &read, c) || heading_number(self.scan, start, number_end, c, &read) {
            return None;
        }
        // 百万円未満四捨五入 is how numbers are rounded, and no amount.
        if c.rest().starts_with("未満切") || c.rest().starts_with("未満四") {
            return None;
        }
        let mut flags = crate::atom::Flags::NONE;
        if char_before(self.scan, start)
            .is_some_and(|(l, at)| l == ',' && char_before(self.scan, at).is_some_and(|(d, _)| d.is_ascii_digit()))
        {
            flags.set(Flag::GroupingOdd);
        }
        let number_start = start;
        let start = self.sign(start, &mut number, &mut mods, &mut flags);
        let start = if matches!(read, Read::Unit(Unit::Yen)) { self.yen_sign(start) } else { start };
        let start = modifier::before(self.scan, start, self.floor, &mut mods);
        flags.set_if(number.vague != Vague::No, Flag::Vague);
        flags.set_if(!number.arabic, Flag::KanjiNumeral);
        let what = match read {
            Read::Denominator => self.fraction(&mut c, number, mods)?,
            Read::Ordinal(unit) => What::Ordinal { number, unit },
            Read::Duration(fields) => What::Duration(Box::new(Span { fields, mods: modifier::after(&mut c, mods) })),
            Read::Unit(unit) => self.amount(&mut c, number_start, number, unit, mods),
        };
        if let What::Amount { unit: Unit::Noun(Noun::Measure(m)), .. } = &what {
            flags.set_if(m.ucum.contains("_or_"), Flag::AmbiguousUnit);
        }
        let mut atom = Atom::new(start, c.at, what);
        atom.flags = flags;
        Some(self.push(atom))
    }

    /// The rest of an amount after its unit: 5％～10％, 以上, and what its label says.
    fn amount(&self, c: &mut Cursor<'_>, number_start: usize, mut number: Number, unit: Unit, mods: Mods) -> What {
        let mut mods = modifier::after(c, mods);
        if mods.bound.is_none() {
            self.same_unit_range(c, &mut number, unit);
            mods = modifier::after(c, mods);
        }
        if mods.aggregate.is_none() {
            mods.aggregate = modifier::label(self.scan, number_start, self.floor);
        }
        What::Amount { number, unit, mods, of: None }
    }

    /// `5～10％`: the left number takes the unit, and where it has none the scale, of the right one.
    fn number_range(&self, c: &mut Cursor<'_>, left: Number) -> Option<(Number, Read)> {
        let mut ahead = *c;
        range_mark(&mut ahead)?;
        let mut right = number(&mut ahead)?;
        let read = read_unit(&mut ahead, &mut right)?;
        if !matches!(read, Read::Unit(_)) || !left.arabic && !right.arabic {
            return None;
        }
        let lower = match (left.scale, right.scale) {
            (None, Some(_)) => left.value.scaled(right.quantum_exp + decimals(&right)),
            _ => left.value,
        };
        *c = ahead;
        Some((Number { value: lower, max: Some(right.value), quantum_exp: right.quantum_exp, scale: right.scale, ..left }, read))
    }

    /// `5％～10％`: both numbers with the same unit are one amount.
    fn same_unit_range(&self, c: &mut Cursor<'_>, left: &mut Number, unit: Unit) {
        let mut ahead = *c;
        if range_mark(&mut ahead).is_none() {
            return;
        }
        let Some(mut right) = number(&mut ahead) else { return };
        if let Some(Read::Unit(found)) = read_unit(&mut ahead, &mut right)
            && same_unit(found, unit)
            && right.value.checked_cmp(left.value).is_some_and(std::cmp::Ordering::is_gt)
        {
            left.max = Some(right.value);
            *c = ahead;
        }
    }

    /// A number without a unit: 別紙１, 1/3, or nothing.
    fn bare_number(&mut self, start: usize, end: usize, number: Number) -> Option<usize> {
        if let Some(end) = self.reference(start, end, number) {
            return Some(end);
        }
        let mut c = Cursor::new(self.scan, end);
        if !c.eat("/") || !number.arabic || number.value.small_integer().is_none_or(|n| !(1..=99).contains(&n)) {
            return None;
        }
        let (den, digits) = crate::year::digits(&mut c)?;
        let next = c.peek();
        let plain = digits <= 3 && !next.is_some_and(|l| l.is_ascii_alphanumeric() || matches!(l, '/' | '.' | '-' | '月' | '年' | '%'));
        let den = Dec::new(i128::from(den), 0);
        if !plain || number.value.checked_cmp(den) != Some(std::cmp::Ordering::Less) {
            return None;
        }
        let mods = modifier::after(&mut c, Mods::default());
        let mut atom = Atom::new(start, c.at, What::Ratio { num: number.value, den, mods });
        atom.flags.set(Flag::LowContext);
        Some(self.push(atom))
    }

    /// 別紙１, 別表第２, 様式３.
    fn reference(&mut self, start: usize, end: usize, number: Number) -> Option<usize> {
        const WORDS: [&str; 12] = ["別紙", "別表", "別添", "別記", "別図", "様式", "参考資料", "資料", "図表", "参考", "図", "表"];
        let from = crate::cursor::joint_start(self.scan, start);
        let head = self.scan.get(self.floor.min(from)..from)?;
        let word = WORDS.iter().find(|w| head.ends_with(**w))?;
        let at = from - word.len();
        // 代表１, 地図２: the sign is the end of another word.
        let glued = word.chars().count() == 1 && char_before(self.scan, at).is_some_and(|(l, _)| is_kanji(l));
        let next = self.scan.get(end..)?.chars().next();
        if glued || number.max.is_some() || number.value.small_integer().is_none() || next.is_some_and(|l| l == '.' || l == '-') {
            return None;
        }
        Some(self.push_what(at, end, What::Reference { number, word }))
    }

    /// `3分の1`: the numerator after the denominator.
    fn fraction(&self, c: &mut Cursor<'_>, den: Number, mods: Mods) -> Option<What> {
        c.joint();
        let num = number(c)?;
        let mods = modifier::after(c, mods);
        Some(What::Ratio { num: num.value, den: den.value, mods })
    }

    /// Takes △ or a minus (or plus) before the number.
    fn sign(&self, start: usize, number: &mut Number, mods: &mut Mods, flags: &mut crate::atom::Flags) -> usize {
        if let Some(('△', at)) = self.before(start) {
            negate(number);
            return at;
        }
        const MINUS: &str = "マイナス";
        if let Some(head) = self.scan.get(self.floor..start)
            && head.ends_with(MINUS)
        {
            negate(number);
            return start - MINUS.len();
        }
        let Some((mark, at)) = char_before(self.scan, start).filter(|l| l.1 >= self.floor) else { return start };
        let left = char_before(self.scan, at).map(|l| l.0);
        let free = left.is_none_or(|l| !l.is_ascii_alphanumeric() && !matches!(l, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー'));
        match mark {
            '-' if free => negate(number),
            '+' if free => mods.plus = true,
            'ー' if left.is_none_or(|l| matches!(l, '\n' | ' ' | '(')) => {
                negate(number);
                flags.set(Flag::KatakanaMinus);
            }
            _ => return start,
        }
        at
    }

    fn yen_sign(&self, start: usize) -> usize {
        match self.before(start) {
            Some(('¥' | '￥' | '\\', at)) => at,
            _ => start,
        }
    }

    /// Reads 第… from `from`, its number at `start`.
    pub(crate) fn ordinal(&mut self, from: usize, start: usize) -> Option<usize> {
        let mut c = Cursor::new(self.scan, start);
        if let Some(part) = quarter_number(&mut c) {
            let mut time = crate::atom::Time::of(crate::atom::Year::RelFiscal { offset: 0, here: true });
            time.part = part;
            return Some(self.push_what(from, c.at, What::Time(time)));
        }
        let mut first = number(&mut c)?;
        if range_mark(&mut c).is_some() {
            first.max = Some(number(&mut c)?.value);
        }
        let number_end = c.at;
        if let Some(end) = self.reference(from, number_end, first) {
            // 別表第１: the word before 第 says what it is.
            return Some(end);
        }
        const UNITS: [&str; 34] = [
            "四半世紀",
            "段階",
            "世代",
            "回目",
            "番目",
            "年次",
            "学年",
            "工区",
            "分団",
            "種",
            "次",
            "回",
            "条",
            "項",
            "号",
            "期",
            "章",
            "節",
            "版",
            "位",
            "弾",
            "類",
            "款",
            "目",
            "編",
            "巻",
            "報",
            "列",
            "部",
            "節",
            "番",
            "課程",
            "学期",
            "年度",
        ];
        c.joint();
        let unit = UNITS.iter().find(|u| c.eat(u))?;
        let next = c.peek();
        let blocked = match *unit {
            "部" => "長隊門分局",
            "期" => "間待限",
            "目" => "的標次",
            "節" => "電約目",
            "番" => "組号地",
            "位" => "置",
            "種" => "目",
            "年度" => return None,
            _ => "",
        };
        if next.is_some_and(|l| blocked.contains(l)) {
            return None;
        }
        let mut atom = Atom::new(from, c.at, What::Ordinal { number: first, unit });
        atom.flags.set_if(!first.arabic, Flag::KanjiNumeral);
        Some(self.push(atom))
    }
}

fn negate(number: &mut Number) {
    number.value = number.value.neg();
    number.max = number.max.map(Dec::neg);
}

/// How many decimals a number was written with: its last segment's scale is the quantum without them.
fn decimals(number: &Number) -> i8 {
    let scale: i8 = match number.scale {
        Some("千") => 3,
        Some("百") => 2,
        Some("万") => 4,
        Some("十万") => 5,
        Some("百万") => 6,
        Some("千万") => 7,
        Some("億") => 8,
        Some("十億") => 9,
        Some("百億") => 10,
        Some("千億") => 11,
        Some("兆") => 12,
        _ => number.quantum_exp,
    };
    scale - number.quantum_exp
}

fn range_mark(c: &mut Cursor<'_>) -> Option<()> {
    c.eat_any_over_joint(&["~", "-"])?;
    c.joint();
    Some(())
}

fn same_unit(a: Unit, b: Unit) -> bool {
    match (a, b) {
        (Unit::Noun(Noun::Counter(a)), Unit::Noun(Noun::Counter(b))) => a.canonical == b.canonical,
        (Unit::Noun(Noun::Measure(a)), Unit::Noun(Noun::Measure(b))) => a.ucum == b.ucum,
        _ => a == b,
    }
}

/// Reads the unit after a number.
fn read_unit(c: &mut Cursor<'_>, number: &mut Number) -> Option<Read> {
    let mut ahead = *c;
    ahead.joint();
    let read = match ahead.peek()? {
        '%' | 'パ' | '㌫' | 'ポ' | 'p' => percent(&mut ahead),
        '割' => wari(&mut ahead, number),
        '円' => yen(&mut ahead, number),
        '分' if ahead.eat("分の") => Some(Read::Denominator),
        '倍' if ahead.eat("倍") && !ahead.rest().starts_with(['増', '率', '数']) => Some(Read::Unit(Unit::Times)),
        '回' | '番' | '年' | '日' | '人' | '件' | '期' | '代' | '度' | 'か' | '位' => ordinal_after(&mut ahead),
        _ => None,
    };
    let read = read
        .or_else(|| duration(&mut ahead, number).map(Read::Duration))
        .or_else(|| noun(&mut ahead).map(|n| Read::Unit(Unit::Noun(n))))?;
    *c = ahead;
    Some(read)
}

fn percent(c: &mut Cursor<'_>) -> Option<Read> {
    let mut ahead = *c;
    if ahead.eat("%") || ahead.eat("パーセント") || ahead.eat("㌫") {
        let point = ahead.eat("ポイント") || ahead.eat("pt");
        *c = ahead;
        return Some(Read::Unit(if point { Unit::Point } else { Unit::Percent }));
    }
    if ahead.eat("ポイント") || ahead.eat("pt") {
        *c = ahead;
        return Some(Read::Unit(Unit::Point));
    }
    None
}

/// 3割5分2厘: tenths, hundredths and thousandths; the number after 割 is read here.
fn wari(c: &mut Cursor<'_>, number: &mut Number) -> Option<Read> {
    let mut ahead = *c;
    if !ahead.eat_over_joint("割") || ahead.peek().is_some_and(|l| "合引愛当増安賦".contains(l)) {
        return None;
    }
    let (mut value, mut quantum) = (number.value.scaled(1), number.quantum_exp + 1);
    for (sign, exp) in [("分", 0), ("厘", -1)] {
        let mut next = ahead;
        let Some(part) = crate::num::number(&mut next) else { break };
        if !next.eat(sign) {
            break;
        }
        value = value.checked_add(part.value.scaled(exp))?;
        quantum = exp;
        ahead = next;
    }
    (number.value, number.quantum_exp) = (value, quantum);
    *c = ahead;
    Some(Read::Unit(Unit::Percent))
}

/// 円, and 銭 after it.
fn yen(c: &mut Cursor<'_>, number: &mut Number) -> Option<Read> {
    let mut ahead = *c;
    if !ahead.eat("円") || ahead.peek().is_some_and(|l| "滑高安卓形玉周陣筒".contains(l)) {
        return None;
    }
    *c = ahead;
    if let Some(sen) = crate::num::number(&mut ahead)
        && ahead.eat("銭")
        && let Some(value) = number.value.checked_add(sen.value.scaled(-2))
    {
        (number.value, number.quantum_exp) = (value, -2);
        *c = ahead;
    }
    Some(Read::Unit(Unit::Yen))
}

fn ordinal_after(c: &mut Cursor<'_>) -> Option<Read> {
    const WORDS: [&str; 10] = ["回目", "番目", "年目", "日目", "人目", "件目", "期目", "代目", "度目", "位"];
    let mut ahead = *c;
    let word = WORDS.iter().find(|w| ahead.eat(w))?;
    // 10回目標 and 2位置 are other words.
    let other = if *word == "位" { "置相牌階" } else { "標的次" };
    if ahead.peek().is_some_and(|l| other.contains(l)) {
        return None;
    }
    *c = ahead;
    Some(Read::Ordinal(word))
}

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
fn duration(c: &mut Cursor<'_>, first: &Number) -> Option<[Option<Dec>; 7]> {
    if !c.peek()?.is_ascii() && !c.peek().is_some_and(|l| "年かカヶヵケ箇個月週日時分秒".contains(l)) {
        return None;
    }
    let (mut fields, mut ahead, mut value, mut from) = ([None; 7], *c, first.value, 0);
    let mut count = 0;
    while let Some((unit, word)) = duration_unit(&mut ahead, from) {
        // A bare 日 is a day of a month, unless it is the end of a longer span or is measured.
        let measured = ["以内", "以上", "以下", "程度", "未満", "前後"].iter().any(|w| ahead.rest().starts_with(w));
        if count == 0 && !unit.alone && word == "日" && !measured {
            return None;
        }
        *fields.get_mut(unit.field)? = Some(value);
        count += 1;
        *c = ahead;
        if ahead.eat("半") && !ahead.peek().is_some_and(|l| "期数減年".contains(l)) {
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
        if word.chars().count() == 1 && next.is_some_and(|l| unit.not_after.contains(l)) {
            return None;
        }
        *c = ahead;
        return Some((unit, word));
    }
    None
}

/// Kanji numerals count only where they cannot be words: with a scale and a unit, in 割 and 分の, or vague (数十件).
fn kanji_may_count(number: &Number, read: &Read, after: Cursor<'_>) -> bool {
    if number.arabic || number.vague != Vague::No || matches!(read, Read::Denominator) {
        return true;
    }
    let per = ["当たり", "あたり", "当り"].iter().any(|w| after.rest().starts_with(w));
    let percent = matches!(read, Read::Unit(Unit::Percent));
    (number.kanji_signs >= 2 && number.scale.is_some()) || percent || per
}

/// `1 事業の概要`, `2 計画`: the number of a heading and not of things.
fn heading_number(scan: &str, start: usize, number_end: usize, after: Cursor<'_>, read: &Read) -> bool {
    let Read::Unit(Unit::Noun(Noun::Counter(counter))) = read else { return false };
    let line_start = scan.get(..start).is_none_or(|s| s.trim_end_matches([' ', '\t']).ends_with('\n') || s.trim().is_empty());
    let gap = scan.get(number_end..).is_some_and(|s| s.starts_with([' ', '\t', '\n']));
    let goes_on = after.peek().is_some_and(|l| is_kanji(l) || "の・(".contains(l) || matches!(l, 'ァ'..='ヺ'));
    line_start && gap && goes_on && counter.surface.chars().count() > 1
}
