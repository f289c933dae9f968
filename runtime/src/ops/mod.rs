//! Operations on any object, as methods of [`Vm`](crate::vm::Vm).
//!
//! Everything Rust code does with a value whose type it does not know goes through
//! here: `vm.getattr`, `vm.call`, `vm.iter`/`vm.next`, `vm.binary`, `vm.eq`,
//! `vm.hash`, `vm.is_true`, `vm.len`, `vm.subscr`, `vm.repr`, `vm.get_int` … Each
//! looks at the fast cases and then asks the type's slot.

mod attr;
mod call;
mod convert;
mod item;
mod number;
mod walk;

pub use number::{BinaryOp, UnaryOp};
pub use walk::Walk;
