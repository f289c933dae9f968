//! `hognose dis`: a compiled module as text.

use crate::exit::{Failure, Status};
use crate::file;
use crate::options::CompileOptions;
use crate::report;
use hognose_compiler::asm;
use mpy_format::Module;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    /// A .mpy file, or a Python file to compile first; - is standard input
    file: PathBuf,
    /// Also verify that the code is safe to run
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    options: CompileOptions,
}

/// Memory for the verifier: enough for any function.
const SCRATCH_BYTES: usize = 1 << 20;

pub fn run(args: &Args) -> Result<Status, Failure> {
    let data = file::read_source(&args.file)?;
    let mpy = if is_mpy(&data) {
        data
    } else {
        let name = args.file.to_string_lossy();
        let compiled = args.options.settings()?.compile(&data, &name);
        report::show(&name, &data, &compiled);
        match compiled {
            Ok(compiled) => compiled.mpy,
            Err(_) => return Ok(Status::BadProgram),
        }
    };
    let module = Module::parse(&mpy).map_err(|e| bad_file(&args.file, &e))?;
    if args.verify {
        mpy_format::verify(&mpy, &mut vec![0; SCRATCH_BYTES])
            .map_err(|e| bad_file(&args.file, &e))?;
    }
    file::write_stdout(mpy_format::dis(&module, &asm::listing).as_bytes())?;
    Ok(Status::Done)
}

/// Whether it starts like a compiled file of the version that we read.
fn is_mpy(data: &[u8]) -> bool {
    matches!(data, [b'M' | b'C', 0..=31, _, _, ..])
}

fn bad_file(path: &Path, error: &mpy_format::Error) -> Failure {
    Failure { status: Status::BadFile, message: format!("{}: {error}", path.display()) }
}
