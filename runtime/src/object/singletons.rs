//! Types of the immediates: None, bools, Ellipsis, NotImplemented.

use crate::error::Res;
use crate::print::{Print, PrintKind, print_int};
use crate::value::Value;
use crate::vm::Vm;

py_type! { pub static NONE_TYPE: "NoneType" { print: print_immediate, } }
py_type! { pub static BOOL: "bool" { print: print_immediate, } }
py_type! { pub static ELLIPSIS: "Ellipsis" { print: print_immediate, } }
py_type! { pub static NOT_IMPLEMENTED: "NotImplementedType" { print: print_immediate, } }
py_type! { pub static INT: "int" { print: int_print, } }
py_type! { pub static OBJECT: "object" { } }

fn print_immediate(_vm: &Vm, v: Value, p: &mut dyn Print, kind: PrintKind) -> Res<()> {
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

fn int_print(_vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    print_int(p, v.as_small().unwrap_or(0) as i64)
}
