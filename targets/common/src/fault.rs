//! The end of the road: what the firmware says before it stops for good.
#![allow(unsafe_code)]

use crate::{Machine, exit_code, start};

/// Prints `what` with the registers and where the program was, then stops with `code`.
pub fn stop(what: &str, registers: &[(&str, u32)], code: u8) -> ! {
    let Some(machine) = start::machine() else { loop {} };
    report(machine, what, registers);
    start::print_running(machine);
    machine.stop(code)
}

fn report(machine: &Machine, what: &str, registers: &[(&str, u32)]) {
    let console = machine.console;
    console.write(b"\r\nFATAL: ");
    console.write(what.as_bytes());
    for (i, (name, value)) in registers.iter().enumerate() {
        console.write(if i % 4 == 0 { b"\r\n  " } else { b"  " });
        console.write(name.as_bytes());
        console.put(b'=');
        console.hex(*value);
    }
    console.write(b"\r\n");
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    stop("panic", &[], exit_code::PANIC)
}
