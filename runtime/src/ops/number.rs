//! Operators, comparison, hashing, truth and length.

use crate::error::{Arg, Res, TYPE_ERROR};
use crate::object::Type;
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// Unary operators and conversions. The first four are those of the bytecode.
#[repr(u8)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    Pos,
    Neg,
    Invert,
    Not,
    /// `bool(x)`: a slot answers TRUE or FALSE.
    Bool,
    /// `len(x)`: a small int.
    Len,
    /// `hash(x)`: a small int.
    Hash,
    Abs,
    Int,
    Float,
    Complex,
    SizeOf,
}

macro_rules! binary_ops {
    ($($Name:ident $sign:literal $special:literal;)*) => {
        /// Binary operators, numbered as in the bytecode up to `Pow`.
        ///
        /// A slot is called as `binary(op, this, other)`. For `a + b` first `a`'s type is
        /// asked for `Add`, then `b`'s for `RAdd`; for `a += b` first `InAdd`. Comparisons
        /// are mirrored the same way (`Less` becomes `More`).
        #[repr(u8)]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum BinaryOp { $($Name),* }

        static OPS: &[(BinaryOp, &str, Qstr)] = &[$((BinaryOp::$Name, $sign, q!($special))),*];
    };
}

binary_ops! {
    Less "<" "__lt__";
    More ">" "__gt__";
    Equal "==" "__eq__";
    LessEqual "<=" "__le__";
    MoreEqual ">=" "__ge__";
    NotEqual "!=" "__ne__";
    In "in" "__contains__";
    Is "is" "";
    ExceptionMatch "exception match" "";
    InOr "|=" "__ior__";
    InXor "^=" "__ixor__";
    InAnd "&=" "__iand__";
    InShl "<<=" "__ilshift__";
    InShr ">>=" "__irshift__";
    InAdd "+=" "__iadd__";
    InSub "-=" "__isub__";
    InMul "*=" "__imul__";
    InMatMul "@=" "__imatmul__";
    InFloorDiv "//=" "__ifloordiv__";
    InTrueDiv "/=" "__itruediv__";
    InMod "%=" "__imod__";
    InPow "**=" "__ipow__";
    Or "|" "__or__";
    Xor "^" "__xor__";
    And "&" "__and__";
    Shl "<<" "__lshift__";
    Shr ">>" "__rshift__";
    Add "+" "__add__";
    Sub "-" "__sub__";
    Mul "*" "__mul__";
    MatMul "@" "__matmul__";
    FloorDiv "//" "__floordiv__";
    TrueDiv "/" "__truediv__";
    Mod "%" "__mod__";
    Pow "**" "__pow__";
    DivMod "divmod" "__divmod__";
    Contains "in" "__contains__";
    ROr "|" "__ror__";
    RXor "^" "__rxor__";
    RAnd "&" "__rand__";
    RShl "<<" "__rlshift__";
    RShr ">>" "__rrshift__";
    RAdd "+" "__radd__";
    RSub "-" "__rsub__";
    RMul "*" "__rmul__";
    RMatMul "@" "__rmatmul__";
    RFloorDiv "//" "__rfloordiv__";
    RTrueDiv "/" "__rtruediv__";
    RMod "%" "__rmod__";
    RPow "**" "__rpow__";
    RDivMod "divmod" "";
}

impl BinaryOp {
    /// The operator with this number.
    pub fn from_index(i: u8) -> Option<BinaryOp> {
        OPS.get(i as usize).map(|e| e.0)
    }

    pub fn sign(self) -> &'static str {
        OPS.get(self as usize).map_or("", |e| e.1)
    }

    /// The special method's name.
    pub fn special(self) -> Qstr {
        OPS.get(self as usize).map_or(Qstr::NULL, |e| e.2)
    }

    pub fn is_in_place(self) -> bool {
        self >= BinaryOp::InOr && self <= BinaryOp::InPow
    }

    /// `InAdd` to `Add`; others unchanged.
    pub fn plain(self) -> BinaryOp {
        if self.is_in_place() {
            BinaryOp::from_index(self as u8 + 13).unwrap_or(self)
        } else {
            self
        }
    }

    /// What the right operand's type is asked.
    pub fn reversed(self) -> Option<BinaryOp> {
        Some(match self {
            BinaryOp::Less => BinaryOp::More,
            BinaryOp::More => BinaryOp::Less,
            BinaryOp::LessEqual => BinaryOp::MoreEqual,
            BinaryOp::MoreEqual => BinaryOp::LessEqual,
            BinaryOp::Equal | BinaryOp::NotEqual => self,
            BinaryOp::DivMod => BinaryOp::RDivMod,
            op if op >= BinaryOp::Or && op <= BinaryOp::Pow => {
                let by = BinaryOp::ROr as u8 - BinaryOp::Or as u8;
                return BinaryOp::from_index(op as u8 + by);
            }
            _ => return None,
        })
    }

    /// `RAdd` to `Add`, `More` … unchanged: the operation with operands in source order.
    pub fn unreversed(self) -> Option<BinaryOp> {
        if self >= BinaryOp::ROr {
            BinaryOp::from_index(self as u8 - (BinaryOp::ROr as u8 - BinaryOp::Or as u8)).map(
                |op| {
                    if self == BinaryOp::RDivMod { BinaryOp::DivMod } else { op }
                },
            )
        } else {
            None
        }
    }
}

impl Vm {
    /// `op v`. Errors: TypeError for an operand the operator does not know.
    pub fn unary(&self, op: UnaryOp, v: Value) -> Res {
        if op == UnaryOp::Not {
            return Ok(Value::bool(!self.is_true(v)?));
        }
        let r = self.try_unary(op, v)?;
        if r != Value::NOT_IMPLEMENTED || self.defines(v, op) {
            return Ok(r);
        }
        if op == UnaryOp::Hash && self.type_of(v).slots.unary.is_none() {
            // Without operators of its own an object is known by its identity.
            return Ok(Value::small((v.bits() >> 3) as isize));
        }
        let sign = match op {
            UnaryOp::Pos => "__pos__",
            UnaryOp::Neg => "__neg__",
            UnaryOp::Invert => "__invert__",
            UnaryOp::Abs => "__abs__",
            UnaryOp::Len => {
                return self.raise_fmt(
                    &TYPE_ERROR,
                    "object of type '%' has no len()",
                    &[Arg::TypeOf(v)],
                );
            }
            UnaryOp::Hash => "__hash__",
            _ => {
                let to = match op {
                    UnaryOp::Float => "float",
                    UnaryOp::Complex => "complex",
                    _ => "int",
                };
                return self.raise_fmt(
                    &TYPE_ERROR,
                    "can't convert % to %",
                    &[Arg::TypeOf(v), to.into()],
                );
            }
        };
        self.raise_fmt(&TYPE_ERROR, "unsupported type for %: '%'", &[sign.into(), Arg::TypeOf(v)])
    }

    /// Whether the NotImplemented that `op v` gave came from a program's method.
    fn defines(&self, v: Value, op: UnaryOp) -> bool {
        let ty = self.type_of(v);
        let special = match op {
            UnaryOp::Pos => q!("__pos__"),
            UnaryOp::Neg => q!("__neg__"),
            UnaryOp::Invert => q!("__invert__"),
            UnaryOp::Abs => q!("__abs__"),
            _ => return false,
        };
        ty.has(Type::CLASS) && self.type_lookup(ty, special).is_some()
    }

    /// `op v`, or NOT_IMPLEMENTED.
    pub fn try_unary(&self, op: UnaryOp, v: Value) -> Res {
        match self.type_of(v).slots.unary {
            Some(f) => f(self, op, v),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    fn ask(&self, op: BinaryOp, this: Value, other: Value) -> Res {
        match self.type_of(this).slots.binary {
            Some(f) => f(self, op, this, other),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// `a op b`. Errors: TypeError for operands the operator does not know.
    pub fn binary(&self, op: BinaryOp, a: Value, b: Value) -> Res {
        if let Some(result) = crate::object::float_fast(self, op, a, b) {
            return result;
        }
        match op {
            BinaryOp::Is => return Ok(Value::bool(a == b)),
            BinaryOp::Equal | BinaryOp::NotEqual => return self.equality(op, a, b),
            BinaryOp::In => return Ok(Value::bool(self.contains(b, a)?)),
            BinaryOp::Contains => return Ok(Value::bool(self.contains(a, b)?)),
            BinaryOp::ExceptionMatch => return Ok(Value::bool(self.exception_match(a, b)?)),
            _ => {}
        }
        let mut r = self.ask(op, a, b)?;
        if r == Value::NOT_IMPLEMENTED && op.is_in_place() {
            r = self.ask(op.plain(), a, b)?;
        }
        if r == Value::NOT_IMPLEMENTED
            && let Some(rev) = op.plain().reversed()
        {
            r = self.ask(rev, b, a)?;
        }
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
        self.raise_fmt(
            &TYPE_ERROR,
            "unsupported types for %: '%', '%'",
            &[op.special().into(), Arg::TypeOf(a), Arg::TypeOf(b)],
        )
    }

    /// `a == b` as a condition.
    pub fn eq(&self, a: Value, b: Value) -> Res<bool> {
        if a == b && !self.type_of(a).has(Type::NOT_REFLEXIVE) {
            return Ok(true);
        }
        if a.both_small(b) || (a.is_qstr() && b.is_qstr()) {
            return Ok(false);
        }
        let r = self.equality(BinaryOp::Equal, a, b)?;
        self.is_true(r)
    }

    /// `a == b` or `a != b`: whatever the operands' types answer. `!=` is asked first
    /// where a type has its own, then `==`; objects that know neither are compared by
    /// identity.
    fn equality(&self, op: BinaryOp, a: Value, b: Value) -> Res {
        let inverted = op == BinaryOp::NotEqual;
        if a == b && !self.type_of(a).has(Type::NOT_REFLEXIVE) {
            return Ok(Value::bool(!inverted));
        }
        self.check_stack()?;
        for (this, other) in [(a, b), (b, a)] {
            let ty = self.type_of(this);
            if ty != self.type_of(other) && !ty.has(Type::EQ_ANY) {
                continue;
            }
            if inverted && ty.has(Type::HAS_NE) {
                let r = self.ask(BinaryOp::NotEqual, this, other)?;
                if r != Value::NOT_IMPLEMENTED {
                    return Ok(r);
                }
            }
            let r = self.ask(BinaryOp::Equal, this, other)?;
            if r != Value::NOT_IMPLEMENTED {
                return if inverted { Ok(Value::bool(!self.is_true(r)?)) } else { Ok(r) };
            }
        }
        Ok(Value::bool((a == b) != inverted))
    }

    /// Equality of dict keys: as `eq`, with the common cases first.
    pub(crate) fn keys_equal(&self, a: Value, b: Value) -> Res<bool> {
        if a == b {
            return Ok(true);
        }
        self.eq(a, b)
    }

    /// `a op b` for an ordering operator, as a bool.
    pub fn compare(&self, op: BinaryOp, a: Value, b: Value) -> Res<bool> {
        if let (Some(x), Some(y)) = (a.as_small(), b.as_small()) {
            match op {
                BinaryOp::Less => return Ok(x < y),
                BinaryOp::More => return Ok(x > y),
                _ => {}
            }
        }
        let r = self.binary(op, a, b)?;
        self.is_true(r)
    }

    /// `bool(v)`.
    #[inline]
    pub fn is_true(&self, v: Value) -> Res<bool> {
        if v == Value::TRUE {
            Ok(true)
        } else if v == Value::FALSE || v.is_none() {
            Ok(false)
        } else {
            match v.as_small() {
                Some(i) => Ok(i != 0),
                None => self.is_true_slow(v),
            }
        }
    }

    #[inline(never)]
    fn is_true_slow(&self, v: Value) -> Res<bool> {
        if let Some(q) = v.as_qstr() {
            return Ok(q != Qstr::EMPTY);
        }
        let r = self.try_unary(UnaryOp::Bool, v)?;
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r == Value::TRUE);
        }
        Ok(self.try_len(v)?.is_none_or(|n| n != 0))
    }

    /// `len(v)`. Errors: TypeError.
    pub fn len(&self, v: Value) -> Res<usize> {
        match self.try_len(v)? {
            Some(n) => Ok(n),
            None => self.unary(UnaryOp::Len, v).map(|_| 0),
        }
    }

    /// `len(v)` if it has one.
    pub fn try_len(&self, v: Value) -> Res<Option<usize>> {
        if let Some(q) = v.as_qstr()
            && cfg!(not(feature = "unicode"))
        {
            return Ok(Some(self.qstr_bytes(q).len()));
        }
        let r = self.try_unary(UnaryOp::Len, v)?;
        Ok(r.as_small().map(|n| n as usize))
    }

    /// `hash(v)`. Errors: TypeError "unsupported type for __hash__".
    #[inline]
    pub fn hash(&self, v: Value) -> Res<usize> {
        if let Some(i) = v.as_small() {
            return Ok(i as usize);
        }
        match self.text_hash(v) {
            Some(h) => Ok(h),
            None => self.hash_slow(v),
        }
    }

    fn hash_slow(&self, v: Value) -> Res<usize> {
        if let Some(b) = v.as_bool() {
            return Ok(b as usize);
        }
        if v.is_immediate() {
            return Ok(v.bits());
        }
        let slots = self.type_of(v).slots;
        if slots.unary.is_none() && slots.binary.is_none() {
            // Equal to itself only.
            return Ok(v.bits() >> 3);
        }
        self.check_stack()?;
        let h = self.unary(UnaryOp::Hash, v)?;
        Ok(h.as_small().map_or(h.bits(), |i| i as usize))
    }

    /// `except` clause: whether the exception `e` is a `ty`, a class or a tuple of classes.
    pub fn exception_match(&self, e: Value, ty: Value) -> Res<bool> {
        self.is_subclass_of_any(self.as_type(e).unwrap_or_else(|| self.type_of(e)), ty)
    }

    /// Whether `class` is `ty` or derives from it; of a tuple, from any of its items.
    pub fn is_subclass_of_any(&self, class: &'static Type, ty: Value) -> Res<bool> {
        if let Some(items) = self.tuple_items(ty) {
            self.check_stack()?;
            for &t in items {
                if self.is_subclass_of_any(class, t)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        match self.as_type(ty) {
            Some(t) => Ok(self.is_subtype(class, t)),
            None => {
                self.raise(&TYPE_ERROR, "issubclass() arg 2 must be a class or a tuple of classes")
            }
        }
    }
}
