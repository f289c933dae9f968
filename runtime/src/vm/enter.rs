//! The beginning of a frame.
#![allow(unsafe_code)]

use super::Vm;
use super::frame::*;
use super::function::{Function, RawCode};
use super::regs::Regs;
use crate::error::Res;
use crate::object::Gc;

/// A call whose first locals are in place.
pub(super) struct Call {
    /// Where they lie.
    pub args: *mut Slot,
    /// How many there are.
    pub n: usize,
    pub kind: usize,
    pub extra: Slot,
}

impl Vm {
    /// The registers at the beginning of `fun`, `regs` being those of the caller, who
    /// wants the result at `result`.
    ///
    /// # Safety
    /// The slots of `call` are at the top of the stack; `fun` is verified.
    #[inline(always)]
    pub(super) unsafe fn enter_frame(
        &self,
        regs: Regs,
        fun: Gc<Function>,
        call: Call,
        result: *mut Slot,
    ) -> Res<Regs> {
        let raw: &RawCode = fun.raw();
        let Call { mut args, n, mut kind, extra } = call;
        let old_top = self.top.get();
        let mut end = args.wrapping_add(raw.frame as usize);
        // SAFETY: by contract; the frame was checked to fit, or has a segment of its own.
        unsafe {
            if !self.segment.get().holds(args, end) {
                let (to, fresh) = self.reserve_frame(raw.frame as usize)?;
                core::ptr::copy(args, to, n);
                args = to;
                end = args.add(raw.frame as usize);
                if fresh {
                    kind |= K_SEGMENT;
                }
            }
            let h = args.add(raw.n_locals as usize);
            let mut p = args.add(n);
            while p < h {
                *p = core::ptr::null_mut();
                p = p.add(1);
            }
            *h.add(H_FUN) = fun.ptr().as_ptr().cast();
            *h.add(H_FP) = regs.fp.cast();
            *h.add(H_HDR) = regs.hdr.cast();
            *h.add(H_IP) = regs.ip.cast_mut().cast();
            *h.add(H_SP) = result.cast();
            *h.add(H_TOP) = old_top.cast();
            *h.add(H_BLOCKS) = core::ptr::null_mut();
            *h.add(H_KIND) = small(kind);
            *h.add(H_EXTRA) = extra;
            self.top.set(end);
            self.module.set(Some(fun.module));
            Ok(Regs { ip: raw.code, sp: h.add(raw.stack_at as usize), fp: args, hdr: h })
        }
    }

    /// The same, out of line.
    ///
    /// # Safety
    /// As there.
    #[inline(never)]
    pub(super) unsafe fn enter_frame_far(
        &self,
        regs: Regs,
        fun: Gc<Function>,
        call: Call,
        result: *mut Slot,
    ) -> Res<Regs> {
        // SAFETY: by contract.
        unsafe { self.enter_frame(regs, fun, call, result) }
    }
}
