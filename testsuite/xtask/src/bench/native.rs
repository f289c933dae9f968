//! Native code against stock's and against bytecode, over stock's benchmarks.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::callgrind::{self, Job};
use super::{float, geometric_mean};
use hognose_testsuite::target_dir;

#[derive(clap::Args)]
pub struct Args {
    /// Only sizes
    #[arg(long)]
    sizes: bool,
}

const ARCHITECTURES: &[&str] = &["armv6m", "armv7m", "rv32imc", "x64"];
const N: u32 = 100;

fn compile(compiler: &Path, flags: &[&str], source: &Path, out: &Path) -> Result<u64, String> {
    let output = Command::new(compiler)
        .args(flags)
        .args(["-s", "m.py", "-o"])
        .arg(out)
        .arg(source)
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    std::fs::metadata(out).map(|m| m.len()).map_err(|e| e.to_string())
}

pub fn task(args: &Args) -> Result<(), String> {
    let tree = super::stock()?;
    let folder = tree.join("tests/perf_bench");
    let stock = tree.join("mpy-cross/build/mpy-cross");
    let ours = super::compile::linked(&crate::build_cli(false)?, "mpy-cross")?;
    let scratch = target_dir().join("testsuite/bench/native");
    std::fs::create_dir_all(&scratch).map_err(|e| e.to_string())?;
    let mut benches: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|e| e.to_string())?
        .flatten()
        .map(|e| e.path())
        .filter(|p| {
            let name = p.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".py") && !name.starts_with("viper_")
        })
        .collect();
    benches.sort();
    sizes(&stock, &ours, &benches, &scratch)?;
    if args.sizes {
        return Ok(());
    }
    speed(&tree, &stock, &ours, &benches, &scratch)
}

fn sizes(stock: &Path, ours: &Path, benches: &[PathBuf], scratch: &Path) -> Result<(), String> {
    let out = scratch.join("out.mpy");
    let mut bytecode = 0;
    for bench in benches {
        bytecode += compile(stock, &[], bench, &out)?;
    }
    println!(
        "{:<10} {:>10} {:>10} {:>12} {:>12}",
        "native", "stock", "ours", "stock/bytec.", "ours/bytec."
    );
    for arch in ARCHITECTURES {
        let march = format!("-march={arch}");
        let flags = [march.as_str(), "-X", "emit=native"];
        let (mut theirs, mut mine) = (0, 0);
        for bench in benches {
            theirs += compile(stock, &flags, bench, &out)?;
            mine += compile(ours, &flags, bench, &out)?;
        }
        println!(
            "{arch:<10} {theirs:>10} {mine:>10} {:>12.2} {:>12.2}",
            float(theirs) / float(bytecode),
            float(mine) / float(bytecode)
        );
    }
    Ok(())
}

/// Both compilers' x64 code on stock's unix port.
fn speed(
    tree: &Path,
    stock: &Path,
    ours: &Path,
    benches: &[PathBuf],
    scratch: &Path,
) -> Result<(), String> {
    let vm = tree.join("ports/unix/build-standard/micropython");
    let runner = std::fs::read_to_string(tree.join("tests/perf_bench/benchrun.py"))
        .map_err(|e| e.to_string())?;
    println!("{:<26} {:>12} {:>12} {:>7}", "x64 on stock's VM", "stock", "ours", "ratio");
    let mut ratios = Vec::new();
    for bench in benches.iter().filter(|b| !b.ends_with("benchrun.py")) {
        let text = std::fs::read_to_string(bench).map_err(|e| e.to_string())?;
        let name = bench.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let work = |compiler: &Path| -> Result<u64, String> {
            let mut counts = [0, 0];
            for (count, n) in counts.iter_mut().zip([N, 0]) {
                let source = scratch.join("bench_main.py");
                std::fs::write(&source, format!("{text}\n{runner}\nbm_run({n}, {n})\n"))
                    .map_err(|e| e.to_string())?;
                let out = scratch.join("run");
                std::fs::create_dir_all(&out).map_err(|e| e.to_string())?;
                let flags = ["-march=x64", "-X", "emit=native"];
                compile(compiler, &flags, &source, &out.join("bench_main.mpy"))?;
                let args = ["-X", "heapsize=8M", "-c", "import bench_main"].map(String::from);
                *count = callgrind::count(&Job { program: &vm, args: args.into(), dir: &out })?;
            }
            Ok(counts[0].saturating_sub(counts[1]))
        };
        match (work(stock), work(ours)) {
            (Ok(theirs), Ok(mine)) => {
                let ratio = float(mine) / float(theirs);
                println!("{name:<26} {theirs:>12} {mine:>12} {ratio:>7.3}");
                ratios.push(ratio);
            }
            (theirs, mine) => {
                println!("{name:<26} stock {}, ours {}", theirs.is_ok(), mine.is_ok());
            }
        }
    }
    println!("geometric mean of {} benchmarks: {:.3}", ratios.len(), geometric_mean(&ratios));
    Ok(())
}
