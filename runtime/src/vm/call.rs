//! Calls of functions of bytecode: arguments to locals, from the loop and from Rust.

use core::ptr;

use mpy_format::prelude::{FLAG_DEFKWARGS, FLAG_VARARGS, FLAG_VARKEYWORDS};

use super::Vm;
use super::class::Class;
use super::frame::*;
use super::function::{CellObj, Closure, Function};
use super::instance::{Fresh, instance_fresh};
use super::regs::{Outcome, Regs};
use crate::error::{Arg, Res, TYPE_ERROR};
use crate::heap::RawVec;
use crate::object::{Args, BoundMethod, Dict, Found, Gc, Object, Type};
use crate::q;
use crate::value::Value;

/// What the loop does after preparing a call.
pub(crate) enum Called {
    /// It is done.
    Value(Value),
    /// Begin this frame: `n` locals are in place at `args`.
    Frame { fun: Gc<Function>, args: *mut Slot, n: usize, kind: usize, extra: Slot },
}

/// The arguments of a call in pieces.
#[derive(Clone, Copy)]
struct Given<'a> {
    /// Cells of a closure, then `self`, then positional arguments.
    cells: &'a [Value],
    this: Option<Value>,
    args: Args<'a>,
}

impl Vm {
    /// Any call that the loop does not do itself. The arguments lie on the stack from
    /// `args`; the slot below is free.
    pub(crate) unsafe fn call_slow(
        &self,
        f: Value,
        args: *mut Slot,
        n_pos: usize,
        n_kw: usize,
    ) -> Res<Called> {
        // Built-in functions end by themselves: whoever calls them for ever has a loop.
        if !self.type_of(f).has(Type::BUILTIN_FUN) {
            self.poll()?;
        }
        // SAFETY: the loop's operands.
        let given =
            unsafe { Args { pos: values(args, n_pos), kw: values(args.add(n_pos), 2 * n_kw) } };
        self.begin_call(f, None, &given)
    }

    /// Calls `f`, or prepares the frame if it is a function of bytecode.
    fn begin_call(&self, f: Value, this: Option<Value>, args: &Args<'_>) -> Res<Called> {
        if let Some(fun) = f.cast::<Function>() {
            return self.begin_function(fun, &Given { cells: &[], this, args: *args });
        }
        if let Some(c) = f.cast::<Closure>()
            && let Some(fun) = c.function.cast::<Function>()
        {
            return self.begin_function(fun, &Given { cells: c.cells(), this, args: *args });
        }
        if this.is_none() {
            if let Some(m) = f.cast::<BoundMethod>() {
                return self.begin_call(m.fun, Some(m.this), args);
            }
            if let Some(class) = f.cast::<Type>().and_then(|t| Class::of(t.get())) {
                return self.begin_class(class, args);
            }
        }
        let v = match this {
            Some(this) => self.call_with_self(f, this, args)?,
            None => self.call_args(f, args)?,
        };
        Ok(Called::Value(v))
    }

    /// Calls a class: its `__init__` runs as a frame of the loop.
    fn begin_class(&self, class: Gc<Class>, args: &Args<'_>) -> Res<Called> {
        let ty = &class.get().ty;
        if class.native.is_some() {
            return self.call_args(ty.value(), args).map(Called::Value);
        }
        let this = match instance_fresh(self, class, args)? {
            Fresh::Instance(v) => v,
            Fresh::Other(v) => return Ok(Called::Value(v)),
        };
        let Some((init, owner)) = self.lookup(ty, q!("__init__")) else {
            return Ok(Called::Value(this));
        };
        if !owner.has(Type::CLASS) {
            return Ok(Called::Value(this));
        }
        let found = self.bind_in_class(ty, owner, this, init);
        let called = match found {
            Found::Method(f, this) => self.begin_call(f, Some(this), args)?,
            Found::Value(f) => self.begin_call(f, None, args)?,
        };
        match called {
            Called::Frame { fun, args, n, kind, .. } => {
                Ok(Called::Frame { fun, args, n, kind: kind | K_INIT, extra: this.word() })
            }
            Called::Value(v) if v.is_none() => Ok(Called::Value(this)),
            Called::Value(v) => self.raise_fmt(
                &TYPE_ERROR,
                "__init__() should return None, not '%'",
                &[Arg::TypeOf(v)],
            ),
        }
    }

    fn begin_function(&self, fun: Gc<Function>, given: &Given<'_>) -> Res<Called> {
        let raw = fun.raw();
        if raw.is_generator() {
            let (g, fp) = self.new_generator(fun)?;
            // SAFETY: the frame has room for all locals.
            unsafe { self.fill_locals(fun, given, fp)? };
            return Ok(Called::Value(g.into()));
        }
        let old_top = self.top.get();
        let (fp, fresh) = self.reserve_frame(raw.frame as usize)?;
        // SAFETY: the room was reserved. It is made part of the scanned stack while
        // arguments are put there, as that may allocate.
        let filled = unsafe {
            fp.write_bytes(0, raw.n_locals as usize);
            self.top.set(fp.add(raw.n_locals as usize));
            self.fill_locals(fun, given, fp)
        };
        if fresh && filled.is_err() {
            // SAFETY: nothing but the arguments is in the new segment.
            unsafe { self.drop_segment() };
        } else {
            self.top.set(if fresh { fp } else { old_top });
        }
        filled?;
        // The frame that begins now drops a new segment when it is left.
        let kind = if fresh { K_SEGMENT } else { 0 };
        let n = raw.n_locals as usize;
        Ok(Called::Frame { fun, args: fp, n, kind, extra: ptr::null_mut() })
    }

    /// Distributes the arguments of a call over the locals of `fun`.
    ///
    /// # Safety
    /// `locals` has room for all locals of `fun` and is null throughout.
    unsafe fn fill_locals(
        &self,
        fun: Gc<Function>,
        given: &Given<'_>,
        locals: *mut Slot,
    ) -> Res<()> {
        let raw = fun.raw();
        let (n_pos, n_kwonly) = (raw.n_pos as usize, raw.n_kwonly as usize);
        let n_def = raw.n_def as usize;
        let mut n = 0;
        let mut extra_from = given.args.pos.len();
        // SAFETY: indices stay below the number of locals (verified prelude).
        unsafe {
            for &v in given.cells.iter().chain(given.this.as_slice()) {
                if n < n_pos {
                    *locals.add(n) = v.word();
                }
                n += 1;
            }
            for (i, &v) in given.args.pos.iter().enumerate() {
                if n + i < n_pos {
                    *locals.add(n + i) = v.word();
                } else {
                    extra_from = extra_from.min(i);
                }
            }
            n += given.args.pos.len();
            let mut next_local = n_pos + n_kwonly;
            let variable = raw.flags & FLAG_VARARGS != 0;
            if n > n_pos && !variable {
                return self.wrong_count(fun, given, n);
            }
            if variable {
                // `self` itself may be surplus.
                let surplus = given.args.pos.get(extra_from..).unwrap_or_default();
                let v = if n - given.args.pos.len() > n_pos {
                    let all = RawVec::new();
                    all.extend(self, given.this.as_slice())?;
                    all.extend(self, surplus)?;
                    self.new_tuple(all.slice())?
                } else {
                    self.new_tuple(surplus)?
                };
                *locals.add(next_local) = v.word();
                next_local += 1;
            }
            let mut rest: Option<Gc<Dict>> = None;
            if raw.flags & FLAG_VARKEYWORDS != 0 {
                let dict = self.new_dict(0)?;
                *locals.add(next_local) = Value::from(dict).word();
                rest = Some(dict);
            }
            if !given.args.kw.is_empty() {
                self.fill_keywords(fun, &given.args, locals, n, rest)?;
            }
            // Defaults belong to the last positional parameters.
            for i in n.min(n_pos)..n_pos {
                if (*locals.add(i)).is_null() {
                    if i + n_def < n_pos {
                        return self.missing(fun, given, n, i);
                    }
                    *locals.add(i) = fun.default(i + n_def - n_pos).word();
                }
            }
            let prelude = raw.prelude();
            if n_kwonly > 0 {
                let defaults = if raw.flags & FLAG_DEFKWARGS != 0 {
                    fun.default(n_def).cast::<Dict>()
                } else {
                    None
                };
                let names = prelude.iter().flat_map(|p| p.arg_names()).skip(n_pos);
                for (i, name) in (n_pos..n_pos + n_kwonly).zip(names) {
                    if !(*locals.add(i)).is_null() {
                        continue;
                    }
                    let name = *fun.module.qstrs.get().add(name as usize);
                    match defaults.and_then(|d| d.map.get_name(self, name)) {
                        Some(v) => *locals.add(i) = v.word(),
                        None if raw.flags & FLAG_DEFKWARGS != 0 => {
                            return self.raise_fmt(
                                &TYPE_ERROR,
                                "function missing required keyword argument '%'",
                                &[name.into()],
                            );
                        }
                        None => {
                            return self
                                .raise(&TYPE_ERROR, "function missing keyword-only argument");
                        }
                    }
                }
            }
            for &local in prelude.iter().flat_map(|p| p.cells) {
                let at = locals.add(local as usize);
                let value = core::cell::Cell::new(maybe(*at));
                *at =
                    Value::from(self.alloc_obj(CellObj { header: CellObj::HEADER, value })?).word();
            }
        }
        Ok(())
    }

    unsafe fn fill_keywords(
        &self,
        fun: Gc<Function>,
        args: &Args<'_>,
        locals: *mut Slot,
        n_given: usize,
        rest: Option<Gc<Dict>>,
    ) -> Res<()> {
        let Some(prelude) = fun.raw().prelude() else { return Ok(()) };
        for (k, v) in args.keywords() {
            // SAFETY: names are indices of the module's table (verified).
            let at = prelude
                .arg_names()
                .position(|i| self.name_is(k, unsafe { *fun.module.qstrs.get().add(i as usize) }));
            match at {
                Some(i) => {
                    // SAFETY: a named parameter is a local.
                    let slot = unsafe { locals.add(i) };
                    if i < n_given.min(fun.raw().n_pos as usize) || !unsafe { *slot }.is_null() {
                        return self.raise_fmt(
                            &TYPE_ERROR,
                            "function got multiple values for argument '%'",
                            &[Arg::Str(k)],
                        );
                    }
                    // SAFETY: as above.
                    unsafe { *slot = v.word() };
                }
                None => match rest {
                    Some(dict) => {
                        let k = self.get_qstr(k)?;
                        dict.map.insert_name(self, k, v)?;
                    }
                    None => {
                        return self.raise_fmt(
                            &TYPE_ERROR,
                            "unexpected keyword argument '%'",
                            &[Arg::Str(k)],
                        );
                    }
                },
            }
        }
        Ok(())
    }

    #[cold]
    fn wrong_count(&self, fun: Gc<Function>, given: &Given<'_>, n: usize) -> Res<()> {
        let cells = given.cells.len();
        self.raise_fmt(
            &TYPE_ERROR,
            "%() takes % positional arguments but % were given",
            &[
                fun.raw().name.into(),
                (fun.raw().n_pos as usize).saturating_sub(cells).into(),
                n.saturating_sub(cells).into(),
            ],
        )
    }

    #[cold]
    fn missing(&self, fun: Gc<Function>, given: &Given<'_>, n: usize, i: usize) -> Res<()> {
        let positional_only = given.args.kw.is_empty() && fun.raw().flags & FLAG_DEFKWARGS == 0;
        if positional_only && fun.raw().n_def == 0 {
            return self.wrong_count(fun, given, n);
        }
        if positional_only {
            let cells = given.cells.len();
            return self.raise_fmt(
                &TYPE_ERROR,
                "%() takes % positional arguments but % were given",
                &[
                    fun.raw().name.into(),
                    (fun.raw().n_pos as usize)
                        .saturating_sub(fun.raw().n_def as usize + cells)
                        .into(),
                    n.saturating_sub(cells).into(),
                ],
            );
        }
        self.raise_fmt(
            &TYPE_ERROR,
            "function missing required positional argument #%",
            &[i.saturating_sub(given.cells.len()).into()],
        )
    }

    /// Calls a function of bytecode from Rust.
    pub(crate) fn call_function(&self, f: Value, cells: &[Value], args: &Args<'_>) -> Res {
        let Some(fun) = f.cast::<Function>() else { return Ok(Value::NOT_IMPLEMENTED) };
        self.check_stack()?;
        self.poll()?;
        let called = self.begin_function(fun, &Given { cells, this: None, args: *args })?;
        let Called::Frame { fun, args, kind, .. } = called else {
            let Called::Value(v) = called else { return Ok(Value::NONE) };
            return Ok(v);
        };
        let raw = fun.raw();
        let saved = self.module.get();
        let null: *mut Slot = ptr::null_mut();
        // SAFETY: `begin_function` reserved the frame and put all locals there.
        let outcome = unsafe {
            let hdr = args.add(raw.n_locals as usize);
            let old_top = self.top.get();
            *hdr.add(H_FUN) = fun.ptr().as_ptr().cast();
            *hdr.add(H_FP) = null.cast();
            *hdr.add(H_HDR) = null.cast();
            *hdr.add(H_IP) = null.cast();
            *hdr.add(H_SP) = null.cast();
            *hdr.add(H_TOP) = old_top.cast();
            *hdr.add(H_BLOCKS) = ptr::null_mut();
            *hdr.add(H_KIND) = small(kind | K_ENTRY);
            *hdr.add(H_EXTRA) = ptr::null_mut();
            self.top.set(args.add(raw.frame as usize));
            self.module.set(Some(fun.module));
            let sp = hdr.add(raw.stack_at as usize);
            self.run(Regs { ip: raw.code, sp, fp: args, hdr }, None)
        };
        self.module.set(saved);
        match outcome? {
            Outcome::Returned(v) | Outcome::Yielded(v) => Ok(v),
        }
    }

    /// Distributes the arguments of a call over a native function's state.
    ///
    /// # Safety
    /// `state` has room for all locals of `fun` and is null throughout.
    pub(crate) unsafe fn fill_state(
        &self,
        fun: Gc<Function>,
        args: &Args<'_>,
        state: *mut Slot,
    ) -> Res<()> {
        // SAFETY: by contract.
        unsafe { self.fill_locals(fun, &Given { cells: &[], this: None, args: *args }, state) }
    }

    /// A call with starred arguments: bit `i` of `stars` says that positional argument
    /// `i` is `*arg`; a keyword without a name is `**arg`.
    pub(crate) unsafe fn call_starred(
        &self,
        f: Value,
        this: Option<Value>,
        args: *mut Slot,
        n_pos: usize,
        n_kw: usize,
        stars: usize,
    ) -> Res<Called> {
        self.poll()?;
        // SAFETY: by contract.
        let (pos, kw) = unsafe { self.starred_arguments(args, n_pos, n_kw, stars)? };
        let args = Args { pos: pos.slice(), kw: kw.slice() };
        self.begin_call(f, this, &args)
    }

    /// The arguments of a call, those with stars in their places.
    ///
    /// # Safety
    /// `args` are `n_pos` values, then pairs of a name, or null, and a value.
    pub(crate) unsafe fn starred_arguments(
        &self,
        args: *mut Slot,
        n_pos: usize,
        n_kw: usize,
        stars: usize,
    ) -> Res<(RawVec<Value>, RawVec<Value>)> {
        let pos: RawVec<Value> = RawVec::new();
        let kw: RawVec<Value> = RawVec::new();
        // SAFETY: the loop's operands.
        let (given, pairs) = unsafe { (values(args, n_pos), args.add(n_pos)) };
        for (i, &v) in given.iter().enumerate() {
            if i < usize::BITS as usize && stars >> i & 1 != 0 {
                let it = self.iter(v)?;
                while let Some(item) = self.next(it)? {
                    pos.push(self, item)?;
                }
            } else {
                pos.push(self, v)?;
            }
        }
        for i in 0..n_kw {
            // SAFETY: as above; a name may be null.
            let (k, v) = unsafe { (maybe(*pairs.add(2 * i)), value(*pairs.add(2 * i + 1))) };
            match k {
                Some(k) => self.add_keyword(&kw, k, v)?,
                None => self.add_mapping(&kw, v)?,
            }
        }
        Ok((pos, kw))
    }

    fn add_keyword(&self, kw: &RawVec<Value>, k: Value, v: Value) -> Res<()> {
        if self.str_bytes(k).is_none() {
            return self.raise(&TYPE_ERROR, "keywords must be strings");
        }
        let k = Value::qstr(self.get_qstr(k)?);
        if kw.slice().chunks(2).any(|pair| pair.first() == Some(&k)) {
            return self.raise_fmt(
                &TYPE_ERROR,
                "function got multiple values for argument '%'",
                &[Arg::Str(k)],
            );
        }
        kw.push(self, k)?;
        kw.push(self, v)
    }

    /// The items of `**mapping`.
    fn add_mapping(&self, kw: &RawVec<Value>, mapping: Value) -> Res<()> {
        if let Some(d) = self.native::<Dict>(mapping) {
            let mut at = 0;
            while let Some((k, v)) = d.map.next(&mut at) {
                self.add_keyword(kw, k, v)?;
            }
            return Ok(());
        }
        let keys = self.call_method(mapping, q!("keys"), &[])?;
        let it = self.iter(keys)?;
        while let Some(k) = self.next(it)? {
            let v = self.subscr(mapping, k)?;
            self.add_keyword(kw, k, v)?;
        }
        Ok(())
    }
}
