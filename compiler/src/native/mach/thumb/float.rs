//! Floats on CPUs that compute with single precision.
//!
//! They wait in words, as all values do; an operation takes them to the first registers of
//! the floating point unit, which nothing else uses.

use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{self, Opcode, Value};

use super::routine::Out;
use super::test::Tested;
use super::{Cond, Conversion, FloatOp, Kind, Reg, Test, Thumb};
use crate::asm::thumb::Op;
use crate::native::mach::{Opd, Select};

/// The condition after a comparison, where one tells it; it holds of what is no number as
/// the names say.
fn cond(cc: FloatCC) -> Option<Cond> {
    Some(Cond(match cc {
        FloatCC::Equal => 0,
        FloatCC::NotEqual => 1,
        FloatCC::LessThan => 4,
        FloatCC::UnorderedOrGreaterThanOrEqual => 5,
        FloatCC::Unordered => 6,
        FloatCC::Ordered => 7,
        FloatCC::UnorderedOrGreaterThan => 8,
        FloatCC::LessThanOrEqual => 9,
        FloatCC::GreaterThanOrEqual => 10,
        FloatCC::UnorderedOrLessThan => 11,
        FloatCC::GreaterThan => 12,
        FloatCC::UnorderedOrLessThanOrEqual => 13,
        FloatCC::OrderedNotEqual | FloatCC::UnorderedOrEqual => return None,
    }))
}

impl Thumb {
    pub fn float_comparison(
        &self,
        s: &mut Select<'_, Self>,
        cc: FloatCC,
        args: [Value; 2],
    ) -> Option<Tested> {
        let test = Test::CompareFloats(cond(cc)?);
        Some((test, args.map(|arg| Opd::read(s.reg(arg))).to_vec()))
    }

    /// Lowers an operation on two floats, if it is one.
    pub fn lower_float_binary(
        &self,
        s: &mut Select<'_, Self>,
        inst: ir::Inst,
        opcode: Opcode,
        args: [Value; 2],
    ) -> bool {
        let op = match opcode {
            Opcode::Fadd => FloatOp::Add,
            Opcode::Fsub => FloatOp::Sub,
            Opcode::Fmul => FloatOp::Mul,
            Opcode::Fdiv => FloatOp::Div,
            _ => return false,
        };
        let to = s.result(inst, 0);
        let [n, m] = args.map(|arg| s.reg(arg));
        s.push(Kind::Float(op), &[Opd::write(to), Opd::read(n), Opd::read(m)]);
        true
    }

    /// Lowers a conversion, if it is one.
    pub fn lower_float_unary(
        &self,
        s: &mut Select<'_, Self>,
        inst: ir::Inst,
        opcode: Opcode,
        arg: Value,
    ) -> bool {
        let conversion = match opcode {
            Opcode::FcvtFromSint => Conversion::FromSigned,
            Opcode::FcvtFromUint => Conversion::FromUnsigned,
            Opcode::FcvtToSintSat => Conversion::ToSigned,
            Opcode::FcvtToUintSat => Conversion::ToUnsigned,
            _ => return false,
        };
        let (to, n) = (s.result(inst, 0), s.reg(arg));
        s.push(Kind::Convert(conversion), &[Opd::write(to), Opd::read(n)]);
        true
    }

    /// Takes a word to a register of floats.
    pub fn load_float(&self, out: &mut Out<'_>, to: i64, from: Reg) {
        self.one(out, Op::VMOV_SR, &[to, i64::from(from.0)]);
    }

    fn store_float(&self, out: &mut Out<'_>, to: Reg) {
        self.one(out, Op::VMOV_RS, &[i64::from(to.0), 0]);
    }

    pub fn put_float(&self, out: &mut Out<'_>, op: FloatOp, regs: &[Reg]) {
        let op = match op {
            FloatOp::Add => Op::VADD,
            FloatOp::Sub => Op::VSUB,
            FloatOp::Mul => Op::VMUL,
            FloatOp::Div => Op::VDIV,
        };
        self.load_float(out, 0, regs[1]);
        self.load_float(out, 1, regs[2]);
        self.one(out, op, &[0, 0, 1]);
        self.store_float(out, regs[0]);
    }

    pub fn put_conversion(&self, out: &mut Out<'_>, conversion: Conversion, regs: &[Reg]) {
        let op = match conversion {
            Conversion::FromSigned => Op::VCVT_F32_S32,
            Conversion::FromUnsigned => Op::VCVT_F32_U32,
            Conversion::ToSigned => Op::VCVT_S32_F32,
            Conversion::ToUnsigned => Op::VCVT_U32_F32,
        };
        self.load_float(out, 0, regs[1]);
        self.one(out, op, &[0, 0]);
        self.store_float(out, regs[0]);
    }

    pub fn compare_floats(&self, out: &mut Out<'_>, left: Reg, right: Reg) {
        self.load_float(out, 0, left);
        self.load_float(out, 1, right);
        self.one(out, Op::VCMP, &[0, 1]);
        self.one(out, Op::VMRS_APSR, &[]);
    }
}
