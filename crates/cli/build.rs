//! How the command is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    // At a fixed address the 12,000 pointers of its tables are in the file as they are, and their 50 pages need not be copied and filled in at each
    // start: a third of a millisecond, where a report is read in fifteen. Its libraries, heap and stack stay where chance puts them.
    if (target("OS"), target("ENV"), target("ARCH")) == ("linux".into(), "gnu".into(), "x86_64".into()) {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
