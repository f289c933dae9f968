//! `hognose`: ahead-of-time Python for microcontrollers.

mod cmd;
mod firmware;
mod project;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "hognose", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a firmware image of a program
    Build(cmd::build::Args),
    /// Build a program for a board and run it in QEMU
    Run(cmd::run::Args),
    /// List the boards that images can be made for
    Targets(cmd::targets::Args),
    /// Make, list and unpack file systems for flash
    Romfs(cmd::romfs::Args),
    /// Write an image to a real board
    Flash(cmd::flash::Args),
    /// Show what takes flash and RAM in an image
    Size(cmd::size::Args),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Build(args) => cmd::build::run(&args),
        Command::Run(args) => match cmd::run::run(&args) {
            Ok(code) => return ExitCode::from(code),
            Err(message) => Err(message),
        },
        Command::Targets(args) => cmd::targets::run(&args),
        Command::Romfs(args) => cmd::romfs::run(&args),
        Command::Flash(args) => cmd::flash::run(&args),
        Command::Size(args) => cmd::size::run(&args),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("hognose: {message}");
            ExitCode::FAILURE
        }
    }
}
