//! Child processes with a time limit and a bounded output.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// More output than this from one program is cut off (bytes).
const OUTPUT_LIMIT: u64 = 8 << 20;

/// How a child process ended.
#[derive(Debug)]
pub struct Finished {
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub end: End,
}

/// The way in which a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Exit(i32),
    /// Killed by a signal, that is: it crashed.
    Signal(i32),
    /// Still running at the end of its time; it was killed.
    Timeout,
}

/// Runs `command` with `input` on its standard input, for at most `limit`.
///
/// # Errors
/// Where the program cannot be started at all.
pub fn run(command: &mut Command, input: &[u8], limit: Duration) -> std::io::Result<Finished> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_vec();
        // A program that ends without reading closes the pipe: not an error of ours.
        std::thread::spawn(move || stdin.write_all(&input).is_ok());
    }
    let (sender, receiver) = mpsc::channel();
    let out = child.stdout.take().map(|pipe| drain(pipe, sender.clone()));
    let err = child.stderr.take().map(|pipe| drain(pipe, sender));
    let deadline = std::time::Instant::now() + limit;
    let mut timed_out = false;
    for _ in 0..2 {
        let left = deadline.saturating_duration_since(std::time::Instant::now());
        if receiver.recv_timeout(left).is_err() {
            timed_out = true;
            break;
        }
    }
    // Both pipes are closed here, or time is over: an orderly program is about to end.
    let end = finish(&mut child, timed_out, deadline)?;
    let gather = |handle: Option<std::thread::JoinHandle<Vec<u8>>>| {
        handle.and_then(|h| h.join().ok()).unwrap_or_default()
    };
    Ok(Finished { stdout: gather(out), stderr: gather(err), end })
}

fn drain(
    pipe: impl Read + Send + 'static,
    done: mpsc::Sender<()>,
) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // A pipe that breaks half-way still leaves what was read before.
        let _ = pipe.take(OUTPUT_LIMIT).read_to_end(&mut bytes);
        let _ = done.send(());
        bytes
    })
}

fn finish(
    child: &mut Child,
    mut timed_out: bool,
    deadline: std::time::Instant,
) -> std::io::Result<End> {
    let status = loop {
        if timed_out {
            child.kill()?;
            child.wait()?;
            return Ok(End::Timeout);
        }
        match child.try_wait()? {
            Some(status) => break status,
            None if std::time::Instant::now() >= deadline => timed_out = true,
            None => std::thread::sleep(Duration::from_micros(200)),
        }
    };
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return Ok(End::Signal(signal));
    }
    Ok(End::Exit(status.code().unwrap_or(-1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_input_through_and_reports_the_code() {
        let mut command = Command::new("sh");
        let done = run(command.args(["-c", "cat; exit 3"]), b"hello", Duration::from_secs(10))
            .expect("sh starts");
        assert_eq!((done.stdout.as_slice(), done.end), (b"hello".as_slice(), End::Exit(3)));
    }

    #[test]
    fn ends_what_does_not_end() {
        let mut command = Command::new("sleep");
        let done = run(command.arg("30"), b"", Duration::from_millis(50)).expect("sleep starts");
        assert_eq!(done.end, End::Timeout);
    }
}
