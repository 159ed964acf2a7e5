//! JSONL: one initiative a line, nested, the canonical form.

use super::{Item, Sink, Staged, staged::StagedWriter};
use crate::WriteError;
use std::path::Path;

pub(crate) struct JsonlSink(Option<StagedWriter>);

impl JsonlSink {
    pub(crate) fn create(path: &Path, tag: &str) -> Result<JsonlSink, WriteError> {
        Ok(JsonlSink(Some(Staged::create(path, tag)?)))
    }
}

impl Sink for JsonlSink {
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError> {
        let Some(file) = &mut self.0 else { return Ok(()) };
        items.iter().try_for_each(|i| file.write(i.lines.as_bytes()))
    }
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError> {
        self.0.take().map_or(Ok(Vec::new()), |f| f.finish().map(|s| vec![s]))
    }
}
