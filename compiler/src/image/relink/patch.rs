//! Writing relocations anew: ELF for the Arm Architecture (IHI 0044), RISC-V ELF psABI.

use object::elf;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Machine {
    Arm,
    Riscv,
}

/// What changes.
pub struct Shift {
    /// How far what is referred to moves.
    pub target: u32,
    /// How far the place moves that refers to it.
    pub place: u32,
    /// The new address referred to, where the relocation tells it.
    pub address: Option<u32>,
    /// The new address of the place.
    pub here: u32,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Wrong {
    /// This kind of relocation is not known, or does not fit the instruction.
    Kind,
    /// The distance is too large.
    Far,
}

impl Machine {
    pub fn of(machine: elf::Machine) -> Option<Machine> {
        match machine {
            elf::EM_ARM => Some(Machine::Arm),
            elf::EM_RISCV => Some(Machine::Riscv),
            _ => None,
        }
    }

    /// Kinds that say nothing about bytes.
    pub fn is_nothing(self, kind: u32) -> bool {
        match self {
            Machine::Arm => kind == arm::NONE,
            Machine::Riscv => [riscv::NONE, riscv::ALIGN, riscv::RELAX].contains(&kind),
        }
    }

    /// What lies in the lower half of a distance that another relocation has the upper half
    /// of: its symbol is that relocation's place.
    pub fn is_lower_half(self, kind: u32) -> bool {
        self == Machine::Riscv && [riscv::PCREL_LO12_I, riscv::PCREL_LO12_S].contains(&kind)
    }

    /// A whole address.
    pub fn is_word(self, kind: u32) -> bool {
        match self {
            Machine::Arm => kind == arm::ABS32,
            Machine::Riscv => kind == riscv::ABS32,
        }
    }
}

mod arm {
    pub const NONE: u32 = 0;
    pub const ABS32: u32 = 2;
    pub const REL32: u32 = 3;
    pub const THM_CALL: u32 = 10;
    pub const THM_JUMP24: u32 = 30;
    pub const PREL31: u32 = 42;
    pub const THM_JUMP19: u32 = 51;
    pub const THM_JUMP11: u32 = 102;
    pub const THM_JUMP8: u32 = 103;
}

mod riscv {
    pub const NONE: u32 = 0;
    pub const ABS32: u32 = 1;
    pub const BRANCH: u32 = 16;
    pub const JAL: u32 = 17;
    pub const CALL: u32 = 18;
    pub const CALL_PLT: u32 = 19;
    pub const PCREL_HI20: u32 = 23;
    pub const PCREL_LO12_I: u32 = 24;
    pub const PCREL_LO12_S: u32 = 25;
    pub const HI20: u32 = 26;
    pub const LO12_I: u32 = 27;
    pub const LO12_S: u32 = 28;
    pub const ADD32: u32 = 35;
    pub const SUB32: u32 = 39;
    pub const ALIGN: u32 = 43;
    pub const RVC_BRANCH: u32 = 44;
    pub const RVC_JUMP: u32 = 45;
    pub const RELAX: u32 = 51;
}

/// Writes the relocation at the start of `bytes`.
pub fn apply(machine: Machine, kind: u32, bytes: &mut [u8], shift: &Shift) -> Result<(), Wrong> {
    match machine {
        Machine::Arm => apply_arm(kind, bytes, shift),
        Machine::Riscv => apply_riscv(kind, bytes, shift),
    }
}

fn half(bytes: &[u8], at: usize) -> Result<u32, Wrong> {
    let half = bytes.get(at..at + 2).ok_or(Wrong::Kind)?;
    Ok(u32::from(u16::from_le_bytes([half[0], half[1]])))
}

fn set_half(bytes: &mut [u8], at: usize, value: u32) {
    if let Some(half) = bytes.get_mut(at..at + 2) {
        half.copy_from_slice(&(value as u16).to_le_bytes());
    }
}

fn word(bytes: &[u8]) -> Result<u32, Wrong> {
    Ok(half(bytes, 0)? | half(bytes, 2)? << 16)
}

fn set_word(bytes: &mut [u8], value: u32) {
    set_half(bytes, 0, value);
    set_half(bytes, 2, value >> 16);
}

/// `value` as a signed number of `bits` bits, which is even.
fn extend(value: u32, bits: u32) -> i32 {
    (value << (32 - bits)) as i32 >> (32 - bits)
}

/// The new distance, if it has at most so many bits.
fn distance(old: i32, shift: &Shift, bits: u32) -> Result<u32, Wrong> {
    let new = (old as u32).wrapping_add(shift.target).wrapping_sub(shift.place);
    if extend(new, bits) as u32 == new { Ok(new) } else { Err(Wrong::Far) }
}

fn apply_arm(kind: u32, bytes: &mut [u8], shift: &Shift) -> Result<(), Wrong> {
    match kind {
        arm::ABS32 => set_word(bytes, word(bytes)?.wrapping_add(shift.target)),
        arm::REL32 => {
            let new = word(bytes)?.wrapping_add(shift.target).wrapping_sub(shift.place);
            set_word(bytes, new);
        }
        arm::PREL31 => {
            let old = word(bytes)?;
            let new = distance(extend(old, 31), shift, 31)?;
            set_word(bytes, old & 1 << 31 | new & !(1 << 31));
        }
        arm::THM_CALL | arm::THM_JUMP24 => {
            // 11110 S imm10 | 1x J1 1 J2 imm11, with Jn = not (In xor S).
            let (high, low) = (half(bytes, 0)?, half(bytes, 2)?);
            let wide = if kind == arm::THM_CALL { 0xd000 } else { 0x9000 };
            if high & 0xf800 != 0xf000 || low & 0xd000 != wide {
                return Err(Wrong::Kind);
            }
            let sign = high >> 10 & 1;
            let bit = |at: u32| (low >> at & 1) ^ sign ^ 1;
            let old = sign << 24 | bit(13) << 23 | bit(11) << 22;
            let old = old | (high & 0x3ff) << 12 | (low & 0x7ff) << 1;
            let new = distance(extend(old, 25), shift, 25)?;
            let sign = new >> 24 & 1;
            let bit = |at: u32| (new >> at & 1) ^ sign ^ 1;
            set_half(bytes, 0, 0xf000 | sign << 10 | new >> 12 & 0x3ff);
            set_half(bytes, 2, wide | bit(23) << 13 | bit(22) << 11 | new >> 1 & 0x7ff);
        }
        arm::THM_JUMP19 => {
            // 11110 S cond imm6 | 10 J1 0 J2 imm11, the distance S:J2:J1:imm6:imm11.
            let (high, low) = (half(bytes, 0)?, half(bytes, 2)?);
            if high & 0xf800 != 0xf000 || low & 0xd000 != 0x8000 {
                return Err(Wrong::Kind);
            }
            let old = (high >> 10 & 1) << 20 | (low >> 11 & 1) << 19 | (low >> 13 & 1) << 18;
            let old = old | (high & 0x3f) << 12 | (low & 0x7ff) << 1;
            let new = distance(extend(old, 21), shift, 21)?;
            set_half(bytes, 0, high & !0x43f | (new >> 20 & 1) << 10 | new >> 12 & 0x3f);
            let low = low & !0x2fff | (new >> 18 & 1) << 13 | (new >> 19 & 1) << 11;
            set_half(bytes, 2, low | new >> 1 & 0x7ff);
        }
        arm::THM_JUMP11 | arm::THM_JUMP8 => {
            let bits = if kind == arm::THM_JUMP11 { 11 } else { 8 };
            let mask = (1 << bits) - 1;
            let old = half(bytes, 0)?;
            let new = distance(extend((old & mask) << 1, bits + 1), shift, bits + 1)?;
            set_half(bytes, 0, old & !mask | new >> 1 & mask);
        }
        _ => return Err(Wrong::Kind),
    }
    Ok(())
}

fn apply_riscv(kind: u32, bytes: &mut [u8], shift: &Shift) -> Result<(), Wrong> {
    let address = shift.address.ok_or(Wrong::Kind)?;
    let away = address.wrapping_sub(shift.here);
    match kind {
        riscv::ABS32 => set_word(bytes, address),
        riscv::ADD32 => set_word(bytes, word(bytes)?.wrapping_add(shift.target)),
        riscv::SUB32 => set_word(bytes, word(bytes)?.wrapping_sub(shift.target)),
        riscv::HI20 => upper(bytes, address)?,
        riscv::PCREL_HI20 => upper(bytes, away)?,
        riscv::LO12_I => lower(bytes, address)?,
        riscv::PCREL_LO12_I => lower(bytes, away)?,
        riscv::LO12_S => lower_store(bytes, address)?,
        riscv::PCREL_LO12_S => lower_store(bytes, away)?,
        // auipc and jalr.
        riscv::CALL | riscv::CALL_PLT => {
            upper(bytes, away)?;
            lower(bytes.get_mut(4..).ok_or(Wrong::Kind)?, away)?;
        }
        riscv::JAL => {
            let d = reach(away, 21)?;
            let bits = (d >> 20 & 1) << 31 | (d >> 1 & 0x3ff) << 21 | (d >> 11 & 1) << 20;
            set_word(bytes, word(bytes)? & 0xfff | bits | d & 0xff000);
        }
        riscv::BRANCH => {
            let d = reach(away, 13)?;
            let bits = (d >> 12 & 1) << 31 | (d >> 5 & 0x3f) << 25;
            let bits = bits | (d >> 1 & 0xf) << 8 | (d >> 11 & 1) << 7;
            set_word(bytes, word(bytes)? & 0x01ff_f07f | bits);
        }
        riscv::RVC_JUMP => {
            let d = reach(away, 12)?;
            // Which bit of the distance each bit from 12 down to 2 is.
            let order = [11, 4, 9, 8, 10, 6, 7, 3, 2, 1, 5];
            let bits = order.iter().fold(0, |bits, at| bits << 1 | d >> at & 1);
            set_half(bytes, 0, half(bytes, 0)? & 0xe003 | bits << 2);
        }
        riscv::RVC_BRANCH => {
            let d = reach(away, 9)?;
            let high = [8, 4, 3].iter().fold(0, |bits, at| bits << 1 | d >> at & 1);
            let low = [7, 6, 2, 1, 5].iter().fold(0, |bits, at| bits << 1 | d >> at & 1);
            set_half(bytes, 0, half(bytes, 0)? & 0xe383 | high << 10 | low << 2);
        }
        _ => return Err(Wrong::Kind),
    }
    Ok(())
}

/// The distance, if it has at most so many bits.
fn reach(away: u32, bits: u32) -> Result<u32, Wrong> {
    if extend(away, bits) as u32 == away { Ok(away) } else { Err(Wrong::Far) }
}

/// The upper 20 bits, such that the lower 12 are a signed number.
fn upper(bytes: &mut [u8], value: u32) -> Result<(), Wrong> {
    let old = word(bytes)?;
    set_word(bytes, old & 0xfff | value.wrapping_add(0x800) & 0xffff_f000);
    Ok(())
}

fn lower(bytes: &mut [u8], value: u32) -> Result<(), Wrong> {
    let old = word(bytes)?;
    set_word(bytes, old & 0x000f_ffff | value << 20);
    Ok(())
}

fn lower_store(bytes: &mut [u8], value: u32) -> Result<(), Wrong> {
    let old = word(bytes)?;
    set_word(bytes, old & 0x01ff_f07f | (value >> 5 & 0x7f) << 25 | (value & 0x1f) << 7);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(target: u32, place: u32) -> Shift {
        Shift { target, place, address: None, here: 0 }
    }

    fn arm(kind: u32, bytes: [u8; 4], by: &Shift) -> Result<[u8; 4], Wrong> {
        let mut bytes = bytes;
        apply(Machine::Arm, kind, &mut bytes, by).map(|()| bytes)
    }

    fn riscv(kind: u32, bytes: &[u8], address: u32, here: u32) -> Result<Vec<u8>, Wrong> {
        let mut bytes = bytes.to_vec();
        let shift = Shift { target: 0, place: 0, address: Some(address), here };
        apply(Machine::Riscv, kind, &mut bytes, &shift).map(|()| bytes)
    }

    /// The encodings are those of LLVM's assembler: `bl`, `b.w`, `beq.w`, `b`, `beq` to
    /// places before and behind.
    #[test]
    fn arm_branches_are_encoded_as_assemblers_do() {
        // bl .+4+0x1000 becomes bl .+4-0x1000.
        let forth = [0x01, 0xf0, 0x00, 0xf8];
        assert_eq!(
            arm(10, forth, &shift(0u32.wrapping_sub(0x2000), 0)),
            Ok([0xff, 0xf7, 0x00, 0xf8])
        );
        assert_eq!(arm(10, [0xff, 0xf7, 0x00, 0xf8], &shift(0x2000, 0)), Ok(forth));
        assert_eq!(
            arm(30, [0x01, 0xf0, 0x00, 0xb8], &shift(0, 0x2000)),
            Ok([0xff, 0xf7, 0x00, 0xb8])
        );
        // A call is no jump, and 16 MiB is too far.
        assert_eq!(arm(30, forth, &shift(0, 0)), Err(Wrong::Kind));
        assert_eq!(arm(10, forth, &shift(0x100_0000, 0)), Err(Wrong::Far));
        // b .+4+2 becomes b .+4-4; 2 KiB is too far.
        assert_eq!(arm(102, [0x01, 0xe0, 0, 0], &shift(0, 6)), Ok([0xfe, 0xe7, 0, 0]));
        assert_eq!(arm(102, [0x01, 0xe0, 0, 0], &shift(2048, 0)), Err(Wrong::Far));
        assert_eq!(arm(103, [0x01, 0xd0, 0, 0], &shift(0, 6)), Ok([0xfe, 0xd0, 0, 0]));
        // beq.w .+4+0x100 becomes beq.w .+4-0x100.
        assert_eq!(
            arm(51, [0x00, 0xf0, 0x80, 0x80], &shift(0, 0x200)),
            Ok([0x3f, 0xf4, 0x80, 0xaf])
        );
        assert_eq!(arm(2, [0, 1, 0, 0], &shift(4, 8)), Ok([4, 1, 0, 0]));
        assert_eq!(arm(255, [0; 4], &shift(0, 0)), Err(Wrong::Kind));
    }

    /// The encodings are those of LLVM's assembler.
    #[test]
    fn riscv_instructions_are_encoded_as_assemblers_do() {
        let le = |word: u32| word.to_le_bytes().to_vec();
        // lui a0, %hi(0x12345fff); addi a0, a0, %lo(0x12345fff); sw a1, %lo(…)(a0)
        assert_eq!(riscv(26, &le(0x0000_0537), 0x1234_5fff, 0), Ok(le(0x1234_6537)));
        assert_eq!(riscv(27, &le(0x0005_0513), 0x1234_5fff, 0), Ok(le(0xfff5_0513)));
        assert_eq!(riscv(28, &le(0x00b5_2023), 0x1234_5fff, 0), Ok(le(0xfeb5_2fa3)));
        // call .+0x1800: auipc ra, 2; jalr ra, -0x800(ra)
        let call = [le(0x0000_0097), le(0x0000_80e7)].concat();
        let made = [le(0x0000_2097), le(0x8000_80e7)].concat();
        assert_eq!(riscv(19, &call, 0x2800, 0x1000), Ok(made));
        // j .-4; jal ra, .+0x800
        assert_eq!(riscv(17, &le(0x0000_006f), 0xffc, 0x1000), Ok(le(0xffdf_f06f)));
        assert_eq!(riscv(17, &le(0x0000_00ef), 0x1800, 0x1000), Ok(le(0x0010_00ef)));
        assert_eq!(riscv(17, &le(0x0000_00ef), 0x20_0000, 0), Err(Wrong::Far));
        // beq a0, a1, .-4; c.j .-2; c.beqz a0, .+4
        assert_eq!(riscv(16, &le(0x00b5_0063), 0xffc, 0x1000), Ok(le(0xfeb5_0ee3)));
        assert_eq!(riscv(45, &[0x01, 0xa0], 0xffe, 0x1000), Ok(vec![0xfd, 0xbf]));
        assert_eq!(riscv(44, &[0x01, 0xc1], 0x1004, 0x1000), Ok(vec![0x11, 0xc1]));
    }
}
