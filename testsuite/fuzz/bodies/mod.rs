//! Bodies of the fuzz targets. They are also run for a second each by unit tests of
//! the crates that they exercise, which include this file.

pub mod mpy;
pub mod rng;
pub mod walk;
