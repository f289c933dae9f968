//! How files are compiled, whichever command line said so.

use crate::profile::Chosen;
use hognose_compiler::Options;
use hognose_compiler::diag::Diagnostic;
use hognose_compiler::hir::Emit;
use mpy_format::header::{RV32_ZBA, RV32_ZCMP};
use mpy_format::{Arch, Magic};

/// The choices that go into a file's bytes, except its name.
#[derive(Clone, Debug)]
pub struct Settings {
    pub opt_level: u8,
    pub optimise: bool,
    pub as_stock: bool,
    pub emit: Emit,
    pub arch: Arch,
    pub arch_flags: u32,
    pub small_int_bits: u8,
    pub line_info: bool,
    pub compat: Compat,
    /// Functions that a profile wants as machine code.
    pub chosen: Chosen,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            opt_level: 0,
            optimise: true,
            as_stock: false,
            emit: Emit::Bytecode,
            arch: Arch::None,
            arch_flags: 0,
            small_int_bits: 31,
            line_info: true,
            compat: Compat::default(),
            chosen: Chosen::default(),
        }
    }
}

/// Whose runtime the file is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Compat {
    pub magic: Magic,
    pub sub_version: u8,
}

impl Default for Compat {
    fn default() -> Compat {
        Compat { magic: Magic::MicroPython, sub_version: mpy_format::header::SUB_VERSION }
    }
}

impl Compat {
    /// A format (`6.1`), a MicroPython release (`1.21`, `1.22.2`), or `circuitpython`.
    pub fn parse(text: &str) -> Result<Compat, String> {
        let micropython = |sub_version| Ok(Compat { magic: Magic::MicroPython, sub_version });
        if text == "circuitpython" {
            return Ok(Compat { magic: Magic::CircuitPython, ..Compat::default() });
        }
        let mut numbers = text.trim_start_matches('v').split('.').map(|n| n.parse::<u8>().ok());
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(6), Some(sub_version @ 0..=3)) => micropython(sub_version),
            (Some(1), Some(19)) => micropython(0),
            (Some(1), Some(20 | 21)) => micropython(1),
            (Some(1), Some(22)) => micropython(2),
            (Some(1), Some(23..)) => micropython(3),
            _ => Err("expected a format 6.0 to 6.3, a MicroPython release from 1.19 on, or circuitpython".to_owned()),
        }
    }
}

/// What compiling a file gave.
pub struct Built {
    /// The bytes of the `.mpy` file.
    pub mpy: Vec<u8>,
    /// What compiles but may fail on a device.
    pub warnings: Vec<Diagnostic>,
}

impl Settings {
    /// Compiles a source whose name in tracebacks is `name`.
    ///
    /// # Errors
    /// Everything that is wrong with the program.
    pub fn compile(&self, source: &[u8], name: &str) -> Result<Built, Vec<Diagnostic>> {
        let mut compiled = hognose_compiler::compile(source, &self.options(name))?;
        compiled.module.header.magic = self.compat.magic;
        Ok(Built { mpy: mpy_format::write(&compiled.module), warnings: compiled.warnings })
    }

    /// The compiler's options for a file of this name.
    pub fn options(&self, name: &str) -> Options {
        Options {
            source_name: name.to_owned(),
            opt_level: self.opt_level,
            optimise: self.optimise,
            as_stock: self.as_stock,
            emit: self.emit,
            arch: self.arch,
            arch_flags: self.arch_flags,
            small_int_bits: self.small_int_bits,
            line_info: self.line_info,
            hot: self.chosen.of(name),
            ..Options::default()
        }
    }
}

/// The architecture that this program runs on.
pub fn host_arch() -> Option<Arch> {
    match std::env::consts::ARCH {
        "x86_64" => Some(Arch::X64),
        "x86" => Some(Arch::X86),
        "arm" => Some(Arch::ArmV6),
        "riscv64" => Some(Arch::RV64IMC),
        _ => None,
    }
}

/// A number in decimal, or with a prefix in base 16, 8 or 2.
pub fn parse_integer(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let (digits, base) = match lower.get(..2) {
        Some("0x") => (&lower[2..], 16),
        Some("0o") => (&lower[2..], 8),
        Some("0b") => (&lower[2..], 2),
        _ => (lower.as_str(), 10),
    };
    if digits.starts_with('+') {
        return None;
    }
    u32::from_str_radix(digits, base).ok()
}

/// Flags of an architecture: a number, or names separated by commas.
pub fn parse_arch_flags(arch: Arch, text: &str) -> Option<u32> {
    if arch != Arch::RV32IMC {
        return None;
    }
    let all = RV32_ZBA | RV32_ZCMP;
    let named = || {
        text.split(',').try_fold(0, |flags, name| match name {
            "zba" => Some(flags | RV32_ZBA),
            "zcmp" => Some(flags | RV32_ZCMP),
            _ => None,
        })
    };
    parse_integer(text).or_else(named).filter(|flags| flags & !all == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_have_their_formats() {
        let sub = |text: &str| Compat::parse(text).map(|c| c.sub_version).ok();
        assert_eq!(sub("6.2"), Some(2));
        assert_eq!(sub("1.19.1"), Some(0));
        assert_eq!(sub("v1.21"), Some(1));
        assert_eq!(sub("1.22.2"), Some(2));
        assert_eq!(sub("1.29"), Some(3));
        assert_eq!(sub("1.18"), None);
        assert_eq!(sub("5"), None);
        assert_eq!(Compat::parse("circuitpython").map(|c| c.magic), Ok(Magic::CircuitPython));
    }

    #[test]
    fn flags_are_numbers_or_names() {
        let flags = |text| parse_arch_flags(Arch::RV32IMC, text);
        assert_eq!(flags("zba"), Some(1));
        assert_eq!(flags("0b11"), Some(3));
        assert_eq!(flags("4"), None);
        assert_eq!(flags("zba,"), None);
        assert_eq!(parse_arch_flags(Arch::X64, "0"), None);
    }
}
