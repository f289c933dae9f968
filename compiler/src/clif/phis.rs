//! Block parameters that are not needed.
//!
//! The SSA builder gives a block parameters before it knows all that leads there. Those
//! that get the same value from everywhere are that value; those that nobody reads are
//! dropped, with all that is computed for them alone. What is left are the values that
//! differ, so that the register allocator need not find the others out.

use std::collections::HashSet;

use cranelift_codegen::entity::SecondaryMap;
use cranelift_codegen::ir::{Block, BlockCall, Function, Inst, Value, ValueDef};

/// A way from an instruction, by its place among those, to a block.
struct Edge {
    inst: Inst,
    index: usize,
    to: Block,
    args: Vec<Value>,
}

fn edges(function: &Function) -> Vec<Edge> {
    let dfg = &function.dfg;
    let mut edges = Vec::new();
    for inst in function.layout.blocks().filter_map(|b| function.layout.last_inst(b)) {
        let calls = dfg.insts[inst].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        for (index, call) in calls.iter().enumerate() {
            let args = call.args(&dfg.value_lists).filter_map(|arg| arg.as_value());
            let args = args.map(|value| dfg.resolve_aliases(value)).collect();
            edges.push(Edge { inst, index, to: call.block(&dfg.value_lists), args });
        }
    }
    edges
}

/// What parameters were found to be.
struct Found(SecondaryMap<Value, Option<Value>>);

impl Found {
    fn find(&self, mut value: Value) -> Value {
        while let Some(same) = self.0[value] {
            value = same;
        }
        value
    }

    /// The one value that a parameter gets from everywhere, beside itself.
    fn only(&self, param: Value, args: impl Iterator<Item = Value>) -> Option<Value> {
        let mut only = None;
        for arg in args.map(|arg| self.find(arg)).filter(|&arg| arg != param) {
            match only {
                Some(other) if other != arg => return None,
                _ => only = Some(arg),
            }
        }
        only
    }
}

/// Removes parameters of blocks that are not needed.
pub fn remove(function: &mut Function) {
    let Some(entry) = function.layout.entry_block() else { return };
    let edges = edges(function);
    let mut ways: SecondaryMap<Block, Vec<usize>> = SecondaryMap::new();
    for (number, edge) in edges.iter().enumerate() {
        ways[edge.to].push(number);
    }
    let blocks: Vec<Block> = function.layout.blocks().filter(|b| *b != entry).collect();
    let params = |function: &Function, block| -> Vec<(usize, Value)> {
        function.dfg.block_params(block).iter().copied().enumerate().collect()
    };

    let mut found = Found(SecondaryMap::new());
    loop {
        let mut changed = false;
        for &block in &blocks {
            for (place, param) in params(function, block) {
                if found.0[param].is_none() {
                    let args = ways[block].iter().map(|&way| edges[way].args[place]);
                    found.0[param] = found.only(param, args);
                    changed |= found.0[param].is_some();
                }
            }
        }
        if !changed {
            break;
        }
    }

    // What instructions read is needed, and what comes to parameters that are.
    let dfg = &function.dfg;
    let mut needed: HashSet<Value> = HashSet::new();
    let insts = function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
    let mut todo: Vec<Value> =
        insts.flat_map(|inst| dfg.inst_args(inst)).map(|v| dfg.resolve_aliases(*v)).collect();
    while let Some(value) = todo.pop() {
        let value = found.find(value);
        if needed.insert(value)
            && let ValueDef::Param(block, place) = dfg.value_def(value)
            && block != entry
        {
            todo.extend(ways[block].iter().map(|&way| edges[way].args[place]));
        }
    }

    let stays = |param: &Value| found.0[*param].is_none() && needed.contains(param);
    for edge in &edges {
        let kept: Vec<_> = params(function, edge.to)
            .into_iter()
            .filter(|(_, param)| edge.to == entry || stays(param))
            .map(|(place, _)| found.find(edge.args[place]).into())
            .collect();
        let dfg = &mut function.dfg;
        let call = BlockCall::new(edge.to, kept, &mut dfg.value_lists);
        let calls = dfg.insts[edge.inst]
            .branch_destination_mut(&mut dfg.jump_tables, &mut dfg.exception_tables);
        calls[edge.index] = call;
    }
    for &block in &blocks {
        for (_, param) in params(function, block).into_iter().rev() {
            if !stays(&param) {
                function.dfg.remove_block_param(param);
                if found.0[param].is_some() {
                    function.dfg.change_to_alias(param, found.find(param));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use cranelift_codegen::cursor::{Cursor, FuncCursor};
    use cranelift_codegen::ir::{AbiParam, InstBuilder, types};
    use cranelift_codegen::isa::CallConv;
    use cranelift_codegen::{settings, verify_function};

    use super::*;

    /// A loop that is entered with three values: one changes, one is only handed on, by
    /// both ways round, and one changes but is never read.
    #[test]
    fn what_changes_and_is_read_stays() {
        let mut function = Function::new();
        function.signature.call_conv = CallConv::SystemV;
        function.signature.params = vec![AbiParam::new(types::I32); 2];
        function.signature.returns = vec![AbiParam::new(types::I32)];
        let [entry, head, odd, even, next, exit] =
            std::array::from_fn(|_| function.dfg.make_block());
        let mut params = |block, count| -> Vec<Value> {
            (0..count).map(|_| function.dfg.append_block_param(block, types::I32)).collect()
        };
        let (given, looped, joined) = (params(entry, 2), params(head, 3), params(next, 2));
        let args = |values: &[Value]| values.iter().map(|v| (*v).into()).collect::<Vec<_>>();
        for block in [entry, head, odd, even, next, exit] {
            function.layout.append_block(block);
        }
        let mut at = FuncCursor::new(&mut function);
        at.goto_bottom(entry);
        at.ins().jump(head, &args(&[given[0], given[1], given[0]]));
        at.goto_bottom(head);
        let (value, kept, unread) = (looped[0], looped[1], looped[2]);
        at.ins().brif(value, odd, &[], even, &[]);
        at.goto_bottom(odd);
        at.ins().jump(next, &args(&[kept, unread]));
        at.goto_bottom(even);
        at.ins().jump(next, &args(&[kept, value]));
        at.goto_bottom(next);
        let less = at.ins().isub(value, joined[0]);
        at.ins().brif(less, head, &args(&[less, joined[0], joined[1]]), exit, &[]);
        at.goto_bottom(exit);
        at.ins().return_(&[kept]);

        remove(&mut function);
        assert_eq!(function.dfg.block_params(head), [value]);
        assert_eq!(function.dfg.block_params(next), []);
        assert_eq!(function.dfg.resolve_aliases(kept), given[1]);
        let settings = settings::Flags::new(settings::builder());
        verify_function(&function, &settings).expect("the function is valid");
    }
}
