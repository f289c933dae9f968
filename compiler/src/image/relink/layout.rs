//! What stays, and where it goes.

use super::super::Base;
use super::parts::{Home, Link, Parts, Section, SectionKind};
use super::tables::Tables;
use super::{Memory, RelinkError};
use object::LittleEndian as LE;

/// What lies behind the firmware starts at a multiple of this.
const IMAGE_ALIGN: u32 = 16;
/// The symbol of that place.
const IMAGE_SYMBOL: &[u8] = b"__hognose_image";
/// The symbols of RAM's start, of the heap's end, and of the stack's end by our name and the
/// start-up code's.
const HEAP_END: &str = "__hognose_heap_end";
const RAM_START: &str = "__hognose_ram_start";
const STACK_END: &str = "__hognose_stack_end";
pub const STACK_START: &str = "_stack_start";
/// With less there would be nothing to say what is wrong with.
const SMALLEST_HEAP: u32 = 512;
const SMALLEST_STACK: u32 = 2048;
/// Sections and the contents of variables start at multiples of this.
const WORD: u32 = 4;

pub struct Plan {
    /// By piece: its new address, if it stays.
    pub starts: Vec<Option<u32>>,
    /// By section: its new address, size, and address in flash.
    pub sections: Vec<Place>,
    /// Where the image goes, and where it went.
    pub image_at: u32,
    old_image_at: u32,
    /// New values of symbols that are numbers.
    pub numbers: Vec<(&'static str, u32)>,
}

#[derive(Clone, Copy)]
pub struct Place {
    pub start: u32,
    pub size: u32,
    pub load: u32,
}

impl Plan {
    pub fn make(
        parts: &Parts,
        tables: &Tables,
        base: &Base<'_>,
        memory: Option<Memory>,
    ) -> Result<Plan, RelinkError> {
        let image_at = base.image_at;
        let stays = reached(parts, tables);
        let mut plan = Plan {
            starts: vec![None; parts.pieces.len()],
            sections: parts.sections.iter().map(unmoved).collect(),
            image_at,
            old_image_at: image_at,
            numbers: memory.map_or(Ok(Vec::new()), |memory| numbers(base, memory))?,
        };
        // A section may stand for the stack.
        if let Some((_, end)) = plan.numbers.iter().find(|(name, _)| *name == STACK_END) {
            let sections = parts.sections.iter().zip(&mut plan.sections);
            for (_, place) in sections.filter(|(s, _)| {
                s.kind == SectionKind::Zeroed && Some(s.range().end) == base.symbol(STACK_END)
            }) {
                place.size = end.saturating_sub(place.start);
            }
        }
        let mut order: Vec<usize> = (0..parts.sections.len())
            .filter(|&i| in_flash(&parts.sections[i]) && !parts.sections[i].data.is_empty())
            .collect();
        order.sort_by_key(|&i| parts.sections[i].load);
        let mut at = order.first().map_or(0, |&i| parts.sections[i].load);
        let mut old_end = at;
        for index in order {
            let section = &parts.sections[index];
            if section.load < old_end {
                return Err(RelinkError::Pieces);
            }
            let size = u32::try_from(section.data.len()).map_err(|_| RelinkError::Size)?;
            old_end = section.load.checked_add(size).ok_or(RelinkError::Size)?;
            if section.kind == SectionKind::Variables {
                at = align(at, section.align().max(WORD), 0)?;
                plan.sections[index].load = at;
                at = at.checked_add(size).ok_or(RelinkError::Size)?;
                continue;
            }
            let own = |&i: &usize| parts.pieces[i].section == index && stays[i];
            let mine: Vec<usize> = (0..parts.pieces.len()).filter(own).collect();
            let most = mine.iter().map(|&i| parts.pieces[i].align).max().unwrap_or(1);
            at = align(at, most.max(WORD), 0)?;
            let start = at;
            for i in mine {
                let piece = &parts.pieces[i];
                at = align(at, piece.align, piece.residue)?;
                plan.starts[i] = Some(at);
                let size = match tables.tables.get(&i) {
                    Some(table) => table.row.saturating_mul(table.source.len() as u32),
                    None => piece.size,
                };
                at = at.checked_add(size).ok_or(RelinkError::Size)?;
            }
            plan.sections[index] = Place { start, size: at - start, load: start };
        }
        // What is empty lies at the end.
        for (section, place) in parts.sections.iter().zip(&mut plan.sections) {
            if section.moves() && section.data.is_empty() {
                (place.start, place.load) = (at, at);
            }
        }
        // What is behind all this is not for us to move.
        if image_at < old_end {
            return Err(RelinkError::Image(image_at));
        }
        plan.image_at = align(at, IMAGE_ALIGN, 0)?;
        Ok(plan)
    }

    /// The new address of an address in a piece, `offset` bytes from its start.
    pub fn moved(&self, parts: &Parts, piece: usize, address: u32) -> Option<u32> {
        let old = parts.pieces.get(piece)?.start;
        let new = self.starts.get(piece).copied().flatten()?;
        Some(address.wrapping_sub(old).wrapping_add(new))
    }

    /// The new value of what is at `value`, measured from `home`; `None` if it goes.
    pub fn value(&self, parts: &Parts, home: Home, value: u32) -> Option<u32> {
        match home {
            Home::Piece(piece) => self.moved(parts, piece, value),
            Home::End(section) => {
                let place = self.sections.get(section)?;
                Some(place.start.wrapping_add(place.size))
            }
            Home::Fixed => Some(value),
        }
    }

    /// The new value of a symbol.
    pub fn symbol(&self, parts: &Parts, index: usize) -> Result<Option<u32>, RelinkError> {
        let Some(symbol) = parts.symbols.get(index) else { return Ok(None) };
        let value = symbol.value();
        if symbol.home != Home::Fixed {
            return Ok(self.value(parts, symbol.home, value));
        }
        let numbers = &mut self.numbers.iter();
        if let Some((_, new)) = numbers.find(|(name, _)| name.as_bytes() == symbol.name) {
            return Ok(Some(*new));
        }
        if symbol.name == IMAGE_SYMBOL {
            return Ok(Some(self.image_at));
        }
        let shndx = symbol.raw.st_shndx.get(LE);
        let absolute = shndx == object::elf::SHN_ABS;
        if !absolute {
            return Ok(Some(value));
        }
        // The contents of variables: start and end.
        for (section, place) in parts.sections.iter().zip(&self.sections) {
            let by = place.load.wrapping_sub(section.load);
            let ends = [section.load, section.load.wrapping_add(section.data.len() as u32)];
            if section.kind == SectionKind::Variables && ends.contains(&value) {
                return Ok(Some(value.wrapping_add(by)));
            }
        }
        // Where the contents of variables would be if there were any.
        if value == self.old_image_at {
            return Ok(Some(self.image_at));
        }
        // Any other is a number, or an address outside of the firmware.
        Ok(Some(value))
    }

    /// How far what a link refers to moves, and its new address if the link says which.
    pub fn target(&self, parts: &Parts, link: &Link) -> Result<(u32, Option<u32>), RelinkError> {
        let gone = RelinkError::Place(link.place);
        let by = match link.target {
            Home::Piece(piece) => self.moved(parts, piece, 0).ok_or(gone)?,
            _ => {
                let old = parts.symbols.get(link.symbol).map(|s| s.value()).ok_or(gone)?;
                self.symbol(parts, link.symbol)?.ok_or(gone)?.wrapping_sub(old)
            }
        };
        Ok((by, link.address.map(|address| address.wrapping_add(by))))
    }
}

/// The symbols that say where heap and stack are.
fn numbers(base: &Base<'_>, memory: Memory) -> Result<Vec<(&'static str, u32)>, RelinkError> {
    let few = RelinkError::Memory(memory.ram);
    let start = base.symbol(RAM_START).ok_or(few)?;
    let end = start.checked_add(memory.ram).ok_or(few)? & !7;
    let heap_end = end.checked_sub(memory.stack).ok_or(few)? & !7;
    let most = base.symbol(STACK_END).ok_or(few)?;
    let heap_least = base.heap.start.saturating_add(SMALLEST_HEAP);
    if heap_end < heap_least || memory.stack < SMALLEST_STACK || end > most {
        return Err(few);
    }
    Ok(vec![(HEAP_END, heap_end), (STACK_END, end), (STACK_START, end)])
}

fn unmoved(section: &Section) -> Place {
    let range = section.range();
    Place { start: range.start, size: range.end - range.start, load: section.load }
}

fn in_flash(section: &Section) -> bool {
    section.moves() || section.kind == SectionKind::Variables
}

/// The first address from `at` on with the remainder `residue`.
fn align(at: u32, to: u32, residue: u32) -> Result<u32, RelinkError> {
    let to = to.max(1);
    let base = at.saturating_sub(residue);
    let base = base.checked_next_multiple_of(to).ok_or(RelinkError::Size)?;
    base.checked_add(residue).ok_or(RelinkError::Size)
}

/// Which pieces are reached from the roots.
fn reached(parts: &Parts, tables: &Tables) -> Vec<bool> {
    let mut stays = vec![false; parts.pieces.len()];
    let mut open: Vec<usize> = parts.entry.into_iter().collect();
    for link in &parts.links {
        let rooted = matches!(
            parts.sections.get(link.section).map(|s| s.kind),
            Some(SectionKind::Variables | SectionKind::Whole | SectionKind::Facts)
        );
        if let (true, Home::Piece(piece)) = (rooted, link.target) {
            open.push(piece);
        }
    }
    let whole = |p: &super::parts::Piece| {
        parts.sections.get(p.section).is_some_and(|s| s.kind == SectionKind::Whole)
    };
    open.extend(parts.pieces.iter().enumerate().filter(|(_, p)| whole(p)).map(|(i, _)| i));
    while let Some(piece) = open.pop() {
        if std::mem::replace(&mut stays[piece], true) {
            continue;
        }
        let start = parts.pieces[piece].start;
        for link in parts.links_of(piece) {
            if let Home::Piece(to) = link.target
                && tables.stays(piece, link.place.wrapping_sub(start))
            {
                open.push(to);
            }
        }
    }
    stays
}
