//! `cargo xtask tidy`: rules of the project that no compiler checks.
//!
//! Each rule is a function from the list of files to the problems it sees.

mod layers;
mod words;

use std::path::{Path, PathBuf};
use std::process::Command;

use hognose_testsuite::workspace_root;

/// A text file of the project.
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    pub text: String,
}

/// Something that breaks a rule.
pub struct Problem {
    pub path: String,
    /// Line number from 1; 0 means the whole file.
    pub line: usize,
    pub what: String,
}

impl Problem {
    pub fn whole(path: &str, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: 0, what: what.into() }
    }

    pub fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

/// A file may have this many lines, unless it is a table.
const MAX_LINES: usize = 800;

type Rule = fn(&[File]) -> Vec<Problem>;

const RULES: &[Rule] =
    &[size, unsafe_code, layers::compiler, layers::crates, words::check, generated];

/// Checks every rule.
pub fn task() -> Result<(), String> {
    let files = files(&workspace_root())?;
    let problems: Vec<Problem> = RULES.iter().flat_map(|rule| rule(&files)).collect();
    for problem in &problems {
        println!("{}:{}: {}", problem.path, problem.line, problem.what);
    }
    match problems.len() {
        0 => Ok(()),
        n => Err(format!("{n} untidy places")),
    }
}

/// Every text file that git knows or would add.
pub fn files(root: &Path) -> Result<Vec<File>, String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .map_err(|e| format!("git does not start: {e}"))?;
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut files: Vec<File> = names
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter_map(|name| {
            let text = std::fs::read_to_string(root.join(PathBuf::from(name))).ok()?;
            Some(File { path: name.to_owned(), text })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

fn is_code(path: &str) -> bool {
    [".rs", ".py", ".mjs", ".sh", ".s", ".S", ".ld", ".x"].iter().any(|e| path.ends_with(e))
}

/// A file has one subject and stays readable; tables say so in their first lines.
fn size(files: &[File]) -> Vec<Problem> {
    let too_long = |file: &&File| {
        is_code(&file.path)
            && file.text.lines().count() > MAX_LINES
            && !file.text.lines().take(3).any(|l| l.contains("TABLE"))
    };
    files
        .iter()
        .filter(too_long)
        .map(|f| Problem::whole(&f.path, format!("{} lines", f.text.lines().count())))
        .collect()
}

/// Where unsafe code may be: see ARCHITECTURE.md for the reasons.
const UNSAFE_ALLOWED: &[&str] = &[
    "runtime/src/value",
    "runtime/src/heap",
    "runtime/src/object/header",
    "runtime/src/macros.rs",
    "runtime/src/vm",
    "runtime/src/native",
    "runtime/src/import/image",
    "runtime/src/import/loader.rs",
    "targets/",
];

fn unsafe_code(files: &[File]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|f| f.path.ends_with(".rs")) {
        if UNSAFE_ALLOWED.iter().any(|allowed| file.path.starts_with(allowed)) {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if line.contains(concat!("allow(", "unsafe_code")) {
                problems.push(Problem::at(&file.path, index + 1, "unsafe code has no place here"));
            }
        }
    }
    problems
}

/// Pages made from tables are what the tables say.
fn generated(files: &[File]) -> Vec<Problem> {
    crate::codegen::PAGES
        .iter()
        .filter(|page| !files.iter().any(|f| f.path == page.path && f.text == (page.make)()))
        .map(|page| Problem::whole(page.path, "stale: run 'cargo xtask codegen'"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn long_files_must_be_tables() {
        let long = "x\n".repeat(MAX_LINES + 1);
        assert_eq!(size(&[file("a.rs", &long), file("a.expected", &long)]).len(), 1);
        assert_eq!(size(&[file("a.rs", &format!("//! A TABLE.\n{long}"))]).len(), 0);
    }

    #[test]
    fn unsafe_has_its_places() {
        let text = concat!("#![allow(", "unsafe_code)]");
        assert_eq!(unsafe_code(&[file("runtime/src/heap/mod.rs", text)]).len(), 0);
        assert_eq!(unsafe_code(&[file("compiler/src/hir/mod.rs", text)]).len(), 1);
    }

    #[test]
    fn the_project_is_tidy() {
        assert_eq!(task(), Ok(()));
    }
}
