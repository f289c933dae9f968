//! Special methods of built-in types, as `super()` finds them in a class derived from one.
//!
//! Built-in types have slots instead of such methods. What is here does on the object inside
//! the instance what the operator does, so that `super().__getitem__(i)` in a class derived
//! from `list` is the list's item and not another call of the method it stands in.

use crate::error::Res;
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::PrintKind;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// One function an operator with two operands: `function = Operator`.
macro_rules! operators {
    ($($function:ident = $op:ident;)*) => {
        $(fn $function(vm: &Vm, this: Value, other: Value) -> Res {
            let inner = vm.native_value(this);
            let result = vm.binary(BinaryOp::$op, inner, other)?;
            // What changed in place is still the instance.
            Ok(if result == inner { this } else { result })
        })*
    };
}

operators! {
    add = Add; iadd = InAdd; sub = Sub; mul = Mul; imul = InMul;
    floordiv = FloorDiv; truediv = TrueDiv; modulo = Mod; pow = Pow;
    or = Or; and = And; xor = Xor; ior = InOr; iand = InAnd; isub = InSub; ixor = InXor;
    lt = Less; le = LessEqual; gt = More; ge = MoreEqual; eq = Equal; ne = NotEqual;
}

py_type! {
    static SPECIALS: "object" {}
    locals: {
        "__abs__" => f1!(abs),
        "__add__" => f2!(add),
        "__and__" => f2!(and),
        "__bool__" => f1!(truth),
        "__contains__" => f2!(contains),
        "__delitem__" => f2!(delitem),
        "__eq__" => f2!(eq),
        "__floordiv__" => f2!(floordiv),
        "__ge__" => f2!(ge),
        "__getitem__" => f2!(getitem),
        "__gt__" => f2!(gt),
        "__hash__" => f1!(hash),
        "__iadd__" => f2!(iadd),
        "__iand__" => f2!(iand),
        "__imul__" => f2!(imul),
        "__ior__" => f2!(ior),
        "__isub__" => f2!(isub),
        "__iter__" => f1!(iter),
        "__ixor__" => f2!(ixor),
        "__le__" => f2!(le),
        "__len__" => f1!(len),
        "__lt__" => f2!(lt),
        "__mod__" => f2!(modulo),
        "__mul__" => f2!(mul),
        "__ne__" => f2!(ne),
        "__neg__" => f1!(neg),
        "__or__" => f2!(or),
        "__pow__" => f2!(pow),
        "__repr__" => f1!(repr),
        "__setitem__" => f3!(setitem),
        "__str__" => f1!(str),
        "__sub__" => f2!(sub),
        "__truediv__" => f2!(truediv),
        "__xor__" => f2!(xor),
    }
}

impl Vm {
    /// The special method `name` of the built-in object inside the instance `this`, once
    /// there is one.
    pub(crate) fn inner_special(&self, this: Value, name: Qstr) -> Option<Value> {
        let inside = self.beyond_stock() && self.native_value(this) != this;
        if inside { self.own_attr(&SPECIALS, name) } else { None }
    }
}

fn getitem(vm: &Vm, this: Value, key: Value) -> Res {
    vm.subscr(vm.native_value(this), key)
}

fn setitem(vm: &Vm, this: Value, key: Value, value: Value) -> Res {
    vm.set_subscr(vm.native_value(this), key, Some(value)).map(|()| Value::NONE)
}

fn delitem(vm: &Vm, this: Value, key: Value) -> Res {
    vm.set_subscr(vm.native_value(this), key, None).map(|()| Value::NONE)
}

fn contains(vm: &Vm, this: Value, item: Value) -> Res {
    vm.contains(vm.native_value(this), item).map(Value::bool)
}

fn iter(vm: &Vm, this: Value) -> Res {
    vm.iter(vm.native_value(this))
}

fn len(vm: &Vm, this: Value) -> Res {
    vm.len(vm.native_value(this)).map(|n| Value::small(n as isize))
}

fn truth(vm: &Vm, this: Value) -> Res {
    vm.is_true(vm.native_value(this)).map(Value::bool)
}

fn hash(vm: &Vm, this: Value) -> Res {
    vm.unary(UnaryOp::Hash, vm.native_value(this))
}

fn neg(vm: &Vm, this: Value) -> Res {
    vm.unary(UnaryOp::Neg, vm.native_value(this))
}

fn abs(vm: &Vm, this: Value) -> Res {
    vm.unary(UnaryOp::Abs, vm.native_value(this))
}

fn repr(vm: &Vm, this: Value) -> Res {
    vm.to_str(vm.native_value(this), PrintKind::Repr)
}

fn str(vm: &Vm, this: Value) -> Res {
    vm.to_str(vm.native_value(this), PrintKind::Str)
}
