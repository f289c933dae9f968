//! Machine code for x64 on a stock interpreter: each program must print what it
//! prints when the interpreter compiles it itself. `HOGNOSE_STOCK` names the
//! checkout with the built unix port; without it the programs are compiled, which
//! runs CLIF's verifier over all of them, and not run.

use std::path::{Path, PathBuf};
use std::process::Command;

use hognose_compiler::hir::Emit;
use hognose_compiler::{Options, compile};
use mpy_format::{Arch, Body, RawCode};

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

/// Whether the scopes of a source are bytecode: the module's, then those inside it, in the
/// order of their names.
fn bytecode(emit: Emit, source: &str) -> Vec<bool> {
    fn walk(code: &RawCode, out: &mut Vec<bool>) {
        out.push(matches!(code.body, Body::Bytecode(_)));
        for child in &code.children {
            walk(child, out);
        }
    }
    let options = Options { arch: Arch::X64, emit, ..Options::default() };
    let module = compile(source.as_bytes(), &options).expect("compiles").module;
    let mut out = Vec::new();
    walk(&module.root, &mut out);
    out
}

/// Machine code is made where it pays: of loops, of what loops call, of what calls itself.
#[test]
fn what_runs_seldom_stays_bytecode() {
    let cases = [
        ("x = 1\ndef f(a):\n    return a.b + 1\n", vec![true, true]),
        ("class C:\n    def __init__(self, x):\n        self.x = x\n", vec![true, true, true]),
        ("def f(n):\n    s = 0\n    for i in range(n):\n        s += i * i\n", vec![true, false]),
        ("def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n", vec![true, false]),
        ("def f(x):\n    raise ValueError(x)\n", vec![true, false]),
        (
            "def g(a):\n    return a * a\ndef f(n):\n    for i in range(n):\n        \
             for j in range(n):\n            g(i + j)\n",
            vec![true, false, false],
        ),
    ];
    for (source, expected) in cases {
        assert_eq!(bytecode(Emit::Selected, source), expected, "{source}");
        assert!(!bytecode(Emit::Native, source).contains(&true), "{source}");
    }
}

/// A decorator leaves no choice.
#[test]
fn decorated_functions_are_machine_code() {
    let source = "import micropython\n@micropython.native\ndef f(a):\n    return a\n";
    assert_eq!(bytecode(Emit::Selected, source), [true, false]);
    assert_eq!(bytecode(Emit::Bytecode, source), [true, false]);
}

/// Stock's viper has no annotated locals, power, unsigned division, mixed
/// comparison or cells.
#[test]
fn viper() {
    check("viper", include_str!("native/viper.py"), Some(include_str!("native/viper.txt")));
}

/// `:=` names an outer comprehension's variable: CPython refuses it, stock does not, and
/// what is emitted makes no difference.
#[test]
fn both_engines_accept_the_same() {
    let source = "print([[(j := i) for i in range(2)] for j in range(2)])\n";
    for emit in [Emit::Bytecode, Emit::Selected, Emit::Native] {
        for as_stock in [true, false] {
            let options = Options { arch: Arch::X64, emit, as_stock, ..Options::default() };
            assert_eq!(compile(source.as_bytes(), &options).is_ok(), as_stock, "{emit:?}");
        }
    }
}
