//! Engines: a compiler, a VM, and how the two are put together.
//!
//! | name | compiled by | runs on |
//! | --- | --- | --- |
//! | `npm/ours` | our compiler | stock's VM (npm) |
//! | `npm/small` | our compiler, `-O3` | stock's VM (npm) |
//! | `npm/plain` | our compiler, `--no-optimise` | stock's VM (npm) |
//! | `npm/stock` | stock's compiler (PyPI) | stock's VM (npm) |
//! | `hognose/source` | our compiler in process | our runtime on the host |
//! | `hognose/ours` | our compiler, to a file | our runtime on the host |
//! | `hognose/plain` | our compiler, `--no-optimise` | our runtime on the host |
//! | `hognose/stock` | stock's compiler (PyPI) | our runtime on the host |
//! | `hognose/native` | our compiler, machine code | our runtime on the host (x64) |
//! | `hognose/stock-native` | stock's compiler, machine code | our runtime on the host (x64) |
//! | `hognose/gc` | our compiler in process | our runtime, collecting at every allocation |
//! | `hognose/oom` | our compiler in process | our runtime, again and again, short of memory |
//! | `boards/NAME` | our compiler, frozen into an image | our firmware on the board, in QEMU |
//! | `boards/minimal` | the same | the micro:bit with the smallest firmware |
//! | `boards/NAME-native` | our compiler, machine code, frozen | our firmware: executed in flash |
//! | `boards/NAME-rom` | stock's compiler, machine code, in files | our firmware: loaded from ROMFS |
//! | `boards/armv6m-native`, `-rom` | ours, stock's: machine code for Cortex-M0, in files | a Cortex-M3, as no board with that CPU has room for the loader |

pub mod board;
pub mod compile;
mod exhaust;
pub mod host;
pub mod npm;

use std::time::Duration;

use crate::case::{Case, Family, Level};
use crate::oracles::Oracles;
use crate::target_dir;

/// What became of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ended; this is what it printed, its traceback included.
    Text(String),
    /// The compiler refused it.
    Refused(String),
    /// The engine itself fell over: a signal, a panic, a trap.
    Crash(String),
    Timeout,
    /// The engine could not be started or spoken to.
    Broken(String),
}

/// Compiled files, ready for a VM.
#[derive(Debug)]
pub struct Program {
    /// Module name of the main file.
    pub main: String,
    /// Path as the VM sees it, and content.
    pub files: Vec<(String, Vec<u8>)>,
    pub big_heap: bool,
}

/// Who turns source into `.mpy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// Nobody beforehand: the VM is given the source.
    Source,
    Ours,
    /// Ours with `--no-optimise`.
    OursPlain,
    /// Ours with `-O3`.
    OursSmall,
    /// Ours, to machine code for the VM's CPU.
    OursNative,
    Stock,
    /// Stock's, to machine code for the VM's CPU.
    StockNative,
}

/// Who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vm {
    Npm,
    Host,
    /// Our runtime, collecting garbage at every allocation.
    HostCollecting,
    /// Our runtime many times, another allocation failing in each; see `exhaust`.
    HostExhausted,
    /// Our firmware.
    Board(board::Board),
}

impl Vm {
    /// The CPU, as `-march` has it, where machine code runs.
    fn arch(self) -> Option<&'static str> {
        match self {
            Vm::Npm => None,
            Vm::Host | Vm::HostCollecting | Vm::HostExhausted => {
                cfg!(target_arch = "x86_64").then_some("x64")
            }
            Vm::Board(board) => board.arch,
        }
    }
}

/// A compiler and a VM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Engine {
    pub name: &'static str,
    pub compiler: Compiler,
    pub vm: Vm,
}

/// Every engine, cheapest first.
pub const ENGINES: &[Engine] = &[
    Engine { name: "npm/stock", compiler: Compiler::Stock, vm: Vm::Npm },
    Engine { name: "npm/ours", compiler: Compiler::Ours, vm: Vm::Npm },
    Engine { name: "npm/small", compiler: Compiler::OursSmall, vm: Vm::Npm },
    Engine { name: "npm/plain", compiler: Compiler::OursPlain, vm: Vm::Npm },
    Engine { name: "hognose/source", compiler: Compiler::Source, vm: Vm::Host },
    Engine { name: "hognose/ours", compiler: Compiler::Ours, vm: Vm::Host },
    Engine { name: "hognose/plain", compiler: Compiler::OursPlain, vm: Vm::Host },
    Engine { name: "hognose/stock", compiler: Compiler::Stock, vm: Vm::Host },
    Engine { name: "hognose/native", compiler: Compiler::OursNative, vm: Vm::Host },
    Engine { name: "hognose/stock-native", compiler: Compiler::StockNative, vm: Vm::Host },
    Engine { name: "hognose/gc", compiler: Compiler::Source, vm: Vm::HostCollecting },
    Engine { name: "hognose/oom", compiler: Compiler::Source, vm: Vm::HostExhausted },
    on_board("boards/microbit", "microbit", Level::Core, "arm"),
    on_board("boards/minimal", "microbit", Level::Minimal, "arm"),
    on_board("boards/netduinoplus2", "netduinoplus2", Level::Full, "arm"),
    on_board("boards/mps2-an385", "mps2-an385", Level::Full, "arm"),
    on_board("boards/mps2-an500", "mps2-an500", Level::Full, "arm"),
    on_board("boards/riscv-virt", "riscv-virt", Level::Full, "riscv32"),
    on_board("boards/sifive-e", "sifive-e", Level::Core, "riscv32"),
    Engine { name: "boards/mps2-an385-native", compiler: Compiler::OursNative, vm: AN385 },
    Engine { name: "boards/riscv-virt-native", compiler: Compiler::OursNative, vm: VIRT },
    Engine { name: "boards/mps2-an500-native", compiler: Compiler::OursNative, vm: AN500 },
    Engine { name: "boards/netduinoplus2-native", compiler: Compiler::OursNative, vm: NETDUINO },
    Engine { name: "boards/armv6m-native", compiler: Compiler::OursNative, vm: ARMV6M },
    Engine { name: "boards/mps2-an385-rom", compiler: Compiler::StockNative, vm: AN385 },
    Engine { name: "boards/riscv-virt-rom", compiler: Compiler::StockNative, vm: VIRT },
    Engine { name: "boards/mps2-an500-rom", compiler: Compiler::StockNative, vm: AN500 },
    Engine { name: "boards/armv6m-rom", compiler: Compiler::StockNative, vm: ARMV6M },
];

const AN385: Vm = Vm::Board(board::Board::new("mps2-an385", Level::Full, "arm").running("armv7m"));
const ARMV6M: Vm =
    Vm::Board(board::Board::new("mps2-an385", Level::Full, "arm").running_foreign("armv6m"));
const AN500: Vm =
    Vm::Board(board::Board::new("mps2-an500", Level::Full, "arm").running("armv7emdp"));
const NETDUINO: Vm =
    Vm::Board(board::Board::new("netduinoplus2", Level::Full, "arm").running("armv7emsp"));
const VIRT: Vm =
    Vm::Board(board::Board::new("riscv-virt", Level::Full, "riscv32").running("rv32imc"));

const fn on_board(
    name: &'static str,
    board: &'static str,
    level: Level,
    system: &'static str,
) -> Engine {
    let vm = Vm::Board(board::Board::new(board, level, system));
    Engine { name, compiler: Compiler::Ours, vm }
}

impl Engine {
    pub fn family(self) -> Family {
        match self.vm {
            Vm::Npm => Family::Npm,
            Vm::Host | Vm::HostCollecting | Vm::HostExhausted => Family::Hognose,
            Vm::Board(_) => Family::Boards,
        }
    }

    /// What this machine lacks to use the engine, if anything.
    pub fn missing(self) -> Option<String> {
        let native = matches!(self.compiler, Compiler::OursNative | Compiler::StockNative);
        if native && self.vm.arch().is_none() {
            return Some("machine code for this CPU".into());
        }
        match self.vm {
            Vm::Board(board) => board.missing(),
            _ => None,
        }
    }

    /// Whether a case says that this engine should pass it.
    pub fn takes(self, case: &Case) -> bool {
        let often = matches!(self.vm, Vm::HostCollecting | Vm::HostExhausted);
        let too_slow = often && case.has_need("speed");
        let stock = matches!(self.compiler, Compiler::Stock | Compiler::StockNative);
        let refused = case.extended && stock;
        let without_lines = matches!(
            self.compiler,
            Compiler::OursSmall | Compiler::OursNative | Compiler::StockNative
        );
        let dropped = without_lines && case.has_need("lines");
        let too_big = match self.vm {
            // Boards have the floats that their chips calculate with, and no files.
            Vm::Board(board) => {
                case.level > board.level || case.has_need("f64") || case.has_need("files")
            }
            _ => false,
        };
        let bytecode = matches!(self.compiler, Compiler::Ours | Compiler::OursPlain);
        let without_machine = case.has_need("machine") && bytecode && self.vm == Vm::Host;
        let wrong = refused || without_machine;
        case.runs_on(self.family()) && !too_slow && !wrong && !dropped && !too_big
    }

    fn limit(self) -> Duration {
        match self.vm {
            Vm::HostCollecting | Vm::Board(_) => Duration::from_secs(60),
            Vm::Npm | Vm::Host | Vm::HostExhausted => Duration::from_secs(15),
        }
    }
}

/// The tools that engines are made of.
pub struct Bench {
    oracles: Oracles,
    npm: npm::NpmVm,
    host: host::Host,
}

impl Bench {
    /// Finds the oracles and builds our own command line.
    ///
    /// # Errors
    /// A text that says which tool is missing.
    pub fn new() -> Result<Self, String> {
        let oracles = Oracles::locate()?;
        let npm = npm::NpmVm::new(&oracles.npm_module, &target_dir().join("testsuite"))
            .map_err(|e| format!("cannot prepare stock's VM: {e}"))?;
        Ok(Self { npm, host: host::Host::build()?, oracles })
    }

    /// Only stock's tools: what an expected text may come from.
    ///
    /// # Errors
    /// A text that says which tool is missing.
    pub fn stock() -> Result<Self, String> {
        let oracles = Oracles::locate()?;
        let npm = npm::NpmVm::new(&oracles.npm_module, &target_dir().join("testsuite"))
            .map_err(|e| format!("cannot prepare stock's VM: {e}"))?;
        Ok(Self { npm, host: host::Host::absent(), oracles })
    }

    /// Runs one case on one engine.
    pub fn run(&self, engine: Engine, case: &Case) -> Outcome {
        let limit = engine.limit();
        if let Vm::Board(board) = engine.vm {
            return match self.host.command() {
                Ok(hognose) if board.foreign || engine.compiler == Compiler::StockNative => {
                    let files = compile::program(engine, case, &self.oracles, &self.host);
                    match files.and_then(|program| self.host.romfs(&program)) {
                        Ok(files) => board.run_files(hognose, &files, limit),
                        Err(outcome) => outcome,
                    }
                }
                Ok(hognose) => {
                    board.run(hognose, case, engine.compiler == Compiler::OursNative, limit)
                }
                Err(outcome) => outcome,
            };
        }
        match engine.vm {
            Vm::HostExhausted => return exhaust::run(&self.host, case, limit),
            Vm::HostCollecting => return self.host.run_source(case, &["gc-stress"], limit),
            _ if engine.compiler == Compiler::Source => {
                return self.host.run_source(case, &[], limit);
            }
            _ => {}
        }
        match compile::program(engine, case, &self.oracles, &self.host) {
            Err(outcome) => outcome,
            Ok(program) => match engine.vm {
                Vm::Npm => self.npm.run(&program, limit),
                _ => self.host.run_compiled(case, &program, limit),
            },
        }
    }
}
