//! Comprehensions and generator expressions.
//!
//! A comprehension is a function of one argument, the outermost iterable. Where nobody can see the
//! difference it becomes part of the code around it instead, which needs no function object, no
//! call and no second frame; the names it binds get places of their own there. That is so in
//! machine code and without line numbers, for those that keep to themselves ([`inline`]).
//!
//! One that waits (an `async for` or `await` inside) is a coroutine whose result the code around
//! it awaits. Boards have no asynchronous generators, so a generator expression cannot wait.

mod inline;

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Span};
use crate::hir::{Arm, Emit, ExprId, ExprKind, Param, ParamKind, ScopeKind, StmtKind};

/// What a comprehension collects.
#[derive(Clone, Copy)]
enum Element<'a> {
    Value(&'a ast::Expr),
    Pair(&'a ast::Expr, &'a ast::Expr),
}

/// What all parts of a comprehension have in common.
struct Clauses<'a> {
    element: Element<'a>,
    place: Span,
    /// In a comprehension without a scope of its own, where its names begin.
    shadows: Option<usize>,
}

impl Lowerer<'_> {
    pub(super) fn comprehension(&mut self, expr: &ast::Expr, place: Span) -> ExprId {
        let known = self.known;
        let (kind, name, element, generators) = match expr {
            ast::Expr::ListComp(c) => {
                (ScopeKind::ListComp, known.listcomp_name, Element::Value(&c.elt), &c.generators)
            }
            ast::Expr::SetComp(c) => {
                (ScopeKind::SetComp, known.setcomp_name, Element::Value(&c.elt), &c.generators)
            }
            ast::Expr::DictComp(c) => {
                let element = match &c.key {
                    Some(key) => Element::Pair(key, &c.value),
                    None => {
                        let message = "dict unpacking cannot be used in a comprehension";
                        self.report(Code::StarNotAllowed, place, message);
                        Element::Value(&c.value)
                    }
                };
                (ScopeKind::DictComp, known.dictcomp_name, element, &c.generators)
            }
            ast::Expr::Generator(c) => {
                (ScopeKind::GenExpr, known.genexpr_name, Element::Value(&c.elt), &c.generators)
            }
            _ => return self.konst(crate::hir::Const::None, place),
        };
        let Some(first) = generators.first() else {
            return self.konst(crate::hir::Const::None, place);
        };
        let source = self.expr(&first.iter);
        if let Some(collection) = kind.collection()
            && self.may_inline()
            && inline::fits(generators, expr)
        {
            let mark = self.shadows();
            let clauses = Clauses { element, place, shadows: Some(mark) };
            let body = self.block_of(|l| l.clauses(generators, Some(source), &clauses));
            self.unshadow(mark);
            return self.node(ExprKind::Collect { collection, body }, place);
        }
        let scope = self.nested(kind, name, self.emit(), place, |l| {
            let var = l.unnamed_param(place);
            let name = l.known.star;
            let kind = ParamKind::PosOnly;
            l.current().params.push(Param { var, name, kind, has_default: false, span: place });
            let source = l.node(ExprKind::CompSource, span(&first.iter));
            l.clauses(generators, Some(source), &Clauses { element, place, shadows: None });
        });
        let made = self.node(ExprKind::Comp { scope, source }, place);
        if self.scopes[scope.index()].is_async && kind != ScopeKind::GenExpr {
            self.awaits(place);
            return self.node(ExprKind::Await(made), place);
        }
        made
    }

    /// Whether comprehensions here can do without a scope. A class's names are hidden from its
    /// comprehensions, viper's variables have types, and a traceback with line numbers shows the
    /// comprehension's frame; machine code leaves no traces in tracebacks.
    fn may_inline(&mut self) -> bool {
        let frame_seen = match self.emit() {
            Emit::Bytecode => self.options.keeps_lines(),
            _ => false,
        };
        self.options.optimise
            && !frame_seen
            && self.kind() != ScopeKind::Class
            && self.emit() != Emit::Viper
    }

    /// The loops of the clauses, and inside them the element. `source` is what the outermost one
    /// runs over.
    fn clauses(
        &mut self,
        generators: &[ast::Comprehension],
        source: Option<ExprId>,
        whole: &Clauses<'_>,
    ) {
        let Some((clause, inner)) = generators.split_first() else {
            return self.element(whole.element);
        };
        let at = span(clause);
        if clause.is_async {
            self.awaits(at);
        }
        let iter = match source {
            Some(source) => source,
            None => self.expr(&clause.iter),
        };
        if let Some(mark) = whole.shadows {
            inline::each_bound(&clause.target, &mut |name| {
                let symbol = self.symbol(name.id.as_str());
                self.bind_shadow(symbol, mark, span(name));
            });
        }
        let target = self.target(&clause.target);
        let body = self.block_of(|l| l.conditions(&clause.ifs, inner, whole));
        let orelse = crate::hir::Block::EMPTY;
        let kind = if clause.is_async {
            StmtKind::AsyncFor { target, iter, body, orelse }
        } else {
            StmtKind::For { target, iter, body, orelse }
        };
        self.push(kind, whole.place);
    }

    /// `if` clauses around what is further inside.
    fn conditions(
        &mut self,
        conditions: &[ast::Expr],
        inner: &[ast::Comprehension],
        whole: &Clauses<'_>,
    ) {
        let Some((condition, others)) = conditions.split_first() else {
            return self.clauses(inner, None, whole);
        };
        let test = self.expr(condition);
        if self.truth(test) == Some(true) {
            return self.conditions(others, inner, whole);
        }
        let body = self.block_of(|l| l.conditions(others, inner, whole));
        let arms = self.pools.list(&[Arm { test, body }]);
        let orelse = crate::hir::Block::EMPTY;
        self.push(StmtKind::If { arms, orelse }, span(condition));
    }

    fn element(&mut self, element: Element<'_>) {
        match element {
            Element::Value(ast::Expr::Starred(starred)) => {
                // `[*x for x in y]`: a further loop.
                let at = span(starred);
                let iter = self.expr(&starred.value);
                let var = self.temporary(at);
                let target = self.load(var, at);
                let body = self.block_of(|l| {
                    let value = l.load(var, at);
                    l.push(StmtKind::CompAdd(value), at);
                });
                let orelse = crate::hir::Block::EMPTY;
                self.push(StmtKind::For { target, iter, body, orelse }, at);
                self.release(var);
            }
            Element::Value(value) => {
                let at = span(value);
                let value = self.expr(value);
                self.push(StmtKind::CompAdd(value), at);
            }
            Element::Pair(key, value) => {
                let at = span(key).to(span(value));
                let (key, value) = self.pair(key, value);
                self.push(StmtKind::CompAddPair { key, value }, at);
            }
        }
    }
}
