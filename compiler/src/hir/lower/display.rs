//! Displays of tuples, lists, sets and dictionaries, with `*` and `**` inside.
//!
//! Boards can build a display of a fixed number of members only. With stars,
//!
//! ```text
//! [a, *b, c]        is   ([a] += b) += (c,)       on a fresh list, which `+=` extends
//! (a, *b)           is   tuple([a] += b)
//! {a, *b}           is   set([a] += b)
//! {**a, k: v, **b}  is   d = {**a}; d[k] = v; d.update(b); d
//! ```

use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::Span;
use crate::hir::{Arg, ArgKind, BinOp, Const, DictItem, ExprId, ExprKind, List, StmtKind};

impl Lowerer<'_> {
    /// A tuple display; a constant where all members are.
    pub(super) fn tuple(&mut self, elements: &[ast::Expr], place: Span) -> ExprId {
        if has_star(elements) {
            let list = self.starred_list(elements, place);
            return self.call_builtin("tuple", &[list], place);
        }
        let list = self.exprs(elements);
        self.tuple_of(list, place)
    }

    /// A tuple of lowered members.
    pub(super) fn tuple_of(&mut self, list: List<ExprId>, place: Span) -> ExprId {
        if self.folds() {
            let members: Option<Vec<Const>> =
                self.pools[list].iter().map(|&id| self.const_of(id)).collect();
            if let Some(members) = members {
                let members = self.pools.list(&members);
                return self.konst(Const::Tuple(members), place);
            }
        }
        self.node(ExprKind::Tuple(list), place)
    }

    pub(super) fn list_display(&mut self, elements: &[ast::Expr], place: Span) -> ExprId {
        if has_star(elements) {
            return self.starred_list(elements, place);
        }
        let list = self.exprs(elements);
        self.node(ExprKind::List(list), place)
    }

    pub(super) fn set_display(&mut self, elements: &[ast::Expr], place: Span) -> ExprId {
        if has_star(elements) {
            let list = self.starred_list(elements, place);
            return self.call_builtin("set", &[list], place);
        }
        let list = self.exprs(elements);
        self.node(ExprKind::Set(list), place)
    }

    /// A new list of all members, some of them starred.
    pub(super) fn starred_list(&mut self, elements: &[ast::Expr], place: Span) -> ExprId {
        /// More stars are divided, so that expressions do not nest as deeply as there are stars.
        const FLAT: usize = 32;
        if elements.iter().filter(|element| element.is_starred_expr()).count() > FLAT {
            let (head, tail) = elements.split_at(elements.len() / 2);
            let left = self.starred_list(head, place);
            let right = self.starred_list(tail, place);
            let op = BinOp::Add;
            return self.node(ExprKind::Binary { op, inplace: true, left, right }, place);
        }
        let plain = |element: &ast::Expr| !element.is_starred_expr();
        let mut rest = elements;
        let head = rest.iter().take_while(|element| plain(element)).count();
        let first = self.exprs(&rest[..head]);
        let mut list = self.node(ExprKind::List(first), place);
        rest = &rest[head..];
        while let Some(element) = rest.first() {
            let more = match element {
                ast::Expr::Starred(starred) => {
                    rest = &rest[1..];
                    self.expr(&starred.value)
                }
                _ => {
                    let run = rest.iter().take_while(|element| plain(element)).count();
                    let at = span(&rest[0]).to(span(&rest[run - 1]));
                    let members = self.exprs(&rest[..run]);
                    rest = &rest[run..];
                    self.tuple_of(members, at)
                }
            };
            list = self.node(
                ExprKind::Binary { op: BinOp::Add, inplace: true, left: list, right: more },
                place,
            );
        }
        list
    }

    pub(super) fn dict_display(&mut self, dict: &ast::ExprDict, place: Span) -> ExprId {
        let plain = dict.items.iter().take_while(|item| item.key.is_some()).count();
        let mut items = Vec::with_capacity(plain);
        for item in &dict.items[..plain] {
            if let Some(key) = &item.key {
                let (key, value) = self.pair(key, &item.value);
                items.push(DictItem { key, value });
            }
        }
        let items = self.pools.list(&items);
        let start = self.node(ExprKind::Dict(items), place);
        if plain == dict.items.len() {
            return start;
        }
        let var = self.temporary(place);
        let body = self.block_of(|l| {
            l.assign(var, start, place);
            for item in &dict.items[plain..] {
                l.dict_member(var, item);
            }
        });
        let value = self.load(var, place);
        self.release(var);
        self.node(ExprKind::Block { body, value }, place)
    }

    /// The parts of a pair, lowered in the order in which they are evaluated.
    pub(super) fn pair(&mut self, key: &ast::Expr, value: &ast::Expr) -> (ExprId, ExprId) {
        if self.options.as_stock {
            let value = self.expr(value);
            return (self.expr(key), value);
        }
        (self.expr(key), self.expr(value))
    }

    /// `var[key] = value` or `var.update(value)`.
    fn dict_member(&mut self, var: crate::hir::VarId, item: &ast::DictItem) {
        let at = span(&item.value);
        match &item.key {
            Some(key) => {
                let (mut index, value) = self.pair(key, &item.value);
                // The key comes first; an assignment would take it last.
                let constant = |&id: &ExprId| matches!(self.pools[id].kind, ExprKind::Const(_));
                let early = !self.options.as_stock && ![index, value].iter().any(constant);
                let held = early.then(|| self.temporary(at));
                if let Some(held) = held {
                    self.assign(held, index, at);
                    index = self.load(held, at);
                }
                let object = self.load(var, at);
                let target = self.node(ExprKind::Subscript { object, index }, at);
                self.assign_to(target, value, at);
                held.into_iter().for_each(|held| self.release(held));
            }
            None => {
                let object = self.load(var, at);
                let name = self.symbol("update");
                let func = self.node(ExprKind::Attr { object, name }, at);
                let value = self.expr(&item.value);
                let args = self.pools.list(&[Arg { kind: ArgKind::Pos, value }]);
                let call = self.node(ExprKind::Call { func, args }, at);
                self.push(StmtKind::Expr(call), at);
            }
        }
    }
}

/// Whether a member is starred.
pub(super) fn has_star(elements: &[ast::Expr]) -> bool {
    elements.iter().any(ast::Expr::is_starred_expr)
}
