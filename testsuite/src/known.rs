//! The list of known failures: which engine fails which case, and why.
//!
//! ```toml
//! [[failure]]
//! engine = "npm"              # an engine, or the first part of its name; a `*` stands
//!                             # for anything: "boards/*-native"
//! case = "match/patterns"     # a case, or a folder of cases with a final '/'
//! reason = "stock's VM has no ..."
//! ```

use std::cell::Cell;
use std::path::Path;

use serde::Deserialize;

/// One entry of `known-failures.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    pub engine: String,
    pub case: String,
    pub reason: String,
    /// Fails on some runs only; neither a pass nor a failure is an error.
    #[serde(default)]
    pub flaky: bool,
    #[serde(skip)]
    used: Cell<bool>,
}

/// The whole list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFailures {
    #[serde(default, rename = "failure")]
    pub failures: Vec<Failure>,
}

impl Failure {
    /// Whether it speaks of this engine.
    #[must_use]
    pub fn is_of(&self, engine: &str) -> bool {
        match self.engine.split_once('*') {
            Some((start, end)) => engine.strip_prefix(start).is_some_and(|e| e.ends_with(end)),
            None => engine
                .strip_prefix(self.engine.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        }
    }

    /// Whether it speaks of this case.
    #[must_use]
    pub fn is_about(&self, case: &str) -> bool {
        case == self.case || (self.case.ends_with('/') && case.starts_with(&self.case))
    }
}

impl KnownFailures {
    /// Reads the list.
    ///
    /// # Errors
    /// A text that says what is wrong with the file.
    pub fn load(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// The entry for one run, if there is one; it counts as used from now on.
    pub fn find(&self, engine: &str, case: &str) -> Option<&Failure> {
        let found = self.failures.iter().find(|f| f.is_of(engine) && f.is_about(case))?;
        found.used.set(true);
        Some(found)
    }

    /// Entries that no run has asked for.
    pub fn unused(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().filter(|f| !f.used.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_covers_its_engines_and_folders() {
        let list: KnownFailures = toml::from_str(
            "[[failure]]\nengine = 'npm'\ncase = 'match/'\nreason = 'r'\n\
             [[failure]]\nengine = 'hognose/ours'\ncase = 'a/b'\nreason = 'r'\n\
             [[failure]]\nengine = 'boards/*-rom'\ncase = 'a/b'\nreason = 'r'",
        )
        .expect("a good list");
        assert!(list.find("npm/ours", "match/x").is_some());
        assert!(list.find("npmx", "match/x").is_none());
        assert!(list.find("hognose/ours-noopt", "a/b").is_none());
        assert!(list.find("boards/x-native", "a/b").is_none());
        assert_eq!(list.unused().count(), 2);
        assert!(list.find("boards/x-rom", "a/b").is_some());
    }
}
