//! Types of the immediates None, Ellipsis and NotImplemented.

use crate::error::Res;
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

py_type! { pub static NONE_TYPE: "NoneType" { print: print_immediate, } }
py_type! { pub static ELLIPSIS: "Ellipsis" { print: print_immediate, } }
py_type! { pub static NOT_IMPLEMENTED: "NotImplementedType" { print: print_immediate, } }

pub(super) fn print_immediate(_vm: &Vm, v: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
    let json = kind == PrintKind::Json;
    p.str(match v.as_bool() {
        Some(true) if json => "true",
        Some(true) => "True",
        Some(false) if json => "false",
        Some(false) => "False",
        None if v.is_none() && json => "null",
        None if v.is_none() => "None",
        None if v == Value::ELLIPSIS => "Ellipsis",
        None => "NotImplemented",
    })
}
