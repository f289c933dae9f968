//! What is particular to the Thumb assembler: entry and exit, and what the
//! table cannot say.

use crate::asm::row::condition;
use crate::asm::thumb::Op;
use crate::hir::{AsmArg, AsmArgKind, AsmInstruction};

use super::Unit;
use super::layout::{Candidate, Value};

/// Registers that every function saves: r1, r4 to r7; with lr, or pc on return.
/// Five and the link register keep the stack aligned to 8 bytes.
const SAVED: i64 = 0xf2;
const LR: i64 = 1 << 14;
const PC: i64 = 1 << 15;

/// Arm code that calls the Thumb code behind it and returns to Arm state:
/// push {r4, lr}; add lr, pc, #9; blx lr; pop {r4, lr}; bx lr.
const FROM_ARM: [u32; 5] = [0xe92d_4010, 0xe28f_e009, 0xe12f_ff3e, 0xe8bd_4010, 0xe12f_ff1e];

impl Unit<'_> {
    pub(super) fn enter_thumb(&mut self) {
        if self.cpu.from_arm {
            self.layout.data(FROM_ARM.iter().flat_map(|w| w.to_le_bytes()).collect());
        }
        self.emit_thumb(Op::PUSH, &[SAVED | LR]);
    }

    pub(super) fn leave_thumb(&mut self) {
        self.emit_thumb(Op::POP, &[SAVED | PC]);
    }

    fn emit_thumb(&mut self, op: Op, operands: &[i64]) {
        let values = operands.iter().copied().map(Value::Known).collect();
        self.layout.push(vec![Candidate { row: op.row(), values }]);
    }

    /// Instructions that the table does not have as they are written.
    pub(super) fn special_thumb(&mut self, name: &str, instruction: &AsmInstruction) -> bool {
        let AsmInstruction { args, span, .. } = instruction;
        match (name, &args[..]) {
            // Which mask is meant is ignored: it is always PRIMASK.
            ("cpsid" | "cpsie", [_]) => self.ordinary(name, &[], *span),
            ("movwt", [register, AsmArg { kind: AsmArgKind::Int(value), span: at }]) => {
                for (name, part) in [("movw", *value), ("movt", *value >> 16)] {
                    let kind = AsmArgKind::Int(part & 0xffff);
                    self.ordinary(name, &[register.clone(), AsmArg { kind, span: *at }], *span);
                }
            }
            ("push" | "pop", [AsmArg { kind: AsmArgKind::Set(members), span: at }]) => {
                // The list form must not hold a single high register.
                let high = |m: &AsmArg| match m.kind {
                    AsmArgKind::Name(n) => {
                        let name = self.module.display(n);
                        crate::asm::text::register(self.cpu.family, &name).filter(|r| *r > 7)
                    }
                    _ => None,
                };
                let one = match &members[..] {
                    [one] => high(one).filter(|r| (name, *r) != ("push", 14)),
                    _ => None,
                };
                let Some(register) = one.filter(|r| (name, *r) != ("pop", 15)) else {
                    return false;
                };
                if self.cpu.lacks(Op::STR_PRE.row()).is_some() || register == 13 || register == 15 {
                    self.error(*at, format!("'{name}' cannot hold this register alone"));
                } else if name == "push" {
                    self.emit_thumb(Op::STR_PRE, &[register, 13, -4]);
                } else {
                    self.emit_thumb(Op::LDR_POST, &[register, 13, 4]);
                }
            }
            (name, [arg]) if is_it(name) => {
                let first = match arg.kind {
                    AsmArgKind::Name(n) => condition(&self.module.display(n)),
                    _ => None,
                };
                let Some(first) = first else {
                    self.error(arg.span, format!("'{name}' expects a condition"));
                    return true;
                };
                if let Some(lack) = self.cpu.lacks(Op::IT.row()) {
                    self.error(*span, format!("'{name}' needs {lack}, which the target lacks"));
                } else {
                    self.emit_thumb(Op::IT, &[i64::from(first), it_mask(name, first)]);
                }
            }
            _ => return false,
        }
        true
    }
}

fn is_it(name: &str) -> bool {
    name.strip_prefix("it")
        .is_some_and(|rest| rest.len() <= 3 && rest.bytes().all(|b| b == b't' || b == b'e'))
}

/// One bit an instruction after the first, then a one, then zeros.
fn it_mask(name: &str, first: u8) -> i64 {
    let low = i64::from(first & 1);
    let mut mask = 0;
    let mut bit = 8;
    for then in name.bytes().skip(2) {
        mask |= if then == b't' { low } else { low ^ 1 } * bit;
        bit >>= 1;
    }
    mask | bit
}
