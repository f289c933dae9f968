//! The runtime against stock's unix port.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::callgrind::{self, Job};
use super::{float, geometric_mean};
use hognose_testsuite::target_dir;

#[derive(clap::Args)]
pub struct Args {
    /// Only benchmarks whose names contain this
    filter: Option<String>,
}

/// Size parameters that stock's benchmarks are run with.
const N: u32 = 100;

/// A benchmark with the code that runs it once: parameters 0 do nothing.
fn script(folder: &Path, bench: &Path, n: u32, scratch: &Path) -> Result<PathBuf, String> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|e| e.to_string());
    let runner = read(&folder.join("benchrun.py"))?;
    let text = format!("{}\n{runner}\nbm_run({n}, {n})\n", read(bench)?);
    let name = bench.file_stem().unwrap_or_default().to_string_lossy();
    let path = scratch.join(format!("{name}_{n}.py"));
    std::fs::write(&path, text).map_err(|e| e.to_string())?;
    Ok(path)
}

fn instructions(vm: &Path, script: &Path, dir: &Path) -> Result<u64, String> {
    let mut args: Vec<String> =
        ["-X", "emit=bytecode", "-X", "heapsize=8M"].map(String::from).into();
    args.push(script.display().to_string());
    callgrind::count(&Job { program: vm, args, dir })
}

/// Whether a benchmark finds that it cannot run.
fn skips(vm: &Path, script: &Path, dir: &Path) -> bool {
    let output = Command::new(vm).args(["-X", "heapsize=8M"]).arg(script).current_dir(dir).output();
    output.is_ok_and(|o| o.stdout.starts_with(b"SKIP"))
}

/// Instructions of the benchmark's own work.
fn work(vm: &Path, full: &Path, empty: &Path, dir: &Path) -> Result<u64, String> {
    Ok(instructions(vm, full, dir)?.saturating_sub(instructions(vm, empty, dir)?))
}

pub fn task(args: &Args) -> Result<(), String> {
    let tree = super::stock()?;
    let stock = tree.join("ports/unix/build-standard/micropython");
    let ours = super::compile::linked(&crate::build_cli(false)?, "micropython")?;
    let folder = tree.join("tests/perf_bench");
    let scratch = target_dir().join("testsuite/bench/vm");
    std::fs::create_dir_all(&scratch).map_err(|e| e.to_string())?;
    let mut benches: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|e| e.to_string())?
        .flatten()
        .map(|e| e.path())
        .filter(|p| is_bench(p, args.filter.as_deref()))
        .collect();
    benches.sort();
    println!("{:<26} {:>12} {:>12} {:>7}", "benchmark", "stock", "ours", "ratio");
    let mut ratios = Vec::new();
    for bench in &benches {
        let full = script(&folder, bench, N, &scratch)?;
        let empty = script(&folder, bench, 0, &scratch)?;
        let name = bench.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if skips(&ours, &full, &folder) {
            println!("{name:<26} skips itself: it needs a module that is not there");
            continue;
        }
        let theirs = work(&stock, &full, &empty, &folder)?;
        match work(&ours, &full, &empty, &folder) {
            Ok(mine) => {
                let ratio = float(mine) / float(theirs);
                println!("{name:<26} {theirs:>12} {mine:>12} {ratio:>7.3}");
                ratios.push(ratio);
            }
            Err(why) => {
                println!("{name:<26} {theirs:>12} FAILED {}", why.lines().last().unwrap_or(""))
            }
        }
    }
    println!("geometric mean of {} benchmarks: {:.3}", ratios.len(), geometric_mean(&ratios));
    if args.filter.is_none() {
        start_up(&stock, &ours, &scratch)?;
    }
    Ok(())
}

/// Benchmarks of bytecode: those of viper code are the native bench's.
fn is_bench(path: &Path, filter: Option<&str>) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let wanted = filter.is_none_or(|f| name.contains(f));
    wanted && name.ends_with(".py") && name != "benchrun.py" && !name.starts_with("viper_")
}

/// Instructions of an empty script, and the smallest heap that prints.
fn start_up(stock: &Path, ours: &Path, scratch: &Path) -> Result<(), String> {
    let empty = scratch.join("empty.py");
    std::fs::write(&empty, "").map_err(|e| e.to_string())?;
    let (theirs, mine) =
        (instructions(stock, &empty, scratch)?, instructions(ours, &empty, scratch)?);
    println!(
        "empty script: stock {theirs}, ours {mine} instructions, ratio {:.3}",
        float(mine) / float(theirs)
    );
    println!(
        "smallest heap for print(1): stock {}, ours {} bytes",
        smallest(stock),
        smallest(ours)
    );
    Ok(())
}

/// By halving: the least `-X heapsize` at which `print(1)` prints.
fn smallest(vm: &Path) -> u32 {
    let prints = |bytes: u32| {
        Command::new(vm)
            .args(["-X", &format!("heapsize={bytes}"), "-c", "print(1)"])
            .output()
            .is_ok_and(|o| o.status.success() && o.stdout == b"1\n")
    };
    let (mut low, mut high) = (0, 1 << 20);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if prints(middle) { high = middle } else { low = middle }
    }
    high
}
