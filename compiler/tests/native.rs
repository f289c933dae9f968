//! Machine code for x64 on a stock interpreter: each program must print what it
//! prints when the interpreter compiles it itself. `HOGNOSE_STOCK` names the
//! checkout with the built unix port; without it the programs are compiled, which
//! runs CLIF's verifier over all of them, and not run.

use std::path::{Path, PathBuf};
use std::process::Command;

use hognose_compiler::hir::Emit;
use hognose_compiler::{Options, compile};
use mpy_format::{Arch, Body};

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

#[test]
fn loops() {
    check("loops", include_str!("native/loops.py"), None);
}

/// Where there is no code generator, functions stay bytecode with a warning; viper,
/// which has another meaning, does not.
#[test]
fn without_a_code_generator() {
    let options = |emit| Options { arch: Arch::XtensaWin, emit, ..Options::default() };
    let source = b"import micropython\n@micropython.native\ndef f(x):\n    return x\n";
    let ids = |options: &Options, source: &[u8]| match compile(source, options) {
        Ok(done) => done.warnings.iter().map(|w| w.code.info().id).collect::<Vec<_>>(),
        Err(errors) => errors.iter().map(|e| e.code.info().id).collect(),
    };
    assert_eq!(ids(&options(Emit::Bytecode), source), ["W0106"]);
    assert_eq!(ids(&options(Emit::Native), b"def f(x):\n    return x\n"), ["W0106"]);
    let viper = b"import micropython\n@micropython.viper\ndef f(x):\n    return x\n";
    assert_eq!(ids(&options(Emit::Bytecode), viper), ["E0305"]);
}

/// What runs once and has no loop is no machine code, in a module that asks for it.
#[test]
fn straight_module_bodies_stay_bytecode() {
    let options = Options { arch: Arch::X64, emit: Emit::Native, ..Options::default() };
    let bytecode = |source: &str| {
        let module = compile(source.as_bytes(), &options).expect("compiles").module;
        let child = module.root.children.first().map(|c| &c.body);
        let is = |body: &Body| matches!(body, Body::Bytecode(_));
        (is(&module.root.body), child.is_some_and(is))
    };
    assert_eq!(bytecode("def f():\n    return 1\nx = f()\n"), (true, false));
    assert_eq!(bytecode("class C:\n    x = 1\nfor i in C.x:\n    print(i)\n"), (false, true));
}

/// Stock's viper has no annotated locals, power, unsigned division, mixed
/// comparison or cells.
#[test]
fn viper() {
    check("viper", include_str!("native/viper.py"), Some(include_str!("native/viper.txt")));
}
