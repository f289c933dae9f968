//! The targets table.
//!
//! Every board folder holds one `board.toml`; the table is nothing but the sum
//! of these files, so a new board is one folder and no edit elsewhere. Three
//! readers share this crate and therefore the facts:
//!
//! * the board's `build.rs` ([`build::emit`]) turns the memory map into the
//!   linker script, so the map is written once;
//! * `cargo xtask firmware` learns which Rust target and levels to build;
//! * the CLI learns native architecture, memory left for an image, how to run
//!   the board in QEMU and how to flash it.
//!
//! Units: addresses and lengths are bytes, clocks are hertz.

pub mod build;

use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// One row of the table: everything the host side knows about a board.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Board {
    /// The name on the command line; the folder has the same name.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// CPU core as its maker calls it, `cortex-m0`.
    pub cpu: String,
    /// Rust target triple of the base firmware.
    pub rust_target: String,
    /// Native architecture of `.mpy` files, by MicroPython's name.
    pub arch: String,
    /// CPU clock after reset.
    pub clock: u32,
    pub flash: Region,
    pub ram: Region,
    /// Bytes at the top of RAM kept for the machine stack.
    pub stack: u32,
    /// Feature levels that fit this board, smallest first.
    pub levels: Vec<Level>,
    /// UF2 family number, for boards that appear as a disk.
    pub uf2_family: Option<u32>,
    pub qemu: Option<Qemu>,
    /// Ways to write the flash of a real board, best first.
    #[serde(default)]
    pub program: Vec<Program>,
}

/// A range of the address space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    pub origin: u32,
    pub length: u32,
}

impl Region {
    /// One past the last address. Saturates at the top of the address space.
    pub fn end(self) -> u32 {
        self.origin.saturating_add(self.length)
    }
}

/// How much of Python the base firmware holds. Each level contains the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Minimal,
    Core,
    Full,
}

impl Level {
    pub const ALL: [Level; 3] = [Level::Minimal, Level::Core, Level::Full];

    /// The name on the command line, which is the cargo feature's name too.
    pub fn name(self) -> &'static str {
        match self {
            Level::Minimal => "minimal",
            Level::Core => "core",
            Level::Full => "full",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Level, String> {
        let known = || format!("no level '{text}': minimal, core or full");
        Level::ALL.into_iter().find(|l| l.name() == text).ok_or_else(known)
    }
}

/// How QEMU models the board.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Qemu {
    /// The part after `qemu-system-`.
    pub system: String,
    pub machine: String,
    /// Further arguments (memory, semihosting, …).
    #[serde(default)]
    pub args: Vec<String>,
    /// Index of the serial port that is the console.
    #[serde(default)]
    pub serial: u8,
}

impl Qemu {
    /// Program and arguments that run the ELF file at `elf` with the console on
    /// standard input and output.
    pub fn command(&self, elf: &Path) -> (String, Vec<String>) {
        let mut args: Vec<String> = vec!["-machine".into(), self.machine.clone()];
        args.extend(["-display", "none", "-monitor", "none", "-no-reboot"].map(String::from));
        for _ in 0..self.serial {
            args.extend(["-serial", "null"].map(String::from));
        }
        args.extend(["-serial", "stdio"].map(String::from));
        args.extend(self.args.iter().cloned());
        args.extend(["-kernel".into(), elf.display().to_string()]);
        (format!("qemu-system-{}", self.system), args)
    }
}

/// One way to write the flash of a real board.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Program {
    /// The executable: `probe-rs`, `dfu-util`, `picotool`, `openocd`.
    pub tool: String,
    /// Its arguments; `{elf}`, `{hex}` and `{bin}` stand for the image file.
    pub args: Vec<String>,
}

/// Why a table could not be read.
#[derive(Debug)]
pub enum TableError {
    Read(PathBuf, std::io::Error),
    Parse(PathBuf, Box<toml::de::Error>),
    /// What is wrong with the facts themselves.
    Check(PathBuf, String),
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableError::Read(path, e) => write!(f, "{}: {e}", path.display()),
            TableError::Parse(path, e) => write!(f, "{}: {e}", path.display()),
            TableError::Check(path, e) => write!(f, "{}: {e}", path.display()),
        }
    }
}

impl std::error::Error for TableError {}

impl Board {
    /// Reads one `board.toml`; `path` names it in errors.
    pub fn parse(text: &str, path: &Path) -> Result<Board, TableError> {
        let parsed: Result<Board, _> = toml::from_str(text);
        let board = parsed.map_err(|e| TableError::Parse(path.into(), Box::new(e)))?;
        board.check().map_err(|e| TableError::Check(path.into(), e))?;
        Ok(board)
    }

    pub fn read(path: &Path) -> Result<Board, TableError> {
        let text = std::fs::read_to_string(path).map_err(|e| TableError::Read(path.into(), e))?;
        Board::parse(&text, path)
    }

    /// Every `*/board.toml` below `folder`, sorted by name.
    pub fn read_all(folder: &Path) -> Result<Vec<Board>, TableError> {
        let entries = std::fs::read_dir(folder).map_err(|e| TableError::Read(folder.into(), e))?;
        let mut boards = Vec::new();
        for entry in entries.flatten() {
            let file = entry.path().join("board.toml");
            if file.is_file() {
                boards.push(Board::read(&file)?);
            }
        }
        boards.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(boards)
    }

    fn check(&self) -> Result<(), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.name.is_empty() || !self.name.chars().all(plain) {
            return Err(format!("name '{}' may hold letters, digits and '-' only", self.name));
        }
        if self.stack >= self.ram.length {
            return Err("the stack leaves no RAM".into());
        }
        if !self.stack.is_multiple_of(8) {
            return Err("the stack must be a multiple of 8 bytes".into());
        }
        for (region, name) in [(self.flash, "flash"), (self.ram, "ram")] {
            if region.length == 0 || region.origin.checked_add(region.length - 1).is_none() {
                return Err(format!("{name} does not fit the address space"));
            }
        }
        if self.levels.is_empty() || !self.levels.is_sorted() {
            return Err("levels must be listed, smallest first".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Vec<Board> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../boards");
        Board::read_all(&folder).expect("the shipped boards are well-formed")
    }

    #[test]
    fn shipped_boards_are_well_formed_and_named_after_their_folder() {
        let boards = shipped();
        assert!(boards.len() >= 6, "{} boards", boards.len());
        for board in &boards {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../boards").join(&board.name);
            assert!(folder.join("Cargo.toml").is_file(), "{}", board.name);
        }
    }

    #[test]
    fn wrong_facts_are_told() {
        let good = include_str!("../../boards/microbit/board.toml");
        let path = Path::new("board.toml");
        assert!(Board::parse(good, path).is_ok());
        for (from, to, word) in [
            ("stack = ", "stack = 0x10000000 # ", "stack"),
            ("levels = [", "levels = [] # [", "levels"),
            ("name = ", "nome = ", "nome"),
        ] {
            let error = Board::parse(&good.replacen(from, to, 1), path).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
