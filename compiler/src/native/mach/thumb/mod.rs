//! Thumb: Armv6-M's low registers and two-address forms, and Armv7-M's wide ones.
//!
//! One set of kinds serves both. Where they differ, selection asks
//! [`Thumb::wide`], and constrains operands to `r0`..`r7` for the older one.
//! `r12` is never allocated: what emission needs a register for, it finds there.

mod emit;
mod float;
mod items;
mod jumps;
mod lower;
mod objects;
mod routine;
mod stub;
mod test;

use cranelift_codegen::ir;
use regalloc2::{MachineEnv, PRegSet, VReg};

use super::{Buffer, Callee, Convention, Error, Frame, HelperCall, Isa, Opd, Place, Reg, Select};
use crate::asm::thumb::{Op, V7M};
use crate::asm::{Cpu, row};
use crate::clif::Routine;

pub use jumps::Jump;
pub use stub::function;

/// Bytes of a word.
const WORD: u32 = 4;
/// What emission may use as it likes.
pub const SCRATCH: Reg = Reg(12);
pub const SP: i64 = 13;
pub const LR: Reg = Reg(14);
pub const PC: Reg = Reg(15);
/// Holds the helper table.
pub const TABLE: Reg = Reg(7);

/// A condition by its number in the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cond(pub u8);

impl Cond {
    pub const EQ: Cond = Cond(0);
    pub const NE: Cond = Cond(1);
    pub const CS: Cond = Cond(2);
    pub const CC: Cond = Cond(3);
    pub const MI: Cond = Cond(4);
    pub const PL: Cond = Cond(5);
    pub const VS: Cond = Cond(6);
    pub const VC: Cond = Cond(7);
    pub const HI: Cond = Cond(8);

    pub fn opposite(self) -> Cond {
        Cond(self.0 ^ 1)
    }
}

/// Operations on two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alu {
    Add,
    Sub,
    /// Second less first.
    Rsb,
    And,
    Orr,
    Eor,
    Bic,
    Orn,
    Lsl,
    Lsr,
    Asr,
    Ror,
    Mul,
}

impl Alu {
    pub fn commutes(self) -> bool {
        matches!(self, Alu::Add | Alu::And | Alu::Orr | Alu::Eor | Alu::Mul)
    }
}

/// Operations on one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    Mvn,
    Uxtb,
    Uxth,
    Sxtb,
    Sxth,
    Rev,
    Clz,
    Rbit,
}

/// What lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    Word,
    Byte,
    Half,
    SignedByte,
    SignedHalf,
}

/// What sets the flags, and when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// Two operands.
    Compare(Cond),
    /// One operand.
    CompareWith(Cond, i32),
    /// Two operands: whether they share a bit.
    Share,
    /// Two operands, which are floats.
    CompareFloats(Cond),
    /// Operands: a register to spoil, the word: whether it has this bit.
    Bit(u8),
}

/// A machine instruction without registers. Operands are in the order of the
/// comment, results first.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// d
    Const(i32),
    /// d, n
    Mov,
    /// d, n, m
    Alu(Alu),
    /// d, n
    AluWith(Alu, i32),
    /// d, n, m: the last shifted by a constant.
    AluShifted(Alu, Alu, u8),
    /// d, n
    Unary(Unary),
    /// low, high, n, m
    LongMul { signed: bool },
    /// low, high, t, t, t, n, m: the same by products of halves.
    LongMulParts { signed: bool },
    /// d, n, m
    Div { signed: bool },
    /// d, t, t, n, m: unsigned, bit by bit.
    DivLoop,
    /// d, n, m, a: `a - n * m`
    Mls,
    /// d, n
    Load(Width, i32),
    /// d, n, m: the last shifted left.
    LoadIndexed(Width, u8),
    /// t, n
    Store(Width, i32),
    /// t, n, m
    StoreIndexed(Width, u8),
    /// d
    LoadSlot(Width, u32),
    /// t
    StoreSlot(Width, u32),
    /// t: outgoing argument.
    StoreOut(u32),
    /// d
    SlotAddress(u32),
    /// d, test…: 1 where it holds, else 0.
    Set(Test),
    /// d (in the register of no), no, yes, test…
    Select(Test),
    /// test…
    Branch(Test),
    /// d, n, m: branches on overflow.
    OverflowBranch(Alu),
    /// d, n: branches on overflow.
    OverflowBranchWith(Alu, i32),
    /// low, high, n, m: branches where the product is no signed word.
    MulOverflowBranch,
    /// d, t, n, m: the same for CPUs without a long product, which go by the size of
    /// the operands: it may branch where the product would just fit.
    SmallMulBranch,
    /// d, o, n, m: also whether it overflows.
    Overflow(Alu, Cond),
    /// d, o, n, m: the same for a product.
    MulOverflow { signed: bool },
    /// The same for CPUs without a long product; see above.
    SmallMulOverflow,
    /// d, n, m: of floats
    Float(FloatOp),
    /// d, n: from or to a float
    Convert(Conversion),
    /// n: a float as a helper's argument
    FloatArgument,
    /// m
    Call,
}

/// Operations on two floats, which wait in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
}

/// What becomes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    FromSigned,
    FromUnsigned,
    ToSigned,
    ToUnsigned,
}

/// The instruction set.
pub struct Thumb {
    cpu: Cpu,
    registers: MachineEnv,
    convention: Convention,
}

/// Registers that hold arguments.
static ARGS: [Reg; 4] = [Reg(0), Reg(1), Reg(2), Reg(3)];
static SAVED: [Reg; 8] = [Reg(4), Reg(5), Reg(6), Reg(7), Reg(8), Reg(9), Reg(10), Reg(11)];

/// Registers for helpers; the first makes the list of saved registers longer.
static PINS: [(Reg, u32); 3] = [(Reg(11), 5), (Reg(10), 4), (Reg(9), 4)];

fn set(regs: impl IntoIterator<Item = u8>) -> PRegSet {
    regs.into_iter().fold(PRegSet::empty(), |set, r| set.with(Reg(r).preg()))
}

impl Thumb {
    pub fn new(cpu: Cpu) -> Thumb {
        let wide = cpu.features & V7M != 0;
        let high = if wide { set(8..12) } else { PRegSet::empty() };
        let none = PRegSet::empty();
        Thumb {
            cpu,
            registers: MachineEnv {
                preferred_regs_by_class: [set(0..7), none, none],
                non_preferred_regs_by_class: [high, none, none],
                scratch_by_class: [None; 3],
                fixed_stack_slots: Vec::new(),
            },
            convention: Convention {
                args: &ARGS,
                result: Reg(0),
                table: Some(TABLE),
                clobbers: set((0..4).chain([14])),
                saved: &SAVED,
                word: WORD,
                align: 8,
            },
        }
    }

    /// Whether the CPU has the wide instructions.
    pub fn wide(&self) -> bool {
        self.cpu.features & V7M != 0
    }

    /// Encodes a row, if its operands fit and the CPU has it.
    fn encode(&self, op: Op, operands: &[i64]) -> Option<row::Word> {
        let row = op.row();
        (row.needs & !self.cpu.features == 0).then(|| row.encode(operands).ok()).flatten()
    }
}

impl Isa for Thumb {
    type Kind = Kind;
    type Jump = Jump;

    fn registers(&self) -> &MachineEnv {
        &self.registers
    }

    fn pins(&self) -> &'static [(Reg, u32)] {
        // Loading one takes four bytes, and each of its calls two less.
        if self.wide() { &PINS } else { &[] }
    }

    fn convention(&self) -> &Convention {
        &self.convention
    }

    fn lower(&self, select: &mut Select<'_, Self>, inst: ir::Inst) -> Result<(), Error> {
        self.lower_inst(select, inst)
    }

    fn branch(&self, select: &mut Select<'_, Self>, condition: ir::Value) -> Result<(), Error> {
        self.lower_branch(select, condition);
        Ok(())
    }

    fn constant(&self, select: &mut Select<'_, Self>, to: VReg, value: i32) {
        select.push(Kind::Const(value), &[self.low(Opd::write(to))]);
    }

    fn call(&self, callee: ir::Value, select: &mut Select<'_, Self>) -> Callee<Self> {
        let callee = select.reg(callee);
        Callee { kind: Kind::Call, uses: vec![Opd::read(callee)] }
    }

    fn name_base(&self, base: VReg) -> Opd {
        Opd::late(base).below(8)
    }

    fn float_argument(&self, select: &mut Select<'_, Self>, value: VReg) {
        select.push(Kind::FloatArgument, &[Opd::read(value)]);
    }

    fn outgoing(&self, select: &mut Select<'_, Self>, value: VReg, offset: u32) {
        select.push(Kind::StoreOut(offset), &[self.low(Opd::read(value))]);
    }

    fn prologue(&self, out: &mut Buffer<'_, Self>, frame: &Frame) {
        self.emit_prologue(out, frame);
    }

    fn epilogue(&self, out: &mut Buffer<'_, Self>, frame: &Frame) {
        self.emit_epilogue(out, frame);
    }

    fn emit(&self, out: &mut Buffer<'_, Self>, kind: Kind, regs: &[Reg], frame: &Frame) {
        self.emit_kind(out, kind, regs, frame);
    }

    fn name(&self, out: &mut Buffer<'_, Self>, to: Reg, base: Reg, offset: u32) {
        self.load_name(out, to, base, offset);
    }

    fn helper(&self, out: &mut Buffer<'_, Self>, call: &HelperCall, frame: &Frame) {
        self.emit_helper(out, call, frame);
    }

    fn test(&self, out: &mut Buffer<'_, Self>, kind: Kind, regs: &[Reg]) -> Jump {
        self.emit_branch(out, kind, regs)
    }

    fn mov(&self, out: &mut Buffer<'_, Self>, to: Place, from: Place) {
        self.emit_mov(out, to, from);
    }

    fn always(&self) -> Jump {
        Jump::Always
    }

    fn routine(&self, out: &mut Buffer<'_, Self>, routine: Routine) {
        self.emit_routine(out, routine);
    }

    fn link(&self) -> Option<Jump> {
        Some(Jump::Link)
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
        [0, 0xbf]
    }
}
