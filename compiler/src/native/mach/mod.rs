//! The code generator of the small CPUs: Thumb and RISC-V, with words of 32 or 64 bits.
//!
//! The problem: several instruction sets, each with short and long forms of
//! everything, registers that only some forms can name, and branches whose
//! length depends on what lies between. What they share is written once here;
//! an instruction set is one value of [`Isa`].
//!
//! ```text
//!   CLIF ─ prepare ─▶ CLIF ─ select ─▶ VCode ─ regalloc2 ─▶ places ─ emit ─▶ Buffer ─▶ bytes
//!          e-graph,          Isa::lower                     Isa::emit      labels, literals,
//!          block order       backwards                                     short and long forms
//! ```
//!
//! # Selection
//! Blocks and instructions are visited backwards. An instruction is lowered only
//! if it has an effect or something lowered before (thus: after it in the code)
//! has asked for its result by [`Select::reg`]. A consumer that can absorb its
//! operand, such as a branch its comparison or a load its address, looks at the
//! operand's definition and asks for that one's operands instead; nobody then
//! asks for the operand, and it vanishes. Constants are never shared: each use
//! makes its own.
//!
//! # Machine instructions
//! A machine instruction is an [`Isa::Kind`], which holds everything but
//! registers, and a list of operands whose order the kind documents. One kind may
//! stand for several CPU instructions. Condition flags never live from one kind
//! to the next: comparing and branching is one kind, comparing and selecting
//! another. So moves may be put anywhere, and every form may set flags.
//! Forms are chosen when registers are known: [`Isa::emit`] takes the shortest row
//! of the instruction table that the registers and constants fit.
//!
//! # Values
//! Words and bytes, and floats of a word where the CPU computes with such; every value is
//! one integer register. Values narrower than a word are kept zero-extended. No value is wider than a word: the lowering to CLIF
//! makes none for these CPUs. A constant is 32 bits, which the register holds extended
//! by sign; what is more than that, on CPUs with longer words, is a value like others.
//!
//! # Helpers
//! The helper table is a parameter of every body that stays in one register. A call
//! of a helper is a [`HelperCall`] rather than a kind: what its arguments need is
//! part of it.
//!
//! # Frame
//! From the stack pointer up: outgoing arguments, spill slots, CLIF's stack
//! slots, then the registers that the prologue saves. See [`Frame`].
//!
//! # To add an instruction set
//! 1. A row table in [`crate::asm`], checked against an outside disassembler.
//! 2. A folder here with an enum for [`Isa::Kind`] and one for [`Isa::Jump`], a
//!    `lower.rs` from CLIF opcodes to kinds, an `emit.rs` from kinds to rows, and
//!    a `stub.rs` for the code around bodies (see [`crate::clif`]).
//! 3. A [`Target`](super::Target) that names them.
//!
//! # Invariants
//! * Selection knows every integer opcode that the middle end can produce for
//!   words; no function is refused for its size.
//! * The result of register allocation passes `regalloc2`'s checker in tests.
//! * Code is position-independent and has no relocations.

mod buffer;
mod emit;
mod moves;
mod outline;
mod prepare;
pub mod riscv;
mod select;
mod tails;
#[cfg(test)]
mod tests;
pub mod thumb;
mod vcode;

use std::fmt;

use crate::clif::Routine;
use cranelift_codegen::ir;
use regalloc2::{MachineEnv, PReg, PRegSet, RegClass, VReg};

pub use buffer::{Buffer, Label};
#[cfg(test)]
pub use prepare::optimised;
pub use select::Select;
pub use vcode::Opd;

/// Why there is no machine code for a function. Neither happens to functions that
/// the lowering to CLIF makes; a test compiles all opcodes.
#[derive(Clone, Debug)]
pub enum Error {
    /// An instruction that selection does not know.
    Instruction(String),
    /// The register allocator gave up.
    Registers(String),
    /// The middle end refused the function.
    Middle(String),
    /// A jump that no form reaches.
    Reach,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Instruction(text) => write!(f, "no instruction for '{text}'"),
            Error::Registers(text) => write!(f, "register allocation: {text}"),
            Error::Middle(text) => write!(f, "{text}"),
            Error::Reach => write!(f, "the code is too large for its jumps"),
        }
    }
}

/// A machine register by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reg(pub u8);

impl Reg {
    /// As the register allocator names it.
    pub const fn preg(self) -> PReg {
        PReg::new(self.0 as usize, RegClass::Int)
    }

    pub fn low(self) -> bool {
        self.0 < 8
    }
}

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Reg(Reg),
    /// Bytes above the stack pointer.
    Stack(u32),
}

/// The registers of the calling convention.
pub struct Convention {
    /// The first arguments, in order; the rest lie on the stack.
    pub args: &'static [Reg],
    pub result: Reg,
    /// Holds the helper table throughout, where bodies get it as a parameter; never
    /// allocated, saved by functions.
    pub table: Option<Reg>,
    /// What a call destroys, the result included.
    pub clobbers: PRegSet,
    /// What a function must restore.
    pub saved: &'static [Reg],
    /// Bytes of a word.
    pub word: u32,
    /// Bytes to which the stack pointer is aligned.
    pub align: u32,
}

/// The stack frame of a body.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Bytes of outgoing arguments; spill slots follow.
    pub outgoing: u32,
    /// Bytes from the stack pointer to CLIF's slots.
    pub slots: u32,
    /// Bytes in all, without saved registers; with them and the return address it is
    /// a multiple of the convention's alignment.
    pub size: u32,
    /// Registers to save, ascending.
    pub saved: Vec<Reg>,
    pub entry: Entry,
    /// What the prologue loads, all of whose registers are saved.
    pub pins: Vec<Pin>,
}

/// A helper that a body calls so often that it keeps the address in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Bytes from the start of the helper table.
    pub offset: i32,
    pub reg: Reg,
}

impl Frame {
    /// The register that holds a helper's address throughout.
    pub fn pinned(&self, offset: i32) -> Option<Reg> {
        self.pins.iter().find(|pin| pin.offset == offset).map(|pin| pin.reg)
    }

    /// Bytes of the arguments, words of so many bytes, which lie between the rest and the
    /// saved registers.
    pub fn arguments(&self, word: u32) -> u32 {
        if self.entry.swapped.is_some() { word * ENTRY_ARGS } else { 0 }
    }
}

/// Arguments of a function as the runtime calls it.
pub const ENTRY_ARGS: u32 = 4;

/// What a body does before all else.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    /// Index of the helper table among the constants of the module, where the body
    /// must find the table itself by its first argument, the function object.
    pub table: Option<u32>,
    /// The body swaps in its module's globals. If they were others, it goes here, with
    /// them as its result, its registers and arguments saved, and no frame else.
    pub swapped: Option<Label>,
}

/// How an argument of a helper comes into its register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// It is there.
    Ready,
    Const(i32),
    /// The address of a place in CLIF's stack slots.
    Slot(u32),
    /// The halfword at an offset from the register of the operand with this index,
    /// which no argument's register is.
    Name {
        operand: u8,
        offset: u32,
    },
}

/// The most arguments of a helper that are made at its call.
pub const HELPER_ARGS: usize = 4;

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Helping {
    /// The function whose address lies in the table, by the offset in bytes.
    Table(i32),
    /// A routine at the end of the code.
    Routine(Routine),
}

/// The call of a helper: the arguments that are not ready are made last, so that
/// calls which differ only before them can share code.
#[derive(Clone, Copy, Debug)]
pub struct HelperCall {
    pub callee: Helping,
    /// The first arguments; others are ready.
    pub args: [Arg; HELPER_ARGS],
    /// Number of register arguments in all.
    pub count: u8,
}

/// An instruction set.
pub trait Isa: Sized {
    /// A machine instruction without its registers.
    type Kind: Copy + fmt::Debug;
    /// A jump without its target, or the load of a literal without its place.
    type Jump: Copy + PartialEq + fmt::Debug;

    fn registers(&self) -> &MachineEnv;
    /// Registers for helpers that are called often, best first, with how many calls
    /// each has to have.
    fn pins(&self) -> &'static [(Reg, u32)] {
        &[]
    }
    fn convention(&self) -> &Convention;

    /// Lowers an instruction that is no call, jump, branch or return. Its results
    /// are asked for, or it has an effect.
    ///
    /// # Errors
    /// `Instruction` for one that cannot occur.
    fn lower(&self, select: &mut Select<'_, Self>, inst: ir::Inst) -> Result<(), Error>;
    /// Ends a block by a branch on `condition`: adds the kind, which goes to the
    /// first target where the condition is not zero.
    fn branch(&self, select: &mut Select<'_, Self>, condition: ir::Value) -> Result<(), Error>;
    /// Adds the making of a constant.
    fn constant(&self, select: &mut Select<'_, Self>, to: VReg, value: i32);
    /// Adds the call of the function at `callee` whose arguments are in place.
    fn call(&self, callee: ir::Value, select: &mut Select<'_, Self>) -> Callee<Self>;
    /// The operand for the base of [`Arg::Name`]: read to the end of the call.
    fn name_base(&self, base: VReg) -> Opd {
        Opd::late(base)
    }
    /// Adds the copy of a helper's argument to where floats are handed over: whether that
    /// is a register of theirs or of words depends on how the runtime was compiled.
    fn float_argument(&self, _: &mut Select<'_, Self>, _: VReg) {}
    /// Adds a store into the outgoing arguments.
    fn outgoing(&self, select: &mut Select<'_, Self>, value: VReg, offset: u32);

    fn prologue(&self, out: &mut Buffer<'_, Self>, frame: &Frame);
    /// Restores registers and returns.
    fn epilogue(&self, out: &mut Buffer<'_, Self>, frame: &Frame);
    /// Whether returning takes no more code than a jump to a return.
    fn returns_at_once(&self, frame: &Frame) -> bool {
        frame.size == 0
    }
    /// Encodes an instruction; `regs` are its operands' registers.
    fn emit(&self, out: &mut Buffer<'_, Self>, kind: Self::Kind, regs: &[Reg], frame: &Frame);
    /// Encodes the load of a name into the register of an argument.
    fn name(&self, _: &mut Buffer<'_, Self>, _to: Reg, _base: Reg, _offset: u32) {}
    /// Encodes the call of a helper, where the convention has a table. Names are loaded.
    fn helper(&self, _: &mut Buffer<'_, Self>, _: &HelperCall, _: &Frame) {}
    /// Encodes a branch up to the jump itself, which is taken to the first target.
    fn test(&self, out: &mut Buffer<'_, Self>, kind: Self::Kind, regs: &[Reg]) -> Self::Jump;
    /// Moves a word; at least one place is a register. Flags may change.
    fn mov(&self, out: &mut Buffer<'_, Self>, to: Place, from: Place);

    /// The unconditional jump.
    fn always(&self) -> Self::Jump;
    /// The register of a helper's argument.
    fn argument(&self, call: &HelperCall, index: usize) -> Reg {
        let skip = match call.callee {
            Helping::Routine(routine) => routine.skips(),
            _ => 0,
        };
        self.convention().args[index + skip]
    }
    /// Encodes a routine behind the code, where the interface says that there are any.
    fn routine(&self, _: &mut Buffer<'_, Self>, _: Routine) {}
    /// The call of a routine within the code, where calls may share their ends.
    fn link(&self) -> Option<Self::Jump> {
        None
    }
    /// The jump on the opposite condition.
    fn opposite(&self, jump: Self::Jump) -> Self::Jump;
    /// Bytes of a jump's form: 0 is the shortest; `None` past the longest.
    fn jump_bytes(&self, jump: Self::Jump, form: u8) -> Option<u8>;
    /// A jump that lies at `from` and goes to `to`, if the form reaches.
    fn jump_code(&self, jump: Self::Jump, form: u8, from: u32, to: u32) -> Option<Vec<u8>>;
    /// Bytes to fill up to a multiple of four, at most two.
    fn padding(&self) -> [u8; 2];
}

/// How a function is called.
pub struct Callee<I: Isa> {
    pub kind: I::Kind,
    /// What the kind reads beside the arguments.
    pub uses: Vec<Opd>,
}

/// A body that is emitted.
pub struct Done {
    pub frame: Frame,
    /// Leaves the frame and returns; a body that never returns has no such place.
    pub exit: Option<Label>,
}

/// Adds the machine code of a body.
///
/// # Errors
/// See [`Error`].
pub fn compile<I: Isa>(
    isa: &I,
    function: ir::Function,
    entry: Entry,
    out: &mut Buffer<'_, I>,
) -> Result<Done, Error> {
    let prepared = prepare::prepare(function)?;
    let vcode = select::select(isa, &prepared)?;
    emit::emit(isa, &vcode, entry, out)
}
