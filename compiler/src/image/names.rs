//! Short names for long ones: what an image's names are called if nobody is to read them.
//!
//! A name keeps its text if anything could tell the difference: the firmware has it, or it
//! is a module's or a word of any string of the program, which code may look names up by
//! (class names and keywords of calls are such strings), or Python gives it a meaning.

use super::FrozenModule;
use super::program::modules_in;
use mpy_format::instr::instrs;
use mpy_format::{Body, Const, Module, Opcode, RawCode};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// New names by old ones.
#[derive(Default)]
pub struct Renaming {
    names: HashMap<Vec<u8>, Vec<u8>>,
}

impl Renaming {
    /// Short names for what `modules` call their functions, variables and attributes; names
    /// in the compiled files of a ROMFS image stay.
    pub fn of(
        modules: &[FrozenModule],
        firmware: &HashMap<Vec<u8>, u16>,
        files: &[u8],
    ) -> Renaming {
        let mut fixed: HashSet<Vec<u8>> = HashSet::new();
        for (_, module) in modules_in(files) {
            fixed.extend(module.qstrs);
        }
        let mut names: BTreeSet<&[u8]> = BTreeSet::new();
        for frozen in modules {
            fixed.extend(frozen.name.split('.').map(|part| part.as_bytes().to_vec()));
            fixed.insert(frozen.name.as_bytes().to_vec());
            frozen.module.consts.iter().for_each(|c| constant_words(c, &mut fixed));
            string_words(&frozen.module, &frozen.module.root, &mut fixed);
            // The first is the file's name.
            names.extend(frozen.module.qstrs.iter().skip(1).map(Vec::as_slice));
        }
        let free = |name: &&&[u8]| {
            let special = name.starts_with(b"__") && name.ends_with(b"__");
            is_name(name) && !special && !fixed.contains(**name) && !firmware.contains_key(**name)
        };
        let taken = |short: &[u8]| {
            names.contains(short) || fixed.contains(short) || firmware.contains_key(short)
        };
        let mut shorts = (0..).map(short).filter(|short| !taken(short));
        let pairs = names.iter().filter(free).zip(&mut shorts);
        Renaming { names: pairs.map(|(long, short)| (long.to_vec(), short)).collect() }
    }

    /// The name to use.
    pub fn get<'a>(&'a self, name: &'a [u8]) -> &'a [u8] {
        self.names.get(name).map_or(name, Vec::as_slice)
    }

    /// Old names by new ones.
    pub fn back(&self) -> BTreeMap<String, String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.names.iter().map(|(old, new)| (text(new), text(old))).collect()
    }
}

/// The `n`th short name: `_a` … `_z`, `_aa` …
fn short(n: usize) -> Vec<u8> {
    let mut letters = Vec::new();
    let mut rest = n + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'a' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.push(b'_');
    letters.reverse();
    letters
}

fn is_name(text: &[u8]) -> bool {
    let word = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80;
    text.iter().all(|&c| word(c)) && text.first().is_some_and(|c| !c.is_ascii_digit())
}

/// Adds the words of a text.
fn words(text: &[u8], out: &mut HashSet<Vec<u8>>) {
    let parts = text.split(|&c| !(c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80));
    out.extend(parts.filter(|part| !part.is_empty()).map(<[u8]>::to_vec));
}

fn constant_words(constant: &Const, out: &mut HashSet<Vec<u8>>) {
    match constant {
        Const::Str(text) | Const::Bytes(text) => words(text, out),
        Const::Tuple(items) => items.iter().for_each(|item| constant_words(item, out)),
        _ => {}
    }
}

/// Adds the words of the interned strings that code uses as values.
fn string_words(module: &Module, raw: &RawCode, out: &mut HashSet<Vec<u8>>) {
    match &raw.body {
        Body::Bytecode(body) => {
            for instr in instrs(&body.code).flatten() {
                if matches!(instr.opcode, Opcode::LoadConstString | Opcode::ImportName) {
                    module.qstrs.get(instr.arg as usize).iter().for_each(|q| words(q, out));
                }
            }
        }
        // Machine code does not say which of its names are values.
        _ => module.qstrs.iter().for_each(|q| words(q, out)),
    }
    raw.children.iter().for_each(|child| string_words(module, child, out));
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn short_names_are_all_different() {
        let text = |n| String::from_utf8(short(n)).unwrap();
        assert_eq!([text(0), text(25), text(26), text(27)], ["_a", "_z", "_aa", "_ab"]);
        assert_eq!(text(26 + 26 * 26), "_aaa");
    }
}
