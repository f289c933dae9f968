//! Format specifications at random, against CPython.

extern crate std;

use std::{string::String, vec::Vec};

use super::{
    Spec, number,
    parse::{Count, Incomplete, conversion, format_spec},
};
use crate::error::Res;
use crate::num::oracle::table;
use crate::print::Print;

impl Print for Vec<u8> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.extend_from_slice(text);
        Ok(())
    }
}

fn integer(spec: &Spec, value: i64) -> String {
    let digits = match number::base(spec.kind.unwrap_or(b'd')) {
        2 => std::format!("{:b}", value.unsigned_abs()),
        8 => std::format!("{:o}", value.unsigned_abs()),
        16 if spec.kind == Some(b'X') => std::format!("{:X}", value.unsigned_abs()),
        16 => std::format!("{:x}", value.unsigned_abs()),
        _ => std::format!("{}", value.unsigned_abs()),
    };
    let mut out = Vec::new();
    number::integer(spec, value < 0, digits.as_bytes(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn float(spec: &Spec, value: f64) -> String {
    let mut out = Vec::new();
    number::float(spec, value, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const SPECS: &str = "
import random
random.seed(3)
pick = random.choice
def align(): return pick(['', '', '', '<', '>', '^', '=', '*<', '0=', 'é^', '0>', ' ='])
def sign(): return pick(['', '', '+', '-', ' '])
def width(): return pick(['', '', str(random.randrange(1, 25)), '0' + str(random.randrange(25))])
def real():
    return pick([0.0, -0.0, 1.0, 9.9996, 0.5, 1.5, 2.5, 1e16, 1e15, 123456789.125, 1e-5, 1e-4, 99999.95, 999999.5,
        float('inf'), float('-inf'), float('nan'), 1e31, 5e-324, random.random(), random.uniform(-1e6, 1e6),
        random.uniform(-1, 1) * 10 ** random.randrange(-20, 25)])
";

#[test]
fn integers() {
    let script = std::format!(
        "{SPECS}
for _ in range(N):
    n = pick([0, 1, -1, random.randrange(-10**6, 10**6), random.getrandbits(60) - 2**59])
    kind = pick(['', 'd', 'b', 'o', 'x', 'X', 'n'])
    group = pick(['', '', '_'] + [','] * (kind in ('', 'd'))) if kind != 'n' else ''
    s = align() + sign() + pick(['', '#']) + width() + group + kind
    print(s, n, format(n, s), sep='\\t')"
    );
    for row in table(&script, 10_000) {
        let spec = format_spec(row[0].as_bytes()).unwrap();
        assert_eq!(integer(&spec, row[1].parse().unwrap()), row[2], "{:?} of {}", row[0], row[1]);
    }
}

#[test]
fn floats() {
    let script = std::format!(
        "{SPECS}
for _ in range(N):
    x = real()
    kind = pick('eEfFgG%')
    s = align() + sign() + pick(['', '', '#']) + width() + pick(['', '', ',', '_']) \\
        + pick(['', '', '.' + str(random.randrange(30))]) + kind
    if x >= 1e30 and kind in 'fF%' and x != float('inf'): continue
    print(s, repr(x), format(x, s), sep='\\t')"
    );
    for row in table(&script, 15_000) {
        let spec = format_spec(row[0].as_bytes()).unwrap();
        assert_eq!(float(&spec, row[1].parse().unwrap()), row[2], "{:?} of {}", row[0], row[1]);
    }
}

#[test]
fn representations() {
    let script = std::format!(
        "{SPECS}\nfor _ in range(N):\n    x = real()\n    print(x.hex(), repr(x), sep='\\t')"
    );
    for row in table(&script, 3_000) {
        let mut out = Vec::new();
        number::repr(&Spec::PLAIN, row[1].parse::<f64>().unwrap(), true, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), row[1]);
    }
}

#[test]
fn conversions() {
    let script = std::format!(
        "{SPECS}
for _ in range(N):
    kind = pick('diuoxXeEfFgG')
    n = pick([0, 1, -1, 12, -12, random.randrange(-10**6, 10**6)]) if kind in 'diuoxX' else real()
    flags = ''.join(pick(['', c]) for c in '-+ #0')
    precision = pick(['', '', '.', '.' + str(random.randrange(16))])
    s = flags + pick(['', str(random.randrange(1, 20))]) + precision + kind
    if abs(n) >= 1e30 and kind in 'fF' and abs(n) != float('inf'): continue
    print(s, repr(n), ('%' + s) % n, sep='\\t')"
    );
    for row in table(&script, 10_000) {
        let found = conversion(row[0].as_bytes()).unwrap();
        assert_eq!(found.len, row[0].len());
        let spec = found.numeric();
        let text = match found.letter {
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => integer(&spec, row[1].parse().unwrap()),
            _ => float(&spec, row[1].parse().unwrap()),
        };
        assert_eq!(text, row[2], "{:?} of {}", row[0], row[1]);
    }
}

#[test]
fn texts() {
    let script = std::format!(
        "{SPECS}
for _ in range(N):
    t = pick(['', 'a', 'hello', 'grüße', '€uro'])
    a = pick(['', '<', '>', '^', '*<', '0>', 'é^'])
    s = a + width() + pick(['', '.' + str(random.randrange(6))]) + pick(['', 's'])
    print(s, '<' + t + '>', '<' + format(t, s) + '>', sep='\\t')"
    );
    for row in table(&script, 3_000) {
        let spec = format_spec(row[0].as_bytes()).unwrap();
        let inner = |s: &str| String::from(&s[1..s.len() - 1]);
        let mut out = Vec::new();
        spec.text(&mut out, inner(&row[1]).as_bytes(), true).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), inner(&row[2]), "{:?}", row);
    }
}

#[test]
fn what_is_no_specification() {
    for text in ["q", "1a", "10 ", "é", ".1.2", "d5", ",,"] {
        assert_eq!(format_spec(text.as_bytes()), None, "{text}");
    }
    assert_eq!(conversion(b"5."), Err(Incomplete::Format));
    assert_eq!(conversion(b"(key"), Err(Incomplete::Key));
    let found = conversion(b"(key)-*.*d rest").unwrap();
    assert_eq!(found.key, Some(&b"key"[..]));
    assert_eq!((found.width, found.precision), (Count::Argument, Count::Argument));
    assert_eq!((found.letter, found.len), (b'd', 10));
}

/// Large numbers in `f` as the reference prints them.
#[test]
fn large_fixed() {
    let spec = format_spec(b".2f").unwrap();
    assert_eq!(float(&spec, 8.888e32), "8.89e+32");
    assert_eq!(float(&spec, 1e31), "9999999999999999635896294965248.00");
}
