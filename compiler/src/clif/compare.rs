//! Comparisons that decide a branch: no `bool` object is made on the way.

use cranelift_codegen::ir::InstBuilder;
use cranelift_codegen::ir::condcodes::IntCC;
use mpy_format::{BinaryOp, Helper};

use super::Lower;
use super::routine::Routine;
use crate::bytecode::ir::{BlockId, Op};

/// The condition on signed words.
pub fn condition(op: BinaryOp) -> Option<IntCC> {
    Some(match op {
        BinaryOp::Less => IntCC::SignedLessThan,
        BinaryOp::More => IntCC::SignedGreaterThan,
        BinaryOp::Equal | BinaryOp::Is => IntCC::Equal,
        BinaryOp::LessEqual => IntCC::SignedLessThanOrEqual,
        BinaryOp::MoreEqual => IntCC::SignedGreaterThanOrEqual,
        BinaryOp::NotEqual => IntCC::NotEqual,
        _ => return None,
    })
}

impl Lower<'_> {
    /// Whether the last operand is a text, so that an operation is not about small integers.
    pub fn on_text(&self) -> bool {
        matches!(self.before, Some(Op::LoadStr(_)))
    }

    /// Whether a comparison is joined with the branch behind it.
    pub fn fuses(&self, op: BinaryOp) -> bool {
        condition(op).is_some()
    }

    /// Pops two entries and goes one way or the other.
    pub fn compare_branch(&mut self, op: BinaryOp, yes: BlockId, no: BlockId) {
        let right = self.pop();
        let left = self.pop();
        let depth = self.stack.len();
        let condition = condition(op).unwrap_or(IntCC::Equal);
        let (yes_block, no_block) = (self.blocks[yes.index()], self.blocks[no.index()]);
        if self.typed_binary(op, left, right) {
            let entry = self.pop();
            let truth = self.raw(entry);
            self.hand_on(yes, depth);
            self.hand_on(no, depth);
            self.b.ins().brif(truth, yes_block, &[], no_block, &[]);
            return;
        }
        let (l, r) = match op {
            BinaryOp::Is => self.identities(left, right),
            _ => (self.object(left), self.object(right)),
        };
        self.hand_on(yes, depth);
        self.hand_on(no, depth);
        if op == BinaryOp::Is {
            let same = self.b.ins().icmp(condition, l, r);
            self.b.ins().brif(same, yes_block, &[], no_block, &[]);
            return;
        }
        if left.ty.kind().is_small() && right.ty.kind().is_small() {
            let holds = self.b.ins().icmp(condition, l, r);
            self.b.ins().brif(holds, yes_block, &[], no_block, &[]);
            return;
        }
        let straight = self.straight || self.on_text();
        let constant = left.known.is_some() || right.known.is_some();
        if !self.on_text() && self.has_routine(Routine::Compare(op)) && (straight || !constant) {
            let truth = self.routine_value(Routine::Compare(op), &[l, r]);
            self.b.ins().brif(truth, yes_block, &[], no_block, &[]);
            return;
        }
        let slow = self.b.create_block();
        self.b.set_cold_block(slow);
        if straight {
            self.b.ins().jump(slow, &[]);
        } else {
            if let Some(small) = self.both_small(left, right, l, r) {
                let fast = self.b.create_block();
                self.b.ins().brif(small, fast, &[], slow, &[]);
                self.b.switch_to_block(fast);
            }
            let holds = self.b.ins().icmp(condition, l, r);
            self.b.ins().brif(holds, yes_block, &[], no_block, &[]);
        }
        self.b.switch_to_block(slow);
        let result = self.runtime_binary(op, l, r);
        let truth = self.call_value(Helper::ObjIsTrue, &[result]);
        self.b.ins().brif(truth, yes_block, &[], no_block, &[]);
    }
}
