//! Whole programs through the code generator, with the register allocator's
//! result checked. What the code does is tested on boards.

use mpy_format::{Arch, Body, RawCode};

use crate::asm::{Cpu, disassemble};
use crate::hir::Emit;
use crate::{Options, compile};

const ARCHITECTURES: [Arch; 7] = [
    Arch::ArmV6M,
    Arch::ArmV7M,
    Arch::ArmV7EM,
    Arch::ArmV7EMSP,
    Arch::ArmV7EMDP,
    Arch::RV32IMC,
    Arch::RV64IMC,
];

const PROGRAMS: [&str; 4] = [
    include_str!("../../../tests/native/control.py"),
    include_str!("../../../tests/native/generators.py"),
    include_str!("../../../tests/native/numbers.py"),
    include_str!("../../../tests/native/viper.py"),
];

/// Sizes of the functions in machine code, without the module's body.
fn sizes(source: &str, arch: Arch) -> Vec<usize> {
    let options = Options { arch, emit: Emit::Native, ..Options::default() };
    let compiled = match compile(source.as_bytes(), &options) {
        Ok(compiled) => compiled,
        Err(errors) => panic!("{arch:?}: {errors:?}"),
    };
    fn walk(code: &RawCode, sizes: &mut Vec<usize>) {
        match &code.body {
            Body::Native { data, .. } => sizes.push(data.len()),
            Body::Viper { text, .. } => sizes.push(text.len()),
            _ => {}
        }
        code.children.iter().for_each(|child| walk(child, sizes));
    }
    let mut found = Vec::new();
    compiled.module.root.children.iter().for_each(|child| walk(child, &mut found));
    found
}

#[test]
fn every_program_compiles() {
    for source in PROGRAMS {
        for arch in ARCHITECTURES {
            assert!(!sizes(source, arch).is_empty(), "{arch:?}");
        }
    }
}

/// RISC-V's code has no pools: the disassembler, which knows the base set with
/// multiplication and compressed forms and no floating point or atomics, reads all of it.
#[test]
fn every_instruction_is_known() {
    fn walk(arch: Arch, code: &RawCode) {
        let words = usize::from(arch.word_bytes());
        let code_bytes = match &code.body {
            Body::Native { data, prelude_at } => &data[words..*prelude_at as usize],
            Body::Viper { text, .. } => &text[..],
            _ => &[],
        };
        let cpu = Cpu::new(arch, 0).expect("a CPU with an instruction table");
        for line in disassemble(cpu, code_bytes, 0) {
            // A generator's code begins with one word more: where it starts.
            let header = line.offset < words && line.word.bits <= 2 * words as u32;
            assert!(header || !line.text.starts_with("data"), "{arch:?}: {}", line.text);
        }
        code.children.iter().for_each(|child| walk(arch, child));
    }
    for source in PROGRAMS {
        for arch in [Arch::RV32IMC, Arch::RV64IMC] {
            let options = Options { arch, emit: Emit::Native, ..Options::default() };
            walk(arch, &compile(source.as_bytes(), &options).expect("a right program").module.root);
        }
    }
}

/// A body in which every jump over the loop needs its longest form, and literals
/// lie far from the end.
#[test]
fn large_bodies_compile() {
    let mut source = String::from("def f(a, b, c):\n while a:\n");
    for i in 0..400 {
        source += &format!("  if b: c = a + {}; b = c.x{i}(a, {})\n", i * 7919, i * 104_729);
    }
    source += " return c\n";
    for arch in ARCHITECTURES {
        let [size] = sizes(&source, arch)[..] else { panic!("one function") };
        assert!(size > 8000, "{arch:?}: {size}");
    }
}

/// More values at once than there are registers, and a frame beyond short offsets.
#[test]
fn spilled_values_compile() {
    let names: Vec<String> = (0..300).map(|i| format!("v{i}")).collect();
    let mut source = String::from("def f(g):\n");
    for name in &names {
        source += &format!(" {name} = g()\n");
    }
    source += &format!(" return [{}, g()]\n", names.join(", "));
    for arch in ARCHITECTURES {
        assert_eq!(sizes(&source, arch).len(), 1);
    }
}

/// Calls that end alike share their end: ten more are less than ten times the second.
#[test]
fn ends_of_calls_are_shared() {
    for arch in [Arch::ArmV7M, Arch::RV32IMC, Arch::RV64IMC] {
        let function = |count: usize| {
            // Calls that no routine makes: the first of those would bring one along.
            let calls = " g(*a).__m(1, 2, *a)\n".repeat(count);
            sizes(&format!("def f(g, a):\n{calls}"), arch)[0]
        };
        let (one, two, many) = (function(1), function(2), function(11));
        assert!(many - one < 10 * (two - one), "{arch:?}: {one} {two} {many}");
    }
}

/// A helper that is called often has a register: its calls are shorter than those of
/// one that is not.
#[test]
fn frequent_helpers_have_registers() {
    let function = |calls: &str| sizes(&format!("def f(a, b):\n{calls}"), Arch::ArmV7M)[0];
    let attributes = |count: usize| {
        let lines: Vec<String> = (0..count).map(|i| format!(" a.__x{i}\n")).collect();
        function(&lines.concat())
    };
    // Six bytes are the name, the object and the call. (Plain names have a routine.)
    assert_eq!(attributes(13) - attributes(12), 6);
}

/// A state array that nobody reads has no room in the frame: what is left are the return
/// address, the helper table and a register, which take 16 bytes or 32.
#[test]
fn frames_have_no_unused_slots() {
    let source = b"@micropython.viper\ndef f(a: int) -> int:\n return a\n";
    for (arch, first) in
        [(Arch::RV32IMC, "c.addi16sp sp, -16"), (Arch::RV64IMC, "c.addi16sp sp, -32")]
    {
        let options = Options { arch, ..Options::default() };
        let module = compile(source, &options).expect("a right program").module;
        let Body::Viper { text, .. } = &module.root.children[0].body else { panic!("{arch:?}") };
        let cpu = Cpu::new(arch, 0).expect("a CPU with an instruction table");
        assert_eq!(disassemble(cpu, text, 0)[0].text, first);
    }
}

/// C's 32 bits are extended by sign in a register of 64, even of a type without: here
/// the signature of a function with more parameters than anybody writes, 0x9c409c40.
#[test]
fn narrow_arguments_are_extended_by_sign() {
    let names: Vec<String> = (0..20_000).map(|i| format!("a{i}: int")).collect();
    let source = format!("@micropython.viper\ndef f({}):\n pass\n", names.join(", "));
    let options = Options { arch: Arch::RV64IMC, ..Options::default() };
    let module = compile(source.as_bytes(), &options).expect("a right program").module;
    let Body::Viper { text, .. } = &module.root.children[0].body else { panic!("bytecode") };
    let cpu = Cpu::new(options.arch, 0).expect("a CPU with an instruction table");
    let lines = disassemble(cpu, text, 0);
    let made = ["lui a2, 0x9c40a", "addiw a2, a2, -960"];
    assert!(lines.windows(2).any(|pair| pair[0].text == made[0] && pair[1].text == made[1]));
}

/// An argument that later ones are called for is stored at once: it needs no
/// register beside.
#[test]
fn arguments_are_stored_at_once() {
    for arch in ARCHITECTURES {
        let function = |text: &str| sizes(&format!("def f(g, a):\n return {text}\n"), arch)[0];
        // (Plain names would be looked up by a routine.)
        let more = function("g(a.__b, a.__c, a.__d, a.__e)") - function("g(a.__b, a.__c, a.__d)");
        assert!(more <= 14, "{arch:?}: {more}");
    }
}
