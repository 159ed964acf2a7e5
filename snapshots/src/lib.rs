//! Golden snapshots of every fixture at every stage.
