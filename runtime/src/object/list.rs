//! The list type.

use super::{Access, Args, Gc, Object};
use crate::error::{INDEX_ERROR, Res};
use crate::heap::RawVec;
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A list.
    pub struct List: LIST { pub items: RawVec<Value>, }
}

py_type! {
    pub static LIST: "list" {
        new: list_new,
        print: list_print,
        subscr: list_subscr,
    }
    locals: {
        "append" => f2!(list_append),
        "pop" => fv!(1, 2, list_pop),
    }
}

fn list(vm: &Vm, v: Value) -> Res<Gc<List>> {
    vm.expect::<List>(v)
}

fn list_new(vm: &Vm, _ty: &'static super::Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    let list = vm.new_list(&[])?;
    if let Some(source) = args.get(0) {
        let it = vm.iter(source)?;
        while let Some(v) = vm.next(it)? {
            list.items.push(vm, v)?;
        }
    }
    Ok(list.into())
}

fn list_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let this = list(vm, this)?;
    p.write(b"[")?;
    let mut i = 0;
    while let Some(v) = this.items.get(i) {
        if i > 0 {
            p.str(", ")?;
        }
        vm.print_to(p, v, PrintKind::Repr)?;
        i += 1;
    }
    p.write(b"]")
}

fn list_subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    let this = list(vm, this)?;
    let i = vm.get_index(&super::LIST, this.items.len(), index)?;
    match access {
        Access::Load => {
            this.items.get(i).map_or_else(|| vm.raise(&INDEX_ERROR, "list index out of range"), Ok)
        }
        Access::Store(v) => {
            this.items.set(i, v);
            Ok(Value::NONE)
        }
        Access::Delete => {
            this.items.remove(i);
            Ok(Value::NONE)
        }
    }
}

fn list_append(vm: &Vm, this: Value, v: Value) -> Res {
    list(vm, this)?.items.push(vm, v)?;
    Ok(Value::NONE)
}

fn list_pop(vm: &Vm, args: &[Value]) -> Res {
    let (Some(&this), index) = (args.first(), args.get(1)) else { return Ok(Value::NONE) };
    let this = list(vm, this)?;
    if this.items.is_empty() {
        return vm.raise(&INDEX_ERROR, "pop from empty list");
    }
    let i = vm.get_index(&LIST, this.items.len(), index.copied().unwrap_or(Value::small(-1)))?;
    Ok(this.items.remove(i).unwrap_or(Value::NONE))
}

impl Vm {
    /// A list of a copy of `items`.
    pub fn new_list(&self, items: &[Value]) -> Res<Gc<List>> {
        let items = RawVec::from_slice(self, items)?;
        self.alloc_obj(List { header: List::HEADER, items })
    }
}
