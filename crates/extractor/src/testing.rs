//! What the unit tests share: small PDFs around a content stream.

use crate::document::Source;
use crate::object::{Budget, FileObjects, Objects};
use jisseki_model::{Limits, Page, Warned};

/// The objects of a file's bytes.
pub(crate) fn objects_of(bytes: &'static [u8]) -> Objects<'static> {
    let budget = Budget::new(&Limits::default());
    Objects::new(Box::new(FileObjects::open(bytes.into(), &budget)), budget)
}

/// A PDF of these objects, numbered from 1; the first is the catalog.
pub(crate) fn pdf_of(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (i, body) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{} 0 obj\n{body}\nendobj\n", i + 1).into_bytes());
    }
    let start = out.len();
    let n = objects.len() + 1;
    out.extend(format!("xref\n0 {n}\n{table}trailer<</Size {n}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    out
}

/// A stream object: entries of its dictionary, its bytes.
pub(crate) fn stream(entries: &str, content: &str) -> String {
    format!("<<{entries}/Length {}>>stream\n{content}\nendstream", content.len())
}

/// A PDF of one page of 200 × 100 pt with this content, font `/F1` (Helvetica, widths 500) and these more objects from number 6 on;
/// `resources` and `page` are put into the dictionaries of that name.
pub(crate) fn pdf_with(content: &str, resources: &str, page: &str, more: &[String]) -> Vec<u8> {
    let widths = "500 ".repeat(256);
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 200 100]>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>{resources}>>{page}>>"),
        stream("", content),
        format!("<</Type/Font/Subtype/TrueType/BaseFont/Helvetica/Encoding/WinAnsiEncoding/FirstChar 0/LastChar 255/Widths[{widths}]>>"),
    ];
    objects.extend_from_slice(more);
    pdf_of(&objects)
}

/// The first page of a file.
pub(crate) fn page_of(bytes: &[u8]) -> Warned<Page> {
    Source::open(bytes, None, &Limits::default()).expect("opens").output.page(0)
}

/// The page of this content.
pub(crate) fn page_with(content: &str) -> Warned<Page> {
    page_of(&pdf_with(content, "", "", &[]))
}
