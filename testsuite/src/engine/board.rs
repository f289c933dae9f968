//! Boards as QEMU models them: our compiler freezes the case behind the base
//! firmware, `hognose run --target` starts the machine.
//!
//! A run takes a tenth of a second, most of it QEMU's own start, so every case has
//! the board to itself: a program that breaks the firmware breaks nothing else.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::Outcome;
use crate::case::{Case, Level};
use crate::process::{self, End};
use crate::{target_dir, text, workspace_root};

/// A board and the firmware that it is tested with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Board {
    pub name: &'static str,
    pub level: Level,
    pub system: &'static str,
    /// The CPU, as `-march` has it, of boards on which machine code is tested.
    pub arch: Option<&'static str>,
    /// Machine code of ours comes from files too, being for a smaller CPU than the board's.
    pub foreign: bool,
}

/// Exit codes of firmware that fell over (`exit_code` in `targets/common`).
const PANIC: i32 = 134;
const FAULT: i32 = 139;
/// Of `hognose run --timeout`, as of timeout(1).
const TIMED_OUT: i32 = 124;

impl Board {
    pub const fn new(name: &'static str, level: Level, system: &'static str) -> Board {
        Board { name, level, system, arch: None, foreign: false }
    }

    /// A board on which machine code is tested.
    pub const fn running(self, arch: &'static str) -> Board {
        Board { arch: Some(arch), ..self }
    }

    /// A board that runs machine code for a smaller CPU than its own.
    pub const fn running_foreign(self, arch: &'static str) -> Board {
        Board { arch: Some(arch), foreign: true, ..self }
    }

    /// What this machine lacks to run the board, if anything.
    pub fn missing(self) -> Option<String> {
        let elf = firmware_dir().join(self.name).join(format!("{}.elf", self.level.name()));
        if !elf.is_file() {
            return Some(format!("{} is missing: run 'cargo xtask firmware'", elf.display()));
        }
        self.no_qemu()
    }

    /// That QEMU is missing, if it is.
    pub fn no_qemu(self) -> Option<String> {
        let qemu = format!("qemu-system-{}", self.system);
        let starts = Command::new(&qemu).arg("--version").output().is_ok();
        (!starts).then(|| format!("{qemu} is not installed"))
    }

    /// Builds an image of a case, of machine code if `native`, and runs it; `hognose` is
    /// our command line.
    pub fn run(self, mut hognose: Command, case: &Case, native: bool, limit: Duration) -> Outcome {
        self.start(&mut hognose, limit);
        if native {
            hognose.args(["--emit", "native-all"]);
        }
        hognose.arg(case.file_name()).current_dir(case.dir());
        finish(hognose, case.has_need("fault"), limit)
    }

    /// Runs the module `start` of a folder, beside which `files.romfs` holds what it needs.
    pub fn run_files(self, mut hognose: Command, folder: &Path, limit: Duration) -> Outcome {
        self.start(&mut hognose, limit);
        hognose.args(["--romfs", "files.romfs", "start.py"]).current_dir(folder);
        let outcome = finish(hognose, false, limit);
        match std::fs::remove_dir_all(folder) {
            Ok(()) => outcome,
            Err(e) => Outcome::Broken(e.to_string()),
        }
    }

    fn start(self, hognose: &mut Command, limit: Duration) {
        hognose.args(["run", "--target", self.name, "--level", self.level.name()]);
        hognose.args(["--timeout", &limit.as_secs().to_string()]);
        hognose.env("HOGNOSE_FIRMWARE", firmware_dir());
    }
}

/// Runs QEMU to its end; `fault`: a program that ends in the fault handler.
fn finish(mut hognose: Command, fault: bool, limit: Duration) -> Outcome {
    let done = match process::run(&mut hognose, b"", limit * 2) {
        Ok(done) => done,
        Err(e) => return Outcome::Broken(format!("hognose does not start: {e}")),
    };
    let printed = text::normalise(&done.stdout);
    match done.end {
        End::Exit(TIMED_OUT) | End::Timeout => Outcome::Timeout,
        End::Exit(FAULT) if fault => Outcome::Text(without_registers(&printed)),
        End::Exit(code @ (PANIC | FAULT)) => Outcome::Crash(format!("exit code {code}\n{printed}")),
        End::Exit(_) if printed.is_empty() && !done.stderr.is_empty() => {
            Outcome::Refused(text::normalise(&done.stderr))
        }
        End::Exit(_) => Outcome::Text(printed),
        End::Signal(signal) => Outcome::Crash(format!("signal {signal}\n{printed}")),
    }
}

/// A fault's report but for the registers, which differ from board to board.
fn without_registers(printed: &str) -> String {
    let is_row = |line: &&str| {
        let mut words = line.split_whitespace().peekable();
        words.peek().is_some()
            && words.all(|w| w.split_once('=').is_some_and(|(_, digits)| digits.len() == 8))
    };
    printed.lines().filter(|line| !is_row(line)).map(|line| format!("{line}\n")).collect()
}

/// Where base firmware lies.
pub fn firmware_dir() -> PathBuf {
    match std::env::var_os("HOGNOSE_FIRMWARE") {
        Some(folder) => workspace_root().join(folder),
        None => target_dir().join("firmware"),
    }
}
