//! Diagnostics on their way to people and machines.

use crate::exit::Failure;
use crate::file;
use crate::settings::Built;
use hognose_compiler::diag::{self, Diagnostic, SourceFile};
use std::io::IsTerminal;

/// How diagnostics are written.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, clap::ValueEnum)]
pub enum Format {
    /// For people: the source line with the place marked, and hints
    #[default]
    Human,
    /// For editors: one line each with file, line, column and message
    Short,
    /// For programs: one JSON object a line, on standard output
    Json,
    /// For code scanning: one SARIF log, on standard output
    Sarif,
}

/// Collects the diagnostics of several files.
pub struct Report {
    format: Format,
    json: String,
    files: Vec<(SourceFile, Vec<Diagnostic>)>,
}

impl Report {
    pub fn new(format: Format) -> Report {
        Report { format, json: String::new(), files: Vec::new() }
    }

    /// Adds what there is to say about a source. People and editors get it at once, on
    /// standard error.
    pub fn add(&mut self, name: &str, source: &[u8], diagnostics: &[Diagnostic]) {
        let file = SourceFile::new(name, source);
        match self.format {
            Format::Human => {
                let colour =
                    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
                eprint!("{}", diag::render(diagnostics, &file, colour));
            }
            Format::Short => eprint!("{}", diag::brief(diagnostics, &file)),
            Format::Json => self.json += &diag::json(diagnostics, &file),
            Format::Sarif => self.files.push((file, diagnostics.to_vec())),
        }
    }

    /// Writes what machines read. A SARIF log is written even when it is empty.
    ///
    /// # Errors
    /// When standard output is full.
    pub fn finish(self) -> Result<(), Failure> {
        match self.format {
            Format::Human | Format::Short => Ok(()),
            Format::Json => file::write_stdout(self.json.as_bytes()),
            Format::Sarif => file::write_stdout(diag::sarif(&self.files).as_bytes()),
        }
    }
}

/// Shows people what compiling a single file had to say.
pub fn show(name: &str, source: &[u8], result: &Result<Built, Vec<Diagnostic>>) {
    match result {
        Ok(built) => diagnostics(name, source, &built.warnings),
        Err(errors) => diagnostics(name, source, errors),
    }
}

/// Shows people diagnostics of a file.
pub fn diagnostics(name: &str, source: &[u8], list: &[Diagnostic]) {
    if !list.is_empty() {
        Report::new(Format::Human).add(name, source, list);
    }
}
