//! A lowered file: its scopes and the pools that hold their nodes.

use std::ops::Index;

use num_bigint::BigInt;

use super::{
    Arg, Arm, BigId, BytesId, CompareLink, ComplexId, Const, DictItem, Expr, ExprId, Handler,
    ImportName, KwDefault, List, Scope, ScopeId, Stmt, Symbol, Symbols,
};
use crate::diag::LineTable;

/// A lowered file. Scope 0 is the module; a scope comes after the one around it.
#[derive(Debug)]
pub struct Module {
    /// The scopes, by [`ScopeId`].
    pub scopes: Vec<Scope>,
    /// The texts.
    pub symbols: Symbols,
    /// The lines of the source, for spans.
    pub lines: LineTable,
    /// The pools of nodes.
    pub pools: Pools,
}

impl Module {
    /// The module's own scope.
    pub fn root() -> ScopeId {
        ScopeId::new(0)
    }

    /// The scopes with their ids.
    pub fn scopes(&self) -> impl Iterator<Item = (ScopeId, &Scope)> {
        self.scopes.iter().enumerate().map(|(i, scope)| (ScopeId::new(i), scope))
    }

    /// The text of a symbol; see [`Const::Str`] for its encoding.
    pub fn text(&self, symbol: Symbol) -> &[u8] {
        self.symbols.get(symbol)
    }

    /// A symbol for messages.
    pub fn display(&self, symbol: Symbol) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.text(symbol))
    }
}

macro_rules! pools {
    ($($field:ident: $node:ident, $doc:literal;)*) => {
        /// Nodes by kind. Lists point into them.
        #[derive(Debug, Default)]
        pub struct Pools {
            /// Expressions, by [`ExprId`].
            pub exprs: Vec<Expr>,
            /// Bytes constants.
            pub bytes: Vec<Box<[u8]>>,
            /// Integers over 64 bits.
            pub bigs: Vec<BigInt>,
            /// Complex numbers: real and imaginary part.
            pub complexes: Vec<(f64, f64)>,
            $(#[doc = $doc] pub $field: Vec<$node>,)*
        }

        $(
            impl Index<List<$node>> for Pools {
                type Output = [$node];
                fn index(&self, list: List<$node>) -> &[$node] {
                    &self.$field[list.range()]
                }
            }

            impl Index<List<$node>> for Module {
                type Output = [$node];
                fn index(&self, list: List<$node>) -> &[$node] {
                    &self.pools[list]
                }
            }

            impl Pooled for $node {
                fn pool(pools: &mut Pools) -> &mut Vec<Self> {
                    &mut pools.$field
                }
            }
        )*
    };
}

pools! {
    stmts: Stmt, "Statements.";
    expr_lists: ExprId, "Members of lists of expressions.";
    args: Arg, "Arguments of calls.";
    arms: Arm, "`if` and `elif` arms.";
    handlers: Handler, "`except` clauses.";
    links: CompareLink, "Links of chained comparisons.";
    items: DictItem, "Pairs of dictionary displays.";
    kw_defaults: KwDefault, "Default values of keyword-only parameters.";
    imports: ImportName, "Names of `from … import`.";
    symbol_lists: Symbol, "Members of lists of symbols.";
    consts: Const, "Members of constant tuples.";
}

/// A type of node that lists are made of.
pub trait Pooled: Copy {
    /// Its pool.
    fn pool(pools: &mut Pools) -> &mut Vec<Self>
    where
        Self: Sized;
}

impl Pools {
    /// Empty pools with room for what a source of `bytes` bytes usually needs.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut pools = Self::default();
        pools.exprs.reserve(bytes / 8);
        pools.stmts.reserve(bytes / 32);
        pools.expr_lists.reserve(bytes / 32);
        pools.args.reserve(bytes / 32);
        pools
    }

    /// Puts `nodes` side by side into their pool.
    pub fn list<T: Pooled>(&mut self, nodes: &[T]) -> List<T> {
        if nodes.is_empty() {
            return List::EMPTY;
        }
        let pool = T::pool(self);
        let start = pool.len();
        pool.extend_from_slice(nodes);
        List::new(start, nodes.len())
    }

    /// Adds an expression.
    pub fn expr(&mut self, expr: Expr) -> ExprId {
        let id = ExprId::new(self.exprs.len());
        self.exprs.push(expr);
        id
    }

    /// Adds a bytes constant.
    pub fn add_bytes(&mut self, bytes: Box<[u8]>) -> BytesId {
        self.bytes.push(bytes);
        BytesId::new(self.bytes.len() - 1)
    }

    /// The constant for an integer of any size.
    pub fn int(&mut self, value: BigInt) -> Const {
        match i64::try_from(&value) {
            Ok(small) => Const::Int(small),
            Err(_) => {
                self.bigs.push(value);
                Const::Big(BigId::new(self.bigs.len() - 1))
            }
        }
    }

    /// The constant for a complex number.
    pub fn complex(&mut self, real: f64, imaginary: f64) -> Const {
        self.complexes.push((real, imaginary));
        Const::Complex(ComplexId::new(self.complexes.len() - 1))
    }
}

macro_rules! index {
    ($($id:ident => $node:ty, |$m:ident, $i:ident| $place:expr;)*) => {$(
        impl Index<$id> for Pools {
            type Output = $node;
            fn index(&self, $i: $id) -> &$node {
                let $m = self;
                &$place
            }
        }
        impl Index<$id> for Module {
            type Output = $node;
            fn index(&self, $i: $id) -> &$node {
                &self.pools[$i]
            }
        }
    )*};
}

index! {
    ExprId => Expr, |pools, id| pools.exprs[id.index()];
    BytesId => [u8], |pools, id| pools.bytes[id.index()];
    BigId => BigInt, |pools, id| pools.bigs[id.index()];
    ComplexId => (f64, f64), |pools, id| pools.complexes[id.index()];
}

impl Index<ScopeId> for Module {
    type Output = Scope;
    fn index(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.index()]
    }
}
