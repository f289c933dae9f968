//! `hognose targets`: the boards that images can be made for.

use crate::exit::{Failure, Status};
use crate::{file, firmware};
use hognose_boards::Board;

#[derive(clap::Args)]
pub struct Args {
    /// All facts about one board
    board: Option<String>,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let text = match &args.board {
        Some(name) => details(&firmware::board(name)?),
        None => table(&firmware::boards()?),
    };
    file::write_stdout(format!("{text}\n").as_bytes())?;
    Ok(Status::Done)
}

fn levels(board: &Board) -> String {
    board.levels.iter().map(|l| l.name()).collect::<Vec<_>>().join(",")
}

fn kib(bytes: u32) -> String {
    format!("{} KiB", bytes / 1024)
}

fn table(boards: &[Board]) -> String {
    let head = ["target", "cpu", "native arch", "flash", "RAM", "levels", "board"];
    let mut rows = vec![head.map(String::from)];
    for b in boards {
        rows.push([
            b.name.clone(),
            b.cpu.clone(),
            b.arch.clone(),
            kib(b.flash.length),
            kib(b.ram.length),
            levels(b),
            b.title.clone(),
        ]);
    }
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |row: &[String; 7]| {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, &w)| format!("{cell:w$}")).collect();
        cells.join("  ").trim_end().to_string()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn details(board: &Board) -> String {
    let mut lines = vec![
        format!("{}: {}", board.name, board.title),
        format!("cpu          {} at {} MHz", board.cpu, f64::from(board.clock) / 1e6),
        format!("native arch  {}", board.arch),
        format!("flash        {} at {:#010x}", kib(board.flash.length), board.flash.origin),
        format!("RAM          {} at {:#010x}", kib(board.ram.length), board.ram.origin),
        format!("stack        {} bytes", board.stack),
        format!("levels       {}", levels(board)),
    ];
    if let Some(qemu) = &board.qemu {
        let (program, arguments) = qemu.command(std::path::Path::new("IMAGE.elf"));
        lines.push(format!("QEMU         {program} {}", arguments.join(" ")));
    }
    for program in &board.program {
        lines.push(format!("flashing     {} {}", program.tool, program.args.join(" ")));
    }
    lines.join("\n")
}
