//! Stack code to CLIF, the SSA form from which all machine code is made.
//!
//! ```text
//!   bytecode::ir::Code ─ lower ─▶ Function (CLIF) ─ native ─▶ machine code
//!   blocks of stack               values, helper calls,
//!   instructions                  inline small-int paths
//! ```
//!
//! Machine code starts from the stack code of [`crate::bytecode`], not from the
//! HIR a second time: `with`, `finally`, comprehensions, coroutines and
//! unpacking have been spelled out there once, and both engines run the same
//! thing. Stack entries become SSA values; entries that a helper reads or
//! writes through a pointer (arguments, iterators) lie in a state array in
//! memory, at the place that the bytecode engine would give them.
//!
//! # Exceptions
//! A raise returns a second time from `nlr_push`, which no SSA form can express.
//! So no compiled function ever calls it. A small hand-written stub of the back
//! end does, and calls the compiled body; when something is raised it calls the
//! body *again*, and the body's first block dispatches on the handler that was
//! active. A handler is therefore dominated by nothing but that first block, and
//! the verifier itself guarantees that no SSA value crosses into it: what it
//! needs, it finds in the state array. Generators resume in the same way.
//!
//! # Shapes
//! | [`Shape`] | stub | locals | called as |
//! | --- | --- | --- | --- |
//! | `Plain` | none | values | `(function, n_args, n_kw, args)` |
//! | `Globals` | swaps globals | values | the same |
//! | `Framed` | swaps globals, `nlr_push` | state array in the stub's frame | `(frame)` |
//! | `Generator` | `nlr_push` | state array in the heap | `(frame)` |
//!
//! Where [`Abi::table`] says so, stubs add the helper table to the arguments.
//!
//! # Size
//! Machine code is several times as large as bytecode, so what is inline must pay:
//! only loops, and operands of which [`infer`] knows enough, have inline paths for
//! small integers, elsewhere an operation is the
//! call of its helper. Everything leaves through one block.

mod arith;
mod compare;
mod entry;
mod float;
mod flow;
mod hoist;
mod infer;
pub mod object;
mod ops;
mod phis;
mod routine;
mod stack;
mod unwind;
mod viper;

use std::collections::HashMap;

use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, InstBuilder, InstructionData, MemFlagsData, SigRef, Signature,
    Type, UserFuncName, Value, types,
};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use mpy_format::{AbiType, Helper};

use crate::bytecode::ir::{BlockId, Code, KonstId, Op};
use crate::bytecode::{Frame, Number};
use crate::diag::{Code as DiagCode, Diagnostic};
use crate::hir::{Module, Scope, ScopeId, Symbol, Symbols};

pub use compare::condition as compared;
pub use entry::{flags_of, is_viper};
pub use flow::{loop_depths, reverse_postorder};
use infer::Kind;
pub use routine::Routine;
use stack::Entry;
pub use stack::named_slots;
pub use viper::Ty;

/// What the native interface of an architecture fixes.
#[derive(Clone, Copy)]
pub struct Abi {
    /// Bytes of a machine word.
    pub bytes: u32,
    /// Words of an exception buffer, the largest that any port has.
    pub nlr_words: u32,
    /// For the front end: pointer width and calling convention.
    pub frontend: TargetFrontendConfig,
    /// Where in the frame, in words, the pointer that the stub hands the body points:
    /// machines that reach as far below a pointer as above it want the middle.
    pub frame_bias: u32,
    /// Whether stubs hand the helper table on as the body's last argument, and by how
    /// many bytes the pointer is moved into it. Bodies without a stub load it.
    pub table: Option<u32>,
    /// Whether every body gets the helper table as a last argument, of the purpose
    /// `VMContext`, instead.
    pub table_register: bool,
    /// Whether the state array is reached from the pointer that the body is given, rather
    /// than from an address of its own: for back ends that do not put sums together.
    pub state_at_once: bool,
    /// Whether the back end writes [`Routine`]s.
    pub routines: bool,
    /// The floats that the machine computes with, which are as wide as its words and those
    /// of the runtime.
    pub float: Option<Type>,
    /// What a byte counts where functions are chosen for machine code: 1 on the CPUs whose
    /// code is shortest, as flash is on their boards.
    pub thrift: f64,
}

/// Where code finds what the module's tables hold.
pub trait Indices {
    /// Qstr index of a name.
    fn qstr(&self, name: Symbol) -> u32;
    /// A string constant: its qstr index, else its index among the constants.
    fn string(&self, text: Symbol) -> Result<u32, u32>;
    /// Index of a constant.
    fn konst(&self, konst: KonstId) -> u32;
    /// Index of the helper table among the constants.
    fn fun_table(&self) -> u32;
    /// The value of a constant that is a number.
    fn number(&self, konst: KonstId) -> Option<Number>;
}

/// Names that code uses though the source may not.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    pub name_error: Symbol,
    pub unbound: Symbol,
    pub runtime_error: Symbol,
    pub no_exception: Symbol,
    pub enter: Symbol,
    pub exit: Symbol,
    pub int: Symbol,
    pub float: Symbol,
}

impl Names {
    /// Their symbols, added where they are missing.
    pub fn intern(symbols: &mut Symbols) -> Self {
        let mut name = |text: &str| symbols.intern(text.as_bytes());
        Self {
            name_error: name("NameError"),
            unbound: name("local variable referenced before assignment"),
            runtime_error: name("RuntimeError"),
            no_exception: name("no active exception to reraise"),
            enter: name("__enter__"),
            exit: name("__exit__"),
            int: name("int"),
            float: name("float"),
        }
    }
}

/// What to lower.
pub struct Input<'a> {
    pub module: &'a Module,
    pub scope: ScopeId,
    pub code: &'a Code,
    pub frame: &'a Frame,
    pub max_depth: u32,
    /// Scopes in the order of the child table.
    pub children: &'a [ScopeId],
    pub indices: &'a dyn Indices,
    pub names: Names,
    pub abi: Abi,
}

/// How a function is entered; see the module's essay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Plain,
    Globals,
    Framed,
    Generator,
}

/// A lowered function.
pub struct Lowered {
    pub function: ir::Function,
    pub shape: Shape,
    /// Words of the state array.
    pub n_state: u32,
    /// Words of the stub's frame.
    pub frame_words: u32,
}

/// Word offsets in the stub's frame.
#[derive(Clone, Copy, Debug)]
pub struct FrameLayout {
    /// The exception buffer; its second word is the exception.
    pub nlr: u32,
    /// Number of the active handler, 0 for none.
    pub handler: u32,
    /// Globals to restore.
    pub old_globals: u32,
    /// The function object and the other three arguments; for generators the code
    /// state and the value to throw.
    pub args: u32,
    /// The code state of a function: five words, then the state array.
    pub code_state: u32,
}

/// Words of a code state before its state array.
pub const CODE_STATE_WORDS: u32 = 5;
/// Words of the frame's arguments.
const ARG_WORDS: u32 = 4;

impl FrameLayout {
    pub fn new(abi: &Abi) -> Self {
        let handler = abi.nlr_words;
        let args = handler + 2;
        Self { nlr: 0, handler, old_globals: handler + 1, args, code_state: args + ARG_WORDS }
    }
}

/// Word offsets in the runtime's structures.
mod offset {
    /// Function object: context of its module.
    pub const FUN_CONTEXT: u32 = 1;
    /// Function object: functions that it makes.
    pub const FUN_CHILDREN: u32 = 2;
    /// Module context: interned names.
    pub const CONTEXT_QSTRS: u32 = 2;
    /// Module context: constants.
    pub const CONTEXT_OBJECTS: u32 = 3;
    /// Code state: function object.
    pub const STATE_FUN: u32 = 0;
    /// Code state: where to go on.
    pub const STATE_IP: u32 = 1;
    /// Code state: top of the stack.
    pub const STATE_SP: u32 = 2;
    /// Code state: size of the state array.
    pub const STATE_SIZE: u32 = 3;
}

/// Lowers a function.
///
/// # Errors
/// `Viper` where viper's types forbid it; `Native` where the machine code would
/// exceed a limit.
pub fn lower(input: &Input<'_>) -> Result<Lowered, Diagnostic> {
    // The types of viper's locals come from their first store, which may stand behind the
    // first load in the order of lowering, and those of what several branches make from all
    // of them: until nothing changes.
    let mut types = Types::default();
    for _ in 0..8 {
        let merged = types.merged.clone();
        let attempt = lower_once(input, types)?;
        if !attempt.retyped {
            return match attempt.error {
                Some(error) => Err(error),
                None => Ok(attempt.lowered),
            };
        }
        types = attempt.types;
        if types.merged != merged {
            // What was stored of what branches make may be something else now.
            types.locals.clear();
        }
    }
    let span = input.module[input.scope].span;
    Err(Diagnostic::new(DiagCode::Viper, span, "the types of the locals contradict each other"))
}

struct Attempt {
    lowered: Lowered,
    types: Types,
    retyped: bool,
    error: Option<Diagnostic>,
}

/// Viper's types, as far as they are known.
#[derive(Default)]
struct Types {
    /// Of locals.
    locals: Vec<Option<Ty>>,
    /// Of stack entries at the starts of blocks, by their place, where branches differ.
    merged: HashMap<(BlockId, usize), Ty>,
}

fn lower_once(input: &Input<'_>, types: Types) -> Result<Attempt, Diagnostic> {
    let shape = entry::shape(input);
    let word = Type::int(input.abi.bytes as u16 * 8).unwrap_or(types::I64);
    let mut signature = Signature::new(CallConv::SystemV);
    let params = match shape {
        Shape::Plain | Shape::Globals => 4,
        Shape::Framed | Shape::Generator => 1,
    };
    let table = input.abi.table.is_some() && shape != Shape::Plain;
    signature.params = vec![AbiParam::new(word); params + usize::from(table)];
    if input.abi.table_register {
        signature.params.push(AbiParam::special(word, ArgumentPurpose::VMContext));
    }
    signature.returns = vec![AbiParam::new(word)];
    let mut function = ir::Function::with_name_signature(UserFuncName::default(), signature);
    let mut context = FunctionBuilderContext::new();
    let mut lower =
        Lower::new(input, FunctionBuilder::new(&mut function, &mut context), shape, word, types);
    lower.run();
    let Lower { b, n_state, types, retyped, error, layout, .. } = lower;
    let frame_words = match shape {
        Shape::Plain | Shape::Globals => 0,
        Shape::Framed => layout.code_state + CODE_STATE_WORDS + n_state,
        Shape::Generator => layout.code_state,
    };
    b.finalize(input.abi.frontend);
    phis::remove(&mut function);
    Ok(Attempt {
        lowered: Lowered { function, shape, n_state, frame_words },
        types,
        retyped,
        error,
    })
}

/// A lowering under way.
struct Lower<'a> {
    input: &'a Input<'a>,
    scope: &'a Scope,
    code: &'a Code,
    b: FunctionBuilder<'a>,
    shape: Shape,
    layout: FrameLayout,
    word: Type,
    viper: bool,
    n_state: u32,
    /// First state word of what `finally` parts keep.
    pending: u32,
    /// The four things that everything needs, defined in the first block.
    base: Base,
    signatures: HashMap<(Helper, usize), SigRef>,
    routines: routine::Routines,
    hoisted: hoist::Hoisted,
    /// In how many loops each block is, by [`BlockId`].
    depths: Vec<u32>,
    /// CLIF blocks, by [`BlockId`].
    blocks: Vec<ir::Block>,
    /// Blocks that were given their entry state, and that state's types.
    entered: Vec<Option<Vec<Ty>>>,
    /// Stack positions that must be in memory at a block's entry.
    in_memory: Vec<Vec<bool>>,
    stack: Vec<Entry>,
    /// Variables of stack positions and of locals, where those are values.
    stack_vars: Vec<Variable>,
    local_vars: Vec<Variable>,
    types: Types,
    /// Locals that were loaded before their type was known.
    guessed: Vec<bool>,
    retyped: bool,
    /// Blocks that are entered by number: handlers, then points where a generator
    /// resumes.
    resume: Vec<(u32, ir::Block)>,
    next_resume: u32,
    /// Where values are small integers.
    kinds: infer::Kinds,
    /// Locals that are at this point, by slot.
    small: Vec<Kind>,
    /// Whether the block is in no loop, so that inline paths gain too little.
    straight: bool,
    /// The instruction of the block that was lowered last: what the next one's last
    /// operand is.
    before: Option<Op>,
    /// Whether what is thrown into the generator is raised first of all.
    throws_first: bool,
    /// The block that returns its parameter.
    exit: Option<ir::Block>,
    /// The block being lowered.
    current: BlockId,
    unwinding: unwind::Unwinding,
    /// Raises that a local is unbound.
    unbound: Option<ir::Block>,
    error: Option<Diagnostic>,
}

/// What the first block loads.
#[derive(Clone, Copy)]
struct Base {
    /// The function object.
    fun: Value,
    context: Value,
    /// The helper table, and what was added to its address.
    table: Value,
    table_bias: u32,
    /// The interned names.
    qstrs: Value,
    /// The stub's frame.
    frame: Value,
    /// The code state.
    code_state: Value,
    /// From where the state array is reached, where it is not in `slot`, and at how many
    /// bytes from there it begins.
    state: Value,
    state_at: i32,
    /// Code state and state array of a function that keeps them itself.
    slot: Option<ir::StackSlot>,
}

impl Lower<'_> {
    fn flags() -> MemFlagsData {
        MemFlagsData::trusted()
    }

    fn bytes(&self, words: u32) -> i32 {
        (words * self.input.abi.bytes) as i32
    }

    /// Loads what never changes, such as the address of a table.
    fn load_fixed(&mut self, base: Value, words: u32) -> Value {
        if !self.input.abi.table_register {
            return self.load(base, words);
        }
        let (word, offset) = (self.word, self.bytes(words));
        let flags = Self::flags().with_readonly().with_can_move();
        self.b.ins().load(word, flags, base, offset)
    }

    fn load(&mut self, base: Value, words: u32) -> Value {
        let (word, offset) = (self.word, self.bytes(words));
        self.b.ins().load(word, Self::flags(), base, offset)
    }

    /// Loads 32 bits, which zeros fill up to a word.
    fn load_u32(&mut self, flags: MemFlagsData, base: Value, bytes: i32) -> Value {
        let value = self.b.ins().load(types::I32, flags, base, bytes);
        if self.word == types::I32 { value } else { self.b.ins().uextend(self.word, value) }
    }

    fn store(&mut self, value: Value, base: Value, words: u32) {
        let offset = self.bytes(words);
        self.b.ins().store(Self::flags(), value, base, offset);
    }

    fn iconst(&mut self, value: i64) -> Value {
        // A constant of a narrow type must not have bits above it.
        let word = self.word;
        let value = if word.bits() < 64 { value & ((1 << word.bits()) - 1) } else { value };
        self.b.ins().iconst(word, value)
    }

    /// Whether a value is the constant 0.
    fn is_null(&self, value: Value) -> bool {
        let dfg = &self.b.func.dfg;
        let inst = dfg.value_def(dfg.resolve_aliases(value)).inst();
        inst.is_some_and(|inst| {
            matches!(dfg.insts[inst], InstructionData::UnaryImm { imm, .. } if imm.bits() == 0)
        })
    }

    /// Calls a helper; the result is a word, or a byte where C has a `bool`.
    fn call(&mut self, helper: Helper, args: &[Value]) -> Option<Value> {
        let callee = self.table_entry(helper);
        let word = self.word;
        let narrow = |ty: AbiType| match ty {
            AbiType::U32 | AbiType::CInt => types::I32,
            AbiType::Bool | AbiType::Char => types::I8,
            AbiType::F32 => types::F32,
            AbiType::F64 => types::F64,
            _ => word,
        };
        let b = &mut self.b;
        let signature = *self.signatures.entry((helper, args.len())).or_insert_with(|| {
            let mut signature = Signature::new(CallConv::SystemV);
            signature.params =
                helper.params().iter().map(|&ty| AbiParam::new(narrow(ty))).collect();
            match helper.result() {
                AbiType::Void => {}
                ty => signature.returns = vec![AbiParam::new(narrow(ty))],
            }
            b.import_signature(signature)
        });
        let args: Vec<Value> = args
            .iter()
            .zip(helper.params())
            .map(|(&arg, &ty)| {
                let (to, from) = (narrow(ty), self.b.func.dfg.value_type(arg));
                if to.bits() < from.bits() { self.b.ins().ireduce(to, arg) } else { arg }
            })
            .collect();
        let inst = self.b.ins().call_indirect(signature, callee, &args);
        self.b.inst_results(inst).first().copied()
    }

    /// Calls a helper that has a result.
    fn call_value(&mut self, helper: Helper, args: &[Value]) -> Value {
        match self.call(helper, args) {
            Some(value) => value,
            None => self.iconst(0),
        }
    }

    fn qstr(&mut self, name: Symbol) -> Value {
        let index = self.input.indices.qstr(name);
        let (table, flags, word) = (self.base.qstrs, Self::flags(), self.word);
        // Names never change; but where they are kept in registers, that costs more.
        let flags = if self.input.abi.table_register { flags.with_readonly() } else { flags };
        self.b.ins().uload16(word, flags, table, 2 * index as i32)
    }

    fn konst(&mut self, index: u32) -> Value {
        let context = self.base.context;
        let objects = self.load_fixed(context, offset::CONTEXT_OBJECTS);
        self.load(objects, index)
    }

    /// An interned string as an object.
    fn qstr_object(&mut self, text: Symbol) -> Value {
        let qstr = self.qstr(text);
        // The tag is added where it could be ored: that is shorter everywhere.
        let shifted = self.b.ins().ishl_imm_s(qstr, 3);
        self.b.ins().iadd_imm_s(shifted, 2)
    }

    fn string(&mut self, text: Symbol) -> Value {
        match self.input.indices.string(text) {
            Ok(_) => self.qstr_object(text),
            Err(index) => self.konst(index),
        }
    }

    /// What the helper table holds.
    fn table_entry(&mut self, which: Helper) -> Value {
        let (word, table) = (self.word, self.base.table);
        let offset = self.bytes(which as u32) - self.base.table_bias as i32;
        self.b.ins().load(word, Self::flags(), table, offset)
    }

    /// `None`, `False` or `True`.
    fn singleton(&mut self, which: Helper) -> Value {
        self.table_entry(which)
    }

    /// Loads a word of the stub's frame; see [`FrameLayout`].
    fn frame_load(&mut self, words: u32) -> Value {
        let (word, frame, offset) = (self.word, self.base.frame, self.frame_offset(words));
        self.b.ins().load(word, Self::flags(), frame, offset)
    }

    fn frame_store(&mut self, value: Value, words: u32) {
        let (frame, offset) = (self.base.frame, self.frame_offset(words));
        self.b.ins().store(Self::flags(), value, frame, offset);
    }

    fn frame_offset(&self, words: u32) -> i32 {
        self.bytes(words) - self.bytes(self.input.abi.frame_bias)
    }

    /// Returns a word from the compiled body.
    fn exit(&mut self, value: Value) {
        let block = match self.exit {
            Some(block) => block,
            None => {
                let block = self.b.create_block();
                let word = self.word;
                self.b.append_block_param(block, word);
                self.exit = Some(block);
                block
            }
        };
        self.b.ins().jump(block, &[value.into()]);
    }

    fn fail(&mut self, code: DiagCode, message: impl Into<String>) {
        if self.error.is_none() {
            let line = self.code.block(self.current).line;
            let lines = &self.input.module.lines;
            let span = lines.span(line).unwrap_or_default();
            self.error = Some(Diagnostic::new(code, span, message));
        }
    }
}
