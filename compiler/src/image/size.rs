//! What takes room in a linked image: every byte of every section that is loaded
//! or occupies RAM, by owner.
//!
//! Bytes that no symbol covers (padding, merged literals) are items of their own,
//! so the sum is the ELF file's own to the byte.

use super::{ImageError, SECTION};
use mpy_format::image::PIECE_SYMBOL;
use object::read::elf::ElfFile32;
use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, SectionKind, elf};

/// A piece of flash or RAM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// From the outside in: `image`, module, function; or `firmware`, crate, path.
    pub path: Vec<String>,
    pub kind: Kind,
    /// Bytes of flash and of RAM. Initialised variables take both.
    pub flash: u32,
    pub ram: u32,
}

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Code,
    Data,
    Bytecode,
    Names,
    Constants,
    Lines,
    Functions,
    Tables,
    Files,
    Other,
}

impl Kind {
    pub const ALL: [Kind; 10] = [
        Kind::Code,
        Kind::Data,
        Kind::Bytecode,
        Kind::Names,
        Kind::Constants,
        Kind::Lines,
        Kind::Functions,
        Kind::Tables,
        Kind::Files,
        Kind::Other,
    ];

    /// The word in reports and in the names of image symbols.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Code => "code",
            Kind::Data => "data",
            Kind::Bytecode => "bytecode",
            Kind::Names => "names",
            Kind::Constants => "constants",
            Kind::Lines => "lines",
            Kind::Functions => "functions",
            Kind::Tables => "tables",
            Kind::Files => "files",
            Kind::Other => "other",
        }
    }
}

/// The name of an image symbol: `module/function#kind`.
pub fn symbol_name(module: &str, function: &str, kind: Kind) -> String {
    if function.is_empty() {
        format!("{module}#{}", kind.name())
    } else {
        format!("{module}/{function}#{}", kind.name())
    }
}

/// All items of the ELF file, in the order of addresses.
pub fn items(file: &[u8]) -> Result<Vec<Item>, ImageError> {
    let elf = ElfFile32::<object::LittleEndian>::parse(file)?;
    let mut items = Vec::new();
    for section in elf.sections() {
        let SectionFlags::Elf { sh_flags, .. } = section.flags() else { continue };
        if sh_flags.0 & elf::SHF_ALLOC.0 == 0 || section.size() == 0 {
            continue;
        }
        let zeroed = section.kind() == SectionKind::UninitializedData;
        let writable = sh_flags.0 & elf::SHF_WRITE.0 != 0;
        let (in_flash, in_ram) = (u32::from(!zeroed), u32::from(zeroed || writable));
        let section_name = section.name().unwrap_or("").to_string();
        let ours = section_name == SECTION;
        let is_code = section.kind() == SectionKind::Text;
        let mut symbols: Vec<(u64, u64, String)> = elf
            .symbols()
            .filter(|s| s.section_index() == Some(section.index()) && s.size() > 0)
            .filter(|s| !s.name().is_ok_and(|name| name.starts_with(PIECE_SYMBOL)))
            // Bit 0 of a Thumb function's address is no part of it.
            .map(|s| (s.address() & !u64::from(is_code), s.size(), s.name().unwrap_or("").into()))
            .collect();
        symbols.sort();
        let end = section.address() + section.size();
        let mut at = section.address();
        let mut push = |path: Vec<String>, kind: Kind, bytes: u64| {
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            if bytes > 0 {
                items.push(Item { path, kind, flash: bytes * in_flash, ram: bytes * in_ram });
            }
        };
        let rest = |kind| {
            (vec![if ours { "image" } else { "firmware" }.to_string(), section_name.clone()], kind)
        };
        for (address, size, name) in symbols {
            let (address, stop) = (address.min(end), address.saturating_add(size).min(end));
            if stop <= at {
                continue;
            }
            if address > at {
                let (path, kind) = rest(Kind::Other);
                push(path, kind, address - at);
                at = address;
            }
            let (path, kind) = if ours {
                image_path(&name)
            } else {
                (firmware_path(&name), if is_code { Kind::Code } else { Kind::Data })
            };
            push(path, kind, stop - at);
            at = stop;
        }
        let (path, kind) = rest(Kind::Other);
        push(path, kind, end.saturating_sub(at));
    }
    Ok(items)
}

fn image_path(symbol: &str) -> (Vec<String>, Kind) {
    let (place, kind) = symbol.rsplit_once('#').unwrap_or((symbol, "other"));
    let kind = Kind::ALL.into_iter().find(|k| k.name() == kind).unwrap_or(Kind::Other);
    let mut path = vec!["image".to_string()];
    path.extend(place.splitn(2, '/').map(String::from));
    (path, kind)
}

/// `crate`, then the path in it, from a Rust symbol.
fn firmware_path(symbol: &str) -> Vec<String> {
    let name = format!("{:#}", rustc_demangle::demangle(symbol));
    // `<crate::Type as other::Trait>::f` belongs to the crate named first.
    let plain = name.trim_start_matches(['<', '&', '*']).replace(" as ", "::");
    let mut path = vec!["firmware".to_string()];
    let cut = plain.find(['<', '>', ' ']).unwrap_or(plain.len());
    let mut parts = plain[..cut].split("::").filter(|p| !p.is_empty());
    match (parts.next(), parts.next()) {
        (Some(owner), Some(module)) => path.extend([owner.to_string(), module.to_string()]),
        _ => path.push("other".to_string()),
    }
    path.push(name);
    path
}

/// The sum over `items`: flash, RAM.
pub fn total<'a>(items: impl IntoIterator<Item = &'a Item>) -> (u32, u32) {
    items.into_iter().fold((0u32, 0u32), |(flash, ram), item| {
        (flash.saturating_add(item.flash), ram.saturating_add(item.ram))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_have_owners() {
        assert_eq!(
            image_path(&symbol_name("app.util", "Led.on", Kind::Bytecode)),
            (vec!["image".into(), "app.util".into(), "Led.on".into()], Kind::Bytecode)
        );
        let path = firmware_path("_ZN15hognose_runtime2vm3run17h0123456789abcdefE");
        assert_eq!(path, ["firmware", "hognose_runtime", "vm", "hognose_runtime::vm::run"]);
        assert_eq!(firmware_path("Reset")[1..], ["other", "Reset"]);
    }
}
