//! The subcommands, one file each.

pub mod flash;
pub mod romfs;
pub mod size;
pub mod targets;
