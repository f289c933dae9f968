//! `cargo xtask size`: the runtime on every bare-metal CPU at every feature level.
//!
//! First the crate alone is built for the CPUs of the promise; then the base
//! firmware of every board, whose linked sizes are what a user pays.

use std::path::Path;
use std::process::Command;

use hognose_boards::Board;
use object::{Object, ObjectSection, SectionFlags, SectionKind};

use crate::firmware::{self, Toolchain};
use hognose_testsuite::{target_dir, workspace_root};

#[derive(clap::Args)]
pub struct Args {
    /// Only look at firmware that was built before
    #[arg(long)]
    no_build: bool,
}

const CPUS: &[&str] =
    &["thumbv6m-none-eabi", "thumbv7em-none-eabihf", "riscv32imc-unknown-none-elf"];

/// Feature levels of the crate, with the floats and strings that go with them.
const LEVELS: &[(&str, &str)] =
    &[("minimal", "f32"), ("core", "core,f32,unicode"), ("full", "full,f32,unicode")];

pub fn task(args: &Args) -> Result<(), String> {
    if !args.no_build {
        for cpu in CPUS {
            for (level, features) in LEVELS {
                build_crate(cpu, features)?;
                println!("builds   {cpu:<28} {level}");
            }
        }
        firmware::task(&firmware::Args::all())?;
    }
    report()
}

fn build_crate(cpu: &str, features: &str) -> Result<(), String> {
    let toolchain = Toolchain::find(cpu)?;
    let root = workspace_root();
    let mut cargo = toolchain.cargo(&root);
    cargo.args(["build", "--release", "--quiet", "--package", "hognose-runtime"]);
    cargo.args(["--no-default-features", "--features", features, "--target"]);
    cargo.arg(toolchain.target()?);
    cargo.env("CARGO_TARGET_DIR", target_dir().join("bare")).current_dir(&root);
    run(&mut cargo).map_err(|why| format!("{cpu} with {features}: {why}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|e| e.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("{status}")) }
}

/// What a linked program takes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Taken {
    /// Bytes of flash: code, constants and the initial values of data.
    flash: u64,
    /// Bytes of RAM that is laid out at link time, the heap region included.
    ram: u64,
}

fn measure(elf: &Path) -> Result<Taken, String> {
    let data = std::fs::read(elf).map_err(|e| format!("{}: {e}", elf.display()))?;
    let file = object::File::parse(&*data).map_err(|e| format!("{}: {e}", elf.display()))?;
    let mut taken = Taken::default();
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags, .. } = section.flags() else { continue };
        if sh_flags.0 & object::elf::SHF_ALLOC.0 == 0 {
            continue;
        }
        let writable = sh_flags.0 & object::elf::SHF_WRITE.0 != 0;
        if section.kind() == SectionKind::UninitializedData {
            taken.ram += section.size();
        } else {
            taken.flash += section.size();
            taken.ram += if writable { section.size() } else { 0 };
        }
    }
    Ok(taken)
}

fn report() -> Result<(), String> {
    let boards =
        Board::read_all(&workspace_root().join("targets/boards")).map_err(|e| e.to_string())?;
    println!("{:<16} {:<28} {:<8} {:>9} {:>9}", "board", "CPU", "level", "flash", "RAM");
    for board in &boards {
        for level in &board.levels {
            let elf = target_dir().join("firmware").join(&board.name).join(format!("{level}.elf"));
            let taken = measure(&elf)?;
            println!(
                "{:<16} {:<28} {:<8} {:>9} {:>9}",
                board.name,
                board.rust_target,
                level.name(),
                taken.flash,
                taken.ram
            );
        }
    }
    Ok(())
}
