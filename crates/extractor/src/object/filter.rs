//! Filters undone (ISO 32000-2 §7.4): Flate, LZW, ASCIIHex, ASCII85, RunLength, and predictors. What is damaged gives what came before.

use super::Budget;
use flate2::{Decompress, FlushDecompress, Status};
use std::borrow::Cow;
use std::cell::Cell;

/// One filter with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilterStep {
    Flate(Predictor),
    Lzw {
        early: bool,
        predictor: Predictor,
    },
    AsciiHex,
    Ascii85,
    RunLength,
    /// `/Crypt /Identity`: nothing to undo.
    Nothing,
}

/// A predictor's parameters (Table 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Predictor {
    kind: i64,
    colors: usize,
    bits: usize,
    columns: usize,
}

impl FilterStep {
    /// Returns the filter of this name (abbreviations of inline images too); none for image codecs and unknown names.
    pub(crate) fn new(name: &[u8], number: impl Fn(&[u8], i64) -> i64) -> Option<FilterStep> {
        let size = |key: &[u8], default: i64, max: i64| usize::try_from(number(key, default).clamp(1, max)).unwrap_or(1);
        let predictor = || Predictor {
            kind: number(b"Predictor", 1),
            colors: size(b"Colors", 1, 64),
            bits: size(b"BitsPerComponent", 8, 16),
            columns: size(b"Columns", 1, 1 << 24),
        };
        Some(match name {
            b"FlateDecode" | b"Fl" => FilterStep::Flate(predictor()),
            b"LZWDecode" | b"LZW" => FilterStep::Lzw { early: number(b"EarlyChange", 1) != 0, predictor: predictor() },
            b"ASCIIHexDecode" | b"AHx" => FilterStep::AsciiHex,
            b"ASCII85Decode" | b"A85" => FilterStep::Ascii85,
            b"RunLengthDecode" | b"RL" => FilterStep::RunLength,
            b"Crypt" => FilterStep::Nothing,
            _ => return None,
        })
    }
}

/// Undoes the filters in order. Each step's output is charged and bounded by `cap`.
pub(crate) fn undo_filters(stored: Cow<'_, [u8]>, steps: &[FilterStep], cap: usize, budget: &Budget) -> (Vec<u8>, bool) {
    let mut bytes = stored;
    let mut complete = true;
    for step in steps {
        let (out, fine) = undo(&bytes, *step, cap.min(budget.decodable()));
        budget.charge_decoded(out.len());
        complete &= fine;
        bytes = Cow::Owned(out);
    }
    if bytes.len() > cap {
        let mut kept = bytes.into_owned();
        kept.truncate(cap);
        return (kept, false);
    }
    (bytes.into_owned(), complete)
}

fn undo(input: &[u8], step: FilterStep, cap: usize) -> (Vec<u8>, bool) {
    match step {
        FilterStep::Flate(p) => {
            let (out, fine) = inflate(input, cap);
            (p.undo(out), fine)
        }
        FilterStep::Lzw { early, predictor } => {
            let (out, fine) = super::filter_lzw::unlzw(input, early, cap);
            (predictor.undo(out), fine)
        }
        FilterStep::AsciiHex => un_hex(input, cap),
        FilterStep::Ascii85 => un_85(input, cap),
        FilterStep::RunLength => un_run_length(input, cap),
        FilterStep::Nothing => (input.to_vec(), true),
    }
}

/// First guess of what a stream inflates to; content streams measure 3 to 6 times.
const INFLATE_GUESS: usize = 5;

/// Inflates; a damaged or truncated stream gives the bytes before the fault. A missing or broken zlib header is tried as raw deflate.
pub(crate) fn inflate(input: &[u8], cap: usize) -> (Vec<u8>, bool) {
    let (out, fine) = inflate_as(input, cap, true);
    if out.is_empty() && !fine && input.len() > 2 {
        // White space too much after `stream`.
        let blanks = input.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let trimmed = if blanks > 0 { inflate_as(input.get(blanks..).unwrap_or_default(), cap, true) } else { Default::default() };
        if !trimmed.0.is_empty() {
            return trimmed;
        }
        let skipped = if input.first() == Some(&0x78) { input.get(2..).unwrap_or_default() } else { input };
        let (raw, raw_fine) = inflate_as(skipped, cap, false);
        if !raw.is_empty() {
            return (raw, raw_fine);
        }
    }
    (out, fine)
}

thread_local! {
    /// The inflater of the stream before. It holds a window of 32 KiB, which takes longer to make than a short stream to inflate.
    static INFLATER: Cell<Option<Decompress>> = const { Cell::new(None) };
}

fn inflate_as(input: &[u8], cap: usize, zlib: bool) -> (Vec<u8>, bool) {
    let mut inflater = INFLATER.take().unwrap_or_else(|| Decompress::new(zlib));
    inflater.reset(zlib);
    let inflated = inflate_by(&mut inflater, input, cap);
    INFLATER.set(Some(inflater));
    inflated
}

fn inflate_by(inflater: &mut Decompress, input: &[u8], cap: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity((input.len().saturating_mul(INFLATE_GUESS)).clamp(64, cap.max(64)).min(1 << 26));
    loop {
        let (read, len) = (inflater.total_in(), out.len());
        let rest = input.get(usize::try_from(read).unwrap_or(usize::MAX)..).unwrap_or_default();
        match inflater.decompress_vec(rest, &mut out, FlushDecompress::None) {
            Ok(Status::StreamEnd) => return clipped(out, cap, true),
            Ok(_) if out.len() >= cap => return clipped(out, cap, false),
            Ok(_) if out.len() == out.capacity() => out.reserve(out.len().clamp(4096, 1 << 24)),
            Ok(_) if inflater.total_in() == read && out.len() == len => return (out, false),
            Ok(_) => {}
            Err(_) => return clipped(out, cap, false),
        }
    }
}

fn clipped(mut out: Vec<u8>, cap: usize, fine: bool) -> (Vec<u8>, bool) {
    let fits = out.len() <= cap;
    out.truncate(cap);
    (out, fine && fits)
}

fn un_hex(input: &[u8], cap: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut half: Option<u8> = None;
    for &b in input {
        let Some(digit) = (b as char).to_digit(16).and_then(|d| u8::try_from(d).ok()) else {
            if b == b'>' {
                break;
            }
            continue;
        };
        match half.take() {
            Some(high) if out.len() < cap => out.push(high << 4 | digit),
            Some(_) => return (out, false),
            None => half = Some(digit),
        }
    }
    out.extend(half.map(|h| h << 4));
    (out, true)
}

fn un_85(input: &[u8], cap: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let (mut group, mut n) = (0u32, 0usize);
    for &b in input {
        match b {
            b'z' if n == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(b - b'!'));
                n += 1;
                if n == 5 {
                    out.extend(group.to_be_bytes());
                    (group, n) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
        if out.len() > cap {
            return clipped(out, cap, false);
        }
    }
    if n > 1 {
        for _ in n..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend(group.to_be_bytes().iter().take(n - 1));
    }
    clipped(out, cap, true)
}

fn un_run_length(input: &[u8], cap: usize) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&n) = input.get(at) {
        if n == 128 {
            break;
        }
        if out.len() > cap {
            return clipped(out, cap, false);
        }
        let n = usize::from(n);
        if n < 128 {
            let run = input.get(at + 1..(at + 2 + n).min(input.len())).unwrap_or_default();
            out.extend_from_slice(run);
            at += 2 + n;
        } else {
            let Some(&b) = input.get(at + 1) else { break };
            out.resize(out.len() + 257 - n, b);
            at += 2;
        }
    }
    clipped(out, cap, true)
}

impl Predictor {
    fn undo(self, bytes: Vec<u8>) -> Vec<u8> {
        match self.kind {
            2 => self.undo_tiff(bytes),
            10.. => self.undo_png(&bytes),
            _ => bytes,
        }
    }
    fn pixel(self) -> usize {
        (self.colors * self.bits).div_ceil(8).max(1)
    }
    fn row(self) -> usize {
        (self.colors * self.bits).saturating_mul(self.columns).div_ceil(8).max(1)
    }
    /// TIFF predictor for 8-bit components; others are images, which we do not read.
    fn undo_tiff(self, mut bytes: Vec<u8>) -> Vec<u8> {
        if self.bits == 8 {
            for row in bytes.chunks_mut(self.row()) {
                for i in self.colors..row.len() {
                    let left = row.get(i - self.colors).copied().unwrap_or(0);
                    if let Some(b) = row.get_mut(i) {
                        *b = b.wrapping_add(left);
                    }
                }
            }
        }
        bytes
    }
    fn undo_png(self, bytes: &[u8]) -> Vec<u8> {
        let (row, pixel) = (self.row(), self.pixel());
        let mut out = Vec::with_capacity(bytes.len());
        let mut above = vec![0u8; row];
        for line in bytes.chunks(row + 1) {
            let Some((&kind, line)) = line.split_first() else { break };
            let mut current = line.to_vec();
            for i in 0..current.len() {
                let left = if i >= pixel { current.get(i - pixel).copied().unwrap_or(0) } else { 0 };
                let up = above.get(i).copied().unwrap_or(0);
                let corner = if i >= pixel { above.get(i - pixel).copied().unwrap_or(0) } else { 0 };
                let guess = match kind {
                    1 => left,
                    2 => up,
                    3 => u8::try_from((u16::from(left) + u16::from(up)) / 2).unwrap_or(0),
                    4 => paeth(left, up, corner),
                    _ => 0,
                };
                if let Some(b) = current.get_mut(i) {
                    *b = b.wrapping_add(guess);
                }
            }
            out.extend_from_slice(&current);
            current.resize(row, 0);
            above = current;
        }
        out
    }
}

fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let p = i16::from(a) + i16::from(b) - i16::from(c);
    let (pa, pb, pc) = ((p - i16::from(a)).abs(), (p - i16::from(b)).abs(), (p - i16::from(c)).abs());
    if pa <= pb && pa <= pc {
        a
    } else if pb <= pc {
        b
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn check(step: FilterStep, input: &[u8], expected: &[u8]) {
        assert_eq!(undo(input, step, 1 << 20).0, expected);
    }

    fn plain() -> Predictor {
        Predictor { kind: 1, colors: 1, bits: 8, columns: 1 }
    }

    #[test]
    fn filters_undo_what_the_standard_says() {
        check(FilterStep::AsciiHex, b"48 65 6C6c 6F7>zz", b"Hellop");
        check(FilterStep::Ascii85, b"87cURD]j7BEbo80~>", b"Hello world!");
        check(FilterStep::Ascii85, b"z~>", &[0; 4]);
        check(FilterStep::RunLength, &[2, b'a', b'b', b'c', 254, b'x', 128, 9], b"abcxxx");
        // ISO 32000-2 §7.4.4.2, example 1.
        check(
            FilterStep::Lzw { early: true, predictor: plain() },
            &[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01],
            &[45, 45, 45, 45, 45, 65, 45, 45, 45, 66],
        );
    }

    #[test]
    fn a_cut_or_endless_flate_stream_gives_what_came_before() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        let text: Vec<u8> = (0..20_000u32).flat_map(|i| i.to_le_bytes()).collect();
        encoder.write_all(&text).unwrap();
        let packed = encoder.finish().unwrap();
        let (out, fine) = inflate(&packed, 1 << 20);
        assert!(fine && out == text);
        let (out, fine) = inflate(packed.split_at(packed.len() / 2).0, 1 << 20);
        assert!(!fine && out.len() > 10_000 && text.starts_with(&out));
        let (out, fine) = inflate(&packed, 1000);
        assert!(!fine && out.len() == 1000);
        let (out, fine) = inflate(packed.split_at(2).1, 1 << 20);
        assert!(fine && out == text);
        let (out, fine) = inflate(&[b"\r\n", &packed[..]].concat(), 1 << 20);
        assert!(fine && out == text);
    }

    #[test]
    fn png_predictors_undo_row_by_row() {
        let p = Predictor { kind: 12, colors: 1, bits: 8, columns: 3 };
        assert_eq!(p.undo(vec![2, 1, 2, 3, 2, 1, 1, 1]), [1, 2, 3, 2, 3, 4]);
        assert_eq!(p.undo(vec![1, 1, 1, 1, 4, 1, 1]), [1, 2, 3, 2, 3]);
    }
}
