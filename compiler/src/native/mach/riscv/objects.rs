//! Routines that look into objects: attributes, methods, calls, iterators.
//!
//! What they know of objects is in [`crate::clif::object`]; what they do not find there,
//! the runtime's helper is asked for.

use mpy_format::Helper;

use super::emit::Out;
use super::routine::{A2, A3, A4, A5, T0, n};
use super::{A0, A1, Alu, Cond, Jump, RA, Reg, RiscV, Width, ZERO};
use crate::asm::riscv::Op;
use crate::clif::{Routine, object};
use crate::native::mach::Label;

impl RiscV {
    /// Loads a word at a distance in words.
    fn load_word(&self, out: &mut Out<'_>, to: Reg, base: Reg, words: u32) {
        self.access(out, true, Width::Word, to, base, self.at(words));
    }

    /// The value of the entry that ends at `a3`.
    fn value(&self, out: &mut Out<'_>, load: bool, reg: Reg) {
        self.access(out, load, Width::Word, reg, A3, -self.at(1));
    }

    /// Shifts by what makes bytes of a number of words, or of entries of two.
    fn to_bytes(&self, out: &mut Out<'_>, reg: Reg, words: u32) {
        let shift = (self.word() * words).trailing_zeros();
        self.put_alu_with(out, Alu::Sll, reg, reg, shift as i32);
    }

    /// Goes on with the flags of an object's type in `a5`; the rest is not on the heap.
    fn type_flags(&self, out: &mut Out<'_>, object: Reg, slow: Label) {
        self.one(out, Op::ANDI, &[n(A5), n(object), 3]);
        out.jump(Jump::not_zero(A5), slow);
        self.load_word(out, A5, object, 0);
        self.access(out, true, Width::Half, A5, A5, self.at(1));
    }

    /// Goes on where the flags in `a5` have one, or do not; spoils `a4`.
    fn flag(&self, out: &mut Out<'_>, bit: u32, set: bool, slow: Label) {
        self.one(out, Op::ANDI, &[n(A4), n(A5), 1 << bit]);
        out.jump(if set { Jump::zero(A4) } else { Jump::not_zero(A4) }, slow);
    }

    /// The object of the name whose number is in `a1`, in `a4`.
    fn name_object(&self, out: &mut Out<'_>) {
        self.one(out, Op::SLLI, &[n(A4), n(A1), i64::from(object::NAME_SHIFT)]);
        self.one(out, Op::C_ADDI, &[n(A4), i64::from(object::NAME_TAG)]);
    }

    /// Goes on with the end of the entry in `a3` that has the object in `a4` as its key, in
    /// the table of an instance or dictionary. Spoils `a5` and `spare`.
    fn find(&self, out: &mut Out<'_>, table: Reg, spare: Reg, missing: Label) {
        let again = out.label();
        // The table may be in `a5`.
        self.load_word(out, A3, table, object::TABLE);
        self.load_word(out, A5, table, object::LENGTH);
        self.to_bytes(out, A5, 2);
        self.one(out, Op::C_ADD, &[n(A5), n(A3)]);
        out.bind(again);
        out.jump(Jump::On(Cond::Eq, A3, A5), missing);
        self.load_word(out, spare, A3, 0);
        self.put_alu_with(out, Alu::Add, A3, A3, self.at(2));
        out.jump(Jump::On(Cond::Ne, spare, A4), again);
    }

    /// `a0` and `a1`: object and name.
    fn load_attr(&self, out: &mut Out<'_>) {
        let slow = out.label();
        self.type_flags(out, A0, slow);
        self.flag(out, object::INSTANCE_TYPE, true, slow);
        self.name_object(out);
        self.find(out, A0, A2, slow);
        self.value(out, true, A0);
        self.back(out, slow);
        self.go_on(out, Helper::LoadAttr);
    }

    /// `a0`, `a1`, `a2`: object, name, value. What is there already is replaced.
    fn store_attr(&self, out: &mut Out<'_>) {
        let slow = out.label();
        self.type_flags(out, A0, slow);
        self.flag(out, object::SPECIAL_ACCESSORS, false, slow);
        self.flag(out, object::INSTANCE_TYPE, true, slow);
        self.name_object(out);
        self.find(out, A0, T0, slow);
        self.value(out, false, A2);
        self.back(out, slow);
        self.go_on(out, Helper::StoreAttr);
    }

    /// `a0`, `a1`, `a2`: object, name, where to put function and object. A function of the
    /// object's own class that the object does not hide is found here.
    fn load_method(&self, out: &mut Out<'_>) {
        let (slow, own) = (out.label(), out.label());
        self.type_flags(out, A0, slow);
        self.flag(out, object::INSTANCE_TYPE, true, slow);
        self.flag(out, object::HAS_NOT_EQUAL, true, slow);
        self.name_object(out);
        self.find(out, A0, T0, own);
        out.jump(Jump::Always, slow);
        out.gap();
        // Its class, and what that holds.
        out.bind(own);
        self.load_word(out, A5, A0, 0);
        self.slot(out, object::SLOT_LOCALS);
        self.find(out, A5, T0, slow);
        self.value(out, true, A3);
        self.type_flags(out, A3, slow);
        self.flag(out, object::BUILTIN_FUN, false, slow);
        self.flag(out, object::BINDS_SELF, true, slow);
        self.access(out, false, Width::Word, A3, A2, 0);
        self.access(out, false, Width::Word, A0, A2, self.at(1));
        self.back(out, slow);
        self.go_on(out, Helper::LoadMethod);
    }

    /// What is in a slot of the type in `a5`, there; spoils `a3`.
    fn slot(&self, out: &mut Out<'_>, number: u32) {
        self.access(out, true, Width::Byte, A3, A5, self.at(1) + number as i32);
        self.to_bytes(out, A3, 1);
        self.one(out, Op::C_ADD, &[n(A5), n(A3)]);
        self.access(out, true, Width::Word, A5, A5, object::SLOTS_AT as i32);
    }

    /// `a0`, `a1`, `a2`: function, numbers of arguments, arguments. A function is entered
    /// as its type says.
    fn call_function(&self, out: &mut Out<'_>) {
        let slow = out.label();
        self.type_flags(out, A0, slow);
        self.flag(out, object::BINDS_SELF, true, slow);
        self.load_word(out, A5, A0, 0);
        self.slot(out, object::SLOT_CALL);
        self.copy(out, A3, A2);
        self.one(out, Op::SRLI, &[n(A2), n(A1), 8]);
        self.one(out, Op::ANDI, &[n(A1), n(A1), 255]);
        self.one(out, Op::C_JR, &[n(A5)]);
        out.gap();
        out.bind(slow);
        self.go_on(out, Helper::CallFunctionNKw);
    }

    /// `a1`, `a2`: numbers of arguments, and where function, object or null, and arguments
    /// lie: the same for the function, whose first argument the object is.
    fn call_method(&self, out: &mut Out<'_>) {
        let call = out.routine(Routine::Call);
        self.load_word(out, A0, A2, 0);
        self.load_word(out, A5, A2, 1);
        self.one(out, Op::C_ADDI, &[n(A2), i64::from(self.word())]);
        self.one(out, Op::C_ADDI, &[n(A1), 1]);
        out.jump(Jump::On(Cond::Ne, A5, ZERO), call);
        self.one(out, Op::C_ADDI, &[n(A2), i64::from(self.word())]);
        self.one(out, Op::C_ADDI, &[n(A1), -1]);
        out.jump(Jump::Always, call);
    }

    /// `a0`: where an iterator lies, or null and its object.
    fn next(&self, out: &mut Out<'_>) {
        let (here, slow) = (out.label(), out.label());
        self.copy(out, A1, A0);
        self.load_word(out, A5, A0, 0);
        out.jump(Jump::not_zero(A5), here);
        self.load_word(out, A0, A0, 1);
        self.one(out, Op::ANDI, &[n(A5), n(A0), 3]);
        out.jump(Jump::not_zero(A5), slow);
        self.load_word(out, A5, A0, 0);
        out.bind(here);
        self.step_of(out, slow);
        self.one(out, Op::C_JR, &[n(A5)]);
        out.gap();
        out.bind(slow);
        self.copy(out, A0, A1);
        self.go_on(out, Helper::Iternext);
    }

    /// Goes on with what steps iterators of the type in `a5` there; spoils `a3` and `a4`.
    fn step_of(&self, out: &mut Out<'_>, slow: Label) {
        self.access(out, true, Width::Half, A4, A5, self.at(1));
        let kinds = 1 << object::ITER_IS_NEXT | 1 << object::ITER_IS_CUSTOM;
        self.one(out, Op::ANDI, &[n(A4), n(A4), kinds]);
        self.one(out, Op::ADDI, &[n(A4), n(A4), -(1 << object::ITER_IS_NEXT)]);
        out.jump(Jump::not_zero(A4), slow);
        self.slot(out, object::SLOT_ITER);
    }

    /// `a0`: an iterator, or null and its object.
    fn stepper(&self, out: &mut Out<'_>) {
        let slow = out.label();
        self.load_word(out, A5, A0, 0);
        out.jump(Jump::On(Cond::Eq, A5, ZERO), slow);
        self.step_of(out, slow);
        self.copy(out, A0, A5);
        self.back(out, slow);
        self.load_helper(out, A0, Helper::Iternext);
        self.one(out, Op::C_JR, &[n(RA)]);
    }

    /// `a0`: a function. What gives it to the runtime lies inside.
    fn entry(&self, out: &mut Out<'_>) {
        let (slow, behind, known) = (out.label(), out.label(), out.label());
        self.type_flags(out, A0, slow);
        self.one(out, Op::ANDI, &[n(A4), n(A5), 1 << object::BINDS_SELF]);
        self.load_word(out, A5, A0, 0);
        out.jump(Jump::not_zero(A4), known);
        // Whatever else can be called, where lists say that types have slots.
        self.load_helper(out, A4, Helper::TypeList);
        self.access(out, true, Width::Half, A4, A4, self.at(1));
        self.one(out, Op::ANDI, &[n(A4), n(A4), 1 << object::SEQUENCE]);
        out.jump(Jump::zero(A4), slow);
        self.access(out, true, Width::Byte, A4, A5, self.at(1) + object::SLOT_CALL as i32);
        out.jump(Jump::zero(A4), slow);
        out.bind(known);
        self.slot(out, object::SLOT_CALL);
        self.copy(out, A0, A5);
        self.back(out, slow);
        self.copy(out, A5, RA);
        out.jump(Jump::Link, behind);
        self.one(out, Op::SLLI, &[n(A2), n(A2), 8]);
        self.one(out, Op::C_OR, &[n(A1), n(A2)]);
        self.copy(out, A2, A3);
        self.go_on(out, Helper::CallFunctionNKw);
        out.gap();
        out.bind(behind);
        self.copy(out, A0, RA);
        self.one(out, Op::C_JR, &[n(A5)]);
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
