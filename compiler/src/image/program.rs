//! A program as a whole: what of it can never run, and which names of other modules are
//! constants.
//!
//! Both look at names only (see [`crate::syntax::Outline`]) and err on the safe side: code
//! that can reach any name by a text made at run time (`exec`, `globals()`, `getattr` of a
//! computed name) keeps everything.

use crate::Constant;
use crate::diag::Span;
use crate::syntax::{Import, Mentions, Outline};
use mpy_format::instr::instrs;
use mpy_format::romfs::{Directory, Node, RomFs};
use mpy_format::{Body, Const, Module, Opcode, RawCode};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::lift::{self, Bound};

/// A module of the program.
pub struct Unit<'a> {
    /// Dotted name.
    pub name: &'a str,
    pub package: bool,
    /// Of its source; a compiled file has none, so all of it stays.
    pub outline: Option<&'a Outline>,
    pub module: &'a Module,
}

/// What is left of the program.
#[derive(Debug, Default)]
pub struct Stripped {
    /// Modules that stay.
    pub modules: Vec<bool>,
    /// By module: definitions to leave out.
    pub left_out: Vec<Vec<Span>>,
    /// What goes, in the order of the modules.
    pub dropped: Vec<Dropped>,
    /// Why nothing may go: module, place, and the name that reaches all names.
    pub kept_by: Option<(usize, Option<Span>, String)>,
}

/// Something that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    pub module: usize,
    /// `Class.method`; empty for the whole module.
    pub path: String,
    pub span: Option<Span>,
}

/// Names that reach all names; in a compiled file, getting attributes by name as well.
const DYNAMIC: [&[u8]; 9] = [
    b"exec",
    b"eval",
    b"execfile",
    b"globals",
    b"locals",
    b"dir",
    b"__dict__",
    b"__import__",
    b"getattr",
];

/// Finds what no run of `roots` can reach. Methods whose names are `known` to the firmware
/// stay, since it may call them.
pub fn strip(units: &[Unit<'_>], roots: &[usize], known: &dyn Fn(&str) -> bool) -> Stripped {
    let mut search = Search {
        units,
        known,
        modules: vec![false; units.len()],
        items: units.iter().map(|u| vec![false; u.outline.map_or(0, |o| o.items.len())]).collect(),
        names: HashSet::new(),
        kept_by: None,
    };
    roots.iter().for_each(|&root| search.module(root));
    while search.kept_by.is_none() && search.round() {}
    search.result()
}

/// The compiled modules in a ROMFS image, with their dotted names: code beside the program
/// that speaks of it too. Files that are damaged say nothing.
pub fn modules_in(files: &[u8]) -> Vec<(String, Module)> {
    fn walk(fs: &RomFs<'_>, at: Directory<'_>, path: &str, found: &mut Vec<(String, Module)>) {
        for (name, node) in fs.list(at) {
            let name = String::from_utf8_lossy(name);
            let path = if path.is_empty() { name.into_owned() } else { format!("{path}.{name}") };
            match node {
                Node::Directory(inner) => walk(fs, inner, &path, found),
                Node::File(data) => {
                    let dotted = path.strip_suffix(".mpy");
                    if let (Some(dotted), Ok(module)) = (dotted, Module::parse(data)) {
                        let dotted = dotted.strip_suffix(".__init__").unwrap_or(dotted);
                        found.push((dotted.to_owned(), module));
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    if let Some(fs) = RomFs::new(files) {
        walk(&fs, fs.top(), "", &mut found);
    }
    found
}

struct Search<'a> {
    units: &'a [Unit<'a>],
    known: &'a dyn Fn(&str) -> bool,
    modules: Vec<bool>,
    items: Vec<Vec<bool>>,
    names: HashSet<String>,
    kept_by: Option<(usize, Option<Span>, String)>,
}

impl Search<'_> {
    /// A module is imported, with the packages around it.
    fn module(&mut self, at: usize) {
        if std::mem::replace(&mut self.modules[at], true) {
            return;
        }
        let units = self.units;
        let Some(unit) = units.get(at) else { return };
        if let Some((package, _)) = unit.name.rsplit_once('.') {
            self.import(package);
        }
        match unit.outline {
            Some(outline) => self.hear(at, &outline.rest),
            None => self.hear_compiled(at, unit.module),
        }
    }

    fn import(&mut self, dotted: &str) {
        if let Some(at) = self.units.iter().position(|u| u.name == dotted) {
            self.module(at);
        }
    }

    fn hear(&mut self, at: usize, mentions: &Mentions) {
        self.names.extend(mentions.names.iter().cloned());
        if let (Some((place, what)), None) = (mentions.dynamic, &self.kept_by) {
            self.kept_by = Some((at, Some(place), what.to_owned()));
        }
        let Some(unit) = self.units.get(at) else { return };
        for import in &mentions.imports {
            for dotted in absolute(import, unit) {
                // Packages on the way are imported too.
                for (end, _) in dotted.match_indices('.') {
                    self.import(&dotted[..end]);
                }
                self.import(&dotted);
            }
        }
    }

    /// A compiled file may import whatever its strings name.
    fn hear_compiled(&mut self, at: usize, module: &Module) {
        let dynamic = module.qstrs.iter().find(|q| DYNAMIC.contains(&q.as_slice()));
        if let (Some(name), None) = (dynamic, &self.kept_by) {
            self.kept_by = Some((at, None, String::from_utf8_lossy(name).into_owned()));
        }
        let mut texts: Vec<String> = Vec::new();
        texts.extend(module.qstrs.iter().map(|q| String::from_utf8_lossy(q).into_owned()));
        module.consts.iter().for_each(|c| strings(c, &mut |s| texts.push(s.to_owned())));
        let said = |unit: &Unit<'_>| {
            texts.iter().any(|t| {
                t == unit.name
                    || unit.name.strip_suffix(t.as_str()).is_some_and(|r| r.ends_with('.'))
            })
        };
        let imported: Vec<usize> =
            self.units.iter().enumerate().filter(|(_, u)| said(u)).map(|(i, _)| i).collect();
        self.names.extend(texts);
        imported.into_iter().for_each(|i| self.module(i));
    }

    /// Looks at every item that is not needed yet; whether one is now.
    fn round(&mut self) -> bool {
        let units = self.units;
        let mut found = false;
        for (at, unit) in units.iter().enumerate() {
            let Some(outline) = unit.outline.filter(|_| self.modules[at]) else { continue };
            for (i, item) in outline.items.iter().enumerate() {
                let outer = item.parent.is_none_or(|p| self.items[at][p]);
                let called = item.parent.is_some() && (self.known)(&item.name);
                if !self.items[at][i] && outer && (called || self.names.contains(&item.name)) {
                    self.items[at][i] = true;
                    found = true;
                    self.hear(at, &item.mentions);
                }
            }
        }
        found
    }

    fn result(self) -> Stripped {
        let n = self.units.len();
        if self.kept_by.is_some() {
            return Stripped {
                modules: vec![true; n],
                left_out: vec![Vec::new(); n],
                dropped: Vec::new(),
                kept_by: self.kept_by,
            };
        }
        let mut left_out = vec![Vec::new(); n];
        let mut dropped = Vec::new();
        for (at, unit) in self.units.iter().enumerate() {
            if !self.modules[at] {
                dropped.push(Dropped { module: at, path: String::new(), span: None });
                continue;
            }
            for (i, item) in unit.outline.iter().flat_map(|o| &o.items).enumerate() {
                let outer = item.parent.is_none_or(|p| self.items[at][p]);
                if outer && !self.items[at][i] {
                    left_out[at].push(item.span);
                    let path = item.path.clone();
                    dropped.push(Dropped { module: at, path, span: Some(item.span) });
                }
            }
        }
        Stripped { modules: self.modules, left_out, dropped, kept_by: None }
    }
}

/// The modules that an import in `unit` may mean.
fn absolute(import: &Import, unit: &Unit<'_>) -> Vec<String> {
    let mut base = unit.name;
    let up = if unit.package { import.level.saturating_sub(1) } else { import.level };
    for _ in 0..up {
        base = base.rsplit_once('.').map_or("", |(outer, _)| outer);
    }
    let module = match (import.level, base, import.module.as_str()) {
        (0, _, module) => module.to_owned(),
        (_, base, "") => base.to_owned(),
        (_, "", module) => module.to_owned(),
        (_, base, module) => format!("{base}.{module}"),
    };
    let inner = import.name.as_ref().map(|name| format!("{module}.{name}"));
    std::iter::once(module).chain(inner).collect()
}

pub(super) fn strings(constant: &Const, each: &mut dyn FnMut(&str)) {
    match constant {
        Const::Str(text) => each(&String::from_utf8_lossy(text)),
        Const::Tuple(items) => items.iter().for_each(|item| strings(item, each)),
        _ => {}
    }
}

/// By module: what its names stand for that it imports with `from`.
pub fn constants(units: &[Unit<'_>]) -> Vec<BTreeMap<String, Constant>> {
    let mut stored: BTreeSet<&[u8]> = BTreeSet::new();
    let nothing = vec![BTreeMap::new(); units.len()];
    for unit in units {
        let reaches =
            |names: &[&[u8]]| unit.module.qstrs.iter().any(|q| names.contains(&q.as_slice()));
        if reaches(&[b"exec", b"eval", b"execfile", b"setattr", b"delattr", b"__dict__"]) {
            return nothing;
        }
        attributes(unit.module, &unit.module.root, &mut stored);
    }
    let mut facts: HashMap<(usize, String), Constant> = HashMap::new();
    for (at, unit) in units.iter().enumerate() {
        let own = |name: &[u8]| unit.module.qstrs.iter().any(|q| q == name);
        if own(b"globals") || own(b"locals") {
            continue;
        }
        for (name, bound) in lift::globals(unit.module, usize::MAX).globals {
            let Some(text) = unit.module.qstrs.get(name as usize) else { continue };
            let constant = constant(unit.module, bound);
            if let (Some(constant), false) = (constant, stored.contains(text.as_slice())) {
                facts.insert((at, String::from_utf8_lossy(text).into_owned()), constant);
            }
        }
    }
    let wanted = |unit: &Unit<'_>| -> BTreeMap<String, Constant> {
        let imports = unit.outline.iter().flat_map(|o| &o.imported);
        let found = imports.filter_map(|(bound, import)| {
            let module = absolute(&Import { name: None, ..import.clone() }, unit).pop()?;
            let at = units.iter().position(|u| u.name == module)?;
            Some((bound.clone(), facts.get(&(at, import.name.clone()?))?.clone()))
        });
        found.collect()
    };
    units.iter().map(wanted).collect()
}

/// Names of attributes that code stores or deletes.
fn attributes<'a>(module: &'a Module, raw: &RawCode, stored: &mut BTreeSet<&'a [u8]>) {
    if let Body::Bytecode(body) = &raw.body {
        for instr in instrs(&body.code).flatten() {
            if instr.opcode == Opcode::StoreAttr {
                stored.extend(module.qstrs.get(instr.arg as usize).map(Vec::as_slice));
            }
        }
    } else {
        // Machine code stores by whatever names the module has.
        stored.extend(module.qstrs.iter().map(Vec::as_slice));
    }
    raw.children.iter().for_each(|child| attributes(module, child, stored));
}

fn constant(module: &Module, bound: Bound) -> Option<Constant> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().map(Constant::Str);
    match bound {
        Bound::None => Some(Constant::None),
        Bound::False => Some(Constant::Bool(false)),
        Bound::True => Some(Constant::Bool(true)),
        Bound::Small(value) => Some(Constant::Int(value)),
        Bound::Name(at) => text(module.qstrs.get(at as usize)?),
        Bound::Const(at) => match module.consts.get(at as usize)? {
            Const::Int(digits) => digits.parse().ok().map(Constant::Int),
            Const::Float(digits) => digits.parse().ok().map(Constant::Float),
            Const::Str(bytes) => text(bytes),
            _ => None,
        },
        Bound::Function(_) => None,
    }
}
