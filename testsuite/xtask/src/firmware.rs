//! `cargo xtask firmware`: base firmware for every board and level.
//!
//! Output: `target/firmware/BOARD/{board.toml,LEVEL.elf}`, a folder that the CLI reads,
//! and `target/firmware.pack`, all that is in the folder as one file (its form is told
//! where the CLI reads it). The bytes depend on the sources and the compiler only: paths
//! are remapped and symbols carry no time or place.

use crate::linker;
use hognose_boards::{Board, Level};
use hognose_testsuite::engine::{ENGINES, Vm};
use mpy_format::romfs::{Tree, write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

#[derive(clap::Args)]
pub struct Args {
    /// BOARD or BOARD:LEVEL, all of them if none is given
    wanted: Vec<String>,
}

impl Args {
    /// These, each `BOARD` or `BOARD:LEVEL`.
    pub fn of(wanted: Vec<String>) -> Args {
        Args { wanted }
    }
}

/// The firmware that tests run on, if this machine can build it and run it: `None` says
/// why not.
///
/// # Errors
/// What does not build.
pub fn for_tests() -> Result<Option<String>, String> {
    let engines = ENGINES.iter().filter_map(|engine| match engine.vm {
        Vm::Board(board) => Some(board),
        _ => None,
    });
    let boards = Board::read_all(&root().join("targets/boards")).map_err(|e| e.to_string())?;
    for board in &boards {
        if let Err(why) = Toolchain::find(&board.rust_target) {
            return Ok(Some(why));
        }
    }
    let mut wanted = Vec::new();
    for board in engines {
        if let Some(why) = board.no_qemu() {
            return Ok(Some(why));
        }
        let one = format!("{}:{}", board.name, board.level.name());
        if !wanted.contains(&one) {
            wanted.push(one);
        }
    }
    task(&Args { wanted })?;
    template()?;
    Ok(None)
}

/// The project's top folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

pub fn task(args: &Args) -> Result<(), String> {
    let folder = root().join("targets/boards");
    let boards = Board::read_all(&folder).map_err(|e| e.to_string())?;
    let jobs = select(&boards, &args.wanted)?;
    for (board, level) in jobs {
        let elf = build(&folder, board, level)?;
        let out = root().join("target/firmware").join(&board.name);
        std::fs::create_dir_all(&out).map_err(|e| format!("{}: {e}", out.display()))?;
        copy(&elf, &out.join(format!("{level}.elf")))?;
        copy(&folder.join(&board.name).join("board.toml"), &out.join("board.toml"))?;
        println!("{} {level}", board.name);
    }
    let pack = pack(&root().join("target/firmware"))?;
    let path = root().join("target/firmware.pack");
    std::fs::write(&path, &pack).map_err(|e| format!("{}: {e}", path.display()))?;
    println!("{}: {} bytes", path.display(), pack.len());
    Ok(())
}

/// Everything in `folder`, ELF files compressed.
fn pack(folder: &Path) -> Result<Vec<u8>, String> {
    const LEVEL: u8 = 9;
    let told = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    let list = |path: &Path| {
        let entries = std::fs::read_dir(path).map_err(|e| told(path, e))?;
        let mut names: Vec<String> =
            entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect();
        names.sort();
        Ok::<_, String>(names)
    };
    let mut boards = Vec::new();
    for board in list(folder)? {
        let inside = folder.join(&board);
        let mut files = Vec::new();
        for name in list(&inside)? {
            let path = inside.join(&name);
            let data = std::fs::read(&path).map_err(|e| told(&path, e))?;
            files.push(match name.ends_with(".elf") {
                true => {
                    let packed = miniz_oxide::deflate::compress_to_vec_zlib(&data, LEVEL);
                    (format!("{name}.z").into_bytes(), Tree::File(packed))
                }
                false => (name.into_bytes(), Tree::File(data)),
            });
        }
        boards.push((board.into_bytes(), Tree::Directory(files)));
    }
    Ok(write(&boards))
}

fn select<'a>(boards: &'a [Board], wanted: &[String]) -> Result<Vec<(&'a Board, Level)>, String> {
    let all = boards.iter().flat_map(|b| b.levels.iter().map(move |l| (b, *l)));
    if wanted.is_empty() {
        return Ok(all.collect());
    }
    let mut jobs = Vec::new();
    for want in wanted {
        let (name, level) = want.split_once(':').unwrap_or((want, ""));
        let before = jobs.len();
        let fits =
            |(b, l): &(&Board, Level)| b.name == name && (level.is_empty() || l.name() == level);
        jobs.extend(all.clone().filter(fits));
        if jobs.len() == before {
            return Err(format!("no board and level '{want}'"));
        }
    }
    Ok(jobs)
}

/// The board to start from is no target, but it has to build.
fn template() -> Result<(), String> {
    let folder = root().join("targets/template");
    let board = Board::read(&folder.join("board.toml")).map_err(|e| e.to_string())?;
    build(&folder, &board, Level::Minimal).map(|_| ())
}

/// Builds a board as it is described, which may be other than its file says, to one file.
pub fn build_to(board: &Board, level: Level, out: &Path) -> Result<(), String> {
    let elf = build(&root().join("targets/boards"), board, level)?;
    let folder = out.parent().unwrap_or(out);
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    copy(&elf, out)
}

fn build(folder: &Path, board: &Board, level: Level) -> Result<PathBuf, String> {
    let toolchain = Toolchain::find(&board.rust_target)?;
    let root = root();
    let target_dir = root.join("target/boards");
    let mut cargo = toolchain.cargo(&root);
    cargo.current_dir(folder);
    cargo.args(["build", "--release", "--quiet", "--package", &board.name]);
    cargo.args(["--features", level.name(), "--target"]).arg(toolchain.target()?);
    cargo.env("CARGO_TARGET_DIR", &target_dir);
    let status = cargo.status().map_err(|e| format!("{}: {e}", toolchain.cargo.display()))?;
    if !status.success() {
        return Err(format!("{} {level}: cargo failed", board.name));
    }
    Ok(target_dir.join(&board.rust_target).join("release").join(&board.name))
}

/// A Rust compiler that can build for a bare-metal target.
pub struct Toolchain {
    rustc: PathBuf,
    cargo: PathBuf,
    linker: PathBuf,
    sysroot: PathBuf,
    target: String,
    /// The target has no ready-made `core`; it is built from source with the program.
    source_built: bool,
}

impl Toolchain {
    /// The first compiler that has the standard library's source, which makes firmware
    /// smaller by a tenth, else the first that has `target` installed. `RUSTC` names a
    /// compiler to try before the others.
    pub fn find(target: &str) -> Result<Toolchain, String> {
        let mut compilers: Vec<PathBuf> =
            std::env::var_os("RUSTC").map(PathBuf::from).into_iter().collect();
        compilers.extend(["rustc", "/usr/bin/rustc"].map(PathBuf::from));
        let sysroots: Vec<(PathBuf, PathBuf)> = compilers
            .into_iter()
            .filter_map(|rustc| Some((print(&rustc, "sysroot")?, rustc)))
            .map(|(sysroot, rustc)| (rustc, sysroot))
            .collect();
        let linker =
            sysroots.iter().find_map(|(_, s)| find_linker(s)).ok_or("no rust-lld found")?;
        let ready = |s: &Path| s.join("lib/rustlib").join(target).join("lib").is_dir();
        let source = |s: &Path| s.join("lib/rustlib/src/rust/library").is_dir();
        let chosen = sysroots.iter().find(|(_, s)| source(s));
        let source_built = chosen.is_some();
        let chosen = chosen.or_else(|| sysroots.iter().find(|(_, s)| ready(s)));
        let Some((rustc, sysroot)) = chosen else {
            return Err(format!(
                "no compiler for {target}: 'rustup target add {target}' or install the standard library's source"
            ));
        };
        let beside = sysroot.join("bin/cargo");
        let cargo = if beside.is_file() { beside } else { PathBuf::from("cargo") };
        Ok(Toolchain {
            rustc: rustc.clone(),
            cargo,
            linker,
            sysroot: sysroot.clone(),
            target: target.to_owned(),
            source_built,
        })
    }

    /// What cargo's `--target` takes. Where everything is built from source, it is the
    /// target's description but for frame pointers, which the Arm targets keep and
    /// nothing here follows: they take a register and two instructions a function.
    pub fn target(&self) -> Result<PathBuf, String> {
        if !self.source_built {
            return Ok(PathBuf::from(&self.target));
        }
        let output = Command::new(&self.rustc)
            .args(["-Zunstable-options", "--print", "target-spec-json", "--target", &self.target])
            .env("RUSTC_BOOTSTRAP", "1")
            .output()
            .map_err(|e| format!("{}: {e}", self.rustc.display()))?;
        let spec = String::from_utf8_lossy(&output.stdout)
            .replace("\"frame-pointer\": \"always\"", "\"frame-pointer\": \"may-omit\"");
        let folder = root().join("target/specs");
        let path = folder.join(format!("{}.json", self.target));
        // Unchanged, so that what was built with it stays fresh.
        if std::fs::read_to_string(&path).ok().as_deref() != Some(&spec) {
            std::fs::create_dir_all(&folder)
                .and_then(|()| std::fs::write(&path, spec))
                .map_err(|e| format!("{}: {e}", path.display()))?;
        }
        Ok(path)
    }

    /// The cargo that goes with it, told to use it.
    pub fn cargo(&self, root: &Path) -> Command {
        let mut cargo = Command::new(&self.cargo);
        cargo.env(linker::VARIABLE, &self.linker);
        cargo.env("RUSTC", &self.rustc).env("RUSTFLAGS", self.flags(root));
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS");
        if self.source_built {
            cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_UNSTABLE_BUILD_STD", "core");
            cargo.env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
            cargo.env("CARGO_UNSTABLE_JSON_TARGET_SPEC", "true");
        }
        cargo
    }

    fn flags(&self, root: &Path) -> String {
        let mut flags = vec![format!("-Clinker={}", own_name(root).display())];
        flags.push(format!("--remap-path-prefix={}=hognose", root.display()));
        flags.push(format!("--remap-path-prefix={}=rust", self.sysroot.display()));
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| std::env::home_dir().map(|h| h.join(".cargo")));
        if let Some(home) = home {
            flags.push(format!("--remap-path-prefix={}=cargo", home.display()));
        }
        if self.source_built {
            flags.push("-Zunstable-options -Cpanic=immediate-abort".into());
        }
        flags.join(" ")
    }
}

fn print(rustc: &Path, what: &str) -> Option<PathBuf> {
    let output = Command::new(rustc).args(["--print", what]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}

/// A name of this program, which calls the linker, that stays while the program itself is
/// built again.
fn own_name(root: &Path) -> PathBuf {
    static NAME: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let own = std::env::current_exe().unwrap_or_default();
        let name = root.join("target/linker");
        let new = root.join(format!("target/linker-{}", std::process::id()));
        let linked = std::fs::hard_link(&own, &new).and_then(|()| std::fs::rename(&new, &name));
        // Two names of one file are left as they are.
        let _ = std::fs::remove_file(&new);
        if linked.is_ok() { name } else { own }
    };
    NAME.get_or_init(make).clone()
}

fn find_linker(sysroot: &Path) -> Option<PathBuf> {
    let hosts = std::fs::read_dir(sysroot.join("lib/rustlib")).ok()?;
    hosts.flatten().map(|host| host.path().join("bin/rust-lld")).find(|path| path.is_file())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to).map(|_| ()).map_err(|e| format!("{}: {e}", from.display()))
}
