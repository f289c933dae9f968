//! The new ELF file: what stays, with every link written anew. Relocations and the symbols
//! of pieces are left out, so what comes out is not linked again.

use super::super::{Base, ImageError};
use super::RelinkError;
use super::layout::{Plan, STACK_START};
use super::parts::{Home, Link, Parts, Section, SectionKind};
use super::patch::{self, Machine, Shift};
use super::tables::Tables;
use object::elf::{self, FileHeader32, ProgramHeader32, SectionHeader32, Sym32};
use object::pod::bytes_of;
use object::read::elf::{FileHeader, SectionHeader};
use object::{LittleEndian as Le, U16, U32};
use std::collections::HashMap;

const LE: Le = Le;

fn word(value: u32) -> U32<Le> {
    U32::new(LE, value)
}

pub fn write(
    base: &Base<'_>,
    parts: &Parts,
    tables: &Tables,
    plan: &Plan,
) -> Result<Vec<u8>, ImageError> {
    let old = FileHeader32::<Le>::parse(base.file)?;
    let symbols = Symbols::make(parts, plan)?;
    let mut numbers: HashMap<usize, u32> = HashMap::new();
    for (i, section) in parts.sections.iter().enumerate() {
        if !section.goes() {
            numbers.insert(i, numbers.len() as u32);
        }
    }
    let number = |index: u32| numbers.get(&(index as usize)).copied().unwrap_or(0);

    let mut out = vec![0; size_of::<FileHeader32<Le>>()];
    let mut headers: Vec<SectionHeader32<Le>> = Vec::new();
    let mut segments: Vec<ProgramHeader32<Le>> = Vec::new();
    let strings = parts.sections.iter().find(|s| s.header.sh_type.get(LE) == elf::SHT_SYMTAB);
    let strings = strings.map(|s| s.header.sh_link.get(LE) as usize);
    for (i, section) in parts.sections.iter().enumerate() {
        if section.goes() {
            continue;
        }
        let mut header = section.header;
        let place = plan.sections.get(i).copied().ok_or(RelinkError::Section)?;
        let data = if header.sh_type.get(LE) == elf::SHT_SYMTAB {
            header.sh_info = word(symbols.locals);
            symbols.table(&number)
        } else if strings == Some(i) {
            symbols.strings.clone()
        } else {
            contents(parts, tables, plan, i)?
        };
        if header.sh_type.get(LE) != elf::SHT_NULL {
            out.resize(out.len().next_multiple_of(4), 0);
            header.sh_offset = word(offset(&out)?);
        }
        header.sh_link = word(number(header.sh_link.get(LE)));
        header.sh_addr = word(place.start);
        header.sh_size = match section.kind {
            SectionKind::Zeroed => word(place.size),
            _ => word(u32::try_from(data.len()).map_err(|_| RelinkError::Size)?),
        };
        if header.sh_flags(LE).contains(elf::SHF_ALLOC) && header.sh_size.get(LE) > 0 {
            segments.push(segment(section, &header, data.len(), place.load));
        }
        out.extend_from_slice(&data);
        headers.push(header);
    }
    out.resize(out.len().next_multiple_of(4), 0);
    let segments_at = offset(&out)?;
    segments.iter().for_each(|s| out.extend_from_slice(bytes_of(s)));
    let headers_at = offset(&out)?;
    headers.iter().for_each(|h| out.extend_from_slice(bytes_of(h)));
    let mut header = *old;
    let entry = old.e_entry.get(LE);
    let entry = parts.entry.map_or(Some(entry), |piece| plan.moved(parts, piece, entry));
    header.e_entry = word(entry.ok_or(RelinkError::Place(0))?);
    header.e_phoff = word(segments_at);
    header.e_phnum = U16::new(LE, segments.len() as u16);
    header.e_shoff = word(headers_at);
    header.e_shnum = U16::new(LE, headers.len() as u16);
    let names = number(u32::from(old.e_shstrndx.get(LE).0));
    header.e_shstrndx = U16::new(LE, elf::SymbolSection(names as u16));
    out[..size_of::<FileHeader32<Le>>()].copy_from_slice(bytes_of(&header));
    Ok(out)
}

fn offset(out: &[u8]) -> Result<u32, RelinkError> {
    u32::try_from(out.len()).map_err(|_| RelinkError::Size)
}

fn segment(
    section: &Section,
    header: &SectionHeader32<Le>,
    in_file: usize,
    load: u32,
) -> ProgramHeader32<Le> {
    let flags = header.sh_flags(LE);
    let mut allowed = elf::PF_R.0;
    for (flag, allow) in [(elf::SHF_WRITE, elf::PF_W.0), (elf::SHF_EXECINSTR, elf::PF_X.0)] {
        allowed |= if flags.contains(flag) { allow } else { 0 };
    }
    ProgramHeader32 {
        p_type: U32::new(LE, elf::PT_LOAD),
        p_offset: header.sh_offset,
        p_vaddr: header.sh_addr,
        p_paddr: word(load),
        p_filesz: word(in_file as u32),
        p_memsz: header.sh_size,
        p_flags: U32::new(LE, elf::ProgramFlags(allowed)),
        p_align: word(section.align()),
    }
}

/// The new contents of a section.
fn contents(
    parts: &Parts,
    tables: &Tables,
    plan: &Plan,
    index: usize,
) -> Result<Vec<u8>, RelinkError> {
    let Some(section) = parts.sections.get(index) else { return Ok(Vec::new()) };
    if section.moves() && !section.data.is_empty() {
        return moved(parts, tables, plan, index);
    }
    let mut data = section.data.clone();
    let start = section.range().start;
    for link in parts.links.iter().filter(|l| l.section == index) {
        let at = link.place.checked_sub(start).ok_or(RelinkError::Place(link.place))? as usize;
        let gone = match link.target {
            Home::Piece(piece) => plan.starts.get(piece).copied().flatten().is_none(),
            _ => false,
        };
        match gone {
            // What debug information says of it is of no use any more.
            true => data.get_mut(at..).map_or((), |d| d.iter_mut().take(4).for_each(|b| *b = 0)),
            false => relink(parts, plan, link, &mut data, at, link.place)?,
        }
    }
    Ok(data)
}

/// A section that moves: its pieces that stay.
fn moved(
    parts: &Parts,
    tables: &Tables,
    plan: &Plan,
    index: usize,
) -> Result<Vec<u8>, RelinkError> {
    let mut data = Vec::new();
    let Some(place) = plan.sections.get(index) else { return Ok(data) };
    let first = parts.sections.iter().filter(|s| s.moves() && !s.data.is_empty());
    let first = first.map(|s| s.range().start).min();
    for (i, piece) in parts.pieces.iter().enumerate().filter(|(_, p)| p.section == index) {
        let Some(start) = plan.starts.get(i).copied().flatten() else { continue };
        let at = start.checked_sub(place.start).ok_or(RelinkError::Pieces)? as usize;
        data.resize(at, 0);
        let bytes = parts.bytes(i);
        let whole = [(0, piece.size)];
        let rows: Vec<(u32, u32)> = match tables.tables.get(&i) {
            Some(table) => table.source.iter().map(|row| (row * table.row, table.row)).collect(),
            None => whole.to_vec(),
        };
        for (from, length) in rows {
            let (at, to) = (data.len(), from.saturating_add(length));
            let row = bytes.get(from as usize..to as usize).ok_or(RelinkError::Pieces)?;
            data.extend_from_slice(row);
            for link in parts.links_of(i) {
                let offset = link.place.wrapping_sub(piece.start);
                if (from..to).contains(&offset) {
                    let at = at + (offset - from) as usize;
                    let here = place.start.wrapping_add(at as u32);
                    relink(parts, plan, link, &mut data, at, here)?;
                }
            }
        }
    }
    // The first word that the CPU reads is where its stack starts.
    if let (Machine::Arm, true) = (parts.machine, first == Some(place.start))
        && let Some((_, stack)) = plan.numbers.iter().find(|(name, _)| *name == STACK_START)
        && let Some(word) = data.get_mut(..4)
    {
        word.copy_from_slice(&stack.to_le_bytes());
    }
    for (address, length) in &tables.lengths {
        let Some(piece) = parts.piece_at(*address) else { continue };
        if parts.pieces.get(piece).is_some_and(|p| p.section == index)
            && let Some(new) = plan.moved(parts, piece, *address)
            && plan.starts.get(piece).copied().flatten().is_some()
        {
            let at = new.wrapping_sub(place.start) as usize;
            let bytes = data.get_mut(at..).and_then(|d| d.get_mut(..4));
            bytes.ok_or(RelinkError::Pieces)?.copy_from_slice(&length.to_le_bytes());
        }
    }
    Ok(data)
}

/// Writes a link at offset `at` of `data`, which is at address `here`.
fn relink(
    parts: &Parts,
    plan: &Plan,
    link: &Link,
    data: &mut [u8],
    at: usize,
    here: u32,
) -> Result<(), RelinkError> {
    let (by, address) = plan.target(parts, link)?;
    let mut shift = Shift { target: by, place: here.wrapping_sub(link.place), address, here };
    if parts.machine.is_lower_half(link.kind) {
        let upper = link.address.and_then(|at| parts.link_at(at));
        let upper = upper.filter(|upper| !parts.machine.is_lower_half(upper.kind));
        let upper = upper.ok_or(RelinkError::Place(link.place))?;
        shift.here = address.unwrap_or(here);
        shift.address = plan.target(parts, upper)?.1;
    }
    let bytes = data.get_mut(at..).ok_or(RelinkError::Place(link.place))?;
    patch::apply(parts.machine, link.kind, bytes, &shift).map_err(|wrong| match wrong {
        patch::Wrong::Kind => RelinkError::Kind(link.kind, link.place),
        patch::Wrong::Far => RelinkError::Far(link.place),
    })
}

/// The new symbol table.
struct Symbols {
    entries: Vec<Sym32<Le>>,
    locals: u32,
    strings: Vec<u8>,
}

impl Symbols {
    fn make(parts: &Parts, plan: &Plan) -> Result<Symbols, RelinkError> {
        let mut made = Symbols { entries: Vec::new(), locals: 0, strings: vec![0] };
        for (i, symbol) in parts.symbols.iter().enumerate() {
            if symbol.is_piece() {
                continue;
            }
            let Some(value) = plan.symbol(parts, i)? else { continue };
            let mut raw = symbol.raw;
            raw.st_value = word(value);
            raw.st_name = word(0);
            if !symbol.name.is_empty() {
                raw.st_name = word(offset(&made.strings)?);
                made.strings.extend_from_slice(&symbol.name);
                made.strings.push(0);
            }
            if raw.st_bind() == elf::STB_LOCAL {
                made.locals += 1;
            }
            made.entries.push(raw);
        }
        // Local symbols come first, as the number of them says.
        made.entries.sort_by_key(|s| s.st_bind() != elf::STB_LOCAL);
        Ok(made)
    }

    fn table(&self, number: &dyn Fn(u32) -> u32) -> Vec<u8> {
        let mut out = Vec::new();
        for entry in &self.entries {
            let mut entry = *entry;
            let index = entry.st_shndx.get(LE);
            if index.0 < elf::SHN_LORESERVE {
                let new = elf::SymbolSection(number(u32::from(index.0)) as u16);
                entry.st_shndx = U16::new(LE, new);
            }
            out.extend_from_slice(bytes_of(&entry));
        }
        out
    }
}
