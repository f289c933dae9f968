//! `hognose check`: what is wrong with Python files, and nothing else.

use super::compile::show;
use crate::compile::cache::Cache;
use crate::compile::{self as batch, How, plan};
use crate::exit::{Failure, Status};
use crate::options::CompileOptions;
use crate::report::Format;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// Files or folders; - is standard input
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    options: CompileOptions,
    /// How diagnostics are written
    #[arg(long, value_enum, default_value_t)]
    message_format: Format,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let settings = args.options.settings()?;
    let jobs = plan::plan(&args.inputs, None, None)?;
    plan::not_empty(&jobs, &args.inputs)?;
    let how = How { write: false, ..How::default() };
    let outcomes = batch::run(&jobs, &settings, &mut Cache::default(), how);
    show(&outcomes, args.message_format)
}
