//! What the documents of this run add to the text files of the package, kept until all are known.
//!
//! The worker that has a report makes its part, too: the tables' end then has nothing to do but to put the parts in order. A file without a name
//! holds them, so that memory stays bounded and a killed run leaves nothing; a document that an earlier run has done is read from its report.

use super::outcome::Part;
use crate::dataset::{Texts, WriteError};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Parts by the index of their input.
pub(super) struct Spool {
    folder: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    file: Option<File>,
    end: u64,
    parts: BTreeMap<usize, (Part, u64)>,
}

impl Spool {
    /// Returns an empty spool, whose file will be in `folder`.
    pub(super) fn new(folder: &Path) -> Spool {
        Spool { folder: folder.to_owned(), inner: Mutex::default() }
    }

    /// Keeps the part of an input.
    pub(super) fn push(&self, index: usize, part: Part) -> Result<(), WriteError> {
        self.lock().push(&self.folder, index, part).map_err(WriteError::io(&self.folder))
    }

    /// Returns the part of an input, where it was converted in this run.
    pub(super) fn part(&self, index: usize) -> Result<Option<Part>, WriteError> {
        self.lock().part(index).map_err(WriteError::io(&self.folder))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn push(&mut self, folder: &Path, index: usize, part: Part) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile_in(folder)?);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(part.texts.body())?;
        let at = self.end;
        self.end += part.texts.body().len() as u64;
        self.parts.insert(index, (Part { texts: part.texts.with_body(Vec::new()), ..part }, at));
        Ok(())
    }

    fn part(&mut self, index: usize) -> io::Result<Option<Part>> {
        let (Some(file), Some((head, at))) = (&mut self.file, self.parts.get(&index)) else { return Ok(None) };
        let Part { document_id, texts } = head.clone();
        let mut body = vec![0; texts.body_len()];
        file.seek(SeekFrom::Start(*at))?;
        file.read_exact(&mut body)?;
        Ok(Some(Part { document_id, texts: Texts::with_body(texts, body) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Format, report_to_item};
    use crate::model::{Initiative, Report};

    #[test]
    fn parts_come_back_in_any_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::new(folder.path());
        let part = |n: usize| {
            let mut report = Report { initiatives: vec![Initiative::default(); n], ..Report::default() };
            report.document.document_id = format!("doc-{n}");
            Part { document_id: format!("doc-{n}"), texts: report_to_item(&report, "doc", &[Format::Csv, Format::Jsonl]).into_texts() }
        };
        [3, 1, 2].into_iter().for_each(|n| spool.push(n, part(n)).expect("written"));
        for n in [1, 2, 3] {
            assert_eq!(spool.part(n).expect("read"), Some(part(n)));
        }
        assert_eq!(spool.part(4).expect("read"), None);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
