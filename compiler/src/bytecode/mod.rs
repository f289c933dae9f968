//! HIR to bytecode.
//!
//! ```text
//!   HIR scope ─ lower ─▶ Code ─ opt ─▶ Code ─ assemble ─▶ mpy_format::Bytecode
//!                        blocks of typed           slots, table indices,
//!                        stack instructions        jump offsets, line table
//! ```
//!
//! A function is lowered and optimised on its own; [`crate::link`] then counts what all functions
//! of the module name, lays out the tables and has every function assembled against them. What
//! cannot run is not compiled: a function comes into being only if code makes it.
//!
//! What holds between the stages is said in [`ir`] and checked, in debug builds after every stage,
//! by [`verify`].

mod asm;
mod build;
mod effect;
mod frame;
pub mod ir;
mod konst;
mod lower;
mod opt;
mod tables;
mod text;
pub mod verify;

use std::collections::BTreeSet;

pub use asm::assemble;
pub use frame::{Frame, max_depth};
pub use konst::{Konsts, Number};
pub use lower::Names;
pub use tables::{Counts, Tables, Uses};

use crate::Options;
use crate::diag::Diagnostic;
use crate::hir::{Module, ScopeId};
use ir::{Code, Op};

/// The stack code of a function and the functions that it makes.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its scope.
    pub scope: ScopeId,
    /// Its code.
    pub code: Code,
    /// The scopes that its code makes functions of, sorted.
    pub children: Vec<ScopeId>,
}

/// Compiles a scope to stack code.
///
/// # Errors
/// `Limit` where the scope exceeds what the format can express.
pub fn compile(
    module: &Module,
    scope: ScopeId,
    options: &Options,
    names: &Names,
    konsts: &mut Konsts,
) -> Result<Function, Diagnostic> {
    let mut code = lower::lower(module, scope, options, names, konsts)?;
    check(&code, "lowering");
    if options.optimise {
        opt::optimise(&module[scope], &mut code);
        check(&code, "optimisation");
    }
    let mut children = BTreeSet::new();
    for &id in &code.order {
        for inst in code.body(id) {
            if let Op::MakeFunction { scope, .. } | Op::MakeClosure { scope, .. } = inst.op {
                children.insert(scope);
            }
        }
    }
    Ok(Function { scope, code, children: children.into_iter().collect() })
}

/// The stack code of a function as text, for people.
pub fn dump(module: &Module, function: &Function, konsts: &Konsts) -> String {
    text::dump(module, function, konsts)
}

fn check(code: &Code, stage: &str) {
    if cfg!(debug_assertions)
        && let Err(error) = verify::verify(code)
    {
        panic!("after {stage}: {error}");
    }
}
