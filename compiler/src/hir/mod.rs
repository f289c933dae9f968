//! The high-level intermediate representation: Python with the names resolved and the new forms
//! spelled in old ones.
//!
//! Both back ends, bytecode and machine code, start here; neither knows the parser.
//!
//! ```text
//!   source ─ syntax ─▶ syntax tree ─ lower ─▶ Module ─┬─ fold, verify, dump
//!                                                     ├─▶ bytecode
//!                                                     └─▶ CLIF
//! ```
//!
//! A [`Module`] owns every node in pools, and nodes name each other by dense index: an [`ExprId`]
//! is a place in the pool of expressions, a [`List`] a run of neighbours in some pool.
//! `module[id]` and `module[list]` look them up; side tables are vectors.
//!
//! What holds after lowering ([`verify()`] checks it):
//!
//! 1. Every name is a [`VarId`] of the scope whose code mentions it, and its [`Storage`] is final.
//!    A free variable's cell is at hand in the parent scope.
//! 2. Only forms that v6 bytecode can express are left. `match`, `except*`, displays with stars,
//!    f-strings, type parameters and so on are spelled out; decorators
//!    are calls, definitions are assignments.
//! 3. `break` and `continue` stand in loops, `return` in functions, `yield` in generators.
//! 4. An expression belongs to one parent, a block to one statement or scope: the tree is a tree.
//! 5. Nesting is bounded ([`crate::syntax::MAX_NESTING`]), so recursion over the tree is safe.

mod asm;
mod expr;
pub mod fold;
mod ids;
mod konst;
pub(crate) mod lower;
mod module;
mod scope;
mod stmt;
mod symbols;
mod text;
mod verify;
mod walk;

pub use asm::*;
pub use expr::*;
pub use ids::*;
pub use konst::*;
pub use module::*;
pub use scope::*;
pub use stmt::*;
pub use symbols::Symbols;
pub use text::dump;
pub use verify::{Violation, verify};
