//! Source to `.mpy` by either compiler, through the same command line.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::host::Host;
use super::{Compiler, Engine, Outcome, Program};
use crate::case::Case;
use crate::oracles::Oracles;
use crate::process::{self, End};
use crate::{target_dir, text};

const LIMIT: Duration = Duration::from_secs(20);

/// Compiles every file of a case.
///
/// # Errors
/// The outcome of the case, if a file does not compile.
pub fn program(
    engine: Engine,
    case: &Case,
    oracles: &Oracles,
    host: &Host,
) -> Result<Program, Outcome> {
    let main = case.main.file_stem().and_then(|s| s.to_str()).unwrap_or("main").to_owned();
    let mut files = Vec::new();
    let sources = std::iter::once(PathBuf::from(case.file_name())).chain(case.modules.clone());
    for source in sources {
        let name = source.to_string_lossy().replace('\\', "/");
        let data = file(engine, case, &source, &name, oracles, host)?;
        let path = Path::new(&name).with_extension("mpy").to_string_lossy().into_owned();
        files.push((path, data));
    }
    Ok(Program { main, files, big_heap: case.has_need("bigheap") })
}

/// Compiles one file of a case; `name` is what tracebacks call it.
///
/// # Errors
/// The outcome for whoever wanted to run it.
fn file(
    engine: Engine,
    case: &Case,
    source: &Path,
    name: &str,
    oracles: &Oracles,
    host: &Host,
) -> Result<Vec<u8>, Outcome> {
    let output = scratch_file("mpy").map_err(|e| Outcome::Broken(e.to_string()))?;
    let mut command = match engine.compiler {
        Compiler::Stock | Compiler::StockNative => Command::new(&oracles.mpy_cross),
        Compiler::Ours | Compiler::OursNative | Compiler::Source => host.mpy_cross(case)?,
        Compiler::OursPlain => host.compile_plain()?,
        Compiler::OursSmall => {
            let mut command = host.mpy_cross(case)?;
            command.arg("-O3");
            command
        }
    };
    let emit = match engine.compiler {
        // What is worth it is not asked: all machine code is to be tested.
        Compiler::OursNative => Some("emit=native-all"),
        Compiler::StockNative => Some("emit=native"),
        _ => None,
    };
    if let Some(emit) = emit {
        let arch = engine.vm.arch().unwrap_or_default();
        command.arg(format!("-march={arch}")).args(["-X", emit]);
    }
    command.arg("-s").arg(name).arg("-o").arg(&output).arg(case.dir().join(source));
    let done = process::run(&mut command, b"", LIMIT)
        .map_err(|e| Outcome::Broken(format!("the compiler does not start: {e}")))?;
    let said = text::normalise(&done.stderr);
    match done.end {
        End::Exit(0) => {
            let data = std::fs::read(&output).map_err(|e| Outcome::Broken(e.to_string()));
            // A file left behind is overwritten by a later run of this process id.
            let _ = std::fs::remove_file(&output);
            data
        }
        End::Exit(1 | 2) => Err(Outcome::Refused(said)),
        End::Exit(code) => Err(Outcome::Crash(format!("compiler, exit code {code}\n{said}"))),
        End::Signal(signal) => Err(Outcome::Crash(format!("compiler, signal {signal}\n{said}"))),
        End::Timeout => Err(Outcome::Timeout),
    }
}

/// A path below the build directory that no other run uses.
///
/// # Errors
/// Where the folder cannot be made.
pub fn scratch_file(extension: &str) -> std::io::Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let dir = target_dir().join("testsuite/scratch");
    std::fs::create_dir_all(&dir)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Ok(dir.join(format!("{}-{number}.{extension}", std::process::id())))
}
