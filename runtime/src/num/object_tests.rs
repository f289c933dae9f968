//! Operators, functions and modules of numbers in a `Vm`, against CPython.

extern crate std;

use std::{format, string::String, vec, vec::Vec};

use super::oracle::table;
use crate::modules;
use crate::ops::{BinaryOp, UnaryOp};
use crate::port::Port;
use crate::{Options, Res, Value, Vm};

struct Nothing;

impl Port for Nothing {
    fn stdout(&self, _text: &[u8]) {}
}

/// Runs a test in a fresh world.
fn with(f: impl FnOnce(&Vm)) {
    let mut region = vec![0; 4 << 20];
    Vm::with(&Nothing, &mut region, Options { stack: 1 << 20, ..Options::default() }, f);
}

/// A literal of the tables: int, float, complex, bool or `b'hex'`.
fn value(vm: &Vm, text: &str) -> Value {
    match text {
        "True" => Value::TRUE,
        "False" => Value::FALSE,
        _ if text.ends_with('j') => {
            let (real, imag) = text.trim_end_matches('j').split_once(',').unwrap();
            let part = |s: &str| vm.parse_float(s.as_bytes()).unwrap();
            vm.new_complex((part(real), part(imag))).unwrap()
        }
        _ if text.contains(['.', 'e', 'n']) => {
            vm.new_float(vm.parse_float(text.as_bytes()).unwrap()).unwrap()
        }
        _ => vm.parse_int(text.as_bytes(), 10).unwrap(),
    }
}

/// The `repr` of a result, or the name of the exception's type.
fn shown(vm: &Vm, result: Res) -> String {
    let v = match result {
        Ok(v) => v,
        Err(raised) => {
            let e = vm.take_exception(raised);
            return format!("!{}", String::from_utf8_lossy(vm.qstr_bytes(vm.type_of(e).name)));
        }
    };
    let text = vm.repr(v).unwrap();
    String::from_utf8(vm.str_bytes(text).unwrap().to_vec()).unwrap()
}

const NUMBERS: &str = "
import random, math
random.seed(11)
def integer():
    kind = random.randrange(7)
    n = random.getrandbits(random.choice([1, 4, 20, 31, 32, 53, 60, 62, 63, 64, 100, 300]))
    if kind == 0: n = 1 << random.choice([29, 30, 31, 52, 53, 54, 61, 62, 63, 64, 128])
    if kind == 1: n = (1 << random.choice([30, 31, 53, 62, 63, 64])) - 1
    return random.choice([n, -n])
def real():
    return random.choice([0.0, -0.0, 1.0, -1.0, 0.5, 1e16, -1e300, 5e-324, math.inf, -math.inf, math.nan,
        random.random(), random.uniform(-100, 100), float(integer()), random.gauss(0, 1) * 10 ** random.randrange(-30, 30)])
def write(v):
    if isinstance(v, complex): return '%r,%rj' % (v.real, v.imag)
    return repr(v)
def shown(f):
    try: return repr(f())
    except (ZeroDivisionError, OverflowError, ValueError, TypeError, IndexError) as e: return '!' + type(e).__name__
";

const OPERATORS: [(&str, BinaryOp); 17] = [
    ("+", BinaryOp::Add),
    ("-", BinaryOp::Sub),
    ("*", BinaryOp::Mul),
    ("//", BinaryOp::FloorDiv),
    ("%", BinaryOp::Mod),
    ("/", BinaryOp::TrueDiv),
    ("**", BinaryOp::Pow),
    ("&", BinaryOp::And),
    ("|", BinaryOp::Or),
    ("^", BinaryOp::Xor),
    ("<<", BinaryOp::Shl),
    (">>", BinaryOp::Shr),
    ("<", BinaryOp::Less),
    (">", BinaryOp::More),
    ("<=", BinaryOp::LessEqual),
    (">=", BinaryOp::MoreEqual),
    ("==", BinaryOp::Equal),
];

fn operators(script: &str, scale: u32) {
    let script = format!("{NUMBERS}\n{script}");
    with(|vm| {
        for row in table(&script, scale) {
            let [sign, a, b, expected] = &row[..] else { panic!("{row:?}") };
            let (_, op) = OPERATORS.iter().find(|(name, _)| name == sign).unwrap();
            let result = vm.binary(*op, value(vm, a), value(vm, b));
            assert_eq!(&shown(vm, result), expected, "{a} {sign} {b}");
        }
    });
}

#[test]
fn ints() {
    operators(
        "
for i in range(N):
    op = random.choice('+ - * // % / & | ^ < > <= >= == << >> **'.split())
    a, b = integer(), integer()
    if i % 9 == 0: a = random.choice([True, False])
    if i % 7 == 0: b = random.choice([True, False, a])
    if op in ('<<', '>>'): b = random.randrange(-2, 150)
    if op == '**': b = random.randrange(9) if i % 5 else -3; a = a if b >= 0 else random.choice([-2, 1, 4, 0])
    if op in ('/', '**') and b <= 0 and abs(a) > 2 ** 900: continue
    print(op, a, b, shown(lambda: eval('a %s b' % op)), sep='\\t')
",
        6_000,
    );
}

#[test]
fn floats() {
    operators(
        "
for i in range(N):
    op = random.choice('+ - * // % / < > <= >= =='.split())
    a, b = random.choice([(real(), real()), (real(), integer()), (integer(), real())])
    if i % 7 == 0 and isinstance(a, int): b = float(a)
    r = shown(lambda: eval('a %s b' % op))
    print(op, write(a), write(b), r, sep='\\t')
",
        6_000,
    );
}

#[test]
fn complexes() {
    operators(
        "
for i in range(N):
    op = random.choice('+ - * == / **'.split())
    a = complex(random.randrange(-9, 9), random.randrange(-9, 9))
    b = random.choice([complex(random.randrange(-9, 9), random.randrange(-9, 9)), random.randrange(-4, 9), 0.5 * random.randrange(-9, 9)])
    if op == '/': b = complex(random.choice([1, 2, -4, 0.5]), 0) * random.choice([1, 1j])
    if op == '**': b = random.randrange(0, 6)
    if op != '==' and 0 in (complex(b).real, complex(b).imag, a.real, a.imag): continue
    print(op, write(a), write(b), shown(lambda: eval('a %s b' % op)), sep='\\t')
",
        4_000,
    );
}

#[test]
fn of_one_number() {
    let script = format!(
        "{NUMBERS}
for i in range(N):
    v = random.choice([integer, real])()
    h = hash(v)
    print(write(v), repr(-v), repr(abs(v)), repr(bool(v)), h, repr(float(v)) if isinstance(v, int) else shown(lambda: int(v)), sep='\\t')"
    );
    with(|vm| {
        for row in table(&script, 5_000) {
            let v = value(vm, &row[0]);
            assert_eq!(shown(vm, vm.unary(UnaryOp::Neg, v)), row[1]);
            assert_eq!(shown(vm, vm.unary(UnaryOp::Abs, v)), row[2], "{}", row[0]);
            assert_eq!(shown(vm, vm.is_true(v).map(Value::bool)), row[3]);
            let converted = if vm.is_int(v) {
                vm.new_float(vm.get_float(v).unwrap())
            } else {
                vm.float_to_int(v)
            };
            assert_eq!(shown(vm, converted), row[5], "{}", row[0]);
            // A small int hashes to itself, which differs from 2^61 - 1 on.
            if usize::BITS == 64 && vm.is_int(v) && v.as_small().is_none() {
                let hash: isize = row[4].parse().unwrap();
                assert_eq!(vm.hash(v).unwrap() as isize, if hash == -2 { -1 } else { hash });
            }
            if let Ok(whole) = vm.float_to_int(v).map_err(|r| vm.take_exception(r))
                && vm.eq(whole, v).unwrap()
            {
                assert_eq!(vm.hash(whole).unwrap(), vm.hash(v).unwrap(), "{}", row[0]);
            }
        }
    });
}

/// Calls a function of a module.
fn call(vm: &Vm, module: &str, name: &str, args: &[Value]) -> Res {
    let module = modules::find(vm, vm.intern(module.as_bytes()).unwrap()).unwrap();
    let name = vm.intern(name.as_bytes()).unwrap();
    let table = module.table;
    vm.call(crate::object::table_get(table, name).unwrap(), args)
}

#[test]
fn round_and_pow() {
    let script = format!(
        "{NUMBERS}
for i in range(N):
    v = random.choice([integer, real])()
    if i % 3 == 0: v = random.randrange(-2000, 2000) / 8
    n = random.randrange(-5, 18)
    print('round', write(v), n, shown(lambda: round(v, n)), sep='\\t')
    print('round', write(v), '', shown(lambda: round(v)), sep='\\t')
    a, b, c = integer(), integer() >> 200, integer()
    print('pow', a, '%d %d' % (b, c), shown(lambda: pow(a, b, c)), sep='\\t')"
    );
    with(|vm| {
        for row in table(&script, 2_000) {
            let mut args = vec![value(vm, &row[1])];
            args.extend(row[2].split(' ').filter(|s| !s.is_empty()).map(|s| value(vm, s)));
            let result = call(vm, "builtins", &row[0], &args);
            assert_eq!(shown(vm, result), row[3], "{row:?}");
        }
    });
}

#[test]
fn math_functions() {
    let script = format!(
        "{NUMBERS}
names = 'sqrt exp log cos sin tan acos asin atan ceil fabs floor trunc radians degrees expm1 log2 log10 cosh sinh tanh acosh asinh atanh erf erfc gamma lgamma isfinite isinf isnan'.split()
for i in range(N):
    name = random.choice(names)
    x = real() if i % 2 else random.choice([0.5, 0.25, -0.75, 1.0, 2.0, 3.5, -2.5, 10.0, 0.0, 1e-8, 700.0])
    try: r = repr(getattr(math, name)(x))
    except OverflowError: r = '!ValueError' if abs(x) != math.inf else '!OverflowError'
    except ValueError: r = '!ValueError'
    print(name, write(x), r, sep='\\t')"
    );
    with(|vm| {
        for row in table(&script, 5_000) {
            let result = shown(vm, call(vm, "math", &row[0], &[value(vm, &row[1])]));
            if result == row[2] {
                continue;
            }
            // Elementary functions may differ in the last places.
            let (a, b) = (result.parse::<f64>(), row[2].parse::<f64>());
            let near = matches!((a, b), (Ok(a), Ok(b)) if (a - b).abs() <= 4e-15 * b.abs() + 1e-15);
            assert!(near, "{row:?}: {result}");
        }
    });
}

#[test]
fn structs() {
    let script = format!(
        "{NUMBERS}
import struct
codes = {{'b': 8, 'B': 8, 'h': 16, 'H': 16, 'i': 32, 'I': 32, 'l': 64, 'L': 64, 'q': 64, 'Q': 64}}
for i in range(N):
    order = random.choice(['', '@', '<', '>', '!', '='])
    format, args = order, []
    for _ in range(random.randrange(1, 6)):
        c = random.choice('bBhHiIlLqQfdex')
        n = random.choice(['', '2', '3'] + ['0'] * (order not in ('', '@')))
        format += n + c
        for _ in range(int(n or 1) if c != 'x' else 0):
            if c in 'fde': args.append(random.choice([0.5, -1.25, 1.0, 0.0, 65504.0, math.inf]))
            else:
                bits = min(codes[c], 32 if order not in ('', '@') and c in 'lL' else 64)
                args.append(random.getrandbits(bits) - (1 << bits - 1 if c.islower() else 0))
    data = struct.pack(format, *args)
    print(format, ' '.join(map(repr, args)), repr(data), repr(struct.unpack(format, data)), struct.calcsize(format), sep='\\t')"
    );
    with(|vm| {
        for row in table(&script, 3_000) {
            let format = vm.new_str(row[0].as_bytes()).unwrap();
            let mut args = vec![format];
            args.extend(row[1].split(' ').filter(|s| !s.is_empty()).map(|s| value(vm, s)));
            let data = call(vm, "struct", "pack", &args).unwrap();
            let expected = bytes(&row[2]);
            assert_eq!(vm.str_or_bytes(data).unwrap(), &expected[..], "{row:?}");
            let values = call(vm, "struct", "unpack", &[format, data]).unwrap();
            let shown: Vec<String> =
                vm.tuple_items(values).unwrap().iter().map(|&v| shown(vm, Ok(v))).collect();
            let comma = if shown.len() == 1 { "," } else { "" };
            assert_eq!(format!("({}{comma})", shown.join(", ")), row[3], "{row:?}");
            let size = call(vm, "struct", "calcsize", &[format]);
            assert_eq!(self::shown(vm, size), row[4]);
        }
    });
}

/// The bytes that CPython's `repr` of a bytes object stands for.
fn bytes(text: &str) -> Vec<u8> {
    let inner = &text.as_bytes()[2..text.len() - 1];
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&c) = inner.get(at) {
        if c != b'\\' {
            out.push(c);
            at += 1;
            continue;
        }
        at += 2;
        out.push(match inner[at - 1] {
            b'x' => {
                at += 2;
                let digits = core::str::from_utf8(&inner[at - 2..at]).unwrap();
                u8::from_str_radix(digits, 16).unwrap()
            }
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            other => other,
        });
    }
    out
}
