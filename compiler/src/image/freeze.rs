//! Modules as objects in flash.

use super::facts::Facts;
use super::lift::{self, Bound};
use super::map::Map;
use super::names::Renaming;
use super::size::Kind;
use super::space::{Owner, Space, halves, words};
use super::{Base, ImageError, ImageSymbol};
use mpy_format::image::{self, Fact, HAS_FUNCTION, MAGIC, NO_MAIN, PACKAGE};
use mpy_format::prelude::{self, Prelude};
use mpy_format::{Arch, Body, Bytecode, Const, Module, RawCode};
use num_bigint::{BigInt, Sign};
use std::collections::HashMap;

/// A module to be frozen.
pub struct FrozenModule {
    /// Dotted name.
    pub name: String,
    /// What tracebacks and `__file__` call it.
    pub file: String,
    pub package: bool,
    pub module: Module,
}

/// What an image is to contain.
#[derive(Default)]
pub struct ImageOptions {
    /// Index of the module that runs as `__main__`.
    pub main: Option<usize>,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// Where line tables go.
    pub lines: Lines,
    /// Give short names to what only the program itself names.
    pub anonymise: bool,
    /// A file system to lie beside the modules: a ROMFS image.
    pub files: Vec<u8>,
}

/// Where line tables go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lines {
    /// Into the image.
    #[default]
    Image,
    /// Into the map, for the host to look up.
    Map,
    /// Nowhere.
    Nowhere,
}

/// A laid-out image.
pub struct Image {
    pub bytes: Vec<u8>,
    pub symbols: Vec<ImageSymbol>,
    /// Bytes of RAM that it takes at the start of the heap.
    pub ram: u32,
    /// What the host must know to read its tracebacks.
    pub map: Map,
}

const IMAGE: Owner<'static> = Owner { module: "(image)", function: "" };
const HEADER_BYTES: u32 = size_of::<image::Header<u32>>() as u32;

const NONE: u32 = 6;
const FALSE: u32 = 1 << 3 | 6;
const TRUE: u32 = 3 << 3 | 6;
const ELLIPSIS: u32 = 5 << 3 | 6;

/// Lays `modules` out for the place behind `base`.
pub fn freeze(
    base: &Base<'_>,
    modules: &[FrozenModule],
    options: &ImageOptions,
) -> Result<Image, ImageError> {
    freeze_at(Facts::read(base)?, base.image_at, base.heap.start, modules, options)
}

/// Lays `modules` out for a firmware of these facts, with the image and the heap at these
/// addresses.
pub(super) fn freeze_at(
    facts: Facts,
    image_at: u32,
    heap_at: u32,
    modules: &[FrozenModule],
    options: &ImageOptions,
) -> Result<Image, ImageError> {
    let space = Space::new(image_at, HEADER_BYTES);
    let renaming = match options.anonymise {
        true => Renaming::of(modules, &facts.names, &options.files),
        false => Renaming::default(),
    };
    let freezer = Freezer {
        facts,
        map: Map::of(renaming.back()),
        renaming,
        image_at,
        space,
        options,
        new_names: Vec::new(),
        new_ids: HashMap::new(),
        ram_at: heap_at,
        ram: 0,
    };
    freezer.image(modules)
}

struct Freezer<'a> {
    facts: Facts,
    map: Map,
    renaming: Renaming,
    image_at: u32,
    space: Space,
    options: &'a ImageOptions,
    new_names: Vec<Vec<u8>>,
    new_ids: HashMap<Vec<u8>, u16>,
    ram_at: u32,
    ram: u32,
}

/// Where a module's parts are.
struct Place<'a> {
    module: &'a FrozenModule,
    /// Name ids by qstr index.
    ids: Vec<u16>,
    /// Values by constant index.
    constants: Vec<u32>,
    /// The module object in RAM.
    object: u32,
}

/// Raw code in flash, and its function object if there is one.
#[derive(Clone, Copy)]
struct Code {
    raw: u32,
    function: Option<u32>,
}

impl Freezer<'_> {
    fn image(mut self, modules: &[FrozenModule]) -> Result<Image, ImageError> {
        let mut entries = Vec::new();
        for module in modules {
            entries.push(self.module(module)?);
        }
        let main_name = self.options.main.and_then(|i| entries.get(i)).map(|e| e.name);
        entries.sort_by_key(|e| e.name);
        let position = |name| entries.iter().position(|e| e.name == name);
        let main = main_name.and_then(position).map_or(NO_MAIN, |i| i as u32);
        let argv: Vec<Const> =
            self.options.argv.iter().map(|a| Const::Str(a.as_bytes().to_vec())).collect();
        let argv = self.constant(&Const::Tuple(argv), IMAGE)?;
        let table: Vec<u8> = entries.iter().flat_map(entry_bytes).collect();
        let modules_at = self.space.put(4, &table, Kind::Tables, IMAGE);
        let (names, hashes, order) = self.names();
        let files = &self.options.files;
        let files_at = match files.len() {
            0 => 0,
            // As far as any file in it wants to be aligned.
            _ => self.space.put(16, files, Kind::Files, IMAGE),
        };
        let flags = if self.options.lines == Lines::Map { image::LINES_ELSEWHERE } else { 0 };
        let header = words(&[
            MAGIC,
            self.facts.fingerprint(),
            self.space.len(),
            self.ram,
            self.new_names.len() as u32,
            names,
            hashes,
            order,
            entries.len() as u32,
            modules_at,
            main,
            argv,
            flags,
            files_at,
            files.len() as u32,
        ]);
        self.space.set_start(&header, Kind::Tables, IMAGE);
        let (bytes, symbols) = self.space.finish();
        Ok(Image { bytes, symbols, ram: self.ram, map: self.map })
    }

    /// The id of a name, new if the firmware does not have it.
    fn name(&mut self, text: &[u8]) -> Result<u16, ImageError> {
        if let Some(&id) = self.facts.names.get(text).or_else(|| self.new_ids.get(text)) {
            return Ok(id);
        }
        let id = self.facts.get(Fact::NameCount) as usize + self.new_names.len();
        let id = u16::try_from(id).map_err(|_| ImageError::TooManyNames)?;
        self.new_names.push(text.to_vec());
        self.new_ids.insert(text.to_vec(), id);
        Ok(id)
    }

    /// Places the new names: pointers and lengths, hashes, order.
    fn names(&mut self) -> (u32, u32, u32) {
        let texts = std::mem::take(&mut self.new_names);
        let mut entries = Vec::new();
        for text in &texts {
            let at = self.space.share(1, text, Kind::Names, IMAGE);
            entries.extend([at, text.len() as u32]);
        }
        let hashes: Vec<u16> = texts.iter().map(|t| image::hash(t)).collect();
        let mut order: Vec<u16> = (0..texts.len() as u16).collect();
        order.sort_by_key(|&i| &texts[i as usize]);
        let names = self.space.put(4, &words(&entries), Kind::Names, IMAGE);
        let hashes = self.space.put(2, &halves(&hashes), Kind::Names, IMAGE);
        let order = self.space.put(2, &halves(&order), Kind::Names, IMAGE);
        self.new_names = texts;
        (names, hashes, order)
    }

    fn module(&mut self, frozen: &FrozenModule) -> Result<image::ModuleEntry<u32>, ImageError> {
        let owner = Owner { module: &frozen.name, function: "" };
        let module = &frozen.module;
        let mut ids = Vec::new();
        for text in &module.qstrs {
            let text = self.renaming.get(text).to_vec();
            ids.push(self.name(&text)?);
        }
        let mut constants = Vec::new();
        for constant in &module.consts {
            constants.push(self.constant(constant, owner)?);
        }
        let object = self.ram_at.wrapping_add(self.ram);
        self.ram += self.facts.get(Fact::ModuleBytes).next_multiple_of(8);
        let names = self.space.put(2, &halves(&ids), Kind::Names, owner);
        let constants_at = self.space.put(4, &words(&constants), Kind::Constants, owner);
        let place = Place { module: frozen, ids, constants, object };
        let mut functions = Vec::new();
        let code = self.code(&place, &module.root, true, false, &mut functions)?;
        let (lifted, slots, lifted_count, slot_mask) = self.lifted(&place, &functions)?;
        Ok(image::ModuleEntry {
            name: self.name(frozen.name.as_bytes())?,
            flags: if frozen.package { PACKAGE } else { 0 },
            file: self.name(frozen.file.as_bytes())?,
            lifted_count,
            module: object,
            code: code.raw,
            names,
            constants: constants_at,
            lifted,
            slots,
            slot_mask,
        })
    }

    /// Places the lifted globals: entries, slots, how many, slot mask.
    fn lifted(
        &mut self,
        place: &Place<'_>,
        functions: &[Code],
    ) -> Result<(u32, u32, u16, u32), ImageError> {
        let module = &place.module.module;
        let owner = Owner { module: &place.module.name, function: "" };
        let mut entries: Vec<(u16, u32)> = Vec::new();
        for (name, bound) in lift::globals(module, image::MAX_LIFTED).globals {
            let value = match bound {
                Bound::Function(i) => functions.get(i as usize).and_then(|c| c.function),
                Bound::Const(i) => place.constants.get(i as usize).copied(),
                Bound::Name(i) => place.ids.get(i as usize).map(|&id| u32::from(id) << 3 | 2),
                Bound::Small(i) => small(i),
                Bound::None => Some(NONE),
                Bound::False => Some(FALSE),
                Bound::True => Some(TRUE),
            };
            if let (Some(value), Some(&id)) = (value, place.ids.get(name as usize)) {
                entries.push((id, value));
            }
        }
        let count = image::slot_count(entries.len());
        let mut slots = vec![0u8; count];
        for (i, (id, _)) in entries.iter().enumerate() {
            let mut slot = usize::from(*id) & (count - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (count - 1);
            }
            slots[slot] = i as u8 + 1;
        }
        let table: Vec<u32> =
            entries.iter().flat_map(|(id, value)| [u32::from(*id) << 3 | 2, *value]).collect();
        let lifted = self.space.put(4, &words(&table), Kind::Tables, owner);
        let slots_at = self.space.put(1, &slots, Kind::Tables, owner);
        Ok((lifted, slots_at, entries.len() as u16, count.saturating_sub(1) as u32))
    }

    /// Places raw code behind what it refers to. `once`: the code runs exactly once;
    /// `function`: a function object is wanted; `children` receives the functions made.
    fn code(
        &mut self,
        place: &Place<'_>,
        raw: &RawCode,
        once: bool,
        function: bool,
        children: &mut Vec<Code>,
    ) -> Result<Code, ImageError> {
        let Body::Bytecode(body) = &raw.body else {
            return self.machine_code(place, raw);
        };
        let name = place.module.module.qstrs.get(body.name as usize);
        let name = name.map_or(&b""[..], Vec::as_slice).to_vec();
        let shown = String::from_utf8_lossy(self.renaming.get(&name)).into_owned();
        let owner = Owner { module: &place.module.name, function: &shown };
        let made_once = if once { lift::made_once(body) } else { Default::default() };
        let class_bodies = if once { lift::class_bodies(body) } else { Default::default() };
        for (i, child) in raw.children.iter().enumerate() {
            let i = i as u32;
            let single = made_once.contains(&i);
            let class = single && class_bodies.contains(&i);
            let made = self.code(place, child, class, single, &mut Vec::new())?;
            children.push(made);
        }
        let list: Vec<u32> = children.iter().map(|c| c.raw).collect();
        let list_at = match list.len() {
            0 => 0,
            _ => self.space.put(4, &words(&list), Kind::Tables, owner),
        };
        let (data, code_at) = self.bytecode(body, owner);
        if self.options.lines == Lines::Map {
            let at = data.0.wrapping_add(code_at).wrapping_sub(self.image_at);
            let file = place.module.file.clone();
            let name = String::from_utf8_lossy(&name).into_owned();
            self.map.add(at, body.code.len() as u32, file, name, &body.lines);
        }
        let code_bytes = self.raw_code(place, body, data, code_at, list_at, function)?;
        let raw_at = self.space.put(4, &code_bytes, Kind::Functions, owner);
        let function = function.then(|| {
            let object = words(&[self.facts.get(Fact::FunctionType), raw_at, place.object]);
            self.space.put(4, &object, Kind::Functions, owner)
        });
        Ok(Code { raw: raw_at, function })
    }

    /// Places machine code, to be executed where it lies.
    fn machine_code(&mut self, place: &Place<'_>, raw: &RawCode) -> Result<Code, ImageError> {
        let module = &place.module.name;
        let refused = |why| Err(ImageError::NativeCode(module.clone(), why));
        let cpu = self.facts.get(Fact::MachineArch);
        let header = &place.module.module.header;
        match u8::try_from(cpu).ok().and_then(Arch::from_number) {
            None | Some(Arch::None) => return refused("this firmware runs none"),
            Some(cpu) if !header.arch.runs_on(cpu) || header.arch_flags != 0 => {
                return refused("it is for another CPU");
            }
            Some(_) => {}
        }
        let (code, kind, prelude_at) = match &raw.body {
            Body::Native { data, prelude_at } => (data, image::MACHINE_PYTHON, Some(*prelude_at)),
            Body::Viper { text, rodata: None, bss: None, relocs: None, .. } => {
                (text, image::MACHINE_VIPER, None)
            }
            Body::Asm { text, relocs: None, .. } => (text, image::MACHINE_ASM, None),
            _ => return refused("it has data of its own or must be relocated"),
        };
        let not_verified = || ImageError::BadConstant(format!("a function of {module}"));
        let prelude = match prelude_at {
            Some(at) => {
                let len = (code.len() as u32).checked_sub(at).ok_or_else(not_verified)?;
                let prelude = Prelude::read(code, at as usize).map_err(|_| not_verified())?;
                Some((at, len, prelude))
            }
            None => None,
        };
        let name = prelude.as_ref().map_or(0, |(_, _, prelude)| prelude.name as usize);
        let text = place.module.module.qstrs.get(name).filter(|_| prelude.is_some());
        let shown = text.map_or(&b"<machine code>"[..], |t| self.renaming.get(t));
        let shown = String::from_utf8_lossy(shown).into_owned();
        let owner = Owner { module, function: &shown };
        let mut children = Vec::new();
        for child in &raw.children {
            children.push(self.code(place, child, false, false, &mut Vec::new())?.raw);
        }
        let list_at = match children.len() {
            0 => 0,
            _ => self.space.put(4, &words(&children), Kind::Tables, owner),
        };
        let at = self.space.put(16, code, Kind::Code, owner);
        let mut bytes = vec![0; self.facts.get(Fact::MachineSize) as usize];
        let facts = &self.facts;
        let mut set = |fact: Fact, width: usize, value: u32| {
            let at = facts.get(fact) as usize;
            if let Some(field) = bytes.get_mut(at..at.saturating_add(width)) {
                field.copy_from_slice(&value.to_le_bytes()[..width]);
            }
        };
        let mut flags = image::MACHINE;
        set(Fact::RawCode, 4, at);
        set(Fact::RawChildren, 4, list_at);
        set(Fact::MachineKind, 1, kind.into());
        if let Some((prelude_at, len, prelude)) = prelude {
            let signature = &prelude.signature;
            flags |= signature.flags;
            set(Fact::RawData, 4, at.wrapping_add(prelude_at));
            set(Fact::RawLen, 4, len);
            set(Fact::RawFrame, 2, signature.n_state);
            set(Fact::RawLocals, 2, signature.filled_locals());
            set(Fact::RawPos, 2, signature.n_pos_args);
            set(Fact::RawKwonly, 2, signature.n_kwonly_args);
            set(Fact::RawDefaults, 2, signature.n_def_pos_args);
            set(Fact::RawName, 2, place.ids.get(name).copied().unwrap_or(0).into());
        }
        if let Body::Asm { n_pos_args, type_sig, .. } = &raw.body {
            set(Fact::MachineArgs, 1, *n_pos_args);
            set(Fact::MachineResult, 4, *type_sig);
        }
        set(Fact::RawFlags, 1, flags.into());
        let raw = self.space.put(4, &bytes, Kind::Functions, owner);
        Ok(Code { raw, function: None })
    }

    /// Places prelude, line table and instructions: address and length of all, and
    /// how far in the instructions begin.
    fn bytecode(&mut self, body: &Bytecode, owner: Owner<'_>) -> ((u32, u32), u32) {
        let lines: &[u8] = match self.options.lines {
            Lines::Image => &body.lines,
            Lines::Map | Lines::Nowhere => &[],
        };
        let mut data = Vec::new();
        prelude::push(&mut data, &body.signature, body.name, &body.arg_names, lines, &body.cells);
        let code_at = data.len() as u32;
        let lines_at = code_at as usize - body.cells.len() - lines.len();
        data.extend_from_slice(&body.code);
        // Two symbols on one piece: the line table, and the rest on both sides of it.
        let head = self.space.put(1, &data[..lines_at], Kind::Bytecode, owner);
        self.space.put(1, &data[lines_at..lines_at + lines.len()], Kind::Lines, owner);
        self.space.put(1, &data[lines_at + lines.len()..], Kind::Bytecode, owner);
        ((head, data.len() as u32), code_at)
    }

    /// The bytes of a raw code object, fields where the firmware's facts say.
    fn raw_code(
        &mut self,
        place: &Place<'_>,
        body: &Bytecode,
        (data, len): (u32, u32),
        code_at: u32,
        children: u32,
        function: bool,
    ) -> Result<Vec<u8>, ImageError> {
        let signature = &body.signature;
        let shape = mpy_format::frame::Shape::of(signature, &body.cells, &body.code);
        let (frame, stack_at) =
            shape.words(self.facts.get(Fact::HeaderWords), self.facts.get(Fact::BlockWords));
        let mut bytes = vec![0; self.facts.get(Fact::RawSize) as usize];
        let facts = &self.facts;
        let mut set = |fact: Fact, width: usize, value: u32| {
            let at = facts.get(fact) as usize;
            if let Some(field) = bytes.get_mut(at..at.saturating_add(width)) {
                field.copy_from_slice(&value.to_le_bytes()[..width]);
            }
        };
        let name = place.ids.get(body.name as usize).copied().unwrap_or(0);
        let mut flags = signature.flags;
        if shape.simple {
            flags |= mpy_format::frame::SIMPLE;
        }
        if function {
            flags |= HAS_FUNCTION;
        }
        set(Fact::RawCode, 4, data.wrapping_add(code_at));
        set(Fact::RawData, 4, data);
        set(Fact::RawLen, 4, len);
        set(Fact::RawFrame, 2, frame);
        set(Fact::RawStackAt, 2, stack_at);
        set(Fact::RawLocals, 2, shape.n_locals);
        set(Fact::RawPos, 2, signature.n_pos_args);
        set(Fact::RawKwonly, 2, signature.n_kwonly_args);
        set(Fact::RawDefaults, 2, signature.n_def_pos_args);
        set(Fact::RawFlags, 1, flags.into());
        set(Fact::RawName, 2, name.into());
        set(Fact::RawChildren, 4, children);
        Ok(bytes)
    }

    /// A constant's word; its object is placed.
    fn constant(&mut self, constant: &Const, owner: Owner<'_>) -> Result<u32, ImageError> {
        let kind = Kind::Constants;
        Ok(match constant {
            Const::None => NONE,
            Const::False => FALSE,
            Const::True => TRUE,
            Const::Ellipsis => ELLIPSIS,
            Const::FunTable => match self.facts.get(Fact::FunTable) {
                0 => {
                    let module = owner.module.to_string();
                    return Err(ImageError::NativeCode(module, "this firmware runs none"));
                }
                table => table,
            },
            Const::Str(text) => self.text(Fact::StrType, text, owner),
            Const::Bytes(bytes) => self.text(Fact::BytesType, bytes, owner),
            Const::Int(digits) => {
                let value = BigInt::parse_bytes(digits.as_bytes(), 10);
                let value = value.ok_or_else(|| ImageError::BadConstant(digits.clone()))?;
                match i64::try_from(&value).ok().and_then(small) {
                    Some(word) => word,
                    None => {
                        let (sign, limbs) = value.to_u32_digits();
                        let negative = u32::from(sign == Sign::Minus);
                        let size = (limbs.len() as u32) << 1 | negative;
                        let mut object = vec![self.facts.get(Fact::IntType), size];
                        object.extend(limbs);
                        self.space.share(4, &words(&object), kind, owner)
                    }
                }
            }
            Const::Float(text) => {
                let value = number(text)?;
                self.floats(Fact::FloatType, &[value], owner)?
            }
            Const::Complex(text) => {
                // `repr` of a constant is an imaginary number; its real part is 0.
                let text = text.trim_matches(['(', ')']);
                let imaginary = text.strip_suffix('j').unwrap_or(text);
                self.floats(Fact::ComplexType, &[0.0, number(imaginary)?], owner)?
            }
            Const::Tuple(items) => {
                let mut object = vec![self.facts.get(Fact::TupleType), items.len() as u32];
                for item in items {
                    object.push(self.constant(item, owner)?);
                }
                self.space.share(4, &words(&object), kind, owner)
            }
        })
    }

    /// A str or bytes object. A string that is a name becomes that name.
    fn text(&mut self, ty: Fact, text: &[u8], owner: Owner<'_>) -> u32 {
        let known = self.facts.names.get(text).or_else(|| self.new_ids.get(text));
        if let (Fact::StrType, Some(&id)) = (ty, known) {
            return u32::from(id) << 3 | 2;
        }
        let data = self.space.share(1, text, Kind::Constants, owner);
        let object =
            words(&[self.facts.get(ty), image::hash(text).into(), text.len() as u32, data]);
        self.space.share(4, &object, Kind::Constants, owner)
    }

    fn floats(&mut self, ty: Fact, values: &[f64], owner: Owner<'_>) -> Result<u32, ImageError> {
        let mut object = words(&[self.facts.get(ty)]);
        match self.facts.get(Fact::FloatBytes) {
            4 => values.iter().for_each(|v| object.extend((*v as f32).to_le_bytes())),
            8 => {
                object.extend([0; 4]);
                values.iter().for_each(|v| object.extend(v.to_le_bytes()));
            }
            _ => return Err(ImageError::NoFloats(owner.module.to_string())),
        }
        Ok(self.space.share(8, &object, Kind::Constants, owner))
    }
}

fn number(text: &str) -> Result<f64, ImageError> {
    text.parse().map_err(|_| ImageError::BadConstant(text.to_string()))
}

/// The word of a small int: 31 bits.
fn small(value: i64) -> Option<u32> {
    let fits = (-(1 << 30)..1 << 30).contains(&value);
    fits.then_some((value as u32) << 1 | 1)
}

fn entry_bytes(e: &image::ModuleEntry<u32>) -> Vec<u8> {
    let mut bytes = halves(&[e.name, e.flags, e.file, e.lifted_count]);
    bytes.extend(words(&[e.module, e.code, e.names, e.constants, e.lifted, e.slots, e.slot_mask]));
    bytes
}
