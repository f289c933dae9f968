//! Functions that a profile wants as machine code.

use ruff_python_ast as ast;
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_body, walk_stmt};

use super::{Lowerer, span};
use crate::diag::LineTable;
use crate::options::Hot;

impl Lowerer<'_> {
    /// Whether a profile names the function, and not one of the same name inside it.
    pub(super) fn is_hot(&self, def: &ast::StmtFunctionDef) -> bool {
        self.options.hot.iter().any(|hot| {
            let mut search = Inner { hot, lines: &self.lines, found: false };
            search.is_meant(def) && {
                walk_body(&mut search, &def.body);
                !search.found
            }
        })
    }
}

/// Looks for functions inside that are meant.
struct Inner<'a> {
    hot: &'a Hot,
    lines: &'a LineTable,
    found: bool,
}

impl Inner<'_> {
    fn is_meant(&self, def: &ast::StmtFunctionDef) -> bool {
        let at = span(def);
        let lines = self.lines.line(at.start)..=self.lines.line(at.end.saturating_sub(1));
        let line = self.hot.line;
        def.name.as_str() == self.hot.name && (line == 0 || lines.contains(&line))
    }
}

impl<'a> StatementVisitor<'a> for Inner<'_> {
    fn visit_stmt(&mut self, stmt: &'a ast::Stmt) {
        if let ast::Stmt::FunctionDef(def) = stmt {
            self.found |= self.is_meant(def);
        }
        if !self.found {
            walk_stmt(self, stmt);
        }
    }
}
