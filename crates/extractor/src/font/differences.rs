//! `/Differences` (ISO 32000-2 Table 112): glyph names by code, as an encoding dictionary lists them.

use crate::object::{Dict, Name, Object, Objects};
use smol_str::SmolStr;

/// Glyph names that an encoding dictionary gives codes.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Differences {
    /// First and last code with their name, in file order: Skia names every code of its fonts that draws nothing `g0`.
    runs: Vec<(u8, u8, SmolStr)>,
}

/// More entries than codes: a longer list repeats itself.
const MAX_DIFFERENCES: usize = 2048;

impl Differences {
    /// Returns the names of an encoding dictionary: `code name name … code name …`.
    pub(super) fn load(objects: &Objects<'_>, encoding: &Dict) -> Differences {
        let array = objects.get(encoding, b"Differences");
        let mut differences = Differences::default();
        let mut code = 0i64;
        let items = array.as_array().unwrap_or_default();
        let is_same = |a: &Object, b: &Object| matches!((a, b), (Object::Name(a), Object::Name(b)) if a == b);
        for same in items.get(..items.len().min(MAX_DIFFERENCES)).unwrap_or_default().chunk_by(is_same) {
            let Some(item) = same.first() else { continue };
            match objects.resolve(item) {
                Object::Name(name) => {
                    differences.push(code, same.len(), &name);
                    code = code.saturating_add(same.len() as i64);
                }
                number => code = number.as_i64().unwrap_or(code),
            }
        }
        differences
    }
    /// Names `n` codes from this one on; what lies beyond one byte is no code.
    fn push(&mut self, code: i64, n: usize, name: &Name) {
        let end = code.saturating_add(n as i64).min(256);
        if let (Ok(first), Ok(last)) = (u8::try_from(code.max(0)), u8::try_from(end - 1))
            && first <= last
        {
            self.runs.push((first, last, SmolStr::new(name.to_text())));
        }
    }
    /// Returns the name of a code; where it is listed twice, the last one.
    pub(super) fn name(&self, code: u32) -> Option<&str> {
        let code = u8::try_from(code).ok()?;
        self.runs.iter().rev().find(|(first, last, _)| (*first..=*last).contains(&code)).map(|run| run.2.as_str())
    }
    /// Tells whether no code has a name.
    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::objects_of;

    #[test]
    fn names_run_on_from_the_number_before() {
        let item = |text: &str| text.parse().map_or_else(|_| Object::Name(Name::new(text.as_bytes())), Object::Int);
        let array = "65 g0 g0 g0 A 300 far 255 last last beyond 66 again -1 zero zero".split(' ').map(item).collect();
        let dict = Dict::new([(Name::new(b"Differences"), Object::Array(array))]);
        let differences = Differences::load(&objects_of(b""), &dict);
        let names = [0, 64, 65, 66, 67, 68, 255, 256, 300].map(|code| differences.name(code));
        assert_eq!(names, [Some("zero"), None, Some("g0"), Some("again"), Some("g0"), Some("A"), Some("last"), None, None]);
        assert_eq!(differences.runs.len(), 5);
    }
}
