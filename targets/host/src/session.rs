//! One program in one world.

use std::io::Read;

use hognose_runtime::error::{Raised, SYSTEM_EXIT};
use hognose_runtime::heap::Failing;
use hognose_runtime::object::{Gc, Module};
use hognose_runtime::port::{CompileMode, Port};
use hognose_runtime::print::Print;
use hognose_runtime::vm::Counting;
use hognose_runtime::{Extension, Res, Value, Vm, q};

use crate::port::HostPort;

/// What to run.
#[derive(Clone, Debug)]
pub enum Program {
    /// A file, source or `.mpy`.
    File(String),
    /// Source text, as after `-c`.
    Text(String),
    /// A module by name, as after `-m`.
    Module(String),
    /// Source text from standard input.
    Stdin,
    /// Statements typed at a prompt.
    Prompt,
}

/// How to run it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes of heap.
    pub heap: usize,
    /// `sys.argv`.
    pub args: Vec<String>,
    /// `sys.path`.
    pub path: Vec<String>,
    /// Choices for the compiler, but for names and kinds of input.
    pub compiler: hognose_compiler::Options,
    /// A ROMFS image to be seen as `/rom`, where modules are looked for too; or empty.
    pub rom: Vec<u8>,
    /// Test modes: collect at every allocation; let allocations fail.
    pub stress: bool,
    pub failing: Failing,
    /// Prompt for statements once the program has ended.
    pub inspect: bool,
    /// Compile only: nothing is run.
    pub compile_only: bool,
    /// Modules of other crates.
    pub extension: &'static Extension,
    /// What to count.
    pub count: Counting,
    /// Look at the heap at the end, which takes a walk through all of it.
    pub measure: bool,
    /// Do what stock does and refuse what it refuses, whatever CPython does.
    pub as_stock: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            heap: 2 << 20,
            args: Vec::new(),
            path: Vec::new(),
            compiler: hognose_compiler::Options {
                small_int_bits: usize::BITS as u8 - 1,
                arch: hognose_runtime::ARCH,
                ..Default::default()
            },
            rom: Vec::new(),
            stress: false,
            failing: Failing::Never,
            extension: Extension::NONE,
            inspect: false,
            compile_only: false,
            count: Counting::Off,
            measure: false,
            as_stock: false,
        }
    }
}

/// What a run used.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Zeros unless it was to be measured.
    pub heap: hognose_runtime::heap::HeapInfo,
    /// Instructions of bytecode executed, if they were counted.
    pub executed: u64,
    /// By function, busiest first, if that was counted.
    pub functions: Vec<crate::FunctionCount>,
}

/// Machine stack that a program may use; the main thread usually has 8 MiB.
const MACHINE_STACK: usize = 1 << 20;
/// Bytes for the frames of Python functions.
const FRAMES: usize = 256 << 10;

struct Stderr<'v>(&'v dyn Port);

impl Print for Stderr<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.0.stderr(text);
        Ok(())
    }
}

/// Runs a program; gives its exit code and what it used.
pub fn run(program: &Program, options: &Options) -> (u8, Stats) {
    let compiler =
        hognose_compiler::Options { as_stock: options.as_stock, ..options.compiler.clone() };
    let port = HostPort::with_rom(compiler, &options.rom).terse(options.as_stock);
    let (code, stats) = inside(&port, options, |vm| {
        let _attached = crate::interrupt::Attached::new(vm.signals());
        let mut code = match start(vm, options) {
            Ok(main) => session(vm, program, options, main),
            Err(r) => report(vm, r),
        };
        if let Err(r) = vm.run_exit_function() {
            code = report(vm, r);
        }
        let heap = if options.measure { vm.heap_info() } else { Default::default() };
        (code, Stats { heap, executed: vm.executed(), functions: Vec::new() })
    });
    (code, Stats { functions: port.profile.take().into_functions(), ..stats })
}

/// Runs `f` in a world of its own, which ends with it.
pub fn world<T>(options: &Options, f: impl FnOnce(&Vm) -> T) -> T {
    inside(&HostPort::with_rom(options.compiler.clone(), &options.rom), options, f)
}

fn inside<T>(port: &HostPort, options: &Options, f: impl FnOnce(&Vm) -> T) -> T {
    let mut region = vec![0u8; options.heap];
    let limits = hognose_runtime::Options {
        stack: MACHINE_STACK,
        frames: FRAMES,
        zeroed: true,
        extension: options.extension,
    };
    Vm::with(port, &mut region, limits, f)
}

fn start(vm: &Vm, options: &Options) -> Res<Gc<Module>> {
    vm.state.opt_level.set(options.compiler.opt_level);
    for dir in &options.path {
        let dir = vm.new_str(dir.as_bytes())?;
        vm.sys_path()?.items.push(vm, dir)?;
    }
    if !options.rom.is_empty() {
        for dir in ["/rom", "/rom/lib"] {
            let dir = vm.new_str(dir.as_bytes())?;
            vm.sys_path()?.items.push(vm, dir)?;
        }
    }
    for arg in &options.args {
        let arg = vm.new_str(arg.as_bytes())?;
        vm.sys_argv()?.items.push(vm, arg)?;
    }
    let main = vm.new_module(q!("__main__"))?;
    vm.state.as_stock.set(options.as_stock);
    vm.count_instructions(options.count);
    if options.stress || options.failing != Failing::Never {
        vm.set_heap_test(options.stress, options.failing);
    }
    Ok(main)
}

/// Runs the program, then the prompt if that is wanted; gives the exit code.
fn session(vm: &Vm, program: &Program, options: &Options, main: Gc<Module>) -> u8 {
    let done = match options.compile_only {
        true => compile_only(vm, program),
        false => execute(vm, program, main),
    };
    let code = match done {
        Ok(()) => 0,
        Err(r) => report(vm, r),
    };
    // Asked for before the program began, or by the program.
    let asked = options.as_stock && std::env::var_os("MICROPYINSPECT").is_some();
    match (options.inspect || asked) && !matches!(program, Program::Prompt) {
        true => crate::repl::run(vm, main).map_or_else(|r| report(vm, r), |()| 0),
        false => code,
    }
}

/// Compiles source text and forgets the result.
fn compile_only(vm: &Vm, program: &Program) -> Res<()> {
    let (text, name) = match program {
        Program::Text(text) => (text.as_bytes(), &b"<stdin>"[..]),
        Program::File(name) if !name.ends_with(".mpy") => {
            match vm.port().map_file(name.as_bytes()) {
                Ok(text) => (text, name.as_bytes()),
                Err(errno) => return vm.raise_os(errno),
            }
        }
        _ => return Ok(()),
    };
    vm.compile(text, name, CompileMode::Exec).map(|_| ())
}

fn execute(vm: &Vm, program: &Program, main: Gc<Module>) -> Res<()> {
    match program {
        Program::File(name) => {
            let file = vm.new_str(name.as_bytes())?;
            main.globals.map.insert_name(vm, q!("__file__"), file)?;
            vm.run_file(name.as_bytes(), main)?;
        }
        Program::Text(text) => run_text(vm, text.as_bytes(), b"<stdin>", main)?,
        Program::Stdin => {
            let mut text = Vec::new();
            if std::io::stdin().read_to_end(&mut text).is_err() {
                return vm.raise_os(libc::EIO);
            }
            run_text(vm, &text, b"<stdin>", main)?;
        }
        Program::Prompt => crate::repl::run(vm, main)?,
        Program::Module(name) => {
            vm.run_main(name.as_bytes())?;
        }
    }
    Ok(())
}

fn run_text(vm: &Vm, text: &[u8], name: &[u8], main: Gc<Module>) -> Res<()> {
    let code = vm.compile(text, name, CompileMode::Exec)?;
    vm.run_mpy(code, main.globals, main.globals).map(|_| ())
}

/// Prints an exception that ends the program; gives the exit code.
fn report(vm: &Vm, r: Raised) -> u8 {
    let e = vm.take_exception(r);
    if vm.is_instance_of(e, &SYSTEM_EXIT) {
        let arg = vm.exception_object(e).and_then(|e| vm.exception_args(&e).first().copied());
        return match arg {
            None => 0,
            Some(v) if v.is_none() => 0,
            Some(v) => match v.as_small().or(v.as_bool().map(isize::from)) {
                Some(n) => n as u8,
                None => 1,
            },
        };
    }
    if vm.print_traceback(&mut Stderr(vm.port()), e).is_err() {
        vm.port().stderr(b"exception while an exception was printed\n");
    }
    let _: Value = e;
    1
}
