//! Project tasks: `cargo xtask <task>`.
//!
//! Every check that continuous integration makes is a task here, so that it can
//! be made at home with the same words.

mod bench;
mod bless;
mod boards;
mod codegen;
mod firmware;
mod fuzz;
mod linker;
mod size;
mod stock;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of the Hognose project")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install the oracles (stock's compiler and VM) into target/oracles
    Oracles,
    /// Check the rules that the compiler does not check
    Tidy,
    /// Write the expected texts of the corpus from their oracles
    Bless(bless::Args),
    /// Run the corpus on every engine
    Corpus(test::CorpusArgs),
    /// Build base firmware into target/firmware
    Firmware(firmware::Args),
    /// Make the reference pages in docs/ from the tables of the code
    Codegen(codegen::Args),
    /// Compare speed and size with stock's
    Bench(bench::Args),
    /// Build the runtime for bare metal and show linked sizes
    Size(size::Args),
    /// Run stock's own tests with our programs
    Stock(stock::Args),
    /// Differential fuzzing
    Fuzz(fuzz::Args),
    /// Everything: format, lints, tidy, unit tests, corpus; ends with a summary line
    Test(test::Args),
}

fn main() -> ExitCode {
    if let Some(lld) = std::env::var_os(linker::VARIABLE) {
        return linker::link(&lld).unwrap_or_else(|why| {
            eprintln!("{why}");
            ExitCode::FAILURE
        });
    }
    let result = match Args::parse().task {
        Task::Oracles => hognose_testsuite::oracles::Oracles::install().map(|found| {
            println!("{}\n{}", found.npm_module.display(), found.mpy_cross.display());
        }),
        Task::Tidy => tidy::task(),
        Task::Bless(args) => bless::task(&args),
        Task::Corpus(args) => test::corpus(&args),
        Task::Firmware(args) => firmware::task(&args),
        Task::Codegen(args) => codegen::task(&args),
        Task::Bench(args) => bench::task(&args),
        Task::Size(args) => size::task(&args),
        Task::Stock(args) => stock::task(&args),
        Task::Fuzz(args) => fuzz::task(&args),
        Task::Test(args) => test::everything(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the command line and says where it is.
pub fn build_cli(debug: bool) -> Result<std::path::PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(cargo);
    // With the features of the whole workspace: what it has built is used again.
    command.args(["build", "--quiet", "--workspace", "--bin", "hognose"]);
    if !debug {
        command.arg("--release");
    }
    let status = command
        .current_dir(hognose_testsuite::workspace_root())
        .status()
        .map_err(|e| format!("cargo does not start: {e}"))?;
    if !status.success() {
        return Err("the command line does not build".into());
    }
    let profile = if debug { "debug" } else { "release" };
    Ok(hognose_testsuite::target_dir().join(profile).join("hognose"))
}
