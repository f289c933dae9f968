//! The fuzz targets' bodies, for a second each (`HOGNOSE_FUZZ_SECONDS` for longer), on
//! mutated seeds: the one in this project, and files of the directory that
//! `HOGNOSE_MPY_CORPUS` names.

#[path = "../../testsuite/fuzz/bodies/mpy.rs"]
mod mpy;
#[path = "../../testsuite/fuzz/bodies/rng.rs"]
mod rng;
#[path = "../../testsuite/fuzz/bodies/walk.rs"]
mod walk;

use rng::Rng;
use std::time::{Duration, Instant};

const SEED: &[u8] = include_bytes!("../../testsuite/fuzz/seeds/blocks.mpy");

/// Runs a body on a seed mutated more and more, starting over now and then.
fn for_a_second(own: &[&[u8]], body: fn(&[u8])) {
    let seconds = std::env::var("HOGNOSE_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let mut seeds: Vec<Vec<u8>> = own.iter().map(|s| s.to_vec()).collect();
    if let Some(dir) = std::env::var_os("HOGNOSE_MPY_CORPUS") {
        let files = std::fs::read_dir(dir).expect("HOGNOSE_MPY_CORPUS is a directory");
        seeds.extend(
            files.filter_map(|f| std::fs::read(f.ok()?.path()).ok()).filter(|f| f.len() < 3000),
        );
    }
    let start = Instant::now();
    let mut rng = Rng::new(seeds.len() as u64);
    while start.elapsed() < Duration::from_secs(seconds.unwrap_or(1)) {
        let mut data = seeds[rng.below(seeds.len())].clone();
        for _ in 0..=rng.below(6) {
            body(&data);
            rng.mutate(&mut data);
        }
    }
}

#[test]
fn any_bytes() {
    for_a_second(&[SEED, b"M\x06\0\x1f\x01\0\x0fc\x60\x08\x02\x01\x51c"], mpy::any_bytes);
}

#[test]
fn changed_code() {
    for_a_second(&[SEED], mpy::changed_code);
}

#[test]
fn identity() {
    for_a_second(&[SEED, &SEED[SEED.len() / 2..]], mpy::identity);
}

#[test]
fn constants() {
    let nested = b"M\x06\0\x1f\0\x01\x0a\x03\x05\x02ab\0\x0a\x01\x04\x07\x02-9";
    for_a_second(&[nested], mpy::constants);
}
