//! The subcommands, one file each.

pub mod build;
pub mod check;
pub mod compile;
pub mod decode;
pub mod dis;
pub mod dump;
pub mod flash;
pub mod freeze;
pub mod here;
pub mod manifest;
pub mod profile;
pub mod romfs;
pub mod run;
pub mod size;
pub mod targets;
