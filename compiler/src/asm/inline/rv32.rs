//! What is particular to the RISC-V assembler: the exit, `li` and `la`.

use crate::asm::Family;
use crate::asm::riscv::Op;
use crate::asm::text::register;
use crate::hir::{AsmArg, AsmArgKind, AsmInstruction};

use super::Unit;
use super::layout::{Candidate, Value};

const RA: i64 = 1;

impl Unit<'_> {
    pub(super) fn leave_rv32(&mut self) {
        self.emit_rv32(Op::C_JR, &[RA]);
    }

    fn emit_rv32(&mut self, op: Op, operands: &[i64]) {
        let values = operands.iter().copied().map(Value::Known).collect();
        self.layout.push(vec![Candidate { row: op.row(), values }]);
    }

    /// Instructions that are put together from several rows.
    pub(super) fn special_rv32(&mut self, name: &str, instruction: &AsmInstruction) -> bool {
        let [AsmArg { kind: AsmArgKind::Name(rd), span: at }, source] = &instruction.args[..]
        else {
            return false;
        };
        if name != "li" && name != "la" {
            return false;
        }
        let Some(rd) = register(Family::RiscV, &self.module.display(*rd)) else {
            self.error(*at, format!("'{name}' expects a register"));
            return true;
        };
        match (name, &source.kind) {
            ("li", AsmArgKind::Int(value @ -0x8000_0000..=0xffff_ffff)) => {
                self.load_immediate(rd, *value as u32 as i32);
            }
            ("li", _) => self.error(source.span, "'li' expects an integer of 32 bits"),
            (_, AsmArgKind::Name(label)) => self.layout.address(rd, *label, source.span),
            _ => self.error(source.span, "'la' expects a label"),
        }
        true
    }

    fn load_immediate(&mut self, rd: i64, value: i32) {
        let value = i64::from(value);
        if (-32..32).contains(&value) {
            // The compressed form cannot write x0, where it is a hint.
            return match rd {
                0 => self.emit_rv32(Op::ADDI, &[0, 0, value]),
                _ => self.emit_rv32(Op::C_LI, &[rd, value]),
            };
        }
        if (-2048..2048).contains(&value) {
            return self.emit_rv32(Op::ADDI, &[rd, 0, value]);
        }
        // The low part is signed, so the high part is rounded.
        let low = (value & 0xfff) - if value & 0x800 != 0 { 0x1000 } else { 0 };
        let high = (value - low) >> 12;
        if (-16..16).contains(&high) && high != 0 && rd != 0 && rd != 2 {
            self.emit_rv32(Op::C_LUI, &[rd, high]);
        } else {
            self.emit_rv32(Op::LUI, &[rd, high & 0xf_ffff]);
        }
        match low {
            0 => {}
            -32..32 if rd != 0 => self.emit_rv32(Op::C_ADDI, &[rd, low]),
            _ => self.emit_rv32(Op::ADDI, &[rd, rd, low]),
        }
    }
}
