//! `hognose run` on this computer: the runtime with the compiler in process.

use crate::options::Kind;
use clap::Parser;
use hognose_host::{Counting, Options, Program, Stats};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Run a program on this computer, or with --target on a board in QEMU.
#[derive(Parser)]
#[command(name = "hognose run", after_help = BOARDS)]
struct Args {
    /// Run this text; what follows are its arguments
    #[arg(short = 'c', value_name = "TEXT", allow_hyphen_values = true)]
    command: Option<String>,
    /// Run a module of the path as the program; what follows are its arguments
    #[arg(short, value_name = "NAME", conflicts_with = "command")]
    module: Option<String>,
    /// Prompt for statements when the program has ended
    #[arg(short, long)]
    interactive: bool,
    /// Bytes of heap, with K or M for 2^10 and 2^20
    #[arg(long, value_name = "SIZE", value_parser = heap, default_value = "2M")]
    heap: usize,
    /// Say at the end how many instructions ran and how much memory was used
    #[arg(long)]
    stats: bool,
    /// Optimisation level, 0 to 3: from 1 on without asserts, at 3 without line numbers
    #[arg(short = 'O', value_name = "LEVEL", default_value_t = 0)]
    opt: u8,
    /// Kind of code for functions without a decorator
    #[arg(long, value_enum, default_value_t = Kind::Bytecode)]
    emit: Kind,
    /// ROMFS image to be seen as /rom, where modules are looked for too
    #[arg(long, value_name = "FILE")]
    romfs: Option<PathBuf>,
    /// Collect garbage at every allocation, to find faults of Rust modules
    #[arg(long)]
    gc_stress: bool,
    /// Python file or .mpy file and its arguments; - is standard input, nothing a prompt if that
    /// is a terminal
    #[arg(value_name = "PROGRAM")]
    program: Vec<String>,
}

const BOARDS: &str = "\
Modules are looked for beside the program and in MICROPYPATH. Options for boards: \
`hognose run --target BOARD --help`.";

pub fn heap(text: &str) -> Result<usize, String> {
    hognose_host::heap_size(text).ok_or_else(|| "expected a size of 700 or more, as in 64K".into())
}

/// Runs; the program's exit code. `args` are those behind `run`.
pub fn run(args: &[OsString]) -> u8 {
    let args = Args::parse_from(separated(args));
    let mut options = Options {
        heap: args.heap,
        path: hognose_host::search_path(),
        stress: args.gc_stress,
        inspect: args.interactive,
        measure: args.stats,
        count: if args.stats { Counting::Sum } else { Counting::Off },
        ..Options::default()
    };
    options.compiler.opt_level = args.opt.min(3);
    options.compiler.emit = args.emit.into();
    if let Some(path) = &args.romfs {
        match crate::image::read_romfs(path) {
            Ok(rom) => options.rom = rom,
            Err(failure) => {
                eprintln!("error: {failure}");
                return failure.status as u8;
            }
        }
    }
    let mut rest = args.program.into_iter();
    let program = if let Some(text) = args.command {
        options.args.push("-c".to_owned());
        Program::Text(text)
    } else if let Some(name) = args.module {
        options.args.push(name.clone());
        Program::Module(name)
    } else {
        match rest.next() {
            Some(name) if name != "-" => {
                if let Err(e) = hognose_host::beside(&name, &mut options.path) {
                    eprintln!("error: cannot read {name}: {e}");
                    return crate::exit::Status::BadFile as u8;
                }
                options.args.push(name.clone());
                Program::File(name)
            }
            None if args.interactive || std::io::stdin().is_terminal() => {
                options.args.push(String::new());
                Program::Prompt
            }
            _ => {
                options.args.push(String::new());
                Program::Stdin
            }
        }
    };
    options.args.extend(rest);
    let (code, stats) = hognose_host::run(&program, &options);
    if args.stats {
        report(&stats);
    }
    code
}

/// The program, `-c TEXT` and `-m NAME` end our own options.
fn separated(args: &[OsString]) -> Vec<OsString> {
    let mut out = vec![OsString::from("hognose run")];
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let program = !arg.as_encoded_bytes().starts_with(b"-") || arg == "-";
        if program {
            out.push("--".into());
        }
        out.push(arg.clone());
        if ["-c", "-m", "--heap", "--emit", "--romfs", "-O"].iter().any(|option| arg == option) {
            out.extend(args.next().cloned());
        }
        if arg == "-c" || arg == "-m" {
            out.push("--".into());
        }
        if program || arg == "-c" || arg == "-m" || arg == "--" {
            out.extend(args.cloned());
            break;
        }
    }
    out
}

fn report(stats: &Stats) {
    let heap = &stats.heap;
    eprintln!("instructions executed  {:>14}", stats.executed);
    eprintln!("objects allocated      {:>14}", heap.allocations);
    eprintln!("bytes allocated        {:>14}", heap.allocated);
    eprintln!("collections            {:>14}", heap.collections);
    eprintln!("highest use of heap    {:>14} of {} bytes", heap.peak, heap.total);
}
