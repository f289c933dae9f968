//! Writes instructions of our own, one by one.

use iced_x86::{Code, IcedError, Instruction, MemoryOperand, Register};
use mpy_format::Helper;

use super::TABLE_BIAS;
use super::text::Text;
use Register::{RBX, RSP};

/// Bytes of a word.
const WORD: i64 = 8;

/// An instruction, or why there is none.
pub type Made = Result<Instruction, IcedError>;
pub type Done = Result<(), IcedError>;

/// Instructions that are being written.
pub struct Writer {
    pub text: Text,
    /// The label of the next instruction, where a jump leads to it.
    label: Option<u64>,
}

/// Memory at a distance in words.
pub fn at(base: Register, words: i64) -> MemoryOperand {
    let size = u32::from(words != 0);
    MemoryOperand::new(base, Register::None, 1, words * WORD, size, false, Register::None)
}

pub fn load(to: Register, base: Register, words: i64) -> Made {
    Instruction::with2(Code::Mov_r64_rm64, to, at(base, words))
}

pub fn store(from: Register, base: Register, words: i64) -> Made {
    Instruction::with2(Code::Mov_rm64_r64, at(base, words), from)
}

pub fn mov(to: Register, from: Register) -> Made {
    Instruction::with2(Code::Mov_rm64_r64, to, from)
}

pub fn push(register: Register) -> Made {
    Instruction::with1(Code::Push_r64, register)
}

pub fn pop(register: Register) -> Made {
    Instruction::with1(Code::Pop_r64, register)
}

/// `add rsp` or `sub rsp`, in the form that fits.
fn move_stack(short: Code, long: Code, words: i64) -> Made {
    let bytes = (words * WORD) as i32;
    Instruction::with2(if bytes < 128 { short } else { long }, RSP, bytes)
}

pub fn grow(words: i64) -> Made {
    move_stack(Code::Sub_rm64_imm8, Code::Sub_rm64_imm32, words)
}

pub fn shrink(words: i64) -> Made {
    move_stack(Code::Add_rm64_imm8, Code::Add_rm64_imm32, words)
}

pub fn call(helper: Helper) -> Made {
    let offset = i64::from(helper as u32) * WORD - i64::from(TABLE_BIAS);
    let size = u32::from(offset != 0);
    let entry = MemoryOperand::new(RBX, Register::None, 1, offset, size, false, Register::None);
    Instruction::with1(Code::Call_rm64, entry)
}

impl Writer {
    /// Nothing yet; labels are above `fresh`.
    pub fn new(fresh: u64) -> Writer {
        Writer { text: Text::new(fresh), label: None }
    }

    pub fn op(&mut self, made: Made) -> Done {
        let mut inst = made?;
        let label = self.label.take().unwrap_or_else(|| self.text.fresh());
        inst.set_ip(label);
        self.text.insts.push(inst);
        Ok(())
    }

    pub fn ops<const N: usize>(&mut self, all: [Made; N]) -> Done {
        all.into_iter().try_for_each(|made| self.op(made))
    }

    /// Lets the next instruction have a label.
    pub fn place(&mut self, label: u64) {
        self.label = Some(label);
    }

    pub fn jump(&mut self, code: Code, label: u64) -> Done {
        self.op(Instruction::with_branch(code, label))
    }
}
