//! Jumps in all their lengths.

use super::{Cond, RA, Reg, RiscV, SCRATCH, ZERO};
use crate::asm::riscv::Op;
use crate::asm::{Family, put};

/// A jump without its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    Always,
    On(Cond, Reg, Reg),
    /// A call within the code.
    Link,
}

/// The forms of a jump, shortest first.
#[derive(Clone, Copy)]
enum Form {
    /// One compressed instruction.
    Short,
    /// One instruction.
    Long,
    /// The opposite condition jumps over a `jal`.
    Around,
    /// The upper part of the distance is added to the PC first.
    Far,
    /// The opposite condition jumps over that.
    AroundFar,
}

const ALWAYS: [Form; 3] = [Form::Short, Form::Long, Form::Far];
const ON: [Form; 4] = [Form::Short, Form::Long, Form::Around, Form::AroundFar];

impl Jump {
    /// Where the registers, of which the second may be missing, compare so.
    pub fn when(cond: Cond, regs: &[Reg]) -> Jump {
        Jump::On(cond, regs[0], regs.get(1).copied().unwrap_or(ZERO))
    }

    pub fn zero(reg: Reg) -> Jump {
        Jump::On(Cond::Eq, reg, ZERO)
    }

    pub fn not_zero(reg: Reg) -> Jump {
        Jump::On(Cond::Ne, reg, ZERO)
    }

    pub fn opposite(self) -> Jump {
        match self {
            Jump::On(cond, a, b) => Jump::On(cond.opposite(), a, b),
            other => other,
        }
    }

    /// Whether the condition has a compressed form.
    fn short(self) -> bool {
        matches!(self, Jump::On(Cond::Eq | Cond::Ne, Reg(8..=15), ZERO))
    }

    fn form(self, form: u8, wide: bool) -> Option<Form> {
        let forms: &[Form] = match self {
            Jump::On(..) if self.short() => &ON,
            Jump::On(..) => &ON[1..],
            // RV64 has another instruction in the place of `c.jal`.
            Jump::Link if wide => &ALWAYS[1..],
            Jump::Always | Jump::Link => &ALWAYS,
        };
        forms.get(usize::from(form)).copied()
    }
}

/// A distance as the 20 upper and the 12 lower bits that make it as a sum.
pub fn parts(value: i32) -> (i64, i64) {
    let low = value << 20 >> 20;
    let high = (value.wrapping_sub(low) as u32) >> 12;
    (i64::from(high), i64::from(low))
}

impl RiscV {
    pub fn bytes_of_jump(&self, jump: Jump, form: u8) -> Option<u8> {
        let over = if jump.short() { 2 } else { 4 };
        Some(match jump.form(form, self.wide())? {
            Form::Short => 2,
            Form::Long => 4,
            Form::Around => over + 4,
            Form::Far => 8,
            Form::AroundFar => over + 8,
        })
    }

    /// The conditional branch in its compressed form, or not.
    fn branch_word(&self, jump: Jump, short: bool, distance: i64) -> Option<crate::asm::row::Word> {
        let Jump::On(cond, a, b) = jump else { return None };
        let (a, b) = (i64::from(a.0), i64::from(b.0));
        let straight = [a, b, distance];
        let swapped = [b, a, distance];
        match cond {
            Cond::Eq if short => self.encode(Op::C_BEQZ, &[a, distance]),
            Cond::Ne if short => self.encode(Op::C_BNEZ, &[a, distance]),
            Cond::Eq => self.encode(Op::BEQ, &straight),
            Cond::Ne => self.encode(Op::BNE, &straight),
            Cond::Lt => self.encode(Op::BLT, &straight),
            Cond::Ge => self.encode(Op::BGE, &straight),
            Cond::Gt => self.encode(Op::BLT, &swapped),
            Cond::Le => self.encode(Op::BGE, &swapped),
            Cond::Ltu => self.encode(Op::BLTU, &straight),
            Cond::Geu => self.encode(Op::BGEU, &straight),
            Cond::Gtu => self.encode(Op::BLTU, &swapped),
            Cond::Leu => self.encode(Op::BGEU, &swapped),
        }
    }

    pub fn code_of_jump(&self, jump: Jump, form: u8, from: u32, to: u32) -> Option<Vec<u8>> {
        let bytes = self.bytes_of_jump(jump, form)?;
        let form = jump.form(form, self.wide())?;
        let distance = to.wrapping_sub(from) as i32;
        let mut code = Vec::new();
        let mut add = |word| put(&mut code, Family::RiscV, word);
        let link = if jump == Jump::Link { RA } else { ZERO };
        let mut rest = distance;
        if let (Jump::On(..), Form::Around | Form::AroundFar) = (jump, form) {
            let over = self.branch_word(jump.opposite(), jump.short(), i64::from(bytes))?;
            add(over);
            rest -= i32::from(over.bytes);
        }
        match (jump, form) {
            (Jump::On(..), Form::Short) => {
                add(self.branch_word(jump, true, i64::from(distance))?);
            }
            (Jump::On(..), Form::Long) => {
                add(self.branch_word(jump, false, i64::from(distance))?);
            }
            (Jump::Link, Form::Short) => add(self.encode(Op::C_JAL, &[i64::from(distance)])?),
            (_, Form::Short) => add(self.encode(Op::C_J, &[i64::from(distance)])?),
            (_, Form::Long | Form::Around) => {
                add(self.encode(Op::JAL, &[i64::from(link.0), i64::from(rest)])?);
            }
            (_, Form::Far | Form::AroundFar) => {
                let (high, low) = parts(rest);
                let scratch = i64::from(SCRATCH.0);
                add(self.encode(Op::AUIPC, &[scratch, high])?);
                add(self.encode(Op::JALR, &[i64::from(link.0), scratch, low])?);
            }
        }
        Some(code)
    }
}
