//! Random integers of up to 2000 bits, against CPython.

extern crate std;

use core::cell::Cell;
use std::{string::String, vec, vec::Vec};

use super::{
    Limb, bit_length, bytes, convert, div, is_zero, mul, pow,
    signed::{self, Bitwise, Int},
    text, trim,
};
use crate::num::oracle::table;

struct Owned {
    negative: bool,
    limbs: Vec<Limb>,
}

impl Owned {
    fn int(&self) -> Int<'_> {
        Int::new(self.negative, &self.limbs)
    }
}

fn read_base(s: &str, base: u32) -> Owned {
    let digits = s.trim_start_matches('-');
    let mut limbs = vec![0; text::limbs_for_text(digits.len(), base)];
    let len = text::from_text(digits.as_bytes(), base, &mut limbs).unwrap();
    limbs.truncate(len);
    Owned { negative: s.starts_with('-'), limbs }
}

fn read(s: &str) -> Owned {
    read_base(s, 10)
}

fn show_base(negative: bool, limbs: &[Limb], base: u32) -> String {
    let mut scratch = limbs.to_vec();
    let mut out = vec![0; text::text_len(&scratch, base)];
    let cells = Cell::from_mut(out.as_mut_slice()).as_slice_of_cells();
    let at = text::to_text(&mut scratch, base, false, cells, &|| true);
    let digits = core::str::from_utf8(&out[at..]).unwrap();
    match negative && !is_zero(limbs) {
        true => std::format!("-{digits}"),
        false => digits.into(),
    }
}

fn show(negative: bool, limbs: &[Limb]) -> String {
    show_base(negative, limbs, 10)
}

const PAIRS: &str = "
import random
random.seed(5)
def some():
    kind = random.randrange(6)
    n = random.getrandbits(random.choice([1, 30, 31, 32, 33, 63, 64, 65, 128, 200, 500, 2000]))
    if kind == 0: n = (1 << random.randrange(400)) + random.randrange(-1, 2)
    if kind == 1: n = (n << random.randrange(200)) | ((1 << random.randrange(90)) - 1)
    if kind == 2: n = (((1 << random.randrange(200)) - 1) << random.randrange(100)) ^ random.getrandbits(20)
    return random.choice([n, -n])
";

fn with_pairs(rest: &str) -> String {
    std::format!("{PAIRS}\n{rest}")
}

#[test]
fn operators() {
    let script = with_pairs(
        "for _ in range(N):
    a, b = some(), some()
    if random.randrange(9) == 0: b = a + random.randrange(-1, 2)
    b = b or 7
    s = random.randrange(200)
    e = random.randrange(12)
    print(a, b, s, e, a + b, a & b, a | b, a ^ b, a * b, a // b, a % b, a << s, a >> s,
        (a > b) - (a < b), abs(a).bit_length(), abs(a) ** e, sep='\\t')",
    );
    for row in table(&script, 5_000) {
        let (a, b) = (read(&row[0]), read(&row[1]));
        let shift: usize = row[2].parse().unwrap();
        let (x, y) = (a.int(), b.int());
        let mut out = vec![7; signed::sum_len(x, y)];
        let negative = signed::sum(&mut out, x, y);
        assert_eq!(show(negative, &out), row[4], "{} + {}", row[0], row[1]);
        for (op, expected) in [Bitwise::And, Bitwise::Or, Bitwise::Xor].into_iter().zip(&row[5..]) {
            let negative = signed::bitwise(&mut out, op, x, y);
            assert_eq!(&show(negative, &out), expected, "{} . {}", row[0], row[1]);
        }
        let mut product = vec![7; x.magnitude.len() + y.magnitude.len()];
        mul(&mut product, x.magnitude, y.magnitude, &|| true);
        assert_eq!(show(x.negative != y.negative, &product), row[8]);

        let mut rest = x.magnitude.to_vec();
        rest.push(0);
        let mut den = y.magnitude.to_vec();
        while rest.len() <= den.len() {
            rest.push(0);
        }
        let mut quotient = vec![7; rest.len() - den.len() + 1];
        let differ = x.negative != y.negative;
        let negative = signed::floor_divide(&mut rest, &mut den, &mut quotient, differ, &|| true);
        assert_eq!(show(negative, &quotient), row[9], "{} // {}", row[0], row[1]);
        assert_eq!(show(y.negative, &rest), row[10], "{} % {}", row[0], row[1]);
        assert_eq!(den, y.magnitude);

        let mut out = vec![7; signed::shift_left_len(x, shift)];
        signed::shift_left(&mut out, x, shift);
        assert_eq!(show(x.negative, &out), row[11]);
        let mut out = vec![7; signed::shift_right_len(x, shift)];
        signed::shift_right(&mut out, x, shift);
        assert_eq!(show(x.negative, &out), row[12], "{} >> {}", row[0], shift);
        assert_eq!(std::format!("{}", signed::compare(x, y) as i32), row[13]);
        assert_eq!(std::format!("{}", bit_length(x.magnitude)), row[14]);

        let exponent: usize = row[3].parse().unwrap();
        let len = pow::power_len(x.magnitude, exponent).unwrap();
        let (mut out, mut scratch) = (vec![7; len], vec![7; len]);
        let len = pow::power(&mut out, &mut scratch, x.magnitude, exponent, &|| true);
        assert_eq!(show(false, &out[..len]), row[15]);
    }
}

#[test]
fn power_modulo() {
    let script = with_pairs(
        "for _ in range(N):
    a, b, c = abs(some()), abs(some()) >> random.randrange(200), abs(some()) or 1
    a %= c
    print(a, b, c, pow(a, b, c), sep='\\t')",
    );
    for row in table(&script, 100) {
        let (a, b, mut c) = (read(&row[0]), read(&row[1]), read(&row[2]));
        let mut out = vec![7; c.limbs.len()];
        let mut scratch = vec![7; pow::power_mod_scratch(c.limbs.len())];
        pow::power_mod(&mut out, &mut scratch, &a.limbs, &b.limbs, &mut c.limbs, &|| true);
        assert_eq!(show(false, &out), row[3], "pow({}, {}, {})", row[0], row[1], row[2]);
    }
}

#[test]
fn texts_and_bytes() {
    let script = with_pairs(
        "def base(n, b):
    s = ''
    m = abs(n)
    while m: s = '0123456789abcdefghijklmnopqrstuvwxyz'[m % b] + s; m //= b
    return '-' * (n < 0) + (s or '0')
for _ in range(N):
    a = some()
    b = random.randrange(2, 37)
    n = abs(a).bit_length() // 8 + random.randrange(1, 4)
    try: f = float(a).hex()
    except OverflowError: f = 'inf' if a > 0 else '-inf'
    m = a % (1 << 8 * n)
    print(a, b, base(a, b), n, m.to_bytes(n, 'little').hex(), m.to_bytes(n, 'big').hex(),
        __import__('struct').pack('d', float(f) if 'inf' in f else float(a))[::-1].hex(),
        abs(a) % (2**61 - 1) * (-1 if a < 0 else 1), sep='\\t')",
    );
    for row in table(&script, 5_000) {
        let a = read(&row[0]);
        let x = a.int();
        let base: u32 = row[1].parse().unwrap();
        assert_eq!(show_base(x.negative, x.magnitude, base), row[2], "{} in base {base}", row[0]);
        assert_eq!(show(x.negative, &read_base(&row[2], base).limbs), row[0]);
        let len: usize = row[3].parse().unwrap();
        for (big_endian, expected) in [(false, &row[4]), (true, &row[5])] {
            let mut out: Vec<u8> = bytes::low_bytes(x).take(len).collect();
            if big_endian {
                out.reverse();
            }
            let hex: String = out.iter().map(|b| std::format!("{b:02x}")).collect();
            assert_eq!(&hex, expected, "{} in {len} bytes", row[0]);
            let mut limbs = vec![7; bytes::limbs_for_bytes(len)];
            let negative = bytes::from_bytes(&out, big_endian, true, &mut limbs);
            assert_eq!(show(negative, &limbs), row[0]);
            if !x.negative {
                let negative = bytes::from_bytes(&out, big_endian, false, &mut limbs);
                assert_eq!(show(negative, &limbs), row[0]);
            }
        }
        let float: f64 = convert::to_float(x);
        assert_eq!(std::format!("{:016x}", float.to_bits()), row[6], "float({})", row[0]);
        if usize::BITS == 64 {
            assert_eq!(std::format!("{}", convert::hash(x)), row[7], "hash({})", row[0]);
        }
        if float.is_finite() {
            let mut limbs = vec![7; convert::from_float_len(float).unwrap()];
            let negative = convert::from_float(float, &mut limbs);
            assert_eq!(std::format!("{float:.0}").trim_start_matches('-'), show(false, &limbs));
            assert_eq!(negative, float < 0.0 || x.negative);
            assert_eq!(
                crate::num::float::hash::hash(float),
                convert::hash(Int::new(negative, &limbs))
            );
        }
    }
}

#[test]
fn limits_of_bytes() {
    for (text, len, signed, expected) in [
        ("0", 0, false, true),
        ("0", 0, true, true),
        ("1", 0, false, false),
        ("255", 1, false, true),
        ("256", 1, false, false),
        ("127", 1, true, true),
        ("128", 1, true, false),
        ("-128", 1, true, true),
        ("-129", 1, true, false),
        ("-1", 1, false, false),
        ("18446744073709551615", 8, false, true),
        ("-9223372036854775808", 8, true, true),
        ("-9223372036854775809", 8, true, false),
    ] {
        assert_eq!(bytes::fits(read(text).int(), len, signed), expected, "{text} in {len}");
    }
}

#[test]
fn machine_integers() {
    for n in [0, 1, -1, i64::MAX, i64::MIN, 1 << 40, -(1 << 31), (1 << 31) - 1] {
        let limbs = convert::from_u64(n.unsigned_abs());
        assert_eq!(convert::to_i64(Int::new(n < 0, &limbs)), Some(n));
        assert_eq!(convert::wrapping_u64(Int::new(n < 0, &limbs)), n as u64);
    }
    let limbs = convert::from_u64(1 << 63);
    assert_eq!(convert::to_i64(Int::new(false, &limbs)), None);
}

#[test]
fn division_by_every_shape_of_limb() {
    let edges = [1, 2, 3, 9, 10, Limb::MAX / 2, Limb::MAX / 2 + 1, Limb::MAX - 1, Limb::MAX];
    for d in edges {
        for high in edges {
            for low in edges {
                let mut acc = [low, high];
                let rest = div::Small::new(d).divide(&mut acc);
                let mut back = [0; 3];
                mul(&mut back, &acc, &[d], &|| true);
                super::add_limb(&mut back, rest);
                assert!(rest < d);
                assert_eq!(trim(&back), &[low, high]);
            }
        }
    }
}
