//! Groups of options that several commands share.

use anyhow::{anyhow, bail};
use serde_json::Value;

use crate::exit::Usage;
use jisseki::model::Limits;

/// Bounds on what one input may cost.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct LimitOptions {
    /// Set a bound, for example `pages=500` or `seconds=5`; may be given several times
    #[arg(long = "limit", value_name = "NAME=VALUE", help_heading = "Limits")]
    pub(crate) limits: Vec<String>,
}

impl LimitOptions {
    /// Returns the standard limits with those given in their place.
    pub(crate) fn limits(&self) -> anyhow::Result<Limits> {
        if self.limits.is_empty() {
            return Ok(Limits::default());
        }
        let mut all = serde_json::to_value(Limits::default())?;
        for given in &self.limits {
            set_limit(&mut all, given)?;
        }
        Ok(serde_json::from_value(all)?)
    }
}

fn set_limit(all: &mut Value, given: &str) -> anyhow::Result<()> {
    let (name, value) = given.split_once('=').ok_or_else(|| anyhow!(Usage(format!("`--limit {given}`: expected NAME=VALUE"))))?;
    let known = || all.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
    let Some(old) = all.get(name) else { bail!(Usage(format!("`--limit {given}`: no such limit; known: {}", known()))) };
    let new = if old.is_f64() {
        value.parse::<f64>().ok().filter(|v| v.is_finite() && *v > 0.0).map(Value::from)
    } else {
        value.parse::<u64>().ok().map(Value::from)
    };
    let Some(new) = new else { bail!(Usage(format!("`--limit {given}`: `{value}` is no such number"))) };
    if let Some(slot) = all.get_mut(name) {
        *slot = new;
    }
    Ok(())
}

/// How to open a PDF.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OpenOptions {
    /// Password of encrypted files
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) password: Option<String>,
    #[command(flatten)]
    pub(crate) limits: LimitOptions,
}

/// Returns the page numbers of `1,3-5,8-`, sorted, none above `n_pages`.
pub(crate) fn pages_of(text: &str, n_pages: u32) -> anyhow::Result<Vec<u32>> {
    let wrong = || anyhow!(Usage(format!("`--pages {text}`: expected numbers and ranges such as `1,3-5,8-`")));
    let number = |s: &str| s.trim().parse::<u32>().ok().filter(|n| *n >= 1);
    let mut pages = std::collections::BTreeSet::new();
    for part in text.split(',') {
        let (from, to) = match part.split_once('-') {
            None => (number(part).ok_or_else(wrong)?, number(part).ok_or_else(wrong)?),
            Some((a, "")) => (number(a).ok_or_else(wrong)?, n_pages),
            Some((a, b)) => (number(a).ok_or_else(wrong)?, number(b).ok_or_else(wrong)?),
        };
        pages.extend(from..=to.min(n_pages));
    }
    if pages.is_empty() {
        bail!(Usage(format!("`--pages {text}`: the document has {n_pages} pages")));
    }
    Ok(pages.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_set_by_name() {
        let set = |l: &[&str]| LimitOptions { limits: l.iter().map(|s| (*s).to_owned()).collect() }.limits();
        assert_eq!(set(&["pages=5", "seconds=0.5"]).unwrap(), Limits { pages: 5, seconds: 0.5, ..Limits::default() });
        for wrong in ["pages", "pages=-1", "seconds=NaN", "page=1"] {
            assert!(set(&[wrong]).unwrap_err().downcast_ref::<Usage>().is_some(), "{wrong}");
        }
    }

    #[test]
    fn pages_are_numbers_and_ranges() {
        assert_eq!(pages_of("1,3-5,8-", 9).unwrap(), [1, 3, 4, 5, 8, 9]);
        assert_eq!(pages_of("2-99", 3).unwrap(), [2, 3]);
        for wrong in ["0", "a", "", "9", "-"] {
            assert!(pages_of(wrong, 3).is_err(), "{wrong}");
        }
    }
}
