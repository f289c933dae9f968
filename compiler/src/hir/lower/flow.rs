//! Statements that steer: conditions, loops, exceptions, contexts.

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Span};
use crate::hir::{Arm, Block, ExprKind, Handler, ScopeKind, StmtKind};

impl Lowerer<'_> {
    pub(super) fn if_stmt(&mut self, stmt: &ast::StmtIf) {
        let clauses = &stmt.elif_else_clauses;
        let mut arms = Vec::with_capacity(clauses.len() + 1);
        let mut orelse = Block::EMPTY;
        let first = (Some(&*stmt.test), &stmt.body[..]);
        let mut rest = clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body[..]));
        let mut clause = Some(first);
        while let Some((test, body)) = clause {
            let Some(test) = test else {
                orelse = self.block(body);
                break;
            };
            let test = self.expr(test);
            match self.truth(test) {
                None => {
                    let body = self.block(body);
                    arms.push(Arm { test, body });
                }
                Some(false) => self.discard(|l| l.stmts(body)),
                Some(true) => {
                    orelse = self.block(body);
                    self.discard(|l| {
                        for (test, body) in rest.by_ref() {
                            if let Some(test) = test {
                                l.expr(test);
                            }
                            l.stmts(body);
                        }
                    });
                    break;
                }
            }
            clause = rest.next();
        }
        if arms.is_empty() {
            return self.splice(orelse);
        }
        let arms = self.pools.list(&arms);
        self.push(StmtKind::If { arms, orelse }, span(stmt));
    }

    /// Puts the statements of a block into the one being lowered.
    fn splice(&mut self, block: Block) {
        self.stmts.extend_from_slice(&self.pools[block]);
    }

    /// Lowers a loop's body.
    fn loop_body(&mut self, body: &[ast::Stmt]) -> Block {
        *self.loops() += 1;
        let exit = std::mem::replace(self.no_exit(), false);
        let block = self.block(body);
        *self.no_exit() = exit;
        *self.loops() -= 1;
        block
    }

    pub(super) fn while_stmt(&mut self, stmt: &ast::StmtWhile) {
        let test = self.expr(&stmt.test);
        if self.truth(test) == Some(false) {
            self.discard(|l| {
                l.loop_body(&stmt.body);
            });
            self.stmts(&stmt.orelse);
            return;
        }
        let body = self.loop_body(&stmt.body);
        let orelse = self.block(&stmt.orelse);
        self.push(StmtKind::While { test, body, orelse }, span(stmt));
    }

    pub(super) fn for_stmt(&mut self, stmt: &ast::StmtFor) {
        if stmt.is_async {
            self.needs_async(span(stmt));
        }
        let iter = self.expr(&stmt.iter);
        let target = self.target(&stmt.target);
        let body = self.loop_body(&stmt.body);
        let orelse = self.block(&stmt.orelse);
        let kind = if stmt.is_async {
            StmtKind::AsyncFor { target, iter, body, orelse }
        } else {
            StmtKind::For { target, iter, body, orelse }
        };
        self.push(kind, span(stmt));
    }

    /// `async for` and `async with` need a function that waits.
    fn needs_async(&mut self, place: Span) {
        let generator = self.current().is_generator;
        if !matches!(self.kind(), ScopeKind::Function | ScopeKind::Lambda) || !generator {
            self.report_hint(
                Code::AwaitOutside,
                place,
                "async for/with outside async function",
                "declare the function with `async def`",
            );
        }
    }

    pub(super) fn break_stmt(&mut self, place: Span) {
        self.leave_loop(StmtKind::Break, place);
    }

    pub(super) fn continue_stmt(&mut self, place: Span) {
        self.leave_loop(StmtKind::Continue, place);
    }

    fn leave_loop(&mut self, kind: StmtKind, place: Span) {
        if *self.loops() == 0 {
            self.report(Code::LoopOutside, place, "'break'/'continue' outside loop");
            return;
        }
        self.check_exit(place);
        self.push(kind, place);
    }

    fn check_exit(&mut self, place: Span) {
        if *self.no_exit() {
            let message = "'break', 'continue' and 'return' cannot leave an 'except*' clause";
            self.report(Code::LoopOutside, place, message);
        }
    }

    pub(super) fn return_stmt(&mut self, stmt: &ast::StmtReturn) {
        let place = span(stmt);
        let value = stmt.value.as_deref().map(|value| self.expr(value));
        if self.kind() != ScopeKind::Function {
            self.report(Code::ReturnOutside, place, "'return' outside function");
            return;
        }
        self.check_exit(place);
        self.push(StmtKind::Return(value), place);
    }

    pub(super) fn raise_stmt(&mut self, stmt: &ast::StmtRaise) {
        let exc = stmt.exc.as_deref().map(|exc| self.expr(exc));
        let cause = stmt.cause.as_deref().map(|cause| self.expr(cause));
        self.push(StmtKind::Raise { exc, cause }, span(stmt));
    }

    pub(super) fn assert_stmt(&mut self, stmt: &ast::StmtAssert) {
        if let ast::Expr::Tuple(tuple) = &*stmt.test
            && !tuple.elts.is_empty()
        {
            self.report_hint(
                Code::AssertTuple,
                span(&*stmt.test),
                "the assertion is on a tuple, which is always true",
                "leave out the parentheses: `assert test, message`",
            );
        }
        if self.options.opt_level > 0 {
            self.discard(|l| l.assertion(stmt));
        } else {
            self.assertion(stmt);
        }
    }

    fn assertion(&mut self, stmt: &ast::StmtAssert) {
        let place = span(stmt);
        let test = self.expr(&stmt.test);
        let test = match self.truth(test) {
            Some(true) => {
                if let Some(msg) = &stmt.msg {
                    self.discard(|l| {
                        l.expr(msg);
                    });
                }
                return;
            }
            _ => self.not(test, place),
        };
        let body = self.block_of(|l| {
            let error = l.known.assertion_error;
            let mut exc = l.node(ExprKind::Global(error), place);
            if let Some(msg) = &stmt.msg {
                let msg = l.expr(msg);
                exc = l.call_with(exc, &[msg], place);
            }
            l.push(StmtKind::Raise { exc: Some(exc), cause: None }, place);
        });
        let arms = self.pools.list(&[Arm { test, body }]);
        self.push(StmtKind::If { arms, orelse: Block::EMPTY }, place);
    }

    pub(super) fn try_stmt(&mut self, stmt: &ast::StmtTry) {
        if stmt.is_star {
            return self.except_star(stmt);
        }
        let body = self.block(&stmt.body);
        let mut handlers = Vec::with_capacity(stmt.handlers.len());
        for (i, handler) in stmt.handlers.iter().enumerate() {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            if handler.type_.is_none() && i + 1 != stmt.handlers.len() {
                let message = "default 'except' must be last";
                self.report(Code::DefaultExcept, span(handler), message);
            }
            let exception = handler.type_.as_deref().map(|exception| self.expr(exception));
            let name = handler.name.as_ref().map(|name| {
                let symbol = self.symbol(name.as_str());
                self.bound(symbol, span(name))
            });
            let body = self.block(&handler.body);
            handlers.push(Handler { exception, name, body, span: span(handler) });
        }
        let handlers = self.pools.list(&handlers);
        let orelse = self.block(&stmt.orelse);
        let finalbody = self.block(&stmt.finalbody);
        let place = span(stmt);
        if handlers.is_empty() && finalbody.is_empty() {
            // `finally: pass` around a body is the body.
            return self.splice(body);
        }
        self.push(StmtKind::Try { body, handlers, orelse, finalbody }, place);
    }

    pub(super) fn with_stmt(&mut self, stmt: &ast::StmtWith) {
        if stmt.is_async {
            self.needs_async(span(stmt));
        }
        self.with_items(stmt, &stmt.items);
    }

    fn with_items(&mut self, stmt: &ast::StmtWith, items: &[ast::WithItem]) {
        let Some((item, rest)) = items.split_first() else {
            return self.stmts(&stmt.body);
        };
        let context = self.expr(&item.context_expr);
        let target = item.optional_vars.as_deref().map(|target| self.target(target));
        let body = self.block_of(|l| l.with_items(stmt, rest));
        let kind = if stmt.is_async {
            StmtKind::AsyncWith { context, target, body }
        } else {
            StmtKind::With { context, target, body }
        };
        self.push(kind, span(stmt));
    }
}
