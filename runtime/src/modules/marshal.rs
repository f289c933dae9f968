//! `marshal`: code objects as bytes, which are `.mpy` files.

use mpy_format::reader::kind;
use mpy_format::varint::{MAX_UINT_BYTES, encode_uint};
use mpy_format::{Header, Operand};

use crate::error::{Res, VALUE_ERROR};
use crate::object::Gc;
use crate::print::{Print, PrintKind, StrBuf};
use crate::value::Value;
use crate::vm::{Code, Function, Vm};

module! {
    pub static MARSHAL: "marshal" {
        "dumps" => fv!(1, 2, dumps),
        "loads" => f1!(loads),
    }
}

fn unmarshallable<T>(vm: &Vm) -> Res<T> {
    vm.raise(&VALUE_ERROR, "unmarshallable object")
}

fn uint(out: &mut StrBuf<'_>, n: u32) -> Res<()> {
    out.write(encode_uint(n, &mut [0; MAX_UINT_BYTES]))
}

/// How many names and constants of its module a function and those inside refer to.
fn extent(vm: &Vm, f: Gc<Function>) -> Res<(u32, u32)> {
    vm.check_stack()?;
    let Some(prelude) = f.raw().prelude() else { return unmarshallable(vm) };
    let named = prelude.arg_names().fold(prelude.name + 1, |n, i| n.max(i + 1));
    let (mut names, mut constants) = (named, 0);
    for i in f.instructions() {
        match i.opcode.operand() {
            Operand::Qstr => names = names.max(i.arg + 1),
            Operand::Const => constants = constants.max(i.arg + 1),
            _ => {}
        }
    }
    for i in 0..f.children() {
        let Some(child) = vm.child_code(f, i)? else { return unmarshallable(vm) };
        let (n, c) = extent(vm, child)?;
        (names, constants) = (names.max(n), constants.max(c));
    }
    Ok((names, constants))
}

fn push_const(vm: &Vm, out: &mut StrBuf<'_>, v: Value) -> Res<()> {
    vm.check_stack()?;
    if let Some(items) = vm.tuple_items(v) {
        out.push(kind::TUPLE)?;
        uint(out, items.len() as u32)?;
        return items.iter().try_for_each(|&item| push_const(vm, out, item));
    }
    let single = [
        (Value::NONE, kind::NONE),
        (Value::FALSE, kind::FALSE),
        (Value::TRUE, kind::TRUE),
        (Value::ELLIPSIS, kind::ELLIPSIS),
    ];
    if let Some((_, kind)) = single.iter().find(|(of, _)| *of == v) {
        return out.push(*kind);
    }
    let texts = [(vm.str_bytes(v), kind::STR), (bytes(v), kind::BYTES)];
    for (text, kind) in texts {
        if let Some(text) = text {
            out.push(kind)?;
            uint(out, text.len() as u32)?;
            out.write(text)?;
            return out.push(0);
        }
    }
    let mut text = StrBuf::new(vm);
    vm.print_to(&mut text, v, PrintKind::Repr)?;
    let ty = vm.type_of(v);
    let kind = if ty == &crate::object::INT {
        kind::INT
    } else if ty == &crate::object::FLOAT {
        kind::FLOAT
    } else if ty == &crate::object::COMPLEX {
        kind::COMPLEX
    } else {
        return unmarshallable(vm);
    };
    let digits = text.bytes();
    let digits = digits.strip_prefix(b"(").and_then(|d| d.strip_suffix(b")")).unwrap_or(digits);
    out.push(kind)?;
    uint(out, digits.len() as u32)?;
    out.write(digits)
}

fn bytes(v: Value) -> Option<&'static [u8]> {
    v.cast::<crate::object::Bytes>().map(|b| b.get().bytes())
}

fn push_code(vm: &Vm, out: &mut StrBuf<'_>, f: Gc<Function>) -> Res<()> {
    let children = f.children();
    let data = f.raw().bytes();
    uint(out, (data.len() as u32) << 3 | u32::from(children > 0) << 2)?;
    out.write(data)?;
    if children > 0 {
        uint(out, children)?;
    }
    for i in 0..children {
        let Some(child) = vm.child_code(f, i)? else { return unmarshallable(vm) };
        push_code(vm, out, child)?;
    }
    Ok(())
}

/// `dumps(code[, version])`.
fn dumps(vm: &Vm, args: &[Value]) -> Res {
    let Some(code) = args.first().and_then(|v| v.cast::<Code>()) else {
        return unmarshallable(vm);
    };
    let f = vm.loaded_code(code)?;
    let (names, constants) = extent(vm, f)?;
    let mut out = StrBuf::new(vm);
    let small_int_bits = usize::BITS as u8 - 1;
    out.write(&Header::bytecode(small_int_bits).bytes())?;
    uint(&mut out, names)?;
    uint(&mut out, constants)?;
    for i in 0..names {
        let text = vm.qstr_bytes(f.qstr(i));
        uint(&mut out, (text.len() as u32) << 1)?;
        out.write(text)?;
        out.push(0)?;
    }
    for i in 0..constants {
        push_const(vm, &mut out, f.constant(i))?;
    }
    push_code(vm, &mut out, f)?;
    out.into_bytes()
}

/// `loads(bytes)`.
fn loads(vm: &Vm, data: Value) -> Res {
    let code = vm.new_code(vm.alloc_bytes(vm.get_buffer(data)?.bytes())?)?;
    vm.loaded_code(vm.expect::<Code>(code)?)?;
    Ok(code)
}
