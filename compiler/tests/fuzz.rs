//! The compiler's fuzz target for a second (`HOGNOSE_FUZZ_SECONDS` for longer), on
//! changed programs of this project's testsuite.

#[path = "../../testsuite/fuzz/bodies/compile.rs"]
mod compile;
#[path = "../../testsuite/fuzz/bodies/rng.rs"]
#[allow(dead_code)]
mod rng;

use rng::Rng;
use std::path::Path;
use std::time::{Duration, Instant};

/// All programs below a folder, in the order of their names.
fn programs(folder: &Path, found: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).expect("readable").map(|e| e.expect("readable").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            programs(&path, found);
        } else if path.extension().is_some_and(|e| e == "py") {
            found.push(std::fs::read(&path).expect("readable"));
        }
    }
}

#[test]
fn any_text() {
    let seconds =
        std::env::var("HOGNOSE_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let mut seeds = Vec::new();
    programs(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testsuite/cases"), &mut seeds);
    let start = Instant::now();
    let mut rng = Rng::new(seconds);
    while start.elapsed() < Duration::from_secs(seconds) {
        let mut text = seeds[rng.below(seeds.len())].clone();
        for _ in 0..=rng.below(5) {
            compile::any_text(&text);
            let other = &seeds[rng.below(seeds.len())];
            compile::change_text(&mut text, other, &mut rng);
        }
    }
}
