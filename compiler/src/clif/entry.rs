//! How a function starts: its shape, its arguments, its frame.

use cranelift_codegen::entity::packed_option::ReservedValue;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self, BlockArg, InstBuilder, StackSlotData, StackSlotKind, Type, Value,
};
use cranelift_frontend::FunctionBuilder;
use mpy_format::{Helper, prelude};

use super::float::has_floats;
use super::flow::{loop_depths, reverse_postorder};
use super::infer::Kinds;
use super::stack::Entry;
use super::viper::Ty;
use super::{
    Base, CODE_STATE_WORDS, FrameLayout, Input, Lower, Shape, Types, offset, unwind::Unwinding,
};
use crate::bytecode::ir::{Block, BlockId, Code, Op, Term};
use crate::hir::{Emit, Scope, ScopeKind, Storage};

/// The shape that a function's code asks for.
pub fn shape(input: &Input<'_>) -> Shape {
    let scope = &input.module[input.scope];
    if scope.is_generator {
        return Shape::Generator;
    }
    let code = input.code;
    let reached = |id: &&_| code.block(**id).depth != Block::UNREACHED;
    let mut globals = false;
    // Without floats of the machine's own, `int()` of one is the runtime's.
    let asks = input.abi.float.is_none() && has_floats(input.module, scope);
    for &id in code.order.iter().filter(reached) {
        if matches!(code.block(id).term, Term::Setup { .. }) {
            return Shape::Framed;
        }
        for inst in code.body(id) {
            globals |= match inst.op {
                Op::LoadGlobal(name) | Op::LoadName(name) => {
                    !is_viper(scope) || asks || Ty::named(input.module.text(name)).is_none()
                }
                Op::StoreName(_)
                | Op::StoreGlobal(_)
                | Op::DeleteName(_)
                | Op::DeleteGlobal(_)
                | Op::ImportName(_)
                | Op::ImportStar
                | Op::LoadBuildClass => true,
                _ => false,
            };
        }
    }
    if globals { Shape::Globals } else { Shape::Plain }
}

/// Whether a scope is compiled with viper's types. Generators, and functions
/// that the viper calling convention cannot express, run as plain machine code.
pub fn is_viper(scope: &Scope) -> bool {
    scope.emit == Emit::Viper
        && !scope.is_generator
        && scope.kind == ScopeKind::Function
        && scope.keyword_only() == 0
        && scope.positional_defaults() == 0
        && !scope.has_star()
        && !scope.has_double_star()
}

/// Number of positional parameters as callers see them: captured cells first.
pub fn positional(input: &Input<'_>) -> usize {
    let scope = &input.module[input.scope];
    scope.free.len() + scope.positional()
}

impl<'a> Lower<'a> {
    pub fn new(
        input: &'a Input<'a>,
        mut b: FunctionBuilder<'a>,
        shape: Shape,
        word: Type,
        mut types: Types,
    ) -> Self {
        let scope = &input.module[input.scope];
        let viper = is_viper(scope);
        let locals = input.frame.len as usize;
        types.locals.resize(scope.vars.len(), None);
        let unwinding = Unwinding::new(input.code);
        // Viper's parameters are as annotated, others objects.
        let pending = input.max_depth;
        // One word more to raise with; see `raise_new`.
        let n_state = pending + unwinding.words() + 1 + input.frame.len;
        let depths = loop_depths(input.code);
        let blocks = input.code.blocks.iter().map(|_| b.create_block()).collect();
        let stack_vars = (0..input.max_depth).map(|_| b.declare_var(word)).collect();
        let local_vars = (0..locals).map(|_| b.declare_var(word)).collect();
        let entry = b.create_block();
        b.append_block_params_for_function_params(entry);
        b.switch_to_block(entry);
        let (first, last) = match *b.block_params(entry) {
            [first, .., last] => (first, last),
            [only] => (only, only),
            [] => (Value::reserved_value(), Value::reserved_value()),
        };
        Self {
            input,
            scope,
            code: input.code,
            b,
            shape,
            layout: FrameLayout::new(&input.abi),
            word,
            viper,
            n_state,
            pending,
            base: Base {
                fun: first,
                context: first,
                table: last,
                table_bias: 0,
                qstrs: first,
                frame: first,
                code_state: first,
                state: first,
                state_at: 0,
                slot: None,
            },
            signatures: Default::default(),
            routines: super::routine::Routines::new(input.code, &depths),
            hoisted: Default::default(),
            depths,
            blocks,
            entered: vec![None; input.code.blocks.len()],
            in_memory: Vec::new(),
            stack: Vec::new(),
            stack_vars,
            local_vars,
            guessed: vec![false; scope.vars.len()],
            types,
            retyped: false,
            resume: Vec::new(),
            next_resume: 1,
            kinds: if viper {
                Kinds::default()
            } else {
                Kinds::new(input.code, input.frame, word.bits())
            },
            small: Vec::new(),
            straight: false,
            before: None,
            throws_first: entry_throws(input.code),
            exit: None,
            current: input.code.order[0],
            unwinding,
            unbound: None,
            error: None,
        }
    }

    pub fn run(&mut self) {
        self.find_memory();
        self.annotate_params();
        let start = self.b.create_block();
        let dispatch = self.enter(start);
        self.b.switch_to_block(start);
        self.arguments();
        self.hoist();
        let first = self.code.order[0];
        self.entered[first.index()] = Some(Vec::new());
        let to = self.blocks[first.index()];
        self.b.ins().jump(to, &[]);
        let order = reverse_postorder(self.code);
        for id in order {
            self.straight = self.depths[id.index()] == 0;
            self.block(id);
        }
        self.finish_pending();
        self.finish_unbound();
        self.finish_raise();
        if let Some((block, index)) = dispatch {
            // A generator that has not started has an address where others have a number.
            let first = if self.is_generator() { self.next_resume } else { 0 };
            let mut targets = vec![(first, start)];
            targets.append(&mut self.resume);
            targets.sort_by_key(|t| t.0);
            self.dispatch(block, index, &targets);
        }
        if let Some(exit) = self.exit {
            self.b.switch_to_block(exit);
            let value = self.b.block_params(exit)[0];
            self.b.ins().return_(&[value]);
        }
        self.b.seal_all_blocks();
    }

    /// Fills a block that goes to the target of the number in `index`, or of the
    /// greatest below it, by comparisons: a table of addresses would be larger, and
    /// would need relocations on some machines.
    fn dispatch(&mut self, block: ir::Block, index: Value, targets: &[(u32, ir::Block)]) {
        self.b.switch_to_block(block);
        let (low, high) = targets.split_at(targets.len() / 2);
        let &[(middle, target), ..] = high else { return };
        if low.is_empty() {
            self.b.ins().jump(target, &[]);
            return;
        }
        let mut side = |half: &[(u32, ir::Block)]| match half {
            [(_, target)] => *target,
            _ => self.b.create_block(),
        };
        let (below, above) = (side(low), side(high));
        let less = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, index, i64::from(middle));
        self.b.ins().brif(less, below, &[], above, &[]);
        for (block, half) in [(below, low), (above, high)] {
            if half.len() > 1 {
                self.dispatch(block, index, half);
            }
        }
    }

    /// Loads what everything needs. Functions that are entered more than once get
    /// a block to be filled with the dispatch on the value given.
    fn enter(&mut self, start: ir::Block) -> Option<(ir::Block, Value)> {
        let layout = self.layout;
        let mut dispatch = None;
        match self.shape {
            Shape::Plain | Shape::Globals => {
                let bytes = self.bytes(CODE_STATE_WORDS + self.n_state) as u32;
                let align = self.word.bytes().trailing_zeros() as u8;
                let slot = self.b.create_sized_stack_slot(StackSlotData::new(
                    StackSlotKind::ExplicitSlot,
                    bytes,
                    align,
                ));
                self.base.slot = Some(slot);
                self.load_context();
                self.b.ins().jump(start, &[]);
            }
            Shape::Framed => {
                self.base.fun = self.frame_load(layout.args);
                let offset = i64::from(self.frame_offset(layout.code_state));
                let frame = self.base.frame;
                self.base.code_state = self.b.ins().iadd_imm_s(frame, offset);
                self.load_context();
                let index = self.frame_load(layout.handler);
                let block = self.b.create_block();
                self.b.ins().jump(block, &[]);
                dispatch = Some((block, index));
            }
            Shape::Generator => {
                self.base.code_state = self.frame_load(layout.args);
                let code_state = self.base.code_state;
                self.base.fun = self.load(code_state, offset::STATE_FUN);
                self.load_context();
                if self.throws_first {
                    self.raise_thrown();
                }
                let handler = self.frame_load(layout.handler);
                let ip = self.load(code_state, offset::STATE_IP);
                let index = self.b.ins().select(handler, handler, ip);
                let block = self.b.create_block();
                self.b.ins().jump(block, &[]);
                dispatch = Some((block, index));
            }
        }
        dispatch
    }

    fn load_context(&mut self) {
        let (fun, code_state) = (self.base.fun, self.base.code_state);
        self.base.context = self.load_fixed(fun, offset::FUN_CONTEXT);
        // Bodies that are entered once load it there: nothing else keeps the function
        // object in a register then.
        self.base.qstrs = match self.framed() {
            true => self.load_fixed(self.base.context, offset::CONTEXT_QSTRS),
            false => self.load(self.base.context, offset::CONTEXT_QSTRS),
        };
        match self.input.abi.table {
            _ if self.input.abi.table_register => {}
            Some(bias) if self.shape != Shape::Plain => {
                let entry = self.b.func.layout.entry_block();
                let last = entry.and_then(|e| self.b.block_params(e).last().copied());
                self.base.table = last.unwrap_or(fun);
                self.base.table_bias = bias;
            }
            _ => {
                let fun_table = self.input.indices.fun_table();
                self.base.table = self.konst(fun_table);
            }
        }
        if self.base.slot.is_some() {
            return;
        }
        let offset = self.bytes(CODE_STATE_WORDS);
        if !self.input.abi.state_at_once {
            self.base.state = self.b.ins().iadd_imm_s(code_state, i64::from(offset));
        } else if self.shape == Shape::Framed {
            self.base.state = self.base.frame;
            self.base.state_at = self.frame_offset(self.layout.code_state) + offset;
        } else {
            self.base.state = code_state;
            self.base.state_at = offset;
        }
    }

    /// The function's four arguments.
    fn call_arguments(&mut self) -> [Value; 3] {
        match self.shape {
            Shape::Plain | Shape::Globals => {
                let entry = self.b.func.layout.entry_block();
                let params: Vec<Value> =
                    entry.map(|e| self.b.block_params(e).to_vec()).unwrap_or_default();
                [params[1], params[2], params[3]]
            }
            _ => {
                let args = self.layout.args;
                [1, 2, 3].map(|i| self.frame_load(args + i))
            }
        }
    }

    fn arguments(&mut self) {
        if self.shape == Shape::Generator {
            // What was thrown into a generator that has not started comes out of it.
            if !self.throws_first {
                self.raise_thrown();
            }
            return;
        }
        if self.viper {
            return self.viper_arguments();
        }
        let [n_args, n_kw, args] = self.call_arguments();
        let scope = self.scope;
        let positional = positional(self.input);
        let plain = scope.keyword_only() == 0
            && !scope.has_star()
            && !scope.has_double_star()
            && self.input.frame.cells.is_empty();
        if self.framed() || !plain {
            self.set_up_state(n_args, n_kw, args);
            if !self.framed() {
                self.locals_from_state();
            }
            return;
        }
        // Exactly the positional arguments: they are the first locals.
        let (fast, slow, start) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(slow);
        let more = self.b.ins().iadd_imm_s(n_args, -(positional as i64));
        let odd = self.b.ins().bor(more, n_kw);
        self.b.ins().brif(odd, slow, &[], fast, &[]);
        for _ in 0..positional {
            let word = self.word;
            self.b.append_block_param(start, word);
        }
        self.b.switch_to_block(slow);
        self.set_up_state(n_args, n_kw, args);
        let values: Vec<BlockArg> = (0..positional)
            .map(|i| BlockArg::Value(self.state_load(self.n_state as usize - 1 - i)))
            .collect();
        self.b.ins().jump(start, &values);
        self.b.switch_to_block(fast);
        let values: Vec<BlockArg> =
            (0..positional).map(|i| BlockArg::Value(self.load(args, i as u32))).collect();
        self.b.ins().jump(start, &values);
        self.b.switch_to_block(start);
        let params = self.b.block_params(start).to_vec();
        let null = self.iconst(0);
        for (slot, &var) in self.local_vars.clone().iter().enumerate() {
            let value = params.get(slot).copied().unwrap_or(null);
            self.b.def_var(var, value);
        }
    }

    /// Has the runtime sort the arguments into the state array.
    fn set_up_state(&mut self, n_args: Value, n_kw: Value, args: Value) {
        let Base { fun, mut code_state, slot, .. } = self.base;
        if let Some(slot) = slot {
            let word = self.word;
            code_state = self.b.ins().stack_addr(word, slot, 0);
        }
        self.store(fun, code_state, offset::STATE_FUN);
        let size = self.iconst(i64::from(self.n_state));
        self.store(size, code_state, offset::STATE_SIZE);
        self.call(Helper::SetupCodeState, &[code_state, n_args, n_kw, args]);
    }

    fn locals_from_state(&mut self) {
        let n_state = self.n_state as usize;
        for (slot, var) in self.local_vars.clone().into_iter().enumerate() {
            let value = self.state_load(n_state - 1 - slot);
            self.b.def_var(var, value);
        }
    }

    /// Checks the number of arguments and converts each.
    fn viper_arguments(&mut self) {
        let [n_args, n_kw, args] = self.call_arguments();
        let count = positional(self.input);
        let (bad, good) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(bad);
        let more = self.b.ins().iadd_imm_s(n_args, -(count as i64));
        let odd = self.b.ins().bor(more, n_kw);
        self.b.ins().brif(odd, bad, &[], good, &[]);
        self.b.switch_to_block(bad);
        // The signature that the runtime checks against: least, most, keywords.
        let signature = self.iconst((count << 17 | count << 1) as i64);
        self.call(Helper::ArgCheckNumSig, &[n_args, n_kw, signature]);
        self.b.ins().jump(good, &[]);
        self.b.switch_to_block(good);
        let scope = self.scope;
        let vars = scope.free.iter().map(|f| f.var).chain(scope.params.iter().map(|p| p.var));
        for (slot, var) in vars.enumerate() {
            let object = self.load(args, slot as u32);
            let ty = self.local_type(var);
            // A parameter that nested functions share goes into its cell as an object.
            let shared = matches!(scope.var(var).storage, Storage::Cell(_));
            let value = self.unboxed(object, ty);
            let value = if shared {
                self.object(Entry { value: Some(value), ty, known: None })
            } else {
                value
            };
            self.store_slot(slot, value);
        }
        for slot in count..self.input.frame.len as usize {
            let zero = self.iconst(0);
            self.store_slot(slot, zero);
        }
        self.viper_cells();
    }

    /// Parameters and locals that nested functions share get their cells.
    fn viper_cells(&mut self) {
        for slot in self.input.frame.cells.clone() {
            let slot = usize::from(slot);
            let value = self.load_slot(slot);
            let cell = self.new_cell(value);
            self.store_slot(slot, cell);
        }
    }

    /// There is no helper that makes a cell, but a slice has its first item where a
    /// cell has its object: behind the type.
    fn new_cell(&mut self, value: Value) -> Value {
        let none = self.singleton(Helper::ConstNone);
        let object = self.call_value(Helper::NewSlice, &[none, none, none]);
        self.store(value, object, 1);
        object
    }

    /// Raises what was thrown into a generator, if anything was.
    pub fn raise_thrown(&mut self) {
        let at = self.layout.args + 1;
        let thrown = self.frame_load(at);
        let (raise, next) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(raise);
        let null = self.b.ins().icmp_imm_s(IntCC::Equal, thrown, 0);
        self.b.ins().brif(null, next, &[], raise, &[]);
        self.b.switch_to_block(raise);
        let zero = self.iconst(0);
        self.frame_store(zero, at);
        self.call(Helper::Raise, &[thrown]);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }
}

/// Whether nothing in a generator can catch what is thrown into it, so that it is
/// raised before the dispatch rather than at each place where it resumes.
fn entry_throws(code: &Code) -> bool {
    let reached = |id: &&BlockId| code.block(**id).depth != Block::UNREACHED;
    code.order.iter().filter(reached).all(|&id| {
        !matches!(code.block(id).term, Term::Setup { .. })
            && code.body(id).iter().all(|inst| inst.op != Op::YieldFrom)
    })
}

/// The flags of a function's prelude.
pub fn flags_of(scope: &Scope) -> u8 {
    [
        (scope.is_generator, prelude::FLAG_GENERATOR),
        (scope.has_double_star(), prelude::FLAG_VARKEYWORDS),
        (scope.has_star(), prelude::FLAG_VARARGS),
        (scope.has_keyword_defaults(), prelude::FLAG_DEFKWARGS),
    ]
    .into_iter()
    .filter(|f| f.0)
    .fold(0, |flags, f| flags | f.1)
}
