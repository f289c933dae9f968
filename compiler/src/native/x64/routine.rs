//! Routines behind the code, which look into objects without the runtime.
//!
//! What they know of objects is in [`crate::clif::object`]; what they do not find there,
//! the runtime's helper is asked for, by a jump: the operands are where it wants them.
//! The helper table comes behind them, moved by the bias.

use std::collections::BTreeSet;

use iced_x86::{Code, Instruction, MemoryOperand, Register};
use mpy_format::Helper;

use super::write::{Done, Made, Writer, at, load, mov, pop, store};
use crate::clif::{Routine, object};
use Register::{EAX, ECX, EDX, ESI, R8, R9, RAX, RCX, RDI, RDX, RSI, SIL};

/// Labels of routines, by their numbers, and of what is inside them.
const ENTRIES: u64 = 1 << 43;
const INSIDE: u64 = 1 << 44;

/// The object that asks the runtime's subscript helper to load.
const SENTINEL: u32 = 4;

/// Bytes of a word; bytes of an entry of a table, as a power of two.
const WORD: i64 = 8;
const ENTRY: i32 = 16;
const ENTRY_SHIFT: u32 = 4;
const FLAGS: i64 = WORD;
const LENGTH: i64 = object::LENGTH as i64;
const TABLE: i64 = object::TABLE as i64;

/// What calls of a routine name.
pub fn label(routine: Routine) -> u64 {
    ENTRIES + u64::from(routine.number().unwrap_or(0))
}

pub fn of_label(label: u64) -> Option<Routine> {
    let number = label.checked_sub(ENTRIES).and_then(|number| u32::try_from(number).ok())?;
    Routine::of_number(number)
}

/// The code of routines, and of those that they jump to.
///
/// # Errors
/// The encoder's, for operands that an instruction cannot have.
pub fn routines(
    called: impl Iterator<Item = Routine>,
    bias: u32,
) -> Result<Vec<Instruction>, iced_x86::IcedError> {
    let mut numbers: BTreeSet<Option<u32>> = called.map(Routine::number).collect();
    if numbers.contains(&Routine::CallMethod.number()) {
        numbers.insert(Routine::Call.number());
    }
    let mut writing = Writing { writer: Writer::new(INSIDE), bias };
    for routine in numbers.into_iter().flatten().filter_map(Routine::of_number) {
        writing.writer.place(label(routine));
        match routine {
            Routine::LoadSubscr => writing.load_subscr()?,
            Routine::StoreSubscr => writing.store_subscr()?,
            Routine::LoadAttr => writing.load_attr()?,
            Routine::StoreAttr => writing.store_attr()?,
            Routine::LoadMethod => writing.load_method()?,
            Routine::CallMethod => writing.call_method()?,
            Routine::Next => writing.next()?,
            Routine::Entry => writing.entry()?,
            Routine::Stepper => writing.stepper()?,
            _ => writing.call()?,
        }
    }
    Ok(writing.writer.text.insts)
}

struct Writing {
    writer: Writer,
    bias: u32,
}

/// Memory at a distance in bytes, from a base and an index of so many bytes.
fn memory(base: Register, index: Register, scale: u32, bytes: i64) -> MemoryOperand {
    let size = u32::from(bytes != 0);
    MemoryOperand::new(base, index, scale, bytes, size, false, Register::None)
}

fn byte_at(base: Register, bytes: i64) -> MemoryOperand {
    memory(base, Register::None, 1, bytes)
}

fn load_indexed(to: Register, base: Register, index: Register, scale: u32, bytes: i64) -> Made {
    Instruction::with2(Code::Mov_r64_rm64, to, memory(base, index, scale, bytes))
}

fn ret() -> Made {
    Ok(Instruction::with(Code::Retnq))
}

impl Writing {
    fn helper(&self, helper: Helper) -> i64 {
        i64::from(helper as u32) * WORD - i64::from(self.bias)
    }

    fn fresh(&mut self) -> u64 {
        self.writer.text.fresh()
    }

    /// Goes on in the runtime's helper; `table` has the table.
    fn go_on(&mut self, table: Register, helper: Helper) -> Done {
        let entry = byte_at(table, self.helper(helper));
        self.writer.op(Instruction::with1(Code::Jmp_rm64, entry))
    }

    /// Goes on with the type of an object in `rax`; the rest is not on the heap.
    fn type_of(&mut self, object: Register, slow: u64) -> Done {
        let low = Register::AL + object.number() as u32;
        let low =
            if object.number() < 4 { low } else { Register::SPL + (object.number() as u32 - 4) };
        self.writer.op(Instruction::with2(Code::Test_rm8_imm8, low, 3i32))?;
        self.writer.jump(Code::Jne_rel32_64, slow)?;
        self.writer.op(load(RAX, object, 0))
    }

    /// Goes on where a flag of the type in `rax` is set, or is not.
    fn flag(&mut self, bit: u32, set: bool, slow: u64) -> Done {
        let byte = byte_at(RAX, FLAGS + i64::from(bit / 8));
        self.writer.op(Instruction::with2(Code::Test_rm8_imm8, byte, 1i32 << (bit % 8)))?;
        let code = if set { Code::Je_rel32_64 } else { Code::Jne_rel32_64 };
        self.writer.jump(code, slow)
    }

    /// What is in a slot of the type in `rax`, as memory; spoils `r8`.
    fn slot(&mut self, number: u32) -> Result<MemoryOperand, iced_x86::IcedError> {
        let index = byte_at(RAX, WORD + i64::from(number));
        self.writer.op(Instruction::with2(Code::Movzx_r32_rm8, Register::R8D, index))?;
        Ok(memory(RAX, R8, 8, i64::from(object::SLOTS_AT)))
    }

    /// Goes on with the entry at `rax + r8` that has the name in `rsi` as its key, in the
    /// table of an instance or dictionary. Spoils `r9`.
    fn find(&mut self, table: Register, missing: u64) -> Done {
        let again = self.fresh();
        let name =
            memory(Register::None, RSI, 1 << object::NAME_SHIFT, i64::from(object::NAME_TAG));
        self.writer.ops([
            Instruction::with2(Code::Lea_r64_m, R9, name),
            load(R8, table, LENGTH),
            load(RAX, table, TABLE),
            Instruction::with2(Code::Shl_rm64_imm8, R8, ENTRY_SHIFT),
        ])?;
        self.writer.place(again);
        self.writer.op(Instruction::with2(Code::Sub_rm64_imm8, R8, ENTRY))?;
        self.writer.jump(Code::Jb_rel32_64, missing)?;
        let key = memory(RAX, R8, 1, 0);
        self.writer.op(Instruction::with2(Code::Cmp_rm64_r64, key, Register::R9))?;
        self.writer.jump(Code::Jne_rel32_64, again)
    }

    /// `rdi` and `rsi`: object and name.
    fn load_attr(&mut self) -> Done {
        let slow = self.fresh();
        self.type_of(RDI, slow)?;
        self.flag(object::INSTANCE_TYPE, true, slow)?;
        self.find(RDI, slow)?;
        self.writer.ops([load_indexed(RAX, RAX, R8, 1, WORD), ret()])?;
        self.writer.place(slow);
        self.go_on(RDX, Helper::LoadAttr)
    }

    /// `rdi`, `rsi`, `rdx`: object, name, value. What is there already is replaced.
    fn store_attr(&mut self) -> Done {
        let slow = self.fresh();
        self.type_of(RDI, slow)?;
        self.flag(object::SPECIAL_ACCESSORS, false, slow)?;
        self.flag(object::INSTANCE_TYPE, true, slow)?;
        self.find(RDI, slow)?;
        let value = memory(RAX, R8, 1, WORD);
        self.writer.ops([Instruction::with2(Code::Mov_rm64_r64, value, RDX), ret()])?;
        self.writer.place(slow);
        self.go_on(RCX, Helper::StoreAttr)
    }

    /// `rdi`, `rsi`, `rdx`: object, name, where to put function and object. A function of
    /// the object's own class that the object does not hide is found here.
    fn load_method(&mut self) -> Done {
        let (slow, own) = (self.fresh(), self.fresh());
        self.type_of(RDI, slow)?;
        self.flag(object::INSTANCE_TYPE, true, slow)?;
        self.flag(object::HAS_NOT_EQUAL, true, slow)?;
        self.find(RDI, own)?;
        self.writer.jump(Code::Jmp_rel32_64, slow)?;
        // Its class, and what that holds.
        self.writer.place(own);
        self.writer.op(load(RAX, RDI, 0))?;
        let locals = self.slot(object::SLOT_LOCALS)?;
        self.writer.op(Instruction::with2(Code::Mov_r64_rm64, RAX, locals))?;
        self.find(RAX, slow)?;
        self.writer.op(load_indexed(R8, RAX, R8, 1, WORD))?;
        self.writer.op(Instruction::with2(Code::Test_rm8_imm8, Register::R8L, 3i32))?;
        self.writer.jump(Code::Jne_rel32_64, slow)?;
        self.writer.op(load(RAX, R8, 0))?;
        self.flag(object::BUILTIN_FUN, false, slow)?;
        self.flag(object::BINDS_SELF, true, slow)?;
        self.writer.ops([store(R8, RDX, 0), store(RDI, RDX, 1), ret()])?;
        self.writer.place(slow);
        self.go_on(RCX, Helper::LoadMethod)
    }

    /// `rdi`, `rsi`, `rdx`: function, numbers of arguments, arguments. A function is entered
    /// as its type says.
    fn call(&mut self) -> Done {
        let slow = self.fresh();
        self.type_of(RDI, slow)?;
        self.flag(object::BINDS_SELF, true, slow)?;
        let entry = self.slot(object::SLOT_CALL)?;
        self.writer.ops([
            mov(RCX, RDX),
            Instruction::with2(Code::Mov_r32_rm32, EDX, ESI),
            Instruction::with2(Code::Shr_rm32_imm8, EDX, 8u32),
            Instruction::with2(Code::Movzx_r32_rm8, ESI, SIL),
            Instruction::with1(Code::Jmp_rm64, entry),
        ])?;
        self.writer.place(slow);
        self.go_on(RCX, Helper::CallFunctionNKw)
    }

    /// `rdi`, `rsi`: numbers of arguments, and where function, object or null, and
    /// arguments lie: the same for the function, whose first argument the object is.
    fn call_method(&mut self) -> Done {
        let call = label(Routine::Call);
        self.writer.ops([
            mov(RCX, RDX),
            mov(RAX, RDI),
            Instruction::with2(Code::Lea_r64_m, RDX, at(RSI, 1)),
            load(RDI, RSI, 0),
            Instruction::with2(Code::Cmp_rm64_imm8, at(RSI, 1), 0i32),
            Instruction::with2(Code::Lea_r32_m, ESI, byte_at(RAX, 1)),
        ])?;
        self.writer.jump(Code::Jne_rel32_64, call)?;
        self.writer.ops([
            Instruction::with2(Code::Add_rm64_imm8, RDX, WORD as i32),
            Instruction::with2(Code::Mov_r32_rm32, ESI, EAX),
        ])?;
        self.writer.jump(Code::Jmp_rel32_64, call)
    }

    /// `rdi`: where an iterator lies, or null and its object.
    fn next(&mut self) -> Done {
        let (here, slow) = (self.fresh(), self.fresh());
        self.writer.ops([
            mov(RDX, RDI),
            load(RAX, RDI, 0),
            Instruction::with2(Code::Test_rm64_r64, RAX, RAX),
        ])?;
        self.writer.jump(Code::Jne_rel32_64, here)?;
        self.writer.op(load(RDI, RDI, 1))?;
        self.type_of(RDI, slow)?;
        self.writer.place(here);
        let entry = self.step_of(slow)?;
        self.writer.op(Instruction::with1(Code::Jmp_rm64, entry))?;
        self.writer.place(slow);
        self.writer.op(mov(RDI, RDX))?;
        self.go_on(RSI, Helper::Iternext)
    }

    /// Goes on with what steps iterators of the type in `rax`, as memory; spoils `rcx`.
    fn step_of(&mut self, slow: u64) -> Result<MemoryOperand, iced_x86::IcedError> {
        let kinds = 1 << object::ITER_IS_NEXT | 1 << object::ITER_IS_CUSTOM;
        self.writer.ops([
            Instruction::with2(Code::Movzx_r32_rm16, ECX, byte_at(RAX, FLAGS)),
            Instruction::with2(Code::And_rm32_imm32, ECX, kinds),
            Instruction::with2(Code::Cmp_rm32_imm32, ECX, 1i32 << object::ITER_IS_NEXT),
        ])?;
        self.writer.jump(Code::Jne_rel32_64, slow)?;
        self.slot(object::SLOT_ITER)
    }

    /// `rdi`: an iterator, or null and its object.
    fn stepper(&mut self) -> Done {
        let slow = self.fresh();
        self.writer.ops([load(RAX, RDI, 0), Instruction::with2(Code::Test_rm64_r64, RAX, RAX)])?;
        self.writer.jump(Code::Je_rel32_64, slow)?;
        let entry = self.step_of(slow)?;
        self.writer.ops([Instruction::with2(Code::Mov_r64_rm64, RAX, entry), ret()])?;
        self.writer.place(slow);
        let helper = byte_at(RSI, self.helper(Helper::Iternext));
        self.writer.ops([Instruction::with2(Code::Mov_r64_rm64, RAX, helper), ret()])
    }

    /// `rdi`: a function. What gives it to the runtime lies inside.
    fn entry(&mut self) -> Done {
        let (slow, behind, known) = (self.fresh(), self.fresh(), self.fresh());
        self.type_of(RDI, slow)?;
        self.flag(object::BINDS_SELF, false, known)?;
        // Whatever else can be called, where lists say that types have slots.
        let list = byte_at(RSI, self.helper(Helper::TypeList));
        self.writer.ops([mov(RDX, RAX), Instruction::with2(Code::Mov_r64_rm64, RAX, list)])?;
        self.flag(object::SEQUENCE, true, slow)?;
        let number = byte_at(RDX, WORD + i64::from(object::SLOT_CALL));
        self.writer.ops([mov(RAX, RDX), Instruction::with2(Code::Cmp_rm8_imm8, number, 0i32)])?;
        self.writer.jump(Code::Je_rel32_64, slow)?;
        self.writer.place(known);
        let entry = self.slot(object::SLOT_CALL)?;
        self.writer.ops([Instruction::with2(Code::Mov_r64_rm64, RAX, entry), ret()])?;
        self.writer.place(slow);
        self.writer.jump(Code::Call_rel32_64, behind)?;
        self.writer.ops([
            Instruction::with2(Code::Shl_rm32_imm8, EDX, 8u32),
            Instruction::with2(Code::Or_rm32_r32, ESI, EDX),
            mov(RDX, RCX),
        ])?;
        self.go_on(R8, Helper::CallFunctionNKw)?;
        self.writer.place(behind);
        self.writer.ops([pop(RAX), ret()])
    }

    /// Goes on where `rdi` is a list, as [`Self::index`]; at `other` with another type than
    /// a list's in `rax`.
    fn list_item(&mut self, table: Register, other: u64, slow: u64) -> Done {
        self.type_of(RDI, slow)?;
        let list = byte_at(table, self.helper(Helper::TypeList));
        self.writer.op(Instruction::with2(Code::Cmp_r64_rm64, RAX, list))?;
        self.writer.jump(Code::Jne_rel32_64, other)?;
        self.index(slow)
    }

    /// Goes on with the name of the type in `rax` in `r8`, where it is one that no program
    /// can have made.
    fn sequence(&mut self, slow: u64) -> Done {
        self.flag(object::SEQUENCE, true, slow)?;
        let name = byte_at(RAX, FLAGS + i64::from(object::NAME_AT));
        self.writer.op(Instruction::with2(Code::Movzx_r32_rm16, Register::R8D, name))
    }

    /// Compares the name in `r8`.
    fn compare_name(&mut self, with: u32) -> Done {
        let code = if with < 128 { Code::Cmp_rm32_imm8 } else { Code::Cmp_rm32_imm32 };
        self.writer.op(Instruction::with2(code, Register::R8D, with as i32))
    }

    /// Goes on where `rdi` has an item of the index in `rsi`, with the number in `rax` and
    /// the items in `r8`.
    fn index(&mut self, slow: u64) -> Done {
        self.writer.ops([mov(RAX, RSI), Instruction::with2(Code::Sar_rm64_1, RAX, 1u32)])?;
        self.writer.jump(Code::Jae_rel32_64, slow)?;
        self.writer.op(Instruction::with2(Code::Cmp_r64_rm64, RAX, at(RDI, LENGTH)))?;
        self.writer.jump(Code::Jae_rel32_64, slow)?;
        self.writer.op(load(R8, RDI, TABLE))
    }

    /// `rdi` and `rsi`: object and index.
    fn load_subscr(&mut self) -> Done {
        let (slow, other, bytes) = (self.fresh(), self.fresh(), self.fresh());
        self.list_item(RDX, other, slow)?;
        self.writer.ops([load_indexed(RAX, R8, RAX, 8, 0), ret()])?;
        self.writer.place(other);
        self.sequence(slow)?;
        self.compare_name(object::BYTEARRAY)?;
        self.writer.jump(Code::Je_rel32_64, bytes)?;
        self.compare_name(object::BYTES)?;
        self.writer.jump(Code::Jne_rel32_64, slow)?;
        self.writer.place(bytes);
        self.index(slow)?;
        self.writer.ops([
            Instruction::with2(Code::Movzx_r32_rm8, EAX, memory(R8, RAX, 1, 0)),
            Instruction::with2(Code::Lea_r64_m, RAX, memory(RAX, RAX, 1, 1)),
            ret(),
        ])?;
        self.writer.place(slow);
        self.writer.ops([mov(RAX, RDX), Instruction::with2(Code::Mov_r32_imm32, EDX, SENTINEL)])?;
        self.go_on(RAX, Helper::ObjSubscr)
    }

    /// `rdi`, `rsi`, `rdx`: object, index, value.
    fn store_subscr(&mut self) -> Done {
        let (slow, other) = (self.fresh(), self.fresh());
        self.list_item(RCX, other, slow)?;
        let item = memory(R8, RAX, 8, 0);
        self.writer.ops([Instruction::with2(Code::Mov_rm64_r64, item, RDX), ret()])?;
        self.writer.place(other);
        self.sequence(slow)?;
        self.compare_name(object::BYTEARRAY)?;
        self.writer.jump(Code::Jne_rel32_64, slow)?;
        self.writer.ops([mov(R9, RDX), Instruction::with2(Code::Sar_rm64_1, R9, 1u32)])?;
        self.writer.jump(Code::Jae_rel32_64, slow)?;
        self.writer.op(Instruction::with2(Code::Cmp_rm64_imm32, R9, 255i32))?;
        self.writer.jump(Code::Ja_rel32_64, slow)?;
        self.index(slow)?;
        let byte = memory(R8, RAX, 1, 0);
        self.writer.ops([Instruction::with2(Code::Mov_rm8_r8, byte, Register::R9L), ret()])?;
        self.writer.place(slow);
        self.go_on(RCX, Helper::ObjSubscr)
    }
}
