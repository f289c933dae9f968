//! A source as diagnostics show it.

use super::{LineCol, LineTable, Span};

/// A file's name, text and lines.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The name to show.
    pub name: String,
    text: String,
    lines: LineTable,
}

impl SourceFile {
    /// Takes a source as it was compiled. Bytes that are not UTF-8 are shown as `?`.
    pub fn new(name: impl Into<String>, source: &[u8]) -> Self {
        let mut text = String::with_capacity(source.len());
        for chunk in source.utf8_chunks() {
            text.push_str(chunk.valid());
            // One mark a byte, so that offsets stay what they are.
            text.extend(chunk.invalid().iter().map(|_| '?'));
        }
        Self { name: name.into(), text, lines: LineTable::new(source) }
    }

    /// Line and column of an offset.
    pub fn line_col(&self, offset: u32) -> LineCol {
        self.lines.line_col(self.text.as_bytes(), offset)
    }

    /// The whole lines that hold the span, the number of the first of them, and the span within.
    pub(super) fn excerpt(&self, span: Span) -> (&str, u32, std::ops::Range<usize>) {
        let len = self.text.len() as u32;
        let (start, end) = (span.start.min(len), span.end.min(len).max(span.start.min(len)));
        let first = self.lines.line(start);
        let last = self.lines.line(end.saturating_sub(1).max(start));
        let from = self.lines.span(first).map_or(0, |line| line.start);
        let to = self.lines.span(last).map_or(len, |line| line.end);
        let text = self.text.get(from as usize..to as usize).unwrap_or_default();
        let text = text.trim_end_matches(['\n', '\r']);
        let at = |offset: u32| self.boundary((offset - from) as usize, text);
        (text, first, at(start)..at(end))
    }

    /// The line of an offset without what ends it.
    pub fn line_text(&self, offset: u32) -> &str {
        self.excerpt(Span::at(offset)).0
    }

    /// The nearest place at or before `offset` where a character starts.
    fn boundary(&self, offset: usize, text: &str) -> usize {
        (0..=offset.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
    }
}
