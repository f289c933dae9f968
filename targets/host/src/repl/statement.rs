//! Where a statement that is typed line by line ends.

/// Words that begin a statement which only an empty line ends.
const COMPOUND: &[&str] = &["if", "while", "for", "try", "with", "def", "class", "async"];

/// Whether the statement needs more lines: a bracket or a long string is open, the last
/// line ends with a backslash, or a compound statement waits for its empty line. `text`
/// is without the end of its last line.
pub fn goes_on(text: &str) -> bool {
    let mut open = 0usize;
    let mut quote: Option<(char, bool)> = None;
    let mut last = ' ';
    let word = text.split(|c: char| !c.is_alphanumeric() && c != '_').next();
    let mut block = text.starts_with('@') || word.is_some_and(|w| COMPOUND.contains(&w));
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let long = rest.get(..3).is_some_and(|t| t == "\"\"\"" || t == "'''");
        let mut n = c.len_utf8();
        match quote {
            Some((q, triple)) if c == q && (!triple || long) => {
                n = if triple { 3 } else { 1 };
                quote = None;
            }
            Some(_) if c == '\\' && rest.len() > 1 => {
                n += rest.chars().nth(1).map_or(0, char::len_utf8);
            }
            Some((_, false)) if c == '\n' => quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' => {
                    quote = Some((c, long));
                    n = if long { 3 } else { 1 };
                }
                '#' => n = rest.find('\n').unwrap_or(rest.len()),
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                '\\' if rest.len() == 1 => return true,
                '\n' => block |= last == ':' && open == 0,
                _ => {}
            },
        }
        if !c.is_whitespace() && (c != '#' || quote.is_some()) {
            last = c;
        }
        rest = rest.get(n..).unwrap_or_default();
    }
    match quote {
        Some((_, true)) => return true,
        // A text in one line that has no end is for the compiler to refuse.
        Some((_, false)) => return last == '\\',
        None => {}
    }
    block |= last == ':' && open == 0;
    open > 0 || (block && !text.ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::goes_on;

    #[test]
    fn whole_statements_do_not_go_on() {
        for text in ["", "1+1", "x = ':'", "f(1)", "# :", "d[1:]", "if1 = 1", "'('", "'\\\\'"] {
            assert!(!goes_on(text), "{text:?}");
        }
        assert!(!goes_on("if x:\n  pass\n"));
        assert!(!goes_on("if x: pass\n"));
        assert!(!goes_on("f(1,\n2)"));
        assert!(!goes_on("'''\n'''"));
    }

    #[test]
    fn open_ones_do() {
        for text in [
            "if x:",
            "if x: # why",
            "if x: pass",
            "f(1,",
            "1 + \\",
            "@d",
            "match x:",
            "'''a",
            "'a\\",
        ] {
            assert!(goes_on(text), "{text:?}");
        }
        assert!(goes_on("for i in x:\n  print(i)"));
        assert!(goes_on("for i in x:\n  print(i)\n  "));
    }
}
