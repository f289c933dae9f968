//! Who may know whom.

use super::{File, Problem};

/// Modules of the compiler, lowest first; those of one row do not know each other.
const COMPILER: &[&[&str]] =
    &[&["diag"], &["syntax"], &["hir"], &["bytecode", "asm"], &["clif"], &["native"], &["link"]];

/// The rank of a module, if it is a layer at all.
fn rank(module: &str) -> Option<usize> {
    COMPILER.iter().position(|row| row.contains(&module))
}

/// A module of the compiler names only layers below its own.
pub fn compiler(files: &[File]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        let Some(inside) = file.path.strip_prefix("compiler/src/") else { continue };
        let module = inside.split(['/', '.']).next().unwrap_or("");
        let Some(own) = rank(module) else { continue };
        for (index, line) in file.text.lines().enumerate() {
            for used in crate_paths(line) {
                let too_high = rank(used).is_some_and(|r| r >= own && used != module);
                if too_high {
                    let what = format!("'{module}' may not know '{used}'");
                    problems.push(Problem::at(&file.path, index + 1, what));
                }
            }
        }
    }
    problems
}

/// The first names of all `crate::name` paths in a line of code.
fn crate_paths(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or("");
    code.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        rest.get(..end).unwrap_or("")
    })
}

/// Crates that must not be named in the manifest of another.
const NEVER: &[(&str, &[&str])] = &[
    ("mpy-format", &["hognose-compiler", "hognose-runtime", "hognose-host"]),
    ("compiler", &["hognose-runtime", "hognose-host"]),
    ("runtime", &["hognose-compiler", "hognose-host"]),
];

/// The contract between compiler and runtime is `mpy-format` and nothing else.
pub fn crates(files: &[File]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (folder, forbidden) in NEVER {
        let path = format!("{folder}/Cargo.toml");
        let Some(file) = files.iter().find(|f| f.path == path) else {
            problems.push(Problem::whole(&path, "there is no such manifest"));
            continue;
        };
        let Ok(manifest) = file.text.parse::<toml::Table>() else {
            problems.push(Problem::whole(&path, "not to be read as TOML"));
            continue;
        };
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(table) = manifest.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            for name in forbidden.iter().filter(|name| table.contains_key(**name)) {
                problems.push(Problem::whole(&path, format!("may not depend on {name}")));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn lower_layers_do_not_know_higher_ones() {
        let bad = file("compiler/src/syntax/mod.rs", "use crate::hir::Function;");
        let good = file("compiler/src/hir.rs", "use crate::syntax::Ast; // crate::link");
        let sibling = file("compiler/src/asm/row.rs", "fn f(x: crate::bytecode::X) {}");
        assert_eq!(compiler(&[bad, good, sibling]).len(), 2);
    }

    #[test]
    fn the_two_halves_do_not_know_each_other() {
        let files = [
            file("mpy-format/Cargo.toml", ""),
            file("compiler/Cargo.toml", "[dev-dependencies]\nhognose-runtime = '1'"),
            file("runtime/Cargo.toml", "[dependencies]\nmpy-format = '1'"),
        ];
        assert_eq!(crates(&files).len(), 1);
    }
}
