//! The stubs around x64 bodies.
//!
//! A stub is the only code that `nlr_push` returns to twice, so it is written
//! here by hand: whatever it needs after the second return lies in its frame, in
//! `rbx` (the helper table, moved by the bias) or in `rbp` (the frame, moved by its
//! bias), which the raise restores. See [`crate::clif`] for why.

use iced_x86::{Code, IcedError, Instruction, Register};
use mpy_format::Helper;

use super::TABLE_BIAS;
use super::text::{STUB, Text};
use super::write::{Done, Writer, at, call, grow, load, mov, pop, push, shrink, store};
use crate::clif::{Abi, CODE_STATE_WORDS, FrameLayout, Shape};
use Register::{EAX, R8, RAX, RBP, RBX, RCX, RDI, RDX, RSI, RSP};

/// The registers that the first four arguments come in.
const ARGS: [Register; 4] = [RDI, RSI, RDX, RCX];

/// Label of a body's first instruction: its offset.
const BODY: u64 = 0;

/// The stub of a function.
///
/// # Errors
/// The encoder's message, for a frame that exceeds what an instruction can say.
pub fn stub(shape: Shape, abi: &Abi, fun_table: u32, frame_words: u32) -> Result<Text, String> {
    let mut stub = Stub {
        writer: Writer::new(STUB),
        fun_table: i64::from(fun_table),
        layout: FrameLayout::new(abi),
        bias: i64::from(abi.frame_bias),
    };
    match shape {
        Shape::Plain => Ok(()),
        Shape::Globals => stub.globals(abi),
        Shape::Framed => stub.framed(frame_words),
        Shape::Generator => stub.generator(frame_words),
    }
    .map_err(|error| error.to_string())?;
    Ok(stub.writer.text)
}

struct Stub {
    writer: Writer,
    fun_table: i64,
    layout: FrameLayout,
    /// Words between the frame and where `rbp` points.
    bias: i64,
}

impl Stub {
    /// Loads the helper table of a function object into `rbx` and swaps in its
    /// module's globals if `globals`; the context goes to `rax`.
    fn table(&mut self, function: Register) -> Done {
        let bias = -(TABLE_BIAS as i32);
        self.writer.ops([
            load(RAX, function, 1),
            load(RBX, RAX, 3),
            load(RBX, RBX, self.fun_table),
            // The negative number fits a byte.
            Instruction::with2(Code::Sub_rm64_imm8, RBX, bias),
        ])
    }

    fn swap_globals_in(&mut self) -> Done {
        self.writer.ops([load(RDI, RAX, 1), call(Helper::SwapGlobals)])
    }

    /// Swaps globals around the body; only where they differ is there anything to
    /// restore.
    fn globals(&mut self, abi: &Abi) -> Done {
        // Five words keep the stack aligned.
        self.writer.ops([push(RBX), push(RCX), push(RDX), push(RSI), push(RDI)])?;
        self.table(RDI)?;
        self.swap_globals_in()?;
        let (swapped, raised) = (self.writer.text.fresh(), self.writer.text.fresh());
        self.writer.op(Instruction::with2(Code::Test_rm64_r64, RAX, RAX))?;
        self.writer.jump(Code::Jne_rel32_64, swapped)?;
        self.writer.ops([pop(RDI), pop(RSI), pop(RDX), pop(RCX), mov(R8, RBX), pop(RBX)])?;
        self.writer.jump(Code::Jmp_rel32_64, BODY)?;

        // The exception buffer, the globals to restore, the four arguments.
        let buffer = i64::from(abi.nlr_words | 1);
        self.writer.place(swapped);
        self.writer.ops([push(RAX), grow(buffer)])?;
        // An exception of null is not raised.
        self.writer.op(Instruction::with2(Code::And_rm64_imm8, at(RSP, 1), 0i32))?;
        self.protect(raised)?;
        self.writer.op(Instruction::with2(Code::Lea_r64_m, RAX, at(RSP, buffer + 1)))?;
        for (place, &register) in ARGS.iter().enumerate() {
            self.writer.op(load(register, RAX, place as i64))?;
        }
        self.writer.op(mov(R8, RBX))?;
        self.writer.jump(Code::Call_rel32_64, BODY)?;
        self.writer.ops([store(RAX, RSP, buffer + 1), call(Helper::NlrPop)])?;
        self.writer.place(raised);
        self.writer.ops([
            load(RDI, RSP, buffer),
            call(Helper::SwapGlobals),
            load(RDI, RSP, 1),
            call(Helper::Raise),
            shrink(buffer + 1),
            pop(RAX),
            shrink(3),
            pop(RBX),
            Ok(Instruction::with(Code::Retnq)),
        ])
    }

    /// `nlr_push` with the buffer at the top of the stack; jumps when something was
    /// raised.
    fn protect(&mut self, raised: u64) -> Done {
        self.writer.ops([
            mov(RDI, RSP),
            call(Helper::NlrPush),
            Instruction::with2(Code::Test_rm32_r32, EAX, EAX),
        ])?;
        self.writer.jump(Code::Jne_rel32_64, raised)
    }

    /// A word of the frame, from `rbp`.
    fn word(&self, words: u32) -> i64 {
        i64::from(words) - self.bias
    }

    /// Makes the frame and points `rbp` into it. Gives its size.
    fn open(&mut self, frame_words: u32) -> Result<i64, IcedError> {
        // With two registers saved, an odd number aligns the stack.
        let words = i64::from(frame_words | 1);
        let bias = at(RSP, self.bias);
        self.writer.ops([
            push(RBX),
            push(RBP),
            grow(words),
            Instruction::with2(Code::Lea_r64_m, RBP, bias),
        ])?;
        Ok(words)
    }

    /// Enters the body with the frame, again for every handler; goes on at `done`
    /// with the result among the arguments, and behind this code if what was raised
    /// has no handler.
    fn enter(&mut self, done: u64) -> Done {
        let (handler, args) = (self.word(self.layout.handler), self.word(self.layout.args));
        let (again, raised) = (self.writer.text.fresh(), self.writer.text.fresh());
        self.writer.op(Instruction::with2(Code::And_rm64_imm8, at(RBP, handler), 0i32))?;
        self.writer.place(again);
        self.protect(raised)?;
        self.writer.ops([mov(RDI, RBP), mov(RSI, RBX)])?;
        self.writer.jump(Code::Call_rel32_64, BODY)?;
        self.writer.ops([store(RAX, RBP, args), call(Helper::NlrPop)])?;
        self.writer.jump(Code::Jmp_rel32_64, done)?;
        self.writer.place(raised);
        self.writer.op(Instruction::with2(Code::Cmp_rm64_imm8, at(RBP, handler), 0i32))?;
        self.writer.jump(Code::Jne_rel32_64, again)
    }

    fn close(&mut self, words: i64) -> Done {
        let args = self.word(self.layout.args);
        self.writer.ops([
            load(RAX, RBP, args),
            shrink(words),
            pop(RBP),
            pop(RBX),
            Ok(Instruction::with(Code::Retnq)),
        ])
    }

    fn framed(&mut self, frame_words: u32) -> Done {
        let old_globals = self.word(self.layout.old_globals);
        let words = self.open(frame_words)?;
        for (place, &register) in ARGS.iter().enumerate() {
            let word = self.word(self.layout.args + place as u32);
            self.writer.op(store(register, RBP, word))?;
        }
        self.table(RDI)?;
        self.swap_globals_in()?;
        self.writer.op(store(RAX, RBP, old_globals))?;
        let done = self.writer.text.fresh();
        self.enter(done)?;
        self.writer.ops([
            load(RDI, RBP, old_globals),
            call(Helper::SwapGlobals),
            load(RDI, RSP, 1),
            call(Helper::Raise),
            Ok(Instruction::with(Code::Ud2)),
        ])?;
        self.writer.place(done);
        self.writer.ops([load(RDI, RBP, old_globals), call(Helper::SwapGlobals)])?;
        self.close(words)
    }

    fn generator(&mut self, frame_words: u32) -> Done {
        let args = self.word(self.layout.args);
        let words = self.open(frame_words)?;
        self.writer.ops([store(RDI, RBP, args), store(RSI, RBP, args + 1), load(RAX, RDI, 0)])?;
        self.table(RAX)?;
        let done = self.writer.text.fresh();
        self.enter(done)?;
        // The exception is handed to the caller in the first word of the state.
        self.writer.ops([
            load(RDI, RBP, args),
            load(RAX, RSP, 1),
            store(RAX, RDI, i64::from(CODE_STATE_WORDS)),
            Instruction::with2(Code::Mov_r32_imm32, EAX, 2i32),
            store(RAX, RBP, args),
        ])?;
        self.writer.place(done);
        self.close(words)
    }
}
