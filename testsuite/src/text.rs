//! What a program printed, made comparable, and the difference of two texts.

use similar::{ChangeTag, TextDiff};

/// Line ends as `\n` and exactly one at the end of a text that has any.
pub fn normalise(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw).replace("\r\n", "\n");
    let text = text.trim_end_matches('\n');
    if text.is_empty() { String::new() } else { format!("{text}\n") }
}

/// The lines that differ, with two lines around them: `-` expected, `+` got.
pub fn diff(expected: &str, got: &str) -> String {
    let mut out = String::new();
    let diff = TextDiff::from_lines(expected, got);
    for group in diff.grouped_ops(2) {
        for op in group {
            for change in diff.iter_changes(&op) {
                let sign = match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                out.push(sign);
                out.push_str(change.value().trim_end_matches('\n'));
                out.push('\n');
            }
        }
        out.push_str("...\n");
    }
    out
}

/// The first `lines` lines of a text, saying how many were left out.
pub fn head(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    let mut out = all.iter().take(lines).map(|l| format!("    {l}\n")).collect::<String>();
    if all.len() > lines {
        out.push_str(&format!("    ({} more lines)\n", all.len() - lines));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_line_ends() {
        assert_eq!(normalise(b"a\r\nb\n\n"), "a\nb\n");
        assert_eq!(normalise(b"\n"), "");
    }

    #[test]
    fn shows_only_what_differs() {
        let shown = diff("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\n6\n");
        assert_eq!(shown, " 3\n 4\n-5\n+x\n 6\n...\n");
    }
}
