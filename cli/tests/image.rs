//! `build`, `size`, `targets`, `flash` and `decode`, for a board that exists in these
//! tests only; on boards that QEMU models if base firmware has been built.

#[path = "../../testsuite/fuzz/bodies/base_elf.rs"]
mod base_elf;
mod common;

use common::{Folder, Said};
use std::path::{Path, PathBuf};
use std::time::Instant;

const BOARD: &str = r#"
name = "paper"
title = "A board on paper"
cpu = "cortex-m0"
rust-target = "thumbv6m-none-eabi"
arch = "armv6m"
clock = 1_000_000
flash = { origin = 0, length = 0x4_0000 }
ram = { origin = 0x2000_0000, length = 0x4000 }
stack = 1024
levels = ["minimal", "core"]
uf2-family = 0x1b57745f

[[program]]
tool = "a-tool-that-nobody-has"
args = ["--write", "{hex}", "{elf}", "{bin}"]
"#;

/// A folder with a firmware folder and a program in it.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("fw/paper/board.toml", BOARD);
    folder.write("fw/paper/core.elf", base_elf::base_elf());
    folder.write("app.py", "import helper\nprint(helper.double(4))\n");
    folder.write(
        "helper.py",
        "def double(x):\n    return x * 2\n\ndef unused(x):\n    return x / 0\n",
    );
    folder
}

fn run(folder: &Folder, args: &[&str]) -> Said {
    let mut command = folder.command(args);
    command.env("HOGNOSE_FIRMWARE", folder.path("fw")).output().expect("can run").into()
}

#[test]
fn an_image_in_every_format() {
    let folder = folder();
    for format in ["elf", "hex", "bin", "uf2"] {
        let name = format!("app.{format}");
        let said = run(&folder, &["build", "--target", "paper", "app.py", "-o", &name]);
        assert_eq!((said.code, said.text().as_str()), (0, ""), "{}", said.err);
        let first = folder.read(&name);
        let again = run(&folder, &["build", "--target", "paper", "-q", "app.py", "-o", &name]);
        assert_eq!((again.code, again.err.as_str()), (0, ""));
        assert!(folder.read(&name) == first, "{name} is reproducible");
    }
    assert!(folder.read("app.elf").starts_with(b"\x7fELF"));
    assert!(folder.read("app.hex").starts_with(b":10010000"));
    assert!(folder.read("app.uf2").starts_with(b"UF2\n"));
    // The same bytes in flash: from the first address on, gaps erased.
    let bin = folder.read("app.bin");
    let block = &folder.read("app.uf2")[..512];
    assert_eq!(bin[..256], block[32..288]);
    assert_eq!(block[28..32], 0x1b57_745fu32.to_le_bytes());
    let said = run(&folder, &["build", "--base", "fw/paper/core.elf", "app.py"]);
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn an_object_file_for_rust() {
    let folder = folder();
    let args = ["freeze", "--target", "paper", "--heap", "2048", "app.py", "-o", "app.o"];
    let said = run(&folder, &args);
    assert_eq!((said.code, said.text().as_str()), (0, ""), "{}", said.err);
    let object = folder.read("app.o");
    // Relocatable.
    assert_eq!((&object[..4], object[16]), (&b"\x7fELF"[..], 1));
    assert_eq!(run(&folder, &args).code, 0);
    assert!(folder.read("app.o") == object, "reproducible");
    assert_eq!(run(&folder, &["freeze", "app.py"]).code, 2, "for which runtime?");
}

#[test]
fn what_cannot_be_built_is_told() {
    let folder = folder();
    folder.write("bad.py", "import helper\nx = = 1\n");
    folder.write("big.py", format!("x = {:?}\n", "y".repeat(300_000)));
    folder.write("fw/paper/minimal.elf", "no ELF file");
    let before = folder.list();
    for (args, code, text) in [
        (&["--target", "nothing", "app.py"][..], 2, "which has paper"),
        (&["--target", "paper", "--level", "full", "app.py"], 2, "the highest is core"),
        (&["--target", "paper", "--level", "huge", "app.py"], 2, "minimal, core or full"),
        (
            &["--target", "paper", "--level", "minimal", "app.py"],
            3,
            "paper minimal: base firmware: ",
        ),
        (&["--target", "paper", "app.py", "-o", "app.exe"], 2, "'.exe' is no format"),
        (&["--target", "paper", "bad.py"], 1, "bad.py:2:5"),
        (&["--target", "paper", "big.py"], 1, "bytes of flash and"),
        (&["--target", "paper", "none.py"], 3, "cannot read none.py: no such file"),
        (&["--target", "paper"], 2, "required"),
        (&["app.py"], 2, "say which board with --target"),
        (&["--target", "paper", "--romfs", "app.py", "app.py"], 3, "not a ROMFS image"),
        (&["--target", "paper", "--manifest", "app.py"], 1, "app.py:1: ImportError"),
    ] {
        let said = run(&folder, &[&["build"], args].concat());
        assert_eq!(said.code, code, "{args:?}: {}", said.err);
        assert!(said.err.contains(text), "{args:?}: {}", said.err);
    }
    assert_eq!(folder.list(), before, "nothing is left behind");
    std::fs::remove_file(folder.path("fw/paper/core.elf")).expect("it is there");
    let said = run(&folder, &["build", "--target", "paper", "app.py"]);
    assert!(
        said.code == 3 && said.err.contains("'cargo xtask firmware paper:core'"),
        "{}",
        said.err
    );
    let mut command = folder.command(&["targets"]);
    let said: Said = command.env("HOGNOSE_FIRMWARE", "/nowhere/x").output().expect("runs").into();
    assert!(said.code == 3 && said.err.contains("cannot read /nowhere/x"), "{}", said.err);
}

#[test]
fn a_manifest_and_whole_program_options() {
    let folder = folder();
    folder
        .write("manifest.py", "module('app.py')\nmodule('helper.py', opt=3)\nmodule('other.py')\n");
    folder.write("other.py", "def f(): pass\n");
    let build = |more: &[&str]| {
        let args = ["build", "--target", "paper", "--manifest", "manifest.py", "-o", "m.bin"];
        let said = run(&folder, &[&args[..], more].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        (folder.read("m.bin"), said)
    };
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    let (plain, _) = build(&["app.py"]);
    assert!(has(&plain, "unused") && has(&plain, "other.py"));
    let (small, said) = build(&["--strip", "--strip-report", "-", "app.py"]);
    assert!(!has(&small, "unused") && !has(&small, "other.py") && small.len() < plain.len());
    let report = "helper.py:4: helper.unused: nothing that runs mentions 'unused'\n";
    assert!(said.text().contains(report), "{}", said.text());
    assert!(said.text().contains("other.py: module other: nothing that runs imports it"));
    assert!(said.err.contains("1 modules and 1 definitions left out"), "{}", said.err);
    // Without a program that runs first there is nothing to start from.
    let (all, said) = build(&["--strip"]);
    assert!(has(&all, "unused") && said.err.contains("everything may be reached"), "{}", said.err);
    let (anonymous, _) = build(&["--anonymise", "--line-map", "m.map", "app.py"]);
    assert!(!has(&anonymous, "unused"));
    folder.write("trace.txt", "  File \"x.py\", line 999999, in f\nplain\n");
    let said = run(&folder, &["decode", "--map", "m.map", "trace.txt"]);
    assert_eq!(said.text(), "  File \"x.py\", line 999999, in f\nplain\n", "{}", said.err);
    assert_eq!(run(&folder, &["decode", "--map", "trace.txt", "trace.txt"]).code, 3);
}

#[test]
fn built_ins_that_nothing_mentions_are_left_out() {
    let folder = folder();
    folder.write("fw/paper/core.elf", base_elf::linkable_elf());
    folder.write("rows.py", "append = 1\n");
    folder.write("any.py", "def f(x, n):\n    return getattr(x, n)\nf(1, 'real')\n");
    folder.write("known.py", "def f(x):\n    return getattr(x, 'real')\nf(1)\n");
    folder.write("alias.py", "reader = getattr\n");
    let build = |more: &[&str]| {
        let args = ["build", "--target", "paper", "-o", "m.bin", "--strip", "--strip-report"];
        let said = run(&folder, &[&args[..], &["report.txt"], more].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        let report = String::from_utf8(folder.read("report.txt")).expect("text");
        (folder.read("m.bin").len(), said.err, report)
    };
    let (small, summary, report) = build(&["app.py"]);
    assert!(summary.contains("strip: 3 built-ins left out, "), "{summary}");
    assert!(report.contains("firmware: <module>.append: nothing mentions it\n"), "{report}");
    assert!(report.contains("helper.unused"), "the program's own as before: {report}");
    let (whole, summary, _) = build(&["--keep-builtins", "app.py"]);
    assert!(whole > small && !summary.contains("built-ins"), "{summary}");
    let (_, summary, report) = build(&["rows.py"]);
    assert!(summary.contains("strip: 2 built-ins left out"), "{summary} {report}");
    for (file, keeps) in [("any.py", true), ("known.py", false), ("alias.py", true)] {
        let (_, summary, report) = build(&[file]);
        let said = format!("'getattr' in {file} may reach any name");
        assert_eq!(summary.contains(&said), keeps, "{summary} {report}");
        assert_eq!(summary.contains("strip: 0 built-ins"), keeps, "{summary} {report}");
    }
}

#[test]
fn sizes_add_up_and_budgets_hold() {
    let folder = folder();
    assert_eq!(run(&folder, &["build", "--target", "paper", "app.py"]).code, 0);
    let said = run(&folder, &["size", "app.elf", "--json", "--html", "map.html"]);
    let sizes: serde_json::Value = serde_json::from_slice(&said.out).expect("JSON");
    let items = sizes["items"].as_array().expect("a list");
    let sum: u64 = items.iter().map(|i| i["flash"].as_u64().unwrap_or(0)).sum();
    assert_eq!(sizes["flash"].as_u64(), Some(sum));
    let kinds = sizes["kinds"].as_object().expect("kinds");
    for kind in ["code", "bytecode", "names", "lines", "functions", "tables"] {
        assert!(kinds.contains_key(kind), "{kind}: {}", said.text());
    }
    let page = String::from_utf8(folder.read("map.html")).expect("text");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("helper"), "{page}");
    let table = run(&folder, &["size", "app.elf"]).text();
    assert!(table.contains("image / helper") && table.contains("total"), "{table}");
    let source = run(&folder, &["size", "--target", "paper", "app.py"]).text();
    assert_eq!(source, table, "a program is built first");
    let budget = |limit: &str| run(&folder, &["size", "app.elf", "--budget", limit]);
    assert_eq!(budget("100K").code, 0);
    let said = budget("300,1M");
    assert!(said.code == 1 && said.err.contains("over the budget of 300"), "{}", said.err);
    assert_eq!(budget("much").code, 2);
    assert_eq!(run(&folder, &["size", "app.py"]).code, 3);
}

#[test]
fn boards_are_listed_and_flashed_with_what_is_there() {
    let folder = folder();
    assert_eq!(run(&folder, &["build", "--target", "paper", "app.py"]).code, 0);
    assert!(run(&folder, &["targets"]).text().contains("A board on paper"));
    let said = run(&folder, &["targets", "paper"]);
    assert!(said.text().contains("native arch  armv6m"), "{}", said.text());
    let said = run(&folder, &["flash", "--target", "paper", "app.elf"]);
    assert_eq!(said.code, 3);
    assert!(
        said.err.contains("nothing that flashes paper is installed: a-tool-that"),
        "{}",
        said.err
    );
    let said = run(&folder, &["flash", "--target", "paper", "--dry-run", "app.elf"]);
    assert_eq!(said.text(), "a-tool-that-nobody-has --write app.hex app.elf app.bin\n");
    assert_eq!(run(&folder, &["run", "--target", "paper", "app.py"]).code, 2, "no QEMU");
    assert_eq!(folder.list(), ["app.elf", "app.py", "fw", "helper.py"]);
}

#[test]
fn a_hundred_modules_take_no_time() {
    let folder = folder();
    folder.write_hundred_modules();
    let start = Instant::now();
    let said = run(&folder, &["build", "--target", "paper", "many.py"]);
    let took = start.elapsed();
    // The paper board has too little flash for them; what it takes to find out is all but
    // writing the file.
    println!("100 modules: {} ms: {}", took.as_millis(), said.err);
    assert!(said.code <= 1, "{}", said.err);
    let limit = if cfg!(debug_assertions) { 10 } else { 1 };
    assert!(took.as_secs() < limit, "{took:?}");
}

/// Base firmware of this build tree.
fn built(board: &str, level: &str) -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/firmware");
    let qemu = std::process::Command::new("qemu-system-arm").arg("--version").output().is_ok();
    let there = target.join(board).join(format!("{level}.elf")).is_file() && qemu;
    if !there {
        eprintln!("skipped: no base firmware {board} {level}, or no QEMU");
    }
    there.then_some(target)
}

#[test]
fn programs_run_on_a_board() {
    let Some(firmware) = built("mps2-an385", "full") else { return };
    let folder = folder();
    folder.write(
        "main.py",
        "import sys, helper, extra\n\
         print(sys.argv, helper.double(4), extra.NAME)\n\
         try:\n    helper.unused(1)\nexcept ZeroDivisionError as e:\n    sys.print_exception(e)\n\
         sys.exit(7)\n",
    );
    folder.write("rom/extra.py", "NAME = 'from rom'\n");
    assert_eq!(run(&folder, &["romfs", "build", "rom"]).code, 0);
    let board = |args: &[&str]| -> Said {
        let mut command = folder.command(&[&["run", "--target", "mps2-an385"], args].concat());
        command.env("HOGNOSE_FIRMWARE", &firmware).output().expect("can run").into()
    };
    let said = board(&["--romfs", "rom.romfs", "main.py", "-x", "y"]);
    if said.err.contains("another version") {
        eprintln!("skipped: {}", said.err);
        return;
    }
    assert_eq!(said.code, 7, "{} {}", said.text(), said.err);
    let text = said.text();
    assert!(text.starts_with("['main.py', '-x', 'y'] 8 from rom"), "{text}");
    assert!(text.contains("File \"helper.py\", line 5, in unused"), "{text}");
    let mapped =
        ["--line-map", "m.map", "--anonymise", "--strip", "--romfs", "rom.romfs", "main.py"];
    let said = board(&mapped);
    assert!(!said.text().contains("in unused"), "{}", said.text());
    folder.write("trace.txt", &said.out);
    let decoded = folder.run(&["decode", "--map", "m.map", "trace.txt"]).text();
    assert!(decoded.contains("File \"helper.py\", line 5, in unused"), "{decoded}");
    folder.write(
        "fast.py",
        "@micropython.native\ndef add(a, b=2):\n    return a + b\n\
         @micropython.viper\ndef square(n: int) -> int:\n    return n * n\n\
         @micropython.asm_thumb\ndef triple(r0):\n    mov(r1, 3)\n    mul(r0, r1)\n\
         print(add(3), square(7), triple(14))\n",
    );
    let said = board(&["fast.py"]);
    let runs_none = said.err.contains("the function asks for machine code");
    assert!(runs_none || said.text() == "5 49 42\n", "{} {}", said.text(), said.err);
    folder.write("loop.py", "while True: pass\n");
    let said = board(&["--timeout", "1", "loop.py"]);
    assert_eq!(said.code, 124, "{}", said.err);
}

#[test]
fn hello_fits_64_kib_of_flash_and_4_of_ram() {
    let Some(firmware) = built("microbit", "minimal") else { return };
    let folder = folder();
    folder.write("main.py", "print('hello')\n");
    let board = |task: &str, args: &[&str]| -> Said {
        let target = ["--target", "microbit", "--level", "minimal", "--ram", "4K"];
        let mut command = folder.command(&[&[task], &target[..], args].concat());
        command.env("HOGNOSE_FIRMWARE", &firmware).output().expect("can run").into()
    };
    let said = board("build", &["main.py", "-o", "main.bin"]);
    if said.err.contains("another version") {
        eprintln!("skipped: {}", said.err);
        return;
    }
    assert_eq!(said.code, 0, "{}", said.err);
    let bin = folder.read("main.bin");
    assert!(bin.len() <= 64 << 10, "{} bytes", bin.len());
    assert_eq!(bin[..4], 0x2000_1000u32.to_le_bytes(), "the stack starts at the end of 4 KiB");
    let said = board("run", &["main.py"]);
    assert_eq!((said.code, said.text().trim_end()), (0, "hello"), "{}", said.err);
    let said = board("run", &["--stack", "4000", "main.py"]);
    assert!(said.code == 2 && said.err.contains("4096 bytes of RAM"), "{}", said.err);
}
