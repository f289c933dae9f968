//! Which modules make up a program, and compiling them for an image.

use hognose_compiler::diag::{Diagnostic, LineTable};
use hognose_compiler::image::FrozenModule;
use hognose_compiler::{Options, compile};
use mpy_format::instr::instrs;
use mpy_format::{Body, Module, Opcode, RawCode};
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

/// A module's source or `.mpy` file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// File name on the board: `package/module.py`.
    pub name: String,
    pub path: PathBuf,
    pub opt: Option<u8>,
}

impl Piece {
    /// The dotted name, and whether it is a package.
    fn dotted(&self) -> (String, bool) {
        let stem = self.name.strip_suffix(".py").or(self.name.strip_suffix(".mpy"));
        let stem = stem.unwrap_or(&self.name);
        match stem.strip_suffix("/__init__") {
            Some(package) => (package.replace('/', "."), true),
            None => (stem.replace('/', "."), false),
        }
    }
}

/// Reads and compiles one piece.
pub fn freeze(piece: &Piece, options: &Options) -> Result<FrozenModule, String> {
    let data = read(&piece.path)?;
    let (name, package) = piece.dotted();
    let file = piece.name.replace(".mpy", ".py");
    let module = if piece.path.extension().is_some_and(|e| e == "mpy") {
        Module::parse(&data).map_err(|e| format!("{}: {e}", piece.path.display()))?
    } else {
        let mut options = Options { source_name: file.clone(), ..options.clone() };
        options.opt_level = piece.opt.unwrap_or(options.opt_level);
        let compiled =
            compile(&data, &options).map_err(|errors| listing(&piece.path, &data, &errors))?;
        compiled.module
    };
    Ok(FrozenModule { name, file, package, module })
}

fn listing(path: &Path, source: &[u8], errors: &[Diagnostic]) -> String {
    let lines = LineTable::new(source);
    let line = |e: &Diagnostic| {
        let at = lines.line_col(source, e.span.start);
        format!("{}:{}:{}: {}", path.display(), at.line, at.column, e.message)
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Compiles `main` and every module that it imports, directly or not, and that lies
/// in its folder or one of `folders`. What is not found there is the firmware's
/// business. The main module comes first.
pub fn with_imports(
    main: &Path,
    folders: &[PathBuf],
    options: &Options,
) -> Result<Vec<FrozenModule>, String> {
    let here = main.parent().map(PathBuf::from).unwrap_or_default();
    let folders: Vec<&Path> =
        std::iter::once(here.as_path()).chain(folders.iter().map(PathBuf::as_path)).collect();
    let name = main.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut queue = VecDeque::from([Piece { name, path: main.to_path_buf(), opt: None }]);
    let mut seen: BTreeSet<String> = queue.iter().map(|p| p.name.clone()).collect();
    let mut modules = Vec::new();
    while let Some(piece) = queue.pop_front() {
        let frozen = freeze(&piece, options)?;
        for wanted in imports(&frozen) {
            for found in find(&wanted, &folders) {
                if seen.insert(found.name.clone()) {
                    queue.push_back(found);
                }
            }
        }
        modules.push(frozen);
    }
    Ok(modules)
}

/// The dotted names that a module may import: each is tried, so too many do no harm.
fn imports(frozen: &FrozenModule) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(&frozen.module, &frozen.module.root, &mut names);
    // A relative name may start at any package around the module.
    let mut all = names.clone();
    let mut around = Some(frozen.name.as_str());
    while let Some(package) = around {
        all.extend(names.iter().map(|n| format!("{package}.{n}")));
        around = package.rsplit_once('.').map(|(outer, _)| outer);
    }
    all
}

fn collect(module: &Module, raw: &RawCode, names: &mut BTreeSet<String>) {
    let text = |index: u32| {
        let bytes = module.qstrs.get(index as usize).map_or(&b""[..], Vec::as_slice);
        String::from_utf8_lossy(bytes).into_owned()
    };
    if let Body::Bytecode(body) = &raw.body {
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
        collect(module, child, names);
    }
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
                    found.push(Piece { name, path, opt: None });
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
