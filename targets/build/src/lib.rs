//! For build scripts of firmware in Rust: Python modules that lie in flash ready to use.
//!
//! ```no_run
//! hognose_build::Freeze::new("src/main.py").target("mps2-an385").heap(64 * 1024).link();
//! ```
//!
//! runs the program `hognose` (found as `$HOGNOSE`, else on the path), links what it made
//! into the firmware, and writes `frozen.rs` into `OUT_DIR`, to be included by the
//! firmware:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/frozen.rs"));
//! let image = frozen::image();
//! // SAFETY: once.
//! let heap = unsafe { frozen::heap() };
//! ```

use std::path::{Path, PathBuf};
use std::process::Command;

/// What is to be frozen, and for which firmware.
pub struct Freeze {
    main: PathBuf,
    target: String,
    level: String,
    heap: u32,
    more: Vec<String>,
}

impl Freeze {
    /// `main` is the program; the modules that it imports go with it.
    pub fn new(main: impl Into<PathBuf>) -> Freeze {
        Freeze {
            main: main.into(),
            target: "mps2-an385".into(),
            level: "full".into(),
            heap: 16 * 1024,
            more: Vec::new(),
        }
    }

    /// A board of the same kind of CPU, whose base firmware tells what the runtime is like.
    pub fn target(mut self, board: &str) -> Freeze {
        self.target = board.into();
        self
    }

    /// The level that the runtime is built with: `minimal`, `core` or `full`.
    pub fn level(mut self, level: &str) -> Freeze {
        self.level = level.into();
        self
    }

    /// Bytes of RAM for the heap.
    pub fn heap(mut self, bytes: u32) -> Freeze {
        self.heap = bytes;
        self
    }

    /// Another argument of `hognose freeze`: `--manifest=…`, `--strip`.
    pub fn arg(mut self, argument: &str) -> Freeze {
        self.more.push(argument.into());
        self
    }

    /// Makes it part of the firmware.
    ///
    /// # Panics
    /// As build scripts fail: when `hognose` is not there or says no.
    pub fn link(self) {
        let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("a build script has OUT_DIR"));
        let object = out.join("frozen.o");
        let program = std::env::var_os("HOGNOSE").unwrap_or("hognose".into());
        let mut command = Command::new(&program);
        command.args(["freeze", "--target", &self.target, "--level", &self.level]);
        command.args(["--heap", &self.heap.to_string()]).args(&self.more);
        command.arg("-o").arg(&object).arg(&self.main);
        match command.status() {
            Ok(status) if status.success() => {}
            Ok(status) => panic!("hognose freeze: {status}"),
            Err(e) => panic!("{}: {e}; say with HOGNOSE where the program is", program.display()),
        }
        std::fs::write(out.join("frozen.rs"), glue(self.heap)).expect("OUT_DIR can be written");
        println!("cargo::rustc-link-arg-bins={}", object.display());
        println!("cargo::rerun-if-env-changed=HOGNOSE");
        let folder = self.main.parent().filter(|p| !p.as_os_str().is_empty());
        println!("cargo::rerun-if-changed={}", folder.unwrap_or(Path::new(".")).display());
    }
}

/// The Rust side of the object file.
fn glue(heap: u32) -> String {
    format!(
        "/// What `hognose freeze` made.
mod frozen {{
    unsafe extern \"C\" {{
        static hognose_image: u8;
        static mut hognose_heap: [u8; {heap}];
    }}

    /// The image; `None` if it was made for a runtime of another level or version.
    pub fn image() -> Option<&'static hognose_runtime::import::Image> {{
        // SAFETY: `hognose freeze` made the symbol for this firmware.
        unsafe {{ hognose_runtime::import::Image::linked((&raw const hognose_image).cast()) }}
    }}

    /// The heap, which the image's RAM is the start of.
    ///
    /// # Safety
    /// To be called once.
    pub unsafe fn heap() -> &'static mut [u8] {{
        // SAFETY: by contract nobody else has it.
        unsafe {{ &mut *(&raw mut hognose_heap) }}
    }}
}}
"
    )
}
