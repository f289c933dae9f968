//! Statements.

use super::Lower;
use super::call::positional;
use crate::Input;
use crate::bytecode::ir::{ITER_ENTRIES, Op, Term};
use crate::hir::{
    Arm, Block, ExprId, ExprKind, ImportName, List, ScopeKind, Stmt, StmtKind, Symbol, VarId,
};

/// How many imported modules a frame may keep on its stack.
const MAX_LEFT: u32 = 3;

impl Lower<'_> {
    pub(super) fn stmt(&mut self, statement: Stmt) {
        if !self.b.reachable() {
            return;
        }
        let module = self.m;
        self.b.at(statement.span.start);
        match statement.kind {
            StmtKind::Expr(e) if self.shows() => {
                self.b.op(Op::LoadName(self.names.repl_print));
                self.expr(e);
                self.b.op(Op::Call(positional(1)));
                self.b.op(Op::Pop);
            }
            StmtKind::Expr(e) => self.effect(e),
            StmtKind::Assign { targets, value } => self.assign(targets, value),
            StmtKind::AugAssign { target, op, value } => self.aug_assign(target, op, value),
            StmtKind::Del(target) => self.delete_target(target),
            StmtKind::Return(value) => self.return_value(value),
            StmtKind::Raise { exc, cause } => {
                let term = match (exc, cause) {
                    (None, _) => Term::RaiseLast,
                    (Some(_), None) => Term::RaiseObj,
                    (Some(_), Some(_)) => Term::RaiseFrom,
                };
                for e in [exc, cause].into_iter().flatten() {
                    self.expr(e);
                }
                self.b.at(statement.span.start);
                self.b.end(term);
            }
            StmtKind::Break => self.leave_loop(true),
            StmtKind::Continue => self.leave_loop(false),
            StmtKind::If { arms, orelse } => self.if_stmt(arms, orelse),
            StmtKind::While { test, body, orelse } => self.while_stmt(test, body, orelse),
            StmtKind::For { target, iter, body, orelse } => {
                self.for_stmt(target, iter, body, orelse);
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                self.try_stmt(body, handlers, orelse, finalbody);
            }
            StmtKind::With { context, target, body } => self.with_stmt(context, target, body),
            StmtKind::AsyncFor { target, iter, body, orelse } => {
                self.async_for(target, iter, body, orelse);
            }
            StmtKind::AsyncWith { context, target, body } => {
                self.async_with(context, target, body);
            }
            StmtKind::Import { .. } => self.imports(&[statement]),
            StmtKind::ImportFrom { module: name, level, names } => {
                self.import_from(name, level, &module[names]);
            }
            StmtKind::ImportStar { module, level } => {
                self.b.op(Op::LoadInt(level as i32));
                self.b.op(Op::LoadStr(self.names.star));
                self.b.op(Op::BuildTuple(1));
                self.b.op(Op::ImportName(module));
                self.b.op(Op::ImportStar);
            }
            StmtKind::CompAdd(value) => {
                self.expr(value);
                if self.fills.is_empty() {
                    self.b.op(Op::YieldValue);
                    self.b.op(Op::Pop);
                } else {
                    self.store_comp();
                }
            }
            StmtKind::CompAddPair { key, value } => {
                self.pair(key, value);
                self.store_comp();
            }
        }
    }

    /// Whether statements that are expressions show their values.
    fn shows(&self) -> bool {
        self.options.input == Input::Single && self.scope.kind == ScopeKind::Module
    }

    /// Adds to the collection of the innermost comprehension.
    fn store_comp(&mut self) {
        let Some(&(collection, at)) = self.fills.last() else { return };
        let span = self.scope.span;
        match self.b.depth().checked_sub(at + 1).map(u16::try_from) {
            Some(Ok(index)) => self.b.op(Op::StoreComp(collection, index)),
            _ => self.limit(span, "the comprehension is nested too deeply"),
        }
    }

    fn return_value(&mut self, value: Option<ExprId>) {
        // Both values of a conditional expression are returned where they arise.
        if let Some(id) = value
            && let ExprKind::IfExp { test, then, orelse } = self.m[id].kind
        {
            let otherwise = self.b.label();
            self.cond(test, false, otherwise);
            self.return_value(Some(then));
            self.b.place(otherwise);
            return self.return_value(Some(orelse));
        }
        self.optional(value);
        self.b.end(Term::Return);
    }

    /// `break` or `continue`.
    fn leave_loop(&mut self, leave: bool) {
        let Some(inner) = self.loops.last() else { return };
        let target = if leave { inner.leave } else { inner.again };
        let pop_iter = leave && inner.pop_iter;
        let (handlers, drops) = self.b.handlers_since(inner.region);
        match u8::try_from(handlers) {
            Ok(0) if !pop_iter => self.b.jump(target),
            Ok(depth) if depth < 128 => self.b.end(Term::Unwind { target, depth, drops, pop_iter }),
            _ => {
                let span = self.scope.span;
                self.limit(span, "a loop is left through more than 127 handlers");
            }
        }
        debug_assert!(!pop_iter || self.b.depth() >= ITER_ENTRIES);
    }

    fn if_stmt(&mut self, arms: List<Arm>, orelse: Block) {
        let end = self.b.label();
        for arm in &self.m[arms] {
            if !self.b.reachable() {
                break;
            }
            self.b.at(self.span(arm.test).start);
            let next = self.b.label();
            self.cond(arm.test, false, next);
            self.block(arm.body);
            self.b.jump(end);
            self.b.place(next);
        }
        self.block(orelse);
        self.b.place(end);
    }

    /// Imports one after the other. All but the last take copies of level and names.
    pub(super) fn imports(&mut self, statements: &[Stmt]) {
        self.b.at(statements.first().map_or(0, |statement| statement.span.start));
        self.b.op(Op::LoadInt(0));
        self.b.op(Op::LoadNone);
        for (i, statement) in statements.iter().enumerate() {
            if let StmtKind::Import { module, attrs, target } = statement.kind {
                self.b.at(statement.span.start);
                if i + 1 < statements.len() {
                    self.b.op(Op::DupTwo);
                }
                self.import(module, attrs, target);
            }
        }
    }

    fn import(&mut self, module: Symbol, attrs: List<Symbol>, target: VarId) {
        self.b.op(Op::ImportName(module));
        for &attr in &self.m[attrs] {
            self.b.op(Op::LoadAttr(attr));
        }
        self.store(target);
    }

    fn import_from(&mut self, module: Symbol, level: u32, names: &[ImportName]) {
        self.b.op(Op::LoadInt(level as i32));
        for name in names {
            self.b.op(Op::LoadQstr(name.name));
        }
        self.b.op(Op::BuildTuple(names.len() as u32));
        self.b.op(Op::ImportName(module));
        for name in names {
            self.b.op(Op::ImportFrom(name.name));
            self.store(name.target);
        }
        // A module lives on anyway: outside of all blocks a few may stay below what follows.
        let plain = !self.scope.is_generator;
        if self.options.optimise && self.nesting == 1 && self.left < MAX_LEFT && plain {
            self.left += 1;
        } else {
            self.b.op(Op::Pop);
        }
    }
}
