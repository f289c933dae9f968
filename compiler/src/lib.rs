//! Python source to `.mpy` bytecode, native code and firmware images.
//!
//! ```text
//!   source ─ syntax ─▶ hir ─┬─ bytecode ─────────┬─▶ .mpy
//!                           └─ clif ─ native ────┘
//! ```
//!
//! [`compile`] does it all; [`lower`] goes as far as the HIR, whose back ends are modules beside it.

pub mod asm;
pub mod bytecode;
pub mod clif;
mod deep;
pub mod diag;
mod dump;
pub mod hir;
pub mod image;
pub mod link;
pub mod native;
mod options;
pub mod syntax;

pub use deep::on_deep_stack;
pub use dump::{Stage, dump};
pub use options::{Constant, Hot, Input, Options};

use diag::Diagnostic;

/// A compiled file.
#[derive(Debug)]
pub struct Compiled {
    /// The module; [`mpy_format::write`] gives the file's bytes.
    pub module: mpy_format::Module,
    /// What compiles but may fail on a device.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles a source.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text, with the warnings in between.
pub fn compile(source: &[u8], options: &Options) -> Result<Compiled, Vec<Diagnostic>> {
    front(source, options, |mut lowered| match link::compile(&mut lowered.module, options) {
        Ok((module, mut warnings)) => {
            warnings.append(&mut lowered.warnings);
            warnings.sort_by_key(|report| report.span.start);
            Ok(Compiled { module, warnings })
        }
        Err(mut errors) => {
            errors.append(&mut lowered.warnings);
            errors.sort_by_key(|report| report.span.start);
            Err(errors)
        }
    })
}

/// A file as far as the HIR.
#[derive(Debug)]
pub struct Lowered {
    /// The program.
    pub module: hir::Module,
    /// What compiles but may fail on a device.
    pub warnings: Vec<Diagnostic>,
}

/// Parses and lowers a source.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text, with the warnings in between.
pub fn lower(source: &[u8], options: &Options) -> Result<Lowered, Vec<Diagnostic>> {
    front(source, options, Ok)
}

/// What a source defines and speaks of; what does not parse, as far as it does.
///
/// # Errors
/// A source that cannot be read at all.
pub fn outline(source: &[u8]) -> Result<syntax::Outline, Vec<Diagnostic>> {
    let text = syntax::decode(source).map_err(|error| vec![error])?;
    let depth = syntax::bounded_nesting(&text).map_err(|error| vec![error])?;
    Ok(on_deep_stack(depth, || syntax::outline(&syntax::parse(&text, Input::Exec).root)))
}

/// Lowers a source and goes on with `next`, all on a stack that is deep enough for it.
fn front<T: Send>(
    source: &[u8],
    options: &Options,
    next: impl FnOnce(Lowered) -> Result<T, Vec<Diagnostic>> + Send,
) -> Result<T, Vec<Diagnostic>> {
    let text = syntax::decode(source).map_err(|error| vec![error])?;
    let depth = syntax::bounded_nesting(&text).map_err(|error| vec![error])?;
    on_deep_stack(depth, || lower_text(&text, options).and_then(next))
}

fn lower_text(text: &str, options: &Options) -> Result<Lowered, Vec<Diagnostic>> {
    let mut tree = syntax::parse(text, options.input);
    syntax::leave_out(&mut tree.root, &options.left_out);
    let (module, reports) = hir::lower::lower(&tree.root, text, options);
    let mut reports = if tree.errors.is_empty() {
        reports
    } else {
        syntax::merge_reports(tree.errors, reports, &module.lines)
    };
    reports.sort_by_key(|report| report.span.start);
    debug_assert!(
        reports.iter().any(Diagnostic::is_error) || hir::verify(&module).is_ok(),
        "{:?}",
        hir::verify(&module)
    );
    if reports.iter().any(Diagnostic::is_error) {
        Err(reports)
    } else {
        Ok(Lowered { module, warnings: reports })
    }
}
