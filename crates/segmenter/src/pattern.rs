//! Patterns: the part of regular expressions that vocabularies and number grammars need, ready to match the moment they are read.
//!
//! Literals, `.`, classes, groups, named groups, `|`, `? * + {m,n}` (greedy, or lazy with `?`), `^ $`, `\d \s \w` (ASCII). Of several matches the
//! first alternative wins, as in Perl. A general engine spent a third of a short document's conversion on compiling sixty of them.
//!
//! *Invariant:* a search visits each pair of instruction and position once: no pattern is slow on any text.

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

/// A pattern, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    program: Vec<Step>,
    /// Names of the groups, by number.
    names: Vec<String>,
    /// Matches at the front of a text only.
    anchored: bool,
    /// The chars a match may begin with, sorted; `None` where it may begin with any, or be empty.
    first: Option<Vec<char>>,
}

/// One instruction of a pattern's program.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Literal(String),
    Any,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    Start,
    End,
    /// Try the first, then the second.
    Split(usize, usize),
    Jump(usize),
    /// Group `n / 2` starts (even) or ends (odd) here.
    Save(usize),
    Match,
}

/// What a pattern found, by byte positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<'p> {
    /// All of it.
    pub(crate) span: Range<usize>,
    names: &'p [String],
    groups: Vec<Option<usize>>,
}

impl Found<'_> {
    /// Returns where the named group matched.
    pub(crate) fn group(&self, name: &str) -> Option<Range<usize>> {
        let i = self.names.iter().position(|n| n == name)?;
        Some((*self.groups.get(2 * i)?)?..(*self.groups.get(2 * i + 1)?)?)
    }
}

impl Pattern {
    /// Reads a pattern. Errors: what it can't read, in words.
    pub(crate) fn new(text: &str) -> Result<Pattern, String> {
        let mut reader = Reader { chars: text.chars().peekable(), names: Vec::new(), depth: 0 };
        let tree = reader.alternatives()?;
        if let Some(c) = reader.chars.next() {
            return Err(format!("`{c}` closes nothing in the pattern `{text}`"));
        }
        let mut program = Vec::new();
        emit(&tree, &mut program)?;
        program.push(Step::Match);
        Ok(Pattern::of_program(program, reader.names))
    }

    /// Reads a pattern that must match all of a text.
    pub(crate) fn whole(text: &str) -> Result<Pattern, String> {
        Pattern::new(&format!("^(?:{text})$"))
    }

    /// Returns a pattern for these very words.
    pub(crate) fn of_words(text: &str) -> Pattern {
        Pattern::of_program(vec![Step::Start, Step::Literal(text.to_string()), Step::End, Step::Match], Vec::new())
    }

    fn of_program(program: Vec<Step>, names: Vec<String>) -> Pattern {
        let anchored = matches!(program.first(), Some(Step::Start));
        let first = first_chars(&program);
        Pattern { program, names, anchored, first }
    }

    /// Tells whether it matches anywhere in the text.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// Finds the first match that begins at byte `from` or after it.
    pub(crate) fn find<'p>(&'p self, text: &str, from: usize) -> Option<Found<'p>> {
        let mut seen = Vec::new();
        for (i, c) in text.char_indices().map(|(i, c)| (i, Some(c))).chain([(text.len(), None)]) {
            if self.anchored && i > 0 {
                return None;
            }
            let possible = self.first.as_ref().is_none_or(|first| c.is_some_and(|c| first.binary_search(&c).is_ok()));
            if i >= from && possible {
                seen.resize((self.program.len() * (text.len() + 1)).div_ceil(64), 0u64);
                if let Some(found) = self.run(text, i, &mut seen) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Runs the program from one position, trying again from the last choice where it fails.
    fn run<'p>(&'p self, text: &str, from: usize, seen: &mut [u64]) -> Option<Found<'p>> {
        let mut choices: Vec<(usize, usize, Vec<Option<usize>>)> = Vec::new();
        let (mut step, mut at, mut groups) = (0, from, vec![None; 2 * self.names.len()]);
        loop {
            let rest = text.get(at..)?;
            let next = match self.program.get(step)? {
                Step::Match => return Some(Found { span: from..at, names: &self.names, groups }),
                Step::Literal(l) => rest.starts_with(l.as_str()).then(|| (step + 1, at + l.len())),
                Step::Any => rest.chars().next().filter(|c| *c != '\n').map(|c| (step + 1, at + c.len_utf8())),
                Step::Class { negated, ranges } => {
                    let inside = |c: &char| ranges.iter().any(|(a, b)| a <= c && c <= b) != *negated;
                    rest.chars().next().filter(inside).map(|c| (step + 1, at + c.len_utf8()))
                }
                Step::Start => (at == 0).then_some((step + 1, at)),
                Step::End => rest.is_empty().then_some((step + 1, at)),
                Step::Jump(to) => Some((*to, at)),
                Step::Save(n) => {
                    if let Some(g) = groups.get_mut(*n) {
                        *g = Some(at);
                    }
                    Some((step + 1, at))
                }
                Step::Split(first, second) => {
                    let bit = step * (text.len() + 1) + at;
                    let word = seen.get_mut(bit / 64)?;
                    let new = *word & (1 << (bit % 64)) == 0;
                    *word |= 1 << (bit % 64);
                    if new {
                        choices.push((*second, at, groups.clone()));
                    }
                    new.then_some((*first, at))
                }
            };
            (step, at, groups) = match next {
                Some((s, a)) => (s, a, groups),
                None => choices.pop()?,
            };
        }
    }
}

/// Returns the chars that a match may begin with, sorted; `None` where that can't be told.
fn first_chars(program: &[Step]) -> Option<Vec<char>> {
    let mut out = Vec::new();
    let mut ahead = vec![0];
    let mut seen = vec![false; program.len()];
    while let Some(at) = ahead.pop() {
        if std::mem::replace(seen.get_mut(at)?, true) {
            continue;
        }
        match program.get(at)? {
            Step::Literal(l) => out.push(l.chars().next()?),
            Step::Split(a, b) => ahead.extend([*a, *b]),
            Step::Jump(to) => ahead.push(*to),
            Step::Start | Step::Save(_) => ahead.push(at + 1),
            Step::Class { negated: false, ranges } if ranges.iter().all(|(a, b)| (*b as u32).saturating_sub(*a as u32) < 64) => {
                out.extend(ranges.iter().flat_map(|(a, b)| *a..=*b));
            }
            Step::Any | Step::Class { .. } | Step::End | Step::Match => return None,
        }
    }
    out.sort_unstable();
    out.dedup();
    Some(out)
}

/// A pattern as a tree.
#[derive(Debug, Clone)]
enum Tree {
    One(Step),
    Row(Vec<Tree>),
    Either(Vec<Tree>),
    Repeat { inner: Box<Tree>, least: usize, most: Option<usize>, lazy: bool },
    Group(usize, Box<Tree>),
}

/// Longest program, in steps: `(x{1000}){1000}` is refused. The longest of the lexicon takes 300.
const LONGEST: usize = 20_000;
/// Deepest nesting of groups.
const DEEPEST: usize = 50;

/// Writes the steps of a tree.
fn emit(tree: &Tree, out: &mut Vec<Step>) -> Result<(), String> {
    if out.len() > LONGEST {
        return Err("the pattern is too long".into());
    }
    match tree {
        Tree::One(step) => out.push(step.clone()),
        Tree::Row(row) => row.iter().try_for_each(|t| emit(t, out))?,
        Tree::Group(n, inner) => {
            out.push(Step::Save(2 * n));
            emit(inner, out)?;
            out.push(Step::Save(2 * n + 1));
        }
        Tree::Either(branches) => emit_either(branches, out)?,
        Tree::Repeat { inner, least, most, lazy } => {
            (0..*least).try_for_each(|_| emit(inner, out))?;
            match most {
                Some(most) => {
                    let splits = (*least..*most).map(|_| emit_optional(inner, out)).collect::<Result<Vec<_>, _>>()?;
                    let end = out.len();
                    splits.into_iter().for_each(|at| set_split(out, at, end, *lazy));
                }
                None => {
                    let at = emit_optional(inner, out)?;
                    out.push(Step::Jump(at));
                    let end = out.len();
                    set_split(out, at, end, *lazy);
                }
            }
        }
    }
    Ok(())
}

/// Writes a split, to be set later, and what stands after it; returns where the split is.
fn emit_optional(inner: &Tree, out: &mut Vec<Step>) -> Result<usize, String> {
    let at = out.len();
    out.push(Step::Split(at + 1, at + 1));
    emit(inner, out)?;
    Ok(at)
}

fn set_split(out: &mut [Step], at: usize, end: usize, lazy: bool) {
    if let Some(step) = out.get_mut(at) {
        *step = if lazy { Step::Split(end, at + 1) } else { Step::Split(at + 1, end) };
    }
}

fn emit_either(branches: &[Tree], out: &mut Vec<Step>) -> Result<(), String> {
    let mut jumps = Vec::new();
    for (i, branch) in branches.iter().enumerate() {
        if i + 1 == branches.len() {
            emit(branch, out)?;
            break;
        }
        let at = emit_optional(branch, out)?;
        jumps.push(out.len());
        out.push(Step::Jump(0));
        let next = out.len();
        set_split(out, at, next, false);
    }
    let end = out.len();
    for j in jumps {
        if let Some(step) = out.get_mut(j) {
            *step = Step::Jump(end);
        }
    }
    Ok(())
}

/// Reads a pattern's text.
struct Reader<'t> {
    chars: Peekable<Chars<'t>>,
    names: Vec<String>,
    depth: usize,
}

impl Reader<'_> {
    fn next(&mut self, what: &str) -> Result<char, String> {
        self.chars.next().ok_or_else(|| format!("the pattern ends within {what}"))
    }

    fn alternatives(&mut self) -> Result<Tree, String> {
        let mut branches = vec![self.row()?];
        while self.chars.next_if_eq(&'|').is_some() {
            branches.push(self.row()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Tree::Either(branches) })
    }

    fn row(&mut self) -> Result<Tree, String> {
        let mut row: Vec<Tree> = Vec::new();
        while let Some(c) = self.chars.next_if(|c| !matches!(c, '|' | ')')) {
            let one = self.unit(c)?;
            let repeated = self.chars.peek().is_some_and(|c| matches!(c, '?' | '*' | '+' | '{'));
            match (row.last_mut(), &one) {
                // Literals that follow each other are one step; one that is repeated stands alone.
                (Some(Tree::One(Step::Literal(before))), Tree::One(Step::Literal(l))) if !repeated => before.push_str(l),
                _ => row.push(one),
            }
            if repeated && let Some(last) = row.pop() {
                row.push(self.repeat(last)?);
            }
        }
        Ok(Tree::Row(row))
    }

    /// Reads what a char begins: a group, a class, an escape, itself.
    fn unit(&mut self, c: char) -> Result<Tree, String> {
        Ok(match c {
            '(' => self.group()?,
            '[' => Tree::One(self.class()?),
            '.' => Tree::One(Step::Any),
            '^' => Tree::One(Step::Start),
            '$' => Tree::One(Step::End),
            '\\' => Tree::One(match self.next("an escape")? {
                c @ ('d' | 's' | 'w') => Step::Class { negated: false, ranges: escape_to_ranges(c) },
                c if c.is_ascii_alphanumeric() => return Err(format!("`\\{c}` is not known to patterns")),
                c => Step::Literal(c.to_string()),
            }),
            '?' | '*' | '+' | '{' => return Err(format!("`{c}` repeats nothing")),
            c => Tree::One(Step::Literal(c.to_string())),
        })
    }

    fn group(&mut self) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the pattern's groups are nested too deep".into());
        }
        let name = if self.chars.next_if_eq(&'?').is_some() { self.group_name()? } else { None };
        let number = name.map(|n| {
            self.names.push(n);
            self.names.len() - 1
        });
        let inner = self.alternatives()?;
        if self.next("a group")? != ')' {
            return Err("a group is not closed".into());
        }
        self.depth -= 1;
        Ok(match number {
            Some(n) => Tree::Group(n, Box::new(inner)),
            None => inner,
        })
    }

    /// Reads `:`, `P<name>` or `<name>` after `(?`.
    fn group_name(&mut self) -> Result<Option<String>, String> {
        if self.chars.next_if_eq(&':').is_some() {
            return Ok(None);
        }
        self.chars.next_if_eq(&'P');
        if self.next("a group")? != '<' {
            return Err("after `(?` only `:` and `P<name>` are known".into());
        }
        let mut name = String::new();
        loop {
            match self.next("a group's name")? {
                '>' => return Ok(Some(name)),
                c => name.push(c),
            }
        }
    }

    fn class(&mut self) -> Result<Step, String> {
        let negated = self.chars.next_if_eq(&'^').is_some();
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            let first = match self.next("a class")? {
                ']' if !ranges.is_empty() => return Ok(Step::Class { negated, ranges }),
                '\\' => match self.next("an escape")? {
                    c @ ('d' | 's' | 'w') => {
                        ranges.extend(escape_to_ranges(c));
                        continue;
                    }
                    c => c,
                },
                c => c,
            };
            // A `-` before the `]` is itself.
            let mut ahead = self.chars.clone();
            if ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']') {
                self.chars.next();
                let last = self.next("a class")?;
                let last = if last == '\\' { self.next("an escape")? } else { last };
                ranges.push((first, last));
            } else {
                ranges.push((first, first));
            }
        }
    }

    fn repeat(&mut self, inner: Tree) -> Result<Tree, String> {
        let (least, most) = match self.next("a repetition")? {
            '?' => (0, Some(1)),
            '*' => (0, None),
            '+' => (1, None),
            _ => self.counts()?,
        };
        let lazy = self.chars.next_if_eq(&'?').is_some();
        Ok(Tree::Repeat { inner: Box::new(inner), least, most, lazy })
    }

    /// Reads `m}`, `m,}` or `m,n}`.
    fn counts(&mut self) -> Result<(usize, Option<usize>), String> {
        let mut text = String::new();
        loop {
            match self.next("a repetition")? {
                '}' => break,
                c => text.push(c),
            }
        }
        let number = |t: &str| t.parse::<usize>().ok().filter(|n| *n <= 1000).ok_or_else(|| format!("`{{{text}}}` is no repetition"));
        match text.split_once(',') {
            None => number(&text).map(|n| (n, Some(n))),
            Some((m, "")) => Ok((number(m)?, None)),
            Some((m, n)) => Ok((number(m)?, Some(number(n)?))),
        }
    }
}

fn escape_to_ranges(c: char) -> Vec<(char, char)> {
    match c {
        'd' => vec![('0', '9')],
        's' => vec![(' ', ' '), ('\t', '\r'), ('\u{3000}', '\u{3000}')],
        _ => vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, want: Option<&str>) {
        let p = Pattern::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        assert_eq!(p.find(text, 0).and_then(|f| text.get(f.span)), want, "{pattern} on {text}");
    }

    #[test]
    fn patterns_find_what_regular_expressions_find() {
        check("取組(実績|内容)?", "主な取組内容等", Some("取組内容"));
        check("^取組$", "取組内容", None);
        check("(a|ab)c", "xabc", Some("abc"));
        check("a|ab", "ab", Some("a"));
        check("[^0-9]+", "12件の", Some("件の"));
        check("\\d{1,3}(?:[,.]\\d{3})*", "約1,234,567円", Some("1,234,567"));
        check("<.+?>", "<a><b>", Some("<a>"));
        check("<.+>", "<a><b>", Some("<a><b>"));
        check("[A-E][+-]?", "B+", Some("B+"));
        check("[-－]x", "－x", Some("－x"));
        check("x{2,}", "axxxb", Some("xxx"));
        check("(?:ab){2}", "ababab", Some("abab"));
        check("ab?c", "ac", Some("ac"));
        check("", "a", Some(""));
        check("$", "達成", Some(""));
    }

    #[test]
    fn groups_tell_where_they_matched() {
        let p = Pattern::new("^(?P<n>\\d{1,4})[ .]*(?P<sub>[①-⑳])").unwrap_or_else(|e| panic!("{e}"));
        let f = p.find("12 ③ 題", 0);
        assert_eq!(f.as_ref().and_then(|f| f.group("n")), Some(0..2));
        assert_eq!(f.as_ref().and_then(|f| f.group("sub")), Some(3..6));
        assert_eq!(f.and_then(|f| f.group("code")), None);
    }

    #[test]
    fn what_is_no_pattern_is_refused_in_words() {
        for (p, why) in [
            ("(", "ends within a group"),
            ("a)", "closes nothing"),
            ("*", "repeats nothing"),
            ("[a", "ends within a class"),
            ("a{x}", "no repetition"),
            ("(?i)a", "only"),
            ("\\bx", "`\\b`"),
            ("((a{999}){999}){999}", "too long"),
        ] {
            assert!(Pattern::new(p).is_err_and(|e| e.contains(why)), "{p}: {:?}", Pattern::new(p));
        }
    }

    #[test]
    fn no_pattern_is_slow() {
        let text = "a".repeat(400);
        assert!(!Pattern::new("(a*)*b").is_ok_and(|p| p.is_match(&text)));
        assert!(!Pattern::new("(a|a)*(a|a)*(a|a)*c$").is_ok_and(|p| p.is_match(&text)));
    }
}
