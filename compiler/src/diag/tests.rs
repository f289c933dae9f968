use super::*;

const SOURCE: &[u8] = b"import os\ndef f(a, a):\n    return '\xc3\xa9' + b\n";

fn file() -> SourceFile {
    SourceFile::new("main.py", SOURCE)
}

fn report() -> Diagnostic {
    Diagnostic::new(Code::InvalidParameters, Span::new(19, 20), "argument name reused")
        .label("again")
        .related(Span::new(16, 17), "the first one")
        .hint("choose another name")
}

#[test]
fn people_see_the_line_and_a_caret() {
    let text = render(&[report()], &file(), false);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "error[E0108]: argument name reused");
    assert!(lines[1].ends_with("main.py:2:10"), "{text}");
    assert!(lines.iter().any(|line| line.ends_with("2 | def f(a, a):")), "{text}");
    assert!(lines.iter().any(|line| line.trim_end().ends_with("^ again")), "{text}");
    assert!(lines.iter().any(|line| line.ends_with("help: choose another name")), "{text}");
    assert_eq!(brief(&[report()], &file()), "main.py:2:10: error[E0108]: argument name reused\n");
}

#[test]
fn programs_see_offsets_lines_and_columns() {
    let value: serde_json::Value =
        serde_json::from_str(&json(&[report()], &file())).expect("one JSON object");
    assert_eq!(value["code"], "E0108");
    assert_eq!(value["span"]["start"]["line"], 2);
    assert_eq!(value["span"]["start"]["column"], 10);
    assert_eq!(value["related"][0]["span"]["start"]["offset"], 16);
    let log: serde_json::Value =
        serde_json::from_str(&sarif(&[(file(), vec![report()])])).expect("a SARIF log");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "E0108");
    let rule = result["ruleIndex"].as_u64().and_then(|i| usize::try_from(i).ok()).unwrap();
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][rule]["id"], "E0108");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
}

#[test]
fn odd_places_are_shown_somehow() {
    let sources: [&[u8]; 5] = [b"", b"\n", b"x = '\xff\xfe", "é".as_bytes(), b"a\r\nb"];
    for source in sources {
        let file = SourceFile::new("x.py", source);
        for start in 0..source.len() as u32 + 3 {
            for end in start..source.len() as u32 + 3 {
                let report = Diagnostic::new(Code::Syntax, Span::new(start, end), "odd");
                assert!(render(std::slice::from_ref(&report), &file, true).contains("odd"));
                assert!(json(&[report], &file).contains("odd"));
            }
        }
    }
}
