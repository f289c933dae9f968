//! The dict type.

use super::{Args, Gc, Map};
use crate::error::Res;
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A dict.
    pub struct Dict: DICT { pub map: Map, }
}

py_type! {
    pub static DICT: "dict" { new: dict_new, print: dict_print, }
}

fn dict_new(vm: &Vm, _ty: &'static super::Type, _args: &Args<'_>) -> Res {
    Ok(vm.new_dict(0)?.into())
}

fn dict_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let Some(d) = this.cast::<Dict>() else { return Ok(()) };
    p.write(b"{")?;
    let (mut at, mut sep) = (0, "");
    while let Some((k, v)) = d.map.next(&mut at) {
        p.str(sep)?;
        vm.print_to(p, k, PrintKind::Repr)?;
        p.str(": ")?;
        vm.print_to(p, v, PrintKind::Repr)?;
        sep = ", ";
    }
    p.write(b"}")
}

impl Vm {
    /// An empty dict with room for `n` entries.
    pub fn new_dict(&self, n: usize) -> Res<Gc<Dict>> {
        let map = Map::with_capacity(self, n)?;
        self.alloc_obj(Dict { header: <Dict as super::Object>::HEADER, map })
    }
}
