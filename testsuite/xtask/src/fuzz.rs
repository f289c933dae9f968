//! `cargo xtask fuzz vm`: differential fuzzing for as long as one likes.

use std::time::Duration;

use hognose_testsuite::engine::{Bench, ENGINES, Engine};
use hognose_testsuite::fuzz::{self, differential};
use hognose_testsuite::oracles::Oracles;
use hognose_testsuite::text;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Random programs: CPython against engines
    Vm {
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The first seed
        #[arg(long, default_value_t = 0)]
        seed: u64,
        /// Engines, with commas
        #[arg(long, default_value = "npm/ours,hognose/ours,hognose/plain")]
        engine: String,
    },
    /// Print the program of a seed
    Show { seed: u64 },
}

/// Findings that are shown in full.
const SHOWN: usize = 5;

pub fn task(args: &Args) -> Result<(), String> {
    match &args.what {
        What::Show { seed } => {
            print!("{}", fuzz::program(*seed));
            Ok(())
        }
        What::Vm { seconds, seed, engine } => {
            Oracles::install()?;
            let engines: Vec<Engine> = ENGINES
                .iter()
                .copied()
                .filter(|e| engine.split(',').any(|w| e.name == w))
                .collect();
            let time = Duration::from_secs(*seconds);
            let session = differential::run(&Bench::new()?, &engines, *seed, time)?;
            for finding in session.findings.iter().take(SHOWN) {
                println!(
                    "seed {} on {}: {}",
                    finding.seed,
                    finding.engine,
                    finding.program.display()
                );
                print!("{}", text::head(&finding.what, 20));
            }
            let (bad, all) = (session.findings.len(), session.programs);
            println!("{all} programs, {} useless, {bad} differences", session.useless);
            if bad == 0 { Ok(()) } else { Err("engines disagree".into()) }
        }
    }
}
