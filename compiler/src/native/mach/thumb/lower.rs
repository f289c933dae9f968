//! CLIF instructions to kinds.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstructionData, Opcode, Value};
use regalloc2::VReg;

use super::test::cond;
use super::{Alu, Cond, Kind, TABLE, Test, Thumb, Unary, Width};
use crate::asm::row::modified_immediate;
use crate::native::mach::select::{Address, unknown};
use crate::native::mach::{Error, Opd, Select};

type S<'a> = Select<'a, Thumb>;

impl Thumb {
    /// Whether a constant can be added or subtracted at once.
    pub fn adds(&self, value: i32) -> bool {
        let fits = |v: i32| modified_immediate(v as u32).is_some();
        let magnitude = value.unsigned_abs();
        if self.wide() { fits(value) || fits(value.wrapping_neg()) } else { magnitude < 256 }
    }

    /// Whether an operation can have this constant as its second operand.
    fn takes(&self, alu: Alu, value: i32) -> bool {
        let fits = |v: i32| modified_immediate(v as u32).is_some();
        match alu {
            Alu::Add | Alu::Sub => self.adds(value) || self.wide() && value.unsigned_abs() < 4096,
            Alu::Lsl | Alu::Lsr | Alu::Asr => (1..32).contains(&value),
            Alu::Rsb if !self.wide() => value == 0,
            Alu::Ror => self.wide() && (1..32).contains(&value),
            Alu::Mul => false,
            Alu::And if self.wide() => fits(value) || fits(!value) || low_ones(value).is_some(),
            Alu::Orr if self.wide() => fits(value) || fits(!value),
            Alu::And => value == 0xff || value == 0xffff,
            _ => self.wide() && fits(value),
        }
    }

    /// Operands d, n; the same register where that makes the form short.
    pub fn two(&self, s: &mut S<'_>, to: VReg, value: Value) -> [Opd; 2] {
        let short = !self.wide() || s.sole(s.peel(value));
        let n = s.reg(value);
        let to = if short { Opd::reuse(to, 1) } else { Opd::write(to) };
        [to, self.low(Opd::read(n))]
    }

    /// Operands d, n, m of an operation that is short when d is n.
    fn three(&self, s: &mut S<'_>, alu: Alu, to: VReg, args: [Value; 2]) -> [Opd; 3] {
        let [mut left, mut right] = args;
        let free = matches!(alu, Alu::Add | Alu::Sub);
        let sole = |s: &S<'_>, v: Value| s.sole(s.peel(v)) && s.constant(v).is_none();
        let mut short = !free && (!self.wide() || sole(s, left));
        if !free && !sole(s, left) && alu.commutes() && sole(s, right) {
            (left, right) = (right, left);
            short = true;
        }
        let (n, m) = (s.reg(left), s.reg(right));
        // A register that is overwritten cannot also be the other operand.
        let to = if short && n != m { Opd::reuse(to, 1) } else { Opd::write(to) };
        let to = if matches!(to.0.constraint(), regalloc2::OperandConstraint::Reuse(_)) {
            to
        } else {
            self.low(to)
        };
        [to, self.low(Opd::read(n)), self.low(Opd::read(m))]
    }

    fn unary(&self, s: &mut S<'_>, unary: Unary, to: VReg, n: VReg) {
        s.push(Kind::Unary(unary), &[self.low(Opd::write(to)), self.low(Opd::read(n))]);
    }

    /// The sign-extended register of a narrow value.
    pub fn extended(&self, s: &mut S<'_>, value: Value) -> VReg {
        let n = s.reg(value);
        let unary = match s.bits(value) {
            8 => Unary::Sxtb,
            16 => Unary::Sxth,
            _ => return n,
        };
        let to = s.temp();
        self.unary(s, unary, to, n);
        to
    }

    /// Where a result that may have bits above its type is made; they are cleared by
    /// [`Self::clear`].
    fn raw(s: &mut S<'_>, inst: ir::Inst) -> VReg {
        if s.result_bits(inst) < 32 { s.temp() } else { s.result(inst, 0) }
    }

    fn clear(&self, s: &mut S<'_>, inst: ir::Inst, raw: VReg) {
        let unary = match s.result_bits(inst) {
            8 => Unary::Uxtb,
            16 => Unary::Uxth,
            _ => return,
        };
        let to = s.result(inst, 0);
        self.unary(s, unary, to, raw);
    }

    fn binary(&self, s: &mut S<'_>, alu: Alu, to: VReg, args: [Value; 2]) {
        let args = if alu.commutes() { s.constant_last(args) } else { args };
        if let Some(constant) = s.constant(args[1])
            && self.takes(alu, constant)
        {
            let operands = match alu {
                // Short with three registers as well, where the constant is small.
                Alu::Add | Alu::Sub if constant.unsigned_abs() < 8 => {
                    let n = s.reg(args[0]);
                    [self.low(Opd::write(to)), self.low(Opd::read(n))]
                }
                Alu::Lsl | Alu::Lsr | Alu::Asr | Alu::Rsb => {
                    let n = s.reg(args[0]);
                    [self.low(Opd::write(to)), self.low(Opd::read(n))]
                }
                Alu::And if matches!(constant, 0xff | 0xffff) => {
                    let n = s.reg(args[0]);
                    [self.low(Opd::write(to)), self.low(Opd::read(n))]
                }
                _ => self.two(s, to, args[0]),
            };
            return s.push(Kind::AluWith(alu, constant), &operands);
        }
        if self.wide()
            && let Some((left, shifted, shift, by)) = self.shifted(s, alu, args)
        {
            let (n, m) = (s.reg(left), s.reg(shifted));
            let operands = [Opd::write(to), Opd::read(n), Opd::read(m)];
            return s.push(Kind::AluShifted(alu, shift, by), &operands);
        }
        let operands = self.three(s, alu, to, args);
        s.push(Kind::Alu(alu), &operands);
    }

    /// Operands of which the second is the first use of a shift.
    fn shifted(&self, s: &S<'_>, alu: Alu, args: [Value; 2]) -> Option<(Value, Value, Alu, u8)> {
        if matches!(alu, Alu::Mul | Alu::Lsl | Alu::Lsr | Alu::Asr | Alu::Ror | Alu::Rsb) {
            return None;
        }
        let orders = if alu.commutes() { vec![args, [args[1], args[0]]] } else { vec![args] };
        orders.into_iter().find_map(|[left, right]| {
            let InstructionData::Binary { opcode, args } = s.data(right)? else { return None };
            let shift = match opcode {
                Opcode::Ishl => Alu::Lsl,
                Opcode::Ushr => Alu::Lsr,
                Opcode::Sshr => Alu::Asr,
                _ => return None,
            };
            let by = s.constant(args[1])?;
            let fits = (1..32).contains(&by) && s.sole(right) && s.bits(right) == 32;
            (fits && s.constant(left).is_none()).then_some((left, args[0], shift, by as u8))
        })
    }

    /// A shift by a variable number of bits, of which CLIF takes the low five.
    fn shift(&self, s: &mut S<'_>, alu: Alu, inst: ir::Inst, args: [Value; 2]) {
        let bits = s.result_bits(inst);
        let signed = alu == Alu::Asr && bits < 32;
        let raw = Self::raw(s, inst);
        let value = if signed { self.extended(s, args[0]) } else { s.reg(args[0]) };
        match s.constant(args[1]) {
            Some(by) => {
                let by = by & (bits as i32 - 1);
                let operands = [self.low(Opd::write(raw)), self.low(Opd::read(value))];
                match by {
                    0 => s.push(Kind::Mov, &operands),
                    _ if self.takes(alu, by) => s.push(Kind::AluWith(alu, by), &operands),
                    _ => {
                        let by = self.make(s, by);
                        self.alu(s, alu, raw, value, by);
                    }
                }
            }
            None => {
                let by = s.reg(args[1]);
                let masked = if self.wide() {
                    let masked = s.temp();
                    let operands = [Opd::write(masked), Opd::read(by)];
                    s.push(Kind::AluWith(Alu::And, bits as i32 - 1), &operands);
                    masked
                } else {
                    let mask = self.make(s, bits as i32 - 1);
                    let masked = s.temp();
                    self.alu(s, Alu::And, masked, mask, by);
                    masked
                };
                self.alu(s, alu, raw, value, masked);
            }
        }
        self.clear(s, inst, raw);
    }

    /// A constant in a register.
    pub fn make(&self, s: &mut S<'_>, value: i32) -> VReg {
        let to = s.temp();
        s.push(Kind::Const(value), &[self.low(Opd::write(to))]);
        to
    }

    /// An operation on registers.
    pub fn alu(&self, s: &mut S<'_>, alu: Alu, to: VReg, n: VReg, m: VReg) {
        let free = self.wide() || matches!(alu, Alu::Add | Alu::Sub);
        let to = if free { self.low(Opd::write(to)) } else { Opd::reuse(to, 1) };
        s.push(Kind::Alu(alu), &[to, self.low(Opd::read(n)), self.low(Opd::read(m))]);
    }

    pub fn lower_inst(&self, s: &mut S<'_>, inst: ir::Inst) -> Result<(), Error> {
        let opcode = s.inst(inst).opcode();
        match *s.inst(inst) {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, .. } => {
                let value = s.iconst(inst).unwrap_or(0) as i32;
                let to = s.result(inst, 0);
                s.push(Kind::Const(value), &[self.low(Opd::write(to))]);
            }
            InstructionData::Unary { arg, .. } => {
                return match self.lower_float_unary(s, inst, opcode, arg) {
                    true => Ok(()),
                    false => self.lower_unary(s, inst, opcode, arg),
                };
            }
            InstructionData::Binary { args, .. } => {
                if self.lower_float_binary(s, inst, opcode, args) {
                    return Ok(());
                }
                return self.lower_binary(s, inst, opcode, args);
            }
            InstructionData::UnaryIeee32 { opcode: Opcode::F32const, imm } => {
                let to = s.result(inst, 0);
                s.push(Kind::Const(imm.bits() as i32), &[Opd::write(to)]);
            }
            InstructionData::LoadNoOffset { opcode: Opcode::Bitcast, arg, .. } => {
                let (to, n) = (s.result(inst, 0), s.reg(arg));
                s.push(Kind::Mov, &[Opd::write(to), Opd::read(n)]);
            }
            InstructionData::FloatCompare { cond, args, .. } => {
                let (test, operands) =
                    self.float_comparison(s, cond, args).ok_or_else(|| unknown(s, inst))?;
                self.set(s, inst, test, operands);
            }
            InstructionData::IntCompare { cond, args, .. } => {
                let (test, operands) = self.comparison(s, cond, args);
                self.set(s, inst, test, operands);
            }
            InstructionData::Ternary { args, .. } => {
                return self.lower_ternary(s, inst, opcode, args);
            }
            InstructionData::Load { arg, offset, .. } => {
                return self.lower_load(s, inst, opcode, arg, offset.into());
            }
            InstructionData::Store { args, offset, .. } => {
                return self.lower_store(s, inst, opcode, args, offset.into());
            }
            InstructionData::StackAddr { .. } => {
                let to = s.result(inst, 0);
                let value = s.first_result(inst);
                if let Address::Slot(at) = s.address(value, 0) {
                    s.push(Kind::SlotAddress(at), &[self.low(Opd::write(to))]);
                }
            }
            InstructionData::NullAry { opcode: Opcode::Nop } => {}
            _ => return Err(unknown(s, inst)),
        }
        Ok(())
    }

    fn set(&self, s: &mut S<'_>, inst: ir::Inst, test: Test, mut operands: Vec<Opd>) {
        let to = s.result(inst, 0);
        // Without conditional instructions the result is there before the test.
        let first = if self.wide() { Opd::write(to) } else { Opd::early(to).below(8) };
        operands.insert(0, first);
        s.push(Kind::Set(test), &operands);
    }

    fn lower_unary(
        &self,
        s: &mut S<'_>,
        inst: ir::Inst,
        opcode: Opcode,
        arg: Value,
    ) -> Result<(), Error> {
        let bits = s.bits(arg) as i32;
        match opcode {
            Opcode::Ineg => {
                let raw = Self::raw(s, inst);
                let n = s.reg(arg);
                let operands = [self.low(Opd::write(raw)), self.low(Opd::read(n))];
                s.push(Kind::AluWith(Alu::Rsb, 0), &operands);
                self.clear(s, inst, raw);
            }
            Opcode::Bnot => {
                let raw = Self::raw(s, inst);
                let n = s.reg(arg);
                self.unary(s, Unary::Mvn, raw, n);
                self.clear(s, inst, raw);
            }
            Opcode::Ireduce => {
                let n = s.reg(arg);
                self.clear(s, inst, n);
            }
            Opcode::Uextend => {
                let (to, n) = (s.result(inst, 0), s.reg(arg));
                s.push(Kind::Mov, &[self.low(Opd::write(to)), self.low(Opd::read(n))]);
            }
            Opcode::Sextend => {
                let raw = Self::raw(s, inst);
                let n = s.reg(arg);
                let unary = if bits == 8 { Unary::Sxtb } else { Unary::Sxth };
                self.unary(s, unary, raw, n);
                self.clear(s, inst, raw);
            }
            Opcode::Bmask => {
                // All ones where there is any: no borrow from zero.
                let n = s.reg(arg);
                let (negative, either, to) = (s.temp(), s.temp(), Self::raw(s, inst));
                let operands = [self.low(Opd::write(negative)), self.low(Opd::read(n))];
                s.push(Kind::AluWith(Alu::Rsb, 0), &operands);
                self.alu(s, Alu::Orr, either, negative, n);
                let operands = [self.low(Opd::write(to)), self.low(Opd::read(either))];
                s.push(Kind::AluWith(Alu::Asr, 31), &operands);
                self.clear(s, inst, to);
            }
            Opcode::Iabs => {
                let n = self.extended(s, arg);
                let (sign, flipped, to) = (s.temp(), s.temp(), Self::raw(s, inst));
                let operands = [self.low(Opd::write(sign)), self.low(Opd::read(n))];
                s.push(Kind::AluWith(Alu::Asr, 31), &operands);
                self.alu(s, Alu::Eor, flipped, n, sign);
                self.alu(s, Alu::Sub, to, flipped, sign);
                self.clear(s, inst, to);
            }
            Opcode::Bswap => {
                let n = s.reg(arg);
                let to = s.result(inst, 0);
                if bits == 32 {
                    self.unary(s, Unary::Rev, to, n);
                } else {
                    let raw = s.temp();
                    self.unary(s, Unary::Rev, raw, n);
                    let operands = [self.low(Opd::write(to)), self.low(Opd::read(raw))];
                    s.push(Kind::AluWith(Alu::Lsr, 32 - bits), &operands);
                }
            }
            Opcode::Clz if self.wide() => {
                let n = s.reg(arg);
                let to = s.result(inst, 0);
                if bits == 32 {
                    self.unary(s, Unary::Clz, to, n);
                } else {
                    let raw = s.temp();
                    self.unary(s, Unary::Clz, raw, n);
                    let operands = [Opd::write(to), Opd::read(raw)];
                    s.push(Kind::AluWith(Alu::Sub, 32 - bits), &operands);
                }
            }
            Opcode::Ctz if self.wide() && bits == 32 => {
                let n = s.reg(arg);
                let (reversed, to) = (s.temp(), s.result(inst, 0));
                self.unary(s, Unary::Rbit, reversed, n);
                self.unary(s, Unary::Clz, to, reversed);
            }
            Opcode::Bitrev if self.wide() && bits == 32 => {
                let n = s.reg(arg);
                let to = s.result(inst, 0);
                self.unary(s, Unary::Rbit, to, n);
            }
            _ => return Err(unknown(s, inst)),
        }
        Ok(())
    }

    fn lower_binary(
        &self,
        s: &mut S<'_>,
        inst: ir::Inst,
        opcode: Opcode,
        args: [Value; 2],
    ) -> Result<(), Error> {
        let simple = |alu| Some((alu, args));
        let inverted = |s: &S<'_>, alu| {
            [args, [args[1], args[0]]].into_iter().find_map(|[left, right]| {
                match s.data(right)? {
                    InstructionData::Unary { opcode: Opcode::Bnot, arg } if s.sole(right) => {
                        Some((alu, [left, *arg]))
                    }
                    _ => None,
                }
            })
        };
        let operation = match opcode {
            Opcode::Iadd => simple(Alu::Add),
            Opcode::Isub => match s.constant(args[0]) {
                Some(constant) if self.takes(Alu::Rsb, constant) => {
                    Some((Alu::Rsb, [args[1], args[0]]))
                }
                _ => simple(Alu::Sub),
            },
            Opcode::Imul => simple(Alu::Mul),
            Opcode::Band => inverted(s, Alu::Bic).or(simple(Alu::And)),
            Opcode::Bor if self.wide() => inverted(s, Alu::Orn).or(simple(Alu::Orr)),
            Opcode::Bor => simple(Alu::Orr),
            Opcode::Bxor => simple(Alu::Eor),
            _ => None,
        };
        if let Some((alu, args)) = operation {
            let raw = Self::raw(s, inst);
            self.binary(s, alu, raw, args);
            self.clear(s, inst, raw);
            return Ok(());
        }
        match opcode {
            Opcode::Ishl => self.shift(s, Alu::Lsl, inst, args),
            Opcode::Ushr => self.shift(s, Alu::Lsr, inst, args),
            Opcode::Sshr => self.shift(s, Alu::Asr, inst, args),
            Opcode::Rotr if s.result_bits(inst) == 32 => self.shift(s, Alu::Ror, inst, args),
            Opcode::Rotl if s.result_bits(inst) == 32 => self.rotate_left(s, inst, args),
            Opcode::Smin => self.pick(s, inst, IntCC::SignedLessThan, args),
            Opcode::Smax => self.pick(s, inst, IntCC::SignedGreaterThan, args),
            Opcode::Umin => self.pick(s, inst, IntCC::UnsignedLessThan, args),
            Opcode::Umax => self.pick(s, inst, IntCC::UnsignedGreaterThan, args),
            Opcode::Udiv | Opcode::Urem => self.divide(s, inst, opcode, args),
            Opcode::Sdiv | Opcode::Srem if self.wide() => {
                self.divide(s, inst, opcode, args);
            }
            Opcode::Umulhi | Opcode::Smulhi if s.result_bits(inst) == 32 => {
                self.high_product(s, inst, opcode == Opcode::Smulhi, args);
            }
            Opcode::SaddOverflow => self.overflow(s, inst, Alu::Add, Cond::VS, args),
            Opcode::SsubOverflow => self.overflow(s, inst, Alu::Sub, Cond::VS, args),
            Opcode::UaddOverflow => self.overflow(s, inst, Alu::Add, Cond::CS, args),
            Opcode::UsubOverflow => self.overflow(s, inst, Alu::Sub, Cond::CC, args),
            Opcode::SmulOverflow | Opcode::UmulOverflow
                if self.wide() || opcode == Opcode::SmulOverflow =>
            {
                let signed = opcode == Opcode::SmulOverflow;
                let (to, over) = (s.result(inst, 0), s.result(inst, 1));
                let (n, m) = (s.reg(args[0]), s.reg(args[1]));
                let kind = match self.wide() {
                    true => Kind::MulOverflow { signed },
                    false => Kind::SmallMulOverflow,
                };
                let operands = [Opd::early(to), Opd::early(over), Opd::read(n), Opd::read(m)];
                s.push(kind, &operands.map(|o| self.low(o)));
            }
            _ => return Err(unknown(s, inst)),
        }
        Ok(())
    }

    fn rotate_left(&self, s: &mut S<'_>, inst: ir::Inst, args: [Value; 2]) {
        let value = s.reg(args[0]);
        let to = s.result(inst, 0);
        match s.constant(args[1]) {
            Some(by) => {
                let by = self.make(s, -by & 31);
                self.alu(s, Alu::Ror, to, value, by);
            }
            None => {
                let by = s.reg(args[1]);
                let (negative, masked) = (s.temp(), s.temp());
                let operands = [self.low(Opd::write(negative)), self.low(Opd::read(by))];
                s.push(Kind::AluWith(Alu::Rsb, 0), &operands);
                let mask = self.make(s, 31);
                self.alu(s, Alu::And, masked, mask, negative);
                self.alu(s, Alu::Ror, to, value, masked);
            }
        }
    }

    /// The first operand where it compares so with the second, else the second.
    fn pick(&self, s: &mut S<'_>, inst: ir::Inst, cc: IntCC, args: [Value; 2]) {
        let extend = cc != cc.unsigned() && s.bits(args[0]) < 32;
        let (tested, plain) = match extend {
            true => (args.map(|v| self.extended(s, v)), args.map(|v| s.reg(v))),
            false => {
                let plain = args.map(|v| s.reg(v));
                (plain, plain)
            }
        };
        let to = s.result(inst, 0);
        let operands = [
            Opd::reuse(to, 1),
            self.low(Opd::read(plain[1])),
            self.low(Opd::read(plain[0])),
            self.low(Opd::read(tested[0])),
            self.low(Opd::read(tested[1])),
        ];
        s.push(Kind::Select(Test::Compare(cond(cc))), &operands);
    }

    fn divide(&self, s: &mut S<'_>, inst: ir::Inst, opcode: Opcode, args: [Value; 2]) {
        let signed = matches!(opcode, Opcode::Sdiv | Opcode::Srem);
        let [n, m] = args.map(|v| if signed { self.extended(s, v) } else { s.reg(v) });
        let raw = Self::raw(s, inst);
        let remainder = matches!(opcode, Opcode::Urem | Opcode::Srem);
        let quotient = if remainder { s.temp() } else { raw };
        if self.wide() {
            let operands = [Opd::write(quotient), Opd::read(n), Opd::read(m)];
            s.push(Kind::Div { signed }, &operands);
        } else {
            let temps = [s.temp(), s.temp()].map(Opd::early);
            let [a, b] = temps;
            let operands = [Opd::early(quotient), a, b, Opd::read(n), Opd::read(m)];
            s.push(Kind::DivLoop, &operands.map(|o| o.below(8)));
        }
        if remainder {
            if self.wide() {
                let operands = [Opd::write(raw), Opd::read(quotient), Opd::read(m), Opd::read(n)];
                s.push(Kind::Mls, &operands);
            } else {
                let product = s.temp();
                self.alu(s, Alu::Mul, product, quotient, m);
                self.alu(s, Alu::Sub, raw, n, product);
            }
        }
        self.clear(s, inst, raw);
    }

    /// The upper word of a product.
    fn high_product(&self, s: &mut S<'_>, inst: ir::Inst, signed: bool, args: [Value; 2]) {
        let (n, m) = (s.reg(args[0]), s.reg(args[1]));
        let to = s.result(inst, 0);
        let low = s.temp();
        if self.wide() {
            let operands = [Opd::write(low), Opd::write(to), Opd::read(n), Opd::read(m)];
            s.push(Kind::LongMul { signed }, &operands);
        } else {
            let [a, b, c] = [s.temp(), s.temp(), s.temp()].map(Opd::early);
            let (n, m) = (Opd::read(n), Opd::read(m));
            let operands = [Opd::early(low), Opd::early(to), a, b, c, n, m];
            s.push(Kind::LongMulParts { signed }, &operands.map(|o| o.below(8)));
        }
    }

    fn overflow(&self, s: &mut S<'_>, inst: ir::Inst, alu: Alu, cond: Cond, args: [Value; 2]) {
        let (to, over) = (s.result(inst, 0), s.result(inst, 1));
        let (n, m) = (s.reg(args[0]), s.reg(args[1]));
        let operands = [Opd::early(to), Opd::early(over), Opd::read(n), Opd::read(m)];
        s.push(Kind::Overflow(alu, cond), &operands.map(|o| self.low(o)));
    }

    fn lower_ternary(
        &self,
        s: &mut S<'_>,
        inst: ir::Inst,
        opcode: Opcode,
        args: [Value; 3],
    ) -> Result<(), Error> {
        match opcode {
            Opcode::Select | Opcode::SelectSpectreGuard => {
                let (yes, no) = (s.reg(args[1]), s.reg(args[2]));
                let (test, tested) = self.truth(s, args[0]);
                let to = s.result(inst, 0);
                let mut operands =
                    vec![Opd::reuse(to, 1), self.low(Opd::read(no)), self.low(Opd::read(yes))];
                // A register to spoil is not that of the result.
                operands.extend(tested.into_iter().map(|o| match o.is_read() {
                    true => o,
                    false => self.low(Opd::temp(o.0.vreg())),
                }));
                s.push(Kind::Select(test), &operands);
            }
            Opcode::Bitselect => {
                let [mask, yes, no] = args.map(|v| s.reg(v));
                let (differs, chosen) = (s.temp(), s.temp());
                let to = s.result(inst, 0);
                self.alu(s, Alu::Eor, differs, yes, no);
                self.alu(s, Alu::And, chosen, differs, mask);
                self.alu(s, Alu::Eor, to, chosen, no);
            }
            _ => return Err(unknown(s, inst)),
        }
        Ok(())
    }

    /// Width of a load or store, by its opcode and the type in the register.
    fn width(opcode: Opcode, bits: u32) -> Option<Width> {
        Some(match (opcode, bits) {
            (Opcode::Load | Opcode::Store, 32) => Width::Word,
            (Opcode::Load | Opcode::Store, 16) => Width::Half,
            (Opcode::Load | Opcode::Store, 8) => Width::Byte,
            (Opcode::Uload8 | Opcode::Istore8, _) => Width::Byte,
            (Opcode::Uload16 | Opcode::Istore16, _) => Width::Half,
            (Opcode::Sload8, 32) => Width::SignedByte,
            (Opcode::Sload16, 32) => Width::SignedHalf,
            _ => return None,
        })
    }

    fn lower_load(
        &self,
        s: &mut S<'_>,
        inst: ir::Inst,
        opcode: Opcode,
        base: Value,
        offset: i32,
    ) -> Result<(), Error> {
        let bits = s.result_bits(inst);
        let width = Self::width(opcode, bits).ok_or_else(|| unknown(s, inst))?;
        let to = s.result(inst, 0);
        self.access(s, width, to, true, base, offset);
        Ok(())
    }

    fn lower_store(
        &self,
        s: &mut S<'_>,
        inst: ir::Inst,
        opcode: Opcode,
        args: [Value; 2],
        offset: i32,
    ) -> Result<(), Error> {
        let bits = s.bits(args[0]);
        let width = Self::width(opcode, bits).ok_or_else(|| unknown(s, inst))?;
        let value = s.reg(args[0]);
        self.access(s, width, value, false, args[1], offset);
        Ok(())
    }

    /// Whether one instruction reaches this far from a register.
    fn reaches(&self, width: Width, offset: i32) -> bool {
        if self.wide() {
            return (-255..4096).contains(&offset);
        }
        match width {
            Width::Word => offset & 3 == 0 && (0..128).contains(&offset),
            Width::Half => offset & 1 == 0 && (0..64).contains(&offset),
            Width::Byte => (0..32).contains(&offset),
            Width::SignedByte | Width::SignedHalf => false,
        }
    }

    fn access(&self, s: &mut S<'_>, width: Width, reg: VReg, load: bool, base: Value, offset: i32) {
        let t = self.low(if load { Opd::write(reg) } else { Opd::read(reg) });
        match s.address(base, offset) {
            Address::Slot(at) => {
                let plain = matches!(width, Width::Word) || self.wide();
                if plain {
                    let kind = match load {
                        true => Kind::LoadSlot(width, at),
                        false => Kind::StoreSlot(width, at),
                    };
                    return s.push(kind, &[t]);
                }
                let address = s.temp();
                s.push(Kind::SlotAddress(at), &[Opd::write(address).below(8)]);
                self.near(s, width, t, load, address, 0);
            }
            Address::Table(offset) => {
                let base = Opd::pinned(TABLE);
                if self.reaches(width, offset) {
                    let kind = match load {
                        true => Kind::Load(width, offset),
                        false => Kind::Store(width, offset),
                    };
                    return s.push(kind, &[t, base]);
                }
                let m = self.make(s, offset);
                let kind = match load {
                    true => Kind::LoadIndexed(width, 0),
                    false => Kind::StoreIndexed(width, 0),
                };
                s.push(kind, &[t, base, self.low(Opd::read(m))]);
            }
            Address::Base(base, offset) if self.reaches(width, offset) => {
                if offset == 0
                    && let Some((base, index, by)) = self.indexed(s, base)
                {
                    let (n, m) = (s.reg(base), s.reg(index));
                    let kind = match load {
                        true => Kind::LoadIndexed(width, by),
                        false => Kind::StoreIndexed(width, by),
                    };
                    return s.push(kind, &[t, self.low(Opd::read(n)), self.low(Opd::read(m))]);
                }
                let n = s.reg(base);
                self.near(s, width, t, load, n, offset);
            }
            Address::Base(base, offset) => {
                let n = s.reg(base);
                let m = self.make(s, offset);
                let kind = match load {
                    true => Kind::LoadIndexed(width, 0),
                    false => Kind::StoreIndexed(width, 0),
                };
                s.push(kind, &[t, self.low(Opd::read(n)), self.low(Opd::read(m))]);
            }
        }
    }

    fn near(&self, s: &mut S<'_>, width: Width, t: Opd, load: bool, n: VReg, offset: i32) {
        let kind = match load {
            true => Kind::Load(width, offset),
            false => Kind::Store(width, offset),
        };
        s.push(kind, &[t, self.low(Opd::read(n))]);
    }

    /// An address that is a sum used nowhere else.
    fn indexed(&self, s: &S<'_>, base: Value) -> Option<(Value, Value, u8)> {
        let InstructionData::Binary { opcode: Opcode::Iadd, args } = s.data(base)? else {
            return None;
        };
        if !s.sole(base) || args.iter().any(|a| s.constant(*a).is_some()) {
            return None;
        }
        if let Some((base, index, Alu::Lsl, by @ 1..=3)) = self.shifted(s, Alu::Add, *args)
            && self.wide()
        {
            return Some((base, index, by));
        }
        Some((args[0], args[1], 0))
    }
}

/// Number of low bits that are ones, where those are all.
pub fn low_ones(value: i32) -> Option<u8> {
    let ones = value.trailing_ones();
    (ones > 0 && ones < 32 && (value as u32) >> ones == 0).then_some(ones as u8)
}
