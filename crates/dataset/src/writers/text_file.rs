//! Text files, JSONL and CSV: what each document adds is made with its item, and appended here.

use super::{Item, Sink, Staged, staged::StagedWriter};
use crate::WriteError;
use std::path::Path;

pub(crate) struct TextSink {
    /// Position among the package's text files.
    index: usize,
    file: Option<StagedWriter>,
}

impl TextSink {
    pub(crate) fn create(path: &Path, tag: &str, index: usize, header: &[u8]) -> Result<TextSink, WriteError> {
        let mut file = Staged::create(path, tag)?;
        file.write(header)?;
        Ok(TextSink { index, file: Some(file) })
    }
}

impl Sink for TextSink {
    fn add(&mut self, items: &[Item]) -> Result<(), WriteError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        items.iter().try_for_each(|i| file.write(i.texts.part(self.index)))
    }
    fn finish(&mut self) -> Result<Vec<Staged>, WriteError> {
        self.file.take().map_or(Ok(Vec::new()), |f| f.finish().map(|s| vec![s]))
    }
}
