//! Numbers: exact arithmetic and text, independent of the object model.
//!
//! ```text
//!   big      integers of any size, on slices of limbs
//!   float    floats to text and back, exactly
//!   maths    elementary functions; in single precision, and in little flash: `single`
//!   random   the random number generator
//!   literal  the text of integers
//!   fmt      format specifications and padding
//! ```

pub mod big;
pub mod element;
pub mod float;
pub mod fmt;
pub mod literal;
#[cfg(any(feature = "f32", feature = "f64"))]
pub mod maths;
pub mod random;
#[cfg(any(test, all(feature = "f32", not(feature = "f64"))))]
mod single;

#[cfg(all(test, feature = "full", feature = "f64"))]
mod object_tests;
#[cfg(test)]
mod oracle;

/// The runtime's float.
#[cfg(feature = "f64")]
pub type Float = f64;
/// The runtime's float.
#[cfg(not(feature = "f64"))]
pub type Float = f32;
