//! Every opcode in every width and with every sort of constant: selection knows
//! it, register allocation passes its checker (see [`super::super::emit`]), and
//! the disassembler reads all of the code. Whole programs run on firmware; see
//! the suite.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, Function, InstBuilder, MemFlagsData, Opcode, Signature, Type, UserFuncName, Value,
    types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use mpy_format::Arch;

use super::{Cond, Jump, RiscV};
use crate::asm::{Cpu, disassemble};
use crate::native::mach::{Buffer, Entry, Reg, compile};

type B<'a> = FunctionBuilder<'a>;

fn cpu((arch, flags): (Arch, u32)) -> Cpu {
    Cpu::new(arch, flags).expect("a known architecture")
}

/// Every word length with every set of extensions.
const CPUS: [(Arch, u32); 5] = [
    (Arch::RV32IMC, 0),
    (Arch::RV32IMC, 1),
    (Arch::RV32IMC, 2),
    (Arch::RV32IMC, 3),
    (Arch::RV64IMC, 0),
];

/// Compiles a function of two words whose value `make` gives, and checks it, for all
/// CPUs whose words are not shorter than a type.
fn check(name: &str, ty: Type, make: impl Fn(&mut B<'_>, Value, Value) -> Value) {
    for which in CPUS {
        let bytes = u32::from(which.0.word_bytes());
        if ty.bytes() > bytes {
            continue;
        }
        let word = Type::int_with_byte_size(bytes as u16).expect("a word");
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params = vec![AbiParam::new(word); 2];
        signature.returns = vec![AbiParam::new(word)];
        let mut function = Function::with_name_signature(UserFuncName::default(), signature);
        let mut context = FunctionBuilderContext::new();
        let mut b = FunctionBuilder::new(&mut function, &mut context);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let [x, y] = [0, 1].map(|i| b.block_params(block)[i]);
        let value = make(&mut b, x, y);
        let value = match b.func.dfg.value_type(value) {
            ty if ty == word => value,
            _ => b.ins().uextend(word, value),
        };
        b.ins().return_(&[value]);
        b.seal_all_blocks();
        b.finalize(crate::native::target::interface(bytes, 0).frontend);
        let isa = RiscV::new(cpu(which));
        let mut out = Buffer::new(&isa);
        compile(&isa, function, Entry::default(), &mut out)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let code = out.finish().unwrap_or_else(|e| panic!("{name}: {e}"));
        for line in disassemble(cpu(which), &code, 0) {
            let text = line.text;
            assert!(!text.starts_with("data"), "{which:?} {name}: {text} in {code:02x?}");
        }
    }
}

fn word(b: &B<'_>, value: Value) -> Type {
    b.func.dfg.value_type(value)
}

fn narrow(b: &mut B<'_>, ty: Type, value: Value) -> Value {
    if ty == word(b, value) { value } else { b.ins().ireduce(ty, value) }
}

/// A constant, of which only the bits of the type count.
fn constant(b: &mut B<'_>, ty: Type, value: i64) -> Value {
    let unused = 64 - ty.bits();
    b.ins().iconst(ty, ((value << unused) as u64 >> unused) as i64)
}

const WIDTHS: [Type; 4] = [types::I8, types::I16, types::I32, types::I64];
const CONSTANTS: [i64; 24] = [
    0,
    1,
    2,
    5,
    -1,
    31,
    32,
    63,
    255,
    2047,
    2048,
    -2048,
    0xffff,
    0x7fff_f7ff,
    0x7fff_f800,
    0x7fff_ffff,
    -0x8000_0000,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x3fff_ffff_ffff_ffff,
    0x7fff_ffff_ffff_f7ff,
    -0x7fff_ffff_ffff_ffff,
    i64::MIN,
];

#[test]
fn two_operands() {
    let opcodes = [
        Opcode::Iadd,
        Opcode::Isub,
        Opcode::Imul,
        Opcode::Band,
        Opcode::Bor,
        Opcode::Bxor,
        Opcode::Ishl,
        Opcode::Ushr,
        Opcode::Sshr,
        Opcode::Rotl,
        Opcode::Rotr,
        Opcode::Smin,
        Opcode::Smax,
        Opcode::Umin,
        Opcode::Umax,
        Opcode::Udiv,
        Opcode::Urem,
        Opcode::Sdiv,
        Opcode::Srem,
        Opcode::Umulhi,
        Opcode::Smulhi,
    ];
    let binary = |b: &mut B<'_>, opcode, ty, x, y| {
        let (inst, graph) = b.ins().Binary(opcode, ty, x, y);
        graph.first_result(inst)
    };
    for opcode in opcodes {
        for ty in WIDTHS {
            check(&format!("{opcode}.{ty}"), ty, |b, x, y| {
                let (x, y) = (narrow(b, ty, x), narrow(b, ty, y));
                binary(b, opcode, ty, x, y)
            });
            for number in CONSTANTS {
                for first in [false, true] {
                    check(&format!("{opcode}.{ty} {number}"), ty, |b, x, _| {
                        let x = narrow(b, ty, x);
                        let y = constant(b, ty, number);
                        let (x, y) = if first { (y, x) } else { (x, y) };
                        binary(b, opcode, ty, x, y)
                    });
                }
            }
        }
    }
}

#[test]
fn one_operand() {
    let opcodes = [Opcode::Ineg, Opcode::Bnot, Opcode::Iabs, Opcode::Bswap];
    for opcode in opcodes {
        for ty in WIDTHS {
            if opcode == Opcode::Bswap && ty == types::I8 {
                continue;
            }
            check(&format!("{opcode}.{ty}"), ty, |b, x, _| {
                let x = narrow(b, ty, x);
                let (inst, graph) = b.ins().Unary(opcode, ty, x);
                graph.first_result(inst)
            });
        }
    }
}

#[test]
fn comparisons_and_overflow() {
    for cc in IntCC::all() {
        for ty in WIDTHS {
            for number in CONSTANTS.into_iter().map(Some).chain([None]) {
                let compare = |b: &mut B<'_>, x, y| {
                    let x = narrow(b, ty, x);
                    let y = match number {
                        Some(c) => constant(b, ty, c),
                        None => narrow(b, ty, y),
                    };
                    b.ins().icmp(*cc, x, y)
                };
                let name = format!("{cc}.{ty} {number:?}");
                check(&name, ty, compare);
                check(&name, ty, |b, x, y| {
                    let holds = compare(b, x, y);
                    b.ins().select(holds, x, y)
                });
            }
        }
    }
    for branches in [false, true] {
        check("overflow", types::I8, |b, x, y| {
            let word = word(b, x);
            let seven = b.ins().iconst(word, 7);
            let mut value = x;
            for right in [seven, y] {
                for opcode in [
                    Opcode::SaddOverflow,
                    Opcode::SsubOverflow,
                    Opcode::SmulOverflow,
                    Opcode::UaddOverflow,
                    Opcode::UsubOverflow,
                    Opcode::UmulOverflow,
                ] {
                    let (inst, graph) = b.ins().Binary(opcode, word, value, right);
                    let results = graph.inst_results(inst).to_vec();
                    let next = if branches {
                        b.ins().select(results[1], y, results[0])
                    } else {
                        let flag = b.ins().uextend(word, results[1]);
                        b.ins().iadd(flag, results[0])
                    };
                    value = next;
                }
            }
            value
        });
    }
}

#[test]
fn memory_near_and_far() {
    for offset in [0, 4, 124, 128, 252, 256, 2044, 2048, 70_000, -4, -2048, -2052] {
        check(&format!("memory {offset}"), types::I8, |b, x, y| {
            let word = word(b, x);
            let flags = MemFlagsData::trusted();
            let zero = b.ins().iconst(word, 0);
            b.ins().store(flags, y, x, offset);
            b.ins().store(flags, zero, x, offset);
            b.ins().istore8(flags, y, x, offset);
            b.ins().istore16(flags, y, x, offset);
            let parts = [
                b.ins().load(word, flags, x, offset),
                b.ins().uload8(word, flags, x, offset),
                b.ins().uload16(word, flags, x, offset),
                b.ins().sload8(word, flags, x, offset),
                b.ins().sload16(word, flags, x, offset),
            ];
            parts.into_iter().fold(y, |sum, part| b.ins().bxor(sum, part))
        });
        check(&format!("halves {offset}"), types::I64, |b, x, y| {
            let flags = MemFlagsData::trusted();
            b.ins().istore32(flags, y, x, offset);
            let half = b.ins().ireduce(types::I32, y);
            b.ins().store(flags, half, x, offset);
            let half = b.ins().load(types::I32, flags, x, offset);
            let half = b.ins().uextend(types::I64, half);
            let parts = [b.ins().uload32(flags, x, offset), b.ins().sload32(flags, x, offset)];
            parts.into_iter().fold(half, |sum, part| b.ins().bxor(sum, part))
        });
    }
}

/// The shortest form reaches as far as the manual says, and a longer one beyond.
#[test]
fn jumps_by_reach() {
    let isa = RiscV::new(cpu(CPUS[0]));
    let shortest = |jump, distance: i32| {
        let from = 0x4000_0000u32;
        let to = from.wrapping_add_signed(distance);
        let code = (0..5).find_map(|form| isa.code_of_jump(jump, form, from, to));
        code.map_or(0, |code| code.len())
    };
    let near = Jump::On(Cond::Eq, Reg(8), Reg(0));
    let far = Jump::On(Cond::Ltu, Reg(18), Reg(19));
    for (jump, distance, bytes) in [
        (Jump::Always, 2046, 2),
        (Jump::Always, -2048, 2),
        (Jump::Always, 2048, 4),
        (Jump::Always, -0x10_0000, 4),
        (Jump::Always, 0x10_0000, 8),
        (Jump::Link, 2046, 2),
        (Jump::Link, 0x10_0000, 8),
        (near, 254, 2),
        (near, 256, 4),
        (near, 4094, 4),
        (near, 4096, 6),
        (near, -0x20_0000, 10),
        (far, 254, 4),
        (far, 4096, 8),
        (far, 0x20_0000, 12),
    ] {
        assert_eq!(shortest(jump, distance), bytes, "{jump:?} {distance}");
    }
}

/// RV64 has no short call: its code is that of `c.addiw`.
#[test]
fn calls_are_four_bytes_where_words_are_eight() {
    let isa = RiscV::new(cpu((Arch::RV64IMC, 0)));
    assert_eq!(isa.bytes_of_jump(Jump::Link, 0), Some(4));
    assert_eq!(isa.bytes_of_jump(Jump::Always, 0), Some(2));
}
