//! The services of an ordinary operating system for the runtime.

use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hognose_compiler as compiler;
use hognose_runtime::port::{CompileError, CompileMode, Compiled, Files, PathKind, Port};

/// Standard streams, files, clocks and the compiler.
pub struct HostPort {
    start: Instant,
    files: crate::files::HostFiles,
    options: compiler::Options,
    /// Files read and compiled, which code refers to as long as the world lives.
    kept: RefCell<Vec<Box<[u8]>>>,
    /// The last error of the compiler.
    error: RefCell<String>,
    opt_level: Cell<u8>,
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(if bytes.is_empty() { b"." } else { bytes }))
}

impl HostPort {
    /// A port that compiles with these options.
    pub fn new(options: compiler::Options) -> HostPort {
        let opt_level = Cell::new(options.opt_level);
        HostPort {
            start: Instant::now(),
            files: crate::files::HostFiles::default(),
            options,
            kept: RefCell::default(),
            error: RefCell::default(),
            opt_level,
        }
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

    fn stderr(&self, text: &[u8]) {
        let _ = std::io::stderr().write_all(text);
    }

    fn stdin(&self, to: &mut [u8]) -> usize {
        std::io::stdin().read(to).unwrap_or(0)
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
        std::thread::sleep(Duration::from_micros(us));
    }

    fn entropy(&self) -> u64 {
        let mut bytes = [0; 8];
        match std::fs::File::open("/dev/urandom").and_then(|mut f| f.read_exact(&mut bytes)) {
            Ok(()) => u64::from_ne_bytes(bytes),
            Err(_) => self.time_ns(),
        }
    }

    fn stat(&self, name: &[u8]) -> PathKind {
        match std::fs::metadata(path(name)) {
            Ok(m) if m.is_dir() => PathKind::Directory,
            Ok(_) => PathKind::File,
            Err(_) => PathKind::Nothing,
        }
    }

    fn map_file(&self, name: &[u8]) -> Result<&'static [u8], i32> {
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
    ) -> Result<Compiled, CompileError<'_>> {
        let options = compiler::Options {
            source_name: String::from_utf8_lossy(file).into_owned(),
            input: match mode {
                CompileMode::Exec => compiler::Input::Exec,
                CompileMode::Eval => compiler::Input::Eval,
                CompileMode::Single => compiler::Input::Single,
            },
            opt_level: self.opt_level.get(),
            ..self.options.clone()
        };
        match compiler::compile(source, &options) {
            Ok(compiled) => Ok(self.keep(mpy_format::write(&compiled.module))),
            Err(reports) => {
                let report = reports.iter().find(|r| r.is_error()).or(reports.first());
                let lines = compiler::diag::LineTable::new(source);
                let line = report.map_or(1, |r| lines.line(r.span.start));
                let text = report.map_or(String::new(), |r| r.message.clone());
                self.error.replace(text);
                let kept = self.keep(self.error.borrow().clone().into_bytes());
                Err(CompileError { text: kept, line, memory: false })
            }
        }
    }

    fn files(&self) -> Option<&dyn Files> {
        Some(&self.files)
    }
}
