//! Routines for items of lists, bytearrays and bytes objects, which all have their length
//! and their items at the same place.

use mpy_format::Helper;

use super::emit::Out;
use super::routine::{A2, A3, A4, A5, T0, n};
use super::{A0, A1, Cond, Jump, RiscV, Width};
use crate::asm::riscv::Op;
use crate::clif::object;
use crate::native::mach::Label;

/// The object that asks the runtime's subscript helper to load.
const SENTINEL: i64 = 4;

impl RiscV {
    /// `a0` and `a1`: object and index.
    pub fn load_item(&self, out: &mut Out<'_>, slow: Label) {
        let bytes = out.label();
        self.item(out, false, bytes, slow);
        self.place_of_word(out);
        self.access(out, true, Width::Word, A0, A3, 0);
        self.back(out, bytes);
        self.one(out, Op::C_ADD, &[n(A3), n(T0)]);
        self.access(out, true, Width::Byte, A0, A3, 0);
        self.one(out, Op::C_SLLI, &[n(A0), 1]);
        self.one(out, Op::C_ADDI, &[n(A0), 1]);
        self.back(out, slow);
        self.constant_in(out, A2, SENTINEL);
        self.go_on(out, Helper::ObjSubscr);
    }

    /// `a0`, `a1`, `a2`: object, index, value.
    pub fn store_item(&self, out: &mut Out<'_>, slow: Label) {
        let bytes = out.label();
        self.item(out, true, bytes, slow);
        self.place_of_word(out);
        self.access(out, false, Width::Word, A2, A3, 0);
        self.back(out, bytes);
        // Without its tag it is less than 256.
        self.one(out, Op::ANDI, &[n(A5), n(A2), 1]);
        out.jump(Jump::zero(A5), slow);
        self.one(out, Op::SRLI, &[n(A5), n(A2), 1]);
        self.one(out, Op::SLTIU, &[n(A4), n(A5), 256]);
        out.jump(Jump::zero(A4), slow);
        self.one(out, Op::C_ADD, &[n(A3), n(T0)]);
        self.access(out, false, Width::Byte, A5, A3, 0);
        self.back(out, slow);
        self.go_on(out, Helper::ObjSubscr);
    }

    /// Goes on where `a0` is a list with an item of the index in `a1`, with that as a
    /// number in `a3` and the address of the items in `t0`; at `bytes` in the same way
    /// where it holds bytes that can be read, or changed.
    fn item(&self, out: &mut Out<'_>, changes: bool, bytes: Label, slow: Label) {
        let known = out.label();
        // No object but one on the heap has a type to look at.
        self.one(out, Op::ANDI, &[n(A5), n(A0), 3]);
        out.jump(Jump::not_zero(A5), slow);
        self.access(out, true, Width::Word, A5, A0, 0);
        self.load_helper(out, A4, Helper::TypeList);
        out.jump(Jump::On(Cond::Eq, A4, A5), known);
        // One that no program can have made, of one of two names.
        self.access(out, true, Width::Half, A3, A5, self.at(1));
        self.one(out, Op::ANDI, &[n(A3), n(A3), 1 << object::SEQUENCE]);
        out.jump(Jump::zero(A3), slow);
        self.access(out, true, Width::Half, A3, A5, self.at(1) + object::NAME_AT as i32);
        self.one(out, Op::ADDI, &[n(A3), n(A3), -i64::from(object::BYTEARRAY)]);
        if changes {
            out.jump(Jump::not_zero(A3), slow);
        } else {
            out.jump(Jump::zero(A3), known);
            let apart = i64::from(object::BYTES) - i64::from(object::BYTEARRAY);
            self.one(out, Op::ADDI, &[n(A3), n(A3), -apart]);
            out.jump(Jump::not_zero(A3), slow);
        }
        out.bind(known);
        self.one(out, Op::ANDI, &[n(A3), n(A1), 1]);
        out.jump(Jump::zero(A3), slow);
        self.one(out, Op::SRAI, &[n(A3), n(A1), 1]);
        self.access(out, true, Width::Word, T0, A0, self.at(object::LENGTH));
        out.jump(Jump::On(Cond::Geu, A3, T0), slow);
        self.access(out, true, Width::Word, T0, A0, self.at(object::TABLE));
        out.jump(Jump::On(Cond::Ne, A4, A5), bytes);
    }

    /// The address of word `a3` from `t0` on, in `a3`.
    fn place_of_word(&self, out: &mut Out<'_>) {
        let (add, shift) = if self.wide() { (Op::SH3ADD, 3) } else { (Op::SH2ADD, 2) };
        if self.zba() {
            return self.one(out, add, &[n(A3), n(A3), n(T0)]);
        }
        self.one(out, Op::C_SLLI, &[n(A3), shift]);
        self.one(out, Op::C_ADD, &[n(A3), n(T0)]);
    }
}
