//! The corpus on the engines that this machine has.
//!
//! Stock's tools come from registries (`cargo xtask oracles`); where they are not
//! installed, only the corpus itself is checked (see `corpus.rs`).

use std::path::PathBuf;

use hognose_testsuite::case;
use hognose_testsuite::engine::{Bench, Compiler, ENGINES, Vm};
use hognose_testsuite::known::KnownFailures;
use hognose_testsuite::matrix;

/// Stock's compiler and VM give the expected texts: the corpus says what is true.
#[test]
fn stock_agrees_with_the_corpus() {
    let Ok(bench) = Bench::stock() else {
        eprintln!("the oracles are not installed: nothing to run");
        return;
    };
    let cases = case::load(&case::corpus_dir()).expect("a corpus in order");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("known-failures.toml");
    let known = KnownFailures::load(&path).expect("a readable list");
    let engines: Vec<_> = ENGINES
        .iter()
        .copied()
        .filter(|e| e.compiler == Compiler::Stock && e.vm == Vm::Npm)
        .collect();
    let report = matrix::run(&bench, &engines, &cases, &known);
    assert_eq!(report.failed(), 0, "{report}");
}
