//! The owned tree to bytes.

use crate::module::{Body, Const, Module, RawCode};
use crate::reader::{FLAG_BSS, FLAG_RELOCS, FLAG_RODATA, kind};
use crate::reloc;
use crate::table::qstr::find_static_qstr;
use crate::varint::push_uint;
use alloc::vec::Vec;

/// The bytes of a `.mpy` file.
pub fn write(module: &Module) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&module.header.bytes());
    if module.header.arch_flags != 0 {
        push_uint(&mut out, module.header.arch_flags);
    }
    push_uint(&mut out, module.qstrs.len() as u32);
    push_uint(&mut out, module.consts.len() as u32);
    for text in &module.qstrs {
        push_qstr(&mut out, text);
    }
    for constant in &module.consts {
        push_const(&mut out, constant);
    }
    push_raw_code(&mut out, &module.root, &mut Vec::new());
    out
}

fn push_qstr(out: &mut Vec<u8>, text: &[u8]) {
    match find_static_qstr(text) {
        Some(number) => push_uint(out, u32::from(number) << 1 | 1),
        None => {
            push_uint(out, (text.len() as u32) << 1);
            out.extend_from_slice(text);
            out.push(0);
        }
    }
}

fn push_const(out: &mut Vec<u8>, constant: &Const) {
    let (kind, text) = match constant {
        Const::FunTable => return out.push(kind::FUN_TABLE),
        Const::None => return out.push(kind::NONE),
        Const::False => return out.push(kind::FALSE),
        Const::True => return out.push(kind::TRUE),
        Const::Ellipsis => return out.push(kind::ELLIPSIS),
        Const::Tuple(items) => {
            out.push(kind::TUPLE);
            push_uint(out, items.len() as u32);
            return items.iter().for_each(|item| push_const(out, item));
        }
        Const::Str(text) => (kind::STR, text.as_slice()),
        Const::Bytes(text) => (kind::BYTES, text.as_slice()),
        Const::Int(text) => (kind::INT, text.as_bytes()),
        Const::Float(text) => (kind::FLOAT, text.as_bytes()),
        Const::Complex(text) => (kind::COMPLEX, text.as_bytes()),
    };
    out.push(kind);
    push_uint(out, text.len() as u32);
    out.extend_from_slice(text);
    if matches!(kind, kind::STR | kind::BYTES) {
        out.push(0);
    }
}

/// Appends a function and its children; `body` is scratch memory.
fn push_raw_code(out: &mut Vec<u8>, raw: &RawCode, body: &mut Vec<u8>) {
    let head = |out: &mut Vec<u8>, len: usize| {
        push_uint(
            out,
            (len as u32) << 3 | u32::from(!raw.children.is_empty()) << 2 | raw.kind_number(),
        );
    };
    let mut relocs = None;
    match &raw.body {
        Body::Bytecode(code) => {
            body.clear();
            code.push(body);
            head(out, body.len());
            out.extend_from_slice(body);
        }
        Body::Native { data, prelude_at } => {
            head(out, data.len());
            out.extend_from_slice(data);
            push_uint(out, *prelude_at);
        }
        Body::Viper { text, flags, rodata, bss, relocs: list } => {
            head(out, text.len());
            out.extend_from_slice(text);
            let has = |present: bool, flag: u32| if present { flag } else { 0 };
            let implied = has(list.is_some(), FLAG_RELOCS)
                | has(rodata.is_some(), FLAG_RODATA)
                | has(bss.is_some(), FLAG_BSS);
            push_uint(out, flags | implied);
            if let Some(rodata) = rodata {
                push_uint(out, rodata.len() as u32);
            }
            if let Some(bss) = bss {
                push_uint(out, *bss);
            }
            out.extend_from_slice(rodata.as_deref().unwrap_or_default());
            relocs = list.as_deref();
        }
        Body::Asm { text, flags, n_pos_args, type_sig, relocs: list } => {
            head(out, text.len());
            out.extend_from_slice(text);
            push_uint(out, flags | if list.is_some() { FLAG_RELOCS } else { 0 });
            push_uint(out, *n_pos_args);
            push_uint(out, *type_sig);
            relocs = list.as_deref();
        }
    }
    if !raw.children.is_empty() {
        push_uint(out, raw.children.len() as u32);
        for child in &raw.children {
            push_raw_code(out, child, body);
        }
    }
    if let Some(relocs) = relocs {
        reloc::push_list(out, relocs);
    }
}
