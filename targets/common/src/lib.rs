//! Shared by every target.
#![no_std]
