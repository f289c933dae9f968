//! Jumps and literal loads in all their lengths.

use super::{Cond, Thumb};
use crate::asm::row::Word;
use crate::asm::thumb::Op;
use crate::asm::{Family, put};
use crate::native::mach::Reg;
use crate::native::mach::buffer::Code;

/// A jump without its target, or a literal's load without its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    Always,
    On(Cond),
    /// Where the register is zero, or is not.
    Zero(Reg, bool),
    Literal(Reg),
    /// A call within the code.
    Link,
}

/// What the forms of a jump are made of, shortest first.
#[derive(Clone, Copy)]
enum Form {
    /// One instruction.
    One(Op),
    /// A comparison with zero before a conditional jump.
    Compared(Op),
    /// The opposite condition jumps over an unconditional jump.
    Around(Op),
    /// A comparison before that.
    ComparedAround(Op),
}

impl Code {
    /// The register whose being zero the flags tell behind a Thumb instruction. In what
    /// belongs to an `it`, the same instructions leave the flags alone.
    pub fn sets_flags(&self) -> Option<Reg> {
        let &[low, high] = self.bytes() else { return None };
        let low_register = Reg(low & 7);
        match high {
            _ if self.glued => None,
            // Shifts, additions and subtractions.
            0x00..=0x1f => Some(low_register),
            // ands, eors, lsls, lsrs, asrs, adcs, sbcs, rors, of which none only compares.
            0x40 | 0x41 => Some(low_register),
            // Of the rest, cmp, cmn and tst do.
            0x42 if low >> 6 == 1 => Some(low_register),
            0x43 => Some(low_register),
            _ => None,
        }
    }
}

impl Jump {
    pub fn opposite(self) -> Jump {
        match self {
            Jump::On(cond) => Jump::On(cond.opposite()),
            Jump::Zero(reg, zero) => Jump::Zero(reg, !zero),
            other => other,
        }
    }
}

/// Without wide branches, `bl` is the long jump: the return address is saved.
const NARROW_ALWAYS: [Form; 2] = [Form::One(Op::B), Form::One(Op::BL)];
const WIDE_ALWAYS: [Form; 2] = [Form::One(Op::B), Form::One(Op::B_W)];
const NARROW_ON: [Form; 3] = [Form::One(Op::BCC), Form::Around(Op::B), Form::Around(Op::BL)];
const WIDE_ON: [Form; 3] = [Form::One(Op::BCC), Form::One(Op::BCC_W), Form::Around(Op::B_W)];
const NARROW_ZERO: [Form; 3] =
    [Form::Compared(Op::BCC), Form::ComparedAround(Op::B), Form::ComparedAround(Op::BL)];
const WIDE_ZERO: [Form; 4] = [
    Form::One(Op::CBZ),
    Form::Compared(Op::BCC),
    Form::Compared(Op::BCC_W),
    Form::ComparedAround(Op::B_W),
];
const NARROW_LITERAL: [Form; 1] = [Form::One(Op::LDR_L)];
const WIDE_LITERAL: [Form; 2] = [Form::One(Op::LDR_L), Form::One(Op::LDR_LW)];
const LINK: [Form; 1] = [Form::One(Op::BL)];

fn displacement(op: Op, from: u32, to: u32) -> i64 {
    let base = if matches!(op, Op::LDR_L | Op::LDR_LW) { (from & !3) + 4 } else { from + 4 };
    i64::from(to) - i64::from(base)
}

fn width(op: Op) -> u8 {
    op.row().bytes
}

impl Thumb {
    fn forms(&self, jump: Jump) -> &'static [Form] {
        match (jump, self.wide()) {
            (Jump::Always, false) => &NARROW_ALWAYS,
            (Jump::Always, true) => &WIDE_ALWAYS,
            (Jump::On(_), false) => &NARROW_ON,
            (Jump::On(_), true) => &WIDE_ON,
            (Jump::Zero(reg, _), true) if reg.low() => &WIDE_ZERO,
            (Jump::Zero(..), true) => &WIDE_ZERO[1..],
            (Jump::Zero(..), false) => &NARROW_ZERO,
            (Jump::Literal(_), false) => &NARROW_LITERAL,
            (Jump::Literal(reg), true) if reg.low() => &WIDE_LITERAL,
            (Jump::Literal(_), true) => &WIDE_LITERAL[1..],
            (Jump::Link, _) => &LINK,
        }
    }

    /// Bytes of a comparison with zero.
    fn compare_bytes(reg: Reg) -> u8 {
        if reg.low() { 2 } else { 4 }
    }

    pub fn bytes_of_jump(&self, jump: Jump, form: u8) -> Option<u8> {
        let compare = match jump {
            Jump::Zero(reg, _) => Self::compare_bytes(reg),
            _ => 0,
        };
        Some(match *self.forms(jump).get(usize::from(form))? {
            Form::One(op) => width(op),
            Form::Compared(op) => compare + width(op),
            Form::Around(op) => 2 + width(op),
            Form::ComparedAround(op) => compare + 2 + width(op),
        })
    }

    pub fn code_of_jump(&self, jump: Jump, form: u8, from: u32, to: u32) -> Option<Vec<u8>> {
        let form = *self.forms(jump).get(usize::from(form))?;
        let mut code = Vec::new();
        let mut add = |word: Word| put(&mut code, Family::Thumb, word);
        let mut from = from;
        // What jumps on a condition, or not.
        let cond = match jump {
            Jump::On(cond) => cond,
            Jump::Zero(_, true) => Cond::EQ,
            Jump::Zero(_, false) => Cond::NE,
            _ => Cond(0),
        };
        if let (Form::Compared(_) | Form::ComparedAround(_), Jump::Zero(reg, _)) = (form, jump) {
            let reg_operands = [i64::from(reg.0), 0];
            let op = if reg.low() { Op::CMP_I8 } else { Op::CMP_IW };
            add(self.encode(op, &reg_operands)?);
            from += u32::from(Self::compare_bytes(reg));
        }
        match form {
            Form::One(op) | Form::Compared(op) => {
                let distance = displacement(op, from, to);
                let word = match (op, jump) {
                    (Op::CBZ, Jump::Zero(reg, zero)) => {
                        let op = if zero { Op::CBZ } else { Op::CBNZ };
                        self.encode(op, &[i64::from(reg.0), distance])?
                    }
                    (Op::BCC | Op::BCC_W, _) => self.encode(op, &[i64::from(cond.0), distance])?,
                    (_, Jump::Literal(reg)) => self.encode(op, &[i64::from(reg.0), distance])?,
                    _ => self.encode(op, &[distance])?,
                };
                add(word);
            }
            Form::Around(op) | Form::ComparedAround(op) => {
                let over = i64::from(width(op)) - 2;
                add(self.encode(Op::BCC, &[i64::from(cond.opposite().0), over])?);
                add(self.encode(op, &[displacement(op, from + 2, to)])?);
            }
        }
        Some(code)
    }
}

#[cfg(test)]
mod tests {
    use mpy_format::Arch;

    use super::*;
    use crate::asm::Cpu;
    use crate::native::mach::Buffer;
    use crate::native::mach::buffer::Item;

    /// Encodings from the Armv7-M manual.
    #[test]
    fn flags_of_operations_are_known() {
        let thumb = Thumb::new(Cpu::new(Arch::ArmV7M, 0).expect("a CPU with an assembler"));
        let mut out = Buffer::new(&thumb);
        let known = |out: &mut Buffer<'_, Thumb>, code: &[u8]| {
            out.code(code);
            match out.items.last() {
                Some(Item::Code(code)) => code.sets_flags(),
                _ => None,
            }
        };
        // orrs r5, r2; subs r5, r1, #2; rsbs r3, r1, #0; muls r4, r2, r4
        assert_eq!(known(&mut out, &[0x15, 0x43]), Some(Reg(5)));
        assert_eq!(known(&mut out, &[0x8d, 0x1e]), Some(Reg(5)));
        assert_eq!(known(&mut out, &[0x4b, 0x42]), Some(Reg(3)));
        assert_eq!(known(&mut out, &[0x54, 0x43]), Some(Reg(4)));
        // tst r0, r1; cmp r0, r1; cmn r0, r1; mov r0, r1; ldr r0, [r1]; and.w r0, r0, r1
        for other in [[0x08, 0x42], [0x88, 0x42], [0xc8, 0x42], [0x08, 0x46], [0x08, 0x68]] {
            assert_eq!(known(&mut out, &other), None);
        }
        assert_eq!(known(&mut out, &[0x00, 0xea, 0x01, 0x00]), None);
        // In an it block.
        out.glue(1);
        assert_eq!(known(&mut out, &[0x15, 0x43]), None);
    }
}
