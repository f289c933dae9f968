//! Stock's VM as the npm registry has it, behind one node process a worker.
//!
//! Starting node costs a quarter of a second, a fresh interpreter in a running
//! one ten milliseconds: so processes are kept and handed from case to case. A
//! process that times out or dies is thrown away.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Outcome, Program};
use crate::text;

const DRIVER: &str = include_str!("driver.mjs");

/// Programs that one node process runs before it is replaced (its memory grows).
const PROGRAMS_PER_PROCESS: u32 = 400;

/// Heap of stock's VM (bytes), where the program does not ask for more.
const HEAP: usize = 1 << 20;

#[derive(Serialize)]
struct Request<'a> {
    files: BTreeMap<&'a str, String>,
    main: &'a str,
    heap: usize,
}

#[derive(Deserialize)]
struct Answer {
    out: String,
    error: String,
    #[serde(default)]
    crash: String,
}

struct Process {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<String>,
    served: u32,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A pool of node processes.
pub struct NpmVm {
    driver: PathBuf,
    module: PathBuf,
    idle: Mutex<Vec<Process>>,
}

impl NpmVm {
    /// A pool that runs the package at `module` (its `.mjs` file); the driver is
    /// written into `scratch`.
    ///
    /// # Errors
    /// Where the driver cannot be written.
    pub fn new(module: &Path, scratch: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(scratch)?;
        let driver = scratch.join("driver.mjs");
        std::fs::write(&driver, DRIVER)?;
        Ok(Self { driver, module: module.to_owned(), idle: Mutex::new(Vec::new()) })
    }

    fn start(&self) -> std::io::Result<Process> {
        let mut child = Command::new("node")
            .arg(&self.driver)
            .arg(&self.module)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("node has no pipes"));
        };
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Process { child, stdin, lines, served: 0 })
    }

    /// Runs compiled files; their main module is `program.main`.
    pub fn run(&self, program: &Program, limit: Duration) -> Outcome {
        let pooled = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut process = match pooled.map_or_else(|| self.start(), Ok) {
            Ok(process) => process,
            Err(e) => return Outcome::Broken(format!("node does not start: {e}")),
        };
        let request = Request {
            files: program.files.iter().map(|(path, data)| (path.as_str(), hex(data))).collect(),
            main: &program.main,
            heap: if program.big_heap { HEAP * 8 } else { HEAP },
        };
        let Ok(mut line) = serde_json::to_string(&request) else {
            return Outcome::Broken("a request that JSON cannot hold".into());
        };
        line.push('\n');
        if process.stdin.write_all(line.as_bytes()).is_err() {
            return Outcome::Crash("node ended before it was asked".into());
        }
        let answer = match process.lines.recv_timeout(limit) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Timeout) => return Outcome::Timeout,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Outcome::Crash("the node process died".into());
            }
        };
        let Ok(answer) = serde_json::from_str::<Answer>(&answer) else {
            return Outcome::Broken(format!("node said: {answer}"));
        };
        if !answer.crash.is_empty() {
            return Outcome::Crash(answer.crash);
        }
        process.served += 1;
        if process.served < PROGRAMS_PER_PROCESS
            && let Ok(mut idle) = self.idle.lock()
        {
            idle.push(process);
        }
        Outcome::Text(text::normalise((answer.out + &answer.error).as_bytes()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .map(|d| char::from(b"0123456789abcdef"[usize::from(d)]))
        .collect()
}
