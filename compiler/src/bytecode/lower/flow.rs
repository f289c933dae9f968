//! Loops, `try`, `with`.

use mpy_format::BinaryOp;

use super::{Loop, Lower};
use crate::bytecode::ir::{BlockId, Op, SetupKind, Term};
use crate::hir::{Arg, ArgKind, Block, Const, ExprId, ExprKind, Handler, List, ScopeKind, Storage};

/// `range(start, end, step)` in the head of a loop.
struct Range {
    start: Option<ExprId>,
    end: ExprId,
    step: i32,
}

impl Lower<'_> {
    /// A body with `break` and `continue`.
    pub(super) fn loop_body(
        &mut self,
        leave: BlockId,
        again: BlockId,
        pop_iter: bool,
        body: Block,
    ) {
        let region = self.b.region();
        self.loops.push(Loop { leave, again, pop_iter, region });
        self.block(body);
        self.loops.pop();
    }

    pub(super) fn while_stmt(&mut self, test: ExprId, body: Block, orelse: Block) {
        let (leave, again) = (self.b.label(), self.b.label());
        let depth = self.b.depth();
        match self.known(test) {
            Some(false) => {}
            Some(true) => {
                self.b.place_at(again, depth);
                self.loop_body(leave, again, false, body);
                self.b.jump(again);
            }
            None => {
                let top = self.b.label();
                self.b.jump(again);
                self.b.place_at(top, depth);
                self.loop_body(leave, again, false, body);
                self.b.place(again);
                self.cond(test, true, top);
            }
        }
        self.block(orelse);
        self.b.place(leave);
    }

    pub(super) fn for_stmt(&mut self, target: ExprId, iter: ExprId, body: Block, orelse: Block) {
        if let Some(range) = self.range(target, iter) {
            return self.for_range(target, range, body, orelse);
        }
        let (leave, again) = (self.b.label(), self.b.label());
        let (inside, exit) = (self.b.label(), self.b.label());
        if self.scope.kind == ScopeKind::GenExpr
            && matches!(self.m[iter].kind, ExprKind::CompSource)
        {
            // The source is an iterator already: the form that holds a reference to one.
            self.b.op(Op::LoadNull);
            self.b.op(Op::LoadSource);
            self.b.op(Op::LoadNull);
            self.b.op(Op::LoadNull);
        } else {
            self.expr(iter);
            self.b.op(Op::GetIterStack);
        }
        self.b.place(again);
        self.b.end(Term::ForIter { body: inside, exit });
        self.b.place(inside);
        self.store_target(target);
        self.loop_body(leave, again, true, body);
        self.b.jump(again);
        self.b.place(exit);
        self.block(orelse);
        self.b.place(leave);
    }

    /// Boards count in such loops without an iterator, which takes no memory.
    fn range(&self, target: ExprId, iter: ExprId) -> Option<Range> {
        let module = self.m;
        let (ExprKind::Name(_), ExprKind::Call { func, args }) =
            (module[target].kind, module[iter].kind)
        else {
            return None;
        };
        let name = match module[func].kind {
            ExprKind::Name(var) => {
                let var = self.scope.var(var);
                matches!(var.storage, Storage::Global | Storage::Name).then_some(var.name)?
            }
            ExprKind::Global(name) => name,
            _ => return None,
        };
        if module.text(name) != b"range" {
            return None;
        }
        let args = &module[args];
        if args.iter().any(|arg: &Arg| arg.kind != ArgKind::Pos) {
            return None;
        }
        match *args {
            [end] => Some(Range { start: None, end: end.value, step: 1 }),
            [start, end] => Some(Range { start: Some(start.value), end: end.value, step: 1 }),
            [start, end, step] => {
                let step = self.constant(step.value).filter(|&step| step != 0)?;
                Some(Range { start: Some(start.value), end: end.value, step })
            }
            _ => None,
        }
    }

    /// The value of an expression that is a small integer.
    fn constant(&self, id: ExprId) -> Option<i32> {
        match self.m[id].kind {
            ExprKind::Const(Const::Int(value)) => self.small_int(value),
            _ => None,
        }
    }

    /// The counter lies on the stack, below it the end if that is no constant.
    fn for_range(&mut self, target: ExprId, range: Range, body: Block, orelse: Block) {
        let depth = self.b.depth();
        let end = self.constant(range.end);
        let start = range.start.map_or(Some(0), |start| self.constant(start));
        let more = |value: i32, end: i32| if range.step > 0 { value < end } else { value > end };
        let first = start.zip(end).map(|(start, end)| more(start, end));
        if first == Some(false) && self.options.optimise {
            return self.block(orelse);
        }

        let below = u32::from(end.is_none());
        match (range.start, end) {
            (start, Some(_)) => self.number(start),
            // Only where both can have effects does the order matter.
            (Some(start), None) if !self.is_simple(start) && !self.is_simple(range.end) => {
                self.expr(start);
                self.expr(range.end);
                self.b.op(Op::RotTwo);
            }
            (start, None) => {
                self.expr(range.end);
                self.number(start);
            }
        }
        let (leave, again) = (self.b.label(), self.b.label());
        let (top, test, done) = (self.b.label(), self.b.label(), self.b.label());
        if first != Some(true) || !self.options.optimise {
            self.b.jump(test);
        }
        self.b.place_at(top, depth + below + 1);
        self.b.op(Op::Dup);
        self.store_target(target);
        self.loop_body(leave, again, false, body);
        self.b.place(again);
        self.b.op(Op::LoadInt(range.step));
        self.b.op(Op::Binary(BinaryOp::InplaceAdd));
        self.b.place(test);
        let compare = match (end, range.step > 0) {
            (Some(end), up) => {
                self.b.op(Op::Dup);
                self.b.op(Op::LoadInt(end));
                if up { BinaryOp::Less } else { BinaryOp::More }
            }
            // The copies lie the other way round: the end is the left operand.
            (None, up) => {
                self.b.op(Op::DupTwo);
                if up { BinaryOp::More } else { BinaryOp::Less }
            }
        };
        self.b.op(Op::Binary(compare));
        self.b.branch(true, top);
        if !orelse.is_empty() {
            self.pop(below + 1);
            self.block(orelse);
            self.b.jump(done);
        }
        self.b.place(leave);
        self.pop(below + 1);
        self.b.place(done);
    }

    fn number(&mut self, start: Option<ExprId>) {
        match start {
            Some(start) => self.expr(start),
            None => self.b.op(Op::LoadInt(0)),
        }
    }

    fn is_simple(&self, id: ExprId) -> bool {
        matches!(self.m[id].kind, ExprKind::Const(_) | ExprKind::Name(_))
    }

    fn pop(&mut self, count: u32) {
        for _ in 0..count {
            self.b.op(Op::Pop);
        }
    }

    pub(super) fn try_stmt(
        &mut self,
        body: Block,
        handlers: List<Handler>,
        orelse: Block,
        finalbody: Block,
    ) {
        if finalbody.is_empty() {
            return self.try_except(body, handlers, orelse);
        }
        let handler = self.b.label();
        self.b.setup(SetupKind::Finally, handler);
        if handlers.is_empty() {
            self.block(body);
            self.block(orelse);
        } else {
            self.try_except(body, handlers, orelse);
        }
        self.finally(handler, |lower| lower.block(finalbody));
    }

    /// The `finally` part of what was set up: entered by exceptions, `return` and unwinding, or from
    /// above with `None`.
    fn finally(&mut self, handler: BlockId, code: impl FnOnce(&mut Self)) {
        self.b.op(Op::LoadNone);
        self.b.place_handler(handler);
        code(self);
        self.end_finally();
    }

    /// Ends a `finally` part. Loaders take it that control can go on, even where the body never ends.
    pub(super) fn end_finally(&mut self) {
        let next = self.b.label();
        self.b.end(Term::EndFinally(next));
        self.b.leave_region();
        self.b.place(next);
    }

    fn try_except(&mut self, body: Block, handlers: List<Handler>, orelse: Block) {
        let (handler, success, end) = (self.b.label(), self.b.label(), self.b.label());
        self.b.setup(SetupKind::Except, handler);
        self.block(body);
        self.b.end(Term::PopExcept(success));
        self.b.place_handler(handler);
        for clause in &self.m[handlers] {
            if self.b.reachable() {
                self.clause(clause, end);
            }
        }
        self.b.end(Term::Reraise);
        self.b.leave_region();
        self.b.place(success);
        self.block(orelse);
        self.b.place(end);
    }

    /// An `except` clause. The exception is on the stack.
    fn clause(&mut self, clause: &Handler, end: BlockId) {
        let next = self.b.label();
        self.b.at(clause.span.start);
        if let Some(exception) = clause.exception {
            self.b.op(Op::Dup);
            self.expr(exception);
            self.b.op(Op::Binary(BinaryOp::ExceptionMatch));
            self.b.branch(false, next);
        }
        match clause.name {
            None => {
                self.b.op(Op::Pop);
                self.block(clause.body);
            }
            Some(name) if self.private.contains(name) => {
                self.store(name);
                self.block(clause.body);
            }
            Some(name) => {
                self.store(name);
                let cleanup = self.b.label();
                self.b.setup(SetupKind::Finally, cleanup);
                self.block(clause.body);
                self.finally(cleanup, |lower| {
                    lower.b.op(Op::LoadNone);
                    lower.store(name);
                    lower.delete(name);
                });
            }
        }
        self.b.end(Term::PopExcept(end));
        self.b.place(next);
    }

    pub(super) fn with_stmt(&mut self, context: ExprId, target: Option<ExprId>, body: Block) {
        let handler = self.b.label();
        self.expr(context);
        self.b.setup(SetupKind::With, handler);
        self.bind(target);
        self.block(body);
        self.b.op(Op::LoadNone);
        self.b.place_handler(handler);
        self.b.op(Op::WithCleanup);
        self.end_finally();
    }

    /// Pops into the target, if there is one.
    pub(super) fn bind(&mut self, target: Option<ExprId>) {
        match target {
            Some(target) => self.store_target(target),
            None => self.b.op(Op::Pop),
        }
    }
}
