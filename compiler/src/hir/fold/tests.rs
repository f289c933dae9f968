//! Expected values are those of CPython 3.

use super::*;
use crate::hir::Const as C;

struct World {
    pools: Pools,
    symbols: Symbols,
}

impl World {
    fn new() -> Self {
        Self { pools: Pools::default(), symbols: Symbols::default() }
    }

    fn text(&mut self, text: &str) -> C {
        C::Str(self.symbols.intern(text.as_bytes()))
    }

    fn binary(&mut self, op: BinOp, a: C, b: C) -> Option<C> {
        binary(&mut self.pools, &mut self.symbols, op, a, b)
    }
}

#[test]
fn integers_divide_towards_minus_infinity() {
    let mut w = World::new();
    for (a, b, quotient, rest) in
        [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1), (6, -2, -3, 0)]
    {
        assert_eq!(w.binary(BinOp::FloorDiv, C::Int(a), C::Int(b)), Some(C::Int(quotient)));
        assert_eq!(w.binary(BinOp::Mod, C::Int(a), C::Int(b)), Some(C::Int(rest)));
        let (a, b) = (a as f64, b as f64);
        let float = |value: i64| Some(C::Float(value as f64));
        assert_eq!(w.binary(BinOp::FloorDiv, C::Float(a), C::Float(b)), float(quotient));
        assert_eq!(w.binary(BinOp::Mod, C::Float(a), C::Float(b)), float(rest));
    }
    assert_eq!(w.binary(BinOp::Mod, C::Int(1), C::Int(0)), None);
    assert_eq!(w.binary(BinOp::TrueDiv, C::Int(1), C::Int(0)), None);
    assert_eq!(w.binary(BinOp::TrueDiv, C::Int(1), C::Int(4)), Some(C::Float(0.25)));
}

#[test]
fn integers_grow_as_far_as_is_sensible() {
    let mut w = World::new();
    let Some(C::Big(big)) = w.binary(BinOp::Shl, C::Int(1), C::Int(100)) else {
        panic!("a big integer");
    };
    assert_eq!(w.pools[big].to_string(), "1267650600228229401496703205376");
    assert_eq!(w.binary(BinOp::Shr, C::Big(big), C::Int(100)), Some(C::Int(1)));
    assert_eq!(w.binary(BinOp::Pow, C::Int(-3), C::Int(3)), Some(C::Int(-27)));
    assert_eq!(w.binary(BinOp::Pow, C::Int(10), C::Int(-3)), Some(C::Float(0.001)));
    assert_eq!(w.binary(BinOp::Shl, C::Int(1), C::Int(1 << 40)), None);
    assert_eq!(w.binary(BinOp::Pow, C::Int(7), C::Int(1 << 40)), None);
    assert_eq!(w.binary(BinOp::Shl, C::Int(1), C::Int(-1)), None);
    assert_eq!(w.binary(BinOp::Shr, C::Int(-5), C::Int(1000)), Some(C::Int(-1)));
    let symbols = Symbols::default();
    let Some(C::Big(_)) = unary(&mut w.pools, &symbols, UnaryOp::Neg, C::Int(i64::MIN)) else {
        panic!("a big integer");
    };
    assert_eq!(unary(&mut w.pools, &symbols, UnaryOp::Invert, C::Int(5)), Some(C::Int(-6)));
}

#[test]
fn booleans_take_no_part_in_arithmetic() {
    let mut w = World::new();
    assert_eq!(w.binary(BinOp::Add, C::True, C::Int(1)), None);
    assert_eq!(w.binary(BinOp::And, C::True, C::False), None);
}

#[test]
fn strings_are_joined_repeated_formatted_and_indexed() {
    let mut w = World::new();
    let (ab, cd) = (w.text("ab"), w.text("cd"));
    let abcd = w.text("abcd");
    assert_eq!(w.binary(BinOp::Add, ab, cd), Some(abcd));
    let ababab = w.text("ababab");
    assert_eq!(w.binary(BinOp::Mul, ab, C::Int(3)), Some(ababab));
    assert_eq!(w.binary(BinOp::Mul, ab, C::Int(1000)), None);
    let format = w.text("a%d%%");
    let a3 = w.text("a3%");
    assert_eq!(w.binary(BinOp::Mod, format, C::Int(3)), Some(a3));
    assert_eq!(w.binary(BinOp::Mod, format, ab), None);
    let d = w.text("d");
    assert_eq!(subscript(&w.pools, &mut w.symbols, abcd, C::Int(-1)), Some(d));
    assert_eq!(subscript(&w.pools, &mut w.symbols, abcd, C::Int(4)), None);
    assert_eq!(compare(&w.pools, &w.symbols, CmpOp::In, cd, abcd), Some(true));
    assert_eq!(compare(&w.pools, &w.symbols, CmpOp::Lt, ab, cd), Some(true));
}

#[test]
fn comparisons_of_numbers_are_exact() {
    let w = World::new();
    let cmp = |op, a, b| compare(&w.pools, &w.symbols, op, a, b);
    assert_eq!(cmp(CmpOp::Eq, C::Int(1), C::Float(1.0)), Some(true));
    assert_eq!(cmp(CmpOp::Lt, C::Float(f64::NAN), C::Int(1)), None);
    assert_eq!(cmp(CmpOp::Eq, C::Int(i64::MAX), C::Float(9.3e18)), None);
    assert_eq!(cmp(CmpOp::Is, C::None, C::None), Some(true));
    assert_eq!(cmp(CmpOp::Is, C::Int(1), C::Int(1)), None);
}

#[test]
fn truth_of_constants() {
    let mut w = World::new();
    let empty = w.text("");
    let word = w.text("0");
    let truth = |value| truth(&w.pools, &w.symbols, value);
    assert_eq!(truth(empty), Some(false));
    assert_eq!(truth(word), Some(true));
    assert_eq!(truth(C::Float(-0.0)), Some(false));
    assert_eq!(truth(C::Tuple(crate::hir::List::EMPTY)), Some(false));
    assert_eq!(truth(C::Ellipsis), Some(true));
}
