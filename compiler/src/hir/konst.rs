//! Constant values.

use super::{BigId, BytesId, ComplexId, List, Symbol};

/// A value known when the program is compiled. What does not fit lies in the module's pools.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Const {
    /// `None`
    None,
    /// `False`
    False,
    /// `True`
    True,
    /// `...`
    Ellipsis,
    /// An integer that 64 bits hold; always this form where it can be.
    Int(i64),
    /// Any other integer.
    Big(BigId),
    /// A float.
    Float(f64),
    /// A complex number: real part, imaginary part.
    Complex(ComplexId),
    /// A string. Its bytes are UTF-8, but for surrogates, which are encoded like other characters.
    Str(Symbol),
    /// A bytes object.
    Bytes(BytesId),
    /// A tuple of constants.
    Tuple(List<Const>),
}

impl Const {
    /// `True` or `False`.
    pub fn bool(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}
