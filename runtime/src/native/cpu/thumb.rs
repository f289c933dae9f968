//! Thumb: every Cortex-M, in instructions that the smallest has.
//!
//! Buffer: previous, exception, lr, r4 to r11, sp. Where there is a floating-point
//! unit, `enter` saves its registers, so that buffers need not hold them.

use core::arch::naked_asm;
use core::cell::Cell;

use super::super::{State, Wide, Word};
use mpy_format::Arch;

pub(crate) const ARCH: Arch = if cfg!(feature = "double-fpu") {
    Arch::ArmV7EMDP
} else if cfg!(target_abi = "eabihf") {
    Arch::ArmV7EMSP
} else if cfg!(target_has_atomic = "32") {
    Arch::ArmV7M
} else {
    Arch::ArmV6M
};

pub(in crate::native) struct Global(State);

// SAFETY: one core and, as far as machine code goes, one thread.
unsafe impl Sync for Global {}

pub(in crate::native) static STATE: Global =
    Global(State { top: Cell::new(core::ptr::null_mut()), vm: Cell::new(core::ptr::null()) });

pub(in crate::native) fn state() -> *const State {
    &raw const STATE.0
}

/// Saves and restores the floating-point registers that a callee keeps. Assembly outside
/// functions does not take the FPU over from the target: it is named.
macro_rules! floats {
    (save) => {
        if_floats!("vpush {{d8-d15}}")
    };
    (restore) => {
        if_floats!("vpop {{d8-d15}}")
    };
}

#[cfg(target_abi = "eabihf")]
macro_rules! if_floats {
    ($text:literal) => {
        concat!(".fpu fpv4-sp-d16\n ", $text)
    };
}
#[cfg(not(target_abi = "eabihf"))]
macro_rules! if_floats {
    ($text:literal) => {
        ""
    };
}

/// Bytes of the saved floating-point registers.
const FLOAT_BYTES: usize = if cfg!(target_abi = "eabihf") { 64 } else { 0 };

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn enter(
    _a: Word,
    _b: Word,
    _c: Word,
    _d: Word,
    _code: *const u8,
) -> Wide {
    naked_asm!(
        "push {{r4, lr}}",
        floats!(save),
        // Twelve words of buffer; two more keep the stack aligned.
        "sub sp, #56",
        "mov r4, sp",
        "str r5, [r4, #16]",
        "str r6, [r4, #20]",
        "str r7, [r4, #24]",
        "mov r5, r8",
        "str r5, [r4, #28]",
        "mov r5, r9",
        "str r5, [r4, #32]",
        "mov r5, r10",
        "str r5, [r4, #36]",
        "mov r5, r11",
        "str r5, [r4, #40]",
        "str r4, [r4, #44]",
        "str r4, [r4, #12]",
        "adr r5, 2f",
        "adds r5, #1",
        "str r5, [r4, #8]",
        "ldr r5, 4f",
        "ldr r6, [r5]",
        "str r6, [r4]",
        "str r4, [r5]",
        "ldr r7, [sp, #{code}]",
        "blx r7",
        "ldr r5, 4f",
        "ldr r6, [sp]",
        "str r6, [r5]",
        "movs r1, #0",
        "b 3f",
        ".p2align 2",
        // A raise comes here, with the registers that were saved.
        "2:",
        "ldr r0, [r4, #4]",
        "movs r1, #1",
        "3:",
        "mov r4, sp",
        "ldr r5, [r4, #16]",
        "ldr r6, [r4, #20]",
        "ldr r7, [r4, #24]",
        "add sp, #56",
        floats!(restore),
        "pop {{r4, pc}}",
        ".p2align 2",
        "4:",
        ".word {state}",
        state = sym STATE,
        code = const 64 + FLOAT_BYTES,
    )
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn nlr_push(_buffer: Word) -> u32 {
    naked_asm!(
        "str r4, [r0, #12]",
        "str r5, [r0, #16]",
        "str r6, [r0, #20]",
        "str r7, [r0, #24]",
        "mov r1, r8",
        "str r1, [r0, #28]",
        "mov r1, r9",
        "str r1, [r0, #32]",
        "mov r1, r10",
        "str r1, [r0, #36]",
        "mov r1, r11",
        "str r1, [r0, #40]",
        "mov r1, sp",
        "str r1, [r0, #44]",
        "mov r1, lr",
        "str r1, [r0, #8]",
        "ldr r2, 2f",
        "ldr r3, [r2]",
        "str r3, [r0]",
        "str r0, [r2]",
        "movs r0, #0",
        "bx lr",
        ".p2align 2",
        "2:",
        ".word {state}",
        state = sym STATE,
    )
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn nlr_pop() {
    naked_asm!(
        "ldr r2, 2f",
        "ldr r3, [r2]",
        "ldr r3, [r3]",
        "str r3, [r2]",
        "bx lr",
        ".p2align 2",
        "2:",
        ".word {state}",
        state = sym STATE,
    )
}

/// Leaves for the top buffer with the exception in `r0`.
#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn raise() {
    naked_asm!(
        "ldr r2, 2f",
        "ldr r1, [r2]",
        "str r0, [r1, #4]",
        "ldr r3, [r1]",
        "str r3, [r2]",
        "ldr r3, [r1, #28]",
        "mov r8, r3",
        "ldr r3, [r1, #32]",
        "mov r9, r3",
        "ldr r3, [r1, #36]",
        "mov r10, r3",
        "ldr r3, [r1, #40]",
        "mov r11, r3",
        "ldr r3, [r1, #44]",
        "mov sp, r3",
        "ldr r4, [r1, #12]",
        "ldr r5, [r1, #16]",
        "ldr r6, [r1, #20]",
        "ldr r7, [r1, #24]",
        "ldr r3, [r1, #8]",
        "movs r0, #1",
        "bx r3",
        ".p2align 2",
        "2:",
        ".word {state}",
        state = sym STATE,
    )
}

/// Calls the Rust function with the `Vm` as fourth word, and raises on a status.
macro_rules! thunk {
    ($name:ident, $helper:path) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "push {{r4, lr}}",
                "ldr r4, 1f",
                "bl {help}",
                ".p2align 2",
                "1:",
                ".word {helper}",
                help = sym $crate::native::cpu::help,
                helper = sym $helper,
            )
        }
    };
}

/// What thunks have in common: calls the helper in r4 with the `Vm` as fourth word. The
/// registers that the thunk has saved are loaded here.
#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn help() {
    naked_asm!(
        "ldr r3, 2f",
        "ldr r3, [r3, #4]",
        "blx r4",
        "cmp r1, #0",
        "bne 1f",
        "pop {{r4, pc}}",
        "1:",
        "bl {raise}",
        ".p2align 2",
        "2:",
        ".word {state}",
        raise = sym raise,
        state = sym STATE,
    )
}

/// The fifth and sixth word lie on the stack and are passed on.
macro_rules! thunk_args {
    ($name:ident, $helper:path) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "push {{r4, lr}}",
                "sub sp, #8",
                "ldr r4, [sp, #16]",
                "str r4, [sp]",
                "ldr r4, [sp, #20]",
                "str r4, [sp, #4]",
                "bl {helper}",
                "add sp, #8",
                "cmp r1, #0",
                "bne 1f",
                "pop {{r4, pc}}",
                "1:",
                "bl {raise}",
                helper = sym $helper,
                raise = sym $crate::native::cpu::raise,
            )
        }
    };
}

#[cfg(target_abi = "eabihf")]
macro_rules! take_float {
    (f32) => {
        ".fpu fpv4-sp-d16\n vldr s0, [sp]"
    };
    (f64) => {
        ".fpu fpv4-sp-d16\n vldr d0, [sp]"
    };
}
#[cfg(not(target_abi = "eabihf"))]
macro_rules! take_float {
    ($type:ident) => {
        "ldr r2, [sp]\n ldr r3, [sp, #4]"
    };
}

#[cfg(target_abi = "eabihf")]
macro_rules! give_float {
    () => {
        ""
    };
}
#[cfg(not(target_abi = "eabihf"))]
macro_rules! give_float {
    () => {
        "mov r0, r2\n mov r1, r3"
    };
}

macro_rules! thunk_float {
    ($name:ident, $helper:path, $type:ident) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "push {{r4, lr}}",
                "sub sp, #8",
                "mov r1, sp",
                "ldr r3, 2f",
                "ldr r3, [r3, #4]",
                "bl {helper}",
                $crate::native::cpu::take_float!($type),
                "add sp, #8",
                "cmp r1, #0",
                "bne 1f",
                $crate::native::cpu::give_float!(),
                "pop {{r4, pc}}",
                "1:",
                "bl {raise}",
                ".p2align 2",
                "2:",
                ".word {state}",
                helper = sym $helper,
                raise = sym $crate::native::cpu::raise,
                state = sym $crate::native::cpu::STATE,
            )
        }
    };
}

pub(in crate::native) use {give_float, take_float, thunk, thunk_args, thunk_float};

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn printf() {
    naked_asm!(
        // The registers join the arguments on the stack.
        "push {{r0, r1, r2, r3}}",
        "push {{r4, lr}}",
        "add r2, sp, #16",
        "ldr r3, 2f",
        "ldr r3, [r3, #4]",
        "bl {helper}",
        "cmp r1, #0",
        "bne 1f",
        "pop {{r4}}",
        "pop {{r3}}",
        "add sp, #16",
        "bx r3",
        "1:",
        "bl {raise}",
        ".p2align 2",
        "2:",
        ".word {state}",
        helper = sym super::super::library::vprintf,
        raise = sym raise,
        state = sym STATE,
    )
}

/// The address to call for code at `code`: an odd one.
pub(in crate::native) fn callable(code: *const u8) -> *const u8 {
    code.map_addr(|a| a | 1)
}

/// Makes code that was written visible to the CPU.
pub(in crate::native) fn synchronise() {
    // SAFETY: barriers.
    unsafe { core::arch::asm!("dsb", "isb", options(nostack, preserves_flags)) }
}
