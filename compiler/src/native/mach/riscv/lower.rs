//! CLIF instructions to kinds.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstructionData, Opcode, Value};
use regalloc2::VReg;

use super::emit::fits;
use super::{Alu, At, Cond, Kind, RiscV, S0, Width};
use crate::native::mach::select::{Address, unknown};
use crate::native::mach::{Error, Opd, Select};

pub type S<'a> = Select<'a, RiscV>;

impl RiscV {
    /// Width of a load or store, by its opcode and the type in the register.
    fn width(&self, opcode: Opcode, bits: u32) -> Option<Width> {
        let word = bits == 8 * self.word();
        Some(match (opcode, bits) {
            (Opcode::Load | Opcode::Store, _) if word => Width::Word,
            (Opcode::Load | Opcode::Store, 32) => Width::Int,
            (Opcode::Load | Opcode::Store, 16) => Width::Half,
            (Opcode::Load | Opcode::Store, 8) => Width::Byte,
            (Opcode::Uload8 | Opcode::Istore8, _) => Width::Byte,
            (Opcode::Uload16 | Opcode::Istore16, _) => Width::Half,
            (Opcode::Uload32 | Opcode::Istore32, _) => Width::Int,
            (Opcode::Sload8, _) if word => Width::SignedByte,
            (Opcode::Sload16, _) if word => Width::SignedHalf,
            (Opcode::Sload32, _) if word => Width::SignedInt,
            _ => return None,
        })
    }

    /// A constant in a register.
    pub fn make(&self, s: &mut S<'_>, value: i64) -> VReg {
        let to = s.temp();
        s.push(Kind::Const(value), &[Opd::write(to)]);
        to
    }

    pub fn alu_in(&self, s: &mut S<'_>, alu: Alu, to: VReg, n: VReg, m: VReg) {
        s.push(Kind::Alu(alu), &[Opd::write(to), Opd::read(n), Opd::read(m)]);
    }

    pub fn alu(&self, s: &mut S<'_>, alu: Alu, n: VReg, m: VReg) -> VReg {
        let to = s.temp();
        self.alu_in(s, alu, to, n, m);
        to
    }

    pub fn with_in(&self, s: &mut S<'_>, alu: Alu, to: VReg, n: VReg, value: i32) {
        s.push(Kind::AluWith(alu, value), &[Opd::write(to), Opd::read(n)]);
    }

    /// In a new register, which replaces the operand's if that is not needed again.
    pub fn with(&self, s: &mut S<'_>, alu: Alu, n: VReg, value: i32) -> VReg {
        let to = s.temp();
        let place =
            if matches!(alu, Alu::Slt | Alu::Sltu) { Opd::write(to) } else { Opd::reuse(to, 1) };
        s.push(Kind::AluWith(alu, value), &[place, Opd::read(n)]);
        to
    }

    /// The register of a value, extended by its sign if it is narrow.
    pub fn extended(&self, s: &mut S<'_>, value: Value) -> VReg {
        let n = s.reg(value);
        let unused = self.bits() - s.bits(value) as i32;
        if unused <= 0 {
            return n;
        }
        let up = self.with(s, Alu::Sll, n, unused);
        self.with(s, Alu::Sra, up, unused)
    }

    /// Where a result that may have bits above its type is made; they are cleared by
    /// [`Self::clear`].
    fn raw(s: &mut S<'_>, inst: ir::Inst) -> VReg {
        if s.result_bits(inst) < s.word_bits() { s.temp() } else { s.result(inst, 0) }
    }

    fn clear(&self, s: &mut S<'_>, inst: ir::Inst, raw: VReg) {
        let bits = s.result_bits(inst) as i32;
        let unused = self.bits() - bits;
        if unused <= 0 {
            return;
        }
        let to = s.result(inst, 0);
        if bits <= 8 {
            return self.with_in(s, Alu::And, to, raw, (1 << bits) - 1);
        }
        let up = self.with(s, Alu::Sll, raw, unused);
        self.with_in(s, Alu::Srl, to, up, unused);
    }

    /// Whether an operation can have this constant as its second operand.
    fn takes(alu: Alu, value: i32) -> bool {
        match alu {
            Alu::Add | Alu::And | Alu::Or | Alu::Xor => fits(value),
            _ => false,
        }
    }

    /// Whether a register is free after its use.
    fn dies(s: &S<'_>, value: Value) -> bool {
        s.sole(s.peel(value)) && s.constant(value).is_none()
    }

    fn binary(&self, s: &mut S<'_>, alu: Alu, to: VReg, args: [Value; 2]) {
        let [mut left, mut right] = if alu.commutes() { s.constant_last(args) } else { args };
        let constant = match (alu, s.constant(right)) {
            (Alu::Sub, Some(c)) => Some((Alu::Add, c.wrapping_neg())),
            (_, c) => c.map(|c| (alu, c)),
        };
        if let Some((alu, c)) = constant
            && Self::takes(alu, c)
        {
            let short = Self::dies(s, left) && matches!(alu, Alu::Add | Alu::And);
            let n = s.reg(left);
            let to = if short { Opd::reuse(to, 1) } else { Opd::write(to) };
            return s.push(Kind::AluWith(alu, c), &[to, Opd::read(n)]);
        }
        // All ones below some bit: shifted out and in again.
        if let (Alu::And, Some(c)) = (alu, s.constant(right))
            && c.wrapping_add(1) & c == 0
            && c > 0
        {
            let n = s.reg(left);
            let by = self.bits() - c.trailing_ones() as i32;
            let up = self.with(s, Alu::Sll, n, by);
            return s.push(Kind::AluWith(Alu::Srl, by), &[Opd::reuse(to, 1), Opd::read(up)]);
        }
        if alu == Alu::Add
            && let Some((op, index, base)) = self.shifted(s, [left, right])
        {
            let (n, m) = (s.reg(index), s.reg(base));
            return self.alu_in(s, op, to, n, m);
        }
        if alu == Alu::Sub && s.constant(left) == Some(0) {
            let n = s.reg(right);
            return s.push(Kind::Neg, &[Opd::write(to), Opd::read(n)]);
        }
        if alu.commutes() && !Self::dies(s, left) && Self::dies(s, right) {
            (left, right) = (right, left);
        }
        let short = alu.replaces() && Self::dies(s, left);
        let (n, m) = (s.reg(left), s.reg(right));
        let to = if short && n != m { Opd::reuse(to, 1) } else { Opd::write(to) };
        s.push(Kind::Alu(alu), &[to, Opd::read(n), Opd::read(m)]);
    }

    /// A sum of which one part is shifted by one to three, nowhere else used.
    fn shifted(&self, s: &S<'_>, args: [Value; 2]) -> Option<(Alu, Value, Value)> {
        if !self.zba() {
            return None;
        }
        [args, [args[1], args[0]]].into_iter().find_map(|[value, base]| match s.data(value)? {
            InstructionData::Binary { opcode: Opcode::Ishl, args }
                if s.sole(value) && s.bits(value) == s.word_bits() =>
            {
                let alu = match s.constant(args[1])? {
                    1 => Alu::Sh1add,
                    2 => Alu::Sh2add,
                    3 => Alu::Sh3add,
                    _ => return None,
                };
                Some((alu, args[0], base))
            }
            _ => None,
        })
    }

    /// A shift, of whose distance CLIF takes the low bits, and so does the CPU for
    /// words.
    fn shift(&self, s: &mut S<'_>, alu: Alu, inst: ir::Inst, args: [Value; 2]) {
        let bits = s.result_bits(inst) as i32;
        let raw = Self::raw(s, inst);
        let narrow = bits < self.bits();
        let extend = alu == Alu::Sra && narrow;
        let short = Self::dies(s, args[0]) || extend;
        let value = if extend { self.extended(s, args[0]) } else { s.reg(args[0]) };
        match s.constant(args[1]) {
            Some(by) => {
                let by = by & (bits - 1);
                let to = if short { Opd::reuse(raw, 1) } else { Opd::write(raw) };
                match by {
                    0 => s.push(Kind::Mov, &[Opd::write(raw), Opd::read(value)]),
                    _ => s.push(Kind::AluWith(alu, by), &[to, Opd::read(value)]),
                }
            }
            None => {
                let mut by = s.reg(args[1]);
                if narrow {
                    by = self.with(s, Alu::And, by, bits - 1);
                }
                self.alu_in(s, alu, raw, value, by);
            }
        }
        self.clear(s, inst, raw);
    }

    /// A rotation; `towards` is the shift by the distance itself.
    fn rotate(&self, s: &mut S<'_>, inst: ir::Inst, towards: Alu, args: [Value; 2]) {
        let bits = s.result_bits(inst) as i32;
        let back = if towards == Alu::Sll { Alu::Srl } else { Alu::Sll };
        let value = s.reg(args[0]);
        let raw = Self::raw(s, inst);
        let parts = match s.constant(args[1]).map(|by| by & (bits - 1)) {
            Some(0) => {
                s.push(Kind::Mov, &[Opd::write(raw), Opd::read(value)]);
                return self.clear(s, inst, raw);
            }
            Some(by) => {
                let one = self.with(s, towards, value, by);
                [one, self.with(s, back, value, bits - by)]
            }
            None => {
                let by = s.reg(args[1]);
                let negative = s.temp();
                s.push(Kind::Neg, &[Opd::write(negative), Opd::read(by)]);
                let by = self.with(s, Alu::And, by, bits - 1);
                let rest = self.with(s, Alu::And, negative, bits - 1);
                let one = self.alu(s, towards, value, by);
                [one, self.alu(s, back, value, rest)]
            }
        };
        self.alu_in(s, Alu::Or, raw, parts[0], parts[1]);
        self.clear(s, inst, raw);
    }

    pub fn lower_inst(&self, s: &mut S<'_>, inst: ir::Inst) -> Result<(), Error> {
        let opcode = s.inst(inst).opcode();
        match *s.inst(inst) {
            InstructionData::UnaryImm { opcode: Opcode::Iconst, .. } => {
                let value = s.iconst(inst).unwrap_or(0);
                let to = s.result(inst, 0);
                s.push(Kind::Const(value), &[Opd::write(to)]);
            }
            InstructionData::Unary { arg, .. } => return self.lower_unary(s, inst, opcode, arg),
            InstructionData::Binary { args, .. } => {
                return self.lower_binary(s, inst, opcode, args);
            }
            InstructionData::IntCompare { cond, args, .. } => {
                let to = s.result(inst, 0);
                self.set_compare(s, to, cond, args);
            }
            InstructionData::Ternary { opcode: Opcode::Bitselect, args } => {
                let [mask, yes, no] = args.map(|v| s.reg(v));
                let differs = self.alu(s, Alu::Xor, yes, no);
                let chosen = self.alu(s, Alu::And, differs, mask);
                let to = s.result(inst, 0);
                self.alu_in(s, Alu::Xor, to, chosen, no);
            }
            InstructionData::Ternary {
                opcode: Opcode::Select | Opcode::SelectSpectreGuard,
                args,
            } => {
                let (yes, no) = (s.reg(args[1]), s.reg(args[2]));
                let (cond, tested) = self.truth(s, args[0]);
                let to = s.result(inst, 0);
                self.choose(s, cond, to, [yes, no], &tested);
            }
            InstructionData::Load { arg, offset, .. } => {
                let width = self.width(opcode, s.result_bits(inst));
                let width = width.ok_or_else(|| unknown(s, inst))?;
                let to = s.result(inst, 0);
                self.place(s, arg, offset.into(), |at| Kind::Load(width, at), Some(Opd::write(to)));
            }
            InstructionData::Store { args, offset, .. } => {
                let width = self.width(opcode, s.bits(args[0]));
                let width = width.ok_or_else(|| unknown(s, inst))?;
                if s.constant(args[0]) == Some(0) {
                    self.place(s, args[1], offset.into(), |at| Kind::Clear(width, at), None);
                } else {
                    let value = Opd::read(s.reg(args[0]));
                    let kind = |at| Kind::Store(width, at);
                    self.place(s, args[1], offset.into(), kind, Some(value));
                }
            }
            InstructionData::StackAddr { .. } => {
                let to = s.result(inst, 0);
                let value = s.first_result(inst);
                if let Address::Slot(at) = s.address(value, 0) {
                    s.push(Kind::SlotAddress(at), &[Opd::write(to)]);
                }
            }
            InstructionData::NullAry { opcode: Opcode::Nop } => {}
            _ => return Err(unknown(s, inst)),
        }
        Ok(())
    }

    /// The first of two registers where a test holds, else the second.
    fn choose(&self, s: &mut S<'_>, cond: Cond, to: VReg, [yes, no]: [VReg; 2], tested: &[Opd]) {
        let mut operands = vec![Opd::reuse(to, 1), Opd::read(no), Opd::read(yes)];
        operands.extend(tested);
        s.push(Kind::Select(cond), &operands);
    }

    /// Adds a load or store of a value, or of none.
    fn place(
        &self,
        s: &mut S<'_>,
        base: Value,
        offset: i32,
        kind: impl Fn(At) -> Kind,
        value: Option<Opd>,
    ) {
        let mut operands: Vec<Opd> = value.into_iter().collect();
        let at = match s.address(base, offset) {
            Address::Slot(at) => At::Slot(at),
            Address::Table(offset) => {
                operands.push(Opd::pinned(S0));
                At::Base(offset)
            }
            Address::Base(base, offset) => {
                operands.push(Opd::read(s.reg(base)));
                At::Base(offset)
            }
        };
        s.push(kind(at), &operands);
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
                let (raw, n) = (Self::raw(s, inst), s.reg(arg));
                s.push(Kind::Neg, &[Opd::write(raw), Opd::read(n)]);
                self.clear(s, inst, raw);
            }
            Opcode::Bnot => {
                let (raw, n) = (Self::raw(s, inst), s.reg(arg));
                self.with_in(s, Alu::Xor, raw, n, -1);
                self.clear(s, inst, raw);
            }
            Opcode::Ireduce => {
                let n = s.reg(arg);
                self.clear(s, inst, n);
            }
            Opcode::Uextend => {
                let (to, n) = (s.result(inst, 0), s.reg(arg));
                s.push(Kind::Mov, &[Opd::write(to), Opd::read(n)]);
            }
            Opcode::Sextend => {
                let n = self.extended(s, arg);
                let raw = Self::raw(s, inst);
                s.push(Kind::Mov, &[Opd::write(raw), Opd::read(n)]);
                self.clear(s, inst, raw);
            }
            Opcode::Bmask => {
                let n = s.reg(arg);
                let (any, raw) = (s.temp(), Self::raw(s, inst));
                s.push(Kind::ZeroLess { signed: false }, &[Opd::write(any), Opd::read(n)]);
                s.push(Kind::Neg, &[Opd::write(raw), Opd::read(any)]);
                self.clear(s, inst, raw);
            }
            Opcode::Iabs => {
                let n = self.extended(s, arg);
                let raw = Self::raw(s, inst);
                let sign = self.with(s, Alu::Sra, n, self.bits() - 1);
                let flipped = self.alu(s, Alu::Xor, n, sign);
                self.alu_in(s, Alu::Sub, raw, flipped, sign);
                self.clear(s, inst, raw);
            }
            Opcode::Bswap => self.swap_bytes(s, inst, arg, bits),
            _ => return Err(unknown(s, inst)),
        }
        Ok(())
    }

    fn swap_bytes(&self, s: &mut S<'_>, inst: ir::Inst, arg: Value, bits: i32) {
        let mut n = s.reg(arg);
        let raw = Self::raw(s, inst);
        // Neighbours first, then pairs, halves last.
        let mut size = 8;
        while 2 * size < bits {
            // Every second of the parts.
            let mask = u64::MAX >> (64 - bits) & (u64::MAX / ((1 << size) + 1));
            let mask = self.make(s, mask as i64);
            let even = self.alu(s, Alu::And, n, mask);
            let even = self.with(s, Alu::Sll, even, size);
            let odd = self.with(s, Alu::Srl, n, size);
            let odd = self.alu(s, Alu::And, odd, mask);
            n = self.alu(s, Alu::Or, even, odd);
            size *= 2;
        }
        let (up, down) = (self.with(s, Alu::Sll, n, size), self.with(s, Alu::Srl, n, size));
        self.alu_in(s, Alu::Or, raw, up, down);
        self.clear(s, inst, raw);
    }

    fn lower_binary(
        &self,
        s: &mut S<'_>,
        inst: ir::Inst,
        opcode: Opcode,
        args: [Value; 2],
    ) -> Result<(), Error> {
        let simple = match opcode {
            Opcode::Iadd => Some(Alu::Add),
            Opcode::Isub => Some(Alu::Sub),
            Opcode::Imul => Some(Alu::Mul),
            Opcode::Band => Some(Alu::And),
            Opcode::Bor => Some(Alu::Or),
            Opcode::Bxor => Some(Alu::Xor),
            Opcode::Udiv => Some(Alu::Divu),
            Opcode::Urem => Some(Alu::Remu),
            _ => None,
        };
        if let Some(alu) = simple {
            let raw = Self::raw(s, inst);
            self.binary(s, alu, raw, args);
            self.clear(s, inst, raw);
            return Ok(());
        }
        match opcode {
            Opcode::Ishl => self.shift(s, Alu::Sll, inst, args),
            Opcode::Ushr => self.shift(s, Alu::Srl, inst, args),
            Opcode::Sshr => self.shift(s, Alu::Sra, inst, args),
            Opcode::Rotl => self.rotate(s, inst, Alu::Sll, args),
            Opcode::Rotr => self.rotate(s, inst, Alu::Srl, args),
            Opcode::Smin => self.pick(s, inst, IntCC::SignedLessThan, args),
            Opcode::Smax => self.pick(s, inst, IntCC::SignedGreaterThan, args),
            Opcode::Umin => self.pick(s, inst, IntCC::UnsignedLessThan, args),
            Opcode::Umax => self.pick(s, inst, IntCC::UnsignedGreaterThan, args),
            Opcode::Sdiv | Opcode::Srem => {
                let alu = if opcode == Opcode::Sdiv { Alu::Div } else { Alu::Rem };
                let raw = Self::raw(s, inst);
                let [n, m] = args.map(|v| self.extended(s, v));
                self.alu_in(s, alu, raw, n, m);
                self.clear(s, inst, raw);
            }
            Opcode::Umulhi | Opcode::Smulhi if s.result_bits(inst) == s.word_bits() => {
                let alu = if opcode == Opcode::Umulhi { Alu::Mulhu } else { Alu::Mulh };
                let to = s.result(inst, 0);
                self.binary(s, alu, to, args);
            }
            // The upper half of a product that a word holds.
            Opcode::Umulhi | Opcode::Smulhi => {
                let signed = opcode == Opcode::Smulhi;
                let [n, m] = args.map(|v| if signed { self.extended(s, v) } else { s.reg(v) });
                let product = self.alu(s, Alu::Mul, n, m);
                let raw = Self::raw(s, inst);
                let half = s.result_bits(inst) as i32;
                self.with_in(s, Alu::Srl, raw, product, half);
                self.clear(s, inst, raw);
            }
            Opcode::SaddOverflow | Opcode::UaddOverflow => {
                self.with_flag(s, inst, Alu::Add, args);
            }
            Opcode::SsubOverflow | Opcode::UsubOverflow => {
                self.with_flag(s, inst, Alu::Sub, args);
            }
            Opcode::SmulOverflow | Opcode::UmulOverflow => {
                self.with_flag(s, inst, Alu::Mul, args);
            }
            _ => return Err(unknown(s, inst)),
        }
        Ok(())
    }

    /// The first operand where it compares so with the second, else the second.
    fn pick(&self, s: &mut S<'_>, inst: ir::Inst, cc: IntCC, args: [Value; 2]) {
        let signed = cc != cc.unsigned();
        let tested = args.map(|v| if signed { self.extended(s, v) } else { s.reg(v) });
        let plain = args.map(|v| s.reg(v));
        let cond = match cc {
            IntCC::SignedLessThan => Cond::Lt,
            IntCC::SignedGreaterThan => Cond::Gt,
            IntCC::UnsignedLessThan => Cond::Ltu,
            _ => Cond::Gtu,
        };
        let to = s.result(inst, 0);
        self.choose(s, cond, to, plain, &tested.map(Opd::read));
    }

    /// A result, and whether it overflowed if that is wanted as a value; branches
    /// find out by themselves.
    fn with_flag(&self, s: &mut S<'_>, inst: ir::Inst, alu: Alu, args: [Value; 2]) {
        let wants = s.wants(inst, 1);
        let to = s.result(inst, 0);
        let args = if alu == Alu::Sub { args } else { s.constant_last(args) };
        let constant = match alu {
            Alu::Add => s.constant(args[1]),
            Alu::Sub => s.constant(args[1]).map(i32::wrapping_neg),
            _ => None,
        };
        let n = s.reg(args[0]);
        match constant.filter(|c| fits(*c)) {
            Some(c) => self.with_in(s, Alu::Add, to, n, c),
            None => {
                let m = s.reg(args[1]);
                self.alu_in(s, alu, to, n, m);
            }
        }
        if wants {
            let flag = s.result(inst, 1);
            let tested = self.overflows(s, inst);
            self.set(s, flag, tested);
        }
    }
}
