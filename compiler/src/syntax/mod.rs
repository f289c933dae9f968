//! Text to syntax tree: the one place, with the HIR lowering, that touches the parser crate.
//!
//! ```text
//!   bytes ─ decode ─▶ text ─ scan ─▶ depth known ─ ruff ─▶ tree + errors
//! ```
//!
//! The parser recovers from errors and never stops at the first, so a file's errors come out
//! together. Before it starts, [`scan`] bounds how deep the tree can become: the parser, the
//! lowering, both back ends and the tree's own destructor recurse over it. What is too deep is
//! refused; what is deep runs on a thread with a stack to match (see [`crate::on_deep_stack`]).
//!
//! Boards accept a few things that the parser reports: a bare `*` at the end of a parameter list,
//! an unparenthesised generator among other arguments, any byte in a comment. Those reports are
//! dropped here. So are all about the language version: the newest syntax is accepted.

mod literal;
mod messages;
mod outline;
mod scan;

use std::borrow::Cow;

use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use crate::Input;
use crate::diag::{Code, Diagnostic, LineTable, Span};

pub(crate) use literal::{Text, bytes_literal, string_text};
pub use outline::{Import, Item, Mentions, Outline};
pub(crate) use outline::{leave_out, outline};
pub use scan::MAX_NESTING;

/// The longest source accepted, in bytes.
pub const MAX_SOURCE: usize = 64 << 20;

/// A parsed file.
pub(crate) struct Tree {
    /// The tree; complete only if there are no errors.
    pub root: Mod,
    /// What is wrong, in the order of the text.
    pub errors: Vec<Diagnostic>,
}

/// Checks size and encoding: the text to parse, byte for byte as long as `source`.
///
/// # Errors
/// [`Code::TooLarge`], [`Code::InvalidUtf8`], [`Code::NulByte`].
pub(crate) fn decode(source: &[u8]) -> Result<Cow<'_, str>, Diagnostic> {
    if source.len() > MAX_SOURCE {
        let message =
            format!("the source has {} bytes; at most {MAX_SOURCE} are accepted", source.len());
        return Err(Diagnostic::new(Code::TooLarge, Span::at(0), message)
            .hint("large data belongs in a file that the program opens"));
    }
    match std::str::from_utf8(source) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => scan::blank_comments(source).map(Cow::Owned),
    }
}

/// An upper bound of how deep the tree of `text` can be.
///
/// # Errors
/// [`Code::TooDeep`] for more than [`MAX_NESTING`].
pub(crate) fn bounded_nesting(text: &str) -> Result<u32, Diagnostic> {
    let nesting = scan::nesting(text);
    if nesting.depth <= MAX_NESTING {
        return Ok(nesting.depth);
    }
    let place = Span::at(nesting.place);
    Err(Diagnostic::new(Code::TooDeep, place, "the code is nested too deeply")
        .hint(format!("at most {MAX_NESTING} levels are accepted")))
}

/// Parses a text whose [`bounded_nesting`] is known to be bounded.
pub(crate) fn parse(text: &str, input: Input) -> Tree {
    let mode = match input {
        Input::Exec | Input::Single => Mode::Module,
        Input::Eval => Mode::Expression,
    };
    let options = ParseOptions::from(mode).with_target_version(PythonVersion::latest_preview());
    let parsed = parse_unchecked(text, options);
    let errors = parsed
        .errors()
        .iter()
        .filter_map(|error| messages::diagnostic(error, text, input))
        .collect();
    Tree { root: parsed.into_syntax(), errors }
}

/// Adds to what the parser found what lowering found in the lines that did parse: where the tree
/// was repaired, lowering complains about the repairs.
pub(crate) fn merge_reports(
    mut errors: Vec<Diagnostic>,
    others: Vec<Diagnostic>,
    lines: &LineTable,
) -> Vec<Diagnostic> {
    let broken: Vec<(u32, u32)> =
        errors.iter().map(|e| (lines.line(e.span.start), lines.line(e.span.end))).collect();
    errors.extend(others.into_iter().filter(|report| {
        let line = lines.line(report.span.start);
        !broken.iter().any(|&(first, last)| (first..=last).contains(&line))
    }));
    errors
}

/// The parser's ranges as ours.
pub(crate) fn span(node: &impl ruff_text_size::Ranged) -> Span {
    Span::new(node.start().to_u32(), node.end().to_u32())
}
