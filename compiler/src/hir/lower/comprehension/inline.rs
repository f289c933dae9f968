//! Which comprehensions can run in the frame of the code around them.
//!
//! Outside of such a frame nobody may tell the difference, so there must be
//!
//! * no `lambda` or generator expression inside: they would capture a place that all rounds share;
//! * no `async for` and no `yield`;
//! * no name that is read before its clause has bound it: the place may hold what an earlier round
//!   of the code left there.
//!
//! The iterable of the first clause belongs to the code around in either case and is not looked at.

use ruff_python_ast as ast;
use ruff_python_ast::visitor::{Visitor, walk_expr};

/// Whether a comprehension, and those inside it, can do without a scope of their own.
pub(super) fn fits(generators: &[ast::Comprehension], expr: &ast::Expr) -> bool {
    let mut check = Check { fits: true, unbound: Vec::new() };
    check.comprehension(generators, expr);
    check.fits
}

/// Calls `f` with every name that a target binds.
pub(super) fn each_bound<'a>(target: &'a ast::Expr, f: &mut impl FnMut(&'a ast::ExprName)) {
    match target {
        ast::Expr::Name(name) => f(name),
        ast::Expr::Tuple(tuple) => tuple.elts.iter().for_each(|e| each_bound(e, f)),
        ast::Expr::List(list) => list.elts.iter().for_each(|e| each_bound(e, f)),
        ast::Expr::Starred(starred) => each_bound(&starred.value, f),
        _ => {}
    }
}

struct Check<'a> {
    fits: bool,
    /// Names of clauses that have not begun.
    unbound: Vec<&'a str>,
}

impl<'a> Check<'a> {
    /// `generators` without the first iterable, and the element of `expr`.
    fn comprehension(&mut self, generators: &'a [ast::Comprehension], expr: &'a ast::Expr) {
        let mark = self.unbound.len();
        // The names of the last clause lie at the bottom.
        let mut starts = Vec::with_capacity(generators.len());
        for clause in generators.iter().rev() {
            starts.push(self.unbound.len());
            each_bound(&clause.target, &mut |name| self.unbound.push(name.id.as_str()));
        }
        for (i, clause) in generators.iter().enumerate() {
            self.fits &= !clause.is_async;
            if i > 0 {
                self.visit_expr(&clause.iter);
            }
            let start = starts.pop().unwrap_or(mark);
            self.unbound.truncate(start);
            self.visit_expr(&clause.target);
            clause.ifs.iter().for_each(|condition| self.visit_expr(condition));
        }
        match expr {
            ast::Expr::ListComp(c) => self.visit_expr(&c.elt),
            ast::Expr::SetComp(c) => self.visit_expr(&c.elt),
            ast::Expr::DictComp(c) => {
                c.key.iter().for_each(|key| self.visit_expr(key));
                self.visit_expr(&c.value);
            }
            _ => self.fits = false,
        }
    }
}

impl<'a> Visitor<'a> for Check<'a> {
    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        if !self.fits {
            return;
        }
        match expr {
            ast::Expr::Name(name) => self.fits = !self.unbound.contains(&name.id.as_str()),
            ast::Expr::Lambda(_)
            | ast::Expr::Generator(_)
            | ast::Expr::Yield(_)
            | ast::Expr::YieldFrom(_) => self.fits = false,
            ast::Expr::ListComp(ast::ExprListComp { generators, .. })
            | ast::Expr::SetComp(ast::ExprSetComp { generators, .. })
            | ast::Expr::DictComp(ast::ExprDictComp { generators, .. }) => {
                if let Some(first) = generators.first() {
                    self.visit_expr(&first.iter);
                }
                self.comprehension(generators, expr);
            }
            _ => walk_expr(self, expr),
        }
    }
}
