//! The text of integers: `int('…', base)` and literals.

use super::big::text::digit_value;

/// An integer's text, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntText<'a> {
    pub negative: bool,
    /// 2 to 36.
    pub base: u32,
    /// Digits of the base and single underscores between them, at least one digit.
    pub digits: &'a [u8],
}

/// Python's white space among ASCII.
pub fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t'..=b'\r')
}

/// The text without white space at either end.
pub fn strip(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let [c, after @ ..] = rest
        && is_space(*c)
    {
        rest = after;
    }
    while let [before @ .., c] = rest
        && is_space(*c)
    {
        rest = before;
    }
    rest
}

/// Splits off a sign.
pub fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', after @ ..] => (true, after),
        [b'+', after @ ..] => (false, after),
        _ => (false, text),
    }
}

/// The base that the letter of a prefix stands for.
fn prefix_base(letter: u8) -> Option<u32> {
    match letter {
        b'x' | b'X' => Some(16),
        b'o' | b'O' => Some(8),
        b'b' | b'B' => Some(2),
        _ => None,
    }
}

/// Reads the whole text as an integer in `base`: 2 to 36, or 0 for whatever the
/// prefix says. `None` when that is not what it is.
pub fn integer(text: &[u8], base: u32) -> Option<IntText<'_>> {
    let (negative, mut rest) = sign(strip(text));
    let mut base = base;
    if let [b'0', letter, after @ ..] = rest
        && let Some(said) = prefix_base(*letter)
        && (base == 0 || base == said)
    {
        base = said;
        rest = after.strip_prefix(b"_").unwrap_or(after);
    }
    if base == 0 {
        base = 10;
        // Once a number like 010 was octal; now only zero may begin with zeros.
        if rest.len() > 1 && rest.first() == Some(&b'0') && rest.iter().any(|c| !b"0_".contains(c))
        {
            return None;
        }
    }
    let mut digit_before = false;
    for &c in rest {
        let is_digit = digit_value(c, base).is_some();
        let is_inner = c == b'_' && digit_before;
        if !(is_digit || is_inner) {
            return None;
        }
        digit_before = is_digit;
    }
    digit_before.then_some(IntText { negative, base, digits: rest })
}

impl IntText<'_> {
    /// The value, if it fits.
    pub fn to_i64(self) -> Option<i64> {
        let mut value = 0i64;
        for &c in self.digits.iter().filter(|&&c| c != b'_') {
            let digit = i64::from(digit_value(c, self.base)?);
            value = value.checked_mul(i64::from(self.base))?;
            value = match self.negative {
                true => value.checked_sub(digit)?,
                false => value.checked_add(digit)?,
            };
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::integer;
    use crate::num::oracle::table;

    #[test]
    fn against_python() {
        let script = "
texts = ['0', '12', ' -12 ', '+5', '--5', '', '_', '1_', '1__2', '1_2', '0x1F', '0X_1f', '0x', '0b101', '0o17',
    '0b12', 'z', 'Z9', '1 2', '- 1', '9223372036854775807', '-9223372036854775808', '08', '00', '0_0', '01_0', '\\\\t7\\\\n', '0b1', 'b1', '1.0']
for t in texts:
    for b in (0, 2, 8, 10, 11, 16, 36):
        u = t.encode().decode('unicode_escape')
        try: v = str(int(u, b))
        except ValueError: v = ''
        print(t, b, v, sep='\\t')
";
        for row in table(script, 1) {
            let text = row[0].replace("\\t", "\t").replace("\\n", "\n");
            let found = integer(text.as_bytes(), row[1].parse().unwrap());
            let shown = found.map_or(std::string::String::new(), |found| {
                found.to_i64().map_or("big".into(), |n| std::format!("{n}"))
            });
            let fits = row[2].is_empty() || row[2].parse::<i64>().is_ok();
            assert_eq!(shown, if fits { row[2].as_str() } else { "big" }, "{row:?}");
        }
    }
}
