//! The two languages of format specifications.

use super::{Align, Sign, Spec};

/// A width or precision after `%`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Absent,
    Given(usize),
    /// `*`: the next argument says it.
    Argument,
}

/// One conversion of a `%` format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion<'a> {
    /// The name in parentheses.
    pub key: Option<&'a [u8]>,
    /// Flags, fill, alignment and kind; width and precision as far as given.
    pub spec: Spec,
    pub width: Count,
    pub precision: Count,
    /// The conversion's letter.
    pub letter: u8,
    /// How many bytes it took after the percent sign.
    pub len: usize,
}

/// Why a conversion cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// The text ends inside of the conversion.
    Format,
    /// The parenthesis is not closed.
    Key,
}

fn align(c: u8) -> Option<Align> {
    Some(match c {
        b'<' => Align::Left,
        b'>' => Align::Right,
        b'^' => Align::Center,
        b'=' => Align::AfterSign,
        _ => return None,
    })
}

/// Splits a number off the front.
fn number(text: &[u8]) -> (Option<usize>, &[u8]) {
    let mut rest = text;
    let mut value: Option<usize> = None;
    while let [c @ b'0'..=b'9', after @ ..] = rest {
        // Nothing is as wide as this; the bound keeps sums from overflowing.
        let next = value.unwrap_or(0).saturating_mul(10).saturating_add(usize::from(c - b'0'));
        value = Some(next.min(i32::MAX as usize));
        rest = after;
    }
    (value, rest)
}

/// A text of digits only, as a number.
pub fn index(text: &[u8]) -> Option<usize> {
    let (value, rest) = number(text);
    value.filter(|_| rest.is_empty())
}

/// Splits off the first character.
fn first_char(text: &[u8]) -> Option<(char, &[u8])> {
    let len = text.iter().skip(1).take_while(|&&c| c & 0xc0 == 0x80).count();
    let (head, rest) = text.split_at_checked(1 + len)?;
    let c = core::str::from_utf8(head).ok()?.chars().next()?;
    Some((c, rest))
}

/// Reads `[[fill]align][sign][#][0][width][grouping][.precision][type]`. `None`
/// when that is not what it is.
pub fn format_spec(text: &[u8]) -> Option<Spec> {
    let mut spec = Spec::PLAIN;
    let mut rest = text;
    let mut filled = false;
    match first_char(rest) {
        Some((fill, [c, after @ ..])) if align(*c).is_some() => {
            (spec.fill, spec.align, rest) = (fill, align(*c), after);
            filled = true;
        }
        _ => {
            if let [c, after @ ..] = rest
                && let Some(found) = align(*c)
            {
                (spec.align, rest) = (Some(found), after);
            }
        }
    }
    if let [c @ (b'+' | b'-' | b' '), after @ ..] = rest {
        spec.sign = match c {
            b'+' => Sign::Plus,
            b' ' => Sign::Space,
            _ => Sign::Nothing,
        };
        rest = after;
    }
    if let [b'#', after @ ..] = rest {
        spec.alternate = true;
        rest = after;
    }
    if let [b'0', ..] = rest {
        spec.zero = true;
        if !filled {
            spec.fill = '0';
        }
    }
    let (width, after) = number(rest);
    spec.width = width.unwrap_or(0);
    rest = after;
    if let [c @ (b',' | b'_'), after @ ..] = rest {
        (spec.grouping, rest) = (Some(*c), after);
    }
    if let [b'.', after @ ..] = rest {
        (spec.precision, rest) = number(after);
    }
    match *rest {
        [] => Some(spec),
        [kind] if b"bcdeEfFgGnosxX%".contains(&kind) => {
            spec.kind = Some(kind);
            Some(spec)
        }
        _ => None,
    }
}

fn count(text: &[u8]) -> (Count, &[u8]) {
    if let [b'*', after @ ..] = text {
        return (Count::Argument, after);
    }
    match number(text) {
        (Some(n), rest) => (Count::Given(n), rest),
        (None, rest) => (Count::Absent, rest),
    }
}

/// Reads what follows a percent sign: `[(key)][flags][width][.precision]letter`.
pub fn conversion(text: &[u8]) -> Result<Conversion<'_>, Incomplete> {
    let mut spec = Spec::PLAIN;
    let mut rest = text;
    let mut key = None;
    if let [b'(', after @ ..] = rest {
        let end = after.iter().position(|&c| c == b')').ok_or(Incomplete::Key)?;
        key = after.get(..end);
        rest = after.get(end + 1..).unwrap_or(&[]);
    }
    while let [c, after @ ..] = rest {
        match c {
            b'-' => spec.align = Some(Align::Left),
            b'+' => spec.sign = Sign::Plus,
            b' ' if spec.sign == Sign::Nothing => spec.sign = Sign::Space,
            b' ' => {}
            b'#' => spec.alternate = true,
            b'0' => spec.zero = true,
            _ => break,
        }
        rest = after;
    }
    let (width, after) = count(rest);
    rest = after;
    let mut precision = Count::Absent;
    if let [b'.', after @ ..] = rest {
        (precision, rest) = count(after);
        if precision == Count::Absent {
            precision = Count::Given(0);
        }
    }
    let [letter, after @ ..] = rest else {
        return Err(Incomplete::Format);
    };
    if let Count::Given(n) = width {
        spec.width = n;
    }
    if let Count::Given(n) = precision {
        spec.precision = Some(n);
    }
    spec.kind = Some(*letter);
    Ok(Conversion { key, spec, width, precision, letter: *letter, len: text.len() - after.len() })
}

impl Conversion<'_> {
    /// Takes a width that an argument gave; a negative one aligns to the left.
    pub fn set_width(&mut self, width: isize) {
        if width < 0 {
            self.spec.align = Some(Align::Left);
        }
        self.spec.width = width.unsigned_abs().min(i32::MAX as usize);
    }

    /// Takes a precision that an argument gave; a negative one is zero.
    pub fn set_precision(&mut self, precision: isize) {
        self.spec.precision = Some((precision.max(0) as usize).min(i32::MAX as usize));
    }

    /// The specification for a number: `0` pads after the sign, unless `-` is given.
    pub fn numeric(&self) -> Spec {
        let mut spec = self.spec;
        if spec.zero && spec.align.is_none() {
            (spec.fill, spec.align) = ('0', Some(Align::AfterSign));
        }
        spec
    }

    /// The specification for text: to the right, padded with spaces.
    pub fn textual(&self) -> Spec {
        let mut spec = self.spec;
        spec.align = spec.align.or(Some(Align::Right));
        spec
    }
}
