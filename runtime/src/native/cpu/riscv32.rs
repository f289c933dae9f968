//! RISC-V of 32 bits, with the calling convention `ilp32`.
//!
//! Buffer: previous, exception, ra, s0 to s11, sp.

use core::arch::naked_asm;
use core::cell::Cell;

use super::super::{State, Wide, Word};
use mpy_format::Arch;

pub(crate) const ARCH: Arch = Arch::RV32IMC;

pub(in crate::native) struct Global(State);

// SAFETY: one hart and, as far as machine code goes, one thread.
unsafe impl Sync for Global {}

pub(in crate::native) static STATE: Global =
    Global(State { top: Cell::new(core::ptr::null_mut()), vm: Cell::new(core::ptr::null()) });

pub(in crate::native) fn state() -> *const State {
    &raw const STATE.0
}

/// Stores or loads the registers that a callee keeps, at a base.
macro_rules! kept {
    ($op:literal, $base:literal) => {
        concat!(
            $op,
            " s0, 12(",
            $base,
            ")\n",
            $op,
            " s1, 16(",
            $base,
            ")\n",
            $op,
            " s2, 20(",
            $base,
            ")\n",
            $op,
            " s3, 24(",
            $base,
            ")\n",
            $op,
            " s4, 28(",
            $base,
            ")\n",
            $op,
            " s5, 32(",
            $base,
            ")\n",
            $op,
            " s6, 36(",
            $base,
            ")\n",
            $op,
            " s7, 40(",
            $base,
            ")\n",
            $op,
            " s8, 44(",
            $base,
            ")\n",
            $op,
            " s9, 48(",
            $base,
            ")\n",
            $op,
            " s10, 52(",
            $base,
            ")\n",
            $op,
            " s11, 56(",
            $base,
            ")"
        )
    };
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn enter(
    _a: Word,
    _b: Word,
    _c: Word,
    _d: Word,
    _code: *const u8,
) -> Wide {
    naked_asm!(
        "addi sp, sp, -80",
        kept!("sw", "sp"),
        "sw ra, 64(sp)",
        "sw sp, 60(sp)",
        "la t0, 2f",
        "sw t0, 8(sp)",
        "la t1, {state}",
        "lw t0, 0(t1)",
        "sw t0, 0(sp)",
        "sw sp, 0(t1)",
        "jalr a4",
        "la t1, {state}",
        "lw t0, 0(sp)",
        "sw t0, 0(t1)",
        "li a1, 0",
        "1:",
        "lw ra, 64(sp)",
        "addi sp, sp, 80",
        "ret",
        // A raise comes here, with the registers that were saved.
        "2:",
        "lw a0, 4(sp)",
        "li a1, 1",
        "j 1b",
        state = sym STATE,
    )
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn nlr_push(_buffer: Word) -> u32 {
    naked_asm!(
        kept!("sw", "a0"),
        "sw ra, 8(a0)",
        "sw sp, 60(a0)",
        "la t1, {state}",
        "lw t0, 0(t1)",
        "sw t0, 0(a0)",
        "sw a0, 0(t1)",
        "li a0, 0",
        "ret",
        state = sym STATE,
    )
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn nlr_pop() {
    naked_asm!(
        "la t1, {state}",
        "lw t0, 0(t1)",
        "lw t0, 0(t0)",
        "sw t0, 0(t1)",
        "ret",
        state = sym STATE,
    )
}

/// Leaves for the top buffer with the exception in `a0`.
#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn raise() {
    naked_asm!(
        "la t1, {state}",
        "lw t2, 0(t1)",
        "sw a0, 4(t2)",
        "lw t0, 0(t2)",
        "sw t0, 0(t1)",
        kept!("lw", "t2"),
        "lw ra, 8(t2)",
        "lw sp, 60(t2)",
        "li a0, 1",
        "ret",
        state = sym STATE,
    )
}

/// Calls the Rust function with the `Vm` as fourth word, and raises on a status.
macro_rules! thunk {
    ($name:ident, $helper:path) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "addi sp, sp, -16",
                "sw ra, 12(sp)",
                "la a3, {state}",
                "lw a3, 4(a3)",
                "call {helper}",
                "lw ra, 12(sp)",
                "addi sp, sp, 16",
                "bnez a1, 1f",
                "ret",
                "1:",
                "tail {raise}",
                helper = sym $helper,
                raise = sym $crate::native::cpu::raise,
                state = sym $crate::native::cpu::STATE,
            )
        }
    };
}

macro_rules! thunk_args {
    ($name:ident, $helper:path) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "addi sp, sp, -16",
                "sw ra, 12(sp)",
                "call {helper}",
                "lw ra, 12(sp)",
                "addi sp, sp, 16",
                "bnez a1, 1f",
                "ret",
                "1:",
                "tail {raise}",
                helper = sym $helper,
                raise = sym $crate::native::cpu::raise,
            )
        }
    };
}

macro_rules! thunk_float {
    ($name:ident, $helper:path, $type:ident) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "addi sp, sp, -16",
                "sw ra, 12(sp)",
                "mv a1, sp",
                "la a3, {state}",
                "lw a3, 4(a3)",
                "call {helper}",
                "bnez a1, 1f",
                "lw a0, 0(sp)",
                "lw a1, 4(sp)",
                "lw ra, 12(sp)",
                "addi sp, sp, 16",
                "ret",
                "1:",
                "tail {raise}",
                helper = sym $helper,
                raise = sym $crate::native::cpu::raise,
                state = sym $crate::native::cpu::STATE,
            )
        }
    };
}

pub(in crate::native) use {thunk, thunk_args, thunk_float};

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn printf() {
    naked_asm!(
        // The registers join the arguments on the stack.
        "addi sp, sp, -48",
        "sw ra, 12(sp)",
        "sw a2, 24(sp)",
        "sw a3, 28(sp)",
        "sw a4, 32(sp)",
        "sw a5, 36(sp)",
        "sw a6, 40(sp)",
        "sw a7, 44(sp)",
        "addi a2, sp, 24",
        "la a3, {state}",
        "lw a3, 4(a3)",
        "call {helper}",
        "lw ra, 12(sp)",
        "addi sp, sp, 48",
        "bnez a1, 1f",
        "ret",
        "1:",
        "tail {raise}",
        helper = sym super::super::library::vprintf,
        raise = sym raise,
        state = sym STATE,
    )
}

/// The address to call for code at `code`.
pub(in crate::native) fn callable(code: *const u8) -> *const u8 {
    code
}

/// Makes code that was written visible to the CPU.
pub(in crate::native) fn synchronise() {
    // SAFETY: `fence.i`, by its encoding: the extension may be unknown to the compiler.
    unsafe { core::arch::asm!(".word 0x0000100f", options(nostack, preserves_flags)) }
}
