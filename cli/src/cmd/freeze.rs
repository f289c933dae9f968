//! `hognose freeze`: modules as an ELF object file, for firmware that is linked by its own
//! linker: `docs/freezing.md` says how Rust programs use it.

use crate::exit::{Failure, Status};
use crate::file;
use crate::image::Recipe;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    recipe: Recipe,
    /// Object file; frozen.o if not given
    #[arg(short, long, default_value = "frozen.o")]
    output: PathBuf,
    /// Bytes of RAM for the heap, symbol `hognose_heap`
    #[arg(long, default_value_t = 16384)]
    heap: u32,
    /// The program; with a manifest, its module `main` if not given
    #[arg(required_unless_present = "manifest")]
    main: Option<PathBuf>,
    /// `sys.argv` behind the program's name
    #[arg(last = true)]
    args: Vec<String>,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let object = args.recipe.object(args.main.as_deref(), &args.args, args.heap)?;
    file::write_whole(&args.output, &object)?;
    Ok(Status::Done)
}
