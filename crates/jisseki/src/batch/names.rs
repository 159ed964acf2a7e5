//! Names: how an input is shown, and what its output is called.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Component, Path};

/// Bytes of an output's name: leaves room for an ending on every file system.
const NAME_BYTES: usize = 180;

/// Returns a path as text that is safe to show and unique for the path: `/` between parts, `\u{..}` for characters that a terminal would obey,
/// `\x{..}` for bytes that are no text, `\\` for a backslash.
pub fn escaped(path: &Path) -> String {
    let parts = path.components().filter_map(|c| match c {
        Component::Normal(part) => Some(escaped_part(part)),
        Component::ParentDir => Some("..".to_owned()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Returns a path as it was given, `/` and dots and all, with the same escapes.
pub fn escaped_whole(path: &Path) -> String {
    escaped_part(path.as_os_str())
}

fn escaped_part(part: &OsStr) -> String {
    let mut out = String::new();
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                c if is_obeyed(c) => {
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
                }
                c => out.push(c),
            }
        }
        for b in chunk.invalid() {
            let _ = write!(out, "\\x{{{b:02x}}}");
        }
    }
    out
}

/// Controls, line separators, and characters that turn the reading direction or cannot be seen.
fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns the output's path for each input, in order; `inputs` are relative paths and the hashes of their contents.
///
/// `a/b.pdf` becomes `reports/a/b.json`. Any other ending stays (`b.PDF` → `b.PDF.json`); a part that had to be cleaned or cut gets eight digits of
/// the hash of its own name; where two inputs would still meet (also where the file system does not tell case apart), the later one gets eight
/// digits of its content's hash.
pub(super) fn output_names(inputs: &[(&Path, &str)]) -> Vec<String> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = Vec::with_capacity(inputs.len());
    for (path, sha256) in inputs {
        let base = path_to_base(path);
        let mut name = base.clone();
        let mut n = 1;
        while taken.insert(name.to_lowercase(), n).is_some() {
            n += 1;
            let digits = sha256.get(..8).unwrap_or("0");
            name = if n == 2 { format!("{base}~{digits}") } else { format!("{base}~{digits}-{n}") };
        }
        out.push(format!("reports/{name}.json"));
    }
    out
}

fn path_to_base(path: &Path) -> String {
    let parts: Vec<&OsStr> = path.components().filter_map(|c| if let Component::Normal(p) = c { Some(p) } else { None }).collect();
    let last = parts.len().saturating_sub(1);
    let names = parts.iter().enumerate().map(|(i, part)| {
        let whole = part.to_string_lossy();
        let stem = if i == last { whole.strip_suffix(".pdf").unwrap_or(&whole) } else { &whole };
        clean_part(stem, part)
    });
    names.collect::<Vec<_>>().join("/")
}

/// Keeps letters, digits and harmless signs; what is changed is marked with the hash of the original.
fn clean_part(stem: &str, original: &OsStr) -> String {
    let clean: String = stem.chars().map(|c| if is_harmless(c) { c } else { '_' }).collect();
    let clean = clean.trim_matches([' ', '.', '\u{3000}']).trim_start_matches('-');
    let mut cut = clean.len().min(NAME_BYTES);
    while !clean.is_char_boundary(cut) {
        cut -= 1;
    }
    let clean = &clean[..cut];
    if clean == stem && !clean.is_empty() && !is_reserved(clean) {
        return clean.to_owned();
    }
    let digits = super::files::sha256_hex(original.as_encoded_bytes());
    format!("{}~{}", if clean.is_empty() { "_" } else { clean }, digits.get(..8).unwrap_or("0"))
}

/// A combining mark is not harmless: two names that differ in composition alone are one name on some file systems.
fn is_harmless(c: char) -> bool {
    let combining = matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}');
    c.is_alphanumeric() && !combining
        || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')' | '+' | ',' | '[' | ']' | '、' | '。' | '・' | 'ー' | '～' | '〜' | '々')
        || ('\u{3008}'..='\u{3011}').contains(&c)
        || matches!(c, '（' | '）' | '［' | '］' | '＿' | '－' | '\u{3000}')
}

/// Names that mean a device on Windows.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or("").to_lowercase();
    let numbered = |p: &str| stem.strip_prefix(p).is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()));
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(inputs: &[&str], expected: &[&str]) {
        let inputs: Vec<(&Path, &str)> = inputs.iter().map(|p| (Path::new(*p), "0123456789ab")).collect();
        assert_eq!(output_names(&inputs), expected);
    }

    #[test]
    fn names_of_inputs_become_names_of_outputs() {
        check(&["a/r.pdf", "b/r.pdf", "b/r.PDF"], &["reports/a/r.json", "reports/b/r.json", "reports/b/r.PDF.json"]);
        check(&["平成３０年度　報告書（案）.pdf"], &["reports/平成３０年度　報告書（案）.json"]);
        check(&["r.pdf", "R.pdf", "r.pdf"], &["reports/r.json", "reports/R~01234567.json", "reports/r~01234567-3.json"]);
    }

    #[test]
    fn odd_names_are_cleaned_and_marked() {
        let name = |p: &str| output_names(&[(Path::new(p), "ff")]).remove(0);
        for odd in [
            "-rf.pdf",
            "..pdf",
            "$(touch x).pdf",
            "con.pdf",
            " lead.pdf",
            "new\nline.pdf",
            "\u{1b}[31m.pdf",
            "か\u{3099}.pdf",
            "\u{202e}fdp.pdf",
        ] {
            let got = name(odd);
            assert!(got.contains('~') && !got.contains(['\n', '\u{1b}', '$', '\u{202e}']) && !got.contains("/-"), "{odd:?} {got}");
        }
        assert!(name(&format!("{}.pdf", "n".repeat(246))).len() < 215);
        assert_eq!(name("a..b.pdf"), "reports/a..b.json");
        assert_ne!(name("a?.pdf"), name("a*.pdf"));
    }

    #[test]
    fn a_name_is_shown_without_what_a_terminal_obeys() {
        assert_eq!(escaped(Path::new("./x/../\u{1b}[31m\\\u{202e}.pdf")), "x/../\\u{1b}[31m\\\\\\u{202e}.pdf");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            assert_eq!(escaped(Path::new(OsStr::from_bytes(b"\xff\xfea.pdf"))), "\\x{ff}\\x{fe}a.pdf");
        }
    }
}
