//! The iterator of objects that only have `__getitem__`.

use core::cell::Cell;

use super::{Object, Type};
use crate::error::{INDEX_ERROR, Res, STOP_ITERATION};
use crate::value::Value;
use crate::vm::Vm;

object! {
    struct ItemIter: ITEM_ITER { source: Value, at: Cell<isize>, }
}

py_type! { static ITEM_ITER: "iterator" { next: item_next, } flags: Type::ITERATOR, }

fn item_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let Some(this) = this.cast::<ItemIter>() else { return Ok(None) };
    let at = this.at.replace(this.at.get().wrapping_add(1));
    match vm.subscr(this.source, Value::small(at)) {
        Ok(v) => Ok(Some(v)),
        Err(r) if vm.raised_is(&r, &INDEX_ERROR) || vm.raised_is(&r, &STOP_ITERATION) => {
            vm.take_exception(r);
            vm.stop_value.set(Value::NONE);
            Ok(None)
        }
        Err(r) => Err(r),
    }
}

impl Vm {
    pub(crate) fn new_item_iterator(&self, source: Value) -> Res {
        self.new_obj(ItemIter { header: ItemIter::HEADER, source, at: Cell::new(0) })
    }
}
