//! Where base firmware and the targets table come from.
//!
//! `cargo xtask firmware` makes a folder with one sub-folder a board: `board.toml`
//! and an ELF file for each level. A release has it beside the program.

use hognose_boards::{Board, Level};
use std::path::PathBuf;

/// Names another firmware folder.
const VARIABLE: &str = "HOGNOSE_FIRMWARE";

/// The firmware folder: `$HOGNOSE_FIRMWARE`, else `firmware` beside the program,
/// in the folder above it (a build tree) or in `../share/hognose`.
pub fn folder() -> Result<PathBuf, String> {
    if let Some(path) = std::env::var_os(VARIABLE) {
        return Ok(path.into());
    }
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let beside = program.parent().map(PathBuf::from).unwrap_or_default();
    ["firmware", "../firmware", "../share/hognose/firmware"]
        .iter()
        .map(|tail| beside.join(tail))
        .find(|path| path.is_dir())
        .ok_or_else(|| {
            format!("no firmware folder beside {}; set {VARIABLE}, or make one with 'cargo xtask firmware'", program.display())
        })
}

/// All boards, by name.
pub fn boards() -> Result<Vec<Board>, String> {
    Board::read_all(&folder()?).map_err(|e| e.to_string())
}

/// The board `name`.
pub fn board(name: &str) -> Result<Board, String> {
    let boards = boards()?;
    let names: Vec<&str> = boards.iter().map(|b| b.name.as_str()).collect();
    let unknown = format!("no target '{name}'; there are {}", names.join(", "));
    boards.into_iter().find(|b| b.name == name).ok_or(unknown)
}

/// A board's base firmware: the level asked for, else the highest.
pub fn base(board: &Board, level: Option<Level>) -> Result<(Level, Vec<u8>), String> {
    let highest = board.levels.last().copied().unwrap_or(Level::Minimal);
    let level = level.unwrap_or(highest);
    if !board.levels.contains(&level) {
        return Err(format!("level {level} does not fit {}; the highest is {highest}", board.name));
    }
    let path = folder()?.join(&board.name).join(format!("{level}.elf"));
    let file = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok((level, file))
}
