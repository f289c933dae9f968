//! The runtime.
#![no_std]

pub mod num;
