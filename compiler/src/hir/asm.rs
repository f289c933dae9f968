//! Bodies of inline-assembler functions, which are Python in form only.

use super::{Annotation, Symbol};
use crate::diag::Span;

/// The instructions of an inline-assembler function; its parameters are those of the scope.
#[derive(Clone, Debug, PartialEq)]
pub struct AsmBody {
    /// The instructions in order.
    pub instructions: Vec<AsmInstruction>,
    /// What the function returns.
    pub returns: Option<Annotation>,
}

/// `name(arg, …)`
#[derive(Clone, Debug, PartialEq)]
pub struct AsmInstruction {
    /// The mnemonic or directive.
    pub name: Symbol,
    /// The operands.
    pub args: Vec<AsmArg>,
    /// Where it stands.
    pub span: Span,
}

/// An operand and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct AsmArg {
    /// What it is.
    pub kind: AsmArgKind,
    /// Where it stands.
    pub span: Span,
}

/// What an operand is. Constant expressions are folded already.
#[derive(Clone, Debug, PartialEq)]
pub enum AsmArgKind {
    /// A register, label or other word.
    Name(Symbol),
    /// An integer; of one that 64 bits do not hold, the low 127 bits.
    Int(i128),
    /// `[a, b]`
    List(Vec<AsmArg>),
    /// `{a, b}`
    Set(Vec<AsmArg>),
    /// `a - b` of two words: the registers from `a` to `b`, inside a set.
    Range(Symbol, Symbol),
    /// `a(b)`, such as an offset and its base register. `-4(sp)` has the offset -4.
    Call(Box<AsmArg>, Vec<AsmArg>),
    /// Anything else; no instruction takes it.
    Other,
}
