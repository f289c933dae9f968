//! Compiling many files: what to compile, what is still up to date, and all at once.
//!
//! ```text
//! inputs ─ plan ─▶ jobs ─┬─ cache: unchanged ──────────┬─▶ outcomes, in the plan's order
//!                        └─ read, compile, write whole ┘
//! ```
//!
//! Jobs know nothing of each other, so they run on every core; a single one runs on
//! the thread that asks, without a pool.

pub mod cache;
pub mod depfile;
pub mod plan;
pub mod watch;

use crate::exit::{Failure, Status};
use crate::file;
use crate::settings::Settings;
use cache::{Cache, Entry};
use hognose_compiler::diag::Diagnostic;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use plan::Job;
use rayon::prelude::*;
use std::path::Path;

/// What became of a job.
pub struct Outcome<'j> {
    pub job: &'j Job,
    pub result: Result<Done, Problem>,
}

/// A job that succeeded.
pub struct Done {
    /// Whether the output was there already.
    pub up_to_date: bool,
    /// Size of the output.
    pub bytes: usize,
    pub warnings: Vec<Diagnostic>,
    /// The source, when there are warnings to show.
    source: Vec<u8>,
    /// What the cache shall remember.
    entry: Option<Entry>,
}

/// A job that failed.
pub enum Problem {
    /// The program is wrong.
    Program { source: Vec<u8>, errors: Vec<Diagnostic> },
    /// A file is in the way.
    File(Failure),
}

impl Outcome<'_> {
    /// The worst that the outcome means for the whole run.
    pub fn status(&self) -> Status {
        match &self.result {
            Ok(_) => Status::Done,
            Err(Problem::Program { .. }) => Status::BadProgram,
            Err(Problem::File(failure)) => failure.status,
        }
    }

    /// The source and what there is to say about it.
    pub fn diagnostics(&self) -> Option<(&[u8], &[Diagnostic])> {
        match &self.result {
            Ok(done) if !done.warnings.is_empty() => Some((&done.source, &done.warnings)),
            Err(Problem::Program { source, errors }) => Some((source, errors)),
            _ => None,
        }
    }
}

/// How a batch is run.
#[derive(Clone, Copy, Default)]
pub struct How {
    /// Whether results are written; else only diagnostics are made.
    pub write: bool,
    /// Threads; 0 for as many as there are cores.
    pub threads: usize,
    /// Whether a progress bar may be shown.
    pub progress: bool,
}

/// Runs all jobs. The cache is asked before and told after.
pub fn run<'j>(
    jobs: &'j [Job],
    settings: &Settings,
    cache: &mut Cache,
    how: How,
) -> Vec<Outcome<'j>> {
    let seed = cache::settings_hash(settings);
    let known = &*cache;
    let one =
        |job: &'j Job| Outcome { job, result: run_one(job, settings, known, seed, how.write) };
    let outcomes: Vec<_> = match jobs {
        [] => Vec::new(),
        [job] => vec![one(job)],
        jobs => {
            let bar = progress_bar(jobs.len(), how.progress);
            let all = || {
                jobs.par_iter()
                    .map(|job| {
                        let outcome = one(job);
                        bar.inc(1);
                        outcome
                    })
                    .collect()
            };
            let outcomes = match rayon::ThreadPoolBuilder::new().num_threads(how.threads).build() {
                Ok(pool) => pool.install(all),
                // No threads to be had: one after the other.
                Err(_) => jobs.iter().map(one).collect(),
            };
            bar.finish_and_clear();
            outcomes
        }
    };
    for outcome in &outcomes {
        if let (Ok(done), Some(output)) = (&outcome.result, &outcome.job.output) {
            match done.entry {
                Some(entry) => cache.remember(output, entry),
                None => cache.forget(output),
            }
        }
    }
    outcomes
}

fn run_one(
    job: &Job,
    settings: &Settings,
    cache: &Cache,
    seed: u64,
    write: bool,
) -> Result<Done, Problem> {
    let source = file::read_source(&job.input).map_err(Problem::File)?;
    let key = cache::source_hash(seed, &job.name, &source);
    let output = job.output.as_deref().filter(|_| write);
    if let Some((entry, bytes)) = output.and_then(|output| cache.up_to_date(output, key)) {
        return Ok(Done {
            up_to_date: true,
            bytes,
            warnings: Vec::new(),
            source: Vec::new(),
            entry: Some(entry),
        });
    }
    let compiled = match settings.compile(&source, &job.name) {
        Ok(compiled) => compiled,
        Err(errors) => return Err(Problem::Program { source, errors }),
    };
    if write {
        match &job.output {
            Some(output) => write_output(output, &compiled.mpy),
            None => file::write_stdout(&compiled.mpy),
        }
        .map_err(Problem::File)?;
    }
    // A file with warnings is compiled again, to show them again.
    let quiet = compiled.warnings.is_empty();
    let entry = (quiet && output.is_some())
        .then(|| Entry { key, output: cache::output_hash(&compiled.mpy) });
    let source = if quiet { Vec::new() } else { source };
    Ok(Done {
        up_to_date: false,
        bytes: compiled.mpy.len(),
        warnings: compiled.warnings,
        source,
        entry,
    })
}

fn write_output(path: &Path, data: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| Failure::file("create", folder, &e))?;
    }
    file::write_whole(path, data)
}

fn progress_bar(len: usize, wanted: bool) -> ProgressBar {
    if !wanted {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let bar = ProgressBar::new(len as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} files") {
        bar.set_style(style);
    }
    bar
}
