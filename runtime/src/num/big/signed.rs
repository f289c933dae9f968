//! Sign and magnitude: the operators of Python's integers.

use core::cmp::Ordering;

use super::{BITS, Limb, Wanted, add, add_limb, cmp, div, is_zero, negate, shl, shr, sub, trim};

/// An integer: a sign and a magnitude. Zero may carry either sign.
#[derive(Clone, Copy)]
pub struct Int<'a> {
    /// Below zero?
    pub negative: bool,
    /// The absolute value.
    pub magnitude: &'a [Limb],
}

/// A bit-by-bit operator of two integers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Bitwise {
    And,
    Or,
    Xor,
}

impl Bitwise {
    fn of(self, a: Limb, b: Limb) -> Limb {
        match self {
            Bitwise::And => a & b,
            Bitwise::Or => a | b,
            Bitwise::Xor => a ^ b,
        }
    }
}

/// The limbs of an integer in two's complement, without end.
struct TwosComplement<'a> {
    limbs: core::slice::Iter<'a, Limb>,
    negative: bool,
    carry: bool,
}

impl TwosComplement<'_> {
    fn next(&mut self) -> Limb {
        let limb = self.limbs.next().copied().unwrap_or(0);
        if !self.negative {
            return limb;
        }
        let (x, over) = (!limb).overflowing_add(Limb::from(self.carry));
        self.carry = over;
        x
    }
}

impl<'a> Int<'a> {
    /// An integer without leading zero limbs.
    pub fn new(negative: bool, magnitude: &'a [Limb]) -> Self {
        Int { negative, magnitude: trim(magnitude) }
    }

    fn twos_complement(&self) -> TwosComplement<'a> {
        TwosComplement { limbs: self.magnitude.iter(), negative: self.negative, carry: true }
    }

    /// The integer with its sign turned.
    pub fn negated(self) -> Self {
        Int { negative: !self.negative, ..self }
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match (is_zero(self.magnitude), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }
}

/// Compares two integers.
pub fn compare(a: Int<'_>, b: Int<'_>) -> Ordering {
    a.sign().cmp(&b.sign()).then_with(|| {
        if a.negative { cmp(b.magnitude, a.magnitude) } else { cmp(a.magnitude, b.magnitude) }
    })
}

/// How many limbs [`sum`] and [`bitwise`] need.
pub fn sum_len(a: Int<'_>, b: Int<'_>) -> usize {
    a.magnitude.len().max(b.magnitude.len()) + 1
}

fn copy(out: &mut [Limb], a: &[Limb]) {
    let mut from = a.iter();
    for slot in out {
        *slot = from.next().copied().unwrap_or(0);
    }
}

/// `out = a + b`, with [`sum_len`] limbs; answers whether the sum is negative.
pub fn sum(out: &mut [Limb], a: Int<'_>, b: Int<'_>) -> bool {
    copy(out, a.magnitude);
    if a.negative == b.negative {
        add(out, b.magnitude);
        return a.negative;
    }
    if sub(out, b.magnitude) == 0 {
        return a.negative;
    }
    negate(out);
    b.negative
}

/// `out = a OP b` on two's complement, with [`sum_len`] limbs; answers whether the
/// result is negative.
pub fn bitwise(out: &mut [Limb], op: Bitwise, a: Int<'_>, b: Int<'_>) -> bool {
    let (mut left, mut right) = (a.twos_complement(), b.twos_complement());
    let mut top = 0;
    for slot in out.iter_mut() {
        top = op.of(left.next(), right.next());
        *slot = top;
    }
    let negative = top >> (BITS - 1) == 1;
    if negative {
        negate(out);
    }
    negative
}

/// Python's floor division. `rest` holds the magnitude of `a` on entry and the
/// magnitude of the remainder on return, with at least one zero limb on top; `den`
/// holds the magnitude of `b` (it comes back unchanged); `quotient` has one limb
/// more than `rest` has over `den`. The remainder takes the sign of `b`; answers
/// whether the quotient is negative.
pub fn floor_divide(
    rest: &mut [Limb],
    den: &mut [Limb],
    quotient: &mut [Limb],
    signs_differ: bool,
    wanted: Wanted<'_>,
) -> bool {
    div::divide(rest, den, quotient, wanted);
    if signs_differ && !is_zero(rest) {
        add_limb(quotient, 1);
        // remainder = den - remainder
        let width = trim(den).len();
        if let (Some(low), Some(den)) = (rest.get_mut(..width), den.get(..width)) {
            sub(low, den);
            negate(low);
        }
    }
    signs_differ
}

/// How many limbs [`shift_left`] needs.
pub fn shift_left_len(a: Int<'_>, shift: usize) -> usize {
    a.magnitude.len() + shift / BITS as usize + 1
}

/// `out = a << shift`, with [`shift_left_len`] limbs; the sign stays.
pub fn shift_left(out: &mut [Limb], a: Int<'_>, shift: usize) {
    shl(out, a.magnitude, shift);
}

/// How many limbs [`shift_right`] needs.
pub fn shift_right_len(a: Int<'_>, shift: usize) -> usize {
    a.magnitude.len().saturating_sub(shift / BITS as usize) + 1
}

/// `out = a >> shift` (towards minus infinity), with [`shift_right_len`] limbs; the
/// sign stays.
pub fn shift_right(out: &mut [Limb], a: Int<'_>, shift: usize) {
    let dropped = shr(out, a.magnitude, shift);
    if dropped && a.negative {
        add_limb(out, 1);
    }
}
