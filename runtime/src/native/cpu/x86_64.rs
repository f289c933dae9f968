//! x86-64 with the calling convention of System V, on Linux: the state is a variable
//! of the thread.
//!
//! Buffer: previous, exception, rip, rbp, rsp, rbx, r12, r13, r14, r15.

use core::arch::{global_asm, naked_asm};

use super::super::{State, Wide, Word};
use mpy_format::Arch;

pub(crate) const ARCH: Arch = Arch::X64;

global_asm!(
    r#".pushsection .tbss.hognose,"awT",@nobits"#,
    ".p2align 3",
    ".hidden hognose_native_state",
    ".globl hognose_native_state",
    ".type hognose_native_state,@tls_object",
    "hognose_native_state:",
    ".zero 16",
    ".size hognose_native_state, 16",
    ".popsection",
);

/// Loads the address of the state.
macro_rules! load_state {
    ($reg:literal) => {
        concat!(
            "mov ",
            $reg,
            ", qword ptr fs:[0]\n add ",
            $reg,
            ", qword ptr [rip + hognose_native_state@GOTTPOFF]"
        )
    };
}
pub(in crate::native) use load_state;

#[unsafe(naked)]
pub(in crate::native) extern "C" fn state() -> *const State {
    naked_asm!(load_state!("rax"), "ret")
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
        "sub rsp, 88",
        load_state!("rax"),
        "mov r10, [rax]",
        "mov [rsp], r10",
        "mov [rax], rsp",
        "lea r10, [rip + 2f]",
        "mov [rsp + 16], r10",
        "mov [rsp + 24], rbp",
        "mov [rsp + 32], rsp",
        "mov [rsp + 40], rbx",
        "mov [rsp + 48], r12",
        "mov [rsp + 56], r13",
        "mov [rsp + 64], r14",
        "mov [rsp + 72], r15",
        "mov [rsp + 80], rax",
        "call r8",
        "mov rcx, [rsp + 80]",
        "mov rdx, [rsp]",
        "mov [rcx], rdx",
        "xor edx, edx",
        "add rsp, 88",
        "ret",
        // A raise comes here, with the registers that were saved.
        "2:",
        "mov rax, [rsp + 8]",
        "mov edx, 1",
        "add rsp, 88",
        "ret",
    )
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn nlr_push(_buffer: Word) -> u32 {
    naked_asm!(
        "mov rax, [rsp]",
        "mov [rdi + 16], rax",
        "mov [rdi + 24], rbp",
        "lea rax, [rsp + 8]",
        "mov [rdi + 32], rax",
        "mov [rdi + 40], rbx",
        "mov [rdi + 48], r12",
        "mov [rdi + 56], r13",
        "mov [rdi + 64], r14",
        "mov [rdi + 72], r15",
        load_state!("rax"),
        "mov rdx, [rax]",
        "mov [rdi], rdx",
        "mov [rax], rdi",
        "xor eax, eax",
        "ret",
    )
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn nlr_pop() {
    naked_asm!(load_state!("rax"), "mov rdx, [rax]", "mov rdx, [rdx]", "mov [rax], rdx", "ret",)
}

/// Leaves for the top buffer with the exception in `rax`.
#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn raise() {
    naked_asm!(
        "mov rdi, rax",
        load_state!("rax"),
        "mov rcx, [rax]",
        "mov [rcx + 8], rdi",
        "mov rdx, [rcx]",
        "mov [rax], rdx",
        "mov rbp, [rcx + 24]",
        "mov rsp, [rcx + 32]",
        "mov rbx, [rcx + 40]",
        "mov r12, [rcx + 48]",
        "mov r13, [rcx + 56]",
        "mov r14, [rcx + 64]",
        "mov r15, [rcx + 72]",
        "mov eax, 1",
        "jmp [rcx + 16]",
    )
}

macro_rules! thunk {
    ($name:ident, $helper:path) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "sub rsp, 8",
                $crate::native::cpu::load_state!("rcx"),
                "mov rcx, [rcx + 8]",
                "call {helper}",
                "add rsp, 8",
                "test rdx, rdx",
                "jne {raise}",
                "ret",
                helper = sym $helper,
                raise = sym $crate::native::cpu::raise,
            )
        }
    };
}

macro_rules! thunk_args {
    ($name:ident, $helper:path) => {
        #[unsafe(naked)]
        pub(in crate::native) unsafe extern "C" fn $name() {
            core::arch::naked_asm!(
                "sub rsp, 8",
                "call {helper}",
                "add rsp, 8",
                "test rdx, rdx",
                "jne {raise}",
                "ret",
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
                "sub rsp, 24",
                "mov rsi, rsp",
                $crate::native::cpu::load_state!("rcx"),
                "mov rcx, [rcx + 8]",
                "call {helper}",
                // Single precision is the lower half.
                "movsd xmm0, qword ptr [rsp]",
                "add rsp, 24",
                "test rdx, rdx",
                "jne {raise}",
                "ret",
                helper = sym $helper,
                raise = sym $crate::native::cpu::raise,
            )
        }
    };
}

pub(in crate::native) use {thunk, thunk_args, thunk_float};

/// `va_list`: where the next argument of each kind is.
#[repr(C)]
#[derive(Clone, Copy)]
pub(in crate::native) struct VaList {
    /// Offset of the next integer in the saved registers.
    integers: u32,
    /// Offset of the next float.
    floats: u32,
    /// Arguments on the stack.
    more: *const u64,
    /// Six integer registers, then eight of 16 bytes.
    saved: *const u8,
}

impl VaList {
    const INTEGERS_END: u32 = 48;
    const FLOATS_END: u32 = 176;

    /// The list that a C function passed.
    ///
    /// # Safety
    /// It did.
    pub unsafe fn passed(list: Word) -> VaList {
        // SAFETY: by contract: lists are passed by address.
        unsafe { list.cast::<VaList>().read() }
    }

    /// The next word.
    ///
    /// # Safety
    /// There is one.
    pub unsafe fn word(&mut self) -> usize {
        // SAFETY: by contract; the layout of the calling convention.
        unsafe {
            if self.integers < Self::INTEGERS_END {
                self.integers += 8;
                return self.saved.add(self.integers as usize - 8).cast::<usize>().read();
            }
            self.next() as usize
        }
    }

    /// The next integer of 64 bits.
    ///
    /// # Safety
    /// As [`VaList::word`].
    pub unsafe fn long(&mut self) -> u64 {
        // SAFETY: by contract.
        unsafe { self.word() as u64 }
    }

    /// The next float.
    ///
    /// # Safety
    /// As [`VaList::word`].
    pub unsafe fn float(&mut self) -> f64 {
        // SAFETY: by contract.
        unsafe {
            if self.floats < Self::FLOATS_END {
                self.floats += 16;
                return self.saved.add(self.floats as usize - 16).cast::<f64>().read();
            }
            f64::from_bits(self.next())
        }
    }

    unsafe fn next(&mut self) -> u64 {
        // SAFETY: by contract.
        unsafe {
            let value = self.more.read();
            self.more = self.more.add(1);
            value
        }
    }
}

#[unsafe(naked)]
pub(in crate::native) unsafe extern "C" fn printf() {
    naked_asm!(
        "sub rsp, 216",
        "mov [rsp], rdi",
        "mov [rsp + 8], rsi",
        "mov [rsp + 16], rdx",
        "mov [rsp + 24], rcx",
        "mov [rsp + 32], r8",
        "mov [rsp + 40], r9",
        "movaps [rsp + 48], xmm0",
        "movaps [rsp + 64], xmm1",
        "movaps [rsp + 80], xmm2",
        "movaps [rsp + 96], xmm3",
        "movaps [rsp + 112], xmm4",
        "movaps [rsp + 128], xmm5",
        "movaps [rsp + 144], xmm6",
        "movaps [rsp + 160], xmm7",
        // Printer and format are taken.
        "mov dword ptr [rsp + 176], 16",
        "mov dword ptr [rsp + 180], 48",
        "lea rax, [rsp + 224]",
        "mov [rsp + 184], rax",
        "mov [rsp + 192], rsp",
        "lea rdx, [rsp + 176]",
        load_state!("rcx"),
        "mov rcx, [rcx + 8]",
        "call {helper}",
        "add rsp, 216",
        "test rdx, rdx",
        "jne {raise}",
        "ret",
        helper = sym super::super::library::vprintf,
        raise = sym raise,
    )
}

/// The address to call for code at `code`.
pub(in crate::native) fn callable(code: *const u8) -> *const u8 {
    code
}

/// Makes code that was written visible to the CPU.
pub(in crate::native) fn synchronise() {}
