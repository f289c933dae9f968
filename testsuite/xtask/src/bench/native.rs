//! Native code against stock's and against bytecode, over stock's benchmarks.

use std::collections::BTreeMap;
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

/// The architectures that are compared, with the size that ours is to have at most, in
/// sizes of the bytecode.
const ARCHITECTURES: &[(&str, Option<f64>)] = &[
    ("armv6m", None),
    ("armv7m", Some(2.0)),
    ("rv32imc", Some(2.5)),
    ("rv64imc", None),
    ("x64", Some(3.0)),
];
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
    let ours = super::compile::linked(&crate::build_cli(true)?, "mpy-cross")?;
    let scratch = target_dir().join("testsuite/bench/native");
    std::fs::create_dir_all(&scratch).map_err(|e| e.to_string())?;
    let mut benches: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|e| e.to_string())?
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| e == "py"))
        .collect();
    benches.sort();
    // Viper code has no bytecode to be compared with.
    let viper = |p: &Path| p.file_name().is_some_and(|n| n.to_string_lossy().starts_with("viper_"));
    let sized: Vec<PathBuf> = benches.iter().filter(|p| !viper(p)).cloned().collect();
    sizes(&stock, &ours, &sized, &scratch)?;
    if args.sizes {
        return Ok(());
    }
    for board in &BOARDS {
        on_board(board, &tree, &stock, &ours)?;
    }
    speed(&tree, &stock, &ours, &benches, &scratch)
}

/// A board that QEMU models, with firmware of stock's.
struct Board {
    arch: &'static str,
    /// The environment variable that names the firmware.
    firmware: &'static str,
    qemu: &'static str,
}

/// Stock's boards MPS2_AN385, a Cortex-M3, and VIRT_RV32. On VIRT_RV64 stock has only
/// bytecode to compare with.
const BOARDS: [Board; 2] = [
    Board {
        arch: "armv7m",
        firmware: "HOGNOSE_STOCK_AN385",
        qemu: "qemu-system-arm -machine mps2-an385",
    },
    Board {
        arch: "rv32imc",
        firmware: "HOGNOSE_STOCK_RV32",
        qemu: "qemu-system-riscv32 -bios none -cpu rv32 -machine virt",
    },
];

/// Both compilers' code on stock's firmware in QEMU, which counts a thousand
/// instructions as a microsecond. The firmware's console is driven by stock's own
/// script, which needs pyserial.
fn on_board(board: &Board, tree: &Path, stock: &Path, ours: &Path) -> Result<(), String> {
    let Board { arch, firmware, qemu } = board;
    let Some(image) = std::env::var_os(firmware).map(PathBuf::from) else {
        println!("{arch}: {firmware} names no firmware");
        return Ok(());
    };
    let target = format!(
        "execpty:{qemu} -semihosting -nographic -monitor null \
         -icount shift=0,sleep=off -serial pty -kernel {}",
        image.display()
    );
    let march = format!("--mpy-cross-flags=-march={arch}");
    let work = |compiler: &Path| -> Result<BTreeMap<String, f64>, String> {
        let output = Command::new("python3")
            .args(["run-perfbench.py", "-a", "1", "-t", &target, "--via-mpy"])
            .args(["--emit", "native", &march, "50", "100"])
            .current_dir(tree.join("tests"))
            .env("MICROPY_MPYCROSS", compiler)
            .output()
            .map_err(|e| e.to_string())?;
        // `perf_bench/name.py: microseconds …`
        let times = String::from_utf8_lossy(&output.stdout).lines().filter_map(time).collect();
        Ok(times)
    };
    let (theirs, mine) = (work(stock)?, work(ours)?);
    let title = format!("{arch} on stock's firmware");
    println!("{title:<26} {:>12} {:>12} {:>7}", "stock", "ours", "ratio");
    let mut ratios = Vec::new();
    for (name, theirs) in theirs {
        let Some(mine) = mine.get(&name) else {
            println!("{name:<26} did not run");
            continue;
        };
        println!("{name:<26} {theirs:>12.0} {mine:>12.0} {:>7.3}", mine / theirs);
        ratios.push(mine / theirs);
    }
    println!("geometric mean of {} benchmarks: {:.3}", ratios.len(), geometric_mean(&ratios));
    Ok(())
}

/// A benchmark's name and time from a line of stock's script.
fn time(line: &str) -> Option<(String, f64)> {
    let (name, rest) = line.strip_prefix("perf_bench/")?.split_once(".py: ")?;
    let time = rest.split(' ').next()?.parse().ok()?;
    Some((name.to_owned(), time))
}

/// Whether a compiler has machine code for an architecture.
fn supports(compiler: &Path, arch: &str, source: &Path, out: &Path) -> Result<bool, String> {
    let march = format!("-march={arch}");
    let output = Command::new(compiler)
        .args([march.as_str(), "-X", "emit=native", "-o"])
        .arg(out)
        .arg(source)
        .output()
        .map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    Ok(output.status.success() && !said.contains("no machine code for"))
}

/// Sizes of every module's file over the size of its bytecode, stock's and ours.
fn sizes(stock: &Path, ours: &Path, benches: &[PathBuf], scratch: &Path) -> Result<(), String> {
    let out = scratch.join("out.mpy");
    let Some(first) = benches.first() else { return Err("there are no benchmarks".into()) };
    let mut columns = Vec::new();
    for &(arch, goal) in ARCHITECTURES {
        if supports(ours, arch, first, &out)? {
            let theirs = supports(stock, arch, first, &out)?;
            columns.push((arch, goal, [theirs.then_some(0), Some(0)]));
        } else {
            println!("{arch}: no code generator");
        }
    }
    print!("{:<26} {:>9}", "stock/ours per bytecode", "bytecode");
    for (arch, ..) in &columns {
        print!(" {arch:>13}");
    }
    println!();
    let mut total = 0;
    let pair = |pair: [Option<u64>; 2], bytecode: u64| {
        let ratio = |n: u64| format!("{:.2}", float(n) / float(bytecode));
        pair.map(|n| n.map_or("none".into(), ratio)).join("/")
    };
    for bench in benches {
        let bytecode = compile(stock, &[], bench, &out)?;
        total += bytecode;
        let name = bench.file_stem().unwrap_or_default().to_string_lossy();
        print!("{name:<26} {bytecode:>9}");
        for (arch, _, sums) in &mut columns {
            let march = format!("-march={arch}");
            let flags = [march.as_str(), "-X", "emit=native"];
            let mut sizes = [None, None];
            for ((size, sum), compiler) in sizes.iter_mut().zip(sums).zip([stock, ours]) {
                if let Some(sum) = sum {
                    let bytes = compile(compiler, &flags, bench, &out)?;
                    *sum += bytes;
                    *size = Some(bytes);
                }
            }
            print!(" {:>13}", pair(sizes, bytecode));
        }
        println!();
    }
    print!("{:<26} {total:>9}", "all");
    for (_, _, sums) in &columns {
        print!(" {:>13}", pair(*sums, total));
    }
    println!();
    for (arch, goal, sums) in &columns {
        if let (Some(goal), Some(sum)) = (goal, sums[1]) {
            let ratio = float(sum) / float(total);
            println!("{arch}: {sum} bytes, {ratio:.2} times the bytecode, goal {goal:.1}");
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_times_are_told_from_others() {
        let line = "perf_bench/bm_fft.py: 3850.00 0.0000 66493.51 0.0000";
        assert_eq!(time(line), Some(("bm_fft".into(), 3850.0)));
        assert_eq!(time("perf_bench/core_yield_from.py: SKIP: no matching params"), None);
        assert_eq!(time("19 tests passed"), None);
    }
}
