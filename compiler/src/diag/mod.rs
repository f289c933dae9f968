//! What the compiler says about a program: errors, warnings, and where.
//!
//! Any stage makes [`Diagnostic`]s; only [`render`], [`brief`], [`json`] and [`sarif`] turn them
//! into text.
//! A diagnostic carries a stable [`Code`] from one table, a span, and hints. All errors of a file
//! are reported at once, in the order of the source.

mod code;
mod lines;
mod machine;
mod render;
mod source;
mod span;

pub use code::{CODES, Code, CodeInfo, Severity};
pub use lines::{LineCol, LineCursor, LineTable};
pub use machine::{json, sarif};
pub use render::{brief, render};
pub use source::SourceFile;
pub use span::Span;

/// An error or a warning.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Which one it is.
    pub code: Code,
    /// What is wrong, as one sentence without a full stop, in lower case.
    pub message: String,
    /// The place.
    pub span: Span,
    /// What to say at the place; empty where the message says it all.
    pub label: String,
    /// Other places that matter, and why.
    pub related: Vec<(Span, String)>,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic with a message and a place.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Says `label` at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at another place as well.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Error or warning.
    pub fn severity(&self) -> Severity {
        self.code.info().severity
    }

    /// Whether it stops the compilation.
    pub fn is_error(&self) -> bool {
        self.severity() == Severity::Error
    }
}

#[cfg(test)]
mod tests;
