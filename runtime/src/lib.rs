//! The runtime: loads and runs `.mpy` files. See README.md for how to add to it.
#![no_std]
// Below the highest level code waits for tables that do not list it; see `level`.
#![cfg_attr(not(feature = "full"), allow(dead_code, unused_imports))]

/// The examples of the README, as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[macro_use]
mod macros;
pub mod error;
pub mod extension;
pub mod heap;
pub mod import;
pub mod level;
pub mod modules;
#[cfg(all(
    feature = "native",
    any(
        all(target_arch = "x86_64", target_os = "linux"),
        all(target_arch = "arm", target_os = "none"),
        all(target_arch = "riscv32", target_os = "none")
    )
))]
mod native;
#[cfg(not(all(
    feature = "native",
    any(
        all(target_arch = "x86_64", target_os = "linux"),
        all(target_arch = "arm", target_os = "none"),
        all(target_arch = "riscv32", target_os = "none")
    )
)))]
#[path = "native_none.rs"]
mod native;
pub mod num;
pub mod object;
pub mod ops;
pub mod port;
pub mod print;
pub mod qstr;
pub mod text;
pub mod value;
pub mod vm;

pub use error::Res;
pub use extension::Extension;
/// Beyond those of the tables the runtime has no names of its own.
pub const NAMES: &extension::Names = &extension::Names::NONE;
/// The architecture whose machine code runs here.
pub const ARCH: mpy_format::Arch = native::ARCH;
pub use value::Value;
pub use vm::{Options, Vm};
