//! Random floats and edge cases, against CPython.

extern crate std;

use std::{string::String, vec};

use super::{
    bits::{Binary, Half, compose, convert, magnitude},
    digits::{Digits, MAX_DIGITS, Want, digits},
    parse::scan,
};
use crate::num::oracle::table;

fn shown<F: Binary>(x: F, want: Want) -> (String, i32) {
    let mut out = [0; MAX_DIGITS];
    let Digits { len, exponent } = digits(x, want, &mut out);
    let text = core::str::from_utf8(&out[..len]).unwrap();
    (text.trim_end_matches('0').into(), exponent)
}

fn parsed<F: Binary>(text: &str) -> F {
    let scanned = scan(text.as_bytes()).unwrap();
    assert_eq!(scanned.len, text.len(), "{text}");
    scanned.number.to_float()
}

const VALUES: &str = "
import random, struct, math
from decimal import Decimal
random.seed(9)
def of(bits): return struct.unpack('<d', struct.pack('<Q', bits))[0]
edges = [of(b) for b in (1, 2, 3, 0xfffffffffffff, 0x10000000000000, 0x10000000000001, 0x7fefffffffffffff)]
edges += [10.0 ** e for e in range(-323, 309)] + [2.0 ** e for e in range(-1074, 1024)]
edges += [float(n) for n in range(200)] + [n / 100 for n in range(2000)] + [9.5, 99.5, 0.95, 9007199254740993.0]
def value(i):
    if i < len(edges): return edges[i]
    kind = random.randrange(8)
    if kind == 0: return round(random.uniform(0, 1000), random.randrange(8))
    if kind == 1: return float(random.getrandbits(random.randrange(1, 80)))
    if kind == 2: return random.random()
    if kind == 3: return of(random.getrandbits(52) & -1 << random.randrange(52))
    if kind == 4: return random.randrange(1, 10000) / 2 ** random.randrange(60)
    x = of(random.getrandbits(63))
    return x if math.isfinite(x) else 1.5
def parts(s):
    mantissa, e = s.split('e')
    d = mantissa.replace('.', '')
    lead = len(d) - len(d.lstrip('0'))
    d = d.strip('0')
    return (d, int(e) + 1 - lead) if d else ('', 1)
def plain(s):
    if 'e' in s: return parts(s)
    whole, _, fraction = s.partition('.')
    return parts(whole[:1] + '.' + whole[1:] + fraction + 'e' + str(len(whole) - 1))
";

#[test]
fn doubles() {
    let script = std::format!(
        "{VALUES}
for i in range(N):
    x = value(i)
    n = random.choice([1, 2, 3, 6, 15, 16, 17, 18, 30, 800])
    p = random.choice([0, 1, 2, 3, 6, 10, 16, 20, 30])
    print(struct.pack('>d', x).hex(), *plain(repr(x)), n, *parts('%.*e' % (n - 1, x)), p,
        *plain('%.*f' % (p, x)), repr(x), sep='\\t')"
    );
    for row in table(&script, 15_000) {
        let x = f64::from_bits(u64::from_str_radix(&row[0], 16).unwrap());
        let expected = |i: usize| (row[i].clone(), row[i + 1].parse::<i32>().unwrap());
        assert_eq!(shown(x, Want::Shortest), expected(1), "repr of {x:e}");
        let n = row[3].parse().unwrap();
        assert_eq!(shown(x, Want::Significant(n)), expected(4), "{n} digits of {x:e}");
        let p = row[6].parse().unwrap();
        let places = shown(x, Want::Places(p));
        if !row[7].is_empty() || !places.0.is_empty() {
            assert_eq!(places, expected(7), "{p} places of {x:e}");
        }
        assert_eq!(parsed::<f64>(&row[9]).to_bits(), x.to_bits(), "{}", row[9]);
    }
}

#[test]
fn texts() {
    let script = std::format!(
        "{VALUES}
for i in range(N):
    x = value(i)
    kind = random.randrange(6)
    if kind == 0: s = '%.*e' % (random.randrange(40), x)
    elif kind == 1:
        s = str(Decimal(x) * (1 + Decimal(random.choice([-1, 1, 0])).scaleb(-random.randrange(15, 60))))
    elif kind == 2: s = '%de%d' % (random.getrandbits(random.choice([10, 64, 70, 300])), random.randrange(-400, 330))
    else:
        y = math.nextafter(x, math.inf)
        if y == math.inf: y = x
        import decimal
        decimal.getcontext().prec = 1000
        s = '{{:e}}'.format((Decimal(x) + Decimal(y)) / 2)
        if kind == 4: m, e = s.split('e'); s = m + ('' if '.' in m else '.') + '0' * random.randrange(9) + '1e' + e
        if kind == 5: m, e = s.split('e'); s = m[:random.randrange(1, 900)].rstrip('.') + 'e' + e
    print(s, struct.pack('>d', float(s)).hex(), sep='\\t')"
    );
    for row in table(&script, 10_000) {
        let x: f64 = parsed(&row[0]);
        assert_eq!(std::format!("{:016x}", x.to_bits()), row[1], "{}", row[0]);
    }
}

/// Singles: the standard library's `f32` text is exact and shortest.
#[test]
fn singles() {
    let mut state = 88_172_645_463_325_252u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for i in 0..200_000u32 {
        let bits = match i {
            0..70_000 => (random() as u32) & 0x7fff_ffff,
            70_000..80_000 => i - 69_999,
            80_000..80_256 => (i - 80_000) << 23 | 1,
            80_256..80_511 => (i - 80_256) << 23,
            _ => ((random() % 100_000) as f32 / 10f32.powi((random() % 8) as i32)).to_bits(),
        };
        let x = f32::from_bits(bits);
        if !x.is_finite() || x == 0.0 {
            continue;
        }
        let text = std::format!("{x:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap();
        let expected: String = mantissa.chars().filter(|&c| c != '.').collect();
        let exponent: i32 = exponent.parse().unwrap();
        // Of two shortest texts equally near, the library takes the larger and
        // Python the even one.
        let (digits, point) = shown(x, Want::Shortest);
        let expected = expected.trim_end_matches('0');
        let ours = std::format!("0.{digits}e{point}");
        let tie = ours.parse::<f64>().unwrap() + text.parse::<f64>().unwrap() == 2.0 * f64::from(x);
        assert!(digits == expected && point == exponent + 1 || tie, "{text}");
        assert_eq!(digits.len(), expected.len(), "{text}");
        assert_eq!(parsed::<f32>(&ours).to_bits(), bits, "{text}");
        assert_eq!(parsed::<f32>(&text).to_bits(), bits, "{text}");
        let longer = std::format!("{:.25e}", f64::from(x) * (1.0 + 1e-9));
        assert_eq!(parsed::<f32>(&longer).to_bits(), longer.parse::<f32>().unwrap().to_bits());
    }
}

#[test]
fn outside_the_range() {
    for (text, expected) in [
        ("1e309", f64::INFINITY),
        ("1e-400", 0.0),
        ("0e999999999999", 0.0),
        ("2.4703282292062327e-324", 0.0),
        ("2.4703282292062328e-324", 5e-324),
        ("1.7976931348623158e308", f64::MAX),
        ("1.7976931348623159e308", f64::INFINITY),
        ("179769313486231580793e288", f64::MAX),
        ("1e99999999999999999999", f64::INFINITY),
        ("0.1e-99999999999999999999", 0.0),
    ] {
        assert_eq!(parsed::<f64>(text).to_bits(), expected.to_bits(), "{text}");
    }
    let long = std::format!("{}e-5000", "1".repeat(5001));
    assert_eq!(parsed::<f64>(&long), 1.111_111_111_111_111_2);
    let long = std::format!("0.{}1e5001", "0".repeat(5000));
    assert_eq!(parsed::<f64>(&long), 1.0);
}

#[test]
fn scanning() {
    for (text, len, is_float) in [
        ("12", 2, false),
        ("1_000.5_0e1_0", 13, true),
        ("1__0", 1, false),
        ("1_", 1, false),
        (".5", 2, true),
        ("5.", 2, true),
        ("1e", 1, false),
        ("1e+", 1, false),
        ("1.e5x", 4, true),
    ] {
        let scanned = scan(text.as_bytes()).unwrap();
        assert_eq!((scanned.len, scanned.is_float), (len, is_float), "{text}");
    }
    for text in ["", ".", "e5", "_1", "x", "-1"] {
        assert_eq!(scan(text.as_bytes()), None, "{text}");
    }
}

#[test]
fn parts_and_whole() {
    let mut out = vec![0; 4];
    assert_eq!(digits(f64::NAN, Want::Shortest, &mut out).len, 0);
    for x in [0.0, 1.0, 0.1, 5e-324, f64::MAX, f64::MIN_POSITIVE] {
        if let super::bits::Magnitude::Finite { mantissa, exponent } = magnitude(x) {
            assert_eq!(compose::<f64>(mantissa, exponent, false), x);
        }
    }
    assert_eq!(compose::<f64>(1 << 63, 961, false), f64::INFINITY);
    assert_eq!(compose::<f64>(u64::MAX, 959, false), 2f64.powi(1023));
    assert_eq!(compose::<f64>(u64::MAX, 960, false), f64::INFINITY);
}

/// Every half-precision number, and singles on their way to one.
#[test]
fn halves() {
    let script = "
import struct, math, random
for i in range(0x7c01):
    x = struct.unpack('<e', struct.pack('<H', i))[0]
    print(struct.pack('>d', x).hex(), i, sep='\\t')
random.seed(4)
for i in range(N):
    x = math.ldexp(random.random(), random.randrange(-28, 17))
    try: h = struct.unpack('<H', struct.pack('<e', x))[0]
    except OverflowError: h = 0x7c00
    print(struct.pack('>d', x).hex(), h, sep='\\t')
";
    for row in table(script, 5_000) {
        let x = f64::from_bits(u64::from_str_radix(&row[0], 16).unwrap());
        let half: Half = convert(x);
        assert_eq!(std::format!("{}", half.0), row[1], "{x:e}");
        let back: Half = convert(convert::<Half, f64>(half));
        assert_eq!(back, half);
    }
    assert!(convert::<f64, f32>(f64::NAN).is_nan());
    assert_eq!(convert::<f64, f32>(-0.1), -0.1f32);
}
