//! Kinds to rows: the shortest that the registers and constants fit.

use super::jumps::parts;
use super::{Alu, At, Jump, Kind, RiscV, S0, SCRATCH, SP, Width, ZERO};
use crate::asm::riscv::Op;
use crate::asm::{Family, put};
use crate::native::mach::{Arg, Buffer, Frame, HelperCall, Helping, Isa, Place, Reg};

pub type Out<'a> = Buffer<'a, RiscV>;
/// Forms of an instruction, best first.
type Forms<'a> = &'a [(Op, &'a [i64])];

/// The address of a helper: no argument's register, and one that compressed forms
/// can name.
const CALLEE: Reg = Reg(15);

fn n(reg: Reg) -> i64 {
    i64::from(reg.0)
}

/// Whether a constant fits the twelve bits that instructions have for it.
pub fn fits(value: i32) -> bool {
    (-2048..2048).contains(&value)
}

/// Operands that no form takes: for a compressed one that does not apply.
const NEVER: i64 = 1 << 40;

impl RiscV {
    /// Adds the first form that fits, and tells whether there was one.
    pub fn try_first(&self, out: &mut Out<'_>, forms: Forms<'_>) -> bool {
        for (op, operands) in forms {
            if let Some(word) = self.encode(*op, operands) {
                let mut code = Vec::with_capacity(4);
                put(&mut code, Family::RiscV, word);
                out.code(&code);
                return true;
            }
        }
        false
    }

    /// The same where the last form always fits.
    pub fn first(&self, out: &mut Out<'_>, forms: Forms<'_>) {
        let fits = self.try_first(out, forms);
        debug_assert!(fits, "no form fits: {forms:?}");
    }

    pub fn one(&self, out: &mut Out<'_>, op: Op, operands: &[i64]) {
        self.first(out, &[(op, operands)]);
    }

    pub fn copy(&self, out: &mut Out<'_>, to: Reg, from: Reg) {
        if to != from {
            self.one(out, Op::C_MV, &[n(to), n(from)]);
        }
    }

    pub fn constant_in(&self, out: &mut Out<'_>, to: Reg, value: i64) {
        let d = n(to);
        if self.try_first(out, &[(Op::C_LI, &[d, value]), (Op::ADDI, &[d, n(ZERO), value])]) {
            return;
        }
        let Ok(word) = i32::try_from(value) else { return self.long_constant(out, to, value) };
        let (high, low) = parts(word);
        let shift = value.trailing_zeros();
        let bare = value >> shift;
        let lui: Forms<'_> = &[(Op::C_LUI, &[d, high]), (Op::LUI, &[d, high])];
        if low == 0 && self.try_first(out, &lui[..1]) {
            return;
        }
        if self.try_first(out, &[(Op::C_LI, &[d, bare])]) {
            return self.one(out, Op::C_SLLI, &[d, i64::from(shift)]);
        }
        self.first(out, lui);
        let add: Forms<'_> = match self.wide() {
            // The sum may be beyond 32 bits, of which these keep the sign.
            true => &[(Op::C_ADDIW, &[d, low]), (Op::ADDIW, &[d, d, low])],
            false => &[(Op::C_ADDI, &[d, low]), (Op::ADDI, &[d, d, low])],
        };
        if low != 0 {
            self.first(out, add);
        }
    }

    /// One that 32 bits do not tell: what is above its lowest bits is made first.
    fn long_constant(&self, out: &mut Out<'_>, to: Reg, value: i64) {
        let ones = value.leading_zeros() as i32;
        if value & (value.wrapping_add(1)) == 0 {
            // All ones below some bit.
            self.constant_in(out, to, -1);
            return self.put_alu_with(out, Alu::Srl, to, to, ones);
        }
        let low = value << 52 >> 52;
        let rest = value.wrapping_sub(low);
        let shift = rest.trailing_zeros() as i32;
        self.constant_in(out, to, rest >> shift);
        self.put_alu_with(out, Alu::Sll, to, to, shift);
        if low != 0 {
            self.put_alu_with(out, Alu::Add, to, to, low as i32);
        }
    }

    fn put_alu(&self, out: &mut Out<'_>, alu: Alu, to: Reg, left: Reg, right: Reg) {
        let (d, a, b) = (n(to), n(left), n(right));
        let three = [d, a, b];
        let two = match (d == a, d == b && alu.commutes()) {
            (true, _) => [d, b],
            (_, true) => [d, a],
            _ => [d, NEVER],
        };
        let (short, long) = match alu {
            Alu::Add => (Op::C_ADD, Op::ADD),
            Alu::Sub => (Op::C_SUB, Op::SUB),
            Alu::And => (Op::C_AND, Op::AND),
            Alu::Or => (Op::C_OR, Op::OR),
            Alu::Xor => (Op::C_XOR, Op::XOR),
            Alu::Sll => return self.one(out, Op::SLL, &three),
            Alu::Srl => return self.one(out, Op::SRL, &three),
            Alu::Sra => return self.one(out, Op::SRA, &three),
            Alu::Slt => return self.one(out, Op::SLT, &three),
            Alu::Sltu => return self.one(out, Op::SLTU, &three),
            Alu::Mul => return self.one(out, Op::MUL, &three),
            Alu::Mulh => return self.one(out, Op::MULH, &three),
            Alu::Mulhu => return self.one(out, Op::MULHU, &three),
            Alu::Div => return self.one(out, Op::DIV, &three),
            Alu::Divu => return self.one(out, Op::DIVU, &three),
            Alu::Rem => return self.one(out, Op::REM, &three),
            Alu::Remu => return self.one(out, Op::REMU, &three),
            Alu::Sh1add => return self.one(out, Op::SH1ADD, &three),
            Alu::Sh2add => return self.one(out, Op::SH2ADD, &three),
            Alu::Sh3add => return self.one(out, Op::SH3ADD, &three),
        };
        self.first(out, &[(short, &two), (long, &three)]);
    }

    pub fn put_alu_with(&self, out: &mut Out<'_>, alu: Alu, to: Reg, from: Reg, value: i32) {
        let (d, v) = (n(to), i64::from(value));
        let three = [d, n(from), v];
        let two = if to == from { [d, v] } else { [d, NEVER] };
        match alu {
            Alu::Add => self.first(out, &[(Op::C_ADDI, &two), (Op::ADDI, &three)]),
            Alu::And => self.first(out, &[(Op::C_ANDI, &two), (Op::ANDI, &three)]),
            Alu::Sll => {
                let short = [(Op::C_SLLI, &two[..]), (Op::C_SLLI_64, &two)];
                self.first(out, &[short[0], short[1], (Op::SLLI, &three), (Op::SLLI_64, &three)]);
            }
            Alu::Srl => {
                let short = [(Op::C_SRLI, &two[..]), (Op::C_SRLI_64, &two)];
                self.first(out, &[short[0], short[1], (Op::SRLI, &three), (Op::SRLI_64, &three)]);
            }
            Alu::Sra => {
                let short = [(Op::C_SRAI, &two[..]), (Op::C_SRAI_64, &two)];
                self.first(out, &[short[0], short[1], (Op::SRAI, &three), (Op::SRAI_64, &three)]);
            }
            Alu::Or => self.one(out, Op::ORI, &three),
            Alu::Xor => self.one(out, Op::XORI, &three),
            Alu::Slt => self.one(out, Op::SLTI, &three),
            Alu::Sltu => self.one(out, Op::SLTIU, &three),
            // The others have no constant form, and selection asks for none.
            _ => {}
        }
    }

    /// A load or store at a distance from a register, however far.
    pub fn access(
        &self,
        out: &mut Out<'_>,
        load: bool,
        width: Width,
        reg: Reg,
        base: Reg,
        offset: i32,
    ) {
        let (t, b, at) = (n(reg), n(base), i64::from(offset));
        // The compressed forms take no negative distance.
        let short = if offset < 0 { NEVER } else { at };
        let op = match (load, width) {
            (true, Width::Word) if self.wide() => Op::LD,
            (true, Width::Word | Width::SignedInt) => Op::LW,
            (true, Width::Byte) => Op::LBU,
            (true, Width::Half) => Op::LHU,
            (true, Width::Int) => Op::LWU,
            (true, Width::SignedByte) => Op::LB,
            (true, Width::SignedHalf) => Op::LH,
            (false, Width::Word) if self.wide() => Op::SD,
            (false, Width::Word | Width::Int | Width::SignedInt) => Op::SW,
            (false, Width::Byte | Width::SignedByte) => Op::SB,
            (false, _) => Op::SH,
        };
        let near: Forms<'_> = match op {
            Op::LW if base == SP => &[(Op::C_LWSP, &[t, short])],
            Op::LW => &[(Op::C_LW, &[t, short, b])],
            Op::SW if base == SP => &[(Op::C_SWSP, &[t, short])],
            Op::SW => &[(Op::C_SW, &[t, short, b])],
            Op::LD if base == SP => &[(Op::C_LDSP, &[t, short])],
            Op::LD => &[(Op::C_LD, &[t, short, b])],
            Op::SD if base == SP => &[(Op::C_SDSP, &[t, short])],
            Op::SD => &[(Op::C_SD, &[t, short, b])],
            _ => &[],
        };
        if self.try_first(out, near) || self.try_first(out, &[(op, &[t, at, b])]) {
            return;
        }
        let (_, low) = parts(offset);
        let scratch = n(SCRATCH);
        self.constant_in(out, SCRATCH, at - low);
        self.one(out, Op::C_ADD, &[scratch, b]);
        self.one(out, op, &[t, low, scratch]);
    }

    /// A word at a distance from the stack pointer.
    pub fn stack(&self, out: &mut Out<'_>, load: bool, reg: Reg, at: u32) {
        self.access(out, load, Width::Word, reg, SP, at as i32);
    }

    /// An address at a distance from the stack pointer.
    pub fn stack_address(&self, out: &mut Out<'_>, to: Reg, at: u32) {
        let (d, at) = (n(to), i64::from(at));
        if at == 0 {
            return self.copy(out, to, SP);
        }
        if !self.try_first(out, &[(Op::C_ADDI4SPN, &[d, at]), (Op::ADDI, &[d, n(SP), at])]) {
            self.constant_in(out, to, at);
            self.one(out, Op::C_ADD, &[d, n(SP)]);
        }
    }

    pub fn emit_mov(&self, out: &mut Out<'_>, to: Place, from: Place) {
        match (to, from) {
            (Place::Reg(to), Place::Reg(from)) => self.copy(out, to, from),
            (Place::Reg(to), Place::Stack(at)) => self.stack(out, true, to, at),
            (Place::Stack(at), Place::Reg(from)) => self.stack(out, false, from, at),
            // The allocator never asks for this.
            (Place::Stack(_), Place::Stack(_)) => {}
        }
    }

    /// A load or store; `base` is the register that the place may need.
    fn memory(
        &self,
        out: &mut Out<'_>,
        (load, width, at): (bool, Width, At),
        reg: Reg,
        base: Option<&Reg>,
        frame: &Frame,
    ) {
        let (base, offset) = match at {
            At::Base(offset) => (base.copied().unwrap_or(SP), offset),
            At::Slot(at) => (SP, (frame.slots + at) as i32),
            At::Out(at) => (SP, at as i32),
        };
        self.access(out, load, width, reg, base, offset);
    }

    pub fn emit_helper(&self, out: &mut Out<'_>, call: &HelperCall, frame: &Frame) {
        // What differs from call to call comes first.
        for pass in [true, false] {
            for (i, arg) in call.args.iter().take(usize::from(call.count)).enumerate() {
                let to = self.argument(call, i);
                match *arg {
                    Arg::Slot(at) if pass => self.stack_address(out, to, frame.slots + at),
                    Arg::Const(value) if !pass => self.constant_in(out, to, i64::from(value)),
                    _ => {}
                }
            }
        }
        let offset = match call.callee {
            Helping::Table(offset) => offset,
            Helping::Routine(routine) => {
                let label = out.routine(routine);
                return out.jump(Jump::Link, label);
            }
        };
        self.access(out, true, Width::Word, CALLEE, S0, offset);
        let [call, tail] = [Op::C_JALR, Op::C_JR].map(|op| {
            let mut code = Vec::new();
            if let Some(word) = self.encode(op, &[n(CALLEE)]) {
                put(&mut code, Family::RiscV, word);
            }
            code
        });
        out.call(&call, &tail);
    }

    pub fn emit_kind(&self, out: &mut Out<'_>, kind: Kind, regs: &[Reg], frame: &Frame) {
        let at = |i: usize| n(regs[i]);
        match kind {
            Kind::Const(value) => self.constant_in(out, regs[0], value),
            Kind::Mov => self.copy(out, regs[0], regs[1]),
            Kind::Alu(alu) => self.put_alu(out, alu, regs[0], regs[1], regs[2]),
            Kind::AluWith(alu, value) => self.put_alu_with(out, alu, regs[0], regs[1], value),
            Kind::ZeroLess { signed } => {
                let op = if signed { Op::SLT } else { Op::SLTU };
                self.one(out, op, &[at(0), n(ZERO), at(1)]);
            }
            Kind::Neg => self.one(out, Op::SUB, &[at(0), n(ZERO), at(1)]),
            Kind::Load(width, place) => {
                self.memory(out, (true, width, place), regs[0], regs.get(1), frame);
            }
            Kind::Store(width, place) => {
                self.memory(out, (false, width, place), regs[0], regs.get(1), frame);
            }
            Kind::Clear(width, place) => {
                self.memory(out, (false, width, place), ZERO, regs.first(), frame);
            }
            Kind::SlotAddress(offset) => self.stack_address(out, regs[0], frame.slots + offset),
            Kind::Select(cond) => {
                let over = out.label();
                out.jump(Jump::when(cond, &regs[3..]).opposite(), over);
                self.copy(out, regs[0], regs[2]);
                out.bind(over);
            }
            Kind::Call => self.one(out, Op::C_JALR, &[at(0)]),
            // A branch is its jump and nothing else.
            Kind::Branch(_) => {}
        }
    }
}
