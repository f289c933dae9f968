//! The decimal digits of a float.
//!
//! A [`Generator`] holds the fraction `rest / scale` below one and a margin, all as
//! exact integers, and gives one digit at a time: times ten, take the whole part
//! (G. Steele and J. White, "How to print floating-point numbers accurately",
//! 1990). In *shortest* mode it stops as soon as what it has is nearer to the
//! number than to either neighbour.

use core::cmp::Ordering;

use super::{
    bits::{Binary, Magnitude, compose, magnitude},
    exact::{Exact, compare_sum},
};
use crate::num::big::{self, BITS};

/// How many digits are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// As few as read back as the same number.
    Shortest,
    /// So many significant ones.
    Significant(usize),
    /// So many after the decimal point; negative ones leave digits before it out.
    Places(isize),
}

/// Digits `d` that stand for `0.ddd… * 10 ** exponent`. The digits beyond are zeros.
/// No digits stand for zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits {
    /// How many digits are in the buffer.
    pub len: usize,
    /// Where the decimal point stands, counted from the first digit.
    pub exponent: i32,
}

/// A buffer for the digits that any float may have: the longest is the largest
/// subnormal number's 767.
pub const MAX_DIGITS: usize = 768;
/// A buffer for the shortest digits.
pub const SHORTEST_DIGITS: usize = 17;

/// The digits of a fraction, one at a time.
pub struct Generator {
    rest: Exact,
    scale: Exact,
    /// Half the distance to the neighbour below, in units of `rest`.
    margin: Exact,
    /// The neighbour above is twice as far away.
    wide: bool,
    limbs: usize,
    /// The number is the fraction times ten to this power.
    pub exponent: i32,
}

impl Generator {
    /// For `mantissa * 2 ** exponent`, not zero. `wide` says that the next float
    /// above is twice as far away as the next below.
    pub fn new(mantissa: u64, exponent: i32, wide: bool) -> Self {
        // log10 of the number, from its highest bit, is at most one too small.
        let log2 = exponent + 63 - mantissa.leading_zeros() as i32;
        let mut power = floor_log10_of_power_of_two(log2) + 1;
        let mut generator = Generator {
            rest: Exact::new(mantissa),
            scale: Exact::new(1),
            margin: Exact::new(1),
            wide,
            limbs: 0,
            exponent: power,
        };
        // number / 10^power = mantissa 2^exponent / (5^power 2^power), and the
        // margin is half a unit of the mantissa, or a quarter.
        let five = power.unsigned_abs();
        if power > 0 {
            generator.scale.times_power_of_five(five);
        } else {
            generator.rest.times_power_of_five(five);
            generator.margin.times_power_of_five(five);
        }
        let unit = 1 + i32::from(wide);
        let twos = exponent - power + unit;
        let (rest_shift, scale_shift, margin_shift) = match twos - unit >= 0 {
            true => (twos, unit, twos - unit),
            false => (unit, unit + unit - twos, 0),
        };
        // `rest` and `scale` share factors of two only up to the margin's.
        let common = rest_shift.min(scale_shift).min(margin_shift);
        // The top limb of the scale gets four leading zeros: room for ten times it.
        let used = (generator.scale.bit_length() as i32 + scale_shift - common + 4) as u32;
        generator.limbs = used.div_ceil(BITS) as usize;
        let align = generator.limbs as i32 * BITS as i32 - used as i32 - common;
        generator.scale.shift_left((scale_shift + align) as usize);
        generator.rest.shift_left((rest_shift + align) as usize);
        generator.margin.shift_left((margin_shift + align) as usize);
        if big::cmp(generator.rest.limbs(), generator.scale.limbs()) != Ordering::Less {
            power += 1;
            generator.exponent = power;
            generator.grow_scale();
        }
        generator
    }

    /// Makes the scale ten times as large, and keeps the room above it.
    fn grow_scale(&mut self) {
        big::mul_limb(self.scale.limbs_mut(), 10, 0);
        let used = self.scale.bit_length() as u32 + 4;
        let limbs = used.div_ceil(BITS) as usize;
        let align = (limbs as u32 * BITS - used) as usize;
        self.limbs = limbs;
        for number in [&mut self.scale, &mut self.rest, &mut self.margin] {
            number.shift_left(align);
        }
    }

    /// The next digit.
    pub fn next_digit(&mut self) -> u8 {
        let limbs = self.limbs;
        let rest = self.rest.low_mut(limbs);
        let scale = self.scale.low(limbs);
        big::mul_limb(rest, 10, 0);
        let (Some(&high), Some(&top)) = (rest.last(), scale.last()) else {
            return 0;
        };
        // At most one too small, since the top limb of the scale is large.
        let mut digit = high / (top + 1);
        big::sub_mul(rest, scale, digit);
        if big::cmp(rest, scale) != Ordering::Less {
            digit += 1;
            big::sub(rest, scale);
        }
        digit as u8
    }

    /// Is nothing left?
    pub fn is_done(&self) -> bool {
        big::is_zero(self.rest.low(self.limbs))
    }

    /// What is left compared with a half.
    fn compare_half(&self) -> Ordering {
        let rest = self.rest.low(self.limbs);
        compare_sum(rest, rest, false, self.scale.low(self.limbs))
    }

    /// The fraction and the margin above it compared with one.
    fn compare_above(&self) -> Ordering {
        compare_sum(
            self.rest.low(self.limbs),
            self.margin.low(self.limbs),
            self.wide,
            self.scale.low(self.limbs),
        )
    }
}

/// `floor(n * log10(2))`, exact for every exponent of a float.
fn floor_log10_of_power_of_two(n: i32) -> i32 {
    // 315653 / 2^20 = 0.30103016 > log10 2 = 0.30102999…
    (n * 315_653) >> 20
}

/// The digits of a finite float's absolute value. `out` bounds how many are
/// written; [`MAX_DIGITS`] are always enough.
pub fn digits<F: Binary>(x: F, want: Want, out: &mut [u8]) -> Digits {
    let Magnitude::Finite { mantissa, exponent } = magnitude(x) else {
        return Digits { len: 0, exponent: 0 };
    };
    if mantissa == 0 {
        return Digits { len: 0, exponent: 1 };
    }
    if want == Want::Shortest {
        if let Some(found) = short(compose::<F>(mantissa, exponent, false), out) {
            return found;
        }
        return shortest::<F>(mantissa, exponent, out);
    }
    let mut generator = Generator::new(mantissa, exponent, false);
    let wanted = match want {
        Want::Places(places) => {
            let whole = generator.exponent as isize;
            match places.saturating_add(whole) {
                // Below half a unit of the last place.
                ..0 => return Digits { len: 0, exponent: 1 },
                count => count as usize,
            }
        }
        Want::Significant(count) => count,
        Want::Shortest => SHORTEST_DIGITS,
    };
    let mut len = 0usize;
    for slot in out.iter_mut().take(wanted) {
        if generator.is_done() {
            break;
        }
        *slot = b'0' + generator.next_digit();
        len += 1;
    }
    let odd = len.checked_sub(1).and_then(|i| out.get(i)).is_some_and(|d| d & 1 == 1);
    let mut found = Digits { len, exponent: generator.exponent };
    match generator.compare_half() {
        Ordering::Greater => round_up(&mut found, out),
        Ordering::Equal if odd => round_up(&mut found, out),
        _ => {}
    }
    found
}

/// Adds one to the last digit. Without any digit this is one at the place before.
fn round_up(found: &mut Digits, out: &mut [u8]) {
    while let Some(last) = found.len.checked_sub(1) {
        match out.get_mut(last) {
            Some(digit) if *digit != b'9' => {
                *digit += 1;
                return;
            }
            _ => found.len = last,
        }
    }
    if let Some(first) = out.first_mut() {
        *first = b'1';
        found.len = 1;
    }
    found.exponent += 1;
}

/// Numbers of few digits: round to as many as surely survive, and see whether that
/// is the number itself. Both steps are a single rounding of exact operands; and two
/// different decimals of so few digits are never the same float, so the result is
/// the shortest.
fn short<F: Binary>(x: F, out: &mut [u8]) -> Option<Digits> {
    let Magnitude::Finite { mantissa, exponent } = magnitude(x) else {
        return None;
    };
    let log2 = exponent + 63 - mantissa.leading_zeros() as i32;
    let power = F::EXACT_DIGITS as i32 - 1 - floor_log10_of_power_of_two(log2);
    if power.unsigned_abs() > F::EXACT_POWER {
        return None;
    }
    let ten = power_of_ten::<F>(power.unsigned_abs());
    let scaled = if power >= 0 { x.times(ten) } else { x.over(ten) };
    let mut natural = nearest(scaled);
    let candidate = F::from_natural(natural);
    let back = if power >= 0 { candidate.over(ten) } else { candidate.times(ten) };
    if back.bits() != x.bits() {
        return None;
    }
    let mut exponent = -power;
    while natural.is_multiple_of(10) && natural != 0 {
        natural /= 10;
        exponent += 1;
    }
    let len = natural.checked_ilog10()? as usize + 1;
    for slot in out.get_mut(..len)?.iter_mut().rev() {
        *slot = b'0' + (natural % 10) as u8;
        natural /= 10;
    }
    Some(Digits { len, exponent: exponent + len as i32 })
}

/// The natural number nearest to a float far below `2 ** 63`.
fn nearest<F: Binary>(x: F) -> u64 {
    x.times(F::from_natural(2)).to_natural().div_ceil(2)
}

/// Ten to a power that is exact.
pub(super) fn power_of_ten<F: Binary>(power: u32) -> F {
    // Below 10^19 in a machine integer, the rest by one exact multiplication.
    let low = power.min(11);
    let high = power - low;
    F::from_natural(10u64.pow(low)).times(F::from_natural(10u64.pow(high.min(19))))
}

/// The shortest digits between the midpoints to both neighbours, the nearest to the
/// number among those.
fn shortest<F: Binary>(mantissa: u64, exponent: i32, out: &mut [u8]) -> Digits {
    let wide = mantissa == 1 << (F::PRECISION - 1) && exponent > F::MIN_EXP;
    let mut generator = Generator::new(mantissa, exponent, wide);
    // A midpoint reads back as the even one of its neighbours.
    let even = mantissa & 1 == 0;
    let reaches = |order: Ordering, to: Ordering| order == to || even && order == Ordering::Equal;
    if reaches(generator.compare_above(), Ordering::Greater) {
        generator.exponent += 1;
        generator.grow_scale();
    }
    let mut found = Digits { len: 0, exponent: generator.exponent };
    for slot in out.iter_mut() {
        *slot = b'0' + generator.next_digit();
        found.len += 1;
        let limbs = generator.limbs;
        big::mul_limb(generator.margin.low_mut(limbs), 10, 0);
        let below = reaches(
            big::cmp(generator.rest.low(limbs), generator.margin.low(limbs)),
            Ordering::Less,
        );
        let above = reaches(generator.compare_above(), Ordering::Greater);
        let up = match (below, above) {
            (false, false) => continue,
            (true, false) => false,
            (false, true) => true,
            (true, true) => match generator.compare_half() {
                Ordering::Equal => *slot & 1 == 1,
                order => order == Ordering::Greater,
            },
        };
        if up {
            round_up(&mut found, out);
        }
        break;
    }
    found
}
