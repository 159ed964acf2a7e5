//! The bytes of a large file, read into memory that costs few page faults.

use std::io::{self, Read};
use std::ops::Deref;

/// A file's bytes.
///
/// A page fault for every 4 KiB takes longer than to copy them: 2 of 65 ms of reading `big_lo_600p`, before any thread has a page. Linux gives
/// 2 MiB at a time where it is asked to, or many small pages at once.
#[derive(Debug)]
pub struct FileBytes(Memory);

#[derive(Debug)]
enum Memory {
    Heap(Vec<u8>),
    #[cfg(target_os = "linux")]
    Map {
        map: memmap2::MmapMut,
        len: usize,
    },
}

/// Files of this size and more are read into huge pages; smaller ones would waste most of one.
#[cfg(target_os = "linux")]
const LARGE: usize = 512 << 10;
/// Files of this size and more are read into pages that are asked for at once: 3 % less time for a report of 320 KB (`01_lo_writer_gaps`,
/// 2026-11-27). Where it begins to pay is a guess.
#[cfg(target_os = "linux")]
const MEDIUM: usize = 128 << 10;
/// A huge page of x86-64 and, as a rule, of ARM.
#[cfg(target_os = "linux")]
const HUGE_PAGE: usize = 2 << 20;

impl FileBytes {
    /// Reads all that a file has, whatever `expected` says of its length.
    ///
    /// ```
    /// let bytes = jisseki_extractor::FileBytes::read(&b"%PDF-1.7"[..], 8)?;
    /// assert_eq!(&*bytes, b"%PDF-1.7");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn read(mut file: impl Read, expected: usize) -> io::Result<FileBytes> {
        #[cfg(target_os = "linux")]
        if let Some(mut map) = memory_for(expected) {
            let len = read_to_end(&mut file, &mut map)?;
            if len < map.len() {
                return Ok(FileBytes(Memory::Map { map, len }));
            }
            // It has grown since it was looked at.
            let mut bytes = map.to_vec();
            file.read_to_end(&mut bytes)?;
            return Ok(FileBytes(Memory::Heap(bytes)));
        }
        let mut bytes = Vec::with_capacity(expected.saturating_add(1));
        file.read_to_end(&mut bytes)?;
        Ok(FileBytes(Memory::Heap(bytes)))
    }
    /// Returns the bytes as a vector.
    pub fn into_vec(self) -> Vec<u8> {
        match self.0 {
            Memory::Heap(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Memory::Map { .. } => self.to_vec(),
        }
    }
}

/// Returns memory for a file of this many bytes and one more; none for small files.
#[cfg(target_os = "linux")]
fn memory_for(expected: usize) -> Option<memmap2::MmapMut> {
    let size = expected.checked_add(1)?;
    if expected < MEDIUM {
        return None;
    }
    if expected < LARGE {
        return memmap2::MmapOptions::new().len(size).populate().map_anon().ok();
    }
    let map = memmap2::MmapMut::map_anon(size.checked_next_multiple_of(HUGE_PAGE)?).ok()?;
    // A kernel without huge pages says so, and gives small ones.
    let _ = map.advise(memmap2::Advice::HugePage);
    Some(map)
}

/// Fills a buffer as far as the file reaches.
#[cfg(target_os = "linux")]
fn read_to_end(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while let Some(rest) = buffer.get_mut(len..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(n) => len += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(len)
}

impl Deref for FileBytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Memory::Heap(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Memory::Map { map, len } => map.get(..*len).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of `len` bytes of which `expected` were counted.
    fn check(len: usize, expected: usize) {
        let bytes: Vec<u8> = (0..len).map(|i| (i * 7 + i / 251) as u8).collect();
        // Pieces of odd length, as a pipe gives them.
        let (a, b) = bytes.split_at(len / 3);
        let read = FileBytes::read(a.chain(b), expected).expect("reads");
        assert!(*read == *bytes, "{len} bytes, {expected} expected");
        assert!(read.into_vec() == bytes);
    }

    #[test]
    fn a_file_is_read_whole_whatever_its_length_was() {
        for len in
            [0, 1, 4096, MEDIUM - 1, MEDIUM, MEDIUM + 1, LARGE, LARGE + 1, HUGE_PAGE - 1, HUGE_PAGE, HUGE_PAGE + 1, 3 * HUGE_PAGE + 5]
        {
            for expected in [len, 0, len / 2, len * 2, MEDIUM, LARGE, HUGE_PAGE] {
                check(len, expected);
            }
        }
    }
}
