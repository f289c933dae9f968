//! `hognose romfs`: file systems that a board uses from flash, in MicroPython's format.

use crate::exit::{Failure, Status};
use crate::settings::Settings;
use crate::{file, report};
use mpy_format::romfs::{Directory, Node, RomFs, Tree, write_aligned};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Make an image of a folder
    Build {
        folder: PathBuf,
        /// Image file; FOLDER.romfs if not given
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Compile .py files to .mpy files (this is the default)
        #[arg(short, long, overrides_with = "no_mpy")]
        mpy: bool,
        /// Take .py files as they are
        #[arg(long)]
        no_mpy: bool,
        /// Optimisation level of compiled files, 0 to 3
        #[arg(short = 'O', default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3))]
        opt: u8,
        /// Begin each file at a multiple of so many bytes, a power of two
        #[arg(long, default_value_t = 1, value_parser = power_of_two)]
        align: usize,
    },
    /// List what is in an image
    Ls { image: PathBuf },
    /// Write the files of an image into a folder
    Extract {
        image: PathBuf,
        /// Folder to write to, made if need be
        #[arg(short, long, default_value = ".")]
        output: PathBuf,
    },
}

fn power_of_two(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if (1..=1 << 16).contains(&n) && usize::is_power_of_two(n) => Ok(n),
        _ => Err("expected 1, 2, 4 … 65536".to_owned()),
    }
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    match &args.action {
        Action::Build { folder, output, mpy: _, no_mpy, opt, align } => {
            let compile = (!no_mpy).then(|| Settings { opt_level: *opt, ..Settings::default() });
            let image = write_aligned(&entries(folder, "", compile.as_ref())?, *align);
            let output = match output {
                Some(path) => path.clone(),
                None => beside(folder)?,
            };
            file::write_whole(&output, &image)?;
            eprintln!("{}: {} bytes", output.display(), image.len());
        }
        Action::Ls { image } => {
            let bytes = read(image)?;
            let fs = open(image, &bytes)?;
            let mut list = String::new();
            walk(image, &fs, fs.top(), Path::new(""), &mut |path, data| {
                // Writing to a String cannot fail.
                let _ = match data {
                    Some(data) => writeln!(list, "{:8} {}", data.len(), path.display()),
                    None => writeln!(list, "{:8} {}/", "", path.display()),
                };
                Ok(())
            })?;
            file::write_stdout(list.as_bytes())?;
        }
        Action::Extract { image, output } => {
            let bytes = read(image)?;
            let fs = open(image, &bytes)?;
            // Names are looked at before anything is written.
            walk(image, &fs, fs.top(), Path::new(""), &mut |_, _| Ok(()))?;
            walk(image, &fs, fs.top(), output, &mut |path, data| {
                let folder = if data.is_some() { path.parent() } else { Some(path) };
                if let Some(folder) = folder {
                    std::fs::create_dir_all(folder)
                        .map_err(|e| Failure::file("make", folder, &e))?;
                }
                data.map_or(Ok(()), |data| file::write_whole(path, data))
            })?;
        }
    }
    Ok(Status::Done)
}

/// `FOLDER.romfs`, also for a folder called `.`.
fn beside(folder: &Path) -> Result<PathBuf, Failure> {
    let full = folder.canonicalize().map_err(|e| Failure::file("read", folder, &e))?;
    let name = full.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(match folder.file_name() {
        Some(_) => folder.with_file_name(format!("{name}.romfs")),
        None => PathBuf::from(format!("{name}.romfs")),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| Failure::file("read", path, &e))
}

fn open<'a>(path: &Path, bytes: &'a [u8]) -> Result<RomFs<'a>, Failure> {
    let wrong = || Failure::bad_file(format!("{}: not a ROMFS image, or cut off", path.display()));
    RomFs::new(bytes).ok_or_else(wrong)
}

/// What is in `folder`, whose path in the image is `inside`; sorted by name, so that equal
/// folders give equal images. A source that has its `.mpy` beside it stays as it is.
fn entries(
    folder: &Path,
    inside: &str,
    compile: Option<&Settings>,
) -> Result<Vec<(Vec<u8>, Tree)>, Failure> {
    let fail = |e: std::io::Error| Failure::file("read", folder, &e);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        names.push(entry.map_err(fail)?.file_name());
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let path = folder.join(&name);
        let wrong = || Failure::bad_file(format!("{}: the name is not UTF-8", path.display()));
        let name = name.to_str().ok_or_else(wrong)?.to_owned();
        let shown = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        let stem = name.strip_suffix(".py").filter(|_| !path.with_extension("mpy").is_file());
        let (name, tree) = match (compile, stem) {
            _ if path.is_dir() => (name, Tree::Directory(entries(&path, &shown, compile)?)),
            (Some(settings), Some(stem)) => {
                (format!("{stem}.mpy"), Tree::File(compiled(settings, &path, &shown)?))
            }
            _ => (name, Tree::File(read(&path)?)),
        };
        found.push((name.into_bytes(), tree));
    }
    Ok(found)
}

fn compiled(settings: &Settings, path: &Path, name: &str) -> Result<Vec<u8>, Failure> {
    let source = file::read_source(path)?;
    let shown = path.display().to_string();
    let result = settings.compile(&source, name);
    report::show(&shown, &source, &result);
    match result {
        Ok(built) => Ok(built.mpy),
        Err(_) => Err(Failure::program(format!("{shown} does not compile"))),
    }
}

/// Calls `each` for everything below `directory`: a file with its data, a directory without.
fn walk(
    image: &Path,
    fs: &RomFs<'_>,
    directory: Directory<'_>,
    at: &Path,
    each: &mut dyn FnMut(&Path, Option<&[u8]>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for (name, node) in fs.list(directory) {
        let text = std::str::from_utf8(name).unwrap_or("");
        if text.is_empty() || text == "." || text == ".." || text.contains(['/', '\\', '\0']) {
            let shown = String::from_utf8_lossy(name);
            let message = format!("{}: '{shown}' is no name for a file", image.display());
            return Err(Failure::bad_file(message));
        }
        let path = at.join(text);
        match node {
            Node::File(data) => each(&path, Some(data))?,
            Node::Directory(inner) => {
                each(&path, None)?;
                walk(image, fs, inner, &path, each)?;
            }
        }
    }
    Ok(())
}
