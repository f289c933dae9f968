//! Comprehensions and generator expressions: functions of one argument, the outermost iterable.
//!
//! One that waits (an `async for` or `await` inside) is a coroutine whose result the code around
//! it awaits. Boards have no asynchronous generators, so a generator expression cannot wait.

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Span};
use crate::hir::{Arm, ExprId, ExprKind, Param, ParamKind, ScopeKind, StmtKind};

/// What a comprehension collects.
#[derive(Clone, Copy)]
enum Element<'a> {
    Value(&'a ast::Expr),
    Pair(&'a ast::Expr, &'a ast::Expr),
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
        let scope = self.nested(kind, name, self.emit(), place, |l| {
            let var = l.unnamed_param(place);
            let name = l.known.star;
            let kind = ParamKind::PosOnly;
            l.current().params.push(Param { var, name, kind, has_default: false, span: place });
            l.clauses(generators, true, element, place);
        });
        let made = self.node(ExprKind::Comp { scope, source }, place);
        if self.scopes[scope.index()].is_async && kind != ScopeKind::GenExpr {
            self.awaits(place);
            return self.node(ExprKind::Await(made), place);
        }
        made
    }

    /// The loops of the clauses, and inside them the element.
    fn clauses(
        &mut self,
        generators: &[ast::Comprehension],
        outermost: bool,
        element: Element<'_>,
        place: Span,
    ) {
        let Some((clause, inner)) = generators.split_first() else {
            return self.element(element);
        };
        let at = span(clause);
        if clause.is_async {
            self.awaits(at);
        }
        let iter = if outermost {
            self.node(ExprKind::CompSource, span(&clause.iter))
        } else {
            self.expr(&clause.iter)
        };
        let target = self.target(&clause.target);
        let body = self.block_of(|l| l.conditions(&clause.ifs, inner, element, place));
        let orelse = crate::hir::Block::EMPTY;
        let kind = if clause.is_async {
            StmtKind::AsyncFor { target, iter, body, orelse }
        } else {
            StmtKind::For { target, iter, body, orelse }
        };
        self.push(kind, place);
    }

    /// `if` clauses around what is further inside.
    fn conditions(
        &mut self,
        conditions: &[ast::Expr],
        inner: &[ast::Comprehension],
        element: Element<'_>,
        place: Span,
    ) {
        let Some((condition, others)) = conditions.split_first() else {
            return self.clauses(inner, false, element, place);
        };
        let test = self.expr(condition);
        if self.truth(test) == Some(true) {
            return self.conditions(others, inner, element, place);
        }
        let body = self.block_of(|l| l.conditions(others, inner, element, place));
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
                // As boards do it: the value first.
                let value = self.expr(value);
                let key = self.expr(key);
                self.push(StmtKind::CompAddPair { key, value }, at);
            }
        }
    }
}
