//! Firmware of one's own with Python in it: an UART, the frozen program, the end.
#![no_std]
#![no_main]

use core::panic::PanicInfo;
use hognose_runtime::port::Port;
use hognose_runtime::print::Print;
use hognose_runtime::{Options, Res, Vm};

include!(concat!(env!("OUT_DIR"), "/frozen.rs"));

/// The first UART of the board, an Arm CMSDK one.
struct Uart;

impl Uart {
    const DATA: *mut u32 = 0x4000_4000 as *mut u32;
    const STATE: *mut u32 = 0x4000_4004 as *mut u32;
    const CONTROL: *mut u32 = 0x4000_4008 as *mut u32;

    fn put(&self, byte: u8) {
        // SAFETY: registers of the UART, which nobody else uses.
        unsafe {
            Self::CONTROL.write_volatile(1);
            while Self::STATE.read_volatile() & 1 != 0 {}
            Self::DATA.write_volatile(byte.into());
        }
    }
}

impl Port for Uart {
    fn stdout(&self, text: &[u8]) {
        text.iter().for_each(|byte| self.put(*byte));
    }
}

struct Console<'v>(&'v Vm);

impl Print for Console<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.0.port().stdout(text);
        Ok(())
    }
}

/// Runs the program that was frozen; whether it ended well.
fn python(vm: &Vm) -> bool {
    let Some(image) = frozen::image() else {
        vm.port().stdout(b"the image is for another runtime\n");
        return false;
    };
    match vm.mount_image(image).and_then(|()| vm.run_image_main()) {
        Ok(()) => true,
        Err(raised) => {
            let error = vm.take_exception(raised);
            let _ = vm.print_traceback(&mut Console(vm), error);
            false
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    // SAFETY: the program begins once.
    let heap = unsafe { frozen::heap() };
    let options = Options { stack: 64 * 1024, frames: heap.len() / 4, ..Options::default() };
    let code = if Vm::with(&Uart, heap, options, python) { 0 } else { 1 };
    exit(code)
}

/// Ends the emulation with an exit code (semihosting's SYS_EXIT_EXTENDED).
fn exit(code: u32) -> ! {
    let block: [u32; 2] = [0x2_0026, code];
    loop {
        // SAFETY: the emulator reads the two words.
        unsafe {
            core::arch::asm!("bkpt 0xab", inout("r0") 0x20 => _, in("r1") block.as_ptr());
        }
    }
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    exit(134)
}
