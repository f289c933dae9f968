//! What the lowering and the middle end make, run by Cranelift's interpreter.
//!
//! Functions of small integers are lowered for a machine that does not exist, with words
//! of 64 bits and no stubs. A caller in CLIF lays out what the runtime would: function
//! object, module context, constants, helper table and arguments. The helpers are CLIF as
//! well. What the functions give, with the middle end and without, is compared with what
//! CPython gives.

use std::process::Command;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I32, I64};
use cranelift_codegen::ir::{
    AbiParam, ExtFuncData, ExternalName, Function, InstBuilder, MemFlagsData, Signature,
    StackSlotData, StackSlotKind, UserExternalName, UserFuncName, Value,
};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_interpreter::environment::FunctionStore;
use cranelift_interpreter::interpreter::{Interpreter, InterpreterState};
use cranelift_interpreter::step::ControlFlow;
use mpy_format::{Arch, BinaryOp, Helper, UnaryOp};
use target_lexicon::PointerWidth;

use super::mach::optimised;
use super::{Machine, Named, Unit};
use crate::bytecode::{Counts, Konsts, Names, Uses};
use crate::clif::{self, Abi};
use crate::hir::ScopeKind;
use crate::{Options, lower};

const SOURCE: &str = include_str!("interpreted.py");

/// Arguments, each with each.
const NUMBERS: [i64; 7] = [-1000, -7, 0, 1, 6, 48, 1023];

/// What the functions see as `None`, `False` and `True`.
const SINGLETONS: [i64; 3] = [6, 14, 22];

type B<'a> = FunctionBuilder<'a>;

fn frontend() -> TargetFrontendConfig {
    TargetFrontendConfig {
        default_call_conv: CallConv::SystemV,
        pointer_width: PointerWidth::U64,
        page_size_align_log2: 12,
    }
}

/// Names in the interpreter's store are those of this number.
fn name(number: u32) -> UserFuncName {
    UserFuncName::User(UserExternalName::new(0, number))
}

/// A function of these parameters; `make` gives its result.
fn function(
    number: u32,
    params: &[cranelift_codegen::ir::Type],
    result: cranelift_codegen::ir::Type,
    make: impl FnOnce(&mut B<'_>, &[Value]) -> Value,
) -> Function {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params = params.iter().map(|&ty| AbiParam::new(ty)).collect();
    signature.returns = vec![AbiParam::new(result)];
    let mut function = Function::with_name_signature(name(number), signature);
    let mut context = FunctionBuilderContext::new();
    let mut b = FunctionBuilder::new(&mut function, &mut context);
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    let values = b.block_params(block).to_vec();
    let value = make(&mut b, &values);
    b.ins().return_(&[value]);
    b.seal_all_blocks();
    b.finalize(frontend());
    function
}

fn tag(b: &mut B<'_>, number: Value) -> Value {
    let shifted = b.ins().ishl_imm_s(number, 1);
    b.ins().bor_imm_s(shifted, 1)
}

fn boolean(b: &mut B<'_>, truth: Value) -> Value {
    let [yes, no] = [2, 1].map(|i| b.ins().iconst(I64, SINGLETONS[i]));
    b.ins().select(truth, yes, no)
}

/// Rounded down, and what remains then.
fn divided(b: &mut B<'_>, x: Value, y: Value) -> [Value; 2] {
    let (quotient, rest) = (b.ins().sdiv(x, y), b.ins().srem(x, y));
    let signs = b.ins().bxor(rest, y);
    let apart = b.ins().icmp_imm_s(IntCC::SignedLessThan, signs, 0);
    let some = b.ins().icmp_imm_s(IntCC::NotEqual, rest, 0);
    let off = b.ins().band(apart, some);
    let (less, more) = (b.ins().iadd_imm_s(quotient, -1), b.ins().iadd(rest, y));
    [b.ins().select(off, less, quotient), b.ins().select(off, more, rest)]
}

/// `x op y` of objects that are small integers; 0, which no object is, for other operators.
fn binary(b: &mut B<'_>, args: &[Value]) -> Value {
    let [op, x, y] = [args[0], args[1], args[2]];
    let [x, y] = [x, y].map(|value| b.ins().sshr_imm_s(value, 1));
    // A divisor that traps must not stand in the way of the other operators.
    let zero = b.ins().icmp_imm_s(IntCC::Equal, y, 0);
    let one = b.ins().iconst(I64, 1);
    let divisor = b.ins().select(zero, one, y);
    let [quotient, rest] = divided(b, x, divisor);
    let mut result = b.ins().iconst(I64, 0);
    for number in 0..=u8::MAX {
        let Some(which) = BinaryOp::from_number(number) else { continue };
        use BinaryOp::*;
        let mut compared = |code| {
            let truth = b.ins().icmp(code, x, y);
            boolean(b, truth)
        };
        let value = match which {
            Less => compared(IntCC::SignedLessThan),
            More => compared(IntCC::SignedGreaterThan),
            Equal => compared(IntCC::Equal),
            LessEqual => compared(IntCC::SignedLessThanOrEqual),
            MoreEqual => compared(IntCC::SignedGreaterThanOrEqual),
            NotEqual => compared(IntCC::NotEqual),
            _ => {
                let number = match which {
                    Or | InplaceOr => b.ins().bor(x, y),
                    Xor | InplaceXor => b.ins().bxor(x, y),
                    And | InplaceAnd => b.ins().band(x, y),
                    Lshift | InplaceLshift => b.ins().ishl(x, y),
                    Rshift | InplaceRshift => b.ins().sshr(x, y),
                    Add | InplaceAdd => b.ins().iadd(x, y),
                    Subtract | InplaceSubtract => b.ins().isub(x, y),
                    Multiply | InplaceMultiply => b.ins().imul(x, y),
                    FloorDivide | InplaceFloorDivide => quotient,
                    Modulo | InplaceModulo => rest,
                    _ => continue,
                };
                tag(b, number)
            }
        };
        let chosen = b.ins().icmp_imm_s(IntCC::Equal, op, i64::from(number));
        result = b.ins().select(chosen, value, result);
    }
    result
}

fn unary(b: &mut B<'_>, args: &[Value]) -> Value {
    let [op, x] = [args[0], args[1]];
    let x = b.ins().sshr_imm_s(x, 1);
    let mut result = b.ins().iconst(I64, 0);
    for which in [UnaryOp::Positive, UnaryOp::Negative, UnaryOp::Invert, UnaryOp::Not] {
        let value = match which {
            UnaryOp::Negative => b.ins().ineg(x),
            UnaryOp::Invert => b.ins().bnot(x),
            _ => x,
        };
        let value = match which {
            UnaryOp::Not => {
                let truth = b.ins().icmp_imm_s(IntCC::Equal, x, 0);
                boolean(b, truth)
            }
            _ => tag(b, value),
        };
        let chosen = b.ins().icmp_imm_s(IntCC::Equal, op, which as i64);
        result = b.ins().select(chosen, value, result);
    }
    result
}

fn is_true(b: &mut B<'_>, args: &[Value]) -> Value {
    let x = args[0];
    let mut truth = b.ins().icmp_imm_s(IntCC::NotEqual, x, 1);
    for not in [SINGLETONS[0], SINGLETONS[1]] {
        let other = b.ins().icmp_imm_s(IntCC::NotEqual, x, not);
        truth = b.ins().band(truth, other);
    }
    truth
}

/// The helpers that the functions need, by their numbers.
fn helpers() -> Vec<Function> {
    let from_object = |b: &mut B<'_>, args: &[Value]| b.ins().sshr_imm_s(args[0], 1);
    let to_object = |b: &mut B<'_>, args: &[Value]| tag(b, args[0]);
    vec![
        function(Helper::NativeFromObj as u32, &[I64, I64], I64, from_object),
        function(Helper::NativeToObj as u32, &[I64, I64], I64, to_object),
        function(Helper::BinaryOp as u32, &[I32, I64, I64], I64, binary),
        function(Helper::UnaryOp as u32, &[I32, I64], I64, unary),
        function(Helper::SmallIntFloorDivide as u32, &[I64, I64], I64, |b, args| {
            divided(b, args[0], args[1])[0]
        }),
        function(Helper::SmallIntModulo as u32, &[I64, I64], I64, |b, args| {
            divided(b, args[0], args[1])[1]
        }),
        function(Helper::ObjIsTrue as u32, &[I64], I8, is_true),
    ]
}

/// Numbers of the function under test and of its caller, behind those of the helpers.
const TESTED: u32 = 100;
const CALLER: u32 = 101;

/// Lays everything out in its frame and calls the function under test with its arguments.
fn caller(helpers: &[Function]) -> Function {
    function(CALLER, &[I64, I64], I64, |b, args| {
        let mut words = |count: u32| {
            let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, 8 * count, 3);
            let slot = b.create_sized_stack_slot(slot);
            b.ins().stack_addr(I64, slot, 0)
        };
        let [fun, context, constants] = [4, 4, 1].map(&mut words);
        let (table, arguments) = (words(Helper::ALL.len() as u32), words(2));
        let put = |b: &mut B<'_>, value, at, word: i32| {
            b.ins().store(MemFlagsData::trusted(), value, at, 8 * word);
        };
        put(b, context, fun, 1);
        put(b, constants, context, 3);
        put(b, table, constants, 0);
        for (i, singleton) in SINGLETONS.into_iter().enumerate() {
            let value = b.ins().iconst(I64, singleton);
            put(b, value, table, i as i32);
        }
        let declare = |b: &mut B<'_>, number, signature: Signature| {
            let name = b.func.declare_imported_user_function(UserExternalName::new(0, number));
            let signature = b.import_signature(signature);
            let name = ExternalName::user(name);
            b.import_function(ExtFuncData { name, signature, colocated: false, patchable: false })
        };
        for helper in helpers {
            let UserFuncName::User(UserExternalName { index, .. }) = helper.name else { continue };
            let reference = declare(b, index, helper.signature.clone());
            let address = b.ins().func_addr(I64, reference);
            put(b, address, table, index as i32);
        }
        for (i, &arg) in args.iter().enumerate() {
            let object = tag(b, arg);
            put(b, object, arguments, i as i32);
        }
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params = vec![AbiParam::new(I64); 4];
        signature.returns = vec![AbiParam::new(I64)];
        let tested = declare(b, TESTED, signature);
        let [two, none] = [2, 0].map(|n| b.ins().iconst(I64, n));
        let call = b.ins().call(tested, &[fun, two, none, arguments]);
        b.inst_results(call)[0]
    })
}

/// A function of the source, by its name.
fn lowered() -> Vec<(String, Function)> {
    let options = Options { arch: Arch::X64, ..Options::default() };
    let mut module = lower(SOURCE.as_bytes(), &options).expect("it compiles").module;
    let machine = Machine::new(&mut module, &options).expect("there is one");
    let names = Names::intern(&mut module.symbols);
    let (mut konsts, mut counts) = (Konsts::default(), Counts::new(module.symbols.len()));
    let abi = Abi {
        bytes: 8,
        nlr_words: 0,
        frontend: frontend(),
        frame_bias: 0,
        table: None,
        table_register: false,
        state_at_once: false,
        routines: false,
        float: None,
        thrift: 1.0,
    };
    let module = &module;
    let scopes = module.scopes().filter(|(_, scope)| scope.kind == ScopeKind::Function);
    let functions = scopes.map(|(id, scope)| {
        let mut uses = Uses::new(&mut counts, &mut konsts, &names);
        let Ok(Unit::Native(native)) = machine.compile(module, id, &mut uses) else {
            panic!("no machine code for {}", module.display(scope.name));
        };
        let named = Named::default();
        let lowered = clif::lower(&clif::Input { abi, ..native.input(&named) }).expect("lowered");
        (module.display(scope.name).to_string(), lowered.function)
    });
    functions.collect()
}

/// What the function gives for two numbers.
fn interpreted(tested: &Function, caller: &Function, helpers: &[Function], args: [i64; 2]) -> i64 {
    let mut store = FunctionStore::default();
    helpers.iter().chain([caller, tested]).for_each(|f| store.add(f.name.to_string(), f));
    let state = InterpreterState::default().with_function_store(store);
    let mut interpreter = Interpreter::new(state).with_fuel(Some(10_000_000));
    let args = args.map(cranelift_codegen::data_value::DataValue::I64);
    match interpreter.call_by_name(&caller.name.to_string(), &args) {
        Ok(ControlFlow::Return(values)) => match values[..] {
            [cranelift_codegen::data_value::DataValue::I64(object)] if object & 1 == 1 => {
                object >> 1
            }
            _ => panic!("{values:?} is no small integer"),
        },
        other => panic!("{args:?}: {other:?} in\n{tested}"),
    }
}

/// What CPython gives: a line for each function and pair of arguments.
fn expected() -> String {
    let pretend = "import sys, types\n\
                   m = sys.modules['micropython'] = types.ModuleType('micropython')\n\
                   m.native = m.viper = lambda f: f\n";
    let show = format!(
        "for f in list(vars().values()):\n\
         \x20   if isinstance(f, types.FunctionType) and f is not m.native:\n\
         \x20       for a in {NUMBERS:?}:\n\
         \x20           for b in {NUMBERS:?}:\n\
         \x20               print(f.__name__, a, b, f(a, b))\n"
    );
    let program = format!("{pretend}{SOURCE}\n{show}");
    let output = Command::new("python3").args(["-c", &program]).output().expect("python3 starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_lowering_and_the_middle_end_keep_the_meaning() {
    let helpers = helpers();
    let caller = caller(&helpers);
    let (mut plain, mut through) = (String::new(), String::new());
    for (shown, mut function) in lowered() {
        function.name = name(TESTED);
        let middle = optimised(function.clone()).expect("the middle end takes it");
        for a in NUMBERS {
            for b in NUMBERS {
                for (function, out) in [(&function, &mut plain), (&middle, &mut through)] {
                    let result = interpreted(function, &caller, &helpers, [a, b]);
                    out.push_str(&format!("{shown} {a} {b} {result}\n"));
                }
            }
        }
    }
    let expected = expected();
    assert_eq!(expected.lines().count(), 11 * NUMBERS.len() * NUMBERS.len());
    for (what, got) in [("lowered", plain), ("optimised", through)] {
        for (got, expected) in got.lines().zip(expected.lines()) {
            assert_eq!(got, expected, "{what}");
        }
        assert_eq!(got.lines().count(), expected.lines().count());
    }
}
