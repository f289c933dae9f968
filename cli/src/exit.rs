//! What the process tells its caller.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | everything asked for was done; there may be warnings |
//! | 1 | a program is wrong: diagnostics say where |
//! | 2 | the command line is wrong |
//! | 3 | a file cannot be read or written |
//!
//! When several apply the largest is given. Invoked as `mpy-cross` every failure is 1,
//! as the tools that call it expect.

use hognose_compiler::image::ImageError;
use std::fmt;
use std::path::Path;

/// How a run ended. Ordered by severity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    Done = 0,
    BadProgram = 1,
    BadUsage = 2,
    BadFile = 3,
}

/// A failure that is not about a program's text.
#[derive(Debug)]
pub struct Failure {
    pub status: Status,
    pub message: String,
}

impl Failure {
    /// Something about the command line.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure { status: Status::BadUsage, message: message.into() }
    }

    /// Something about a program.
    pub fn program(message: impl Into<String>) -> Failure {
        Failure { status: Status::BadProgram, message: message.into() }
    }

    /// Something about a file, which the message names.
    pub fn bad_file(message: impl Into<String>) -> Failure {
        Failure { status: Status::BadFile, message: message.into() }
    }

    /// A program that cannot be linked behind the firmware `base`.
    pub fn image(base: &str, error: &ImageError) -> Failure {
        let status = match error {
            ImageError::NoRoom { .. }
            | ImageError::TooManyNames
            | ImageError::NativeCode(..)
            | ImageError::NoFloats(_) => Status::BadProgram,
            _ => Status::BadFile,
        };
        Failure { status, message: format!("{base}: {error}") }
    }

    /// A file that cannot be dealt with; `doing` is a verb, as in "cannot read".
    pub fn file(doing: &str, path: &Path, error: &std::io::Error) -> Failure {
        let message = format!("cannot {doing} {}: {}", path.display(), reason(error));
        Failure { status: Status::BadFile, message }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The system's words without its error number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}
