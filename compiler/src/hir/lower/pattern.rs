//! `match` statements, as chains of conditions.
//!
//! The subject goes to a temporary. Each case becomes an arm of one `if`; its condition is the
//! conjunction of what the pattern demands, in order. Parts of the subject that several demands
//! concern go to temporaries on the way, in blocks that give `True`:
//!
//! ```text
//! case [Point(x=0), *rest] if rest:
//!
//!     isinstance(s, (list, tuple, range)) and len(s) >= 1
//!         and {a, *b = s; True}
//!         and isinstance(a, Point) and hasattr(a, 'x') and {c = a.x; True} and c == 0
//!         and {rest = b; True}
//!         and rest
//! ```
//!
//! Names are bound when the whole pattern has matched, before the guard. On boards a sequence is a
//! `list`, `tuple` or `range`, a mapping is a `dict`; subclasses count.

use std::collections::HashSet;

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{Arm, Block, CmpOp, Const, ExprId, ExprKind, Stmt, StmtKind, Symbol, VarId};

/// Builtin classes whose one positional sub-pattern is matched against the subject itself.
const SELF_MATCHING: [&str; 11] = [
    "bool",
    "bytearray",
    "bytes",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "set",
    "str",
    "tuple",
];

/// What a case demands and binds.
#[derive(Default)]
struct Case {
    /// Conditions, in order.
    demands: Vec<ExprId>,
    /// Names, where they stand, and the temporaries that hold their values.
    captures: Vec<(Symbol, Span, VarId)>,
    /// Temporaries to give back.
    temporaries: Vec<VarId>,
}

impl Lowerer<'_> {
    pub(super) fn match_stmt(&mut self, stmt: &ast::StmtMatch) {
        let place = span(stmt);
        let at = span(&*stmt.subject);
        let subject = self.temporary(at);
        let value = self.expr(&stmt.subject);
        self.assign(subject, value, at);
        let mut used = vec![subject];
        let mut arms = Vec::with_capacity(stmt.cases.len());
        let mut orelse = Block::EMPTY;
        for (i, case) in stmt.cases.iter().enumerate() {
            let at = span(&case.pattern);
            let mut demands = Case::default();
            self.pattern(&case.pattern, subject, &mut demands);
            let binding = self.captures(&demands.captures, at);
            used.append(&mut demands.temporaries);
            let irrefutable = demands.demands.is_empty();
            if irrefutable && case.guard.is_none() {
                if let Some(next) = stmt.cases.get(i + 1) {
                    self.reports.push(
                        Diagnostic::new(
                            Code::InvalidPattern,
                            at,
                            "this pattern always matches, so the cases after it are unreachable",
                        )
                        .related(span(&next.pattern), "the first unreachable case"),
                    );
                }
                orelse = self.block_of(|l| {
                    l.stmts.extend_from_slice(&binding);
                    l.stmts(&case.body);
                });
                break;
            }
            let mut all = demands.demands;
            if !binding.is_empty() {
                all.push(self.then_true(&binding, at));
            }
            if let Some(guard) = &case.guard {
                all.push(self.expr(guard));
            }
            let test = self.all_of(&all, at);
            let body = self.block(&case.body);
            arms.push(Arm { test, body });
        }
        for var in used {
            self.release(var);
        }
        if arms.is_empty() {
            self.stmts.extend_from_slice(&self.pools[orelse]);
            return;
        }
        let arms = self.pools.list(&arms);
        self.push(StmtKind::If { arms, orelse }, place);
    }

    /// `name = temporary` for each captured name.
    fn captures(&mut self, captures: &[(Symbol, Span, VarId)], at: Span) -> Vec<Stmt> {
        let mark = self.stmts.len();
        for (i, &(name, place, var)) in captures.iter().enumerate() {
            if captures[..i].iter().any(|(other, ..)| *other == name) {
                let message = "the pattern binds the same name twice";
                self.report(Code::InvalidPattern, place, message);
            }
            self.refuse_const(name, place);
            let target = self.bound(name, place);
            let value = self.load(var, place);
            self.assign(target, value, at);
        }
        self.stmts.split_off(mark)
    }

    /// Conditions joined by `and`.
    fn all_of(&mut self, conditions: &[ExprId], at: Span) -> ExprId {
        match conditions {
            [] => self.konst(Const::True, at),
            [only] => *only,
            _ => {
                let list = self.pools.list(conditions);
                self.node(ExprKind::And(list), at)
            }
        }
    }

    /// `{statements; True}`
    fn then_true(&mut self, statements: &[Stmt], at: Span) -> ExprId {
        let body = self.pools.list(statements);
        let value = self.konst(Const::True, at);
        self.node(ExprKind::Block { body, value }, at)
    }

    /// `{var = value; True}` for a new temporary.
    fn bind(&mut self, value: ExprId, at: Span, case: &mut Case) -> VarId {
        let var = self.temporary(at);
        case.temporaries.push(var);
        self.bind_to(var, value, at, case);
        var
    }

    fn bind_to(&mut self, var: VarId, value: ExprId, at: Span, case: &mut Case) {
        let mark = self.stmts.len();
        self.assign(var, value, at);
        let statements = self.stmts.split_off(mark);
        let demand = self.then_true(&statements, at);
        case.demands.push(demand);
    }

    fn demand(&mut self, op: CmpOp, left: ExprId, right: ExprId, at: Span, case: &mut Case) {
        let demand = self.comparison(op, left, right, at);
        case.demands.push(demand);
    }

    /// Adds what `pattern` demands of the value in `subject`.
    fn pattern(&mut self, pattern: &ast::Pattern, subject: VarId, case: &mut Case) {
        let at = span(pattern);
        match pattern {
            ast::Pattern::MatchValue(value) => {
                let left = self.load(subject, at);
                let right = self.expr(&value.value);
                self.demand(CmpOp::Eq, left, right, at, case);
            }
            ast::Pattern::MatchSingleton(singleton) => {
                let left = self.load(subject, at);
                let value = match singleton.value {
                    ast::Singleton::None => Const::None,
                    ast::Singleton::True => Const::True,
                    ast::Singleton::False => Const::False,
                };
                let right = self.konst(value, at);
                self.demand(CmpOp::Is, left, right, at, case);
            }
            ast::Pattern::MatchAs(capture) => {
                if let Some(inner) = &capture.pattern {
                    self.pattern(inner, subject, case);
                }
                if let Some(name) = &capture.name {
                    let symbol = self.symbol(name.as_str());
                    case.captures.push((symbol, span(name), subject));
                }
            }
            ast::Pattern::MatchOr(or) => self.or_pattern(or, subject, case),
            ast::Pattern::MatchSequence(sequence) => {
                self.sequence_pattern(&sequence.patterns, subject, at, case);
            }
            ast::Pattern::MatchMapping(mapping) => {
                self.mapping_pattern(mapping, subject, at, case);
            }
            ast::Pattern::MatchClass(class) => self.class_pattern(class, subject, at, case),
            ast::Pattern::MatchStar(_) => {
                self.report(Code::InvalidPattern, at, "star pattern cannot be used here");
            }
        }
    }

    /// `a | b | …`: every alternative binds the same names, each from its own place, so the values
    /// move to places they share.
    fn or_pattern(&mut self, or: &ast::PatternMatchOr, subject: VarId, case: &mut Case) {
        let at = span(or);
        let mut shared: Vec<(Symbol, Span, VarId)> = Vec::new();
        let mut alternatives = Vec::with_capacity(or.patterns.len());
        for (i, pattern) in or.patterns.iter().enumerate() {
            let at = span(pattern);
            let mut one = Case::default();
            self.pattern(pattern, subject, &mut one);
            if i == 0 {
                for &(name, place, _) in &one.captures {
                    let var = self.temporary(place);
                    case.temporaries.push(var);
                    shared.push((name, place, var));
                }
            }
            let captures = std::mem::take(&mut one.captures);
            let same = captures.len() == shared.len()
                && captures.iter().all(|(name, ..)| shared.iter().any(|(n, ..)| n == name));
            if !same {
                let message = "alternative patterns bind different names";
                self.report(Code::InvalidPattern, at, message);
            }
            if one.demands.is_empty() && i + 1 < or.patterns.len() {
                let message = "this pattern always matches, so the alternatives after it are \
                               unreachable";
                self.report(Code::InvalidPattern, at, message);
            }
            for (name, place, var) in captures {
                if let Some(&(.., to)) = shared.iter().find(|(other, ..)| *other == name) {
                    let value = self.load(var, place);
                    self.bind_to(to, value, place, &mut one);
                }
            }
            case.temporaries.append(&mut one.temporaries);
            alternatives.push(self.all_of(&one.demands, at));
        }
        case.captures.append(&mut shared);
        let list = self.pools.list(&alternatives);
        let demand = self.node(ExprKind::Or(list), at);
        case.demands.push(demand);
    }

    fn sequence_pattern(
        &mut self,
        patterns: &[ast::Pattern],
        subject: VarId,
        at: Span,
        case: &mut Case,
    ) {
        let types = ["list", "tuple", "range"].map(|name| self.builtin(name, at));
        let types = self.pools.list(&types);
        let types = self.node(ExprKind::Tuple(types), at);
        let value = self.load(subject, at);
        let is_sequence = self.call_builtin("isinstance", &[value, types], at);
        case.demands.push(is_sequence);
        let star = patterns.iter().position(ast::Pattern::is_match_star);
        let only_star = patterns.len() == 1 && star.is_some();
        if !only_star {
            let value = self.load(subject, at);
            let len = self.call_builtin("len", &[value], at);
            let wanted = patterns.len() - usize::from(star.is_some());
            let wanted = self.konst(Const::Int(wanted as i64), at);
            let op = if star.is_some() { CmpOp::Ge } else { CmpOp::Eq };
            self.demand(op, len, wanted, at, case);
        }
        if patterns.iter().all(is_wildcard) {
            return;
        }
        if let Some(second) = patterns.iter().filter(|p| p.is_match_star()).nth(1) {
            let message = "a sequence pattern has at most one starred part";
            self.report(Code::InvalidPattern, span(second), message);
            return;
        }
        if let Some(star) = star.filter(|&star| is_wildcard(&patterns[star])) {
            return self.items_pattern(patterns, star, subject, case);
        }
        let mut parts = Vec::with_capacity(patterns.len());
        let mark = self.list.len();
        for pattern in patterns {
            let place = span(pattern);
            let var = self.temporary(place);
            case.temporaries.push(var);
            parts.push(var);
            let mut target = self.load(var, place);
            if pattern.is_match_star() {
                target = self.node(ExprKind::Starred(target), place);
            }
            self.list.push(target);
        }
        let targets = self.list_from(mark);
        let target = self.node(ExprKind::Tuple(targets), at);
        let value = self.load(subject, at);
        let mark = self.stmts.len();
        self.assign_to(target, value, at);
        let statements = self.stmts.split_off(mark);
        let unpack = self.then_true(&statements, at);
        case.demands.push(unpack);
        for (pattern, var) in patterns.iter().zip(parts) {
            match pattern {
                ast::Pattern::MatchStar(star) => {
                    if let Some(name) = &star.name {
                        let symbol = self.symbol(name.as_str());
                        case.captures.push((symbol, span(name), var));
                    }
                }
                _ => self.pattern(pattern, var, case),
            }
        }
    }

    /// Where `*_` stands at `star`: the other parts by their positions, from both ends.
    fn items_pattern(
        &mut self,
        patterns: &[ast::Pattern],
        star: usize,
        subject: VarId,
        case: &mut Case,
    ) {
        for (i, pattern) in patterns.iter().enumerate().filter(|(_, p)| !is_wildcard(p)) {
            let place = span(pattern);
            let position = i as i64 - if i < star { 0 } else { patterns.len() as i64 };
            let object = self.load(subject, place);
            let index = self.konst(Const::Int(position), place);
            let item = self.node(ExprKind::Subscript { object, index }, place);
            let var = self.bind(item, place, case);
            self.pattern(pattern, var, case);
        }
    }

    fn mapping_pattern(
        &mut self,
        mapping: &ast::PatternMatchMapping,
        subject: VarId,
        at: Span,
        case: &mut Case,
    ) {
        let value = self.load(subject, at);
        let dict = self.builtin("dict", at);
        let is_dict = self.call_builtin("isinstance", &[value, dict], at);
        case.demands.push(is_dict);
        let mut keys = Vec::with_capacity(mapping.keys.len());
        for (key, pattern) in mapping.keys.iter().zip(&mapping.patterns) {
            let place = span(key);
            let left = self.expr(key);
            let right = self.load(subject, place);
            self.demand(CmpOp::In, left, right, place, case);
            keys.push(key);
            if !is_wildcard(pattern) {
                let object = self.load(subject, place);
                let index = self.expr(key);
                let item = self.node(ExprKind::Subscript { object, index }, place);
                let var = self.bind(item, place, case);
                self.pattern(pattern, var, case);
            }
        }
        if let Some(rest) = &mapping.rest {
            let place = span(rest);
            let value = self.load(subject, place);
            let copy = self.call_builtin("dict", &[value], place);
            let var = self.temporary(place);
            case.temporaries.push(var);
            let mark = self.stmts.len();
            self.assign(var, copy, place);
            for key in keys {
                let object = self.load(var, place);
                let index = self.expr(key);
                let item = self.node(ExprKind::Subscript { object, index }, place);
                self.push(StmtKind::Del(item), place);
            }
            let statements = self.stmts.split_off(mark);
            let demand = self.then_true(&statements, place);
            case.demands.push(demand);
            let symbol = self.symbol(rest.as_str());
            case.captures.push((symbol, place, var));
        }
    }

    fn class_pattern(
        &mut self,
        pattern: &ast::PatternMatchClass,
        subject: VarId,
        at: Span,
        case: &mut Case,
    ) {
        let value = self.load(subject, at);
        let class = self.expr(&pattern.cls);
        let is_instance = self.call_builtin("isinstance", &[value, class], at);
        case.demands.push(is_instance);
        let positional = &pattern.arguments.patterns;
        let itself = matches!(&*pattern.cls, ast::Expr::Name(name)
            if SELF_MATCHING.contains(&name.id.as_str()));
        if let ([only], true) = (&positional[..], itself) {
            self.pattern(only, subject, case);
        } else {
            for (i, sub_pattern) in positional.iter().enumerate() {
                let place = span(sub_pattern);
                let object = self.expr(&pattern.cls);
                let name = self.symbol("__match_args__");
                let object = self.node(ExprKind::Attr { object, name }, place);
                let index = self.konst(Const::Int(i as i64), place);
                let name = self.node(ExprKind::Subscript { object, index }, place);
                let name = self.bind(name, place, case);
                self.attribute_pattern(AttrName::Dynamic(name), sub_pattern, subject, case);
            }
        }
        let mut seen = HashSet::new();
        for keyword in &pattern.arguments.keywords {
            if !seen.insert(keyword.attr.as_str()) {
                let message = "the attribute is matched twice";
                self.report(Code::InvalidPattern, span(&keyword.attr), message);
            }
            let name = self.symbol(keyword.attr.as_str());
            self.attribute_pattern(AttrName::Known(name), &keyword.pattern, subject, case);
        }
    }

    fn attribute_pattern(
        &mut self,
        name: AttrName,
        pattern: &ast::Pattern,
        subject: VarId,
        case: &mut Case,
    ) {
        let at = span(pattern);
        let object = self.load(subject, at);
        let shown = self.attr_name(name, at);
        let has = self.call_builtin("hasattr", &[object, shown], at);
        case.demands.push(has);
        if is_wildcard(pattern) {
            return;
        }
        let object = self.load(subject, at);
        let value = match name {
            AttrName::Known(name) => self.node(ExprKind::Attr { object, name }, at),
            AttrName::Dynamic(_) => {
                let shown = self.attr_name(name, at);
                self.call_builtin("getattr", &[object, shown], at)
            }
        };
        let var = self.bind(value, at, case);
        self.pattern(pattern, var, case);
    }

    fn attr_name(&mut self, name: AttrName, at: Span) -> ExprId {
        match name {
            AttrName::Known(name) => self.konst(Const::Str(name), at),
            AttrName::Dynamic(var) => self.load(var, at),
        }
    }
}

/// The name of an attribute: written in the pattern, or found in a temporary.
#[derive(Clone, Copy)]
enum AttrName {
    Known(Symbol),
    Dynamic(VarId),
}

/// Whether it matches anything and binds nothing.
fn is_wildcard(pattern: &ast::Pattern) -> bool {
    match pattern {
        ast::Pattern::MatchAs(capture) => capture.pattern.is_none() && capture.name.is_none(),
        ast::Pattern::MatchStar(star) => star.name.is_none(),
        _ => false,
    }
}
