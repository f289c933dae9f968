//! Copying and filling memory in few bytes, for firmware of the smallest level.
//!
//! The compiler's own routines are unrolled: they take twelve hundred bytes on a
//! Cortex-M0. These go byte by byte; what little a small program copies is short.
#![allow(unsafe_code)]

// The names are those of the run-time ABI for the Arm architecture, 4.3.4: the variants
// for aligned memory may be the general ones, and set takes (to, length, byte).
core::arch::global_asm!(
    ".syntax unified",
    ".section .text.hognose_memory, \"ax\"",
    ".macro hognose_name names:vararg",
    ".irp name, \\names",
    ".global \\name",
    ".type \\name, %function",
    ".thumb_func",
    "\\name:",
    ".endr",
    ".endm",
    // (r0 to, r1 from, r2 bytes), r0 is the result of the C functions.
    "hognose_name memmove, __aeabi_memmove, __aeabi_memmove4, __aeabi_memmove8",
    "hognose_name memcpy, __aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8",
    "push {{r4, lr}}",
    "cmp r0, r1",
    "bhi 3f",
    // Upwards.
    "movs r3, #0",
    "1: cmp r3, r2",
    "beq 2f",
    "ldrb r4, [r1, r3]",
    "strb r4, [r0, r3]",
    "adds r3, #1",
    "b 1b",
    "2: pop {{r4, pc}}",
    // Downwards.
    "3: subs r2, #1",
    "bcc 2b",
    "ldrb r4, [r1, r2]",
    "strb r4, [r0, r2]",
    "b 3b",
    // (r0 to, r1 byte, r2 bytes).
    "hognose_name memset",
    "movs r3, r1",
    "movs r1, r2",
    "movs r2, r3",
    "b 4f",
    // (r0 to, r1 bytes).
    "hognose_name __aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8",
    "movs r2, #0",
    // (r0 to, r1 bytes, r2 byte).
    "hognose_name __aeabi_memset, __aeabi_memset4, __aeabi_memset8",
    "4: subs r1, #1",
    "bcc 5f",
    "strb r2, [r0, r1]",
    "b 4b",
    "5: bx lr",
    ".purgem hognose_name",
);
