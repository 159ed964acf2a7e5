//! Finding objects without cross-references: one pass over the bytes for `N G obj`, `trailer` and object streams.

use crate::lex::is_white;
use memchr::memchr;
use memchr::memmem::{Finder, find_iter};

/// What a scan found. Of objects that stand more than once, the last one counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// Number and offset, by number.
    pub(super) objects: Vec<(u32, u64)>,
    /// Numbers of objects that look like object streams, in file order.
    pub(super) object_streams: Vec<u32>,
    /// Numbers of objects that look like cross-reference streams, in file order.
    pub(super) xref_streams: Vec<u32>,
    /// Offsets after `trailer`.
    pub(super) trailers: Vec<usize>,
}

/// Where a dictionary's `/Type` is looked for.
const PEEK: usize = 400;

/// Scans the whole file once.
pub(super) fn scan(bytes: &[u8], max_objects: usize) -> Found {
    let mut found = Found::default();
    let [stream, endobj, object_stream, xref_stream] = ["stream", "endobj", "/ObjStm", "/XRef"].map(Finder::new);
    let mut pos = 0;
    while let Some(at) = next_b(bytes, pos) {
        pos = at + 1;
        // `obj` has its `b` in the middle, and so does no other keyword that matters but `endobj`.
        if bytes.get(at.wrapping_sub(1)..at + 2) == Some(b"obj")
            && let Some((number, offset)) = number_before(bytes, at - 1)
            && found.objects.len() < max_objects
        {
            let body = bytes.get(at + 2..(at + 2 + PEEK).min(bytes.len())).unwrap_or_default();
            let ends = [stream.find(body), endobj.find(body)];
            let body = body.get(..ends.into_iter().flatten().min().unwrap_or(body.len())).unwrap_or_default();
            if object_stream.find(body).is_some() {
                found.object_streams.push(number);
            } else if xref_stream.find(body).is_some() {
                found.xref_streams.push(number);
            }
            found.objects.push((number, offset as u64));
        }
    }
    found.trailers = find_iter(bytes, b"trailer").map(|at| at + b"trailer".len()).collect();
    // Stable: the last of equal numbers stays last, and is the one kept.
    found.objects.sort_by_key(|o| o.0);
    found.objects.reverse();
    found.objects.dedup_by_key(|o| o.0);
    found.objects.reverse();
    found.object_streams.reverse();
    found
}

fn next_b(bytes: &[u8], from: usize) -> Option<usize> {
    memchr(b'b', bytes.get(from..)?).map(|at| from + at)
}

/// Reads `N G ` backwards from where `obj` begins.
fn number_before(bytes: &[u8], obj: usize) -> Option<(u32, usize)> {
    let (_, start) = digits_before(bytes, obj)?;
    digits_before(bytes, start)
}

/// Reads white space and the number before it, backwards.
fn digits_before(bytes: &[u8], end: usize) -> Option<(u32, usize)> {
    let mut at = end;
    while at > 0 && end - at < 16 && is_white(*bytes.get(at - 1)?) {
        at -= 1;
    }
    let (mut start, mut value, mut scale) = (at, 0u64, 1u64);
    while start > 0 && at - start < 10 && bytes.get(start - 1)?.is_ascii_digit() {
        start -= 1;
        value += scale * u64::from(bytes.get(start)? & 15);
        scale *= 10;
    }
    (start < at).then_some((u32::try_from(value).ok()?, start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_and_the_last_of_a_number_counts() {
        let bytes = b"%PDF-1.4\n1 0 obj<<>>endobj\n12 0 obj\n<</Type/ObjStm>>stream\nendobj 1 0 obj 5 endobj trailer <</Root 1 0 R>>";
        let found = scan(bytes, 100);
        assert_eq!(found.objects.iter().map(|o| o.0).collect::<Vec<_>>(), [1, 12]);
        assert_eq!(found.objects.first().map(|o| usize::try_from(o.1).unwrap()), memchr::memmem::find(bytes, b"1 0 obj 5"));
        assert_eq!(found.object_streams, [12]);
        assert_eq!(found.trailers.len(), 1);
    }
}
