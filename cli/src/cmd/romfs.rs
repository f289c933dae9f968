//! `hognose romfs`: file systems that a board uses from flash, in MicroPython's format.

use mpy_format::romfs::{Directory, Node, RomFs, Tree, write};
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

pub fn run(args: &Args) -> Result<(), String> {
    match &args.action {
        Action::Build { folder, output } => {
            let image = write(&entries(folder)?);
            let output = output.clone().unwrap_or_else(|| folder.with_extension("romfs"));
            std::fs::write(&output, &image).map_err(|e| told(&output, &e))?;
            println!("{}: {} bytes", output.display(), image.len());
            Ok(())
        }
        Action::Ls { image } => {
            let bytes = read(image)?;
            let fs = open(image, &bytes)?;
            walk(&fs, fs.top(), Path::new(""), &mut |path, data| {
                match data {
                    Some(data) => println!("{:8} {}", data.len(), path.display()),
                    None => println!("{:8} {}/", "", path.display()),
                }
                Ok(())
            })
        }
        Action::Extract { image, output } => {
            let bytes = read(image)?;
            let fs = open(image, &bytes)?;
            walk(&fs, fs.top(), Path::new(""), &mut |path, data| {
                let path = output.join(path);
                let folder = if data.is_some() { path.parent() } else { Some(path.as_path()) };
                if let Some(folder) = folder {
                    std::fs::create_dir_all(folder).map_err(|e| told(folder, &e))?;
                }
                match data {
                    Some(data) => std::fs::write(&path, data).map_err(|e| told(&path, &e)),
                    None => Ok(()),
                }
            })
        }
    }
}

fn told(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| told(path, &e))
}

fn open<'a>(path: &Path, bytes: &'a [u8]) -> Result<RomFs<'a>, String> {
    RomFs::new(bytes).ok_or_else(|| told(path, &"not a ROMFS image, or cut off"))
}

/// What is in `folder`, sorted by name so that equal folders give equal images.
/// A `.py` file becomes a compiled `.mpy`.
fn entries(folder: &Path) -> Result<Vec<(Vec<u8>, Tree)>, String> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| told(folder, &e))? {
        paths.push(entry.map_err(|e| told(folder, &e))?.path());
    }
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default();
        let name = name.to_str().ok_or_else(|| told(&path, &"the name is not UTF-8"))?;
        let tree =
            if path.is_dir() { Tree::Directory(entries(&path)?) } else { Tree::File(read(&path)?) };
        found.push((name.as_bytes().to_vec(), tree));
    }
    Ok(found)
}

/// Calls `each` for everything below `directory`: a file with its data, a directory without.
fn walk(
    fs: &RomFs<'_>,
    directory: Directory<'_>,
    at: &Path,
    each: &mut dyn FnMut(&Path, Option<&[u8]>) -> Result<(), String>,
) -> Result<(), String> {
    for (name, node) in fs.list(directory) {
        let name = std::str::from_utf8(name).map_err(|_| "a name is not UTF-8".to_string())?;
        if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\']) {
            return Err(format!("'{name}' is no name for a file"));
        }
        let path = at.join(name);
        match node {
            Node::File(data) => each(&path, Some(data))?,
            Node::Directory(inner) => {
                each(&path, None)?;
                walk(fs, inner, &path, each)?;
            }
        }
    }
    Ok(())
}
