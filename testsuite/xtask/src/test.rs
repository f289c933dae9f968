//! `cargo xtask test`: everything that has to hold before a change lands.

use std::process::Command;
use std::time::Instant;

use crate::{boards, firmware};
use hognose_testsuite::case;
use hognose_testsuite::engine::{Bench, ENGINES, Engine, Vm};
use hognose_testsuite::known::KnownFailures;
use hognose_testsuite::matrix;
use hognose_testsuite::oracles::Oracles;
use hognose_testsuite::workspace_root;

#[derive(clap::Args)]
pub struct CorpusArgs {
    /// Only engines whose names start so (several with commas)
    #[arg(long)]
    engine: Option<String>,
    /// Only cases whose names contain this
    filter: Option<String>,
}

/// Runs the corpus and prints the report.
pub fn corpus(args: &CorpusArgs) -> Result<(), String> {
    let report = run_corpus(args)?;
    println!("{report}");
    summary(report.passed(), report.failed())
}

fn run_corpus(args: &CorpusArgs) -> Result<matrix::Report, String> {
    Oracles::install()?;
    let mut cases = case::load(&case::corpus_dir())
        .map_err(|bad| bad.iter().map(|b| format!("{b}\n")).collect::<String>())?;
    if let Some(filter) = &args.filter {
        cases.retain(|c| c.name.contains(filter.as_str()));
    }
    let wanted = args.engine.as_deref().unwrap_or("");
    let engines: Vec<Engine> = ENGINES
        .iter()
        .copied()
        .filter(|e| wanted.split(',').any(|w| e.name.starts_with(w)))
        .filter(|e| match e.missing() {
            Some(what) => {
                println!("{:<18} left out: {what}", e.name);
                false
            }
            None => true,
        })
        .collect();
    let known = KnownFailures::load(&workspace_root().join("testsuite/known-failures.toml"))?;
    Ok(matrix::run(&Bench::new()?, &engines, &cases, &known))
}

/// One step of the whole run: a command of cargo that passes or fails as one.
struct Step {
    name: &'static str,
    args: &'static [&'static str],
}

const STEPS: &[Step] = &[
    Step { name: "format", args: &["fmt", "--all", "--check"] },
    Step {
        name: "lints",
        args: &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
    },
    Step { name: "tidy", args: &["xtask", "tidy"] },
];

#[derive(clap::Args)]
pub struct Args {
    /// Leave the boards out: no firmware is built, and nothing runs in QEMU
    #[arg(long)]
    host: bool,
}

/// Format, lints, tidy, firmware, unit tests, boards, corpus; the last line is the summary.
pub fn everything(args: &Args) -> Result<(), String> {
    let (mut passed, mut failed) = (0, 0);
    let mut count = |name: &str, result: Result<(), String>, started: Instant| {
        match &result {
            Ok(()) => passed += 1,
            Err(why) => {
                failed += 1;
                println!("{why}");
            }
        }
        report_step(name, result.is_ok(), started);
    };
    Oracles::install()?;
    for step in STEPS {
        let started = Instant::now();
        let good = cargo(step.args)?.status.success();
        count(step.name, if good { Ok(()) } else { Err(String::new()) }, started);
    }
    // Before the unit tests: some of them look at it.
    let started = Instant::now();
    let mut without_boards = None;
    if args.host {
        without_boards = Some("--host was given".to_owned());
    } else {
        match firmware::for_tests() {
            Ok(Some(why)) => without_boards = Some(why),
            Ok(None) => count("firmware", Ok(()), started),
            Err(why) => count("firmware", Err(why), started),
        }
    }
    let started = Instant::now();
    let (good, bad) = unit_tests()?;
    report_step(&format!("unit tests: {good} passed, {bad} failed"), bad == 0, started);
    let corpus = if without_boards.is_none() {
        // The command line that the checks run.
        crate::build_cli(true)?;
        for (name, check) in boards::CHECKS {
            let started = Instant::now();
            count(name, check(), started);
        }
        CorpusArgs { engine: None, filter: None }
    } else {
        CorpusArgs { engine: Some("npm,hognose".into()), filter: None }
    };
    let report = run_corpus(&corpus)?;
    println!("{report}");
    if let Some(why) = without_boards {
        println!("NOT RUN: everything on boards, {} engines: {why}", board_engines());
    }
    summary(passed + good + report.passed(), failed + bad + report.failed())
}

fn board_engines() -> usize {
    ENGINES.iter().filter(|engine| matches!(engine.vm, Vm::Board(_))).count()
}

fn report_step(name: &str, good: bool, started: Instant) {
    let word = if good { "ok" } else { "FAILED" };
    println!("{word:<7} {name} ({:.0} s)", started.elapsed().as_secs_f64());
}

struct Said {
    status: std::process::ExitStatus,
    text: String,
}

fn cargo(args: &[&str]) -> Result<Said, String> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(args)
        .current_dir(workspace_root())
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo does not start: {e}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        println!("{text}");
    }
    Ok(Said { status: output.status, text })
}

/// Runs the unit tests of the workspace and counts them.
fn unit_tests() -> Result<(usize, usize), String> {
    let said = cargo(&["test", "--workspace", "--quiet", "--no-fail-fast"])?;
    let (mut passed, mut failed) = (0, 0);
    for line in said.text.lines().filter_map(|l| l.strip_prefix("test result: ")) {
        for part in line.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|w| w.parse::<usize>().ok());
            match (number, words.next()) {
                (Some(n), Some("passed")) => passed += n,
                (Some(n), Some("failed")) => failed += n,
                _ => {}
            }
        }
    }
    if !said.status.success() && failed == 0 {
        failed = 1;
    }
    Ok((passed, failed))
}

/// The summary line, alone on its line, and the verdict.
fn summary(passed: usize, failed: usize) -> Result<(), String> {
    println!("{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { Err(String::new()) }
}
