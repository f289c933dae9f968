//! Digits in bases 2 to 36, many at a time.

use core::cell::Cell;

use super::{BITS, Limb, Wanted, div::Small, goes_on, limbs_for_bits, mul_limb, trim};

/// The largest power of `base` that fits a limb, and its exponent.
fn chunk(base: u32) -> (Limb, u32) {
    let base = Limb::from(base.clamp(2, 36));
    let (mut power, mut digits) = (base, 1);
    while let Some(next) = power.checked_mul(base) {
        power = next;
        digits += 1;
    }
    (power, digits)
}

/// The character of a digit below 36.
pub fn digit_char(digit: u32, upper: bool) -> u8 {
    let digit = digit as u8;
    match digit {
        0..=9 => b'0' + digit,
        _ if upper => digit.wrapping_add(b'A' - 10),
        _ => digit.wrapping_add(b'a' - 10),
    }
}

/// The value of a digit character in `base`, which is at most 36.
pub fn digit_value(c: u8, base: u32) -> Option<u32> {
    (c as char).to_digit(base)
}

/// An upper bound of the number of digits of a magnitude.
pub fn text_len(a: &[Limb], base: u32) -> usize {
    // 1 / log2(base) <= 1 / floor(log2 base), refined for ten, where it matters.
    let bits = trim(a).len() * BITS as usize;
    match base {
        10 => bits * 28 / 93 + 1,
        _ => bits / base.clamp(2, 36).ilog2() as usize + 1,
    }
}

/// Writes the digits of `a` to the end of `out` ([`text_len`] bytes), destroying
/// `a`. Answers where in `out` they begin; zero has one digit.
pub fn to_text(
    a: &mut [Limb],
    base: u32,
    upper: bool,
    out: &[Cell<u8>],
    wanted: Wanted<'_>,
) -> usize {
    let (power, digits) = chunk(base);
    let small = Small::new(power);
    let mut at = out.len();
    let mut len = trim(a).len();
    loop {
        let Some(rest) = a.get_mut(..len).filter(|_| goes_on(len, wanted)) else {
            return at;
        };
        let mut part = small.divide(rest);
        len = trim(rest).len();
        // The last part is written without leading zeros.
        for written in 0..digits {
            if len == 0 && part == 0 && (written > 0 || at < out.len()) {
                break;
            }
            let digit = (part % Limb::from(base)) as u32;
            part /= Limb::from(base);
            at = at.wrapping_sub(1);
            match out.get(at) {
                Some(slot) => slot.set(digit_char(digit, upper)),
                None => return 0,
            }
        }
        if len == 0 {
            return at;
        }
    }
}

/// How many limbs a number of `digits` digits in `base` needs.
pub fn limbs_for_text(digits: usize, base: u32) -> usize {
    let base = base.clamp(2, 36);
    let bits = match base {
        10 => digits / 28 * 94 + 94,
        _ => digits.saturating_mul((base - 1).ilog2() as usize + 1),
    };
    limbs_for_bits(bits) + 1
}

/// Reads digits into `out`, least significant limb first. Underscores are passed
/// over. Answers the number of limbs used, or `None` at a character that is no
/// digit or when `out` is too short ([`limbs_for_text`] is long enough).
pub fn from_text(text: &[u8], base: u32, out: &mut [Limb]) -> Option<usize> {
    let (full, digits) = chunk(base);
    let mut len = 0;
    let (mut part, mut power): (Limb, Limb) = (0, 1);
    let mut count = 0;
    let mut push = |factor: Limb, addend: Limb| -> Option<()> {
        let carry = mul_limb(out.get_mut(..len)?, factor, addend);
        if carry != 0 {
            *out.get_mut(len)? = carry;
            len += 1;
        }
        Some(())
    };
    for &c in text {
        if c == b'_' {
            continue;
        }
        part = part * Limb::from(base) + Limb::from(digit_value(c, base)? as u8);
        power = power.wrapping_mul(Limb::from(base));
        count += 1;
        if count == digits {
            push(full, part)?;
            (part, power, count) = (0, 1, 0);
        }
    }
    if count > 0 {
        push(power, part)?;
    }
    Some(len)
}
