//! The face of MicroPython's `mpy-cross`. What is expected was observed with that
//! program, release 1.29.

mod common;

use common::Folder;

const PROGRAM: &str = "import sys\nprint('hello', 2 ** 70)\n";

#[test]
fn the_version_is_what_wrappers_look_for() {
    let said = Folder::new().run(&["mpy-cross", "--version"]);
    assert_eq!(said.code, 0);
    assert!(said.text().starts_with("MicroPython v1.29"), "{said:?}");
    assert!(said.text().ends_with("; mpy-cross emitting mpy v6.3\n"), "{said:?}");
}

#[test]
fn the_name_of_the_program_chooses_the_face() {
    let folder = Folder::new();
    folder.write("a.py", PROGRAM);
    let said = folder.run_as("mpy-cross", &["a.py"]);
    assert_eq!((said.code, said.out.len(), said.err.as_str()), (0, 0, ""));
    assert!(folder.read("a.mpy").starts_with(b"M\x06\x00\x1f"));
}

#[test]
fn standard_input_and_output() {
    let folder = Folder::new();
    folder.write("a.py", PROGRAM);
    let to_stdout = folder.run(&["mpy-cross", "-s", "x.py", "-o", "-", "a.py"]);
    let from_stdin = folder.run_with_input(&["mpy-cross", "-s", "x.py", "-"], PROGRAM.as_bytes());
    assert_eq!(to_stdout.out, from_stdin.out);
    assert!(from_stdin.out.starts_with(b"M\x06"));
    assert!(!folder.has("a.mpy"));
    let to_file = folder.run_with_input(&["mpy-cross", "-", "-o", "b.mpy"], PROGRAM.as_bytes());
    assert_eq!((to_file.code, to_file.out.len()), (0, 0));
    let bytes = folder.read("b.mpy");
    assert!(bytes.windows(8).any(|w| w == b"<stdin>\0"), "the source is named");
}

#[test]
fn the_source_is_named_as_given() {
    let folder = Folder::new();
    folder.write("sub/a.py", PROGRAM);
    let named = |args: &[&str]| {
        let said = folder.run(args);
        assert_eq!(said.code, 0, "{said:?}");
        let module = mpy_format::Module::parse(&said.out).expect("valid");
        String::from_utf8(module.qstrs[0].clone()).expect("UTF-8")
    };
    assert_eq!(named(&["mpy-cross", "-o", "-", "sub/a.py"]), "sub/a.py");
    assert_eq!(named(&["mpy-cross", "-o", "-", "-s", "b\\c.py", "sub/a.py"]), "b/c.py");
}

#[test]
fn options_change_the_file() {
    let folder = Folder::new();
    folder.write("a.py", "def f(x):\n    assert x\n    return 100000000000\n");
    let compile = |args: &[&str]| {
        let all: Vec<_> =
            ["mpy-cross", "-o", "-"].iter().chain(args).chain(&["a.py"]).copied().collect();
        let said = folder.run(&all);
        assert_eq!(said.code, 0, "{args:?}: {said:?}");
        said.out
    };
    let plain = compile(&[]);
    assert!(compile(&["-O1"]).len() < plain.len(), "assertions are dropped");
    assert!(compile(&["-X", "no-source-lines"]).len() < plain.len());
    assert_eq!(compile(&["-msmall-int-bits=63"])[3], 63);
    assert_eq!(compile(&["-v", "-v", "-X", "heapsize=1M", "-march=x64"]), plain);
}

#[test]
fn every_failure_is_exit_code_1() {
    let folder = Folder::new();
    folder.write("a.py", PROGRAM);
    folder.write("bad.py", "x = = 1\n");
    let fails = |args: &[&str]| {
        let all: Vec<_> = ["mpy-cross"].iter().chain(args).copied().collect();
        let said = folder.run(&all);
        assert_eq!(said.code, 1, "{args:?}: {said:?}");
        said
    };
    assert!(fails(&["--nonsense"]).text().starts_with("usage: "));
    assert!(fails(&["-X", "nonsense", "a.py"]).text().starts_with("usage: "));
    assert_eq!(fails(&[]).err, "no input file\n");
    assert_eq!(fails(&["a.py", "b.py"]).err, "multiple input files\n");
    assert_eq!(fails(&["-X", "emit=native", "a.py"]).err, "arch not specified\n");
    assert!(fails(&["missing.py"]).err.contains("missing.py"));
    assert!(fails(&["-o", "no/such/folder/a.mpy", "a.py"]).err.contains("no/such/folder"));
    assert!(fails(&["bad.py"]).err.contains("bad.py:1:5"));
    assert!(!folder.has("bad.mpy"), "no file of a wrong program");
}
