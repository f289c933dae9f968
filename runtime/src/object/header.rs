//! What every object starts with, and what a type is.
//!
//! An object is a `#[repr(C)]` struct whose first field is a [`Header`]: one word,
//! the address of its [`Type`]. Built-in types are `static`s: a `Type` names the
//! type and points at its [`Slots`], the table of operations, which types may
//! share, and at its sorted table of methods. Classes made by programs are heap
//! objects that begin with a `Type` too (flag [`Type::CLASS`]).
//!
//! Objects are declared with the [`object!`](crate::object!) macro and types with
//! [`py_type!`](crate::py_type!); code outside this folder needs no `unsafe`.
//!
//! # Contracts of the unsafe code
//! 1. `Object` is implemented by `object!` only, which makes the struct
//!    `#[repr(C)]` with the header first.
//! 2. The header of an object of type `T` is `T::TYPE`, set when it is made and
//!    never changed; so equal headers mean equal layouts.
//! 3. A `Gc<T>` points at an initialised `T` that lives as long as any word on
//!    the stack or in a reachable object points into it, i.e. while it is usable.
#![allow(unsafe_code)]

use core::ops::Deref;
use core::ptr::NonNull;

use super::Buffer;
use super::args::Args;
use crate::error::Res;
use crate::ops::{BinaryOp, UnaryOp};
use crate::print::{Print, PrintKind};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// The first word of every object: its type.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Header(&'static Type);

impl Header {
    /// The header of an object of a built-in type. Layouts depend on it, hence
    /// only for the struct that `object!` declared with this type.
    pub const fn of(ty: &'static Type) -> Header {
        Header(ty)
    }

    #[inline(always)]
    pub fn ty(&self) -> &'static Type {
        self.0
    }
}

/// A Rust struct that is a Python object; implemented by `object!`.
///
/// # Safety
/// Contract 1.
pub unsafe trait Object: 'static {
    const TYPE: &'static Type;
    /// No references to heap objects inside, so the collector need not look.
    const LEAF: bool;
    /// The feature level has this type; else there are no values of it.
    const PRESENT: bool = true;
    /// What to put into the header field.
    const HEADER: Header = Header(Self::TYPE);
}

/// A pointer to an object in the heap or in flash.
#[repr(transparent)]
pub struct Gc<T>(NonNull<T>);

impl<T> Clone for Gc<T> {
    fn clone(&self) -> Gc<T> {
        *self
    }
}

impl<T> Copy for Gc<T> {}

impl<T> PartialEq for Gc<T> {
    fn eq(&self, other: &Gc<T>) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Gc<T> {}

impl<T> Deref for Gc<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: contract 3.
        unsafe { self.0.as_ref() }
    }
}

impl<T: Object> From<Gc<T>> for Value {
    #[inline(always)]
    fn from(gc: Gc<T>) -> Value {
        // SAFETY: contract 1.
        unsafe { Value::from_ptr(gc.0) }
    }
}

impl<T: 'static> Gc<T> {
    /// A plain reference. It keeps the object alive while it is on the stack or in
    /// a scanned object; do not store it elsewhere.
    #[inline(always)]
    pub fn get(self) -> &'static T {
        // SAFETY: contract 3.
        unsafe { self.0.as_ref() }
    }

    pub const fn from_ref(r: &'static T) -> Gc<T> {
        Gc(NonNull::from_ref(r))
    }

    #[inline(always)]
    pub(crate) fn ptr(self) -> NonNull<T> {
        self.0
    }

    /// # Safety
    /// Contract 3.
    #[inline(always)]
    pub(crate) const unsafe fn from_ptr(p: NonNull<T>) -> Gc<T> {
        Gc(p)
    }
}

/// A value whose address is that of `r`, an object that lives in the heap or in flash.
pub fn value_of<T: Object>(r: &'static T) -> Value {
    Value::from_static(r)
}

impl Value {
    /// The object as a `T`, if its type is exactly `T`'s (not a subclass of it;
    /// see `Vm::native` for that).
    #[inline(always)]
    pub fn cast<T: Object>(self) -> Option<Gc<T>> {
        if self.is::<T>() {
            // SAFETY: contract 2.
            Some(Gc(self.as_ptr().cast()))
        } else {
            None
        }
    }

    #[inline(always)]
    pub fn is<T: Object>(self) -> bool {
        match self.header() {
            Some(h) => T::PRESENT && core::ptr::eq(h.0, T::TYPE),
            None => false,
        }
    }

    /// # Safety
    /// The value is an object that starts with a `T`.
    #[inline(always)]
    pub(crate) unsafe fn cast_unchecked<T>(self) -> Gc<T> {
        Gc(self.as_ptr().cast())
    }
}

impl Vm {
    /// Puts a new object into the heap. Errors: MemoryError.
    #[inline]
    pub fn alloc_obj<T: Object>(&self, object: T) -> Res<Gc<T>> {
        let p = self.alloc(size_of::<T>(), T::LEAF)?.cast::<T>();
        // SAFETY: fresh memory, 16-byte aligned, large enough.
        unsafe { p.write(object) };
        Ok(Gc(p))
    }

    /// `alloc_obj` as a value.
    #[inline]
    pub fn new_obj<T: Object>(&self, object: T) -> Res {
        Ok(self.alloc_obj(object)?.into())
    }
}

/// What `getattr` found.
#[derive(Clone, Copy)]
pub enum Found {
    Value(Value),
    /// A function and the object to call it on; becomes a bound method if not called.
    Method(Value, Value),
}

/// What to do with an item.
#[derive(Clone, Copy)]
pub enum Access {
    Load,
    Store(Value),
    Delete,
}

/// The operations of a type. Absent ones are `None`. A slot that does not support
/// its operands returns `Value::NOT_IMPLEMENTED`, and the caller raises TypeError.
pub struct Slots {
    /// Makes an object: called for `Type(args)`. `ty` is the type called.
    pub new: Option<fn(&Vm, &'static Type, &Args<'_>) -> Res>,
    pub call: Option<fn(&Vm, Value, &Args<'_>) -> Res>,
    pub print: Option<fn(&Vm, Value, &mut dyn Print, PrintKind) -> Res<()>>,
    pub unary: Option<fn(&Vm, UnaryOp, Value) -> Res>,
    pub binary: Option<fn(&Vm, BinaryOp, Value, Value) -> Res>,
    /// Tried before the method table; `None` = not found here.
    pub getattr: Option<fn(&Vm, Value, Qstr) -> Res<Option<Found>>>,
    /// Stores, or deletes if the value is `None`; false = no such attribute.
    pub setattr: Option<fn(&Vm, Value, Qstr, Option<Value>) -> Res<bool>>,
    /// Result of a store or delete is ignored unless it is NOT_IMPLEMENTED.
    pub subscr: Option<fn(&Vm, Value, Value, Access) -> Res>,
    pub iter: Option<fn(&Vm, Value) -> Res>,
    /// The next item; `None` at the end (a generator's result is in `vm.stop_value`).
    pub next: Option<fn(&Vm, Value) -> Res<Option<Value>>>,
    pub buffer: Option<fn(&Vm, Value) -> Res<Option<Buffer>>>,
    pub stream: Option<&'static super::stream::Stream>,
}

impl Slots {
    pub const EMPTY: Slots = Slots {
        new: None,
        call: None,
        print: None,
        unary: None,
        binary: None,
        getattr: None,
        setattr: None,
        subscr: None,
        iter: None,
        next: None,
        buffer: None,
        stream: None,
    };
}

/// A name and what it stands for. There are hundreds, so where flash is scarce there is
/// no room between the two.
#[derive(Clone, Copy)]
#[cfg_attr(target_os = "none", repr(C, packed(2)))]
pub struct Row {
    pub name: Qstr,
    pub value: Value,
}

/// The collector does not look where there is no word: values in tables that programs
/// make, for named tuples, are small ints.
impl crate::heap::Elem for Row {}

impl Row {
    pub const fn new(name: Qstr, value: Value) -> Row {
        Row { name, value }
    }
}

/// A table of names and values in flash, sorted by name number (see `table!`).
pub type Table = &'static [Row];

/// A Python type.
#[repr(C)]
pub struct Type {
    pub header: Header,
    pub flags: u16,
    pub name: Qstr,
    pub slots: &'static Slots,
    pub base: Option<&'static Type>,
    pub locals: Table,
}

// Machine code looks at the flags.
const _: () = assert!(core::mem::offset_of!(Type, flags) == size_of::<usize>());

impl Type {
    /// What machine code asks for before it looks for attributes in the members of an
    /// instance: MicroPython's flags of a class made by a program and of one whose
    /// instances ask before they store. Its other flags that code asks for (bits 4, 5, 7
    /// without 8) tell of slots, which types have otherwise here.
    pub const MEMBERS: u16 = 1 << 9 | 1 << 1;
    /// Made by a program: the `Type` is the start of a `Class`.
    pub const CLASS: u16 = 1;
    /// A function: found in a class, it is bound to the instance.
    pub const BINDS: u16 = 1 << 13;
    /// `==` of the type's `binary` slot also takes operands of other types.
    pub const EQ_ANY: u16 = 8;
    /// Programs may not derive from it although it has `new`.
    pub const FINAL: u16 = 1 << 11;
    /// Iterating gives the object itself.
    pub const ITERATOR: u16 = 1 << 14;
    /// An exception.
    pub const EXCEPTION: u16 = 1 << 15;
    /// A sequence of which machine code takes items itself, where the type has a name that
    /// it knows: MicroPython's flag of types that no program makes. Lists, which machine
    /// code knows anyway, have it there, and not here: so it learns that types have no slots.
    pub const SEQUENCE: u16 = 1 << 10;
    /// A function of Rust: as an attribute of a program's class it is not bound.
    pub const BUILTIN_FUN: u16 = 256;
    /// The table of members holds positions of fields: programs do not see it.
    pub const FIELDS: u16 = 1 << 12;
    /// `x == x` may be false.
    pub const NOT_REFLEXIVE: u16 = 4;
    /// The `binary` slot answers `!=` itself.
    pub const HAS_NE: u16 = 64;

    pub const fn new(name: Qstr, slots: &'static Slots) -> Type {
        Type { header: Header(&TYPE), name, flags: 0, slots, base: None, locals: &[] }
    }

    pub const fn with_flags(self, flags: u16) -> Type {
        Type { flags: self.flags | flags, ..self }
    }

    pub const fn with_base(self, base: &'static Type) -> Type {
        Type { base: Some(base), ..self }
    }

    pub const fn with_locals(self, locals: Table) -> Type {
        Type { locals, ..self }
    }

    #[inline(always)]
    pub fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// The built-in attribute `name` of this type itself, bases not included.
    pub fn local(&self, name: Qstr) -> Option<Value> {
        table_get(self.locals, name)
    }

    /// The type as a Python object.
    pub fn value(&'static self) -> Value {
        // SAFETY: a `Type` starts with its header.
        unsafe { Value::from_ptr(NonNull::from_ref(self)) }
    }
}

/// Finds `name` in a sorted table.
pub fn table_get(table: Table, name: Qstr) -> Option<Value> {
    let at = table.binary_search_by_key(&name, |row| row.name).ok()?;
    table.get(at).map(|row| row.value)
}

/// As [`table_get`], in constants.
pub const fn table_find(table: Table, name: Qstr) -> Option<Value> {
    let mut i = 0;
    while i < table.len() {
        let row = table[i];
        if row.name.index() == name.index() {
            return Some(row.value);
        }
        i += 1;
    }
    None
}

/// Sorts a table by name number; for `table!`.
pub const fn sort_table<const N: usize>(mut t: [Row; N]) -> [Row; N] {
    let mut i = 1;
    while i < N {
        let mut j = i;
        while j > 0 && number(t[j - 1]) > number(t[j]) {
            t.swap(j - 1, j);
            j -= 1;
        }
        if j > 0 && number(t[j - 1]) == number(t[j]) {
            panic!("a name is twice in a table");
        }
        i += 1;
    }
    t
}

const fn number(row: Row) -> usize {
    row.name.index()
}

impl PartialEq for Type {
    /// Types are equal when they are the same object.
    fn eq(&self, other: &Type) -> bool {
        core::ptr::eq(self, other)
    }
}

// SAFETY: a `Type` begins with its header.
unsafe impl Object for Type {
    const TYPE: &'static Type = &TYPE;
    const LEAF: bool = false;
}

/// The type of types.
pub static TYPE: Type =
    Type::new(crate::q!("type"), &super::types::TYPE_SLOTS).with_locals(super::types::TYPE_LOCALS);
