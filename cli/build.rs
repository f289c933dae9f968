//! With the feature `packed`: where the base firmware lies that goes into the program.

use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-env-changed=HOGNOSE_FIRMWARE_PACK");
    if std::env::var_os("CARGO_FEATURE_PACKED").is_none() {
        return;
    }
    let made = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/firmware.pack");
    let pack = std::env::var_os("HOGNOSE_FIRMWARE_PACK").map_or_else(made, PathBuf::from);
    if !pack.is_file() {
        println!("cargo::error={} is not there: run 'cargo xtask firmware' first", pack.display());
        return;
    }
    println!("cargo::rerun-if-changed={}", pack.display());
    println!("cargo::rustc-env=HOGNOSE_FIRMWARE_PACK={}", pack.display());
}
