//! From HIR to stack code, one scope at a time.
//!
//! | module | lowers |
//! | --- | --- |
//! | here | a scope's frame: what stands before and after its body |
//! | [`expr`] | expressions, to a value on the stack |
//! | [`cond`] | expressions, to a jump |
//! | [`call`] | calls, function and class objects, comprehensions |
//! | [`target`] | names, assignments, deletions |
//! | [`stmt`] | statements |
//! | [`flow`] | loops, `try`, `with` |
//! | [`coroutine`] | `await`, `async for`, `async with` |

mod call;
mod cond;
mod coroutine;
mod expr;
mod flow;
mod private;
mod stmt;
mod target;

use mpy_format::Const as Value;

use self::private::Private;
use super::build::Builder;
use super::ir::{BlockId, Code, Op, RegionId, Term};
use super::konst::{self, Konsts};
use crate::Options;
use crate::diag::{self, Diagnostic, Span};
use crate::hir::Collection;
use crate::hir::{
    Block, Const, ExprId, Module, Scope, ScopeId, ScopeKind, Stmt, StmtKind, Symbol, Symbols,
};

/// The stack code of a scope, unoptimised.
///
/// # Errors
/// `Limit` where the scope exceeds what the format can express.
pub fn lower(
    module: &Module,
    scope: ScopeId,
    options: &Options,
    names: &Names,
    konsts: &mut Konsts,
) -> Result<Code, Diagnostic> {
    let mut lower = Lower {
        m: module,
        scope: &module[scope],
        options,
        names: *names,
        konsts,
        b: Builder::new(options.keeps_lines().then_some(&module.lines)),
        loops: Vec::new(),
        private: Private::default(),
        nesting: 0,
        left: 0,
        fills: Vec::new(),
        error: None,
    };
    lower.run();
    match lower.error {
        None => Ok(lower.b.finish()),
        Some(error) => Err(error),
    }
}

/// Texts that code names though the source may not.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    pub star: Symbol,
    aiter: Symbol,
    anext: Symbol,
    aenter: Symbol,
    aexit: Symbol,
    class: Symbol,
    repl_print: Symbol,
    base_exception: Symbol,
    stop_async_iteration: Symbol,
}

impl Names {
    /// Their symbols, added where they are missing.
    pub fn intern(symbols: &mut Symbols) -> Self {
        let mut name = |text: &str| symbols.intern(text.as_bytes());
        Self {
            star: name("*"),
            aiter: name("__aiter__"),
            anext: name("__anext__"),
            aenter: name("__aenter__"),
            aexit: name("__aexit__"),
            class: name("__class__"),
            repl_print: name("__repl_print__"),
            base_exception: name("BaseException"),
            stop_async_iteration: name("StopAsyncIteration"),
        }
    }
}

/// A loop around the code at hand.
struct Loop {
    /// Where `break` goes.
    leave: BlockId,
    /// Where `continue` goes.
    again: BlockId,
    /// Whether `break` has an iterator to pop on its way.
    pop_iter: bool,
    /// The handlers around the loop.
    region: RegionId,
}

struct Lower<'m> {
    m: &'m Module,
    scope: &'m Scope,
    options: &'m Options,
    names: Names,
    konsts: &'m mut Konsts,
    b: Builder<'m>,
    loops: Vec<Loop>,
    private: Private,
    /// Blocks around the statement at hand.
    nesting: u32,
    /// Imported modules that were left at the bottom of the stack.
    left: u32,
    /// What the comprehensions around the statement fill, and at which depth of the stack it lies.
    fills: Vec<(Collection, u32)>,
    error: Option<Diagnostic>,
}

impl Lower<'_> {
    fn run(&mut self) {
        let scope = self.scope;
        if self.options.optimise {
            self.private = Private::of(self.m, scope);
        }
        self.b.at(scope.span.start);
        match scope.kind.collection() {
            Some(collection) => self.collect(collection, scope.body),
            None => {
                self.block(scope.body);
                // Nobody asks for what a module returns.
                if self.left == 0 || scope.kind != ScopeKind::Module {
                    self.b.op(Op::LoadNone);
                }
            }
        }
        self.b.end(Term::Return);
    }

    fn block(&mut self, block: Block) {
        self.nesting += 1;
        let statements = &self.m[block];
        let is_import = |s: &Stmt| matches!(s.kind, StmtKind::Import { .. });
        for run in statements.chunk_by(|a, b| is_import(a) == is_import(b)) {
            if self.options.optimise && run.len() > 1 && is_import(&run[0]) {
                self.imports(run);
            } else {
                run.iter().for_each(|&statement| self.stmt(statement));
            }
        }
        self.nesting -= 1;
    }

    /// Pushes a constant.
    fn konst(&mut self, konst: Const) {
        let op = match konst {
            Const::None => Op::LoadNone,
            Const::False => Op::LoadFalse,
            Const::True => Op::LoadTrue,
            Const::Str(symbol) => Op::LoadStr(symbol),
            Const::Int(value) => match self.small_int(value) {
                Some(small) => Op::LoadInt(small),
                None => self.interned(Value::Int(value.to_string())),
            },
            Const::Complex(bits) => {
                let (real, imaginary) = self.m[bits];
                if let Some(value) = konst::value(self.m, konst) {
                    self.interned(value)
                } else {
                    // No loader reads such a number; it is put together from its parts.
                    let real = konst::value(self.m, Const::Float(real)).unwrap_or(Value::None);
                    let real = self.interned(real);
                    self.b.op(real);
                    let text = Value::Complex(konst::imaginary_text(imaginary));
                    let imaginary = self.interned(text);
                    self.b.op(imaginary);
                    return self.b.op(Op::Binary(mpy_format::BinaryOp::Add));
                }
            }
            Const::Tuple(items) => match konst::value(self.m, konst) {
                Some(_) if items.is_empty() => Op::BuildTuple(0),
                Some(value) => self.interned(value),
                None => {
                    let module = self.m;
                    for &item in &module[items] {
                        self.konst(item);
                    }
                    Op::BuildTuple(items.len() as u32)
                }
            },
            _ => match konst::value(self.m, konst) {
                Some(value) => self.interned(value),
                None => Op::LoadNone,
            },
        };
        self.b.op(op);
    }

    fn interned(&mut self, value: Value) -> Op {
        Op::LoadConst(self.konsts.intern(value))
    }

    /// The integer as an operand, if it needs no heap on the target.
    fn small_int(&self, value: i64) -> Option<i32> {
        let limit = 1i64 << self.options.small_int_bits.clamp(2, 32).saturating_sub(1);
        (-limit..limit).contains(&value).then(|| i32::try_from(value).ok()).flatten()
    }

    /// Remembers the first limit that was exceeded.
    fn limit(&mut self, span: Span, message: &str) {
        if self.error.is_none() {
            self.error = Some(Diagnostic::new(diag::Code::Limit, span, message));
        }
    }

    fn span(&self, expr: ExprId) -> Span {
        self.m[expr].span
    }
}
