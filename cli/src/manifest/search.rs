//! Finding files: trees of modules, and packages of libraries.

use super::{Kind, LIBRARY_VARIABLE, Reader, has_ending, missing};
use std::path::{Path, PathBuf};

/// Deepest nesting of folders: a link may lead back up.
const DEEPEST: usize = 64;

impl Reader {
    /// Adds the modules below `base/inner`, by their paths below `base`.
    pub(super) fn add_tree(
        &mut self,
        base: &Path,
        inner: &str,
        kind: Kind,
        opt: Option<u8>,
    ) -> Result<(), String> {
        let top = base.join(inner);
        if !top.is_dir() {
            return Err(missing("folder", &top));
        }
        let mut names = Vec::new();
        list(&top, inner.trim_end_matches('/'), 0, &mut names)?;
        for name in names {
            let (source, mpy) =
                (has_ending(Path::new(&name), "py"), has_ending(Path::new(&name), "mpy"));
            if source && kind != Kind::Mpy || mpy && kind != Kind::Source {
                self.add(base, &name, opt)?;
            }
        }
        Ok(())
    }

    /// The folder of the package `name`, which has a manifest.
    pub(super) fn find_package(
        &self,
        name: &str,
        library: Option<&str>,
    ) -> Result<PathBuf, String> {
        let mut places =
            self.libraries.iter().filter(|(l, _)| library.is_none_or(|wanted| wanted == l));
        if let (Some(library), None) = (library, places.clone().next()) {
            return Err(format!("require('{name}'): no library '{library}'"));
        }
        if let Some(found) = places.find_map(|(_, place)| find_folder(place, name, 0)) {
            return Ok(found);
        }
        let hint = match (library, self.settings.variables.contains_key(LIBRARY_VARIABLE)) {
            (None, false) => {
                "\nhint: say where micropython-lib is with --lib FOLDER or MPY_LIB_DIR"
            }
            _ => "",
        };
        Err(format!("require('{name}'): no such package{hint}"))
    }
}

/// Names of all files below `folder`, which is called `inside`, sorted.
fn list(folder: &Path, inside: &str, depth: usize, out: &mut Vec<String>) -> Result<(), String> {
    let told = |e: &dyn std::fmt::Display| format!("{}: {e}", folder.display());
    if depth > DEEPEST {
        return Err(told(&"folders are nested too deeply"));
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| told(&e))? {
        let name = entry.map_err(|e| told(&e))?.file_name();
        names.push(name.to_str().ok_or_else(|| told(&"a name is not UTF-8"))?.to_owned());
    }
    names.sort();
    for name in names {
        let path = folder.join(&name);
        let name = if inside.is_empty() { name } else { format!("{inside}/{name}") };
        if path.is_dir() {
            list(&path, &name, depth + 1, out)?;
        } else {
            out.push(name);
        }
    }
    Ok(())
}

/// A folder called `name` with a manifest, at or below `place`.
fn find_folder(place: &Path, name: &str, depth: usize) -> Option<PathBuf> {
    if depth > DEEPEST {
        return None;
    }
    if place.file_name().is_some_and(|n| n == name) && place.join("manifest.py").is_file() {
        return Some(place.to_path_buf());
    }
    let entries = std::fs::read_dir(place).ok()?.flatten();
    // Links are not followed, as in MicroPython's tool.
    let folders = entries.filter(|e| e.file_type().is_ok_and(|t| t.is_dir())).map(|e| e.path());
    let mut folders: Vec<PathBuf> = folders.collect();
    folders.sort();
    folders.iter().find_map(|folder| find_folder(folder, name, depth + 1))
}
