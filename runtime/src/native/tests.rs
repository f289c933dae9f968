//! The helpers' types against the rows of the table.

use mpy_format::Helper;

use super::{helpers, library};

#[test]
fn helpers_have_the_types_of_their_rows() {
    for &(name, params, result) in helpers::TYPES.iter().chain(library::TYPES) {
        let row = Helper::ALL.iter().find(|h| h.name() == name);
        let row = row.unwrap_or_else(|| panic!("no row {name}"));
        // Floats come back by a pointer, argument lists go by one.
        if name.starts_with("obj_get_float") || name == "vprintf" {
            continue;
        }
        assert_eq!(params, row.params(), "{name}");
        assert_eq!(result, row.result(), "{name}");
    }
}
