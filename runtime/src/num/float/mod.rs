//! Binary floats as text, both ways, exactly.
//!
//! The problem: `repr` must be the shortest text that reads back as the same
//! number, `'%.30f'` must print true digits, and `float('…')` must round
//! correctly, all in little flash. Tables of powers (as Ryu or Eisel–Lemire need)
//! cost 10 KiB, so big-number arithmetic on the stack does the work, and two short
//! paths in floating point serve the numbers that people write.
//!
//! ```text
//!   bits     taking a float apart and putting it together with correct rounding
//!   exact    numbers of up to 960 bits on the stack
//!   digits   a float to decimal digits: shortest, or as many as asked for
//!   parse    decimal digits to the nearest float
//!   hash     equal numbers of every kind have equal hashes
//! ```
//!
//! Everything is generic over [`bits::Binary`], so that `f32` and `f64` are both
//! tested whatever the runtime's float is.

pub mod bits;
pub mod digits;
mod exact;
pub mod hash;
pub mod parse;

#[cfg(test)]
mod tests;
