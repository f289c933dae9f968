//! `hognose flash`: writes an image to a real board with whichever tool is installed.

use crate::firmware;
use hognose_compiler::image::Flash;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(clap::Args)]
pub struct Args {
    /// Board, as in `hognose targets`
    #[arg(long)]
    target: String,
    /// Linked ELF file, made by `hognose build`
    image: PathBuf,
    /// Only print the command
    #[arg(long)]
    dry_run: bool,
}

pub fn run(args: &Args) -> Result<(), String> {
    let board = firmware::board(&args.target)?;
    let told = |e: &dyn std::fmt::Display| format!("{}: {e}", args.image.display());
    let elf = std::fs::read(&args.image).map_err(|e| told(&e))?;
    let flash = Flash::from_elf(&elf).map_err(|e| told(&e))?;
    let (hex, bin) = (args.image.with_extension("hex"), args.image.with_extension("bin"));
    let mut missing = Vec::new();
    for program in &board.program {
        let place = |argument: &String| {
            let path = |p: &Path| p.display().to_string();
            argument
                .replace("{elf}", &path(&args.image))
                .replace("{hex}", &path(&hex))
                .replace("{bin}", &path(&bin))
        };
        let arguments: Vec<String> = program.args.iter().map(place).collect();
        if args.dry_run {
            println!("{} {}", program.tool, arguments.join(" "));
            return Ok(());
        }
        let wants = |mark: &str| program.args.iter().any(|a| a.contains(mark));
        if wants("{hex}") {
            std::fs::write(&hex, flash.to_hex()).map_err(|e| told(&e))?;
        }
        if wants("{bin}") {
            let (_, bytes) = flash.to_binary().map_err(|e| told(&e))?;
            std::fs::write(&bin, bytes).map_err(|e| told(&e))?;
        }
        match Command::new(&program.tool).args(&arguments).status() {
            Err(e) if e.kind() == ErrorKind::NotFound => missing.push(program.tool.as_str()),
            Err(e) => return Err(format!("{}: {e}", program.tool)),
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => return Err(format!("{}: {status}", program.tool)),
        }
    }
    if missing.is_empty() {
        return Err(format!("{} has no way of flashing", board.name));
    }
    Err(format!("none of the tools that flash {} is installed: {}", board.name, missing.join(", ")))
}
