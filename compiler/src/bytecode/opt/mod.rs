//! Passes over stack code. Each keeps what a program does, in every line of a traceback.
//!
//! | pass | removes |
//! | --- | --- |
//! | [`flow`] | jumps to jumps, tests of what is known, blocks that control cannot reach |
//! | [`bound`] | checks whether locals are bound (none in the code, but others rely on it) |
//! | [`peephole`] | shuffles and loads whose result is at hand |
//! | [`live`] | stores into locals that are not read again |
//! | [`once`] | locals that name a constant |
//! | [`returns`] | copies of `return` code, and the tidying of a stack that is dropped anyway |
//! | [`tails`] | equal ends of blocks that meet, or leave the function alike |
//! | [`share`] | slots, where locals are not alive together |
//!
//! Every pass is linear in the size of the code.

mod bound;
mod flow;
mod live;
mod once;
mod peephole;
mod returns;
mod share;
mod tails;

use super::ir::Code;
use crate::hir::{Emit, Scope};

/// Optimises a function.
pub fn optimise(scope: &Scope, code: &mut Code) {
    flow::simplify(code);
    bound::run(scope, code);
    peephole::run(code);
    once::run(scope, code);
    live::run(scope, code);
    peephole::run(code);
    returns::copy(code);
    flow::simplify(code);
    returns::share(code);
    if scope.emit == Emit::Bytecode {
        // Machine code keeps the results of tests in flags and typed registers.
        returns::leave_tested(scope, code);
    }
    returns::leave_stack(scope, code);
    tails::merge(code);
    tails::merge_ends(code);
    flow::simplify(code);
    // Viper's locals have types; two of one name would have to agree.
    if scope.emit != Emit::Viper {
        share::run(scope, code);
    }
}
