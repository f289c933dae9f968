//! Which functions are worth machine code, where all may become it.
//!
//! Machine code is three to six times as large as bytecode. What it gains lies in loops, and in
//! functions that loops call; the rest of a program costs size and gives no time. So
//! where a program asks for machine code *where it pays* ([`Emit::Selected`]), every
//! scope is rated by
//!
//! ```text
//!   runs × instructions saved in a run × share of its instructions that this is
//!   ───────────────────────────────────────────────────────────────────────────
//!         bytes more than bytecode × √(instructions of the whole module)
//! ```
//!
//! and becomes machine code from [`WORTH`] on, unless the rating without the root is below
//! [`LEAST`], as in small modules that do nothing often. Without the root, what counts
//! would be how many instructions a byte saves, whatever the rest of the module does; with
//! all of the module's instructions below, which part of its time. The first takes too much
//! of modules that count high, the second too little of those that do a bit of everything:
//! this is the geometric mean. All of it is estimated from stack code:
//!
//! * *Saved* is what the interpreter spends on fetching and decoding, and on calling its
//!   own loop, and what inline paths spare. The share tells arithmetic from calls, which
//!   take as long in machine code.
//! * A loop runs [`LOOP`] times, a branch goes either way as often. Blocks that end in a
//!   raise, and handlers, do not run. `yield from` passes through exception buffers,
//!   which takes longer in machine code than in bytecode.
//! * *Runs* follow names. Who mentions a function's name may call it, as often as the
//!   mention is executed; a class's name stands for its `__init__`, an operator for its
//!   method. A function that mentions itself does what a loop does, and what the runtime
//!   calls for every piece of data ([`PROTOCOL`]) runs often. Everything else may be called
//!   once from outside.
//!
//! Two kinds of code are machine code whatever they are worth, because bytecode leaves
//! entries in tracebacks and machine code does not: a module that prints exceptions, which
//! shows the same as one that MicroPython compiles, and functions that do nothing but raise.
//! A module that looks at the bytecode of functions, their `__code__`, stays as it is.
//!
//! A decorator, a profile and [`Emit::Native`] leave nothing to choose.

use std::collections::{BTreeMap, HashMap};

use mpy_format::{BinaryOp, UnaryOp};

use super::Machine;
use crate::Options;
use crate::bytecode::ir::{Block, BlockId, Code, Op, Term};
use crate::bytecode::{self, Konsts, Names};
use crate::clif::{loop_depths, reverse_postorder};
use crate::hir::{Emit, Module, ScopeId, ScopeKind};

/// The function that prints an exception with its traceback.
const PRINTS: &[u8] = b"print_exception";

/// The attribute of functions in bytecode that those in machine code do not have.
const CODE: &[u8] = b"__code__";

/// From which rating on a scope becomes machine code: so that MicroPython's benchmarks stay
/// within twice the size of their bytecode on the CPUs whose code is shortest.
const WORTH: f64 = 0.0093;

/// The least instructions for each byte, weighed by their share, whatever the module is.
const LEAST: f64 = 2.0;

/// How often a loop is taken to run, and how deep that goes.
const LOOP: f64 = 10.0;
const DEEPEST: u32 = 3;

/// The most runs that are believed.
const MOST_RUNS: f64 = 1e4;

/// How far runs are followed from caller to caller.
const ROUNDS: usize = 8;

/// Instructions of a call of a function, those that it saves, and those that `yield from`
/// loses.
const ENTRY: f64 = 250.0;
const CALL: f64 = 100.0;
const RESUME: f64 = 150.0;

/// Methods that the runtime calls of streams and block devices, often.
const OFTEN: f64 = 100.0;
const PROTOCOL: [&[u8]; 6] =
    [b"read", b"readinto", b"write", b"ioctl", b"readblocks", b"writeblocks"];

/// Bytes of the start and end of a function, and of a handler.
const FUNCTION: f64 = 60.0;
const HANDLER: f64 = 60.0;

/// Settles every scope of which the choice is open.
pub fn settle(module: &mut Module, options: &Options, names: &Names, machine: Option<&Machine>) {
    if options.emit != Emit::Selected {
        return;
    }
    let Some(thrift) = machine.and_then(Machine::thrift) else {
        // Whoever compiles them says that they cannot be machine code.
        let open = module.scopes.iter_mut().filter(|scope| scope.emit == Emit::Selected);
        open.for_each(|scope| scope.emit = Emit::Native);
        return;
    };
    let parts = parts(module, options, names);
    let runs = runs(module, &parts);
    let mentions = |text| parts.values().any(|part| part.mentions.contains_key(text));
    let (prints, looks) = (mentions(PRINTS), mentions(CODE));
    let all: f64 = parts.iter().map(|(id, part)| runs[id.index()] * part.rate.cost).sum();
    let whole = thrift * all.sqrt();
    for (id, part) in &parts {
        let rating = part.rate.worth(runs[id.index()]);
        let pays = rating >= LEAST && rating >= WORTH * whole;
        let worth = prints || !looks && (part.only_raises || pays);
        let scope = &mut module.scopes[id.index()];
        if scope.emit == Emit::Selected {
            scope.emit = if worth { Emit::Native } else { Emit::Bytecode };
            scope.heat = Some(runs[id.index()] / whole);
        }
    }
    // Code that is never reached makes no function of these.
    for scope in &mut module.scopes {
        if scope.emit == Emit::Selected {
            scope.emit = Emit::Bytecode;
        }
    }
}

/// What is estimated of a scope.
#[derive(Default)]
struct Part {
    /// Of a run.
    rate: Rate,
    /// Whether it never returns.
    only_raises: bool,
    /// Texts that are mentioned, and how often in a run.
    mentions: BTreeMap<Vec<u8>, f64>,
    /// Scopes that are made and run at once.
    runs: Vec<(ScopeId, f64)>,
}

/// Every scope that code makes a function of. What cannot be compiled is left out: it is
/// found again when it is.
fn parts(module: &Module, options: &Options, names: &Names) -> BTreeMap<ScopeId, Part> {
    let mut konsts = Konsts::default();
    let mut parts = BTreeMap::new();
    let mut todo = vec![Module::root()];
    while let Some(id) = todo.pop() {
        if module[id].emit.is_asm() {
            continue;
        }
        if let Ok(function) = bytecode::compile(module, id, options, names, &mut konsts) {
            parts.insert(id, Part::new(module, id, &function.code));
            todo.extend(function.children);
        }
    }
    parts
}

impl Part {
    fn new(module: &Module, id: ScopeId, code: &Code) -> Part {
        let scope = &module[id];
        let mut part =
            Part { rate: Rate { bytes: FUNCTION, ..Rate::default() }, ..Part::default() };
        let depths = loop_depths(code);
        let frequencies = frequencies(code, &depths);
        let most = frequencies.iter().copied().fold(1.0, f64::max);
        part.only_raises = scope.kind == ScopeKind::Function;
        let mut handlers = 0.0;
        for &block in &code.order {
            let &Block { term, depth, .. } = code.block(block);
            if depth == Block::UNREACHED {
                continue;
            }
            let times = frequencies[block.index()];
            for inst in code.body(block) {
                part.rate.add(Rate::of(inst.op, depths[block.index()] > 0), times);
                part.mention(module, id, inst.op, times);
                if let Op::MakeFunction { scope, .. } | Op::MakeClosure { scope, .. } = inst.op {
                    // What is called here is kept in locals that have no names any more.
                    let inner = scope_is_called(module, id, scope);
                    part.runs.push((scope, if inner { most } else { times }));
                }
            }
            part.rate.add(Rate::of_end(term), times);
            part.only_raises &= !matches!(term, Term::Return);
            if matches!(term, Term::Setup { .. }) {
                handlers += 1.0;
            }
            if matches!(term, Term::ForIter { .. }) {
                part.add(b"__next__", times);
            }
        }
        // The interpreter's loop is entered anew for a function; a handler asks for the
        // same from machine code.
        if scope.kind.is_function_like() {
            part.rate.cost += ENTRY;
            if !scope.is_generator && handlers == 0.0 {
                part.rate.saved += CALL;
            }
        }
        part
    }

    fn add(&mut self, text: &[u8], times: f64) {
        *self.mentions.entry(text.to_vec()).or_default() += times;
    }

    /// Takes note of what an instruction may call.
    fn mention(&mut self, module: &Module, id: ScopeId, op: Op, times: f64) {
        match op {
            Op::LoadGlobal(name)
            | Op::LoadName(name)
            | Op::LoadAttr(name)
            | Op::LoadMethod(name)
            | Op::LoadSuperMethod(name)
            | Op::ImportFrom(name) => self.add(module.text(name), times),
            Op::LoadFast(var) | Op::LoadBound(var) | Op::LoadDeref(var) => {
                self.add(module.text(module[id].var(var).name), times);
            }
            Op::LoadSubscr => self.add(b"__getitem__", times),
            Op::StoreSubscr => self.add(b"__setitem__", times),
            Op::GetIter | Op::GetIterStack => self.add(b"__iter__", times),
            Op::Call(_) | Op::CallVar(_) => self.add(b"__call__", times),
            Op::Binary(op) => {
                if let Some(name) = operator(op) {
                    self.add(name, times);
                }
            }
            Op::Unary(UnaryOp::Negative) => self.add(b"__neg__", times),
            _ => {}
        }
    }
}

/// The method of an operator.
fn operator(op: BinaryOp) -> Option<&'static [u8]> {
    Some(match op.plain() {
        BinaryOp::Less => b"__lt__",
        BinaryOp::More => b"__gt__",
        BinaryOp::Equal | BinaryOp::NotEqual => b"__eq__",
        BinaryOp::LessEqual => b"__le__",
        BinaryOp::MoreEqual => b"__ge__",
        BinaryOp::In => b"__contains__",
        BinaryOp::Add => b"__add__",
        BinaryOp::Subtract => b"__sub__",
        BinaryOp::Multiply => b"__mul__",
        BinaryOp::TrueDivide => b"__truediv__",
        BinaryOp::FloorDivide => b"__floordiv__",
        BinaryOp::Modulo => b"__mod__",
        BinaryOp::Power => b"__pow__",
        BinaryOp::And => b"__and__",
        BinaryOp::Or => b"__or__",
        BinaryOp::Xor => b"__xor__",
        BinaryOp::Lshift => b"__lshift__",
        BinaryOp::Rshift => b"__rshift__",
        _ => return None,
    })
}

/// Whether a scope that another makes is a function inside a function.
fn scope_is_called(module: &Module, outer: ScopeId, inner: ScopeId) -> bool {
    module[inner].kind == ScopeKind::Function && module[outer].kind.is_function_like()
}

/// An estimate of instructions and bytes.
#[derive(Clone, Copy, Default)]
struct Rate {
    /// Instructions that the interpreter executes, the runtime's included.
    cost: f64,
    /// How many of them machine code saves.
    saved: f64,
    /// Bytes that it takes more.
    bytes: f64,
}

impl Rate {
    fn add(&mut self, other: Rate, times: f64) {
        self.cost += other.cost * times;
        self.saved += other.saved * times;
        self.bytes += other.bytes;
    }

    /// What machine code is worth where the code runs so often.
    fn worth(&self, runs: f64) -> f64 {
        if self.saved <= 0.0 {
            0.0
        } else {
            runs * self.saved * self.saved / self.cost / self.bytes
        }
    }

    fn of(op: Op, in_loop: bool) -> Rate {
        let (cost, saved, bytes) = match op {
            Op::LoadNone
            | Op::LoadFalse
            | Op::LoadTrue
            | Op::LoadNull
            | Op::LoadInt(_)
            | Op::LoadFast(_)
            | Op::LoadBound(_)
            | Op::LoadCell(_)
            | Op::LoadSource
            | Op::StoreFast(_)
            | Op::DeleteFast(_)
            | Op::Dup
            | Op::DupTwo
            | Op::Pop
            | Op::RotTwo
            | Op::RotThree
            | Op::RotUnwind => (10.0, 8.0, 2.0),
            Op::Binary(op) if in_loop && is_inline(op) => (60.0, 40.0, 12.0),
            Op::Binary(BinaryOp::Is) => (40.0, 30.0, 8.0),
            Op::LoadSubscr | Op::StoreSubscr if in_loop => (80.0, 15.0, 8.0),
            Op::YieldFrom => (200.0, -RESUME, 20.0),
            Op::YieldValue => (200.0, 0.0, 20.0),
            Op::Call(_) | Op::CallMethod(_) | Op::CallVar(_) | Op::CallMethodVar(_) => {
                (200.0, 6.0, 8.0)
            }
            Op::LoadAttr(_) | Op::LoadMethod(_) | Op::StoreAttr(_) => (120.0, 6.0, 8.0),
            _ => (60.0, 6.0, 8.0),
        };
        Rate { cost, saved, bytes }
    }

    fn of_end(term: Term) -> Rate {
        let (cost, saved, bytes) = match term {
            Term::Setup { .. } => (40.0, 0.0, HANDLER),
            Term::ForIter { .. } => (60.0, 8.0, 10.0),
            Term::Branch { .. } | Term::BranchOrPop { .. } => (20.0, 14.0, 4.0),
            _ => (10.0, 8.0, 2.0),
        };
        Rate { cost, saved, bytes }
    }
}

/// Whether machine code does it to small integers without a call.
fn is_inline(op: BinaryOp) -> bool {
    let other =
        matches!(op.plain(), BinaryOp::TrueDivide | BinaryOp::Power | BinaryOp::MatMultiply);
    !other && op != BinaryOp::In && op != BinaryOp::ExceptionMatch
}

/// How often each block runs in a run of its function, by [`BlockId`].
fn frequencies(code: &Code, depths: &[u32]) -> Vec<f64> {
    let order = reverse_postorder(code);
    let mut frequencies = vec![0.0; code.blocks.len()];
    let mut seen = vec![false; code.blocks.len()];
    frequencies[order[0].index()] = 1.0;
    let raises = |id: BlockId| {
        matches!(
            code.block(id).term,
            Term::RaiseObj | Term::RaiseLast | Term::RaiseFrom | Term::Reraise
        )
    };
    let level = |id: BlockId| depths[id.index()].min(DEEPEST) as i32;
    for id in order {
        seen[id.index()] = true;
        let Block { term, .. } = *code.block(id);
        let own = frequencies[id.index()];
        let next: Vec<BlockId> = match term {
            Term::Setup { next, .. } => vec![next],
            term => term.successors().filter(|&to| !raises(to)).collect(),
        };
        // Who stays in the loop goes on with what does not leave it.
        let inner = next.iter().map(|&to| level(to)).max().unwrap_or(0);
        let staying = next.iter().filter(|&&to| level(to) == inner).count() as f64;
        for to in next {
            if seen[to.index()] {
                continue;
            }
            let share = if level(to) == inner { 1.0 / staying } else { 1.0 };
            frequencies[to.index()] += own * share * LOOP.powi(level(to) - level(id));
        }
    }
    frequencies
}

/// How often each scope runs when the module is imported and everything is called once.
fn runs(module: &Module, parts: &BTreeMap<ScopeId, Part>) -> Vec<f64> {
    let mut called: HashMap<&[u8], Vec<usize>> = HashMap::new();
    let mut first = vec![0.0; module.scopes.len()];
    for (at, scope) in module.scopes.iter().enumerate() {
        let name = module.text(scope.name);
        if scope.kind == ScopeKind::Module {
            first[at] = 1.0;
        }
        if scope.kind == ScopeKind::Function {
            first[at] = 1.0;
            called.entry(name).or_default().push(at);
            let class = scope.parent.map(|parent| &module[parent]);
            if let Some(class) = class.filter(|c| c.kind == ScopeKind::Class) {
                if name == b"__init__" {
                    called.entry(module.text(class.name)).or_default().push(at);
                }
                if PROTOCOL.contains(&name) {
                    first[at] = OFTEN;
                }
            }
        }
    }
    let mut runs = first.clone();
    for _ in 0..ROUNDS {
        let mut next = first.clone();
        for (id, part) in parts {
            let own = runs[id.index()];
            for (text, times) in &part.mentions {
                for &at in called.get(text.as_slice()).into_iter().flatten() {
                    // Who calls itself does what a loop does.
                    next[at] += if at == id.index() { LOOP } else { times * own };
                }
            }
            for (scope, times) in &part.runs {
                next[scope.index()] += times * own;
            }
        }
        for runs in &mut next {
            *runs = runs.min(MOST_RUNS);
        }
        runs = next;
    }
    runs
}
