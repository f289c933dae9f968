//! Which outputs are still what their sources and options give.
//!
//! A file in the output folder holds, for each output, a hash of everything that went
//! into it (source, its name, options, this compiler) and a hash of the output. An
//! output is up to date when both still hold. Times are not looked at: a checkout or a
//! copy may set them to anything. A damaged or foreign cache counts as empty.

use crate::settings::Settings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Name of the file in the output folder.
pub const FILE_NAME: &str = ".hognose-cache";

/// What is known about one output.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Hash of what went in; two numbers, so that it does not collide by chance.
    pub key: (u64, u64),
    /// Hash of what came out.
    pub output: u64,
}

/// The outputs of a folder.
#[derive(Default)]
pub struct Cache {
    /// Outputs are named relative to this, so that the folder can be moved.
    folder: PathBuf,
    entries: BTreeMap<String, Entry>,
    changed: bool,
}

impl Cache {
    /// The cache of an output folder, empty when there is none.
    pub fn load(folder: &Path) -> Cache {
        let stored = std::fs::read(folder.join(FILE_NAME)).unwrap_or_default();
        Cache {
            folder: folder.to_path_buf(),
            entries: postcard::from_bytes(&stored).unwrap_or_default(),
            changed: false,
        }
    }

    /// Stores the cache, if it changed. That it cannot be stored costs time only, so
    /// nobody is bothered with it.
    pub fn store(&self) {
        if self.changed
            && let Ok(bytes) = postcard::to_allocvec(&self.entries)
        {
            let _ = crate::file::write_whole(&self.folder.join(FILE_NAME), &bytes);
        }
    }

    fn name(&self, output: &Path) -> String {
        output.strip_prefix(&self.folder).unwrap_or(output).to_string_lossy().into_owned()
    }

    /// The entry and size of an output that `key` would give again.
    pub fn up_to_date(&self, output: &Path, key: (u64, u64)) -> Option<(Entry, usize)> {
        let entry = self.entries.get(&self.name(output)).filter(|entry| entry.key == key)?;
        let there = std::fs::read(output).ok()?;
        (output_hash(&there) == entry.output).then_some((*entry, there.len()))
    }

    pub fn remember(&mut self, output: &Path, entry: Entry) {
        let old = self.entries.insert(self.name(output), entry);
        self.changed |= old != Some(entry);
    }

    pub fn forget(&mut self, output: &Path) {
        self.changed |= self.entries.remove(&self.name(output)).is_some();
    }
}

fn hash(start: u64, write: impl FnOnce(&mut DefaultHasher)) -> u64 {
    let mut hasher = DefaultHasher::new();
    start.hash(&mut hasher);
    write(&mut hasher);
    hasher.finish()
}

/// A hash of the options and of this compiler.
pub fn settings_hash(settings: &Settings) -> u64 {
    // The debug form names every field, so none can be forgotten here.
    let options = settings.options("");
    let text = format!("{settings:?} {options:?} {}", env!("CARGO_PKG_VERSION"));
    let build = std::env::current_exe()
        .and_then(|exe| exe.metadata())
        .and_then(|meta| Ok((meta.len(), meta.modified()?)));
    hash(0, |h| {
        text.hash(h);
        build.ok().hash(h);
    })
}

/// The key of an output.
pub fn source_hash(settings: u64, name: &str, source: &[u8]) -> (u64, u64) {
    let half = |start| {
        hash(start, |h| {
            settings.hash(h);
            name.hash(h);
            source.hash(h);
        })
    };
    (half(1), half(2))
}

/// A hash of an output.
pub fn output_hash(output: &[u8]) -> u64 {
    hash(3, |h| output.hash(h))
}
