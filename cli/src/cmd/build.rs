//! `hognose build`: a program and a board's base firmware as one image.

use crate::exit::{Failure, Status};
use crate::file;
use crate::image::{Linked, Recipe};
use hognose_compiler::image::Flash;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    recipe: Recipe,
    /// Image file; the ending says the format: .elf, .hex, .bin or .uf2
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(short, long)]
    quiet: bool,
    /// The program that runs at reset; with a manifest, its module `main` if not given
    #[arg(required_unless_present = "manifest")]
    main: Option<PathBuf>,
    /// `sys.argv` behind the program's name
    #[arg(last = true)]
    args: Vec<String>,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let output = match &args.output {
        Some(path) => path.clone(),
        None => args.recipe.name(args.main.as_deref()).with_extension("elf"),
    };
    let format = Format::of(&output)?;
    let linked = args.recipe.link(args.main.as_deref(), &args.args)?;
    file::write_whole(&output, &format.bytes(&linked, &output)?)?;
    if !args.quiet {
        eprintln!("{}: {}", output.display(), linked.summary());
    }
    Ok(Status::Done)
}

/// The kinds of image files.
#[derive(Clone, Copy)]
enum Format {
    Elf,
    Hex,
    Bin,
    Uf2,
}

impl Format {
    /// By the ending of a name.
    fn of(path: &Path) -> Result<Format, Failure> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("elf") | None => Ok(Format::Elf),
            Some("hex" | "ihex") => Ok(Format::Hex),
            Some("bin") => Ok(Format::Bin),
            Some("uf2") => Ok(Format::Uf2),
            Some(other) => Err(Failure::usage(format!(
                "{}: '.{other}' is no format of images; there are .elf, .hex, .bin and .uf2",
                path.display()
            ))),
        }
    }

    fn bytes(self, linked: &Linked, path: &Path) -> Result<Vec<u8>, Failure> {
        let told = |e: hognose_compiler::image::ImageError| {
            Failure::bad_file(format!("{}: {e}", path.display()))
        };
        let flash = || Flash::from_elf(&linked.elf).map_err(told);
        Ok(match self {
            Format::Elf => linked.elf.clone(),
            Format::Hex => flash()?.to_hex().into_bytes(),
            Format::Bin => flash()?.to_binary().map_err(told)?.1,
            Format::Uf2 => flash()?.to_uf2(linked.uf2_family()),
        })
    }
}
