//! Type parameters and `type` statements.
//!
//! Boards have no `typing`, and annotations are not evaluated, so what a type variable or an alias
//! *is* hardly matters; that its name is bound does. Both become strings that hold their own name,
//! which is also what they print as.

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::hir::Const;

impl Lowerer<'_> {
    /// Brings type parameters into scope; give the result to [`Self::leave_type_params`].
    pub(super) fn enter_type_params(&mut self, params: Option<&ast::TypeParams>) -> usize {
        let before = self.consts.type_params.len();
        for param in params.into_iter().flat_map(|params| &params.type_params) {
            let symbol = self.symbol(param.name().as_str());
            self.consts.type_params.push(symbol);
        }
        before
    }

    /// Ends the scope of type parameters.
    pub(super) fn leave_type_params(&mut self, before: usize) {
        self.consts.type_params.truncate(before);
    }

    /// `type name = value`; the value would only be evaluated when asked for.
    pub(super) fn type_alias(&mut self, stmt: &ast::StmtTypeAlias) {
        let ast::Expr::Name(name) = &*stmt.name else {
            return;
        };
        let symbol = self.symbol(name.id.as_str());
        self.assign_name(name.id.as_str(), Const::Str(symbol), span(stmt));
    }
}
