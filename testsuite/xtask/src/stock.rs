//! `cargo xtask stock`: stock's own test suite, driven by its own runner, with our
//! programs in place of stock's.
//!
//! `HOGNOSE_STOCK` names a checkout of MicroPython. Failures that are known are
//! listed, with their reasons, in `testsuite/stock-failures.toml`; it has the format
//! of `known-failures.toml`, its engines being the modes of this task.

mod board;

use std::path::PathBuf;
use std::process::Command;

use hognose_testsuite::known::KnownFailures;
use hognose_testsuite::oracles::stock_tree;
use hognose_testsuite::{target_dir, workspace_root};

#[derive(clap::Args)]
pub struct Args {
    #[arg(value_enum)]
    mode: Mode,
    /// Folders of stock's tests
    #[arg(default_values_t = ["basics", "float", "micropython", "import", "io", "stress", "unicode", "misc"].map(String::from))]
    folders: Vec<String>,
    /// The board of the modes for boards: mps2-an385 or riscv-virt
    #[arg(long, default_value = "mps2-an385")]
    board: String,
    /// Tests that run at the same time
    #[arg(short, default_value_t = 2)]
    jobs: u32,
    /// Use the debug build of our programs
    #[arg(long)]
    debug: bool,
    /// Print entries for the list of failures
    #[arg(long)]
    list: bool,
}

/// Which part of stock is replaced by ours.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Mode {
    /// Our runtime runs the sources
    Vm,
    /// Our runtime runs what our compiler made
    ViaMpy,
    /// Our runtime runs what stock's compiler made
    StockMpy,
    /// Stock's VM runs what our compiler made
    Compiler,
    /// Stock's VM runs the native code that our compiler made
    Native,
    /// Our runtime runs the native code that our compiler made
    NativeVm,
    /// Our runtime runs the native code that stock's compiler made
    StockNativeVm,
    /// Our firmware on an emulated board runs what our compiler made
    Board,
    /// Our firmware on an emulated board runs the native code that our compiler made
    BoardNative,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Mode::Vm => "vm",
            Mode::ViaMpy => "via-mpy",
            Mode::StockMpy => "stock-mpy",
            Mode::Compiler => "compiler",
            Mode::Native => "native",
            Mode::NativeVm => "native-vm",
            Mode::StockNativeVm => "stock-native-vm",
            Mode::Board => "board",
            Mode::BoardNative => "board-native",
        }
    }
}

pub fn task(args: &Args) -> Result<(), String> {
    let stock = stock_tree().ok_or("HOGNOSE_STOCK names no checkout of MicroPython")?;
    let unittest = stock.join("lib/micropython-lib/python-stdlib/unittest");
    if matches!(args.mode, Mode::Board | Mode::BoardNative) {
        let hognose = crate::build_cli(args.debug)?;
        let runner = board::Runner {
            board: &args.board,
            emit: if args.mode == Mode::Board { "bytecode" } else { "native" },
            hognose: &hognose,
            unittest: &unittest,
        };
        return judge(args, runner.run(&stock, &args.folders)?);
    }
    let (micropython, mpy_cross) = our_names(args.debug)?;
    let results = target_dir().join("testsuite/stock").join(args.mode.name());
    std::fs::create_dir_all(&results).map_err(|e| e.to_string())?;
    let stock_vm = stock.join("ports/unix/build-standard/micropython");
    let stock_compiler = stock.join("mpy-cross/build/mpy-cross");
    let (vm, compiler, flags): (_, _, &[&str]) = match args.mode {
        Mode::Vm => (micropython, mpy_cross, &[]),
        Mode::ViaMpy => (micropython, mpy_cross, &["--via-mpy"]),
        Mode::StockMpy => (micropython, stock_compiler, &["--via-mpy"]),
        Mode::Compiler => (stock_vm, mpy_cross, &["--via-mpy"]),
        Mode::Native => (stock_vm, mpy_cross, &["--via-mpy", "--emit", "native"]),
        Mode::StockNativeVm => (micropython, stock_compiler, &["--via-mpy", "--emit", "native"]),
        Mode::NativeVm | Mode::Board | Mode::BoardNative => {
            (micropython, mpy_cross, &["--via-mpy", "--emit", "native"])
        }
    };
    let path = format!(".frozen:{}:{}", unittest.display(), stock.join("extmod").display());
    let mut command = Command::new("python3");
    command.arg("run-tests.py").args(flags).arg("-r").arg(&results);
    command.arg(format!("-j{}", args.jobs)).arg("-d").args(&args.folders);
    command.current_dir(stock.join("tests"));
    command.env("MICROPYPATH", path).env("MICROPY_MICROPYTHON", vm);
    command.env("MICROPY_MPYCROSS", compiler);
    let output = command.output().map_err(|e| format!("python3 does not start: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let tail: Vec<&str> = said.lines().filter(|l| l.contains("tests ")).collect();
    println!("{}", tail.join("\n"));
    judge(args, failures(&said))
}

/// Stock's programs tell who they are by name: ours get those names.
fn our_names(debug: bool) -> Result<(PathBuf, PathBuf), String> {
    let hognose = crate::build_cli(debug)?;
    let folder = target_dir().join("testsuite/bin");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let make = |name: &str| -> Result<PathBuf, String> {
        let link = folder.join(name);
        if std::fs::symlink_metadata(&link).is_ok() {
            std::fs::remove_file(&link).map_err(|e| e.to_string())?;
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(&hognose, &link).map_err(|e| e.to_string())?;
        Ok(link)
    };
    Ok((make("micropython")?, make("mpy-cross")?))
}

/// The failures that the runner lists, against those that are known.
fn judge(args: &Args, failed: Vec<String>) -> Result<(), String> {
    let known = KnownFailures::load(&workspace_root().join("testsuite/stock-failures.toml"))?;
    let unknown: Vec<&String> =
        failed.iter().filter(|name| known.find(args.mode.name(), name).is_none()).collect();
    for name in &unknown {
        if args.list {
            println!(
                "[[failure]]\nengine = \"{}\"\ncase = \"{name}\"\nreason = \"\"\n",
                args.mode.name()
            );
        } else {
            println!("FAIL {name}");
        }
    }
    println!("{} failed, {} of them not listed", failed.len(), unknown.len());
    if unknown.is_empty() { Ok(()) } else { Err(String::new()) }
}

/// The runner's last lines name what failed: `N tests failed: a b c`.
fn failures(said: &str) -> Vec<String> {
    let mut failed: Vec<String> = said
        .lines()
        .filter_map(|line| line.split_once(" tests failed: "))
        .flat_map(|(_, names)| names.split_whitespace())
        .map(|name| name.trim_end_matches(',').trim_end_matches(".py").to_owned())
        .collect();
    failed.sort();
    failed.dedup();
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_runners_last_lines() {
        let said = "3 tests performed\n1 tests passed\n2 tests failed: basics/b.py basics/a.py\n";
        assert_eq!(failures(said), ["basics/a", "basics/b"]);
    }
}
