//! Drift of the form between two releases: what must stay the same for a reading to be trusted.

use crate::columns::Remap;
use crate::fold;
use jisseki_model::{LayoutColumn, LayoutPrint, PageSize, Severity};

/// One way in which the form drifted.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// `headers`, `columns`, `column_positions`, `page_size`, `fonts`, `rules`.
    pub aspect: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it was.
    pub old: String,
    /// What it is.
    pub new: String,
    /// Another producer explains it: it says nothing about the form.
    pub quiet: bool,
}

/// Two sizes within this many points are one: producers round A3 to 1190.55 or 1191.12.
const SIZE_SLACK: f64 = 2.0;
/// A column edge that moved by more than this share of the page's width moved. Measured: one form drawn by two producers differs by 0.03.
const EDGE_SLACK: f64 = 0.06;

/// Returns how the form drifted, from its fingerprints and from what the fields hold.
pub fn prints_to_drifts(old: Option<&LayoutPrint>, new: Option<&LayoutPrint>, remap: &Remap) -> Vec<Drift> {
    let mut drifts = Vec::new();
    if let (Some(a), Some(b)) = (old, new) {
        headers(a, b, &mut drifts);
        order(a, b, &mut drifts);
        positions(a, b, &mut drifts);
        pages(a, b, &mut drifts);
        ink(a, b, &mut drifts);
    }
    for (a, b) in remap.pairs() {
        contents(a, b, remap, &mut drifts);
    }
    drifts
}

fn contents(old: &str, new: &str, remap: &Remap, drifts: &mut Vec<Drift>) {
    let name = |f: &str| f.strip_prefix("extra:").unwrap_or(f).to_owned();
    if remap.is_swap(old, new) {
        if old < new {
            drifts.push(Drift {
                aspect: "columns",
                severity: Severity::Error,
                old: format!("{old} | {new}"),
                new: format!("{new} | {old}"),
                quiet: false,
            });
        }
        return;
    }
    // Where the header's words are known from the fingerprint, the rename is told already.
    let told = drifts.iter().any(|d| d.aspect == "headers" && fold::style(&d.new) == fold::style(&name(new)));
    if !told {
        drifts.push(Drift { aspect: "headers", severity: Severity::Warn, old: name(old), new: name(new), quiet: false });
    }
}

/// A header's words without years and numbers: `令和元年度取組実績` goes on as `令和２年度取組実績`.
fn label_key(label: &str) -> String {
    fold::shape(label).replace("@年度", "").replace("#年度", "")
}

/// Pairs each column of one print with the column of the other that has its words, else its role.
fn partner<'a>(column: &LayoutColumn, others: &'a [LayoutColumn]) -> Option<&'a LayoutColumn> {
    others.iter().find(|o| label_key(&o.label) == label_key(&column.label))
}

fn headers(a: &LayoutPrint, b: &LayoutPrint, drifts: &mut Vec<Drift>) {
    let lost: Vec<&LayoutColumn> = a.columns.iter().filter(|c| partner(c, &b.columns).is_none()).collect();
    let mut found: Vec<&LayoutColumn> = b.columns.iter().filter(|c| partner(c, &a.columns).is_none()).collect();
    let mut push = |severity, old: &str, new: &str| {
        drifts.push(Drift { aspect: "headers", severity, old: old.to_owned(), new: new.to_owned(), quiet: false });
    };
    for column in lost {
        let (wide_a, wide_b) = (width(a), width(b));
        let near = |c: &&LayoutColumn| (column.x0 / wide_a - c.x0 / wide_b).abs() + (column.x1 / wide_a - c.x1 / wide_b).abs();
        let same_role = found.iter().position(|c| c.role == column.role && c.role != "extra");
        let nearest = || {
            (0..found.len())
                .min_by(|x, y| found.get(*x).map(near).partial_cmp(&found.get(*y).map(near)).unwrap_or(std::cmp::Ordering::Equal))
        };
        match same_role.or_else(nearest) {
            Some(at) => {
                let other = found.remove(at);
                let severity = if other.role == column.role { Severity::Warn } else { Severity::Error };
                push(severity, &column.label, &other.label);
            }
            None => push(Severity::Warn, &column.label, ""),
        }
    }
    for column in found {
        push(Severity::Warn, "", &column.label);
    }
}

fn order(a: &LayoutPrint, b: &LayoutPrint, drifts: &mut Vec<Drift>) {
    let common = |from: &LayoutPrint, to: &LayoutPrint| -> Vec<String> {
        from.columns.iter().filter(|c| partner(c, &to.columns).is_some()).map(|c| c.label.clone()).collect()
    };
    let (x, y) = (common(a, b), common(b, a));
    let keys = |labels: &[String]| labels.iter().map(|l| label_key(l)).collect::<Vec<_>>();
    let (kx, ky) = (keys(&x), keys(&y));
    if kx != ky && kx.len() == ky.len() {
        // Only the stretch that differs: the columns that changed places.
        let head = kx.iter().zip(&ky).take_while(|(p, q)| p == q).count();
        let tail = kx.iter().rev().zip(ky.iter().rev()).take_while(|(p, q)| p == q).count();
        let part = |l: &[String]| l.get(head..l.len() - tail.min(l.len() - head)).unwrap_or_default().join(" | ");
        drifts.push(Drift { aspect: "columns", severity: Severity::Warn, old: part(&x), new: part(&y), quiet: false });
    }
}

fn width(print: &LayoutPrint) -> f64 {
    print.page_sizes.first().map_or(1.0, |p| p.width).max(1.0)
}

fn positions(a: &LayoutPrint, b: &LayoutPrint, drifts: &mut Vec<Drift>) {
    if drifts.iter().any(|d| d.aspect == "columns") {
        return;
    }
    let quiet = a.producer != b.producer;
    for x in &a.columns {
        let Some(y) = partner(x, &b.columns) else { continue };
        let ends = |c: &LayoutColumn, p: &LayoutPrint| (c.x0 / width(p), c.x1 / width(p));
        let ((x0, x1), (y0, y1)) = (ends(x, a), ends(y, b));
        if (x0 - y0).abs().max((x1 - y1).abs()) > EDGE_SLACK {
            let show = |c: &LayoutColumn| format!("{} {:.0}–{:.0} pt", c.label, c.x0, c.x1);
            drifts.push(Drift { aspect: "column_positions", severity: Severity::Info, old: show(x), new: show(y), quiet });
        }
    }
}

fn pages(a: &LayoutPrint, b: &LayoutPrint, drifts: &mut Vec<Drift>) {
    let (Some(x), Some(y)) = (a.page_sizes.first(), b.page_sizes.first()) else { return };
    if (x.width - y.width).abs() > SIZE_SLACK || (x.height - y.height).abs() > SIZE_SLACK {
        let show = |p: &PageSize| format!("{:.0} × {:.0} pt", p.width, p.height);
        drifts.push(Drift { aspect: "page_size", severity: Severity::Warn, old: show(x), new: show(y), quiet: false });
    }
}

fn ink(a: &LayoutPrint, b: &LayoutPrint, drifts: &mut Vec<Drift>) {
    let quiet = a.producer != b.producer;
    if a.fonts != b.fonts {
        drifts.push(Drift { aspect: "fonts", severity: Severity::Info, old: a.fonts.join(", "), new: b.fonts.join(", "), quiet });
    }
    let per_page = |p: &LayoutPrint| p.rules as f64 / f64::from(p.page_sizes.iter().map(|s| s.pages).sum::<u32>().max(1));
    let (x, y) = (per_page(a), per_page(b));
    // Rules follow the number of rows on a page; a form whose rules double or halve is drawn differently.
    if x.max(y) > 2.0 * x.min(y) + 4.0 {
        let show = |n: f64| format!("{n:.1} rules a page");
        drifts.push(Drift { aspect: "rules", severity: Severity::Info, old: show(x), new: show(y), quiet });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(columns: &[(&str, &str)]) -> LayoutPrint {
        let column = |(i, (label, role)): (usize, &(&str, &str))| LayoutColumn {
            label: (*label).into(),
            role: (*role).into(),
            x0: 100.0 * i as f64,
            x1: 100.0 * (i + 1) as f64,
        };
        LayoutPrint {
            producer: Some("a".into()),
            page_sizes: vec![PageSize { width: 1190.55, height: 841.89, pages: 8 }],
            columns: columns.iter().enumerate().map(column).collect(),
            fonts: vec!["Mincho".into()],
            rules: 200,
        }
    }

    fn drift(old: &LayoutPrint, new: &LayoutPrint) -> Vec<(&'static str, Severity, String, String)> {
        prints_to_drifts(Some(old), Some(new), &Remap::default())
            .into_iter()
            .filter(|d| !d.quiet)
            .map(|d| (d.aspect, d.severity, d.old, d.new))
            .collect()
    }

    #[test]
    fn each_drift_has_its_name() {
        let base = print(&[("番号", "number"), ("平成30年度取組実績", "results"), ("取組状況", "status"), ("担当課", "departments")]);
        let next = print(&[("番号", "number"), ("令和元年度取組実績", "results"), ("取組状況", "status"), ("担当課", "departments")]);
        assert_eq!(drift(&base, &next), []);
        let renamed = print(&[("番号", "number"), ("令和元年度取組実績", "results"), ("進捗状況", "status"), ("担当課", "departments")]);
        assert_eq!(drift(&base, &renamed), [("headers", Severity::Warn, "取組状況".into(), "進捗状況".into())]);
        let unknown = print(&[("番号", "number"), ("令和元年度取組実績", "results"), ("進みぐあい", "extra"), ("担当課", "departments")]);
        assert_eq!(drift(&base, &unknown), [("headers", Severity::Error, "取組状況".into(), "進みぐあい".into())]);
        let swapped = print(&[("番号", "number"), ("取組状況", "status"), ("平成30年度取組実績", "results"), ("担当課", "departments")]);
        assert_eq!(
            drift(&base, &swapped),
            [("columns", Severity::Warn, "平成30年度取組実績 | 取組状況".into(), "取組状況 | 平成30年度取組実績".into())]
        );
        let a4 = LayoutPrint { page_sizes: vec![PageSize { width: 841.89, height: 595.28, pages: 8 }], ..next.clone() };
        assert!(drift(&base, &a4).iter().any(|d| d.0 == "page_size"));
        let fonts = LayoutPrint { fonts: vec!["Gothic".into()], ..next.clone() };
        assert_eq!(drift(&base, &fonts).iter().map(|d| d.0).collect::<Vec<_>>(), ["fonts"]);
        assert_eq!(drift(&base, &LayoutPrint { producer: Some("b".into()), ..fonts }), []);
    }
}
