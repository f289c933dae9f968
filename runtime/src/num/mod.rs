//! Numbers: exact arithmetic and text, independent of the object model.
//!
//! ```text
//!   big      integers of any size, on slices of limbs
//!   float    floats to text and back, exactly
//!   random   the random number generator
//!   literal  the text of integers
//!   fmt      format specifications and padding
//! ```

pub mod big;
pub mod float;
pub mod fmt;
pub mod literal;
pub mod random;

#[cfg(test)]
mod oracle;
