//! Against the functions in double precision.

extern crate std;

use super::*;
use std::{format, println, string::String, vec::Vec};

/// How many units in the last place `got` is off.
fn off(got: f32, wanted: f64) -> f64 {
    let nearest = wanted as f32;
    if got.is_nan() || nearest.is_nan() {
        return if got.is_nan() == nearest.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if got == nearest {
        return 0.0;
    }
    let bits = nearest.abs().max(f32::MIN_POSITIVE).to_bits();
    let ulp = f64::from(f32::from_bits(bits + 1)) - f64::from(f32::from_bits(bits));
    (f64::from(got) - wanted).abs() / ulp
}

/// Numbers all over a range, those next to whole ones and powers of two among them.
fn values(from: f32, to: f32) -> Vec<f32> {
    let mut all: Vec<f32> =
        [0.0, 0.5, 1.0, 2.0, 3.0, 10.0, 100.0, 1e-6, 1e-20, 1e-38, 1e-42, 1e6, 1e20, 3e38].into();
    all.extend((0..400).map(|i| 2f32.powi(i - 149)));
    all.extend((0..2000).map(|i| from + (to - from) * (i as f32 / 2000.0)));
    let mut bits = 12345u32;
    for _ in 0..20000 {
        bits = bits.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        all.push(f32::from_bits(bits >> 1));
    }
    let next: Vec<f32> = all.iter().map(|x| f32::from_bits(x.to_bits() + 1)).collect();
    all.extend(next);
    let below: Vec<f32> = all.iter().map(|x| -x).collect();
    all.extend(below);
    all.retain(|x| (from..=to).contains(x));
    all
}

fn check(name: &str, range: (f32, f32), limit: f64, ours: fn(f32) -> f32, right: fn(f64) -> f64) {
    let (mut worst, mut at) = (0.0, 0.0);
    for x in values(range.0, range.1) {
        let wrong = off(ours(x), right(x.into()));
        if wrong > worst {
            (worst, at) = (wrong, x);
        }
    }
    let said: String =
        format!("{name}: off by {worst:.2} at {at:e}: {:e}, {:e}", ours(at), right(at.into()));
    println!("{said}");
    assert!(worst <= limit, "{said}");
}

const ALL: (f32, f32) = (f32::MIN, f32::MAX);

#[test]
fn rounding() {
    check("trunc", ALL, 0.0, trunc, libm::trunc);
    check("floor", ALL, 0.0, floor, libm::floor);
    check("ceil", ALL, 0.0, ceil, libm::ceil);
    check("nearest_even", ALL, 0.0, nearest_even, libm::rint);
    check("nearest_even", (-100.0, 100.0), 0.0, nearest_even, libm::rint);
    check("sqrt", ALL, 0.5, sqrt, libm::sqrt);
}

#[test]
fn logarithms_and_powers() {
    check("ln", ALL, 1.0, ln, libm::log);
    check("ln", (0.5, 2.0), 1.0, ln, libm::log);
    check("log2", ALL, 1.0, log2, libm::log2);
    check("log10", ALL, 1.0, log10, libm::log10);
    check("exp", (-104.0, 90.0), 1.0, exp, libm::exp);
    check("expm1", (-50.0, 88.0), 3.0, expm1, libm::expm1);
    check("sinh", (-90.0, 90.0), 3.0, sinh, libm::sinh);
    check("cosh", (-90.0, 90.0), 3.0, cosh, libm::cosh);
    check("tanh", (-20.0, 20.0), 3.0, tanh, libm::tanh);
    check("asinh", ALL, 4.0, asinh, libm::asinh);
    check("acosh", (1.0, f32::MAX), 4.0, acosh, libm::acosh);
    check("atanh", (-1.0, 1.0), 4.0, atanh, libm::atanh);
}

#[test]
fn trigonometry() {
    check("sin", ALL, 1.0, sin, libm::sin);
    check("sin", (-10.0, 10.0), 1.0, sin, libm::sin);
    check("cos", ALL, 1.0, cos, libm::cos);
    check("cos", (-10.0, 10.0), 1.0, cos, libm::cos);
    check("tan", ALL, 2.5, tan, libm::tan);
    check("atan", ALL, 2.0, atan, libm::atan);
    check("asin", (-1.0, 1.0), 3.0, asin, libm::asin);
    check("acos", (-1.0, 1.0), 3.0, acos, libm::acos);
}

#[test]
fn special_functions() {
    check("erf", (-6.0, 6.0), 6.0, erf, libm::erf);
    check("erfc", (-6.0, 10.0), 10.0, erfc, libm::erfc);
    check("lgamma", (0.0, 1e9), 10.0, lgamma, libm::lgamma);
    check("tgamma", (0.01, 36.0), 30.0, tgamma, libm::tgamma);
}

#[test]
fn functions_of_two_numbers() {
    let edges = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, 7.25, 1e-40, -1e30, 3e38];
    let mut edges: Vec<f32> = edges.into();
    edges.extend([f32::INFINITY, f32::NEG_INFINITY, f32::NAN]);
    edges.extend((1..60).map(|i| (i as f32 * 0.37 - 9.0) * i as f32));
    for &x in &edges {
        for &y in &edges {
            let (a, b) = (f64::from(x), f64::from(y));
            for (name, limit, ours, right) in [
                ("pow", 1.5, pow(x, y), libm::pow(a, b)),
                ("atan2", 2.0, atan2(x, y), libm::atan2(a, b)),
                ("fmod", 0.0, fmod(x, y), libm::fmod(a, b)),
                ("hypot", 1.5, hypot(x, y), libm::hypot(a, b)),
            ] {
                let same_sign =
                    ours.is_nan() || ours.is_sign_negative() == right.is_sign_negative();
                let wrong = off(ours, right);
                assert!(wrong <= limit && same_sign, "{name} {x} {y}: {ours} {right} {wrong}");
            }
        }
        for n in -300..300 {
            let wanted = libm::ldexp(x.into(), n) as f32;
            assert!(ldexp(x, n) == wanted || wanted.is_nan(), "{x} {n}: {} {wanted}", ldexp(x, n));
        }
    }
}

#[test]
fn fractions() {
    for x in values(f32::MIN, f32::MAX).into_iter().filter(|x| *x != 0.0) {
        let (fraction, n) = frexp(x);
        assert!((0.5..1.0).contains(&fraction.abs()) && ldexp(fraction, n) == x, "{x}");
    }
}
