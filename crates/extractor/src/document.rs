//! An open document: objects, pages, and what pages share (fonts, forms).

use crate::content;
use crate::error::ExtractError;
use crate::font::Font;
use crate::object::{Budget, Decoded, Dict, FileObjects, LopdfFault, LopdfObjects, Object, ObjectId, ObjectSource, Objects, Stream};
use crate::optional::OptionalContent;
use crate::structure::Structure;
use crate::tree::{PageEntry, walk_pages};
use jisseki_model::{Limits, Page, Warned, Warning};
use memchr::memmem::find;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// A font once it is built; `None` where it is no font.
type FontSlot = OnceLock<Option<Arc<Font>>>;

/// What pages read at the same time share.
pub(crate) struct Shared<'a> {
    pub(crate) objects: Objects<'a>,
    pub(crate) optional: OptionalContent,
    pub(crate) structure: Structure,
    fonts: Mutex<HashMap<ObjectId, Arc<FontSlot>>>,
    forms: Mutex<FormCache>,
    font_warnings: Mutex<Vec<Warning>>,
}

/// Inflated forms that several pages may use: headers, footers, stamps.
#[derive(Default)]
struct FormCache {
    kept: HashMap<ObjectId, Arc<Decoded>>,
    bytes: usize,
}

/// Bytes of inflated forms kept in one document, and of one form. Guess: enough for every header of a report.
const KEPT_FORMS: usize = 8 << 20;
const KEPT_FORM: usize = 1 << 20;

impl Shared<'_> {
    /// Returns a font, built at first sight and shared.
    pub(crate) fn font(&self, object: &Object) -> Option<Arc<Font>> {
        let load = || {
            let dict = self.objects.resolve(object).as_dict().cloned()?;
            let mut warnings = Vec::new();
            let font = Font::load(&self.objects, &dict, &mut warnings);
            if let Ok(mut all) = self.font_warnings.lock() {
                all.extend(warnings);
            }
            Some(Arc::new(font))
        };
        let Some(id) = object.as_ref_id() else { return load() };
        let slot = Arc::clone(self.fonts.lock().ok()?.entry(id).or_default());
        // Built outside the table's lock: other fonts are not held up, and two threads that meet the same font build it once.
        slot.get_or_init(load).clone()
    }
    /// Returns a page's content: one stream, or several read as one with white space between.
    pub(crate) fn page_content(&self, page: &Dict) -> Decoded {
        let cap = self.objects.limits().stream_decoded_bytes;
        match self.objects.get(page, b"Contents") {
            Object::Stream(stream) => self.objects.stream_bytes(&stream, cap),
            Object::Array(parts) => {
                let mut all = Decoded { bytes: Vec::new(), complete: true };
                for part in parts.iter() {
                    let left = cap.saturating_sub(all.bytes.len() as u64);
                    let Object::Stream(stream) = self.objects.resolve(part) else {
                        all.complete = false;
                        continue;
                    };
                    if left == 0 {
                        all.complete = false;
                        break;
                    }
                    let decoded = self.objects.stream_bytes(&stream, left);
                    all.complete &= decoded.complete;
                    if all.bytes.is_empty() {
                        all.bytes = decoded.bytes;
                    } else {
                        all.bytes.extend_from_slice(&decoded.bytes);
                    }
                    all.bytes.push(b'\n');
                }
                all
            }
            other => Decoded { bytes: Vec::new(), complete: other.is_null() && page.get(b"Contents").is_none() },
        }
    }
    /// Returns a form's content; small ones are kept.
    pub(crate) fn form_content(&self, stream: &Stream) -> Arc<Decoded> {
        if let Ok(cache) = self.forms.lock()
            && let Some(known) = cache.kept.get(&stream.id)
        {
            return Arc::clone(known);
        }
        let decoded = Arc::new(self.objects.stream_bytes(stream, self.objects.limits().stream_decoded_bytes));
        let len = decoded.bytes.len();
        if let Ok(mut cache) = self.forms.lock()
            && len <= KEPT_FORM
            && cache.bytes + len <= KEPT_FORMS
            && cache.kept.insert(stream.id, Arc::clone(&decoded)).is_none()
        {
            cache.bytes += len;
        }
        decoded
    }
}

/// An open document. Pages are read one by one, by as many threads as there are.
pub struct Source<'a> {
    pub(crate) shared: Shared<'a>,
    pages: Vec<PageEntry>,
    pub(crate) encryption: Option<String>,
    pub(crate) repaired: bool,
    pub(crate) version: Option<String>,
}

/// A whole document, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// The pages in order.
    pub pages: Vec<Page>,
}

impl<'a> Source<'a> {
    /// Opens a document: finds its objects and its pages, reads none.
    ///
    /// The empty password is tried before the given one. Warns: `pdf/partial` for a damaged file of which pages can be reached.
    /// Errors: no PDF, a password that is needed, no page, more bytes than the limit.
    pub fn open(bytes: impl Into<Cow<'a, [u8]>>, password: Option<&str>, limits: &Limits) -> Result<Warned<Source<'a>>, ExtractError> {
        let bytes = bytes.into();
        let size = bytes.len();
        if size as u64 > limits.file_bytes {
            return Err(ExtractError::TooLarge { bytes: size as u64, limit: limits.file_bytes });
        }
        let budget = Budget::new(limits);
        let mut warnings = Vec::new();
        let has_header = find(bytes.get(..size.min(1 << 14)).unwrap_or_default(), b"%PDF").is_some();
        let file = FileObjects::open(bytes, &budget);
        let encryption = encryption_of(&file, &budget);
        let version = version_of(file.bytes());
        let mut damaged = file.was_rebuilt();
        let cut = file.is_cut();
        let objects = if encryption.is_some() {
            match LopdfObjects::open(file.bytes(), password, &budget) {
                Ok(sealed) => {
                    damaged = sealed.was_rebuilt();
                    Objects::new(Box::new(sealed), budget)
                }
                Err(LopdfFault::Password(detail)) => return Err(ExtractError::Password { detail }),
                Err(LopdfFault::Other) => return Err(ExtractError::Password { detail: "its encryption can't be read".into() }),
            }
        } else {
            if file.is_empty() && !has_header {
                return Err(ExtractError::NotPdf { bytes: size });
            }
            Objects::new(Box::new(file), budget)
        };
        let pages = walk_pages(&objects, &mut warnings);
        if pages.is_empty() {
            return Err(if has_header { ExtractError::NoPages } else { ExtractError::NotPdf { bytes: size } });
        }
        if (damaged || cut) && warnings.is_empty() {
            let what = if cut { "the file is cut off" } else { "the file's cross-references are damaged" };
            warnings.push(Warning::new("pdf/partial", format!("{what}; {} pages were reached by searching for objects", pages.len())));
        }
        let catalog = objects.get_dict(objects.trailer(), b"Root").unwrap_or_default();
        let optional = OptionalContent::load(&objects, &catalog);
        let shared = Shared {
            objects,
            optional,
            structure: Structure::default(),
            fonts: Mutex::default(),
            forms: Mutex::default(),
            font_warnings: Mutex::default(),
        };
        Ok(Warned { output: Source { shared, pages, encryption, repaired: damaged || cut, version }, warnings })
    }
    /// Returns how many pages there are.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }
    /// Reads a page, counted from 0. A page that does not exist is empty.
    pub fn page(&self, index: usize) -> Warned<Page> {
        let Some(entry) = self.pages.get(index) else { return Warned::default() };
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let Some(object) = entry.read(&self.shared.objects) else {
            let warning =
                Warning::new("limit/objects", "the document has more objects than are read; the page was left out").on_page(number);
            return Warned { output: Page { number, ..Page::default() }, warnings: vec![warning] };
        };
        content::read_page(&self.shared, &object, number)
    }
    /// Returns what was noticed while building the fonts used so far.
    pub fn font_warnings(&self) -> Vec<Warning> {
        self.shared.font_warnings.lock().map(|w| w.clone()).unwrap_or_default()
    }
}

/// Names a file's encryption, where it has one. An `/Encrypt` that leads to no dictionary can have encrypted nothing: all readers go on.
fn encryption_of(file: &FileObjects<'_>, budget: &Budget) -> Option<String> {
    let entry = file.trailer().get(b"Encrypt").filter(|o| !o.is_null())?;
    let object = entry.as_ref_id().map_or_else(|| entry.clone(), |id| file.object(id, budget));
    let dict = object.as_dict().cloned()?;
    let number = |key: &[u8]| dict.get(key).and_then(Object::as_i64);
    let filter = || {
        let filters = dict.get(b"CF")?.as_dict()?;
        filters.get(dict.get(b"StmF")?.as_name()?)?.as_dict()?.get(b"CFM")?.as_name()
    };
    let version = number(b"V").unwrap_or(0);
    let cipher = match (version, filter()) {
        (5.., _) | (_, Some(b"AESV3")) => "AES-256".to_owned(),
        (_, Some(b"AESV2")) => "AES-128".to_owned(),
        (1, _) => "RC4-40".to_owned(),
        _ => format!("RC4-{}", number(b"Length").filter(|l| (40..=256).contains(l)).unwrap_or(128)),
    };
    Some(format!("{cipher} (V {version}, R {})", number(b"R").unwrap_or(0)))
}

/// The version in the header: `1.7`.
fn version_of(bytes: &[u8]) -> Option<String> {
    let at = find(bytes.get(..bytes.len().min(1 << 14))?, b"%PDF-")? + 5;
    let version = bytes.get(at..at + 3)?;
    (version.is_ascii() && version.iter().all(|b| b.is_ascii_digit() || *b == b'.')).then(|| String::from_utf8_lossy(version).into_owned())
}

/// Reads a whole document on one thread. For documents of many pages, [`Source::page`] one by one needs less memory.
pub fn extract(bytes: &[u8], limits: &Limits) -> Result<Warned<Document>, ExtractError> {
    let Warned { output: source, mut warnings } = Source::open(bytes, None, limits)?;
    let pages: Vec<Page> = (0..source.page_count()).map(|i| source.page(i).drain_into(&mut warnings)).collect();
    warnings.extend(source.font_warnings());
    Ok(Warned { output: Document { pages }, warnings })
}
