//! Machine code for x64 on a stock interpreter: each program must print what it
//! prints when the interpreter compiles it itself. `HOGNOSE_STOCK` names the
//! checkout with the built unix port; without it the programs are compiled, which
//! runs CLIF's verifier over all of them, and not run.

use std::path::{Path, PathBuf};
use std::process::Command;

use hognose_compiler::hir::Emit;
use hognose_compiler::{Options, compile};
use mpy_format::Arch;

/// The interpreter, if there is one.
fn interpreter() -> Option<PathBuf> {
    let tree = PathBuf::from(std::env::var_os("HOGNOSE_STOCK")?);
    Some(tree.join("ports/unix/build-standard/micropython"))
}

fn run(program: &Path, folder: &Path, args: &[&str]) -> String {
    let output = Command::new(program)
        .args(args)
        .current_dir(folder)
        .env("MICROPYPATH", ".")
        .output()
        .expect("the interpreter starts");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Compiles and compares; `own` is what stock cannot compile itself and therefore
/// prints as given.
fn check(name: &str, source: &str, own: Option<&str>) {
    let options = Options {
        arch: Arch::X64,
        emit: Emit::Native,
        source_name: format!("{name}.py"),
        ..Options::default()
    };
    let compiled = compile(source.as_bytes(), &options).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    let Some(interpreter) = interpreter() else {
        eprintln!("not run: HOGNOSE_STOCK is not set");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let expected = match own {
        Some(text) => text.to_owned(),
        None => {
            std::fs::write(folder.path().join("source.py"), source).expect("written");
            run(&interpreter, folder.path(), &["source.py"])
        }
    };
    let file = folder.path().join("compiled.mpy");
    std::fs::write(file, mpy_format::write(&compiled.module)).expect("written");
    assert_eq!(run(&interpreter, folder.path(), &["-c", "import compiled"]), expected, "{name}");
}

#[test]
fn control_flow() {
    check("control", include_str!("native/control.py"), None);
}

#[test]
fn generators_and_closures() {
    check("generators", include_str!("native/generators.py"), None);
}

#[test]
fn numbers() {
    check("numbers", include_str!("native/numbers.py"), None);
}

/// Stock's viper has no annotated locals, power, unsigned division, mixed
/// comparison or cells.
#[test]
fn viper() {
    check("viper", include_str!("native/viper.py"), Some(include_str!("native/viper.txt")));
}
