//! `array`: the type `array`.

use crate::object::ARRAY;

module! {
    pub static MODULE: "array" { "array" => obj!(ARRAY), }
}
