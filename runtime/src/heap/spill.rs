//! Callee-saved registers put where the collector can see them.

/// Enough for the callee-saved integer registers of any supported CPU.
pub(super) const REGISTERS: usize = 16;

macro_rules! spill {
    ($($(#[$m:meta])* [$($t:literal),*];)*) => { $(
        #[cfg(not(miri))]
        $(#[$m])*
        #[inline(always)]
        pub(super) fn spill(to: &mut [usize; REGISTERS]) {
            // SAFETY: stores registers into the array, changes nothing else.
            unsafe { core::arch::asm!($($t),*, p = in(reg) to.as_mut_ptr(), options(nostack, preserves_flags)) }
        }
    )* };
}

spill! {
    #[cfg(target_arch = "x86_64")]
    ["mov [{p}], rbx", "mov [{p} + 8], rbp", "mov [{p} + 16], r12", "mov [{p} + 24], r13",
     "mov [{p} + 32], r14", "mov [{p} + 40], r15"];
    #[cfg(target_arch = "aarch64")]
    ["stp x19, x20, [{p}]", "stp x21, x22, [{p}, #16]", "stp x23, x24, [{p}, #32]",
     "stp x25, x26, [{p}, #48]", "stp x27, x28, [{p}, #64]", "str x29, [{p}, #80]"];
    #[cfg(target_arch = "arm")]
    ["mov {p}, {p}", "str r4, [{p}]", "str r5, [{p}, #4]", "str r6, [{p}, #8]", "str r7, [{p}, #12]",
     "push {{r4}}", "mov r4, r8", "str r4, [{p}, #16]", "mov r4, r9", "str r4, [{p}, #20]",
     "mov r4, r10", "str r4, [{p}, #24]", "mov r4, r11", "str r4, [{p}, #28]", "pop {{r4}}"];
    #[cfg(target_arch = "riscv32")]
    ["sw s0, 0({p})", "sw s1, 4({p})", "sw s2, 8({p})", "sw s3, 12({p})", "sw s4, 16({p})",
     "sw s5, 20({p})", "sw s6, 24({p})", "sw s7, 28({p})", "sw s8, 32({p})", "sw s9, 36({p})",
     "sw s10, 40({p})", "sw s11, 44({p})"];
    #[cfg(target_arch = "riscv64")]
    ["sd s0, 0({p})", "sd s1, 8({p})", "sd s2, 16({p})", "sd s3, 24({p})", "sd s4, 32({p})",
     "sd s5, 40({p})", "sd s6, 48({p})", "sd s7, 56({p})", "sd s8, 64({p})", "sd s9, 72({p})",
     "sd s10, 80({p})", "sd s11, 88({p})"];
}

#[cfg(miri)]
pub(super) fn spill(_to: &mut [usize; REGISTERS]) {}
