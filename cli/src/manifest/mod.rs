//! Manifests: which modules go into an image, said in MicroPython's manifest language.
//!
//! A manifest is a Python program. It runs in a world of our own runtime
//! ([`engine`]), in which `include`, `module`, `require` and the other functions of the
//! language are Rust functions that call the [`Reader`] here.
//!
//! ```text
//!   manifest.py ─▶ engine (VM) ─ module("a.py") ─▶ Reader ─▶ [Frozen]
//!                     ▲                              │
//!                     └──────── include, require ◀───┘ finds the next manifest
//! ```
//!
//! Relative paths are relative to the manifest that is being read. The result is in the
//! order of the calls; of folders in the order of names, so that it is reproducible.

mod engine;
mod search;

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// The variable that says where micropython-lib is.
pub const LIBRARY_VARIABLE: &str = "MPY_LIB_DIR";
/// What manifests of MicroPython's ports refer to; taken from the environment too.
const VARIABLES: [&str; 4] = ["MPY_DIR", LIBRARY_VARIABLE, "PORT_DIR", "BOARD_DIR"];
/// Folders of micropython-lib, in the order in which they are searched.
const LIBRARY_FOLDERS: [&str; 3] = ["micropython", "python-stdlib", "python-ecosys"];

/// Searched first if so asked.
const FFI_FOLDER: &str = "unix-ffi";

/// A module to be frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// File name on the board: `package/module.py`.
    pub name: String,
    /// Where it lies on the host: source or `.mpy`.
    pub path: PathBuf,
    /// Optimisation level, if the manifest gives one.
    pub opt: Option<u8>,
    /// Version of the package that it is part of.
    pub version: Option<String>,
}

/// What manifests may refer to.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `$(NAME)` in paths.
    pub variables: BTreeMap<String, String>,
    /// Whether micropython-lib's packages for MicroPython on Unix are searched, first.
    pub unix_ffi: bool,
}

/// Options of every command that reads manifests.
#[derive(clap::Args, Debug, Clone, Default)]
pub struct Lookup {
    /// Folder of micropython-lib, for `require` (default: $MPY_LIB_DIR)
    #[arg(short = 'm', long = "lib", value_name = "FOLDER")]
    lib: Option<PathBuf>,
    /// What $(NAME) means in manifests, such as PORT_DIR; the environment is asked for
    /// MPY_DIR, MPY_LIB_DIR, PORT_DIR and BOARD_DIR
    #[arg(short = 'D', long = "define", value_name = "NAME=FOLDER", value_parser = definition)]
    defines: Vec<(String, PathBuf)>,
    /// Look for required packages in micropython-lib's unix-ffi first
    #[arg(long)]
    unix_ffi: bool,
}

fn definition(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() => Ok((name.to_owned(), path.into())),
        _ => Err("expected NAME=FOLDER".to_owned()),
    }
}

impl Lookup {
    /// The command line's word counts more than the environment's.
    pub fn settings(&self) -> Settings {
        let from_environment =
            VARIABLES.iter().filter_map(|name| Some((name.to_string(), std::env::var_os(name)?)));
        let mut variables: BTreeMap<String, String> = from_environment
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, text_of(&absolute(Path::new(&value), Path::new("")))))
            .collect();
        let lib = self.lib.iter().map(|path| (LIBRARY_VARIABLE.to_owned(), path));
        for (name, path) in self.defines.iter().map(|(name, path)| (name.clone(), path)).chain(lib)
        {
            variables.insert(name, text_of(&absolute(path, Path::new(""))));
        }
        Settings { variables, unix_ffi: self.unix_ffi }
    }
}

/// Reads the manifest at `path`, or in the folder `path`.
///
/// # Errors
/// What is wrong, with the file and line of the manifest.
pub fn read(path: &Path, settings: &Settings) -> Result<Vec<Frozen>, String> {
    let reader = engine::run(path, Reader::new(settings))?;
    Ok(reader.found)
}

/// Facts about a package; they belong to all files named while they are current.
#[derive(Debug, Default)]
struct Package {
    described: bool,
    version: Option<String>,
}

/// What the manifests said so far.
struct Reader {
    settings: Settings,
    visited: HashSet<PathBuf>,
    /// Registered by `add_library`, in order of search.
    libraries: Vec<(String, PathBuf)>,
    found: Vec<Frozen>,
    /// By position in `found`: whose module it is.
    owners: Vec<usize>,
    packages: Vec<Package>,
    /// Position in `packages` for each nested `require`.
    current: Vec<usize>,
    /// Folders of the manifests being read, innermost last.
    folders: Vec<PathBuf>,
}

/// Which files of a folder a call means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Any,
    Source,
    Mpy,
}

impl Reader {
    fn new(settings: &Settings) -> Reader {
        let mut reader = Reader {
            settings: settings.clone(),
            visited: HashSet::new(),
            libraries: Vec::new(),
            found: Vec::new(),
            owners: Vec::new(),
            packages: vec![Package::default()],
            current: vec![0],
            folders: Vec::new(),
        };
        if let Some(top) = settings.variables.get(LIBRARY_VARIABLE) {
            let top = Path::new(top);
            let folders =
                settings.unix_ffi.then_some(FFI_FOLDER).into_iter().chain(LIBRARY_FOLDERS);
            reader.libraries.extend(folders.map(|name| (name.to_owned(), top.join(name))));
        }
        reader
    }

    fn folder(&self) -> PathBuf {
        self.folders.last().cloned().unwrap_or_default()
    }

    /// Puts variables into `path` and makes it absolute. Unknown variables stay as they
    /// are: what is never looked at need not exist.
    fn resolve(&self, path: &str) -> PathBuf {
        let mut path = path.to_owned();
        for (name, value) in &self.settings.variables {
            path = path.replace(&format!("$({name})"), value);
        }
        absolute(Path::new(&path), &self.folder())
    }

    /// Begins a manifest; `None` if it was read before. To be ended with [`Reader::end`].
    fn begin(&mut self, path: &Path, required: bool) -> Result<Option<(PathBuf, Vec<u8>)>, String> {
        let path = if path.is_dir() { path.join("manifest.py") } else { path.to_path_buf() };
        if !self.visited.insert(path.clone()) {
            return Ok(None);
        }
        let source = std::fs::read(&path).map_err(|_| missing("manifest", &path))?;
        self.folders.push(path.parent().map(PathBuf::from).unwrap_or_default());
        if required {
            self.packages.push(Package::default());
            self.current.push(self.packages.len() - 1);
        }
        Ok(Some((path, source)))
    }

    fn end(&mut self, required: bool) {
        self.folders.pop();
        if required {
            self.current.pop();
        }
    }

    fn describe(&mut self, version: Option<String>) -> Result<(), String> {
        let current = self.current.last().copied().unwrap_or(0);
        match self.packages.get_mut(current) {
            Some(package) if package.described => Err("metadata() is called twice".to_owned()),
            Some(package) => {
                *package = Package { described: true, version };
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn add_library(&mut self, name: String, path: &str, first: bool) {
        let path = self.resolve(path);
        self.libraries.retain(|(known, _)| *known != name);
        self.libraries.insert(if first { 0 } else { self.libraries.len() }, (name, path));
    }

    fn module(&mut self, path: &str, base: &str, opt: Option<u8>) -> Result<(), String> {
        if !has_ending(Path::new(path), "py") {
            return Err(format!("module('{path}'): not a .py file"));
        }
        self.add(&self.resolve(base), path, opt)
    }

    fn package(
        &mut self,
        path: &str,
        files: Option<&[String]>,
        base: &str,
        opt: Option<u8>,
    ) -> Result<(), String> {
        let base = self.resolve(base);
        match files {
            Some(files) => {
                files.iter().try_for_each(|file| self.add(&base, &format!("{path}/{file}"), opt))
            }
            None => self.add_tree(&base, path, Kind::Source, opt),
        }
    }

    fn freeze(
        &mut self,
        kind: Kind,
        path: &str,
        scripts: Option<&[String]>,
        opt: Option<u8>,
    ) -> Result<(), String> {
        let base = self.resolve(path);
        let Some(scripts) = scripts else { return self.add_tree(&base, "", kind, opt) };
        scripts.iter().try_for_each(|script| {
            if base.join(script).is_dir() {
                self.add_tree(&base, script, kind, opt)
            } else {
                self.add(&base, script, opt)
            }
        })
    }

    /// Adds the file `name` of the folder `base`, under that name.
    fn add(&mut self, base: &Path, name: &str, opt: Option<u8>) -> Result<(), String> {
        let path = absolute(Path::new(name), base);
        if !path.is_file() {
            return Err(missing("file", &path));
        }
        if !has_ending(&path, "py") && !has_ending(&path, "mpy") {
            return Err(format!("{}: neither .py nor .mpy", path.display()));
        }
        let name = text_of(&absolute(Path::new(&name.replace('\\', "/")), Path::new("/")));
        let name = name.trim_start_matches('/').to_owned();
        match self.found.iter().find(|f| f.name == name) {
            None => {
                self.owners.push(self.current.last().copied().unwrap_or(0));
                self.found.push(Frozen { name, path, opt, version: None });
            }
            Some(before) if before.path == path => {}
            Some(before) => {
                let (a, b) = (before.path.display(), path.display());
                return Err(format!("two files for {name}: {a} and {b}"));
            }
        }
        Ok(())
    }

    /// Everything is said: each file gets its package's version.
    fn finish(mut self) -> Reader {
        for (frozen, owner) in self.found.iter_mut().zip(&self.owners) {
            frozen.version = self.packages.get(*owner).and_then(|p| p.version.clone());
        }
        self
    }
}

/// A message about something that is not there; it tells of variables without a value.
fn missing(what: &str, path: &Path) -> String {
    let text = path.display().to_string();
    let variable = text.split_once("$(").and_then(|(_, rest)| rest.split_once(')'));
    match variable {
        Some((name, _)) => {
            format!("no {what} {text}\nhint: say what $({name}) is with --define {name}=FOLDER")
        }
        None => format!("no {what} {text}"),
    }
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

fn text_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// `path` seen from `base`, seen from the current folder; without `.` and `..`, which are
/// taken away by their letters as in MicroPython's tool.
fn absolute(path: &Path, base: &Path) -> PathBuf {
    let whole = base.join(path);
    let whole = std::path::absolute(&whole).unwrap_or(whole);
    let mut out = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
