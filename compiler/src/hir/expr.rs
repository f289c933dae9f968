//! Expressions.

use super::{Const, ExprId, List, ScopeId, Stmt, Symbol, VarId};
use crate::diag::Span;

/// An expression and where it stands in the source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its range of the source; that of the construct it stands for where lowering made it.
    pub span: Span,
}

/// What an expression does. Operands are evaluated in the order of the fields, each once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExprKind {
    /// A value known now.
    Const(Const),
    /// A name; its [`Storage`](super::Storage) says how to load, store or delete it.
    Name(VarId),
    /// A name of the module or, failing that, a builtin, whatever the scope declares.
    Global(Symbol),
    /// The cell object itself of a captured variable (class bodies return that of `__class__`).
    CellOf(VarId),
    /// The iterator or iterable that a comprehension's function was handed as its argument.
    /// Only the outermost `for` of a comprehension scope has it.
    CompSource,
    /// `-x`, `+x`, `~x`, `not x`.
    Unary { op: UnaryOp, operand: ExprId },
    /// `left op right`; with `inplace` the form that may change and give back `left`.
    Binary { op: BinOp, inplace: bool, left: ExprId, right: ExprId },
    /// One comparison.
    Compare { op: CmpOp, left: ExprId, right: ExprId },
    /// `first op value op value…` with at least two links; stops at the first false one.
    CompareChain { first: ExprId, rest: List<CompareLink> },
    /// `a and b and…`: the first false operand or the last one. At least two.
    And(List<ExprId>),
    /// `a or b or…`: the first true operand or the last one. At least two.
    Or(List<ExprId>),
    /// `then if test else orelse`; the test is evaluated first.
    IfExp { test: ExprId, then: ExprId, orelse: ExprId },
    /// A call. Calls of an [`ExprKind::Attr`] may use the method opcodes.
    Call { func: ExprId, args: List<Arg> },
    /// `super()` in a method: `func(class, this)`. A method call on it may use the super-method load.
    Super { func: ExprId, class: ExprId, this: ExprId },
    /// `object.name`
    Attr { object: ExprId, name: Symbol },
    /// `object[index]`
    Subscript { object: ExprId, index: ExprId },
    /// `lower:upper:step`; only inside an index.
    Slice { lower: Option<ExprId>, upper: Option<ExprId>, step: Option<ExprId> },
    /// A new tuple; as a target, an unpacking.
    Tuple(List<ExprId>),
    /// A new list; as a target, an unpacking.
    List(List<ExprId>),
    /// A new set, never empty.
    Set(List<ExprId>),
    /// A new dictionary.
    Dict(List<DictItem>),
    /// `*x`: in a target only, at most one in each unpacking.
    Starred(ExprId),
    /// `name := value`
    Walrus { target: VarId, value: ExprId },
    /// `yield` or `yield value`
    Yield(Option<ExprId>),
    /// `yield from value`
    YieldFrom(ExprId),
    /// `await value`
    Await(ExprId),
    /// A new function object of a function or lambda scope.
    Function(FunctionExpr),
    /// The class that a class scope makes: `__build_class__(body, name, *args)`.
    Class { scope: ScopeId, args: List<Arg> },
    /// A comprehension: its function called with `source` (of which a generator expression first
    /// takes the iterator). An asynchronous one stands inside [`ExprKind::Await`] unless it is a
    /// generator expression.
    Comp { scope: ScopeId, source: ExprId },
    /// A comprehension in the frame of the code around it: statements that add to a new collection,
    /// which is the value. The names it binds are temporaries.
    Collect { collection: Collection, body: List<Stmt> },
    /// Statements, then the value: made by lowering only. The statements neither leave the
    /// expression by `return`, `break` or `continue` nor hold a `yield` of their own statement level.
    Block { body: List<Stmt>, value: ExprId },
}

/// The collections that comprehensions fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// A list.
    List,
    /// A dictionary.
    Dict,
    /// A set.
    Set,
}

/// The parts of a function object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FunctionExpr {
    /// The function's scope. Its free variables are to be captured from this one.
    pub scope: ScopeId,
    /// Default values of the last positional parameters.
    pub defaults: List<ExprId>,
    /// Default values of keyword-only parameters.
    pub kw_defaults: List<KwDefault>,
}

/// A keyword-only parameter's default value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KwDefault {
    /// The parameter's name.
    pub name: Symbol,
    /// The value.
    pub value: ExprId,
}

/// A further link of a chained comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareLink {
    /// The operator before it.
    pub op: CmpOp,
    /// The operand.
    pub value: ExprId,
}

/// A pair of a dictionary display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DictItem {
    /// The key.
    pub key: ExprId,
    /// The value.
    pub value: ExprId,
}

/// An argument of a call. All [`ArgKind::Pos`] and [`ArgKind::Star`] come before the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arg {
    /// How it is passed.
    pub kind: ArgKind,
    /// What is passed.
    pub value: ExprId,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgKind {
    /// By position.
    Pos,
    /// `*value`
    Star,
    /// `name=value`
    Keyword(Symbol),
    /// `**value`
    DoubleStar,
}

/// Operators of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `+`
    Pos,
    /// `-`
    Neg,
    /// `~`
    Invert,
    /// `not`
    Not,
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinOp {
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `&`
    And,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `@`
    MatMul,
    /// `//`
    FloorDiv,
    /// `/`
    TrueDiv,
    /// `%`
    Mod,
    /// `**`
    Pow,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CmpOp {
    /// `<`
    Lt,
    /// `>`
    Gt,
    /// `==`
    Eq,
    /// `<=`
    Le,
    /// `>=`
    Ge,
    /// `!=`
    Ne,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `is`
    Is,
    /// `is not`
    IsNot,
}
