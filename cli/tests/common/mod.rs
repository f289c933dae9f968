//! Real invocations of the program in a folder of their own.

#![allow(dead_code)]

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub const HOGNOSE: &str = env!("CARGO_BIN_EXE_hognose");

/// A folder that is removed at the end.
pub struct Folder(tempfile::TempDir);

/// What a program said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: Vec<u8>,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        let code = output.status.code().expect("ended by itself");
        Said { code, out: output.stdout, err: String::from_utf8_lossy(&output.stderr).into_owned() }
    }
}

impl Said {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }
}

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, with the folders that lead to it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("can create");
        std::fs::write(path, content).expect("can write");
    }

    /// Writes a hundred modules of twenty functions each and `many.py`, which imports them all;
    /// gives what that prints.
    pub fn write_hundred_modules(&self) -> String {
        let (mut main, mut printed) = (String::new(), String::new());
        for n in 0..100 {
            let body: String = (0..20)
                .map(|f| format!("def work_{n}_{f}(a, b=2):\n    for i in range(a):\n        b += i * {f}\n    return [b, 'text {n} {f}', (1, 2, {f})]\n\n"))
                .collect();
            self.write(&format!("module_{n}.py"), format!("LIMIT = {n}\n{body}"));
            main += &format!("import module_{n}\nprint(module_{n}.work_{n}_3(4))\n");
            printed += &format!("[20, 'text {n} 3', (1, 2, 3)]\n");
        }
        self.write("many.py", main);
        printed
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// Names of all files directly in the folder, sorted.
    pub fn list(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("readable");
        let mut names: Vec<_> = entries
            .map(|e| e.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(HOGNOSE);
        command.args(args).current_dir(self.0.path()).env("NO_COLOR", "1");
        command
    }

    /// Runs `hognose` here.
    pub fn run(&self, args: &[&str]) -> Said {
        self.command(args).stdin(Stdio::null()).output().expect("can run").into()
    }

    /// Runs `hognose` here with something on standard input.
    pub fn run_with_input(&self, args: &[&str], input: &[u8]) -> Said {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("can run");
        child.stdin.take().expect("piped").write_all(input).expect("it reads");
        child.wait_with_output().expect("it ends").into()
    }

    /// Runs the program under another name.
    pub fn run_as(&self, name: &str, args: &[impl AsRef<OsStr>]) -> Said {
        let link = self.path(name);
        if !link.exists() {
            std::fs::hard_link(HOGNOSE, &link)
                .or_else(|_| std::fs::copy(HOGNOSE, &link).map(|_| ()))
                .expect("can link");
        }
        let mut command = Command::new(link);
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command.output().expect("can run").into()
    }
}
