//! A firmware's ELF file taken apart: sections, pieces, symbols, links.

use super::super::{Base, ImageError};
use super::RelinkError;
use super::patch::Machine;
use mpy_format::image::{FACTS_SECTION, PIECE_SYMBOL};
use object::LittleEndian as Le;
use object::elf::{self, FileHeader32, ProgramHeader32, SectionHeader32, Sym32};
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use std::ops::Range;

const LE: Le = Le;

/// Sections whose pieces may go.
const LOOSE: [&[u8]; 2] = [b".text", b".rodata"];
const UNWINDING: &[u8] = b".eh_frame";
/// The alignment of what lies between named pieces, at most.
const LARGEST_ALIGN: u32 = 16;

pub struct Section {
    pub header: SectionHeader32<Le>,
    /// Its bytes in the file.
    pub data: Vec<u8>,
    /// Where it lies in flash, if it is loaded from there.
    pub load: u32,
    pub kind: SectionKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SectionKind {
    /// In flash, and may move; its pieces may go.
    Loose,
    /// In flash; moves as a whole.
    Whole,
    /// Variables with contents: the contents move, the addresses do not.
    Variables,
    /// Variables without contents.
    Zeroed,
    /// The facts.
    Facts,
    /// Relocations.
    Relocations,
    /// Tables for unwinding the stack, which no firmware does: they go.
    Unwinding,
    /// Not loaded.
    Other,
}

impl Section {
    pub fn range(&self) -> Range<u32> {
        let start = self.header.sh_addr.get(LE);
        start..start.saturating_add(self.header.sh_size.get(LE))
    }

    pub fn align(&self) -> u32 {
        self.header.sh_addralign.get(LE).clamp(1, 1 << 16)
    }

    /// It is not in the new file.
    pub fn goes(&self) -> bool {
        matches!(self.kind, SectionKind::Relocations | SectionKind::Unwinding)
    }

    pub fn moves(&self) -> bool {
        matches!(self.kind, SectionKind::Loose | SectionKind::Whole)
    }
}

/// What goes or stays as one.
#[derive(Debug)]
pub struct Piece {
    pub section: usize,
    pub start: u32,
    pub size: u32,
    pub align: u32,
    /// The remainder of its address that it must keep.
    pub residue: u32,
}

impl Piece {
    pub fn end(&self) -> u32 {
        self.start.saturating_add(self.size)
    }
}

/// What a symbol's value is measured from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    Piece(usize),
    /// The end of a section that moves.
    End(usize),
    Fixed,
}

pub struct Symbol {
    pub raw: Sym32<Le>,
    pub name: Vec<u8>,
    pub home: Home,
}

impl Symbol {
    pub fn value(&self) -> u32 {
        self.raw.st_value.get(LE)
    }

    pub fn is_piece(&self) -> bool {
        self.name.starts_with(PIECE_SYMBOL.as_bytes())
    }
}

/// A place in the firmware that holds an address, or the distance to one.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Index of the section that holds it, and its address there.
    pub section: usize,
    pub place: u32,
    pub kind: u32,
    pub symbol: usize,
    /// What it refers to.
    pub target: Home,
    /// Distance of what it refers to from the start of the piece, if that can be told.
    pub offset: Option<u32>,
    /// The whole address, if the relocation says so itself.
    pub address: Option<u32>,
}

pub struct Parts {
    pub machine: Machine,
    pub sections: Vec<Section>,
    /// In the order of addresses.
    pub pieces: Vec<Piece>,
    pub symbols: Vec<Symbol>,
    /// In the order of places; those of debug information come last.
    pub links: Vec<Link>,
    /// The piece where the CPU starts.
    pub entry: Option<usize>,
}

impl Parts {
    /// `None` if the file was not made to be taken apart.
    pub fn read(base: &Base<'_>) -> Result<Option<Parts>, ImageError> {
        let file = base.file;
        let header = FileHeader32::<Le>::parse(file)?;
        let Some(machine) = Machine::of(header.e_machine.get(LE)) else { return Ok(None) };
        let table = header.sections(LE, file)?;
        let segments = header.program_headers(LE, file)?;
        let mut sections = Vec::new();
        for section in table.iter() {
            let name = table.section_name(LE, section).unwrap_or_default();
            sections.push(Section {
                header: *section,
                data: section.data(LE, file)?.to_vec(),
                load: load_address(section, segments),
                kind: kind(section, name)?,
            });
        }
        let symbols = table.symbols(LE, file, elf::SHT_SYMTAB)?;
        let mut named = Vec::new();
        for symbol in symbols.iter() {
            let name = symbols.strings().get(symbol.st_name.get(LE)).unwrap_or_default().to_vec();
            named.push(Symbol { raw: *symbol, name, home: Home::Fixed });
        }
        if !named.iter().any(Symbol::is_piece) {
            return Ok(None);
        }
        let pieces = pieces(&sections, &named)?;
        let mut parts =
            Parts { machine, sections, pieces, symbols: named, links: Vec::new(), entry: None };
        for i in 0..parts.symbols.len() {
            parts.symbols[i].home = parts.home(&parts.symbols[i]);
        }
        parts.entry = parts.piece_at(header.e_entry.get(LE) & !1);
        parts.read_links()?;
        Ok(Some(parts))
    }

    /// The piece that holds an address.
    pub fn piece_at(&self, address: u32) -> Option<usize> {
        let after = self.pieces.partition_point(|p| p.start <= address);
        let at = after.checked_sub(1)?;
        self.pieces.get(at).filter(|p| address < p.end()).map(|_| at)
    }

    /// The bytes of a piece.
    pub fn bytes(&self, piece: usize) -> &[u8] {
        let Some(p) = self.pieces.get(piece) else { return &[] };
        let Some(section) = self.sections.get(p.section) else { return &[] };
        let offset = p.start.saturating_sub(section.range().start) as usize;
        section.data.get(offset..).and_then(|d| d.get(..p.size as usize)).unwrap_or_default()
    }

    /// The word at an address in a piece.
    pub fn word(&self, address: u32) -> Option<u32> {
        let piece = self.piece_at(address)?;
        let offset = address.checked_sub(self.pieces.get(piece)?.start)? as usize;
        let bytes = self.bytes(piece).get(offset..)?.get(..4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The link at an address in flash.
    pub fn link_at(&self, place: u32) -> Option<&Link> {
        let at = self.links.partition_point(|l| (l.debug(self), l.place) < (false, place));
        self.links.get(at).filter(|l| l.place == place && !l.debug(self))
    }

    /// The links of a piece.
    pub fn links_of(&self, piece: usize) -> &[Link] {
        let Some(p) = self.pieces.get(piece) else { return &[] };
        let find =
            |address| self.links.partition_point(|l| (l.debug(self), l.place) < (false, address));
        self.links.get(find(p.start)..find(p.end())).unwrap_or_default()
    }

    fn home(&self, symbol: &Symbol) -> Home {
        let raw = &symbol.raw;
        let index = usize::from(raw.st_shndx.get(LE).0);
        let Some(section) = self.sections.get(index).filter(|s| s.moves()) else {
            return Home::Fixed;
        };
        let thumb = self.machine == Machine::Arm && raw.st_type() == elf::STT_FUNC;
        let address = symbol.value() & !u32::from(thumb);
        if address == section.range().end {
            return Home::End(index);
        }
        let inside = |&at: &usize| self.pieces.get(at).is_some_and(|p| p.section == index);
        self.piece_at(address).filter(inside).map_or(Home::Fixed, Home::Piece)
    }

    fn read_links(&mut self) -> Result<(), ImageError> {
        let mut links = Vec::new();
        for section in self.sections.iter().filter(|s| s.kind == SectionKind::Relocations) {
            let of = section.header.sh_info.get(LE) as usize;
            let with_addend = section.header.sh_type.get(LE) == elf::SHT_RELA;
            let words: Vec<u32> = section
                .data
                .chunks_exact(4)
                .map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]))
                .collect();
            for row in words.chunks_exact(if with_addend { 3 } else { 2 }) {
                let (kind, symbol) = (row[1] & 0xff, (row[1] >> 8) as usize);
                if self.machine.is_nothing(kind) {
                    continue;
                }
                links.push(self.link(of, row[0], kind, symbol, row.get(2).copied())?);
            }
        }
        links.sort_by_key(|l| (l.debug(self), l.place));
        self.links = links;
        Ok(())
    }

    fn link(
        &self,
        section: usize,
        place: u32,
        kind: u32,
        symbol: usize,
        addend: Option<u32>,
    ) -> Result<Link, RelinkError> {
        let wrong = RelinkError::Place(place);
        let to = self.symbols.get(symbol).ok_or(wrong)?;
        let of = self.sections.get(section).ok_or(wrong)?;
        let address = match addend {
            Some(addend) => Some(to.value().wrapping_add(addend)),
            // The file holds the sum.
            None if self.machine.is_word(kind) => {
                let offset = place.checked_sub(of.range().start).ok_or(wrong)? as usize;
                let bytes = of.data.get(offset..).and_then(|d| d.get(..4)).ok_or(wrong)?;
                Some(u32::from_le_bytes(bytes.try_into().map_err(|_| wrong)?))
            }
            None => None,
        };
        let target = match to.raw.st_type() {
            // Something nameless that the linker has merged.
            elf::STT_SECTION => {
                let address = address.ok_or(wrong)?;
                match self.piece_at(address) {
                    Some(piece) => Home::Piece(piece),
                    None => to.home,
                }
            }
            _ => to.home,
        };
        let offset = match (target, address) {
            (Home::Piece(piece), Some(address)) => {
                self.pieces.get(piece).map(|p| address.wrapping_sub(p.start))
            }
            _ => None,
        };
        let address = address.filter(|_| addend.is_some());
        Ok(Link { section, place, kind, symbol, target, offset, address })
    }
}

impl Link {
    /// It belongs to what is not loaded and says nothing about the firmware.
    pub fn debug(&self, parts: &Parts) -> bool {
        parts.sections.get(self.section).is_none_or(|s| s.kind == SectionKind::Other)
            || self.facts(parts)
    }

    /// It belongs to the facts.
    pub fn facts(&self, parts: &Parts) -> bool {
        parts.sections.get(self.section).is_some_and(|s| s.kind == SectionKind::Facts)
    }
}

fn kind(section: &SectionHeader32<Le>, name: &[u8]) -> Result<SectionKind, RelinkError> {
    let flags = section.sh_flags(LE);
    let kind = section.sh_type.get(LE);
    if name == FACTS_SECTION.as_bytes() {
        return Ok(SectionKind::Facts);
    }
    if kind == elf::SHT_REL || kind == elf::SHT_RELA {
        return Ok(SectionKind::Relocations);
    }
    if !flags.contains(elf::SHF_ALLOC) {
        return Ok(SectionKind::Other);
    }
    let end = u64::from(section.sh_addr.get(LE)) + u64::from(section.sh_size.get(LE));
    if end > u64::from(u32::MAX) {
        return Err(RelinkError::Size);
    }
    if name == UNWINDING {
        return Ok(SectionKind::Unwinding);
    }
    match (kind, flags.contains(elf::SHF_WRITE)) {
        (elf::SHT_NOBITS, _) => Ok(SectionKind::Zeroed),
        (_, true) => Ok(SectionKind::Variables),
        (elf::SHT_PROGBITS, false) if LOOSE.contains(&name) => Ok(SectionKind::Loose),
        (elf::SHT_PROGBITS, false) => Ok(SectionKind::Whole),
        (_, false) => Err(RelinkError::Section),
    }
}

/// Where the contents of a section lie in flash.
fn load_address(section: &SectionHeader32<Le>, segments: &[ProgramHeader32<Le>]) -> u32 {
    let address = section.sh_addr.get(LE);
    let holds = |s: &&ProgramHeader32<Le>| {
        let start = s.p_vaddr.get(LE);
        s.p_type(LE) == elf::PT_LOAD
            && (start..start.saturating_add(s.p_memsz.get(LE))).contains(&address)
    };
    let load = |s: &ProgramHeader32<Le>| {
        address.wrapping_sub(s.p_vaddr.get(LE)).wrapping_add(s.p_paddr.get(LE))
    };
    segments.iter().find(holds).map_or(address, load)
}

/// All pieces: those with symbols, and what lies between them.
fn pieces(sections: &[Section], symbols: &[Symbol]) -> Result<Vec<Piece>, RelinkError> {
    let mut pieces = Vec::new();
    for (index, section) in sections.iter().enumerate().filter(|(_, s)| s.moves()) {
        let range = section.range();
        if section.data.len() != range.len() {
            return Err(RelinkError::Pieces);
        }
        let mut named: Vec<(u32, u32, u32)> = Vec::new();
        let is_code = section.header.sh_flags(LE).contains(elf::SHF_EXECINSTR);
        if section.kind == SectionKind::Loose {
            for symbol in symbols.iter().filter(|s| s.is_piece()) {
                if usize::from(symbol.raw.st_shndx.get(LE).0) != index {
                    continue;
                }
                let align = symbol.name.get(PIECE_SYMBOL.len()..).unwrap_or_default();
                let align = std::str::from_utf8(align).ok().and_then(|a| a.parse::<u32>().ok());
                let align = align.filter(|a| a.is_power_of_two() && *a <= section.align());
                let align = align.ok_or(RelinkError::Pieces)?;
                // Instructions have even addresses, whatever assemblers say.
                let align = align.max(if is_code { 2 } else { 1 });
                named.push((symbol.value(), symbol.raw.st_size.get(LE), align));
            }
        }
        named.sort();
        // Equal pieces share one place.
        named.reverse();
        named.dedup_by_key(|(start, ..)| *start);
        named.reverse();
        let mut at = range.start;
        let mut gap = |from: u32, to: u32| {
            let align =
                if section.kind == SectionKind::Loose { LARGEST_ALIGN } else { section.align() };
            if to > from {
                let residue = from % align;
                pieces.push(Piece { section: index, start: from, size: to - from, align, residue });
            }
            to > from
        };
        let mut all = Vec::new();
        for (start, size, align) in named {
            let end = start.checked_add(size).filter(|end| *end <= range.end);
            let end = end.filter(|_| start >= at && start % align == 0);
            let end = end.ok_or(RelinkError::Pieces)?;
            gap(at, start);
            all.push(Piece { section: index, start, size, align, residue: 0 });
            at = end;
        }
        gap(at, range.end);
        pieces.extend(all);
    }
    pieces.sort_by_key(|p| p.start);
    if pieces.windows(2).any(|w| w[0].end() > w[1].start) {
        return Err(RelinkError::Pieces);
    }
    Ok(pieces)
}
