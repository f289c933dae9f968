//! Machine code for the scopes of a module that ask for it.
//!
//! ```text
//!   stack code ─ clif::lower ─▶ CLIF ─┬─ Cranelift ─▶ x64
//!                                     └─ mach ──────▶ Thumb-1, Thumb-2, RV32IMC, RV64IMC
//!   assembler body ───────────────────── asm::assemble ─▶ Thumb, RV32
//! ```
//!
//! A function is lowered twice: once to learn what it names, before the
//! module's tables are laid out ([`Machine::compile`]), and once against those
//! tables ([`Unit::finish`]). The first lowering also finds every
//! error, so that the second cannot fail.

mod choice;
#[cfg(test)]
mod interpreted;
pub mod mach;
mod target;
mod x64;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mpy_format::header::SUB_VERSION;
use mpy_format::{Arch, BinaryOp, Body, Const, Header, Signature, prelude};

use crate::Options;
use crate::asm::{self, Cpu};
use crate::bytecode::ir::{Block, Code as Blocks, Inst, KonstId, Op};
use crate::bytecode::{Frame, Function, Number, Tables, Uses, max_depth};
use crate::clif::{self, Indices, Input, Lowered, Names};
use crate::diag::{Code, Diagnostic};
use crate::hir::{Module, ScopeId, Symbol};
pub use choice::settle;
use target::Target;

/// Makes machine code for one architecture.
pub struct Machine {
    options: Options,
    names: Names,
    cpu: Option<Cpu>,
    target: Option<Rc<Target>>,
}

impl Machine {
    /// The machine that the options name; `None` where they name none. `module` is
    /// told the texts that code may name.
    pub fn new(module: &mut Module, options: &Options) -> Option<Machine> {
        if options.arch == Arch::None {
            return None;
        }
        let cpu = Cpu::new(options.arch, options.arch_flags);
        Some(Machine {
            options: options.clone(),
            names: Names::intern(&mut module.symbols),
            cpu,
            target: Target::new(options.arch, cpu).map(Rc::new),
        })
    }

    /// Whether there is a code generator for the architecture.
    pub fn has_generator(&self) -> bool {
        self.target.is_some()
    }

    /// What a byte counts on the architecture, if there is a code generator for it.
    fn thrift(&self) -> Option<f64> {
        self.target.as_ref().map(|target| target.abi().thrift)
    }

    fn assembler(&self, module: &Module, scope: ScopeId) -> Result<Body, Vec<Diagnostic>> {
        let cpu = self.cpu.ok_or_else(|| {
            vec![Diagnostic::new(
                Code::Architecture,
                module[scope].span,
                "the target has no assembler",
            )]
        })?;
        let done = asm::assemble(module, &module[scope], cpu)?;
        Ok(Body::Asm {
            text: done.code,
            flags: 0,
            n_pos_args: u32::from(done.params),
            type_sig: done.returns as u32,
            relocs: None,
        })
    }
}

/// The texts that a function adds to others.
fn added(code: &Blocks) -> Vec<Symbol> {
    let added = |pair: &[Inst]| match (pair[0].op, pair[1].op) {
        (Op::LoadStr(text), Op::Binary(BinaryOp::Add | BinaryOp::InplaceAdd)) => Some(text),
        _ => None,
    };
    let reached = code.order.iter().filter(|id| code.block(**id).depth != Block::UNREACHED);
    reached.flat_map(|&id| code.body(id).windows(2).filter_map(added)).collect()
}

/// What a first lowering names.
#[derive(Default)]
struct Named {
    names: RefCell<Vec<Symbol>>,
    strings: RefCell<Vec<Symbol>>,
    konsts: RefCell<Vec<KonstId>>,
    numbers: HashMap<KonstId, Number>,
}

impl Indices for Named {
    fn qstr(&self, name: Symbol) -> u32 {
        self.names.borrow_mut().push(name);
        0
    }

    fn string(&self, text: Symbol) -> Result<u32, u32> {
        self.strings.borrow_mut().push(text);
        Err(0)
    }

    fn konst(&self, konst: KonstId) -> u32 {
        self.konsts.borrow_mut().push(konst);
        0
    }

    fn fun_table(&self) -> u32 {
        0
    }

    fn number(&self, konst: KonstId) -> Option<Number> {
        self.numbers.get(&konst).copied()
    }
}

/// The module's tables, once they are laid out.
struct Laid<'a> {
    tables: &'a Tables,
    fun_table: KonstId,
    numbers: &'a HashMap<KonstId, Number>,
}

impl Indices for Laid<'_> {
    fn qstr(&self, name: Symbol) -> u32 {
        self.tables.qstr(name)
    }

    fn string(&self, text: Symbol) -> Result<u32, u32> {
        self.tables.string(text)
    }

    fn konst(&self, konst: KonstId) -> u32 {
        self.tables.konst(konst)
    }

    fn fun_table(&self) -> u32 {
        self.tables.konst(self.fun_table)
    }

    fn number(&self, konst: KonstId) -> Option<Number> {
        self.numbers.get(&konst).copied()
    }
}

impl Machine {
    /// Compiles a scope, and counts in `uses` what its code will name.
    ///
    /// # Errors
    /// What the machine or the language of the scope does not allow.
    pub fn compile<'m>(
        &self,
        module: &'m Module,
        scope: ScopeId,
        uses: &mut Uses<'_>,
    ) -> Result<Unit<'m>, Vec<Diagnostic>> {
        if module[scope].emit.is_asm() {
            return Ok(Unit::Assembled(self.assembler(module, scope)?));
        }
        let Some(target) = self.target.clone() else {
            return Err(vec![Diagnostic::new(
                Code::Native,
                module[scope].span,
                format!("there is no code generator for {}", self.options.arch.name()),
            )]);
        };
        let one = |error| vec![error];
        let function = uses.stack_code(module, scope, &self.options).map_err(one)?;
        let frame = Frame::new(&module[scope], &function.code).map_err(one)?;
        let mut native = Native {
            module,
            function,
            frame,
            names: self.names,
            target,
            fun_table: uses.konst(Const::FunTable),
            numbers: uses.numbers(),
        };
        let named = Named { numbers: native.numbers.clone(), ..Named::default() };
        let lowered = native.lower(&named).map_err(one)?;
        native.emit(lowered, 0).map_err(one)?;
        for &name in named.names.borrow().iter() {
            uses.name(name);
        }
        for &text in named.strings.borrow().iter() {
            uses.string(text);
            if [self.names.unbound, self.names.no_exception].contains(&text) {
                uses.operand(text);
            }
        }
        for text in added(&native.function.code) {
            uses.operand(text);
        }
        for &konst in named.konsts.borrow().iter() {
            uses.again(konst);
        }
        if !native.is_viper() {
            uses.frame(&module[scope]);
        }
        native.numbers.shrink_to_fit();
        Ok(Unit::Native(native))
    }

    /// The header of a file with code for this machine.
    pub fn header(&self, small_int_bits: u8) -> Header {
        Header {
            arch: self.options.arch,
            arch_flags: self.options.arch_flags,
            sub_version: SUB_VERSION,
            ..Header::bytecode(small_int_bits)
        }
    }
}

/// A function in machine code.
pub enum Unit<'m> {
    /// By an assembler; it names nothing of the module's tables.
    Assembled(Body),
    /// By a code generator; its table indices are open.
    Native(Native<'m>),
}

impl Unit<'_> {
    /// The scopes that its code makes functions of, in the order of their indices.
    pub fn children(&self) -> &[ScopeId] {
        match self {
            Unit::Assembled(_) => &[],
            Unit::Native(native) => &native.function.children,
        }
    }

    /// Its final form.
    ///
    /// # Errors
    /// `Native` where the code exceeds what the machine can express.
    pub fn finish(self, tables: &Tables) -> Result<Body, Diagnostic> {
        match self {
            Unit::Assembled(body) => Ok(body),
            Unit::Native(native) => native.finish(tables),
        }
    }
}

/// A compiled function whose table indices are open.
pub struct Native<'m> {
    module: &'m Module,
    function: Function,
    frame: Frame,
    names: Names,
    target: Rc<Target>,
    fun_table: KonstId,
    numbers: HashMap<KonstId, Number>,
}

impl Native<'_> {
    fn is_viper(&self) -> bool {
        clif::is_viper(&self.module[self.function.scope])
    }

    fn input<'a>(&'a self, indices: &'a dyn Indices) -> Input<'a> {
        Input {
            module: self.module,
            scope: self.function.scope,
            code: &self.function.code,
            frame: &self.frame,
            max_depth: max_depth(&self.function.code),
            children: &self.function.children,
            indices,
            names: self.names,
            abi: *self.target.abi(),
        }
    }

    fn lower(&self, indices: &dyn Indices) -> Result<Lowered, Diagnostic> {
        clif::lower(&self.input(indices))
    }

    fn emit(&self, lowered: Lowered, fun_table: u32) -> Result<Vec<u8>, Diagnostic> {
        self.target.emit(lowered, fun_table).map_err(|message| {
            let span = self.module[self.function.scope].span;
            Diagnostic::new(Code::Native, span, message)
        })
    }

    /// The frame and parameters as the runtime is told them.
    fn prelude(&self, tables: &Tables, n_state: u32, out: &mut Vec<u8>) {
        let scope = &self.module[self.function.scope];
        let free = scope.free.len();
        let mut arg_names: Vec<u32> =
            scope.free.iter().map(|_| tables.qstr(tables.names.star)).collect();
        let named = scope.positional() + scope.keyword_only();
        arg_names.extend(scope.params.iter().take(named).map(|p| tables.qstr(p.name)));
        let signature = Signature {
            n_state,
            n_exc_stack: 0,
            flags: clif::flags_of(scope),
            n_pos_args: (free + scope.positional()) as u32,
            n_kwonly_args: scope.keyword_only() as u32,
            n_def_pos_args: scope.positional_defaults() as u32,
        };
        let name = tables.qstr(scope.name);
        prelude::push(out, &signature, name, &arg_names, &[], &self.frame.cells);
    }

    fn finish(self, tables: &Tables) -> Result<Body, Diagnostic> {
        let laid = Laid { tables, fun_table: self.fun_table, numbers: &self.numbers };
        let lowered = self.lower(&laid)?;
        let n_state = lowered.n_state;
        let code = self.emit(lowered, laid.fun_table())?;
        if self.is_viper() {
            return Ok(Body::Viper { text: code, flags: 0, rodata: None, bss: None, relocs: None });
        }
        // The runtime finds the prelude as the entry behind the children.
        let word = self.target.abi().bytes as usize;
        let mut data = Vec::new();
        let mut push_word = |value: usize| {
            data.extend_from_slice(&(value as u64).to_le_bytes()[..word]);
        };
        push_word(self.function.children.len());
        if self.module[self.function.scope].is_generator {
            // Where a generator starts: any place, as long as it is none where it
            // resumes, which are small numbers.
            push_word(2 * word);
        }
        data.extend(code);
        let prelude_at = data.len() as u32;
        self.prelude(tables, n_state, &mut data);
        Ok(Body::Native { data, prelude_at })
    }
}
