//! Conditions: what a branch, a select or a set tests.

use cranelift_codegen::ir::condcodes::{CondCode, IntCC};
use cranelift_codegen::ir::{self, InstructionData, Opcode, Value};

use super::{Alu, Cond, Kind, Test, Thumb};
use crate::asm::row::modified_immediate;
use crate::native::mach::{Opd, Select};

/// A test and its operands.
pub type Tested = (Test, Vec<Opd>);

/// The condition for a comparison of integers.
pub fn cond(cc: IntCC) -> Cond {
    Cond(match cc {
        IntCC::Equal => 0,
        IntCC::NotEqual => 1,
        IntCC::UnsignedGreaterThanOrEqual => 2,
        IntCC::UnsignedLessThan => 3,
        IntCC::UnsignedGreaterThan => 8,
        IntCC::UnsignedLessThanOrEqual => 9,
        IntCC::SignedGreaterThanOrEqual => 10,
        IntCC::SignedLessThan => 11,
        IntCC::SignedGreaterThan => 12,
        IntCC::SignedLessThanOrEqual => 13,
    })
}

impl Thumb {
    /// An operand in a register that narrow forms can name, where there is nothing
    /// else.
    pub fn low(&self, operand: Opd) -> Opd {
        if self.wide() { operand } else { operand.below(8) }
    }

    /// Whether a comparison can have this constant.
    fn compares(&self, value: i32) -> bool {
        let fits = |v: i32| modified_immediate(v as u32).is_some();
        if self.wide() {
            fits(value) || fits(value.wrapping_neg())
        } else {
            (0..256).contains(&value)
        }
    }

    /// The test of a value for being other than zero. `opposite` is set where the
    /// test holds when the value is zero.
    pub fn truth(&self, s: &mut Select<'_, Self>, value: Value) -> Tested {
        let value = s.peel(value);
        match s.data(value) {
            Some(InstructionData::IntCompare { args, cond: cc, .. }) => {
                return self.comparison(s, *cc, *args);
            }
            Some(InstructionData::FloatCompare { args, cond: cc, .. }) => {
                if let Some(tested) = self.float_comparison(s, *cc, *args) {
                    return tested;
                }
            }
            Some(InstructionData::Binary { opcode: Opcode::Band, args }) => {
                let [left, right] = s.constant_last(*args);
                if let Some(bits) = s.constant(right) {
                    if (bits as u32).is_power_of_two() {
                        let n = s.reg(left);
                        let spoilt = s.temp();
                        let operands = vec![self.low(Opd::write(spoilt)), self.low(Opd::read(n))];
                        return (Test::Bit(bits.trailing_zeros() as u8), operands);
                    }
                } else if s.sole(value) {
                    let (n, m) = (s.reg(left), s.reg(right));
                    let operands = vec![self.low(Opd::read(n)), self.low(Opd::read(m))];
                    return (Test::Share, operands);
                }
            }
            _ => {}
        }
        let n = s.reg(value);
        (Test::CompareWith(Cond::NE, 0), vec![self.low(Opd::read(n))])
    }

    pub fn comparison(&self, s: &mut Select<'_, Self>, cc: IntCC, args: [Value; 2]) -> Tested {
        let signed = cc != cc.unsigned() && s.bits(args[0]) < 32;
        let (mut cc, mut args) = (cc, args);
        if s.constant(args[0]).is_some() {
            args.swap(0, 1);
            cc = cc.swap_args();
        }
        if let Some(constant) = s.constant(args[1])
            && !signed
            && self.compares(constant)
        {
            // An intermediate that is only compared with zero may be a bit test.
            if constant == 0 && cc == IntCC::NotEqual && s.sole(s.peel(args[0])) {
                return self.truth(s, args[0]);
            }
            let n = s.reg(args[0]);
            return (Test::CompareWith(cond(cc), constant), vec![self.low(Opd::read(n))]);
        }
        let both = args.map(|v| if signed { self.extended(s, v) } else { s.reg(v) });
        let operands = both.map(|r| self.low(Opd::read(r))).to_vec();
        (Test::Compare(cond(cc)), operands)
    }

    pub fn lower_branch(&self, s: &mut Select<'_, Self>, condition: Value) {
        let opcodes = [Opcode::SaddOverflow, Opcode::SsubOverflow, Opcode::SmulOverflow];
        if let Some(inst) = s.absorb_overflow(condition, &opcodes) {
            return self.overflow_branch(s, inst);
        }
        let (test, operands) = self.truth(s, condition);
        s.push_branch(Kind::Branch(test), &operands);
    }

    fn overflow_branch(&self, s: &mut Select<'_, Self>, inst: ir::Inst) {
        let InstructionData::Binary { opcode, args } = *s.inst(inst) else { return };
        let alu = match opcode {
            Opcode::SaddOverflow => Alu::Add,
            Opcode::SsubOverflow => Alu::Sub,
            _ => Alu::Mul,
        };
        let to = s.result(inst, 0);
        if alu == Alu::Mul {
            let (n, m) = (s.reg(args[0]), s.reg(args[1]));
            if self.wide() {
                let high = s.temp();
                let operands = [Opd::write(to), Opd::write(high), Opd::read(n), Opd::read(m)];
                return s.push_branch(Kind::MulOverflowBranch, &operands);
            }
            let spoilt = s.temp();
            let operands = [
                Opd::early(to).below(8),
                Opd::early(spoilt).below(8),
                Opd::read(n).below(8),
                Opd::read(m).below(8),
            ];
            return s.push_branch(Kind::SmallMulBranch, &operands);
        }
        let args = if alu == Alu::Add { s.constant_last(args) } else { args };
        if let Some(constant) = s.constant(args[1])
            && constant != i32::MIN
            && self.adds(constant)
        {
            let operands = self.two(s, to, args[0]);
            return s.push_branch(Kind::OverflowBranchWith(alu, constant), &operands);
        }
        let (n, m) = (s.reg(args[0]), s.reg(args[1]));
        let operands = [self.low(Opd::write(to)), self.low(Opd::read(n)), self.low(Opd::read(m))];
        s.push_branch(Kind::OverflowBranch(alu), &operands);
    }
}
