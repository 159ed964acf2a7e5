//! Which core a thread runs on.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The core that one thread runs on, for others to keep away from.
///
/// Linux begins a thread on the core of the one that made it as a rule, though another is idle (21 of 28 runs of `big_90ms_600p` on two virtual cores,
/// Linux 6.18), wakes it there, and takes 4 to 30 ms to move it: by then the document is read. So it moves itself.
#[derive(Debug)]
pub(crate) struct Seat(AtomicUsize);

impl Seat {
    /// A seat that nobody has taken.
    pub(crate) fn new() -> Seat {
        Seat(AtomicUsize::new(usize::MAX))
    }
}

#[cfg(target_os = "linux")]
impl Seat {
    /// Notes that this thread runs where it does.
    pub(crate) fn take(&self) {
        self.0.store(rustix::thread::sched_getcpu(), Ordering::Relaxed);
    }
    /// Moves this thread to another core, where it runs on the one that is taken and may run on others. It may come back: nothing is bound to a core.
    pub(crate) fn avoid(&self) {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
        let taken = self.0.load(Ordering::Relaxed);
        if sched_getcpu() != taken || taken >= CpuSet::MAX_CPU {
            return;
        }
        let Ok(allowed) = sched_getaffinity(None) else { return };
        let mut others = allowed;
        others.unset(taken);
        if others.count() > 0 && sched_setaffinity(None, &others).is_ok() {
            let _ = sched_setaffinity(None, &allowed);
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Seat {
    /// Does nothing.
    pub(crate) fn take(&self) {}
    /// Does nothing.
    pub(crate) fn avoid(&self) {}
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::Seat;
    use rustix::thread::sched_getaffinity;

    #[test]
    fn a_thread_that_moved_may_run_where_it_could_before() {
        let allowed = sched_getaffinity(None).expect("is told");
        let seat = Seat::new();
        seat.take();
        seat.avoid();
        assert!(sched_getaffinity(None).expect("is told") == allowed);
    }
}
