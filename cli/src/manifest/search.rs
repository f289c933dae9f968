//! Finding files: trees of modules, and packages of libraries.

use super::{Kind, Reader};
use std::path::{Path, PathBuf};

/// Folders of micropython-lib, in the order in which it is searched.
const LIBRARY_FOLDERS: [&str; 3] = ["micropython", "python-stdlib", "python-ecosys"];
/// Searched first if `require` asks for it.
const FFI_FOLDER: &str = "unix-ffi";
/// The variable that says where micropython-lib is.
const LIBRARY_VARIABLE: &str = "MPY_LIB_DIR";

impl Reader<'_> {
    /// Adds the modules below `base/inner`, or only `files` of them.
    pub(super) fn add_tree(
        &mut self,
        base: &Path,
        inner: &str,
        files: Option<&[String]>,
        kind: Kind,
        opt: Option<u8>,
    ) -> Result<(), String> {
        if let Some(files) = files {
            for file in files {
                let name = format!("{inner}/{file}");
                self.add(base.join(&name), name, opt)?;
            }
            return Ok(());
        }
        let top = base.join(inner);
        if !top.is_dir() {
            return Err(format!("no folder {}", top.display()));
        }
        let mut paths = Vec::new();
        list(&top, &mut paths)?;
        for path in paths {
            let fits = match path.extension().and_then(|e| e.to_str()) {
                Some("py") => kind != Kind::Mpy,
                Some("mpy") => kind != Kind::Source,
                _ => false,
            };
            if let (true, Ok(name)) = (fits, path.strip_prefix(base)) {
                let name = name.to_string_lossy().into_owned();
                self.add(path, name, opt)?;
            }
        }
        Ok(())
    }

    /// The folder of the package `name`, which has a manifest.
    pub(super) fn library_package(
        &self,
        name: &str,
        library: Option<&str>,
        unix_ffi: bool,
    ) -> Result<PathBuf, String> {
        let mut places: Vec<PathBuf> = Vec::new();
        match library {
            Some(library) => {
                let entry = self.libraries.iter().find(|(n, _)| n == library);
                let (_, path) = entry.ok_or_else(|| format!("require: no library '{library}'"))?;
                places.push(path.clone());
            }
            None => {
                places.extend(self.libraries.iter().map(|(_, path)| path.clone()));
                if let Some(top) = self.settings.variables.get(LIBRARY_VARIABLE) {
                    let first = unix_ffi.then_some(FFI_FOLDER);
                    places.extend(first.iter().chain(&LIBRARY_FOLDERS).map(|f| top.join(f)));
                } else if places.is_empty() {
                    return Err(format!(
                        "require('{name}'): give micropython-lib with --define {LIBRARY_VARIABLE}=FOLDER"
                    ));
                }
            }
        }
        places
            .iter()
            .find_map(|place| find_package(place, name))
            .ok_or_else(|| format!("require('{name}'): no such package"))
    }
}

/// All files below `folder`, sorted.
fn list(folder: &Path, out: &mut Vec<PathBuf>) -> Result<(), String> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        paths.push(entry.map_err(|e| format!("{}: {e}", folder.display()))?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            list(&path, out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}

/// A folder called `name` with a manifest, at or below `place`.
fn find_package(place: &Path, name: &str) -> Option<PathBuf> {
    if place.file_name().is_some_and(|n| n == name) && place.join("manifest.py").is_file() {
        return Some(place.to_path_buf());
    }
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(place).ok()?.flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders.iter().find_map(|folder| find_package(folder, name))
}
