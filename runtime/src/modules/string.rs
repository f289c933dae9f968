//! `string` and `string.templatelib`.

use crate::object::template::{INTERPOLATION, TEMPLATE};

module! {
    pub static STRING: "string" { "templatelib" => obj!(TEMPLATELIB), }
}

module! {
    pub static TEMPLATELIB: "string.templatelib" {
        "Interpolation" => obj!(INTERPOLATION),
        "Template" => obj!(TEMPLATE),
    }
}
