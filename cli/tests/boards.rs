//! The command line on boards that QEMU models, with the base firmware of this build tree:
//! `cargo xtask test` makes it first, and says so where it cannot. Without it the tests of
//! this file have nothing to look at.

mod common;

use common::{Folder, Said};
use object::{Object, ObjectSection, SectionFlags, SectionKind};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A board and a level of it.
struct Built {
    board: String,
    level: &'static str,
}

fn firmware() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/firmware")
}

/// Every board of the table whose firmware of one of `levels` is there; the first that is.
fn built(levels: &[&'static str]) -> Vec<Built> {
    let boards = Path::new(env!("CARGO_MANIFEST_DIR")).join("../targets/boards");
    let boards = hognose_boards::Board::read_all(&boards).expect("the boards");
    let all = boards.into_iter().filter_map(|board| {
        let there =
            |level: &&&str| firmware().join(&board.name).join(format!("{level}.elf")).is_file();
        let level = levels.iter().find(there)?;
        Some(Built { level, board: board.name })
    });
    let all: Vec<Built> = all.collect();
    if all.is_empty() {
        eprintln!("skipped: no base firmware of level {levels:?}");
    }
    all
}

impl Built {
    fn run(&self, folder: &Folder, command: &str, args: &[&str]) -> Said {
        let to = ["--target", &self.board, "--level", self.level];
        let mut command = folder.command(&[&[command], &to[..], args].concat());
        command.env("HOGNOSE_FIRMWARE", firmware()).output().expect("can run").into()
    }
}

/// The one that has most of everything.
fn largest() -> Option<Built> {
    built(&["full"]).into_iter().find(|b| b.board == "mps2-an385")
}

/// Without QEMU, or with firmware of another state of the tree, nothing can be said.
fn cannot_run(said: &Said) -> bool {
    let why = ["is not installed", "another version"].iter().any(|w| said.err.contains(w));
    if why {
        eprintln!("skipped: {}", said.err);
    }
    why
}

#[test]
fn sizes_agree_with_the_sections() {
    for built in built(&["full", "core", "minimal"]) {
        let folder = Folder::new();
        folder.write("app.py", "import part\nprint(part.f(3))\n");
        folder
            .write("part.py", "TEXT = 'text' * 9\nROW = (1, 2.5, 'x')\ndef f(x):\n    return x\n");
        let said = built.run(&folder, "build", &["app.py"]);
        assert_eq!(said.code, 0, "{}: {}", built.board, said.err);
        let data = folder.read("app.elf");
        let elf = object::File::parse(&*data).expect("an ELF file");
        let (mut flash, mut ram) = (0, 0);
        for section in elf.sections() {
            let SectionFlags::Elf { sh_flags, .. } = section.flags() else { continue };
            if sh_flags.0 & object::elf::SHF_ALLOC.0 == 0 {
                continue;
            }
            let in_ram = sh_flags.0 & object::elf::SHF_WRITE.0 != 0;
            if section.kind() == SectionKind::UninitializedData {
                ram += section.size();
            } else {
                flash += section.size();
                ram += if in_ram { section.size() } else { 0 };
            }
        }
        let said = folder.run(&["size", "app.elf", "--json"]);
        let sizes: serde_json::Value = serde_json::from_slice(&said.out).expect("JSON");
        let items = sizes["items"].as_array().expect("a list");
        for (column, of_sections) in [("flash", flash), ("ram", ram)] {
            let sum: u64 = items.iter().map(|i| i[column].as_u64().unwrap_or(0)).sum();
            assert_eq!(sizes[column].as_u64(), Some(sum), "{} {column}", built.board);
            assert_eq!(sum, of_sections, "{} {column}", built.board);
        }
    }
}

#[test]
fn a_reset_starts_the_chip_anew() {
    for built in built(&["core"]) {
        let folder = Folder::new();
        folder
            .write("app.py", "import machine\nprint('before')\nmachine.reset()\nprint('after')\n");
        let said = built.run(&folder, "run", &["--timeout", "3", "app.py"]);
        if cannot_run(&said) {
            continue;
        }
        let text = said.text().replace('\r', "");
        if built.board == "sifive-e" {
            // QEMU models no way to reset this chip: the firmware goes back to its start, until
            // the time is over, in the middle of a line maybe.
            let whole = text.rsplit_once('\n').map_or("", |(lines, _)| lines);
            let again = whole.lines().count() > 1 && whole.lines().all(|line| line == "before");
            assert!(said.code == 124 && again, "{} {text:.99}", said.code);
        } else {
            // QEMU ends where the chip would start again.
            assert_eq!((said.code, text), (0, "before\n".into()), "{}: {}", built.board, said.err);
        }
    }
}

#[test]
fn a_hundred_modules_are_built_at_once_and_alike() {
    let Some(board) = largest() else { return };
    let folder = Folder::new();
    let printed = folder.write_hundred_modules();
    let start = Instant::now();
    let said = board.run(&folder, "build", &["-o", "a.elf", "many.py"]);
    let took = start.elapsed();
    assert_eq!(said.code, 0, "{}", said.err);
    let limit = if cfg!(debug_assertions) { 10 } else { 1 };
    assert!(took.as_secs() < limit, "{took:?}");
    assert_eq!(board.run(&folder, "build", &["-o", "b.elf", "many.py"]).code, 0);
    assert!(folder.read("a.elf") == folder.read("b.elf"));
    let said = board.run(&folder, "run", &["--timeout", "20", "many.py"]);
    if !cannot_run(&said) {
        assert_eq!(said.text().replace('\r', ""), printed, "{}", said.err);
    }
}

#[test]
fn busy_functions_of_a_profile_are_machine_code() {
    let Some(board) = largest() else { return };
    let folder = Folder::new();
    folder.write(
        "app.py",
        "def mix(i):\n    while i > 10:\n        i = i // 3 + (i & 1)\n    return i\n\
         def cold():\n    return 1\n\
         print(sum(mix(i) for i in range(500)), cold())\n",
    );
    let said = folder.run(&["profile", "app.py"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let code = |args: &[&str]| -> u64 {
        let said = board.run(&folder, "build", &[args, &["app.py"]].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        let said = folder.run(&["size", "app.elf", "--json"]);
        let sizes: serde_json::Value = serde_json::from_slice(&said.out).expect("JSON");
        sizes["kinds"]["bytecode"]["flash"].as_u64().expect("a size")
    };
    let with_profile = ["--profile", "profile.json"];
    assert!(code(&with_profile) < code(&[]), "a function left bytecode");
    let said = board.run(&folder, "run", &[&with_profile[..], &["app.py"]].concat());
    if !cannot_run(&said) {
        assert_eq!(said.text().replace('\r', ""), "3064 1\n".to_owned(), "{}", said.err);
    }
}
