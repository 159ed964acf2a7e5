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

/// The header words of one role.
#[derive(Debug, Clone)]
pub(crate) struct RoleWords {
    pub(crate) role: Role,
    pub(crate) exact: Vec<Pattern>,
    pub(crate) contains: Vec<Pattern>,
    pub(crate) weak: Vec<Pattern>,
    pub(crate) with_year: Vec<Pattern>,
    /// Said by the profile, not by the lexicon: beats every other reading.
    pub(crate) sure: Vec<String>,
}

/// One way to number records.
#[derive(Debug, Clone)]
pub(crate) struct NumberGrammar {
    pub(crate) pattern: Pattern,
    pub(crate) bare: bool,
    pub(crate) keep_last: bool,
}

/// Words of one achievement state or phase code.
#[derive(Debug, Clone)]
pub(crate) struct CodeWords {
    pub(crate) code: String,
    pub(crate) words: Vec<Pattern>,
}

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
    pub(crate) roles: Vec<RoleWords>,
    pub(crate) numbers: Vec<NumberGrammar>,
    pub(crate) sections: Vec<Pattern>,
    pub(crate) achievements: Vec<CodeWords>,
    pub(crate) phases: Vec<CodeWords>,
    pub(crate) words: Words,
}

/// Word lists of the lexicon that have no code.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Words {
    pub(crate) final_words: Vec<String>,
    pub(crate) preliminary_words: Vec<String>,
    pub(crate) total_words: Vec<String>,
    pub(crate) repeated_words: Vec<String>,
    pub(crate) continued_words: Vec<String>,
    pub(crate) item_header_words: Vec<String>,
    pub(crate) department_suffixes: Vec<String>,
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

#[derive(Deserialize)]
struct LexiconFile {
    role: Vec<RoleEntry>,
    number: Vec<NumberEntry>,
    section: Vec<SectionEntry>,
    achievement: Vec<AchievementEntry>,
    phase: Vec<PhaseEntry>,
    document: Words,
}

#[derive(Deserialize)]
struct RoleEntry {
    name: Role,
    #[serde(default)]
    exact: Vec<String>,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    weak: Vec<String>,
    #[serde(default)]
    with_year: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberEntry {
    #[serde(rename = "name")]
    _name: String,
    pattern: String,
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    keep_last: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionEntry {
    pattern: String,
}

#[derive(Deserialize)]
struct AchievementEntry {
    status: String,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct PhaseEntry {
    code: String,
    words: Vec<String>,
}

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

const LEXICON: &str = include_str!("../data/lexicon.toml");

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
        Profile::from_toml("name = \"auto\"").unwrap_or_else(|_| Profile::empty())
    }

    /// Returns the built-in lexicon with a profile's TOML on top.
    ///
    /// Errors: TOML that does not parse, an unknown key, field, status or phase code, a pattern that is no regular expression.
    pub fn from_toml(text: &str) -> Result<Profile, ProfileError> {
        let file: ProfileFile = toml::from_str(text).map_err(|e| ProfileError(e.to_string()))?;
        let lexicon: LexiconFile = toml::from_str(LEXICON).map_err(|e| ProfileError(format!("built-in lexicon: {e}")))?;
        let mut profile = lexicon_to_profile(lexicon);
        profile.name = file.name.unwrap_or_else(|| "unnamed".into());
        profile.species = file.species;
        profile.part_years = file.part_years;
        profile.document = file.document;
        for (role, words) in &file.headers {
            let sure = words.iter().map(|w| crate::narrow::header_key(w)).collect();
            profile.roles.push(RoleWords { role: *role, exact: vec![], contains: vec![], weak: vec![], with_year: vec![], sure });
        }
        for (i, n) in file.numbers.iter().enumerate() {
            profile
                .numbers
                .insert(i, NumberGrammar { pattern: checked(&n.pattern).map_err(|e| n.named(&e))?, bare: false, keep_last: false });
        }
        for (i, s) in file.sections.iter().enumerate() {
            profile.sections.insert(i, checked(&s.pattern)?);
        }
        insert_codes(&mut profile.achievements, &file.achievement, &STATUSES)?;
        insert_codes(&mut profile.phases, &file.phases, &PHASE_CODES)?;
        Ok(profile)
    }

    fn empty() -> Profile {
        Profile {
            name: "auto".into(),
            document: DocumentFacts::default(),
            species: Species::Auto,
            part_years: false,
            roles: vec![],
            numbers: vec![],
            sections: vec![],
            achievements: vec![],
            phases: vec![],
            words: Words::default(),
        }
    }
}

fn insert_codes(into: &mut Vec<CodeWords>, words: &BTreeMap<String, String>, codes: &[&str]) -> Result<(), ProfileError> {
    for (word, code) in words {
        if !codes.contains(&code.as_str()) {
            return Err(ProfileError(format!("`{code}` (for `{word}`) is none of {}", codes.join(", "))));
        }
        into.insert(0, CodeWords { code: code.clone(), words: vec![Pattern::of_words(crate::narrow::squash(word))] });
    }
    Ok(())
}

fn checked(p: &str) -> Result<Pattern, ProfileError> {
    Pattern::checked(p).map_err(|e| ProfileError(e.to_string()))
}

/// One pattern for a list of words, which may stand anywhere in a text.
fn part(words: &[String]) -> Vec<Pattern> {
    if words.is_empty() { vec![] } else { vec![Pattern::lazy(words.join("|"))] }
}

/// One pattern for each word of a list, each of them a whole text.
fn whole(words: Vec<String>) -> Vec<Pattern> {
    words.into_iter().map(Pattern::whole).collect()
}

fn lexicon_to_profile(l: LexiconFile) -> Profile {
    let mut p = Profile::empty();
    for r in l.role {
        p.roles.push(RoleWords {
            role: r.name,
            exact: whole(r.exact),
            contains: part(&r.contains),
            weak: whole(r.weak),
            with_year: whole(r.with_year),
            sure: vec![],
        });
    }
    for n in l.number {
        p.numbers.push(NumberGrammar { pattern: Pattern::lazy(n.pattern), bare: n.bare, keep_last: n.keep_last });
    }
    p.sections = l.section.into_iter().map(|s| Pattern::lazy(s.pattern)).collect();
    p.achievements = l.achievement.into_iter().map(|a| CodeWords { code: a.status, words: part(&a.words) }).collect();
    p.phases = l.phase.into_iter().map(|c| CodeWords { code: c.code, words: whole(c.words) }).collect();
    p.words = l.document;
    p
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
        assert!(Profile::from_toml("").is_ok_and(|p| p.roles.len() > 8 && p.numbers.len() > 8));
        for (name, _) in BUILT_IN {
            assert_eq!(profile_named(name).map(|p| p.name), Some((*name).to_string()));
        }
        assert!(!Profile::auto().numbers.is_empty());
    }

    #[test]
    fn every_pattern_of_the_lexicon_is_a_regular_expression() {
        let p = Profile::auto();
        let words = p
            .roles
            .iter()
            .flat_map(|r| [&r.exact, &r.contains, &r.weak, &r.with_year])
            .chain(p.achievements.iter().chain(&p.phases).map(|c| &c.words));
        let all: Vec<_> = words.flatten().chain(p.numbers.iter().map(|n| &n.pattern)).chain(&p.sections).collect();
        assert!(all.len() > 200);
        all.iter().for_each(|pattern| assert!(pattern.is_sound(), "{pattern:?}"));
    }

    #[test]
    fn no_whole_word_of_the_lexicon_has_alternatives_outside_of_brackets() {
        let lexicon: LexiconFile = toml::from_str(LEXICON).unwrap_or_else(|e| panic!("{e}"));
        let of_roles = lexicon.role.into_iter().flat_map(|r| [r.exact, r.weak, r.with_year]);
        for word in of_roles.chain(lexicon.phase.into_iter().map(|p| p.words)).flatten() {
            let mut depth = 0;
            for c in word.replace("\\(", "").replace("\\)", "").chars() {
                depth += i32::from(c == '(') - i32::from(c == ')');
                assert!(c != '|' || depth > 0, "{word}");
            }
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
