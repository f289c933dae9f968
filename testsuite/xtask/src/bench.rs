//! `cargo xtask bench`: speed and size against stock, as ratios.
//!
//! Counted are instructions (callgrind), which do not depend on who else uses the
//! machine; ratios below 1 are in our favour. `HOGNOSE_STOCK` names a built checkout
//! of MicroPython that holds micropython-lib.

mod callgrind;
mod compile;
mod native;
mod vm;

use std::path::PathBuf;

use hognose_testsuite::oracles::stock_tree;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// The compiler: sizes over micropython-lib, instructions, wall time of a folder
    Compile(compile::Args),
    /// The runtime: stock's benchmarks, start-up, smallest heap
    Vm(vm::Args),
    /// Native code: sizes and instructions of stock's benchmarks
    Native(native::Args),
}

pub fn task(args: &Args) -> Result<(), String> {
    match &args.what {
        What::Compile(args) => compile::task(args),
        What::Vm(args) => vm::task(args),
        What::Native(args) => native::task(args),
    }
}

fn stock() -> Result<PathBuf, String> {
    stock_tree().ok_or_else(|| "HOGNOSE_STOCK names no checkout of MicroPython".into())
}

/// The geometric mean of ratios; 1 where there are none.
fn geometric_mean(ratios: &[f64]) -> f64 {
    if ratios.is_empty() {
        return 1.0;
    }
    let count = f64::from(u32::try_from(ratios.len()).unwrap_or(u32::MAX));
    (ratios.iter().map(|r| r.ln()).sum::<f64>() / count).exp()
}

/// A count as a float, for ratios.
fn float(count: u64) -> f64 {
    // Counts here stay far below the 2^53 that a float holds exactly.
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_geometric() {
        assert!((geometric_mean(&[0.5, 2.0]) - 1.0).abs() < 1e-12);
        assert!((geometric_mean(&[4.0, 1.0]) - 2.0).abs() < 1e-12);
    }
}
