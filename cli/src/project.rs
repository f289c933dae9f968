//! Which modules make up a program, and compiling them for an image.

use crate::exit::Failure;
use crate::manifest::Frozen;
use crate::report;
use hognose_compiler::image::FrozenModule;
use hognose_compiler::syntax::Outline;
use hognose_compiler::{Hot, Options, outline};
use mpy_format::instr::instrs;
use mpy_format::{Body, Module, Opcode, RawCode};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

/// A module's source or `.mpy` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// File name on the board: `package/module.py`.
    pub name: String,
    pub path: PathBuf,
    pub opt: Option<u8>,
    /// To be bound to `__version__`, if the module does not do so itself.
    pub version: Option<String>,
}

impl From<Frozen> for Piece {
    fn from(frozen: Frozen) -> Piece {
        let Frozen { name, path, opt, version } = frozen;
        Piece { name, path, opt, version }
    }
}

impl Piece {
    fn file(name: String, path: PathBuf) -> Piece {
        Piece { name, path, opt: None, version: None }
    }

    /// The dotted name, and whether it is a package.
    pub fn dotted(&self) -> (String, bool) {
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        match stem.strip_suffix("/__init__") {
            Some(package) => (package.replace('/', "."), true),
            None => (stem.replace('/', "."), false),
        }
    }

    /// What tracebacks and `__file__` call it.
    fn file_name(&self) -> String {
        Path::new(&self.name).with_extension("py").to_string_lossy().into_owned()
    }

    fn is_compiled(&self) -> bool {
        self.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("mpy"))
    }
}

/// A compiled piece.
pub struct Gathered {
    pub piece: Piece,
    pub frozen: FrozenModule,
    /// Its text, if it was not compiled before.
    pub source: Option<Vec<u8>>,
}

/// Reads and compiles one piece; what is wrong with it is shown.
fn gather_one(piece: &Piece, options: &Options) -> Result<Gathered, Failure> {
    let mut data =
        std::fs::read(&piece.path).map_err(|e| Failure::file("read", &piece.path, &e))?;
    let (name, package) = piece.dotted();
    let file = piece.file_name();
    let (module, source) = if piece.is_compiled() {
        let told =
            |e: mpy_format::Error| Failure::bad_file(format!("{}: {e}", piece.path.display()));
        let mut scratch = vec![0; 1 << 20];
        mpy_format::verify::verify(&data, &mut scratch).map_err(told)?;
        (Module::parse(&data).map_err(told)?, None)
    } else {
        if let Some(version) = &piece.version
            && !data.windows(VERSION.len()).any(|w| w == VERSION)
        {
            data.extend_from_slice(format!("\n__version__ = {version:?}\n").as_bytes());
        }
        (compile(piece, &data, options, true)?, Some(data))
    };
    let frozen = FrozenModule { name, file, package, module };
    Ok(Gathered { piece: piece.clone(), frozen, source })
}

/// How a module says its version itself.
const VERSION: &[u8] = b"__version__ =";

/// Compiles the source of a piece; what is wrong with it is shown, and if `warn` what may
/// be wrong.
pub fn compile(
    piece: &Piece,
    source: &[u8],
    options: &Options,
    warn: bool,
) -> Result<Module, Failure> {
    let shown = piece.path.display().to_string();
    let mut options = Options { source_name: piece.file_name(), ..options.clone() };
    options.opt_level = piece.opt.unwrap_or(options.opt_level);
    match hognose_compiler::compile(source, &options) {
        Ok(compiled) => {
            if warn {
                report::diagnostics(&shown, source, &compiled.warnings);
            }
            Ok(compiled.module)
        }
        Err(errors) => {
            report::diagnostics(&shown, source, &errors);
            Err(Failure::program(format!("{shown} does not compile")))
        }
    }
}

/// Adds to the functions that become machine code those of `hot` that can.
pub fn keep_hot(piece: &Piece, source: &[u8], options: &mut Options, hot: Vec<Hot>) {
    for hot in hot {
        let mut tried = Options { source_name: piece.file_name(), ..options.clone() };
        tried.hot.push(hot);
        if hognose_compiler::compile(source, &tried).is_ok() {
            options.hot = tried.hot;
        }
    }
}

/// Compiles `named`, `main` and every module that these import, directly or not, and that
/// lies in the folder of `main` or one of `folders`. What is not found there is the
/// firmware's business. The main module comes first.
///
/// # Errors
/// The first that there is in the order of the modules; diagnostics of all are shown.
pub fn gather(
    main: Option<&Path>,
    named: Vec<Piece>,
    folders: &[PathBuf],
    options: &Options,
) -> Result<Vec<Gathered>, Failure> {
    let here = main.map(|m| m.parent().map(PathBuf::from).unwrap_or_default());
    let folders: Vec<&Path> =
        here.iter().map(PathBuf::as_path).chain(folders.iter().map(PathBuf::as_path)).collect();
    let first = main.map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Piece::file(name, path.to_path_buf())
    });
    let mut round: Vec<Piece> = first.into_iter().chain(named).collect();
    let mut seen: HashSet<String> = HashSet::new();
    round.retain(|piece| seen.insert(piece.dotted().0));
    let mut modules = Vec::new();
    while !round.is_empty() {
        let compiled: Vec<Result<Gathered, Failure>> =
            round.par_iter().map(|piece| gather_one(piece, options)).collect();
        round.clear();
        for gathered in compiled {
            let gathered = gathered?;
            for wanted in imports(&gathered) {
                let found = find(&wanted, &folders);
                round.extend(found.into_iter().filter(|piece| seen.insert(piece.dotted().0)));
            }
            modules.push(gathered);
        }
    }
    Ok(modules)
}

/// The dotted names that a module may import: each is tried, so too many do no harm.
fn imports(gathered: &Gathered) -> BTreeSet<String> {
    let frozen = &gathered.frozen;
    let mut names = BTreeSet::new();
    if !collect(&frozen.module, &frozen.module.root, &mut names) {
        match gathered.source.as_deref().and_then(|source| outline(source).ok()) {
            Some(outline) => spoken_of(&outline, &mut names),
            // Machine code does not tell which of its names it imports.
            None => names.extend(
                frozen.module.qstrs.iter().map(|q| String::from_utf8_lossy(q).into_owned()),
            ),
        }
    }
    // A relative name may start at any package around the module.
    let mut all = names.clone();
    let mut around = Some(frozen.name.as_str());
    while let Some(package) = around {
        all.extend(names.iter().map(|n| format!("{package}.{n}")));
        around = package.rsplit_once('.').map(|(outer, _)| outer);
    }
    all
}

/// The names in a source's import statements.
fn spoken_of(outline: &Outline, names: &mut BTreeSet<String>) {
    let items = outline.items.iter().map(|item| &item.mentions);
    for import in items.chain([&outline.rest]).flat_map(|mentions| &mentions.imports) {
        names.insert(import.module.clone());
        if let Some(name) = &import.name {
            let inside = !import.module.is_empty();
            names.insert(if inside { format!("{}.{name}", import.module) } else { name.clone() });
        }
    }
}

/// The names that bytecode imports; whether all of the code is bytecode.
fn collect(module: &Module, raw: &RawCode, names: &mut BTreeSet<String>) -> bool {
    let text = |index: u32| {
        let bytes = module.qstrs.get(index as usize).map_or(&b""[..], Vec::as_slice);
        String::from_utf8_lossy(bytes).into_owned()
    };
    let mut known = false;
    if let Body::Bytecode(body) = &raw.body {
        known = true;
        let mut from = String::new();
        for instr in instrs(&body.code).flatten() {
            match instr.opcode {
                Opcode::ImportName => {
                    from = text(instr.arg);
                    names.insert(from.clone());
                }
                Opcode::ImportFrom => {
                    let name = text(instr.arg);
                    let full = if from.is_empty() { name } else { format!("{from}.{name}") };
                    names.insert(full);
                }
                _ => {}
            }
        }
    }
    for child in &raw.children {
        known &= collect(module, child, names);
    }
    known
}

/// The files of a dotted name and of the packages around it.
fn find(dotted: &str, folders: &[&Path]) -> Vec<Piece> {
    let parts: Vec<&str> = dotted.split('.').filter(|p| !p.is_empty()).collect();
    for folder in folders {
        let mut found = Vec::new();
        for n in 1..=parts.len() {
            let stem = parts[..n].join("/");
            let candidates =
                [format!("{stem}/__init__.py"), format!("{stem}.py"), format!("{stem}.mpy")];
            for name in candidates {
                let path = folder.join(&name);
                if path.is_file() {
                    found.push(Piece::file(name, path));
                    break;
                }
            }
        }
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}
