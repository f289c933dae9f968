//! Project tasks: `cargo xtask <task>`.
//!
//! Every check that continuous integration makes is a task here, so that it can
//! be made at home with the same words.

mod bless;
mod firmware;
mod fuzz;
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
    /// Differential fuzzing
    Fuzz(fuzz::Args),
    /// Everything: format, lints, tidy, unit tests, corpus; ends with a summary line
    Test,
}

fn main() -> ExitCode {
    let result = match Args::parse().task {
        Task::Oracles => hognose_testsuite::oracles::Oracles::install().map(|found| {
            println!("{}\n{}", found.npm_module.display(), found.mpy_cross.display());
        }),
        Task::Tidy => tidy::task(),
        Task::Bless(args) => bless::task(&args),
        Task::Corpus(args) => test::corpus(&args),
        Task::Firmware(args) => firmware::task(&args),
        Task::Fuzz(args) => fuzz::task(&args),
        Task::Test => test::everything(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
