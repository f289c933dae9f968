//! The code around bodies: globals, and the one place that `nlr_push` returns to
//! twice. See [`crate::clif`] for why.
//!
//! [`TABLE`] holds the helper table: a raise restores it. Everything else that is
//! needed after the second return lies in the frame.

use mpy_format::Helper;

use super::{Jump, LR, PC, SP, TABLE, Thumb, WORD};
use crate::asm::thumb::Op;
use crate::clif::{Abi, CODE_STATE_WORDS, FrameLayout, Lowered, Shape};
use crate::native::mach::{Buffer, Done, Entry, Error, Isa, Label, Reg, compile};

/// Words of an exception buffer: the exception, and one that is free when the buffer
/// is.
const EXCEPTION: u32 = 1;
const RESULT: u32 = 2;

/// Machine code of a function: its stub and its body.
///
/// # Errors
/// See [`Error`].
pub fn function(
    isa: &Thumb,
    lowered: Lowered,
    abi: &Abi,
    fun_table: u32,
) -> Result<Vec<u8>, Error> {
    let Lowered { function, shape, frame_words, .. } = lowered;
    let mut out = Buffer::new(isa);
    let body = out.label();
    let layout = FrameLayout::new(abi);
    let mut stub = Stub { isa, out: &mut out, layout, fun_table, body };
    // The stack pointer stays a multiple of eight.
    let words = frame_words.next_multiple_of(2);
    let mut entry = Entry::default();
    match shape {
        Shape::Plain => entry.table = Some(fun_table),
        Shape::Globals => {
            let swapped = stub.out.label();
            stub.out.bind(body);
            entry = Entry { table: Some(fun_table), swapped: Some(swapped) };
            let done = compile(isa, function, entry, stub.out)?;
            stub.out.bind(swapped);
            stub.swapped(&done);
            return out.finish();
        }
        Shape::Framed => stub.framed(words),
        Shape::Generator => stub.generator(words),
    }
    out.bind(body);
    compile(isa, function, entry, &mut out)?;
    out.finish()
}

struct Stub<'a, 'b> {
    isa: &'a Thumb,
    out: &'a mut Buffer<'b, Thumb>,
    layout: FrameLayout,
    fun_table: u32,
    body: Label,
}

impl Stub<'_, '_> {
    fn one(&mut self, op: Op, operands: &[i64]) {
        self.isa.one(self.out, op, operands);
    }

    fn load(&mut self, to: u8, base: Reg, words: u32) {
        let operands = [i64::from(to), i64::from(base.0), 4 * i64::from(words)];
        if self.isa.try_first(self.out, &[(Op::LDR_I, &operands), (Op::LDR_IW, &operands)]) {
            return;
        }
        // Only a table larger than an offset can say.
        self.isa.constant_in(self.out, Reg(to), 4 * words as i32);
        self.one(Op::LDR_R, &[i64::from(to), i64::from(base.0), i64::from(to)]);
    }

    fn load_frame(&mut self, to: u8, words: u32) {
        self.one(Op::LDR_SP, &[i64::from(to), 4 * i64::from(words)]);
    }

    fn store_frame(&mut self, from: u8, words: u32) {
        self.one(Op::STR_SP, &[i64::from(from), 4 * i64::from(words)]);
    }

    fn call(&mut self, helper: Helper) {
        self.load(1, TABLE, helper as u32);
        self.one(Op::BLX, &[1]);
    }

    fn call_body(&mut self) {
        self.out.jump(Jump::Link, self.body);
    }

    fn frame_in_r0(&mut self) {
        self.one(Op::MOV_H, &[0, SP]);
    }

    fn push(&mut self, list: &[Reg]) {
        let list = list.iter().fold(0, |l, r| l | 1 << r.0);
        self.one(Op::PUSH, &[list]);
    }

    /// The helper table and, in `r0`, the context of the function object in `r0`.
    fn table(&mut self) {
        self.load(0, Reg(0), 1);
        self.load(TABLE.0, Reg(0), 3);
        if self.fun_table < 32 || self.isa.wide() {
            return self.load(TABLE.0, TABLE, self.fun_table);
        }
        self.isa.constant_in(self.out, Reg(1), 4 * self.fun_table as i32);
        self.one(Op::LDR_R, &[i64::from(TABLE.0), i64::from(TABLE.0), 1]);
    }

    /// Swaps in the globals of the context in `r0`.
    fn swap_in(&mut self) {
        self.load(0, Reg(0), 1);
        self.call(Helper::SwapGlobals);
    }

    /// Swaps back the globals in a word of the frame.
    fn swap_back(&mut self, words: u32) {
        self.load_frame(0, words);
        self.call(Helper::SwapGlobals);
    }

    /// Raises the exception in the buffer at the stack pointer.
    fn raise(&mut self) {
        self.load_frame(0, EXCEPTION);
        self.call(Helper::Raise);
    }

    /// Calls `nlr_push`; gives where it goes when something was raised.
    fn protect(&mut self) -> Label {
        self.frame_in_r0();
        self.call(Helper::NlrPush);
        let raised = self.out.label();
        self.out.jump(Jump::Zero(Reg(0), false), raised);
        raised
    }

    /// Calls the function again, whose globals are there now, and restores those in
    /// `r0`, whatever happens. The arguments and saved registers lie on the stack.
    fn swapped(&mut self, Done { frame, exit }: &Done) {
        let old = self.layout.handler;
        // The stack pointer stays a multiple of eight.
        let saved = frame.saved.len() as u32 + 1;
        let words = i64::from((old + 1 + saved).next_multiple_of(2) - saved);
        self.one(Op::SUB_SP_I, &[4 * words]);
        self.store_frame(0, old);
        let raised = self.protect();
        // That was zero: there is no exception.
        self.store_frame(0, EXCEPTION);
        self.one(Op::ADD_SP, &[0, 4 * words]);
        self.one(Op::LDM, &[0, 0xf]);
        self.call_body();
        self.store_frame(0, RESULT);
        self.call(Helper::NlrPop);
        self.out.bind(raised);
        self.swap_back(old);
        // That does nothing where there is none.
        self.raise();
        self.load_frame(0, RESULT);
        match exit {
            Some(exit) => {
                let by = 4 * words - i64::from(frame.size);
                self.isa.move_sp(self.out, by, Some(Reg(1)));
                self.out.jump(self.isa.always(), *exit);
            }
            None => {
                self.one(Op::ADD_SP_I, &[4 * words + i64::from(frame.arguments(WORD))]);
                self.isa.pop(self.out, frame);
            }
        }
        self.out.gap();
    }

    /// Enters the body with the frame, again for every handler; its result is in the
    /// frame's first argument. Gives the label for when no handler is active.
    fn enter(&mut self) -> (Label, Label) {
        let FrameLayout { handler, args, .. } = self.layout;
        self.one(Op::MOV_I8, &[0, 0]);
        self.store_frame(0, handler);
        let again = self.out.label();
        self.out.bind(again);
        let raised = self.protect();
        self.frame_in_r0();
        self.call_body();
        self.store_frame(0, args);
        self.call(Helper::NlrPop);
        (again, raised)
    }

    /// Starts what runs when something was raised: again if a handler is active.
    fn raised(&mut self, again: Label, raised: Label) {
        self.out.gap();
        self.out.bind(raised);
        self.load_frame(0, self.layout.handler);
        self.out.jump(Jump::Zero(Reg(0), false), again);
    }

    fn leave(&mut self, words: u32) {
        self.isa.move_sp(self.out, 4 * i64::from(words), Some(Reg(1)));
        self.one(Op::POP, &[1 << TABLE.0 | 1 << PC.0]);
    }

    fn framed(&mut self, words: u32) {
        let FrameLayout { old_globals, args, .. } = self.layout;
        self.push(&[TABLE, LR]);
        self.isa.move_sp(self.out, -4 * i64::from(words), None);
        self.one(Op::ADD_SP, &[i64::from(TABLE.0), 4 * i64::from(args)]);
        self.one(Op::STM, &[i64::from(TABLE.0), 0xf]);
        self.table();
        self.swap_in();
        self.store_frame(0, old_globals);
        let (again, raised) = self.enter();
        self.swap_back(old_globals);
        self.load_frame(0, args);
        self.leave(words);
        self.raised(again, raised);
        self.swap_back(old_globals);
        self.raise();
        self.out.gap();
    }

    fn generator(&mut self, words: u32) {
        let args = self.layout.args;
        self.push(&[TABLE, LR]);
        self.isa.move_sp(self.out, -4 * i64::from(words), None);
        self.store_frame(0, args);
        self.store_frame(1, args + 1);
        self.load(0, Reg(0), 0);
        self.table();
        let (again, raised) = self.enter();
        self.load_frame(0, args);
        let exit = self.out.label();
        self.out.bind(exit);
        self.leave(words);
        self.raised(again, raised);
        // The exception is handed to the caller in the first word of the state.
        self.load_frame(1, args);
        self.load_frame(0, EXCEPTION);
        self.one(Op::STR_I, &[0, 1, 4 * i64::from(CODE_STATE_WORDS)]);
        self.one(Op::MOV_I8, &[0, 2]);
        self.out.jump(self.isa.always(), exit);
        self.out.gap();
    }
}
