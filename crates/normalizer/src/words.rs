//! Values in words: 今年度, 年度末, 通年, 上半期, 同年９月, 半年, 皆増, （単位：千円）, 千円未満切捨て.

use crate::atom::{Atom, Mods, Part, Span, Time, What, Year};
use crate::cursor::{Cursor, char_before, is_kanji, joint_start, one_of};
use crate::dec::Dec;
use crate::find::Finder;

use crate::parts::fiscal_part;
use jisseki_model::{Bound, ChangeDirection, FiscalPartName};

impl Finder<'_> {
    /// Reads the word that the pattern found.
    pub(crate) fn word(&mut self, start: usize, end: usize) -> Option<usize> {
        let word = self.scan.get(start..end)?;
        match word {
            "通年" => self.whole_year(start, end),
            "上半期" | "下半期" | "上期" | "下期" => self.half(start, end, word),
            "半年" => self.half_year(start, end),
            "半数" => Some(self.half_of(start, end)),
            "半減" => self.factor(start, end, Dec::new(5, -1)),
            "倍増" => self.factor(start, end, Dec::new(2, 0)),
            "単位" => self.unit_declaration(start, end),
            "未満切" | "未満四" => self.rounding(start),
            _ if word.starts_with('年') => self.fiscal_word(start, end),
            _ if word.ends_with('年') => self.year_word(start, end),
            _ => self.change_word(start, end, word),
        }
    }

    /// 年度 with a word before it (今, 翌々, 最終) or a part after it (末, 当初, 内).
    fn fiscal_word(&mut self, start: usize, end: usize) -> Option<usize> {
        let before = joint_start(self.scan, start);
        let left = char_before(self.scan, before).filter(|l| l.1 >= self.floor);
        let relative = left.and_then(|(word, at)| self.relative(word, at));
        let mut c = Cursor::new(self.scan, end);
        let part = fiscal_part(&mut c);
        let (from, year, offset) = match relative {
            Some((from, Some((offset, here)))) => (from, Year::RelFiscal { offset: offset.into(), here }, Some(offset)),
            Some((from, None)) => (from, Year::PlanEdge { last: left.is_some_and(|l| l.0 == '終') }, None),
            // 年度末 by itself; 各年度末 and 事業年度末 are no one day.
            None if part != Part::Whole
                && !left.is_some_and(|(l, at)| at + l.len_utf8() == start && (is_kanji(l) || l.is_ascii_digit())) =>
            {
                (start, Year::RelFiscal { offset: 0, here: true }, None)
            }
            None => return None,
        };
        let mut time = Time::of(year);
        time.part = part;
        time.offset = offset;
        Some(self.push_what(from, c.at, What::Time(time)))
    }

    /// What a word before 年度 says: where it starts and the offset with whether it is 今, 本 or 当; no offset for 初 and 最終.
    #[allow(clippy::type_complexity)]
    fn relative(&self, word: char, at: usize) -> Option<(usize, Option<(i8, bool)>)> {
        let (left, left_at) = char_before(self.scan, at).filter(|l| l.1 >= self.floor).unwrap_or((' ', at));
        // Words that end in the same sign: 基本, 従来, 第二次, 担当, 以前, 共同.
        let blocked = match word {
            '本' => is_kanji(left),
            '来' => one_of(left, "従将本以近元"),
            '次' => one_of(left, "一二三四五六七八九十0123456789第年順逐漸月"),
            '当' => one_of(left, "担相適該配"),
            '前' => one_of(left, "以従午事名直戦"),
            '同' => one_of(left, "共合協異"),
            '初' => one_of(left, "最当"),
            _ => false,
        };
        if blocked {
            return None;
        }
        Some(match word {
            '今' | '本' | '当' => (at, Some((0, true))),
            '同' => (at, Some((0, false))),
            '昨' if left == '一' => (left_at, Some((-2, true))),
            '昨' => (at, Some((-1, true))),
            '前' => (at, Some((-1, false))),
            '翌' => (at, Some((1, false))),
            '次' | '来' => (at, Some((1, true))),
            '々' if left == '前' => (left_at, Some((-2, false))),
            '々' if left == '翌' => (left_at, Some((2, false))),
            '初' => (at, None),
            '終' if left == '最' => (left_at, None),
            _ => return None,
        })
    }

    fn whole_year(&mut self, start: usize, end: usize) -> Option<usize> {
        let left = char_before(self.scan, start).map_or(' ', |l| l.0);
        if one_of(left, "交流普共開") || self.scan.get(end..)?.starts_with('度') {
            return None;
        }
        Some(self.push_part(start, end, Part::Fiscal { part: FiscalPartName::Full, at_end: false }))
    }

    fn half(&mut self, start: usize, end: usize, word: &str) -> Option<usize> {
        // 地上期間 and 以下期間 are no halves.
        let after = self.scan.get(end..)?.chars().next();
        let left = char_before(self.scan, start).map_or(' ', |l| l.0);
        if word.ends_with("期") && !word.contains('半') && (is_kanji(left) || after.is_some_and(|l| one_of(l, "間待限日"))) {
            return None;
        }
        let part = if word.starts_with('上') { FiscalPartName::H1 } else { FiscalPartName::H2 };
        let mut c = Cursor::new(self.scan, end);
        let at_end = c.eat_over_joint("末");
        Some(self.push_part(start, c.at, Part::Fiscal { part, at_end }))
    }

    fn push_part(&mut self, start: usize, end: usize, part: Part) -> usize {
        let mut time = Time::of(Year::RelFiscal { offset: 0, here: true });
        time.part = part;
        self.push_what(start, end, What::Time(time))
    }

    /// 同年９月, 翌年３月.
    fn year_word(&mut self, start: usize, end: usize) -> Option<usize> {
        let mut c = Cursor::new(self.scan, end);
        if c.eat_over_joint("度") {
            return self.fiscal_word(end - "年".len(), c.at);
        }
        let year = match self.scan.get(start..)?.chars().next()? {
            '同' => Year::RelCivil(0),
            '翌' | '来' => Year::RelCivil(1),
            '前' | '昨' => Year::RelCivil(-1),
            _ => Year::None,
        };
        let mut time = Time::of(year);
        time.bare = true;
        self.months(start, &mut c, &time, false)
    }

    fn half_year(&mut self, start: usize, end: usize) -> Option<usize> {
        let left = char_before(self.scan, start).map_or(' ', |l| l.0);
        if one_of(left, "上下前後") || self.scan.get(end..)?.starts_with('度') {
            return None;
        }
        let mut fields = [None; 7];
        if let Some(months) = fields.get_mut(1) {
            *months = Some(Dec::new(6, 0));
        }
        Some(self.push_what(start, end, What::Duration(Box::new(Span { fields, mods: Mods::default() }))))
    }

    /// 半数, 過半数.
    fn half_of(&mut self, start: usize, end: usize) -> usize {
        let over = char_before(self.scan, start).filter(|l| l.0 == '過' && l.1 >= self.floor);
        let mods = Mods { bound: over.map(|_| Bound::Gt), ..Mods::default() };
        let mut c = Cursor::new(self.scan, end);
        let mods = if over.is_none() { crate::modifier::after(&mut c, mods) } else { mods };
        let ratio = What::Ratio { num: Dec::new(1, 0), den: Dec::new(2, 0), mods };
        self.push_what(over.map_or(start, |l| l.1), c.at, ratio)
    }

    fn factor(&mut self, start: usize, end: usize, times: Dec) -> Option<usize> {
        // 半減期 is a time of physics, 倍増員 none that anyone writes.
        if self.scan.get(end..)?.starts_with('期') {
            return None;
        }
        Some(self.push_what(start, end, What::Factor(times)))
    }

    /// A word of change is a value only where it stands as one: alone in its line, cell or brackets. In a sentence it is prose.
    fn change_word(&mut self, start: usize, end: usize, word: &str) -> Option<usize> {
        let left = self.scan.get(..start)?.trim_end_matches([' ', '\t']).chars().next_back();
        let right = self.scan.get(end..)?.trim_start_matches([' ', '\t']).chars().next();
        let free = |l: Option<char>| l.is_none_or(|l| one_of(l, "\n()「」、,|│:⇒/"));
        if !free(left) || !free(right) {
            return None;
        }
        let (direction, slight) = match word {
            "横ばい" => (ChangeDirection::Flat, true),
            "増減なし" => (ChangeDirection::Flat, false),
            "皆増" => (ChangeDirection::New, false),
            "皆減" => (ChangeDirection::Gone, false),
            "微増" => (ChangeDirection::Up, true),
            _ => (ChangeDirection::Down, true),
        };
        Some(self.push_what(start, end, What::ChangeWord { direction, slight }))
    }

    /// （単位：千円、％）; the brackets are no part of it.
    fn unit_declaration(&mut self, start: usize, end: usize) -> Option<usize> {
        let mut c = Cursor::new(self.scan, end);
        // （単位 千円）: in brackets a blank does for the colon.
        let bracket = char_before(self.scan, start).is_some_and(|(l, _)| l == '(') && c.peek() == Some(' ');
        if !c.eat_over_joint(":") && !bracket {
            return None;
        }
        c.joint();
        let from = c.at;
        let declared = c.rest().split([')', '\n', ']', '】', '〕', '。']).next()?.trim_end();
        // A declaration names units; a sentence after 単位： is none.
        if declared.is_empty() || declared.chars().count() > 24 {
            return None;
        }
        let to = from + declared.len();
        Some(self.push(Atom::new(start, to, What::UnitDeclaration { from, to })))
    }

    /// 千円未満切捨て, 百万円未満四捨五入; the scan is at 未満.
    fn rounding(&mut self, start: usize) -> Option<usize> {
        let mut c = Cursor::new(self.scan, start);
        c.eat("未満");
        const MODES: [(&str, &str); 8] = [
            ("切り捨て", "floor"),
            ("切捨て", "floor"),
            ("切捨", "floor"),
            ("四捨五入", "half_up"),
            ("切り上げ", "ceiling"),
            ("切上げ", "ceiling"),
            ("切上", "ceiling"),
            ("四捨", "half_up"),
        ];
        let mode = MODES.iter().find(|m| c.eat(m.0))?.1;
        let yen_at = self.scan.get(..start)?.strip_suffix('円')?;
        const SCALES: [(&str, i8); 8] = [("千万", 7), ("百万", 6), ("十億", 9), ("億", 8), ("十万", 5), ("万", 4), ("千", 3), ("百", 2)];
        let (word, exp) = SCALES.iter().find(|s| yen_at.ends_with(s.0))?;
        let from = yen_at.len() - word.len();
        (from >= self.floor).then(|| self.push_what(from, c.at, What::Rounding { mode, unit: Dec::power(*exp) }))
    }
}
