//! `cargo xtask size`: the runtime on every bare-metal CPU at every feature level.
//!
//! What a user pays is the linked size of a board's base firmware, so that is what is
//! measured: of one board for each CPU of the promise, or of all boards. A level that no
//! board of a CPU has room for is built without being linked.

use std::path::Path;
use std::process::Command;

use hognose_boards::{Board, Level};
use object::{Object, ObjectSection, SectionFlags, SectionKind};

use crate::firmware::{self, Toolchain};
use hognose_testsuite::{target_dir, workspace_root};

#[derive(clap::Args)]
pub struct Args {
    /// Every board, not one for each CPU
    #[arg(long)]
    all: bool,
    /// Only look at firmware that was built before
    #[arg(long)]
    no_build: bool,
}

/// The CPUs of the promise, and those of boards that stand for them: QEMU models no
/// RV32IMC without atomics.
const CPUS: &[(&str, &str)] = &[
    ("thumbv6m-none-eabi", "thumbv6m-none-eabi"),
    ("thumbv7em-none-eabihf", "thumbv7em-none-eabihf"),
    ("riscv32imc-unknown-none-elf", "riscv32imac-unknown-none-elf"),
];

/// Feature levels of the crate, with the floats and strings that go with them.
const LEVELS: &[(Level, &str)] = &[
    (Level::Minimal, "f32"),
    (Level::Core, "core,f32,unicode"),
    (Level::Full, "full,f32,unicode"),
];

pub fn task(args: &Args) -> Result<(), String> {
    let boards =
        Board::read_all(&workspace_root().join("targets/boards")).map_err(|e| e.to_string())?;
    let mut measured: Vec<&Board> = boards.iter().collect();
    if !args.all {
        measured = CPUS.iter().filter_map(|(_, of)| with_most_levels(&boards, of)).collect();
    }
    if !args.no_build {
        let wanted = measured.iter().map(|board| board.name.clone()).collect();
        firmware::task(&firmware::Args::of(wanted))?;
        check_features(CPUS[0].0)?;
        for (cpu, _) in CPUS {
            for (level, features) in LEVELS {
                if !measured.iter().any(|b| b.rust_target == *cpu && b.levels.contains(level)) {
                    build_crate("build", cpu, features)?;
                    println!("builds   {cpu:<28} {:<8} (on no board measured)", level.name());
                }
            }
        }
    }
    report(&measured)
}

/// Of the boards with this CPU, the one with most levels.
fn with_most_levels<'a>(boards: &'a [Board], cpu: &str) -> Option<&'a Board> {
    boards.iter().filter(|b| b.rust_target == cpu).max_by_key(|b| b.levels.len())
}

/// Levels, floats and strings in every combination.
fn check_features(cpu: &str) -> Result<(), String> {
    for level in ["", "core", "full"] {
        for float in ["", "f32", "f64"] {
            for text in ["", "unicode"] {
                build_crate("check", cpu, &format!("{level} {float} {text}"))?;
            }
        }
    }
    println!("every combination of features passes the compiler for {cpu}");
    Ok(())
}

fn build_crate(command: &str, cpu: &str, features: &str) -> Result<(), String> {
    let toolchain = Toolchain::find(cpu)?;
    let root = workspace_root();
    let mut cargo = toolchain.cargo(&root);
    cargo.args([command, "--release", "--quiet", "--package", "hognose-runtime"]);
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

fn report(boards: &[&Board]) -> Result<(), String> {
    println!("{:<16} {:<28} {:<8} {:>9} {:>9}", "board", "CPU", "level", "flash", "RAM");
    for board in boards {
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
