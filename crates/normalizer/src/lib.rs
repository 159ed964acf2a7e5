//! Japanese administrative text to typed values.
#![forbid(unsafe_code)]

mod context;
mod cursor;
pub mod era;
mod fold;
mod key;
mod org;
mod year;
pub use context::ReportContext;
pub use fold::{Folded, display, fold};
pub use jisseki_model::{CivilDate, EraName, Mention, Scope, ScopeSource};
pub use key::key;
pub use org::parse_org;
pub use year::{fiscal_year_row, parse_fiscal_year};

/// The display view of a mention's slice with its joints closed: blanks go, but for one between two ASCII letters.
pub(crate) fn norm(text: &str) -> String {
    let shown = display(text);
    let mut out = String::with_capacity(shown.len());
    let mut blank = false;
    for c in shown.chars() {
        if c.is_whitespace() {
            blank = true;
            continue;
        }
        if blank && c.is_ascii_alphabetic() && out.ends_with(|p: char| p.is_ascii_alphabetic()) {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    }
    out
}

/// Finds every typed value of a text.
///
/// Spans are bytes of `src`, and `src[m.span] == m.text` for each.
pub fn mentions(src: &str, ctx: &ReportContext, scopes: &[Scope]) -> Vec<Mention> {
    let _ = (ctx, scopes);
    let folded = fold(src);
    let mut out = Vec::new();
    let mut at = 0;
    while at < folded.scan().len() {
        let found = org::line_to_orgs(folded.scan(), at);
        let end = found.last().map_or(at, |o| o.span.end);
        for org in found {
            out.push(org::org_to_mention(out.len(), &org, &folded, ctx));
        }
        at = folded.scan().get(end..).and_then(|s| s.find('\n')).map_or(folded.scan().len(), |i| end + i + 1);
    }
    out
}
