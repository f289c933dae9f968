//! Options that every command has that compiles.

use crate::exit::Failure;
use crate::settings::{self, Compat, Settings};
use hognose_compiler::hir::Emit;
use mpy_format::Arch;

/// The kinds of code, as `--emit` names them.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Kind {
    Bytecode,
    /// Machine code where it pays
    Native,
    /// Machine code everywhere
    NativeAll,
    Viper,
}

impl From<Kind> for Emit {
    fn from(kind: Kind) -> Emit {
        match kind {
            Kind::Bytecode => Emit::Bytecode,
            Kind::Native => Emit::Selected,
            Kind::NativeAll => Emit::Native,
            Kind::Viper => Emit::Viper,
        }
    }
}

#[derive(clap::Args)]
pub struct CompileOptions {
    /// Optimisation level: from 1 on assertions are dropped, at 3 line numbers too
    #[arg(short = 'O', default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=9), value_name = "LEVEL")]
    opt_level: u8,
    /// Do not optimise the code
    #[arg(long)]
    no_optimise: bool,
    /// Machine that machine code is for, or host (also -march=ARCH)
    #[arg(long, value_name = "ARCH")]
    march: Option<String>,
    /// Extensions of the machine to use, a number or names with commas
    #[arg(long, value_name = "FLAGS")]
    march_flags: Option<String>,
    /// Bits of a small integer on the target
    #[arg(long, default_value_t = 31, value_parser = clap::value_parser!(u8).range(2..=64), value_name = "BITS")]
    small_int_bits: u8,
    /// emit=bytecode|native|native-all|viper for functions without a decorator; no-source-lines
    #[arg(short = 'X', value_name = "OPTION")]
    implementation: Vec<String>,
    /// Oldest reader: a format (6.1), a MicroPython release (1.20), or circuitpython
    #[arg(long, value_name = "VERSION")]
    compat: Option<String>,
}

impl CompileOptions {
    /// The settings that the options mean.
    ///
    /// # Errors
    /// When one has an unknown value.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Settings {
            opt_level: self.opt_level,
            optimise: !self.no_optimise,
            small_int_bits: self.small_int_bits,
            ..Settings::default()
        };
        if let Some(name) = &self.march {
            settings.arch = match name.as_str() {
                "host" => settings::host_arch()
                    .ok_or_else(|| Failure::usage("this host has no native code"))?,
                name => Arch::from_name(name)
                    .ok_or_else(|| unknown("architecture", name, &arch_names()))?,
            };
        }
        if let Some(flags) = &self.march_flags {
            settings.arch_flags = settings::parse_arch_flags(settings.arch, flags)
                .ok_or_else(|| unknown("flags", flags, "for rv32imc: zba, zcmp"))?;
        }
        for option in &self.implementation {
            match option.as_str() {
                "emit=bytecode" => settings.emit = Emit::Bytecode,
                "emit=native" => settings.emit = Emit::Selected,
                "emit=native-all" => settings.emit = Emit::Native,
                "emit=viper" => settings.emit = Emit::Viper,
                "source-lines" => settings.line_info = true,
                "no-source-lines" => settings.line_info = false,
                other => {
                    let known = "emit=bytecode, emit=native, emit=native-all, emit=viper, source-lines, \
                         no-source-lines";
                    return Err(unknown("option", other, known));
                }
            }
        }
        if settings.emit != Emit::Bytecode && settings.arch == Arch::None {
            return Err(Failure::usage("machine code needs an architecture: give --march"));
        }
        if let Some(text) = &self.compat {
            settings.compat =
                Compat::parse(text).map_err(|e| Failure::usage(format!("--compat {text}: {e}")))?;
        }
        if settings.arch != Arch::None
            && settings.compat.sub_version != mpy_format::header::SUB_VERSION
        {
            return Err(Failure::usage(
                "machine code runs on MicroPython 1.23 and later only; drop --march or --compat",
            ));
        }
        Ok(settings)
    }
}

fn unknown(what: &str, value: &str, known: &str) -> Failure {
    Failure::usage(format!("unknown {what} {value:?}; known: {known}"))
}

fn arch_names() -> String {
    Arch::ALL.iter().filter(|&&a| a != Arch::None).map(|a| a.name()).collect::<Vec<_>>().join(", ")
}
