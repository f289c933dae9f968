//! What is tested on boards beside the corpus: firmware in Rust with Python in it, and a
//! command line that has the base firmware inside.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use hognose_boards::Board;
use hognose_testsuite::engine::board::firmware_dir;
use hognose_testsuite::process::{self, End};
use hognose_testsuite::{target_dir, text, workspace_root};

use crate::firmware::Toolchain;

const LIMIT: Duration = Duration::from_secs(60);
/// The board that `examples/rust-firmware` is written for.
const BOARD: &str = "mps2-an385";

/// A check and its name.
pub type Check = (&'static str, fn() -> Result<(), String>);

/// All of them; base firmware has been built.
pub const CHECKS: &[Check] =
    &[("examples/rust-firmware", rust_firmware), ("firmware inside the program", packed)];

fn output(command: &mut Command) -> Result<String, String> {
    let done = process::run(command, b"", LIMIT).map_err(|e| e.to_string())?;
    let said = text::normalise(&done.stdout);
    match done.end {
        End::Exit(0) => Ok(said),
        end => Err(format!("{end:?}: {said}{}", text::normalise(&done.stderr))),
    }
}

fn expect(said: &str, wanted: &str) -> Result<(), String> {
    if said == wanted { Ok(()) } else { Err(format!("printed {said:?}, not {wanted:?}")) }
}

/// Builds the example as its page says, and starts it.
fn rust_firmware() -> Result<(), String> {
    let root = workspace_root();
    let board = Board::read(&root.join("targets/boards").join(BOARD).join("board.toml"))
        .map_err(|e| e.to_string())?;
    let toolchain = Toolchain::find(&board.rust_target)?;
    let target = target_dir().join("rust-firmware");
    let mut cargo = toolchain.cargo(&root);
    cargo.args(["build", "--release", "--quiet", "--target"]).arg(toolchain.target()?);
    cargo.current_dir(root.join("examples/rust-firmware"));
    cargo.env("CARGO_TARGET_DIR", &target).env("HOGNOSE_FIRMWARE", firmware_dir());
    cargo.env("HOGNOSE", program());
    let status = cargo.status().map_err(|e| e.to_string())?;
    if !status.success() {
        return Err("cargo failed".into());
    }
    let elf = target.join(&board.rust_target).join("release/rust-firmware");
    let qemu = board.qemu.ok_or("the board is not for QEMU")?;
    let (qemu, args) = qemu.command(&elf);
    let said = output(Command::new(qemu).args(args))?;
    expect(&said, EXAMPLE_SAYS)
}

/// What the example's Python prints.
const EXAMPLE_SAYS: &str = "hello, Rust (1, 2, 3, 'in flash', 1.5) 14\n";

/// The command line of the debug build, which the corpus uses too.
fn program() -> PathBuf {
    target_dir().join("debug/hognose")
}

/// A program with all base firmware inside, far from the folder that it was built in.
fn packed() -> Result<(), String> {
    let root = workspace_root();
    let build = |features: &[&str]| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet", "--workspace", "--bin", "hognose"]).args(features);
        cargo.env("HOGNOSE_FIRMWARE_PACK", target_dir().join("firmware.pack")).current_dir(&root);
        match cargo.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("cargo: {status}")),
            Err(e) => Err(e.to_string()),
        }
    };
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let alone = folder.path().join("hognose");
    build(&["--features", "hognose/packed"])?;
    let copied = std::fs::copy(program(), &alone).map_err(|e| e.to_string());
    // The other one again, for whoever comes next.
    build(&[])?;
    copied?;
    let write = |name: &str, data: &str| {
        std::fs::write(folder.path().join(name), data).map_err(|e| e.to_string())
    };
    write("app.py", "print('from inside')\n")?;
    let said = output(run_alone(&alone, folder.path()).args(["run", "--target", BOARD, "app.py"]))?;
    expect(&said, "from inside\n")
}

fn run_alone(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_remove("HOGNOSE_FIRMWARE");
    command
}
