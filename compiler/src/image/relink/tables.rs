//! The tables of names in flash, and which of their rows a program can name.

use super::super::facts::Facts;
use super::parts::{Home, Parts};
use mpy_format::image::{ASKED, Fact};
use std::collections::{HashMap, HashSet};

/// What becomes of a piece that is a table.
pub struct Table {
    /// Bytes of a row.
    pub row: u32,
    /// Which old row each new row is.
    pub source: Vec<u32>,
}

#[derive(Default)]
pub struct Tables {
    /// By piece.
    pub tables: HashMap<usize, Table>,
    /// New lengths by the address of the word that has the old.
    pub lengths: HashMap<u32, u32>,
    /// What went.
    pub dropped: Vec<String>,
}

/// Who has a table.
struct Owner {
    name: String,
    /// The address of the table's address; behind it is its length.
    at: u32,
    rows: u32,
}

/// Reads objects by the facts.
struct Reader<'a> {
    parts: &'a Parts,
    facts: &'a Facts,
    names: HashMap<u16, &'a [u8]>,
    wanted: &'a dyn Fn(&[u8]) -> bool,
}

impl Tables {
    pub fn find(parts: &Parts, facts: &Facts, wanted: &dyn Fn(&[u8]) -> bool) -> Tables {
        let names = facts.names.iter().map(|(text, id)| (*id, text.as_slice())).collect();
        let reader = Reader { parts, facts, names, wanted };
        let mut tables = Tables::default();
        let pointed = parts.links.iter().filter(|l| !l.debug(parts));
        // Where each piece is pointed at from, other than at its start.
        let mut from: HashMap<usize, Vec<(u32, bool)>> = HashMap::new();
        for link in pointed {
            if let Home::Piece(piece) = link.target {
                from.entry(piece).or_default().push((link.place, link.offset == Some(0)));
            }
        }
        for (piece, owners) in reader.owned() {
            let Some(rows) = owners.first().map(|o| o.rows) else { continue };
            if owners.iter().any(|o| o.rows != rows) {
                continue;
            }
            let places: HashSet<u32> = owners.iter().map(|o| o.at).collect();
            let mut pointers = from.get(&piece).into_iter().flatten();
            let alone = pointers.all(|(place, start)| *start && places.contains(place));
            let owner = owners.iter().map(|o| o.name.as_str()).collect::<Vec<_>>().join("/");
            let keep: Vec<bool> = (0..rows).map(|row| reader.keeps(piece, row)).collect();
            for (row, _) in keep.iter().enumerate().filter(|(_, keep)| !**keep) {
                let name = reader.row_name(piece, row as u32).unwrap_or_default();
                tables.dropped.push(format!("{owner}.{}", String::from_utf8_lossy(name)));
            }
            let source = sources(&keep, alone);
            if alone {
                let rows = source.len() as u32;
                tables.lengths.extend(owners.iter().map(|o| (o.at.wrapping_add(4), rows)));
            }
            tables.tables.insert(piece, Table { row: facts.get(Fact::RowBytes), source });
        }
        if let Some((piece, names)) = reader.modules() {
            let known = |name: &[u8]| reader.wants(name) || (wanted)(&[b"u", name].concat());
            let keep: Vec<bool> = names.iter().map(|name| known(name)).collect();
            let gone = names.iter().zip(&keep).filter(|(_, keep)| !**keep);
            tables.dropped.extend(gone.map(|(name, _)| String::from_utf8_lossy(name).into_owned()));
            tables.tables.insert(piece, Table { row: 4, source: sources(&keep, false) });
        }
        tables.dropped.sort();
        tables
    }

    /// Whether the value in a row that stays is at this place.
    pub fn stays(&self, piece: usize, offset: u32) -> bool {
        match self.tables.get(&piece) {
            Some(table) => table.source.contains(&(offset / table.row.max(1))),
            None => true,
        }
    }
}

/// The old rows of the new table: those that stay, or each row's nearest that stays.
fn sources(keep: &[bool], shorter: bool) -> Vec<u32> {
    let first = keep.iter().position(|keep| *keep);
    if shorter {
        return (0u32..).zip(keep).filter(|(_, keep)| **keep).map(|(row, _)| row).collect();
    }
    let mut last = first.unwrap_or(0) as u32;
    let nearest = (0u32..).zip(keep).map(|(row, keep)| {
        if *keep {
            last = row;
        }
        last
    });
    nearest.collect()
}

impl<'a> Reader<'a> {
    fn wants(&self, name: &[u8]) -> bool {
        let special = name.starts_with(b"__") && name.ends_with(b"__");
        special || ASKED.iter().any(|a| a.as_bytes() == name) || (self.wanted)(name)
    }

    /// The text of the name whose number is at an address.
    fn name_at(&self, address: u32) -> Option<&'a [u8]> {
        let piece = self.parts.piece_at(address)?;
        let offset = address.checked_sub(self.parts.pieces.get(piece)?.start)? as usize;
        let bytes = self.parts.bytes(piece).get(offset..)?.get(..2)?;
        self.names.get(&u16::from_le_bytes([bytes[0], bytes[1]])).copied()
    }

    fn row_name(&self, piece: usize, row: u32) -> Option<&'a [u8]> {
        let offset = row.checked_mul(self.facts.get(Fact::RowBytes))?;
        let start = self.parts.pieces.get(piece)?.start.checked_add(offset)?;
        self.name_at(start.checked_add(self.facts.get(Fact::RowName))?)
    }

    /// Names that are not the firmware's own table's stay.
    fn keeps(&self, piece: usize, row: u32) -> bool {
        self.row_name(piece, row).is_none_or(|name| self.wants(name))
    }

    /// Tables by piece, with the types and modules that have them.
    fn owned(&self) -> Vec<(usize, Vec<Owner>)> {
        let fact = |fact| self.facts.get(fact);
        let mut found: HashMap<usize, Vec<Owner>> = HashMap::new();
        for piece in &self.parts.pieces {
            let Some(link) = self.parts.link_at(piece.start) else { continue };
            let Home::Piece(of) = link.target else { continue };
            let Some(of) = self.parts.pieces.get(of).filter(|_| link.offset == Some(0)) else {
                continue;
            };
            let (name, table) = match of.start {
                at if at == fact(Fact::TypeType) => (fact(Fact::TypeName), fact(Fact::TypeTable)),
                at if at == fact(Fact::ModuleType) => {
                    (fact(Fact::ModuleName), fact(Fact::ModuleTable))
                }
                _ => continue,
            };
            let Some(at) = piece.start.checked_add(table) else { continue };
            let Some((table, rows)) = self.table(at) else { continue };
            let name = piece.start.checked_add(name).and_then(|at| self.name_at(at));
            let name = String::from_utf8_lossy(name.unwrap_or_default()).into_owned();
            found.entry(table).or_default().push(Owner { name, at, rows });
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|(piece, _)| *piece);
        found
    }

    /// The table whose address and length lie at an address: its piece and rows.
    fn table(&self, at: u32) -> Option<(usize, u32)> {
        let link = self.parts.link_at(at).filter(|l| l.offset == Some(0))?;
        let Home::Piece(piece) = link.target else { return None };
        let rows = self.parts.word(at.checked_add(4)?)?;
        let bytes = rows.checked_mul(self.facts.get(Fact::RowBytes))?;
        (rows > 0 && bytes == self.parts.pieces.get(piece)?.size).then_some((piece, rows))
    }

    /// The list of modules, and the name of each.
    fn modules(&self) -> Option<(usize, Vec<&'a [u8]>)> {
        let (at, count) = (self.facts.get(Fact::Modules), self.facts.get(Fact::ModuleCount));
        let piece = self.parts.piece_at(at)?;
        let list = self.parts.pieces.get(piece)?;
        if list.start != at || count.checked_mul(4) != Some(list.size) {
            return None;
        }
        let name = |i: u32| {
            let object = self.parts.word(at.checked_add(4 * i)?)?;
            self.name_at(object.checked_add(self.facts.get(Fact::ModuleName))?)
        };
        Some((piece, (0..count).map(name).collect::<Option<_>>()?))
    }
}
