//! Offsets to line and column.

use super::Span;

/// Where every line of a source starts. Lines end in `\n`, `\r\n` or a lone `\r`.
#[derive(Clone, Debug)]
pub struct LineTable {
    starts: Vec<u32>,
    len: u32,
}

/// A place in a file as people count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCol {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl LineTable {
    /// Scans `source` once.
    pub fn new(source: &[u8]) -> Self {
        let mut starts = vec![0];
        let mut i = 0;
        while i < source.len() {
            let byte = source[i];
            i += 1;
            if byte > b'\r' {
                continue;
            }
            if byte == b'\n' || (byte == b'\r' && source.get(i) != Some(&b'\n')) {
                starts.push(i as u32);
            }
        }
        Self { starts, len: source.len() as u32 }
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// Line and column of `offset` in the `source` this table was made from.
    pub fn line_col(&self, source: &[u8], offset: u32) -> LineCol {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let end = (offset as usize).min(source.len());
        let bytes = source.get(start..end).unwrap_or_default();
        // Continuation bytes do not start a character.
        let column = bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u32 + 1;
        LineCol { line, column }
    }

    /// The bytes of a line (from 1) without what ends it; empty beyond the last one.
    pub fn text<'a>(&self, source: &'a [u8], line: u32) -> &'a [u8] {
        let mut bytes =
            self.span(line).and_then(|span| source.get(span.range())).unwrap_or_default();
        while let Some((b'\n' | b'\r', rest)) = bytes.split_last() {
            bytes = rest;
        }
        bytes
    }

    /// The range of a line (from 1), its line end included.
    pub fn span(&self, line: u32) -> Option<Span> {
        let start = *self.starts.get((line as usize).checked_sub(1)?)?;
        let end = self.starts.get(line as usize).copied().unwrap_or(self.len);
        Some(Span::new(start, end))
    }

    /// How many lines there are; a final line without text counts.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }
}

/// Looks lines up fast when offsets come almost in order, as they do in a walk over the tree.
#[derive(Clone, Debug)]
pub struct LineCursor<'a> {
    table: &'a LineTable,
    line: u32,
    span: Span,
}

impl<'a> LineCursor<'a> {
    /// A cursor at the first line.
    pub fn new(table: &'a LineTable) -> Self {
        Self { table, line: 1, span: table.span(1).unwrap_or_default() }
    }

    /// The line, counted from 1, that holds the byte at `offset`.
    pub fn line(&mut self, offset: u32) -> u32 {
        if offset < self.span.start || offset >= self.span.end {
            let next = self.table.span(self.line + 1);
            match next {
                Some(span) if offset >= span.start && offset < span.end => {
                    self.line += 1;
                    self.span = span;
                }
                _ => {
                    self.line = self.table.line(offset);
                    self.span = self.table.span(self.line).unwrap_or_default();
                }
            }
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts() {
        let source = b"a\nb\r\nc\rd";
        let table = LineTable::new(source);
        let lines: Vec<u32> = (0..source.len() as u32).map(|i| table.line(i)).collect();
        assert_eq!(lines, [1, 1, 2, 2, 2, 3, 3, 4]);
        let mut cursor = LineCursor::new(&table);
        for (offset, line) in lines.iter().enumerate() {
            assert_eq!(cursor.line(offset as u32), *line);
        }
        assert_eq!(cursor.line(0), 1);
        assert_eq!(table.text(source, 2), b"b");
        assert_eq!(table.count(), 4);
    }

    #[test]
    fn columns_count_characters() {
        let source = "x = 'é' + y".as_bytes();
        let table = LineTable::new(source);
        let offset = source.iter().position(|&byte| byte == b'+').unwrap() as u32;
        assert_eq!(table.line_col(source, offset), LineCol { line: 1, column: 9 });
    }
}
