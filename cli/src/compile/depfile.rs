//! Dependencies in the syntax of makefiles, for `make` and `ninja`.

use super::plan::Job;
use std::path::Path;

/// One rule for each job that writes a file.
pub fn rules(jobs: &[Job]) -> String {
    let mut text = String::new();
    for job in jobs {
        if let Some(output) = &job.output {
            text += &format!("{}: {}\n", escape(output), escape(&job.input));
        }
    }
    text
}

/// A file name in which blanks, `#` and `$` are not special.
fn escape(path: &Path) -> String {
    let mut out = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            ' ' | '#' | ':' => out.push('\\'),
            '$' => out.push('$'),
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        let job =
            Job { input: "a b/$x#.py".into(), output: Some("o.mpy".into()), name: String::new() };
        assert_eq!(rules(&[job]), "o.mpy: a\\ b/$$x\\#.py\n");
    }
}
