//! Ordinals and references: 第３回, 第１～３期, 10回目, 別紙１, 様式第３号.

use crate::atom::{Atom, Unit, What};
use crate::cursor::{Cursor, char_before, is_kanji, joint_start, one_of};
use crate::find::Finder;
use crate::num::{Number, number};
use crate::parts::quarter_number;
use crate::quantity::range_mark;
use crate::read_unit::Read;
use crate::units::Noun;
use jisseki_model::Flag;

impl Finder<'_> {
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
        if next.is_some_and(|l| one_of(l, blocked)) {
            return None;
        }
        let mut atom = Atom::new(from, c.at, What::Ordinal { number: first, unit });
        atom.flags.insert_if(!first.arabic, Flag::KanjiNumeral);
        Some(self.push(atom))
    }

    /// 別添7⏎本編, 様式５ 契約対象工事: the number is of the reference before it, and the word after it of another matter.
    pub(crate) fn reference_before(&mut self, start: usize, end: usize, number: &Number, read: &Read) -> Option<usize> {
        let Read::Unit(Unit::Noun(Noun::Counter(_))) = read else { return None };
        let apart = self.scan.get(end..).is_some_and(|s| s.starts_with([' ', '\n']));
        let head = self.scan.get(..joint_start(self.scan, start))?;
        if !apart || !head.ends_with(['紙', '表', '添', '記', '図', '式', '料', '考']) {
            return None;
        }
        self.reference(start, end, *number)
    }

    /// 別紙１, 別表第２, 様式３.
    pub(crate) fn reference(&mut self, start: usize, end: usize, number: Number) -> Option<usize> {
        const WORDS: [&str; 12] = ["別紙", "別表", "別添", "別記", "別図", "様式", "参考資料", "資料", "図表", "参考", "図", "表"];
        let from = joint_start(self.scan, start);
        let head = self.scan.get(self.floor.min(from)..from)?;
        let word = WORDS.iter().find(|w| head.ends_with(**w))?;
        let at = from - word.len();
        // 代表１, 地図２: the sign is the end of another word.
        let glued = word.chars().count() == 1 && char_before(self.scan, at).is_some_and(|(l, _)| is_kanji(l));
        let next = self.scan.get(end..)?.chars().next();
        // 様式一覧 is a list of forms.
        let listed = !number.arabic && next.is_some_and(|l| is_kanji(l) && l != '号');
        if glued || listed || number.max.is_some() || number.value.small_integer().is_none() || next.is_some_and(|l| l == '.' || l == '-') {
            return None;
        }
        Some(self.push_what(at, end, What::Reference { number, word }))
    }
}

/// Reads 回目, 番目, 位 and their like after a number.
pub(crate) fn ordinal_after(c: &mut Cursor<'_>) -> Option<&'static str> {
    const WORDS: [&str; 10] = ["回目", "番目", "年目", "日目", "人目", "件目", "期目", "代目", "度目", "位"];
    let mut ahead = *c;
    // All but 位 have 目 for their second sign.
    if ahead.peek() != Some('位') && !ahead.rest().get("回".len()..).is_some_and(|s| s.starts_with('目')) {
        return None;
    }
    let word = WORDS.iter().find(|w| ahead.eat(w))?;
    // 10回目標 and 2位置 are other words.
    let other = if *word == "位" { "置相牌階" } else { "標的次" };
    if ahead.peek().is_some_and(|l| one_of(l, other)) {
        return None;
    }
    *c = ahead;
    Some(word)
}
