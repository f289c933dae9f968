//! Diagnostics for programs: JSON, one object a line, and
//! [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/).

use serde_json::{Value, json};

use super::{CODES, Diagnostic, Severity, SourceFile, Span};

/// One JSON object for each diagnostic, each on a line of its own.
///
/// Members: `code`, `severity` (`error` or `warning`), `message`, `file`, `span`, `label`,
/// `related` (objects of `span` and `message`) and `hints`. A span has `start` and `end`, each with
/// `offset` (bytes, from 0), `line` and `column` (characters; both from 1).
pub fn json(reports: &[Diagnostic], file: &SourceFile) -> String {
    let mut out = String::new();
    for report in reports {
        let related: Vec<Value> = report
            .related
            .iter()
            .map(|(span, text)| json!({ "span": place(*span, file), "message": text }))
            .collect();
        let object = json!({
            "code": report.code.id(),
            "severity": report.severity().as_str(),
            "message": report.message,
            "file": file.name,
            "span": place(report.span, file),
            "label": report.label,
            "related": related,
            "hints": report.hints,
        });
        out.push_str(&object.to_string());
        out.push('\n');
    }
    out
}

fn place(span: Span, file: &SourceFile) -> Value {
    let point = |offset: u32| {
        let at = file.line_col(offset);
        json!({ "offset": offset, "line": at.line, "column": at.column })
    };
    json!({ "start": point(span.start), "end": point(span.end) })
}

/// A SARIF log with one run over all files.
pub fn sarif(files: &[(SourceFile, Vec<Diagnostic>)]) -> String {
    let rules: Vec<Value> = CODES
        .iter()
        .map(|info| {
            json!({
                "id": info.id,
                "shortDescription": { "text": info.summary },
                "defaultConfiguration": { "level": level(info.severity) },
            })
        })
        .collect();
    let results: Vec<Value> = files
        .iter()
        .flat_map(|(file, reports)| reports.iter().map(move |report| result(report, file)))
        .collect();
    let log = json!({
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{
            "tool": { "driver": {
                "name": "hognose",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(report: &Diagnostic, file: &SourceFile) -> Value {
    let mut text = report.message.clone();
    for part in std::iter::once(&report.label).chain(&report.hints) {
        if !part.is_empty() {
            text.push_str("; ");
            text.push_str(part);
        }
    }
    let related: Vec<Value> = report
        .related
        .iter()
        .map(|(span, text)| {
            let mut location = location(*span, file);
            location["message"] = json!({ "text": text });
            location
        })
        .collect();
    json!({
        "ruleId": report.code.id(),
        "ruleIndex": report.code as usize,
        "level": level(report.severity()),
        "message": { "text": text },
        "locations": [location(report.span, file)],
        "relatedLocations": related,
    })
}

fn location(span: Span, file: &SourceFile) -> Value {
    let (start, end) = (file.line_col(span.start), file.line_col(span.end));
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&file.name) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    })
}

/// A path as a relative URI reference.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'\\' => out.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
