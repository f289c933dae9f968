//! What the verifier knows about a stack entry.

/// Kind of a stack entry. Every kind is one slot of the interpreter's stack except
/// [`Kind::Cause`] and its two forms, which are one or two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(super) enum Kind {
    /// An object.
    Value,
    /// The object `None`.
    None,
    /// The null word.
    Null,
    /// An object or the null word: the self of a method.
    MaybeNull,
    /// First to fourth slot of a `for` loop's iterator.
    Iter0,
    Iter1,
    Iter2,
    Iter3,
    /// The `__exit__` of a `with` block, and its self.
    Exit0,
    Exit1,
    /// The exception that a handler was entered with.
    Exc,
    /// Why a `finally` runs: `None`, an exception, or two slots for a return or jump
    /// that goes on after it.
    Cause,
    /// A copy of the topmost slot of a cause.
    CauseTest,
    /// Whether a cause is an exception.
    CauseMatched,
    /// A cause of two slots.
    CauseTwo,
    /// A cause of two slots between two `ROT_THREE` that carry an entry over it.
    CauseHalf,
}

use Kind::*;

const BY_NUMBER: [Kind; 16] = [
    Value,
    None,
    Null,
    MaybeNull,
    Iter0,
    Iter1,
    Iter2,
    Iter3,
    Exit0,
    Exit1,
    Exc,
    Cause,
    CauseTest,
    CauseMatched,
    CauseTwo,
    CauseHalf,
];

impl Kind {
    #[inline]
    pub(super) fn from_byte(byte: u8) -> Kind {
        BY_NUMBER[usize::from(byte & 15)]
    }

    /// Whether an instruction may take it as an object.
    #[inline]
    pub(super) fn is_object(self) -> bool {
        matches!(self, Value | None | Exc | CauseTest | CauseMatched)
    }

    /// Whether an instruction may take it where null means something.
    #[inline]
    pub(super) fn is_word(self) -> bool {
        self.is_object() || matches!(self, Null | MaybeNull)
    }

    /// Whether it says why a `finally` runs.
    #[inline]
    pub(super) fn is_cause(self) -> bool {
        matches!(self, None | Exc | Cause)
    }

    /// Slots beyond the first.
    #[inline]
    pub(super) fn extra_slots(self) -> u32 {
        u32::from(matches!(self, Cause | CauseTwo | CauseHalf))
    }

    /// The narrowest kind that covers both, when there is one.
    pub(super) fn join(self, other: Kind) -> Option<Kind> {
        if self == other {
            return Some(self);
        }
        let either = |kind| self == kind || other == kind;
        if self.is_cause() && other.is_cause() && (either(Cause) || (either(None) && either(Exc))) {
            Some(Cause)
        } else if self.is_object() && other.is_object() {
            Some(Value)
        } else if self.is_word() && other.is_word() {
            Some(MaybeNull)
        } else {
            Option::None
        }
    }

    /// What is kept of it at the head of a loop, where later rounds may bring other
    /// objects.
    pub(super) fn at_loop_head(self) -> Kind {
        match self {
            None | CauseTest | CauseMatched => Value,
            kind => kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_is_an_upper_bound() {
        for a in BY_NUMBER {
            assert_eq!(Kind::from_byte(a as u8), a);
            for b in BY_NUMBER {
                let joined = a.join(b);
                assert_eq!(joined, b.join(a));
                if let Some(up) = joined {
                    assert_eq!(up.join(a), Some(up), "{a:?} {b:?}");
                    assert!(!up.is_object() || (a.is_object() && b.is_object()));
                    assert!(!up.is_word() || (a.is_word() && b.is_word()));
                    assert!(up.extra_slots() >= a.extra_slots().max(b.extra_slots()));
                }
            }
        }
    }
}
