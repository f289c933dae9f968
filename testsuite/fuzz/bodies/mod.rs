//! Bodies of the fuzz targets. They are also run for a second each by unit tests of
//! the crates that they exercise, which include the files that they need.

pub mod base_elf;
pub mod compile;
pub mod image;
pub mod machine;
pub mod mpy;
pub mod rng;
pub mod run;
pub mod walk;
