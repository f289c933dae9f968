//! Every case on every engine, what came of it, and the summary.

use std::fmt;
use std::time::Instant;

use rayon::prelude::*;

use crate::case::Case;
use crate::engine::{Bench, Engine, Outcome};
use crate::known::KnownFailures;
use crate::text;

/// Lines of a difference that are shown.
const SHOWN: usize = 14;

/// What one run means.
#[derive(Debug)]
pub enum Result {
    Pass,
    /// Fails, and is listed.
    Known(String),
    /// Passes, and is listed as failing: the list is wrong.
    UnexpectedPass,
    Fail(String),
}

/// One case on one engine.
#[derive(Debug)]
pub struct Run {
    pub engine: &'static str,
    pub case: String,
    pub result: Result,
}

/// All runs of one call.
#[derive(Debug, Default)]
pub struct Report {
    pub runs: Vec<Run>,
    pub seconds: f64,
}

/// Runs `cases` on `engines`, on every CPU.
pub fn run(bench: &Bench, engines: &[Engine], cases: &[Case], known: &KnownFailures) -> Report {
    let started = Instant::now();
    let pairs: Vec<(Engine, &Case)> = engines
        .iter()
        .flat_map(|&engine| cases.iter().filter(move |c| engine.takes(c)).map(move |c| (engine, c)))
        .collect();
    let outcomes: Vec<Outcome> =
        pairs.par_iter().map(|&(engine, case)| bench.run(engine, case)).collect();
    let runs = pairs
        .iter()
        .zip(outcomes)
        .map(|(&(engine, case), outcome)| Run {
            engine: engine.name,
            case: case.name.clone(),
            result: judge(engine, case, &outcome, known),
        })
        .collect();
    Report { runs, seconds: started.elapsed().as_secs_f64() }
}

fn judge(engine: Engine, case: &Case, outcome: &Outcome, known: &KnownFailures) -> Result {
    let problem = match outcome {
        Outcome::Text(got) => {
            let expected = case.expected();
            (*got != expected).then(|| text::head(&text::diff(&expected, got), SHOWN))
        }
        Outcome::Refused(why) => Some(format!("    refused\n{}", text::head(why, SHOWN))),
        Outcome::Crash(why) => Some(format!("    CRASH\n{}", text::head(why, SHOWN))),
        Outcome::Timeout => Some("    no end in sight: stopped\n".to_owned()),
        Outcome::Broken(why) => Some(format!("    engine broken\n{}", text::head(why, SHOWN))),
    };
    match (problem, known.find(engine.name, &case.name)) {
        (None, None) => Result::Pass,
        (Some(_), Some(entry)) => Result::Known(entry.reason.clone()),
        (None, Some(entry)) if entry.flaky => Result::Pass,
        (None, Some(_)) => Result::UnexpectedPass,
        (Some(problem), None) => Result::Fail(problem),
    }
}

impl Report {
    /// Runs that are as they should be: passed, or failed as listed.
    pub fn passed(&self) -> usize {
        self.runs.iter().filter(|r| matches!(r.result, Result::Pass | Result::Known(_))).count()
    }

    pub fn failed(&self) -> usize {
        self.runs.len() - self.passed()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for run in &self.runs {
            match &run.result {
                Result::Pass | Result::Known(_) => {}
                Result::UnexpectedPass => {
                    writeln!(f, "PASS  {} {}: listed as a known failure", run.engine, run.case)?;
                }
                Result::Fail(problem) => {
                    writeln!(f, "FAIL  {} {}\n{problem}", run.engine, run.case)?;
                }
            }
        }
        let mut engines: Vec<&str> = self.runs.iter().map(|r| r.engine).collect();
        engines.dedup();
        writeln!(f, "{:<18}{:>8}{:>8}{:>8}", "engine", "passed", "failed", "known")?;
        for engine in engines {
            let of = |wanted: fn(&Result) -> bool| {
                self.runs.iter().filter(|r| r.engine == engine && wanted(&r.result)).count()
            };
            let passed = of(|r| matches!(r, Result::Pass));
            let known = of(|r| matches!(r, Result::Known(_)));
            let failed = of(|r| matches!(r, Result::Fail(_) | Result::UnexpectedPass));
            writeln!(f, "{engine:<18}{passed:>8}{failed:>8}{known:>8}")?;
        }
        write!(f, "{} runs in {:.1} s", self.runs.len(), self.seconds)
    }
}
