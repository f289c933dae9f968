//! Programs that run out of memory, at one allocation after the other.
//!
//! A case is run as it is, then with allocation N failing, alone and with all that
//! follow, for N over a spread. However that ends, it must be an end: no crash, no hang.
//! Where the program catches nothing, it must be MemoryError, or what was printed anyway.

use std::time::Duration;

use super::Outcome;
use super::host::Host;
use crate::case::Case;

/// The last N tried at most; each is about 1.6 times the one before.
const LAST: u64 = 20_000;
/// From here on a program that does not notice is taken to be done allocating.
const ENOUGH: u64 = 500;

/// What the case prints with memory enough, if it ends well without.
pub fn run(host: &Host, case: &Case, limit: Duration) -> Outcome {
    let Outcome::Text(normal) = host.run_source(case, &[], limit) else {
        return host.run_source(case, &[], limit);
    };
    let catches = std::fs::read_to_string(&case.main)
        .is_ok_and(|source| ["except", "finally", "with "].iter().any(|w| source.contains(w)));
    let (mut n, mut next) = (0, 1);
    while n < LAST {
        let mut noticed = false;
        for mode in ["fail-at", "fail-after"] {
            let option = format!("{mode}={n}");
            match host.run_source(case, &[&option], limit) {
                Outcome::Text(text) if text == normal => {}
                Outcome::Text(text) if catches || ends_well(&text, &normal) => noticed = true,
                Outcome::Text(text) => return Outcome::Crash(format!("{option}\n{text}")),
                Outcome::Crash(text) => return Outcome::Crash(format!("{option}\n{text}")),
                Outcome::Timeout => return Outcome::Crash(format!("{option} hangs")),
                other => return other,
            }
        }
        if !noticed && n > ENOUGH {
            break;
        }
        (n, next) = (next, n + next);
    }
    Outcome::Text(normal)
}

/// MemoryError, maybe behind a line begun; or the exception that ends the program anyway,
/// whose traceback takes memory.
fn ends_well(text: &str, normal: &str) -> bool {
    let last = text.lines().last();
    last.is_some_and(|line| line.contains("MemoryError")) || last == normal.lines().last()
}
