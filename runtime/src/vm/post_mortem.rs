//! The traceback of a program whose machine has stopped, for fault handlers.
//!
//! The loop keeps its registers to itself, so nobody says which frame is the newest.
//! Frames are therefore recognised where they lie: on the value stack, oldest first,
//! by their headers. A header also has the instruction pointer of its caller; that of
//! the newest frame is looked for on the machine stack, where whatever the loop called
//! has saved it. Frames of generators lie elsewhere and are not shown. Nothing is
//! allocated, and only the heap, the image and the given stack are read.
#![allow(unsafe_code)]

use core::ptr::NonNull;

use super::Vm;
use super::frame::{H_BLOCKS, H_FUN, H_HDR, H_IP, H_KIND, H_TOP, HEADER_WORDS, Slot};
use super::function::{Function, RawCode};
use crate::error::Res;
use crate::object::{Gc, Object};
use crate::print::Print;

/// Segments that are looked at; each is twice as large as the one before.
const SEGMENTS: usize = 16;
/// Kinds and open blocks of a frame are numbers below this.
const MANY: usize = 64;

impl Vm {
    /// Prints where the program is. `stack` is the machine stack, from its pointer to
    /// its end; an empty one leaves the newest frame's line out.
    ///
    /// # Safety
    /// `stack` can be read.
    pub unsafe fn print_running(&self, p: &mut dyn Print, stack: &[usize]) -> Res<()> {
        p.str("Traceback (most recent call last):\n")?;
        let mut segments = [(core::ptr::null_mut::<Slot>(), 0); SEGMENTS];
        let mut count = 0;
        let (mut start, mut top) = (self.segment.get().start, self.top.get());
        while self.is_heap(start.addr()) && count < SEGMENTS {
            if let Some(place) = segments.get_mut(count) {
                *place = (start, top.addr().saturating_sub(start.addr()) / size_of::<Slot>());
            }
            count += 1;
            // SAFETY: words of a segment, written by `reserve_frame`.
            unsafe { (start, top) = (start.read().cast(), start.add(2).read().cast()) };
        }
        let mut newest: Option<(*mut Slot, Gc<Function>)> = None;
        for &(start, words) in segments.iter().take(count).rev() {
            for at in 0..words.saturating_sub(HEADER_WORDS) {
                // SAFETY: within the segment.
                let hdr = unsafe { start.add(at) };
                // SAFETY: as before; the words of a header follow.
                let Some(fun) = (unsafe { self.frame_at(hdr) }) else { continue };
                if let Some((caller, f)) = newest.replace((hdr, fun)) {
                    // SAFETY: as before.
                    let (up, ip) = unsafe { (hdr.add(H_HDR).read(), hdr.add(H_IP).read()) };
                    let called = core::ptr::eq(up.cast(), caller);
                    self.print_place(p, f, called.then_some(ip.cast_const().cast()))?;
                }
            }
        }
        let Some((_, fun)) = newest else { return Ok(()) };
        let code = fun.raw();
        let ip = stack.iter().find(|&&word| code.holds(word));
        self.print_place(p, fun, ip.map(|&word| core::ptr::without_provenance(word)))
    }

    fn is_heap(&self, addr: usize) -> bool {
        addr.is_multiple_of(size_of::<Slot>()) && self.heap.contains(addr)
    }

    /// The function of the frame with this header, if it is one.
    ///
    /// # Safety
    /// The words of a header can be read.
    unsafe fn frame_at(&self, hdr: *mut Slot) -> Option<Gc<Function>> {
        // SAFETY: by contract.
        let word = |i: usize| unsafe { hdr.add(i).read() };
        let fun = word(H_FUN).addr();
        let frozen = self.image.get().is_some_and(|image| image.contains(fun));
        let plain = word(H_KIND).addr() < MANY && word(H_BLOCKS).addr() < MANY;
        if !plain || !(self.is_heap(fun) || frozen) || !self.is_heap(word(H_TOP).addr()) {
            return None;
        }
        // SAFETY: memory of the heap or of the image, aligned.
        let ty = unsafe { word(H_FUN).cast::<*const crate::object::Type>().read() };
        // SAFETY: an object of that type.
        core::ptr::eq(ty, Function::TYPE)
            .then(|| unsafe { Gc::from_ptr(NonNull::new_unchecked(word(H_FUN).cast())) })
    }

    fn print_place(&self, p: &mut dyn Print, fun: Gc<Function>, ip: Option<*const u8>) -> Res<()> {
        let raw = fun.raw();
        // SAFETY: a verified file has at least the name of its source.
        let file = unsafe { *fun.module.qstrs.get() };
        p.str("  File \"")?;
        p.write(self.qstr_bytes(file))?;
        p.str("\"")?;
        if let Some(ip) = ip {
            p.str(", line ")?;
            crate::print::print_uint(p, self.line_at(raw, ip).into(), 10)?;
        }
        p.str(", in ")?;
        p.write(self.qstr_bytes(raw.name))?;
        p.str("\n")
    }
}

impl RawCode {
    /// Whether the word could point behind an instruction of this code.
    fn holds(&self, word: usize) -> bool {
        let before = self.code.addr() - self.data.addr();
        let end = self.code.addr() + (self.len as usize).saturating_sub(before);
        word > self.code.addr() && word <= end
    }
}
