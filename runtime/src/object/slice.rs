//! The slice type.

use super::{Args, Found, Object};
use crate::error::{OVERFLOW_ERROR, Res, VALUE_ERROR};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// `start:stop:step`; absent parts are None.
    pub struct Slice: SLICE, if crate::level::SLICES {
        pub start: Value,
        pub stop: Value,
        pub step: Value,
    }
}

py_type! {
    pub static SLICE: "slice" {
        new: slice_new,
        print: slice_print,
        unary: slice_unary,
        binary: slice_binary,
        getattr: slice_getattr,
    }
    flags: super::Type::FINAL,
    locals: { "indices" => f2!(slice_indices), }
}

/// A slice applied to a sequence: `start` and `stop` lie in the sequence (`stop` may be -1
/// when stepping backwards).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub start: isize,
    pub stop: isize,
    pub step: isize,
}

impl Bounds {
    /// The half-open range of a slice with step 1; `None` for another step.
    pub fn range(&self) -> Option<(usize, usize)> {
        (self.step == 1).then_some((self.start as usize, self.stop.max(self.start) as usize))
    }

    /// How many positions it selects.
    pub fn count(&self) -> usize {
        let (distance, step) = if self.step > 0 {
            (self.stop.saturating_sub(self.start), self.step)
        } else {
            (self.start.saturating_sub(self.stop), self.step.saturating_neg())
        };
        if distance <= 0 { 0 } else { ((distance - 1) / step.max(1)) as usize + 1 }
    }

    /// Whether position `i` is among them.
    pub fn contains(&self, i: usize) -> bool {
        let distance = i as isize - self.start;
        distance % self.step == 0 && ((distance / self.step) as usize) < self.count()
    }

    /// The positions, in order.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..self.count()).map(move |i| (self.start + i as isize * self.step) as usize)
    }
}

impl Slice {
    /// Resolves the slice for a sequence of `len` items. Errors: TypeError for parts that
    /// are no ints, ValueError for a step of zero.
    pub fn bounds(&self, vm: &Vm, len: usize) -> Res<Bounds> {
        let len = len as isize;
        let step = if self.step.is_none() { 1 } else { vm.get_clamped(self.step)? };
        if step == 0 {
            return vm.raise(&VALUE_ERROR, "slice step can't be zero");
        }
        // Positions run from `low` to `high`, each one past an end when going its way.
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let resolve = |part: Value, default: isize| -> Res<isize> {
            if part.is_none() {
                return Ok(default);
            }
            let i = vm.get_clamped(part)?;
            Ok((if i < 0 { i.saturating_add(len) } else { i }).clamp(low, high.max(low)))
        };
        let (first, last) = if step > 0 { (low, high) } else { (high, low) };
        Ok(Bounds { start: resolve(self.start, first)?, stop: resolve(self.stop, last)?, step })
    }
}

fn slice_new(vm: &Vm, _ty: &'static super::Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 3)?;
    match *args.pos {
        [stop] => vm.new_slice(Value::NONE, stop, Value::NONE),
        [start, stop] => vm.new_slice(start, stop, Value::NONE),
        [start, stop, step, ..] => vm.new_slice(start, stop, step),
        [] => Ok(Value::NONE),
    }
}

/// Slices are keys as tuples of their parts are; CPython has that since 3.12.
fn slice_unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    match this.cast::<Slice>() {
        Some(s) if op == UnaryOp::Hash && vm.beyond_stock() => {
            vm.unary(op, vm.new_tuple(&[s.start, s.stop, s.step])?)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// Slices are equal as tuples of their parts are.
fn slice_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    match (this.cast::<Slice>(), other.cast::<Slice>()) {
        (Some(a), Some(b)) if crate::level::CPYTHON && op == BinaryOp::Equal => {
            let equal = vm.eq(a.start, b.start)? && vm.eq(a.stop, b.stop)?;
            Ok(Value::bool(equal && vm.eq(a.step, b.step)?))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn slice_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let Some(this) = this.cast::<Slice>() else { return Ok(()) };
    p.str("slice(")?;
    vm.print_to(p, this.start, PrintKind::Repr)?;
    p.str(", ")?;
    vm.print_to(p, this.stop, PrintKind::Repr)?;
    p.str(", ")?;
    vm.print_to(p, this.step, PrintKind::Repr)?;
    p.str(")")
}

fn slice_getattr(_vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(this) = this.cast::<Slice>() else { return Ok(None) };
    Ok(if name == q!("start") {
        Some(Found::Value(this.start))
    } else if name == q!("stop") {
        Some(Found::Value(this.stop))
    } else if name == q!("step") {
        Some(Found::Value(this.step))
    } else {
        None
    })
}

fn slice_indices(vm: &Vm, this: Value, len: Value) -> Res {
    let this = vm.expect::<Slice>(this)?;
    let len = vm.get_int(len)?;
    if len < 0 {
        return vm.raise(&VALUE_ERROR, "length should not be negative");
    }
    let b = this.bounds(vm, len as usize)?;
    vm.new_tuple(&[Value::small(b.start), Value::small(b.stop), Value::small(b.step)])
}

impl Vm {
    pub fn new_slice(&self, start: Value, stop: Value, step: Value) -> Res {
        if !crate::level::SLICES {
            return self.raise_type(&crate::error::NOT_IMPLEMENTED_ERROR);
        }
        self.new_obj(Slice { header: Slice::HEADER, start, stop, step })
    }

    /// An index that may be out of a machine word's range: clamped, since every
    /// sequence is shorter. Errors: TypeError.
    pub fn get_clamped(&self, v: Value) -> Res<isize> {
        match v.as_small() {
            Some(i) => Ok(i),
            None => match self.get_int(v) {
                Err(r) if self.raised_is(&r, &OVERFLOW_ERROR) => {
                    self.take_exception(r);
                    let negative = self.compare(BinaryOp::Less, v, Value::small(0))?;
                    Ok(if negative { isize::MIN } else { isize::MAX })
                }
                other => other,
            },
        }
    }
}
