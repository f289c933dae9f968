//! Dense indices, and lists of nodes that lie side by side in a pool.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The `index`th of its kind. An index of `u32::MAX` or more names the last one.
            pub fn new(index: usize) -> Self {
                let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
                Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
            }

            /// The number, from 0.
            pub fn index(self) -> usize {
                self.0.get() as usize - 1
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.index())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self, f)
            }
        }
    )*};
}

ids! {
    /// An interned text: an identifier or a string constant of the module.
    Symbol "y";
    /// An expression of the module.
    ExprId "e";
    /// A function, class, comprehension or the module itself.
    ScopeId "s";
    /// A name as one scope sees it; a temporary has one too.
    VarId "v";
    /// A place in a running function's state array, counted from 0.
    Slot "l";
    /// A bytes constant.
    BytesId "b";
    /// An integer constant that 64 bits do not hold.
    BigId "i";
    /// A complex constant.
    ComplexId "c";
}

/// A run of nodes of type `T` in the module's pool of that type: `module[list]` is a slice.
pub struct List<T> {
    start: u32,
    len: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// The list without members.
    pub const EMPTY: Self = Self { start: 0, len: 0, kind: PhantomData };

    /// The run of `len` nodes from `start` on.
    pub(crate) fn new(start: usize, len: usize) -> Self {
        Self { start: start as u32, len: len as u32, kind: PhantomData }
    }

    /// How many members it has.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether it has no members.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The members' places in the pool.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }

    /// The list from its `count`th member on.
    #[must_use]
    pub fn skip(self, count: usize) -> Self {
        let count = count.min(self.len());
        Self::new(self.start as usize + count, self.len() - count)
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.start == other.start && self.len == other.len
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}; {}]", self.start, self.len)
    }
}
