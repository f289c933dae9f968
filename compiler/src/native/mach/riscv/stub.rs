//! The code around bodies: globals, and the one place that `nlr_push` returns to
//! twice. See [`crate::clif`] for why.
//!
//! `s0` holds the helper table: a raise restores it. Everything else that is
//! needed after the second return lies in the frame.

use mpy_format::Helper;

use super::{A0, A1, Jump, Reg, RiscV, S0, SP, Width};
use crate::asm::riscv::Op;
use crate::clif::{Abi, CODE_STATE_WORDS, FrameLayout, Lowered, Shape};
use crate::native::mach::{Buffer, Done, Entry, Error, Frame, Isa, Label, compile};

/// The register of the helper table.
const TABLE: Reg = S0;

/// Words of an exception buffer: the exception, and one that is free when the buffer
/// is.
const EXCEPTION: u32 = 1;
const RESULT: u32 = 2;

/// Machine code of a function: its stub and its body.
///
/// # Errors
/// See [`Error`].
pub fn function(
    isa: &RiscV,
    lowered: Lowered,
    abi: &Abi,
    fun_table: u32,
) -> Result<Vec<u8>, Error> {
    let Lowered { function, shape, frame_words, .. } = lowered;
    let mut out = Buffer::new(isa);
    let body = out.label();
    let layout = FrameLayout::new(abi);
    let mut stub = Stub { isa, out: &mut out, layout, fun_table, body };
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
        Shape::Framed => stub.framed(frame_words),
        Shape::Generator => stub.generator(frame_words),
    }
    out.bind(body);
    compile(isa, function, entry, &mut out)?;
    out.finish()
}

/// A frame of so many words, of so many bytes each, that saves the table's register.
fn frame(words: u32, word: u32) -> Frame {
    // With two saved registers a multiple of sixteen.
    let size = (word * (words + 2)).next_multiple_of(16) - 2 * word;
    Frame {
        outgoing: 0,
        slots: 0,
        size,
        saved: vec![TABLE],
        entry: Entry::default(),
        pins: Vec::new(),
    }
}

struct Stub<'a, 'b> {
    isa: &'a RiscV,
    out: &'a mut Buffer<'b, RiscV>,
    layout: FrameLayout,
    fun_table: u32,
    body: Label,
}

impl Stub<'_, '_> {
    fn load(&mut self, to: Reg, base: Reg, words: u32) {
        self.isa.access(self.out, true, Width::Word, to, base, self.isa.at(words));
    }

    fn load_frame(&mut self, to: Reg, words: u32) {
        self.isa.stack(self.out, true, to, self.isa.word() * words);
    }

    fn store_frame(&mut self, from: Reg, words: u32) {
        self.isa.stack(self.out, false, from, self.isa.word() * words);
    }

    fn call(&mut self, helper: Helper) {
        self.load(A1, TABLE, helper as u32);
        self.isa.one(self.out, Op::C_JALR, &[i64::from(A1.0)]);
    }

    fn call_body(&mut self) {
        self.out.jump(Jump::Link, self.body);
    }

    fn frame_in_a0(&mut self) {
        self.isa.copy(self.out, A0, SP);
    }

    /// The helper table and, in `a0`, the context of the function object in `a0`.
    fn table(&mut self) {
        self.load(A0, A0, 1);
        self.load(TABLE, A0, 3);
        self.load(TABLE, TABLE, self.fun_table);
    }

    /// Swaps in the globals of the context in `a0`.
    fn swap_in(&mut self) {
        self.load(A0, A0, 1);
        self.call(Helper::SwapGlobals);
    }

    /// Swaps back the globals in a word of the frame.
    fn swap_back(&mut self, words: u32) {
        self.load_frame(A0, words);
        self.call(Helper::SwapGlobals);
    }

    /// Raises the exception in the buffer at the stack pointer.
    fn raise(&mut self) {
        self.load_frame(A0, EXCEPTION);
        self.call(Helper::Raise);
    }

    /// Calls `nlr_push`; gives where it goes when something was raised.
    fn protect(&mut self) -> Label {
        self.frame_in_a0();
        self.call(Helper::NlrPush);
        let raised = self.out.label();
        self.out.jump(Jump::not_zero(A0), raised);
        raised
    }

    /// Calls the function again, whose globals are there now, and restores those in
    /// `a0`, whatever happens. The frame with arguments and saved registers is made.
    fn swapped(&mut self, Done { frame, exit }: &Done) {
        let old = self.layout.handler;
        // A multiple of sixteen bytes.
        let words = (old + 1).next_multiple_of(16 / self.isa.word());
        self.isa.move_sp(self.out, -self.isa.at(words));
        self.store_frame(A0, old);
        let raised = self.protect();
        // That was zero: there is no exception.
        self.store_frame(A0, EXCEPTION);
        self.isa.arguments(self.out, true, self.isa.word() * words + frame.size);
        self.call_body();
        self.store_frame(A0, RESULT);
        self.call(Helper::NlrPop);
        self.out.bind(raised);
        self.swap_back(old);
        // That does nothing where there is none.
        self.raise();
        self.load_frame(A0, RESULT);
        self.isa.move_sp(self.out, self.isa.at(words));
        match exit {
            Some(exit) => self.out.jump(self.isa.always(), *exit),
            None => self.isa.leave(self.out, frame, true),
        }
        self.out.gap();
    }

    /// Enters the body with the frame, again for every handler; its result is in the
    /// frame's first argument. Gives where it enters again, and the label for when
    /// something was raised.
    fn again(&mut self) -> (Label, Label) {
        let FrameLayout { handler, args, .. } = self.layout;
        self.store_frame(super::ZERO, handler);
        let again = self.out.label();
        self.out.bind(again);
        let raised = self.protect();
        self.frame_in_a0();
        self.call_body();
        self.store_frame(A0, args);
        self.call(Helper::NlrPop);
        (again, raised)
    }

    /// Starts what runs when something was raised: again if a handler is active.
    fn raised(&mut self, again: Label, raised: Label) {
        self.out.gap();
        self.out.bind(raised);
        self.load_frame(A0, self.layout.handler);
        self.out.jump(Jump::not_zero(A0), again);
    }

    fn framed(&mut self, words: u32) {
        let FrameLayout { old_globals, args, .. } = self.layout;
        let frame = frame(words, self.isa.word());
        self.isa.enter(self.out, &frame);
        self.isa.arguments(self.out, false, self.isa.word() * args);
        self.table();
        self.swap_in();
        self.store_frame(A0, old_globals);
        let (again, raised) = self.again();
        self.swap_back(old_globals);
        self.load_frame(A0, args);
        self.isa.leave(self.out, &frame, true);
        self.raised(again, raised);
        self.swap_back(old_globals);
        self.raise();
        self.out.gap();
    }

    fn generator(&mut self, words: u32) {
        let args = self.layout.args;
        let frame = frame(words, self.isa.word());
        self.isa.enter(self.out, &frame);
        self.store_frame(A0, args);
        self.store_frame(A1, args + 1);
        self.load(A0, A0, 0);
        self.table();
        let (again, raised) = self.again();
        self.load_frame(A0, args);
        let exit = self.out.label();
        self.out.bind(exit);
        self.isa.leave(self.out, &frame, true);
        self.raised(again, raised);
        // The exception is handed to the caller in the first word of the state.
        self.load_frame(A1, args);
        self.load_frame(A0, EXCEPTION);
        let offset = self.isa.at(CODE_STATE_WORDS);
        self.isa.access(self.out, false, Width::Word, A0, A1, offset);
        self.isa.constant_in(self.out, A0, 2);
        self.out.jump(self.isa.always(), exit);
        self.out.gap();
    }
}
