//! The services of an ordinary operating system for the runtime.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use hognose_compiler as compiler;
use hognose_compiler::diag::Code;
use hognose_runtime::port::{CodeMemory, CompileError, CompileMode, Files, PathKind, Port};
use hognose_runtime::vm::Executing;
use mpy_format::romfs::RomFs;

/// Standard streams, files, clocks and the compiler.
pub struct HostPort {
    start: Instant,
    files: crate::files::HostFiles,
    options: compiler::Options,
    code: crate::code::HostCode,
    /// Files read and compiled, which code refers to as long as the world lives.
    kept: RefCell<Vec<Box<[u8]>>>,
    executable: Vec<u8>,
    /// Of a text that is not Python, say no more than MicroPython does.
    terse: bool,
    /// Standard input is a terminal.
    typed: bool,
    pub(crate) profile: RefCell<crate::profile::Profile>,
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(if bytes.is_empty() { b"." } else { bytes }))
}

impl HostPort {
    /// A port that compiles with these options, and sees the ROMFS image `rom` as `/rom`;
    /// bytes that are none are ignored.
    pub fn with_rom(options: compiler::Options, rom: &[u8]) -> HostPort {
        let mut port = HostPort::new(options);
        if RomFs::new(rom).is_some()
            && let Some(rom) = RomFs::new(port.keep(rom.to_vec()))
        {
            port.files = crate::files::HostFiles::with_rom(rom);
        }
        port
    }

    /// A port that compiles with these options.
    pub fn new(options: compiler::Options) -> HostPort {
        let executable = std::env::current_exe().unwrap_or_default();
        HostPort {
            start: Instant::now(),
            files: crate::files::HostFiles::default(),
            options,
            code: Default::default(),
            kept: RefCell::default(),
            executable: executable.into_os_string().into_encoded_bytes(),
            terse: false,
            typed: std::io::stdin().is_terminal(),
            profile: RefCell::default(),
        }
    }

    /// The same with errors in syntax worded as MicroPython words them.
    pub fn terse(self, terse: bool) -> HostPort {
        HostPort { terse, ..self }
    }

    fn keep(&self, data: Vec<u8>) -> &'static [u8] {
        let data = data.into_boxed_slice();
        let slice = core::ptr::from_ref::<[u8]>(&data);
        self.kept.borrow_mut().push(data);
        // SAFETY: the box is neither changed nor dropped before the port, and the port
        // outlives every world that is made with it.
        #[allow(unsafe_code)]
        unsafe {
            &*slice
        }
    }
}

impl Port for HostPort {
    fn stdout(&self, text: &[u8]) {
        // A closed pipe ends the output, not the program.
        let _ = std::io::stdout().write_all(text).and_then(|()| std::io::stdout().flush());
    }

    fn executed(&self, at: Executing<'_>) {
        self.profile.borrow_mut().count(at);
    }

    fn stderr(&self, text: &[u8]) {
        let _ = std::io::stderr().write_all(text);
    }

    fn stdin(&self, to: &mut [u8]) -> usize {
        loop {
            let read =
                if self.typed { crate::terminal::read(to) } else { std::io::stdin().read(to) };
            match read {
                Ok(n) => return n,
                Err(e) if e.kind() == ErrorKind::Interrupted && !crate::interrupt::pending() => {}
                Err(_) => return 0,
            }
        }
    }

    fn ticks_us(&self) -> u64 {
        self.start.elapsed().as_micros() as u64
    }

    fn ticks_cpu(&self) -> u64 {
        self.start.elapsed().as_nanos() as u64
    }

    fn time_ns(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64)
    }

    fn sleep_us(&self, us: u64) {
        crate::interrupt::sleep(us);
    }

    fn entropy(&self) -> u64 {
        let mut bytes = [0; 8];
        match std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes)) {
            Ok(()) => u64::from_ne_bytes(bytes),
            Err(_) => self.time_ns(),
        }
    }

    fn stat(&self, name: &[u8]) -> PathKind {
        if let Some(kind) = self.files.rom_kind(name) {
            return kind;
        }
        match std::fs::metadata(path(name)) {
            Ok(m) if m.is_dir() => PathKind::Directory,
            Ok(_) => PathKind::File,
            Err(_) => PathKind::Nothing,
        }
    }

    fn map_file(&self, name: &[u8]) -> Result<&'static [u8], i32> {
        if let Some(file) = self.files.rom_file(name) {
            return file;
        }
        match std::fs::read(path(name)) {
            Ok(data) => Ok(self.keep(data)),
            Err(e) => Err(e.raw_os_error().unwrap_or(libc::EIO)),
        }
    }

    fn compile(
        &self,
        source: &[u8],
        file: &[u8],
        mode: CompileMode,
        opt_level: u8,
        done: &mut dyn FnMut(Result<&[u8], CompileError<'_>>),
    ) {
        let options = compiler::Options {
            source_name: String::from_utf8_lossy(file).into_owned(),
            input: match mode {
                CompileMode::Exec => compiler::Input::Exec,
                CompileMode::Eval => compiler::Input::Eval,
                CompileMode::Single => compiler::Input::Single,
            },
            opt_level,
            ..self.options.clone()
        };
        match compiler::compile(source, &options) {
            Ok(compiled) => done(Ok(&mpy_format::write(&compiled.module))),
            Err(reports) => {
                let report = reports.iter().find(|r| r.is_error()).or(reports.first());
                let lines = compiler::diag::LineTable::new(source);
                done(Err(CompileError {
                    text: report
                        .map_or("invalid syntax", |r| match r.code {
                            // Those of f-strings are worded so already.
                            Code::Syntax if self.terse && !r.message.starts_with("malformed") => {
                                "invalid syntax"
                            }
                            Code::InvalidString if self.terse && is_open(&r.message) => {
                                "invalid syntax"
                            }
                            Code::Indentation if self.terse => indentation(&r.message),
                            _ => &r.message,
                        })
                        .as_bytes(),
                    line: report.map_or(1, |r| lines.line(r.span.start)),
                    indentation: report.is_some_and(|r| r.code == Code::Indentation),
                    limit: report.is_some_and(|r| matches!(r.code, Code::Limit | Code::TooDeep)),
                }));
            }
        }
    }

    fn platform(&self) -> &'static str {
        std::env::consts::OS
    }

    fn executable(&self) -> &[u8] {
        &self.executable
    }

    fn local_time(&self, seconds: i64) -> (i64, bool) {
        crate::zone::local_time(seconds)
    }

    fn universal_time(&self, shown: i64, daylight: Option<bool>) -> Option<i64> {
        crate::zone::universal_time(shown, daylight)
    }

    fn environment(&self, name: &[u8], found: &mut dyn FnMut(&[u8])) {
        if let Some(value) = std::env::var_os(OsStr::from_bytes(name)) {
            found(value.as_bytes());
        }
    }

    fn set_environment(&self, name: &[u8], value: Option<&[u8]>) -> Result<(), i32> {
        let bad = |text: &[u8]| text.contains(&0);
        if name.is_empty() || bad(name) || name.contains(&b'=') || value.is_some_and(bad) {
            return Err(libc::EINVAL);
        }
        set_variable(OsStr::from_bytes(name), value.map(OsStr::from_bytes));
        Ok(())
    }

    fn system(&self, command: &[u8]) -> Result<i32, i32> {
        let mut shell = std::process::Command::new("sh");
        match shell.arg("-c").arg(OsStr::from_bytes(command)).status() {
            Ok(s) => Ok(std::os::unix::process::ExitStatusExt::into_raw(s)),
            Err(e) => Err(e.raw_os_error().unwrap_or(libc::EIO)),
        }
    }

    fn code_memory(&self) -> Option<&dyn CodeMemory> {
        Some(&self.code)
    }

    fn files(&self) -> Option<&dyn Files> {
        Some(&self.files)
    }
}

/// Whether a string without an end is what is wrong.
fn is_open(message: &str) -> bool {
    message.starts_with("missing closing quote")
}

/// MicroPython's words for wrong indentation.
fn indentation(ours: &str) -> &'static str {
    match ours.starts_with("unindent") {
        true => "unindent doesn't match any outer indent level",
        false => "unexpected indent",
    }
}

#[allow(unsafe_code)]
fn set_variable(name: &OsStr, value: Option<&OsStr>) {
    // SAFETY: no other thread reads the environment: a program runs on one, and the
    // compiler's do not.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, value),
            None => std::env::remove_var(name),
        }
    }
}
