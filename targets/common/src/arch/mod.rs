//! What depends on the CPU: faults, time, the way out.

#[cfg(target_arch = "arm")]
pub mod cortex_m;
#[cfg(target_arch = "arm")]
mod memory;
#[cfg(target_arch = "riscv32")]
pub mod riscv;

#[cfg(target_arch = "arm")]
pub use cortex_m as cpu;
#[cfg(target_arch = "riscv32")]
pub use riscv as cpu;
