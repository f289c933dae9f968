//! The terminal that a program is typed at.
//!
//! # Contracts of the unsafe code
//! 1. Descriptor 0 is standard input as long as the process lives.
//! 2. A `termios` is read only after the system has filled it.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

const INPUT: libc::c_int = 0;

/// As long as this is kept, every key reaches the program as it is typed and shows
/// nothing by itself. Output is not touched: a line feed still begins a new line.
pub struct KeyByKey(libc::termios);

impl KeyByKey {
    /// `None` if standard input is no terminal.
    pub fn new() -> Option<KeyByKey> {
        let mut found = MaybeUninit::uninit();
        // SAFETY: contract 1.
        if unsafe { libc::tcgetattr(INPUT, found.as_mut_ptr()) } != 0 {
            return None;
        }
        // SAFETY: contract 2.
        let before = unsafe { found.assume_init() };
        let mut now = before;
        now.c_iflag &= !(libc::BRKINT | libc::ICRNL | libc::INPCK | libc::ISTRIP | libc::IXON);
        now.c_cflag = now.c_cflag & !(libc::CSIZE | libc::PARENB) | libc::CS8;
        now.c_lflag = 0;
        now.c_cc[libc::VMIN] = 1;
        now.c_cc[libc::VTIME] = 0;
        set(&now);
        Some(KeyByKey(before))
    }
}

impl Drop for KeyByKey {
    fn drop(&mut self) {
        set(&self.0);
    }
}

fn set(how: &libc::termios) {
    // SAFETY: contract 1. Where it fails there is no terminal any more.
    unsafe { libc::tcsetattr(INPUT, libc::TCSANOW, how) };
}

/// Reads what has been typed and no more: what is held back in a buffer would be seen as
/// it was typed under other settings.
pub fn read(to: &mut [u8]) -> std::io::Result<usize> {
    // SAFETY: contract 1; `to` may be written.
    let n = unsafe { libc::read(INPUT, to.as_mut_ptr().cast(), to.len()) };
    usize::try_from(n).map_err(|_| std::io::Error::last_os_error())
}
