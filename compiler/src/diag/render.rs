//! Diagnostics for people: title, place, source line with carets, hints.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, SourceFile, Span};

/// Renders diagnostics one after the other, each ending in an empty line.
pub fn render(reports: &[Diagnostic], file: &SourceFile, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for report in reports {
        out.push_str(&renderer.render(&[group(report, file)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(report: &'a Diagnostic, file: &'a SourceFile) -> Group<'a> {
    let level = match report.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(report.message.as_str())
        .id(report.code.id())
        .element(snippet(report.span, &report.label, AnnotationKind::Primary, file));
    for (span, text) in &report.related {
        group = group.element(snippet(*span, text, AnnotationKind::Context, file));
    }
    for hint in &report.hints {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    group
}

fn snippet<'a>(
    span: Span,
    label: &'a str,
    kind: AnnotationKind,
    file: &'a SourceFile,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let (text, line, range) = file.excerpt(first_line(span, file));
    let annotation = kind.span(range);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(text).line_start(line as usize).path(file.name.as_str()).annotation(annotation)
}

/// A span that covers many lines is shown by the first of them.
fn first_line(span: Span, file: &SourceFile) -> Span {
    let line = file.line_text(span.start);
    let column = file.line_col(span.start).column as usize - 1;
    let rest: usize = line.chars().skip(column).map(char::len_utf8).sum();
    Span::new(span.start, span.end.min(span.start + rest as u32))
}

/// One line a diagnostic, in the form that editors take: `file:line:column: error[E0100]: message`.
pub fn brief(reports: &[Diagnostic], file: &SourceFile) -> String {
    let mut out = String::new();
    for report in reports {
        let at = file.line_col(report.span.start);
        out.push_str(&format!(
            "{}:{}:{}: {}[{}]: {}\n",
            file.name,
            at.line,
            at.column,
            report.severity().as_str(),
            report.code.id(),
            report.message
        ));
    }
    out
}
