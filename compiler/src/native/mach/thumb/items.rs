//! Routines for items of lists, bytearrays and bytes objects, which all have their length
//! and their items at the same place.

use mpy_format::Helper;

use super::routine::Out;
use super::{Cond, Jump, LR, Reg, SCRATCH, Thumb};
use crate::asm::thumb::Op;
use crate::clif::object;
use crate::native::mach::Label;

/// The object that asks the runtime's subscript helper to load.
const SENTINEL: i64 = 4;

/// Bytes of a word.
const WORD: i64 = 4;
const FLAGS: i64 = WORD;
const NAME: i64 = FLAGS + object::NAME_AT as i64;
const LENGTH: i64 = WORD * object::LENGTH as i64;
const ITEMS: i64 = WORD * object::TABLE as i64;

const SCRATCH_N: i64 = SCRATCH.0 as i64;

impl Thumb {
    /// `r0` and `r1`: object and index.
    pub fn load_item(&self, out: &mut Out<'_>, slow: Label) {
        let bytes = out.label();
        self.list_item(out, bytes, slow);
        if self.wide() {
            self.one(out, Op::LDR_RS, &[0, 2, 3, 2]);
        } else {
            self.one(out, Op::LSL_I, &[3, 3, 2]);
            self.one(out, Op::LDR_R, &[0, 2, 3]);
        }
        self.back(out, bytes);
        let found = out.label();
        self.sequence(out, slow);
        self.one(out, Op::CMP_I8, &[2, i64::from(object::BYTEARRAY)]);
        out.jump(Jump::On(Cond::EQ), found);
        self.one(out, Op::CMP_I8, &[2, i64::from(object::BYTES)]);
        out.jump(Jump::On(Cond::NE), slow);
        out.bind(found);
        self.index(out, slow);
        self.one(out, Op::LDRB_R, &[0, 2, 3]);
        self.one(out, Op::LSL_I, &[0, 0, 1]);
        self.one(out, Op::ADD_I8, &[0, 1]);
        self.back(out, slow);
        self.one(out, Op::MOV_I8, &[2, SENTINEL]);
        self.load_helper(out, Reg(3), Helper::ObjSubscr);
        self.one(out, Op::BX, &[3]);
    }

    /// `r0`, `r1`, `r2`: object, index, value, which waits in `r12`.
    pub fn store_item(&self, out: &mut Out<'_>, slow: Label) {
        let bytes = out.label();
        self.one(out, Op::MOV_H, &[SCRATCH_N, 2]);
        self.list_item(out, bytes, slow);
        if self.wide() {
            self.one(out, Op::STR_RS, &[SCRATCH_N, 2, 3, 2]);
        } else {
            self.one(out, Op::LSL_I, &[3, 3, 2]);
            self.one(out, Op::MOV_H, &[0, SCRATCH_N]);
            self.one(out, Op::STR_R, &[0, 2, 3]);
        }
        self.back(out, bytes);
        self.sequence(out, slow);
        self.one(out, Op::CMP_I8, &[2, i64::from(object::BYTEARRAY)]);
        out.jump(Jump::On(Cond::NE), slow);
        self.one(out, Op::MOV_H, &[2, SCRATCH_N]);
        self.one(out, Op::ASR_I, &[2, 2, 1]);
        out.jump(Jump::On(Cond::CC), slow);
        self.one(out, Op::CMP_I8, &[2, 255]);
        out.jump(Jump::On(Cond::HI), slow);
        self.index(out, slow);
        self.one(out, Op::MOV_H, &[0, SCRATCH_N]);
        self.one(out, Op::LSR_I, &[0, 0, 1]);
        self.one(out, Op::STRB_R, &[0, 2, 3]);
        self.back(out, slow);
        self.one(out, Op::MOV_H, &[2, SCRATCH_N]);
        self.load_helper(out, Reg(3), Helper::ObjSubscr);
        self.one(out, Op::BX, &[3]);
    }

    /// Returns; what stands at a label follows.
    fn back(&self, out: &mut Out<'_>, label: Label) {
        self.one(out, Op::BX, &[i64::from(LR.0)]);
        out.gap();
        out.bind(label);
    }

    /// Goes on where `r0` is a list with an item of the index in `r1`, as [`Self::index`];
    /// at `other` with another type than a list's in `r3`.
    fn list_item(&self, out: &mut Out<'_>, other: Label, slow: Label) {
        // No object but one on the heap has a type to look at.
        self.one(out, Op::LSL_I, &[3, 0, 30]);
        out.jump(Jump::On(Cond::NE), slow);
        self.load_helper(out, Reg(2), Helper::TypeList);
        self.one(out, Op::LDR_I, &[3, 0, 0]);
        self.one(out, Op::CMP, &[3, 2]);
        out.jump(Jump::On(Cond::NE), other);
        self.index(out, slow);
    }

    /// Goes on with the name of the type in `r3` in `r2`, where it is one that no program
    /// can have made.
    fn sequence(&self, out: &mut Out<'_>, slow: Label) {
        self.one(out, Op::LDRH_I, &[2, 3, FLAGS]);
        self.one(out, Op::LSL_I, &[2, 2, 31 - i64::from(object::SEQUENCE)]);
        out.jump(Jump::On(Cond::PL), slow);
        self.one(out, Op::LDRH_I, &[2, 3, NAME]);
    }

    /// Goes on where there is an item of the index in `r1`, with that as a number in `r3`
    /// and the address of the items in `r2`.
    fn index(&self, out: &mut Out<'_>, slow: Label) {
        self.one(out, Op::ASR_I, &[3, 1, 1]);
        out.jump(Jump::On(Cond::CC), slow);
        self.one(out, Op::LDR_I, &[2, 0, LENGTH]);
        self.one(out, Op::CMP, &[3, 2]);
        out.jump(Jump::On(Cond::CS), slow);
        self.one(out, Op::LDR_I, &[2, 0, ITEMS]);
    }
}
