//! Algorithms over the bytes of strings, free of the object model: searching,
//! UTF-8 positions, character classes, escapes.
//!
//! Strings are UTF-8 at the `unicode` feature and one byte a character without.
//! Nothing here assumes that the bytes are well-formed: a stray continuation byte
//! belongs to the character before it, so every function is total.

pub mod chars;
pub mod quote;
pub mod search;
