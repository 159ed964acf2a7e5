//! Links the command with the C library's archives, where this machine can.
//!
//! Finding, mapping and binding shared libraries takes a twelfth of the time of a short report (`fixtures/seed`, 2026-11-27). The flag for it,
//! `-C target-feature=+crt-static`, can't be given here: without `--target` it would hold for macros, too, which have to be shared libraries. What
//! comes out is a static PIE, placed at random addresses as any other. It is tried on a small program first: where that does not link or run, and
//! in builds that are no release, the command is linked as usual, and so it is where `JISSEKI_LINK_SHARED` is set.

use std::env::{var, var_os};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set by who wants the shared C library.
const SHARED: &str = "JISSEKI_LINK_SHARED";

/// The libraries that rustc names for glibc, and the archives that stand for each. The unwinder and the C library need each other.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("gcc_s", &["libgcc_eh.a", "libgcc.a"]),
    ("util", &["libutil.a"]),
    ("rt", &["librt.a"]),
    ("pthread", &["libpthread.a"]),
    ("m", &["libm.a"]),
    ("dl", &["libdl.a"]),
    ("c", &["libc.a", "libgcc_eh.a", "libgcc.a"]),
];

/// It needs the allocator, threads, mathematics and the unwinder.
const PROBE: &str = r#"
fn main() {
    let power = std::thread::spawn(|| std::env::args().count() as f64).join().map(|n| n.powf(0.5).atan2(2.0));
    let caught = std::panic::catch_unwind(|| panic!("{power:?}"));
    std::process::exit(if caught.is_err() { 0 } else { 1 });
}
"#;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed={SHARED}");
    let says = |name: &str, value: &str| var(name).is_ok_and(|v| v == value);
    let is_own = var_os("HOST") == var_os("TARGET") && says("CARGO_CFG_TARGET_OS", "linux") && says("CARGO_CFG_TARGET_ENV", "gnu");
    if !is_own || !says("PROFILE", "release") || var_os(SHARED).is_some() {
        return;
    }
    for argument in static_arguments().unwrap_or_default() {
        println!("cargo:rustc-link-arg-bins={argument}");
    }
}

/// What the linker is told, if a program that is linked so runs.
fn static_arguments() -> Option<Vec<String>> {
    let out = PathBuf::from(var_os("OUT_DIR")?);
    let archives = out.join("archives");
    std::fs::create_dir_all(&archives).ok()?;
    for (name, members) in LIBRARIES {
        let paths: Option<Vec<String>> = members.iter().map(|m| path_of(m)).collect();
        std::fs::write(archives.join(format!("lib{name}.a")), format!("GROUP ( {} )\n", paths?.join(" "))).ok()?;
    }
    // Folders named here come before the system's, where the shared libraries lie.
    let arguments = vec![format!("-L{}", archives.display()), "-static-pie".to_owned(), "-Wl,-z,pack-relative-relocs".to_owned()];
    runs(&out, &arguments).then_some(arguments)
}

/// The path of a file that the C compiler links with.
fn path_of(name: &str) -> Option<String> {
    let said = Command::new("cc").arg(format!("-print-file-name={name}")).output().ok()?;
    let path = String::from_utf8(said.stdout).ok()?.trim().to_owned();
    Path::new(&path).is_absolute().then_some(path)
}

/// Links [`PROBE`] as the command will be, with the flags and the linker that Cargo was given, and runs it.
fn runs(out: &Path, arguments: &[String]) -> bool {
    let (source, program) = (out.join("probe.rs"), out.join("probe"));
    let mut rustc = Command::new(var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.arg(&source).arg("-o").arg(&program).args(arguments.iter().map(|a| format!("-Clink-arg={a}")));
    rustc.args(var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().split('\x1f').filter(|flag| !flag.is_empty()));
    rustc.args(var("RUSTC_LINKER").ok().map(|linker| format!("-Clinker={linker}")));
    let succeeds = |command: &mut Command| command.output().is_ok_and(|done| done.status.success());
    std::fs::write(&source, PROBE).is_ok() && succeeds(&mut rustc) && succeeds(&mut Command::new(program))
}
