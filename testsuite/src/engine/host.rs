//! Our own command line, as compiler and as `micropython`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::compile::scratch_file;
use super::{Outcome, Program};
use crate::case::Case;
use crate::process::{self, End, Finished};
use crate::{target_dir, text, workspace_root};

/// The `hognose` program, if it was built.
pub struct Host {
    program: Option<PathBuf>,
}

impl Host {
    /// Builds the program, or takes the one that `HOGNOSE_BIN` names.
    ///
    /// # Errors
    /// What cargo said, if it does not build.
    pub fn build() -> Result<Self, String> {
        if let Some(program) = std::env::var_os("HOGNOSE_BIN") {
            return Ok(Self { program: Some(PathBuf::from(program)) });
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--package", "hognose", "--bin", "hognose"])
            .current_dir(workspace_root())
            .status()
            .map_err(|e| format!("cargo does not start: {e}"))?;
        if !status.success() {
            return Err("the command line does not build".into());
        }
        Ok(Self { program: Some(target_dir().join("debug/hognose")) })
    }

    /// No program at all: for those who may only ask oracles.
    pub fn absent() -> Self {
        Self { program: None }
    }

    /// The program itself.
    ///
    /// # Errors
    /// Where the program is absent.
    pub fn command(&self) -> Result<Command, Outcome> {
        match &self.program {
            Some(program) => Ok(Command::new(program)),
            None => Err(Outcome::Broken("our own engine is not here".into())),
        }
    }

    /// A command that answers as `mpy-cross`.
    ///
    /// # Errors
    /// Where the program is absent.
    pub fn mpy_cross(&self, case: &Case) -> Result<Command, Outcome> {
        let mut command = self.command()?;
        command.arg("mpy-cross").args(case.beyond_stock());
        Ok(command)
    }

    /// A command that compiles without optimising.
    ///
    /// # Errors
    /// Where the program is absent.
    pub fn compile_plain(&self) -> Result<Command, Outcome> {
        let mut command = self.command()?;
        command.args(["compile", "--no-optimise", "--no-cache", "--quiet", "--jobs", "1"]);
        Ok(command)
    }

    /// A command that answers as `micropython`, and looks for modules where it is run.
    fn micropython(&self, case: &Case) -> Result<Command, Outcome> {
        let mut command = self.command()?;
        command.arg("micropython").args(case.beyond_stock()).env("MICROPYPATH", "");
        Ok(command)
    }

    /// Runs the source of a case where it lies, with options after `-X`.
    pub fn run_source(&self, case: &Case, options: &[&str], limit: Duration) -> Outcome {
        let mut command = match self.micropython(case) {
            Ok(command) => command,
            Err(outcome) => return outcome,
        };
        for option in options {
            command.args(["-X", option]);
        }
        command.arg(case.file_name()).current_dir(case.dir());
        match finish(process::run(&mut command, b"", limit)) {
            // Modules beside the program are known by their full paths.
            Outcome::Text(said) => {
                let folder = format!("{}/", case.dir().display());
                Outcome::Text(said.replace(&folder, ""))
            }
            other => other,
        }
    }

    /// Runs compiled files from a folder of their own.
    pub fn run_compiled(&self, case: &Case, program: &Program, limit: Duration) -> Outcome {
        match self.lay_out_and_run(case, program, limit) {
            Ok(outcome) => outcome,
            Err(e) => Outcome::Broken(format!("{}: {e}", case.name)),
        }
    }

    /// Puts compiled files into a file system for boards, with a program `start.py` that
    /// imports the main one; the folder where both are.
    ///
    /// # Errors
    /// What does not work, as an outcome.
    pub fn romfs(&self, program: &Program) -> Result<PathBuf, Outcome> {
        let broken = |e: std::io::Error| Outcome::Broken(e.to_string());
        let folder = scratch_file("rom").map_err(broken)?;
        lay_out(program, &folder.join("files")).map_err(broken)?;
        std::fs::write(folder.join("start.py"), format!("import {}\n", program.main))
            .map_err(broken)?;
        let mut command = self.command()?;
        command.args(["romfs", "build", "files", "-o", "files.romfs"]).current_dir(&folder);
        let done = process::run(&mut command, b"", Duration::from_secs(20)).map_err(broken)?;
        match done.end {
            End::Exit(0) => Ok(folder),
            _ => Err(Outcome::Broken(text::normalise(&done.stderr))),
        }
    }

    fn lay_out_and_run(
        &self,
        case: &Case,
        program: &Program,
        limit: Duration,
    ) -> std::io::Result<Outcome> {
        let mut command = match self.micropython(case) {
            Ok(command) => command,
            Err(outcome) => return Ok(outcome),
        };
        let dir = scratch_file("dir")?;
        lay_out(program, &dir)?;
        command.arg("-m").arg(&program.main).current_dir(&dir);
        let outcome = finish(process::run(&mut command, b"", limit));
        std::fs::remove_dir_all(&dir)?;
        Ok(outcome)
    }
}

/// Writes compiled files to a folder.
fn lay_out(program: &Program, dir: &Path) -> std::io::Result<()> {
    for (path, data) in &program.files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(dir))?;
        std::fs::write(path, data)?;
    }
    Ok(())
}

fn finish(done: std::io::Result<Finished>) -> Outcome {
    let done = match done {
        Ok(done) => done,
        Err(e) => return Outcome::Broken(format!("hognose does not start: {e}")),
    };
    let mut printed = done.stdout;
    printed.extend_from_slice(&done.stderr);
    let printed = text::normalise(&printed);
    match done.end {
        End::Exit(101) => Outcome::Crash(format!("panic\n{printed}")),
        End::Exit(_) => Outcome::Text(printed),
        End::Signal(signal) => Outcome::Crash(format!("signal {signal}\n{printed}")),
        End::Timeout => Outcome::Timeout,
    }
}
