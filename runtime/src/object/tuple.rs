//! The tuple type.

use super::{Access, Args};
use crate::error::{INDEX_ERROR, Res};
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

py_type! {
    pub static TUPLE: "tuple" {
        new: tuple_new,
        print: tuple_print,
        subscr: tuple_subscr,
    }
}

fn tuple_new(vm: &Vm, _ty: &'static super::Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, 1)?;
    match args.get(0) {
        None => vm.new_tuple(&[]),
        Some(v) => vm.new_tuple(vm.sequence(v)?.slice()),
    }
}

fn tuple_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let items = vm.tuple_items(this).unwrap_or_default();
    p.write(b"(")?;
    for (i, &v) in items.iter().enumerate() {
        if i > 0 {
            p.str(", ")?;
        }
        vm.print_to(p, v, PrintKind::Repr)?;
    }
    p.str(if items.len() == 1 { ",)" } else { ")" })
}

fn tuple_subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    if !matches!(access, Access::Load) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let items = vm.tuple_items(this).unwrap_or_default();
    let i = vm.get_index(&TUPLE, items.len(), index)?;
    items.get(i).map_or_else(|| vm.raise(&INDEX_ERROR, "tuple index out of range"), |&v| Ok(v))
}
