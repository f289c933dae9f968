//! The first four bytes of a file, and the architectures that they name.
//!
//! ```text
//! byte 0   'M', or 'C' for CircuitPython
//! byte 1   version, 6
//! byte 2   bits 0–1 sub-version, bits 2–5 and 7 architecture, bit 6: flags follow
//! byte 3   bits of a small integer that the code assumes
//! varint   architecture flags, when bit 6 is set
//! ```
//!
//! A file without machine code has architecture and sub-version 0: only native code
//! depends on the sub-version.

use crate::error::{Error, ErrorKind};
use crate::varint;

/// The version that this crate reads and writes.
pub const VERSION: u8 = 6;
/// The newest sub-version, which native code is compiled for by default.
pub const SUB_VERSION: u8 = 3;
const ARCH_FLAGS: u8 = 0x40;

/// Whose runtime a file is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Magic {
    /// MicroPython, and Hognose's own runtime.
    #[default]
    MicroPython,
    /// CircuitPython.
    CircuitPython,
}

impl Magic {
    /// The file's first byte.
    pub const fn byte(self) -> u8 {
        match self {
            Magic::MicroPython => b'M',
            Magic::CircuitPython => b'C',
        }
    }
}

macro_rules! architectures {
    ($($(#[$doc:meta])* $name:ident = $value:literal $text:literal $word:literal,)*) => {
        /// An instruction set. The discriminant is its number in the header.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
        #[repr(u8)]
        pub enum Arch { $($(#[$doc])* $name = $value,)* }

        impl Arch {
            /// Every architecture, in the order of the numbers.
            pub const ALL: &'static [Arch] = &[$(Arch::$name,)*];

            /// The architecture with this number.
            pub const fn from_number(number: u8) -> Option<Arch> {
                match number { $($value => Some(Arch::$name),)* _ => None }
            }

            /// The name that `-march=` takes.
            pub const fn name(self) -> &'static str {
                match self { $(Arch::$name => $text,)* }
            }

            /// The architecture with this name.
            pub fn from_name(name: &str) -> Option<Arch> {
                match name { $($text => Some(Arch::$name),)* _ => None }
            }

            /// Bytes of a machine word; 0 for no architecture.
            pub const fn word_bytes(self) -> u8 {
                match self { $(Arch::$name => $word,)* }
            }
        }
    };
}

architectures! {
    /// No machine code.
    #[default]
    None = 0 "none" 0,
    /// Intel, 32 bits.
    X86 = 1 "x86" 4,
    /// Intel, 64 bits.
    X64 = 2 "x64" 8,
    /// ARM mode of ARMv6.
    ArmV6 = 3 "armv6" 4,
    /// Thumb of ARMv6-M: Cortex-M0.
    ArmV6M = 4 "armv6m" 4,
    /// Thumb-2 of ARMv7-M: Cortex-M3.
    ArmV7M = 5 "armv7m" 4,
    /// With the DSP extension: Cortex-M4 and -M7 without floating point.
    ArmV7EM = 6 "armv7em" 4,
    /// With single-precision floating point.
    ArmV7EMSP = 7 "armv7emsp" 4,
    /// With double-precision floating point.
    ArmV7EMDP = 8 "armv7emdp" 4,
    /// Xtensa, call0 convention: ESP8266.
    Xtensa = 9 "xtensa" 4,
    /// Xtensa, windowed registers: ESP32.
    XtensaWin = 10 "xtensawin" 4,
    /// RISC-V, 32 bits, with multiplication and compressed instructions.
    RV32IMC = 11 "rv32imc" 4,
    /// The same, 64 bits.
    RV64IMC = 12 "rv64imc" 8,
    /// Pseudo-architecture that traces what the compiler emits.
    Debug = 13 "debug" 4,
}

impl Arch {
    /// Whether code for `self` runs where `cpu` is what the runtime was built for:
    /// the Thumb architectures from ARMv6-M up contain each other.
    pub const fn runs_on(self, cpu: Arch) -> bool {
        let (code, cpu) = (self as u8, cpu as u8);
        code == cpu || (code >= Arch::ArmV6M as u8 && code <= cpu && cpu <= Arch::ArmV7EMDP as u8)
    }
}

/// A file's header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Header {
    /// Whose runtime the file is for.
    pub magic: Magic,
    /// Native ABI revision, 0 to 3; 0 without machine code.
    pub sub_version: u8,
    /// What the machine code in the file runs on.
    pub arch: Arch,
    /// Optional extensions of the architecture that the code uses.
    pub arch_flags: u32,
    /// Bits of a small integer that the code assumes.
    pub small_int_bits: u8,
}

/// Bit of RISC-V's [`Header::arch_flags`]: the Zba extension.
pub const RV32_ZBA: u32 = 1;
/// Bit of RISC-V's [`Header::arch_flags`]: the Zcmp extension.
pub const RV32_ZCMP: u32 = 2;

impl Header {
    /// The header of a file without machine code.
    pub const fn bytecode(small_int_bits: u8) -> Header {
        Header {
            magic: Magic::MicroPython,
            sub_version: 0,
            arch: Arch::None,
            arch_flags: 0,
            small_int_bits,
        }
    }

    /// Decodes the header at the start of a file; moves `*at` behind it.
    ///
    /// # Errors
    /// `Truncated`, `BadMagic`, `BadVersion`, `BadArch`, `NumberTooBig`.
    pub fn read(data: &[u8], at: &mut usize) -> Result<Header, Error> {
        let start = *at;
        let &[magic, version, features, small_int_bits] = data
            .get(start..)
            .and_then(|d| d.first_chunk())
            .ok_or(Error::new(data.len(), ErrorKind::Truncated))?;
        let magic = match magic {
            b'M' => Magic::MicroPython,
            b'C' => Magic::CircuitPython,
            _ => return Err(Error::new(start, ErrorKind::BadMagic)),
        };
        if version != VERSION {
            return Err(Error::new(start + 1, ErrorKind::BadVersion));
        }
        let arch = features >> 2 & 0x2f;
        let arch = Arch::from_number(arch).ok_or(Error::new(start + 2, ErrorKind::BadArch))?;
        *at = start + 4;
        let arch_flags = match features & ARCH_FLAGS {
            0 => 0,
            _ => varint::read_uint(data, at)?,
        };
        Ok(Header { magic, sub_version: features & 3, arch, arch_flags, small_int_bits })
    }

    /// The four fixed bytes; [`Header::arch_flags`] follow as a varint unless 0.
    pub const fn bytes(&self) -> [u8; 4] {
        let flags = if self.arch_flags != 0 { ARCH_FLAGS } else { 0 };
        let features = self.sub_version & 3 | (self.arch as u8) << 2 | flags;
        [self.magic.byte(), VERSION, features, self.small_int_bits]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_read_back() {
        for &arch in Arch::ALL {
            assert_eq!(Arch::from_name(arch.name()), Some(arch));
            let header = Header {
                magic: Magic::CircuitPython,
                sub_version: 3,
                arch,
                arch_flags: 0,
                small_int_bits: 31,
            };
            assert_eq!(Header::read(&header.bytes(), &mut 0), Ok(header));
        }
    }

    #[test]
    fn flags_follow_the_fixed_bytes() {
        let header = Header::read(&[b'M', 6, 0x6f, 31, 3], &mut 0).expect("valid");
        assert_eq!((header.arch, header.arch_flags), (Arch::RV32IMC, RV32_ZBA | RV32_ZCMP));
        assert_eq!(header.bytes(), [b'M', 6, 0x6f, 31]);
    }

    #[test]
    fn thumb_architectures_contain_each_other() {
        assert!(Arch::ArmV6M.runs_on(Arch::ArmV7EMSP));
        assert!(!Arch::ArmV7EMDP.runs_on(Arch::ArmV7EMSP));
        assert!(!Arch::X64.runs_on(Arch::ArmV7EM));
    }
}
