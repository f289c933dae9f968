//! Statements: which file lowers which, and the simple ones.

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::Input;
use crate::diag::{Code, Span};
use crate::hir::{Const, ExprKind, ImportName, ScopeKind, StmtKind, Symbol};

impl Lowerer<'_> {
    pub(super) fn stmt(&mut self, stmt: &ast::Stmt) {
        match stmt {
            ast::Stmt::Expr(stmt) => self.expr_stmt(stmt),
            ast::Stmt::Assign(stmt) => self.assign_stmt(stmt),
            ast::Stmt::AugAssign(stmt) => self.aug_assign(stmt),
            ast::Stmt::AnnAssign(stmt) => self.ann_assign(stmt),
            ast::Stmt::FunctionDef(stmt) => self.function_def(stmt),
            ast::Stmt::ClassDef(stmt) => self.class_def(stmt),
            ast::Stmt::If(stmt) => self.if_stmt(stmt),
            ast::Stmt::While(stmt) => self.while_stmt(stmt),
            ast::Stmt::For(stmt) => self.for_stmt(stmt),
            ast::Stmt::Try(stmt) => self.try_stmt(stmt),
            ast::Stmt::With(stmt) => self.with_stmt(stmt),
            ast::Stmt::Match(stmt) => self.match_stmt(stmt),
            ast::Stmt::Return(stmt) => self.return_stmt(stmt),
            ast::Stmt::Raise(stmt) => self.raise_stmt(stmt),
            ast::Stmt::Assert(stmt) => self.assert_stmt(stmt),
            ast::Stmt::Break(stmt) => self.break_stmt(span(stmt)),
            ast::Stmt::Continue(stmt) => self.continue_stmt(span(stmt)),
            ast::Stmt::Delete(stmt) => {
                for target in &stmt.targets {
                    self.delete(target);
                }
            }
            ast::Stmt::Import(stmt) => self.import(stmt),
            ast::Stmt::ImportFrom(stmt) => self.import_from(stmt),
            ast::Stmt::Global(stmt) => {
                for name in &stmt.names {
                    let symbol = self.symbol(name.as_str());
                    self.declare_global(symbol, span(name));
                }
            }
            ast::Stmt::Nonlocal(stmt) => {
                for name in &stmt.names {
                    let symbol = self.symbol(name.as_str());
                    self.declare_nonlocal(symbol, span(name));
                }
            }
            ast::Stmt::TypeAlias(stmt) => self.type_alias(stmt),
            ast::Stmt::Pass(_) => {}
            ast::Stmt::IpyEscapeCommand(stmt) => {
                self.report(Code::Syntax, span(stmt), "invalid syntax");
            }
        }
    }

    fn expr_stmt(&mut self, stmt: &ast::StmtExpr) {
        let place = span(stmt);
        let mut value = self.expr(&stmt.value);
        if self.options.input == Input::Single && self.kind() == ScopeKind::Module {
            let print = self.known.repl_print;
            let var = self.used(print, place);
            let func = self.load(var, place);
            value = self.call_with(func, &[value], place);
        } else if self.const_of(value).is_some() {
            return;
        }
        self.push(StmtKind::Expr(value), place);
    }

    fn assign_stmt(&mut self, stmt: &ast::StmtAssign) {
        let place = span(stmt);
        if let [ast::Expr::Name(name)] = &*stmt.targets
            && let Some(argument) = self.const_call(&stmt.value)
        {
            return self.define_const(name, argument, place);
        }
        let value = self.expr(&stmt.value);
        let mark = self.list.len();
        for target in &stmt.targets {
            let target = self.target(target);
            self.list.push(target);
        }
        let targets = self.list_from(mark);
        self.push(StmtKind::Assign { targets, value }, place);
    }

    fn aug_assign(&mut self, stmt: &ast::StmtAugAssign) {
        let target = self.single_target(&stmt.target);
        let value = self.expr(&stmt.value);
        let op = super::expr::operator(stmt.op);
        self.push(StmtKind::AugAssign { target, op, value }, span(stmt));
    }

    /// Annotations are not evaluated. One without a value makes the name local in a function.
    fn ann_assign(&mut self, stmt: &ast::StmtAnnAssign) {
        let place = span(stmt);
        let annotation = self.annotation(&stmt.annotation);
        if let (ast::Expr::Name(name), Some(value)) = (&*stmt.target, &stmt.value)
            && let Some(argument) = self.const_call(value)
        {
            return self.define_const(name, argument, place);
        }
        let Some(value) = &stmt.value else {
            if let ast::Expr::Name(name) = &*stmt.target
                && self.kind() == ScopeKind::Function
            {
                let symbol = self.symbol(name.id.as_str());
                let var = self.bound(symbol, span(name));
                self.annotate(var, Some(annotation));
            }
            return;
        };
        let value = self.expr(value);
        let target = self.single_target(&stmt.target);
        if let ExprKind::Name(var) = self.pools[target].kind {
            self.annotate(var, Some(annotation));
        }
        self.assign_to(target, value, place);
    }

    // Imports.

    fn import(&mut self, stmt: &ast::StmtImport) {
        for alias in &stmt.names {
            let place = span(alias);
            let module = self.symbol(alias.name.as_str());
            let mut parts = alias.name.as_str().split('.');
            let first = parts.next().unwrap_or_default();
            let (attrs, bound, at) = match &alias.asname {
                Some(asname) => {
                    let attrs: Vec<Symbol> = parts.map(|part| self.symbol(part)).collect();
                    (attrs, asname.as_str(), span(asname))
                }
                None => (Vec::new(), first, span(&alias.name)),
            };
            let attrs = self.pools.list(&attrs);
            let symbol = self.symbol(bound);
            let target = self.bound(symbol, at);
            self.push(StmtKind::Import { module, attrs, target }, place);
        }
    }

    fn import_from(&mut self, stmt: &ast::StmtImportFrom) {
        let place = span(stmt);
        let source = stmt.module.as_ref().map_or("", |module| module.as_str());
        let module = self.symbol(source);
        let level = stmt.level;
        if stmt.names.iter().any(|alias| alias.name.as_str() == "*") {
            if self.kind() == ScopeKind::Module {
                self.push(StmtKind::ImportStar { module, level }, place);
            } else {
                self.report(Code::ImportStarOutside, place, "import * not at module level");
            }
            return;
        }
        let mut names = Vec::with_capacity(stmt.names.len());
        for alias in &stmt.names {
            let name = self.symbol(alias.name.as_str());
            let bound = alias.asname.as_ref().unwrap_or(&alias.name);
            let symbol = self.symbol(bound.as_str());
            if source == "micropython" && symbol == self.known.const_name && name == symbol {
                self.consts.imported = true;
            }
            names.push(ImportName { name, target: self.bound(symbol, span(bound)) });
        }
        let names = self.pools.list(&names);
        self.push(StmtKind::ImportFrom { module, level, names }, place);
        if self.kind() == ScopeKind::Module {
            for alias in &stmt.names {
                self.import_const(alias.asname.as_ref().unwrap_or(&alias.name));
            }
        }
    }

    /// `name = value` for a name of the source.
    pub(super) fn assign_name(&mut self, name: &str, value: Const, at: Span) {
        let value = self.konst(value, at);
        let symbol = self.symbol(name);
        let var = self.bound(symbol, at);
        self.assign(var, value, at);
    }
}
