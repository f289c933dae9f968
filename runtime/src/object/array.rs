//! `bytearray` and `array.array`: rows of machine numbers that can grow.

use core::cell::Cell;

use super::slice::Bounds;
use super::text::{self, make, not_step_one};
use super::{Access, Args, Buffer, Bytes, MemoryView, Object, Slice, Type};
use crate::error::{NOT_IMPLEMENTED_ERROR, Res, VALUE_ERROR};
use crate::heap::RawVec;
use crate::num::element;
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::text::search;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A bytearray.
    pub struct ByteArray: super::BYTEARRAY, if crate::level::ARRAYS { raw: RawVec<u8>, }
}

object! {
    /// An array of the elements that `code` names, as in `struct`.
    pub struct Array: super::ARRAY, if crate::level::ARRAYS {
        raw: RawVec<u8>,
        /// The elements of code `O`, where the collector finds them.
        objects: RawVec<Value>,
        code: u8,
    }
}

impl ByteArray {
    /// The contents.
    pub fn raw(&'static self) -> &'static RawVec<u8> {
        &self.raw
    }
}

/// What bytearrays and arrays share.
#[derive(Clone, Copy)]
pub struct Row {
    raw: &'static RawVec<u8>,
    objects: Option<&'static RawVec<Value>>,
    code: u8,
    size: usize,
    is_bytes: bool,
}

impl Row {
    pub fn of(vm: &Vm, v: Value) -> Option<Row> {
        if let Some(b) = vm.native::<ByteArray>(v) {
            let raw = &b.get().raw;
            return Some(Row { raw, objects: None, code: b'B', size: 1, is_bytes: true });
        }
        let a = vm.native::<Array>(v)?.get();
        let objects = (a.code == b'O').then_some(&a.objects);
        let size = element::size(a.code).unwrap_or(1);
        Some(Row { raw: &a.raw, objects, code: a.code, size, is_bytes: false })
    }

    fn this(vm: &Vm, v: Value) -> Res<Row> {
        match Row::of(vm, v) {
            Some(row) => Ok(row),
            None => vm.raise(&crate::error::TYPE_ERROR, "argument has wrong type"),
        }
    }

    fn len(&self) -> usize {
        self.objects.map_or(self.raw.len() / self.size, RawVec::len)
    }

    fn load(&self, vm: &Vm, i: usize) -> Res {
        if let Some(objects) = self.objects {
            return Ok(objects.get(i).unwrap_or(Value::NONE));
        }
        let at = i * self.size;
        element::load(vm, self.code, self.raw.slice().get(at..at + self.size).unwrap_or_default())
    }

    fn store(&self, vm: &Vm, i: usize, v: Value) -> Res<()> {
        if let Some(objects) = self.objects {
            objects.set(i, v);
            return Ok(());
        }
        let at = i * self.size;
        let cells = self.raw.cells().get(at..at + self.size).unwrap_or_default();
        element::store(vm, self.code, v, cells)
    }

    fn push(&self, vm: &Vm, v: Value) -> Res<()> {
        if let Some(objects) = self.objects {
            return objects.push(vm, v);
        }
        let mut bytes = [const { Cell::new(0) }; 8];
        let bytes = bytes.get_mut(..self.size).unwrap_or_default();
        element::store(vm, self.code, v, bytes)?;
        for b in bytes {
            self.raw.push(vm, b.get())?;
        }
        Ok(())
    }

    /// Drops the elements whose number is not `kept`.
    fn retain(&self, vm: &Vm, kept: impl Fn(usize) -> bool) -> Res {
        if let Some(objects) = self.objects {
            let rest = RawVec::with_capacity(vm, objects.len())?;
            for (_, v) in objects.iter().enumerate().filter(|(i, _)| kept(*i)) {
                rest.push(vm, v)?;
            }
            objects.replace_with(&rest);
            return Ok(Value::NONE);
        }
        let rest = RawVec::with_capacity(vm, self.raw.len())?;
        for (_, bytes) in self.raw.slice().chunks(self.size).enumerate().filter(|(i, _)| kept(*i)) {
            rest.extend(vm, bytes)?;
        }
        self.raw.replace_with(&rest);
        Ok(Value::NONE)
    }

    /// Appends a buffer's whole elements, or an iterable's items.
    fn extend(&self, vm: &Vm, source: Value) -> Res<()> {
        if self.objects.is_none()
            && let Some(buffer) = vm.try_buffer(source)?
        {
            let bytes = buffer.bytes();
            let whole = bytes.len() - bytes.len() % self.size;
            return self.raw.extend(vm, bytes.get(..whole).unwrap_or_default());
        }
        let it = vm.iter(source)?;
        while let Some(v) = vm.next(it)? {
            self.push(vm, v)?;
        }
        Ok(())
    }

    /// A new object of this kind with no elements.
    fn like(&self, vm: &Vm) -> Res {
        if self.is_bytes { vm.bytearray_from(RawVec::new()) } else { new_array(vm, self.code) }
    }
}

fn new_array(vm: &Vm, code: u8) -> Res {
    if element::size(code).is_none() || code == b'x' {
        return vm.raise(&VALUE_ERROR, "bad typecode");
    }
    let (raw, objects) = (RawVec::new(), RawVec::new());
    vm.new_obj(Array { header: Array::HEADER, raw, objects, code })
}

/// `array(typecode, initializer)`.
pub fn array_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 1, 2)?;
    let [code, rest @ ..] = args.pos else { return Ok(Value::NONE) };
    let code = vm.get_str(*code)?.first().copied().unwrap_or(0);
    let new = new_array(vm, code)?;
    let row = Row::this(vm, new)?;
    if let Some(source) = rest.first() {
        let raw = source.is::<Bytes>() || source.is::<ByteArray>();
        if raw {
            row.extend(vm, *source)?;
        } else {
            let it = vm.iter(*source)?;
            while let Some(v) = vm.next(it)? {
                row.push(vm, v)?;
            }
        }
    }
    Ok(new)
}

pub fn bytearray_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    vm.bytearray_from(make::collect(vm, args)?)
}

pub fn print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let row = Row::this(vm, this)?;
    if row.is_bytes {
        p.str("bytearray(b")?;
        make::print_quoted(p, row.raw.slice(), true)?;
        return p.str(")");
    }
    p.str("array('")?;
    p.write(&[row.code])?;
    p.str("'")?;
    for i in 0..row.len() {
        p.str(if i == 0 { ", [" } else { ", " })?;
        vm.print_to(p, row.load(vm, i)?, PrintKind::Repr)?;
    }
    p.str(if row.len() > 0 { "])" } else { ")" })
}

pub fn unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let row = Row::this(vm, this)?;
    Ok(match op {
        UnaryOp::Bool => Value::bool(row.len() > 0),
        UnaryOp::Len => Value::small(row.len() as isize),
        _ => Value::NOT_IMPLEMENTED,
    })
}

pub fn binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let row = Row::this(vm, this)?;
    match op {
        BinaryOp::Add => {
            let right = vm.get_buffer(other)?;
            let sum = row.like(vm)?;
            let new = Row::this(vm, sum)?;
            new.raw.extend(vm, row.raw.slice())?;
            let whole = right.bytes().len() - right.bytes().len() % row.size;
            new.raw.extend(vm, right.bytes().get(..whole).unwrap_or_default())?;
            Ok(sum)
        }
        BinaryOp::InAdd => {
            row.extend(vm, other)?;
            Ok(this)
        }
        BinaryOp::Mul | BinaryOp::RMul | BinaryOp::InMul if row.is_bytes => {
            let Some(n) = vm.try_int(other)? else { return Ok(Value::NOT_IMPLEMENTED) };
            let n = usize::try_from(n).unwrap_or(0);
            let Some(len) = row.raw.len().checked_mul(n) else { return vm.raise_memory() };
            let out = RawVec::with_capacity(vm, len)?;
            while out.len() < len {
                out.extend(vm, row.raw.slice())?;
            }
            if op == BinaryOp::InMul {
                row.raw.replace_with(&out);
                return Ok(this);
            }
            vm.bytearray_from(out)
        }
        BinaryOp::Contains => contains(vm, &row, other),
        _ => compare(vm, op, this, other),
    }
}

fn contains(vm: &Vm, row: &Row, other: Value) -> Res {
    if let Some(part) = vm.try_buffer(other)? {
        let found = row.is_bytes && search::find(row.raw.slice(), part.bytes()).is_some();
        return Ok(Value::bool(found));
    }
    if vm.beyond_stock() {
        for i in 0..row.len() {
            if vm.eq(row.load(vm, i)?, other)? {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    if vm.is_int(other) || vm.is_float(other) {
        // As MicroPython's documentation of differences says.
        return vm.raise_type(&NOT_IMPLEMENTED_ERROR);
    }
    Ok(Value::FALSE)
}

/// A comparison of two buffers: element codes must agree, but for the sign when
/// testing equality, which is a matter of bytes then.
pub fn compare(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    if !matches!(
        op,
        BinaryOp::Equal
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::More
            | BinaryOp::MoreEqual
    ) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    // Bytes equal a bytearray or a view of the same contents, but no array.
    let array_and =
        |a: Value, b: Value| vm.native::<Array>(a).is_some() && vm.native_value(b).is::<Bytes>();
    if op == BinaryOp::Equal && (array_and(this, other) || array_and(other, this)) {
        return Ok(Value::FALSE);
    }
    if vm.str_bytes(other).is_some() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let left = vm.get_buffer(this)?;
    let Some(right) = vm.try_buffer(other)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let (a, b) = (left.typecode.to_ascii_lowercase(), right.typecode.to_ascii_lowercase());
    let unsigned = left.typecode.is_ascii_uppercase() || right.typecode.is_ascii_uppercase();
    if a == b && !b"fdo".contains(&a) && (op == BinaryOp::Equal || unsigned) {
        return Ok(text::compare(op, left.bytes(), right.bytes()));
    }
    vm.raise_type(&NOT_IMPLEMENTED_ERROR)
}

pub fn subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    if matches!(access, Access::Delete) && !vm.beyond_stock() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let row = Row::this(vm, this)?;
    let Some(slice) = index.cast::<Slice>() else {
        let ty = if row.is_bytes { &super::BYTEARRAY } else { &super::ARRAY };
        let i = vm.get_index(ty, row.len(), index)?;
        return match access {
            Access::Store(v) => row.store(vm, i, v).map(|()| Value::NONE),
            Access::Delete => row.retain(vm, |at| at != i),
            Access::Load => row.load(vm, i),
        };
    };
    let bounds = slice.bounds(vm, row.len())?;
    if matches!(access, Access::Delete) {
        return row.retain(vm, |at| !bounds.contains(at));
    }
    let Some((from, to)) = bounds.range() else {
        return stepped(vm, &row, bounds, access);
    };
    match access {
        Access::Store(v) => replace(vm, &row, from, to, v),
        _ => {
            let part = row.like(vm)?;
            let new = Row::this(vm, part)?;
            if let (Some(from_objects), Some(objects)) = (row.objects, new.objects) {
                let items = from_objects.slice().get(from..to).unwrap_or_default();
                objects.extend(vm, items)?;
            }
            let bytes = row.raw.slice().get(from * row.size..to * row.size).unwrap_or_default();
            new.raw.extend(vm, bytes)?;
            Ok(part)
        }
    }
}

/// Every so many elements, read or written.
fn stepped(vm: &Vm, row: &Row, bounds: Bounds, access: Access) -> Res {
    if !vm.beyond_stock() {
        return not_step_one(vm);
    }
    let Access::Store(source) = access else {
        let part = row.like(vm)?;
        let new = Row::this(vm, part)?;
        for i in bounds.positions() {
            new.push(vm, row.load(vm, i)?)?;
        }
        return Ok(part);
    };
    let source = vm.sequence(source)?;
    if source.len() != bounds.count() {
        return vm.raise_fmt(
            &VALUE_ERROR,
            "attempt to assign sequence of size % to extended slice of size %",
            &[source.len().into(), bounds.count().into()],
        );
    }
    for (i, v) in bounds.positions().zip(source.iter()) {
        row.store(vm, i, v)?;
    }
    Ok(Value::NONE)
}

/// Bytes that may be assigned to a slice of elements of `size` bytes.
pub fn assignable(vm: &Vm, size: usize, v: Value) -> Res<&'static [u8]> {
    let (bytes, width) = if let Some(source) = Row::of(vm, v) {
        (source.raw.slice(), source.size)
    } else if v.is::<Bytes>() || v.is::<MemoryView>() {
        let buffer = vm.get_buffer(v)?;
        (buffer.bytes(), element::size(buffer.typecode).unwrap_or(1))
    } else {
        return vm.raise(&NOT_IMPLEMENTED_ERROR, "array/bytes required on right side");
    };
    if width != size {
        return vm.raise(&VALUE_ERROR, "lhs and rhs should be compatible");
    }
    Ok(bytes)
}

/// Copies bytes that may overlap with where they go.
pub fn copy(from: &[u8], to: &[Cell<u8>]) {
    let forward = from.as_ptr().addr() >= to.as_ptr().addr();
    let n = from.len().min(to.len());
    for i in 0..n {
        let i = if forward { i } else { n - 1 - i };
        if let (Some(from), Some(to)) = (from.get(i), to.get(i)) {
            to.set(*from);
        }
    }
}

fn replace(vm: &Vm, row: &Row, from: usize, to: usize, v: Value) -> Res {
    let source = match vm.beyond_stock() && row.is_bytes && vm.try_buffer(v)?.is_none() {
        // A bytearray takes any row of small numbers.
        true => make::collect(vm, &Args::positional(&[vm.iter(v)?]))?.slice(),
        false => assignable(vm, row.size, v)?,
    };
    let (from, to) = (from * row.size, to * row.size);
    if source.len() == to - from {
        copy(source, row.raw.cells().get(from..to).unwrap_or_default());
        return Ok(Value::NONE);
    }
    let bytes = row.raw.slice();
    let new = RawVec::with_capacity(vm, bytes.len() - (to - from) + source.len())?;
    new.extend(vm, bytes.get(..from).unwrap_or_default())?;
    new.extend(vm, source)?;
    new.extend(vm, bytes.get(to..).unwrap_or_default())?;
    row.raw.replace_with(&new);
    Ok(Value::NONE)
}

pub fn buffer(vm: &Vm, this: Value) -> Res<Option<Buffer>> {
    let row = Row::this(vm, this)?;
    // References are not shown as bytes: the buffer of an array of objects is empty.
    Ok(Some(Buffer { cells: row.raw.cells(), writable: true, typecode: row.code }))
}

pub fn append(vm: &Vm, this: Value, v: Value) -> Res {
    Row::this(vm, this)?.push(vm, v)?;
    Ok(Value::NONE)
}

pub fn extend(vm: &Vm, this: Value, source: Value) -> Res {
    Row::this(vm, this)?.extend(vm, source)?;
    Ok(Value::NONE)
}

object! {
    /// Iterator over a bytearray, an array or a memoryview.
    struct ArrayIter: ARRAY_ITER {
        array: Value,
        at: Cell<usize>,
    }
}

py_type! { static ARRAY_ITER: "iterator" { next: next, } flags: Type::ITERATOR, }

pub fn iter(vm: &Vm, this: Value) -> Res {
    vm.new_obj(ArrayIter { header: ArrayIter::HEADER, array: this, at: Cell::new(0) })
}

fn next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<ArrayIter>() else { return Ok(None) };
    let at = this.at.get();
    this.at.set(at.saturating_add(1));
    element_at(vm, this.array, at)
}

/// Element `i` of a bytearray, an array or a memoryview.
pub fn element_at(vm: &Vm, v: Value, i: usize) -> Res<Option<Value>> {
    match Row::of(vm, v) {
        Some(row) if i < row.len() => row.load(vm, i).map(Some),
        Some(_) => Ok(None),
        None => super::memoryview::element_at(vm, v, i),
    }
}

impl Vm {
    /// A bytearray of a copy of `bytes`.
    pub fn new_bytearray(&self, bytes: &[u8]) -> Res {
        self.bytearray_from(RawVec::from_slice(self, bytes)?)
    }

    /// A bytearray that takes `raw` over.
    pub fn bytearray_from(&self, raw: RawVec<u8>) -> Res {
        self.new_obj(ByteArray { header: ByteArray::HEADER, raw })
    }
}
