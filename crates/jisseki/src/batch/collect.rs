//! The end of a batch: the reports of all good inputs, in their order, into the package; then the manifest.

use super::journal::{Entry, MANIFEST, OutputFile, PackageLine, entries_to_lines, outputs_stand};
use super::plan::Plan;
use super::{BatchError, BatchOptions, files, report_path};
use crate::dataset::{
    Collisions, Failure, Item, PackageOptions, PackageWriter, WriteError, Written, initiatives_to_jsonl, report_from_json, report_to_rows,
};
use crate::model::Report;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// Reports read at a time: enough for the writers to work side by side. Twice as many are in memory.
const CHUNK: usize = 24;

/// Writes the package and the manifest; nothing where both are there already.
pub(super) fn write_package(plan: &Plan, entries: &BTreeMap<usize, Entry>, options: &BatchOptions, tag: &str) -> Result<(), BatchError> {
    let lines = entries_to_lines(entries);
    let formats: Vec<String> = options.formats.iter().map(|f| format!("{f:?}").to_lowercase()).collect();
    if stands(&options.output, &lines, &formats) {
        return Ok(());
    }
    let mut writer = PackageWriter::create(&options.output, PackageOptions { formats: options.formats.clone(), tag: tag.to_owned() })?;
    feed(plan, entries, options, &mut writer)?;
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

fn feed(plan: &Plan, entries: &BTreeMap<usize, Entry>, options: &BatchOptions, writer: &mut PackageWriter) -> Result<(), BatchError> {
    let mut seen = Collisions::default();
    let good: Vec<&Entry> = entries.iter().filter(|(i, e)| e.failure.is_none() && plan.same_as(**i).is_none()).map(|(_, e)| e).collect();
    let mut chunks = good.chunks(CHUNK);
    let mut load = |chunk: &[&Entry]| -> Result<Vec<Item>, WriteError> {
        let reports: Vec<Option<Report>> = chunk.par_iter().map(|e| read_report(&options.output, e)).collect::<Result<_, _>>()?;
        let admitted: Vec<(Report, String)> = reports.into_iter().flatten().filter_map(|r| seen.admit(&r).map(|id| (r, id))).collect();
        Ok(admitted.par_iter().map(|(r, id)| report_to_item(r, id)).collect())
    };
    let mut items = load(chunks.next().unwrap_or_default())?;
    while !items.is_empty() || chunks.len() > 0 {
        writer.count(&items);
        // The next reports are read while these are written: one writer takes longer than the others.
        let write = || writer.sinks().par_iter_mut().try_for_each(|sink| sink.add(&items));
        let (written, next) = rayon::join(write, || load(chunks.next().unwrap_or_default()));
        written?;
        items = next?;
    }
    Ok(())
}

fn read_report(output: &Path, entry: &Entry) -> Result<Option<Report>, WriteError> {
    let Some(file) = entry.outputs.first() else { return Ok(None) };
    let path = report_path(output, &file.path);
    let bytes = std::fs::read(&path).map_err(WriteError::io(&path))?;
    let report = report_from_json(&bytes).map_err(|e| WriteError::io(&path)(std::io::Error::other(e)))?;
    Ok(Some(report))
}

/// In the package a document may have another identifier than in its own report; the lines follow the tables.
fn report_to_item(report: &Report, document_id: &str) -> Item {
    let rows = report_to_rows(report, document_id);
    if document_id == report.document.document_id {
        return Item { rows, lines: initiatives_to_jsonl(report) };
    }
    let mut renamed = report.clone();
    let old = std::mem::replace(&mut renamed.document.document_id, document_id.to_owned());
    for record in &mut renamed.initiatives {
        record.record_id = record.record_id.replacen(&old, document_id, 1);
    }
    Item { rows, lines: initiatives_to_jsonl(&renamed) }
}
