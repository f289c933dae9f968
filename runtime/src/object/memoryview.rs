//! The memoryview type: a window on the bytes of another object.

use super::array::{assignable, compare, copy, iter};
use super::text::{make, not_step_one};
use super::{Access, Args, Buffer, Found, Object, Slice, Type};
use crate::error::{Res, VALUE_ERROR};
use crate::num::element;
use crate::ops::{BinaryOp, UnaryOp};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// The bytes it shows stay alive with it, even if their owner has moved on to
    /// others by growing.
    pub struct MemoryView: MEMORYVIEW, if crate::level::ARRAYS {
        buffer: Buffer,
        size: usize,
    }
}

py_type! {
    pub static MEMORYVIEW: "memoryview" {
        new: new,
        unary: unary,
        binary: binary,
        getattr: getattr,
        subscr: subscr,
        iter: iter,
        buffer: buffer,
    }
    flags: Type::EQ_ANY | Type::FINAL,
    locals: { "hex" => fv!(1, 2, make::hex), }
}

fn new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 1)?;
    let source = args.get(0).unwrap_or(Value::NONE);
    let buffer = vm.get_buffer(source)?;
    view(vm, buffer)
}

fn view(vm: &Vm, buffer: Buffer) -> Res {
    let size = element::size(buffer.typecode).unwrap_or(1);
    vm.new_obj(MemoryView { header: MemoryView::HEADER, buffer, size })
}

impl MemoryView {
    fn len(&self) -> usize {
        self.buffer.cells.len() / self.size
    }
}

fn unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let this = vm.expect::<MemoryView>(this)?;
    Ok(match op {
        UnaryOp::Bool => Value::bool(this.len() > 0),
        UnaryOp::Len => Value::small(this.len() as isize),
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    compare(vm, op, this, other)
}

fn getattr(_vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(this) = this.cast::<MemoryView>() else { return Ok(None) };
    Ok((name == q!("itemsize")).then(|| Found::Value(Value::small(this.size as isize))))
}

fn subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    let this = vm.expect::<MemoryView>(this)?;
    if matches!(access, Access::Delete)
        || (matches!(access, Access::Store(_)) && !this.buffer.writable)
    {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let slice = index.cast::<Slice>();
    let (from, to) = match slice {
        Some(slice) => match slice.bounds(vm, this.len())?.range() {
            Some(range) => range,
            None => return not_step_one(vm),
        },
        None => {
            let i = vm.get_index(&MEMORYVIEW, this.len(), index)?;
            (i, i + 1)
        }
    };
    let cells = this.buffer.cells.get(from * this.size..to * this.size).unwrap_or_default();
    let window = Buffer { cells, ..this.buffer };
    match (slice, access) {
        (None, Access::Store(v)) => element::store(vm, window.typecode, v, cells)?,
        (None, _) => return element::load(vm, window.typecode, window.bytes()),
        (Some(_), Access::Store(v)) => {
            let source = assignable(vm, this.size, v)?;
            if source.len() != cells.len() {
                return vm.raise(&VALUE_ERROR, "lhs and rhs should be compatible");
            }
            copy(source, cells);
        }
        (Some(_), _) => return view(vm, window),
    }
    Ok(Value::NONE)
}

/// Element `i`, for the iterator.
pub fn element_at(vm: &Vm, this: Value, i: usize) -> Res<Option<Value>> {
    let this = vm.expect::<MemoryView>(this)?;
    if i >= this.len() {
        return Ok(None);
    }
    let bytes = this.buffer.bytes().get(i * this.size..(i + 1) * this.size).unwrap_or_default();
    element::load(vm, this.buffer.typecode, bytes).map(Some)
}

fn buffer(vm: &Vm, this: Value) -> Res<Option<Buffer>> {
    Ok(Some(vm.expect::<MemoryView>(this)?.buffer))
}
