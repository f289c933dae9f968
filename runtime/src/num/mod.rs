//! Numbers: exact arithmetic and text, independent of the object model.
//!
//! ```text
//!   big      integers of any size, on slices of limbs
//!   float    floats to text and back, exactly
//! ```

pub mod big;
pub mod float;

#[cfg(test)]
mod oracle;
