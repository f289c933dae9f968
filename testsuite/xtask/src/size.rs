//! `cargo xtask size`: the runtime on every bare-metal CPU at every feature level.
//!
//! What a user pays is the linked size of a board's base firmware, so that is what is
//! measured. A CPU or level that no board has is measured as firmware of a board that
//! stands in: one with room for it, compiled for that CPU.

use std::path::{Path, PathBuf};
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

/// The CPUs of the promise, and the boards that stand in.
const CPUS: &[(&str, &str)] = &[
    ("thumbv6m-none-eabi", "mps2-an385"),
    ("thumbv7em-none-eabihf", "netduinoplus2"),
    ("riscv32imc-unknown-none-elf", "riscv-virt"),
];

/// Firmware to measure.
struct Measured {
    board: Board,
    level: Level,
    /// The board has another CPU, or not this level.
    stands_in: bool,
}

impl Measured {
    fn elf(&self) -> PathBuf {
        let (top, folder) = match self.stands_in {
            true => ("stand-ins", &self.board.rust_target),
            false => ("firmware", &self.board.name),
        };
        target_dir().join(top).join(folder).join(format!("{}.elf", self.level))
    }

    fn build(&self) -> Result<(), String> {
        if self.stands_in {
            return firmware::build_to(&self.board, self.level, &self.elf());
        }
        firmware::task(&firmware::Args::of(vec![format!("{}:{}", self.board.name, self.level)]))
    }
}

pub fn task(args: &Args) -> Result<(), String> {
    let boards =
        Board::read_all(&workspace_root().join("targets/boards")).map_err(|e| e.to_string())?;
    let mut measured = Vec::new();
    if args.all {
        for board in &boards {
            let of = |&level| Measured { board: board.clone(), level, stands_in: false };
            measured.extend(board.levels.iter().map(of));
        }
    } else {
        for (cpu, stand_in) in CPUS {
            for level in [Level::Minimal, Level::Core, Level::Full] {
                measured.push(choose(&boards, cpu, level, stand_in)?);
            }
        }
    }
    if !args.no_build {
        measured.iter().try_for_each(Measured::build)?;
        check_features(CPUS[0].0)?;
    }
    report(&measured)
}

/// The first board with this CPU and level, else the one that stands in.
fn choose(boards: &[Board], cpu: &str, level: Level, stand_in: &str) -> Result<Measured, String> {
    let has = |b: &&Board| b.rust_target == cpu && b.levels.contains(&level);
    if let Some(board) = boards.iter().find(has) {
        return Ok(Measured { board: board.clone(), level, stands_in: false });
    }
    let board = boards.iter().find(|b| b.name == stand_in).ok_or("no board stands in")?;
    let board = Board { rust_target: cpu.to_owned(), ..board.clone() };
    Ok(Measured { board, level, stands_in: true })
}

/// Levels, floats and strings in every combination.
fn check_features(cpu: &str) -> Result<(), String> {
    for level in ["", "core", "full"] {
        for float in ["", "f32", "f64"] {
            for text in ["", "unicode"] {
                check_crate(cpu, &format!("{level} {float} {text}"))?;
            }
        }
    }
    println!("every combination of features passes the compiler for {cpu}");
    Ok(())
}

fn check_crate(cpu: &str, features: &str) -> Result<(), String> {
    let toolchain = Toolchain::find(cpu)?;
    let root = workspace_root();
    let mut cargo = toolchain.cargo(&root);
    cargo.args(["check", "--release", "--quiet", "--package", "hognose-runtime"]);
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

fn report(measured: &[Measured]) -> Result<(), String> {
    println!("{:<28} {:<8} {:>9} {:>9}  board", "CPU", "level", "flash", "RAM");
    for one in measured {
        let Board { name, rust_target, .. } = &one.board;
        let taken = measure(&one.elf())?;
        let level = one.level.name();
        let note = if one.stands_in { " stands in" } else { "" };
        println!("{rust_target:<28} {level:<8} {:>9} {:>9}  {name}{note}", taken.flash, taken.ram);
    }
    Ok(())
}
