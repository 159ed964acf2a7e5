//! Many things at once, handed on in their order.

use crate::spread::Seat;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Results of [`in_order`] that may wait for their turn, a thread. Guess: enough to sit out a slow page, few enough to hold.
const AHEAD: usize = 16;
/// How long helpers wait for the first result. Guess: several times what a page with new fonts takes.
const PATIENCE: Duration = Duration::from_millis(2);

/// Makes something of every item on all cores and hands it on, on this thread and in the items' order, while the next ones are made.
///
/// At most a few dozen results a core are held. This thread makes results, too; an error of `hand_on` ends the work.
///
/// ```
/// let mut all = vec![];
/// let done: Result<(), ()> = jisseki_extractor::in_order(&[1, 2, 3], |n| n * 2, |n| Ok(all.push(*n)));
/// assert_eq!((done, all), (Ok(()), vec![2, 4, 6]));
/// ```
pub fn in_order<T: Sync, R: Send, E>(
    items: &[T],
    make: impl Fn(&T) -> R + Sync,
    hand_on: impl FnMut(&R) -> Result<(), E>,
) -> Result<(), E> {
    in_order_on(n_threads(), items, make, hand_on)
}

/// As many as there are cores, or as the variable says that holds for the threads of other commands, too.
fn n_threads() -> usize {
    let asked = std::env::var("RAYON_NUM_THREADS").ok().and_then(|n| n.parse().ok()).filter(|n| *n > 0);
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()))
}

fn in_order_on<T: Sync, R: Send, E>(
    n_threads: usize,
    items: &[T],
    make: impl Fn(&T) -> R + Sync,
    mut hand_on: impl FnMut(&R) -> Result<(), E>,
) -> Result<(), E> {
    let n_threads = n_threads.min(items.len());
    if n_threads <= 1 {
        return items.iter().try_for_each(|item| hand_on(&make(item)));
    }
    let line = Line {
        items,
        make,
        ahead: AHEAD * n_threads,
        queue: Mutex::default(),
        changed: Condvar::new(),
        seat: Seat::new(),
        has_first: false.into(),
    };
    line.seat.take();
    std::thread::scope(|scope| {
        for _ in 1..n_threads {
            // Should no thread be had, this one does all the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || line.work());
        }
        // A thread that waits for this one's core leaves it now.
        std::thread::yield_now();
        let done = line.hand_on(&mut hand_on);
        line.stop();
        done
    })
}

/// Items that threads take from the front, and results that wait for their turn.
struct Line<'i, T, R, F> {
    items: &'i [T],
    make: F,
    ahead: usize,
    queue: Mutex<Queue<R>>,
    changed: Condvar,
    /// The core of the thread that hands on.
    seat: Seat,
    has_first: AtomicBool,
}

struct Queue<R> {
    n_taken: usize,
    n_handed_on: usize,
    /// Of the items taken and not handed on, what came in so far, and whether a helper made it: another thread than the one that hands on.
    results: VecDeque<Option<(R, bool)>>,
    /// What helpers made and was handed on. They free it: who frees what another thread has made waits for that thread's heap.
    spent: Vec<R>,
    n_waiting: usize,
    stopped: bool,
}

impl<R> Default for Queue<R> {
    fn default() -> Queue<R> {
        Queue { n_taken: 0, n_handed_on: 0, results: VecDeque::new(), spent: Vec::new(), n_waiting: 0, stopped: false }
    }
}

impl<T, R, F: Fn(&T) -> R> Line<'_, T, R, F> {
    /// Makes results until there is nothing left to make.
    fn work(&self) {
        let _guard = StopOnPanic(self);
        self.seat.avoid();
        self.await_first();
        let mut queue = self.lock();
        while !queue.stopped && queue.n_taken < self.items.len() {
            queue = self.make_next(queue, true);
        }
    }
    /// Waits until the thread that hands on has made its first result, and with it what all share: fonts. Awake, because Linux wakes a thread on the
    /// core of the one it has waited for.
    fn await_first(&self) {
        let start = Instant::now();
        while !self.has_first.load(Ordering::Acquire) && start.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
    }
    /// Hands on what is there and makes what is not.
    fn hand_on<E>(&self, hand_on: &mut impl FnMut(&R) -> Result<(), E>) -> Result<(), E> {
        let _guard = StopOnPanic(self);
        let mut queue = self.lock();
        while !queue.stopped && queue.n_handed_on < self.items.len() {
            let Some((result, is_helpers)) = queue.results.front_mut().and_then(Option::take) else {
                queue = self.make_next(queue, false);
                continue;
            };
            queue.results.pop_front();
            queue.n_handed_on += 1;
            self.tell(queue);
            hand_on(&result)?;
            if is_helpers {
                queue = self.lock();
                queue.spent.push(result);
            } else {
                drop(result);
                queue = self.lock();
            }
        }
        Ok(())
    }
    /// Makes the next result; waits where all are taken, or too many wait for their turn.
    fn make_next<'q>(&'q self, mut queue: MutexGuard<'q, Queue<R>>, is_helpers: bool) -> MutexGuard<'q, Queue<R>> {
        let index = queue.n_taken;
        let Some(item) = self.items.get(index).filter(|_| index < queue.n_handed_on + self.ahead) else {
            queue.n_waiting += 1;
            let mut queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
            queue.n_waiting -= 1;
            return queue;
        };
        queue.n_taken += 1;
        queue.results.push_back(None);
        let spent = if is_helpers { queue.spent.pop() } else { None };
        drop(queue);
        drop(spent);
        if is_helpers {
            self.seat.avoid();
        } else {
            self.seat.take();
        }
        let result = (self.make)(item);
        self.has_first.store(true, Ordering::Release);
        let mut queue = self.lock();
        let place = index - queue.n_handed_on;
        if let Some(slot) = queue.results.get_mut(place) {
            *slot = Some((result, is_helpers));
        }
        if place == 0 {
            self.tell(queue);
            queue = self.lock();
        }
        queue
    }
    fn lock(&self) -> MutexGuard<'_, Queue<R>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Wakes those that wait for the queue to change.
    fn tell(&self, queue: MutexGuard<'_, Queue<R>>) {
        let anyone = queue.n_waiting > 0;
        drop(queue);
        if anyone {
            self.changed.notify_all();
        }
    }
    fn stop(&self) {
        let mut queue = self.lock();
        queue.stopped = true;
        self.tell(queue);
    }
}

/// A thread that panics lets nobody wait for its result; the panic itself goes on when the threads are joined.
struct StopOnPanic<'l, 'i, T, R, F: Fn(&T) -> R>(&'l Line<'i, T, R, F>);

impl<T, R, F: Fn(&T) -> R> Drop for StopOnPanic<'_, '_, T, R, F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    /// Every hundredth item takes long, so that many results wait behind it.
    fn slow(n: &usize) -> usize {
        if n % 100 == 7 {
            std::thread::sleep(Duration::from_millis(3));
        }
        n * n
    }

    fn check(n_threads: usize, n: usize) {
        let items: Vec<usize> = (0..n).collect();
        let mut all = vec![];
        let done: Result<(), ()> = in_order_on(n_threads, &items, slow, |r| {
            all.push(*r);
            Ok(())
        });
        assert_eq!((done, all), (Ok(()), items.iter().map(|n| n * n).collect()), "{n} items, {n_threads} threads");
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for n in [0, 1, 2, 33, 1000] {
            (1..5).for_each(|n_threads| check(n_threads, n));
        }
    }

    #[test]
    fn no_more_is_made_than_may_wait() {
        let made = AtomicUsize::new(0);
        let make = |_: &usize| made.fetch_add(1, Ordering::SeqCst);
        let mut n_handed_on = 0;
        let items: Vec<usize> = (0..1000).collect();
        let done: Result<(), ()> = in_order_on(2, &items, make, |_| {
            n_handed_on += 1;
            std::thread::sleep(Duration::from_micros(20));
            assert!(made.load(Ordering::SeqCst) <= n_handed_on + 2 * AHEAD);
            Ok(())
        });
        assert_eq!((done, made.into_inner()), (Ok(()), 1000));
    }

    #[test]
    fn an_error_ends_the_work() {
        let made = AtomicUsize::new(0);
        let make = |n: &usize| {
            made.fetch_add(1, Ordering::SeqCst);
            *n
        };
        let items: Vec<usize> = (0..10_000).collect();
        assert_eq!(in_order_on(2, &items, make, |n| if *n < 5 { Ok(()) } else { Err(*n) }), Err(5));
        assert!(made.into_inner() <= 6 + 2 * AHEAD);
    }

    #[test]
    fn a_panic_leaves_nobody_waiting() {
        let items: Vec<usize> = (0..1000).collect();
        let make = |n: &usize| assert_ne!(*n, 500, "this one panics");
        let run = std::panic::AssertUnwindSafe(|| in_order_on(3, &items, make, |()| Ok::<(), ()>(())));
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
