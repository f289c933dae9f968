//! Programs, oracles and the runner that puts them through every engine.
//!
//! # The problem
//!
//! Hognose promises that one Python program behaves the same wherever it runs:
//! compiled by us or by stock, on stock's VM or on ours, optimised or not, on a
//! PC or on a board. Nothing but running programs everywhere and comparing what
//! they print can show that.
//!
//! # The shape of the answer
//!
//! ```text
//!   cases/**/*.py ──▶ [case] ──▶ [matrix] ──▶ [engine] ──▶ outcome ──▶ compare with .expected
//!                                   ▲                                        │
//!                 known-failures.toml ([known])                     [text] diff, summary
//!   oracles (CPython, stock) ──▶ [bless] writes .expected, or checks that it still holds
//! ```
//!
//! # Invariants
//!
//! * An expected text comes from an oracle (CPython or stock), never from an
//!   engine of ours: [bless] has no way to ask one.
//! * Every departure is listed in `known-failures.toml` with its reason. An
//!   entry that no longer fails is itself a failure, so the list cannot rot.
//! * A case is one program about one thing, deterministic, and says in its first
//!   line which oracle, feature level and engines it belongs to ([case]).
//! * Nothing here is linked into a product.

pub mod bless;
pub mod case;
pub mod engine;
pub mod fuzz;
pub mod known;
pub mod matrix;
pub mod oracles;
pub mod process;
pub mod text;

use std::path::PathBuf;

/// The root of the workspace.
pub fn workspace_root() -> PathBuf {
    let manifest = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map(PathBuf::from).unwrap_or(manifest)
}

/// The build directory: `CARGO_TARGET_DIR` where it is set, else `target/`.
pub fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => workspace_root().join(dir),
        None => workspace_root().join("target"),
    }
}
