//! A department cell → departments under their headings.

use crate::marks::text_to_headings;
use crate::vocab::text_to_path;
use jisseki_model::{Department, Place};

/// A piece of a department cell: text of one logical line, and where it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct OrgLine {
    pub(crate) text: String,
    pub(crate) places: Vec<Place>,
}

/// Makes departments of the logical lines of a cell: headings stand over the departments after them, 、 and ／ separate several on a line.
pub(crate) fn lines_to_departments(lines: Vec<OrgLine>) -> Vec<Department> {
    let mut out: Vec<Department> = Vec::new();
    let mut headings: Vec<String> = Vec::new();
    let mut used = true;
    for line in lines {
        if let Some(more) = text_to_headings(line.text.chars()) {
            if used {
                headings.clear();
                used = false;
            }
            headings.extend(more);
            continue;
        }
        for name in split_names(&line.text) {
            out.push(Department { headings: headings.clone(), path: text_to_path(&name), text: name, places: line.places.clone() });
            used = true;
        }
    }
    out
}

/// Cuts a line at 、 ， ／ and bullets outside brackets.
fn split_names(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut depth = 0i32;
    for c in text.chars() {
        match c {
            '（' | '(' | '「' => depth += 1,
            '）' | ')' | '」' => depth -= 1,
            _ => {}
        }
        let separates = depth <= 0 && matches!(c, '、' | '，' | ',' | '／' | '/' | '\n');
        match out.last_mut() {
            Some(last) if !separates => last.push(c),
            _ => out.push(String::new()),
        }
    }
    out.iter().map(|s| s.trim().trim_start_matches(['・', '○', '●', '□', '◎']).trim().to_string()).filter(|s| !s.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stand_over_their_departments() {
        let line = |t: &str| OrgLine { text: t.into(), places: vec![] };
        let d = lines_to_departments(vec![line("＜甲＞"), line("＜乙＞"), line("総務部人事課"), line("＜丙＞"), line("総務課、財政課")]);
        let got: Vec<_> = d.iter().map(|d| (d.headings.join("|"), d.text.as_str())).collect();
        assert_eq!(got, [("甲|乙".to_string(), "総務部人事課"), ("丙".to_string(), "総務課"), ("丙".to_string(), "財政課")]);
    }
}
