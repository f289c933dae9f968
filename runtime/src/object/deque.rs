//! The deque type: a ring of at most `maxlen` items that grows as needed.

use core::cell::Cell;

use super::{Access, Args, Gc, Object, Type};
use crate::error::{INDEX_ERROR, Res, VALUE_ERROR};
use crate::heap::RawVec;
use crate::ops::UnaryOp;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A deque. Item `i` is at `(head + i) % ring.len()`.
    pub struct Deque: DEQUE {
        ring: RawVec<Value>,
        head: Cell<usize>,
        len: Cell<usize>,
        maxlen: usize,
        /// Adding to a full deque is an error rather than dropping from the other end.
        checked: bool,
    }
}

py_type! {
    pub static DEQUE: "deque" { new: deque_new, unary: deque_unary, subscr: deque_subscr, iter: deque_iter, }
    locals: {
        "append" => f2!(deque_append),
        "appendleft" => f2!(deque_appendleft),
        "extend" => f2!(deque_extend),
        "pop" => f1!(deque_pop),
        "popleft" => f1!(deque_popleft),
    }
}

impl Deque {
    fn place(&self, i: usize) -> usize {
        (self.head.get() + i) % self.ring.len().max(1)
    }

    fn item(&self, i: usize) -> Option<Value> {
        if i < self.len.get() { self.ring.get(self.place(i)) } else { None }
    }

    /// Makes room for one more item; false: the deque holds all that it may.
    fn reserve(&self, vm: &Vm) -> Res<bool> {
        let len = self.len.get();
        if len < self.ring.len() {
            return Ok(true);
        }
        if len >= self.maxlen {
            return if self.checked { vm.raise(&INDEX_ERROR, "full") } else { Ok(false) };
        }
        let ring = RawVec::new();
        ring.reset(vm, (len + len / 2 + 4).min(self.maxlen), Value::NONE)?;
        for i in 0..len {
            ring.set(i, self.item(i).unwrap_or(Value::NONE));
        }
        self.ring.replace_with(&ring);
        self.head.set(0);
        Ok(true)
    }

    fn append(&self, vm: &Vm, v: Value) -> Res<()> {
        if !self.reserve(vm)? {
            if self.maxlen == 0 {
                return Ok(());
            }
            self.pop(false);
        }
        self.ring.set(self.place(self.len.get()), v);
        self.len.set(self.len.get() + 1);
        Ok(())
    }

    /// Removes the last (`back`) or first item.
    fn pop(&self, back: bool) -> Option<Value> {
        let last = self.len.get().checked_sub(1)?;
        let place = self.place(if back { last } else { 0 });
        let item = self.ring.get(place);
        self.ring.set(place, Value::NONE);
        if !back {
            self.head.set(self.place(1));
        }
        self.len.set(last);
        item
    }
}

fn deque(vm: &Vm, v: Value) -> Res<Gc<Deque>> {
    vm.expect::<Deque>(v)
}

fn deque_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 2, 3)?;
    let [source, maxlen, rest @ ..] = args.pos else { return Ok(Value::NONE) };
    let Ok(maxlen) = usize::try_from(vm.get_int(*maxlen)?) else {
        return vm.raise_type(&VALUE_ERROR);
    };
    let checked = match rest.first() {
        Some(flags) => vm.get_int(*flags)? & 1 != 0,
        None => false,
    };
    let d = vm.alloc_obj(Deque {
        header: Deque::HEADER,
        ring: RawVec::new(),
        head: Cell::new(0),
        len: Cell::new(0),
        maxlen,
        checked,
    })?;
    let it = vm.iter(*source)?;
    while let Some(v) = vm.next(it)? {
        d.append(vm, v)?;
    }
    Ok(d.into())
}

fn deque_unary(vm: &Vm, op: UnaryOp, this: Value) -> Res {
    let this = deque(vm, this)?;
    Ok(match op {
        UnaryOp::Bool => Value::bool(this.len.get() > 0),
        UnaryOp::Len => Value::small(this.len.get() as isize),
        UnaryOp::SizeOf => {
            Value::small((size_of::<Deque>() + this.ring.len() * size_of::<Value>()) as isize)
        }
        _ => Value::NOT_IMPLEMENTED,
    })
}

fn deque_subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    let this = deque(vm, this)?;
    let i = match access {
        Access::Delete => return Ok(Value::NOT_IMPLEMENTED),
        _ => vm.get_index(&DEQUE, this.len.get(), index)?,
    };
    if let Access::Store(v) = access {
        this.ring.set(this.place(i), v);
        return Ok(Value::NONE);
    }
    Ok(this.item(i).unwrap_or(Value::NONE))
}

fn deque_append(vm: &Vm, this: Value, v: Value) -> Res {
    deque(vm, this)?.append(vm, v)?;
    Ok(Value::NONE)
}

fn deque_appendleft(vm: &Vm, this: Value, v: Value) -> Res {
    let this = deque(vm, this)?;
    if !this.reserve(vm)? {
        if this.maxlen == 0 {
            return Ok(Value::NONE);
        }
        this.pop(true);
    }
    let n = this.ring.len();
    this.head.set((this.head.get() + n - 1) % n.max(1));
    this.ring.set(this.head.get(), v);
    this.len.set(this.len.get() + 1);
    Ok(Value::NONE)
}

fn deque_extend(vm: &Vm, this: Value, source: Value) -> Res {
    let this = deque(vm, this)?;
    let it = vm.iter(source)?;
    while let Some(v) = vm.next(it)? {
        this.append(vm, v)?;
    }
    Ok(Value::NONE)
}

fn popped(vm: &Vm, this: Value, back: bool) -> Res {
    match deque(vm, this)?.pop(back) {
        Some(v) => Ok(v),
        None => vm.raise(&INDEX_ERROR, "empty"),
    }
}

fn deque_pop(vm: &Vm, this: Value) -> Res {
    popped(vm, this, true)
}

fn deque_popleft(vm: &Vm, this: Value) -> Res {
    popped(vm, this, false)
}

object! {
    /// Iterator over a deque.
    struct DequeIter: DEQUE_ITER {
        deque: Gc<Deque>,
        at: Cell<usize>,
    }
}

py_type! { static DEQUE_ITER: "iterator" { next: deque_next, } flags: Type::ITERATOR, }

fn deque_iter(vm: &Vm, this: Value) -> Res {
    let deque = deque(vm, this)?;
    vm.new_obj(DequeIter { header: DequeIter::HEADER, deque, at: Cell::new(0) })
}

fn deque_next(_vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<DequeIter>() else { return Ok(None) };
    let at = this.at.get();
    this.at.set(at.saturating_add(1));
    Ok(this.deque.item(at))
}
