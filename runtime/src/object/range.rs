//! The range type. Its bounds are machine words.

use core::cell::Cell;

use super::{Access, Args, Found, Object, Slice};
use crate::error::{Res, VALUE_ERROR};
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind, print_int};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A range; `step` is not 0.
    pub struct Range: RANGE, leaf {
        pub start: isize,
        pub stop: isize,
        pub step: isize,
    }
}

object! {
    /// Iterator over a range: `left` more numbers, `next` first.
    pub struct RangeIter: RANGE_ITER, leaf {
        next: Cell<isize>,
        left: Cell<usize>,
        step: isize,
    }
}

py_type! {
    pub static RANGE: "range" {
        new: range_new,
        print: range_print,
        unary: range_unary,
        binary: range_binary,
        getattr: range_getattr,
        subscr: range_subscr,
        iter: range_iter,
    }
    flags: super::Type::FINAL,
}

// Machine code that counts through a range itself knows one of MicroPython, whose iterators
// lie otherwise, by a type without flags.
const _: () = assert!(RANGE.flags != 0);

py_type! { pub static RANGE_ITER: "iterator" { next: range_next, } flags: super::Type::ITERATOR, }

impl Range {
    /// An iterator that is still to be put somewhere.
    pub(crate) fn iterator(&self) -> RangeIter {
        RangeIter {
            header: RangeIter::HEADER,
            next: Cell::new(self.start),
            left: Cell::new(self.len()),
            step: self.step,
        }
    }

    pub fn len(&self) -> usize {
        let (distance, step) = if self.step > 0 {
            (self.stop.checked_sub(self.start), self.step.unsigned_abs())
        } else {
            (self.start.checked_sub(self.stop), self.step.unsigned_abs())
        };
        match distance {
            Some(d) if d <= 0 => 0,
            Some(d) => (d as usize - 1) / step + 1,
            // The distance is positive and does not fit a signed word.
            None if (self.stop > self.start) == (self.step > 0) => {
                (self.stop.abs_diff(self.start) - 1) / step + 1
            }
            None => 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number `i`, which is below the length.
    fn at(&self, i: usize) -> isize {
        self.start.wrapping_add((i as isize).wrapping_mul(self.step))
    }
}

fn range_new(vm: &Vm, _ty: &'static super::Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 3)?;
    let (start, stop, step) = match *args.pos {
        [stop] => (0, vm.get_int(stop)?, 1),
        [start, stop] => (vm.get_int(start)?, vm.get_int(stop)?, 1),
        [start, stop, step, ..] => (vm.get_int(start)?, vm.get_int(stop)?, vm.get_int(step)?),
        [] => (0, 0, 1),
    };
    if step == 0 {
        return vm.raise(&VALUE_ERROR, "zero step");
    }
    vm.new_obj(Range { header: Range::HEADER, start, stop, step })
}

fn range_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let this = vm.expect::<Range>(this)?;
    p.str("range(")?;
    print_int(p, this.start as i64)?;
    p.str(", ")?;
    print_int(p, this.stop as i64)?;
    if this.step != 1 {
        p.str(", ")?;
        print_int(p, this.step as i64)?;
    }
    p.str(")")
}

fn range_unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let this = vm.expect::<Range>(this)?;
    match op {
        UnaryOp::Bool => Ok(Value::bool(!this.is_empty())),
        UnaryOp::Len => vm.new_uint(this.len() as u64),
        // As equality has it: empty ones are equal, and the step of one number is no matter.
        UnaryOp::Hash if crate::level::CPYTHON => {
            let n = this.len();
            let part = |least, v: isize| vm.new_int(if n >= least { v as i64 } else { 0 });
            let (start, step) = (part(1, this.start)?, part(2, this.step)?);
            vm.unary(op, vm.new_tuple(&[vm.new_uint(n as u64)?, start, step])?)
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn range_binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let this = vm.expect::<Range>(this)?;
    match op {
        BinaryOp::Equal => {
            let Some(other) = other.cast::<Range>() else { return Ok(Value::NOT_IMPLEMENTED) };
            let n = this.len();
            Ok(Value::bool(
                n == other.len()
                    && (n == 0
                        || (this.start == other.start && (n == 1 || this.step == other.step))),
            ))
        }
        // Other kinds of numbers may equal one of ours: those are compared one by one.
        BinaryOp::Contains => {
            let Some(i) = other.as_small() else { return Ok(Value::NOT_IMPLEMENTED) };
            let ahead = if this.step > 0 { i >= this.start } else { i <= this.start };
            let at = i.abs_diff(this.start);
            let step = this.step.unsigned_abs();
            Ok(Value::bool(ahead && at % step == 0 && at / step < this.len()))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn range_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(this) = this.cast::<Range>() else { return Ok(None) };
    let part = if name == q!("start") {
        this.start
    } else if name == q!("stop") {
        this.stop
    } else if name == q!("step") {
        this.step
    } else {
        return Ok(None);
    };
    Ok(Some(Found::Value(vm.new_int(part as i64)?)))
}

fn range_subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let this = vm.expect::<Range>(this)?;
    let len = this.len();
    if let Some(slice) = index.cast::<Slice>() {
        let b = slice.bounds(vm, len)?;
        let at = |i: isize| this.start.wrapping_add(i.wrapping_mul(this.step));
        let step = this.step.wrapping_mul(b.step);
        let step = if step == 0 { 1 } else { step };
        let header = Range::HEADER;
        return vm.new_obj(Range { header, start: at(b.start), stop: at(b.stop), step });
    }
    let i = vm.get_index(&RANGE, len, index)?;
    vm.new_int(this.at(i) as i64)
}

fn range_iter(vm: &Vm, this: Value) -> Res {
    let this = vm.expect::<Range>(this)?;
    vm.new_obj(this.iterator())
}

fn range_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<RangeIter>() else { return Ok(None) };
    let Some(left) = this.left.get().checked_sub(1) else { return Ok(None) };
    this.left.set(left);
    let n = this.next.get();
    this.next.set(n.wrapping_add(this.step));
    vm.new_int(n as i64).map(Some)
}
