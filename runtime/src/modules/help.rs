//! `help()`: what an object is and which names it has.

use crate::Res;
use crate::object::{BuiltinModule, Module};
use crate::print::{Print, PrintKind, Stdout};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::{Class, Vm};

const WELCOME: &str = "Hognose, a runtime for MicroPython programs.\n\n\
    help(object) tells its names, help('modules') the modules.\n";

/// Modules in a line, and the width of each name but the last.
const COLUMNS: usize = 4;
const WIDTH: usize = 18;

pub fn help(vm: &Vm, args: &[Value]) -> Res {
    match args.first() {
        None => Stdout(vm).str(WELCOME)?,
        Some(&v) if vm.name_is(v, q!("modules")) => modules(vm)?,
        Some(&v) => object(vm, v)?,
    }
    Ok(Value::NONE)
}

fn modules(vm: &Vm) -> Res<()> {
    let mut out = Stdout(vm);
    let count = super::all(vm).count();
    for (i, m) in super::all(vm).enumerate() {
        let name = vm.qstr_bytes(m.name);
        out.write(name)?;
        if (i + 1) % COLUMNS == 0 || i + 1 == count {
            out.str("\n")?;
        } else {
            for _ in name.len()..WIDTH {
                out.str(" ")?;
            }
        }
    }
    out.str("and those in files on sys.path\n")
}

fn object(vm: &Vm, v: Value) -> Res<()> {
    let mut out = Stdout(vm);
    out.str("object ")?;
    vm.print_to(&mut out, v, PrintKind::Str)?;
    out.str(" is of type ")?;
    out.write(vm.qstr_bytes(vm.type_of(v).name))?;
    out.str("\n")?;
    let mut line = |name: Qstr, v: Value| {
        out.str("  ")?;
        out.write(vm.qstr_bytes(name))?;
        out.str(" -- ")?;
        vm.print_to(&mut out, v, PrintKind::Str)?;
        out.str("\n")
    };
    if let Some(m) = v.cast::<BuiltinModule>() {
        return m.table.iter().try_for_each(|row| line(row.name, row.value));
    }
    let ty = vm.as_type(v).unwrap_or(vm.type_of(v));
    let map = match (v.cast::<Module>(), Class::of(ty)) {
        (Some(m), _) => m.globals,
        (None, Some(class)) => class.dict,
        (None, None) => return ty.locals.iter().try_for_each(|row| line(row.name, row.value)),
    };
    map.map.iter().try_for_each(|(k, v)| k.as_qstr().map_or(Ok(()), |name| line(name, v)))
}
