//! The host target: the runtime with the compiler in process.
//!
//! [`run`] makes a world, runs one program in it and says how it ended. The binary
//! `micropython` is that behind the command line of MicroPython's unix port.

hognose_runtime::names! {}

mod code;
mod command;
mod entry;
mod files;
mod interrupt;
mod port;
mod profile;
mod repl;
mod session;
mod terminal;
mod zone;

pub use command::{beside, heap_size, main, search_path};
#[doc(hidden)]
pub use entry::enter;
pub use hognose_runtime::vm::Counting;
pub use port::HostPort;
pub use profile::FunctionCount;
pub use session::{Options, Program, Stats, run, world};
