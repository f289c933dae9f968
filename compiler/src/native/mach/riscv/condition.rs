//! Conditions: what a branch, a select or a set compares.

use cranelift_codegen::ir::condcodes::{CondCode, IntCC};
use cranelift_codegen::ir::{self, InstructionData, Opcode, Value};
use regalloc2::VReg;

use super::emit::fits;
use super::lower::S;
use super::{Alu, Cond, Kind, RiscV};
use crate::native::mach::Opd;

/// A comparison and its operands, of which the second may be missing: zero.
pub type Tested = (Cond, Vec<Opd>);

fn cond(cc: IntCC) -> Cond {
    match cc {
        IntCC::Equal => Cond::Eq,
        IntCC::NotEqual => Cond::Ne,
        IntCC::SignedLessThan => Cond::Lt,
        IntCC::SignedGreaterThanOrEqual => Cond::Ge,
        IntCC::SignedGreaterThan => Cond::Gt,
        IntCC::SignedLessThanOrEqual => Cond::Le,
        IntCC::UnsignedLessThan => Cond::Ltu,
        IntCC::UnsignedGreaterThanOrEqual => Cond::Geu,
        IntCC::UnsignedGreaterThan => Cond::Gtu,
        IntCC::UnsignedLessThanOrEqual => Cond::Leu,
    }
}

fn is_signed(cc: IntCC) -> bool {
    cc != cc.unsigned()
}

/// Operands of a comparison in the order in which the second may be a constant,
/// which is then given.
struct Sides {
    cc: IntCC,
    left: Value,
    right: Value,
    constant: Option<i32>,
}

impl RiscV {
    fn sides(s: &S<'_>, cc: IntCC, args: [Value; 2]) -> Sides {
        let (cc, [left, right]) = match s.constant(args[0]) {
            Some(_) => (cc.swap_args(), [args[1], args[0]]),
            None => (cc, args),
        };
        // The register of a narrow constant is not extended by its sign.
        let narrow = is_signed(cc) && s.bits(left) < s.word_bits();
        let constant = s.constant(right).filter(|c| !narrow || *c == 0);
        // Less or equal is less than the next.
        let (cc, constant) = match (cc, constant) {
            (IntCC::SignedGreaterThan, Some(c)) if c != 0 && c != i32::MAX => {
                (IntCC::SignedGreaterThanOrEqual, Some(c + 1))
            }
            (IntCC::SignedLessThanOrEqual, Some(c)) if c != 0 && c != i32::MAX => {
                (IntCC::SignedLessThan, Some(c + 1))
            }
            (IntCC::UnsignedGreaterThan, Some(c)) if c != 0 && c != -1 && c != i32::MAX => {
                (IntCC::UnsignedGreaterThanOrEqual, Some(c + 1))
            }
            (IntCC::UnsignedLessThanOrEqual, Some(c)) if c != 0 && c != -1 && c != i32::MAX => {
                (IntCC::UnsignedLessThan, Some(c + 1))
            }
            other => other,
        };
        Sides { cc, left, right, constant }
    }

    fn side(&self, s: &mut S<'_>, cc: IntCC, value: Value) -> VReg {
        if is_signed(cc) { self.extended(s, value) } else { s.reg(value) }
    }

    /// When a value is other than zero.
    pub fn truth(&self, s: &mut S<'_>, value: Value) -> Tested {
        let value = s.peel(value);
        if let Some(inst) = s.flag(value) {
            return self.overflows(s, inst);
        }
        match s.data(value) {
            Some(InstructionData::IntCompare { args, cond: cc, .. }) => {
                self.comparison(s, *cc, *args)
            }
            Some(InstructionData::Binary { opcode: Opcode::Band, args }) => {
                let [left, right] = s.constant_last(*args);
                let unused = 64 - s.word_bits();
                match s.constant(right) {
                    // A bit that no constant operand reaches becomes the sign.
                    Some(bits)
                        if ((bits as i64 as u64) << unused).is_power_of_two() && !fits(bits) =>
                    {
                        let n = s.reg(left);
                        let up = ((bits as i64 as u64) << unused).leading_zeros() as i32;
                        let shifted = if up == 0 { n } else { self.with(s, Alu::Sll, n, up) };
                        (Cond::Lt, vec![Opd::read(shifted)])
                    }
                    _ => (Cond::Ne, vec![Opd::read(s.reg(value))]),
                }
            }
            _ => (Cond::Ne, vec![Opd::read(s.reg(value))]),
        }
    }

    fn comparison(&self, s: &mut S<'_>, cc: IntCC, args: [Value; 2]) -> Tested {
        let Sides { cc, left, right, constant } = Self::sides(s, cc, args);
        let equality = matches!(cc, IntCC::Equal | IntCC::NotEqual);
        match constant {
            Some(0) => {
                if cc == IntCC::NotEqual && s.sole(s.peel(left)) {
                    return self.truth(s, left);
                }
                let n = self.side(s, cc, left);
                return (cond(cc), vec![Opd::read(n)]);
            }
            // The lowest bit is one where it is not zero.
            Some(1) if equality && self.is_bit(s, left) => {
                let n = s.reg(left);
                let cond = if cc == IntCC::Equal { Cond::Ne } else { Cond::Eq };
                return (cond, vec![Opd::read(n)]);
            }
            // Short where the register is not needed again.
            Some(c) if equality && (-31..=32).contains(&c) && s.sole(s.peel(left)) => {
                let n = s.reg(left);
                let difference = self.with(s, Alu::Add, n, -c);
                return (cond(cc), vec![Opd::read(difference)]);
            }
            // A set and a short branch beat a constant of four bytes.
            Some(c) if !equality && fits(c) && !(-32..32).contains(&c) => {
                let alu = if is_signed(cc) { Alu::Slt } else { Alu::Sltu };
                let less = matches!(cc, IntCC::SignedLessThan | IntCC::UnsignedLessThan);
                let more = [IntCC::SignedGreaterThanOrEqual, IntCC::UnsignedGreaterThanOrEqual];
                if less || more.contains(&cc) {
                    let n = self.side(s, cc, left);
                    let set = self.with(s, alu, n, c);
                    return (if less { Cond::Ne } else { Cond::Eq }, vec![Opd::read(set)]);
                }
            }
            _ => {}
        }
        let n = self.side(s, cc, left);
        // The constant may be another than the operand.
        let m = match constant {
            Some(c) => self.make(s, i64::from(c)),
            None => self.side(s, cc, right),
        };
        (cond(cc), vec![Opd::read(n), Opd::read(m)])
    }

    fn is_bit(&self, s: &S<'_>, value: Value) -> bool {
        match s.data(s.peel(value)) {
            Some(InstructionData::Binary { opcode: Opcode::Band, args }) => {
                args.iter().any(|a| s.constant(*a) == Some(1))
            }
            _ => false,
        }
    }

    /// When the first result of an arithmetic instruction is not the whole truth.
    pub fn overflows(&self, s: &mut S<'_>, inst: ir::Inst) -> Tested {
        let InstructionData::Binary { opcode, args } = *s.inst(inst) else {
            return (Cond::Ne, Vec::new());
        };
        match opcode {
            Opcode::SaddOverflow | Opcode::SsubOverflow => {
                let sum = opcode == Opcode::SaddOverflow;
                if sum && args[0] == args[1] {
                    // Its half is not what it was made of.
                    let result = s.result(inst, 0);
                    let half = self.with(s, Alu::Sra, result, 1);
                    let n = s.reg(args[0]);
                    return (Cond::Ne, vec![Opd::read(half), Opd::read(n)]);
                }
                let args = if sum { s.constant_last(args) } else { args };
                let result = s.result(inst, 0);
                let n = s.reg(args[0]);
                if let Some(constant) = s.constant(args[1]) {
                    // Less after growing, or more after shrinking.
                    let grows = (constant >= 0) == sum;
                    let cond = if grows { Cond::Lt } else { Cond::Gt };
                    return (cond, vec![Opd::read(result), Opd::read(n)]);
                }
                let m = s.reg(args[1]);
                let shrinks = if sum {
                    self.with(s, Alu::Slt, m, 0)
                } else {
                    let positive = s.temp();
                    let operands = [Opd::write(positive), Opd::read(m)];
                    s.push(Kind::ZeroLess { signed: true }, &operands);
                    positive
                };
                let shrank = self.alu(s, Alu::Slt, result, n);
                (Cond::Ne, vec![Opd::read(shrinks), Opd::read(shrank)])
            }
            Opcode::UaddOverflow => {
                let result = s.result(inst, 0);
                let n = s.reg(args[0]);
                (Cond::Ltu, vec![Opd::read(result), Opd::read(n)])
            }
            Opcode::UsubOverflow => {
                let [n, m] = args.map(|v| s.reg(v));
                (Cond::Ltu, vec![Opd::read(n), Opd::read(m)])
            }
            Opcode::UmulOverflow => {
                let [n, m] = args.map(|v| s.reg(v));
                let high = self.alu(s, Alu::Mulhu, n, m);
                (Cond::Ne, vec![Opd::read(high)])
            }
            // The upper word is more than the sign of the lower.
            _ => {
                let result = s.result(inst, 0);
                let [n, m] = args.map(|v| s.reg(v));
                let high = self.alu(s, Alu::Mulh, n, m);
                let sign = self.with(s, Alu::Sra, result, self.bits() - 1);
                (Cond::Ne, vec![Opd::read(high), Opd::read(sign)])
            }
        }
    }

    /// One where a comparison holds, else zero.
    pub fn set_compare(&self, s: &mut S<'_>, to: VReg, cc: IntCC, args: [Value; 2]) {
        let Sides { cc, left, right, constant } = Self::sides(s, cc, args);
        if let Some(c) = constant.filter(|c| fits(*c) && *c != -2048) {
            let signed = is_signed(cc);
            let alu = if signed { Alu::Slt } else { Alu::Sltu };
            let n = self.side(s, cc, left);
            match cc {
                IntCC::Equal | IntCC::NotEqual => {
                    let n = if c == 0 { n } else { self.with(s, Alu::Add, n, -c) };
                    return self.set(s, to, (cond(cc), vec![Opd::read(n)]));
                }
                IntCC::SignedLessThan | IntCC::UnsignedLessThan => {
                    return self.with_in(s, alu, to, n, c);
                }
                IntCC::SignedGreaterThanOrEqual | IntCC::UnsignedGreaterThanOrEqual => {
                    let less = self.with(s, alu, n, c);
                    return self.with_in(s, Alu::Xor, to, less, 1);
                }
                _ if c == 0 => return self.set(s, to, (cond(cc), vec![Opd::read(n)])),
                _ => {}
            }
        }
        let n = self.side(s, cc, left);
        let m = match constant {
            Some(c) => self.make(s, i64::from(c)),
            None => self.side(s, cc, right),
        };
        self.set(s, to, (cond(cc), vec![Opd::read(n), Opd::read(m)]));
    }

    /// One where a test holds, else zero.
    pub fn set(&self, s: &mut S<'_>, to: VReg, (cond, operands): Tested) {
        let n = operands[0].0.vreg();
        let Some(m) = operands.get(1).map(|o| o.0.vreg()) else {
            return self.set_zero(s, to, cond, n);
        };
        let (alu, operands, inverted) = match cond {
            Cond::Eq | Cond::Ne => {
                let differs = self.alu(s, Alu::Xor, n, m);
                return self.set_zero(s, to, cond, differs);
            }
            Cond::Lt => (Alu::Slt, [n, m], false),
            Cond::Ge => (Alu::Slt, [n, m], true),
            Cond::Gt => (Alu::Slt, [m, n], false),
            Cond::Le => (Alu::Slt, [m, n], true),
            Cond::Ltu => (Alu::Sltu, [n, m], false),
            Cond::Geu => (Alu::Sltu, [n, m], true),
            Cond::Gtu => (Alu::Sltu, [m, n], false),
            Cond::Leu => (Alu::Sltu, [m, n], true),
        };
        let [a, b] = operands;
        if inverted {
            let less = self.alu(s, alu, a, b);
            self.with_in(s, Alu::Xor, to, less, 1);
        } else {
            self.alu_in(s, alu, to, a, b);
        }
    }

    /// The same for a comparison with zero.
    fn set_zero(&self, s: &mut S<'_>, to: VReg, cond: Cond, n: VReg) {
        let operands = |to| [Opd::write(to), Opd::read(n)];
        match cond {
            Cond::Eq | Cond::Leu => self.with_in(s, Alu::Sltu, to, n, 1),
            Cond::Ne | Cond::Gtu => s.push(Kind::ZeroLess { signed: false }, &operands(to)),
            Cond::Lt => self.with_in(s, Alu::Srl, to, n, self.bits() - 1),
            Cond::Gt => s.push(Kind::ZeroLess { signed: true }, &operands(to)),
            Cond::Ge => {
                let less = self.with(s, Alu::Srl, n, self.bits() - 1);
                self.with_in(s, Alu::Xor, to, less, 1);
            }
            Cond::Le => {
                let more = s.temp();
                s.push(Kind::ZeroLess { signed: true }, &operands(more));
                self.with_in(s, Alu::Xor, to, more, 1);
            }
            Cond::Ltu => s.push(Kind::Const(0), &[Opd::write(to)]),
            Cond::Geu => s.push(Kind::Const(1), &[Opd::write(to)]),
        }
    }
}
