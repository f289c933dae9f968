//! Statements.

use super::{BinOp, ExprId, List, Symbol, VarId};
use crate::diag::Span;

/// A statement and where it stands in the source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Its range of the source.
    pub span: Span,
}

/// A run of statements.
pub type Block = List<Stmt>;

/// What a statement does.
///
/// A *target* is an expression of kind `Name`, `Attr`, `Subscript`, `Tuple`, `List` or (inside
/// those two) `Starred`; [`super::verify()`] holds lowering to that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StmtKind {
    /// Evaluate and forget; in interactive input, show.
    Expr(ExprId),
    /// `target = target = value`: the value once, then the targets from left to right.
    Assign { targets: List<ExprId>, value: ExprId },
    /// `target op= value`; the target is a `Name`, `Attr` or `Subscript`.
    AugAssign { target: ExprId, op: BinOp, value: ExprId },
    /// `del target`; the target is a `Name`, `Attr` or `Subscript`.
    Del(ExprId),
    /// `return`, in functions; also how a class body gives back its `__class__` cell.
    Return(Option<ExprId>),
    /// `raise`, `raise exc`, `raise exc from cause`.
    Raise { exc: Option<ExprId>, cause: Option<ExprId> },
    /// Leave the nearest loop.
    Break,
    /// Next turn of the nearest loop.
    Continue,
    /// `if`/`elif` arms, at least one, in order; then `else`.
    If { arms: List<Arm>, orelse: Block },
    /// `while test: body else: orelse`
    While { test: ExprId, body: Block, orelse: Block },
    /// `for target in iter: body else: orelse`
    For { target: ExprId, iter: ExprId, body: Block, orelse: Block },
    /// `try` with handlers, `else` and `finally`. At least one of handlers and `finally` is there
    /// (an empty `finally` block is no `finally`).
    Try { body: Block, handlers: List<Handler>, orelse: Block, finalbody: Block },
    /// `with context as target: body`
    With { context: ExprId, target: Option<ExprId>, body: Block },
    /// `async for target in iter: body else: orelse`
    AsyncFor { target: ExprId, iter: ExprId, body: Block, orelse: Block },
    /// `async with context as target: body`
    AsyncWith { context: ExprId, target: Option<ExprId>, body: Block },
    /// `import module` or `import module as target`: binds the first part of the dotted name, or
    /// with `attrs` (the parts after the first) the submodule itself.
    Import { module: Symbol, attrs: List<Symbol>, target: VarId },
    /// `from module import names`; `level` counts the leading dots, `module` may be empty.
    ImportFrom { module: Symbol, level: u32, names: List<ImportName> },
    /// `from module import *`; module scope only.
    ImportStar { module: Symbol, level: u32 },
    /// Adds a value to what a comprehension scope makes: to the list or set; or yields it.
    CompAdd(ExprId),
    /// Adds a pair to the dictionary that a comprehension scope makes.
    CompAddPair { key: ExprId, value: ExprId },
}

/// An `if` or `elif`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arm {
    /// The condition.
    pub test: ExprId,
    /// What is done where it holds.
    pub body: Block,
}

/// An `except` clause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Handler {
    /// The exception type or tuple of types; `None` for all, in the last clause only.
    pub exception: Option<ExprId>,
    /// The name that holds the exception inside the clause and is deleted after it.
    pub name: Option<VarId>,
    /// What is done.
    pub body: Block,
    /// The clause's first line.
    pub span: Span,
}

/// One name of `from … import`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImportName {
    /// Its name in the module.
    pub name: Symbol,
    /// What it is bound to here.
    pub target: VarId,
}
