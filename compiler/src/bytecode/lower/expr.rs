//! Expressions, to a value on the stack.

use mpy_format::{BinaryOp, UnaryOp};

use super::Lower;
use crate::bytecode::ir::Op;
use crate::hir::{self, BinOp, CmpOp, CompareLink, Const, ExprId, ExprKind, List};

impl Lower<'_> {
    /// Pushes the value of an expression.
    pub(super) fn expr(&mut self, id: ExprId) {
        let module = self.m;
        let expr = module[id];
        // Names and constants belong to the line of what they stand in: as precise a table would
        // take a byte for every line of a long display.
        if !matches!(expr.kind, ExprKind::Const(_) | ExprKind::Name(_) | ExprKind::Global(_)) {
            self.b.at(expr.span.start);
        }
        match expr.kind {
            ExprKind::Const(konst) => self.konst(konst),
            ExprKind::Name(var) => self.load(var),
            ExprKind::Global(name) => self.b.op(Op::LoadGlobal(name)),
            ExprKind::CellOf(var) => self.b.op(Op::LoadCell(var)),
            ExprKind::CompSource => self.b.op(Op::LoadSource),
            ExprKind::Unary { op, operand } => {
                self.expr(operand);
                self.b.op(Op::Unary(unary(op)));
            }
            ExprKind::Binary { op, inplace, left, right } => {
                self.expr(left);
                self.expr(right);
                self.b.op(Op::Binary(binary(op, inplace)));
            }
            ExprKind::Compare { op, left, right } => {
                self.expr(left);
                self.expr(right);
                self.compare(op);
            }
            ExprKind::CompareChain { first, rest } => self.chain(first, rest),
            ExprKind::And(list) => self.short_circuit(false, list),
            ExprKind::Or(list) => self.short_circuit(true, list),
            ExprKind::IfExp { test, then, orelse } => {
                let (otherwise, end) = (self.b.label(), self.b.label());
                self.cond(test, false, otherwise);
                self.expr(then);
                self.b.jump(end);
                self.b.place(otherwise);
                self.expr(orelse);
                self.b.place(end);
            }
            ExprKind::Call { func, args } => self.call(func, args),
            ExprKind::Super { func, class, this } => {
                self.expr(func);
                self.expr(class);
                self.expr(this);
                self.b.op(Op::Call(super::call::positional(2)));
            }
            ExprKind::Attr { object, name } => {
                self.expr(object);
                self.b.at(expr.span.end.saturating_sub(1));
                self.b.op(Op::LoadAttr(name));
            }
            ExprKind::Subscript { object, index } => {
                self.expr(object);
                self.expr(index);
                self.b.op(Op::LoadSubscr);
            }
            ExprKind::Slice { lower, upper, step } => {
                self.optional(lower);
                self.optional(upper);
                if let Some(step) = step {
                    self.expr(step);
                }
                self.b.op(Op::BuildSlice(if step.is_some() { 3 } else { 2 }));
            }
            ExprKind::Tuple(list) => {
                self.exprs(list);
                self.b.op(Op::BuildTuple(list.len() as u32));
            }
            ExprKind::List(list) => {
                self.exprs(list);
                self.b.op(Op::BuildList(list.len() as u32));
            }
            ExprKind::Set(list) => {
                self.exprs(list);
                self.b.op(Op::BuildSet(list.len() as u32));
            }
            ExprKind::Dict(items) => {
                self.b.op(Op::BuildMap(items.len() as u32));
                self.dict_items(items);
            }
            // A target only; the verifier of the HIR sees to it.
            ExprKind::Starred(value) => self.expr(value),
            ExprKind::Walrus { target, value } => {
                self.expr(value);
                self.b.op(Op::Dup);
                self.store(target);
            }
            ExprKind::Yield(value) => {
                self.optional(value);
                self.b.op(Op::YieldValue);
            }
            ExprKind::YieldFrom(value) | ExprKind::Await(value) => {
                self.expr(value);
                self.delegate();
            }
            ExprKind::Function(function) => self.function(expr.span, function),
            ExprKind::Class { scope, args } => self.class(expr.span, scope, args),
            ExprKind::Comp { scope, source } => self.comprehension(expr.span, scope, source),
            ExprKind::Collect { collection, body } => self.collect(collection, body),
            ExprKind::Block { body, value } => {
                self.block(body);
                self.expr(value);
            }
        }
    }

    /// Pushes the value, or `None` where there is no expression.
    pub(super) fn optional(&mut self, id: Option<ExprId>) {
        match id {
            Some(id) => self.expr(id),
            None => self.b.op(Op::LoadNone),
        }
    }

    /// Pushes the values of a list.
    pub(super) fn exprs(&mut self, list: List<ExprId>) {
        let module = self.m;
        for &id in &module[list] {
            self.expr(id);
        }
    }

    /// Fills the dictionary on top.
    pub(super) fn dict_items(&mut self, items: List<hir::DictItem>) {
        let module = self.m;
        for item in &module[items] {
            self.pair(item.key, item.value);
            self.b.op(Op::StoreMap);
        }
    }

    /// Pushes the value of a pair and on it the key. The key is evaluated first, which costs
    /// a byte where a program can tell, and is not done [as stock](crate::Options::as_stock).
    pub(super) fn pair(&mut self, key: ExprId, value: ExprId) {
        if !self.options.as_stock && self.tells_order(key, value) {
            self.expr(key);
            self.expr(value);
            self.b.op(Op::RotTwo);
        } else {
            self.expr(value);
            self.expr(key);
        }
    }

    /// Whether a program may see which of a pair is evaluated first.
    fn tells_order(&self, key: ExprId, value: ExprId) -> bool {
        let loads = |id: ExprId| matches!(self.m[id].kind, ExprKind::Name(_) | ExprKind::Global(_));
        match (self.m[key].kind, self.m[value].kind) {
            (ExprKind::Const(_), _) | (_, ExprKind::Const(_)) => false,
            (ExprKind::Name(var), _) if self.is_fast(var) => self.may_bind(value, &mut 64),
            _ => !(loads(key) && loads(value)),
        }
    }

    /// Whether an expression binds names of this frame, or is of more than `budget` parts.
    fn may_bind(&self, id: ExprId, budget: &mut u32) -> bool {
        let kind = self.m[id].kind;
        *budget = budget.saturating_sub(1);
        let binds = |kind| {
            matches!(
                kind,
                ExprKind::Walrus { .. } | ExprKind::Block { .. } | ExprKind::Collect { .. }
            )
        };
        let mut found = *budget == 0 || binds(kind);
        kind.for_each_child(self.m, &mut |child| {
            found = found || self.may_bind(child, budget);
        });
        found
    }

    /// Compares the two values on top.
    pub(super) fn compare(&mut self, op: CmpOp) {
        let (op, negate) = compare(op);
        self.b.op(Op::Binary(op));
        if negate {
            self.b.op(Op::Unary(UnaryOp::Not));
        }
    }

    fn short_circuit(&mut self, sense: bool, list: List<ExprId>) {
        let module = self.m;
        let end = self.b.label();
        if let Some((&last, front)) = module[list].split_last() {
            for &id in front {
                self.expr(id);
                self.b.branch_or_pop(sense, end);
            }
            self.expr(last);
        }
        self.b.place(end);
    }

    fn chain(&mut self, first: ExprId, rest: List<CompareLink>) {
        let links = &self.m[rest];
        let Some((last, front)) = links.split_last() else { return self.expr(first) };
        let (fail, end) = (self.b.label(), self.b.label());
        let mut leaves_value = false;
        self.expr(first);
        for (link, next) in front.iter().zip(&links[1..]) {
            self.expr(link.value);
            if self.repeatable(link.value, next.value) {
                self.compare(link.op);
                self.b.branch_or_pop(false, end);
                self.expr(link.value);
            } else {
                self.b.op(Op::Dup);
                self.b.op(Op::RotThree);
                self.compare(link.op);
                self.b.branch_or_pop(false, fail);
                leaves_value = true;
            }
        }
        self.expr(last.value);
        self.compare(last.op);
        if leaves_value {
            self.b.jump(end);
            self.b.place(fail);
            self.b.op(Op::RotTwo);
            self.b.op(Op::Pop);
        }
        self.b.place(end);
    }

    /// Whether evaluating `id` again just before `next` gives the same object without any effect:
    /// a constant in the code, or a local that `next` does not bind.
    pub(super) fn repeatable(&self, id: ExprId, next: ExprId) -> bool {
        if !self.options.optimise {
            return false;
        }
        let still = || self.binds_nothing(next);
        match self.m[id].kind {
            ExprKind::Const(Const::None | Const::False | Const::True | Const::Int(-16..48)) => true,
            ExprKind::Name(var) => self.is_fast(var) && still(),
            _ => false,
        }
    }

    /// Whether an expression certainly binds no local, judged by its outermost nodes.
    pub(super) fn binds_nothing(&self, id: ExprId) -> bool {
        self.binds_nothing_within(id, 4)
    }

    fn binds_nothing_within(&self, id: ExprId, levels: u32) -> bool {
        match self.m[id].kind {
            ExprKind::Walrus { .. } | ExprKind::Block { .. } | ExprKind::Collect { .. } => false,
            ExprKind::Const(_) | ExprKind::Name(_) | ExprKind::Global(_) => true,
            _ if levels == 0 => false,
            ref kind => {
                let mut all = true;
                kind.for_each_child(self.m, &mut |child| {
                    all = all && self.binds_nothing_within(child, levels - 1);
                });
                all
            }
        }
    }
}

fn unary(op: hir::UnaryOp) -> UnaryOp {
    match op {
        hir::UnaryOp::Pos => UnaryOp::Positive,
        hir::UnaryOp::Neg => UnaryOp::Negative,
        hir::UnaryOp::Invert => UnaryOp::Invert,
        hir::UnaryOp::Not => UnaryOp::Not,
    }
}

/// The operator, and whether its result is to be negated.
fn compare(op: CmpOp) -> (BinaryOp, bool) {
    match op {
        CmpOp::Lt => (BinaryOp::Less, false),
        CmpOp::Gt => (BinaryOp::More, false),
        CmpOp::Eq => (BinaryOp::Equal, false),
        CmpOp::Le => (BinaryOp::LessEqual, false),
        CmpOp::Ge => (BinaryOp::MoreEqual, false),
        CmpOp::Ne => (BinaryOp::NotEqual, false),
        CmpOp::In => (BinaryOp::In, false),
        CmpOp::NotIn => (BinaryOp::In, true),
        CmpOp::Is => (BinaryOp::Is, false),
        CmpOp::IsNot => (BinaryOp::Is, true),
    }
}

/// The operator of the format.
pub(super) fn binary(op: BinOp, inplace: bool) -> BinaryOp {
    let (plain, changing) = match op {
        BinOp::Or => (BinaryOp::Or, BinaryOp::InplaceOr),
        BinOp::Xor => (BinaryOp::Xor, BinaryOp::InplaceXor),
        BinOp::And => (BinaryOp::And, BinaryOp::InplaceAnd),
        BinOp::Shl => (BinaryOp::Lshift, BinaryOp::InplaceLshift),
        BinOp::Shr => (BinaryOp::Rshift, BinaryOp::InplaceRshift),
        BinOp::Add => (BinaryOp::Add, BinaryOp::InplaceAdd),
        BinOp::Sub => (BinaryOp::Subtract, BinaryOp::InplaceSubtract),
        BinOp::Mul => (BinaryOp::Multiply, BinaryOp::InplaceMultiply),
        BinOp::MatMul => (BinaryOp::MatMultiply, BinaryOp::InplaceMatMultiply),
        BinOp::FloorDiv => (BinaryOp::FloorDivide, BinaryOp::InplaceFloorDivide),
        BinOp::TrueDiv => (BinaryOp::TrueDivide, BinaryOp::InplaceTrueDivide),
        BinOp::Mod => (BinaryOp::Modulo, BinaryOp::InplaceModulo),
        BinOp::Pow => (BinaryOp::Power, BinaryOp::InplacePower),
    };
    if inplace { changing } else { plain }
}
