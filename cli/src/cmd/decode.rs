//! `hognose decode`: tracebacks of an image whose line numbers are on the host.

use crate::exit::{Failure, Status};
use crate::file;
use hognose_compiler::image::Map;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The file that `hognose build --line-map` wrote
    #[arg(short = 'M', long, value_name = "FILE")]
    map: PathBuf,
    /// Text with tracebacks; - or nothing is standard input
    #[arg(default_value = "-")]
    traceback: PathBuf,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let text = std::fs::read(&args.map).map_err(|e| Failure::file("read", &args.map, &e))?;
    let map =
        Map::parse(&text).map_err(|e| Failure::bad_file(format!("{}: {e}", args.map.display())))?;
    let traceback = file::read_source(&args.traceback)?;
    file::write_stdout(map.decode(&String::from_utf8_lossy(&traceback)).as_bytes())?;
    Ok(Status::Done)
}
