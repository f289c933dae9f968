//! The host target.
