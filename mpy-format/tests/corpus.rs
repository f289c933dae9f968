//! Files that another compiler made, named by the environment variable
//! `HOGNOSE_MPY_CORPUS` (a directory): they must be read, and written back
//! unchanged. Without the variable only the file in this source is checked.

use mpy_format::Module;
use std::path::PathBuf;

/// What MicroPython 1.29 emits for `print("hi", 10**12)`, source name `a.py`.
const SAMPLE: &[u8] = b"M\x06\0\x1f\x04\x01\x08a.py\0\x0f\x04hi\0\x81\x77\x07\r1000000000000\
    \x70\x10\x02\x01\x11\x03\x10\x02\x23\0\x34\x02YQc";

fn corpus() -> Vec<PathBuf> {
    let Some(dir) = std::env::var_os("HOGNOSE_MPY_CORPUS") else { return Vec::new() };
    let entries = std::fs::read_dir(&dir).expect("HOGNOSE_MPY_CORPUS is a directory");
    let mut files: Vec<_> = entries.map(|e| e.expect("readable").path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "mpy"));
    files.sort();
    files
}

#[test]
fn files_are_written_back_unchanged() {
    let module = Module::parse(SAMPLE).expect("the sample is valid");
    assert_eq!(mpy_format::write(&module), SAMPLE);
    let mut failures = Vec::new();
    let files = corpus();
    for path in &files {
        let data = std::fs::read(path).expect("readable");
        match Module::parse(&data) {
            Ok(module) if mpy_format::write(&module) == data => {}
            Ok(_) => failures.push(format!("{}: written differently", path.display())),
            Err(error) => failures.push(format!("{}: {error}", path.display())),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        files.len(),
        failures[..failures.len().min(400)].join("\n")
    );
}

#[test]
fn a_listing_names_everything() {
    let module = Module::parse(SAMPLE).expect("the sample is valid");
    let text = mpy_format::dis(&module, &|_, _| None);
    assert_eq!(
        text,
        "module a.py: 49 bytes, small integers of 31 bits\n\
         const 0: int 1000000000000\n\
         \n\
         <module>: 14 bytes, 11 of them code\n\
         \x20 state 3, blocks 0\n\
         \x20     0  11 03       LOAD_NAME print\n\
         \x20     2  10 02       LOAD_CONST_STRING \"hi\"\n\
         \x20     4  23 00       LOAD_CONST_OBJ int 1000000000000\n\
         \x20     6  34 02       CALL_FUNCTION 2 positional, 0 keyword\n\
         \x20     8  59          POP_TOP\n\
         \x20     9  51          LOAD_CONST_NONE\n\
         \x20    10  63          RETURN_VALUE\n"
    );
}

#[test]
fn files_are_accepted_by_the_verifier() {
    let mut scratch = vec![0; 1 << 16];
    mpy_format::verify(SAMPLE, &mut scratch).expect("the sample is valid");
    let mut failures = Vec::new();
    let files = corpus();
    let mut small = 0;
    for path in &files {
        let data = std::fs::read(path).expect("readable");
        if let Err(error) = mpy_format::verify(&data, &mut scratch) {
            failures.push(format!("{}: {error}", path.display()));
        }
        small += usize::from(
            mpy_format::verify(&data, &mut scratch[..mpy_format::verify::SCRATCH_BYTES]).is_ok(),
        );
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        files.len(),
        failures[..failures.len().min(400)].join("\n")
    );
    println!("{small} of {} within SCRATCH_BYTES", files.len());
}
