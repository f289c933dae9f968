//! x64: Cranelift's back end for bodies, and the stubs around them.
//!
//! A stub is the only code that `nlr_push` returns to twice, so it is written
//! here by hand: whatever it needs after the second return lies in its frame or
//! in `rbx`, which the raise restores. See [`crate::clif`] for why.

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{Context, ir};
use mpy_format::Helper;

use crate::clif::{Abi, CODE_STATE_WORDS, FrameLayout, Lowered, Shape};

/// Words of an exception buffer: two links, ten registers (Windows keeps two more
/// than others), and the stack pointer of ports with a separate Python stack.
const NLR_WORDS: u32 = 13;

/// Cranelift's back end with the settings that position-independent code without
/// relocations needs.
pub fn isa() -> Result<OwnedTargetIsa, String> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed_and_size"),
        ("is_pic", "true"),
        ("enable_probestack", "false"),
        ("unwind_info", "false"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ] {
        flags.set(name, value).map_err(|e| e.to_string())?;
    }
    let builder = isa::lookup_by_name("x86_64").map_err(|e| e.to_string())?;
    builder.finish(settings::Flags::new(flags)).map_err(|e| e.to_string())
}

/// The native interface.
pub fn abi(isa: &OwnedTargetIsa) -> Abi {
    Abi { bytes: 8, nlr_words: NLR_WORDS, frontend: isa.frontend_config() }
}

/// Machine code of a function: its stub, then its body.
pub fn emit(
    isa: &OwnedTargetIsa,
    lowered: Lowered,
    abi: &Abi,
    fun_table: u32,
) -> Result<Vec<u8>, String> {
    let Lowered { function, shape, frame_words, .. } = lowered;
    let body = body(isa, function)?;
    let layout = FrameLayout::new(abi);
    let mut stub = Stub { code: Vec::new(), fun_table, layout, to_body: Vec::new() };
    match shape {
        Shape::Plain => {}
        Shape::Globals => stub.globals(),
        Shape::Framed => stub.framed(frame_words),
        Shape::Generator => stub.generator(frame_words),
    }
    Ok(stub.finish(body))
}

fn body(isa: &OwnedTargetIsa, function: ir::Function) -> Result<Vec<u8>, String> {
    let mut context = Context::for_function(function);
    let compiled = context
        .compile(isa.as_ref(), &mut ControlPlane::default())
        .map_err(|e| format!("{:?}", e.inner))?;
    if !compiled.buffer.relocs().is_empty() {
        return Err("the code needs relocations".into());
    }
    Ok(compiled.code_buffer().to_vec())
}

/// Register numbers.
mod reg {
    pub const RAX: u8 = 0;
    pub const RCX: u8 = 1;
    pub const RDX: u8 = 2;
    pub const RBX: u8 = 3;
    pub const RSP: u8 = 4;
    pub const RBP: u8 = 5;
    pub const RSI: u8 = 6;
    pub const RDI: u8 = 7;
    pub const R12: u8 = 12;
    pub const R13: u8 = 13;
    pub const R14: u8 = 14;
}
use reg::*;

/// The registers that the first four arguments come in.
const ARGS: [u8; 4] = [RDI, RSI, RDX, RCX];
/// Registers that keep them across a call.
const KEPT: [u8; 4] = [RBP, R12, R13, R14];

struct Stub {
    code: Vec<u8>,
    fun_table: u32,
    layout: FrameLayout,
    /// Places of displacements to the body.
    to_body: Vec<usize>,
}

impl Stub {
    fn bytes(&mut self, bytes: &[u8]) {
        self.code.extend_from_slice(bytes);
    }

    /// `op reg, [base + disp32]`, 64 bits wide.
    fn memory(&mut self, op: u8, reg: u8, base: u8, words: u32) {
        let rex = 0x48 | reg >> 3 << 2 | base >> 3;
        self.bytes(&[rex, op, 0x80 | (reg & 7) << 3 | base & 7]);
        if base & 7 == RSP {
            self.bytes(&[0x24]);
        }
        self.bytes(&(words * 8).to_le_bytes());
    }

    fn load(&mut self, reg: u8, base: u8, words: u32) {
        self.memory(0x8b, reg, base, words);
    }

    fn store(&mut self, reg: u8, base: u8, words: u32) {
        self.memory(0x89, reg, base, words);
    }

    fn mov(&mut self, to: u8, from: u8) {
        let rex = 0x48 | from >> 3 << 2 | to >> 3;
        self.bytes(&[rex, 0x89, 0xc0 | (from & 7) << 3 | to & 7]);
    }

    fn push(&mut self, reg: u8) {
        if reg >= 8 {
            self.bytes(&[0x41]);
        }
        self.bytes(&[0x50 | reg & 7]);
    }

    fn pop(&mut self, reg: u8) {
        if reg >= 8 {
            self.bytes(&[0x41]);
        }
        self.bytes(&[0x58 | reg & 7]);
    }

    /// `sub rsp, words * 8`
    fn grow(&mut self, words: u32) {
        self.bytes(&[0x48, 0x81, 0xec]);
        self.bytes(&(words * 8).to_le_bytes());
    }

    /// `add rsp, words * 8`
    fn shrink(&mut self, words: u32) {
        self.bytes(&[0x48, 0x81, 0xc4]);
        self.bytes(&(words * 8).to_le_bytes());
    }

    /// `call [rbx + helper]`
    fn call(&mut self, helper: Helper) {
        self.bytes(&[0xff, 0x93]);
        self.bytes(&(helper as u32 * 8).to_le_bytes());
    }

    /// `call` or `jmp` to the body.
    fn go_to_body(&mut self, opcode: u8) {
        self.bytes(&[opcode]);
        self.to_body.push(self.code.len());
        self.bytes(&[0; 4]);
    }

    /// A jump on a condition, to be placed with [`Self::place`].
    fn jump_if_nonzero(&mut self) -> usize {
        self.bytes(&[0x0f, 0x85, 0, 0, 0, 0]);
        self.code.len()
    }

    /// Lets a jump come here.
    fn place(&mut self, jump: usize) {
        let here = self.code.len();
        self.patch(jump, here);
    }

    fn patch(&mut self, jump: usize, target: usize) {
        let distance = (target as i64 - jump as i64) as i32;
        self.code[jump - 4..jump].copy_from_slice(&distance.to_le_bytes());
    }

    /// Loads the helper table of the function object in `rdi` and leaves its
    /// context in `rax`.
    fn table(&mut self, function: u8) {
        self.load(RAX, function, 1);
        self.load(RBX, RAX, 3);
        self.load(RBX, RBX, self.fun_table);
    }

    fn swap_globals_in(&mut self) {
        self.load(RDI, RAX, 1);
        self.call(Helper::SwapGlobals);
    }

    fn raise(&mut self, old_globals: u32) {
        self.load(RDI, RSP, old_globals);
        self.call(Helper::SwapGlobals);
        self.load(RDI, RSP, 1);
        self.call(Helper::Raise);
        self.bytes(&[0x0f, 0x0b]);
    }

    /// Swaps globals around the body; only where they differ is there anything to
    /// restore.
    fn globals(&mut self) {
        // Five registers keep the stack aligned.
        self.push(RBX);
        for reg in KEPT {
            self.push(reg);
        }
        for (kept, arg) in KEPT.into_iter().zip(ARGS) {
            self.mov(kept, arg);
        }
        self.table(RDI);
        self.swap_globals_in();
        self.bytes(&[0x48, 0x85, 0xc0]); // test rax, rax
        let swapped = self.jump_if_nonzero();
        let restore = |stub: &mut Self| {
            for (kept, arg) in KEPT.into_iter().zip(ARGS) {
                stub.mov(arg, kept);
            }
        };
        let leave = |stub: &mut Self| {
            for reg in KEPT.into_iter().rev() {
                stub.pop(reg);
            }
            stub.pop(RBX);
        };
        restore(self);
        leave(self);
        self.go_to_body(0xe9);

        self.place(swapped);
        let old = self.layout.handler;
        let words = (old + 1).next_multiple_of(2);
        self.grow(words);
        self.store(RAX, RSP, old);
        let raised = self.protect();
        restore(self);
        self.go_to_body(0xe8);
        self.mov(R12, RAX);
        self.call(Helper::NlrPop);
        self.load(RDI, RSP, old);
        self.call(Helper::SwapGlobals);
        self.mov(RAX, R12);
        self.shrink(words);
        leave(self);
        self.bytes(&[0xc3]);
        self.place(raised);
        self.raise(old);
    }

    /// `nlr_push` with the buffer at the top of the stack; gives the jump that is
    /// taken when something was raised.
    fn protect(&mut self) -> usize {
        self.mov(RDI, RSP);
        self.call(Helper::NlrPush);
        self.bytes(&[0x85, 0xc0]); // test eax, eax
        self.jump_if_nonzero()
    }

    /// Enters the body with the frame, again for every handler.
    fn enter(&mut self) -> usize {
        let FrameLayout { handler, args, .. } = self.layout;
        // mov qword [rsp + handler], 0
        self.bytes(&[0x48, 0xc7, 0x84, 0x24]);
        self.bytes(&(handler * 8).to_le_bytes());
        self.bytes(&[0; 4]);
        let again = self.code.len();
        let raised = self.protect();
        self.mov(RDI, RSP);
        self.go_to_body(0xe8);
        self.store(RAX, RSP, args);
        self.call(Helper::NlrPop);
        self.raised_again(again, raised)
    }

    /// Jumps over the code that runs when something was raised, and writes its
    /// start: back if a handler is active.
    fn raised_again(&mut self, again: usize, raised: usize) -> usize {
        self.bytes(&[0xe9, 0, 0, 0, 0]);
        let done = self.code.len();
        self.place(raised);
        // cmp qword [rsp + handler], 0
        self.bytes(&[0x48, 0x83, 0xbc, 0x24]);
        self.bytes(&(self.layout.handler * 8).to_le_bytes());
        self.bytes(&[0]);
        let back = self.jump_if_nonzero();
        self.patch(back, again);
        done
    }

    fn framed(&mut self, frame_words: u32) {
        let FrameLayout { old_globals, args, .. } = self.layout;
        let words = frame_words.next_multiple_of(2);
        self.push(RBX);
        self.grow(words);
        for (i, arg) in ARGS.into_iter().enumerate() {
            self.store(arg, RSP, args + i as u32);
        }
        self.table(RDI);
        self.swap_globals_in();
        self.store(RAX, RSP, old_globals);
        let done = self.enter();
        self.raise(old_globals);
        self.place(done);
        self.load(RDI, RSP, old_globals);
        self.call(Helper::SwapGlobals);
        self.load(RAX, RSP, args);
        self.shrink(words);
        self.pop(RBX);
        self.bytes(&[0xc3]);
    }

    fn generator(&mut self, frame_words: u32) {
        let args = self.layout.args;
        let words = frame_words.next_multiple_of(2);
        self.push(RBX);
        self.grow(words);
        self.store(RDI, RSP, args);
        self.store(RSI, RSP, args + 1);
        self.load(RAX, RDI, 0);
        self.table(RAX);
        let done = self.enter();
        // The exception is handed to the caller in the first word of the state.
        self.load(RDI, RSP, args);
        self.load(RAX, RSP, 1);
        self.store(RAX, RDI, CODE_STATE_WORDS);
        self.bytes(&[0xb8, 2, 0, 0, 0]); // mov eax, 2
        self.store(RAX, RSP, args);
        self.place(done);
        self.load(RAX, RSP, args);
        self.shrink(words);
        self.pop(RBX);
        self.bytes(&[0xc3]);
    }

    fn finish(mut self, body: Vec<u8>) -> Vec<u8> {
        let start = self.code.len();
        for place in std::mem::take(&mut self.to_body) {
            self.patch(place + 4, start);
        }
        self.code.extend(body);
        self.code
    }
}
