//! `hognose run --target`: builds a program for a board and runs it in QEMU.

use crate::exit::Failure;
use crate::image::Recipe;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct Args {
    /// Wait for a debugger on port 1234 before the first instruction
    #[arg(long)]
    gdb: bool,
    /// Stop after so many seconds, with exit code 124
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    #[command(flatten)]
    recipe: Recipe,
    /// The program, and `sys.argv` behind its name
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        required_unless_present = "manifest"
    )]
    program: Vec<String>,
}

/// Exit code of a run that was stopped by `--timeout`, as of timeout(1).
const TIMED_OUT: u8 = 124;

/// Builds and runs; the program's exit code.
pub fn run(args: &Args) -> Result<u8, Failure> {
    let (main, rest) = match args.program.split_first() {
        Some((main, rest)) => (Some(Path::new(main)), rest),
        None => (None, &[][..]),
    };
    let linked = args.recipe.link(main, rest)?;
    let board = linked.board.as_ref().ok_or_else(|| {
        Failure::usage("which machine is it? QEMU is started for a --target, not for a --base")
    })?;
    let qemu = board
        .qemu
        .as_ref()
        .ok_or_else(|| Failure::usage(format!("QEMU does not model {}", board.name)))?;
    let fail = |e: std::io::Error| Failure::bad_file(format!("cannot make a temporary file: {e}"));
    let folder = tempfile::tempdir().map_err(fail)?;
    let elf = folder.path().join("image.elf");
    std::fs::write(&elf, &linked.elf).map_err(fail)?;
    let (program, mut arguments) = qemu.command(&elf);
    if args.gdb {
        arguments.extend(["-s", "-S"].map(String::from));
        eprintln!(
            "waiting for a debugger: gdb-multiarch -ex 'target remote :1234' {}",
            elf.display()
        );
    }
    let mut command = Command::new(&program);
    let mut child =
        command.args(&arguments).stdout(Stdio::piped()).spawn().map_err(|e| match e.kind() {
            ErrorKind::NotFound => Failure::bad_file(format!(
                "{program} is not installed\nhint: it is part of QEMU; Debian's package is \
                 qemu-system-{}",
                if qemu.system.starts_with("riscv") { "misc" } else { qemu.system.as_str() }
            )),
            _ => Failure::bad_file(format!("{program}: {e}")),
        })?;
    let console = child.stdout.take();
    let copier = std::thread::spawn(move || console.map(copy_lines));
    let limit = args.timeout.map(Duration::from_secs);
    let status =
        wait(&mut child, limit).map_err(|e| Failure::bad_file(format!("{program}: {e}")))?;
    // The copier ends with the console; a failure to write was its own to report.
    let _ = copier.join();
    let Some(status) = status else {
        eprintln!("stopped after {} s", args.timeout.unwrap_or(0));
        return Ok(TIMED_OUT);
    };
    let code = status.code().and_then(|c| u8::try_from(c).ok());
    code.ok_or_else(|| Failure::bad_file(format!("{program}: {status}")))
}

/// Waits for the end, or stops it when time is up: then there is no status.
fn wait(child: &mut Child, limit: Option<Duration>) -> std::io::Result<Option<ExitStatus>> {
    let Some(limit) = limit else { return child.wait().map(Some) };
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            // It may have ended meanwhile, which is as good.
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Copies the console to standard output, the board's CR LF as LF.
fn copy_lines(mut console: impl Read) {
    let mut buffer = [0; 4096];
    let mut held = false;
    while let Ok(n @ 1..) = console.read(&mut buffer) {
        let mut out = Vec::with_capacity(n + 1);
        for &byte in buffer.iter().take(n) {
            if held && byte != b'\n' {
                out.push(b'\r');
            }
            held = byte == b'\r';
            if !held {
                out.push(byte);
            }
        }
        let mut stdout = std::io::stdout().lock();
        if stdout.write_all(&out).and_then(|()| stdout.flush()).is_err() {
            return;
        }
    }
}
