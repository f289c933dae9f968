//! How many words a function's frame needs, from its prelude and code.

use crate::instr::instrs;
use crate::prelude::{FLAG_GENERATOR, FLAG_VARARGS, FLAG_VARKEYWORDS, Signature};
use crate::table::opcode::Operand;

/// Raw code flag of the runtime: arguments of an exact positional call become the
/// first locals as they lie.
pub const SIMPLE: u8 = 0x80;

const SPECIAL: u8 = FLAG_GENERATOR | FLAG_VARARGS | FLAG_VARKEYWORDS;

/// The variable parts of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Locals: those that a call fills and those that the code names.
    pub n_locals: u32,
    /// Words of locals and value stack.
    pub state: u32,
    /// Exception blocks.
    pub n_blocks: u32,
    /// Not a generator, nothing but positional parameters, and no cells.
    pub simple: bool,
}

impl Shape {
    /// The shape of verified code.
    pub fn of(signature: &Signature, cells: &[u8], code: &[u8]) -> Shape {
        let mut n_locals = signature.filled_locals();
        for &cell in cells {
            n_locals = n_locals.max(u32::from(cell) + 1);
        }
        for instr in instrs(code).flatten() {
            let operand = instr.opcode.operand();
            if matches!(operand, Operand::Local | Operand::LocalMulti | Operand::Cell) {
                n_locals = n_locals.max(instr.arg + 1);
            }
        }
        Shape {
            n_locals,
            state: signature.n_state.max(n_locals),
            n_blocks: signature.n_exc_stack,
            simple: signature.flags & SPECIAL == 0
                && signature.n_kwonly_args == 0
                && cells.is_empty(),
        }
    }

    /// Words of a frame, and of it from the frame header to the value stack, for a
    /// header and blocks of that many words; a guard word follows the blocks.
    pub fn words(&self, header: u32, block: u32) -> (u32, u32) {
        let stack_at = header + block * self.n_blocks + 1;
        (self.state + stack_at, stack_at)
    }
}
