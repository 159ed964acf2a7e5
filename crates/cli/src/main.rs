//! The jisseki command.
fn main() {}
