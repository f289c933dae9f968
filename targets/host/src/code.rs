//! Memory for machine code: pages that are written, then executed, never both.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::ptr::NonNull;

use hognose_runtime::port::CodeMemory;

/// Pages that hold code; those not given back go with it.
#[derive(Default)]
pub struct HostCode {
    pages: RefCell<Vec<(NonNull<u8>, usize)>>,
}

impl CodeMemory for HostCode {
    fn map(&self, len: usize) -> Option<NonNull<u8>> {
        // SAFETY: new pages at an address that the system chooses.
        let p = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                len,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        let start = NonNull::new(p.cast()).filter(|_| p != libc::MAP_FAILED)?;
        self.pages.borrow_mut().push((start, len));
        Some(start)
    }

    fn seal(&self, start: NonNull<u8>, len: usize) -> bool {
        if !self.pages.borrow().contains(&(start, len)) {
            return false;
        }
        // SAFETY: pages of ours.
        unsafe {
            libc::mprotect(start.as_ptr().cast(), len, libc::PROT_READ | libc::PROT_EXEC) == 0
        }
    }

    fn unmap(&self, start: NonNull<u8>, len: usize) {
        let mut pages = self.pages.borrow_mut();
        if let Some(at) = pages.iter().position(|&page| page == (start, len)) {
            pages.swap_remove(at);
            // SAFETY: pages of ours, in which nothing runs any more.
            unsafe { libc::munmap(start.as_ptr().cast(), len) };
        }
    }
}

impl Drop for HostCode {
    fn drop(&mut self) {
        for (start, len) in self.pages.take() {
            // SAFETY: the world whose code this is has ended before its port.
            unsafe { libc::munmap(start.as_ptr().cast(), len) };
        }
    }
}
