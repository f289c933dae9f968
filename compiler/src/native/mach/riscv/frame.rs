//! Entry and exit of functions.
//!
//! Saved registers lie at the top of the frame. A frame that compressed stores
//! reach is made at once; a larger one in two steps, registers first.

use mpy_format::Helper;

use super::emit::Out;
use super::{A0, A1, Jump, RA, Reg, RiscV, S0, SAVED, SCRATCH, SP, Width};
use crate::asm::riscv::Op;
use crate::native::mach::{ENTRY_ARGS, Frame};

/// The most by which `cm.push` moves the stack pointer beyond the registers.
const PUSH_EXTRA: u32 = 48;
/// The largest frame, in words, whose every word a compressed store reaches.
const NEAR: u32 = 64;

/// How a frame is made.
struct Steps {
    /// Bytes of the step that saves registers.
    first: u32,
    /// Bytes of the second.
    second: u32,
}

impl RiscV {
    fn steps(&self, frame: &Frame) -> Steps {
        let word = self.word();
        let pushed = word * (frame.saved.len() as u32 + 1);
        let all = frame.size + frame.arguments(word) + pushed;
        if all <= NEAR * word {
            return Steps { first: all, second: 0 };
        }
        let first = pushed.next_multiple_of(16);
        Steps { first, second: all - first }
    }

    /// Operands of `cm.push` and its kin, and what is left to do.
    fn push(&self, frame: &Frame) -> ([i64; 2], u32) {
        let count = match frame.saved.last() {
            Some(last) => SAVED.iter().position(|r| r == last).map_or(0, |i| i + 1),
            None => 0,
        };
        // There is no list that ends with the last but one.
        let count = if count == SAVED.len() - 1 { SAVED.len() } else { count };
        let list = SAVED[..count].iter().fold(1 << RA.0, |list, r| list | 1 << r.0);
        let all = (frame.size + frame.arguments(self.word())).next_multiple_of(16);
        let extra = all.min(PUSH_EXTRA);
        ([list, i64::from(extra)], all - extra)
    }

    /// Moves the stack pointer.
    pub fn move_sp(&self, out: &mut Out<'_>, by: i32) {
        let (sp, value) = (i64::from(SP.0), i64::from(by));
        if by == 0
            || self.try_first(out, &[(Op::C_ADDI16SP, &[value]), (Op::ADDI, &[sp, sp, value])])
        {
            return;
        }
        self.constant_in(out, SCRATCH, value);
        self.one(out, Op::C_ADD, &[sp, i64::from(SCRATCH.0)]);
    }

    fn saved(frame: &Frame) -> impl Iterator<Item = Reg> {
        [RA].into_iter().chain(frame.saved.iter().copied())
    }

    pub fn enter(&self, out: &mut Out<'_>, frame: &Frame) {
        self.save(out, frame);
        let Some(index) = frame.entry.table else { return };
        let load = |out: &mut Out<'_>, to: Reg, base: Reg, words: u32| {
            self.access(out, true, Width::Word, to, base, self.at(words));
        };
        let Some(swapped) = frame.entry.swapped else {
            // Context of the function object, its constants, the table.
            for (base, words) in [(A0, 1), (S0, 3), (S0, index)] {
                load(out, S0, base, words);
            }
            return;
        };
        self.arguments(out, false, frame.size);
        for (to, base, words) in [(A0, A0, 1), (S0, A0, 3), (S0, S0, index), (A0, A0, 1)] {
            load(out, to, base, words);
        }
        load(out, A1, S0, Helper::SwapGlobals as u32);
        self.one(out, Op::C_JALR, &[i64::from(A1.0)]);
        out.jump(Jump::not_zero(A0), swapped);
        self.arguments(out, true, frame.size);
    }

    /// The arguments of a function, to or from a place above the stack pointer.
    pub fn arguments(&self, out: &mut Out<'_>, load: bool, at: u32) {
        for i in 0..ENTRY_ARGS {
            self.stack(out, load, Reg(A0.0 + i as u8), at + self.word() * i);
        }
    }

    fn save(&self, out: &mut Out<'_>, frame: &Frame) {
        if self.zcmp() {
            let ([list, extra], rest) = self.push(frame);
            self.one(out, Op::CM_PUSH, &[list, -extra]);
            return self.move_sp(out, -(rest as i32));
        }
        let Steps { first, second } = self.steps(frame);
        self.move_sp(out, -(first as i32));
        for (i, reg) in Self::saved(frame).enumerate() {
            self.stack(out, false, reg, first - self.word() * (i as u32 + 1));
        }
        self.move_sp(out, -(second as i32));
    }

    /// Restores registers, and returns if that is wanted.
    pub fn leave(&self, out: &mut Out<'_>, frame: &Frame, returns: bool) {
        if self.zcmp() {
            let (operands, rest) = self.push(frame);
            self.move_sp(out, rest as i32);
            return self.one(out, if returns { Op::CM_POPRET } else { Op::CM_POP }, &operands);
        }
        let Steps { first, second } = self.steps(frame);
        self.move_sp(out, second as i32);
        for (i, reg) in Self::saved(frame).enumerate() {
            self.stack(out, true, reg, first - self.word() * (i as u32 + 1));
        }
        self.move_sp(out, first as i32);
        if returns {
            self.one(out, Op::C_JR, &[i64::from(RA.0)]);
        }
    }
}
