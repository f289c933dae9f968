//! `hognose manifest`: which files a manifest names.

use crate::exit::{Failure, Status};
use crate::file;
use crate::manifest::{self, Frozen, Lookup};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// Manifest, or a folder with a manifest.py
    manifest: PathBuf,
    #[command(flatten)]
    lookup: Lookup,
    /// Machine-readable: one JSON array
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let found =
        manifest::read(&args.manifest, &args.lookup.settings()).map_err(Failure::program)?;
    let text = if args.json { json(&found) } else { table(&found) };
    file::write_stdout(text.as_bytes())?;
    Ok(Status::Done)
}

fn table(found: &[Frozen]) -> String {
    let width = found.iter().map(|f| f.name.chars().count()).max().unwrap_or(0);
    let line = |f: &Frozen| {
        let opt = f.opt.map_or(String::new(), |opt| format!(" (-O{opt})"));
        format!("{:width$}  {}{opt}\n", f.name, f.path.display())
    };
    found.iter().map(line).collect()
}

fn json(found: &[Frozen]) -> String {
    let entry = |f: &Frozen| {
        serde_json::json!({
            "name": f.name, "path": f.path, "opt": f.opt, "version": f.version,
        })
    };
    format!("{}\n", serde_json::Value::Array(found.iter().map(entry).collect()))
}
