//! The registers of the machine, and what the dispatch loop reads and writes by them:
//! operands behind `ip`, blocks in the header of the frame.

use super::Vm;
use super::frame::*;
use crate::error::Raised;
use crate::ops::BinaryOp;
use crate::qstr::Qstr;
use crate::value::Value;

/// How `run` ended.
pub(crate) enum Outcome {
    Returned(Value),
    /// The entry frame is a generator's and it yielded.
    Yielded(Value),
}

/// The registers of the machine.
#[derive(Clone, Copy)]
pub(crate) struct Regs {
    pub(crate) ip: *const u8,
    pub(crate) sp: *mut Slot,
    pub(crate) fp: *mut Slot,
    pub(crate) hdr: *mut Slot,
}

/// What leaving a frame of a special kind asks the loop to do.
pub(crate) enum Left {
    Go(Regs),
    Exit(Outcome),
    Raise(Regs, Raised),
}

/// Reads a varint operand.
#[inline(always)]
pub(super) unsafe fn uint(ip: &mut *const u8) -> usize {
    // SAFETY: verified code.
    unsafe {
        let b = **ip;
        *ip = ip.add(1);
        if b < 0x80 { b as usize } else { uint_rest(ip, (b & 0x7f) as usize) }
    }
}

#[inline(never)]
unsafe fn uint_rest(ip: &mut *const u8, mut n: usize) -> usize {
    // SAFETY: verified code.
    unsafe {
        loop {
            let b = **ip;
            *ip = ip.add(1);
            n = n << 7 | (b & 0x7f) as usize;
            if b < 0x80 {
                return n;
            }
        }
    }
}

#[inline(always)]
pub(super) unsafe fn qstr(vm: &Vm, ip: &mut *const u8) -> Qstr {
    // SAFETY: verified code; the table belongs to the running module.
    unsafe {
        let i = uint(ip);
        *vm.current().get().qstrs.get().add(i)
    }
}

/// Reads a jump offset, `bias` 0x40 for signed ones, and gives the target.
#[inline(always)]
pub(super) unsafe fn target(ip: &mut *const u8, signed: bool) -> *const u8 {
    // SAFETY: verified code.
    unsafe {
        let b = **ip as isize;
        *ip = ip.add(1);
        if b < 0x80 {
            ip.offset(b - if signed { 0x40 } else { 0 })
        } else {
            let high = **ip as isize;
            *ip = ip.add(1);
            ip.offset((b & 0x7f | high << 7) - if signed { 0x4000 } else { 0 })
        }
    }
}

/// Opens a block in the frame.
///
/// # Safety
/// Verified code: the frame has room for it.
#[inline(always)]
pub(super) unsafe fn push_block(hdr: *mut Slot, handler: *const u8, sp: *mut Slot, always: bool) {
    // SAFETY: by contract.
    unsafe {
        let n = header(hdr, H_BLOCKS).addr();
        let b = hdr.add(HEADER_WORDS + BLOCK_WORDS * n);
        *b = handler.cast_mut().cast();
        *b.add(1) = sp.map_addr(|a| a | always as usize).cast();
        *b.add(2) = core::ptr::null_mut();
        *hdr.add(H_BLOCKS) = small(n + 1);
    }
}

/// Closes the innermost block.
///
/// # Safety
/// There is one.
#[inline(always)]
pub(crate) unsafe fn pop_block(hdr: *mut Slot) {
    // SAFETY: by contract.
    unsafe { *hdr.add(H_BLOCKS) = small(header(hdr, H_BLOCKS).addr().saturating_sub(1)) }
}

/// The operator of a `BINARY_OP_MULTI` byte.
#[inline(always)]
pub(super) fn binary_op(opcode: u8) -> BinaryOp {
    BinaryOp::from_index(opcode.wrapping_sub(0xd7)).unwrap_or(BinaryOp::Is)
}
