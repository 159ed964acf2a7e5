//! The unit after a number: yen, percent, points, times, durations, counters, measures.

use crate::atom::Unit;
use crate::cursor::{Cursor, one_of};
use crate::dec::Dec;
use crate::duration::duration;
use crate::num::Number;
use crate::ordinal::ordinal_after;
use crate::units::noun;

/// A unit that was read after a number.
#[allow(clippy::large_enum_variant)] // Lives on the stack for one number; a box would be an allocation for what may be rejected.
pub(crate) enum Read {
    Unit(Unit),
    Duration([Option<Dec>; 7]),
    /// 分の: the denominator has been read.
    Denominator,
    Ordinal(&'static str),
}

/// Reads the unit after a number.
pub(crate) fn read_unit(c: &mut Cursor<'_>, number: &mut Number) -> Option<Read> {
    let mut ahead = *c;
    ahead.joint();
    let read = match ahead.peek()? {
        '%' | 'パ' | '㌫' | 'ポ' | 'p' => percent(&mut ahead),
        '割' => wari(&mut ahead, number),
        '円' => yen(&mut ahead, number),
        '分' if ahead.eat("分の") => Some(Read::Denominator),
        '倍' if ahead.eat("倍") && !ahead.rest().starts_with(['増', '率', '数']) => Some(Read::Unit(Unit::Times)),
        '回' | '番' | '年' | '日' | '人' | '件' | '期' | '代' | '度' | 'か' | '位' => {
            ordinal_after(&mut ahead).map(Read::Ordinal)
        }
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
    if !ahead.eat_over_joint("割") || ahead.peek().is_some_and(|l| one_of(l, "合引愛当増安賦")) {
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
    if !ahead.eat("円") || ahead.peek().is_some_and(|l| one_of(l, "滑高安卓形玉周陣筒")) {
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
