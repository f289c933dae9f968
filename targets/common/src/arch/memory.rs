//! Copying and filling memory in few bytes.
//!
//! The compiler's own routines are unrolled, and shift words that are not aligned: they
//! take twelve hundred bytes. These copy words where both ends are aligned, as most
//! objects are, and bytes elsewhere.
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
    // Upwards: words, then bytes.
    "movs r3, r0",
    "orrs r3, r1",
    "lsls r3, r3, #30",
    "bne 1f",
    "6: adds r3, #4",
    "cmp r3, r2",
    "bhi 7f",
    "subs r3, #4",
    "ldr r4, [r1, r3]",
    "str r4, [r0, r3]",
    "adds r3, #4",
    "b 6b",
    "7: subs r3, #4",
    "b 8f",
    "1: movs r3, #0",
    "8: cmp r3, r2",
    "beq 2f",
    "ldrb r4, [r1, r3]",
    "strb r4, [r0, r3]",
    "adds r3, #1",
    "b 8b",
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
