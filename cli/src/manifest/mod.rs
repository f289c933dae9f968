//! Manifests: which modules go into an image, said in MicroPython's manifest language.
//!
//! A manifest is a Python program. It runs on our own runtime behind `prelude.py`,
//! whose functions print what was called; this module then carries the calls out
//! in order. No call gives a manifest anything back, so carrying them out afterwards
//! is the same as at once, and an included manifest is a run of its own.

mod search;

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

const PRELUDE: &str = include_str!("prelude.py");

/// Deepest nesting of `include` and `require`.
const DEEPEST: usize = 64;

/// A module to be frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// File name on the board: `package/module.py`.
    pub name: String,
    /// Where it lies on the host: source or `.mpy`.
    pub path: PathBuf,
    /// Optimisation level, if the manifest gives one.
    pub opt: Option<u8>,
}

/// What manifests may refer to.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `$(NAME)` in paths.
    pub variables: BTreeMap<String, PathBuf>,
}

/// Runs Python source on the host and gives what it printed, or what went wrong.
pub type Engine<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads the manifest at `path`.
pub fn read(path: &Path, settings: &Settings, engine: Engine<'_>) -> Result<Vec<Frozen>, String> {
    let mut reader = Reader {
        settings,
        engine,
        visited: HashSet::new(),
        libraries: Vec::new(),
        found: Vec::new(),
        depth: 0,
    };
    reader.include(path, &Value::Null)?;
    Ok(reader.found)
}

struct Reader<'a> {
    settings: &'a Settings,
    engine: Engine<'a>,
    visited: HashSet<PathBuf>,
    /// Registered by `add_library`, in order of search.
    libraries: Vec<(String, PathBuf)>,
    found: Vec<Frozen>,
    depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Auto,
    Source,
    Mpy,
    Text,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
enum Call {
    Metadata {},
    Include { path: String, options: Value },
    Require { name: String, library: Option<String>, unix_ffi: bool, options: Value },
    AddLibrary { name: String, path: String, prepend: bool },
    Package { path: String, files: Option<Vec<String>>, base: String, opt: Option<u8> },
    Module { path: String, base: String, opt: Option<u8> },
    CModule { path: String },
    Freeze { kind: Kind, path: String, scripts: Option<Vec<String>>, opt: Option<u8> },
}

impl Reader<'_> {
    fn include(&mut self, path: &Path, options: &Value) -> Result<(), String> {
        let path = if path.is_dir() { path.join("manifest.py") } else { path.to_path_buf() };
        let told = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
        let path = path.canonicalize().map_err(|e| told(&e))?;
        if !self.visited.insert(path.clone()) {
            return Ok(());
        }
        if self.depth == DEEPEST {
            return Err(told(&"manifests include one another too deeply"));
        }
        self.depth += 1;
        let source = std::fs::read_to_string(&path).map_err(|e| told(&e))?;
        let program = program(&source, options);
        let printed = (self.engine)(&program).map_err(|e| told(&e))?;
        let folder = path.parent().map(PathBuf::from).unwrap_or_default();
        for line in printed.lines() {
            let Some(call) = line.strip_prefix('\u{1e}') else {
                // The manifest's own print.
                println!("{line}");
                continue;
            };
            let call: Call = serde_json::from_str(call).map_err(|e| told(&e))?;
            self.carry_out(call, &folder).map_err(|e| told(&e))?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn carry_out(&mut self, call: Call, folder: &Path) -> Result<(), String> {
        match call {
            Call::Metadata {} => Ok(()),
            Call::Include { path, options } => {
                let path = self.resolve(&path, folder)?;
                self.include(&path, &options)
            }
            Call::Require { name, library, unix_ffi, options } => {
                let path = self.library_package(&name, library.as_deref(), unix_ffi)?;
                self.include(&path, &options)
            }
            Call::AddLibrary { name, path, prepend } => {
                let path = self.resolve(&path, folder)?;
                let at = if prepend { 0 } else { self.libraries.len() };
                self.libraries.insert(at, (name, path));
                Ok(())
            }
            Call::Package { path, files, base, opt } => {
                let base = self.resolve(&base, folder)?;
                self.add_tree(&base, &path, files.as_deref(), Kind::Source, opt)
            }
            Call::Module { path, base, opt } => {
                if !path.ends_with(".py") {
                    return Err(format!("module('{path}'): not a .py file"));
                }
                let file = self.resolve(&base, folder)?.join(&path);
                self.add(file, path, opt)
            }
            Call::CModule { path } => Err(format!(
                "c_module('{path}'): C modules are compiled into the base firmware, \
                 which freezing leaves as it is"
            )),
            Call::Freeze { kind: Kind::Text, path, .. } => Err(format!(
                "freeze_as_str('{path}'): a board has no compiler, so source cannot be frozen as text"
            )),
            Call::Freeze { kind, path, scripts, opt } => {
                let base = self.resolve(&path, folder)?;
                let Some(scripts) = scripts else {
                    return self.add_tree(&base, "", None, kind, opt);
                };
                for script in scripts {
                    if base.join(&script).is_dir() {
                        self.add_tree(&base, &script, None, kind, opt)?;
                    } else {
                        self.add(base.join(&script), script, opt)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Puts variables into `path` and takes it relative to the manifest's folder.
    fn resolve(&self, path: &str, folder: &Path) -> Result<PathBuf, String> {
        let mut out = String::new();
        let mut rest = path;
        while let Some((before, after)) = rest.split_once("$(") {
            let (name, after) = after.split_once(')').ok_or_else(|| format!("'{path}': no ')'"))?;
            let value = self.settings.variables.get(name);
            let value = value.ok_or_else(|| {
                format!("'{path}': the variable {name} is not set; give --define {name}=FOLDER")
            })?;
            out += before;
            out += &value.to_string_lossy();
            rest = after;
        }
        out += rest;
        Ok(folder.join(out))
    }

    fn add(&mut self, path: PathBuf, name: String, opt: Option<u8>) -> Result<(), String> {
        if !path.is_file() {
            return Err(format!("no file {}", path.display()));
        }
        let name = name.replace('\\', "/");
        match self.found.iter().find(|f| f.name == name) {
            None => self.found.push(Frozen { name, path, opt }),
            Some(before) if before.path.canonicalize().ok() == path.canonicalize().ok() => {}
            Some(before) => {
                let (a, b) = (before.path.display(), path.display());
                return Err(format!("two files for {name}: {a} and {b}"));
            }
        }
        Ok(())
    }
}

/// The prelude, the options and the manifest as one program.
fn program(source: &str, options: &Value) -> String {
    let given = if options.is_object() { python(options) } else { "{}".into() };
    format!("{PRELUDE}\noptions = _Options({given})\n{source}\n")
}

/// A JSON value in Python's notation.
fn python(value: &Value) -> String {
    let list = |items: &[Value]| items.iter().map(python).collect::<Vec<_>>().join(", ");
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Array(items) => format!("[{}]", list(items)),
        Value::Object(map) => {
            let pair = |(k, v): (&String, &Value)| format!("{}: {}", Value::from(k.as_str()), python(v));
            format!("{{{}}}", map.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        // JSON's notation of numbers and strings is Python's as well.
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
