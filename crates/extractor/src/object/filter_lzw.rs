//! LZW undone (ISO 32000-2 §7.4.4).

const CLEAR: u16 = 256;
const END: u16 = 257;

/// Undoes LZW; `early` is `/EarlyChange 1`. A code that can't be ends it, with what came before.
pub(crate) fn unlzw(input: &[u8], early: bool, cap: usize) -> (Vec<u8>, bool) {
    // Entry = (start of its bytes in `out`, length): a phrase is always a stretch of what was already written.
    let mut table: Vec<(usize, usize)> = Vec::with_capacity(4096);
    let mut out: Vec<u8> = Vec::new();
    let mut previous: Option<(usize, usize)> = None;
    let (mut bits, mut n_bits, mut width) = (0u32, 0u32, 9u32);
    for &byte in input {
        bits = bits << 8 | u32::from(byte);
        n_bits += 8;
        if n_bits < width {
            continue;
        }
        n_bits -= width;
        let code = u16::try_from(bits >> n_bits & ((1 << width) - 1)).unwrap_or(END);
        bits &= (1 << n_bits) - 1;
        match code {
            CLEAR => {
                table.clear();
                (previous, width) = (None, 9);
                continue;
            }
            END => return (out, true),
            _ => {}
        }
        let start = out.len();
        if code < 256 {
            out.push(u8::try_from(code).unwrap_or(0));
        } else {
            let index = usize::from(code) - 258;
            let (from, len) = match (table.get(index), previous) {
                (Some(&phrase), _) => phrase,
                (None, Some((from, len))) if index == table.len() => (from, len + 1),
                _ => return (out, false),
            };
            for k in 0..len {
                let b = out.get(from + k).copied().unwrap_or(0);
                out.push(b);
            }
        }
        if let Some((from, len)) = previous
            && table.len() < 4096 - 258
        {
            table.push((from, len + 1));
        }
        previous = Some((start, out.len() - start));
        if out.len() > cap {
            out.truncate(cap);
            return (out, false);
        }
        width = match table.len() + 258 + usize::from(early) {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
    (out, true)
}
