//! A line that is edited while it is typed.
//!
//! What is shown changes by as little as possible, in one write a key: every change is
//! "from this place on the line is now that", and every motion goes back with backspaces
//! or forward by writing what is there already. The keys and what they do, down to the
//! bytes that are sent, are those of MicroPython's prompt, which its tests compare.

use hognose_runtime::Vm;

use super::keys::{Input, Key};

/// Columns of a level of indentation.
const INDENT: usize = 4;

/// Completes what is before the cursor.
pub trait Complete {
    fn complete(&self, before: &str) -> Completion;
}

/// What may come behind a name's beginning.
#[derive(Debug, PartialEq, Eq)]
pub enum Completion {
    Nothing,
    Insert(String),
    /// Names that differ in their next letter.
    Choice(Vec<String>),
}

/// How a line ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    Enter,
    /// Ctrl with this letter, in an empty line; `C` in any.
    Ctrl(u8),
    Closed,
}

/// Lines typed before, the oldest first.
#[derive(Default)]
pub struct History(Vec<String>);

impl History {
    pub const LEN: usize = 50;

    pub fn push(&mut self, line: &str) {
        if line.is_empty() || self.0.last().is_some_and(|last| last == line) {
            return;
        }
        if self.0.len() == History::LEN {
            self.0.remove(0);
        }
        self.0.push(line.to_owned());
    }

    pub fn lines(&self) -> &[String] {
        &self.0
    }

    /// The `n`th before the line that is typed.
    fn back(&self, n: usize) -> Option<&str> {
        self.0.len().checked_sub(n).and_then(|i| self.0.get(i)).map(String::as_str)
    }
}

pub struct Editor<'v> {
    vm: &'v Vm,
    pub input: Input<'v>,
    pub history: History,
    text: Vec<char>,
    cursor: usize,
    /// Lines back in history; 0 is the line that is typed.
    recalled: usize,
    /// What is to be sent to the terminal.
    out: String,
}

impl<'v> Editor<'v> {
    pub fn new(vm: &'v Vm) -> Editor<'v> {
        Editor {
            vm,
            input: Input::new(vm),
            history: History::default(),
            text: Vec::new(),
            cursor: 0,
            recalled: 0,
            out: String::new(),
        }
    }

    /// Shows the prompt and `indent` levels of indentation, and reads a line. A space or
    /// tab typed at once means that this indentation is not wanted, or not more of it;
    /// then `indents` becomes false.
    pub fn line(
        &mut self,
        prompt: &str,
        first: bool,
        indent: usize,
        indents: &mut bool,
        names: &dyn Complete,
    ) -> (String, Ending) {
        self.text.clear();
        self.cursor = 0;
        self.recalled = 0;
        self.out.push_str(prompt);
        self.insert(&vec![' '; indent * INDENT]);
        let mut indented = indent > 0;
        loop {
            self.send();
            let key = self.input.key();
            let ending = match (key, self.text.is_empty()) {
                (Key::Enter, _) => Some(Ending::Enter),
                (Key::Closed, true) => Some(Ending::Closed),
                (Key::Closed, false) => Some(Ending::Enter),
                (Key::Ctrl(b'C'), _) => Some(Ending::Ctrl(b'C')),
                (Key::Ctrl(letter), true) => Some(Ending::Ctrl(letter)),
                _ => None,
            };
            if let Some(ending) = ending {
                self.out.push('\n');
                self.send();
                let line: String = self.text.iter().collect();
                if ending == Ending::Enter {
                    self.history.push(&line);
                }
                return (line, ending);
            }
            match key {
                Key::Char(' ') if indented => {
                    *indents = false;
                    self.leave_one_space();
                }
                Key::Tab if indented => *indents = false,
                Key::Tab if !first && self.cursor == 0 => self.insert(&[' '; INDENT]),
                Key::Tab => self.tab(prompt, names),
                _ => self.apply(key),
            }
            indented = false;
        }
    }

    fn send(&mut self) {
        if !self.out.is_empty() {
            self.vm.port().stdout(self.out.as_bytes());
            self.out.clear();
        }
    }

    fn apply(&mut self, key: Key) {
        let (at, len) = (self.cursor, self.text.len());
        match key {
            Key::Char(c) => self.insert(&[c]),
            Key::Backspace => {
                let blank = self.text.iter().take(at).all(|&c| c == ' ');
                let n = if blank && at >= INDENT { INDENT } else { 1 };
                self.cut(at.saturating_sub(n), at);
            }
            Key::Delete | Key::Ctrl(b'D') => self.cut(at, (at + 1).min(len)),
            Key::Left | Key::Ctrl(b'B') => self.go(at.saturating_sub(1)),
            Key::Right => self.go((at + 1).min(len)),
            Key::WordLeft => self.go(self.word_left()),
            Key::WordRight => self.go(self.word_right()),
            Key::Home | Key::Ctrl(b'A') => self.go(0),
            Key::End | Key::Ctrl(b'E') => self.go(len),
            Key::Up => self.recall(self.recalled + 1),
            Key::Down if self.recalled > 0 => self.recall(self.recalled - 1),
            Key::KillToEnd => self.cut(at, len),
            Key::KillToStart => self.cut(0, at),
            Key::KillWordLeft => self.cut(self.word_left(), at),
            Key::KillWordRight => self.cut(at, self.word_right()),
            _ => {}
        }
    }

    /// A blank or the completion of a name.
    fn tab(&mut self, prompt: &str, names: &dyn Complete) {
        let before: String = self.text.iter().take(self.cursor).collect();
        if before.ends_with(char::is_whitespace) {
            return self.insert(&[' '; INDENT]);
        }
        match names.complete(&before) {
            Completion::Nothing => {}
            Completion::Insert(rest) => self.insert(&rest.chars().collect::<Vec<_>>()),
            Completion::Choice(names) => {
                self.out.push('\n');
                columns(&names, &mut self.out);
                self.out.push_str(prompt);
                self.out.push_str(&before);
                let tail = self.text.get(self.cursor..).unwrap_or_default().to_vec();
                self.rewrite(self.cursor, &tail, self.cursor);
            }
        }
    }

    /// Instead of the indentation that was offered.
    fn leave_one_space(&mut self) {
        self.go(1);
        self.text.truncate(1);
    }

    fn recall(&mut self, n: usize) {
        let line = if n == 0 { Some("") } else { self.history.back(n) };
        if let Some(line) = line {
            let line: Vec<char> = line.chars().collect();
            self.recalled = n;
            self.rewrite(0, &line, line.len());
        }
    }

    fn insert(&mut self, new: &[char]) {
        if new.is_empty() {
            return;
        }
        let mut tail = new.to_vec();
        tail.extend(self.text.iter().skip(self.cursor));
        self.rewrite(self.cursor, &tail, self.cursor + new.len());
    }

    fn cut(&mut self, from: usize, to: usize) {
        if from < to {
            let tail = self.text.get(to..).unwrap_or_default().to_vec();
            self.rewrite(from, &tail, from);
        }
    }

    /// From column `at` on the line becomes `tail`, with the cursor at `cursor`. `at` is
    /// not behind the cursor.
    fn rewrite(&mut self, at: usize, tail: &[char], cursor: usize) {
        let before = self.text.len();
        self.back(self.cursor.saturating_sub(at));
        self.text.truncate(at);
        self.text.extend(tail);
        if self.text.len() < before {
            self.out.push_str("\x1b[K");
        }
        self.out.extend(tail);
        self.back(self.text.len().saturating_sub(cursor));
        self.cursor = cursor;
    }

    /// Moves the cursor.
    fn go(&mut self, to: usize) {
        self.back(self.cursor.saturating_sub(to));
        self.out.extend(self.text.get(self.cursor..to).unwrap_or_default());
        self.cursor = to;
    }

    fn back(&mut self, n: usize) {
        match n {
            0..=4 => self.out.extend(std::iter::repeat_n('\x08', n)),
            _ => self.out.push_str(&format!("\x1b[{n}D")),
        }
    }

    /// Where the word before the cursor begins.
    fn word_left(&self) -> usize {
        let before = self.text.get(..self.cursor).unwrap_or_default();
        let end = before.iter().rposition(|c| c.is_alphanumeric()).map_or(0, |i| i + 1);
        let word = before.get(..end).unwrap_or_default();
        word.iter().rposition(|c| !c.is_alphanumeric()).map_or(0, |i| i + 1)
    }

    /// Where the word behind the cursor ends.
    fn word_right(&self) -> usize {
        let len = self.text.len();
        let at = |from: usize, in_word: bool| {
            let mut rest = self.text.iter().skip(from);
            rest.position(|c| c.is_alphanumeric() == in_word).map_or(len, |i| from + i)
        };
        at(at(self.cursor, true), false)
    }
}

/// Names side by side.
fn columns(names: &[String], out: &mut String) {
    const SLOT: usize = 16;
    const WIDTH: usize = 4 * SLOT;
    let mut used = 0usize;
    for name in names {
        let len = name.chars().count();
        // Two blanks at least are between them.
        let column = (used + 2).next_multiple_of(SLOT);
        if used == 0 {
        } else if column + len <= WIDTH {
            out.extend(std::iter::repeat_n(' ', column - used));
            used = column;
        } else {
            out.push('\n');
            used = 0;
        }
        out.push_str(name);
        used += len;
    }
    out.push('\n');
}

/// Levels of indentation for the line behind `text`, the lines of a statement so far, each
/// with its end: as the last one, one more behind a colon, none behind two blank lines.
pub fn indentation(text: &str) -> usize {
    let mut lines = text.lines().rev();
    let Some(last) = lines.next() else { return 0 };
    let blank = |line: &str| line.trim_start_matches(' ').is_empty();
    if blank(last) && lines.next().is_some_and(blank) {
        return 0;
    }
    let spaces = last.len() - last.trim_start_matches(' ').len();
    spaces / INDENT + usize::from(last.ends_with(':'))
}
