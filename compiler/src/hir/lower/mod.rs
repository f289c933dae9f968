//! Syntax tree to HIR, in one walk.
//!
//! The walk resolves nothing on the way: a name becomes a variable of its scope, and what kind of
//! storage the variable has is settled when the whole file has been seen ([`names`]). Since nodes
//! refer to variables, not to storage, nothing has to be visited twice.
//!
//! Each file of this module has one group of constructs. Statements go to a scratch stack from
//! which a block is cut when its last statement is there ([`Lowerer::block_from`]), so lowering one
//! construct to several is a matter of pushing several. Constants are folded as nodes are made.
//!
//! Desugarings that need a place for a value take a temporary: a local slot without a name, which
//! boards offer in every kind of scope.

mod asm;
mod call;
mod comprehension;
mod consts;
mod defs;
mod display;
mod except_star;
mod expr;
mod flow;
mod fstring;
mod hot;
mod names;
mod pattern;
mod stmt;
mod target;
mod types;

use ruff_python_ast as ast;

use super::{
    Block, Const, Emit, Expr, ExprId, ExprKind, List, Module, Pools, Scope, ScopeId, ScopeKind,
    Stmt, StmtKind, Symbol, Symbols, VarId, fold,
};
use crate::diag::{Code, Diagnostic, LineTable, Span};
use crate::{Input, Options};
use consts::Consts;
use names::ScopeNames;

/// Lowers a tree. Diagnostics come in the order of the walk.
pub(crate) fn lower(root: &ast::Mod, text: &str, options: &Options) -> (Module, Vec<Diagnostic>) {
    let mut lowerer = Lowerer::new(text, options);
    match root {
        ast::Mod::Module(module) => lowerer.module(&module.body),
        ast::Mod::Expression(expression) => {
            let value = lowerer.expr(&expression.body);
            let span = lowerer.span_of(value);
            lowerer.push(StmtKind::Return(Some(value)), span);
            lowerer.scopes[0].body = lowerer.block_from(0);
        }
    }
    lowerer.finish()
}

/// The longest name that boards can intern, in bytes.
const MAX_NAME: usize = 255;

/// The symbols that lowering itself speaks of.
macro_rules! known {
    ($($field:ident = $text:literal;)*) => {
        #[derive(Clone, Copy)]
        pub(super) struct Known { $(pub $field: Symbol,)* }

        impl Known {
            fn new(symbols: &mut Symbols) -> Self {
                Self { $($field: symbols.intern($text.as_bytes()),)* }
            }
        }
    };
}

known! {
    empty = "";
    star = "*";
    module_name = "<module>";
    lambda_name = "<lambda>";
    listcomp_name = "<listcomp>";
    dictcomp_name = "<dictcomp>";
    setcomp_name = "<setcomp>";
    genexpr_name = "<genexpr>";
    class_cell = "__class__";
    dunder_name = "__name__";
    dunder_module = "__module__";
    dunder_qualname = "__qualname__";
    dunder_debug = "__debug__";
    super_name = "super";
    const_name = "const";
    assertion_error = "AssertionError";
    repl_print = "__repl_print__";
    format = "format";
    template = "__template__";
}

struct Lowerer<'a> {
    text: &'a str,
    options: &'a Options,
    known: Known,
    symbols: Symbols,
    pools: Pools,
    lines: LineTable,
    /// Scopes as far as they are known, and their names; same indices.
    scopes: Vec<Scope>,
    names: Vec<ScopeNames>,
    /// The scope being lowered.
    scope: ScopeId,
    consts: Consts,
    /// Names of builtins that lowering made, checked at the end.
    builtins: Vec<ExprId>,
    /// Statements of the blocks that are not complete yet.
    stmts: Vec<Stmt>,
    /// Members of the expression lists that are not complete yet.
    list: Vec<ExprId>,
    reports: Vec<Diagnostic>,
}

impl<'a> Lowerer<'a> {
    fn new(text: &'a str, options: &'a Options) -> Self {
        let mut symbols = Symbols::default();
        let known = Known::new(&mut symbols);
        let mut lowerer = Self {
            text,
            options,
            known,
            symbols,
            pools: Pools::with_capacity(text.len()),
            lines: LineTable::new(text.as_bytes()),
            scopes: Vec::new(),
            names: Vec::new(),
            scope: Module::root(),
            consts: Consts::default(),
            builtins: Vec::new(),
            stmts: Vec::new(),
            list: Vec::new(),
            reports: Vec::new(),
        };
        let span = Span::new(0, text.len() as u32);
        lowerer.new_scope(ScopeKind::Module, known.module_name, options.emit, None, span);
        lowerer
    }

    fn module(&mut self, body: &[ast::Stmt]) {
        let interactive = self.options.input == Input::Single;
        let body = if interactive { body } else { self.docstring(body) };
        self.scopes[0].body = self.block(body);
    }

    fn finish(mut self) -> (Module, Vec<Diagnostic>) {
        self.settle_builtins();
        self.resolve_names();
        let module = Module {
            scopes: self.scopes,
            symbols: self.symbols,
            lines: self.lines,
            pools: self.pools,
        };
        (module, self.reports)
    }

    // Scopes.

    fn new_scope(
        &mut self,
        kind: ScopeKind,
        name: Symbol,
        emit: Emit,
        parent: Option<ScopeId>,
        span: Span,
    ) -> ScopeId {
        let id = ScopeId::new(self.scopes.len());
        self.scopes.push(Scope::new(kind, name, emit, parent, span));
        self.names.push(ScopeNames::default());
        id
    }

    /// A scope inside the current one, lowered by `body`.
    fn nested(
        &mut self,
        kind: ScopeKind,
        name: Symbol,
        emit: Emit,
        span: Span,
        body: impl FnOnce(&mut Self),
    ) -> ScopeId {
        let id = self.new_scope(kind, name, emit, Some(self.scope), span);
        let outer = std::mem::replace(&mut self.scope, id);
        let mark = self.stmts.len();
        body(self);
        self.scopes[id.index()].body = self.block_from(mark);
        self.scope = outer;
        id
    }

    fn current(&mut self) -> &mut Scope {
        &mut self.scopes[self.scope.index()]
    }

    fn kind(&self) -> ScopeKind {
        self.scopes[self.scope.index()].kind
    }

    fn emit(&self) -> Emit {
        self.scopes[self.scope.index()].emit
    }

    /// Lowers what never runs, for its errors and the names it binds, and forgets the rest.
    fn discard(&mut self, lower: impl FnOnce(&mut Self)) {
        let stmts = self.stmts.len();
        let scopes = self.scopes.len();
        lower(self);
        self.stmts.truncate(stmts);
        self.scopes.truncate(scopes);
        self.names.truncate(scopes);
    }

    // Reports.

    fn report(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.reports.push(Diagnostic::new(code, span, message));
    }

    fn report_hint(&mut self, code: Code, span: Span, message: impl Into<String>, hint: &str) {
        self.reports.push(Diagnostic::new(code, span, message).hint(hint));
    }

    // Statements.

    fn push(&mut self, kind: StmtKind, span: Span) {
        self.stmts.push(Stmt { kind, span });
    }

    /// The statements since `mark` as a block.
    fn block_from(&mut self, mark: usize) -> Block {
        let block = self.pools.list(&self.stmts[mark..]);
        self.stmts.truncate(mark);
        block
    }

    /// The statements that `lower` pushes, as a block.
    fn block_of(&mut self, lower: impl FnOnce(&mut Self)) -> Block {
        let mark = self.stmts.len();
        lower(self);
        self.block_from(mark)
    }

    fn block(&mut self, body: &[ast::Stmt]) -> Block {
        self.block_of(|l| l.stmts(body))
    }

    fn stmts(&mut self, body: &[ast::Stmt]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    /// `target = value` for a variable of this scope.
    fn assign(&mut self, var: VarId, value: ExprId, span: Span) {
        let target = self.node(ExprKind::Name(var), span);
        self.assign_to(target, value, span);
    }

    fn assign_to(&mut self, target: ExprId, value: ExprId, span: Span) {
        let targets = self.pools.list(&[target]);
        self.push(StmtKind::Assign { targets, value }, span);
    }

    // Expressions.

    fn node(&mut self, kind: ExprKind, span: Span) -> ExprId {
        self.pools.expr(Expr { kind, span })
    }

    fn span_of(&self, id: ExprId) -> Span {
        self.pools[id].span
    }

    fn konst(&mut self, value: Const, span: Span) -> ExprId {
        self.node(ExprKind::Const(value), span)
    }

    /// The value of an expression that is a constant.
    fn const_of(&self, id: ExprId) -> Option<Const> {
        match self.pools[id].kind {
            ExprKind::Const(value) => Some(value),
            _ => None,
        }
    }

    /// Whether a condition is known to hold or fail.
    fn truth(&self, id: ExprId) -> Option<bool> {
        if !self.options.optimise {
            return None;
        }
        fold::truth(&self.pools, &self.symbols, self.const_of(id)?)
    }

    fn load(&mut self, var: VarId, span: Span) -> ExprId {
        self.node(ExprKind::Name(var), span)
    }

    fn str_const(&mut self, text: &[u8], span: Span) -> ExprId {
        let symbol = self.symbols.intern(text);
        self.konst(Const::Str(symbol), span)
    }

    fn symbol(&mut self, name: &str) -> Symbol {
        if name.len() > MAX_NAME {
            self.long_name(name);
        }
        self.symbols.intern(name.as_bytes())
    }

    #[cold]
    fn long_name(&mut self, name: &str) {
        let start = self.text.find(name).unwrap_or(0) as u32;
        let place = Span::new(start, start + name.len() as u32);
        if !self.reports.iter().any(|report| report.span == place) {
            let hint = format!("it has {} bytes; boards hold {MAX_NAME}", name.len());
            self.report_hint(Code::Limit, place, "name too long", &hint);
        }
    }

    /// The members pushed to the list scratch since `mark`.
    fn list_from(&mut self, mark: usize) -> List<ExprId> {
        let list = self.pools.list(&self.list[mark..]);
        self.list.truncate(mark);
        list
    }

    /// Lowers expressions side by side.
    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e ast::Expr>) -> List<ExprId> {
        let mark = self.list.len();
        for expr in exprs {
            let id = self.expr(expr);
            self.list.push(id);
        }
        self.list_from(mark)
    }
}

/// The parser's ranges as ours.
fn span(node: &impl ruff_text_size::Ranged) -> Span {
    crate::syntax::span(node)
}
