//! The runtime: loads and runs `.mpy` files. See README.md for how to add to it.
#![no_std]
// Below the highest level code waits for tables that do not list it; see `level`.
#![cfg_attr(not(feature = "full"), allow(dead_code))]

#[macro_use]
mod macros;
pub mod error;
pub mod heap;
pub mod import;
pub mod level;
pub mod modules;
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
pub use value::Value;
pub use vm::{Options, Vm};
