//! The fuzz targets that load `.mpy` files, and run those of bytecode, for a second
//! (`HOGNOSE_FUZZ_SECONDS` for longer), on mutated files compiled from the corpus.

#[path = "../../../testsuite/fuzz/bodies/machine.rs"]
mod machine;
#[path = "../../../testsuite/fuzz/bodies/mpy.rs"]
#[allow(dead_code)]
mod mpy;
#[path = "../../../testsuite/fuzz/bodies/rng.rs"]
mod rng;
#[path = "../../../testsuite/fuzz/bodies/run.rs"]
mod run;
#[path = "../../../testsuite/fuzz/bodies/walk.rs"]
#[allow(dead_code)]
mod walk;

use std::path::Path;
use std::time::{Duration, Instant};

use hognose_compiler::{Options, compile};
use mpy_format::Arch;
use rng::Rng;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The programs of the corpus, compiled.
fn seeds(folder: &Path, options: &Options, to: &mut Vec<Vec<u8>>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus is there")
        .flatten()
        .map(|e| e.path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            seeds(&path, options, to);
        } else if path.extension().is_some_and(|e| e == "py") {
            let mut source = std::fs::read_to_string(&path).expect("the corpus can be read");
            if options.arch != Arch::None {
                // Its body has to be code, which `marshal` loads; its functions not.
                source = source.replace("\ndef ", "\n@micropython.native\ndef ");
            }
            if let Ok(compiled) = compile(source.as_bytes(), options) {
                to.push(mpy_format::write(&compiled.module));
            }
        }
    }
}

#[test]
fn any_module() {
    for_a_while("", &Options::default(), &run::any_module);
}

#[test]
fn any_machine_code() {
    let options = Options { arch: Arch::X64, ..Options::default() };
    for_a_while("generator", &options, &machine::any_machine_code);
    if cfg!(target_arch = "x86_64") {
        let source = b"@micropython.native\ndef f(a):\n    yield a\n";
        let compiled = compile(source, &options).expect("it compiles");
        let data = mpy_format::write(&compiled.module);
        assert!(machine::load(&data, false, hognose_runtime::heap::Failing::Never));
    }
}

/// Runs a body on files from a folder of the corpus.
fn for_a_while(folder: &str, options: &Options, body: &dyn Fn(&[u8])) {
    let mut all = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testsuite/cases").join(folder);
    seeds(&root, options, &mut all);
    assert!(all.len() > 5);
    let seconds = Duration::from_secs(number("HOGNOSE_FUZZ_SECONDS").unwrap_or(1));
    let mut rng = Rng::new(number("HOGNOSE_FUZZ_SEED").unwrap_or(1));
    let (start, mut runs) = (Instant::now(), 0u64);
    while start.elapsed() < seconds {
        let mut data = all[rng.below(all.len())].clone();
        for _ in 0..=rng.below(3) {
            if let Some(keep) = std::env::var_os("HOGNOSE_FUZZ_KEEP") {
                // What is being run, for whoever looks into a crash.
                std::fs::write(keep, &data).expect("HOGNOSE_FUZZ_KEEP can be written");
            }
            body(&data);
            runs += 1;
            rng.mutate(&mut data);
        }
    }
    println!("{runs} files");
}
