//! Which names of `except … as name` nothing can see after the clause.

use crate::hir::{Block, ExprId, ExprKind, Module, Scope, Stmt, StmtKind, Storage, VarId};

/// Exception names that need no deletion at the end of their clauses: locals that occur only
/// inside clauses that bind them. What is left in the slot is never read.
#[derive(Debug, Default)]
pub struct Private {
    /// By [`VarId`]; empty where the scope has no such clause.
    visible: Vec<bool>,
}

impl Private {
    /// Looks at every occurrence of every name of a scope.
    pub fn of(module: &Module, scope: &Scope) -> Self {
        let mut walk = Walk {
            m: module,
            bound: Vec::new(),
            visible: scope
                .vars
                .iter()
                .map(|var| !matches!(var.storage, Storage::Local(_)) || var.is_param)
                .collect(),
        };
        walk.block(scope.body);
        Self { visible: walk.visible }
    }

    /// Whether `var` may keep its value after a clause that binds it.
    pub fn contains(&self, var: VarId) -> bool {
        self.visible.get(var.index()) == Some(&false)
    }
}

struct Walk<'m> {
    m: &'m Module,
    /// The names of the clauses around.
    bound: Vec<VarId>,
    visible: Vec<bool>,
}

impl Walk<'_> {
    fn see(&mut self, var: VarId) {
        if !self.bound.contains(&var) {
            self.visible[var.index()] = true;
        }
    }

    fn block(&mut self, block: Block) {
        let module = self.m;
        for statement in &module[block] {
            self.stmt(statement);
        }
    }

    fn stmt(&mut self, statement: &Stmt) {
        let module = self.m;
        match statement.kind {
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                self.block(body);
                for handler in &module[handlers] {
                    if let Some(exception) = handler.exception {
                        self.expr(exception);
                    }
                    match handler.name {
                        None => self.block(handler.body),
                        Some(name) => {
                            // An inner clause would delete the name under the outer one.
                            if self.bound.contains(&name) {
                                self.visible[name.index()] = true;
                            }
                            self.bound.push(name);
                            self.block(handler.body);
                            self.bound.pop();
                        }
                    }
                }
                self.block(orelse);
                self.block(finalbody);
            }
            StmtKind::Del(target) => {
                if let ExprKind::Name(var) = module[target].kind {
                    self.visible[var.index()] = true;
                }
                self.expr(target);
            }
            StmtKind::Import { target, .. } => self.see(target),
            StmtKind::ImportFrom { names, .. } => {
                module[names].iter().for_each(|name| self.see(name.target));
            }
            _ => {
                statement.for_each_expr(module, &mut |expr| self.expr(expr));
                statement.for_each_block(module, &mut |block| self.block(block));
            }
        }
    }

    fn expr(&mut self, expr: ExprId) {
        let module = self.m;
        match module[expr].kind {
            ExprKind::Name(var) | ExprKind::CellOf(var) => self.see(var),
            ExprKind::Walrus { target, value } => {
                self.expr(value);
                self.see(target);
            }
            ExprKind::Block { body, value } => {
                self.block(body);
                self.expr(value);
            }
            ExprKind::Collect { body, .. } => self.block(body),
            ref kind => kind.for_each_child(module, &mut |child| self.expr(child)),
        }
    }
}
