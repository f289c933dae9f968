//! Differential fuzzing: programs that nobody wrote, run by CPython and by us.
//!
//! # The problem
//!
//! A corpus shows what its authors thought of. Miscompiled unwinding, a stack slot
//! reused too early, a collector that misses a root: these hide in combinations
//! that nobody writes down.
//!
//! # The shape of the answer
//!
//! [program] makes a program from a seed: deterministic, terminating (every loop
//! and call draws on a supply that runs out), typed well enough that most of it
//! does something, and printing all the time. [differential] runs it under
//! CPython and under an engine, and reports the seeds whose outputs differ.
//!
//! # Invariants
//!
//! * The same seed gives the same program, on every machine.
//! * A program uses only what CPython and MicroPython agree on; a difference is
//!   a bug of somebody's, never a matter of taste.

pub mod differential;
mod expr;
mod program;
mod rng;

pub use program::program;
