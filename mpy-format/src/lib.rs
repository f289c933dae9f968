//! The `.mpy` contract shared by compiler and runtime.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
