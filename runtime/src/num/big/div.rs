//! Division of magnitudes.
//!
//! Cortex-M0 has no divide instruction and nothing divides a double limb cheaply,
//! so every quotient limb comes from a precomputed reciprocal and two
//! multiplications (N. Möller and T. Granlund, "Improved division by invariant
//! integers", 2011). The long division is Knuth's algorithm D (TAOCP 4.3.1).

use super::{BITS, Limb, Wanted, Wide, add, goes_on, shl_small, shr_small, sub_mul, trim};

/// A divisor limb with its top bit set, and its reciprocal.
#[derive(Clone, Copy)]
pub struct Divisor {
    limb: Limb,
    reciprocal: Limb,
}

impl Divisor {
    /// `limb` must have its top bit set.
    fn new(limb: Limb) -> Self {
        // floor((B^2 - 1) / limb) - B, which is below B since limb >= B / 2.
        let reciprocal = (Wide::MAX / Wide::from(limb | 1 << (BITS - 1))) as Limb;
        Divisor { limb, reciprocal }
    }

    /// Divides `high:low` for `high` below the divisor: quotient and remainder.
    #[inline]
    fn divide(self, high: Limb, low: Limb) -> (Limb, Limb) {
        let estimate = Wide::from(self.reciprocal) * Wide::from(high)
            + (Wide::from(high) << BITS | Wide::from(low));
        let mut quotient = ((estimate >> BITS) as Limb).wrapping_add(1);
        let mut rest = low.wrapping_sub(quotient.wrapping_mul(self.limb));
        if rest > estimate as Limb {
            quotient = quotient.wrapping_sub(1);
            rest = rest.wrapping_add(self.limb);
        }
        if rest >= self.limb {
            quotient = quotient.wrapping_add(1);
            rest -= self.limb;
        }
        (quotient, rest)
    }
}

/// A non-zero divisor of one limb, made ready to divide many times.
#[derive(Clone, Copy)]
pub struct Small {
    by: Divisor,
    shift: u32,
}

impl Small {
    /// Zero is taken as one.
    pub fn new(limb: Limb) -> Self {
        let limb = limb.max(1);
        let shift = limb.leading_zeros();
        Small { by: Divisor::new(limb << shift), shift }
    }

    /// `acc /= self`; answers the remainder.
    pub fn divide(self, acc: &mut [Limb]) -> Limb {
        let mut rest = shl_small(acc, self.shift);
        for limb in acc.iter_mut().rev() {
            (*limb, rest) = self.by.divide(rest, *limb);
        }
        rest >> self.shift
    }
}

/// Long division. On entry `rest` holds the dividend and has at least one zero
/// limb on top; on return it holds the remainder and `den` is unchanged. `quotient`
/// takes `rest.len() - trim(den).len()` limbs. A zero divisor leaves everything as
/// it was: callers raise before they come here.
pub fn divide(rest: &mut [Limb], den: &mut [Limb], quotient: &mut [Limb], wanted: Wanted<'_>) {
    let width = trim(den).len();
    let Some(den) = den.get_mut(..width) else {
        return;
    };
    quotient.fill(0);
    match *den {
        [] => return,
        [single] => {
            let remainder = Small::new(single).divide(rest);
            for (slot, limb) in quotient.iter_mut().zip(rest.iter_mut()) {
                *slot = core::mem::take(limb);
            }
            if let Some(low) = rest.first_mut() {
                *low = remainder;
            }
            return;
        }
        _ => {}
    }
    let shift = den.last().map_or(0, |top| top.leading_zeros());
    shl_small(den, shift);
    shl_small(rest, shift);
    divide_normal(rest, den, quotient, wanted);
    shr_small(den, shift);
    shr_small(rest, shift);
}

/// Knuth's loop; `den` has at least two limbs and its top bit set.
fn divide_normal(rest: &mut [Limb], den: &[Limb], quotient: &mut [Limb], wanted: Wanted<'_>) {
    let [.., second, first] = *den else { return };
    let by = Divisor::new(first);
    let width = den.len();
    for at in (0..rest.len().saturating_sub(width)).rev() {
        if !goes_on(at, wanted) {
            return;
        }
        let Some(window) = rest.get_mut(at..=at + width) else {
            return;
        };
        let [.., third, low, high] = *window else {
            return;
        };
        let mut digit = if high >= first {
            Limb::MAX
        } else {
            let (mut digit, mut left) = by.divide(high, low);
            // The estimate from two limbs is at most two too large; the next limb
            // of each side takes nearly all of that away.
            while Wide::from(digit) * Wide::from(second)
                > (Wide::from(left) << BITS | Wide::from(third))
            {
                digit -= 1;
                let (sum, over) = left.overflowing_add(first);
                if over {
                    break;
                }
                left = sum;
            }
            digit
        };
        let (body, top) = window.split_at_mut(width);
        let owed = sub_mul(body, den, digit);
        let Some(top) = top.first_mut() else { return };
        let (left, under) = top.overflowing_sub(owed);
        *top = left;
        let mut negative = under;
        while negative {
            digit = digit.wrapping_sub(1);
            let (sum, over) = top.overflowing_add(add(body, den));
            *top = sum;
            negative = !over;
        }
        if let Some(slot) = quotient.get_mut(at) {
            *slot = digit;
        }
    }
}
