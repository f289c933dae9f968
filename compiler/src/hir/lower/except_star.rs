//! `except*`, spelled with what boards have.
//!
//! Boards have no `ExceptionGroup`. Where the program (or a library) brings a class with the
//! methods `split` and `derive` of [PEP 654](https://peps.python.org/pep-0654/), its instances are
//! treated as groups; every other exception is matched as a whole, and the clause sees the
//! exception itself rather than a group around it.
//!
//! ```text
//! try: body
//! except BaseException as x:                  # `x`, `rest`, `part`, `raised` are temporaries
//!     rest = x; raised = []
//!     # for each clause `except* T as e: handler`
//!     part = None
//!     if rest is not None:
//!         if hasattr(rest, 'split'): part, rest = rest.split(T)
//!         elif isinstance(rest, T):  part = rest; rest = None
//!     if part is not None:
//!         try: e = part; handler
//!         except BaseException as y: raised.append(y)
//!     # at the end
//!     if rest is not None: raised.append(rest)
//!     if raised:
//!         raise raised[0] if len(raised) == 1 or not hasattr(x, 'derive') else x.derive(raised)
//! ```

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Span};
use crate::hir::{Arm, Block, CmpOp, Const, ExprId, ExprKind, Handler, StmtKind, VarId};

/// The temporaries of one statement.
struct Places {
    whole: VarId,
    rest: VarId,
    part: VarId,
    raised: VarId,
}

impl Lowerer<'_> {
    pub(super) fn except_star(&mut self, stmt: &ast::StmtTry) {
        let place = span(stmt);
        self.report_hint(
            Code::DeviceSyntax,
            Span::new(place.start, place.start + 3),
            "boards have no ExceptionGroup: `except*` clauses see single exceptions as they are",
            "a class with `split` and `derive` methods is treated as a group",
        );
        let body = self.block(&stmt.body);
        let places = Places {
            whole: self.temporary(place),
            rest: self.temporary(place),
            part: self.temporary(place),
            raised: self.temporary(place),
        };
        let handling = self.block_of(|l| l.split_and_handle(stmt, &places, place));
        let handlers = self.pools.list(&[Handler {
            exception: None,
            name: Some(places.whole),
            body: handling,
            span: place,
        }]);
        for var in [places.raised, places.part, places.rest, places.whole] {
            self.release(var);
        }
        let orelse = self.block(&stmt.orelse);
        let finalbody = self.block(&stmt.finalbody);
        self.push(StmtKind::Try { body, handlers, orelse, finalbody }, place);
    }

    fn split_and_handle(&mut self, stmt: &ast::StmtTry, places: &Places, place: Span) {
        let whole = self.load(places.whole, place);
        self.assign(places.rest, whole, place);
        let empty = self.node(ExprKind::List(crate::hir::List::EMPTY), place);
        self.assign(places.raised, empty, place);
        for handler in &stmt.handlers {
            let ast::ExceptHandler::ExceptHandler(handler) = handler;
            self.clause(handler, places);
        }
        let more = self.is_not_none(places.rest, place);
        self.when(more, place, |l| {
            let rest = l.load(places.rest, place);
            l.append(places.raised, rest, place);
        });
        let any = self.load(places.raised, place);
        self.when(any, place, |l| l.raise_what_is_left(places, place));
    }

    fn clause(&mut self, handler: &ast::ExceptHandlerExceptHandler, places: &Places) {
        let at = span(handler);
        let none = self.konst(Const::None, at);
        self.assign(places.part, none, at);
        let left = self.is_not_none(places.rest, at);
        self.when(left, at, |l| l.split(handler, places, at));
        let found = self.is_not_none(places.part, at);
        self.when(found, at, |l| {
            let body = l.block_of(|l| {
                if let Some(name) = &handler.name {
                    let symbol = l.symbol(name.as_str());
                    let var = l.bound(symbol, span(name));
                    let part = l.load(places.part, at);
                    l.assign(var, part, at);
                }
                let exit = std::mem::replace(l.no_exit(), true);
                l.stmts(&handler.body);
                *l.no_exit() = exit;
            });
            let error = l.temporary(at);
            let caught = l.block_of(|l| {
                let value = l.load(error, at);
                l.append(places.raised, value, at);
            });
            l.release(error);
            let handlers = l.pools.list(&[Handler {
                exception: None,
                name: Some(error),
                body: caught,
                span: at,
            }]);
            let empty = Block::EMPTY;
            l.push(StmtKind::Try { body, handlers, orelse: empty, finalbody: empty }, at);
        });
    }

    /// Divides `rest` into what the clause handles and what it does not.
    fn split(&mut self, handler: &ast::ExceptHandlerExceptHandler, places: &Places, at: Span) {
        let Some(wanted) = handler.type_.as_deref() else {
            self.report(Code::Syntax, at, "expected one or more exception types");
            return;
        };
        let rest = self.load(places.rest, at);
        let split = self.str_const(b"split", at);
        let is_group = self.call_builtin("hasattr", &[rest, split], at);
        let divide = self.block_of(|l| {
            let targets = [places.part, places.rest].map(|var| l.load(var, at));
            let targets = l.pools.list(&targets);
            let target = l.node(ExprKind::Tuple(targets), at);
            let rest = l.load(places.rest, at);
            let types = l.expr(wanted);
            let parts = l.call_method(rest, "split", &[types], at);
            l.assign_to(target, parts, at);
        });
        let rest = self.load(places.rest, at);
        let types = self.expr(wanted);
        let matches = self.call_builtin("isinstance", &[rest, types], at);
        let take = self.block_of(|l| {
            let rest = l.load(places.rest, at);
            l.assign(places.part, rest, at);
            let none = l.konst(Const::None, at);
            l.assign(places.rest, none, at);
        });
        let arms = self
            .pools
            .list(&[Arm { test: is_group, body: divide }, Arm { test: matches, body: take }]);
        self.push(StmtKind::If { arms, orelse: Block::EMPTY }, at);
    }

    fn raise_what_is_left(&mut self, places: &Places, place: Span) {
        let raised = self.load(places.raised, place);
        let count = self.call_builtin("len", &[raised], place);
        let one = self.konst(Const::Int(1), place);
        let single = self.comparison(CmpOp::Eq, count, one, place);
        let whole = self.load(places.whole, place);
        let derive = self.str_const(b"derive", place);
        let group = self.call_builtin("hasattr", &[whole, derive], place);
        let not_group = self.not(group, place);
        let either = self.pools.list(&[single, not_group]);
        let test = self.node(ExprKind::Or(either), place);
        let object = self.load(places.raised, place);
        let index = self.konst(Const::Int(0), place);
        let then = self.node(ExprKind::Subscript { object, index }, place);
        let whole = self.load(places.whole, place);
        let raised = self.load(places.raised, place);
        let orelse = self.call_method(whole, "derive", &[raised], place);
        let exc = self.node(ExprKind::IfExp { test, then, orelse }, place);
        self.push(StmtKind::Raise { exc: Some(exc), cause: None }, place);
    }

    fn is_not_none(&mut self, var: VarId, at: Span) -> ExprId {
        let value = self.load(var, at);
        let none = self.konst(Const::None, at);
        self.comparison(CmpOp::IsNot, value, none, at)
    }

    fn when(&mut self, test: ExprId, at: Span, body: impl FnOnce(&mut Self)) {
        let body = self.block_of(body);
        let arms = self.pools.list(&[Arm { test, body }]);
        self.push(StmtKind::If { arms, orelse: Block::EMPTY }, at);
    }

    fn append(&mut self, list: VarId, value: ExprId, at: Span) {
        let list = self.load(list, at);
        let call = self.call_method(list, "append", &[value], at);
        self.push(StmtKind::Expr(call), at);
    }
}
