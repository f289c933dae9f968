//! The types `str`, `bytes` and the methods that they share with `bytearray`.

mod case;
mod find;
pub mod format;
pub mod make;
#[cfg(feature = "cpython")]
mod more;
mod percent;
mod split;
mod view;

pub use split::split;
pub use view::{Kind, Text};

use super::slice::Bounds;
use super::{Access, Buffer, Slice, Type, array};
use crate::error::{NOT_IMPLEMENTED_ERROR, Res};
use crate::level;
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, StrBuf};
use crate::text::chars;
use crate::value::Value;
use crate::vm::Vm;

/// Declares a string type: its own methods, and those that all of them have.
macro_rules! text_type {
    ($NAME:ident : $name:literal $(, export $export:literal)? { $($slots:tt)* }
        $flags:expr; $($own:tt)*) => {
        py_type! {
            pub static $NAME: $name $(, export $export)? { $($slots)* }
            flags: $flags,
            locals: {
                $($own)*
                "find" => fv!(2, 4, find::find),
                "rfind" => fv!(2, 4, find::rfind),
                "index" => fv!(2, 4, find::index),
                #[cfg(feature = "core")]
                "rindex" => fv!(2, 4, find::rindex),
                "join" => f2!(split::join),
                "split" => fv!(1, 3, split::split),
                #[cfg(feature = "core")]
                "splitlines" => fk!(1, 2, split::splitlines),
                #[cfg(feature = "core")]
                "rsplit" => fv!(1, 3, split::rsplit),
                "startswith" => fv!(2, 4, find::startswith),
                "endswith" => fv!(2, 4, find::endswith),
                "strip" => fv!(1, 2, find::strip),
                "lstrip" => fv!(1, 2, find::lstrip),
                "rstrip" => fv!(1, 2, find::rstrip),
                "format" => fk!(1, usize::MAX, format::format),
                "replace" => fv!(3, 4, find::replace),
                #[cfg(feature = "core")]
                "count" => fv!(2, 4, find::count),
                #[cfg(feature = "core")]
                "partition" => f2!(find::partition),
                #[cfg(feature = "core")]
                "rpartition" => f2!(find::rpartition),
                #[cfg(feature = "core")]
                "center" => fv!(2, if level::CPYTHON { 3 } else { 2 }, case::center),
                "lower" => f1!(case::lower),
                "upper" => f1!(case::upper),
                #[cfg(feature = "core")]
                "isspace" => f1!(case::isspace),
                #[cfg(feature = "core")]
                "isalpha" => f1!(case::isalpha),
                #[cfg(feature = "core")]
                "isdigit" => f1!(case::isdigit),
                #[cfg(feature = "core")]
                "isupper" => f1!(case::isupper),
                #[cfg(feature = "core")]
                "islower" => f1!(case::islower),
                #[cfg(feature = "cpython")]
                "capitalize" => f1!(more::capitalize),
                #[cfg(feature = "cpython")]
                "expandtabs" => fv!(1, 2, more::expandtabs),
                #[cfg(feature = "cpython")]
                "isalnum" => f1!(more::isalnum),
                #[cfg(feature = "cpython")]
                "isascii" => f1!(more::isascii),
                #[cfg(feature = "cpython")]
                "istitle" => f1!(more::istitle),
                #[cfg(feature = "cpython")]
                "ljust" => fv!(2, 3, more::ljust),
                #[cfg(feature = "cpython")]
                "removeprefix" => f2!(more::removeprefix),
                #[cfg(feature = "cpython")]
                "removesuffix" => f2!(more::removesuffix),
                #[cfg(feature = "cpython")]
                "rjust" => fv!(2, 3, more::rjust),
                #[cfg(feature = "cpython")]
                "swapcase" => f1!(more::swapcase),
                #[cfg(feature = "cpython")]
                "title" => f1!(more::title),
                #[cfg(feature = "cpython")]
                "translate" => f2!(more::translate),
                #[cfg(feature = "cpython")]
                "zfill" => f2!(more::zfill),
            }
        }
    };
}

text_type! {
    STR: "str", export "hognose_type_str" {
        new: make::str_new,
        print: make::print,
        unary: unary,
        binary: binary,
        subscr: subscr,
        iter: str_iter,
        buffer: buffer,
    }
    0;
    #[cfg(feature = "core")]
    "encode" => fv!(1, 3, make::encode),
    #[cfg(feature = "cpython")]
    "casefold" => f1!(case::lower),
    #[cfg(feature = "cpython")]
    "format_map" => f2!(more::format_map),
    #[cfg(feature = "cpython")]
    "isdecimal" => f1!(case::isdigit),
    #[cfg(feature = "cpython")]
    "isidentifier" => f1!(more::isidentifier),
    #[cfg(feature = "cpython")]
    "isnumeric" => f1!(case::isdigit),
    #[cfg(feature = "cpython")]
    "isprintable" => f1!(more::isprintable),
    #[cfg(feature = "cpython")]
    "maketrans" => static_method!(fv!(1, 3, more::maketrans)),
}

text_type! {
    BYTES: "bytes", export "hognose_type_bytes" {
        new: make::bytes_new,
        print: make::print,
        unary: unary,
        binary: binary,
        subscr: subscr,
        iter: bytes_iter,
        buffer: buffer,
    }
    Type::EQ_ANY | Type::SEQUENCE;
    #[cfg(feature = "core")]
    "decode" => fv!(1, 3, make::decode),
    #[cfg(feature = "core")]
    "hex" => fv!(1, 2, make::hex),
    #[cfg(feature = "core")]
    "fromhex" => class_method!(f2!(make::bytes_fromhex)),
}

text_type! {
    BYTEARRAY: "bytearray" {
        new: array::bytearray_new,
        print: array::print,
        unary: array::unary,
        binary: array::binary,
        subscr: array::subscr,
        iter: array::iter,
        buffer: array::buffer,
    }
    Type::EQ_ANY | Type::SEQUENCE;
    "append" => f2!(array::append),
    "extend" => f2!(array::extend),
    #[cfg(feature = "core")]
    "decode" => fv!(1, 3, make::decode),
    #[cfg(feature = "core")]
    "hex" => fv!(1, 2, make::hex),
    #[cfg(feature = "core")]
    "fromhex" => class_method!(f2!(make::bytearray_fromhex)),
}

py_type! {
    pub static ARRAY: "array" {
        new: array::array_new,
        print: array::print,
        unary: array::unary,
        binary: array::binary,
        subscr: array::subscr,
        iter: array::iter,
        buffer: array::buffer,
    }
    flags: Type::EQ_ANY,
    locals: {
        "append" => f2!(array::append),
        "extend" => f2!(array::extend),
        #[cfg(feature = "core")]
        "decode" => fv!(1, 3, make::decode),
    }
}

fn unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let text = Text::this(vm, this)?;
    Ok(match op {
        UnaryOp::Bool => Value::bool(!text.bytes.is_empty()),
        UnaryOp::Len => Value::small(text.len() as isize),
        UnaryOp::Hash => match vm.text_hash(vm.native_value(this)) {
            Some(h) => Value::small(h as isize),
            None => Value::NOT_IMPLEMENTED,
        },
        _ => Value::NOT_IMPLEMENTED,
    })
}

/// `a * n`, `n` an int.
fn repeat(vm: &Vm, text: &Text, n: Value) -> Res {
    let Some(n) = vm.try_int(n)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let n = usize::try_from(n).unwrap_or(0);
    if n == 0 || text.bytes.is_empty() {
        return text.empty(vm);
    }
    let mut out = StrBuf::with_capacity(vm, text.bytes.len().saturating_mul(n))?;
    for _ in 0..n {
        out.write(text.bytes)?;
    }
    text.finish(vm, out)
}

/// The answer of a comparison operator for two byte strings.
pub fn compare(op: BinaryOp, a: &[u8], b: &[u8]) -> Value {
    Value::bool(match op {
        BinaryOp::Equal => a == b,
        BinaryOp::Less => a < b,
        BinaryOp::LessEqual => a <= b,
        BinaryOp::More => a > b,
        BinaryOp::MoreEqual => a >= b,
        _ => return Value::NOT_IMPLEMENTED,
    })
}

fn binary(vm: &Vm, op: BinaryOp, this: Value, other: Value) -> Res {
    let text = Text::this(vm, this)?;
    match op {
        BinaryOp::Mod if level::PERCENT => return percent::modulo(vm, text, other),
        BinaryOp::Mul | BinaryOp::RMul => return repeat(vm, &text, other),
        BinaryOp::Contains => return find::contains(vm, &text, other).map(Value::bool),
        _ => {}
    }
    let right = match Text::of(vm, other) {
        Some(t) if t.kind == text.kind => t.bytes,
        // Bytes work with everything that has a buffer, but for text.
        Some(t) if t.is_str() || text.is_str() => return Ok(Value::NOT_IMPLEMENTED),
        _ if text.is_str() => return Ok(Value::NOT_IMPLEMENTED),
        _ if op == BinaryOp::Equal && vm.native::<super::array::Array>(other).is_some() => {
            return Ok(Value::FALSE);
        }
        _ => match vm.try_buffer(other)? {
            Some(b) => b.bytes(),
            None => return Ok(Value::NOT_IMPLEMENTED),
        },
    };
    if op != BinaryOp::Add {
        return Ok(compare(op, text.bytes, right));
    }
    if right.is_empty() {
        return text.part(vm, 0, text.bytes.len());
    }
    vm.concat(text.kind == Kind::Str, text.bytes, right)
}

fn subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let text = Text::this(vm, this)?;
    if let Some(slice) = index.cast::<Slice>() {
        let bounds = slice.bounds(vm, text.len())?;
        let Some((start, stop)) = bounds.range() else { return stepped(vm, &text, bounds) };
        let (from, to) = (text.offset(start), text.offset(stop));
        return text.part(vm, from, to.max(from));
    }
    let ty = if text.is_str() { &STR } else { &BYTES };
    let at = text.offset(vm.get_index(ty, text.len(), index)?);
    if !text.is_str() {
        return Ok(Value::small(text.bytes.get(at).map_or(0, |b| *b as isize)));
    }
    vm.intern_char(text.bytes.get(at..text.next_char(at)).unwrap_or_default())
}

/// Every so many characters.
fn stepped(vm: &Vm, text: &Text, bounds: Bounds) -> Res {
    if !vm.beyond_stock() {
        return not_step_one(vm);
    }
    let mut out = StrBuf::with_capacity(vm, bounds.count())?;
    if !text.is_wide() {
        for at in bounds.positions() {
            out.write(text.bytes.get(at..at + 1).unwrap_or_default())?;
        }
        return text.finish(vm, out);
    }
    // Characters are found from the last one, not by their number.
    let mut at = text.offset(bounds.start.max(0) as usize);
    for _ in 0..bounds.count() {
        out.write(text.bytes.get(at..chars::next(text.bytes, at)).unwrap_or_default())?;
        for _ in 0..bounds.step.unsigned_abs().min(text.bytes.len()) {
            at = if bounds.step > 0 {
                chars::next(text.bytes, at).min(text.bytes.len())
            } else {
                chars::previous(text.bytes, at).unwrap_or(0)
            };
        }
    }
    text.finish(vm, out)
}

/// The error for a slice with a step, where only neighbours can be taken.
#[cold]
pub fn not_step_one<T>(vm: &Vm) -> Res<T> {
    vm.raise(&NOT_IMPLEMENTED_ERROR, "only slices with step=1 (aka None) are supported")
}

fn buffer(vm: &Vm, this: Value) -> Res<Option<Buffer>> {
    Ok(Text::of(vm, this).map(|t| Buffer::read_only(t.bytes)))
}

object! {
    /// Iterator over the characters of a str.
    struct StrIter: STR_ITER {
        text: Value,
        at: core::cell::Cell<usize>,
    }
}

py_type! { static STR_ITER: "iterator" { next: str_next, } flags: Type::ITERATOR, }

fn str_iter(vm: &Vm, this: Value) -> Res {
    vm.new_obj(StrIter { header: <StrIter as super::Object>::HEADER, text: this, at: 0.into() })
}

fn str_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<StrIter>() else { return Ok(None) };
    let bytes = vm.str_bytes(this.text).unwrap_or_default();
    let at = this.at.get();
    if at >= bytes.len() {
        return Ok(None);
    }
    let next = if cfg!(feature = "unicode") { chars::next(bytes, at) } else { at + 1 };
    this.at.set(next);
    vm.intern_char(bytes.get(at..next).unwrap_or_default()).map(Some)
}

object! {
    /// Iterator over the items of a bytes object.
    struct BytesIter: BYTES_ITER {
        bytes: Value,
        at: core::cell::Cell<usize>,
    }
}

py_type! { static BYTES_ITER: "iterator" { next: bytes_next, } flags: Type::ITERATOR, }

fn bytes_iter(vm: &Vm, this: Value) -> Res {
    vm.new_obj(BytesIter {
        header: <BytesIter as super::Object>::HEADER,
        bytes: this,
        at: 0.into(),
    })
}

fn bytes_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<BytesIter>() else { return Ok(None) };
    let bytes = vm.str_or_bytes(this.bytes).unwrap_or_default();
    let at = this.at.get();
    this.at.set(at.saturating_add(1));
    Ok(bytes.get(at).map(|b| Value::small(*b as isize)))
}

impl Vm {
    /// `str(v)` or `repr(v)`.
    pub fn to_str(&self, v: Value, kind: crate::print::PrintKind) -> Res {
        match kind {
            crate::print::PrintKind::Repr => self.repr(v),
            _ => self.str(v),
        }
    }

    /// A str of one character, interned: there are few of them, and they recur.
    pub fn intern_char(&self, c: &[u8]) -> Res {
        match self.find_qstr(c) {
            Some(q) => Ok(Value::qstr(q)),
            None => self.intern(c).map(Value::qstr),
        }
    }

    /// A new str or bytes object of `a` and `b`.
    fn concat(&self, is_str: bool, a: &[u8], b: &[u8]) -> Res {
        let mut out = StrBuf::with_capacity(self, a.len() + b.len())?;
        out.write(a)?;
        out.write(b)?;
        if is_str { out.into_str() } else { out.into_bytes() }
    }

    /// `format(v, spec)`.
    pub fn format(&self, v: Value, spec: &[u8]) -> Res {
        let mut out = StrBuf::new(self);
        format::format_value(self, v, spec, &mut out)?;
        out.into_str()
    }
}
