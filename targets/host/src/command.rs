//! The command line of MicroPython's unix port.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use hognose_compiler::hir::Emit;
use hognose_runtime::heap::Failing;

use crate::session::{Options, Program, run};

const DEFAULT_PATH: &str = ".frozen:~/.micropython/lib:/usr/lib/micropython";
const USAGE: &str =
    "usage: micropython [<opts>] [-X <implopt>] [-c <command> | -m <module> | <filename>]
Options:
--version : show version information
-h : print this help message
-i : enable inspection via REPL after running command/module/file
-v : verbose (trace various operations); can be multiple
-O[N] : apply bytecode optimizations of level N

Implementation specific options (-X):
  compile-only                 -- parse and compile only
  emit={bytecode,native,native-all,viper} -- set the default code emitter
  heapsize=<n>[w][K|M] -- set the heap size for the GC
  gc-stress -- collect garbage at every allocation
  cpython -- do what CPython does where MicroPython refuses, as `hognose run` does
  fail-at=<n> -- fail one allocation, that after the first n
  fail-after=<n> -- fail every allocation after the first n
";

enum Parsed {
    Run(Program, Box<Options>, u32),
    Exit(u8),
}

/// Runs the program as `args` (without the program's own name) says; gives the exit code.
pub fn main(args: &[String]) -> u8 {
    match parse(args) {
        Parsed::Run(program, options, verbose) => {
            let (code, stats) = run(&program, &options);
            if verbose > 0 {
                println!("mem: total={}, peak={}", stats.heap.total, stats.heap.peak);
            }
            code
        }
        Parsed::Exit(code) => code,
    }
}

fn invalid() -> Parsed {
    eprint!("{USAGE}");
    Parsed::Exit(1)
}

fn parse(args: &[String]) -> Parsed {
    // Who calls the program by this name counts on what it does.
    let mut options = Options { path: search_path(), as_stock: true, ..Options::default() };
    let mut verbose = 0;
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        let rest = args.get(at + 1..).unwrap_or_default();
        match arg.as_str() {
            "-h" => {
                print!("{USAGE}");
                return Parsed::Exit(0);
            }
            "--version" => {
                println!("MicroPython (Hognose) {}", env!("CARGO_PKG_VERSION"));
                return Parsed::Exit(0);
            }
            "-i" => options.inspect = true,
            "-X" => {
                let Some(option) = rest.first() else { return invalid() };
                if !implementation_option(option, &mut options) {
                    return invalid();
                }
                at += 1;
            }
            "-c" | "-m" => {
                let Some((what, others)) = rest.split_first() else { return invalid() };
                let program = if arg == "-c" {
                    options.args.push(arg.clone());
                    Program::Text(what.clone())
                } else {
                    options.args.push(what.clone());
                    Program::Module(what.clone())
                };
                options.args.extend_from_slice(others);
                return Parsed::Run(program, Box::new(options), verbose);
            }
            _ if arg.starts_with("-v") => {
                verbose += 1;
                options.measure = true;
            }
            _ if arg.starts_with("-O") => {
                let level = arg.strip_prefix("-O").unwrap_or_default();
                options.compiler.opt_level = match level.parse::<u8>() {
                    Ok(n) => n.min(3),
                    Err(_) => (level.len() as u8 + 1).min(3),
                };
            }
            _ if arg.starts_with('-') => return invalid(),
            _ => {
                options.args.push(arg.clone());
                options.args.extend_from_slice(rest);
                return file(arg, options, verbose);
            }
        }
        at += 1;
    }
    if options.inspect || std::io::stdin().is_terminal() {
        options.inspect = false;
        return Parsed::Run(Program::Prompt, Box::new(options), verbose);
    }
    Parsed::Run(Program::Stdin, Box::new(options), verbose)
}

/// Makes the folder of the program `name` the first of `path`.
///
/// # Errors
/// The file cannot be found.
pub fn beside(name: &str, path: &mut [String]) -> std::io::Result<()> {
    let full = Path::new(name).canonicalize()?;
    if let (Some(first), Some(dir)) = (path.first_mut(), full.parent()) {
        *first = dir.to_string_lossy().into_owned();
    }
    Ok(())
}

fn file(name: &str, mut options: Options, verbose: u32) -> Parsed {
    match beside(name, &mut options.path) {
        Ok(()) => Parsed::Run(Program::File(name.to_owned()), Box::new(options), verbose),
        Err(e) => {
            let number = e.raw_os_error().unwrap_or(0);
            eprintln!("micropython: can't open file '{name}': [Errno {number}] {e}");
            Parsed::Exit(2)
        }
    }
}

/// `sys.path`: the program's directory, then `MICROPYPATH`.
pub fn search_path() -> Vec<String> {
    let listed = std::env::var("MICROPYPATH").unwrap_or_else(|_| DEFAULT_PATH.to_owned());
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let listed = listed.strip_prefix(':').unwrap_or(&listed);
    let mut path = vec![String::new()];
    if listed.is_empty() {
        return path;
    }
    path.extend(listed.split(':').map(|dir| match (dir.strip_prefix("~/"), &home) {
        (Some(rest), Some(home)) => home.join(rest).to_string_lossy().into_owned(),
        _ => dir.to_owned(),
    }));
    path
}

fn implementation_option(option: &str, options: &mut Options) -> bool {
    if let Some(emit) = option.strip_prefix("emit=") {
        options.compiler.emit = match emit {
            "bytecode" => Emit::Bytecode,
            "native" => Emit::Selected,
            "native-all" => Emit::Native,
            "viper" => Emit::Viper,
            _ => return false,
        };
        return true;
    }
    if option == "compile-only" {
        options.compile_only = true;
        return true;
    }
    if option == "cpython" {
        options.as_stock = false;
        return true;
    }
    if option == "gc-stress" {
        options.stress = true;
        return true;
    }
    for (name, mode) in
        [("fail-at=", Failing::Once as fn(u64) -> Failing), ("fail-after=", Failing::From)]
    {
        if let Some(count) = option.strip_prefix(name) {
            let failing = count.parse().ok().map(mode);
            options.failing = failing.unwrap_or_default();
            return failing.is_some();
        }
    }
    match option.strip_prefix("heapsize=").map(heap_size) {
        Some(Some(size)) => {
            options.heap = size;
            true
        }
        _ => false,
    }
}

/// A size such as `64K`, `2M` or `100wK` (`w`: in words of 4 bytes on a 32-bit machine).
pub fn heap_size(text: &str) -> Option<usize> {
    let text = text.to_ascii_lowercase();
    let (text, factor) = match text.strip_suffix('k') {
        Some(t) => (t, 1 << 10),
        None => text.strip_suffix('m').map_or((text.as_str(), 1), |t| (t, 1 << 20)),
    };
    let (text, word) = text.strip_suffix('w').map_or((text, 1), |t| (t, size_of::<usize>() / 4));
    text.parse::<usize>().ok()?.checked_mul(factor)?.checked_mul(word).filter(|&n| n >= 700)
}
