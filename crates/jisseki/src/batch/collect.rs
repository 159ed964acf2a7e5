//! The end of a batch: what all good inputs add to the package, in their order; then the manifest.

use super::journal::{Entry, MANIFEST, OutputFile, PackageLine, entries_to_lines, outputs_stand};
use super::outcome::Part;
use super::plan::Plan;
use super::spool::Spool;
use super::{BatchError, BatchOptions, files, report_path};
use crate::dataset::{
    Collisions, Failure, Format, Item, PackageOptions, PackageWriter, Texts, WriteError, Written, report_from_json, report_to_item,
};
use crate::model::Report;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// Documents at a time: enough for the writers to work side by side. Twice as many are in memory.
const CHUNK: usize = 24;

/// Writes the package and the manifest; nothing where both are there already.
pub(super) fn write_package(
    plan: &Plan,
    entries: &BTreeMap<usize, Entry>,
    spool: &Spool,
    options: &BatchOptions,
    tag: &str,
) -> Result<(), BatchError> {
    let lines = entries_to_lines(entries);
    let formats: Vec<String> = options.formats.iter().map(|f| format!("{f:?}").to_lowercase()).collect();
    if stands(&options.output, &lines, &formats) {
        return Ok(());
    }
    let mut writer = PackageWriter::create(&options.output, PackageOptions { formats: options.formats.clone(), tag: tag.to_owned() })?;
    Feed { plan, entries, spool, options }.write_to(&mut writer)?;
    let failures: Vec<Failure> =
        entries.values().filter_map(|e| e.failure.as_ref().map(|f| f.to_failure(&e.input, e.sha256.as_deref()))).collect();
    let package = writer.finish(&failures)?.into_iter().map(|Written { path, bytes, sha256 }| OutputFile { path, bytes, sha256 });
    let last = PackageLine { package: package.collect(), formats };
    let text = lines + &serde_json::to_string(&last).unwrap_or_default() + "\n";
    files::write_atomic(&options.output.join(MANIFEST), tag, text.as_bytes())?;
    Ok(())
}

/// Tells whether the manifest says just this already, and the package's files are what it says.
fn stands(output: &Path, lines: &str, formats: &[String]) -> bool {
    let text = std::fs::read_to_string(output.join(MANIFEST)).unwrap_or_default();
    let Some(rest) = text.strip_prefix(lines) else { return false };
    serde_json::from_str::<PackageLine>(rest).is_ok_and(|p| p.formats == formats && outputs_stand(output, &p.package))
}

/// Where the items come from.
struct Feed<'a> {
    plan: &'a Plan,
    entries: &'a BTreeMap<usize, Entry>,
    spool: &'a Spool,
    options: &'a BatchOptions,
}

/// What is at hand of one document.
enum Document {
    /// What it adds to the text files under its own identifier, made when it was converted.
    Part(String, Texts),
    Report(Box<Report>),
}

impl Feed<'_> {
    fn write_to(&self, writer: &mut PackageWriter) -> Result<(), BatchError> {
        let mut seen = Collisions::default();
        let is_good = |(i, e): &(&usize, &Entry)| e.failure.is_none() && self.plan.same_as(**i).is_none();
        let good: Vec<(usize, &Entry)> = self.entries.iter().filter(is_good).map(|(i, e)| (*i, e)).collect();
        let mut chunks = good.chunks(CHUNK);
        let mut items = self.items(chunks.next().unwrap_or_default(), &mut seen)?;
        while !items.is_empty() || chunks.len() > 0 {
            writer.count(&items);
            // The next are read while these are written: one writer takes longer than the others.
            let write = || writer.sinks().par_iter_mut().try_for_each(|sink| sink.add(&items));
            let (written, next) = rayon::join(write, || self.items(chunks.next().unwrap_or_default(), &mut seen));
            written?;
            items = next?;
        }
        Ok(())
    }

    fn items(&self, chunk: &[(usize, &Entry)], seen: &mut Collisions) -> Result<Vec<Item>, WriteError> {
        let found: Vec<Option<Document>> = chunk.par_iter().map(|&(index, entry)| self.document(index, entry)).collect::<Result<_, _>>()?;
        let admitted: Vec<(&Entry, Document, String)> = chunk
            .iter()
            .zip(found)
            .filter_map(|((_, entry), document)| Some((*entry, document?)))
            .filter_map(|(e, d)| admit(e, d, seen))
            .collect();
        admitted.into_par_iter().map(|(entry, document, id)| self.item(entry, document, &id)).collect()
    }

    fn document(&self, index: usize, entry: &Entry) -> Result<Option<Document>, WriteError> {
        Ok(match self.spool.part(index)? {
            Some(Part { document_id, texts }) => Some(Document::Part(document_id, texts)),
            None => self.report(entry)?.map(Document::Report),
        })
    }

    fn report(&self, entry: &Entry) -> Result<Option<Box<Report>>, WriteError> {
        let Some(file) = entry.outputs.first() else { return Ok(None) };
        let path = report_path(&self.options.output, &file.path);
        let bytes = std::fs::read(&path).map_err(WriteError::io(&path))?;
        let report = report_from_json(&bytes).map_err(|e| WriteError::io(&path)(std::io::Error::other(e)))?;
        Ok(Some(Box::new(report)))
    }

    /// In the package a document may have another identifier than in its own report: what it adds is then made anew.
    fn item(&self, entry: &Entry, document: Document, id: &str) -> Result<Item, WriteError> {
        let formats: &[Format] = &self.options.formats;
        Ok(match document {
            Document::Part(own, texts) if own == id => texts.into(),
            Document::Part(..) => self.report(entry)?.map_or_else(Item::default, |r| report_to_item(&r, id, formats)),
            Document::Report(report) => report_to_item(&report, id, formats),
        })
    }
}

fn admit<'e>(entry: &'e Entry, document: Document, seen: &mut Collisions) -> Option<(&'e Entry, Document, String)> {
    let id = match &document {
        Document::Part(own, _) => seen.admit(own, entry.sha256.as_deref()?),
        Document::Report(report) => seen.admit(&report.document.document_id, &report.document.source.sha256),
    }?;
    Some((entry, document, id))
}
