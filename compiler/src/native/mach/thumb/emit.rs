//! Kinds to rows: the shortest that the registers and constants fit.

use super::lower::low_ones;
use mpy_format::Helper;

use super::{Alu, Cond, Jump, Kind, LR, PC, SCRATCH, SP, TABLE, Test, Thumb, Unary, WORD, Width};
use crate::asm::thumb::Op;
use crate::asm::{Family, put};
use crate::native::mach::buffer::Item;
use crate::native::mach::{Arg, Buffer, Frame, HelperCall, Helping, Isa, Label, Place, Reg};

type Out<'a> = Buffer<'a, Thumb>;
/// Forms of an instruction, best first.
type Forms<'a> = &'a [(Op, &'a [i64])];

fn n(reg: Reg) -> i64 {
    i64::from(reg.0)
}

impl Thumb {
    /// Adds the first form that fits, and tells whether there was one.
    pub fn try_first(&self, out: &mut Out<'_>, forms: Forms<'_>) -> bool {
        for (op, operands) in forms {
            if let Some(word) = self.encode(*op, operands) {
                let mut code = Vec::with_capacity(4);
                put(&mut code, Family::Thumb, word);
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
            self.one(out, Op::MOV_H, &[n(to), n(from)]);
        }
    }

    pub fn constant_in(&self, out: &mut Out<'_>, to: Reg, value: i32) {
        let (d, v) = (n(to), i64::from(value as u32));
        let inverse = i64::from(!value as u32);
        if self.try_first(
            out,
            &[
                (Op::MOV_I8, &[d, v]),
                (Op::MOV_IW, &[d, v]),
                (Op::MVN_IW, &[d, inverse]),
                (Op::MOVW, &[d, v]),
            ],
        ) {
            return;
        }
        if self.wide() && !to.low() {
            self.one(out, Op::MOVW, &[d, v & 0xffff]);
            self.one(out, Op::MOVT, &[d, v >> 16]);
            return;
        }
        let shift = i64::from(value.trailing_zeros());
        if !self.wide() && v >> shift < 256 {
            self.one(out, Op::MOV_I8, &[d, v >> shift]);
            self.one(out, Op::LSL_I, &[d, d, shift]);
        } else if !self.wide() && inverse < 256 {
            self.one(out, Op::MOV_I8, &[d, inverse]);
            self.one(out, Op::MVN, &[d, d]);
        } else if !self.wide() && v < 511 {
            self.one(out, Op::MOV_I8, &[d, 255]);
            self.one(out, Op::ADD_I8, &[d, v - 255]);
        } else {
            out.literal(Jump::Literal(to), value as u32);
        }
    }

    /// A comparison or the like; tells on what condition the test holds.
    fn flags(&self, out: &mut Out<'_>, test: Test, regs: &[Reg]) -> Cond {
        let at = |i: usize| n(regs[i]);
        match test {
            Test::Compare(cond) => {
                let operands = [at(0), at(1)];
                self.first(out, &[(Op::CMP, &operands), (Op::CMP_H, &operands)]);
                cond
            }
            Test::CompareWith(cond, value) => {
                let (value, negative) = (i64::from(value as u32), i64::from(-value as u32));
                self.first(
                    out,
                    &[
                        (Op::CMP_I8, &[at(0), value]),
                        (Op::CMP_IW, &[at(0), value]),
                        (Op::CMN_IW, &[at(0), negative]),
                    ],
                );
                cond
            }
            Test::CompareFloats(cond) => {
                self.compare_floats(out, regs[0], regs[1]);
                cond
            }
            Test::Share => {
                self.first(out, &[(Op::TST, &[at(0), at(1)]), (Op::TST_W, &[at(0), at(1)])]);
                Cond::NE
            }
            Test::Bit(bit) => {
                let up = 31 - i64::from(bit);
                if up == 0 {
                    self.first(out, &[(Op::CMP_I8, &[at(1), 0]), (Op::CMP_IW, &[at(1), 0])]);
                    return Cond::MI;
                }
                if self.try_first(out, &[(Op::LSL_I, &[at(0), at(1), up])]) {
                    return Cond::MI;
                }
                self.one(out, Op::TST_IW, &[at(1), 1 << bit]);
                Cond::NE
            }
        }
    }

    /// Makes `cond` hold for the next instruction alone.
    fn it(&self, out: &mut Out<'_>, cond: Cond) {
        self.one(out, Op::IT, &[i64::from(cond.0), 8]);
        out.glue(1);
    }

    /// Jumps over the next 16-bit instruction where `cond` does not hold.
    fn only(&self, out: &mut Out<'_>, cond: Cond) {
        if self.wide() {
            self.it(out, cond);
        } else {
            self.one(out, Op::BCC, &[i64::from(cond.opposite().0), 0]);
            out.glue(1);
        }
    }

    pub fn emit_branch(&self, out: &mut Out<'_>, kind: Kind, regs: &[Reg]) -> Jump {
        match kind {
            Kind::Branch(Test::CompareWith(cond @ (Cond::EQ | Cond::NE), 0)) => {
                match out.items.last() {
                    Some(Item::Code(code)) if code.sets_flags() == Some(regs[0]) => Jump::On(cond),
                    _ => Jump::Zero(regs[0], cond == Cond::EQ),
                }
            }
            Kind::Branch(test) => Jump::On(self.flags(out, test, regs)),
            Kind::OverflowBranch(alu) => {
                self.add_with_flags(out, alu, regs[0], regs[1], regs[2]);
                Jump::On(Cond::VS)
            }
            Kind::OverflowBranchWith(alu, value) => {
                let value = if alu == Alu::Sub { -value } else { value };
                self.add_constant(out, regs[0], regs[1], value, true);
                Jump::On(Cond::VS)
            }
            Kind::MulOverflowBranch => {
                self.long_product(out, true, regs);
                Jump::On(Cond::NE)
            }
            Kind::SmallMulBranch => {
                self.small_product(out, regs[0], regs[1], regs[2], regs[3]);
                self.one(out, Op::CMP_I8, &[n(regs[1]), 0]);
                Jump::On(Cond::NE)
            }
            _ => Jump::Always,
        }
    }

    fn add_with_flags(&self, out: &mut Out<'_>, alu: Alu, d: Reg, a: Reg, b: Reg) {
        let operands = [n(d), n(a), n(b)];
        match alu {
            Alu::Add => self.first(out, &[(Op::ADD, &operands), (Op::ADDS_W, &operands)]),
            _ => self.first(out, &[(Op::SUB, &operands), (Op::SUBS_W, &operands)]),
        }
    }

    /// A product whose upper word is in the second register, and flags that tell
    /// whether it is more than the extension of the lower.
    fn long_product(&self, out: &mut Out<'_>, signed: bool, regs: &[Reg]) {
        let [low, high] = [n(regs[0]), n(regs[1])];
        let operands = [low, high, n(regs[2]), n(regs[3])];
        if signed {
            self.one(out, Op::SMULL, &operands);
            self.one(out, Op::CMP_S, &[high, low, 2, 31]);
        } else {
            self.one(out, Op::UMULL, &operands);
            self.first(out, &[(Op::CMP_I8, &[high, 0]), (Op::CMP_IW, &[high, 0])]);
        }
    }

    /// A product and a register that is zero where both operands are halves.
    fn small_product(&self, out: &mut Out<'_>, d: Reg, over: Reg, a: Reg, b: Reg) {
        let (d, o, a, b) = (n(d), n(over), n(a), n(b));
        self.one(out, Op::SXTH, &[o, a]);
        self.one(out, Op::EOR, &[o, a]);
        self.one(out, Op::SXTH, &[d, b]);
        self.one(out, Op::EOR, &[d, b]);
        self.one(out, Op::ORR, &[o, d]);
        self.one(out, Op::MOV_H, &[d, a]);
        self.one(out, Op::MUL, &[d, b]);
    }

    fn add_constant(&self, out: &mut Out<'_>, d: Reg, a: Reg, value: i32, flags: bool) {
        let (d, a) = (n(d), n(a));
        let (plus, minus) = (i64::from(value), -i64::from(value));
        let (plus_word, minus_word) = (i64::from(value as u32), i64::from(-value as u32));
        let two = |value: i64| if d == a { [d, value] } else { [d, -1] };
        let (add, sub) = match flags {
            true => (Op::ADDS_IW, Op::SUBS_IW),
            false => (Op::ADD_IW, Op::SUB_IW),
        };
        self.first(
            out,
            &[
                (Op::ADD_I3, &[d, a, plus]),
                (Op::SUB_I3, &[d, a, minus]),
                (Op::ADD_I8, &two(plus)),
                (Op::SUB_I8, &two(minus)),
                (add, &[d, a, plus_word]),
                (sub, &[d, a, minus_word]),
                (Op::ADDW, &[d, a, plus]),
                (Op::SUBW, &[d, a, minus]),
            ],
        );
    }

    fn put_alu_with(&self, out: &mut Out<'_>, alu: Alu, to: Reg, from: Reg, value: i32) {
        let (d, a, v) = (n(to), n(from), i64::from(value as u32));
        let inverse = i64::from(!value as u32);
        let three = [d, a, v];
        match alu {
            Alu::Add => self.add_constant(out, to, from, value, false),
            Alu::Sub => self.add_constant(out, to, from, value.wrapping_neg(), false),
            Alu::Rsb if value == 0 => {
                self.first(out, &[(Op::NEG, &[d, a]), (Op::RSB_IW, &three)]);
            }
            Alu::Rsb => self.one(out, Op::RSB_IW, &three),
            Alu::And => match value {
                0xff => self.first(out, &[(Op::UXTB, &[d, a]), (Op::UXTB_W, &[d, a])]),
                0xffff => self.first(out, &[(Op::UXTH, &[d, a]), (Op::UXTH_W, &[d, a])]),
                _ => {
                    let ones = i64::from(low_ones(value).unwrap_or(1));
                    self.first(
                        out,
                        &[
                            (Op::AND_IW, &three),
                            (Op::BIC_IW, &[d, a, inverse]),
                            (Op::UBFX, &[d, a, 0, ones]),
                        ],
                    );
                }
            },
            Alu::Orr => self.first(out, &[(Op::ORR_IW, &three), (Op::ORN_IW, &[d, a, inverse])]),
            Alu::Eor => self.one(out, Op::EOR_IW, &three),
            Alu::Bic => self.one(out, Op::BIC_IW, &three),
            Alu::Orn => self.one(out, Op::ORN_IW, &three),
            Alu::Lsl => self.first(out, &[(Op::LSL_I, &three), (Op::LSL_IW, &three)]),
            Alu::Lsr => self.first(out, &[(Op::LSR_I, &three), (Op::LSR_IW, &three)]),
            Alu::Asr => self.first(out, &[(Op::ASR_I, &three), (Op::ASR_IW, &three)]),
            Alu::Ror => self.one(out, Op::ROR_IW, &three),
            // Products have no constant form.
            Alu::Mul => {}
        }
    }

    fn put_alu(&self, out: &mut Out<'_>, alu: Alu, to: Reg, left: Reg, right: Reg) {
        let (d, a, b) = (n(to), n(left), n(right));
        let three = [d, a, b];
        let (short, wide) = match alu {
            Alu::Add => {
                // Any register, where the result is an operand.
                let other = if d == a { b } else { a };
                let high = if d == a || d == b { [d, other] } else { [d, -1] };
                return self
                    .first(out, &[(Op::ADD, &three), (Op::ADD_H, &high), (Op::ADD_W, &three)]);
            }
            Alu::Sub => return self.first(out, &[(Op::SUB, &three), (Op::SUB_W, &three)]),
            Alu::Rsb => return self.put_alu(out, Alu::Sub, to, right, left),
            Alu::Orn => return self.one(out, Op::ORN_W, &three),
            Alu::And => (Op::AND, Op::AND_W),
            Alu::Orr => (Op::ORR, Op::ORR_W),
            Alu::Eor => (Op::EOR, Op::EOR_W),
            Alu::Bic => (Op::BIC, Op::BIC_W),
            Alu::Lsl => (Op::LSL, Op::LSL_RW),
            Alu::Lsr => (Op::LSR, Op::LSR_RW),
            Alu::Asr => (Op::ASR, Op::ASR_RW),
            Alu::Ror => (Op::ROR, Op::ROR_RW),
            Alu::Mul => (Op::MUL, Op::MUL_W),
        };
        let two = match (d == a, d == b && alu.commutes()) {
            (true, _) => [d, b],
            (_, true) => [d, a],
            _ => [d, -1],
        };
        if self.try_first(out, &[(short, &two), (wide, &three)]) {
            return;
        }
        // Only where the result is no operand, or both are the same.
        self.copy(out, to, left);
        self.one(out, short, &[d, b]);
    }

    fn put_shifted(&self, out: &mut Out<'_>, alu: Alu, shift: Alu, by: u8, regs: &[Reg]) {
        let op = match alu {
            Alu::Add => Op::ADD_S,
            Alu::Sub => Op::SUB_S,
            Alu::And => Op::AND_S,
            Alu::Orr => Op::ORR_S,
            Alu::Eor => Op::EOR_S,
            Alu::Bic => Op::BIC_S,
            _ => Op::ORN_S,
        };
        let kind = match shift {
            Alu::Lsl => 0,
            Alu::Lsr => 1,
            _ => 2,
        };
        self.one(out, op, &[n(regs[0]), n(regs[1]), n(regs[2]), kind, i64::from(by)]);
    }

    fn put_unary(&self, out: &mut Out<'_>, unary: Unary, to: Reg, from: Reg) {
        let (short, wide) = match unary {
            Unary::Mvn => (Op::MVN, Op::MVN_W),
            Unary::Uxtb => (Op::UXTB, Op::UXTB_W),
            Unary::Uxth => (Op::UXTH, Op::UXTH_W),
            Unary::Sxtb => (Op::SXTB, Op::SXTB_W),
            Unary::Sxth => (Op::SXTH, Op::SXTH_W),
            Unary::Rev => (Op::REV, Op::REV_W),
            Unary::Clz => (Op::CLZ, Op::CLZ),
            Unary::Rbit => (Op::RBIT, Op::RBIT),
        };
        let operands = [n(to), n(from)];
        self.first(out, &[(short, &operands), (wide, &operands)]);
    }

    fn put_access(&self, out: &mut Out<'_>, load: bool, width: Width, regs: &[Reg], offset: i32) {
        let (short, wide, negative) = match (load, width) {
            (true, Width::Word) => (Op::LDR_I, Op::LDR_IW, Op::LDR_NEG),
            (true, Width::Byte) => (Op::LDRB_I, Op::LDRB_IW, Op::LDRB_NEG),
            (true, Width::Half) => (Op::LDRH_I, Op::LDRH_IW, Op::LDRH_NEG),
            (true, Width::SignedByte) => (Op::LDRSB_IW, Op::LDRSB_IW, Op::LDRSB_NEG),
            (true, Width::SignedHalf) => (Op::LDRSH_IW, Op::LDRSH_IW, Op::LDRSH_NEG),
            (false, Width::Word) => (Op::STR_I, Op::STR_IW, Op::STR_NEG),
            (false, Width::Byte | Width::SignedByte) => (Op::STRB_I, Op::STRB_IW, Op::STRB_NEG),
            (false, _) => (Op::STRH_I, Op::STRH_IW, Op::STRH_NEG),
        };
        let operands = [n(regs[0]), n(regs[1]), i64::from(offset)];
        self.first(out, &[(short, &operands), (wide, &operands), (negative, &operands)]);
    }

    fn put_indexed(&self, out: &mut Out<'_>, load: bool, width: Width, by: u8, regs: &[Reg]) {
        let (short, wide, shifted) = match (load, width) {
            (true, Width::Word) => (Op::LDR_R, Op::LDR_RW, Op::LDR_RS),
            (true, Width::Byte) => (Op::LDRB_R, Op::LDRB_RW, Op::LDRB_RS),
            (true, Width::Half) => (Op::LDRH_R, Op::LDRH_RW, Op::LDRH_RS),
            (true, Width::SignedByte) => (Op::LDRSB_R, Op::LDRSB_RW, Op::LDRSB_RS),
            (true, Width::SignedHalf) => (Op::LDRSH_R, Op::LDRSH_RW, Op::LDRSH_RS),
            (false, Width::Word) => (Op::STR_R, Op::STR_RW, Op::STR_RS),
            (false, Width::Byte | Width::SignedByte) => (Op::STRB_R, Op::STRB_RW, Op::STRB_RS),
            (false, _) => (Op::STRH_R, Op::STRH_RW, Op::STRH_RS),
        };
        let operands = [n(regs[0]), n(regs[1]), n(regs[2])];
        if by == 0 {
            self.first(out, &[(short, &operands), (wide, &operands)]);
        } else {
            let [t, a, b] = operands;
            self.one(out, shifted, &[t, a, b, i64::from(by)]);
        }
    }

    /// A word or less at a distance from the stack pointer.
    fn stack(&self, out: &mut Out<'_>, load: bool, width: Width, reg: Reg, at: u32) {
        let at = i64::from(at);
        let short = if load { Op::LDR_SP } else { Op::STR_SP };
        let operands = [n(reg), at];
        if width == Width::Word && self.try_first(out, &[(short, &operands)]) {
            return;
        }
        if self.wide() {
            if at < 4096 {
                return self.put_access(out, load, width, &[reg, Reg(SP as u8)], at as i32);
            }
            self.constant_in(out, SCRATCH, at as i32);
            return self.put_indexed(out, load, width, 0, &[reg, Reg(SP as u8), SCRATCH]);
        }
        if load {
            self.constant_in(out, reg, at as i32);
            self.one(out, Op::ADD_H, &[n(reg), SP]);
            return self.put_access(out, load, width, &[reg, reg], 0);
        }
        // A low register is lent for the address.
        let lent = if reg == Reg(0) { Reg(1) } else { Reg(0) };
        self.copy(out, SCRATCH, lent);
        self.constant_in(out, lent, at as i32);
        self.one(out, Op::ADD_H, &[n(lent), SP]);
        self.put_access(out, load, width, &[reg, lent], 0);
        self.copy(out, lent, SCRATCH);
    }

    fn stack_address(&self, out: &mut Out<'_>, to: Reg, at: u32) {
        let (d, at) = (n(to), i64::from(at));
        if !self.try_first(out, &[(Op::ADD_SP, &[d, at]), (Op::ADDW, &[d, SP, at])]) {
            self.constant_in(out, to, at as i32);
            self.one(out, Op::ADD_H, &[d, SP]);
        }
    }

    pub fn emit_mov(&self, out: &mut Out<'_>, to: Place, from: Place) {
        match (to, from) {
            (Place::Reg(to), Place::Reg(from)) => self.copy(out, to, from),
            (Place::Reg(to), Place::Stack(at)) => self.stack(out, true, Width::Word, to, at),
            (Place::Stack(at), Place::Reg(from)) => self.stack(out, false, Width::Word, from, at),
            // The allocator never asks for this.
            (Place::Stack(_), Place::Stack(_)) => {}
        }
    }

    pub fn emit_helper(&self, out: &mut Out<'_>, call: &HelperCall, frame: &Frame) {
        // What differs from call to call comes first.
        for pass in [true, false] {
            for (i, arg) in call.args.iter().take(usize::from(call.count)).enumerate() {
                let to = self.argument(call, i);
                match *arg {
                    Arg::Slot(at) if pass => self.stack_address(out, to, frame.slots + at),
                    Arg::Const(value) if !pass => self.constant_in(out, to, value),
                    _ => {}
                }
            }
        }
        let offset = match call.callee {
            Helping::Table(offset) => i64::from(offset),
            Helping::Routine(routine) => {
                let label = out.routine(routine);
                return out.jump(Jump::Link, label);
            }
        };
        if let Some(pinned) = frame.pinned(offset as i32) {
            return self.call(out, pinned);
        }
        let callee = if call.count < 4 { Reg(3) } else { SCRATCH };
        let operands = [n(callee), n(TABLE), offset];
        if !self.try_first(out, &[(Op::LDR_I, &operands), (Op::LDR_IW, &operands)]) {
            // Narrow CPUs, and the table is longer than a short offset.
            let low = if call.count < 4 { callee } else { LR };
            self.load_far(out, low, offset);
            return self.call(out, low);
        }
        self.call(out, callee);
    }

    fn call(&self, out: &mut Out<'_>, callee: Reg) {
        // The long form of a jump may spoil the return address on the way.
        if callee == LR {
            return self.one(out, Op::BLX, &[n(callee)]);
        }
        let mut bytes = [Op::BLX, Op::BX].map(|op| {
            let mut code = Vec::new();
            if let Some(word) = self.encode(op, &[n(callee)]) {
                put(&mut code, Family::Thumb, word);
            }
            code
        });
        let [call, tail] = &mut bytes;
        out.call(call, tail);
    }

    /// The halfword of a name.
    pub fn load_name(&self, out: &mut Out<'_>, to: Reg, base: Reg, offset: u32) {
        let operands = [n(to), n(base), i64::from(offset)];
        if self.try_first(out, &[(Op::LDRH_I, &operands), (Op::LDRH_IW, &operands)]) {
            return;
        }
        self.constant_in(out, to, offset as i32);
        self.first(
            out,
            &[(Op::LDRH_R, &[n(to), n(base), n(to)]), (Op::LDRH_RW, &[n(to), n(base), n(to)])],
        );
    }

    /// An entry of the helper table that a short offset does not reach.
    fn load_far(&self, out: &mut Out<'_>, to: Reg, offset: i64) {
        if to.low() {
            self.constant_in(out, to, offset as i32);
            return self.one(out, Op::LDR_R, &[n(to), n(TABLE), n(to)]);
        }
        // All arguments are in use: one is lent.
        self.copy(out, SCRATCH, Reg(0));
        self.constant_in(out, Reg(0), offset as i32);
        self.one(out, Op::LDR_R, &[0, n(TABLE), 0]);
        self.copy(out, to, Reg(0));
        self.copy(out, Reg(0), SCRATCH);
    }

    pub fn emit_kind(&self, out: &mut Out<'_>, kind: Kind, regs: &[Reg], frame: &Frame) {
        let at = |i: usize| n(regs[i]);
        match kind {
            Kind::Const(value) => self.constant_in(out, regs[0], value),
            Kind::Mov => self.copy(out, regs[0], regs[1]),
            Kind::Alu(alu) => self.put_alu(out, alu, regs[0], regs[1], regs[2]),
            Kind::AluWith(alu, value) => self.put_alu_with(out, alu, regs[0], regs[1], value),
            Kind::AluShifted(alu, shift, by) => self.put_shifted(out, alu, shift, by, regs),
            Kind::Unary(unary) => self.put_unary(out, unary, regs[0], regs[1]),
            Kind::LongMul { signed } => {
                let op = if signed { Op::SMULL } else { Op::UMULL };
                self.one(out, op, &[at(0), at(1), at(2), at(3)]);
            }
            Kind::LongMulParts { signed } => self.product_of_halves(out, signed, regs),
            Kind::Div { signed } => {
                let op = if signed { Op::SDIV } else { Op::UDIV };
                self.one(out, op, &[at(0), at(1), at(2)]);
            }
            Kind::DivLoop => self.divide_by_bits(out, regs),
            Kind::Float(op) => self.put_float(out, op, regs),
            Kind::Convert(conversion) => self.put_conversion(out, conversion, regs),
            Kind::FloatArgument => self.load_float(out, 0, regs[0]),
            Kind::Mls => self.one(out, Op::MLS, &[at(0), at(1), at(2), at(3)]),
            Kind::Load(width, offset) => self.put_access(out, true, width, regs, offset),
            Kind::Store(width, offset) => self.put_access(out, false, width, regs, offset),
            Kind::LoadIndexed(width, by) => self.put_indexed(out, true, width, by, regs),
            Kind::StoreIndexed(width, by) => self.put_indexed(out, false, width, by, regs),
            Kind::LoadSlot(width, offset) => {
                self.stack(out, true, width, regs[0], frame.slots + offset);
            }
            Kind::StoreSlot(width, offset) => {
                self.stack(out, false, width, regs[0], frame.slots + offset);
            }
            Kind::StoreOut(offset) => self.stack(out, false, Width::Word, regs[0], offset),
            Kind::SlotAddress(offset) => self.stack_address(out, regs[0], frame.slots + offset),
            Kind::Set(test) => self.put_set(out, test, regs),
            Kind::Select(test) => {
                let cond = self.flags(out, test, &regs[3..]);
                self.only(out, cond);
                self.one(out, Op::MOV_H, &[at(0), at(2)]);
            }
            Kind::Overflow(alu, cond) => {
                self.constant_in(out, regs[1], 0);
                self.add_with_flags(out, alu, regs[0], regs[2], regs[3]);
                self.flag(out, cond, regs[1]);
            }
            Kind::MulOverflow { signed } => {
                self.long_product(out, signed, regs);
                self.zero_or_one(out, Cond::NE, regs[1]);
            }
            Kind::SmallMulOverflow => {
                self.small_product(out, regs[0], regs[1], regs[2], regs[3]);
                // One where it is not zero.
                let over = at(1);
                self.one(out, Op::CMP_I8, &[over, 0]);
                self.one(out, Op::BCC, &[i64::from(Cond::EQ.0), 0]);
                out.glue(1);
                self.one(out, Op::MOV_I8, &[over, 1]);
            }
            Kind::Call => self.one(out, Op::BLX, &[at(0)]),
            // Branches are emitted by `emit_branch`.
            Kind::Branch(_)
            | Kind::OverflowBranch(_)
            | Kind::OverflowBranchWith(..)
            | Kind::MulOverflowBranch
            | Kind::SmallMulBranch => {}
        }
    }

    /// Sets a register that is zero to one where the condition holds.
    pub fn flag(&self, out: &mut Out<'_>, cond: Cond, to: Reg) {
        self.only(out, cond);
        if to.low() {
            self.one(out, Op::MOV_I8, &[n(to), 1]);
        } else {
            self.one(out, Op::MOV_IW, &[n(to), 1]);
        }
    }

    /// Zero or one by the flags; wide CPUs only.
    pub fn zero_or_one(&self, out: &mut Out<'_>, cond: Cond, to: Reg) {
        // Then, else: the mask's bit for `else` is the opposite condition's lowest.
        let mask = i64::from(cond.opposite().0 & 1) << 3 | 4;
        self.one(out, Op::IT, &[i64::from(cond.0), mask]);
        out.glue(2);
        for value in [1, 0] {
            let operands = [n(to), value];
            self.first(out, &[(Op::MOV_I8, &operands), (Op::MOV_IW, &operands)]);
        }
    }

    fn put_set(&self, out: &mut Out<'_>, test: Test, regs: &[Reg]) {
        if self.wide() {
            let cond = self.flags(out, test, &regs[1..]);
            self.zero_or_one(out, cond, regs[0]);
        } else {
            self.constant_in(out, regs[0], 0);
            let cond = self.flags(out, test, &regs[1..]);
            self.flag(out, cond, regs[0]);
        }
    }

    /// Four products of halves; registers low, high, three to spoil, operands.
    fn product_of_halves(&self, out: &mut Out<'_>, signed: bool, regs: &[Reg]) {
        let [low, high, a, b, p, x, y] = [0, 1, 2, 3, 4, 5, 6].map(|i| n(regs[i]));
        for (op, operands) in [(Op::UXTH, [p, x]), (Op::UXTH, [low, y])] {
            self.one(out, op, &operands);
        }
        self.one(out, Op::LSR_I, &[a, x, 16]);
        self.one(out, Op::LSR_I, &[b, y, 16]);
        self.one(out, Op::MOV_H, &[high, a]);
        self.one(out, Op::MUL, &[high, b]);
        self.one(out, Op::MUL, &[a, low]);
        self.one(out, Op::MUL, &[low, p]);
        self.one(out, Op::MUL, &[p, b]);
        // The sum of the middle products may be 33 bits long.
        self.one(out, Op::ADD, &[a, a, p]);
        self.one(out, Op::MOV_H, &[b, a]);
        self.one(out, Op::BCC, &[i64::from(Cond::CC.0), 4]);
        out.glue(3);
        self.one(out, Op::MOV_I8, &[p, 1]);
        self.one(out, Op::LSL_I, &[p, p, 16]);
        self.one(out, Op::ADD, &[high, high, p]);
        self.one(out, Op::LSR_I, &[b, b, 16]);
        self.one(out, Op::ADD, &[high, high, b]);
        self.one(out, Op::LSL_I, &[a, a, 16]);
        self.one(out, Op::MOV_I8, &[p, 0]);
        self.one(out, Op::ADD, &[low, low, a]);
        self.one(out, Op::ADC, &[high, p]);
        if signed {
            for (sign, other) in [(x, y), (y, x)] {
                self.one(out, Op::ASR_I, &[p, sign, 31]);
                self.one(out, Op::AND, &[p, other]);
                self.one(out, Op::SUB, &[high, high, p]);
            }
        }
    }

    /// Division bit by bit; registers quotient, remainder, counter, operands.
    fn divide_by_bits(&self, out: &mut Out<'_>, regs: &[Reg]) {
        let [q, r, count, x, y] = [0, 1, 2, 3, 4].map(|i| n(regs[i]));
        let (again, take, next) = (out.label(), out.label(), out.label());
        self.one(out, Op::MOV_H, &[q, x]);
        self.one(out, Op::MOV_I8, &[r, 0]);
        self.one(out, Op::MOV_I8, &[count, 32]);
        out.bind(again);
        self.one(out, Op::ADD, &[q, q, q]);
        self.one(out, Op::ADC, &[r, r]);
        out.jump(Jump::On(Cond::CS), take);
        self.one(out, Op::CMP, &[r, y]);
        out.jump(Jump::On(Cond::CC), next);
        out.bind(take);
        self.one(out, Op::SUB, &[r, r, y]);
        self.one(out, Op::ADD_I8, &[q, 1]);
        out.bind(next);
        self.one(out, Op::SUB_I8, &[count, 1]);
        out.jump(Jump::On(Cond::NE), again);
    }

    /// Moves the stack pointer; `free` may be spoilt where constants are large.
    pub fn move_sp(&self, out: &mut Out<'_>, by: i64, free: Option<Reg>) {
        let amount = by.abs();
        let forms: [(Op, &[i64]); 2] = if by < 0 {
            [(Op::SUB_SP_I, &[amount]), (Op::SUBW, &[SP, SP, amount])]
        } else {
            [(Op::ADD_SP_I, &[amount]), (Op::ADDW, &[SP, SP, amount])]
        };
        if by == 0 || self.try_first(out, &forms) {
            return;
        }
        if amount <= 2 * 508 {
            let (op, rest) = (forms[0].0, amount - 508);
            self.one(out, op, &[508]);
            return self.one(out, op, &[rest]);
        }
        if self.wide() {
            self.constant_in(out, SCRATCH, by as i32);
            return self.one(out, Op::ADD_H, &[SP, n(SCRATCH)]);
        }
        let reg = free.unwrap_or(Reg(0));
        if free.is_none() {
            self.copy(out, SCRATCH, reg);
        }
        self.constant_in(out, reg, by as i32);
        self.one(out, Op::ADD_H, &[SP, n(reg)]);
        if free.is_none() {
            self.copy(out, reg, SCRATCH);
        }
    }

    fn list(saved: &[Reg], last: Reg) -> i64 {
        saved.iter().chain([&last]).fold(0, |list, r| list | 1 << r.0)
    }

    pub fn emit_prologue(&self, out: &mut Out<'_>, frame: &Frame) {
        self.enter(out, frame);
        for pin in &frame.pins {
            self.one(out, Op::LDR_IW, &[n(pin.reg), n(TABLE), i64::from(pin.offset)]);
        }
    }

    fn enter(&self, out: &mut Out<'_>, frame: &Frame) {
        let arguments = if frame.entry.swapped.is_some() { 0xf } else { 0 };
        let list = [Self::list(&frame.saved, LR) | arguments];
        self.first(out, &[(Op::PUSH, &list), (Op::PUSH_W, &list)]);
        if let Some(swapped) = frame.entry.swapped {
            return self.swap_in(out, frame, swapped);
        }
        self.move_sp(out, -i64::from(frame.size), None);
        let Some(index) = frame.entry.table else { return };
        // Context of the function object, its constants, the table.
        self.one(out, Op::LDR_I, &[n(TABLE), 0, 4]);
        self.one(out, Op::LDR_I, &[n(TABLE), n(TABLE), 12]);
        let operands = [n(TABLE), n(TABLE), 4 * i64::from(index)];
        if !self.try_first(out, &[(Op::LDR_I, &operands), (Op::LDR_IW, &operands)]) {
            self.copy(out, SCRATCH, Reg(0));
            self.constant_in(out, Reg(0), 4 * index as i32);
            self.first(out, &[(Op::LDR_R, &[n(TABLE), n(TABLE), 0])]);
            self.copy(out, Reg(0), SCRATCH);
        }
    }

    /// Swaps in the globals of the module, and goes on with the arguments if they are
    /// there already.
    fn swap_in(&self, out: &mut Out<'_>, frame: &Frame, swapped: Label) {
        let load = |out: &mut Out<'_>, to: Reg, base: Reg, words: u32| {
            self.one(out, Op::LDR_I, &[n(to), n(base), 4 * i64::from(words)]);
        };
        // The context of the function object.
        load(out, Reg(0), Reg(0), 1);
        load(out, TABLE, Reg(0), 3);
        let index = frame.entry.table.unwrap_or(0);
        let operands = [n(TABLE), n(TABLE), 4 * i64::from(index)];
        if !self.try_first(out, &[(Op::LDR_I, &operands), (Op::LDR_IW, &operands)]) {
            self.constant_in(out, Reg(1), 4 * index as i32);
            self.one(out, Op::LDR_R, &[n(TABLE), n(TABLE), 1]);
        }
        load(out, Reg(0), Reg(0), 1);
        load(out, Reg(1), TABLE, Helper::SwapGlobals as u32);
        self.one(out, Op::BLX, &[1]);
        out.jump(Jump::Zero(Reg(0), false), swapped);
        self.copy(out, Reg(0), Reg(SP as u8));
        self.one(out, Op::LDM, &[0, 0xf]);
        self.move_sp(out, -i64::from(frame.size), None);
    }

    pub fn emit_epilogue(&self, out: &mut Out<'_>, frame: &Frame) {
        let size = frame.size + frame.arguments(WORD);
        self.move_sp(out, i64::from(size), Some(Reg(1)));
        self.pop(out, frame);
    }

    /// Restores the registers that the prologue has saved, and returns.
    pub fn pop(&self, out: &mut Out<'_>, frame: &Frame) {
        let list = [Self::list(&frame.saved, PC)];
        self.first(out, &[(Op::POP, &list), (Op::POP_W, &list)]);
    }
}
