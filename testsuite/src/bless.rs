//! Expected texts: made by an oracle, and checked against it again.

use rayon::prelude::*;

use crate::case::{Case, Family, Oracle};
use crate::engine::{Bench, Compiler, Engine, Outcome, Vm};
use crate::oracles::{CPython, stock_tree};
use crate::process::{self, End};
use crate::text;

const LIMIT: std::time::Duration = std::time::Duration::from_secs(20);
const STOCK: Engine = Engine { name: "npm/stock", compiler: Compiler::Stock, vm: Vm::Npm };

/// What the oracle says about one case.
#[derive(Debug)]
pub enum Verdict {
    Same,
    /// The expected text is missing or different; this one is right.
    Different(String),
    /// The oracle on this machine cannot run it.
    Skipped(String),
    /// The oracle runs it and it is no good as a case.
    Bad(String),
}

/// Asks the oracle of every case.
///
/// # Errors
/// A text that says which oracle is missing.
pub fn ask(cases: &[Case]) -> Result<Vec<(&Case, Verdict)>, String> {
    let cpython = CPython::locate().ok_or("there is no python3 here")?;
    let bench = Bench::stock()?;
    Ok(cases.par_iter().map(|case| (case, ask_one(case, &cpython, &bench))).collect())
}

fn ask_one(case: &Case, cpython: &CPython, bench: &Bench) -> Verdict {
    if case.engines == [Family::Boards] {
        return Verdict::Skipped("only our boards can run it".into());
    }
    let said = match case.oracle {
        Oracle::CPython if case.python > cpython.minor => {
            return Verdict::Skipped(format!("needs CPython 3.{}", case.python));
        }
        Oracle::CPython => match ask_cpython(case, cpython) {
            Ok(said) => said,
            Err(why) => return Verdict::Bad(why),
        },
        Oracle::Stock if !case.runs_on(Family::Npm) => match ask_unix_port(case) {
            Some(said) => said,
            None => return Verdict::Skipped("needs HOGNOSE_STOCK".into()),
        },
        Oracle::Stock => match bench.run(STOCK, case) {
            Outcome::Text(said) => said,
            other => return Verdict::Bad(format!("{other:?}")),
        },
    };
    if said.is_empty() {
        Verdict::Bad("it prints nothing".into())
    } else if said == case.expected() {
        Verdict::Same
    } else {
        Verdict::Different(said)
    }
}

/// Stock's unix port, of the built checkout that `HOGNOSE_STOCK` names: for what
/// the packaged VM is built without.
fn ask_unix_port(case: &Case) -> Option<String> {
    let program = stock_tree()?.join("ports/unix/build-standard/micropython");
    let mut command = std::process::Command::new(program);
    command.args(["-X", "heapsize=512k"]).arg(case.file_name()).current_dir(case.dir());
    let done = process::run(&mut command, b"", LIMIT).ok()?;
    let mut said = done.stdout;
    said.extend_from_slice(&done.stderr);
    matches!(done.end, End::Exit(_)).then(|| text::normalise(&said))
}

fn ask_cpython(case: &Case, cpython: &CPython) -> Result<String, String> {
    let mut command = cpython.command();
    command.arg(case.file_name()).current_dir(case.dir());
    let done = process::run(&mut command, b"", LIMIT).map_err(|e| e.to_string())?;
    match done.end {
        End::Exit(0) => Ok(text::normalise(&done.stdout)),
        end => Err(format!("{end:?}\n{}", text::normalise(&done.stderr))),
    }
}
