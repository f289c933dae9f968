//! `hognose compile`, `check`, `dis` and `dump`.

mod common;

use common::Folder;
use std::process::Stdio;
use std::time::{Duration, Instant};

#[test]
fn a_folder_is_compiled_into_another() {
    let folder = Folder::new();
    folder.write("src/main.py", "import pkg.part\n");
    folder.write("src/pkg/part.py", "x = 1\n");
    folder.write("src/.hidden/no.py", "x = 1\n");
    folder.write("src/__pycache__/no.py", "x = 1\n");
    folder.write("src/notes.txt", "not Python");
    let said = folder.run(&["compile", "src", "-o", "out", "--depfile", "out.d"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.starts_with("2 compiled"), "{said:?}");
    let module = mpy_format::Module::parse(&folder.read("out/pkg/part.mpy")).expect("valid");
    assert_eq!(module.qstrs[0], b"pkg/part.py", "named from the folder on");
    assert!(!folder.has("out/.hidden/no.mpy") && !folder.has("out/__pycache__/no.mpy"));
    let rules = String::from_utf8(folder.read("out.d")).expect("UTF-8");
    assert_eq!(rules, "out/main.mpy: src/main.py\nout/pkg/part.mpy: src/pkg/part.py\n");
}

#[test]
fn what_is_up_to_date_is_left_alone() {
    let folder = Folder::new();
    folder.write("src/a.py", "x = 1\n");
    folder.write("src/b.py", "y = 2\n");
    let run = |args: &[&str]| {
        let all: Vec<_> = ["compile", "src"].iter().chain(args).copied().collect();
        let said = folder.run(&all);
        assert_eq!(said.code, 0, "{said:?}");
        said.err
    };
    assert!(run(&[]).starts_with("2 compiled"));
    assert!(run(&[]).contains("0 compiled") && run(&[]).contains("2 up to date"));
    folder.write("src/a.py", "x = 3\n");
    assert!(run(&[]).contains("1 up to date"), "a changed source is compiled");
    folder.write("src/b.mpy", "damaged");
    assert!(run(&[]).contains("1 up to date"), "a changed output is made again");
    assert!(folder.read("src/b.mpy").starts_with(b"M\x06"));
    assert!(run(&["-O1"]).contains("2 compiled"), "options count");
    assert!(run(&["-O1", "--no-cache"]).contains("2 compiled"));
    folder.write("src/.hognose-cache", [0xff; 40]);
    assert!(run(&[]).contains("2 compiled"), "a damaged cache is no cache");
}

#[test]
fn output_depends_on_nothing_but_source_and_options() {
    let (one, other) = (Folder::new(), Folder::new());
    for folder in [&one, &other] {
        folder.write("src/deep/a.py", "def f():\n    raise ValueError(__file__)\n");
        assert_eq!(folder.run(&["compile", "src", "-o", "out"]).code, 0);
        let absolute = folder.path("src/deep/a.py");
        let said = folder.run(&["compile", absolute.to_str().expect("UTF-8"), "-o", "b.mpy"]);
        assert_eq!(said.code, 0, "{said:?}");
    }
    assert_eq!(one.read("out/deep/a.mpy"), other.read("out/deep/a.mpy"));
    assert_eq!(one.read("b.mpy"), other.read("b.mpy"));
}

#[test]
fn a_wrong_program_leaves_no_file_and_spoils_none() {
    let folder = Folder::new();
    folder.write("a.py", "def f(:\n");
    folder.write("a.mpy", "from before");
    let said = folder.run(&["compile", "a.py"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("a.py:1:"), "{said:?}");
    assert_eq!(folder.read("a.mpy"), b"from before");
    assert_eq!(folder.list(), ["a.mpy", "a.py"]);
}

#[test]
fn one_wrong_file_does_not_stop_the_others() {
    let folder = Folder::new();
    folder.write("src/a.py", "x = 1\n");
    folder.write("src/b.py", "return\n");
    folder.write("src/c.py", "x = 1\n");
    let said = folder.run(&["compile", "src"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("1 failed"), "{said:?}");
    assert!(folder.has("src/a.mpy") && folder.has("src/c.mpy") && !folder.has("src/b.mpy"));
}

#[test]
fn bad_files_get_clear_errors() {
    let folder = Folder::new();
    let said = folder.run(&["compile", "missing.py"]);
    assert_eq!(
        (said.code, said.err.as_str()),
        (3, "error: cannot read missing.py: no such file or directory\n")
    );
    folder.write("a.py", "x = 1\n");
    let said = folder.run(&["compile", "a.py", "-o", "a.py/b.mpy"]);
    assert_eq!(said.code, 3, "{said:?}");
    std::fs::File::create(folder.path("big.py"))
        .and_then(|f| f.set_len(100 << 20))
        .expect("can create");
    let said = folder.run(&["compile", "big.py"]);
    assert_eq!((said.code, said.err.as_str()), (3, "error: big.py: larger than 32 MiB\n"));
    folder.write("empty/readme.txt", "");
    let said = folder.run(&["compile", "empty"]);
    assert_eq!((said.code, said.err.as_str()), (3, "error: no Python files in empty\n"));
    folder.write("latin.py", b"x = '\xff'\n");
    let said = folder.run(&["compile", "latin.py"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("UTF-8") && said.err.contains("latin.py:1:6"), "{said:?}");
    for (open, close) in [("(", ")"), ("[", "]"), ("-", ""), ("f(", ")"), ("lambda: ", "")] {
        folder
            .write("deep.py", format!("x = {}1{}\n", open.repeat(100_000), close.repeat(100_000)));
        let said = folder.run(&["compile", "deep.py"]);
        assert_eq!(said.code, 1, "{open}: {said:?}");
        assert!(said.err.contains("nested"), "{open}: {said:?}");
    }
}

#[test]
fn wrong_command_lines_are_exit_code_2() {
    let folder = Folder::new();
    folder.write("a.py", "x = 1\n");
    folder.write("src/b.py", "x = 1\n");
    for args in [
        &["compile"][..],
        &["compile", "a.py", "--march=6502"],
        &["compile", "a.py", "-X", "emit=poetry"],
        &["compile", "a.py", "-X", "emit=native"],
        &["compile", "a.py", "--compat", "1.12"],
        &["compile", "a.py", "-march=armv7m", "--compat", "1.20"],
        &["compile", "a.py", "src", "-s", "x.py"],
        &["compile", "a.py", "src", "-o", "a.py"],
        &["compile", "a.py", "-o", "a.py"],
        &["frobnicate"],
    ] {
        assert_eq!(folder.run(args).code, 2, "{args:?}");
    }
    assert_eq!(folder.read("a.py"), b"x = 1\n");
}

#[test]
fn special_outputs_stay_what_they_are() {
    let folder = Folder::new();
    folder.write("a.py", "x = 1\n");
    assert_eq!(folder.run(&["compile", "a.py", "-o", "/dev/null"]).code, 0);
    folder.write("real.mpy", "");
    std::os::unix::fs::symlink("real.mpy", folder.path("link.mpy")).expect("can link");
    assert_eq!(folder.run(&["compile", "a.py", "-o", "link.mpy"]).code, 0);
    assert!(folder.path("link.mpy").is_symlink());
    assert!(folder.read("real.mpy").starts_with(b"M\x06"));
}

#[test]
fn circuitpython_has_its_own_first_byte() {
    let folder = Folder::new();
    folder.write("a.py", "x = 1\n");
    let said = folder.run(&["compile", "a.py", "-o", "-", "--compat", "circuitpython"]);
    assert!(said.out.starts_with(b"C\x06\x00\x1f"), "{said:?}");
}

#[test]
fn diagnostics_for_programs() {
    let folder = Folder::new();
    folder.write("a.py", "x = = 1\nreturn 2\n");
    let said = folder.run(&["check", "--message-format", "json", "a.py"]);
    assert_eq!(said.code, 1);
    let first: serde_json::Value =
        serde_json::from_str(said.text().lines().next().expect("a line")).expect("JSON");
    assert_eq!((&first["file"], &first["severity"]), (&"a.py".into(), &"error".into()));
    assert_eq!(first["span"]["start"]["line"], 1);
    let said = folder.run(&["check", "--message-format", "sarif", "a.py"]);
    let log: serde_json::Value = serde_json::from_slice(&said.out).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    assert!(!log["runs"][0]["results"].as_array().expect("results").is_empty());
    let said = folder.run(&["check", "--message-format", "short", "a.py"]);
    assert!(said.err.starts_with("a.py:1:5: error["), "{said:?}");
    assert_eq!(folder.list(), ["a.py"], "checking writes nothing");
}

#[test]
fn listings_and_dumps() {
    let folder = Folder::new();
    folder.write("a.py", "def double(x):\n    return x * 2\n");
    let of_source = folder.run(&["dis", "--verify", "a.py"]);
    assert_eq!(of_source.code, 0, "{of_source:?}");
    assert!(
        of_source.text().contains("double") && of_source.text().contains("line 2"),
        "{of_source:?}"
    );
    assert_eq!(folder.run(&["compile", "a.py"]).code, 0);
    assert_eq!(folder.run(&["dis", "a.mpy"]).text(), of_source.text());
    folder.write("bad.mpy", b"M\x06\x00\x1f\x01");
    let said = folder.run(&["dis", "bad.mpy"]);
    assert_eq!((said.code, said.err.contains("ends too early")), (3, true), "{said:?}");
    for stage in ["ast", "hir", "bytecode", "mpy"] {
        let said = folder.run(&["dump", "--stage", stage, "a.py"]);
        assert_eq!(said.code, 0, "{stage}: {said:?}");
        assert!(!said.out.is_empty(), "{stage}");
    }
}

#[test]
fn watching_compiles_what_changes() {
    let folder = Folder::new();
    folder.write("src/a.py", "x = 1\n");
    let mut watcher = folder.command(&["compile", "src", "-o", "out", "--watch"]);
    let mut child = watcher.stderr(Stdio::null()).spawn().expect("can run");
    let wait_for = |what: &str, done: &dyn Fn() -> bool| {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < Duration::from_secs(20), "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait_for("the first result", &|| folder.has("out/a.mpy"));
    // The watch begins before the first compilation, so no change is missed.
    folder.write("src/b.py", "y = 2\n");
    wait_for("the second result", &|| folder.has("out/b.mpy"));
    child.kill().expect("runs until it is stopped");
    child.wait().expect("ends");
}

#[test]
fn programs_run() {
    let folder = Folder::new();
    folder.write("a.py", "print('hi')\nraise SystemExit(5)\n");
    let said = folder.run(&["run", "a.py", "--target", "x"]);
    assert_eq!((said.code, said.text().as_str()), (5, "hi\n"), "{said:?}");
    let said = folder.run_as("micropython", &["-c", "print(6 * 7)"]);
    assert_eq!((said.code, said.text().as_str()), (0, "42\n"), "{said:?}");
}
