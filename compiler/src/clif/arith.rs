//! Arithmetic: small integers inline, everything else by the runtime.
//!
//! A small integer `n` is the word `2n + 1`. The inline paths work on words:
//! `a + b` is `a + (b - 1)`, which overflows exactly where the sum is no small
//! integer; then, as for other types, the runtime does it.

use cranelift_codegen::ir::{self, InstBuilder, Value};
use mpy_format::{BinaryOp, Helper, UnaryOp};

use super::Lower;
use super::infer::{Kind, Operand, stays_small};
use super::routine::Routine;
use super::stack::Entry;
use super::viper::Ty;

/// The operands of an operation, and what is to be known of them inline.
struct Inline {
    left: Value,
    right: Value,
    slow: ir::Block,
    done: ir::Block,
}

fn is_power(n: i64) -> bool {
    n > 0 && n & (n - 1) == 0
}

impl Lower<'_> {
    pub fn unary(&mut self, op: UnaryOp) {
        let entry = self.pop();
        if entry.ty.is_native() {
            return self.viper_unary(op, entry);
        }
        let value = self.raw(entry);
        match op {
            UnaryOp::Not => {
                let truth = self.truth(entry);
                let no = self.b.ins().icmp_imm_s(ir::condcodes::IntCC::Equal, truth, 0);
                if self.viper {
                    let word = self.word_of(no);
                    return self.push(word, Ty::Bool);
                }
                let object = self.bool_object(no);
                self.push(object, Ty::Truth);
            }
            UnaryOp::Negative | UnaryOp::Invert => {
                let word = self.word;
                let small = entry.ty.kind().is_small();
                if self.straight && !small || op == UnaryOp::Invert && small {
                    let (value, ty) = if small {
                        (self.b.ins().bxor_imm_s(value, -2), Ty::Small(Kind::Small))
                    } else {
                        let number = self.iconst(op as i64);
                        (self.call_value(Helper::UnaryOp, &[number, value]), Ty::Object)
                    };
                    return self.push(value, ty);
                }
                let (fast, slow, done) =
                    (self.b.create_block(), self.b.create_block(), self.b.create_block());
                self.b.set_cold_block(slow);
                let result = self.b.append_block_param(done, word);
                let tag = self.b.ins().band_imm_s(value, 1);
                self.b.ins().brif(tag, fast, &[], slow, &[]);
                self.b.switch_to_block(fast);
                if op == UnaryOp::Invert {
                    let value = self.b.ins().bxor_imm_s(value, -2);
                    self.b.ins().jump(done, &[value.into()]);
                } else {
                    let two = self.iconst(2);
                    let (value, overflow) = self.b.ins().ssub_overflow(two, value);
                    self.b.ins().brif(overflow, slow, &[], done, &[value.into()]);
                }
                self.b.switch_to_block(slow);
                let number = self.iconst(op as i64);
                let value = self.call_value(Helper::UnaryOp, &[number, value]);
                self.b.ins().jump(done, &[value.into()]);
                self.b.switch_to_block(done);
                self.push_object(result);
            }
            UnaryOp::Positive => {
                let number = self.iconst(op as i64);
                let value = self.call_value(Helper::UnaryOp, &[number, value]);
                self.push_object(value);
            }
        }
    }

    pub fn binary(&mut self, op: BinaryOp) {
        let right = self.pop();
        let left = self.pop();
        if self.typed_binary(op, left, right) {
            return;
        }
        if op == BinaryOp::Is {
            let (l, r) = self.identities(left, right);
            let same = self.b.ins().icmp(ir::condcodes::IntCC::Equal, l, r);
            let object = self.bool_object(same);
            return self.push(object, Ty::Truth);
        }
        let (l, r) = (self.object(left), self.object(right));
        let operand = |entry: Entry| Operand { kind: entry.ty.kind(), known: entry.known };
        if !self.viper && stays_small(self.word.bits(), op, operand(left), operand(right)) {
            return self.small_binary(op, left, right, l, r);
        }
        let routine = Routine::Binary(op);
        let inline = !self.on_text() && !self.viper && !op.is_comparison();
        if inline && !self.pays_inline() && self.has_routine(routine) {
            let value = self.routine_value(routine, &[l, r]);
            return self.push_object(value);
        }
        if !inline || self.straight {
            let value = self.runtime_binary(op, l, r);
            let truth = matches!(op, BinaryOp::In | BinaryOp::ExceptionMatch);
            return self.push(value, if truth && !self.viper { Ty::Truth } else { Ty::Object });
        }
        match op.plain() {
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::And
            | BinaryOp::Or
            | BinaryOp::Xor => self.inline_binary(op, left, right, l, r, None),
            BinaryOp::Rshift | BinaryOp::Lshift
                if right.known.is_some_and(|n| (0..16).contains(&n)) =>
            {
                self.inline_binary(op, left, right, l, r, right.known);
            }
            BinaryOp::Modulo | BinaryOp::FloorDivide if right.known.is_some_and(is_power) => {
                self.inline_binary(op, left, right, l, r, right.known);
            }
            _ => {
                let value = self.runtime_binary(op, l, r);
                self.push_object(value);
            }
        }
    }

    /// An operation that makes a small integer of small integers.
    fn small_binary(&mut self, op: BinaryOp, left: Entry, right: Entry, l: Value, r: Value) {
        let value = match (op.plain(), left.known, right.known) {
            (BinaryOp::Add, _, Some(by)) => self.b.ins().iadd_imm_s(l, by << 1),
            (BinaryOp::Add, Some(by), _) => self.b.ins().iadd_imm_s(r, by << 1),
            (BinaryOp::Subtract, _, Some(by)) => self.b.ins().iadd_imm_s(l, -(by << 1)),
            (BinaryOp::And, ..) => self.b.ins().band(l, r),
            (BinaryOp::Or, ..) => self.b.ins().bor(l, r),
            (BinaryOp::Xor, ..) => {
                let value = self.b.ins().bxor(l, r);
                self.b.ins().bor_imm_s(value, 1)
            }
            (plain, _, Some(known)) if plain == BinaryOp::Rshift || is_power(known) => {
                self.with_constant(plain, l, known)
            }
            _ => self.runtime_binary(op, l, r),
        };
        self.push(value, Ty::Small(Kind::Small));
    }

    /// A shift to the right, or a floor division or modulo by a power of two, of a small
    /// integer: the sign needs no care.
    fn with_constant(&mut self, op: BinaryOp, left: Value, known: i64) -> Value {
        if op == BinaryOp::Modulo {
            return self.b.ins().band_imm_s(left, (known - 1) << 1 | 1);
        }
        let power = i64::from(known.trailing_zeros());
        let shift = if op == BinaryOp::Rshift { known } else { power };
        let value = self.b.ins().sshr_imm_s(left, shift);
        self.b.ins().bor_imm_s(value, 1)
    }

    pub fn runtime_binary(&mut self, op: BinaryOp, left: Value, right: Value) -> Value {
        let number = self.iconst(op as i64);
        self.call_value(Helper::BinaryOp, &[number, left, right])
    }

    /// Both words' tags, as a value that has bit 0 set where both are small.
    pub fn both_small(&mut self, left: Entry, right: Entry, l: Value, r: Value) -> Option<Value> {
        let word = match (left.ty.kind().is_small(), right.ty.kind().is_small()) {
            (true, true) => return None,
            (true, false) => r,
            (false, true) => l,
            (false, false) => self.b.ins().band(l, r),
        };
        Some(self.b.ins().band_imm_s(word, 1))
    }

    fn inline_binary(
        &mut self,
        op: BinaryOp,
        left: Entry,
        right: Entry,
        l: Value,
        r: Value,
        known: Option<i64>,
    ) {
        let word = self.word;
        let (slow, done) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(slow);
        let result = self.b.append_block_param(done, word);
        if let Some(small) = self.both_small(left, right, l, r) {
            let fast = self.b.create_block();
            self.b.ins().brif(small, fast, &[], slow, &[]);
            self.b.switch_to_block(fast);
        }
        let inline = Inline { left: l, right: r, slow, done };
        match known {
            Some(known) => self.inline_with_constant(op.plain(), &inline, known),
            None => self.inline_words(op.plain(), &inline, (left.known, right.known)),
        }
        self.b.switch_to_block(slow);
        let value = self.runtime_binary(op, l, r);
        self.b.ins().jump(done, &[value.into()]);
        self.b.switch_to_block(done);
        self.push_object(result);
    }

    /// A small integer's word without its tag.
    fn bare(&mut self, value: Value, known: Option<i64>) -> Value {
        match known {
            Some(known) => self.iconst(known << 1),
            None => self.b.ins().iadd_imm_s(value, -1),
        }
    }

    /// `known` is what the operands are known to be.
    fn inline_words(&mut self, op: BinaryOp, inline: &Inline, known: (Option<i64>, Option<i64>)) {
        let Inline { left, right, slow, done } = *inline;
        // Without its tag an operand is twice the number.
        let (value, overflow) = match op {
            BinaryOp::Add => {
                let (left, right) = if known.0.is_some() { (right, left) } else { (left, right) };
                let bare = self.bare(right, known.0.or(known.1));
                self.b.ins().sadd_overflow(left, bare)
            }
            BinaryOp::Subtract => {
                let bare = self.bare(right, known.1);
                self.b.ins().ssub_overflow(left, bare)
            }
            BinaryOp::Multiply => {
                let (left, right) = if known.0.is_some() { (right, left) } else { (left, right) };
                let bare = self.b.ins().iadd_imm_s(left, -1);
                let (value, overflow) = match known.0.or(known.1) {
                    Some(2) => self.b.ins().sadd_overflow(bare, bare),
                    Some(times) => {
                        let times = self.iconst(times);
                        self.b.ins().smul_overflow(bare, times)
                    }
                    None => {
                        let times = self.b.ins().sshr_imm_s(right, 1);
                        self.b.ins().smul_overflow(bare, times)
                    }
                };
                let next = self.b.create_block();
                self.b.ins().brif(overflow, slow, &[], next, &[]);
                self.b.switch_to_block(next);
                let value = self.b.ins().bor_imm_s(value, 1);
                self.b.ins().jump(done, &[value.into()]);
                return;
            }
            op => {
                let value = match op {
                    BinaryOp::And => self.b.ins().band(left, right),
                    BinaryOp::Or => self.b.ins().bor(left, right),
                    _ => {
                        let value = self.b.ins().bxor(left, right);
                        self.b.ins().bor_imm_s(value, 1)
                    }
                };
                self.b.ins().jump(done, &[value.into()]);
                return;
            }
        };
        self.b.ins().brif(overflow, slow, &[], done, &[value.into()]);
    }

    fn inline_with_constant(&mut self, op: BinaryOp, inline: &Inline, known: i64) {
        let Inline { left, slow, done, .. } = *inline;
        let value = match op {
            BinaryOp::Lshift => {
                let bare = self.b.ins().iadd_imm_s(left, -1);
                let value = self.b.ins().ishl_imm_s(bare, known);
                let back = self.b.ins().sshr_imm_s(value, known);
                let value = self.b.ins().bor_imm_s(value, 1);
                let same = self.b.ins().icmp(ir::condcodes::IntCC::Equal, back, bare);
                self.b.ins().brif(same, done, &[value.into()], slow, &[]);
                return;
            }
            op => self.with_constant(op, left, known),
        };
        self.b.ins().jump(done, &[value.into()]);
    }
}
