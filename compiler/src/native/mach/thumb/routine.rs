//! Routines: small integers without the runtime, everything else by it.
//!
//! Operands come in the registers in which the runtime's helper wants them, so that
//! the slow path is a jump to it. The return address is in `lr`; `r3` and `r12` are
//! spoilt as by any call.

use mpy_format::{BinaryOp, Helper};

use super::test::cond;
use super::{Cond, Jump, LR, PC, TABLE, Thumb};
use crate::asm::thumb::Op;
use crate::clif::{Routine, compared};
use crate::native::mach::{Buffer, Label, Reg};

pub type Out<'a> = Buffer<'a, Thumb>;

impl Thumb {
    /// Writes a routine.
    pub fn emit_routine(&self, out: &mut Out<'_>, routine: Routine) {
        let slow = out.label();
        match routine {
            Routine::Binary(op) => {
                self.routine_binary(out, op.plain(), slow);
                self.one(out, Op::BX, &[i64::from(LR.0)]);
                out.gap();
                out.bind(slow);
                self.one(out, Op::MOV_I8, &[0, op as i64]);
                self.load_helper(out, Reg(3), Helper::BinaryOp);
                self.one(out, Op::BX, &[3]);
            }
            Routine::Compare(op) => {
                self.both_small(out, slow);
                let holds = compared(op).map_or(Cond::EQ, cond);
                if self.wide() {
                    self.one(out, Op::CMP, &[1, 2]);
                    self.zero_or_one(out, holds, Reg(0));
                } else {
                    self.one(out, Op::MOV_I8, &[0, 0]);
                    self.one(out, Op::CMP, &[1, 2]);
                    self.flag(out, holds, Reg(0));
                }
                self.one(out, Op::BX, &[i64::from(LR.0)]);
                out.gap();
                out.bind(slow);
                self.one(out, Op::PUSH, &[1 << 3 | 1 << LR.0]);
                self.one(out, Op::MOV_I8, &[0, op as i64]);
                for helper in [Helper::BinaryOp, Helper::ObjIsTrue] {
                    self.load_helper(out, Reg(3), helper);
                    self.one(out, Op::BLX, &[3]);
                }
                self.one(out, Op::POP, &[1 << 3 | 1 << PC.0]);
            }
            Routine::LoadSubscr => self.load_item(out, slow),
            Routine::StoreSubscr => self.store_item(out, slow),
            _ => self.emit_object_routine(out, routine),
        }
        out.gap();
    }

    /// A word of the helper table in a low register.
    pub fn load_helper(&self, out: &mut Out<'_>, to: Reg, helper: Helper) {
        let (t, table) = (i64::from(to.0), i64::from(TABLE.0));
        let operands = [t, table, 4 * helper as i64];
        if !self.try_first(out, &[(Op::LDR_I, &operands), (Op::LDR_IW, &operands)]) {
            self.constant_in(out, to, 4 * helper as i32);
            self.one(out, Op::LDR_R, &[t, table, t]);
        }
    }

    /// Goes on where `r1` and `r2` are small integers; spoils `r3`.
    fn both_small(&self, out: &mut Out<'_>, slow: Label) {
        if self.wide() {
            self.one(out, Op::AND_W, &[3, 1, 2]);
        } else {
            self.one(out, Op::MOV_H, &[3, 1]);
            self.one(out, Op::AND, &[3, 2]);
        }
        self.one(out, Op::LSL_I, &[3, 3, 31]);
        out.jump(Jump::On(Cond::EQ), slow);
    }

    /// `r1 op r2` in `r0`.
    fn routine_binary(&self, out: &mut Out<'_>, op: BinaryOp, slow: Label) {
        // One operation into `r0`, of which the left operand is `r1`.
        let logic = |out: &mut Out<'_>, short: Op, wide: Op| {
            if self.wide() {
                self.one(out, wide, &[0, 1, 2]);
            } else {
                self.one(out, Op::MOV_H, &[0, 1]);
                self.one(out, short, &[0, 2]);
            }
        };
        match op {
            BinaryOp::And => {
                // Its tag is set where both are.
                logic(out, Op::AND, Op::AND_W);
                self.one(out, Op::LSL_I, &[3, 0, 31]);
                out.jump(Jump::On(Cond::EQ), slow);
            }
            BinaryOp::Or => {
                self.both_small(out, slow);
                logic(out, Op::ORR, Op::ORR_W);
            }
            BinaryOp::Xor => {
                self.both_small(out, slow);
                logic(out, Op::EOR, Op::EOR_W);
                self.one(out, Op::ADD_I3, &[0, 0, 1]);
            }
            BinaryOp::Subtract => {
                self.both_small(out, slow);
                self.one(out, Op::SUB, &[0, 1, 2]);
                out.jump(Jump::On(Cond::VS), slow);
                self.one(out, Op::ADD_I3, &[0, 0, 1]);
            }
            BinaryOp::Multiply => {
                self.both_small(out, slow);
                if self.wide() {
                    self.one(out, Op::ASR_I, &[0, 1, 1]);
                    self.one(out, Op::SUB_I3, &[3, 2, 1]);
                    self.one(out, Op::SMULL, &[0, 3, 0, 3]);
                    self.one(out, Op::CMP_S, &[3, 0, 2, 31]);
                    out.jump(Jump::On(Cond::NE), slow);
                    self.one(out, Op::ADD_I3, &[0, 0, 1]);
                } else {
                    for operand in [1, 2] {
                        self.one(out, Op::ASR_I, &[0, operand, 1]);
                        self.one(out, Op::SXTH, &[3, 0]);
                        self.one(out, Op::CMP, &[3, 0]);
                        out.jump(Jump::On(Cond::NE), slow);
                    }
                    self.one(out, Op::ASR_I, &[3, 1, 1]);
                    self.one(out, Op::MUL, &[3, 0]);
                    self.one(out, Op::ADD, &[3, 3, 3]);
                    out.jump(Jump::On(Cond::VS), slow);
                    self.one(out, Op::ADD_I3, &[0, 3, 1]);
                }
            }
            _ => {
                self.both_small(out, slow);
                self.one(out, Op::SUB_I3, &[0, 2, 1]);
                self.one(out, Op::ADD, &[0, 1, 0]);
                out.jump(Jump::On(Cond::VS), slow);
            }
        }
    }
}
