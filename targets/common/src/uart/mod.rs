//! Polled drivers of the serial blocks found in the supported chips, one file a
//! block. A block is named by its base address; what is not used is not linked.

mod cmsdk;
mod nrf;
mod ns16550;
mod sifive;
mod stm32;

pub use cmsdk::Cmsdk;
pub use nrf::Nrf;
pub use ns16550::Ns16550;
pub use sifive::SiFive;
pub use stm32::Stm32;
