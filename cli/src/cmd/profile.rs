//! `hognose profile`: runs a program on this computer and counts what its functions execute.

use crate::exit::Failure;
use crate::profile::Profile;
use hognose_host::{Counting, Options, Program};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// Where to write the profile
    #[arg(short, long, default_value = "profile.json", value_name = "FILE")]
    output: PathBuf,
    /// How many functions to list
    #[arg(long, default_value_t = 20, value_name = "NUMBER")]
    top: usize,
    /// Bytes of heap, with K or M for 2^10 and 2^20
    #[arg(long, value_name = "SIZE", value_parser = super::here::heap, default_value = "2M")]
    heap: usize,
    /// Optimisation level, 0 to 2: from 1 on without asserts
    #[arg(short = 'O', value_name = "LEVEL", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    opt: u8,
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<String>,
}

/// Runs and counts; the program's exit code.
pub fn run(args: &Args) -> Result<u8, Failure> {
    let mut options = Options {
        heap: args.heap,
        path: hognose_host::search_path(),
        args: args.program.clone(),
        count: Counting::Functions,
        ..Options::default()
    };
    options.compiler.opt_level = args.opt;
    let Some(name) = args.program.first() else {
        return Err(Failure::usage("which program?"));
    };
    hognose_host::beside(name, &mut options.path)
        .map_err(|e| Failure::file("read", name.as_ref(), &e))?;
    let (code, stats) = hognose_host::run(&Program::File(name.clone()), &options);
    let profile = Profile::of(&stats.functions);
    eprint!("{}", profile.table(args.top));
    profile.store(&args.output)?;
    Ok(code)
}
