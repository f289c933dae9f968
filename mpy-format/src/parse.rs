//! Bytes to the owned tree: [`Module::parse`].

use crate::error::{Error, ErrorKind};
use crate::module::{Body, Bytecode, Const, Module, RawCode};
use crate::reader::{ConstRef, FLAG_BSS, FLAG_RELOCS, FLAG_RODATA, MAX_DEPTH, RawKind, Reader};
use crate::reloc::Reloc;
use alloc::string::String;
use alloc::vec::Vec;

impl Module {
    /// Reads a whole file.
    ///
    /// # Errors
    /// The first fault in its structure. The code itself is not verified.
    pub fn parse(data: &[u8]) -> Result<Module, Error> {
        let mut reader = Reader::new(data)?;
        let qstrs = (0..reader.n_qstrs())
            .map(|_| Ok(reader.qstr()?.text().to_vec()))
            .collect::<Result<_, Error>>()?;
        let consts = (0..reader.n_consts())
            .map(|_| constant(&mut reader, MAX_DEPTH))
            .collect::<Result<_, _>>()?;
        let root = raw_code(&mut reader, MAX_DEPTH)?;
        let header = *reader.header();
        reader.finish()?;
        Ok(Module { header, qstrs, consts, root })
    }
}

fn constant(reader: &mut Reader<'_>, depth: u32) -> Result<Const, Error> {
    let at = reader.position();
    Ok(match reader.constant()? {
        ConstRef::FunTable => Const::FunTable,
        ConstRef::None => Const::None,
        ConstRef::False => Const::False,
        ConstRef::True => Const::True,
        ConstRef::Ellipsis => Const::Ellipsis,
        ConstRef::Str(text) => Const::Str(text.to_vec()),
        ConstRef::Bytes(text) => Const::Bytes(text.to_vec()),
        ConstRef::Int(text) => Const::Int(String::from(text)),
        ConstRef::Float(text) => Const::Float(String::from(text)),
        ConstRef::Complex(text) => Const::Complex(String::from(text)),
        ConstRef::Tuple(len) => {
            let depth = depth.checked_sub(1).ok_or(Error::new(at, ErrorKind::TooDeep))?;
            Const::Tuple((0..len).map(|_| constant(reader, depth)).collect::<Result<_, _>>()?)
        }
    })
}

fn raw_code(reader: &mut Reader<'_>, depth: u32) -> Result<RawCode, Error> {
    let at = reader.position();
    let raw = reader.raw_code()?;
    let depth = depth.checked_sub(1).ok_or(Error::new(at, ErrorKind::TooDeep))?;
    let children =
        (0..raw.n_children).map(|_| raw_code(reader, depth)).collect::<Result<Vec<_>, _>>()?;
    let relocs = if raw.has_relocs { Some(relocs(reader)?) } else { None };
    let body = match raw.kind {
        RawKind::Bytecode => Body::Bytecode(bytecode(raw.data, raw.data_at)?),
        RawKind::Native { prelude_at } => Body::Native { data: raw.data.to_vec(), prelude_at },
        RawKind::Viper { flags, rodata, bss } => Body::Viper {
            text: raw.data.to_vec(),
            flags: flags & !(FLAG_RELOCS | FLAG_RODATA | FLAG_BSS),
            rodata: rodata.map(<[u8]>::to_vec),
            bss,
            relocs,
        },
        RawKind::Asm { flags, n_pos_args, type_sig } => Body::Asm {
            text: raw.data.to_vec(),
            flags: flags & !FLAG_RELOCS,
            n_pos_args,
            type_sig,
            relocs,
        },
    };
    Ok(RawCode { body, children })
}

fn relocs(reader: &mut Reader<'_>) -> Result<Vec<Reloc>, Error> {
    let mut list = Vec::new();
    while let Some(reloc) = reader.reloc()? {
        list.push(reloc);
    }
    Ok(list)
}

fn bytecode(data: &[u8], at: u32) -> Result<Bytecode, Error> {
    let prelude =
        crate::prelude::Prelude::read(data, 0).map_err(|e| Error { at: at + e.at, ..e })?;
    Ok(Bytecode {
        signature: prelude.signature,
        name: prelude.name,
        arg_names: prelude.arg_names().collect(),
        lines: prelude.lines.to_vec(),
        cells: prelude.cells.to_vec(),
        code: data[prelude.code_at..].to_vec(),
    })
}
