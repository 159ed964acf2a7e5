//! Operands of an operator: a reused list that borrows from the content stream; arrays and dictionaries lie flat in it.

/// One operand, or a bracket of an array or dictionary.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operand<'a> {
    Number(f64),
    Name(&'a [u8]),
    /// As [`crate::lex::Token::Str`].
    Str(&'a [u8], bool),
    Hex(&'a [u8]),
    ArrayOpen,
    ArrayClose,
    DictOpen,
    DictClose,
}

/// The operands read since the last operator.
#[derive(Debug, Default)]
pub(super) struct Operands<'a> {
    list: Vec<Operand<'a>>,
}

/// Kept at most; a `TJ` of a whole dense page has some ten thousand.
const MAX_KEPT: usize = 65_536;

impl<'a> Operands<'a> {
    #[inline]
    pub(super) fn push(&mut self, operand: Operand<'a>) {
        self.list.push(operand);
    }
    /// Tells whether no more should be kept: what is there has to be used or given up.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MAX_KEPT
    }
    #[inline]
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }
    pub(super) fn list(&self) -> &[Operand<'a>] {
        &self.list
    }
    /// Returns the last `N` operands, if they are numbers. Earlier ones are left over from a fault and do not count.
    #[inline]
    pub(super) fn numbers<const N: usize>(&self) -> Option<[f64; N]> {
        let from = self.list.len().checked_sub(N)?;
        let mut out = [0.0; N];
        for (slot, operand) in out.iter_mut().zip(self.list.get(from..)?) {
            match operand {
                Operand::Number(v) => *slot = *v,
                _ => return None,
            }
        }
        Some(out)
    }
    /// Returns the trailing numbers (a color's components), up to eight of them.
    pub(super) fn trailing_numbers(&self) -> ([f64; 8], usize) {
        trailing_numbers(&self.list)
    }
    /// Returns the numbers before a name that ends the list (the color of an uncolored pattern).
    pub(super) fn numbers_before_name(&self) -> ([f64; 8], usize) {
        trailing_numbers(self.list.split_last().map_or(&[], |s| s.1))
    }
    /// Returns the last operand, if it is a name.
    pub(super) fn name(&self) -> Option<&'a [u8]> {
        match self.list.last() {
            Some(Operand::Name(name)) => Some(name),
            _ => None,
        }
    }
    /// Returns the first name anywhere among the operands.
    pub(super) fn first_name(&self) -> Option<&'a [u8]> {
        self.list.iter().find_map(|o| match o {
            Operand::Name(name) => Some(*name),
            _ => None,
        })
    }
    /// Returns the value of a key of the outermost inline dictionary.
    pub(super) fn dict_value(&self, key: &[u8]) -> Option<Operand<'a>> {
        let from = self.list.iter().position(|o| *o == Operand::DictOpen)? + 1;
        let mut depth = 0usize;
        let mut is_key = true;
        let mut wanted = false;
        for operand in self.list.get(from..)? {
            let closes = matches!(operand, Operand::DictClose | Operand::ArrayClose);
            if depth == 0 {
                if closes {
                    return None;
                }
                match operand {
                    _ if wanted => return Some(*operand),
                    Operand::Name(name) if is_key => wanted = *name == key,
                    _ => {}
                }
                is_key = !is_key;
            }
            match operand {
                Operand::DictOpen | Operand::ArrayOpen => depth += 1,
                _ if closes => depth -= 1,
                _ => {}
            }
        }
        None
    }
}

fn trailing_numbers(list: &[Operand<'_>]) -> ([f64; 8], usize) {
    let mut out = [0.0; 8];
    let n = list.iter().rev().take(8).take_while(|o| matches!(o, Operand::Number(_))).count();
    for (slot, operand) in out.iter_mut().zip(list.iter().skip(list.len() - n)) {
        if let Operand::Number(v) = operand {
            *slot = *v;
        }
    }
    (out, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_dictionaries_are_searched_at_their_own_level() {
        let mut operands = Operands::default();
        use Operand::*;
        for o in
            [Name(b"Span"), DictOpen, Name(b"X"), DictOpen, Name(b"MCID"), Number(1.0), DictClose, Name(b"MCID"), Number(7.0), DictClose]
        {
            operands.push(o);
        }
        assert_eq!(operands.dict_value(b"MCID"), Some(Number(7.0)));
        assert_eq!(operands.dict_value(b"ActualText"), None);
        assert_eq!(operands.first_name(), Some(&b"Span"[..]));
        assert_eq!(operands.numbers::<1>(), None);
    }
}
