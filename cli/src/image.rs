//! What goes into an image, and making it: shared by `build`, `run --target`, `size` and
//! `freeze`.
//!
//! ```text
//!   main.py ─▶ project (what it imports) ─┐
//!   manifest ─▶ manifest ─────────────────┴▶ compile ─▶ freeze ─▶ append to the base ELF
//! ```

use crate::cmd::size::bytes;
use crate::exit::Failure;
use crate::manifest::{self, Lookup};
use crate::options::Kind;
use crate::profile::Profile;
use crate::project::{self, Gathered, Piece};
use crate::whole::{self, Whole};
use crate::{file, firmware};
use hognose_boards::{Board, Level};
use hognose_compiler::Options;
use hognose_compiler::image::named::Named;
use hognose_compiler::image::relink::{Memory, RelinkError, relink};
use hognose_compiler::image::{
    Base, FrozenModule, ImageError, ImageOptions, Lines, Machine, append, freeze, object_file,
};
use mpy_format::Arch;
use mpy_format::romfs::RomFs;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The options that say what goes into an image.
#[derive(clap::Args)]
pub struct Recipe {
    /// Board, as in `hognose targets`
    #[arg(long)]
    target: Option<String>,
    /// How much of Python the firmware has: minimal, core or full; the board's highest
    /// if not given
    #[arg(long, conflicts_with = "base")]
    level: Option<Level>,
    /// Firmware of one's own to link behind, instead of a board's
    #[arg(long, value_name = "ELF", conflicts_with = "target")]
    base: Option<PathBuf>,
    #[command(flatten)]
    modules: Modules,
    #[command(flatten)]
    contents: Contents,
}

/// The options that say which modules there are and how they are compiled.
#[derive(clap::Args)]
pub struct Modules {
    /// Manifest of modules to freeze, in MicroPython's language
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    #[command(flatten)]
    lookup: Lookup,
    /// Folder to look for imported modules in, beside the program's own
    #[arg(short = 'I', long = "include", value_name = "FOLDER")]
    include: Vec<PathBuf>,
    /// Optimisation level, 0 to 3: from 1 on without asserts, at 3 without lines
    #[arg(short = 'O', default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3))]
    opt: u8,
    /// Kind of code for functions without a decorator
    #[arg(long, value_enum, default_value_t = Kind::Bytecode)]
    emit: Kind,
    /// Compile the busy functions of a profile (see `hognose profile`) to machine code
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// Leave line numbers out
    #[arg(long)]
    no_lines: bool,
    #[command(flatten)]
    whole: Whole,
}

/// A compiled program.
pub struct Program {
    pub modules: Vec<FrozenModule>,
    /// Which of them runs first.
    pub first: Option<usize>,
    /// The names it can come to.
    pub named: Named,
    /// Where each module came from.
    pub paths: Vec<PathBuf>,
}

/// The options that say what an image holds besides modules, and what it does not.
#[derive(clap::Args)]
pub struct Contents {
    /// Keep line numbers here instead of in the image, for `hognose decode`
    #[arg(long, value_name = "FILE", conflicts_with = "no_lines")]
    line_map: Option<PathBuf>,
    /// Give short names to functions, variables and attributes that only the program names;
    /// the line map tells what they were
    #[arg(long)]
    anonymise: bool,
    /// Keep built-in functions, methods and modules that the program cannot name
    #[arg(long)]
    keep_builtins: bool,
    /// Take no more RAM than this, from the board's first on: 4096 or 4K
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    ram: Option<u32>,
    /// So much of the RAM is for the machine stack, 2K at least; five eighths if not given,
    /// or what the board has for it if that is less
    #[arg(long, value_name = "SIZE", value_parser = bytes, requires = "ram")]
    stack: Option<u32>,
    /// ROMFS image to lie in flash, seen as /rom
    #[arg(long, value_name = "FILE")]
    romfs: Option<PathBuf>,
}

impl Contents {
    /// How RAM is shared out, if it is to be told.
    fn memory(&self, board: Option<&Board>) -> Option<Memory> {
        let ram = self.ram?;
        let most = board.map_or(u32::MAX, |board| board.stack);
        Some(Memory { ram, stack: self.stack.unwrap_or(most.min(ram / 8 * 5)) })
    }

    /// The options for the layout.
    fn options(&self, argv: Vec<String>, no_lines: bool) -> Result<ImageOptions, Failure> {
        let lines = match (&self.line_map, no_lines) {
            (Some(_), _) => Lines::Map,
            (None, true) => Lines::Nowhere,
            (None, false) => Lines::Image,
        };
        let files = match &self.romfs {
            Some(path) => read_romfs(path)?,
            None => Vec::new(),
        };
        Ok(ImageOptions { main: None, argv, lines, anonymise: self.anonymise, files })
    }
}

/// A linked image.
pub struct Linked {
    /// The board, unless the base was given as a file.
    pub board: Option<Board>,
    level: Option<Level>,
    pub elf: Vec<u8>,
    /// Bytes of the image behind the base firmware, bytes that are left, bytes of RAM.
    size: u32,
    free: u32,
    ram: u32,
}

impl Linked {
    pub fn uf2_family(&self) -> Option<u32> {
        self.board.as_ref().and_then(|board| board.uf2_family)
    }

    /// What was made, in one line.
    pub fn summary(&self) -> String {
        let on = match (&self.board, self.level) {
            (Some(board), Some(level)) => format!("{} {level}, ", board.name),
            _ => String::new(),
        };
        format!(
            "{on}image {} bytes of flash and {} of RAM, {} bytes of flash free",
            self.size, self.ram, self.free
        )
    }
}

impl Recipe {
    /// Whether there is a board or a firmware to link for.
    pub fn says_where(&self) -> bool {
        self.target.is_some() || self.base.is_some()
    }

    /// A name for what is made.
    pub fn name(&self, main: Option<&Path>) -> PathBuf {
        let stem = main.or(self.modules.manifest.as_deref()).and_then(Path::file_stem);
        PathBuf::from(stem.unwrap_or_default())
    }

    /// Compiles and freezes into an object file, for a heap of so many bytes.
    ///
    /// # Errors
    /// As [`Recipe::link`].
    pub fn object(
        &self,
        main: Option<&Path>,
        args: &[String],
        heap: u32,
    ) -> Result<Vec<u8>, Failure> {
        let (board, _, bytes, shown) = self.base()?;
        let told = |e: ImageError| Failure::image(&shown, &e);
        let base = Base::read(&bytes).map_err(told)?;
        let riscv = board.is_some_and(|board| board.rust_target.starts_with("riscv"));
        let machine = if riscv { Machine::Riscv32 } else { Machine::Arm };
        let (program, options) = self.gather(&base, &shown, main, args)?;
        object_file(&base, &program.modules, &options, machine, heap).map_err(told)
    }

    /// The firmware to be linked for: board, level, ELF file, and a name for it.
    #[allow(clippy::type_complexity)]
    fn base(&self) -> Result<(Option<Board>, Option<Level>, Vec<u8>, String), Failure> {
        if let Some(path) = &self.base {
            let bytes = std::fs::read(path).map_err(|e| Failure::file("read", path, &e))?;
            return Ok((None, None, bytes, path.display().to_string()));
        }
        let missing = || Failure::usage("say which board with --target; see hognose targets");
        let board = firmware::board(self.target.as_deref().ok_or_else(missing)?)?;
        let (level, bytes) = firmware::base(&board, self.level)?;
        let shown = format!("{} {level}", board.name);
        Ok((Some(board), Some(level), bytes, shown))
    }

    /// The compiled modules, and how they are laid out.
    fn gather(
        &self,
        base: &Base<'_>,
        shown: &str,
        main: Option<&Path>,
        args: &[String],
    ) -> Result<(Program, ImageOptions), Failure> {
        let told = |e: ImageError| Failure::image(shown, &e);
        let (known, arch) = (base.names().map_err(told)?, base.arch().map_err(told)?);
        let mut options = self.contents.options(argv(main, args), self.modules.no_lines)?;
        let program = self.modules.compile(main, &known, arch, &options.files)?;
        options.main = program.first;
        Ok((program, options))
    }

    /// Compiles, freezes and links.
    ///
    /// # Errors
    /// `BadProgram` when something does not compile or fit, `BadUsage` for an unknown
    /// board or level, `BadFile`.
    pub fn link(&self, main: Option<&Path>, args: &[String]) -> Result<Linked, Failure> {
        let (board, level, bytes, shown) = self.base()?;
        let told = |e: ImageError| Failure::image(&shown, &e);
        let base = Base::read(&bytes).map_err(told)?;
        let (program, options) = self.gather(&base, &shown, main, args)?;
        let memory = self.contents.memory(board.as_ref());
        let keeps = self.contents.keep_builtins;
        let relinked = match keeps && memory.is_none() {
            true => None,
            false => {
                let wanted = |name: &[u8]| keeps || program.named.has(name);
                relink(&base, &wanted, memory).map_err(|e| match e {
                    ImageError::Relink(why @ RelinkError::Memory(_)) => {
                        Failure::usage(why.to_string())
                    }
                    e => told(e),
                })?
            }
        };
        if memory.is_some() && relinked.is_none() {
            return Err(Failure::usage("--ram is for firmware that can be linked again"));
        }
        self.modules.whole.report_builtins(&program, relinked.as_ref())?;
        let base = match &relinked {
            Some(relinked) => Base::read(&relinked.elf).map_err(told)?,
            None => base,
        };
        let image = freeze(&base, &program.modules, &options).map_err(told)?;
        let elf = append(&base, &image.bytes, &image.symbols).map_err(told)?;
        if let Some(path) = &self.contents.line_map {
            file::write_whole(path, image.map.text().as_bytes())?;
        }
        let size = image.bytes.len() as u32;
        let free = base.free().saturating_sub(size);
        Ok(Linked { board, level, elf, size, free, ram: image.ram })
    }
}

/// Reads a file that must be a ROMFS image.
pub fn read_romfs(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(path).map_err(|e| Failure::file("read", path, &e))?;
    match RomFs::new(&bytes) {
        Some(_) => Ok(bytes),
        None => {
            Err(Failure::bad_file(format!("{}: not a ROMFS image, or cut off", path.display())))
        }
    }
}

fn argv(main: Option<&Path>, args: &[String]) -> Vec<String> {
    let name = main.and_then(Path::file_name).map_or("main.py".into(), |n| n.to_string_lossy());
    std::iter::once(name.into_owned()).chain(args.iter().cloned()).collect()
}

impl Modules {
    /// The compiled modules; `known` are the names that
    /// the firmware has, `arch` is what its machine code is for, `files` is a ROMFS image that lies beside them.
    ///
    /// # Errors
    /// As [`Recipe::link`].
    pub fn compile(
        &self,
        main: Option<&Path>,
        known: &HashSet<String>,
        arch: Arch,
        files: &[u8],
    ) -> Result<Program, Failure> {
        let options = Options {
            opt_level: self.opt,
            line_info: !self.no_lines && self.opt < 3,
            arch,
            emit: self.emit.into(),
            ..Options::default()
        };
        let mut named = Vec::new();
        if let Some(path) = &self.manifest {
            let found = manifest::read(path, &self.lookup.settings()).map_err(Failure::program)?;
            named.extend(found.into_iter().map(Piece::from));
        }
        let mut gathered = project::gather(main, named, &self.include, &options)?;
        let is_main = |g: &Gathered| match main {
            Some(path) => g.piece.path == path,
            None => g.frozen.name == "main",
        };
        let roots: Vec<usize> = gathered.iter().position(is_main).into_iter().collect();
        let profile = self.profile.as_deref().map(Profile::load).transpose()?;
        // Firmware that runs no machine code has no use for it.
        let profile = profile.filter(|_| arch != Arch::None);
        self.whole.apply(&mut gathered, &roots, known, files, &options, profile.as_ref())?;
        let first = gathered.iter().position(is_main);
        let named = whole::named(&gathered, files);
        let paths = gathered.iter().map(|g| g.piece.path.clone()).collect();
        let modules = gathered.into_iter().map(|g| g.frozen).collect();
        Ok(Program { modules, first, named, paths })
    }
}
