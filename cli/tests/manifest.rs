//! `hognose manifest`, against what MicroPython's own tool makes of the same files.

mod common;

use common::Folder;
use std::path::{Path, PathBuf};
use std::process::Command;

fn names(folder: &Folder, args: &[&str]) -> Vec<String> {
    let said = folder.run(&[&["manifest", "--json"], args].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    let list: serde_json::Value = serde_json::from_slice(&said.out).expect("JSON");
    let entry = |e: &serde_json::Value| {
        let opt = e["opt"].as_u64().map_or(String::new(), |o| format!(" -O{o}"));
        format!("{}{opt}", e["name"].as_str().unwrap_or_default())
    };
    list.as_array().expect("a list").iter().map(entry).collect()
}

#[test]
fn the_language_of_manifests() {
    let folder = Folder::new();
    for file in [
        "a.py",
        "src/pkg/__init__.py",
        "src/pkg/b.py",
        "src/pkg/deep/c.py",
        "src/pkg/notes.txt",
        "old/x.py",
        "old/y.py",
        "old/sub/z.py",
        "more/m.py",
        "more/n.py",
    ] {
        folder.write(file, "");
    }
    folder.write(
        "manifest.py",
        "metadata(version='1.2', description='all of it')\n\
         module('a.py', opt=3)\n\
         package('pkg', base_path='$(SRC)')\n\
         freeze('old', ('x.py', 'sub'), opt=1)\n\
         freeze_as_mpy('old', 'y.py')\n\
         include('more', extra=True)\n\
         for missing in []:\n    module('no.py')\n",
    );
    folder.write(
        "more/manifest.py",
        "options.defaults(usual=2)\n\
         assert options.usual == 2 and options.extra and options.other is None\n\
         module('m.py')\n\
         if options.extra:\n    freeze_as_str('.')\n\
         include('../manifest.py')\n",
    );
    let expected = [
        "a.py -O3",
        "pkg/__init__.py",
        "pkg/b.py",
        "pkg/deep/c.py",
        "x.py -O1",
        "sub/z.py -O1",
        "y.py",
        "m.py",
        "manifest.py",
        "n.py",
    ];
    assert_eq!(names(&folder, &["manifest.py", "-D", "SRC=src"]), expected);
    let said = folder.run(&["manifest", ".", "-D", "SRC=src"]);
    assert!(said.text().starts_with("a.py"), "{}", said.text());
}

#[test]
fn packages_of_libraries() {
    let folder = Folder::new();
    folder.write("lib/micropython/net/senml/manifest.py", "require('cbor')\nmodule('senml.py')\n");
    folder.write("lib/micropython/net/senml/senml.py", "");
    folder
        .write("lib/python-ecosys/cbor/manifest.py", "metadata(version='2')\nmodule('cbor.py')\n");
    folder.write("lib/python-ecosys/cbor/cbor.py", "");
    folder.write("lib/unix-ffi/cbor/manifest.py", "module('ffi.py')\n");
    folder.write("lib/unix-ffi/cbor/ffi.py", "");
    folder.write("own/special/manifest.py", "package('special')\n");
    folder.write("own/special/special/__init__.py", "");
    folder.write(
        "manifest.py",
        "require('senml')\nadd_library('mine', 'own')\nrequire('special', library='mine')\n\
         require('cbor')\n",
    );
    let found = ["cbor.py", "senml.py", "special/__init__.py"];
    assert_eq!(names(&folder, &["manifest.py", "--lib", "lib"]), found);
    assert_eq!(names(&folder, &["manifest.py", "-m", "lib", "--unix-ffi"])[0], "ffi.py");
    let mut command = folder.command(&["manifest", "manifest.py"]);
    let output = command.env("MPY_LIB_DIR", folder.path("lib")).output().expect("can run");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn errors_name_the_line_and_help() {
    let folder = Folder::new();
    folder.write("a.py", "");
    folder.write("inner.py", "x = 1\nmodule('none.py')\n");
    for (text, expected) in [
        ("x = 1\nmodule('no.py')\n", "m.py:2: no file "),
        ("module('a.txt')\n", "m.py:1: module('a.txt'): not a .py file"),
        ("require('json')\n", "hint: say where micropython-lib is with --lib FOLDER"),
        (
            "\n\nc_module('x')\n",
            "m.py:3: c_module('x'): C cannot be compiled into an image\nhint: ",
        ),
        ("freeze('$(BOARD)/x')\n", "hint: say what $(BOARD) is with --define BOARD=FOLDER"),
        ("include('inner.py')\n", "inner.py:2: no file "),
        ("def f(:\n", "m.py:1: SyntaxError"),
        ("undefined\n", "m.py:1: NameError: name 'undefined' isn't defined"),
        ("module('a.py', 1)\n", "m.py:1: TypeError"),
        ("module(nothing=1)\n", "m.py:1: TypeError: unexpected argument 'nothing'"),
        ("module('a.py', opt=7)\n", "m.py:1: ValueError: opt is 0 to 3"),
        ("metadata(version='1')\nmetadata(version='1')\n", "m.py:2: metadata() is called twice"),
        ("def f(): f()\nf()\n", "RuntimeError: maximum recursion depth exceeded"),
    ] {
        folder.write("m.py", text);
        let mut command = folder.command(&["manifest", "m.py"]);
        for name in ["MPY_LIB_DIR", "BOARD"] {
            command.env_remove(name);
        }
        let said: common::Said = command.output().expect("can run").into();
        assert_eq!(said.code, 1, "{text}: {}", said.err);
        assert!(said.err.contains(expected), "{text}: {}", said.err);
    }
    let said = folder.run(&["manifest", "nowhere.py"]);
    assert!(said.code != 0 && said.err.contains("no manifest "), "{}", said.err);
}

#[test]
fn no_text_makes_a_manifest_panic() {
    // Pieces of manifests put together by a fixed sequence of numbers.
    const PIECES: [&str; 16] = [
        "module(",
        "'a.py'",
        ")\n",
        "include(",
        "'m.py'",
        ", opt=",
        "3",
        "freeze(",
        "'.'",
        "[",
        "]",
        "options.x",
        "require(",
        "package(",
        "None",
        "\n",
    ];
    let folder = Folder::new();
    folder.write("a.py", "");
    let mut state = 1u32;
    for _ in 0..40 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            text += PIECES[(state >> 16) as usize % PIECES.len()];
        }
        folder.write("m.py", &text);
        let said = folder.run(&["manifest", "m.py"]);
        assert!(said.code <= 1 && !said.err.contains("panicked"), "{text}: {}", said.err);
    }
}

/// All `manifest.py` files below a folder.
fn manifests(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() && !path.is_symlink() {
            manifests(&path, found);
        } else if path.file_name().is_some_and(|n| n == "manifest.py") {
            found.push(path);
        }
    }
}

/// Prints what MicroPython's tool resolves, a line each of name, path and level.
const ORACLE: &str = "\
import os, sys
sys.path.insert(0, sys.argv[1] + '/tools')
import manifestfile as m
given = {n: os.environ[n] for n in ('MPY_DIR', 'MPY_LIB_DIR', 'PORT_DIR', 'BOARD_DIR')}
f = m.ManifestFile(m.MODE_FREEZE, given)
try:
    f.execute(sys.argv[2])
except Exception as e:
    sys.exit('error: %s' % e)
for x in f.files():
    print(x.target_path, os.path.abspath(x.full_path), x.opt, x.metadata.version)
";

/// Needs `HOGNOSE_STOCK` (MicroPython's source) and `MPY_LIB_DIR`.
#[test]
fn manifests_in_the_wild_name_the_same_files() {
    let places = (std::env::var_os("HOGNOSE_STOCK"), std::env::var_os("MPY_LIB_DIR"));
    let (Some(stock), Some(library)) = places else {
        eprintln!("skipped: HOGNOSE_STOCK and MPY_LIB_DIR are not set");
        return;
    };
    let stock = PathBuf::from(stock);
    let mut files = Vec::new();
    manifests(&stock.join("ports"), &mut files);
    manifests(Path::new(&library), &mut files);
    let folder = Folder::new();
    let (mut same, mut refused) = (0, 0);
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        // What Hognose says no to on purpose.
        if text.contains("c_module(") {
            continue;
        }
        let port = file.strip_prefix(stock.join("ports")).ok().and_then(|p| p.iter().next());
        let port = stock.join("ports").join(port.unwrap_or("unix".as_ref()));
        let set = |command: &mut Command| {
            command.env("MPY_DIR", &stock).env("MPY_LIB_DIR", &library).env("PORT_DIR", &port);
            command.env("BOARD_DIR", file.parent().expect("a folder"));
            command.output().expect("can run")
        };
        let mut python = Command::new("python3");
        let theirs = set(python.args(["-c", ORACLE]).arg(&stock).arg(file));
        let ours = set(folder.command(&["manifest", "--json"]).arg(file));
        assert_eq!(ours.status.success(), theirs.status.success(), "{}", file.display());
        if !theirs.status.success() {
            refused += 1;
            continue;
        }
        let list: Vec<serde_json::Value> = serde_json::from_slice(&ours.stdout).expect("JSON");
        let python = |v: &serde_json::Value| match v {
            serde_json::Value::Null => "None".to_owned(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let line = |e: &serde_json::Value| {
            ["name", "path", "opt", "version"].map(|key| python(&e[key])).join(" ")
        };
        let mut ours: Vec<String> = list.iter().map(line).collect();
        let text = String::from_utf8_lossy(&theirs.stdout).into_owned();
        let mut theirs: Vec<String> = text.lines().map(str::to_owned).collect();
        ours.sort();
        theirs.sort();
        theirs.dedup();
        assert_eq!(ours, theirs, "{}", file.display());
        same += 1;
    }
    println!("{same} manifests name the same files, {refused} are refused by both");
    assert!(same > 100, "{same} of {}", files.len());
}
