//! `hognose build`: a program and a board's base firmware as one image.

use crate::{firmware, project};
use hognose_boards::{Board, Level};
use hognose_compiler::Options;
use hognose_compiler::image::{Base, Flash, FrozenModule, ImageOptions, append, freeze};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub source: Source,
    /// Image file; the ending says the format: .elf, .hex, .bin or .uf2
    #[arg(short, long)]
    output: Option<PathBuf>,
}

/// What goes into the image.
#[derive(clap::Args)]
pub struct Source {
    /// Board, as in `hognose targets`
    #[arg(long)]
    pub target: String,
    /// How much of Python the firmware has: minimal, core or full; the board's highest
    /// if not given
    #[arg(long)]
    pub level: Option<Level>,
    /// Folder to look for imported modules in, beside the program's own
    #[arg(short = 'I', long = "include")]
    include: Vec<PathBuf>,
    /// Optimisation level, 0 to 3: from 1 on without asserts
    #[arg(short = 'O', default_value_t = 0)]
    opt: u8,
    /// Leave line numbers out
    #[arg(long)]
    no_lines: bool,
    /// The program that runs at reset
    main: PathBuf,
    /// `sys.argv` behind the program's name
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// A linked image.
pub struct Built {
    pub board: Board,
    pub level: Level,
    pub elf: Vec<u8>,
    /// Bytes of the image behind the base firmware, and bytes that are left.
    pub size: u32,
    pub free: u32,
}

impl Source {
    /// Compiles, freezes and links.
    pub fn link(&self) -> Result<Built, String> {
        let board = firmware::board(&self.target)?;
        let (level, file) = firmware::base(&board, self.level)?;
        let options = Options {
            opt_level: self.opt,
            line_info: !self.no_lines && self.opt < 3,
            ..Options::default()
        };
        let modules = project::with_imports(&self.main, &self.include, &options)?;
        let name = self.main.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let argv = std::iter::once(name).chain(self.args.iter().cloned()).collect();
        let image = ImageOptions { main: Some(0), argv, strip_lines: self.no_lines };
        link(board, level, &file, &modules, &image)
    }
}

fn link(
    board: Board,
    level: Level,
    file: &[u8],
    modules: &[FrozenModule],
    options: &ImageOptions,
) -> Result<Built, String> {
    let told = |e: &dyn std::fmt::Display| format!("{} {level}: {e}", board.name);
    let base = Base::read(file).map_err(|e| told(&e))?;
    let image = freeze(&base, modules, options).map_err(|e| told(&e))?;
    let elf = append(&base, &image.bytes, &image.symbols).map_err(|e| told(&e))?;
    let size = image.bytes.len() as u32;
    let free = base.free() - size;
    Ok(Built { board, level, elf, size, free })
}

pub fn run(args: &Args) -> Result<(), String> {
    let built = args.source.link()?;
    let output = match &args.output {
        Some(path) => path.clone(),
        None => {
            PathBuf::from(args.source.main.file_name().unwrap_or_default()).with_extension("elf")
        }
    };
    write(&output, &built)?;
    println!(
        "{}: {} {}, image {} bytes, {} bytes of flash free",
        output.display(),
        built.board.name,
        built.level,
        built.size,
        built.free
    );
    Ok(())
}

/// Writes the image in the format that the ending of `path` names.
fn write(path: &Path, built: &Built) -> Result<(), String> {
    let told = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let flash = || Flash::from_elf(&built.elf).map_err(|e| told(&e));
    let bytes = match path.extension().and_then(|e| e.to_str()) {
        Some("elf") | None => built.elf.clone(),
        Some("hex") => flash()?.to_hex().into_bytes(),
        Some("bin") => flash()?.to_binary().map_err(|e| told(&e))?.1,
        Some("uf2") => flash()?.to_uf2(built.board.uf2_family),
        Some(other) => return Err(told(&format!("no format '{other}': elf, hex, bin or uf2"))),
    };
    std::fs::write(path, bytes).map_err(|e| told(&e))
}
