//! The batch's side of a worker process: start, ask, watch, and say what ended it.

use super::outcome::{Failed, Outcome, Part};
use super::worker::{Answer, Job, WorkerLimits};
use super::{BatchError, Isolation};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How much of a dead worker's stderr is looked at.
const LAST_WORDS: u64 = 1 << 16;

/// A process that the watchdog can end.
#[derive(Default)]
pub(super) struct Slot(Mutex<Watched>);

#[derive(Default)]
struct Watched {
    child: Option<Child>,
    deadline: Option<Instant>,
    expired: bool,
}

/// One worker; started when it is first asked.
pub(super) struct Worker<'a> {
    slot: &'a Slot,
    isolation: &'a Isolation,
    pipes: Option<(ChildStdin, BufReader<ChildStdout>)>,
    /// Inputs that the present process has answered.
    answered: usize,
    /// What it was sent and has not answered.
    job: Option<Job>,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, Watched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Ends the process if it is over its time. Called by the watchdog.
    pub(super) fn check(&self) {
        let mut watched = self.lock();
        if watched.deadline.is_some_and(|d| Instant::now() > d) {
            watched.expired = true;
            watched.deadline = None;
            if let Some(child) = &mut watched.child {
                // It may have ended by itself in the meantime.
                drop(child.kill());
            }
        }
    }
}

impl<'a> Worker<'a> {
    pub(super) fn new(slot: &'a Slot, isolation: &'a Isolation) -> Worker<'a> {
        Worker { slot, isolation, pipes: None, answered: 0, job: None }
    }

    /// Sends an input; [`Worker::receive`] comes before the next one.
    pub(super) fn send(&mut self, job: Job) -> Result<(), BatchError> {
        self.start()?;
        self.write(&job);
        self.job = Some(job);
        Ok(())
    }

    /// Waits for what became of the input. A worker that dies over it is tried once more if it was not fresh: what it did before must not matter.
    pub(super) fn receive(&mut self) -> Result<Outcome, BatchError> {
        let Some(job) = self.job.take() else { return Ok(Outcome::default()) };
        loop {
            let fresh = self.answered == 0;
            if let Ok(outcome) = self.read(&job.limits) {
                self.answered += 1;
                return Ok(outcome);
            }
            let failure = self.bury(&job.limits);
            if fresh {
                return Ok(Outcome { failure: Some(failure), ..Outcome::default() });
            }
            self.start()?;
            self.write(&job);
        }
    }

    fn start(&mut self) -> Result<(), BatchError> {
        let (None, Isolation::Processes { program, arguments, environment }) = (&self.pipes, self.isolation) else { return Ok(()) };
        let mut command = Command::new(program);
        command.args(arguments).envs(environment.iter().map(|(k, v)| (k, v)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|source| BatchError::Worker { source })?;
        self.pipes = child.stdin.take().zip(child.stdout.take()).map(|(i, o)| (i, BufReader::new(o)));
        self.answered = 0;
        *self.slot.lock() = Watched { child: Some(child), ..Watched::default() };
        Ok(())
    }

    /// A worker that is gone takes nothing: reading its answer finds that out.
    fn write(&mut self, job: &Job) {
        if let Some((input, _)) = &mut self.pipes {
            let line = serde_json::to_string(job).unwrap_or_default() + "\n";
            let _ = input.write_all(line.as_bytes()).and_then(|()| input.flush());
        }
    }

    /// The time that the watchdog looks at runs while its answer is waited for.
    fn read(&mut self, limits: &WorkerLimits) -> io::Result<Outcome> {
        let Some((_, output)) = &mut self.pipes else { return Err(io::ErrorKind::NotConnected.into()) };
        self.slot.lock().deadline = Some(Instant::now() + patience(limits));
        let mut line = String::new();
        output.read_line(&mut line)?;
        let mut answer: Answer = serde_json::from_str(&line)?;
        if let Some(n) = answer.report_bytes {
            answer.outcome.json = Some(String::from_utf8(read_bytes(output, n)?).map_err(io::Error::other)?);
        }
        if let Some(Part { document_id, texts }) = answer.part {
            let body = read_bytes(output, texts.body_len())?;
            answer.outcome.part = Some(Part { document_id, texts: texts.with_body(body) });
        }
        self.slot.lock().deadline = None;
        Ok(answer.outcome)
    }

    /// Waits for the end of a worker that gave no answer, and says what it was.
    fn bury(&mut self, limits: &WorkerLimits) -> Failed {
        self.pipes = None;
        let (child, expired) = {
            let mut watched = self.slot.lock();
            watched.deadline = None;
            (watched.child.take(), watched.expired)
        };
        let Some(mut child) = child else { return Failed::new("worker", "batch/crash", "the worker is gone") };
        // With its pipes closed it ends by itself, unless it hangs.
        drop(child.kill());
        let mut words = Vec::new();
        if let Some(stderr) = child.stderr.take() {
            drop(stderr.take(LAST_WORDS).read_to_end(&mut words));
        }
        let words = String::from_utf8_lossy(&words).into_owned();
        let signal = child.wait().ok().and_then(|s| signal_of(&s));
        if expired {
            return Failed::new("worker", "batch/timeout", format!("no answer after {} s", patience(limits).as_secs()));
        }
        death_to_failure(signal, &words, limits)
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        // End of its input is the end of its work.
        self.pipes = None;
        if let Some(mut child) = self.slot.lock().child.take() {
            drop(child.wait());
        }
    }
}

fn read_bytes(from: &mut impl Read, n: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; n];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The watchdog counts time on the wall, which other processes share: ten times the CPU time and half a minute.
fn patience(limits: &WorkerLimits) -> Duration {
    Duration::from_secs_f64(limits.cpu_seconds.clamp(0.1, 1e6) * 10.0 + 30.0)
}

/// SIGXCPU; Linux, macOS and the BSDs agree on it.
const SIGXCPU: i32 = 24;

fn death_to_failure(signal: Option<i32>, words: &str, limits: &WorkerLimits) -> Failed {
    if words.contains("memory allocation of") || words.contains("capacity overflow") {
        return Failed::new("worker", "batch/memory", format!("it needs more than {} MiB of memory", limits.memory_bytes >> 20));
    }
    match signal {
        Some(SIGXCPU) => Failed::new("worker", "batch/cpu", format!("it took more than {} s of CPU time", limits.cpu_seconds)),
        _ if words.contains("overflowed its stack") => Failed::new("worker", "batch/crash", "the worker's stack overflowed"),
        Some(n) => Failed::new("worker", "batch/crash", format!("the worker was ended by signal {n}")),
        None => Failed::new("worker", "batch/crash", "the worker ended without an answer"),
    }
}

#[cfg(unix)]
fn signal_of(status: &std::process::ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(status)
}

#[cfg(not(unix))]
fn signal_of(_: &std::process::ExitStatus) -> Option<i32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_death_is_named_by_its_signal_and_last_words() {
        let limits = WorkerLimits::default();
        let code = |signal, words: &str| death_to_failure(signal, words, &limits).code;
        assert_eq!(code(Some(6), "memory allocation of 99 bytes failed"), "batch/memory");
        assert_eq!(code(Some(24), ""), "batch/cpu");
        assert_eq!(code(Some(6), "thread 'main' has overflowed its stack"), "batch/crash");
        assert_eq!(code(Some(9), ""), "batch/crash");
        assert_eq!(code(None, ""), "batch/crash");
    }
}
