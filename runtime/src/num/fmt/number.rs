//! Numbers laid out as sign, prefix, whole digits, fraction and suffix.

use super::{Align, Sign, Spec, repeat};
use crate::error::Res;
use crate::num::float::{
    bits::{Binary, Magnitude, is_negative, magnitude, with_sign},
    digits::{Digits, MAX_DIGITS, Want, digits},
};
use crate::print::Print;

/// The parts of a number. Runs of zeros are counted, not stored.
#[derive(Clone, Copy, Default)]
struct Layout<'a> {
    sign: &'a [u8],
    prefix: &'a [u8],
    whole: &'a [u8],
    /// Zeros after `whole`, before the point.
    whole_zeros: usize,
    point: bool,
    /// Zeros after the point.
    fraction_zeros: usize,
    fraction: &'a [u8],
    trailing_zeros: usize,
    suffix: &'a [u8],
    /// The least number of whole digits.
    least: usize,
    /// A group's length and separator.
    group: Option<(usize, u8)>,
}

impl Layout<'_> {
    /// The characters of so many whole digits with their separators.
    fn whole_len(&self, digits: usize) -> usize {
        match self.group {
            Some((every, _)) => digits + digits.saturating_sub(1) / every,
            None => digits,
        }
    }

    /// The characters but for the whole digits.
    fn other_len(&self) -> usize {
        self.sign.len()
            + self.prefix.len()
            + usize::from(self.point)
            + self.fraction_zeros
            + self.fraction.len()
            + self.trailing_zeros
            + self.suffix.len()
    }

    /// Writes the number, padded as `spec` says.
    fn write(&self, spec: &Spec, out: &mut dyn Print) -> Res<()> {
        let mut align = spec.align;
        if spec.zero && align.is_none() {
            align = Some(Align::AfterSign);
        }
        let spec = Spec { align, ..*spec };
        let mut count = (self.whole.len() + self.whole_zeros).max(self.least);
        if align == Some(Align::AfterSign) && spec.fill == '0' {
            // Padding digits are grouped as well; a number never begins with a
            // separator, so it may come out one character wider.
            let room = spec.width.saturating_sub(self.other_len());
            let fitting = match self.group {
                Some((every, _)) => room - room.saturating_sub(1) / (every + 1),
                None => room,
            };
            count = count.max(fitting);
        }
        let len = self.other_len() + self.whole_len(count);
        let (before, after) = spec.padding(len, Align::Right);
        let inside = align == Some(Align::AfterSign);
        if !inside {
            spec.pad(out, before)?;
        }
        out.write(self.sign)?;
        out.write(self.prefix)?;
        if inside {
            spec.pad(out, before)?;
        }
        self.write_whole(count, out)?;
        if self.point {
            out.write(b".")?;
        }
        repeat(out, b"0", self.fraction_zeros)?;
        out.write(self.fraction)?;
        repeat(out, b"0", self.trailing_zeros)?;
        out.write(self.suffix)?;
        spec.pad(out, after)
    }

    fn write_whole(&self, count: usize, out: &mut dyn Print) -> Res<()> {
        let leading = count - self.whole.len().min(count) - self.whole_zeros;
        let Some((every, separator)) = self.group else {
            repeat(out, b"0", leading)?;
            out.write(self.whole)?;
            return repeat(out, b"0", self.whole_zeros);
        };
        for i in 0..count {
            if i > 0 && (count - i).is_multiple_of(every) {
                out.write(&[separator])?;
            }
            let at = i.checked_sub(leading);
            let digit = at.and_then(|at| self.whole.get(at)).unwrap_or(&b'0');
            out.write(&[*digit])?;
        }
        Ok(())
    }
}

fn sign_text(negative: bool, spec: &Spec) -> &'static [u8] {
    match (negative, spec.sign) {
        (true, _) => b"-",
        (false, Sign::Plus) => b"+",
        (false, Sign::Space) => b" ",
        (false, Sign::Nothing) => b"",
    }
}

/// The base of an integer's type letter.
pub fn base(kind: u8) -> u32 {
    match kind {
        b'b' => 2,
        b'o' => 8,
        b'x' | b'X' => 16,
        _ => 10,
    }
}

/// Writes an integer, given by its sign and its digits in the base that its type
/// letter says.
pub fn integer(spec: &Spec, negative: bool, digits: &[u8], out: &mut dyn Print) -> Res<()> {
    let kind = spec.kind.unwrap_or(b'd');
    let prefix: &[u8] = match kind {
        _ if !spec.alternate => b"",
        b'b' => b"0b",
        b'o' => b"0o",
        b'x' => b"0x",
        b'X' => b"0X",
        _ => b"",
    };
    let every = if base(kind) == 10 { 3 } else { 4 };
    let layout = Layout {
        sign: sign_text(negative, spec),
        prefix,
        whole: digits,
        least: spec.precision.unwrap_or(0),
        group: spec.grouping.map(|separator| (every, separator)),
        ..Layout::default()
    };
    layout.write(spec, out)
}

/// How the digits of a float are arranged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// With so many places after the point.
    Fixed(usize),
    /// One digit before the point, so many after it, and an exponent.
    Exponent(usize),
}

/// `f` turns to `g` from ten to this power on.
const MOST_FIXED: i32 = 32;

/// Writes a float as its type letter says; without one as `g`.
pub fn float<F: Binary>(spec: &Spec, x: F, out: &mut dyn Print) -> Res<()> {
    // Digits before the point are bounded, so few places need little room.
    if spec.precision.unwrap_or(6) <= 20 {
        float_in(spec, x, &mut [0; 56], out)
    } else {
        float_long(spec, x, out)
    }
}

#[inline(never)]
fn float_long<F: Binary>(spec: &Spec, x: F, out: &mut dyn Print) -> Res<()> {
    float_in(spec, x, &mut [0; MAX_DIGITS], out)
}

/// The digits of a float as programs see them. A single has seven: where more are asked
/// for, zeros follow the shortest ones that tell it from others, so that 0.1 and 1e19 look
/// as they were written.
fn rounded<F: Binary>(x: F, want: Want, buffer: &mut [u8]) -> Digits {
    const SINGLE: usize = 4;
    if size_of::<F>() == SINGLE {
        let found = digits(x, Want::Shortest, buffer);
        let (len, exponent) = (found.len as isize, found.exponent as isize);
        let enough = match want {
            Want::Shortest => true,
            Want::Significant(n) => n as isize >= len,
            Want::Places(n) => n >= len - exponent,
        };
        if enough {
            return found;
        }
    }
    digits(x, want, buffer)
}

fn float_in<F: Binary>(spec: &Spec, x: F, buffer: &mut [u8], out: &mut dyn Print) -> Res<()> {
    let kind = spec.kind.unwrap_or(b'g');
    let percent = kind == b'%';
    let x = if percent { x.times(F::from_natural(100)) } else { x };
    let upper = kind.is_ascii_uppercase();
    let negative = is_negative(x);
    let Magnitude::Finite { .. } = magnitude(x) else {
        let suffix: &[u8] = if percent { b"%" } else { b"" };
        return unfinite(spec, x, upper, suffix, out);
    };
    let x = with_sign(x, false);
    let precision = spec.precision.unwrap_or(6);
    let general = |precision: usize, buffer: &mut [u8]| {
        let significant = precision.max(1);
        let found = rounded(x, Want::Significant(significant), buffer);
        let trimmed = trimmed(found, buffer);
        let places = |shown: usize, whole: i32| match spec.alternate {
            true => (significant as isize - whole as isize).max(0) as usize,
            false => (shown as isize - whole as isize).max(0) as usize,
        };
        let is_fixed = found.exponent > -4 && found.exponent as isize <= significant as isize;
        let style = match is_fixed {
            true => Style::Fixed(places(trimmed, found.exponent)),
            false => Style::Exponent(places(trimmed, 1)),
        };
        (found, style)
    };
    let (found, style) = match kind {
        b'e' | b'E' => {
            let found = rounded(x, Want::Significant(precision + 1), buffer);
            (found, Style::Exponent(precision))
        }
        b'f' | b'F' | b'%' => {
            match rounded(x, Want::Significant(1), buffer).exponent > MOST_FIXED {
                true => general(precision + 1, buffer),
                false => {
                    (rounded(x, Want::Places(precision as isize), buffer), Style::Fixed(precision))
                }
            }
        }
        _ => general(precision, buffer),
    };
    arrange(spec, negative, found, buffer, style, upper, percent, out)
}

/// Writes the shortest text that reads back as the same float. `spec` gives the
/// sign; whole numbers get `.0` if `is_real`, the parts of a complex number do not.
pub fn repr<F: Binary>(spec: &Spec, x: F, is_real: bool, out: &mut dyn Print) -> Res<()> {
    let Magnitude::Finite { .. } = magnitude(x) else {
        return unfinite(spec, x, false, b"", out);
    };
    let mut buffer = [0; 20];
    let found = digits(x, Want::Shortest, &mut buffer);
    let least = isize::from(is_real);
    let style = match found.exponent {
        -3..=16 => Style::Fixed((found.len as isize - found.exponent as isize).max(least) as usize),
        _ => Style::Exponent(found.len.saturating_sub(1)),
    };
    arrange(spec, is_negative(x), found, &buffer, style, false, false, out)
}

fn unfinite<F: Binary>(
    spec: &Spec,
    x: F,
    upper: bool,
    suffix: &[u8],
    out: &mut dyn Print,
) -> Res<()> {
    let (negative, name): (bool, &[u8]) = match (magnitude(x), upper) {
        (Magnitude::Infinite, false) => (is_negative(x), b"inf"),
        (Magnitude::Infinite, true) => (is_negative(x), b"INF"),
        (_, false) => (false, b"nan"),
        (_, true) => (false, b"NAN"),
    };
    let layout =
        Layout { sign: sign_text(negative, spec), whole: name, suffix, ..Layout::default() };
    layout.write(spec, out)
}

/// How many digits there are without the zeros at the end.
fn trimmed(found: Digits, buffer: &[u8]) -> usize {
    let digits = buffer.get(..found.len).unwrap_or(&[]);
    digits.iter().rposition(|&d| d != b'0').map_or(0, |last| last + 1)
}

#[allow(clippy::too_many_arguments, reason = "one call per style, all plain values")]
fn arrange(
    spec: &Spec,
    negative: bool,
    found: Digits,
    buffer: &[u8],
    style: Style,
    upper: bool,
    percent: bool,
    out: &mut dyn Print,
) -> Res<()> {
    let all = buffer.get(..found.len).unwrap_or(&[]);
    let mut suffix = [0; 6];
    let mut suffix_len = 0;
    let (point_at, places) = match style {
        Style::Fixed(places) => (found.exponent, places),
        Style::Exponent(places) => {
            suffix_len = exponent_text(found.exponent - 1, upper, &mut suffix);
            (1, places)
        }
    };
    if percent && let Some(slot) = suffix.get_mut(suffix_len) {
        *slot = b'%';
        suffix_len += 1;
    }
    let whole_count = point_at.max(0) as usize;
    let (whole, fraction) = all.split_at(whole_count.min(all.len()));
    let fraction_zeros = (-point_at).max(0) as usize;
    let fraction_zeros = fraction_zeros.min(places);
    let fraction = fraction.get(..places - fraction_zeros).unwrap_or(fraction);
    let layout = Layout {
        sign: sign_text(negative, spec),
        whole,
        whole_zeros: whole_count - whole.len(),
        point: places > 0 || spec.alternate,
        fraction_zeros,
        fraction,
        trailing_zeros: places - fraction_zeros - fraction.len(),
        suffix: suffix.get(..suffix_len).unwrap_or(&[]),
        least: 1,
        group: spec.grouping.map(|separator| (3, separator)),
        ..Layout::default()
    };
    layout.write(spec, out)
}

/// `e+10`: two digits at least.
fn exponent_text(exponent: i32, upper: bool, out: &mut [u8; 6]) -> usize {
    let size = exponent.unsigned_abs();
    let digit = |n: u32| b'0' + (n % 10) as u8;
    let letter = if upper { b'E' } else { b'e' };
    let sign = if exponent < 0 { b'-' } else { b'+' };
    let (tens, ones) = (digit(size / 10), digit(size));
    if size >= 100 {
        *out = [letter, sign, digit(size / 100), tens, ones, 0];
        5
    } else {
        *out = [letter, sign, tens, ones, 0, 0];
        4
    }
}
