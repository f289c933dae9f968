//! The tables that compiler, tools and runtime share.

pub mod helper;
pub mod opcode;
pub mod operator;
pub mod qstr;
