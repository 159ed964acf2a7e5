//! Jobs at a time: threads that each drive a worker process, or convert by themselves.

use super::journal::{Entry, Journal, OutputFile, tool};
use super::outcome::{Converter, Outcome, convert_one};
use super::plan::Plan;
use super::process::{Slot, Worker};
use super::spool::Spool;
use super::worker::{Job, path_to_bytes};
use super::{BatchError, BatchOptions, Event, Isolation, files, report_path};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// How often the watchdog looks.
const WATCH: Duration = Duration::from_millis(200);
/// Stack of a thread that converts by itself: more than the 8 MiB of a main thread.
const STACK: usize = 16 << 20;

/// What all threads share.
pub(super) struct Context<'a> {
    pub(super) plan: &'a Plan,
    pub(super) options: &'a BatchOptions,
    pub(super) settings: &'a str,
    pub(super) tag: &'a str,
    pub(super) journal: &'a Journal,
    pub(super) spool: &'a Spool,
    pub(super) convert: &'a Converter<'a>,
    pub(super) stop: &'a (dyn Fn() -> bool + Sync),
    pub(super) on_event: &'a (dyn Fn(Event) + Sync),
}

/// What the threads of one batch hand each other.
struct Shared {
    order: Vec<usize>,
    next: AtomicUsize,
    done: Mutex<BTreeMap<usize, Entry>>,
    error: Mutex<Option<BatchError>>,
}

impl Context<'_> {
    /// Converts the inputs, largest first, so that no large one is left for the end; the order decides over nothing but time.
    pub(super) fn convert_all(&self, todo: &[usize]) -> Result<BTreeMap<usize, Entry>, BatchError> {
        let mut order = todo.to_vec();
        order.sort_by_key(|&i| (std::cmp::Reverse(self.plan.inputs.get(i).map_or(0, |f| f.bytes)), i));
        let jobs = self.options.jobs.clamp(1, todo.len().max(1));
        let shared = Shared { order, next: AtomicUsize::new(0), done: Mutex::default(), error: Mutex::default() };
        let slots: Vec<Slot> = (0..jobs).map(|_| Slot::default()).collect();
        let (running, ended) = mpsc::channel::<()>();
        let spawned = std::thread::scope(|scope| {
            let (slots, shared) = (&slots, &shared);
            scope.spawn(move || {
                while ended.recv_timeout(WATCH) == Err(RecvTimeoutError::Timeout) {
                    slots.iter().for_each(Slot::check);
                }
            });
            slots.iter().try_for_each(|slot| {
                let running = running.clone();
                let work = move || {
                    self.work(slot, shared);
                    drop(running);
                };
                std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map(drop)
            })?;
            drop(running);
            std::io::Result::Ok(())
        });
        spawned.map_err(|source| BatchError::Worker { source })?;
        match into_inner(shared.error) {
            Some(error) => Err(error),
            None => Ok(into_inner(shared.done)),
        }
    }

    /// One thread: takes inputs until there are none, a stop, or an output that cannot be written.
    fn work(&self, slot: &Slot, shared: &Shared) {
        let ended = match &self.options.isolation {
            Isolation::Processes { .. } => self.ask(&mut Worker::new(slot, &self.options.isolation), shared),
            Isolation::Threads => self.convert_here(shared),
        };
        if let Err(error) = ended {
            lock(&shared.error).get_or_insert(error);
        }
    }

    fn next(&self, shared: &Shared) -> Option<usize> {
        if (self.stop)() || lock(&shared.error).is_some() {
            return None;
        }
        shared.order.get(shared.next.fetch_add(1, Ordering::Relaxed)).copied()
    }

    fn convert_here(&self, shared: &Shared) -> Result<(), BatchError> {
        while let Some(index) = self.next(shared) {
            let outcome = convert_one(&self.plan.inputs[index].path, &self.job(index), self.convert);
            self.store(index, outcome, shared)?;
        }
        Ok(())
    }

    /// Of several jobs each gives its worker the next input before it stores an output, so that no core waits for a disk to sync; a single job does
    /// one thing at a time.
    fn ask(&self, worker: &mut Worker<'_>, shared: &Shared) -> Result<(), BatchError> {
        let ahead = self.options.jobs > 1;
        let send = |worker: &mut Worker<'_>| self.next(shared).map(|i| worker.send(self.job(i)).map(|()| i)).transpose();
        let mut under_way = send(worker)?;
        while let Some(index) = under_way {
            let outcome = worker.receive()?;
            let early = ahead.then(|| send(worker));
            self.store(index, outcome, shared)?;
            under_way = early.unwrap_or_else(|| send(worker))?;
        }
        Ok(())
    }

    fn job(&self, index: usize) -> Job {
        let input = &self.plan.inputs[index];
        // Where a format needs rows, all is made from the reports at the end; a copy adds nothing.
        let wanted = self.options.formats.iter().all(|f| f.is_text()) && self.plan.same_as(index).is_none();
        Job {
            path: path_to_bytes(&input.path),
            name: input.name.rsplit('/').next().unwrap_or(&input.name).to_owned(),
            limits: self.options.limits,
            formats: if wanted { self.options.formats.clone() } else { Vec::new() },
        }
    }

    /// Writes the report, then the journal's line; keeps what the report adds to the tables.
    fn store(&self, index: usize, outcome: Outcome, shared: &Shared) -> Result<(), BatchError> {
        let input = &self.plan.inputs[index];
        let mut outputs = Vec::new();
        if let Some(json) = &outcome.json {
            files::write_atomic(&report_path(&self.options.output, &input.output), self.tag, json.as_bytes())?;
            outputs.push(OutputFile { path: input.output.clone(), bytes: json.len() as u64, sha256: files::sha256_hex(json.as_bytes()) });
        }
        let entry = Entry {
            input: input.name.clone(),
            // A worker that died read nothing; the plan has read the content once.
            sha256: outcome.sha256.or_else(|| input.sha256.clone()),
            bytes: if outcome.bytes > 0 { outcome.bytes } else { input.bytes },
            tool: tool(),
            settings: self.settings.to_owned(),
            status: outcome.status,
            pages: outcome.pages,
            records: outcome.records,
            codes: outcome.codes,
            failure: outcome.failure,
            outputs,
        };
        self.journal.append(&entry)?;
        if let Some(part) = outcome.part {
            self.spool.push(index, part)?;
        }
        let failure = entry.failure.as_ref().map(|f| f.to_failure(&entry.input, entry.sha256.as_deref()));
        (self.on_event)(Event::Done { pages: entry.pages, bytes: entry.bytes, failure });
        lock(&shared.done).insert(index, entry);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}
