//! What can be assigned to, and what can be deleted.

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::Code;
use crate::hir::{Const, ExprId, ExprKind, StmtKind};

impl Lowerer<'_> {
    /// Lowers a target of an assignment.
    pub(super) fn target(&mut self, expr: &ast::Expr) -> ExprId {
        let place = span(expr);
        let kind = match expr {
            ast::Expr::Name(name) => {
                let symbol = self.symbol(name.id.as_str());
                self.refuse_const(symbol, place);
                ExprKind::Name(self.bound(symbol, place))
            }
            ast::Expr::Attribute(attribute) => {
                let object = self.expr(&attribute.value);
                ExprKind::Attr { object, name: self.symbol(attribute.attr.as_str()) }
            }
            ast::Expr::Subscript(subscript) => {
                let object = self.expr(&subscript.value);
                ExprKind::Subscript { object, index: self.expr(&subscript.slice) }
            }
            ast::Expr::Tuple(tuple) if tuple.elts.is_empty() && self.options.as_stock => {
                self.report(Code::InvalidTarget, place, "can't assign to expression");
                ExprKind::Const(Const::None)
            }
            ast::Expr::Tuple(tuple) => ExprKind::Tuple(self.targets(&tuple.elts)),
            ast::Expr::List(list) => ExprKind::List(self.targets(&list.elts)),
            ast::Expr::Starred(starred) => {
                self.report_hint(
                    Code::StarNotAllowed,
                    place,
                    "*x must be in a list or tuple",
                    "to unpack everything, write `*x, = …`",
                );
                return self.target(&starred.value);
            }
            _ => {
                self.report_hint(
                    Code::InvalidTarget,
                    place,
                    "can't assign to expression",
                    "only names, attributes, items and tuples or lists of these can be assigned to",
                );
                ExprKind::Const(Const::None)
            }
        };
        self.node(kind, place)
    }

    fn targets(&mut self, elements: &[ast::Expr]) -> crate::hir::List<ExprId> {
        let mark = self.list.len();
        let mut starred = false;
        for element in elements {
            let id = match element {
                ast::Expr::Starred(star) => {
                    if starred {
                        let message = "multiple *x in assignment";
                        self.report(Code::StarNotAllowed, span(star), message);
                    }
                    starred = true;
                    let inner = self.target(&star.value);
                    self.node(ExprKind::Starred(inner), span(star))
                }
                other => self.target(other),
            };
            self.list.push(id);
        }
        self.list_from(mark)
    }

    /// Lowers the target of `+=` and the like.
    pub(super) fn single_target(&mut self, expr: &ast::Expr) -> ExprId {
        if matches!(expr, ast::Expr::Tuple(_) | ast::Expr::List(_) | ast::Expr::Starred(_)) {
            self.report(Code::InvalidTarget, span(expr), "can't assign to expression");
        }
        self.target(expr)
    }

    /// Lowers one target of `del`, which may be several in brackets.
    pub(super) fn delete(&mut self, expr: &ast::Expr) {
        let place = span(expr);
        match expr {
            ast::Expr::Name(_) | ast::Expr::Attribute(_) | ast::Expr::Subscript(_) => {
                let target = self.target(expr);
                self.push(StmtKind::Del(target), place);
            }
            ast::Expr::Tuple(ast::ExprTuple { elts, .. })
            | ast::Expr::List(ast::ExprList { elts, .. }) => {
                if elts.is_empty() && expr.is_tuple_expr() && self.options.as_stock {
                    self.report(Code::InvalidDelete, place, "can't delete expression");
                }
                for element in elts {
                    self.delete(element);
                }
            }
            _ => self.report(Code::InvalidDelete, place, "can't delete expression"),
        }
    }
}
