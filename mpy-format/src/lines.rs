//! Line tables: which source line an instruction comes from.
//!
//! A table is a list of steps from line 1 and code offset 0. Each step says how many
//! bytes of code belong to the line so far, and by how many lines to go on:
//!
//! ```text
//! 0LLBBBBB             up to 31 bytes, up to 3 lines
//! 1LLLBBBB LLLLLLLL    up to 15 bytes, up to 2047 lines (high bits first)
//! ```
//!
//! Lines only go up. A pair of zero bytes is padding without effect.

/// One step of a line table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// Bytes of code that still belong to the line before.
    pub bytes: u32,
    /// Lines to go forward after them.
    pub lines: u32,
}

/// The steps of a table. A table that ends inside a step gives that step up.
pub fn steps(table: &[u8]) -> impl Iterator<Item = Step> + '_ {
    let mut rest = table;
    core::iter::from_fn(move || match *rest {
        [first, ref tail @ ..] if first < 0x80 => {
            rest = tail;
            Some(Step { bytes: u32::from(first & 0x1f), lines: u32::from(first >> 5) })
        }
        [first, second, ref tail @ ..] => {
            rest = tail;
            let high = u32::from(first) << 4 & 0x700;
            Some(Step { bytes: u32::from(first & 0xf), lines: high | u32::from(second) })
        }
        _ => None,
    })
}

/// Whether the table consists of whole steps.
pub fn is_whole(table: &[u8]) -> bool {
    let mut at = 0;
    while let Some(byte) = table.get(at) {
        at += 1 + usize::from(byte >> 7);
    }
    at == table.len()
}

/// The line of the instruction at a code offset, counted from the first instruction.
pub fn line_at(table: &[u8], offset: u32) -> u32 {
    let (mut line, mut left) = (1u32, offset);
    for step in steps(table) {
        if left < step.bytes {
            break;
        }
        left -= step.bytes;
        line = line.saturating_add(step.lines);
    }
    line
}

/// The first line that the table tells of; instructions before it may belong to any line.
pub fn first_line(table: &[u8]) -> Option<u32> {
    steps(table).find(|step| step.lines > 0).map(|step| step.lines.saturating_add(1))
}

/// Encodes a line table step by step.
#[derive(Clone, Copy, Debug)]
pub struct LineEncoder {
    offset: u32,
    line: u32,
}

impl Default for LineEncoder {
    fn default() -> Self {
        LineEncoder { offset: 0, line: 1 }
    }
}

impl LineEncoder {
    /// Code from `offset` on belongs to `line`. Offsets must not go down; a line
    /// that is not past the one before adds nothing, as tables cannot go back.
    pub fn mark(&mut self, offset: u32, line: u32, mut out: impl FnMut(u8)) {
        if line <= self.line {
            return;
        }
        let mut bytes = offset.saturating_sub(self.offset);
        let mut lines = line - self.line;
        while bytes > 0 || lines > 0 {
            let (b, l);
            if lines <= 6 || bytes > 0xf {
                b = bytes.min(0x1f);
                // The line changes only where its first instruction is reached.
                l = if b < bytes { 0 } else { lines.min(3) };
                out((b | l << 5) as u8);
            } else {
                b = bytes;
                l = lines.min(0x7ff);
                out((0x80 | b | l >> 4 & 0x70) as u8);
                out(l as u8);
            }
            bytes -= b;
            lines -= l;
        }
        self.offset = offset;
        self.line = line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn marked_lines_are_found_again() {
        let marks = [(0, 3), (4, 4), (40, 11), (41, 3000), (200, 3001), (200, 3010)];
        let mut table = Vec::new();
        let mut encoder = LineEncoder::default();
        for (offset, line) in marks {
            encoder.mark(offset, line, |b| table.push(b));
        }
        assert!(is_whole(&table));
        for (i, &(offset, line)) in marks.iter().enumerate() {
            let end = marks.get(i + 1).map_or(300, |m| m.0);
            for at in offset..end {
                assert_eq!(line_at(&table, at), line, "offset {at}");
            }
        }
    }

    #[test]
    fn the_two_encodings() {
        let mut table = Vec::new();
        LineEncoder::default().mark(5, 4, |b| table.push(b));
        assert_eq!(table, [0b0110_0101]);
        table.clear();
        LineEncoder::default().mark(15, 1 + 0x7ff, |b| table.push(b));
        assert_eq!(table, [0xff, 0xff]);
        assert!(!is_whole(&[0x80]));
        assert_eq!(line_at(&[0x80], 9), 1);
    }
}
