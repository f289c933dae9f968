//! Functions, lambdas and classes.

use mpy_format::Arch;
use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{
    Annotation, Arg, ArgKind, Emit, ExprId, ExprKind, FunctionExpr, KwDefault, Param, ParamKind,
    ScopeKind, StmtKind, Symbol, VarId,
};

/// Types that annotations of viper functions may name.
const VIPER_TYPES: [&str; 9] =
    ["object", "bool", "int", "uint", "float", "ptr", "ptr8", "ptr16", "ptr32"];

impl Lowerer<'_> {
    pub(super) fn function_def(&mut self, def: &ast::StmtFunctionDef) {
        let place = span(&def.name);
        let (chosen, decorators) = self.decorators(&def.decorator_list);
        let mut emit = chosen.unwrap_or(self.emit());
        let hot =
            matches!(emit, Emit::Bytecode | Emit::Selected | Emit::Native) && self.is_hot(def);
        if hot {
            emit = Emit::Native;
        }
        let asked = match chosen {
            Some(chosen) => hot || chosen == Emit::Native,
            None => hot || self.current().asked,
        };
        let name = self.symbol(def.name.as_str());
        let type_params = self.enter_type_params(def.type_params.as_deref());
        let (defaults, kw_defaults) = self.defaults(&def.parameters);
        let scope = self.nested(ScopeKind::Function, name, emit, span(def), |l| {
            l.current().asked = asked;
            l.current().is_async = def.is_async;
            l.current().is_generator = def.is_async;
            l.params(&def.parameters);
            let returns = def.returns.as_deref().map(|returns| l.annotation(returns));
            l.current().returns = returns;
            if emit == Emit::Viper {
                l.check_viper_types();
            }
            if emit.is_asm() {
                l.asm_body(def);
            } else {
                let body = l.docstring(&def.body);
                l.stmts(body);
            }
        });
        self.leave_type_params(type_params);
        let function = FunctionExpr { scope, defaults, kw_defaults };
        let mut value = self.node(ExprKind::Function(function), place);
        for (decorator, at) in decorators.into_iter().rev() {
            value = self.call_with(decorator, &[value], at);
        }
        let var = self.bound(name, place);
        self.assign(var, value, place);
    }

    pub(super) fn class_def(&mut self, def: &ast::StmtClassDef) {
        let place = span(&def.name);
        let (chosen, decorators) = self.decorators(&def.decorator_list);
        let emit = chosen.unwrap_or(self.emit());
        if emit.is_asm() {
            self.report(Code::Asm, place, "inline assembler must be a function");
        }
        let name = self.symbol(def.name.as_str());
        let type_params = self.enter_type_params(def.type_params.as_deref());
        let scope = self.nested(ScopeKind::Class, name, emit, span(def), |l| {
            l.class_names(name, place);
            let body = l.docstring(&def.body);
            l.stmts(body);
            l.push(StmtKind::Return(None), place);
        });
        let args = match &def.arguments {
            Some(arguments) => self.class_arguments(arguments, def.type_params.is_some()),
            None => crate::hir::List::EMPTY,
        };
        self.leave_type_params(type_params);
        let mut value = self.node(ExprKind::Class { scope, args }, place);
        for (decorator, at) in decorators.into_iter().rev() {
            value = self.call_with(decorator, &[value], at);
        }
        let var = self.bound(name, place);
        self.assign(var, value, place);
    }

    /// `__module__ = __name__` and `__qualname__ = 'C'`, with which every class body starts.
    fn class_names(&mut self, name: Symbol, place: Span) {
        let known = self.known;
        let source = self.used(known.dunder_name, place);
        let value = self.load(source, place);
        let var = self.bound(known.dunder_module, place);
        self.assign(var, value, place);
        let value = self.konst(crate::hir::Const::Str(name), place);
        let var = self.bound(known.dunder_qualname, place);
        self.assign(var, value, place);
    }

    /// Makes a class body give back the cell of `__class__` instead of `None`.
    pub(super) fn return_class_cell(&mut self, scope: usize, var: VarId) {
        let span = self.scopes[scope].span;
        let cell = self.node(ExprKind::CellOf(var), span);
        let last = self.scopes[scope].body.range().end - 1;
        self.pools.stmts[last].kind = StmtKind::Return(Some(cell));
    }

    /// Arguments of a class. In a generic class, `Base[T]` stands for the class `Base`.
    fn class_arguments(
        &mut self,
        arguments: &ast::Arguments,
        generic: bool,
    ) -> crate::hir::List<Arg> {
        if !generic {
            return self.arguments(arguments);
        }
        let mut args = Vec::new();
        for base in &arguments.args {
            let base = match base {
                ast::Expr::Subscript(subscript) => &*subscript.value,
                other => other,
            };
            let arg = match base {
                ast::Expr::Starred(starred) => {
                    Arg { kind: ArgKind::Star, value: self.expr(&starred.value) }
                }
                _ => Arg { kind: ArgKind::Pos, value: self.expr(base) },
            };
            args.push(arg);
        }
        for keyword in &arguments.keywords {
            let kind = match &keyword.arg {
                Some(name) => ArgKind::Keyword(self.symbol(name.as_str())),
                None => ArgKind::DoubleStar,
            };
            args.push(Arg { kind, value: self.expr(&keyword.value) });
        }
        self.pools.list(&args)
    }

    pub(super) fn lambda(&mut self, lambda: &ast::ExprLambda, place: Span) -> ExprId {
        let none = ast::Parameters::default();
        let parameters = lambda.parameters.as_deref().unwrap_or(&none);
        let (defaults, kw_defaults) = self.defaults(parameters);
        let name = self.known.lambda_name;
        let scope = self.nested(ScopeKind::Lambda, name, self.emit(), place, |l| {
            l.params(parameters);
            let at = span(&*lambda.body);
            let value = l.expr(&lambda.body);
            if l.current().is_generator {
                // What such a lambda gives is its iterator; the body's value is lost.
                l.push(StmtKind::Expr(value), at);
            } else {
                l.push(StmtKind::Return(Some(value)), at);
            }
        });
        self.node(ExprKind::Function(FunctionExpr { scope, defaults, kw_defaults }), place)
    }

    /// Takes the documentation string off a body.
    pub(super) fn docstring<'e>(&mut self, body: &'e [ast::Stmt]) -> &'e [ast::Stmt] {
        let Some((ast::Stmt::Expr(first), rest)) = body.split_first() else {
            return body;
        };
        let ast::Expr::StringLiteral(_) = &*first.value else {
            return body;
        };
        let value = self.expr(&first.value);
        if let Some(crate::hir::Const::Str(text)) = self.const_of(value) {
            self.current().docstring = Some(text);
        }
        rest
    }

    // Decorators.

    /// Lowers decorators: how they want the definition compiled, if they do, and those to
    /// call.
    fn decorators(&mut self, list: &[ast::Decorator]) -> (Option<Emit>, Vec<(ExprId, Span)>) {
        let mut emit = None;
        let mut calls = Vec::new();
        for decorator in list {
            match self.emit_decorator(&decorator.expression) {
                Some(chosen) => emit = chosen.or(emit),
                None => {
                    let value = self.expr(&decorator.expression);
                    calls.push((value, span(decorator)));
                }
            }
        }
        (emit, calls)
    }

    /// What `@micropython.…` chooses; `None` for other decorators, `Some(None)` for wrong ones.
    fn emit_decorator(&mut self, expr: &ast::Expr) -> Option<Option<Emit>> {
        let named = match expr {
            ast::Expr::Call(call) => &*call.func,
            other => other,
        };
        let mut base = named;
        while let ast::Expr::Attribute(attribute) = base {
            base = &attribute.value;
        }
        if !matches!(base, ast::Expr::Name(name) if name.id.as_str() == "micropython") {
            return None;
        }
        let place = span(expr);
        let word = match named {
            ast::Expr::Attribute(attribute) if attribute.value.is_name_expr() => {
                attribute.attr.as_str()
            }
            _ => "",
        };
        let emit = match word {
            "bytecode" => Emit::Bytecode,
            "native" => Emit::Native,
            "viper" => Emit::Viper,
            "asm_thumb" => Emit::AsmThumb,
            "asm_xtensa" => Emit::AsmXtensa,
            "asm_rv32" => Emit::AsmRv32,
            _ => {
                self.report_hint(
                    Code::Decorator,
                    place,
                    "invalid micropython decorator",
                    "there are `bytecode`, `native`, `viper`, `asm_thumb`, `asm_xtensa` and \
                     `asm_rv32`",
                );
                return Some(None);
            }
        };
        if emit != Emit::Bytecode && self.options.arch == Arch::None {
            self.reports.push(
                Diagnostic::new(Code::Architecture, place, "invalid arch")
                    .label(format!("`{word}` makes machine code"))
                    .hint("choose the board's architecture, as in `-march=armv7emsp`"),
            );
        }
        Some(Some(emit))
    }

    // Parameters.

    /// Default values, in the scope around the function.
    fn defaults(
        &mut self,
        parameters: &ast::Parameters,
    ) -> (crate::hir::List<ExprId>, crate::hir::List<KwDefault>) {
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let mark = self.list.len();
        for parameter in positional {
            if let Some(default) = &parameter.default {
                let value = self.expr(default);
                self.list.push(value);
            }
        }
        let defaults = self.list_from(mark);
        let mut keyword = Vec::new();
        for parameter in &parameters.kwonlyargs {
            if let Some(default) = &parameter.default {
                let value = self.expr(default);
                let name = self.symbol(parameter.parameter.name.as_str());
                keyword.push(KwDefault { name, value });
            }
        }
        (defaults, self.pools.list(&keyword))
    }

    /// Parameters, in the scope of the function, in the order of their slots.
    fn params(&mut self, parameters: &ast::Parameters) {
        let with_default = [
            (&parameters.posonlyargs, ParamKind::PosOnly),
            (&parameters.args, ParamKind::Normal),
            (&parameters.kwonlyargs, ParamKind::KeywordOnly),
        ];
        for (list, kind) in with_default {
            for parameter in list {
                self.parameter(&parameter.parameter, kind, parameter.default.is_some());
            }
        }
        if let Some(parameter) = &parameters.vararg {
            self.parameter(parameter, ParamKind::Star, false);
        }
        if let Some(parameter) = &parameters.kwarg {
            self.parameter(parameter, ParamKind::DoubleStar, false);
        }
    }

    fn parameter(&mut self, parameter: &ast::Parameter, kind: ParamKind, has_default: bool) {
        let symbol = self.symbol(parameter.name.as_str());
        let place = span(&parameter.name);
        let annotation =
            parameter.annotation.as_deref().map(|annotation| self.annotation(annotation));
        let var = self.param(symbol, place, annotation);
        let name = if kind == ParamKind::PosOnly { self.known.star } else { symbol };
        self.current().params.push(Param { var, name, kind, has_default, span: place });
    }

    /// Types of viper's parameters and results are plain names that viper knows.
    fn check_viper_types(&mut self) {
        let params: Vec<VarId> = self.current().params.iter().map(|param| param.var).collect();
        let mut annotations: Vec<Annotation> =
            params.into_iter().filter_map(|var| self.annotation_of(var)).collect();
        annotations.extend(self.current().returns);
        for annotation in annotations {
            match annotation {
                Annotation::Name(name, place) => {
                    let shown = String::from_utf8_lossy(self.symbols.get(name)).into_owned();
                    if !VIPER_TYPES.contains(&shown.as_str()) {
                        self.reports.push(
                            Diagnostic::new(Code::Viper, place, format!("unknown type '{shown}'"))
                                .hint(format!("viper knows {}", VIPER_TYPES.join(", "))),
                        );
                    }
                }
                Annotation::Other(place) => {
                    self.report(Code::Viper, place, "annotation must be an identifier");
                }
            }
        }
    }

    /// An annotation, which is not evaluated.
    pub(super) fn annotation(&mut self, expr: &ast::Expr) -> Annotation {
        match expr {
            ast::Expr::Name(name) => Annotation::Name(self.symbol(name.id.as_str()), span(name)),
            other => Annotation::Other(span(other)),
        }
    }
}
