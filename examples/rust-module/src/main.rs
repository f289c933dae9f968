//! Runs a program that imports `tank`, here; on a board its extension goes into
//! `hognose_runtime::Options` the same way.

use hognose_host::{Options, Program, run};

fn main() -> std::process::ExitCode {
    let mut args = std::env::args().skip(1);
    let Some(program) = args.next() else {
        eprintln!("usage: rust-module PROGRAM.py");
        return 2.into();
    };
    let options = Options { extension: &rust_module::EXTENSION, ..Options::default() };
    run(&Program::File(program), &options).0.into()
}
