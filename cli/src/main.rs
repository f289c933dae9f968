//! `hognose`: ahead-of-time Python for microcontrollers.
//!
//! One program with three faces, chosen by the name that it is invoked by or by its
//! first argument: `hognose` with its subcommands, `mpy-cross`, and `micropython`.
#![cfg_attr(all(target_os = "linux", target_env = "gnu", not(test)), no_main)]

mod cmd;
mod compile;
mod exit;
mod file;
mod firmware;
mod image;
mod manifest;
mod mpy_cross;
mod options;
mod profile;
mod project;
mod report;
mod settings;
mod whole;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::Path;

#[derive(Parser)]
#[command(name = "hognose", version, about, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 a program is wrong, 2 the command line is wrong, 3 a file cannot be read or \
written. `hognose mpy-cross …`, or the name mpy-cross for this program, takes MicroPython's \
mpy-cross command line.";

#[derive(Subcommand)]
enum Command {
    /// Compile Python files to .mpy files
    Compile(cmd::compile::Args),
    /// Say what is wrong with Python files
    Check(cmd::check::Args),
    /// Show compiled code as text
    Dis(cmd::dis::Args),
    /// Show what a stage of the compiler made of a source
    Dump(cmd::dump::Args),
    /// Make a firmware image of a program
    Build(cmd::build::Args),
    /// Turn a board's traceback back, with the line map of its image
    Decode(cmd::decode::Args),
    /// Make an object file of modules, for firmware in Rust
    Freeze(cmd::freeze::Args),
    /// List the files that a manifest names
    Manifest(cmd::manifest::Args),
    /// Run a program: here, or with --target built for a board and in QEMU
    Run(cmd::run::Args),
    /// Run a program here and count what its functions execute, for `compile --profile`
    Profile(cmd::profile::Args),
    /// List the boards that images can be made for
    Targets(cmd::targets::Args),
    /// Make, list and unpack file systems for flash
    Romfs(cmd::romfs::Args),
    /// Write an image to a real board
    Flash(cmd::flash::Args),
    /// Show what takes flash and RAM in an image
    Size(cmd::size::Args),
}

hognose_host::entry!(start);

/// The program; its exit code.
fn start() -> u8 {
    let mut args: Vec<OsString> = std::env::args_os().collect();
    let invoked = args.first().map(Path::new).and_then(Path::file_stem).unwrap_or_default();
    if invoked.as_encoded_bytes().starts_with(b"mpy-cross") {
        let program = args.remove(0);
        return mpy_cross::main(&program.to_string_lossy(), args);
    }
    if invoked.as_encoded_bytes().starts_with(b"micropython") {
        return micropython(&args[1..]);
    }
    match args.get(1).and_then(|first| first.to_str()) {
        Some("mpy-cross") => return mpy_cross::main("hognose mpy-cross", args.split_off(2)),
        Some("micropython") => return micropython(&args[2..]),
        Some("run") if runs_here(&args[2..]) => {
            return cmd::here::run(&args[2..]);
        }
        _ => {}
    }
    let status = match Arguments::parse_from(args.into_iter().map(two_dashes)).command {
        Command::Compile(args) => cmd::compile::run(&args),
        Command::Check(args) => cmd::check::run(&args),
        Command::Dis(args) => cmd::dis::run(&args),
        Command::Dump(args) => cmd::dump::run(&args),
        Command::Build(args) => cmd::build::run(&args),
        Command::Decode(args) => cmd::decode::run(&args),
        Command::Freeze(args) => cmd::freeze::run(&args),
        Command::Manifest(args) => cmd::manifest::run(&args),
        Command::Run(args) => match cmd::run::run(&args) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
        Command::Profile(args) => match cmd::profile::run(&args) {
            Ok(code) => return code,
            Err(failure) => Err(failure),
        },
        Command::Targets(args) => cmd::targets::run(&args),
        Command::Romfs(args) => cmd::romfs::run(&args),
        Command::Flash(args) => cmd::flash::run(&args),
        Command::Size(args) => cmd::size::run(&args),
    };
    match status {
        Ok(status) => status as u8,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.status as u8
        }
    }
}

/// Runs as MicroPython's program for desktops.
fn micropython(args: &[OsString]) -> u8 {
    let args: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    hognose_host::main(&args)
}

/// Whether `run` means this computer: nothing before the program names a board.
fn runs_here(args: &[OsString]) -> bool {
    let is_program =
        |arg: &str| arg == "-c" || arg == "-m" || arg.ends_with(".py") || arg.ends_with(".mpy");
    let mut own = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| !is_program(arg));
    own.all(|arg| !arg.starts_with("--target") && !arg.starts_with("--base"))
}

/// `-march=…` and its like, as compilers spell them, in the spelling of our options.
fn two_dashes(arg: OsString) -> OsString {
    match arg.to_str().and_then(|text| text.strip_prefix("-m")) {
        Some(rest) if rest.starts_with("arch") => OsString::from(format!("--m{rest}")),
        Some(rest) if rest.starts_with("small-int-bits=") => OsString::from(format!("--{rest}")),
        _ => arg,
    }
}
