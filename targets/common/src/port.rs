//! The runtime's port on a board: one serial console and a clock.

use crate::Machine;
use core::cell::Cell;
use hognose_runtime::level;
use hognose_runtime::port::{PathKind, Port};
use mpy_format::romfs::{Node, RomFs};

/// Ctrl-C on the console.
const INTERRUPT: u8 = 3;

/// How many bytes the console keeps while the program runs.
const QUEUE: usize = 16;

/// The services of `machine` as the runtime wants them.
pub struct BoardPort {
    machine: &'static Machine,
    /// Bytes that arrived while looking for Ctrl-C.
    queue: [Cell<u8>; QUEUE],
    first: Cell<u8>,
    held: Cell<u8>,
    /// The file system beside the frozen modules.
    files: Option<RomFs<'static>>,
}

/// Where the file system is seen.
pub const FILES: &[u8] = b"/rom";

impl BoardPort {
    /// `files` is a ROMFS image, or empty.
    pub fn new(machine: &'static Machine, files: &'static [u8]) -> BoardPort {
        BoardPort {
            machine,
            queue: [const { Cell::new(0) }; QUEUE],
            first: Cell::new(0),
            held: Cell::new(0),
            files: RomFs::new(files),
        }
    }

    /// What a path below `/rom` names.
    fn find(&self, path: &[u8]) -> Option<Node<'static>> {
        if !level::FILES {
            return None;
        }
        let inside = path.strip_prefix(FILES)?;
        let whole = inside.is_empty() || inside.starts_with(b"/");
        self.files.filter(|_| whole)?.find(inside)
    }

    fn slot(&self, n: u8) -> Option<&Cell<u8>> {
        self.queue.get((self.first.get() + n) as usize % QUEUE)
    }

    fn next_byte(&self) -> Option<u8> {
        if self.held.get() == 0 {
            return self.machine.console.get();
        }
        let byte = self.slot(0)?.get();
        self.first.set((self.first.get() + 1) % QUEUE as u8);
        self.held.set(self.held.get() - 1);
        Some(byte)
    }
}

impl Port for BoardPort {
    /// Lines end in CR LF, as terminals want it.
    fn stdout(&self, text: &[u8]) {
        for &byte in text {
            if byte == b'\n' {
                self.machine.console.put(b'\r');
            }
            self.machine.console.put(byte);
        }
    }

    fn stdin(&self, to: &mut [u8]) -> usize {
        let Some(first) = to.first_mut() else { return 0 };
        loop {
            if let Some(byte) = self.next_byte() {
                *first = byte;
                return 1;
            }
            (self.machine.idle)();
        }
    }

    fn stat(&self, path: &[u8]) -> PathKind {
        match self.find(path) {
            Some(Node::File(_)) => PathKind::File,
            Some(Node::Directory(_)) => PathKind::Directory,
            None => PathKind::Nothing,
        }
    }

    /// Files are in flash already.
    fn map_file(&self, path: &[u8]) -> Result<&'static [u8], i32> {
        const ENOENT: i32 = 2;
        match self.find(path) {
            Some(Node::File(data)) => Ok(data),
            _ => Err(ENOENT),
        }
    }

    fn ticks_us(&self) -> u64 {
        if level::CLOCK { (self.machine.micros)() } else { 0 }
    }

    fn sleep_us(&self, us: u64) {
        if !level::CLOCK {
            return;
        }
        let start = self.ticks_us();
        while self.ticks_us() - start < us {
            // The tick wakes the CPU every millisecond.
            if us > 2000 && start + us - self.ticks_us() > 2000 {
                (self.machine.idle)();
            }
        }
    }

    fn interrupted(&self) -> bool {
        while (self.held.get() as usize) < QUEUE {
            let Some(byte) = self.machine.console.get() else { return false };
            if byte == INTERRUPT {
                return true;
            }
            if let Some(slot) = self.slot(self.held.get()) {
                slot.set(byte);
            }
            self.held.set(self.held.get() + 1);
        }
        false
    }

    fn memory(&self, address: usize, bits: u32, write: Option<u32>) -> Option<u32> {
        Some(crate::reg::access(address, bits, write))
    }

    fn idle(&self) {
        (self.machine.idle)();
    }

    fn reset(&self) {
        self.machine.console.flush();
        (self.machine.reset)();
    }

    fn entropy(&self) -> u64 {
        self.ticks_us()
    }
}
