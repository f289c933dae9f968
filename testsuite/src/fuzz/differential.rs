//! CPython against an engine, seed by seed.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::case::{Case, Family, Level, Oracle};
use crate::engine::compile::scratch_file;
use crate::engine::{Bench, Engine, Outcome};
use crate::oracles::CPython;
use crate::process::{self, End};
use crate::text;

const LIMIT: Duration = Duration::from_secs(20);

/// Seeds run between two looks at the clock.
const ROUND: u64 = 32;

/// A seed on which an engine and CPython disagree.
#[derive(Debug)]
pub struct Finding {
    pub seed: u64,
    pub engine: &'static str,
    pub what: String,
    /// Where the program was left for whoever looks into it.
    pub program: PathBuf,
}

/// What a session has found.
#[derive(Debug, Default)]
pub struct Session {
    pub programs: u64,
    /// Programs that CPython itself could not finish: they say nothing.
    pub useless: u64,
    pub findings: Vec<Finding>,
}

/// Runs programs from `first` on, on every CPU, until `time` is over.
///
/// # Errors
/// A text that says what is missing.
pub fn run(
    bench: &Bench,
    engines: &[Engine],
    first: u64,
    time: Duration,
) -> Result<Session, String> {
    let cpython = CPython::locate().ok_or("there is no python3 here")?;
    let started = Instant::now();
    let mut session = Session::default();
    let mut seed = first;
    while started.elapsed() < time {
        let round: Vec<Option<Vec<Finding>>> = (seed..seed + ROUND)
            .into_par_iter()
            .map(|seed| one(bench, engines, &cpython, seed))
            .collect();
        for result in round {
            session.programs += 1;
            match result {
                Some(findings) => session.findings.extend(findings),
                None => session.useless += 1,
            }
        }
        seed += ROUND;
    }
    Ok(session)
}

/// Runs one seed; nothing where CPython does not get through.
fn one(bench: &Bench, engines: &[Engine], cpython: &CPython, seed: u64) -> Option<Vec<Finding>> {
    let dir = scratch_file("fuzz").ok()?;
    std::fs::create_dir_all(&dir).ok()?;
    let main = dir.join("main.py");
    std::fs::write(&main, super::program(seed)).ok()?;
    let mut command = cpython.command();
    command.arg("main.py").current_dir(&dir);
    let done = process::run(&mut command, b"", LIMIT).ok()?;
    if done.end != End::Exit(0) {
        return None;
    }
    let expected = text::normalise(&done.stdout);
    let case = Case {
        name: format!("seed {seed}"),
        main: main.clone(),
        modules: Vec::new(),
        oracle: Oracle::CPython,
        level: Level::Full,
        engines: vec![Family::Npm, Family::Hognose],
        extended: false,
        python: 11,
        needs: Vec::new(),
    };
    let mut findings = Vec::new();
    for &engine in engines {
        let what = match bench.run(engine, &case) {
            Outcome::Text(got) if got == expected => continue,
            Outcome::Text(got) => text::diff(&expected, &got),
            other => format!("{other:?}\n"),
        };
        findings.push(Finding { seed, engine: engine.name, what, program: main.clone() });
    }
    if findings.is_empty() {
        // Programs that agree are of no further use.
        let _ = std::fs::remove_dir_all(&dir);
    }
    Some(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CPython accepts what the generator makes: forty programs in one process.
    #[test]
    fn programs_are_valid_python() {
        let Some(cpython) = CPython::locate() else { return };
        let mut all = String::new();
        for seed in 0..40 {
            all.push_str(&crate::fuzz::program(seed));
            all.push('\0');
        }
        let check = "import sys\n\
                     for i, p in enumerate(sys.stdin.read().split('\\0')):\n    \
                         compile(p, 'seed %d' % i, 'exec')\n";
        let mut command = cpython.command();
        command.args(["-c", check]);
        let done = process::run(&mut command, all.as_bytes(), LIMIT).expect("CPython starts");
        assert_eq!(done.end, End::Exit(0), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
