//! Where base firmware and the targets table come from.
//!
//! `cargo xtask firmware` makes a folder with one sub-folder a board, which holds
//! `board.toml` and an ELF file for each level, and packs the same into one file: a ROMFS
//! image of that tree in which ELF files are compressed (zlib) and called `LEVEL.elf.z`.
//! A release has the pack beside the program, or inside it (feature `packed`). Nobody who
//! builds images needs a compiler for boards.

use crate::exit::Failure;
use hognose_boards::{Board, Level};
use mpy_format::romfs::{Node, RomFs};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Names another folder or pack.
const VARIABLE: &str = "HOGNOSE_FIRMWARE";
/// Where they are seen from the program: beside it, above it (a build tree), installed.
const PLACES: [&str; 3] = [".", "..", "../share/hognose"];
const FOLDER: &str = "firmware";
const PACK: &str = "firmware.pack";
/// The largest firmware that is unpacked.
const LARGEST: usize = 64 << 20;

#[cfg(feature = "packed")]
const INSIDE: Option<&[u8]> = Some(include_bytes!(env!("HOGNOSE_FIRMWARE_PACK")));
#[cfg(not(feature = "packed"))]
const INSIDE: Option<&[u8]> = None;

/// A collection of base firmware.
enum Store {
    Folder(PathBuf),
    Pack(PathBuf, Cow<'static, [u8]>),
}

impl Store {
    /// What `$HOGNOSE_FIRMWARE` names, else what lies beside the program, else what is
    /// inside it.
    fn find() -> Result<Store, Failure> {
        if let Some(path) = std::env::var_os(VARIABLE) {
            return Store::open(PathBuf::from(path));
        }
        let program = std::env::current_exe().unwrap_or_default();
        let beside = program.parent().map(PathBuf::from).unwrap_or_default();
        let mut places =
            PLACES.iter().flat_map(|place| [FOLDER, PACK].map(|n| beside.join(place).join(n)));
        if let Some(path) = places.find(|path| path.exists()) {
            return Store::open(path);
        }
        match INSIDE {
            Some(bytes) => Ok(Store::Pack(program, Cow::Borrowed(bytes))),
            None => Err(Failure::bad_file(format!(
                "there is no base firmware beside {}\nhint: make it with 'cargo xtask firmware', \
                 or say with {VARIABLE} where the folder or the file {PACK} is",
                program.display()
            ))),
        }
    }

    fn open(path: PathBuf) -> Result<Store, Failure> {
        if path.is_dir() {
            return Ok(Store::Folder(path));
        }
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Store::Pack(path, Cow::Owned(bytes))),
            Err(e) => Err(Failure::file("read", &path, &e)),
        }
    }

    fn place(&self) -> &Path {
        match self {
            Store::Folder(path) | Store::Pack(path, _) => path,
        }
    }

    fn boards(&self) -> Result<Vec<Board>, Failure> {
        let told = |e: &dyn std::fmt::Display| Failure::bad_file(e.to_string());
        match self {
            Store::Folder(path) => Board::read_all(path).map_err(|e| told(&e)),
            Store::Pack(path, bytes) => {
                let fs = tree(path, bytes)?;
                let mut boards = Vec::new();
                for (name, _) in fs.list(fs.top()) {
                    let file = [name, b"/board.toml"].concat();
                    if let Some(Node::File(text)) = fs.find(&file) {
                        let text = String::from_utf8_lossy(text);
                        boards.push(Board::parse(&text, path).map_err(|e| told(&e))?);
                    }
                }
                Ok(boards)
            }
        }
    }

    /// The ELF file of a board and level, if there is one.
    fn elf(&self, board: &str, level: Level) -> Result<Option<Vec<u8>>, Failure> {
        match self {
            Store::Folder(path) => {
                let path = path.join(board).join(format!("{level}.elf"));
                match std::fs::read(&path) {
                    Ok(file) => Ok(Some(file)),
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(e) => Err(Failure::file("read", &path, &e)),
                }
            }
            Store::Pack(path, bytes) => {
                let name = format!("{board}/{level}.elf.z");
                let Some(Node::File(packed)) = tree(path, bytes)?.find(name.as_bytes()) else {
                    return Ok(None);
                };
                let elf = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, LARGEST);
                elf.map(Some)
                    .map_err(|e| Failure::bad_file(format!("{}: {name}: {e}", path.display())))
            }
        }
    }
}

/// The tree in a pack.
fn tree<'a>(path: &Path, bytes: &'a [u8]) -> Result<RomFs<'a>, Failure> {
    let wrong = || Failure::bad_file(format!("{}: not a pack of firmware", path.display()));
    RomFs::new(bytes).ok_or_else(wrong)
}

/// All boards, by name.
pub fn boards() -> Result<Vec<Board>, Failure> {
    Store::find()?.boards()
}

/// The board `name`.
pub fn board(name: &str) -> Result<Board, Failure> {
    let store = Store::find()?;
    let boards = store.boards()?;
    let names: Vec<&str> = boards.iter().map(|b| b.name.as_str()).collect();
    let unknown = format!(
        "no target '{name}' in {}, which has {}\nhint: what is not built yet 'cargo xtask firmware' \
         makes",
        store.place().display(),
        names.join(", ")
    );
    boards.into_iter().find(|b| b.name == name).ok_or_else(|| Failure::usage(unknown))
}

/// A board's base firmware: the level asked for, else the highest that there is.
pub fn base(board: &Board, level: Option<Level>) -> Result<(Level, Vec<u8>), Failure> {
    let store = Store::find()?;
    let highest = board.levels.last().copied().unwrap_or(Level::Minimal);
    let level = level.unwrap_or(highest);
    if !board.levels.contains(&level) {
        let message =
            format!("level {level} does not fit {}; the highest is {highest}", board.name);
        return Err(Failure::usage(message));
    }
    match store.elf(&board.name, level)? {
        Some(file) => Ok((level, file)),
        None => Err(Failure::bad_file(format!(
            "{} has no base firmware of level {level} for {name}\nhint: make it with 'cargo xtask \
             firmware {name}:{level}'",
            store.place().display(),
            name = board.name
        ))),
    }
}
