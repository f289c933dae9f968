//! Words that do not belong into the project.

use super::{File, Problem};

/// Promises to do later what ought to be done now.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
];

/// Places that exist on one machine only.
const PLACES: &[&str] = &[
    concat!("/opt/", "stock"),
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("registry.", "npmjs.org"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi", ".org"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
];

/// Every file is searched; lock files and expected texts are not ours to word.
pub fn check(files: &[File]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files {
        if file.path.ends_with(".lock") || file.path.ends_with(".expected") {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if UNFINISHED.iter().any(|word| line.contains(word)) {
                problems.push(Problem::at(&file.path, index + 1, "unfinished work"));
            }
            if PLACES.iter().any(|place| line.contains(place)) {
                problems.push(Problem::at(
                    &file.path,
                    index + 1,
                    "the name of one machine's place",
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_both_kinds() {
        let text = concat!("// TO", "DO: later\nlet p = \"/opt/", "stock/x\";\nfine\n");
        let file = File { path: "a.rs".into(), text: text.into() };
        assert_eq!(check(&[file]).len(), 2);
    }
}
