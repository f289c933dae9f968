//! Formatting of numbers and text: the engine under `format`, `%` and f-strings.
//!
//! Two little languages describe the same thing, a [`Spec`]: the one after the
//! colon in `'{:>8.3f}'` and the one after the percent sign in `'%-8d'`. `parse`
//! reads both. A number is then laid out as sign, prefix, whole digits, fraction
//! and suffix (`number`), so that padding and grouping are done in one place for
//! integers and floats, and nothing is built up in memory.
//!
//! Where CPython and MicroPython differ this follows MicroPython: a float without
//! a type is formatted as `g`, and `f` turns to `g` from 1e32 on. Floats may be
//! grouped and take `#`, as in CPython.

pub mod number;
pub mod parse;

#[cfg(test)]
mod tests;

use crate::error::Res;
use crate::print::Print;

/// Where the padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`: text first.
    Left,
    /// `>`: padding first.
    Right,
    /// `^`: half on either side.
    Center,
    /// `=`: between the sign and the digits.
    AfterSign,
}

/// What stands before a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Nothing,
    Plus,
    Space,
}

/// How to format a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The padding character.
    pub fill: char,
    /// Given or implied alignment; numbers go to the right, text to the left.
    pub align: Option<Align>,
    pub sign: Sign,
    /// `#`: prefixes of integers; a point and trailing zeros of floats.
    pub alternate: bool,
    /// `0` before the width.
    pub zero: bool,
    /// The least number of characters.
    pub width: usize,
    /// `,` or `_` between groups of digits.
    pub grouping: Option<u8>,
    /// Digits of a float, least digits of an integer, most characters of a text.
    pub precision: Option<usize>,
    /// The type letter.
    pub kind: Option<u8>,
}

impl Spec {
    /// The specification that says nothing.
    pub const PLAIN: Spec = Spec {
        fill: ' ',
        align: None,
        sign: Sign::Nothing,
        alternate: false,
        zero: false,
        width: 0,
        grouping: None,
        precision: None,
        kind: None,
    };

    /// Padding before and after a text of `len` characters.
    fn padding(&self, len: usize, default: Align) -> (usize, usize) {
        let pad = self.width.saturating_sub(len);
        match self.align.unwrap_or(default) {
            Align::Left => (0, pad),
            Align::Right | Align::AfterSign => (pad, 0),
            Align::Center => (pad / 2, pad - pad / 2),
        }
    }

    /// Writes `count` fill characters.
    fn pad(&self, out: &mut dyn Print, count: usize) -> Res<()> {
        let mut buffer = [0; 4];
        repeat(out, self.fill.encode_utf8(&mut buffer).as_bytes(), count)
    }

    /// Writes a text, cut to the precision, padded to the width. With `utf8` both
    /// count characters, else bytes.
    pub fn text(&self, out: &mut dyn Print, text: &[u8], utf8: bool) -> Res<()> {
        let is_start = |c: &u8| !utf8 || c & 0xc0 != 0x80;
        let mut characters = text.iter().filter(|c| is_start(c)).count();
        let mut shown = text;
        if let Some(most) = self.precision.filter(|&most| most < characters) {
            let starts = text.iter().enumerate().filter(|(_, c)| is_start(c));
            let end = starts.map(|(i, _)| i).nth(most).unwrap_or(text.len());
            shown = text.get(..end).unwrap_or(text);
            characters = most;
        }
        let (before, after) = self.padding(characters, Align::Left);
        self.pad(out, before)?;
        out.write(shown)?;
        self.pad(out, after)
    }
}

/// Writes the same bytes many times.
fn repeat(out: &mut dyn Print, bytes: &[u8], count: usize) -> Res<()> {
    let mut left = count;
    if let [byte] = *bytes {
        let row = [byte; 16];
        while left > row.len() {
            out.write(&row)?;
            left -= row.len();
        }
        return out.write(row.get(..left).unwrap_or(&row));
    }
    for _ in 0..left {
        out.write(bytes)?;
    }
    Ok(())
}
