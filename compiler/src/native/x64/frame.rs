//! The frames of Cranelift's functions, and shorter code that makes the same ones.

use iced_x86::{Code, Instruction, MemoryOperand, OpKind, Register};

/// The registers that a function keeps for its caller, but for `rbp`.
pub const KEPT: [Register; 5] =
    [Register::RBX, Register::R12, Register::R13, Register::R14, Register::R15];

/// A saved register.
pub struct Saved {
    /// Its place above `rsp`.
    pub at: i64,
    pub register: Register,
}

/// How Cranelift laid out a frame: the saved registers at its upper end.
pub struct Frame {
    /// Bytes below what `rbp` points to.
    pub size: i64,
    /// From the highest in memory.
    pub saved: Vec<Saved>,
    /// Whether a word above them is unused.
    padded: bool,
    /// Instructions that make it.
    pub length: usize,
}

impl Frame {
    pub fn find(insts: &[Instruction]) -> Option<Self> {
        let [push, mov, rest @ ..] = insts else { return None };
        let starts = push.code() == Code::Push_r64
            && push.op0_register() == Register::RBP
            && matches!(mov.code(), Code::Mov_r64_rm64 | Code::Mov_rm64_r64)
            && (mov.op0_register(), mov.op1_register()) == (Register::RBP, Register::RSP);
        if !starts {
            return None;
        }
        let grows = |i: &&Instruction| {
            matches!(i.code(), Code::Sub_rm64_imm8 | Code::Sub_rm64_imm32)
                && i.op0_register() == Register::RSP
        };
        let Some(sub) = rest.first().filter(grows) else {
            return Some(Self { size: 0, saved: Vec::new(), padded: false, length: 2 });
        };
        let size = sub.immediate(1) as i64;
        let mut saved: Vec<Saved> = rest[1..]
            .iter()
            .take_while(|i| {
                i.code() == Code::Mov_rm64_r64
                    && i.op0_kind() == OpKind::Memory
                    && i.memory_base() == Register::RSP
                    && i.memory_index() == Register::None
                    && KEPT.contains(&i.op1_register())
            })
            .map(|i| Saved { at: i.memory_displacement64() as i64, register: i.op1_register() })
            .collect();
        let length = 3 + saved.len();
        saved.sort_by_key(|s| std::cmp::Reverse(s.at));
        let top = saved.first().map_or(size, |s| s.at + 8);
        let in_a_row = saved.iter().enumerate().all(|(i, s)| s.at == top - 8 * (i as i64 + 1));
        (in_a_row && size - top <= 8).then_some(Self { size, saved, padded: size != top, length })
    }

    /// What follows `mov rbp, rsp`.
    pub fn start(&self) -> Vec<Instruction> {
        let push = |register| Instruction::with1(Code::Push_r64, register);
        let mut start = Vec::new();
        start.extend(self.padded.then(|| push(Register::RAX)).into_iter().flatten());
        start.extend(self.saved.iter().flat_map(|s| push(s.register)));
        let rest = self.size - self.pushed();
        if rest != 0 {
            let code = if rest < 128 { Code::Sub_rm64_imm8 } else { Code::Sub_rm64_imm32 };
            start.extend(Instruction::with2(code, Register::RSP, rest as i32));
        }
        start
    }

    /// Bytes that the start pushes, without `rbp`.
    fn pushed(&self) -> i64 {
        8 * (self.saved.len() as i64 + i64::from(self.padded))
    }

    /// What precedes `ret`; never more than Cranelift has.
    pub fn end(&self) -> Vec<Instruction> {
        let mut end = Vec::new();
        if !self.saved.is_empty() {
            if self.size != self.pushed() {
                let at = MemoryOperand::with_base_displ(Register::RBP, -self.pushed());
                end.extend(Instruction::with2(Code::Lea_r64_m, Register::RSP, at));
            }
            let pop = |s: &Saved| Instruction::with1(Code::Pop_r64, s.register);
            end.extend(self.saved.iter().rev().flat_map(pop));
        }
        if self.size != 0 && (self.saved.is_empty() || self.padded) {
            end.push(Instruction::with(Code::Leaveq));
        } else {
            end.extend(Instruction::with1(Code::Pop_r64, Register::RBP));
        }
        end
    }
}
