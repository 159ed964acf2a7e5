//! A fixture, its entry in the manifest, and the assertion on its snapshots.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use jisseki::extractor::Source;
use jisseki::model::{Limits, Report};
use jisseki::segmenter::Profile;
use jisseki::{ConvertError, Options};
use serde::Deserialize;
use sha2::{Digest, Sha256};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    fixture: Vec<Entry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    purpose: String,
    sha256: String,
    generator: String,
    truth: Option<String>,
    password: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

fn manifest() -> datatest_stable::Result<Manifest> {
    Ok(toml::from_str(&std::fs::read_to_string(folder().join("manifest.toml"))?)?)
}

/// One file of `fixtures/`.
pub(crate) struct Fixture {
    /// Path below `fixtures/`, with `/`.
    path: String,
    pub(crate) bytes: Vec<u8>,
    password: Option<String>,
}

impl Fixture {
    pub(crate) fn load(path: &Path) -> datatest_stable::Result<Fixture> {
        let below = path.strip_prefix("../fixtures").unwrap_or(path).to_string_lossy().replace('\\', "/");
        let entry = manifest()?.fixture.into_iter().find(|e| e.path == below);
        let password = entry.ok_or_else(|| format!("`{below}` is not in fixtures/manifest.toml"))?.password;
        Ok(Fixture { bytes: std::fs::read(path)?, path: below, password })
    }
    fn stem(&self) -> String {
        Path::new(&self.path).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
    }
    /// Opens the PDF, or says why not.
    pub(crate) fn open(&self) -> Result<Source<'_>, String> {
        match Source::open(self.bytes.as_slice(), self.password.as_deref(), &Limits::default()) {
            Ok(warned) => Ok(warned.output),
            Err(e) => Err(format!("error[{}]: {e}\n", e.code())),
        }
    }
    pub(crate) fn convert(&self) -> Result<Report, ConvertError> {
        let name = Path::new(&self.path).file_name().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let options = Options { password: self.password.clone(), ..Options::with_profile(Profile::auto()) };
        jisseki::convert(&self.bytes, &name, &options)
    }
}

/// Holds a rendering against `snapshots/<fixture>/<stage>.snap`.
pub(crate) fn assert_golden(fixture: &Fixture, stage: &str, text: &str) -> datatest_stable::Result<()> {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture.stem()));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(folder().join(&fixture.path).canonicalize()?);
    settings.bind(|| insta::assert_snapshot!(stage, text));
    Ok(())
}

/// Holds the manifest against the folder.
pub(crate) fn check_manifest(_path: &Path) -> datatest_stable::Result<()> {
    let mut wrong = String::new();
    let entries = manifest()?.fixture;
    let stems: BTreeSet<_> = entries.iter().filter(|e| e.path.ends_with(".pdf")).map(|e| Path::new(&e.path).file_stem()).collect();
    if stems.len() != entries.iter().filter(|e| e.path.ends_with(".pdf")).count() {
        wrong.push_str("two PDFs share a stem\n");
    }
    for e in &entries {
        let bytes = std::fs::read(folder().join(&e.path)).unwrap_or_default();
        let hash = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
        if hash != e.sha256 {
            writeln!(wrong, "{}: sha256 is {hash}", e.path)?;
        }
        if e.purpose.is_empty() || e.generator.is_empty() {
            writeln!(wrong, "{}: purpose and generator are needed", e.path)?;
        }
        if e.truth.as_ref().is_some_and(|t| !folder().join(t).is_file()) {
            writeln!(wrong, "{}: its truth is missing", e.path)?;
        }
    }
    let named: BTreeSet<_> = entries.iter().map(|e| e.path.clone()).collect();
    for path in files_below(&folder(), "")? {
        if !named.contains(&path) && path != "manifest.toml" && !path.starts_with("generate/") {
            writeln!(wrong, "{path}: not in the manifest")?;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

fn files_below(folder: &Path, prefix: &str) -> std::io::Result<Vec<String>> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            found.extend(files_below(&entry.path(), &format!("{name}/"))?);
        } else {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}
