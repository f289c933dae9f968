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

use super::{Cond, Jump, Rv32};
use crate::asm::{Cpu, disassemble};
use crate::native::mach::{Buffer, Entry, Reg, compile};

type B<'a> = FunctionBuilder<'a>;

fn cpu(flags: u32) -> Cpu {
    Cpu::new(Arch::RV32IMC, flags).expect("a known architecture")
}

/// Compiles a function of two words whose value `make` gives, and checks it.
fn check(name: &str, make: impl Fn(&mut B<'_>, Value, Value) -> Value) {
    for flags in 0..4 {
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params = vec![AbiParam::new(types::I32); 2];
        signature.returns = vec![AbiParam::new(types::I32)];
        let mut function = Function::with_name_signature(UserFuncName::default(), signature);
        let mut context = FunctionBuilderContext::new();
        let mut b = FunctionBuilder::new(&mut function, &mut context);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let [x, y] = [0, 1].map(|i| b.block_params(block)[i]);
        let value = make(&mut b, x, y);
        let value = match b.func.dfg.value_type(value) {
            types::I32 => value,
            _ => b.ins().uextend(types::I32, value),
        };
        b.ins().return_(&[value]);
        b.seal_all_blocks();
        b.finalize(crate::native::target::word32(0).frontend);
        let isa = Rv32::new(cpu(flags));
        let mut out = Buffer::new(&isa);
        compile(&isa, function, Entry::default(), &mut out)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let code = out.finish().unwrap_or_else(|e| panic!("{name}: {e}"));
        for line in disassemble(cpu(flags), &code, 0) {
            assert!(!line.text.starts_with("data"), "{name}: {} in {code:02x?}", line.text);
        }
    }
}

fn narrow(b: &mut B<'_>, ty: Type, value: Value) -> Value {
    if ty == types::I32 { value } else { b.ins().ireduce(ty, value) }
}

const WIDTHS: [Type; 3] = [types::I8, types::I16, types::I32];
const CONSTANTS: [i64; 14] =
    [0, 1, 2, 5, -1, 31, 32, 255, 2047, 2048, -2048, 0xffff, 0x7fff_ffff, -0x8000_0000];

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
    ];
    let binary = |b: &mut B<'_>, opcode, ty, x, y| {
        let (inst, graph) = b.ins().Binary(opcode, ty, x, y);
        graph.first_result(inst)
    };
    for opcode in opcodes {
        for ty in WIDTHS {
            check(&format!("{opcode}.{ty}"), |b, x, y| {
                let (x, y) = (narrow(b, ty, x), narrow(b, ty, y));
                binary(b, opcode, ty, x, y)
            });
            for constant in CONSTANTS {
                for first in [false, true] {
                    check(&format!("{opcode}.{ty} {constant}"), |b, x, _| {
                        let x = narrow(b, ty, x);
                        let bits = ty.bits();
                        let fit = constant & ((1i64 << bits) - 1);
                        let y = b.ins().iconst(ty, fit);
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
            check(&format!("{opcode}.{ty}"), |b, x, _| {
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
            for constant in CONSTANTS.into_iter().map(Some).chain([None]) {
                let compare = |b: &mut B<'_>, x, y| {
                    let x = narrow(b, ty, x);
                    let y = match constant {
                        Some(c) => b.ins().iconst(ty, c & ((1i64 << ty.bits()) - 1)),
                        None => narrow(b, ty, y),
                    };
                    b.ins().icmp(*cc, x, y)
                };
                let name = format!("{cc}.{ty} {constant:?}");
                check(&name, compare);
                check(&name, |b, x, y| {
                    let holds = compare(b, x, y);
                    b.ins().select(holds, x, y)
                });
            }
        }
    }
    for branches in [false, true] {
        check("overflow", |b, x, y| {
            let seven = b.ins().iconst(types::I32, 7);
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
                    let (inst, graph) = b.ins().Binary(opcode, types::I32, value, right);
                    let results = graph.inst_results(inst).to_vec();
                    let next = if branches {
                        b.ins().select(results[1], y, results[0])
                    } else {
                        let flag = b.ins().uextend(types::I32, results[1]);
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
        check(&format!("memory {offset}"), |b, x, y| {
            let flags = MemFlagsData::trusted();
            let zero = b.ins().iconst(types::I32, 0);
            b.ins().store(flags, y, x, offset);
            b.ins().store(flags, zero, x, offset);
            b.ins().istore8(flags, y, x, offset);
            b.ins().istore16(flags, y, x, offset);
            let parts = [
                b.ins().load(types::I32, flags, x, offset),
                b.ins().uload8(types::I32, flags, x, offset),
                b.ins().uload16(types::I32, flags, x, offset),
                b.ins().sload8(types::I32, flags, x, offset),
                b.ins().sload16(types::I32, flags, x, offset),
            ];
            parts.into_iter().fold(y, |sum, part| b.ins().bxor(sum, part))
        });
    }
}

/// The shortest form reaches as far as the manual says, and a longer one beyond.
#[test]
fn jumps_by_reach() {
    let isa = Rv32::new(cpu(0));
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
