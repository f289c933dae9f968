//! `NAME = const(value)`: names that stand for a value.
//!
//! From the definition on, the name means the value wherever the file mentions it, in every scope
//! (a parameter of the same name excepted). It cannot be bound again. A name that starts with an
//! underscore is private to the file: it is not stored at run time at all.

use std::collections::HashMap;

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::Constant;
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{Const, ExprId, StmtKind, Symbol};

/// The constants defined so far.
#[derive(Debug, Default)]
pub(super) struct Consts {
    values: HashMap<Symbol, (Const, Span)>,
    /// Type parameters in scope: names that stand for themselves.
    pub type_params: Vec<Symbol>,
    /// Whether the file imports `const` from `micropython`, so that a call of it is known to give
    /// back its argument.
    pub imported: bool,
    /// Whether a definition's value is being lowered: then folding is not optional.
    pub defining: bool,
}

impl Lowerer<'_> {
    /// Whether constant expressions are to be computed.
    pub(super) fn folds(&self) -> bool {
        self.options.optimise || self.consts.defining
    }

    /// The value that `name` stands for.
    pub(super) fn const_named(&mut self, name: Symbol) -> Option<Const> {
        if self.consts.values.is_empty() && self.consts.type_params.is_empty() {
            return None;
        }
        let value = match self.consts.values.get(&name) {
            Some((value, _)) => *value,
            None if self.consts.type_params.contains(&name) => Const::Str(name),
            None => return None,
        };
        (!self.is_param(name)).then_some(value)
    }

    /// From here on, `name` means what [`Options::imported`](crate::Options::imported) says.
    pub(super) fn import_const(&mut self, name: &ast::Identifier) {
        let Some(constant) = self.options.imported.get(name.as_str()) else { return };
        let value = match constant {
            Constant::None => Const::None,
            Constant::Bool(false) => Const::False,
            Constant::Bool(true) => Const::True,
            Constant::Int(number) => Const::Int(*number),
            Constant::Float(number) => Const::Float(*number),
            Constant::Str(text) => Const::Str(self.symbols.intern(text.as_bytes())),
        };
        let symbol = self.symbol(name.as_str());
        self.consts.values.insert(symbol, (value, span(name)));
    }

    /// Reports that a name bound here is a constant.
    pub(super) fn refuse_const(&mut self, name: Symbol, place: Span) {
        if let Some(&(_, first)) = self.consts.values.get(&name)
            && !self.is_param(name)
        {
            let shown = String::from_utf8_lossy(self.symbols.get(name)).into_owned();
            self.reports.push(
                Diagnostic::new(Code::ConstReassigned, place, "can't assign to expression")
                    .label(format!("`{shown}` is a constant"))
                    .related(first, "defined here with `const()`")
                    .hint("use another name, or leave `const()` out"),
            );
        }
    }

    /// The argument if `value` is `const(argument)` or `micropython.const(argument)`.
    pub(super) fn const_call<'e>(&self, value: &'e ast::Expr) -> Option<&'e ast::Expr> {
        let ast::Expr::Call(call) = value else {
            return None;
        };
        let named = match &*call.func {
            ast::Expr::Name(name) => name.id.as_str() == "const",
            ast::Expr::Attribute(attribute) => {
                attribute.attr.as_str() == "const"
                    && matches!(&*attribute.value, ast::Expr::Name(name)
                        if name.id.as_str() == "micropython")
            }
            _ => false,
        };
        match &*call.arguments.args {
            [argument] if named && call.arguments.keywords.is_empty() => {
                (!argument.is_starred_expr()).then_some(argument)
            }
            _ => None,
        }
    }

    /// The value of `math.pi` and the like inside the argument of `const()`.
    pub(super) fn const_of_module(&self, attribute: &ast::ExprAttribute) -> Option<f64> {
        let ast::Expr::Name(module) = &*attribute.value else { return None };
        if !self.consts.defining || module.id.as_str() != "math" {
            return None;
        }
        match attribute.attr.as_str() {
            "e" => Some(std::f64::consts::E),
            "inf" => Some(f64::INFINITY),
            "nan" => Some(f64::NAN),
            "pi" => Some(std::f64::consts::PI),
            "tau" => Some(std::f64::consts::TAU),
            _ => None,
        }
    }

    /// Lowers `name = const(argument)`. Gives the value to assign unless nothing is to be stored.
    pub(super) fn define_const(&mut self, name: &ast::ExprName, argument: &ast::Expr, place: Span) {
        let symbol = self.symbol(name.id.as_str());
        self.refuse_const(symbol, span(name));
        let outer = std::mem::replace(&mut self.consts.defining, true);
        let value = self.expr(argument);
        self.consts.defining = outer;
        let Some(constant) = self.const_of(value) else {
            self.report_hint(
                Code::ConstValue,
                span(argument),
                "not a constant",
                "the argument of `const()` may hold literals, operators and other constants",
            );
            return;
        };
        self.consts.values.insert(symbol, (constant, span(name)));
        if !name.id.as_str().starts_with('_') {
            self.store_const(symbol, value, span(name), place);
        }
    }

    fn store_const(&mut self, name: Symbol, value: ExprId, at: Span, place: Span) {
        let var = self.bound(name, at);
        let target = self.load(var, at);
        let targets = self.pools.list(&[target]);
        self.push(StmtKind::Assign { targets, value }, place);
    }
}
