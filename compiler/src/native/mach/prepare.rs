//! The middle end, and the order of blocks.
//!
//! Cranelift's passes run with plain settings: no instruction set of its own is
//! involved. Then every edge from a block with several successors to one with
//! several predecessors gets a block of its own, a [`Node::Edge`], which is where
//! the allocator can put moves.

use std::collections::{HashMap, HashSet};

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::dominator_tree::DominatorTree;
use cranelift_codegen::flowgraph::ControlFlowGraph;
use cranelift_codegen::ir::{self, Function, InstructionData};
use cranelift_codegen::loop_analysis::LoopAnalysis;
use cranelift_codegen::settings::{self, Configurable, Flags};

use super::Error;

/// A block to be emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    Clif(ir::Block),
    /// The edge from a block to its successor of this index.
    Edge(ir::Block, usize),
}

/// A function ready for selection.
pub struct Prepared {
    pub function: Function,
    /// Blocks so that each comes after all that dominate it.
    pub order: Vec<ir::Block>,
    /// Blocks and edges, each after all that dominate it: the allocator and its
    /// checker want them so.
    pub nodes: Vec<Node>,
    /// The same in the order of emission.
    pub emission: Vec<Node>,
    /// Split edges.
    pub split: HashSet<(ir::Block, usize)>,
}

/// The targets of a block's last instruction.
pub fn calls(function: &Function, block: ir::Block) -> &[ir::BlockCall] {
    let Some(last) = function.layout.last_inst(block) else { return &[] };
    match &function.dfg.insts[last] {
        InstructionData::Jump { destination, .. } => std::slice::from_ref(destination),
        InstructionData::Brif { blocks, .. } => blocks,
        _ => &[],
    }
}

/// The block that a target names.
pub fn target(function: &Function, call: &ir::BlockCall) -> ir::Block {
    call.block(&function.dfg.value_lists)
}

fn flags() -> Flags {
    let mut builder = settings::builder();
    let verify = if cfg!(debug_assertions) { "true" } else { "false" };
    // Both settings exist.
    let _ = builder.set("enable_verifier", verify);
    let _ = builder.set("opt_level", "speed_and_size");
    Flags::new(builder)
}

/// Optimises and orders.
pub fn prepare(function: Function) -> Result<Prepared, Error> {
    optimised(function).map(order)
}

/// The function as the middle end leaves it.
pub fn optimised(function: Function) -> Result<Function, Error> {
    let flags = flags();
    let mut context = Context::for_function(function);
    let middle = |e: cranelift_codegen::CodegenError| Error::Middle(format!("{e:?}"));
    context.verify_if(&flags).map_err(middle)?;
    context.flowgraph();
    context.eliminate_unreachable_code(&flags).map_err(middle)?;
    context.func.dfg.resolve_all_aliases();
    context.egraph_pass(&flags, &mut ControlPlane::default()).map_err(middle)?;
    context.eliminate_unreachable_code(&flags).map_err(middle)?;
    context.func.dfg.resolve_all_aliases();
    Ok(context.func)
}

/// Blocks that control can reach, each after all that dominate it, and loops in one piece:
/// the allocator takes what lies inside for part of them.
fn contiguous(function: &Function, entry: ir::Block) -> Vec<ir::Block> {
    let cfg = ControlFlowGraph::with_function(function);
    let domtree = DominatorTree::with_function(function, &cfg);
    let mut loops = LoopAnalysis::new();
    loops.compute(function, &cfg, &domtree);
    // What is visited first comes last: what leaves loops.
    let targets = |block| -> Vec<ir::Block> {
        let mut targets: Vec<ir::Block> =
            calls(function, block).iter().map(|call| target(function, call)).collect();
        targets.sort_by_key(|to| std::cmp::Reverse(loops.loop_level(*to).level()));
        targets
    };
    let mut order = Vec::new();
    let mut seen = HashSet::from([entry]);
    let mut walk = vec![(entry, targets(entry))];
    while let Some((block, rest)) = walk.last_mut() {
        match rest.pop() {
            Some(to) => {
                if seen.insert(to) {
                    walk.push((to, targets(to)));
                }
            }
            None => {
                order.push(*block);
                walk.pop();
            }
        }
    }
    order.reverse();
    order
}

fn order(function: Function) -> Prepared {
    let Some(entry) = function.layout.entry_block() else {
        return Prepared {
            function,
            order: Vec::new(),
            nodes: Vec::new(),
            emission: Vec::new(),
            split: HashSet::new(),
        };
    };
    let order = contiguous(&function, entry);
    let seen: HashSet<ir::Block> = order.iter().copied().collect();
    let mut incoming: HashMap<ir::Block, usize> = HashMap::new();
    for call in order.iter().flat_map(|&block| calls(&function, block)) {
        *incoming.entry(target(&function, call)).or_default() += 1;
    }
    let cold = |block: ir::Block| function.layout.is_cold(block);
    let (mut warm, mut last) = (Vec::new(), Vec::new());
    let mut split = HashSet::new();
    for block in function.layout.blocks().filter(|b| seen.contains(b)) {
        let list = if cold(block) { &mut last } else { &mut warm };
        list.push(Node::Clif(block));
        let calls = calls(&function, block);
        if calls.len() < 2 {
            continue;
        }
        for (index, call) in calls.iter().enumerate() {
            let to = target(&function, call);
            if incoming.get(&to).copied().unwrap_or(0) > 1 {
                split.insert((block, index));
                let list = if cold(block) || cold(to) { &mut last } else { &mut warm };
                list.push(Node::Edge(block, index));
            }
        }
    }
    warm.append(&mut last);
    let mut nodes = Vec::with_capacity(warm.len());
    for &block in &order {
        nodes.push(Node::Clif(block));
        let edges = (0..2).filter(|&index| split.contains(&(block, index)));
        nodes.extend(edges.map(|index| Node::Edge(block, index)));
    }
    Prepared { function, order, nodes, emission: warm, split }
}
