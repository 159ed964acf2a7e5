//! The worker's side: a process that converts one input at a time, under limits that it sets for itself.

use super::outcome::{Converter, Outcome, Part, convert_one};
use crate::dataset::Format;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

/// Bounds of one input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WorkerLimits {
    /// Address space of a worker.
    pub memory_bytes: u64,
    /// CPU seconds of one input.
    pub cpu_seconds: f64,
    /// Size of one input.
    pub file_bytes: u64,
}

impl Default for WorkerLimits {
    /// 1 GiB leaves room over the 768 MiB that the hardest sound file may take; 60 s are twice the deadline that the stages keep by themselves.
    fn default() -> WorkerLimits {
        WorkerLimits { memory_bytes: 1 << 30, cpu_seconds: 60.0, file_bytes: 512 << 20 }
    }
}

/// One input, as the batch sends it: a line of JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    /// Bytes of the path: a name need not be text.
    pub(super) path: Vec<u8>,
    pub(super) name: String,
    pub(super) limits: WorkerLimits,
    /// Formats of text whose parts are asked for.
    pub(super) formats: Vec<Format>,
}

/// What the worker answers: a line of JSON, then so many bytes of the report, then the body of its part.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) report_bytes: Option<usize>,
    pub(super) part: Option<Part>,
}

/// Serves jobs from stdin until it ends; the answers go to stdout.
///
/// The caller is a program that a batch started ([`super::Isolation::Processes`]); it must not use stdin or stdout for anything else.
/// Errors: a pipe is gone.
pub fn serve(convert: &Converter<'_>) -> io::Result<()> {
    // A panic is an answer, not a message: stderr is read for the words of the allocator alone.
    std::panic::set_hook(Box::new(|_| {}));
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let Ok(job) = serde_json::from_str::<Job>(&line?) else { return Err(io::ErrorKind::InvalidData.into()) };
        limit_process(&job.limits);
        let mut outcome = convert_one(&bytes_to_path(&job.path), &job, convert);
        let (json, part) = (outcome.json.take(), outcome.part.take());
        let answer = Answer { outcome, report_bytes: json.as_ref().map(String::len), part };
        writeln!(output, "{}", serde_json::to_string(&answer)?)?;
        output.write_all(json.unwrap_or_default().as_bytes())?;
        output.write_all(answer.part.as_ref().map_or(&[], |p| p.texts.body()))?;
        output.flush()?;
    }
    Ok(())
}

/// Sets the limits of this process: memory as a whole, CPU time from now on, no core files.
///
/// A limit that the system refuses is left as it is: the watchdog of the batch is there in any case.
#[cfg(unix)]
fn limit_process(limits: &WorkerLimits) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    let cpu = used + limits.cpu_seconds.ceil().max(1.0) as u64 + 1;
    for (resource, value) in [(Resource::As, limits.memory_bytes), (Resource::Cpu, cpu), (Resource::Core, 0)] {
        let maximum = getrlimit(resource).maximum;
        let current = Some(maximum.map_or(value, |m| m.min(value)));
        // Ignored on purpose, see above.
        let _ = setrlimit(resource, Rlimit { current, maximum });
    }
}

#[cfg(not(unix))]
fn limit_process(_: &WorkerLimits) {}

pub(super) fn path_to_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

#[cfg(unix)]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}
