//! Profiles: which functions are busy, and which of them become machine code.
//!
//! `hognose profile` writes what it counted as JSON. `compile --profile` reads it, tries each busy
//! function as machine code and keeps the busiest that the size budget has room for.

use crate::compile::plan::Job;
use crate::exit::Failure;
use crate::file;
use crate::settings::Settings;
use hognose_compiler::Hot;
use hognose_host::FunctionCount;
use serde::{Deserialize, Serialize};
use std::path::{Component, Path};

/// Version of the file's format.
const VERSION: u32 = 1;

/// Share of all instructions, in percent, from which on a function is busy.
const BUSY: f64 = 1.0;

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    version: u32,
    /// Instructions of bytecode in all.
    instructions: u64,
    /// Busiest first.
    functions: Vec<Entry>,
}

/// A function and how busy it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The source file, relative where it lies below the folder of the run.
    pub file: String,
    pub name: String,
    /// A line of the function; 0 if none is known.
    pub line: u32,
    pub instructions: u64,
}

impl Profile {
    /// What a run counted. Module bodies and classes run once and are left out, as are
    /// comprehensions and lambdas, which go with the function around them.
    pub fn of(functions: &[FunctionCount]) -> Profile {
        let here = std::env::current_dir().unwrap_or_default();
        let relative = |file: &str| match Path::new(file).strip_prefix(&here) {
            Ok(inside) => inside.to_string_lossy().into_owned(),
            Err(_) => file.to_owned(),
        };
        let entry = |f: &FunctionCount| Entry {
            file: relative(&f.file),
            name: f.name.clone(),
            line: f.line,
            instructions: f.instructions,
        };
        Profile {
            version: VERSION,
            instructions: functions.iter().map(|f| f.instructions).sum(),
            functions: functions.iter().map(entry).collect(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or holds something else.
    pub fn load(path: &Path) -> Result<Profile, Failure> {
        let text = std::fs::read(path).map_err(|e| Failure::file("read", path, &e))?;
        let profile: Profile = serde_json::from_slice(&text).map_err(|e| {
            Failure::bad_file(format!("{}: not a profile of hognose: {e}", path.display()))
        })?;
        if profile.version != VERSION {
            let version = profile.version;
            return Err(Failure::bad_file(format!(
                "{}: a profile of version {version}, expected {VERSION}; make a new one",
                path.display()
            )));
        }
        Ok(profile)
    }

    /// Writes a file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn store(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|e| Failure::bad_file(format!("{}: {e}", path.display())))?;
        file::write_whole(path, format!("{text}\n").as_bytes())
    }

    /// The functions that are worth it, busiest first.
    fn busy(&self) -> impl Iterator<Item = &Entry> {
        let least = self.instructions as f64 * BUSY / 100.0;
        self.functions
            .iter()
            .filter(move |entry| entry.instructions as f64 >= least && !entry.name.starts_with('<'))
    }

    /// The busy functions of the file at `path`.
    pub fn busy_in(&self, path: &Path) -> Vec<Hot> {
        let path = path.to_string_lossy();
        self.busy()
            .filter(|entry| same_file(&entry.file, &path))
            .map(|entry| Hot { name: entry.name.clone(), line: entry.line })
            .collect()
    }

    /// A table of the busiest functions.
    pub fn table(&self, rows: usize) -> String {
        let mut text = String::from("instructions   share  function\n");
        for entry in self.functions.iter().take(rows) {
            let share = 100.0 * entry.instructions as f64 / self.instructions.max(1) as f64;
            let Entry { file, name, line, instructions } = entry;
            let line = if *line > 0 { format!(":{line}") } else { String::new() };
            text += &format!("{instructions:>12} {share:>6.1}%  {name} ({file}{line})\n");
        }
        text
    }
}

/// Whether two names mean the same file: one ends with the other.
fn same_file(a: &str, b: &str) -> bool {
    let parts = |name: &str| -> Vec<String> {
        Path::new(name)
            .components()
            .filter(|part| !matches!(part, Component::CurDir))
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect()
    };
    let (a, b) = (parts(a), parts(b));
    !a.is_empty() && !b.is_empty() && (a.ends_with(&b) || b.ends_with(&a))
}

/// Functions to compile to machine code, by the name of their file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen(Vec<(String, Hot)>);

impl Chosen {
    /// Those of one file.
    pub fn of(&self, file: &str) -> Vec<Hot> {
        self.0.iter().filter(|(name, _)| name == file).map(|(_, hot)| hot.clone()).collect()
    }
}

/// Chooses, busiest first, what fits the budget: bytes that the files may grow by. Files that
/// cannot be read or compiled are left to those who report it.
pub fn choose(
    profile: &Profile,
    jobs: &[Job],
    settings: &Settings,
    budget: Option<usize>,
) -> Chosen {
    let mut chosen = Chosen::default();
    let mut left = budget.unwrap_or(usize::MAX);
    let mut sizes: Vec<Option<(Vec<u8>, usize)>> = vec![None; jobs.len()];
    for entry in profile.busy() {
        let meant = |job: &Job| {
            same_file(&entry.file, &job.name)
                || same_file(&entry.file, &job.input.to_string_lossy())
        };
        let Some(at) = jobs.iter().position(meant) else { continue };
        let job = &jobs[at];
        if sizes[at].is_none() {
            let Ok(source) = file::read_source(&job.input) else { continue };
            let Ok(built) = settings.compile(&source, &job.name) else { continue };
            sizes[at] = Some((source, built.mpy.len()));
        }
        let Some((source, size)) = &mut sizes[at] else { continue };
        let mut with = chosen.clone();
        with.0.push((job.name.clone(), Hot { name: entry.name.clone(), line: entry.line }));
        let tried = Settings { chosen: with.clone(), ..settings.clone() };
        let Ok(built) = tried.compile(source, &job.name) else { continue };
        let growth = built.mpy.len().saturating_sub(*size);
        if growth <= left {
            left -= growth;
            *size = built.mpy.len();
            chosen = with;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::same_file;

    #[test]
    fn files_are_the_same_by_their_ends() {
        assert!(same_file("app.py", "./app.py"));
        assert!(same_file("/src/lib/part.py", "lib/part.py"));
        assert!(same_file("part.py", "src/lib/part.py"));
        assert!(!same_file("lib/part.py", "bin/part.py"));
        assert!(!same_file("part.py", "art.py"));
        assert!(!same_file("", "art.py"));
    }
}
