//! The inputs: which files, under which names, in which order.

use super::globs::{glob_to_paths, is_glob};
use super::names::{escaped, output_names};
use super::{BatchError, files};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// One input.
#[derive(Debug, Clone)]
pub(super) struct Input {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its path relative to the folder given, escaped: unique for people, not for programs.
    pub(super) name: String,
    /// Its path in the output folder.
    pub(super) output: String,
    /// Hash of its content; none where it cannot be read.
    pub(super) sha256: Option<String>,
    /// Its size.
    pub(super) bytes: u64,
}

/// The inputs in their order, and what was left out.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) inputs: Vec<Input>,
    pub(super) skipped: BTreeMap<&'static str, usize>,
    /// For each input, the first one with the same content, where that is another.
    originals: Vec<Option<usize>>,
    /// A copy of stdin lives as long as the plan.
    stdin: Option<tempfile::NamedTempFile>,
}

impl Plan {
    /// Returns the first input with the same content, for one that comes later.
    pub(super) fn same_as(&self, index: usize) -> Option<usize> {
        self.originals.get(index).copied().flatten()
    }
}

/// A file that was found, with its path relative to what was given.
struct Found {
    path: PathBuf,
    relative: PathBuf,
}

struct Finder<'a> {
    found: Vec<Found>,
    plan: Plan,
    output: Option<&'a Path>,
}

/// Finds the inputs. A file or `-` is taken as it is, a folder is searched for PDFs, `@FILE` names more inputs, one a line.
pub(super) fn inputs_to_plan(inputs: &[OsString], output: &Path) -> Result<Plan, BatchError> {
    let output = output.canonicalize().ok();
    let mut finder = Finder { found: Vec::new(), plan: Plan::default(), output: output.as_deref() };
    for input in inputs {
        finder.add(input, 0)?;
    }
    let Finder { mut found, mut plan, .. } = finder;
    found.sort_by(|a, b| (&a.relative, &a.path).cmp(&(&b.relative, &b.path)));
    let mut seen = BTreeSet::new();
    let n = found.len();
    found.retain(|f| seen.insert(f.path.canonicalize().unwrap_or_else(|_| f.path.clone())));
    if found.len() < n {
        plan.skipped.insert("file named twice", n - found.len());
    }
    let hashes = hash_all(&found);
    let mut hashed: Vec<(Found, Option<(u64, String)>)> = found.into_iter().zip(hashes).collect();
    // By name, then content: where two folders hold files of one name, the order in which the folders were given changes nothing.
    hashed.sort_by(|(a, ha), (b, hb)| (&a.relative, ha.as_ref().map(|h| &h.1)).cmp(&(&b.relative, hb.as_ref().map(|h| &h.1))));
    let keys: Vec<(&Path, &str)> = hashed.iter().map(|(f, h)| (f.relative.as_path(), h.as_ref().map_or("", |h| h.1.as_str()))).collect();
    let outputs = output_names(&keys);
    plan.inputs = hashed.into_iter().zip(outputs).map(|((f, h), output)| found_to_input(f, h, output)).collect();
    plan.originals = inputs_to_originals(&plan.inputs);
    if plan.inputs.is_empty() { Err(BatchError::NoInput) } else { Ok(plan) }
}

fn found_to_input(found: Found, hash: Option<(u64, String)>, output: String) -> Input {
    let (bytes, sha256) = hash.map_or((0, None), |(b, h)| (b, Some(h)));
    Input { name: escaped(&found.relative), path: found.path, output, sha256, bytes }
}

fn inputs_to_originals(inputs: &[Input]) -> Vec<Option<usize>> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let of = inputs.iter().enumerate().map(|(i, input)| {
        let original = *first.entry(input.sha256.as_deref()?).or_insert(i);
        (original != i).then_some(original)
    });
    of.collect()
}

fn hash_all(found: &[Found]) -> Vec<Option<(u64, String)>> {
    use rayon::prelude::*;
    found.par_iter().map(|f| files::hash_file(&f.path).ok()).collect()
}

impl Finder<'_> {
    fn skip(&mut self, why: &'static str) {
        *self.plan.skipped.entry(why).or_default() += 1;
    }

    fn add(&mut self, input: &OsStr, depth: usize) -> Result<(), BatchError> {
        let path = Path::new(input);
        if input == "-" {
            return self.add_stdin();
        }
        let list = input.as_encoded_bytes().strip_prefix(b"@").filter(|_| std::fs::symlink_metadata(path).is_err());
        if list.is_some() && depth < 8 {
            return self.add_list(&bytes_to_path(input.as_encoded_bytes().get(1..).unwrap_or(&[])), depth);
        }
        if std::fs::symlink_metadata(path).is_err() && is_glob(path) {
            let matched = glob_to_paths(path);
            // A pattern that matches nothing stays a name: it is reported as a file that is not there.
            if !matched.is_empty() {
                matched.iter().for_each(|p| self.add_path(p));
                return Ok(());
            }
        }
        self.add_path(path);
        Ok(())
    }

    fn add_path(&mut self, path: &Path) {
        if path.is_dir() {
            let root = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            self.add_folder(path, Path::new(""), &root);
        } else {
            let relative = path.file_name().map_or_else(|| path.to_owned(), PathBuf::from);
            self.found.push(Found { path: path.to_owned(), relative });
        }
    }

    fn add_stdin(&mut self) -> Result<(), BatchError> {
        let failed = |source| BatchError::List { path: "-".into(), source };
        let mut copy = tempfile::NamedTempFile::new().map_err(failed)?;
        io::copy(&mut io::stdin().lock(), &mut copy).map_err(failed)?;
        self.found.push(Found { path: copy.path().to_owned(), relative: "stdin.pdf".into() });
        self.plan.stdin = Some(copy);
        Ok(())
    }

    fn add_list(&mut self, list: &Path, depth: usize) -> Result<(), BatchError> {
        let failed = |source| BatchError::List { path: list.to_owned(), source };
        let mut bytes = Vec::new();
        if list.as_os_str() == "-" {
            io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
        } else {
            files::open_regular(list).map_err(failed)?.read_to_end(&mut bytes).map_err(failed)?;
        }
        let lines = bytes.split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
        for line in lines.filter(|l| !l.is_empty()) {
            self.add(bytes_to_path(line).as_os_str(), depth + 1)?;
        }
        Ok(())
    }

    /// Walks a folder in the order of names. Links to folders are not followed: no loop, and no file twice.
    fn add_folder(&mut self, folder: &Path, relative: &Path, root: &Path) {
        let mut pending = vec![(folder.to_owned(), relative.to_owned())];
        while let Some((folder, relative)) = pending.pop() {
            if self.output.is_some_and(|o| folder.canonicalize().is_ok_and(|f| f == o)) {
                continue;
            }
            let Ok(entries) = std::fs::read_dir(&folder) else {
                self.skip("folder that cannot be read");
                continue;
            };
            let mut names: Vec<OsString> = entries.flatten().map(|e| e.file_name()).collect();
            names.sort();
            for name in names {
                let (path, relative) = (folder.join(&name), relative.join(&name));
                match self.classify(&path, &name, root) {
                    Ok(true) => pending.push((path, relative)),
                    Ok(false) => self.found.push(Found { path, relative }),
                    Err(why) => self.skip(why),
                }
            }
        }
    }

    /// True for a folder to walk, false for a file to take, else why it is left out.
    fn classify(&self, path: &Path, name: &OsStr, root: &Path) -> Result<bool, &'static str> {
        if name.as_encoded_bytes().first() == Some(&b'.') && !is_pdf_name(name) {
            return Err("hidden");
        }
        let kind = std::fs::symlink_metadata(path).map_err(|_| "cannot be read")?;
        if kind.is_symlink() {
            let target = path.canonicalize().map_err(|_| "link to nowhere")?;
            if target.is_dir() {
                return Err("link to a folder");
            }
            if !target.starts_with(root) {
                return Err("link that leads out of the folder");
            }
        } else if kind.is_dir() {
            return Ok(true);
        }
        match std::fs::metadata(path) {
            Ok(m) if !m.is_file() => Err("no regular file"),
            Ok(_) if is_pdf_name(name) => Ok(false),
            Ok(_) => Err("no PDF"),
            Err(_) => Err("cannot be read"),
        }
    }
}

/// `.pdf` in any case; a name that is nothing but an ending (`..pdf` has a stem, `.pdf` has none) is a hidden file.
fn is_pdf_name(name: &OsStr) -> bool {
    let bytes = name.as_encoded_bytes();
    let hidden = bytes.first() == Some(&b'.') && bytes.get(1) != Some(&b'.');
    bytes.len() > 4 && bytes.last_chunk::<4>().is_some_and(|e| e.eq_ignore_ascii_case(b".pdf")) && !hidden
}

#[cfg(unix)]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}
