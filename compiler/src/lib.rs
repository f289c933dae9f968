//! Source to `.mpy`, machine code and images.
#![forbid(unsafe_code)]
