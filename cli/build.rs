//! How the program is linked; with the feature `packed`, where the base firmware lies that
//! goes into it.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    link();
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

/// A program at a fixed address, with what it needs of the compiler's library inside: a
/// loader that has 17,000 pointers to adjust and a library more to look for takes longer
/// than an empty script.
fn link() {
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|v| v == value);
    if is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && is("CARGO_CFG_TARGET_ARCH", "x86_64")
    {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        if let Some(folder) = unwinder() {
            println!("cargo::rustc-link-search=native={folder}");
            println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
        }
    }
}

/// Where the C compiler's library for unwinding is that becomes a part of programs.
fn unwinder() -> Option<String> {
    const NAME: &str = "libgcc_eh.a";
    let linker = std::env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let said = Command::new(linker).arg(format!("-print-file-name={NAME}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(said.stdout).ok()?.trim());
    path.is_absolute().then(|| path.parent()?.to_str().map(str::to_owned))?
}
