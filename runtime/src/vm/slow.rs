//! Handlers of the less frequent instructions, and name lookup.

use core::cell::Cell;
use core::ptr::NonNull;
use core::sync::atomic::Ordering;

use mpy_format::op;

use super::Vm;
use super::class::{Class, build_class};
use super::frame::*;
use super::function::RawCode;
use crate::error::{KEYBOARD_INTERRUPT, NAME_ERROR, Raised, Res};
use crate::heap::RawVec;
use crate::level;
use crate::modules::builtins::BUILTINS;
use crate::object::{
    ARRAY, BYTEARRAY, BYTES, Dict, Found, Gc, LIST, List, MEMORYVIEW, STR, TUPLE, Tuple, Type,
};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;

/// Whether a container neither keeps a slice that it is indexed with, nor runs code of
/// the program while it looks at the slice.
fn takes_apart(v: Value) -> bool {
    v.is_qstr()
        || v.header().is_some_and(|h| {
            let ty = h.ty();
            [&STR, &BYTES, &LIST, &TUPLE].contains(&ty)
                || level::ARRAYS && [&BYTEARRAY, &ARRAY, &MEMORYVIEW].contains(&ty)
        })
}

/// Entries of the table of name hints, a power of two.
pub(crate) const HINTS: usize = if cfg!(feature = "full") { 256 } else { 32 };
/// Entries of the method cache, a power of two.
pub(crate) const METHODS: usize = if cfg!(feature = "full") { 128 } else { 8 };

/// A method found on a class: the function of `name` for instances of `ty`.
#[derive(Clone, Copy)]
pub(crate) struct Method {
    ty: Option<&'static Type>,
    name: Qstr,
    fun: Value,
}

impl Method {
    pub(crate) const NONE: Method = Method { ty: None, name: Qstr::NULL, fun: Value::NONE };
}

/// `vm.pending` bits.
pub(crate) const PENDING_INTERRUPT: u8 = 1;
pub(crate) const PENDING_FINALISERS: u8 = 2;
pub(crate) const PENDING_SCHEDULED: u8 = 4;
/// The port may have been asked to interrupt.
const PENDING_LOOK: u8 = 8;

const NO_CHAINING: &[u8] = b"Warning: exception chaining not supported\n";

impl Vm {
    /// The item of `source` at the position in `at`, which moves on.
    ///
    /// # Safety
    /// `at` is a slot of the running frame that holds a position from [`Vm::step`].
    #[inline(always)]
    pub(super) unsafe fn item_at(&self, source: Value, at: *mut Slot) -> Res<Option<Value>> {
        // SAFETY: by contract.
        unsafe {
            let mut i = value(*at).as_small().unwrap_or(0) as usize;
            let item = match (source.cast::<List>(), source.cast::<Tuple>()) {
                (Some(list), _) => list.items.get(i),
                (None, Some(tuple)) => tuple.items().get(i).copied(),
                (None, None) => {
                    let item = self.step(source, &mut i)?;
                    *at = Value::small(i as isize).word();
                    return Ok(item);
                }
            };
            *at = Value::small(i as isize + 1).word();
            Ok(item)
        }
    }

    /// The slice `parts`, on its way to the instruction `next`. One that a built-in
    /// container of this frame takes apart at once lives in the `Vm`, not in the heap.
    ///
    /// # Safety
    /// `parts` are two or three operands on the stack, the next instruction's below.
    pub(super) unsafe fn build_slice(&self, parts: *mut Slot, n: usize, next: u8) -> Res {
        // SAFETY: by contract.
        unsafe {
            let (start, stop) = (value(*parts), value(*parts.add(1)));
            let step = if n == 3 { value(*parts.add(2)) } else { Value::NONE };
            let plain = [start, stop, step].iter().all(|v| v.is_small() || v.is_none());
            let used = match next {
                op::LOAD_SUBSCR => takes_apart(value(*parts.sub(1))),
                op::STORE_SUBSCR => {
                    // Nothing to store: the items are deleted.
                    let stored = maybe(*parts.sub(2));
                    takes_apart(value(*parts.sub(1))) && stored.is_none_or(takes_apart)
                }
                _ => false,
            };
            if plain && used {
                return Ok(self.spare_slice.set(start, stop, step));
            }
            self.new_slice(start, stop, step)
        }
    }

    /// The exception that `raise exception from cause` raises. Tracebacks do not show the
    /// cause. At the level of CPython the exception keeps it; elsewhere it is lost, which is
    /// said on standard error, as stock does.
    #[cold]
    pub(super) fn raise_from(&self, exception: Value, cause: Value) -> Raised {
        if !cause.is_none() && !self.beyond_stock() {
            self.port().stderr(NO_CHAINING);
        }
        let raised = self.make_raise(exception);
        #[cfg(feature = "cpython")]
        {
            let exception = self.take_exception(raised);
            let cause = match self.as_type(cause) {
                Some(_) => self.call(cause, &[]),
                None => Ok(cause),
            };
            if let Some(e) = self.exception_object(exception)
                && let Err(raised) =
                    cause.and_then(|c| e.members.insert_name(self, q!("__cause__"), c))
            {
                return raised;
            }
            self.set_exception(exception)
        }
        #[cfg(not(feature = "cpython"))]
        raised
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn unbound_local(&self) -> Raised {
        match self.raise::<()>(&NAME_ERROR, "local variable referenced before assignment") {
            Err(r) => r,
            Ok(()) => self.set_exception(Value::NONE),
        }
    }

    /// The map of the members of an instance of a class.
    #[inline(always)]
    pub(super) fn instance_map(&self, v: Value) -> Option<&'static crate::object::Map> {
        let ty = v.header()?.ty();
        if ty.has(Type::CLASS) { Some(super::class::instance_members(v)) } else { None }
    }

    /// As `instance_map`, for classes that do not interfere with stores.
    #[inline(always)]
    pub(super) fn plain_instance_map(&self, v: Value) -> Option<&'static crate::object::Map> {
        let ty = v.header()?.ty();
        match super::class::Class::of(ty) {
            Some(c) if !c.special.get() => Some(super::class::instance_members(v)),
            _ => None,
        }
    }

    #[inline(always)]
    pub(crate) fn hint(&self, q: Qstr) -> &Cell<u8> {
        // SAFETY: masked to the length, a power of two.
        unsafe { self.hints.get_unchecked(q.index() & (HINTS - 1)) }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn poll_slow(&self) -> Res<()> {
        let bits = self.pending.swap_out();
        if bits & PENDING_FINALISERS != 0 {
            self.run_finalisers();
        }
        if bits & PENDING_SCHEDULED != 0 {
            self.run_scheduled()?;
        }
        if bits & PENDING_INTERRUPT != 0 || bits & PENDING_LOOK != 0 && self.port().interrupted() {
            if !self.in_scheduled.get() {
                return self.raise_type(&KEYBOARD_INTERRUPT);
            }
            // It is meant for the program, not for the function that was scheduled.
            self.pending.add(PENDING_INTERRUPT);
        }
        Ok(())
    }

    /// The collector found objects to finalise.
    pub(crate) fn finalisers_due(&self) {
        self.pending.add(PENDING_FINALISERS);
    }

    /// Calls `__del__` of objects that were found dead. Their exceptions are printed.
    pub fn run_finalisers(&self) {
        self.pending.remove(PENDING_FINALISERS);
        while let Some(v) = self.next_condemned() {
            let r = match self.try_getattr(v, q!("__del__")) {
                Ok(Some(f)) => self.call(f, &[]),
                Ok(None) => Ok(Value::NONE),
                Err(r) => Err(r),
            };
            if let Err(r) = r {
                let e = self.take_exception(r);
                if self.print_traceback(&mut crate::print::Stdout(self), e).is_err() {
                    self.exception.set(None);
                }
            }
        }
    }

    /// `__build_class__`.
    pub(crate) fn build_class_function(&self) -> Value {
        let replaced = self.builtin_overrides.get();
        match replaced.and_then(|d| d.map.get_name(self, q!("__build_class__"))) {
            Some(f) => f,
            None => fk!(2, usize::MAX, build_class),
        }
    }

    pub(crate) fn locals_dict(&self) -> Gc<Dict> {
        // SAFETY: called by running code.
        self.locals.get().unwrap_or_else(|| unsafe { self.current() }.globals)
    }

    pub(crate) fn load_name(&self, q: Qstr) -> Res {
        if let Some(v) = self.locals.get().and_then(|d| d.map.get_name(self, q)) {
            return Ok(v);
        }
        match self.globals().and_then(|d| d.map.get_name(self, q)) {
            Some(v) => Ok(v),
            None => self.load_builtin(q),
        }
    }

    /// A name from `builtins`. Errors: NameError.
    pub(crate) fn load_builtin(&self, q: Qstr) -> Res {
        if let Some(v) = self.builtin_overrides.get().and_then(|d| d.map.get_name(self, q)) {
            return Ok(v);
        }
        let table = BUILTINS.table;
        let hint = self.hint(q);
        if let Some(e) = table.get(hint.get() as usize)
            && e.name == q
        {
            return Ok(e.value);
        }
        match table.binary_search_by_key(&q, |row| row.name) {
            Ok(i) => {
                hint.set(i as u8);
                Ok(table.get(i).map_or(Value::NONE, |row| row.value))
            }
            Err(_) => self.no_name(q),
        }
    }

    #[cold]
    fn no_name<T>(&self, q: Qstr) -> Res<T> {
        self.raise_fmt(&NAME_ERROR, "name '%' isn't defined", &[q.into()])
    }

    pub(crate) fn delete_name(&self, dict: Gc<Dict>, q: Qstr) -> Res<()> {
        match dict.map.remove(self, Value::qstr(q))? {
            Some(_) => Ok(()),
            None => self.no_name(q),
        }
    }

    /// Forgets cached methods: some class changed.
    pub(crate) fn flush_methods(&self) {
        for m in &self.methods {
            m.set(Method::NONE);
        }
    }

    /// Puts function and self (or null) of `v.name` into two slots.
    ///
    /// # Safety
    /// `to` and the slot behind it are free.
    pub(crate) unsafe fn load_method_to(&self, v: Value, name: Qstr, to: *mut Slot) -> Res<()> {
        // SAFETY: by contract.
        let put = |f: Value, this: Option<Value>| unsafe {
            *to = f.word();
            *to.add(1) = this.map_or(core::ptr::null_mut(), Value::word);
        };
        let ty = self.type_of(v);
        let at = (core::ptr::from_ref(ty).addr() >> 4 ^ name.index()) & (METHODS - 1);
        // SAFETY: masked to the length, a power of two.
        let cell = unsafe { self.methods.get_unchecked(at) };
        let cached = cell.get();
        let class = Class::of(ty);
        if class.is_some() {
            let members = super::class::instance_members(v);
            if let Some(found) = members.get_name(self, name) {
                put(found, None);
                return Ok(());
            }
        }
        if cached.name == name && cached.ty == Some(ty) {
            put(cached.fun, Some(v));
            return Ok(());
        }
        // Only functions of the class itself or of a class above, and of a type whose
        // attributes are its methods, give the same for every object.
        let plain = class.is_some() || ty.slots.getattr.is_none();
        if plain
            && let Some((member, owner)) = self.lookup(ty, name)
            && let Some(kind) = member.header().map(|h| h.ty())
            && kind.has(Type::BINDS)
            && (class.is_none() || (owner.has(Type::CLASS) && !kind.has(Type::BUILTIN_FUN)))
        {
            cell.set(Method { ty: Some(ty), name, fun: member });
            put(member, Some(v));
            return Ok(());
        }
        match self.load_method(v, name)? {
            Found::Value(f) => put(f, None),
            Found::Method(f, this) => put(f, Some(this)),
        }
        Ok(())
    }

    /// `(super, class, self)` becomes function and self.
    ///
    /// # Safety
    /// `at` points at the three.
    pub(crate) unsafe fn load_super_method(&self, name: Qstr, at: *mut Slot) -> Res<()> {
        // SAFETY: by contract.
        unsafe {
            let (class, this) = (value(*at.add(1)), value(*at.add(2)));
            let found = match self.super_attr(class, this, name)? {
                Some(found) => found,
                None => {
                    let s = self.call(value(*at), &[class, this])?;
                    return self.no_attr(s, name);
                }
            };
            match found {
                Found::Value(f) => {
                    *at = f.word();
                    *at.add(1) = core::ptr::null_mut();
                }
                Found::Method(f, this) => {
                    *at = f.word();
                    *at.add(1) = this.word();
                }
            }
        }
        Ok(())
    }

    /// Child `i` of the code of a frame.
    ///
    /// # Safety
    /// Verified code.
    pub(crate) unsafe fn child(&self, hdr: *mut Slot, i: usize) -> NonNull<RawCode> {
        // SAFETY: by contract.
        unsafe { *function(hdr).raw().children.add(i) }
    }

    pub(crate) fn store_map(&self, to: Value, k: Value, v: Value) -> Res<()> {
        match to.cast::<Dict>() {
            Some(d) => d.map.insert(self, k, v),
            None => self.set_subscr(to, k, Some(v)),
        }
    }

    pub(crate) fn store_comp(&self, to: Value, v: Value) -> Res<()> {
        match to.cast::<List>() {
            Some(l) => l.items.push(self, v),
            None => self.call_method(to, q!("add"), &[v]).map(|_| ()),
        }
    }

    /// Unpacks `v` into `n` slots, the first item on top.
    ///
    /// # Safety
    /// The slots from `to` are free.
    pub(crate) unsafe fn unpack_to(&self, v: Value, to: *mut Slot, n: usize) -> Res<()> {
        let list;
        let items: &[Value] = match (self.tuple_items(v), v.cast::<List>()) {
            (Some(items), _) => items,
            (None, Some(l)) => l.items.slice(),
            (None, None) => {
                list = self.unpack_iter(v, n)?;
                list.slice()
            }
        };
        if items.len() != n {
            return self.wrong_unpack(items.len(), n);
        }
        for (i, item) in items.iter().enumerate() {
            // SAFETY: by contract.
            unsafe { *to.add(n - 1 - i) = item.word() };
        }
        Ok(())
    }

    /// At most `n + 1` items of an iterable.
    fn unpack_iter(&self, v: Value, n: usize) -> Res<RawVec<Value>> {
        let items = RawVec::new();
        let it = self.iter(v)?;
        while let Some(item) = self.next(it)? {
            items.push(self, item)?;
            if items.len() > n {
                break;
            }
        }
        Ok(items)
    }

    /// Unpacks `v` into `left` items, a list, `right` items, the first on top.
    ///
    /// # Safety
    /// The slots from `to` are free.
    pub(crate) unsafe fn unpack_star_to(
        &self,
        v: Value,
        to: *mut Slot,
        left: usize,
        right: usize,
    ) -> Res<()> {
        let items = self.sequence(v)?;
        let Some(n) = items.len().checked_sub(left + right) else {
            return self.wrong_unpack(items.len(), left + right);
        };
        let middle = self.new_list(items.slice().get(left..left + n).unwrap_or_default())?;
        let total = left + right + 1;
        for i in 0..total {
            let item = if i < left {
                items.get(i)
            } else if i == left {
                Some(middle.into())
            } else {
                items.get(n + i - 1)
            };
            // SAFETY: by contract.
            unsafe { *to.add(total - 1 - i) = item.unwrap_or(Value::NONE).word() };
        }
        Ok(())
    }

    /// Asks the machine to raise KeyboardInterrupt at the next safe point.
    pub fn interrupt(&self) {
        self.pending.interrupt();
    }

    /// What signal and interrupt handlers of the port may touch of this world.
    pub fn signals(&self) -> &Signals {
        &self.pending
    }

    /// A safe point: does what is pending. For long loops in Rust. Errors:
    /// KeyboardInterrupt, and what functions raise that were scheduled.
    #[inline(always)]
    pub fn poll(&self) -> Res<()> {
        if self.pending.get() == 0 { Ok(()) } else { self.poll_slow() }
    }

    /// Whether the next safe point raises KeyboardInterrupt: for loops that cannot have
    /// one themselves.
    pub fn is_interrupted(&self) -> bool {
        let bits = self.pending.get();
        if bits & PENDING_LOOK != 0 && self.port().interrupted() {
            self.interrupt();
        }
        self.pending.is_interrupted()
    }
}

/// Flags that signal and interrupt handlers may set while a program runs.
pub struct Signals(core::sync::atomic::AtomicU8);

impl Signals {
    pub(crate) const fn new() -> Signals {
        Signals(core::sync::atomic::AtomicU8::new(0))
    }

    /// KeyboardInterrupt at the next safe point.
    pub fn interrupt(&self) {
        self.add(PENDING_INTERRUPT);
    }

    /// Has the port asked at the next safe point whether it is interrupted: for timers of
    /// machines where nothing happens when a key is pressed.
    pub fn look(&self) {
        self.add(PENDING_LOOK);
    }

    /// Whether KeyboardInterrupt waits for a safe point.
    pub fn is_interrupted(&self) -> bool {
        self.get() & PENDING_INTERRUPT != 0
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    /// Sets bits. Cores without atomic read-modify-write load and store: an interrupt
    /// between the two that sets a bit of its own returns before the store, so its bit
    /// may be lost to it and is set again by whoever polls the source.
    pub(crate) fn add(&self, bits: u8) {
        self.0.store(self.get() | bits, Ordering::Relaxed);
    }

    /// Clears bits; what [`Pending::add`] says of interrupts holds here too.
    pub(crate) fn remove(&self, bits: u8) {
        self.0.store(self.get() & !bits, Ordering::Relaxed);
    }

    pub(crate) fn swap_out(&self) -> u8 {
        let bits = self.get();
        self.0.store(0, Ordering::Relaxed);
        bits
    }
}
