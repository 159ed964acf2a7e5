//! INT and TERM as a flag that a long run looks at between two files.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Registers the flag: 0 until a signal arrives, then its number. A second signal ends the process at once with 128 + its number.
#[allow(dead_code)]
pub(crate) fn watch() -> io::Result<Arc<AtomicUsize>> {
    let seen = Arc::new(AtomicUsize::new(0));
    for signal in [SIGINT, SIGTERM] {
        let armed = Arc::new(std::sync::atomic::AtomicBool::new(false));
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&armed))?;
        flag::register(signal, armed)?;
        flag::register_usize(signal, Arc::clone(&seen), signal.unsigned_abs() as usize)?;
    }
    Ok(seen)
}
