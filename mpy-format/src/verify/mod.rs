//! What must hold before code may run without further checks.
//!
//! # What is proved
//!
//! For a file that passes, whatever the program does at run time:
//!
//! 1. every instruction that is reached is whole and known, jumps go to instructions,
//!    and control never runs past the end;
//! 2. indices of qstrs, constants, children and locals have something to mean;
//! 3. the value stack stays between its bottom and `n_state` less the locals, with
//!    the entries that the interpreter itself pushes for `finally`, `with` and
//!    `for` included, and no block opens beyond `n_exc_stack`;
//! 4. at each instruction the stack has the same entries, and the same blocks are
//!    open, whichever way control came;
//! 5. a `for` iterator's four slots are only used as such, an exit function only by
//!    its `with`, and null is only found where an instruction expects it;
//! 6. `END_FINALLY`, `WITH_CLEANUP`, `POP_EXCEPT_JUMP` and `UNWIND_JUMP` find the
//!    blocks that they leave, with the stack as it was when these were opened;
//! 7. only generators yield.
//!
//! Not proved, so the interpreter checks it: that a local used as a cell holds one,
//! and every type of object. A `for` iterator whose first slot is null may have any
//! object in its second.
//!
//! One thing rests on a convention. An `async with` asks by `LOAD_GLOBAL
//! BaseException` and a match whether its cause is an exception of one slot or an
//! unwind of two. A program that binds that name to something else makes it take an
//! exception for an unwind, and the stack is then one slot shorter than proved: the
//! interpreter must survive reading and writing one slot below the bottom.
//!
//! # How
//!
//! Code is executed once from first to last offset on kinds instead of values. A
//! forward jump leaves the state at its target, to be joined with what else arrives
//! there. The targets of backward jumps are collected beforehand; the state there is
//! recorded in passing, and the jump must match it. Code that nothing leads to is dead
//! and only decoded, except for the target of a backward jump right behind a `JUMP`:
//! that is a loop whose condition stands at its end, and it starts with the stack of
//! the jump that passes over it, as every compiler of this bytecode lays loops out.
//!
//! A `SETUP_…` leaves the state of its handler at the handler. As long as the handler
//! can be entered (at offsets before it) nothing may touch the stack below the
//! block's base, so that this state is right for an exception anywhere in the block.
//!
//! Time is linear in the size of the code. Memory is the caller's; see
//! [`SCRATCH_BYTES`].

mod flow;
mod kind;
mod memory;

use crate::error::{Error, ErrorKind};
use crate::header::Arch;
use crate::instr::Instr;
use crate::lines;
use crate::prelude::Prelude;
use crate::reader::{ConstRef, FLAG_RELOCS, MAX_DEPTH, QstrRef, RawCodeRef, RawKind, Reader};
use crate::reloc::{RelocDest, Section};
use crate::table::opcode::{FAST_MULTI_LOCALS, Opcode, Operand};
use memory::Memory;

/// Scratch memory that suffices for all but very large functions. A function needs a
/// byte for each slot of its frame, about 30 for each loop, 40 for each `try` or
/// `with`, and 20 for each jump that is open at once. When it is too little the error
/// is `ScratchFull`, and a caller with more memory may try again.
pub const SCRATCH_BYTES: usize = 1024;

/// How many entries the tables have that code indexes.
#[derive(Clone, Copy, Debug)]
pub struct Tables {
    /// Qstrs of the module.
    pub n_qstrs: u32,
    /// Constants of the module.
    pub n_consts: u32,
    /// Children of the function.
    pub n_children: u32,
}

/// Verifies a whole file.
///
/// # Errors
/// The first fault; its offset counts from the start of the file.
pub fn verify(data: &[u8], scratch: &mut [u8]) -> Result<(), Error> {
    let mut reader = Reader::new(data)?;
    for _ in 0..reader.n_qstrs() {
        let at = reader.position();
        if let QstrRef::Text(text) = reader.qstr()? {
            check_utf8(text, at)?;
        }
    }
    for _ in 0..reader.n_consts() {
        verify_constant(&mut reader, MAX_DEPTH)?;
    }
    verify_tree(&mut reader, scratch)?;
    reader.finish()
}

fn verify_constant(reader: &mut Reader<'_>, depth: u32) -> Result<(), Error> {
    let at = reader.position();
    match reader.constant()? {
        ConstRef::Str(text) => check_utf8(text, at),
        ConstRef::Tuple(len) => {
            let depth = depth.checked_sub(1).ok_or(Error::new(at, ErrorKind::TooDeep))?;
            (0..len).try_for_each(|_| verify_constant(reader, depth))
        }
        _ => Ok(()),
    }
}

/// UTF-8 as far as stepping through it needs: every lead byte has its continuation
/// bytes. Lone surrogates pass, as Python strings may hold them.
fn check_utf8(text: &[u8], at: usize) -> Result<(), Error> {
    let mut need = 0;
    for &byte in text {
        let continues = byte & 0xc0 == 0x80;
        if continues != (need > 0) || byte >= 0xf8 {
            return Err(Error::new(at, ErrorKind::BadUtf8));
        }
        need = match byte {
            0x80..=0xbf => need - 1,
            0xc0..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0.. => 3,
            _ => 0,
        };
    }
    if need == 0 { Ok(()) } else { Err(Error::new(at, ErrorKind::BadUtf8)) }
}

/// A function whose children are being verified.
#[derive(Clone, Copy, Default)]
struct Parent {
    children_left: u32,
    has_relocs: bool,
    text_words: u32,
    rodata_words: u32,
}

fn verify_tree(reader: &mut Reader<'_>, scratch: &mut [u8]) -> Result<(), Error> {
    let mut parents = [Parent::default(); MAX_DEPTH as usize];
    let mut depth = 0;
    loop {
        let at = reader.position();
        let raw = reader.raw_code()?;
        let tables = Tables {
            n_qstrs: reader.n_qstrs(),
            n_consts: reader.n_consts(),
            n_children: raw.n_children,
        };
        verify_raw_code(&raw, tables, scratch)
            .map_err(|e| Error { at: e.at + raw.data_at, ..e })?;
        let parent = parents.get_mut(depth).ok_or(Error::new(at, ErrorKind::TooDeep))?;
        *parent = sections(&raw, reader.header().arch);
        depth += 1;
        // Close every function that has no more children.
        while let Some(parent) = depth.checked_sub(1).and_then(|top| parents.get_mut(top)) {
            if parent.children_left > 0 {
                parent.children_left -= 1;
                break;
            }
            verify_relocs(reader, parent)?;
            depth -= 1;
        }
        if depth == 0 {
            return Ok(());
        }
    }
}

fn sections(raw: &RawCodeRef<'_>, arch: Arch) -> Parent {
    let words = |bytes: usize| (bytes / usize::from(arch.word_bytes()).max(1)) as u32;
    let rodata_words = match raw.kind {
        RawKind::Viper { rodata: Some(rodata), .. } => words(rodata.len()),
        _ => 0,
    };
    Parent {
        children_left: raw.n_children,
        has_relocs: raw.has_relocs,
        text_words: words(raw.data.len()),
        rodata_words,
    }
}

fn verify_relocs(reader: &mut Reader<'_>, parent: &Parent) -> Result<(), Error> {
    if !parent.has_relocs {
        return Ok(());
    }
    let mut next: Option<(Section, u32)> = None;
    loop {
        let at = reader.position();
        let Some(reloc) = reader.reloc()? else { return Ok(()) };
        let bad = Error::new(at, ErrorKind::BadReloc);
        let (section, first) = reloc.place.or(next).ok_or(bad)?;
        let end = first.checked_add(reloc.count).ok_or(bad)?;
        let words = match section {
            Section::Text => parent.text_words,
            Section::Rodata => parent.rodata_words,
        };
        if end > words || (reloc.count == 0 && reloc.dest == RelocDest::HelperTable) {
            return Err(bad);
        }
        next = Some((section, end));
    }
}

/// Verifies one function, without its children.
///
/// # Errors
/// The first fault; its offset counts from the start of the function's data.
pub fn verify_raw_code(
    raw: &RawCodeRef<'_>,
    tables: Tables,
    scratch: &mut [u8],
) -> Result<(), Error> {
    match raw.kind {
        RawKind::Bytecode => verify_bytecode(raw.data, tables, scratch),
        RawKind::Native { prelude_at } => {
            let prelude = Prelude::read(raw.data, prelude_at as usize)?;
            verify_prelude(&prelude, prelude_at, tables).map(|_| ())
        }
        RawKind::Viper { flags, .. } | RawKind::Asm { flags, .. } => {
            let relocs_match = raw.has_relocs == (flags & FLAG_RELOCS != 0);
            if relocs_match { Ok(()) } else { Err(Error::new(0, ErrorKind::BadReloc)) }
        }
    }
}

/// Checks a prelude, and returns how many locals it mentions.
fn verify_prelude(prelude: &Prelude<'_>, at: u32, tables: Tables) -> Result<u32, Error> {
    let signature = &prelude.signature;
    let names_known =
        prelude.name < tables.n_qstrs && prelude.arg_names().all(|n| n < tables.n_qstrs);
    let cell_locals = prelude.cells.iter().map(|&local| u32::from(local) + 1).max().unwrap_or(0);
    let n_locals = cell_locals.max(signature.filled_locals());
    if !names_known
        || signature.n_def_pos_args > signature.n_pos_args
        || n_locals > signature.n_state
    {
        return Err(Error { at, kind: ErrorKind::BadPrelude });
    }
    if !lines::is_whole(prelude.lines) {
        return Err(Error { at, kind: ErrorKind::BadLineTable });
    }
    Ok(n_locals)
}

/// Verifies a bytecode function: prelude and instructions.
///
/// # Errors
/// The first fault; its offset counts from the start of `data`.
pub fn verify_bytecode(data: &[u8], tables: Tables, scratch: &mut [u8]) -> Result<(), Error> {
    let prelude = Prelude::read(data, 0)?;
    let mut n_locals = verify_prelude(&prelude, 0, tables)?;
    let code = &data[prelude.code_at..];
    let in_data = |e: Error| Error { at: e.at + prelude.code_at as u32, ..e };
    let n_state = prelude.signature.n_state;
    let mut memory = Memory::new(scratch, n_state).map_err(|kind| Error { at: 0, kind })?;
    let mut at = 0;
    while at < code.len() {
        let instr = Instr::read(code, at).map_err(in_data)?;
        check_operand(&instr, tables, &mut n_locals)
            .and_then(|()| match instr.target() {
                Some(target) if target <= instr.at => memory.add_head(target),
                _ => Ok(()),
            })
            .map_err(|kind| in_data(Error { at: instr.at, kind }))?;
        at = instr.next as usize;
    }
    let Some(n_stack) = n_state.checked_sub(n_locals) else {
        return Err(Error { at: 0, kind: ErrorKind::BadPrelude });
    };
    let frame = flow::Frame {
        n_stack,
        n_blocks: prelude.signature.n_exc_stack,
        is_generator: prelude.signature.is_generator(),
    };
    flow::run(code, frame, memory).map_err(in_data)
}

/// Checks what an operand indexes, and counts the locals.
#[inline]
fn check_operand(instr: &Instr, tables: Tables, n_locals: &mut u32) -> Result<(), ErrorKind> {
    let arg = instr.arg;
    let fits = match instr.opcode.operand() {
        Operand::Qstr => arg < tables.n_qstrs,
        Operand::Const => arg < tables.n_consts,
        Operand::Child | Operand::ChildCells => arg < tables.n_children,
        Operand::Local | Operand::Cell | Operand::LocalMulti => {
            debug_assert!(instr.opcode.operand() != Operand::LocalMulti || arg < FAST_MULTI_LOCALS);
            *n_locals = (*n_locals).max(arg.saturating_add(1));
            true
        }
        Operand::Slice => arg == 2 || arg == 3,
        Operand::Comp => arg & 3 < 3,
        Operand::Call | Operand::UnpackEx => arg <= 0xffff,
        Operand::Count if instr.opcode == Opcode::UnpackSequence => arg <= 0xffff,
        _ => true,
    };
    if fits { Ok(()) } else { Err(ErrorKind::BadOperand) }
}
