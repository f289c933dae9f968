//! Bodies of inline-assembler functions: calls that are instructions.

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use ruff_python_ast as ast;

use super::{Lowerer, span};
use crate::diag::Code;
use crate::hir::{AsmArg, AsmArgKind, AsmBody, AsmInstruction, Const};

impl Lowerer<'_> {
    pub(super) fn asm_body(&mut self, def: &ast::StmtFunctionDef) {
        let mut instructions = Vec::with_capacity(def.body.len());
        for (i, stmt) in def.body.iter().enumerate() {
            match stmt {
                ast::Stmt::Pass(_) => {}
                ast::Stmt::Expr(stmt) => match &*stmt.value {
                    ast::Expr::StringLiteral(_) if i == 0 => {}
                    ast::Expr::Call(call) => match self.asm_instruction(call) {
                        Some(instruction) => instructions.push(instruction),
                        None => self.not_an_instruction(span(stmt)),
                    },
                    _ => self.not_an_instruction(span(stmt)),
                },
                other => self.not_an_instruction(span(other)),
            }
        }
        let returns = self.current().returns;
        self.current().asm = Some(Box::new(AsmBody { instructions, returns }));
    }

    fn not_an_instruction(&mut self, place: crate::diag::Span) {
        self.report_hint(
            Code::Asm,
            place,
            "expecting an assembler instruction",
            "an instruction is written as a call: `mov(r0, r1)`",
        );
    }

    fn asm_instruction(&mut self, call: &ast::ExprCall) -> Option<AsmInstruction> {
        let ast::Expr::Name(name) = &*call.func else {
            return None;
        };
        if !call.arguments.keywords.is_empty() {
            return None;
        }
        let args = call.arguments.args.iter().map(|arg| self.asm_arg(arg)).collect();
        Some(AsmInstruction { name: self.symbol(name.id.as_str()), args, span: span(call) })
    }

    fn asm_arg(&mut self, expr: &ast::Expr) -> AsmArg {
        let kind = match expr {
            ast::Expr::List(list) => {
                AsmArgKind::List(list.elts.iter().map(|arg| self.asm_arg(arg)).collect())
            }
            ast::Expr::Set(set) => {
                AsmArgKind::Set(set.elts.iter().map(|arg| self.asm_arg(arg)).collect())
            }
            ast::Expr::Call(call) => {
                let base = self.asm_arg(&call.func);
                let args = call.arguments.args.iter().map(|arg| self.asm_arg(arg)).collect();
                AsmArgKind::Call(Box::new(base), args)
            }
            ast::Expr::Name(name) => {
                let symbol = self.symbol(name.id.as_str());
                match self.const_named(symbol) {
                    Some(value) => self.asm_const(value),
                    None => AsmArgKind::Name(symbol),
                }
            }
            // `{ra, s0 - s11}`: registers in a row.
            ast::Expr::BinOp(ast::ExprBinOp { left, op: ast::Operator::Sub, right, .. })
                if let (ast::Expr::Name(first), ast::Expr::Name(last)) = (&**left, &**right)
                    && let [first, last] = [first, last].map(|n| self.symbol(n.id.as_str()))
                    && self.const_named(first).is_none()
                    && self.const_named(last).is_none() =>
            {
                AsmArgKind::Range(first, last)
            }
            // `-4(sp)`: the sign belongs to the offset.
            ast::Expr::UnaryOp(ast::ExprUnaryOp { op: ast::UnaryOp::USub, operand, .. })
                if let ast::Expr::Call(call) = &**operand =>
            {
                let mut base = self.asm_arg(&call.func);
                base.kind = match base.kind {
                    AsmArgKind::Int(value) => AsmArgKind::Int(-value),
                    _ => AsmArgKind::Other,
                };
                let args = call.arguments.args.iter().map(|arg| self.asm_arg(arg)).collect();
                AsmArgKind::Call(Box::new(base), args)
            }
            other => {
                let outer = std::mem::replace(&mut self.consts.defining, true);
                let value = self.expr(other);
                self.consts.defining = outer;
                match self.const_of(value) {
                    Some(value) => self.asm_const(value),
                    None => AsmArgKind::Other,
                }
            }
        };
        AsmArg { kind, span: span(expr) }
    }

    fn asm_const(&self, value: Const) -> AsmArgKind {
        match value {
            Const::Int(value) => AsmArgKind::Int(value.into()),
            Const::Big(id) => {
                let mask: BigInt = (BigInt::from(1) << 127) - 1;
                let low: BigInt = &self.pools[id] & mask;
                AsmArgKind::Int(low.to_i128().unwrap_or(0))
            }
            _ => AsmArgKind::Other,
        }
    }
}
