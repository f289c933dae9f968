//! Counting instructions.

use std::path::Path;
use std::process::Command;

/// A command line and where to run it.
pub struct Job<'a> {
    pub program: &'a Path,
    pub args: Vec<String>,
    pub dir: &'a Path,
}

/// Instructions that a program executes from start to end.
///
/// # Errors
/// What the program said, if it failed, or that valgrind is not there.
pub fn count(job: &Job<'_>) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(job.program)
        .args(&job.args)
        .current_dir(job.dir)
        // Cargo's, in which the dynamic linker would look first: users have none.
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .map_err(|e| format!("valgrind does not start: {e}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("{} {:?}: {}\n{said}", job.program.display(), job.args, output.status));
    }
    said.lines()
        .filter_map(|line| line.split_once("Collected : "))
        .find_map(|(_, number)| number.trim().parse().ok())
        .ok_or_else(|| format!("callgrind counted nothing\n{said}"))
}
