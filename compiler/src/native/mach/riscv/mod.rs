//! RV32IMC, with the address additions of Zba and the frames of Zcmp, and RV64IMC.
//!
//! Both have the same instructions but for the length of a word: `lw` and `sw` of one are
//! `ld` and `sd` of the other, and a few forms exist for one of them only. So everything
//! here asks for [`RiscV::word`]. Cranelift has a back end for RV64, but it demands floating
//! point and atomics, and knows none of the routines and shared ends that make code small.
//!
//! What C takes as 32 bits, RV64 wants extended by sign. The only such arguments are
//! operators and signatures, all of them constants, which calls of helpers make so.
//!
//! Every instruction has a form for all registers, so selection constrains
//! nothing; it asks for a result in the register of an operand where that makes
//! the form two bytes long. The allocator is told to prefer `x8`..`x15`, which
//! compressed forms can name, and emission takes the compressed form wherever
//! registers and constant allow it.
//!
//! There are no flags: a condition is two registers and how they compare, so that
//! a comparison is part of its branch. An overflow is nothing else: it is found by
//! comparing the result with an operand, see [`RiscV::truth`](RiscV).
//!
//! `s0` holds the helper table. A call of a helper takes four bytes, a call within
//! the code two (RV64: four), so that three calls of one helper share the load of its
//! address.
//!
//! `t0` is never allocated: what emission needs a register for, it finds there.
//! `gp` and `tp` belong to the firmware. Constants are never loaded from memory:
//! no pool is shorter than `lui` and `addi`, and longer constants are rare.

mod condition;
mod emit;
mod frame;
mod items;
mod jumps;
mod lower;
mod objects;
mod routine;
mod stub;
#[cfg(test)]
mod tests;

use cranelift_codegen::ir;
use regalloc2::{MachineEnv, PRegSet, VReg};

use super::{Buffer, Callee, Convention, Error, Frame, HelperCall, Isa, Opd, Place, Reg, Select};
use crate::asm::riscv::{Op, RV64, ZBA, ZCMP};
use crate::asm::{Cpu, row};
use crate::clif::Routine;

pub use jumps::Jump;
pub use stub::function;

pub const ZERO: Reg = Reg(0);
pub const RA: Reg = Reg(1);
pub const SP: Reg = Reg(2);
/// What emission may use as it likes.
pub const SCRATCH: Reg = Reg(5);
pub const S0: Reg = Reg(8);
pub const A0: Reg = Reg(10);
pub const A1: Reg = Reg(11);

/// How two registers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cond {
    Eq,
    Ne,
    Lt,
    Ge,
    /// Second less than first.
    Gt,
    /// Second not less than first.
    Le,
    Ltu,
    Geu,
    Gtu,
    Leu,
}

impl Cond {
    pub fn opposite(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Lt => Cond::Ge,
            Cond::Ge => Cond::Lt,
            Cond::Gt => Cond::Le,
            Cond::Le => Cond::Gt,
            Cond::Ltu => Cond::Geu,
            Cond::Geu => Cond::Ltu,
            Cond::Gtu => Cond::Leu,
            Cond::Leu => Cond::Gtu,
        }
    }
}

/// Operations on two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alu {
    Add,
    Sub,
    And,
    Or,
    Xor,
    Sll,
    Srl,
    Sra,
    Slt,
    Sltu,
    Mul,
    Mulh,
    Mulhu,
    Div,
    Divu,
    Rem,
    Remu,
    /// The first, shifted left by one to three, plus the second.
    Sh1add,
    Sh2add,
    Sh3add,
}

impl Alu {
    pub fn commutes(self) -> bool {
        use Alu::{Add, And, Mul, Mulh, Mulhu, Or, Xor};
        matches!(self, Add | And | Or | Xor | Mul | Mulh | Mulhu)
    }

    /// Whether it is shorter when the result replaces an operand.
    pub fn replaces(self) -> bool {
        matches!(self, Alu::Add | Alu::Sub | Alu::And | Alu::Or | Alu::Xor)
    }
}

/// What lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    Word,
    Byte,
    Half,
    /// 32 bits, where a word is longer.
    Int,
    SignedByte,
    SignedHalf,
    SignedInt,
}

/// Where something lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Bytes from the register that follows.
    Base(i32),
    /// Bytes from the start of CLIF's stack slots.
    Slot(u32),
    /// Bytes from the start of outgoing arguments.
    Out(u32),
}

/// A machine instruction without registers. Operands are in the order of the
/// comment, results first. An operand in brackets is zero where it is missing.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// d
    Const(i64),
    /// d, s
    Mov,
    /// d, s, t
    Alu(Alu),
    /// d, s
    AluWith(Alu, i32),
    /// d, t: less than unsigned or signed, of zero and the register.
    ZeroLess { signed: bool },
    /// d, s: zero less s
    Neg,
    /// d, base
    Load(Width, At),
    /// t, base
    Store(Width, At),
    /// base: stores zero.
    Clear(Width, At),
    /// d
    SlotAddress(u32),
    /// d (in the register of no), no, yes, s, [t]
    Select(Cond),
    /// s, [t]
    Branch(Cond),
    /// s
    Call,
}

/// The instruction set.
pub struct RiscV {
    cpu: Cpu,
    registers: MachineEnv,
    convention: Convention,
}

static ARGS: [Reg; 8] = [A0, A1, Reg(12), Reg(13), Reg(14), Reg(15), Reg(16), Reg(17)];
static SAVED: [Reg; 12] = [
    S0,
    Reg(9),
    Reg(18),
    Reg(19),
    Reg(20),
    Reg(21),
    Reg(22),
    Reg(23),
    Reg(24),
    Reg(25),
    Reg(26),
    Reg(27),
];

fn set(regs: impl IntoIterator<Item = u8>) -> PRegSet {
    regs.into_iter().fold(PRegSet::empty(), |set, r| set.with(Reg(r).preg()))
}

impl RiscV {
    pub fn new(cpu: Cpu) -> RiscV {
        let none = PRegSet::empty();
        RiscV {
            cpu,
            registers: MachineEnv {
                preferred_regs_by_class: [set(9..16), none, none],
                non_preferred_regs_by_class: [set([1, 6, 7].into_iter().chain(16..32)), none, none],
                scratch_by_class: [None; 3],
                fixed_stack_slots: Vec::new(),
            },
            convention: Convention {
                args: &ARGS,
                result: A0,
                table: Some(S0),
                clobbers: set([1, 6, 7].into_iter().chain(10..18).chain(28..32)),
                saved: &SAVED,
                word: if cpu.features & RV64 != 0 { 8 } else { 4 },
                align: 16,
            },
        }
    }

    /// Bytes of a word.
    pub fn word(&self) -> u32 {
        self.convention.word
    }

    /// Bits of a word.
    pub fn bits(&self) -> i32 {
        8 * self.word() as i32
    }

    /// Whether a word is 64 bits.
    pub fn wide(&self) -> bool {
        self.word() == 8
    }

    /// Bytes from one word to another.
    pub fn at(&self, words: u32) -> i32 {
        (self.word() * words) as i32
    }

    /// Whether the CPU has shifting additions.
    pub fn zba(&self) -> bool {
        self.cpu.features & ZBA != 0
    }

    /// Whether the CPU saves and restores registers at once.
    pub fn zcmp(&self) -> bool {
        self.cpu.features & ZCMP != 0
    }

    /// Encodes a row, if its operands fit.
    fn encode(&self, op: Op, operands: &[i64]) -> Option<row::Word> {
        op.row().encode(operands).ok()
    }
}

impl Isa for RiscV {
    type Kind = Kind;
    type Jump = Jump;

    fn registers(&self) -> &MachineEnv {
        &self.registers
    }

    fn convention(&self) -> &Convention {
        &self.convention
    }

    fn lower(&self, select: &mut Select<'_, Self>, inst: ir::Inst) -> Result<(), Error> {
        self.lower_inst(select, inst)
    }

    fn branch(&self, select: &mut Select<'_, Self>, condition: ir::Value) -> Result<(), Error> {
        let (cond, operands) = self.truth(select, condition);
        select.push_branch(Kind::Branch(cond), &operands);
        Ok(())
    }

    fn constant(&self, select: &mut Select<'_, Self>, to: VReg, value: i32) {
        select.push(Kind::Const(i64::from(value)), &[Opd::write(to)]);
    }

    fn call(&self, callee: ir::Value, select: &mut Select<'_, Self>) -> Callee<Self> {
        let callee = select.reg(callee);
        Callee { kind: Kind::Call, uses: vec![Opd::read(callee)] }
    }

    fn outgoing(&self, select: &mut Select<'_, Self>, value: VReg, offset: u32) {
        select.push(Kind::Store(Width::Word, At::Out(offset)), &[Opd::read(value)]);
    }

    fn prologue(&self, out: &mut Buffer<'_, Self>, frame: &Frame) {
        self.enter(out, frame);
    }

    fn epilogue(&self, out: &mut Buffer<'_, Self>, frame: &Frame) {
        self.leave(out, frame, true);
    }

    fn returns_at_once(&self, _: &Frame) -> bool {
        // The return address has to be restored first.
        self.zcmp()
    }

    fn emit(&self, out: &mut Buffer<'_, Self>, kind: Kind, regs: &[Reg], frame: &Frame) {
        self.emit_kind(out, kind, regs, frame);
    }

    fn name(&self, out: &mut Buffer<'_, Self>, to: Reg, base: Reg, offset: u32) {
        self.access(out, true, Width::Half, to, base, offset as i32);
    }

    fn helper(&self, out: &mut Buffer<'_, Self>, call: &HelperCall, frame: &Frame) {
        self.emit_helper(out, call, frame);
    }

    fn routine(&self, out: &mut Buffer<'_, Self>, routine: Routine) {
        self.emit_routine(out, routine);
    }

    fn link(&self) -> Option<Jump> {
        Some(Jump::Link)
    }

    fn test(&self, _: &mut Buffer<'_, Self>, kind: Kind, regs: &[Reg]) -> Jump {
        match kind {
            Kind::Branch(cond) => Jump::when(cond, regs),
            _ => Jump::Always,
        }
    }

    fn mov(&self, out: &mut Buffer<'_, Self>, to: Place, from: Place) {
        self.emit_mov(out, to, from);
    }

    fn always(&self) -> Jump {
        Jump::Always
    }

    fn opposite(&self, jump: Jump) -> Jump {
        jump.opposite()
    }

    fn jump_bytes(&self, jump: Jump, form: u8) -> Option<u8> {
        self.bytes_of_jump(jump, form)
    }

    fn jump_code(&self, jump: Jump, form: u8, from: u32, to: u32) -> Option<Vec<u8>> {
        self.code_of_jump(jump, form, from, to)
    }

    fn padding(&self) -> [u8; 2] {
        // `c.nop`
        [1, 0]
    }
}
