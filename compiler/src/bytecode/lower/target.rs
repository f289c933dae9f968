//! Names, assignments, deletions.

use super::Lower;
use super::expr::binary;
use crate::bytecode::ir::Op;
use crate::diag::Span;
use crate::hir::{BinOp, Const, ExprId, ExprKind, List, Storage, VarId};

impl Lower<'_> {
    /// Pushes a variable's value.
    pub(super) fn load(&mut self, var: VarId) {
        let v = self.scope.var(var);
        self.b.op(match v.storage {
            Storage::Local(_) => Op::LoadFast(var),
            Storage::Cell(_) | Storage::Free(_) => Op::LoadDeref(var),
            Storage::Global => Op::LoadGlobal(v.name),
            Storage::Name => Op::LoadName(v.name),
        });
    }

    /// Pops into a variable.
    pub(super) fn store(&mut self, var: VarId) {
        let v = self.scope.var(var);
        self.b.op(match v.storage {
            Storage::Local(_) => Op::StoreFast(var),
            Storage::Cell(_) | Storage::Free(_) => Op::StoreDeref(var),
            Storage::Global => Op::StoreGlobal(v.name),
            Storage::Name => Op::StoreName(v.name),
        });
    }

    /// Unbinds a variable.
    pub(super) fn delete(&mut self, var: VarId) {
        let v = self.scope.var(var);
        self.b.op(match v.storage {
            Storage::Local(_) => Op::DeleteFast(var),
            Storage::Cell(_) | Storage::Free(_) => Op::DeleteDeref(var),
            Storage::Global => Op::DeleteGlobal(v.name),
            Storage::Name => Op::DeleteName(v.name),
        });
    }

    /// Whether the variable lies in a slot of its own.
    pub(super) fn is_fast(&self, var: VarId) -> bool {
        matches!(self.scope.var(var).storage, Storage::Local(_))
    }

    /// `target = target = value`
    pub(super) fn assign(&mut self, targets: List<ExprId>, value: ExprId) {
        let module = self.m;
        match module[targets] {
            [target] if self.assign_parallel(target, value) => {}
            [] => self.effect(value),
            [ref front @ .., last] => {
                self.expr(value);
                for &target in front {
                    self.b.op(Op::Dup);
                    self.store_target(target);
                }
                self.store_target(last);
            }
        }
    }

    /// `a, b = c, d` without a tuple; false where that cannot be done.
    fn assign_parallel(&mut self, target: ExprId, value: ExprId) -> bool {
        let module = self.m;
        let (ExprKind::Tuple(targets) | ExprKind::List(targets)) = module[target].kind else {
            return false;
        };
        let targets = &module[targets];
        let count = match module[value].kind {
            ExprKind::Tuple(values) => values.len(),
            ExprKind::Const(Const::Tuple(values)) if self.options.optimise => values.len(),
            _ => return false,
        };
        let starred = |&id: &ExprId| matches!(module[id].kind, ExprKind::Starred(_));
        if count != targets.len() || count == 0 || targets.iter().any(starred) {
            return false;
        }
        // Slots of different locals can be filled in any order.
        let reversible = self.options.optimise && self.distinct_locals(targets);
        if !reversible && !(2..=3).contains(&count) {
            return false;
        }
        match module[value].kind {
            ExprKind::Tuple(values) => self.exprs(values),
            ExprKind::Const(Const::Tuple(values)) => {
                for &value in &module[values] {
                    self.konst(value);
                }
            }
            _ => return false,
        }
        if reversible {
            for &target in targets.iter().rev() {
                self.store_target(target);
            }
        } else {
            if count == 3 {
                self.b.op(Op::RotThree);
            }
            self.b.op(Op::RotTwo);
            for &target in targets {
                self.store_target(target);
            }
        }
        true
    }

    fn distinct_locals(&self, targets: &[ExprId]) -> bool {
        // Few enough that comparing all pairs is no work.
        targets.len() <= 16
            && targets.iter().enumerate().all(|(i, &id)| match self.m[id].kind {
                ExprKind::Name(var) => {
                    self.is_fast(var)
                        && targets[..i].iter().all(|&other| match self.m[other].kind {
                            ExprKind::Name(other) => other != var,
                            _ => false,
                        })
                }
                _ => false,
            })
    }

    /// Pops into a target.
    pub(super) fn store_target(&mut self, id: ExprId) {
        let module = self.m;
        let expr = module[id];
        match expr.kind {
            ExprKind::Name(var) => self.store(var),
            ExprKind::Attr { object, name } => {
                self.expr(object);
                self.b.at(expr.span.end.saturating_sub(1));
                self.b.op(Op::StoreAttr(name));
            }
            ExprKind::Subscript { object, index } => {
                self.expr(object);
                self.expr(index);
                self.b.op(Op::StoreSubscr);
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                self.unpack(expr.span, &module[targets]);
            }
            ExprKind::Starred(inner) => self.store_target(inner),
            _ => self.limit(expr.span, "this cannot be assigned to"),
        }
    }

    fn unpack(&mut self, span: Span, targets: &[ExprId]) {
        let module = self.m;
        let star = targets.iter().position(|&id| matches!(module[id].kind, ExprKind::Starred(_)));
        self.b.at(span.start);
        match star {
            None => self.b.op(Op::UnpackSequence(targets.len() as u32)),
            Some(left) => {
                let right = targets.len() - left - 1;
                match (u8::try_from(left), u8::try_from(right)) {
                    (Ok(left), Ok(right)) => self.b.op(Op::UnpackEx(left, right)),
                    _ => return self.limit(span, "more than 255 targets before or after a star"),
                }
            }
        }
        for &target in targets {
            self.store_target(target);
        }
    }

    /// `target op= value`
    pub(super) fn aug_assign(&mut self, id: ExprId, op: BinOp, value: ExprId) {
        let module = self.m;
        let expr = module[id];
        let op = Op::Binary(binary(op, true));
        match expr.kind {
            ExprKind::Name(var) => {
                self.load(var);
                self.expr(value);
                self.b.op(op);
                self.store(var);
            }
            ExprKind::Attr { object, name } => {
                self.expr(object);
                let again = match module[object].kind {
                    ExprKind::Name(_) => self.repeatable(object, value),
                    _ => false,
                };
                if !again {
                    self.b.op(Op::Dup);
                }
                self.b.op(Op::LoadAttr(name));
                self.expr(value);
                self.b.op(op);
                if again {
                    self.expr(object);
                } else {
                    self.b.op(Op::RotTwo);
                }
                self.b.op(Op::StoreAttr(name));
            }
            ExprKind::Subscript { object, index } => {
                self.expr(object);
                self.expr(index);
                self.b.op(Op::DupTwo);
                self.b.op(Op::LoadSubscr);
                self.expr(value);
                self.b.op(op);
                self.b.op(Op::RotThree);
                self.b.op(Op::StoreSubscr);
            }
            _ => self.limit(expr.span, "this cannot be assigned to"),
        }
    }

    /// `del target`: a store of the null word.
    pub(super) fn delete_target(&mut self, id: ExprId) {
        let expr = self.m[id];
        match expr.kind {
            ExprKind::Name(var) => self.delete(var),
            ExprKind::Attr { object, name } => {
                self.b.op(Op::LoadNull);
                self.expr(object);
                self.b.op(Op::StoreAttr(name));
            }
            ExprKind::Subscript { object, index } => {
                self.b.op(Op::LoadNull);
                self.expr(object);
                self.expr(index);
                self.b.op(Op::StoreSubscr);
            }
            _ => self.limit(expr.span, "this cannot be deleted"),
        }
    }
}
