//! Stock's tests, compiled by us, on our firmware in QEMU.
//!
//! Stock's runner types tests into a REPL; here every test is an image of its own, as
//! a user would build it. What a test must print is in the `.exp` file beside it, or is
//! what CPython prints. `HOGNOSE_STOCK_RESULTS` may name the `_results.json` of stock's
//! runner on stock's own firmware for the same board: then what stock passes is counted
//! as well.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use hognose_testsuite::oracles::CPython;
use hognose_testsuite::process::{self, End};
use hognose_testsuite::{target_dir, text};
use rayon::prelude::*;

const LIMIT: Duration = Duration::from_secs(60);

/// What came of one test.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Pass,
    Fail,
    /// The test says that it does not apply.
    Skip,
}

/// How tests are run.
pub struct Runner<'a> {
    pub board: &'a str,
    /// The kind of code, as `--emit` has it.
    pub emit: &'a str,
    /// Our command line.
    pub hognose: &'a Path,
    /// The folder of `unittest`, which stock's firmware has frozen.
    pub unittest: &'a Path,
}

impl Runner<'_> {
    /// Runs the folders' tests; the names of those that failed.
    pub fn run(&self, stock: &Path, folders: &[String]) -> Result<Vec<String>, String> {
        let cpython = CPython::locate().ok_or("there is no python3 here")?;
        let tests = stock.join("tests");
        let mut names = Vec::new();
        for folder in folders {
            let files =
                std::fs::read_dir(tests.join(folder)).map_err(|e| format!("{folder}: {e}"))?;
            let files = files.flatten().map(|f| f.path());
            names.extend(files.filter(|f| f.extension().is_some_and(|e| e == "py")));
        }
        names.sort();
        let verdicts: Vec<(String, Verdict)> = names
            .par_iter()
            .map(|path| {
                let name = path.strip_prefix(&tests).unwrap_or(path).with_extension("");
                (name.to_string_lossy().into_owned(), self.one(path, &cpython))
            })
            .collect();
        let count = |wanted| verdicts.iter().filter(|v| v.1 == wanted).count();
        let (passed, failed) = (count(Verdict::Pass), count(Verdict::Fail));
        println!("{passed} tests passed, {failed} failed, {} skipped", count(Verdict::Skip));
        if let Some(theirs) = stock_passes()? {
            let both = |v: &&(String, Verdict)| v.1 == Verdict::Pass && theirs.contains(&v.0);
            let ours = verdicts.iter().filter(both).count();
            let theirs =
                theirs.iter().filter(|t| folders.iter().any(|f| t.starts_with(&format!("{f}/"))));
            println!(
                "stock's firmware passes {}, {ours} of them pass here",
                theirs.clone().count()
            );
            let skipped = |t: &&String| verdicts.iter().any(|v| v.0 == **t && v.1 == Verdict::Skip);
            for name in theirs.filter(skipped) {
                println!("skipped here: {name}");
            }
        }
        let failed = verdicts.into_iter().filter(|v| v.1 == Verdict::Fail);
        Ok(failed.map(|v| v.0).collect())
    }

    fn one(&self, path: &Path, cpython: &CPython) -> Verdict {
        let folder = path.parent().unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default();
        let mut command = Command::new(self.hognose);
        command.args(["run", "--target", self.board, "--emit", self.emit]);
        command.args(["--timeout", &LIMIT.as_secs().to_string()]);
        command.arg("-I").arg(self.unittest);
        command
            .arg(name)
            .current_dir(folder)
            .env("HOGNOSE_FIRMWARE", target_dir().join("firmware"));
        let Ok(done) = process::run(&mut command, b"", LIMIT * 2) else { return Verdict::Fail };
        let said = text::normalise(&done.stdout);
        if said.trim_end() == "SKIP" {
            return Verdict::Skip;
        }
        if let Some(good) = unittest_says(&said) {
            return if good { Verdict::Pass } else { Verdict::Fail };
        }
        let Some(wanted) = expected(path, cpython) else { return Verdict::Skip };
        let fits = said == wanted || matches(&said, &wanted);
        if fits && matches!(done.end, End::Exit(_)) { Verdict::Pass } else { Verdict::Fail }
    }
}

fn expected(path: &Path, cpython: &CPython) -> Option<String> {
    let beside = PathBuf::from(format!("{}.exp", path.display()));
    if let Ok(bytes) = std::fs::read(beside) {
        return Some(text::normalise(&bytes));
    }
    let mut command = cpython.command();
    command.arg("-BS").arg(path.file_name()?).current_dir(path.parent()?);
    let done = process::run(&mut command, b"", LIMIT).ok()?;
    (done.end == End::Exit(0)).then(|| text::normalise(&done.stdout))
}

/// What `unittest` says of the tests that it ran, where it was used: it is the oracle
/// then, as for stock's runner.
fn unittest_says(said: &str) -> Option<bool> {
    let mut lines = said.trim_end().lines().rev();
    let verdict = lines.next()?;
    let ran = lines.find(|line| !line.is_empty())?;
    let ran = ran.starts_with("Ran ") && ran.ends_with(" tests");
    (ran && (verdict.starts_with("OK") || verdict.starts_with("FAILED")))
        .then(|| verdict.starts_with("OK"))
}

/// Expected texts hold patterns here and there: `########` stands for any lines.
fn matches(said: &str, wanted: &str) -> bool {
    let mut said = said.lines();
    let mut skipping = false;
    for line in wanted.lines() {
        if line == "########" {
            skipping = true;
        } else if skipping {
            if !said.any(|l| l == line) {
                return false;
            }
            skipping = false;
        } else if said.next() != Some(line) {
            return false;
        }
    }
    skipping || said.next().is_none()
}

/// Tests that stock passes on its own firmware.
fn stock_passes() -> Result<Option<Vec<String>>, String> {
    let Some(path) = std::env::var_os("HOGNOSE_STOCK_RESULTS") else { return Ok(None) };
    let file = std::fs::read_to_string(&path).map_err(|e| e.to_string())?;
    let all: serde_json::Value = serde_json::from_str(&file).map_err(|e| e.to_string())?;
    let rows = all["results"].as_array().cloned().unwrap_or_default();
    let passed = rows.iter().filter(|row| row[1] == "pass").filter_map(|row| row[0].as_str());
    Ok(Some(passed.map(|name| name.trim_end_matches(".py").to_owned()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unittest_is_the_oracle_where_it_ran() {
        assert_eq!(unittest_says("a ok\n---\nRan 2 tests\n\nOK\n"), Some(true));
        assert_eq!(unittest_says("Ran 2 tests\n\nFAILED (failures=1)\n"), Some(false));
        assert_eq!(unittest_says("Ran 2 miles\n\nOK\n"), None);
        assert_eq!(unittest_says("OK\n"), None);
    }

    #[test]
    fn patterns_stand_for_lines() {
        assert!(matches("a\nx\ny\nb\n", "a\n########\nb\n"));
        assert!(matches("a\nx\n", "a\n########\n"));
        assert!(!matches("a\nx\n", "a\n"));
        assert!(!matches("a\n", "a\n########\nb\n"));
    }
}
