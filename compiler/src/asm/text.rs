//! The disassembler: machine code to the manual's syntax.

use std::fmt::Write;

use super::row::{CONDITIONS, Field, Kind, Row, SHIFTS, Token, Via, Word};
use super::{Cpu, Family, thumb};

/// A disassembled instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Offset of the first byte.
    pub offset: usize,
    /// The encoding; data that is no instruction has that of a halfword.
    pub word: Word,
    /// Mnemonic and operands.
    pub text: String,
}

const THUMB_REGISTERS: [&str; 16] = [
    "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "sp", "lr",
    "pc",
];

const RISCV_REGISTERS: [&str; 32] = [
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4",
    "a5", "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4",
    "t5", "t6",
];

/// Special registers of `mrs` and `msr`, by their number.
pub const SPECIAL: [(u8, &str); 14] = [
    (0, "APSR"),
    (1, "IAPSR"),
    (2, "EAPSR"),
    (3, "XPSR"),
    (5, "IPSR"),
    (6, "EPSR"),
    (7, "IEPSR"),
    (8, "MSP"),
    (9, "PSP"),
    (16, "PRIMASK"),
    (17, "BASEPRI"),
    (18, "BASEPRI_MAX"),
    (19, "FAULTMASK"),
    (20, "CONTROL"),
];

/// The number of a register's name in assembler text.
pub fn register(family: Family, name: &str) -> Option<i64> {
    let (names, alias): (&[&str], _) = match family {
        Family::Thumb => {
            (&THUMB_REGISTERS, ["r13 sp", "r14 lr", "r15 pc", "sl r10", "fp r11", "ip r12"])
        }
        Family::RiscV => (&RISCV_REGISTERS, ["fp s0", "", "", "", "", ""]),
    };
    let name = alias
        .iter()
        .find_map(|pair| pair.split_once(' ').filter(|p| p.0 == name))
        .map_or(name, |p| p.1);
    if let Some(index) = names.iter().position(|n| *n == name) {
        return Some(index as i64);
    }
    let number = name.strip_prefix('x').filter(|_| family == Family::RiscV)?;
    (0..32).find(|n| n.to_string() == number)
}

/// The number of a single-precision register's name.
pub fn single(name: &str) -> Option<i64> {
    let number = name.strip_prefix('s')?;
    (0..32).find(|n| n.to_string() == number)
}

/// The whole of `code`; `origin` is the address of its first byte.
pub fn disassemble(cpu: Cpu, code: &[u8], origin: u32) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut offset = 0;
    while offset < code.len() {
        let word = fetch(cpu.family, &code[offset..]);
        let address = origin.wrapping_add(offset as u32);
        let text = cpu
            .rows()
            .iter()
            .filter(|row| cpu.lacks(row).is_none())
            .find_map(|row| Some(print(cpu.family, row, &row.decode(word)?, address)));
        let (word, text) = match text {
            Some(text) => (word, text),
            None => {
                let bytes = word.bytes.min(2);
                let bits = if cpu.family == Family::Thumb && word.bytes == 4 {
                    word.bits >> 16
                } else {
                    word.bits & 0xffff
                };
                let directive = if bytes == 2 { "data(2" } else { "data(1" };
                (Word { bits, bytes }, format!("{directive}, {bits:#x})"))
            }
        };
        lines.push(Line { offset, word, text });
        offset += usize::from(word.bytes);
    }
    lines
}

/// Length and text of every instruction, as [`mpy_format::dis()`] takes them; `None` for
/// an architecture without a table.
pub fn listing(arch: mpy_format::Arch, code: &[u8]) -> Option<Vec<(usize, String)>> {
    let extensions = mpy_format::header::RV32_ZBA | mpy_format::header::RV32_ZCMP;
    let lines = disassemble(Cpu::new(arch, extensions)?, code, 0);
    Some(lines.into_iter().map(|line| (usize::from(line.word.bytes), line.text)).collect())
}

/// The word at the start of `code`: 1 (a last odd byte), 2 or 4 bytes.
fn fetch(family: Family, code: &[u8]) -> Word {
    let half =
        |at: usize| Some(u32::from(u16::from_le_bytes([*code.get(at)?, *code.get(at + 1)?])));
    let Some(first) = half(0) else {
        return Word { bits: u32::from(code[0]), bytes: 1 };
    };
    let long = match family {
        Family::Thumb => first >> 11 >= 0b11101,
        Family::RiscV => first & 3 == 3,
    };
    match (half(2).filter(|_| long), family) {
        (Some(second), Family::Thumb) => Word { bits: first << 16 | second, bytes: 4 },
        (Some(second), Family::RiscV) => Word { bits: second << 16 | first, bytes: 4 },
        (None, _) => Word { bits: first, bytes: 2 },
    }
}

fn print(family: Family, row: &Row, operands: &[i64], address: u32) -> String {
    if std::ptr::eq(row, thumb::Op::IT.row()) {
        return print_it(operands[0], operands[1]);
    }
    let mut text = match row.mnemonic.split_once('@') {
        Some((before, after)) => {
            format!("{before}{}{after}", CONDITIONS[operands[0] as usize])
        }
        None => row.mnemonic.to_string(),
    };
    for (i, token) in row.manual().enumerate() {
        if i == 0 && token != Token::Literal(" ") {
            text.push(' ');
        }
        match token {
            Token::Literal(literal) => text.push_str(literal),
            Token::Field(index) => {
                operand(&mut text, family, &row.fields()[index], operands[index], address);
            }
        }
    }
    text
}

fn print_it(first: i64, mask: i64) -> String {
    let mut name = String::from("it");
    let length = 4 - (mask as u32).trailing_zeros();
    for bit in 1..length {
        let then = mask >> (4 - bit) & 1 == first & 1;
        name.push(if then { 't' } else { 'e' });
    }
    let condition = CONDITIONS.get(first as usize).copied().unwrap_or("al");
    format!("{name} {condition}")
}

fn operand(text: &mut String, family: Family, field: &Field, value: i64, address: u32) {
    let register = |r: i64| match family {
        Family::Thumb => THUMB_REGISTERS[r as usize & 15],
        Family::RiscV => RISCV_REGISTERS[r as usize & 31],
    };
    let result = match field.kind {
        Kind::Register => write!(text, "{}", register(value)),
        Kind::Single => write!(text, "s{value}"),
        Kind::Condition => write!(text, "{}", CONDITIONS[value as usize]),
        Kind::Shift => write!(text, "{}", SHIFTS[value as usize & 3]),
        Kind::Special => match SPECIAL.iter().find(|s| i64::from(s.0) == value) {
            Some((_, name)) => write!(text, "{name}"),
            None => write!(text, "{value}"),
        },
        Kind::List if field.via == Via::PushList => match (value as u64).count_ones() {
            1 => write!(text, "ra"),
            2 => write!(text, "ra, s0"),
            n => write!(text, "ra, s0-s{}", n - 2),
        },
        Kind::List => {
            let names: Vec<&str> = (0..16).filter(|r| value >> r & 1 != 0).map(register).collect();
            write!(text, "{}", names.join(", "))
        }
        Kind::Label => {
            let base = match family {
                Family::Thumb if field.is_word_pc() => (address & !3).wrapping_add(4),
                Family::Thumb => address.wrapping_add(4),
                Family::RiscV => address,
            };
            write!(text, "{:#x}", base.wrapping_add(value as u32))
        }
        Kind::Unsigned | Kind::Signed => match (family, field.via) {
            (Family::Thumb, _) => write!(text, "#{value}"),
            (_, Via::Either) if field.high == 19 => write!(text, "{:#x}", value & 0xf_ffff),
            (_, Via::Upper) => write!(text, "{:#x}", value & 0xf_ffff),
            (_, _) if field.letter == b'k' => write!(text, "{value:#x}"),
            _ => write!(text, "{value}"),
        },
    };
    // Writing to a string cannot fail.
    debug_assert!(result.is_ok());
}
