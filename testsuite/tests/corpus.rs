//! The corpus itself: headers, expected texts, the list of known failures.

use std::path::PathBuf;

use hognose_testsuite::case::{self, Case};
use hognose_testsuite::engine::ENGINES;
use hognose_testsuite::known::KnownFailures;

fn corpus() -> Vec<Case> {
    case::load(&case::corpus_dir()).unwrap_or_else(|bad| {
        panic!("{}", bad.iter().map(|b| format!("{b}\n")).collect::<String>())
    })
}

#[test]
fn every_case_has_an_expected_text() {
    let empty: Vec<String> =
        corpus().iter().filter(|c| c.expected().is_empty()).map(|c| c.name.clone()).collect();
    assert!(empty.is_empty(), "run 'cargo xtask bless': {empty:#?}");
}

#[test]
fn every_expected_text_has_a_case() {
    fn expected_files(dir: PathBuf, out: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                expected_files(path, out);
            } else if path.extension().is_some_and(|e| e == "expected") {
                out.push(path);
            }
        }
    }
    let mut files = Vec::new();
    expected_files(case::corpus_dir(), &mut files);
    let wanted: Vec<PathBuf> = corpus().iter().map(Case::expected_path).collect();
    files.retain(|f| !wanted.contains(f));
    assert!(files.is_empty(), "left over: {files:#?}");
}

#[test]
fn known_failures_name_engines_and_cases_that_exist() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("known-failures.toml");
    let known = KnownFailures::load(&path).expect("a readable list");
    let cases = corpus();
    for failure in &known.failures {
        assert!(!failure.reason.is_empty(), "{} gives no reason", failure.case);
        assert!(
            cases.iter().any(|case| failure.is_about(&case.name)),
            "there is no case {}",
            failure.case
        );
        assert!(
            ENGINES.iter().any(|engine| failure.is_of(engine.name)),
            "there is no engine {}",
            failure.engine
        );
    }
}
