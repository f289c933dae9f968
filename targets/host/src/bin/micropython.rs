//! `micropython`: the host target behind the command line of MicroPython's unix port.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> =
        std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    ExitCode::from(hognose_host::main(&args))
}
