//! Python source to `.mpy` bytecode, native code and firmware images.
//!
//! ```text
//!   source ─ syntax ─▶ hir ─┬─ bytecode ─────────┬─▶ .mpy
//!                           └─ clif ─ native ────┘
//! ```
//!
//! [`lower`] goes as far as the HIR, whose back ends are modules beside it.

pub mod asm;
pub mod bytecode;
pub mod diag;
pub mod hir;
pub mod image;
pub mod link;
mod options;

pub use options::{Arch, Input, Options};
