//! Globs, for shells that leave them to the program: `*`, `?`, `[a-z]` within a part of a path, `**` for any folders.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Tells whether a path holds a sign of a glob.
pub(super) fn is_glob(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().iter().any(|b| matches!(b, b'*' | b'?' | b'['))
}

/// Returns the paths that match, sorted.
pub(super) fn glob_to_paths(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in pattern.components() {
        let part = part.as_os_str();
        let bytes = part.as_encoded_bytes();
        found = if bytes == b"**" {
            found.iter().flat_map(|base| folders_below(base)).collect()
        } else if is_glob(Path::new(part)) {
            found.iter().flat_map(|base| matching(base, bytes)).collect()
        } else {
            let literal = found.into_iter().map(|base| base.join(part));
            literal.filter(|p| std::fs::symlink_metadata(p).is_ok()).collect()
        };
    }
    found.sort();
    found.dedup();
    found
}

fn entries(base: &Path) -> Vec<OsString> {
    let folder = if base.as_os_str().is_empty() { Path::new(".") } else { base };
    let mut names: Vec<OsString> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.file_name()).collect();
    names.sort();
    names
}

fn matching(base: &Path, pattern: &[u8]) -> Vec<PathBuf> {
    let hidden = pattern.first() == Some(&b'.');
    let names = entries(base).into_iter();
    let visible = names.filter(|n| hidden || n.as_encoded_bytes().first() != Some(&b'.'));
    visible.filter(|n| matches(pattern, n.as_encoded_bytes())).map(|n| base.join(n)).collect()
}

/// A folder and all below it; links are not followed, so it ends.
fn folders_below(base: &Path) -> Vec<PathBuf> {
    let mut out = vec![base.to_owned()];
    let mut i = 0;
    while let Some(folder) = out.get(i).cloned() {
        let below = entries(&folder).into_iter().filter(|n| n.as_encoded_bytes().first() != Some(&b'.')).map(|n| folder.join(n));
        out.extend(below.filter(|p| std::fs::symlink_metadata(p).is_ok_and(|m| m.is_dir())));
        i += 1;
    }
    out
}

/// Matches one name: iterative with one point of return, so never more than `pattern × name` steps.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while n < name.len() {
        match step(pattern, p, name, n) {
            Step::One(next_p) => {
                p = next_p;
                n += char_len(name, n);
            }
            Step::Star => {
                back = Some((p + 1, n));
                p += 1;
            }
            Step::No => match back {
                Some((bp, bn)) => {
                    back = Some((bp, bn + 1));
                    p = bp;
                    n = bn + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
}

enum Step {
    One(usize),
    Star,
    No,
}

fn step(pattern: &[u8], p: usize, name: &[u8], n: usize) -> Step {
    match pattern.get(p) {
        Some(b'*') => Step::Star,
        Some(b'?') => Step::One(p + 1),
        Some(b'[') => match class(pattern, p, name.get(n).copied().unwrap_or(0)) {
            Some((true, next)) => Step::One(next),
            Some((false, _)) => Step::No,
            None if name.get(n) == Some(&b'[') => Step::One(p + 1),
            None => Step::No,
        },
        Some(b) if char_len(name, n) == 1 && name.get(n) == Some(b) => Step::One(p + 1),
        Some(_) => {
            let len = char_len(name, n);
            if pattern.get(p..p + len) == name.get(n..n + len) { Step::One(p + len) } else { Step::No }
        }
        None => Step::No,
    }
}

/// Bytes of the UTF-8 character at `n`; 1 for what is none.
fn char_len(name: &[u8], n: usize) -> usize {
    let len = match name.get(n) {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => 1,
    };
    if n + len <= name.len() { len } else { 1 }
}

/// Whether a byte is in the class that starts at `p`, and where the pattern goes on; none for a class that never ends.
fn class(pattern: &[u8], p: usize, byte: u8) -> Option<(bool, usize)> {
    let end = p + 2 + pattern.get(p + 2..)?.iter().position(|b| *b == b']')?;
    let inner = pattern.get(p + 1..end)?;
    let (negated, inner) = if matches!(inner.first(), Some(b'!' | b'^')) { (true, inner.get(1..)?) } else { (false, inner) };
    let mut found = false;
    let mut i = 0;
    while let Some(&low) = inner.get(i) {
        let range = inner.get(i + 1) == Some(&b'-') && i + 2 < inner.len();
        let high = if range { inner.get(i + 2).copied().unwrap_or(low) } else { low };
        found |= (low..=high).contains(&byte);
        i += if range { 3 } else { 1 };
    }
    Some((found != negated, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names() {
        for (pattern, name, expected) in [
            ("*.pdf", "a.pdf", true),
            ("*.pdf", "a.txt", false),
            ("h?.pdf", "h3.pdf", true),
            ("報告?.pdf", "報告書.pdf", true),
            ("[a-c]*[0-9].pdf", "bx9.pdf", true),
            ("[!a]*", "a", false),
            ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("[", "[", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn paths_are_found_below_folders() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(dir.path().join("x/y")).expect("made");
        for name in ["a.pdf", ".h.pdf", "x/b.pdf", "x/y/c.pdf", "x/d.txt"] {
            std::fs::write(dir.path().join(name), "").expect("written");
        }
        let found = |p: &str| {
            let paths = glob_to_paths(&dir.path().join(p));
            paths.iter().map(|f| f.strip_prefix(dir.path()).expect("below").display().to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("*.pdf"), "a.pdf");
        assert_eq!(found("**/*.pdf"), "a.pdf x/b.pdf x/y/c.pdf");
        assert_eq!(found("x/*"), "x/b.pdf x/d.txt x/y");
        assert_eq!(found("no/*"), "");
    }
}
