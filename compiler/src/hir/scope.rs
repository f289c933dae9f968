//! Scopes: what runs in a frame of its own, and the names it sees.
//!
//! State array of a frame, as boards lay it out:
//!
//! ```text
//! slot 0 …                                                       … slots.len() - 1
//! | free variables | positional | keyword-only | *args | **kw | other locals and cells |
//! ```
//!
//! Free variables hold cells that the function object brings along. A parameter that is captured
//! stays in its slot and is wrapped in a cell on entry, as are the other cells. Class and module
//! scopes have slots for temporaries (and `__class__`) only; their names live in a dictionary.

use super::{AsmBody, Block, Collection, ScopeId, Slot, Symbol, VarId};
use crate::diag::Span;

/// A function, class, comprehension or the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// What it is.
    pub kind: ScopeKind,
    /// The scope it stands in; `None` for the module.
    pub parent: Option<ScopeId>,
    /// Its plain name, such as `f`, `<lambda>` or `<module>`.
    pub name: Symbol,
    /// How it is to be compiled.
    pub emit: Emit,
    /// Whether the source or a profile asks for machine code of this very function, or of
    /// the one around it.
    pub asked: bool,
    /// Where it was chosen for machine code, how much its time counts: how often it runs,
    /// in proportion to the whole module.
    pub heat: Option<f64>,
    /// Whether it holds `yield` or `await` or was declared `async`: calling it makes a generator.
    pub is_generator: bool,
    /// Whether it was declared `async`, or is an asynchronous comprehension.
    pub is_async: bool,
    /// Parameters in the order of their slots.
    pub params: Vec<Param>,
    /// Annotation of the return value.
    pub returns: Option<Annotation>,
    /// Every name and temporary of the scope, by [`VarId`].
    pub vars: Vec<Var>,
    /// Which variable lives in each slot.
    pub slots: Vec<VarId>,
    /// The free variables in the order of their slots, which come first.
    pub free: Vec<FreeVar>,
    /// Whether code of this very scope loads or stores a global.
    pub uses_globals: bool,
    /// The documentation string, which is not part of the body.
    pub docstring: Option<Symbol>,
    /// What it does. A function whose end is reached returns `None`.
    pub body: Block,
    /// The instructions, when `emit` is one of the assemblers; then `body` is empty.
    pub asm: Option<Box<AsmBody>>,
    /// The range of the definition, from `def`, `class` or the expression's start on.
    pub span: Span,
}

impl Scope {
    /// A scope of which nothing is known but its place.
    pub(crate) fn new(
        kind: ScopeKind,
        name: Symbol,
        emit: Emit,
        parent: Option<ScopeId>,
        span: Span,
    ) -> Self {
        Self {
            kind,
            parent,
            name,
            emit,
            asked: false,
            heat: None,
            is_generator: kind == ScopeKind::GenExpr,
            is_async: false,
            params: Vec::new(),
            returns: None,
            vars: Vec::new(),
            slots: Vec::new(),
            free: Vec::new(),
            uses_globals: false,
            docstring: None,
            body: Block::EMPTY,
            asm: None,
            span,
        }
    }

    /// The variable `var` of this scope.
    pub fn var(&self, var: VarId) -> &Var {
        &self.vars[var.index()]
    }

    /// Parameters that may be given by position, without free variables and `*args`.
    pub fn positional(&self) -> usize {
        self.count(|kind| matches!(kind, ParamKind::PosOnly | ParamKind::Normal))
    }

    /// Parameters that are given by keyword only.
    pub fn keyword_only(&self) -> usize {
        self.count(|kind| kind == ParamKind::KeywordOnly)
    }

    /// Whether it takes `*args`.
    pub fn has_star(&self) -> bool {
        self.count(|kind| kind == ParamKind::Star) != 0
    }

    /// Whether it takes `**kwargs`.
    pub fn has_double_star(&self) -> bool {
        self.count(|kind| kind == ParamKind::DoubleStar) != 0
    }

    /// Positional parameters that have a default value.
    pub fn positional_defaults(&self) -> usize {
        self.params.iter().filter(|p| p.has_default && p.kind != ParamKind::KeywordOnly).count()
    }

    /// Whether a keyword-only parameter has a default value.
    pub fn has_keyword_defaults(&self) -> bool {
        self.params.iter().any(|p| p.has_default && p.kind == ParamKind::KeywordOnly)
    }

    fn count(&self, wanted: impl Fn(ParamKind) -> bool) -> usize {
        self.params.iter().filter(|p| wanted(p.kind)).count()
    }
}

/// The kinds of scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// The whole file.
    Module,
    /// `def`
    Function,
    /// `lambda`: `body` is one `return`, or in a generator whatever gives the value back.
    Lambda,
    /// `class`: called once without arguments; its names live in the class's dictionary.
    Class,
    /// `[… for …]`: starts an empty list, returns it at the end.
    ListComp,
    /// `{… for …}`
    SetComp,
    /// `{…: … for …}`
    DictComp,
    /// `(… for …)`: a generator.
    GenExpr,
}

impl ScopeKind {
    /// Whether names assigned here live in slots.
    pub fn is_function_like(self) -> bool {
        !matches!(self, Self::Module | Self::Class)
    }

    /// What it fills, if it is a comprehension and no generator.
    pub fn collection(self) -> Option<Collection> {
        match self {
            Self::ListComp => Some(Collection::List),
            Self::DictComp => Some(Collection::Dict),
            Self::SetComp => Some(Collection::Set),
            _ => None,
        }
    }

    /// Whether it is one of the comprehensions, the generator expression included.
    pub fn is_comprehension(self) -> bool {
        matches!(self, Self::ListComp | Self::SetComp | Self::DictComp | Self::GenExpr)
    }
}

/// How a scope is to be compiled. Nested scopes inherit it where no decorator says otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Emit {
    /// Bytecode.
    #[default]
    Bytecode,
    /// Machine code with Python's semantics where it pays, else bytecode.
    Selected,
    /// Machine code with Python's semantics.
    Native,
    /// Machine code with typed, unboxed values.
    Viper,
    /// `@micropython.asm_thumb`
    AsmThumb,
    /// `@micropython.asm_xtensa`
    AsmXtensa,
    /// `@micropython.asm_rv32`
    AsmRv32,
}

impl Emit {
    /// Whether it is one of the inline assemblers.
    pub fn is_asm(self) -> bool {
        matches!(self, Self::AsmThumb | Self::AsmXtensa | Self::AsmRv32)
    }
}

/// A name as one scope sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Var {
    /// The name. Temporaries that lowering made are all called by the empty name.
    pub name: Symbol,
    /// Where the value lives.
    pub storage: Storage,
    /// Whether it is a parameter.
    pub is_param: bool,
    /// The annotation of a parameter, or of a local declared as `name: type`.
    pub annotation: Option<Annotation>,
}

/// Where a variable's value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In a slot of the frame.
    Local(Slot),
    /// In a cell of this frame that nested scopes share; the slot holds the cell.
    Cell(Slot),
    /// In a cell of an enclosing frame; the slot holds the cell.
    Free(Slot),
    /// In the module's dictionary, or the builtins.
    Global,
    /// In the dictionary of the running class or module body; then as [`Storage::Global`].
    Name,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The variable.
    pub var: VarId,
    /// The name that callers may use: `*` where they must not.
    pub name: Symbol,
    /// How callers pass it.
    pub kind: ParamKind,
    /// Whether callers may leave it out.
    pub has_default: bool,
    /// Where it stands.
    pub span: Span,
}

/// How a parameter is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// By position only.
    PosOnly,
    /// By position or keyword.
    Normal,
    /// By keyword only.
    KeywordOnly,
    /// `*args`
    Star,
    /// `**kwargs`
    DoubleStar,
}

/// An annotation, which has a meaning in viper functions and for the assembler only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Annotation {
    /// A plain name, such as `ptr8`.
    Name(Symbol, Span),
    /// Anything else.
    Other(Span),
}

/// A variable that a scope takes from the one around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeVar {
    /// The variable here.
    pub var: VarId,
    /// The same in the parent scope, where it is a cell or free as well.
    pub outer: VarId,
}
