//! The inline assemblers: encodings against GNU's, and errors.

use hognose_compiler::asm::{Cpu, disassemble};
use hognose_compiler::{Options, compile};
use mpy_format::{Arch, Body, RawCode};

fn options(arch: Arch) -> Options {
    Options { arch, arch_flags: if arch == Arch::RV32IMC { 3 } else { 0 }, ..Options::default() }
}

fn find(code: &RawCode) -> Option<(Vec<u8>, u32, u32)> {
    match &code.body {
        Body::Asm { text, n_pos_args, type_sig, .. } => {
            Some((text.clone(), *n_pos_args, *type_sig))
        }
        _ => code.children.iter().find_map(find),
    }
}

/// The machine code of a function with this head and body.
fn assemble(arch: Arch, head: &str, body: &[&str]) -> Result<(Vec<u8>, u32, u32), Vec<String>> {
    let name = if arch == Arch::RV32IMC { "asm_rv32" } else { "asm_thumb" };
    let lines: String = body.iter().map(|line| format!("    {line}\n")).collect();
    let source = format!("@micropython.{name}\ndef f{head}:\n{lines}");
    match compile(source.as_bytes(), &options(arch)) {
        Ok(compiled) => Ok(find(&compiled.module.root).expect("an assembler function")),
        Err(errors) => Err(errors
            .iter()
            .map(|e| format!("{}: {}", &source[e.span.range()], e.message))
            .collect()),
    }
}

/// The body disassembled, without entry and exit.
fn listing(arch: Arch, body: &[&str]) -> Vec<String> {
    let (code, ..) = assemble(arch, "()", body).expect("it assembles");
    let cpu = Cpu::new(arch, 3).expect("a table");
    let mut lines: Vec<String> =
        disassemble(cpu, &code, 0).into_iter().map(|line| line.text).collect();
    if arch == Arch::RV32IMC {
        assert_eq!(lines.pop().as_deref(), Some("c.jr ra"));
    } else {
        assert_eq!(lines.remove(0), "push {r1, r4, r5, r6, r7, lr}");
        assert_eq!(lines.pop().as_deref(), Some("pop {r1, r4, r5, r6, r7, pc}"));
    }
    lines
}

#[test]
fn thumb_forms_that_the_manual_documents() {
    let body = [
        "mov(r0, 200)",
        "mov(r8, r1)",
        "movw(r3, 0x1234)",
        "movt(r3, 0xabcd)",
        "add(r0, r1, 7)",
        "sub(r0, 255)",
        "adc(r1, r2)",
        "neg(r3, r4)",
        "mul(r0, r1)",
        "sdiv(r0, r1, r2)",
        "cmp(r0, 1)",
        "tst(r0, r1)",
        "and_(r0, r1)",
        "lsl(r0, r1, 3)",
        "clz(r9, r2)",
        "ldr(r0, [r1, 124])",
        "strh(r0, [r1, 62])",
        "ldrb(r2, [r3, 31])",
        "push({r1, r8, lr})",
        "pop({r1, r8, pc})",
        "mrs(r0, BASEPRI)",
        "cpsid(i)",
        "wfi()",
        "bx(lr)",
    ];
    let expected = [
        "movs r0, #200",
        "mov r8, r1",
        "movw r3, #4660",
        "movt r3, #43981",
        "adds r0, r1, #7",
        "subs r0, #255",
        "adcs r1, r2",
        "negs r3, r4",
        "muls r0, r1",
        "sdiv r0, r1, r2",
        "cmp r0, #1",
        "tst r0, r1",
        "ands r0, r1",
        "lsls r0, r1, #3",
        "clz r9, r2",
        "ldr r0, [r1, #124]",
        "strh r0, [r1, #62]",
        "ldrb r2, [r3, #31]",
        "push.w {r1, r8, lr}",
        "pop.w {r1, r8, pc}",
        "mrs r0, BASEPRI",
        "cpsid i",
        "wfi",
        "bx lr",
    ];
    assert_eq!(listing(Arch::ArmV7M, &body), expected);
}

#[test]
fn thumb_forms_that_users_ask_for() {
    let body = [
        "add(r0, r1)",
        "add(r8, r1)",
        "ldr(r0, [r1, r2])",
        "ldrsb(r0, [r1, r2])",
        "uxtb(r0, r1)",
        "rev(r0, r1)",
        "umull(r0, r1, r2, r3)",
        "mla(r0, r1, r2, r3)",
        "ubfx(r0, r1, 4, 8)",
        "bfi(r0, r1, 4, 8)",
        "tbb([pc, r0])",
        "ldm(r0, {r1, r2})",
        "stm_wb(r0, {r1, r2})",
        "blx(r3)",
        "dsb()",
        "vfma(s0, s1, s2)",
        "vabs(s3, s4)",
        "add(r0, sp, 16)",
        "sub(sp, 8)",
        "ldr(r0, [sp, 4])",
        "add(r0, r1, r2, lsl(2))",
        "ldr(r0, [r1], 4)",
        "and_(r0, r1, 0xff00ff)",
    ];
    let expected = [
        "adds r0, r0, r1",
        "add r8, r1",
        "ldr r0, [r1, r2]",
        "ldrsb r0, [r1, r2]",
        "uxtb r0, r1",
        "rev r0, r1",
        "umull r0, r1, r2, r3",
        "mla r0, r1, r2, r3",
        "ubfx r0, r1, #4, #8",
        "bfi r0, r1, #4, #8",
        "tbb [pc, r0]",
        "ldmia.w r0, {r1, r2}",
        "stmia r0!, {r1, r2}",
        "blx r3",
        "dsb sy",
        "vfma.f32 s0, s1, s2",
        "vabs.f32 s3, s4",
        "add r0, sp, #16",
        "sub sp, #8",
        "ldr r0, [sp, #4]",
        "adds.w r0, r1, r2, lsl #2",
        "ldr.w r0, [r1], #4",
        "ands.w r0, r1, #16711935",
    ];
    assert_eq!(listing(Arch::ArmV7EMSP, &body), expected);
}

#[test]
fn it_blocks_and_labels() {
    let body = ["cmp(r0, r1)", "ittee(lt)", "nop()", "nop()", "nop()", "nop()"];
    assert_eq!(listing(Arch::ArmV7M, &body)[1], "ittee lt");
    let body = ["label(top)", "cbz(r0, end)", "sub(r0, 1)", "b(top)", "label(end)"];
    let expected = ["cbz r0, 0x8", "subs r0, #1", "b.n 0x2"];
    assert_eq!(listing(Arch::ArmV7M, &body), expected);
}

#[test]
fn far_branches_take_the_wide_form() {
    let mut body = vec!["beq(end)"];
    body.extend(["nop()"; 200]);
    body.push("label(end)");
    assert_eq!(listing(Arch::ArmV7M, &body)[0], "beq.w 0x196");
    // ARMv6-M has none.
    let errors = assemble(Arch::ArmV6M, "()", &body).expect_err("too far");
    assert_eq!(errors, ["end: branch not in range"]);
}

#[test]
fn directives_and_constants() {
    let source = "from micropython import const\nN = const(5)\n@micropython.asm_thumb\n\
                  def f(r0) -> uint:\n    data(1, 1, 2, N)\n    align(4)\n    data(4, -2)\n";
    let compiled = compile(source.as_bytes(), &options(Arch::ArmV7M)).expect("it compiles");
    let (code, params, result) = find(&compiled.module.root).expect("an assembler function");
    assert_eq!(code[2..12], [1, 2, 5, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff][..]);
    assert_eq!((params, result), (1, 3));
}

#[test]
fn rv32_forms() {
    let body = [
        "li(a0, 5)",
        "li(a0, 500)",
        "li(a0, 0x12345678)",
        "lw(a0, -4(sp))",
        "sw(a0, 8(sp))",
        "c_lw(a0, 4(a1))",
        "and_(a0, a1, a2)",
        "mv(a0, s3)",
        "sh1add(a0, a1, a2)",
        "cm_push({ra, s0 - s2}, -16)",
        "csrrw(a0, a1, 0x340)",
    ];
    let expected = [
        "c.li a0, 5",
        "addi a0, zero, 500",
        "lui a0, 0x12345",
        "addi a0, a0, 1656",
        "lw a0, -4(sp)",
        "sw a0, 8(sp)",
        "c.lw a0, 4(a1)",
        "and a0, a1, a2",
        "c.mv a0, s3",
        "sh1add a0, a1, a2",
        "cm.push {ra, s0-s2}, -16",
        "csrrw a0, 0x340, a1",
    ];
    assert_eq!(listing(Arch::RV32IMC, &body), expected);
}

#[test]
fn errors_stand_at_the_operand_that_is_to_blame() {
    for (arch, line, expected) in [
        (Arch::ArmV7M, "mov(r0, 256 + 1000)", None),
        (Arch::ArmV7M, "lsl(r0, r1, 32)", Some("32: 'lsl': the operand must be from 0 to 31")),
        (Arch::ArmV7M, "frob(r0)", Some("frob(r0): unsupported Thumb instruction 'frob'")),
        (Arch::ArmV7M, "b(nowhere)", Some("nowhere: label not defined")),
        (Arch::ArmV7M, "ldr(r0, r1, 3)", Some("3: 'ldr': takes fewer operands")),
        (
            Arch::ArmV6M,
            "sdiv(r0, r1, r2)",
            Some(
                "sdiv(r0, r1, r2): 'sdiv' with these operands needs ARMv7-M, which the target lacks",
            ),
        ),
        (
            Arch::ArmV7M,
            "vadd(s0, s1, s2)",
            Some(
                "vadd(s0, s1, s2): 'vadd' with these operands needs a floating point unit, which \
                 the target lacks",
            ),
        ),
        (
            Arch::RV32IMC,
            "addi(a0, a0, 4096)",
            Some("4096: 'addi': the operand must be from -2048 to 2047"),
        ),
    ] {
        match (assemble(arch, "()", &[line]), expected) {
            (Ok(_), None) => {}
            (Err(errors), Some(expected)) => assert_eq!(errors, [expected], "{line}"),
            (result, _) => panic!("{line}: {result:?}"),
        }
    }
}

#[test]
fn parameters_are_registers_in_sequence() {
    let errors = assemble(Arch::ArmV7M, "(r0, r2)", &["nop()"]).expect_err("wrong register");
    assert_eq!(errors, ["r2: parameters must be registers in sequence r0 to r3"]);
    let (_, params, result) = assemble(Arch::RV32IMC, "(a0, a1) -> bool", &["pass"]).expect("ok");
    assert_eq!((params, result), (2, 1));
}
