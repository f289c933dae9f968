//! Calls.

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{Arg, ArgKind, ExprId, ExprKind, List, ScopeKind, Symbol};

impl Lowerer<'_> {
    pub(super) fn call(&mut self, call: &ast::ExprCall, place: Span) -> ExprId {
        if let ast::Expr::Name(name) = &*call.func {
            let no_arguments = call.arguments.args.is_empty() && call.arguments.keywords.is_empty();
            if name.id.as_str() == "super" && no_arguments && self.kind() == ScopeKind::Function {
                return self.super_call(name, place);
            }
        }
        if (self.consts.imported || self.consts.defining)
            && let Some(argument) = self.const_call_of(call)
        {
            let value = self.expr(argument);
            if self.const_of(value).is_some() {
                return value;
            }
            let func = self.expr(&call.func);
            let args = self.pools.list(&[Arg { kind: ArgKind::Pos, value }]);
            return self.node(ExprKind::Call { func, args }, place);
        }
        let func = self.expr(&call.func);
        let args = self.arguments(&call.arguments);
        self.node(ExprKind::Call { func, args }, place)
    }

    /// The argument of a call of `const` that gives it back unchanged.
    fn const_call_of<'e>(&self, call: &'e ast::ExprCall) -> Option<&'e ast::Expr> {
        let named = matches!(&*call.func, ast::Expr::Name(name) if name.id.as_str() == "const");
        match &*call.arguments.args {
            [argument] if named && call.arguments.keywords.is_empty() && self.folds() => {
                (!argument.is_starred_expr()).then_some(argument)
            }
            _ => None,
        }
    }

    /// `super()`: the class comes from the cell that methods share, the object from the first
    /// parameter.
    fn super_call(&mut self, name: &ast::ExprName, place: Span) -> ExprId {
        let Some(this) = self.first_param() else {
            self.report_hint(
                Code::SuperOutside,
                place,
                "super() can't find self",
                "`super()` without arguments works in methods, which have a first parameter",
            );
            return self.konst(crate::hir::Const::None, place);
        };
        let at = span(name);
        let (super_name, class_cell) = (self.known.super_name, self.known.class_cell);
        let var = self.used(super_name, at);
        let func = self.load(var, at);
        let var = self.used(class_cell, at);
        let class = self.load(var, at);
        let this = self.load(this, at);
        self.node(ExprKind::Super { func, class, this }, place)
    }

    /// Arguments: those by position first, then those by keyword.
    pub(super) fn arguments(&mut self, arguments: &ast::Arguments) -> List<Arg> {
        let mut args = Vec::with_capacity(arguments.args.len() + arguments.keywords.len());
        if self.stars_reach_too_far(&arguments.args) {
            let place = span(arguments);
            let value = self.starred_list(&arguments.args, place);
            args.push(Arg { kind: ArgKind::Star, value });
        } else {
            for arg in &arguments.args {
                args.push(match arg {
                    ast::Expr::Starred(starred) => {
                        Arg { kind: ArgKind::Star, value: self.expr(&starred.value) }
                    }
                    _ => Arg { kind: ArgKind::Pos, value: self.expr(arg) },
                });
            }
        }
        let mut seen: Vec<(Symbol, Span)> = Vec::new();
        for keyword in &arguments.keywords {
            let kind = match &keyword.arg {
                Some(name) => {
                    let symbol = self.symbol(name.as_str());
                    self.check_repeated(symbol, span(name), &mut seen);
                    ArgKind::Keyword(symbol)
                }
                None => ArgKind::DoubleStar,
            };
            args.push(Arg { kind, value: self.expr(&keyword.value) });
        }
        self.pools.list(&args)
    }

    fn check_repeated(&mut self, name: Symbol, place: Span, seen: &mut Vec<(Symbol, Span)>) {
        if let Some(&(_, first)) = seen.iter().find(|(other, _)| *other == name) {
            self.reports.push(
                Diagnostic::new(
                    Code::RepeatedKeyword,
                    place,
                    "the call raises TypeError: a keyword argument is given twice",
                )
                .related(first, "the first one"),
            );
        }
        seen.push((name, place));
    }

    /// Boards are told which arguments are starred by the bits of a small integer, which has one
    /// bit for the sign and may have as few as 31 in all. Two arguments may come before these.
    fn stars_reach_too_far(&self, args: &[ast::Expr]) -> bool {
        let last = args.iter().rposition(ast::Expr::is_starred_expr);
        last.is_some_and(|last| last + 3 >= usize::from(self.options.small_int_bits.min(32)))
    }

    // Calls that lowering makes.

    /// A builtin, unless the file gives a global of that name another meaning: then it is fetched
    /// from the module `builtins`.
    pub(super) fn builtin(&mut self, name: &str, place: Span) -> ExprId {
        let symbol = self.symbol(name);
        let id = self.node(ExprKind::Global(symbol), place);
        self.builtins.push(id);
        id
    }

    /// Where the file rebinds a name that lowering means as a builtin, spells the builtin out.
    pub(super) fn settle_builtins(&mut self) {
        for id in std::mem::take(&mut self.builtins) {
            let ExprKind::Global(name) = self.pools[id].kind else {
                continue;
            };
            if self.rebinds_global(name) {
                let place = self.span_of(id);
                let import = self.symbol("__import__");
                let import = self.node(ExprKind::Global(import), place);
                let module = self.str_const(b"builtins", place);
                let object = self.call_with(import, &[module], place);
                self.pools.exprs[id.index()].kind = ExprKind::Attr { object, name };
            }
        }
    }

    /// `name(values…)` for a builtin.
    pub(super) fn call_builtin(&mut self, name: &str, values: &[ExprId], place: Span) -> ExprId {
        let func = self.builtin(name, place);
        self.call_with(func, values, place)
    }

    /// `func(values…)`
    pub(super) fn call_with(&mut self, func: ExprId, values: &[ExprId], place: Span) -> ExprId {
        let args: Vec<Arg> =
            values.iter().map(|&value| Arg { kind: ArgKind::Pos, value }).collect();
        let args = self.pools.list(&args);
        self.node(ExprKind::Call { func, args }, place)
    }

    /// `object.name(values…)`
    pub(super) fn call_method(
        &mut self,
        object: ExprId,
        name: &str,
        values: &[ExprId],
        place: Span,
    ) -> ExprId {
        let name = self.symbol(name);
        let func = self.node(ExprKind::Attr { object, name }, place);
        self.call_with(func, values, place)
    }
}
