//! The compiler against stock's: what comes out, and what it takes.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::callgrind::{self, Job};
use super::float;
use hognose_testsuite::target_dir;

#[derive(clap::Args)]
pub struct Args {
    /// Only sizes
    #[arg(long)]
    sizes: bool,
    /// Leave out the module of a megabyte, which takes minutes to count
    #[arg(long)]
    small: bool,
}

/// Files whose ratio is above this are named.
const WORST: f64 = 1.02;

/// The module of a megabyte is cut off behind this many bytes of source.
const BIG: usize = 1_000_000;

struct Pair {
    stock: PathBuf,
    ours: PathBuf,
    scratch: PathBuf,
}

/// A link to a program under another name.
///
/// # Errors
/// What the system said.
pub fn linked(program: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = target_dir().join("testsuite/bench");
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let link = folder.join(name);
    if std::fs::symlink_metadata(&link).is_ok() {
        std::fs::remove_file(&link).map_err(|e| e.to_string())?;
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(program, &link).map_err(|e| e.to_string())?;
    Ok(link)
}

pub fn task(args: &Args) -> Result<(), String> {
    let tree = super::stock()?;
    let scratch = target_dir().join("testsuite/bench");
    std::fs::create_dir_all(&scratch).map_err(|e| e.to_string())?;
    let pair = Pair {
        stock: tree.join("mpy-cross/build/mpy-cross"),
        ours: linked(&crate::build_cli(false)?, "mpy-cross")?,
        scratch,
    };
    let library = sources(&tree.join("lib/micropython-lib"));
    sizes(&pair, &library)?;
    if args.sizes {
        return Ok(());
    }
    let bench = tree.join("tests/perf_bench/bm_hexiom.py");
    let find = |name: &str| {
        library.iter().find(|p| p.ends_with(name)).cloned().ok_or(format!("no {name}"))
    };
    println!("{:<24} {:>14} {:>14} {:>7}", "instructions", "stock", "ours", "ratio");
    for file in [find("argparse/argparse.py")?, bench, find("html.entities/html/entities.py")?] {
        instructions(&pair, &file)?;
    }
    if !args.small {
        instructions(&pair, &big_module(&pair, &library)?)?;
    }
    folder(&pair, &library)
}

/// Every Python file below a folder.
fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|e| e.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "py") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Bytes of the compiled file, if it compiles.
fn compiled(compiler: &Path, flags: &[&str], source: &Path, scratch: &Path) -> Option<u64> {
    let output = scratch.join("out.mpy");
    let status = Command::new(compiler)
        .args(flags)
        .args(["-X", "heapsize=64M", "-s", "m.py", "-o"])
        .arg(&output)
        .arg(source)
        .stderr(std::process::Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| std::fs::metadata(&output).map(|m| m.len()).ok()).flatten()
}

fn sizes(pair: &Pair, library: &[PathBuf]) -> Result<(), String> {
    println!("{} files of micropython-lib", library.len());
    println!("{:<8} {:>10} {:>10} {:>7}  worst", "level", "stock", "ours", "ratio");
    for level in ["-O0", "-O1", "-O2", "-O3"] {
        let (mut stock, mut ours) = (0, 0);
        let mut ratios = Vec::new();
        for file in library {
            let Some(theirs) = compiled(&pair.stock, &[level], file, &pair.scratch) else {
                continue;
            };
            let Some(mine) = compiled(&pair.ours, &[level], file, &pair.scratch) else {
                return Err(format!("{}: only stock compiles it", file.display()));
            };
            stock += theirs;
            ours += mine;
            ratios.push((float(mine) / float(theirs), file));
        }
        ratios.sort_by(|a, b| b.0.total_cmp(&a.0));
        let worst = ratios.first().map_or(1.0, |r| r.0);
        println!(
            "{level:<8} {stock:>10} {ours:>10} {:>7.4}  {worst:.3}",
            float(ours) / float(stock)
        );
        for (ratio, file) in ratios.iter().take_while(|(ratio, _)| *ratio > WORST) {
            println!("    {ratio:.3} {}", file.display());
        }
    }
    Ok(())
}

fn instructions(pair: &Pair, source: &Path) -> Result<(), String> {
    let count = |compiler: &Path| {
        let output = pair.scratch.join("out.mpy").display().to_string();
        let mut args = vec!["-X".to_owned(), "heapsize=64M".to_owned()];
        args.extend(["-s", "m.py", "-o"].map(str::to_owned));
        args.extend([output, source.display().to_string()]);
        callgrind::count(&Job { program: compiler, args, dir: &pair.scratch })
    };
    let (stock, ours) = (count(&pair.stock)?, count(&pair.ours)?);
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    println!("{name:<24} {stock:>14} {ours:>14} {:>7.3}", float(ours) / float(stock));
    Ok(())
}

/// One module made of the library's, as many as make a megabyte.
fn big_module(pair: &Pair, library: &[PathBuf]) -> Result<PathBuf, String> {
    let mut text = String::new();
    for file in library {
        let fits = compiled(&pair.stock, &[], file, &pair.scratch).is_some();
        let source = std::fs::read_to_string(file).unwrap_or_default();
        // A module that imports from the future may do so only in its first line, and of
        // two constants of one name stock refuses the second.
        if fits && !source.contains("__future__") && !source.contains("= const(") {
            text.push_str(&source);
            text.push('\n');
        }
        if text.len() > BIG {
            break;
        }
    }
    let path = pair.scratch.join("big_module.py");
    std::fs::write(&path, text).map_err(|e| e.to_string())?;
    Ok(path)
}

/// Wall time of a folder of 500 files against 500 runs of stock.
fn folder(pair: &Pair, library: &[PathBuf]) -> Result<(), String> {
    let folder = pair.scratch.join("folder");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())?;
    }
    std::fs::create_dir_all(&folder).map_err(|e| e.to_string())?;
    let mut files = Vec::new();
    for (number, file) in library.iter().take(500).enumerate() {
        let path = folder.join(format!("m{number}.py"));
        std::fs::copy(file, &path).map_err(|e| e.to_string())?;
        files.push(path);
    }
    let started = Instant::now();
    for file in &files {
        compiled(&pair.stock, &[], file, &pair.scratch);
    }
    let stock = started.elapsed().as_secs_f64();
    let hognose = target_dir().join("release/hognose");
    let started = Instant::now();
    let status = Command::new(hognose)
        .args(["compile", "-o"])
        .arg(pair.scratch.join("folder-out"))
        .arg(&folder)
        .output()
        .map_err(|e| e.to_string())?;
    let ours = started.elapsed().as_secs_f64();
    if !status.status.success() {
        return Err(String::from_utf8_lossy(&status.stderr).into_owned());
    }
    println!(
        "{} files: stock {stock:.2} s, ours {ours:.2} s, ratio {:.3}",
        files.len(),
        ours / stock
    );
    Ok(())
}
