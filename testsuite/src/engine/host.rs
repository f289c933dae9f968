//! Our own programs: the command line as `mpy-cross`, the host target as `micropython`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::compile::scratch_file;
use super::{Outcome, Program};
use crate::case::Case;
use crate::process::{self, End, Finished};
use crate::{target_dir, text, workspace_root};

/// Our programs, if they were built.
pub struct Host {
    programs: Option<Programs>,
}

struct Programs {
    hognose: PathBuf,
    micropython: PathBuf,
}

impl Host {
    /// Builds our programs, or takes those in the folder that `HOGNOSE_BIN` names.
    ///
    /// # Errors
    /// What cargo said, if they do not build.
    pub fn build() -> Result<Self, String> {
        if let Some(folder) = std::env::var_os("HOGNOSE_BIN") {
            return Ok(Self::of(Path::new(&folder)));
        }
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--package", "hognose", "--package", "hognose-host"])
            .current_dir(workspace_root())
            .status()
            .map_err(|e| format!("cargo does not start: {e}"))?;
        if !status.success() {
            return Err("our programs do not build".into());
        }
        Ok(Self::of(&target_dir().join("debug")))
    }

    fn of(folder: &Path) -> Self {
        let programs =
            Programs { hognose: folder.join("hognose"), micropython: folder.join("micropython") };
        Self { programs: Some(programs) }
    }

    /// No program at all: for those who may only ask oracles.
    pub fn absent() -> Self {
        Self { programs: None }
    }

    fn programs(&self) -> Result<&Programs, Outcome> {
        self.programs.as_ref().ok_or_else(|| Outcome::Broken("our own engine is not here".into()))
    }

    /// A command that answers as `mpy-cross`.
    ///
    /// # Errors
    /// Where our programs are absent.
    pub fn mpy_cross(&self) -> Result<Command, Outcome> {
        let mut command = Command::new(&self.programs()?.hognose);
        command.arg("mpy-cross");
        Ok(command)
    }

    /// A command that compiles without optimising.
    ///
    /// # Errors
    /// Where our programs are absent.
    pub fn compile_plain(&self) -> Result<Command, Outcome> {
        let mut command = Command::new(&self.programs()?.hognose);
        command.args(["compile", "--no-optimise", "--no-cache", "--quiet", "--jobs", "1"]);
        Ok(command)
    }

    /// A command that answers as `micropython`, and looks for modules where it is run.
    fn micropython(&self) -> Result<Command, Outcome> {
        let mut command = Command::new(&self.programs()?.micropython);
        command.env("MICROPYPATH", "");
        Ok(command)
    }

    /// Runs the source of a case where it lies.
    pub fn run_source(&self, case: &Case, collecting: bool, limit: Duration) -> Outcome {
        let mut command = match self.micropython() {
            Ok(command) => command,
            Err(outcome) => return outcome,
        };
        if collecting {
            command.args(["-X", "gc-stress"]);
        }
        command.arg(case.file_name()).current_dir(case.dir());
        finish(process::run(&mut command, b"", limit))
    }

    /// Runs compiled files from a folder of their own.
    pub fn run_compiled(&self, case: &Case, program: &Program, limit: Duration) -> Outcome {
        match self.lay_out_and_run(program, limit) {
            Ok(outcome) => outcome,
            Err(e) => Outcome::Broken(format!("{}: {e}", case.name)),
        }
    }

    fn lay_out_and_run(&self, program: &Program, limit: Duration) -> std::io::Result<Outcome> {
        let mut command = match self.micropython() {
            Ok(command) => command,
            Err(outcome) => return Ok(outcome),
        };
        let dir = scratch_file("dir")?;
        for (path, data) in &program.files {
            let path = dir.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(&dir))?;
            std::fs::write(path, data)?;
        }
        command.arg("-m").arg(&program.main).current_dir(&dir);
        let outcome = finish(process::run(&mut command, b"", limit));
        std::fs::remove_dir_all(&dir)?;
        Ok(outcome)
    }
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
