//! The linker keeps what the runtime itself asks objects for by name.

use mpy_format::image::ASKED;
use std::path::Path;

/// Calls that look an attribute up.
const CALLS: [&str; 4] = ["call_method(", "try_getattr(", "load_method(", "find_attr("];

fn check(folder: &Path, found: &mut usize) {
    for entry in std::fs::read_dir(folder).expect("sources").flatten() {
        let path = entry.path();
        if path.is_dir() {
            check(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            for call in CALLS {
                for (at, _) in text.match_indices(call) {
                    let given = text[at + call.len()..].split(';').next().unwrap_or("");
                    let given = given.split("&[").next().unwrap_or("");
                    let Some((_, name)) = given.split_once("q!(\"") else { continue };
                    let name = name.split('"').next().unwrap_or("");
                    let special = name.starts_with("__") && name.ends_with("__");
                    let known = special || ASKED.contains(&name);
                    assert!(known, "{}: '{name}' is missing in ASKED", path.display());
                    *found += 1;
                }
            }
        }
    }
}

#[test]
fn names_that_the_runtime_asks_for_are_known() {
    let mut found = 0;
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found > 10, "the calls have other names: {found}");
}
