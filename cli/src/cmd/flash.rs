//! `hognose flash`: writes an image to a real board with whichever tool is installed.

use crate::exit::{Failure, Status};
use crate::{file, firmware};
use hognose_boards::Program;
use hognose_compiler::image::{Flash, ImageError};
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
    /// Only print the commands of the board's tools, best first
    #[arg(long)]
    dry_run: bool,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let board = firmware::board(&args.target)?;
    let path = &args.image;
    let told = |e: ImageError| Failure::bad_file(format!("{}: {e}", path.display()));
    let elf = std::fs::read(path).map_err(|e| Failure::file("read", path, &e))?;
    let flash = Flash::from_elf(&elf).map_err(told)?;
    if board.program.is_empty() {
        let message = format!("{} is an emulated board; there is nothing to flash", board.name);
        return Err(Failure::usage(message));
    }
    if args.dry_run {
        for program in &board.program {
            let words =
                arguments(program, path, &path.with_extension("hex"), &path.with_extension("bin"));
            file::write_stdout(format!("{} {}\n", program.tool, words.join(" ")).as_bytes())?;
        }
        return Ok(Status::Done);
    }
    let fail = |e: std::io::Error| Failure::bad_file(format!("cannot make a temporary file: {e}"));
    let folder = tempfile::tempdir().map_err(fail)?;
    let (hex, bin) = (folder.path().join("image.hex"), folder.path().join("image.bin"));
    for program in &board.program {
        let wants = |mark: &str| program.args.iter().any(|a| a.contains(mark));
        if wants("{hex}") {
            std::fs::write(&hex, flash.to_hex()).map_err(fail)?;
        }
        if wants("{bin}") {
            std::fs::write(&bin, flash.to_binary().map_err(told)?.1).map_err(fail)?;
        }
        match Command::new(&program.tool).args(arguments(program, path, &hex, &bin)).status() {
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(Failure::bad_file(format!("{}: {e}", program.tool))),
            Ok(status) if status.success() => return Ok(Status::Done),
            Ok(status) => return Err(Failure::bad_file(format!("{}: {status}", program.tool))),
        }
    }
    let tools: Vec<&str> = board.program.iter().map(|p| p.tool.as_str()).collect();
    let hints: Vec<String> = tools.iter().map(|tool| format!("hint: {}", source(tool))).collect();
    Err(Failure::bad_file(format!(
        "nothing that flashes {} is installed: {}\n{}",
        board.name,
        tools.join(", "),
        hints.join("\n")
    )))
}

/// The arguments with the files' names in their places.
fn arguments(program: &Program, elf: &Path, hex: &Path, bin: &Path) -> Vec<String> {
    let path = |p: &Path| p.display().to_string();
    let place = |argument: &String| {
        argument
            .replace("{elf}", &path(elf))
            .replace("{hex}", &path(hex))
            .replace("{bin}", &path(bin))
    };
    program.args.iter().map(place).collect()
}

/// Where one gets a tool.
fn source(tool: &str) -> String {
    match tool {
        "probe-rs" => "probe-rs: 'cargo install probe-rs-tools', or https://probe.rs".to_owned(),
        "dfu-util" => {
            "dfu-util: a package of that name, or https://dfu-util.sourceforge.net".to_owned()
        }
        "esptool" | "esptool.py" => format!("{tool}: 'pip install esptool'"),
        "picotool" => "picotool: https://github.com/raspberrypi/picotool".to_owned(),
        "openocd" => "openocd: a package of that name, or https://openocd.org".to_owned(),
        other => format!("{other} must be found on the PATH"),
    }
}
