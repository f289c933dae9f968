//! Expressions, to a jump: no truth value is made where the next instruction would test it.

use super::Lower;
use crate::bytecode::ir::{BlockId, Op};
use crate::hir::{CompareLink, Const, ExprId, ExprKind, List, Module, UnaryOp};

impl Lower<'_> {
    /// Goes to `target` if the truth of the expression is `sense`, else on.
    pub(super) fn cond(&mut self, id: ExprId, sense: bool, target: BlockId) {
        let module = self.m;
        match module[id].kind {
            ExprKind::Const(konst) => {
                if truth(module, konst) == sense {
                    self.b.jump(target);
                }
            }
            ExprKind::Unary { op: UnaryOp::Not, operand } => self.cond(operand, !sense, target),
            ExprKind::And(list) => self.cond_list(list, false, sense, target),
            ExprKind::Or(list) => self.cond_list(list, true, sense, target),
            ExprKind::CompareChain { first, rest } if self.all_repeatable(rest) => {
                self.cond_chain(first, rest, sense, target);
            }
            _ => {
                self.expr(id);
                self.b.branch(sense, target);
            }
        }
    }

    /// An `and` or `or`; `decides` is the truth of an operand that ends it.
    fn cond_list(&mut self, list: List<ExprId>, decides: bool, sense: bool, target: BlockId) {
        let module = self.m;
        let Some((&last, front)) = module[list].split_last() else { return };
        let end = self.b.label();
        for &id in front {
            self.cond(id, decides, if decides == sense { target } else { end });
        }
        self.cond(last, sense, target);
        self.b.place(end);
    }

    fn all_repeatable(&self, rest: List<CompareLink>) -> bool {
        let links = &self.m[rest];
        links.iter().zip(links.iter().skip(1)).all(|(a, b)| self.repeatable(a.value, b.value))
    }

    /// `a < b < c` as `a < b and b < c`.
    fn cond_chain(&mut self, first: ExprId, rest: List<CompareLink>, sense: bool, target: BlockId) {
        let links = &self.m[rest];
        let Some((last, front)) = links.split_last() else { return };
        let end = self.b.label();
        self.expr(first);
        for link in front {
            self.expr(link.value);
            self.compare(link.op);
            self.b.branch(false, if sense { end } else { target });
            self.expr(link.value);
        }
        self.expr(last.value);
        self.compare(last.op);
        self.b.branch(sense, target);
        self.b.place(end);
    }
}

/// The truth of a constant.
pub(super) fn truth(module: &Module, konst: Const) -> bool {
    match konst {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis => true,
        Const::Int(value) => value != 0,
        Const::Big(_) => true,
        Const::Float(value) => value != 0.0,
        Const::Complex(bits) => module[bits] != (0.0, 0.0),
        Const::Str(symbol) => !module.text(symbol).is_empty(),
        Const::Bytes(id) => !module[id].is_empty(),
        Const::Tuple(items) => !items.is_empty(),
    }
}

impl Lower<'_> {
    /// The truth of an expression that is known now.
    pub(super) fn known(&self, id: ExprId) -> Option<bool> {
        match self.m[id].kind {
            ExprKind::Const(konst) => Some(truth(self.m, konst)),
            _ => None,
        }
    }

    /// Evaluates for the effect alone.
    pub(super) fn effect(&mut self, id: ExprId) {
        match self.m[id].kind {
            ExprKind::Const(_) => {}
            ExprKind::Walrus { target, value } => {
                self.expr(value);
                self.store(target);
            }
            _ => {
                self.expr(id);
                self.b.op(Op::Pop);
            }
        }
    }
}
