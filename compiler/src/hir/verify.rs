//! Checks what the back ends rely on: see the list in [the module's essay](super).
//!
//! Debug builds check every module after lowering; so do the tests.

use super::{
    ArgKind, Block, Collection, ExprId, ExprKind, List, Module, Scope, ScopeId, ScopeKind, Slot,
    StmtKind, Storage, VarId,
};
use crate::diag::Span;

/// A rule that a module breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where in the tree.
    pub scope: ScopeId,
    /// Where in the source.
    pub span: Span,
    /// Which rule.
    pub rule: &'static str,
}

/// Checks a module.
///
/// # Errors
/// The first violation found.
pub fn verify(module: &Module) -> Result<(), Violation> {
    let mut seen = Seen {
        exprs: vec![false; module.pools.exprs.len()],
        scopes: vec![false; module.scopes.len()],
    };
    seen.scopes[0] = true;
    for (id, scope) in module.scopes() {
        let mut check = Check {
            module,
            scope,
            id,
            seen: &mut seen,
            loops: 0,
            inside: 0,
            fills: Vec::from_iter(scope.kind.collection()),
        };
        check.layout()?;
        check.block(scope.body)?;
    }
    Ok(())
}

/// Which nodes were met: each has one parent.
struct Seen {
    exprs: Vec<bool>,
    scopes: Vec<bool>,
}

struct Check<'a> {
    module: &'a Module,
    scope: &'a Scope,
    id: ScopeId,
    seen: &'a mut Seen,
    /// Loops around the statement, within the nearest expression.
    loops: u32,
    /// Expressions around the statement.
    inside: u32,
    /// The collections that comprehensions around the statement fill.
    fills: Vec<Collection>,
}

type Checked = Result<(), Violation>;

impl Check<'_> {
    fn rule(&self, holds: bool, span: Span, rule: &'static str) -> Checked {
        if holds { Ok(()) } else { Err(Violation { scope: self.id, span, rule }) }
    }

    // Names and slots.

    fn layout(&self) -> Checked {
        let (scope, span) = (self.scope, self.scope.span);
        for (i, &var) in scope.slots.iter().enumerate() {
            let slot = Slot::new(i);
            let storage = scope.vars.get(var.index()).map(|var| var.storage);
            let fits = match storage {
                Some(Storage::Free(at)) => at == slot && i < scope.free.len(),
                Some(Storage::Local(at) | Storage::Cell(at)) => at == slot && i >= scope.free.len(),
                _ => false,
            };
            self.rule(fits, span, "a slot and its variable name each other")?;
        }
        let stored = scope.vars.iter().filter(|var| {
            matches!(var.storage, Storage::Local(_) | Storage::Cell(_) | Storage::Free(_))
        });
        self.rule(stored.count() == scope.slots.len(), span, "every slot has one variable")?;
        for (i, param) in scope.params.iter().enumerate() {
            let slot = scope.slots.get(scope.free.len() + i);
            self.rule(
                slot == Some(&param.var),
                param.span,
                "parameters come after free variables",
            )?;
        }
        let Some(parent) = scope.parent else {
            return self.rule(scope.free.is_empty(), span, "the module has no free variables");
        };
        self.rule(parent < self.id, span, "a scope comes after the one around it")?;
        for free in &scope.free {
            let outer = self.module[parent].vars.get(free.outer.index()).map(|var| var.storage);
            let held = matches!(outer, Some(Storage::Cell(_) | Storage::Free(_)));
            self.rule(held, span, "the parent holds the cell of a free variable")?;
        }
        Ok(())
    }

    fn var(&self, var: VarId, span: Span) -> Checked {
        self.rule(var.index() < self.scope.vars.len(), span, "a name is a variable of its scope")
    }

    // Statements.

    fn block(&mut self, block: Block) -> Checked {
        for stmt in &self.module[block] {
            self.stmt(stmt.kind, stmt.span)?;
        }
        Ok(())
    }

    fn body_of_loop(&mut self, body: Block) -> Checked {
        self.loops += 1;
        self.block(body)?;
        self.loops -= 1;
        Ok(())
    }

    fn stmt(&mut self, kind: StmtKind, span: Span) -> Checked {
        let m = self.module;
        let comprehension = self.scope.kind.is_comprehension();
        match kind {
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Assign { targets, value } => {
                self.rule(!targets.is_empty(), span, "an assignment has a target")?;
                self.expr(value)?;
                m[targets].iter().try_for_each(|&target| self.target(target))
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.simple_target(target)?;
                self.expr(value)
            }
            StmtKind::Del(target) => self.simple_target(target),
            StmtKind::Return(value) => {
                let may = self.inside == 0 && !comprehension;
                self.rule(may, span, "`return` stands in functions, and ends other bodies")?;
                value.map_or(Ok(()), |value| self.expr(value))
            }
            StmtKind::Raise { exc, cause } => {
                self.rule(exc.is_some() || cause.is_none(), span, "a cause has an exception")?;
                [exc, cause].into_iter().flatten().try_for_each(|value| self.expr(value))
            }
            StmtKind::Break | StmtKind::Continue => {
                self.rule(self.loops > 0, span, "`break` and `continue` stand in loops")
            }
            StmtKind::If { arms, orelse } => {
                self.rule(!arms.is_empty(), span, "an `if` has an arm")?;
                for arm in &m[arms] {
                    self.expr(arm.test)?;
                    self.block(arm.body)?;
                }
                self.block(orelse)
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test)?;
                self.body_of_loop(body)?;
                self.block(orelse)
            }
            StmtKind::For { target, iter, body, orelse }
            | StmtKind::AsyncFor { target, iter, body, orelse } => {
                self.expr(iter)?;
                self.target(target)?;
                self.body_of_loop(body)?;
                self.block(orelse)
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                let handled = !(handlers.is_empty() && finalbody.is_empty());
                self.rule(handled, span, "a `try` has handlers or `finally`")?;
                self.block(body)?;
                let (last, others) = match m[handlers].split_last() {
                    Some((last, others)) => (Some(last), others),
                    None => (None, &[][..]),
                };
                for handler in others {
                    let typed = handler.exception.is_some();
                    self.rule(typed, handler.span, "the handler for all comes last")?;
                }
                for handler in others.iter().chain(last) {
                    handler.exception.map_or(Ok(()), |exception| self.expr(exception))?;
                    handler.name.map_or(Ok(()), |name| self.var(name, handler.span))?;
                    self.block(handler.body)?;
                }
                self.block(orelse)?;
                self.block(finalbody)
            }
            StmtKind::With { context, target, body }
            | StmtKind::AsyncWith { context, target, body } => {
                self.expr(context)?;
                target.map_or(Ok(()), |target| self.target(target))?;
                self.block(body)
            }
            StmtKind::Import { target, .. } => self.var(target, span),
            StmtKind::ImportFrom { names, .. } => {
                m[names].iter().try_for_each(|name| self.var(name.target, span))
            }
            StmtKind::ImportStar { .. } => {
                let module = self.scope.kind == ScopeKind::Module;
                self.rule(module, span, "`import *` stands in the module")
            }
            StmtKind::CompAdd(value) => {
                let fits = match self.fills.last() {
                    Some(collection) => *collection != Collection::Dict,
                    None => self.scope.kind == ScopeKind::GenExpr,
                };
                self.rule(fits, span, "an element is added in comprehensions")?;
                self.expr(value)
            }
            StmtKind::CompAddPair { key, value } => {
                let fits = self.fills.last() == Some(&Collection::Dict);
                self.rule(fits, span, "a pair is added in dictionary comprehensions")?;
                self.expr(value)?;
                self.expr(key)
            }
        }
    }

    // Targets.

    fn simple_target(&mut self, id: ExprId) -> Checked {
        let expr = self.module[id];
        let simple = matches!(
            expr.kind,
            ExprKind::Name(_) | ExprKind::Attr { .. } | ExprKind::Subscript { .. }
        );
        self.rule(simple, expr.span, "the target is a name, an attribute or an item")?;
        self.expr(id)
    }

    fn target(&mut self, id: ExprId) -> Checked {
        let expr = self.module[id];
        let (ExprKind::Tuple(list) | ExprKind::List(list)) = expr.kind else {
            return self.simple_target(id);
        };
        self.once(id)?;
        let mut stars = 0;
        for &member in &self.module[list] {
            match self.module[member].kind {
                ExprKind::Starred(inner) => {
                    stars += 1;
                    self.once(member)?;
                    self.target(inner)?;
                }
                _ => self.target(member)?,
            }
        }
        self.rule(stars <= 1, expr.span, "at most one starred target in each unpacking")
    }

    // Expressions.

    fn once(&mut self, id: ExprId) -> Checked {
        let again = std::mem::replace(&mut self.seen.exprs[id.index()], true);
        self.rule(!again, self.module[id].span, "an expression has one parent")
    }

    fn child_scope(&mut self, scope: ScopeId, span: Span) -> Checked {
        let known = scope.index() < self.module.scopes.len();
        self.rule(known, span, "the scope exists")?;
        let again = std::mem::replace(&mut self.seen.scopes[scope.index()], true);
        self.rule(!again, span, "a scope is made in one place")?;
        let inside = self.module[scope].parent == Some(self.id);
        self.rule(inside, span, "a scope is made in the one around it")
    }

    /// Statements that are part of an expression.
    fn block_inside(&mut self, body: Block) -> Checked {
        let loops = std::mem::replace(&mut self.loops, 0);
        self.inside += 1;
        self.block(body)?;
        self.inside -= 1;
        self.loops = loops;
        Ok(())
    }

    fn expr(&mut self, id: ExprId) -> Checked {
        self.once(id)?;
        let m = self.module;
        let span = m[id].span;
        let many = |list: List<ExprId>| list.len() > 1;
        match m[id].kind {
            ExprKind::Name(var) | ExprKind::CellOf(var) => self.var(var, span)?,
            ExprKind::Walrus { target, .. } => self.var(target, span)?,
            ExprKind::CompSource => {
                let fits = self.scope.kind.is_comprehension();
                self.rule(fits, span, "only comprehensions have a source")?;
            }
            ExprKind::And(list) | ExprKind::Or(list) => {
                self.rule(many(list), span, "`and` and `or` have two operands or more")?;
            }
            ExprKind::CompareChain { rest, .. } => {
                self.rule(rest.len() > 1, span, "a chain has two links or more")?;
            }
            ExprKind::Set(list) => self.rule(!list.is_empty(), span, "a set has a member")?,
            ExprKind::Starred(_) => {
                self.rule(false, span, "a starred expression stands in a target")?;
            }
            ExprKind::Call { args, .. } | ExprKind::Class { args, .. } => {
                let late = |kind| matches!(kind, ArgKind::Keyword(_) | ArgKind::DoubleStar);
                let sorted = m[args].is_sorted_by_key(|arg| late(arg.kind));
                self.rule(sorted, span, "positional arguments come first")?;
            }
            ExprKind::Yield(_) | ExprKind::YieldFrom(_) | ExprKind::Await(_) => {
                self.rule(self.scope.is_generator, span, "what yields is a generator")?;
            }
            _ => {}
        }
        match m[id].kind {
            ExprKind::Function(function) => self.child_scope(function.scope, span)?,
            ExprKind::Class { scope, .. } | ExprKind::Comp { scope, .. } => {
                self.child_scope(scope, span)?;
            }
            ExprKind::Block { body, .. } => self.block_inside(body)?,
            ExprKind::Collect { collection, body } => {
                self.fills.push(collection);
                self.block_inside(body)?;
                self.fills.pop();
            }
            _ => {}
        }
        let mut result = Ok(());
        m[id].kind.for_each_child(m, &mut |child| {
            if result.is_ok() {
                result = self.expr(child);
            }
        });
        result
    }
}
