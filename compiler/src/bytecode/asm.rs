//! From stack code to bytes: indices are looked up, jumps get the shortest offsets.
//!
//! Jumps start short and grow until every one reaches its target. Growing one can only move others'
//! targets further away, so the first fixed point is the smallest code.

use mpy_format::lines::LineEncoder;
use mpy_format::{Bytecode, Opcode, Signature, instr::encode, prelude};

use super::frame::{Frame, max_depth, max_handlers};
use super::ir::{BlockId, Code, Op, SetupKind, Term};
use super::tables::Tables;
use crate::diag::{self, Diagnostic};
use crate::hir::Collection;
use crate::hir::{Scope, ScopeId, Symbol};

/// A jump among bytes.
struct Jump {
    /// Where in the other bytes it stands.
    at: u32,
    opcode: Opcode,
    target: BlockId,
    /// A byte behind the offset.
    extra: Option<u8>,
    long: bool,
}

/// A place in the code: bytes that are no jumps before it, and jumps before it.
#[derive(Clone, Copy, Default)]
struct Place {
    bytes: u32,
    jumps: u32,
}

struct Assembler<'a> {
    scope: &'a Scope,
    code: &'a Code,
    frame: &'a Frame,
    tables: &'a Tables,
    children: &'a [ScopeId],
    bytes: Vec<u8>,
    jumps: Vec<Jump>,
    /// By [`BlockId`].
    blocks: Vec<Place>,
    /// Instructions that want their line known, in order.
    lines: Vec<(Place, u32)>,
    keep_lines: bool,
}

/// How many rounds of growing jumps are tried before the rest is made long at once.
const ROUNDS: usize = 12;

/// The bytes of a function.
///
/// # Errors
/// `Limit` where a jump is out of reach or a number does not fit the format.
pub fn assemble(
    scope: &Scope,
    code: &Code,
    tables: &Tables,
    children: &[ScopeId],
    keep_lines: bool,
) -> Result<Bytecode, Diagnostic> {
    let limit = |message: &str| Diagnostic::new(diag::Code::Limit, scope.span, message);
    let frame = Frame::new(scope, code)?;
    let mut asm = Assembler {
        scope,
        code,
        frame: &frame,
        tables,
        children,
        bytes: Vec::with_capacity(code.insts.len() * 2),
        jumps: Vec::new(),
        blocks: vec![Place::default(); code.blocks.len()],
        lines: Vec::new(),
        keep_lines,
    };
    asm.emit();
    let Some((bytes, sizes)) = asm.link() else {
        return Err(limit("bytecode overflow")
            .hint("the code is too long for its jumps: split the function or module"));
    };
    let lines = if keep_lines { asm.line_table(&sizes) } else { Vec::new() };

    let free = scope.free.len();
    let positional = scope.positional() + free;
    let keyword_only = scope.keyword_only();
    let mut arg_names: Vec<u32> =
        scope.free.iter().map(|_| tables.qstr(tables.names.star)).collect();
    let named = scope.positional() + keyword_only;
    arg_names.extend(scope.params.iter().take(named).map(|param| tables.qstr(param.name)));
    let mut flags = 0;
    for (set, flag) in [
        (scope.is_generator, prelude::FLAG_GENERATOR),
        (scope.has_double_star(), prelude::FLAG_VARKEYWORDS),
        (scope.has_star(), prelude::FLAG_VARARGS),
        (scope.has_keyword_defaults(), prelude::FLAG_DEFKWARGS),
    ] {
        if set {
            flags |= flag;
        }
    }
    let n_state = (frame.len + max_depth(code)).max(1);
    if n_state > 0xfff0 {
        return Err(limit("the function needs too large a frame"));
    }
    if positional > 255 || keyword_only > 255 {
        return Err(limit("the function has more than 255 parameters"));
    }
    Ok(Bytecode {
        signature: Signature {
            n_state,
            n_exc_stack: max_handlers(code),
            flags,
            n_pos_args: positional as u32,
            n_kwonly_args: keyword_only as u32,
            n_def_pos_args: scope.positional_defaults() as u32,
        },
        name: tables.qstr(scope.name),
        arg_names,
        lines,
        cells: frame.cells,
        code: bytes,
    })
}

impl Assembler<'_> {
    fn emit(&mut self) {
        let code = self.code;
        for (i, &id) in code.order.iter().enumerate() {
            self.blocks[id.index()] = self.place();
            for inst in code.body(id) {
                if inst.op.may_raise() {
                    self.line(inst.line);
                }
                self.inst(inst.op);
            }
            let block = code.block(id);
            if block.term.may_raise() {
                self.line(block.line);
            }
            self.term(block.term, code.order.get(i + 1).copied(), block.line);
        }
    }

    fn place(&self) -> Place {
        Place { bytes: self.bytes.len() as u32, jumps: self.jumps.len() as u32 }
    }

    fn line(&mut self, line: u32) {
        if self.keep_lines && self.lines.last().is_none_or(|&(_, last)| line > last) {
            self.lines.push((self.place(), line));
        }
    }

    fn byte(&mut self, opcode: Opcode) {
        self.bytes.push(opcode as u8);
    }

    fn uint(&mut self, opcode: Opcode, arg: u32) {
        encode::uint(&mut self.bytes, opcode, arg);
    }

    fn name(&mut self, opcode: Opcode, name: Symbol) {
        let qstr = self.tables.qstr(name);
        self.uint(opcode, qstr);
    }

    fn inst(&mut self, op: Op) {
        match op {
            Op::LoadNone => self.byte(Opcode::LoadConstNone),
            Op::LoadFalse => self.byte(Opcode::LoadConstFalse),
            Op::LoadTrue => self.byte(Opcode::LoadConstTrue),
            Op::LoadNull => self.byte(Opcode::LoadNull),
            Op::LoadInt(value) => encode::small_int(&mut self.bytes, i64::from(value)),
            Op::LoadStr(text) => match self.tables.string(text) {
                Ok(qstr) => self.uint(Opcode::LoadConstString, qstr),
                Err(konst) => self.uint(Opcode::LoadConstObj, konst),
            },
            Op::LoadQstr(name) => self.name(Opcode::LoadConstString, name),
            Op::LoadConst(konst) => {
                let index = self.tables.konst(konst);
                self.uint(Opcode::LoadConstObj, index);
            }
            Op::LoadFast(var) | Op::LoadBound(var) | Op::LoadCell(var) => {
                encode::load_fast(&mut self.bytes, self.frame.slot(var));
            }
            Op::LoadSource => encode::load_fast(&mut self.bytes, self.frame.source(self.scope)),
            Op::LoadDeref(var) => self.uint(Opcode::LoadDeref, self.frame.slot(var)),
            Op::LoadName(name) => self.name(Opcode::LoadName, name),
            Op::LoadGlobal(name) => self.name(Opcode::LoadGlobal, name),
            Op::StoreFast(var) => encode::store_fast(&mut self.bytes, self.frame.slot(var)),
            Op::StoreDeref(var) => self.uint(Opcode::StoreDeref, self.frame.slot(var)),
            Op::StoreName(name) => self.name(Opcode::StoreName, name),
            Op::StoreGlobal(name) => self.name(Opcode::StoreGlobal, name),
            Op::DeleteFast(var) => self.uint(Opcode::DeleteFast, self.frame.slot(var)),
            Op::DeleteDeref(var) => self.uint(Opcode::DeleteDeref, self.frame.slot(var)),
            Op::DeleteName(name) => self.name(Opcode::DeleteName, name),
            Op::DeleteGlobal(name) => self.name(Opcode::DeleteGlobal, name),
            Op::LoadAttr(name) => self.name(Opcode::LoadAttr, name),
            Op::LoadMethod(name) => self.name(Opcode::LoadMethod, name),
            Op::LoadSuperMethod(name) => self.name(Opcode::LoadSuperMethod, name),
            Op::StoreAttr(name) => self.name(Opcode::StoreAttr, name),
            Op::LoadSubscr => self.byte(Opcode::LoadSubscr),
            Op::StoreSubscr => self.byte(Opcode::StoreSubscr),
            Op::LoadBuildClass => self.byte(Opcode::LoadBuildClass),
            Op::Dup => self.byte(Opcode::DupTop),
            Op::DupTwo => self.byte(Opcode::DupTopTwo),
            Op::Pop => self.byte(Opcode::PopTop),
            Op::RotTwo => self.byte(Opcode::RotTwo),
            Op::RotThree => self.byte(Opcode::RotThree),
            // Twice, as the pending unwinding is two words.
            Op::RotUnwind => self.bytes.extend([Opcode::RotThree as u8; 2]),
            Op::Unary(op) => self.bytes.push(Opcode::UnaryOpMulti as u8 + op as u8),
            Op::Binary(op) => self.bytes.push(Opcode::BinaryOpMulti as u8 + op as u8),
            Op::BuildTuple(n) => self.uint(Opcode::BuildTuple, n),
            Op::BuildList(n) => self.uint(Opcode::BuildList, n),
            Op::BuildMap(n) => self.uint(Opcode::BuildMap, n),
            Op::BuildSet(n) => self.uint(Opcode::BuildSet, n),
            Op::BuildSlice(n) => self.bytes.extend([Opcode::BuildSlice as u8, n]),
            Op::StoreMap => self.byte(Opcode::StoreMap),
            Op::StoreComp(collection, index) => {
                let kind = match collection {
                    Collection::List => 0,
                    Collection::Dict => 1,
                    Collection::Set => 2,
                };
                self.uint(Opcode::StoreComp, u32::from(index) << 2 | kind);
            }
            Op::UnpackSequence(n) => self.uint(Opcode::UnpackSequence, n),
            Op::UnpackEx(left, right) => {
                self.uint(Opcode::UnpackEx, u32::from(left) | u32::from(right) << 8);
            }
            Op::MakeFunction { defaults, scope } => {
                let child = self.child(scope);
                let opcode =
                    if defaults { Opcode::MakeFunctionDefargs } else { Opcode::MakeFunction };
                self.uint(opcode, child);
            }
            Op::MakeClosure { defaults, cells, scope } => {
                let child = self.child(scope);
                let opcode =
                    if defaults { Opcode::MakeClosureDefargs } else { Opcode::MakeClosure };
                self.uint(opcode, child);
                self.bytes.push(cells);
            }
            Op::Call(args) => self.uint(Opcode::CallFunction, args.operand()),
            Op::CallVar(args) => self.uint(Opcode::CallFunctionVarKw, args.operand()),
            Op::CallMethod(args) => self.uint(Opcode::CallMethod, args.operand()),
            Op::CallMethodVar(args) => self.uint(Opcode::CallMethodVarKw, args.operand()),
            Op::GetIter => self.byte(Opcode::GetIter),
            Op::GetIterStack => self.byte(Opcode::GetIterStack),
            Op::WithCleanup => self.byte(Opcode::WithCleanup),
            Op::YieldValue => self.byte(Opcode::YieldValue),
            Op::YieldFrom => self.byte(Opcode::YieldFrom),
            Op::ImportName(name) => self.name(Opcode::ImportName, name),
            Op::ImportFrom(name) => self.name(Opcode::ImportFrom, name),
            Op::ImportStar => self.byte(Opcode::ImportStar),
        }
    }

    fn child(&self, scope: ScopeId) -> u32 {
        // They are sorted.
        self.children.binary_search(&scope).unwrap_or_else(|place| {
            debug_assert!(false, "{scope} is no child");
            place
        }) as u32
    }

    fn term(&mut self, term: Term, next: Option<BlockId>, line: u32) {
        let falls_to = |to: BlockId| next == Some(to);
        let after = match term {
            Term::Jump(to) => Some(to),
            Term::Branch { sense, taken, next } => {
                let (sense, taken, next) =
                    if falls_to(taken) { (!sense, next, taken) } else { (sense, taken, next) };
                let opcode = if sense { Opcode::PopJumpIfTrue } else { Opcode::PopJumpIfFalse };
                self.jump(opcode, taken);
                Some(next)
            }
            Term::BranchOrPop { sense, taken, next } => {
                let opcode = if sense { Opcode::JumpIfTrueOrPop } else { Opcode::JumpIfFalseOrPop };
                self.jump(opcode, taken);
                Some(next)
            }
            Term::ForIter { body, exit } => {
                self.jump(Opcode::ForIter, exit);
                Some(body)
            }
            Term::Unwind { target, depth, pop_iter, .. } => {
                let pop = if pop_iter { mpy_format::table::opcode::UNWIND_POP_ITER } else { 0 };
                let at = self.bytes.len() as u32;
                let extra = Some(depth | pop);
                self.jumps.push(Jump {
                    at,
                    opcode: Opcode::UnwindJump,
                    target,
                    extra,
                    long: false,
                });
                None
            }
            Term::PopExcept(to) => {
                self.jump(Opcode::PopExceptJump, to);
                None
            }
            Term::Setup { kind, handler, next } => {
                let opcode = match kind {
                    SetupKind::With => Opcode::SetupWith,
                    SetupKind::Except => Opcode::SetupExcept,
                    SetupKind::Finally => Opcode::SetupFinally,
                };
                self.jump(opcode, handler);
                Some(next)
            }
            Term::EndFinally(next) => {
                self.byte(Opcode::EndFinally);
                Some(next)
            }
            Term::Reraise => {
                self.byte(Opcode::EndFinally);
                None
            }
            Term::Return => {
                self.byte(Opcode::ReturnValue);
                None
            }
            Term::RaiseLast => {
                self.byte(Opcode::RaiseLast);
                None
            }
            Term::RaiseObj => {
                self.byte(Opcode::RaiseObj);
                None
            }
            Term::RaiseFrom => {
                self.byte(Opcode::RaiseFrom);
                None
            }
        };
        if let Some(to) = after
            && !falls_to(to)
        {
            // A jump back is where an endless loop is interrupted.
            self.line(line);
            self.jump(Opcode::Jump, to);
        }
    }

    fn jump(&mut self, opcode: Opcode, target: BlockId) {
        let at = self.bytes.len() as u32;
        self.jumps.push(Jump { at, opcode, target, extra: None, long: false });
    }

    /// Puts bytes and jumps together. Gives the bytes and, for every number of jumps, how many bytes
    /// those take; `None` where a jump is out of reach.
    fn link(&mut self) -> Option<(Vec<u8>, Vec<u32>)> {
        let mut sizes = Vec::with_capacity(self.jumps.len() + 1);
        let mut round = 0;
        loop {
            sizes.clear();
            sizes.push(0);
            let mut total = 0u32;
            for jump in &self.jumps {
                total += 2 + u32::from(jump.long) + u32::from(jump.extra.is_some());
                sizes.push(total);
            }
            let mut changed = false;
            for i in 0..self.jumps.len() {
                let len = encode::jump_len(self.jumps[i].opcode, self.distance(i, &sizes))?;
                if len == 3 && !self.jumps[i].long {
                    self.jumps[i].long = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
            round += 1;
            if round == ROUNDS {
                self.jumps.iter_mut().for_each(|jump| jump.long = true);
            }
        }
        let mut out =
            Vec::with_capacity(self.bytes.len() + sizes.last().map_or(0, |&s| s as usize));
        let mut done = 0;
        for (i, jump) in self.jumps.iter().enumerate() {
            out.extend_from_slice(&self.bytes[done..jump.at as usize]);
            done = jump.at as usize;
            let len = if jump.long { 3 } else { 2 };
            encode::jump(&mut out, jump.opcode, self.distance(i, &sizes), len);
            out.extend(jump.extra);
        }
        out.extend_from_slice(&self.bytes[done..]);
        Some((out, sizes))
    }

    /// From the end of a jump's offset to its target.
    fn distance(&self, i: usize, sizes: &[u32]) -> i64 {
        let jump = &self.jumps[i];
        let end = jump.at + sizes[i + 1] - u32::from(jump.extra.is_some());
        let target = self.blocks[jump.target.index()];
        i64::from(target.bytes + sizes[target.jumps as usize]) - i64::from(end)
    }

    fn line_table(&self, sizes: &[u32]) -> Vec<u8> {
        let mut table = Vec::new();
        let mut encoder = LineEncoder::default();
        for &(place, line) in &self.lines {
            let offset = place.bytes + sizes[place.jumps as usize];
            encoder.mark(offset, line, |byte| table.push(byte));
        }
        table
    }
}
