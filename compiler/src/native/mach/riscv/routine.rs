//! Routines: small integers without the runtime, everything else by it.
//!
//! Operands come in the registers in which the runtime's helper wants them, so that
//! the slow path is a jump to it. The return address is in `ra`; `a3`..`a5` are
//! spoilt as by any call.

use mpy_format::{BinaryOp, Helper};

use super::emit::Out;
use super::{A0, A1, Alu, Cond, Jump, RA, Reg, RiscV, S0, Width, ZERO};
use crate::asm::riscv::Op;
use crate::clif::Routine;
use crate::native::mach::Label;

pub const A2: Reg = Reg(12);
pub const A3: Reg = Reg(13);
pub const A4: Reg = Reg(14);
pub const A5: Reg = Reg(15);
/// A register that no argument and no compressed form has.
pub const T0: Reg = Reg(5);

/// Bytes by which the stack moves where the return address is kept.
const KEPT: i32 = 16;

pub fn n(reg: Reg) -> i64 {
    i64::from(reg.0)
}

impl RiscV {
    /// Writes a routine.
    pub fn emit_routine(&self, out: &mut Out<'_>, routine: Routine) {
        let slow = out.label();
        match routine {
            Routine::Binary(op) => {
                self.routine_binary(out, op.plain(), slow);
                self.back(out, slow);
                self.constant_in(out, A0, op as i64);
                self.go_on(out, Helper::BinaryOp);
            }
            Routine::Compare(op) => {
                self.both_small(out, slow);
                let three = |a: Reg, b: Reg| [n(A0), n(a), n(b)];
                match op {
                    BinaryOp::Less => self.one(out, Op::SLT, &three(A1, A2)),
                    BinaryOp::More => self.one(out, Op::SLT, &three(A2, A1)),
                    BinaryOp::LessEqual | BinaryOp::MoreEqual => {
                        let less = op == BinaryOp::LessEqual;
                        let operands = if less { three(A2, A1) } else { three(A1, A2) };
                        self.one(out, Op::SLT, &operands);
                        self.one(out, Op::XORI, &[n(A0), n(A0), 1]);
                    }
                    _ => {
                        self.one(out, Op::SUB, &three(A1, A2));
                        if op == BinaryOp::Equal {
                            self.one(out, Op::SLTIU, &[n(A0), n(A0), 1]);
                        }
                    }
                }
                self.back(out, slow);
                self.move_sp(out, -KEPT);
                self.stack(out, false, RA, KEPT as u32 - self.word());
                self.constant_in(out, A0, op as i64);
                for helper in [Helper::BinaryOp, Helper::ObjIsTrue] {
                    self.load_helper(out, A5, helper);
                    self.one(out, Op::C_JALR, &[n(A5)]);
                }
                self.stack(out, true, RA, KEPT as u32 - self.word());
                self.move_sp(out, KEPT);
                self.one(out, Op::C_JR, &[n(RA)]);
            }
            Routine::LoadSubscr => self.load_item(out, slow),
            Routine::StoreSubscr => self.store_item(out, slow),
            _ => self.emit_object_routine(out, routine),
        }
        out.gap();
    }

    /// Returns; the slow path follows.
    pub fn back(&self, out: &mut Out<'_>, slow: Label) {
        self.one(out, Op::C_JR, &[n(RA)]);
        out.gap();
        out.bind(slow);
    }

    pub fn load_helper(&self, out: &mut Out<'_>, to: Reg, helper: Helper) {
        self.access(out, true, Width::Word, to, S0, self.at(helper as u32));
    }

    pub fn go_on(&self, out: &mut Out<'_>, helper: Helper) {
        self.load_helper(out, A5, helper);
        self.one(out, Op::C_JR, &[n(A5)]);
    }

    /// Goes on where `a1` and `a2` are small integers.
    fn both_small(&self, out: &mut Out<'_>, slow: Label) {
        self.copy(out, A5, A1);
        self.one(out, Op::C_AND, &[n(A5), n(A2)]);
        self.one(out, Op::C_ANDI, &[n(A5), 1]);
        out.jump(Jump::zero(A5), slow);
    }

    /// `a1 op a2` in `a0`.
    fn routine_binary(&self, out: &mut Out<'_>, op: BinaryOp, slow: Label) {
        let three = |op: Op, out: &mut Out<'_>| self.one(out, op, &[n(A0), n(A1), n(A2)]);
        if op == BinaryOp::And {
            // Its tag is set where both are.
            three(Op::AND, out);
            self.one(out, Op::ANDI, &[n(A5), n(A0), 1]);
            return out.jump(Jump::zero(A5), slow);
        }
        self.both_small(out, slow);
        match op {
            BinaryOp::Or => return three(Op::OR, out),
            BinaryOp::Xor => three(Op::XOR, out),
            BinaryOp::Subtract => {
                three(Op::SUB, out);
                // It is less exactly where the subtracted is more than nothing.
                self.one(out, Op::SLT, &[n(A4), n(ZERO), n(A2)]);
                self.one(out, Op::SLT, &[n(A5), n(A0), n(A1)]);
                out.jump(Jump::On(Cond::Ne, A4, A5), slow);
            }
            BinaryOp::Multiply => {
                self.one(out, Op::SRAI, &[n(A4), n(A1), 1]);
                self.one(out, Op::ADDI, &[n(A5), n(A2), -1]);
                self.one(out, Op::MULH, &[n(A3), n(A4), n(A5)]);
                self.one(out, Op::MUL, &[n(A0), n(A4), n(A5)]);
                self.put_alu_with(out, Alu::Sra, A4, A0, self.bits() - 1);
                out.jump(Jump::On(Cond::Ne, A3, A4), slow);
            }
            _ => {
                self.one(out, Op::ADDI, &[n(A4), n(A2), -1]);
                self.one(out, Op::ADD, &[n(A0), n(A1), n(A4)]);
                self.one(out, Op::SLTI, &[n(A4), n(A4), 0]);
                self.one(out, Op::SLT, &[n(A5), n(A0), n(A1)]);
                return out.jump(Jump::On(Cond::Ne, A4, A5), slow);
            }
        }
        self.one(out, Op::C_ADDI, &[n(A0), 1]);
    }
}
