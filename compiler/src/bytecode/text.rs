//! Stack code as text: a line an instruction, blocks with depth and handlers.

use std::fmt::Write;

use super::Function;
use super::ir::{Inst, Op, Term};
use super::konst::Konsts;
use crate::hir::{Module, Symbol, VarId};

/// The text of a function.
pub fn dump(module: &Module, function: &Function, konsts: &Konsts) -> String {
    let scope = &module[function.scope];
    let code = &function.code;
    let mut out = String::new();
    let _ = writeln!(out, "function {} {}", function.scope, module.display(scope.name));
    let var = |var: VarId| format!("{var} {}", module.display(scope.var(var).name));
    let name = |symbol: Symbol| module.display(symbol).into_owned();
    for &id in &code.order {
        let block = code.block(id);
        let region = code.region(id);
        let _ = write!(out, "{id:?}: depth {}", block.depth);
        if region.depth != 0 {
            let state = if region.active { "in handler" } else { "under" };
            let _ = write!(out, ", {state} {:?} {}", region.kind, region.depth);
        }
        out.push('\n');
        for Inst { op, line } in code.body(id) {
            let operand = match *op {
                Op::LoadFast(v)
                | Op::LoadBound(v)
                | Op::LoadCell(v)
                | Op::LoadDeref(v)
                | Op::StoreFast(v)
                | Op::StoreDeref(v)
                | Op::DeleteFast(v)
                | Op::DeleteDeref(v) => var(v),
                Op::LoadStr(s) | Op::LoadQstr(s) => format!("{:?}", name(s)),
                Op::LoadName(s)
                | Op::LoadGlobal(s)
                | Op::StoreName(s)
                | Op::StoreGlobal(s)
                | Op::DeleteName(s)
                | Op::DeleteGlobal(s)
                | Op::LoadAttr(s)
                | Op::LoadMethod(s)
                | Op::LoadSuperMethod(s)
                | Op::StoreAttr(s)
                | Op::ImportName(s)
                | Op::ImportFrom(s) => name(s),
                Op::LoadConst(k) => format!("{:?}", konsts.get(k)),
                _ => String::new(),
            };
            let word = format!("{op:?}");
            let word =
                if operand.is_empty() { &word } else { word.split('(').next().unwrap_or("") };
            let _ = writeln!(out, "{line:6}  {word} {operand}");
        }
        let term = match block.term {
            Term::Jump(to) => format!("Jump {to:?}"),
            term => format!("{term:?}"),
        };
        let _ = writeln!(out, "{:6}  {term}", block.line);
    }
    out
}
