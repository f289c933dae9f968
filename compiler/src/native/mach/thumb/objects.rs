//! Routines that look into objects: attributes, methods, calls, iterators.
//!
//! What they know of objects is in [`crate::clif::object`]; what they do not find there,
//! the runtime's helper is asked for. The narrow forms serve every CPU.

use mpy_format::Helper;

use super::routine::Out;
use super::{Cond, Jump, LR, PC, Reg, SCRATCH, Thumb};
use crate::asm::thumb::Op;
use crate::clif::{Routine, object};
use crate::native::mach::Label;

/// Bytes of a word.
const WORD: i64 = 4;
/// A type's flags.
const FLAGS: i64 = WORD;
const SLOTS: i64 = object::SLOTS_AT as i64;
const LENGTH: i64 = object::LENGTH as i64 * WORD;
const ENTRIES: i64 = object::TABLE as i64 * WORD;
/// Bytes of an entry of a table, as a power of two.
const ENTRY_SHIFT: i64 = 3;
const NAME_SHIFT: i64 = object::NAME_SHIFT as i64;
const NAME_TAG: i64 = object::NAME_TAG as i64;

const SCRATCH_N: i64 = SCRATCH.0 as i64;
const LR_N: i64 = LR.0 as i64;

/// Shifts a bit of a halfword to a word's sign.
fn to_sign(bit: u32) -> i64 {
    31 - i64::from(bit)
}

impl Thumb {
    fn lsl(&self, out: &mut Out<'_>, to: i64, from: i64, by: i64) {
        self.one(out, Op::LSL_I, &[to, from, by]);
    }

    fn load(&self, out: &mut Out<'_>, to: i64, base: i64, offset: i64) {
        self.one(out, Op::LDR_I, &[to, base, offset]);
    }

    fn copy_low(&self, out: &mut Out<'_>, to: i64, from: i64) {
        self.one(out, Op::MOV_H, &[to, from]);
    }

    /// Goes on with the type of the object in `r0` in `to` and its flags in `r3`, which
    /// may be the same register; the rest is not on the heap.
    fn type_flags(&self, out: &mut Out<'_>, to: i64, slow: Label) {
        self.lsl(out, 3, 0, 30);
        out.jump(Jump::On(Cond::NE), slow);
        self.load(out, to, 0, 0);
        self.one(out, Op::LDRH_I, &[3, to, FLAGS]);
    }

    /// Goes on where the bit of `from` is set, which is then the sign of `r3`.
    fn must(&self, out: &mut Out<'_>, from: i64, bit: u32, slow: Label) {
        self.lsl(out, 3, from, to_sign(bit));
        out.jump(Jump::On(Cond::PL), slow);
    }

    /// The name's number in `r1` becomes the name's object.
    fn name_object(&self, out: &mut Out<'_>) {
        self.lsl(out, 1, 1, NAME_SHIFT);
        self.one(out, Op::ADD_I8, &[1, NAME_TAG]);
    }

    fn name_number(&self, out: &mut Out<'_>) {
        self.one(out, Op::LSR_I, &[1, 1, NAME_SHIFT]);
    }

    /// Goes on with the entry at `r3 + r2` that has the object in `r1` as its key, in the
    /// table of the instance or dictionary in `r0`; jumps to `missing` where there is none.
    /// Spoils `r0`.
    fn find(&self, out: &mut Out<'_>, missing: Label) {
        let again = out.label();
        self.load(out, 2, 0, LENGTH);
        self.load(out, 3, 0, ENTRIES);
        self.lsl(out, 2, 2, ENTRY_SHIFT);
        out.bind(again);
        self.one(out, Op::SUB_I8, &[2, 1 << ENTRY_SHIFT]);
        out.jump(Jump::On(Cond::MI), missing);
        self.one(out, Op::LDR_R, &[0, 3, 2]);
        self.one(out, Op::CMP, &[0, 1]);
        out.jump(Jump::On(Cond::NE), again);
        self.one(out, Op::ADD, &[3, 3, 2]);
    }

    /// Goes on in the runtime's helper.
    fn go_on(&self, out: &mut Out<'_>, helper: Helper) {
        self.load_helper(out, Reg(3), helper);
        self.one(out, Op::BX, &[3]);
    }

    /// `r0` and `r1`: object and name.
    fn load_attr(&self, out: &mut Out<'_>) {
        let (slow, missing) = (out.label(), out.label());
        self.type_flags(out, 3, slow);
        self.must(out, 3, object::INSTANCE_TYPE, slow);
        self.copy_low(out, SCRATCH_N, 0);
        self.name_object(out);
        self.find(out, missing);
        self.load(out, 0, 3, WORD);
        self.one(out, Op::BX, &[LR_N]);
        out.gap();
        out.bind(missing);
        self.name_number(out);
        self.copy_low(out, 0, SCRATCH_N);
        out.bind(slow);
        self.go_on(out, Helper::LoadAttr);
    }

    /// `r0`, `r1`, `r2`: object, name, value. What is there already is replaced.
    fn store_attr(&self, out: &mut Out<'_>) {
        let (slow, put_back, missing) = (out.label(), out.label(), out.label());
        self.type_flags(out, 3, slow);
        self.one(out, Op::PUSH, &[1 << 0 | 1 << 2]);
        self.lsl(out, 2, 3, to_sign(object::SPECIAL_ACCESSORS));
        out.jump(Jump::On(Cond::MI), put_back);
        self.must(out, 3, object::INSTANCE_TYPE, put_back);
        self.name_object(out);
        self.find(out, missing);
        self.one(out, Op::POP, &[1 << 0 | 1 << 2]);
        self.one(out, Op::STR_I, &[2, 3, WORD]);
        self.one(out, Op::BX, &[LR_N]);
        out.gap();
        out.bind(missing);
        self.name_number(out);
        out.bind(put_back);
        self.one(out, Op::POP, &[1 << 0 | 1 << 2]);
        out.bind(slow);
        self.go_on(out, Helper::StoreAttr);
    }

    /// `r0`, `r1`, `r2`: object, name, where to put function and object. A function of the
    /// object's own class that the object does not hide is found here.
    fn load_method(&self, out: &mut Out<'_>) {
        let (slow, put_back, own, look) = (out.label(), out.label(), out.label(), out.label());
        let kept = 1 << 0 | 1 << 1 | 1 << 2;
        self.type_flags(out, 3, slow);
        self.must(out, 3, object::INSTANCE_TYPE, slow);
        self.must(out, 3, 31 - (object::INSTANCE_TYPE - object::HAS_NOT_EQUAL), slow);
        self.one(out, Op::PUSH, &[kept | 1 << LR.0]);
        self.name_object(out);
        out.jump(Jump::Link, look);
        out.jump(Jump::On(Cond::PL), put_back);
        // Its class, and what that holds.
        self.one(out, Op::LDR_SP, &[0, 0]);
        self.load(out, 0, 0, 0);
        self.one(out, Op::LDRB_I, &[3, 0, WORD + i64::from(object::SLOT_LOCALS)]);
        self.lsl(out, 3, 3, 2);
        self.one(out, Op::ADD, &[0, 0, 3]);
        self.load(out, 0, 0, SLOTS);
        out.jump(Jump::Link, look);
        out.jump(Jump::On(Cond::MI), put_back);
        self.load(out, 1, 3, WORD);
        self.lsl(out, 3, 1, 30);
        out.jump(Jump::On(Cond::NE), put_back);
        self.load(out, 3, 1, 0);
        self.one(out, Op::LDRH_I, &[3, 3, FLAGS]);
        self.lsl(out, 2, 3, to_sign(object::BUILTIN_FUN));
        out.jump(Jump::On(Cond::MI), put_back);
        self.must(out, 3, object::BINDS_SELF, put_back);
        self.copy_low(out, 3, 1);
        self.one(out, Op::POP, &[kept]);
        self.one(out, Op::STR_I, &[3, 2, 0]);
        self.one(out, Op::STR_I, &[0, 2, WORD]);
        self.one(out, Op::POP, &[1 << PC.0]);
        out.gap();
        out.bind(put_back);
        self.one(out, Op::POP, &[kept | 1 << 3]);
        self.copy_low(out, LR_N, 3);
        out.bind(slow);
        self.go_on(out, Helper::LoadMethod);
        out.gap();
        // A found entry's place is not negative.
        out.bind(look);
        self.find(out, own);
        self.one(out, Op::CMP_I8, &[2, 0]);
        out.bind(own);
        self.one(out, Op::BX, &[LR_N]);
    }

    /// `r0`, `r1`, `r2`: function, numbers of arguments, arguments. A function is entered
    /// as its type says.
    fn call_function(&self, out: &mut Out<'_>) {
        let slow = out.label();
        self.copy_low(out, SCRATCH_N, 2);
        self.type_flags(out, 2, slow);
        self.must(out, 3, object::BINDS_SELF, slow);
        self.slot(out, object::SLOT_CALL);
        self.copy_low(out, 3, SCRATCH_N);
        self.copy_low(out, SCRATCH_N, 2);
        self.one(out, Op::LSR_I, &[2, 1, 8]);
        self.one(out, Op::UXTB, &[1, 1]);
        self.one(out, Op::BX, &[SCRATCH_N]);
        out.gap();
        out.bind(slow);
        self.copy_low(out, 2, SCRATCH_N);
        self.go_on(out, Helper::CallFunctionNKw);
    }

    /// `r0`: a function. What gives it to the runtime lies inside.
    fn entry(&self, out: &mut Out<'_>) {
        let (slow, behind, known) = (out.label(), out.label(), out.label());
        self.type_flags(out, 2, slow);
        self.lsl(out, 3, 3, to_sign(object::BINDS_SELF));
        out.jump(Jump::On(Cond::MI), known);
        // Whatever else can be called, where lists say that types have slots.
        self.load_helper(out, Reg(3), Helper::TypeList);
        self.one(out, Op::LDRH_I, &[3, 3, FLAGS]);
        self.must(out, 3, object::SEQUENCE, slow);
        self.one(out, Op::LDRB_I, &[3, 2, WORD + i64::from(object::SLOT_CALL)]);
        self.one(out, Op::CMP_I8, &[3, 0]);
        out.jump(Jump::On(Cond::EQ), slow);
        out.bind(known);
        self.slot(out, object::SLOT_CALL);
        self.copy_low(out, 0, 2);
        self.one(out, Op::BX, &[LR_N]);
        out.gap();
        out.bind(slow);
        self.copy_low(out, SCRATCH_N, LR_N);
        out.jump(Jump::Link, behind);
        self.lsl(out, 2, 2, 8);
        self.one(out, Op::ORR, &[1, 2]);
        self.copy_low(out, 2, 3);
        self.go_on(out, Helper::CallFunctionNKw);
        out.gap();
        out.bind(behind);
        self.copy_low(out, 0, LR_N);
        self.one(out, Op::BX, &[SCRATCH_N]);
    }

    /// What is in a slot of the type in `r2`, there; spoils `r3`.
    fn slot(&self, out: &mut Out<'_>, number: u32) {
        self.one(out, Op::LDRB_I, &[3, 2, WORD + i64::from(number)]);
        self.lsl(out, 3, 3, 2);
        self.one(out, Op::ADD, &[2, 2, 3]);
        self.load(out, 2, 2, SLOTS);
    }

    /// `r1`, `r2`: numbers of arguments, and where function, object or null, and arguments
    /// lie: the same for the function, whose first argument the object is.
    fn call_method(&self, out: &mut Out<'_>) {
        let call = out.routine(Routine::Call);
        self.load(out, 0, 2, 0);
        self.load(out, 3, 2, WORD);
        self.one(out, Op::ADD_I8, &[2, WORD]);
        self.one(out, Op::ADD_I8, &[1, 1]);
        self.one(out, Op::CMP_I8, &[3, 0]);
        out.jump(Jump::On(Cond::NE), call);
        self.one(out, Op::ADD_I8, &[2, WORD]);
        self.one(out, Op::SUB_I8, &[1, 1]);
        out.jump(Jump::Always, call);
    }

    /// `r0`: where an iterator lies, or null and its object.
    fn next(&self, out: &mut Out<'_>) {
        let (here, slow) = (out.label(), out.label());
        self.copy_low(out, 1, 0);
        self.load(out, 2, 0, 0);
        self.one(out, Op::CMP_I8, &[2, 0]);
        out.jump(Jump::On(Cond::NE), here);
        self.load(out, 0, 0, WORD);
        self.lsl(out, 3, 0, 30);
        out.jump(Jump::On(Cond::NE), slow);
        self.load(out, 2, 0, 0);
        out.bind(here);
        self.step_of(out, slow);
        self.one(out, Op::BX, &[2]);
        out.gap();
        out.bind(slow);
        self.copy_low(out, 0, 1);
        self.go_on(out, Helper::Iternext);
    }

    /// Goes on with what steps iterators of the type in `r2` there; spoils `r3`.
    fn step_of(&self, out: &mut Out<'_>, slow: Label) {
        self.one(out, Op::LDRH_I, &[3, 2, FLAGS]);
        self.lsl(out, 3, 3, to_sign(object::ITER_IS_CUSTOM));
        out.jump(Jump::On(Cond::MI), slow);
        self.must(out, 3, 31 - (object::ITER_IS_CUSTOM - object::ITER_IS_NEXT), slow);
        self.slot(out, object::SLOT_ITER);
    }

    /// `r0`: an iterator, or null and its object.
    fn stepper(&self, out: &mut Out<'_>) {
        let slow = out.label();
        self.load(out, 2, 0, 0);
        self.one(out, Op::CMP_I8, &[2, 0]);
        out.jump(Jump::On(Cond::EQ), slow);
        self.step_of(out, slow);
        self.copy_low(out, 0, 2);
        self.one(out, Op::BX, &[LR_N]);
        out.gap();
        out.bind(slow);
        self.load_helper(out, Reg(0), Helper::Iternext);
        self.one(out, Op::BX, &[LR_N]);
    }

    /// Writes a routine of these.
    pub fn emit_object_routine(&self, out: &mut Out<'_>, routine: Routine) {
        match routine {
            Routine::LoadAttr => self.load_attr(out),
            Routine::StoreAttr => self.store_attr(out),
            Routine::LoadMethod => self.load_method(out),
            Routine::CallMethod => self.call_method(out),
            Routine::Next => self.next(out),
            Routine::Entry => self.entry(out),
            Routine::Stepper => self.stepper(out),
            _ => self.call_function(out),
        }
    }
}
