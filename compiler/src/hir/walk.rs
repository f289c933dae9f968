//! The parts of nodes, for walks over the tree that treat most kinds alike.

use super::{Block, ExprId, ExprKind, Module, Stmt, StmtKind};

impl ExprKind {
    /// Calls `f` with every expression directly inside, in the order of evaluation. Statements of
    /// an [`ExprKind::Block`] and [`ExprKind::Collect`] are left to the caller.
    pub fn for_each_child(&self, m: &Module, f: &mut impl FnMut(ExprId)) {
        match *self {
            Self::Const(_)
            | Self::Name(_)
            | Self::Global(_)
            | Self::CellOf(_)
            | Self::CompSource
            | Self::Collect { .. }
            | Self::Yield(None) => {}
            Self::Unary { operand: e, .. }
            | Self::Attr { object: e, .. }
            | Self::Starred(e)
            | Self::Walrus { value: e, .. }
            | Self::Yield(Some(e))
            | Self::YieldFrom(e)
            | Self::Await(e)
            | Self::Comp { source: e, .. }
            | Self::Block { value: e, .. } => f(e),
            Self::Binary { left, right, .. } | Self::Compare { left, right, .. } => {
                f(left);
                f(right);
            }
            Self::CompareChain { first, rest } => {
                f(first);
                m[rest].iter().for_each(|link| f(link.value));
            }
            Self::And(list)
            | Self::Or(list)
            | Self::Tuple(list)
            | Self::List(list)
            | Self::Set(list) => {
                m[list].iter().for_each(|&e| f(e));
            }
            Self::IfExp { test, then, orelse } => {
                f(test);
                f(then);
                f(orelse);
            }
            Self::Call { func, args } => {
                f(func);
                m[args].iter().for_each(|arg| f(arg.value));
            }
            Self::Super { func, class, this } => {
                f(func);
                f(class);
                f(this);
            }
            Self::Subscript { object, index } => {
                f(object);
                f(index);
            }
            Self::Slice { lower, upper, step } => {
                [lower, upper, step].into_iter().flatten().for_each(f);
            }
            Self::Dict(items) => m[items].iter().for_each(|item| {
                f(item.key);
                f(item.value);
            }),
            Self::Function(function) => {
                m[function.defaults].iter().for_each(|&e| f(e));
                m[function.kw_defaults].iter().for_each(|default| f(default.value));
            }
            Self::Class { args, .. } => m[args].iter().for_each(|arg| f(arg.value)),
        }
    }
}

impl Stmt {
    /// Calls `f` with every expression directly inside, targets included.
    pub fn for_each_expr(&self, m: &Module, f: &mut impl FnMut(ExprId)) {
        match self.kind {
            StmtKind::Expr(e)
            | StmtKind::Del(e)
            | StmtKind::Return(Some(e))
            | StmtKind::CompAdd(e) => {
                f(e);
            }
            StmtKind::Assign { targets, value } => {
                f(value);
                m[targets].iter().for_each(|&e| f(e));
            }
            StmtKind::AugAssign { target, value, .. } => {
                f(target);
                f(value);
            }
            StmtKind::Raise { exc, cause } => [exc, cause].into_iter().flatten().for_each(f),
            StmtKind::If { arms, .. } => m[arms].iter().for_each(|arm| f(arm.test)),
            StmtKind::While { test, .. } => f(test),
            StmtKind::For { target, iter, .. } | StmtKind::AsyncFor { target, iter, .. } => {
                f(iter);
                f(target);
            }
            StmtKind::Try { handlers, .. } => {
                m[handlers].iter().filter_map(|handler| handler.exception).for_each(f);
            }
            StmtKind::With { context, target, .. }
            | StmtKind::AsyncWith { context, target, .. } => {
                f(context);
                target.into_iter().for_each(f);
            }
            StmtKind::CompAddPair { key, value } => {
                f(key);
                f(value);
            }
            StmtKind::Return(None)
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Import { .. }
            | StmtKind::ImportFrom { .. }
            | StmtKind::ImportStar { .. } => {}
        }
    }

    /// Calls `f` with every block directly inside.
    pub fn for_each_block(&self, m: &Module, f: &mut impl FnMut(Block)) {
        match self.kind {
            StmtKind::If { arms, orelse } => {
                m[arms].iter().for_each(|arm| f(arm.body));
                f(orelse);
            }
            StmtKind::While { body, orelse, .. }
            | StmtKind::For { body, orelse, .. }
            | StmtKind::AsyncFor { body, orelse, .. } => {
                f(body);
                f(orelse);
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                f(body);
                m[handlers].iter().for_each(|handler| f(handler.body));
                f(orelse);
                f(finalbody);
            }
            StmtKind::With { body, .. } | StmtKind::AsyncWith { body, .. } => f(body),
            _ => {}
        }
    }
}
