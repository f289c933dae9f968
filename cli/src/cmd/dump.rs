//! `hognose dump`: what a stage of the compiler made of a source.

use crate::exit::{Failure, Status};
use crate::file;
use crate::options::CompileOptions;
use crate::report;
use clap::ValueEnum;
use clap::builder::PossibleValue;
use hognose_compiler::Stage;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// A Python file; - is standard input
    file: PathBuf,
    /// Which stage to look at
    #[arg(long, value_enum)]
    stage: Shown,
    #[command(flatten)]
    options: CompileOptions,
}

/// A stage as a command-line value.
#[derive(Clone, Copy)]
struct Shown(Stage);

impl ValueEnum for Shown {
    fn value_variants<'a>() -> &'a [Self] {
        const ALL: [Shown; Stage::ALL.len()] = {
            let mut all = [Shown(Stage::Ast); Stage::ALL.len()];
            let mut i = 0;
            while i < all.len() {
                all[i] = Shown(Stage::ALL[i]);
                i += 1;
            }
            all
        };
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name()))
    }
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let source = file::read_source(&args.file)?;
    let name = args.file.to_string_lossy();
    let options = args.options.settings()?.options(&name);
    match hognose_compiler::dump(&source, &options, args.stage.0) {
        Ok(text) => {
            file::write_stdout(text.as_bytes())?;
            Ok(Status::Done)
        }
        Err(errors) => {
            report::show(&name, &source, &Err(errors));
            Ok(Status::BadProgram)
        }
    }
}
