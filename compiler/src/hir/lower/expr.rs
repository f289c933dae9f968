//! Expressions.

use num_bigint::BigInt;
use num_traits::Num;
use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{BinOp, CmpOp, CompareLink, Const, ExprId, ExprKind, ScopeKind, UnaryOp, fold};
use crate::syntax::{self, Text};

/// The longest integer literal, in digits.
const MAX_DIGITS: usize = 100_000;

impl Lowerer<'_> {
    /// Lowers an expression that is loaded.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> ExprId {
        let place = span(expr);
        let kind = match expr {
            ast::Expr::Name(name) => return self.name(name, place),
            ast::Expr::Attribute(attribute) => {
                if let Some(number) = self.const_of_module(attribute) {
                    return self.konst(Const::Float(number), place);
                }
                let object = self.expr(&attribute.value);
                ExprKind::Attr { object, name: self.symbol(attribute.attr.as_str()) }
            }
            ast::Expr::Call(call) => return self.call(call, place),
            ast::Expr::StringLiteral(literal) => return self.string(literal, place),
            ast::Expr::NumberLiteral(literal) => return self.number(literal, place),
            ast::Expr::BooleanLiteral(literal) => ExprKind::Const(Const::bool(literal.value)),
            ast::Expr::NoneLiteral(_) => ExprKind::Const(Const::None),
            ast::Expr::EllipsisLiteral(_) => ExprKind::Const(Const::Ellipsis),
            ast::Expr::BytesLiteral(literal) => return self.bytes(literal, place),
            ast::Expr::BinOp(_) => return self.binary_chain(expr),
            ast::Expr::Compare(compare) => return self.compare(compare, place),
            ast::Expr::BoolOp(bool_op) => return self.bool_op(bool_op, place),
            ast::Expr::UnaryOp(unary) => {
                let operand = self.expr(&unary.operand);
                let op = match unary.op {
                    ast::UnaryOp::Invert => UnaryOp::Invert,
                    ast::UnaryOp::Not => UnaryOp::Not,
                    ast::UnaryOp::UAdd => UnaryOp::Pos,
                    ast::UnaryOp::USub => UnaryOp::Neg,
                };
                return self.unary(op, operand, place);
            }
            ast::Expr::Subscript(subscript) => {
                let object = self.expr(&subscript.value);
                let index = self.expr(&subscript.slice);
                return self.subscript(object, index, place);
            }
            ast::Expr::Tuple(tuple) => return self.tuple(&tuple.elts, place),
            ast::Expr::List(list) => return self.list_display(&list.elts, place),
            ast::Expr::Set(set) => return self.set_display(&set.elts, place),
            ast::Expr::Dict(dict) => return self.dict_display(dict, place),
            ast::Expr::If(conditional) => return self.conditional(conditional, place),
            ast::Expr::Named(named) => return self.walrus(named, place),
            ast::Expr::Lambda(lambda) => return self.lambda(lambda, place),
            ast::Expr::ListComp(_)
            | ast::Expr::SetComp(_)
            | ast::Expr::DictComp(_)
            | ast::Expr::Generator(_) => return self.comprehension(expr, place),
            ast::Expr::FString(literal) => return self.fstring(literal, place),
            ast::Expr::TString(literal) => return self.tstring(literal, place),
            ast::Expr::Await(awaited) => {
                self.awaits(place);
                ExprKind::Await(self.expr(&awaited.value))
            }
            ast::Expr::Yield(yielded) => {
                self.yields(place);
                ExprKind::Yield(yielded.value.as_deref().map(|value| self.expr(value)))
            }
            ast::Expr::YieldFrom(yielded) => {
                self.yields(place);
                ExprKind::YieldFrom(self.expr(&yielded.value))
            }
            ast::Expr::Starred(starred) => {
                self.report(Code::StarNotAllowed, place, "*x must be assignment target");
                return self.expr(&starred.value);
            }
            ast::Expr::Slice(slice) => {
                let [lower, upper, step] = [&slice.lower, &slice.upper, &slice.step]
                    .map(|part| part.as_deref().map(|part| self.expr(part)));
                ExprKind::Slice { lower, upper, step }
            }
            ast::Expr::IpyEscapeCommand(_) => {
                self.report(Code::Syntax, place, "invalid syntax");
                ExprKind::Const(Const::None)
            }
        };
        self.node(kind, place)
    }

    fn name(&mut self, name: &ast::ExprName, place: Span) -> ExprId {
        let symbol = self.symbol(name.id.as_str());
        if symbol == self.known.dunder_debug {
            return self.konst(Const::bool(self.options.opt_level == 0), place);
        }
        if let Some(value) = self.const_named(symbol) {
            return self.konst(value, place);
        }
        let var = self.used(symbol, place);
        self.load(var, place)
    }

    // Literals.

    fn string(&mut self, literal: &ast::ExprStringLiteral, place: Span) -> ExprId {
        let mut text = Text::default();
        for part in literal.value.iter() {
            self.string_part(part, &mut text);
        }
        self.take_text(text, place)
    }

    /// Decodes one literal of a string made of several.
    pub(super) fn string_part(&self, part: &ast::StringLiteral, out: &mut Text) {
        let raw = part.flags.prefix().is_raw();
        syntax::string_text(self.text, part.content_range(), raw, out);
    }

    /// Reports what was found while decoding, and makes the string.
    pub(super) fn take_text(&mut self, text: Text, place: Span) -> ExprId {
        self.reports.extend(text.reports);
        self.str_const(&text.bytes, place)
    }

    fn bytes(&mut self, literal: &ast::ExprBytesLiteral, place: Span) -> ExprId {
        let mut text = Text::default();
        for part in literal.value.iter() {
            let raw = part.flags.prefix().is_raw();
            syntax::bytes_literal(self.text, part.content_range(), raw, &mut text);
        }
        self.reports.extend(text.reports);
        let id = self.pools.add_bytes(text.bytes.into_boxed_slice());
        self.konst(Const::Bytes(id), place)
    }

    fn number(&mut self, literal: &ast::ExprNumberLiteral, place: Span) -> ExprId {
        let value = match &literal.value {
            ast::Number::Int(int) => match int.as_i64() {
                Some(value) => Const::Int(value),
                None => self.big_number(place),
            },
            ast::Number::Float(value) => Const::Float(*value),
            ast::Number::Complex { real, imag } => self.pools.complex(*real, *imag),
        };
        self.konst(value, place)
    }

    /// An integer literal that 64 bits do not hold, read from the source.
    fn big_number(&mut self, place: Span) -> Const {
        let text = self.text.get(place.range()).unwrap_or_default().replace('_', "");
        let (radix, digits) = match text.get(..2) {
            Some("0x" | "0X") => (16, &text[2..]),
            Some("0o" | "0O") => (8, &text[2..]),
            Some("0b" | "0B") => (2, &text[2..]),
            _ => (10, text.as_str()),
        };
        if digits.len() > MAX_DIGITS {
            let message = format!("the number has {} digits", digits.len());
            self.reports.push(
                Diagnostic::new(Code::InvalidNumber, place, message)
                    .hint(format!("at most {MAX_DIGITS} digits are accepted")),
            );
            return Const::Int(0);
        }
        match BigInt::from_str_radix(digits, radix) {
            Ok(value) => self.pools.int(value),
            Err(_) => {
                self.report(Code::InvalidNumber, place, "invalid syntax for integer");
                Const::Int(0)
            }
        }
    }

    // Operators.

    /// A chain such as `a + b + c` is a tree that leans to the left, perhaps very deep: walk down
    /// first, then lower on the way up.
    fn binary_chain(&mut self, expr: &ast::Expr) -> ExprId {
        let mut chain = Vec::new();
        let mut leftmost = expr;
        while let ast::Expr::BinOp(binary) = leftmost {
            chain.push(binary);
            leftmost = &binary.left;
        }
        let mut left = self.expr(leftmost);
        for binary in chain.into_iter().rev() {
            let right = self.expr(&binary.right);
            left = self.binary(operator(binary.op), left, right, span(binary));
        }
        left
    }

    /// `left op right`, computed if both are constants.
    pub(super) fn binary(&mut self, op: BinOp, left: ExprId, right: ExprId, place: Span) -> ExprId {
        if self.folds()
            && let (Some(a), Some(b)) = (self.const_of(left), self.const_of(right))
            && let Some(value) = fold::binary(&mut self.pools, &mut self.symbols, op, a, b)
        {
            return self.konst(value, place);
        }
        self.node(ExprKind::Binary { op, inplace: false, left, right }, place)
    }

    fn unary(&mut self, op: UnaryOp, operand: ExprId, place: Span) -> ExprId {
        if self.folds()
            && let Some(value) = self.const_of(operand)
            && let Some(value) = fold::unary(&mut self.pools, &self.symbols, op, value)
        {
            return self.konst(value, place);
        }
        self.node(ExprKind::Unary { op, operand }, place)
    }

    /// `not operand`
    pub(super) fn not(&mut self, operand: ExprId, place: Span) -> ExprId {
        self.unary(UnaryOp::Not, operand, place)
    }

    fn subscript(&mut self, object: ExprId, index: ExprId, place: Span) -> ExprId {
        if self.folds()
            && let (Some(a), Some(b)) = (self.const_of(object), self.const_of(index))
            && let Some(value) = fold::subscript(&self.pools, &mut self.symbols, a, b)
        {
            return self.konst(value, place);
        }
        self.node(ExprKind::Subscript { object, index }, place)
    }

    fn compare(&mut self, compare: &ast::ExprCompare, place: Span) -> ExprId {
        let first = self.expr(&compare.left);
        if let ([op], [right]) = (&*compare.ops, &*compare.comparators) {
            let op = comparison(*op);
            self.warn_identity(op, &compare.left, right);
            let right = self.expr(right);
            return self.comparison(op, first, right, place);
        }
        let mut links = Vec::with_capacity(compare.ops.len());
        for (op, value) in compare.ops.iter().zip(&compare.comparators) {
            links.push(CompareLink { op: comparison(*op), value: self.expr(value) });
        }
        let rest = self.pools.list(&links);
        self.node(ExprKind::CompareChain { first, rest }, place)
    }

    /// `left op right`, computed if both are constants.
    pub(super) fn comparison(
        &mut self,
        op: CmpOp,
        left: ExprId,
        right: ExprId,
        place: Span,
    ) -> ExprId {
        if self.folds()
            && let (Some(a), Some(b)) = (self.const_of(left), self.const_of(right))
            && let Some(value) = fold::compare(&self.pools, &self.symbols, op, a, b)
        {
            return self.konst(Const::bool(value), place);
        }
        self.node(ExprKind::Compare { op, left, right }, place)
    }

    fn warn_identity(&mut self, op: CmpOp, left: &ast::Expr, right: &ast::Expr) {
        let literal = |expr: &ast::Expr| {
            matches!(
                expr,
                ast::Expr::NumberLiteral(_)
                    | ast::Expr::StringLiteral(_)
                    | ast::Expr::BytesLiteral(_)
            )
        };
        if !matches!(op, CmpOp::Is | CmpOp::IsNot) || !(literal(left) || literal(right)) {
            return;
        }
        let (word, instead) = if op == CmpOp::Is { ("is", "==") } else { ("is not", "!=") };
        let place = span(left).to(span(right));
        self.reports.push(
            Diagnostic::new(
                Code::IsLiteral,
                place,
                format!("`{word}` with a literal depends on how the device stores values"),
            )
            .hint(format!("write `{instead}`")),
        );
    }

    fn bool_op(&mut self, bool_op: &ast::ExprBoolOp, place: Span) -> ExprId {
        let ends = bool_op.op == ast::BoolOp::Or;
        let mark = self.list.len();
        let mut values = bool_op.values.iter();
        while let Some(value) = values.next() {
            let id = self.expr(value);
            let known = if self.folds() {
                self.const_of(id).and_then(|value| fold::truth(&self.pools, &self.symbols, value))
            } else {
                None
            };
            let last = values.len() == 0;
            if last || known != Some(!ends) {
                self.list.push(id);
            }
            if known == Some(ends) {
                self.discard(|l| {
                    for value in values.by_ref() {
                        l.expr(value);
                    }
                });
            }
        }
        if let [only] = self.list[mark..] {
            self.list.truncate(mark);
            return only;
        }
        let list = self.list_from(mark);
        self.node(if ends { ExprKind::Or(list) } else { ExprKind::And(list) }, place)
    }

    fn conditional(&mut self, conditional: &ast::ExprIf, place: Span) -> ExprId {
        let test = self.expr(&conditional.test);
        match self.truth(test) {
            Some(holds) => {
                let (live, dead) = if holds {
                    (&conditional.body, &conditional.orelse)
                } else {
                    (&conditional.orelse, &conditional.body)
                };
                self.discard(|l| {
                    l.expr(dead);
                });
                self.expr(live)
            }
            None => {
                let then = self.expr(&conditional.body);
                let orelse = self.expr(&conditional.orelse);
                self.node(ExprKind::IfExp { test, then, orelse }, place)
            }
        }
    }

    fn walrus(&mut self, named: &ast::ExprNamed, place: Span) -> ExprId {
        let value = self.expr(&named.value);
        let ast::Expr::Name(name) = &*named.target else {
            self.report(Code::InvalidTarget, span(&*named.target), "can't assign to expression");
            return value;
        };
        let symbol = self.symbol(name.id.as_str());
        let target = self.walrus_target(symbol, span(name));
        self.node(ExprKind::Walrus { target, value }, place)
    }

    // Suspension.

    /// Notes a `yield` in the current scope.
    fn yields(&mut self, place: Span) {
        if !matches!(self.kind(), ScopeKind::Function | ScopeKind::Lambda) {
            self.report(Code::YieldOutside, place, "'yield' outside function");
            return;
        }
        if self.current().is_async {
            self.report_hint(
                Code::DeviceSyntax,
                place,
                "boards have no asynchronous generators: what is yielded goes to the event loop",
                "collect the values in a list, or write a class with `__anext__`",
            );
        }
        self.current().is_generator = true;
    }

    /// Notes an `await` in the current scope.
    pub(super) fn awaits(&mut self, place: Span) {
        let kind = self.kind();
        match kind {
            ScopeKind::Function | ScopeKind::Lambda => {}
            ScopeKind::Module | ScopeKind::Class => {
                self.report_hint(
                    Code::YieldOutside,
                    place,
                    "'await' outside function",
                    "put it into an `async def` and run that with `asyncio.run()`",
                );
                return;
            }
            ScopeKind::GenExpr => {
                self.report_hint(
                    Code::AwaitOutside,
                    place,
                    "boards have no asynchronous generators, so a generator expression cannot wait",
                    "use a list comprehension: `[… for …]`",
                );
                return;
            }
            ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp => {
                self.current().is_async = true;
            }
        }
        self.current().is_generator = true;
    }
}

/// The parser's operator as ours.
pub(super) fn operator(op: ast::Operator) -> BinOp {
    match op {
        ast::Operator::Add => BinOp::Add,
        ast::Operator::Sub => BinOp::Sub,
        ast::Operator::Mult => BinOp::Mul,
        ast::Operator::MatMult => BinOp::MatMul,
        ast::Operator::Div => BinOp::TrueDiv,
        ast::Operator::Mod => BinOp::Mod,
        ast::Operator::Pow => BinOp::Pow,
        ast::Operator::LShift => BinOp::Shl,
        ast::Operator::RShift => BinOp::Shr,
        ast::Operator::BitOr => BinOp::Or,
        ast::Operator::BitXor => BinOp::Xor,
        ast::Operator::BitAnd => BinOp::And,
        ast::Operator::FloorDiv => BinOp::FloorDiv,
    }
}

fn comparison(op: ast::CmpOp) -> CmpOp {
    match op {
        ast::CmpOp::Eq => CmpOp::Eq,
        ast::CmpOp::NotEq => CmpOp::Ne,
        ast::CmpOp::Lt => CmpOp::Lt,
        ast::CmpOp::LtE => CmpOp::Le,
        ast::CmpOp::Gt => CmpOp::Gt,
        ast::CmpOp::GtE => CmpOp::Ge,
        ast::CmpOp::Is => CmpOp::Is,
        ast::CmpOp::IsNot => CmpOp::IsNot,
        ast::CmpOp::In => CmpOp::In,
        ast::CmpOp::NotIn => CmpOp::NotIn,
    }
}
