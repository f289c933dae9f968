//! What the runtime asks of the machine it runs on.

use core::ptr::NonNull;

use crate::vm::Executing;

/// The services of a port. Every method has a default that means "not available".
pub trait Port {
    /// Writes to standard output.
    fn stdout(&self, text: &[u8]);

    /// Writes to standard error.
    fn stderr(&self, text: &[u8]) {
        self.stdout(text);
    }

    /// Reads from standard input, waiting for at least one byte; 0 at the end.
    fn stdin(&self, _to: &mut [u8]) -> usize {
        0
    }

    /// Milliseconds and microseconds of a clock that never goes back.
    fn ticks_us(&self) -> u64 {
        0
    }

    fn ticks_ms(&self) -> u64 {
        self.ticks_us() / 1000
    }

    /// The finest clock there is.
    fn ticks_cpu(&self) -> u64 {
        self.ticks_us()
    }

    /// Nanoseconds since 1970.
    fn time_ns(&self) -> u64 {
        0
    }

    fn sleep_us(&self, _us: u64) {}

    /// Called where the program waits or loops; true: raise KeyboardInterrupt.
    fn interrupted(&self) -> bool {
        false
    }

    /// Seed for random numbers.
    fn entropy(&self) -> u64 {
        0
    }

    /// What a path names.
    fn stat(&self, _path: &[u8]) -> PathKind {
        PathKind::Nothing
    }

    /// The contents of a file in memory that lives as long as the `Vm`: flash, or
    /// memory the port maps. `Err` holds an errno.
    fn map_file(&self, _path: &[u8]) -> Result<&'static [u8], i32> {
        Err(2)
    }

    /// Compiles source text at an optimisation level; hands the bytes of a `.mpy` file,
    /// or what is wrong, to `done`.
    fn compile(
        &self,
        _source: &[u8],
        _file: &[u8],
        _mode: CompileMode,
        _opt_level: u8,
        done: &mut dyn FnMut(Result<&[u8], CompileError<'_>>),
    ) {
        done(Err(CompileError { text: b"no compiler", line: 0, indentation: false, limit: false }));
    }

    /// An instruction is about to be executed, while functions are counted.
    fn executed(&self, _where: Executing<'_>) {}

    /// `sys.platform`.
    fn platform(&self) -> &'static str {
        "hognose"
    }

    /// `sys.executable`.
    fn executable(&self) -> &[u8] {
        b""
    }

    /// By how many seconds local clocks are ahead of UTC, at a time in seconds since 1970;
    /// whether they show daylight saving time.
    fn local_time(&self, _seconds: i64) -> (i64, bool) {
        (0, false)
    }

    /// The time in seconds since 1970 at which local clocks show as many, in daylight
    /// saving time or not, where that is known; `None` where there is none.
    fn universal_time(&self, shown: i64, _daylight: Option<bool>) -> Option<i64> {
        Some(shown)
    }

    /// Hands the value of an environment variable to `found`, if there is one.
    fn environment(&self, _name: &[u8], _found: &mut dyn FnMut(&[u8])) {}

    /// Sets or removes an environment variable. `Err` holds an errno.
    fn set_environment(&self, _name: &[u8], _value: Option<&[u8]>) -> Result<(), i32> {
        Err(95)
    }

    /// Runs a command of the operating system; its exit status.
    fn system(&self, _command: &[u8]) -> Result<i32, i32> {
        Err(95)
    }

    /// Reads a number of 8, 16 or 32 bits at an aligned address, or writes it; `None` if
    /// the port does not let programs do that.
    fn memory(&self, _address: usize, _bits: u32, _write: Option<u32>) -> Option<u32> {
        None
    }

    /// Waits until something happens, or not at all.
    fn idle(&self) {}

    /// Starts the machine anew, if it can.
    fn reset(&self) {}

    /// Which character typed on the console interrupts the program; negative: none.
    fn set_interrupt_char(&self, _c: isize) {}

    /// Memory for machine code. `None` where the heap itself is executable (boards), or
    /// where machine code is not to be run.
    fn code_memory(&self) -> Option<&dyn CodeMemory> {
        None
    }

    /// Extension point of ports with files, sockets and the like; see `os`.
    fn files(&self) -> Option<&dyn Files> {
        None
    }
}

/// Memory that is first written and then executed, never both at once.
pub trait CodeMemory {
    /// Memory of at least `len` bytes, aligned to 16, to write code to.
    fn map(&self, len: usize) -> Option<NonNull<u8>>;
    /// Makes it executable and no longer writable; false if that cannot be.
    fn seal(&self, start: NonNull<u8>, len: usize) -> bool;
    /// Gives it back. Nothing in it runs or will run.
    fn unmap(&self, start: NonNull<u8>, len: usize);
}

/// A file system.
pub trait Files {
    /// Opens a file: flags as for `open(2)` by name. The result is a handle.
    fn open(&self, path: &[u8], mode: OpenMode) -> Result<u32, i32>;
    fn close(&self, handle: u32) -> Result<(), i32>;
    fn read(&self, handle: u32, to: &mut [u8]) -> Result<usize, i32>;
    fn write(&self, handle: u32, from: &[u8]) -> Result<usize, i32>;
    /// `whence` 0 start, 1 current, 2 end.
    fn seek(&self, handle: u32, offset: i64, whence: u8) -> Result<u64, i32>;
    fn remove(&self, path: &[u8]) -> Result<(), i32>;
    fn rename(&self, from: &[u8], to: &[u8]) -> Result<(), i32>;
    fn make_dir(&self, path: &[u8]) -> Result<(), i32>;
    fn remove_dir(&self, path: &[u8]) -> Result<(), i32>;
    /// Calls `each(name, is_dir, inode, size)`; false stops.
    fn list(
        &self,
        path: &[u8],
        each: &mut dyn FnMut(&[u8], bool, u64, u64) -> bool,
    ) -> Result<(), i32>;
    fn stat(&self, path: &[u8]) -> Result<FileStat, i32>;
    /// Room on a file system, in the order of `os.statvfs`.
    fn space(&self, _path: &[u8]) -> Result<[u64; 10], i32> {
        Err(95)
    }
    fn change_dir(&self, path: &[u8]) -> Result<(), i32>;
    /// The current directory, written to `to`; its length.
    fn current_dir(&self, to: &mut [u8]) -> Result<usize, i32>;
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileStat {
    pub mode: u32,
    pub inode: u64,
    pub device: u64,
    pub links: u64,
    pub uid: u32,
    pub gid: u32,
    pub size: u64,
    /// Seconds since 1970.
    pub accessed: i64,
    pub modified: i64,
    pub changed: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenMode {
    pub read: bool,
    pub write: bool,
    pub append: bool,
    pub truncate: bool,
    pub create: bool,
    /// Fails if the file exists.
    pub exclusive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    Nothing,
    File,
    Directory,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompileMode {
    Exec,
    Eval,
    Single,
}

/// Why a text does not compile.
#[derive(Clone, Copy, Debug)]
pub struct CompileError<'a> {
    pub text: &'a [u8],
    pub line: u32,
    /// It is the indentation that is wrong.
    pub indentation: bool,
    /// The text is right, but beyond a limit of the file format: RuntimeError.
    pub limit: bool,
}
