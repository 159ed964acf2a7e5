//! What one document may cost, counted over all threads that read it.

use jisseki_model::Limits;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Counters of one document, charged by every loop over bytes from outside.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    decoded: AtomicU64,
    parsed: AtomicU64,
    started: Instant,
    spent: AtomicBool,
}

/// Objects and elements parsed in one document, every reading counted. Guess: a thousand a page over 20,000 pages, and twice that.
const MAX_PARSED: u64 = 40_000_000;

impl Budget {
    /// Returns a fresh budget; the deadline runs from now.
    pub fn new(limits: &Limits) -> Budget {
        Budget {
            limits: limits.clone(),
            decoded: AtomicU64::new(0),
            parsed: AtomicU64::new(0),
            started: Instant::now(),
            spent: AtomicBool::new(false),
        }
    }
    /// Returns the limits.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
    /// Returns how many bytes may still be decoded.
    pub fn decodable(&self) -> usize {
        let left = self.limits.document_decoded_bytes.saturating_sub(self.decoded.load(Ordering::Relaxed));
        usize::try_from(left).unwrap_or(usize::MAX)
    }
    /// Charges decoded bytes.
    pub fn charge_decoded(&self, bytes: usize) {
        self.decoded.fetch_add(bytes as u64, Ordering::Relaxed);
    }
    /// Charges parsed values and tells whether there is still something left.
    pub fn charge_parsed(&self, values: usize) -> bool {
        let before = self.parsed.fetch_add(values as u64, Ordering::Relaxed);
        let fine = before < MAX_PARSED;
        if !fine {
            self.spent.store(true, Ordering::Relaxed);
        }
        fine
    }
    /// Tells whether the deadline has passed.
    pub fn is_late(&self) -> bool {
        let late = self.started.elapsed().as_secs_f64() > self.limits.seconds;
        if late {
            self.spent.store(true, Ordering::Relaxed);
        }
        late
    }
    /// Tells whether some charge was ever refused.
    pub fn was_spent(&self) -> bool {
        self.spent.load(Ordering::Relaxed) || self.decodable() == 0
    }
}
