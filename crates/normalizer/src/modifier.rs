//! Words that modify an amount: 約, 計, 延べ before it; 以上, 未満, 弱, 当たり after it.

use crate::atom::Mods;
use crate::cursor::{Cursor, char_before, is_kanji, joint_start, one_of};
use jisseki_model::{Aggregate, Bound, ModifierSide};

/// Words right before an amount that belong to it; the longer before the shorter.
const BEFORE: [&str; 25] = [
    "少なくとも",
    "おおむね",
    "おおよそ",
    "およそ",
    "最大",
    "最高",
    "最多",
    "上限",
    "最低",
    "最小",
    "下限",
    "平均",
    "延べ",
    "のべ",
    "合計",
    "総計",
    "小計",
    "累計",
    "概ね",
    "凡そ",
    "ほぼ",
    "約",
    "延",
    "計",
    "実",
];

/// Takes the words before `start` into the amount; returns where it then starts.
pub(crate) fn before(scan: &str, start: usize, floor: usize, mods: &mut Mods) -> usize {
    let mut from = start;
    // Two words at most: 計約, 延べ約.
    for _ in 0..2 {
        let end = joint_start(scan, from);
        // A modifier and its number stand in one line.
        if scan.get(end..from).is_none_or(|gap| gap.contains('\n')) {
            break;
        }
        let Some(head) = scan.get(floor.min(end)..end) else { break };
        let may_end = |l: char| {
            matches!(l, 'も' | 'ね' | 'そ' | '大' | '高' | '多' | '限' | '低' | '小' | '均' | 'べ' | '計' | 'ぼ' | '約' | '延' | '実')
        };
        if !head.ends_with(may_end) {
            break;
        }
        let Some(word) = BEFORE.iter().find(|w| head.ends_with(**w)) else { break };
        let at = end - word.len();
        let kanji_before = char_before(scan, at).is_some_and(|(l, _)| is_kanji(l));
        // 会計, 設計, 事実, 現実: the sign is the end of another word.
        if kanji_before && matches!(*word, "計" | "実" | "延" | "約") {
            break;
        }
        apply(word, mods);
        from = at;
    }
    from
}

fn apply(word: &str, mods: &mut Mods) {
    match word {
        "計" | "合計" | "総計" | "小計" => mods.aggregate = Some(Aggregate::Total),
        "延べ" | "のべ" | "延" | "累計" => mods.aggregate = Some(Aggregate::Cumulative),
        "実" => mods.aggregate = Some(Aggregate::Distinct),
        "平均" => mods.aggregate = Some(Aggregate::Average),
        "最大" | "最高" | "最多" | "上限" => mods.bound = Some(Bound::Le),
        "少なくとも" | "最低" | "最小" | "下限" => mods.bound = Some(Bound::Ge),
        _ => mods.approx = true,
    }
}

/// What a label says of the amount after it: 取得実人数…226人 counts persons once, 延べ人数：1,234人 each time. The label is no part of the amount.
pub(crate) fn label(scan: &str, start: usize, floor: usize) -> Option<Aggregate> {
    let head = scan.get(floor..start)?.trim_end_matches(['…', '・', ':', ' ', '\t', 'は', '-', '⇒', '=', '＝']);
    const LABELS: [(&str, Aggregate); 9] = [
        ("実人数", Aggregate::Distinct),
        ("実人員", Aggregate::Distinct),
        ("実件数", Aggregate::Distinct),
        ("実世帯数", Aggregate::Distinct),
        ("延べ人数", Aggregate::Cumulative),
        ("延人数", Aggregate::Cumulative),
        ("延べ人員", Aggregate::Cumulative),
        ("延べ件数", Aggregate::Cumulative),
        ("延べ回数", Aggregate::Cumulative),
    ];
    if !head.ends_with(['数', '員']) {
        return None;
    }
    LABELS.iter().find(|l| head.ends_with(l.0)).map(|l| l.1)
}

/// Takes the words after the unit into the amount and moves over them.
pub(crate) fn after(c: &mut Cursor<'_>, mut mods: Mods) -> Mods {
    const BOUNDS: [(&str, Bound); 14] = [
        ("以上", Bound::Ge),
        ("以下", Bound::Le),
        ("以内", Bound::Le),
        ("未満", Bound::Lt),
        ("を超える", Bound::Gt),
        ("を超え", Bound::Gt),
        ("を上回る", Bound::Gt),
        ("を上回り", Bound::Gt),
        ("を上回っ", Bound::Gt),
        ("を下回る", Bound::Lt),
        ("を下回り", Bound::Lt),
        ("を下回っ", Bound::Lt),
        ("に満たない", Bound::Lt),
        ("超", Bound::Gt),
    ];
    const APPROX: [&str; 6] = ["程度", "前後", "ほど", "内外", "くらい", "ぐらい"];
    let mut ahead = *c;
    // The word may stand after a blank, but not on the next line: there it begins something else.
    while ahead.peek() == Some(' ') {
        ahead.at += 1;
    }
    if !ahead.peek().is_some_and(|l| {
        matches!(l, '以' | '未' | 'を' | '超' | 'に' | '程' | '前' | 'ほ' | '内' | 'く' | 'ぐ' | '余' | 'あ' | '弱' | '強' | '当')
    }) {
        return mods;
    }
    if let Some((word, bound)) = BOUNDS.iter().find(|b| ahead.eat(b.0)) {
        // 超過 is a noun; を超え… ends in any verb form.
        if *word == "超" && ahead.peek().is_some_and(|l| one_of(l, "過高音")) {
            return mods;
        }
        mods.bound = Some(*bound);
    } else if APPROX.iter().any(|w| ahead.eat(w)) {
        mods.approx = true;
    } else if ahead.eat("余り") || ahead.eat("あまり") || ahead.eat("余") {
        (mods.approx, mods.bound) = (true, Some(Bound::Gt));
    } else if let Some(side @ ('弱' | '強')) = ahead.peek() {
        ahead.at += '弱'.len_utf8();
        // 強化, 強風, 弱者: not of the number.
        if ahead.peek().is_some_and(is_kanji) {
            return mods;
        }
        mods.approx = true;
        let below = side == '弱';
        mods.bound = Some(if below { Bound::Lt } else { Bound::Gt });
        mods.side = Some(if below { ModifierSide::SlightlyBelow } else { ModifierSide::SlightlyAbove });
    } else if ahead.eat("当たり") || ahead.eat("あたり") || ahead.eat("当り") {
        mods.aggregate = Some(Aggregate::Per);
    } else {
        return mods;
    }
    *c = ahead;
    mods
}
