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
        for item in array.as_array().unwrap_or_default().iter().take(MAX_DIFFERENCES) {
            code = match item {
                Object::Ref(id) => differences.add(code, &objects.object(*id)),
                direct => differences.add(code, direct),
            };
        }
        differences
    }
    /// Adds an element of the list and returns the code that the next name belongs to.
    #[inline]
    fn add(&mut self, code: i64, item: &Object) -> i64 {
        let Object::Name(name) = item else { return item.as_i64().unwrap_or(code) };
        if let Ok(at) = u8::try_from(code) {
            self.push(at, name);
        }
        code.saturating_add(1)
    }
    fn push(&mut self, code: u8, name: &Name) {
        match self.runs.last_mut() {
            Some((_, last, same)) if last.checked_add(1) == Some(code) && same.as_bytes() == name.as_bytes() => *last = code,
            _ => self.runs.push((code, code, SmolStr::new(name.to_text()))),
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
        let array = "65 g0 g0 g0 A 300 far 255 last beyond 66 again".split(' ').map(item).collect();
        let dict = Dict::new([(Name::new(b"Differences"), Object::Array(array))]);
        let differences = Differences::load(&objects_of(b""), &dict);
        let names = [64, 65, 66, 67, 68, 255, 256, 300].map(|code| differences.name(code));
        assert_eq!(names, [None, Some("g0"), Some("again"), Some("g0"), Some("A"), Some("last"), None, None]);
        assert_eq!(differences.runs.len(), 4);
    }
}
