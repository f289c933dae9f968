//! CPython as the oracle of the tests: it prints a table, the test reads it.

extern crate std;

use std::{process::Command, string::String, vec::Vec};

/// The lines that a Python script prints, split at tabs; none without `python3`.
/// `HOGNOSE_ORACLE_SCALE` multiplies `scale`, the script's `N`.
pub fn table(script: &str, scale: u32) -> Vec<Vec<String>> {
    let factor = std::env::var("HOGNOSE_ORACLE_SCALE").map_or(1, |s| s.parse().unwrap());
    let script =
        std::format!("import sys\nsys.set_int_max_str_digits(0)\nN = {}\n{script}", scale * factor);
    let Ok(output) = Command::new("python3").arg("-c").arg(script).output() else {
        return Vec::new();
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').map(String::from).collect()).collect()
}
