//! Items and iteration.

use crate::error::{Arg, INDEX_ERROR, Res, TYPE_ERROR};
use crate::heap::RawVec;
use crate::object::{Access, List, STR, Type};
use crate::ops::BinaryOp;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `v[index]`.
    pub fn subscr(&self, v: Value, index: Value) -> Res {
        self.access(v, index, Access::Load)
    }

    /// `v[index] = value`, or `del v[index]`.
    pub fn set_subscr(&self, v: Value, index: Value, value: Option<Value>) -> Res<()> {
        let access = value.map_or(Access::Delete, Access::Store);
        self.access(v, index, access).map(|_| ())
    }

    fn access(&self, v: Value, index: Value, access: Access) -> Res {
        let r = match self.type_of(v).slots.subscr {
            Some(f) => f(self, v, index, access)?,
            None => Value::NOT_IMPLEMENTED,
        };
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
        let format = match access {
            Access::Load => "'%' object isn't subscriptable",
            Access::Store(_) => "'%' object doesn't support item assignment",
            Access::Delete => "'%' object doesn't support item deletion",
        };
        self.raise_fmt(&TYPE_ERROR, format, &[Arg::TypeOf(v)])
    }

    /// `iter(v)`. Errors: TypeError "object not iterable".
    pub fn iter(&self, v: Value) -> Res {
        let ty = self.type_of(v);
        if ty.has(Type::ITERATOR) {
            return Ok(v);
        }
        let r = match ty.slots.iter {
            Some(f) => f(self, v)?,
            None => Value::NOT_IMPLEMENTED,
        };
        if r != Value::NOT_IMPLEMENTED {
            return Ok(r);
        }
        // Classes of the program have the slot whether they define `__getitem__` or not.
        if ty.slots.subscr.is_some() && !ty.has(Type::CLASS) {
            return self.new_item_iterator(v);
        }
        self.raise_fmt(&TYPE_ERROR, "'%' object isn't iterable", &[Arg::TypeOf(v)])
    }

    /// The next item of an iterator; `None` at the end.
    #[inline]
    pub fn next(&self, it: Value) -> Res<Option<Value>> {
        self.check_stack()?;
        self.poll()?;
        match self.type_of(it).slots.next {
            Some(f) => match f(self, it) {
                Err(r) => self.catch_stop(Err(r)),
                next => next,
            },
            None => self.raise_fmt(&TYPE_ERROR, "'%' object isn't an iterator", &[Arg::TypeOf(it)]),
        }
    }

    /// The items of any iterable. A list's or tuple's own items are not copied.
    pub fn sequence(&self, v: Value) -> Res<RawVec<Value>> {
        if let Some(list) = v.cast::<List>() {
            return RawVec::from_slice(self, list.items.slice());
        }
        let items = RawVec::new();
        let it = self.iter(v)?;
        while let Some(item) = self.next(it)? {
            items.push(self, item)?;
        }
        Ok(items)
    }

    /// Exactly `to.len()` items of an iterable. Errors: ValueError for another number.
    pub fn unpack_into(&self, v: Value, to: &mut [Value]) -> Res<()> {
        let items = self.sequence(v)?;
        if items.len() != to.len() {
            return self.wrong_unpack(items.len(), to.len());
        }
        for (slot, item) in to.iter_mut().zip(items.iter()) {
            *slot = item;
        }
        Ok(())
    }

    #[cold]
    pub(crate) fn wrong_unpack<T>(&self, have: usize, want: usize) -> Res<T> {
        if have < want {
            self.raise_fmt(
                &crate::error::VALUE_ERROR,
                "need more than % values to unpack",
                &[have.into()],
            )
        } else {
            self.raise_fmt(
                &crate::error::VALUE_ERROR,
                "too many values to unpack (expected %)",
                &[want.into()],
            )
        }
    }

    /// `item in v`.
    pub fn contains(&self, v: Value, item: Value) -> Res<bool> {
        if let Some(f) = self.type_of(v).slots.binary {
            let r = f(self, BinaryOp::Contains, v, item)?;
            if r != Value::NOT_IMPLEMENTED {
                return self.is_true(r);
            }
        }
        let mut it = self.walk(v)?;
        while let Some(x) = it.next(self)? {
            if self.eq(x, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A subscript as a position below `len`; negative ones count from the end.
    /// Errors: TypeError, IndexError named after `ty`.
    pub fn get_index(&self, ty: &Type, len: usize, index: Value) -> Res<usize> {
        let named: Arg<'_> = if ty == &STR { "string".into() } else { ty.into() };
        let i = match index.as_small() {
            Some(i) => i,
            None => match self.try_int(index)? {
                Some(i) => i,
                None => {
                    return self.raise_fmt(
                        &TYPE_ERROR,
                        "% indices must be integers, not %",
                        &[named, Arg::TypeOf(index)],
                    );
                }
            },
        };
        let at = if i < 0 { i.wrapping_add(len as isize) } else { i };
        if at < 0 || at as usize >= len {
            return self.raise_fmt(&INDEX_ERROR, "% index out of range", &[named]);
        }
        Ok(at as usize)
    }
}
