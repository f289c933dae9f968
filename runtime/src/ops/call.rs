//! Calls.

use crate::error::{Arg, Res, STOP_ITERATION, TYPE_ERROR};
use crate::heap::RawVec;
use crate::object::{Args, Found, Type};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `f(*args)`.
    pub fn call(&self, f: Value, args: &[Value]) -> Res {
        self.call_args(f, &Args::positional(args))
    }

    /// `f(*args.pos, **args.kw)`.
    pub fn call_args(&self, f: Value, args: &Args<'_>) -> Res {
        let r = match self.type_of(f).slots.call {
            Some(call) => {
                self.check_stack()?;
                call(self, f, args)?
            }
            None => Value::NOT_IMPLEMENTED,
        };
        if r != Value::NOT_IMPLEMENTED || self.type_of(f).slots.call.is_some() {
            return Ok(r);
        }
        self.raise_fmt(&TYPE_ERROR, "'%' object isn't callable", &[Arg::TypeOf(f)])
    }

    /// `f(this, *args.pos, **args.kw)`.
    pub fn call_with_self(&self, f: Value, this: Value, args: &Args<'_>) -> Res {
        const ROOM: usize = 7;
        let n = args.pos.len();
        let mut few = [this; ROOM + 1];
        if let Some(to) = few.get_mut(1..n + 1) {
            to.copy_from_slice(args.pos);
            let pos = few.get(..n + 1).unwrap_or_default();
            return self.call_args(f, &Args { pos, kw: args.kw });
        }
        let all = RawVec::with_capacity(self, n + 1)?;
        all.push(self, this)?;
        all.extend(self, args.pos)?;
        self.call_args(f, &Args { pos: all.slice(), kw: args.kw })
    }

    /// Calls what `load_method` found.
    pub fn call_found(&self, found: Found, args: &[Value]) -> Res {
        match found {
            Found::Value(f) => self.call(f, args),
            Found::Method(f, this) => self.call_with_self(f, this, &Args::positional(args)),
        }
    }

    /// `v.name(*args)`.
    pub fn call_method(&self, v: Value, name: Qstr, args: &[Value]) -> Res {
        let found = self.load_method(v, name)?;
        self.call_found(found, args)
    }

    /// Whether `callable(v)`.
    pub fn is_callable(&self, v: Value) -> bool {
        let ty = self.type_of(v);
        if ty.has(Type::CLASS) {
            let native = self.native_value(v);
            return self.type_lookup(ty, q!("__call__")).is_some()
                || (native != v && self.is_callable(native));
        }
        ty.slots.call.is_some()
    }

    /// Raises StopIteration with the result that the last `next` left.
    pub fn raise_stop<T>(&self) -> Res<T> {
        let v = self.stop_value.replace(Value::NONE);
        if v.is_none() {
            self.raise_type(&STOP_ITERATION)
        } else {
            self.raise_arg(&STOP_ITERATION, v)
        }
    }
}
