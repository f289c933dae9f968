//! Boards as QEMU models them: our compiler freezes the case behind the base
//! firmware, `hognose run --target` starts the machine.
//!
//! A run takes a tenth of a second, most of it QEMU's own start, so every case has
//! the board to itself: a program that breaks the firmware breaks nothing else.

use std::path::PathBuf;
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
}

/// Exit codes of firmware that fell over (`exit_code` in `targets/common`).
const PANIC: i32 = 134;
const FAULT: i32 = 139;
/// Of `hognose run --timeout`, as of timeout(1).
const TIMED_OUT: i32 = 124;

impl Board {
    pub const fn new(name: &'static str, level: Level, system: &'static str) -> Board {
        Board { name, level, system }
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

    /// Builds an image of a case, and runs it; `hognose` is our command line.
    pub fn run(self, mut hognose: Command, case: &Case, limit: Duration) -> Outcome {
        hognose.args(["run", "--target", self.name, "--level", self.level.name()]);
        hognose.args(["--timeout", &limit.as_secs().to_string(), case.file_name()]);
        hognose.current_dir(case.dir()).env("HOGNOSE_FIRMWARE", firmware_dir());
        let done = match process::run(&mut hognose, b"", limit * 2) {
            Ok(done) => done,
            Err(e) => return Outcome::Broken(format!("hognose does not start: {e}")),
        };
        let printed = text::normalise(&done.stdout);
        match done.end {
            End::Exit(TIMED_OUT) | End::Timeout => Outcome::Timeout,
            End::Exit(FAULT) if case.has_need("fault") => {
                Outcome::Text(without_registers(&printed))
            }
            End::Exit(code @ (PANIC | FAULT)) => {
                Outcome::Crash(format!("exit code {code}\n{printed}"))
            }
            End::Exit(_) if printed.is_empty() && !done.stderr.is_empty() => {
                Outcome::Refused(text::normalise(&done.stderr))
            }
            End::Exit(_) => Outcome::Text(printed),
            End::Signal(signal) => Outcome::Crash(format!("signal {signal}\n{printed}")),
        }
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

fn firmware_dir() -> PathBuf {
    match std::env::var_os("HOGNOSE_FIRMWARE") {
        Some(folder) => workspace_root().join(folder),
        None => target_dir().join("firmware"),
    }
}
