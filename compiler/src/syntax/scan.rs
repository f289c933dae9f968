//! A look at the text before the parser gets it: how deep can the tree become?
//!
//! The scan knows strings, comments and brackets, and counts per bracket level what can nest
//! without brackets: operators, dots, calls, `not`, `lambda`, `if`, `for`, `await`. A comma, a
//! semicolon or a new statement starts the count of its level again; only in `with` statements
//! every comma counts, because their items nest. The result bounds the tree's depth from
//! above. Formatted strings are scanned as code, which keeps the bound: their text can only add.

use crate::diag::{Code, Diagnostic, Span};

/// The deepest tree that is accepted, in nodes from root to leaf as [`nesting`] estimates them.
pub const MAX_NESTING: u32 = 10_000;

/// An upper bound of a tree's depth, and where the text is deepest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nesting {
    /// Levels.
    pub depth: u32,
    /// The first place over [`MAX_NESTING`], else the deepest one.
    pub place: u32,
}

/// Bounds the depth of the tree of `text`.
pub(super) fn nesting(text: &str) -> Nesting {
    Scanner::new(text.as_bytes()).run()
}

/// The text with every byte that is not UTF-8 replaced inside comments.
///
/// # Errors
/// [`Code::InvalidUtf8`] where such a byte stands elsewhere.
pub(super) fn blank_comments(source: &[u8]) -> Result<String, Diagnostic> {
    let mut scanner = Scanner::new(source);
    scanner.comments = Some(Vec::new());
    scanner.run();
    let comments = scanner.comments.unwrap_or_default();
    let mut bytes = source.to_vec();
    for (start, end) in comments {
        for byte in &mut bytes[start..end] {
            if !byte.is_ascii() {
                *byte = b'?';
            }
        }
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() as u32;
        Diagnostic::new(Code::InvalidUtf8, Span::new(at, at + 1), "the source is not valid UTF-8")
            .hint("save the file as UTF-8, or write the byte as an escape such as `\\xff`")
    })
}

struct Scanner<'a> {
    source: &'a [u8],
    at: usize,
    /// The chain counts of the bracket levels around the current one.
    outer: Vec<u32>,
    /// What the levels around the current one add up to.
    below: u32,
    /// What the current level's expression has so far.
    chain: u32,
    deepest: Nesting,
    /// Decorators of the definition that is to come: each is a call of the next.
    decorators: u32,
    /// Whether this statement is a `with`.
    with: bool,
    /// Columns of the blocks that are open.
    blocks: Vec<u32>,
    /// Ranges of comments, if wanted.
    comments: Option<Vec<(usize, usize)>>,
}

impl<'a> Scanner<'a> {
    fn new(source: &'a [u8]) -> Self {
        Self {
            source,
            at: 0,
            outer: Vec::new(),
            below: 0,
            chain: 0,
            decorators: 0,
            with: false,
            deepest: Nesting { depth: 0, place: 0 },
            blocks: Vec::new(),
            comments: None,
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.source.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn run(&mut self) -> Nesting {
        self.indentation();
        while let Some(&byte) = self.source.get(self.at) {
            self.at += 1;
            match byte {
                b'\n' | b'\r' => {
                    if self.outer.is_empty() {
                        self.chain = 0;
                        self.with = false;
                        self.indentation();
                    }
                }
                b' ' | b'\t' => {}
                b'#' => self.comment(),
                b'(' | b'[' | b'{' => {
                    self.outer.push(self.chain);
                    self.below += self.chain + 1;
                    self.chain = 0;
                    self.note();
                }
                b')' | b']' | b'}' => {
                    if let Some(chain) = self.outer.pop() {
                        self.below -= chain + 1;
                        self.chain = chain;
                    }
                    self.link();
                }
                b',' if self.with => self.link(),
                b',' | b';' => self.chain = 0,
                b'"' | b'\'' => self.string(byte, false),
                b'\\' => self.at += 1,
                b'0'..=b'9' | b'_' | b':' => {}
                b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word(),
                _ => self.link(),
            }
        }
        self.deepest
    }

    /// One more operator or keyword at this level.
    fn link(&mut self) {
        self.chain += 1;
        self.note();
    }

    fn note(&mut self) {
        let depth = self.below + self.chain + self.decorators + self.blocks.len() as u32 * 2;
        if depth > self.deepest.depth && self.deepest.depth <= MAX_NESTING {
            self.deepest = Nesting { depth, place: self.at.saturating_sub(1) as u32 };
        }
    }

    /// At the start of a statement's line: opens and closes blocks.
    fn indentation(&mut self) {
        let mut column = 0;
        loop {
            match self.peek(0) {
                b' ' => column += 1,
                b'\t' => column = (column | 7) + 1,
                b'#' | b'\n' | b'\r' | 0 => return,
                _ => break,
            }
            self.at += 1;
        }
        self.decorators = if self.peek(0) == b'@' { self.decorators + 1 } else { 0 };
        while self.blocks.last().is_some_and(|&last| last > column) {
            self.blocks.pop();
        }
        if column > self.blocks.last().copied().unwrap_or(0) {
            self.blocks.push(column);
            self.note();
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        while !matches!(self.source.get(self.at), None | Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        if let Some(comments) = &mut self.comments {
            comments.push((start, self.at));
        }
    }

    /// After the first letter of a word: a name, a keyword or the prefix of a string.
    fn word(&mut self) {
        let start = self.at - 1;
        while matches!(self.peek(0), b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | 0x80..) {
            self.at += 1;
        }
        let word = &self.source[start..self.at];
        let quote = self.peek(0);
        if word.len() <= 2 && (quote == b'"' || quote == b'\'') {
            let has = |letter| word.iter().any(|byte| byte.to_ascii_lowercase() == letter);
            if word.iter().all(|byte| b"rRbBuUfFtT".contains(byte)) {
                self.at += 1;
                self.string(quote, has(b'f') || has(b't'));
                return;
            }
        }
        match word {
            b"not" | b"if" | b"for" | b"lambda" | b"await" | b"yield" | b"else" => self.link(),
            b"with" => self.with = true,
            _ => {}
        }
    }

    /// After the opening quote. A formatted string is only left by its own kind of quote, and what
    /// it holds is counted as code.
    fn string(&mut self, quote: u8, formatted: bool) {
        let triple = self.peek(0) == quote && self.peek(1) == quote;
        if triple {
            self.at += 2;
        }
        let level = self.outer.len();
        while let Some(&byte) = self.source.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'\n' if !triple => {
                    self.at -= 1;
                    break;
                }
                _ if byte == quote => {
                    if !triple {
                        break;
                    }
                    if self.peek(0) == quote && self.peek(1) == quote {
                        self.at += 2;
                        break;
                    }
                }
                b'(' | b'[' | b'{' if formatted => {
                    self.outer.push(self.chain);
                    self.below += self.chain + 1;
                    self.chain = 0;
                    self.note();
                }
                b')' | b']' | b'}' if formatted => {
                    if self.outer.len() > level
                        && let Some(chain) = self.outer.pop()
                    {
                        self.below -= chain + 1;
                        self.chain = chain;
                    }
                    self.link();
                }
                b'a'..=b'z' | b'A'..=b'Z' if formatted => self.word(),
                b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'.'
                    if formatted =>
                {
                    self.link();
                }
                _ => {}
            }
        }
        while self.outer.len() > level
            && let Some(chain) = self.outer.pop()
        {
            self.below -= chain + 1;
            self.chain = chain;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(text: &str) -> u32 {
        nesting(text).depth
    }

    #[test]
    fn flat_text_is_shallow() {
        assert!(depth(&"x = 1 + 2\n".repeat(10_000)) < 5);
        assert!(depth(&format!("x = [{}]", "1 + 2, ".repeat(10_000))) < 6);
        assert!(depth(&"s = '((((' # [[[\n".repeat(10_000)) < 5);
        assert!(depth(&"s = f'({(x)}'\n".repeat(10_000)) < 8);
    }

    #[test]
    fn what_nests_is_deep() {
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("not ", "")] {
            let text = format!("{}x{}", open.repeat(5000), close.repeat(5000));
            assert!(depth(&text) >= 5000, "{open}");
        }
        assert!(depth(&format!("x = a{}", ".b".repeat(5000))) >= 5000);
        assert!(depth(&format!("{}def f(): pass", "@a\n".repeat(5000))) >= 5000);
        assert!(depth(&format!("with {}b: pass", "a, ".repeat(5000))) >= 5000);
        assert!(depth(&format!("[x {}]", "for x in y ".repeat(5000))) >= 5000);
        assert!(depth(&format!("x = a{}", "()".repeat(5000))) >= 5000);
        assert!(depth(&format!("x = a{}", " + a".repeat(5000))) >= 5000);
        assert!(depth(&format!("x = {}1", "1 if a else ".repeat(5000))) >= 5000);
        assert!(depth(&format!("x = {}1", "lambda: ".repeat(5000))) >= 5000);
        assert!(depth(&format!("x = f'{{{}1{}}}'", "(".repeat(5000), ")".repeat(5000))) >= 5000);
        let blocks: String = (0..300).map(|i| format!("{}if x:\n", " ".repeat(i))).collect();
        assert!(depth(&format!("{blocks}{}pass\n", " ".repeat(300))) >= 300);
    }

    #[test]
    fn the_place_is_where_the_limit_is_passed() {
        let text = format!("x = {}", "(".repeat(MAX_NESTING as usize + 100));
        let nesting = nesting(&text);
        assert_eq!(nesting.depth, MAX_NESTING + 1);
        assert_eq!(nesting.place, MAX_NESTING + 3);
    }

    #[test]
    fn any_byte_may_stand_in_a_comment_only() {
        let text = blank_comments(b"x = '#' # caf\xe9\ny = 1\n").unwrap();
        assert_eq!(text, "x = '#' # caf?\ny = 1\n");
        let error = blank_comments(b"x = 'caf\xe9'\n").unwrap_err();
        assert_eq!((error.code, error.span.start), (Code::InvalidUtf8, 8));
    }
}
