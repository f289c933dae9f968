//! TABLE of the operators that bytecode and native code name by number.

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $value:literal $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum $name { $($variant = $value,)* }

        impl $name {
            /// Every operator, in the order of the numbers.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The operator with this number.
            #[inline]
            pub const fn from_number(number: u8) -> Option<$name> {
                match number { $($value => Some($name::$variant),)* _ => None }
            }

            /// How Python spells it.
            pub const fn symbol(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
    };
}

operators! {
    /// A unary operator of `UNARY_OP_MULTI` and of the `unary_op` helper.
    UnaryOp {
        Positive = 0 "+",
        Negative = 1 "-",
        Invert = 2 "~",
        Not = 3 "not",
    }
}

operators! {
    /// A binary operator of `BINARY_OP_MULTI` and of the `binary_op` helper. `not
    /// in` and `is not` are the positive operator followed by `not`.
    BinaryOp {
        Less = 0 "<",
        More = 1 ">",
        Equal = 2 "==",
        LessEqual = 3 "<=",
        MoreEqual = 4 ">=",
        NotEqual = 5 "!=",
        In = 6 "in",
        Is = 7 "is",
        ExceptionMatch = 8 "exception match",
        InplaceOr = 9 "|=",
        InplaceXor = 10 "^=",
        InplaceAnd = 11 "&=",
        InplaceLshift = 12 "<<=",
        InplaceRshift = 13 ">>=",
        InplaceAdd = 14 "+=",
        InplaceSubtract = 15 "-=",
        InplaceMultiply = 16 "*=",
        InplaceMatMultiply = 17 "@=",
        InplaceFloorDivide = 18 "//=",
        InplaceTrueDivide = 19 "/=",
        InplaceModulo = 20 "%=",
        InplacePower = 21 "**=",
        Or = 22 "|",
        Xor = 23 "^",
        And = 24 "&",
        Lshift = 25 "<<",
        Rshift = 26 ">>",
        Add = 27 "+",
        Subtract = 28 "-",
        Multiply = 29 "*",
        MatMultiply = 30 "@",
        FloorDivide = 31 "//",
        TrueDivide = 32 "/",
        Modulo = 33 "%",
        Power = 34 "**",
    }
}

impl BinaryOp {
    /// The plain operator of an in-place one; any other operator itself.
    pub const fn plain(self) -> BinaryOp {
        let number = self as u8;
        if number >= BinaryOp::InplaceOr as u8 && number <= BinaryOp::InplacePower as u8 {
            match BinaryOp::from_number(number + 13) {
                Some(op) => op,
                None => self,
            }
        } else {
            self
        }
    }

    /// Whether it is a comparison, whose result is normally a `bool`.
    pub const fn is_comparison(self) -> bool {
        self as u8 <= BinaryOp::ExceptionMatch as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Opcode;

    #[test]
    fn numbers_fill_their_opcode_ranges() {
        assert_eq!(UnaryOp::ALL.len(), usize::from(Opcode::UnaryOpMulti.count()));
        assert_eq!(BinaryOp::ALL.len(), usize::from(Opcode::BinaryOpMulti.count()));
        for (i, &op) in BinaryOp::ALL.iter().enumerate() {
            assert_eq!(op as usize, i);
        }
    }

    #[test]
    fn plain_operators_drop_the_equals_sign() {
        for &op in &BinaryOp::ALL[BinaryOp::InplaceOr as usize..=BinaryOp::InplacePower as usize] {
            assert_eq!(op.symbol().strip_suffix('='), Some(op.plain().symbol()));
        }
    }
}
