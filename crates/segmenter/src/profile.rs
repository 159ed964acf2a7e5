//! Layout knowledge as a value: the built-in lexicon, and what a profile's TOML adds to it.

use crate::pattern::Pattern;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a header word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 番号
    Number,
    /// 具体的取組
    Title,
    /// 工程
    Plan,
    /// 取組実績
    Results,
    /// 取組達成度
    Achievement,
    /// 取組状況
    Status,
    /// 成果と課題、今後の方向性等
    Outlook,
    /// 担当課
    Departments,
    /// 区分
    Section,
    /// 目標; kept as an extra column.
    Target,
    /// Sums of money; kept as an extra column.
    Amount,
    /// Any other column, kept under its header.
    Extra,
}

impl Role {
    /// Returns the name that profiles and reports use: `number`, `title`, …
    pub fn name(self) -> &'static str {
        match self {
            Role::Number => "number",
            Role::Title => "title",
            Role::Plan => "plan",
            Role::Results => "results",
            Role::Achievement => "achievement",
            Role::Status => "status",
            Role::Outlook => "outlook",
            Role::Departments => "departments",
            Role::Section => "section",
            Role::Target => "target",
            Role::Amount => "amount",
            Role::Extra => "extra",
        }
    }
    /// Tells whether it is about what is done and by whom: a table of numbers, names and sums alone lists vouchers, no initiatives.
    pub(crate) fn tells_of_work(self) -> bool {
        use Role::{Achievement, Departments, Outlook, Plan, Results, Status};
        matches!(self, Plan | Results | Achievement | Status | Outlook | Departments)
    }
    /// Tells whether a record has a field of its own for it (and not only an entry in `extra`).
    pub(crate) fn is_field(self) -> bool {
        !matches!(self, Role::Target | Role::Amount | Role::Extra)
    }
}

/// Which page species a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Species {
    /// Look at each table.
    #[default]
    Auto,
    /// List tables: a record a row.
    List,
    /// One-record forms (個票): label cell beside value cell.
    Form,
}

/// One way to number records.
#[derive(Debug, Clone)]
pub(crate) struct NumberGrammar {
    pub(crate) pattern: Pattern,
    pub(crate) bare: bool,
    pub(crate) keep_last: bool,
}

/// A word that a profile names, squashed, and its code.
pub(crate) type CodedWord = (String, &'static str);

/// What the profile knows about the document before it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentFacts {
    /// Name of the public body.
    pub publisher: Option<String>,
    /// Its six-digit 全国地方公共団体コード.
    pub lg_code: Option<String>,
    /// Short ASCII name of the plan, part of every id.
    pub plan_id: Option<String>,
    /// The plan's name.
    pub plan_name: Option<String>,
    /// First and last fiscal year of the plan.
    pub plan_years: Option<[i32; 2]>,
    /// The fiscal year that the document reports on, where its title doesn't say.
    pub fiscal_year: Option<i32>,
}

/// How a document is read: header words, number grammars, vocabularies, and facts about its publisher.
#[derive(Debug, Clone)]
pub struct Profile {
    /// `auto`, or the profile's own name.
    pub name: String,
    /// Facts that the document itself may not print.
    pub document: DocumentFacts,
    /// Which page species to expect.
    pub species: Species,
    /// Columns for parts of a year (第１四半期, ４～６月) are a plan's axis even without a plan's header over them.
    pub part_years: bool,
    /// What it says itself, before the lexicon: header words, number grammars, section rows, achievement states and phases.
    pub(crate) headers: Vec<(Role, String)>,
    pub(crate) numbers: Vec<NumberGrammar>,
    pub(crate) sections: Vec<Pattern>,
    pub(crate) states: Vec<CodedWord>,
    pub(crate) phases: Vec<CodedWord>,
}

/// Why a profile could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileError(String);

impl std::fmt::Display for ProfileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProfileError {}

/// A profile's TOML. Every part may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ProfileFile {
    name: Option<String>,
    species: Species,
    part_years: bool,
    document: DocumentFacts,
    /// Field name → header words, compared as printed (blanks and width don't count).
    headers: BTreeMap<Role, Vec<String>>,
    #[serde(rename = "number")]
    numbers: Vec<NumberFile>,
    #[serde(rename = "section")]
    sections: Vec<SectionFile>,
    /// State as printed → status of the contract.
    achievement: BTreeMap<String, String>,
    /// Phase word as printed → phase code.
    phases: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberFile {
    #[serde(default)]
    name: String,
    pattern: String,
}

impl NumberFile {
    fn named(&self, e: &ProfileError) -> ProfileError {
        ProfileError(format!("number `{}`: {e}", if self.name.is_empty() { &self.pattern } else { &self.name }))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionFile {
    pattern: String,
}

/// The statuses of the contract, for profiles to name.
pub const STATUSES: [&str; 13] = [
    "achieved",
    "mostly_achieved",
    "partly_achieved",
    "not_achieved",
    "planned",
    "in_progress",
    "not_started",
    "completed",
    "continued",
    "withdrawn",
    "graded",
    "percent",
    "other",
];

/// The phase codes of the contract, for profiles to name.
pub const PHASE_CODES: [&str; 7] = ["consider", "implement", "as_needed", "in_sequence", "publicize", "prepare", "other"];

impl Profile {
    /// Returns the profile that knows only the built-in lexicon.
    pub fn auto() -> Profile {
        Profile {
            name: "auto".into(),
            document: DocumentFacts::default(),
            species: Species::Auto,
            part_years: false,
            headers: vec![],
            numbers: vec![],
            sections: vec![],
            states: vec![],
            phases: vec![],
        }
    }

    /// Returns the built-in lexicon with a profile's TOML on top.
    ///
    /// Errors: TOML that does not parse, an unknown key, field, status or phase code, a pattern that is no regular expression.
    pub fn from_toml(text: &str) -> Result<Profile, ProfileError> {
        let file: ProfileFile = toml::from_str(text).map_err(|e| ProfileError(e.to_string()))?;
        let headers = file.headers.iter().flat_map(|(role, words)| words.iter().map(|w| (*role, crate::narrow::header_key(w))));
        let grammar = |n: &NumberFile| {
            let pattern = checked(&n.pattern).map_err(|e| n.named(&e))?;
            Ok(NumberGrammar { pattern, bare: false, keep_last: false })
        };
        Ok(Profile {
            name: file.name.unwrap_or_else(|| "unnamed".into()),
            document: file.document,
            species: file.species,
            part_years: file.part_years,
            headers: headers.collect(),
            numbers: file.numbers.iter().map(grammar).collect::<Result<_, _>>()?,
            sections: file.sections.iter().map(|s| checked(&s.pattern)).collect::<Result<_, _>>()?,
            states: coded_words(&file.achievement, &STATUSES)?,
            phases: coded_words(&file.phases, &PHASE_CODES)?,
        })
    }
}

/// Reads words and their codes; of words that differ in blanks and width alone the last one holds.
fn coded_words(words: &BTreeMap<String, String>, codes: &[&'static str]) -> Result<Vec<CodedWord>, ProfileError> {
    let coded = |(word, code): (&String, &String)| match codes.iter().find(|c| *c == code) {
        Some(known) => Ok((crate::narrow::squash(word), *known)),
        None => Err(ProfileError(format!("`{code}` (for `{word}`) is none of {}", codes.join(", ")))),
    };
    let mut out = words.iter().map(coded).collect::<Result<Vec<_>, _>>()?;
    out.reverse();
    Ok(out)
}

fn checked(p: &str) -> Result<Pattern, ProfileError> {
    Pattern::checked(p).map_err(|e| ProfileError(e.to_string()))
}

/// The profiles that come with the program: name and TOML.
pub const BUILT_IN: &[(&str, &str)] =
    &[("auto", include_str!("../data/profiles/auto.toml")), ("mie-gyokaku", include_str!("../data/profiles/mie-gyokaku.toml"))];

/// Returns the built-in profile of that name.
pub fn profile_named(name: &str) -> Option<Profile> {
    BUILT_IN.iter().find(|(n, _)| *n == name).and_then(|(_, toml)| Profile::from_toml(toml).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_profiles_parse() {
        for (name, _) in BUILT_IN {
            assert_eq!(profile_named(name).map(|p| p.name), Some((*name).to_string()));
        }
    }

    #[test]
    fn what_a_profile_may_not_say_is_refused_with_its_reason() {
        let refused = |t: &str| Profile::from_toml(t).map(|_| ()).map_err(|e| e.to_string());
        assert!(refused("[achievement]\n\"達成\" = \"done\"").is_err_and(|e| e.contains("`done`")));
        assert!(refused("colour = 1").is_err_and(|e| e.contains("colour")));
        assert!(refused("[[number]]\npattern = \"(\"").is_err());
        assert!(refused("[headers]\nheading = [\"x\"]").is_err());
    }
}
