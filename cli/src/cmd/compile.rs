//! `hognose compile`: Python files to `.mpy` files.

use crate::compile::cache::Cache;
use crate::compile::plan::{self, Job};
use crate::compile::{self as batch, How, Outcome, Problem, depfile, watch};
use crate::exit::{Failure, Status};
use crate::file;
use crate::options::CompileOptions;
use crate::profile::{self, Profile};
use crate::report::{Format, Report};
use crate::settings::Settings;
use mpy_format::Arch;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    /// Files or folders; - is standard input
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// File or folder to write (default: beside each source; - is standard output)
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Name to store for tracebacks, for a single file
    #[arg(short = 's', long)]
    source_name: Option<String>,
    #[command(flatten)]
    options: CompileOptions,
    /// Compile the busy functions of a profile (see `hognose profile`) to machine code
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// Bytes that machine code chosen by the profile may add to the files in all
    #[arg(long, value_name = "BYTES", requires = "profile")]
    budget: Option<usize>,
    /// Write what depends on what, in the syntax of makefiles
    #[arg(long, value_name = "FILE")]
    depfile: Option<PathBuf>,
    /// Compile everything, up to date or not
    #[arg(long)]
    no_cache: bool,
    /// Stay, and compile whenever a source changes
    #[arg(long)]
    watch: bool,
    /// Threads to use (default: one for each core)
    #[arg(short, long, default_value_t = 0, hide_default_value = true)]
    jobs: usize,
    /// Say nothing but diagnostics
    #[arg(short, long)]
    quiet: bool,
    /// How diagnostics are written
    #[arg(long, value_enum, default_value_t)]
    message_format: Format,
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let settings = args.options.settings()?;
    if !args.watch {
        let mut cache = args.cache();
        return args.compile(&settings, &mut cache);
    }
    let mut cache = args.cache();
    watch::watch(&args.inputs, || {
        if let Err(failure) = args.compile(&settings, &mut cache) {
            eprintln!("error: {failure}");
        }
        eprintln!("waiting for changes");
    })?;
    Ok(Status::Done)
}

impl Args {
    /// The cache of the output folder. Single files have none: one does not leave a
    /// file beside them that nobody asked for.
    fn cache(&self) -> Cache {
        match self.cache_folder() {
            Some(folder) => Cache::load(folder),
            None => Cache::default(),
        }
    }

    fn cache_folder(&self) -> Option<&Path> {
        let folder = self.inputs.iter().find(|input| input.is_dir()).filter(|_| !self.no_cache)?;
        Some(self.output.as_deref().unwrap_or(folder))
    }

    fn compile(&self, settings: &Settings, cache: &mut Cache) -> Result<Status, Failure> {
        let jobs = plan::plan(&self.inputs, self.output.as_deref(), self.source_name.as_deref())?;
        plan::not_empty(&jobs, &self.inputs)?;
        let mut settings = settings.clone();
        if let Some(path) = &self.profile {
            if settings.arch == Arch::None {
                return Err(Failure::usage("machine code needs an architecture: give --march"));
            }
            let profile = Profile::load(path)?;
            settings.chosen = profile::choose(&profile, &jobs, &settings, self.budget);
        }
        let progress = !self.quiet && std::io::stderr().is_terminal();
        let how = How { write: true, threads: self.jobs, progress };
        let outcomes = batch::run(&jobs, &settings, cache, how);
        if self.cache_folder().is_some() {
            cache.store();
        }
        if let Some(path) = &self.depfile {
            file::write_whole(path, depfile::rules(&jobs).as_bytes())?;
        }
        let status = show(&outcomes, self.message_format)?;
        if !self.quiet && self.message_format == Format::Human && jobs.len() > 1 {
            eprintln!("{}", summary(&outcomes));
        }
        Ok(status)
    }
}

/// Writes everything that the outcomes have to say, and gives the worst of them.
pub fn show(outcomes: &[Outcome<'_>], format: Format) -> Result<Status, Failure> {
    let mut report = Report::new(format);
    for outcome in outcomes {
        if let Some((source, diagnostics)) = outcome.diagnostics() {
            report.add(&shown_name(outcome.job), source, diagnostics);
        }
        if let Err(Problem::File(failure)) = &outcome.result {
            eprintln!("error: {failure}");
        }
    }
    report.finish()?;
    Ok(outcomes.iter().map(Outcome::status).max().unwrap_or(Status::Done))
}

/// Diagnostics name the file as it can be opened from here.
fn shown_name(job: &Job) -> String {
    if job.input == Path::new("-") {
        job.name.clone()
    } else {
        job.input.to_string_lossy().into_owned()
    }
}

fn summary(outcomes: &[Outcome<'_>]) -> String {
    let done = || outcomes.iter().filter_map(|o| o.result.as_ref().ok());
    let up_to_date = done().filter(|d| d.up_to_date).count();
    let bytes: usize = done().map(|d| d.bytes).sum();
    let failed = outcomes.len() - done().count();
    let mut text = format!("{} compiled, {bytes} bytes in all", done().count() - up_to_date);
    if up_to_date > 0 {
        text += &format!("; {up_to_date} up to date");
    }
    if failed > 0 {
        text += &format!("; {failed} failed");
    }
    text
}
