//! The constants that code names by index, each once.

use std::collections::HashMap;

use mpy_format::Const as Value;

use super::ir::KonstId;
use crate::hir::{Const, Module};

/// A constant that is a number.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    Int(i128),
    Float(f64),
}

/// Constants of a module that are neither names nor small words.
#[derive(Debug, Default)]
pub struct Konsts {
    values: Vec<Value>,
    index: HashMap<Value, KonstId>,
}

impl Konsts {
    /// The index of a constant, equal ones having one index.
    pub fn intern(&mut self, value: Value) -> KonstId {
        let next = KonstId(self.values.len() as u32);
        *self.index.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            next
        })
    }

    /// A constant.
    pub fn get(&self, id: KonstId) -> &Value {
        &self.values[id.0 as usize]
    }

    /// Those that are integers, as far as 128 bits hold them, or floats.
    pub fn numbers(&self) -> impl Iterator<Item = (KonstId, Number)> {
        self.values.iter().enumerate().filter_map(|(i, value)| {
            let number = match value {
                Value::Int(text) => Number::Int(text.parse().ok()?),
                Value::Float(text) => Number::Float(text.parse().ok()?),
                _ => return None,
            };
            Some((KonstId(i as u32), number))
        })
    }

    /// All of them, by [`KonstId`].
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.values.len()
    }
}

/// A constant as the format holds it; `None` for a complex number with a real part, alone or inside
/// a tuple, which no loader reads.
pub fn value(module: &Module, konst: Const) -> Option<Value> {
    Some(match konst {
        Const::None => Value::None,
        Const::False => Value::False,
        Const::True => Value::True,
        Const::Ellipsis => Value::Ellipsis,
        Const::Int(value) => Value::Int(value.to_string()),
        Const::Big(id) => Value::Int(module[id].to_string()),
        Const::Float(value) => Value::Float(float_text(value)),
        Const::Complex(bits) => {
            let (real, imaginary) = module[bits];
            if real != 0.0 || real.is_sign_negative() {
                return None;
            }
            Value::Complex(imaginary_text(imaginary))
        }
        Const::Str(symbol) => Value::Str(module.text(symbol).to_vec()),
        Const::Bytes(id) => Value::Bytes(module[id].to_vec()),
        Const::Tuple(items) => Value::Tuple(
            module[items].iter().map(|&item| value(module, item)).collect::<Option<_>>()?,
        ),
    })
}

/// The text of a complex number without a real part.
pub fn imaginary_text(imaginary: f64) -> String {
    float_text(imaginary) + "j"
}

/// The shortest text that reads back as `value`. The kind byte tells floats from integers, so
/// `1` will do for 1.0.
fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    if value == 0.0 {
        return if value.is_sign_negative() { "-0.0".into() } else { "0".into() };
    }
    let scientific = format!("{value:e}");
    // Beyond these lengths the plain form is never the shorter one.
    if !(1e-6..1e6).contains(&value.abs()) && value.abs() > 1e22 {
        return scientific;
    }
    let plain = value.to_string();
    let plain = match plain.strip_prefix("0.") {
        Some(fraction) => format!(".{fraction}"),
        None => plain.replacen("-0.", "-.", 1),
    };
    let moved = shift_point(&scientific);
    [plain, scientific, moved].into_iter().min_by_key(String::len).unwrap_or_default()
}

/// `1.25e-7` as `125e-9`, which is shorter by the point.
fn shift_point(scientific: &str) -> String {
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific.into();
    };
    let (Some((whole, fraction)), Ok(exponent)) =
        (mantissa.split_once('.'), exponent.parse::<i32>())
    else {
        return scientific.into();
    };
    format!("{whole}{fraction}e{}", exponent - fraction.len() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_texts_read_back_and_are_short() {
        for (value, text) in [
            (1.0, "1"),
            (0.5, ".5"),
            (-0.25, "-.25"),
            (0.0, "0"),
            (-0.0, "-0.0"),
            (100.0, "100"),
            (1e6, "1e6"),
            (1e300, "1e300"),
            (1.25e-7, "125e-9"),
            (86.528, "86.528"),
            (f64::INFINITY, "inf"),
            (-9.5e-300, "-95e-301"),
        ] {
            assert_eq!(float_text(value), text);
            assert_eq!(text.parse::<f64>().ok().map(f64::to_bits), Some(value.to_bits()));
        }
    }
}
