//! `hognose run --target`: builds a program for a board and runs it in QEMU.

use super::build::Source;
use std::io::{ErrorKind, Read, Write};
use std::process::{Command, Stdio};

#[derive(clap::Args)]
pub struct Args {
    /// Wait for a debugger on port 1234 before the first instruction
    #[arg(long)]
    gdb: bool,
    /// Stop after so many seconds
    #[arg(long)]
    timeout: Option<u64>,
    #[command(flatten)]
    source: Source,
}

/// Exit code of a run that was stopped by `--timeout`, as of timeout(1).
const TIMED_OUT: u8 = 124;

/// Builds and runs; the program's exit code.
pub fn run(args: &Args) -> Result<u8, String> {
    let built = args.source.link()?;
    let board = &built.board;
    let qemu = board.qemu.as_ref().ok_or_else(|| format!("QEMU does not model {}", board.name))?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let elf = folder.path().join("image.elf");
    std::fs::write(&elf, &built.elf).map_err(|e| format!("{}: {e}", elf.display()))?;
    let (program, mut arguments) = qemu.command(&elf);
    if args.gdb {
        arguments.extend(["-s", "-S"].map(String::from));
        eprintln!(
            "waiting for a debugger: gdb-multiarch -ex 'target remote :1234' {}",
            elf.display()
        );
    }
    let mut child =
        Command::new(&program).args(&arguments).stdout(Stdio::piped()).spawn().map_err(
            |e| match e.kind() {
                ErrorKind::NotFound => format!("{program} is not installed"),
                _ => format!("{program}: {e}"),
            },
        )?;
    let console = child.stdout.take();
    let copier = std::thread::spawn(move || console.map(copy_lines));
    let deadline =
        args.timeout.map(|s| std::time::Instant::now() + std::time::Duration::from_secs(s));
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            break Some(status);
        }
        if deadline.is_some_and(|d| std::time::Instant::now() > d) {
            // It may have ended meanwhile, which is as good.
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    // The copier ends with the console; a failure to write was its own to report.
    let _ = copier.join();
    match status {
        None => {
            eprintln!("stopped after {} s", args.timeout.unwrap_or(0));
            Ok(TIMED_OUT)
        }
        Some(status) => status
            .code()
            .and_then(|c| u8::try_from(c).ok())
            .ok_or_else(|| format!("{program}: {status}")),
    }
}

/// Copies the console to standard output, the board's CR LF as LF.
fn copy_lines(mut console: impl Read) {
    let mut buffer = [0; 4096];
    let mut held = false;
    while let Ok(n @ 1..) = console.read(&mut buffer) {
        let mut out = Vec::with_capacity(n + 1);
        for &byte in &buffer[..n] {
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
