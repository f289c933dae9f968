//! What an image does not hold because only people want it: line tables and names. The
//! host keeps them in a file and turns a board's tracebacks back.
//!
//! A function without a line table in an image that says so tells, in place of a line, how
//! far behind the image's start the instruction lies.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The form of the file.
const FORMAT: u32 = 1;

/// Why a map cannot be used.
#[derive(Debug)]
pub enum MapError {
    Json(serde_json::Error),
    /// It is of another form.
    Format(u32),
}

impl std::error::Error for MapError {}

impl std::fmt::Display for MapError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            MapError::Json(error) => write!(f, "not a map of an image: {error}"),
            MapError::Format(format) => write!(f, "a map of form {format}, not {FORMAT}"),
        }
    }
}

/// The map of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Map {
    format: u32,
    /// In the order of the addresses.
    functions: Vec<Function>,
    /// Names in the image, and what they were in the source.
    names: BTreeMap<String, String>,
}

/// A function's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Function {
    /// Where its instructions begin, and their length, in bytes from the image's start.
    at: u32,
    length: u32,
    file: String,
    name: String,
    /// From which offset on is which line.
    lines: Vec<(u32, u32)>,
}

impl Map {
    /// A map of no functions; `names` are those of the image, and what they were.
    pub(super) fn of(names: BTreeMap<String, String>) -> Map {
        Map { format: FORMAT, functions: Vec::new(), names }
    }

    /// Reads a map.
    pub fn parse(text: &[u8]) -> Result<Map, MapError> {
        let map: Map = serde_json::from_slice(text).map_err(MapError::Json)?;
        if map.format == FORMAT { Ok(map) } else { Err(MapError::Format(map.format)) }
    }

    /// The map as a file.
    pub fn text(&self) -> String {
        // Plain numbers and strings cannot fail to be written.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// Adds the function whose instructions begin at `at`; `lines` is its line table.
    pub(super) fn add(&mut self, at: u32, length: u32, file: String, name: String, lines: &[u8]) {
        let (mut offset, mut line) = (0u32, 1u32);
        let mut list = vec![(0, 1)];
        for step in mpy_format::lines::steps(lines) {
            offset = offset.saturating_add(step.bytes);
            line = line.saturating_add(step.lines);
            match list.last_mut() {
                Some(last) if last.0 == offset => last.1 = line,
                Some(last) if last.1 == line => {}
                _ => list.push((offset, line)),
            }
        }
        self.functions.push(Function { at, length, file, name, lines: list });
    }

    /// File, function and line of the instruction so far behind the image's start.
    pub fn find(&self, distance: u32) -> Option<(&str, &str, u32)> {
        let inside = |f: &&Function| distance.checked_sub(f.at).is_some_and(|d| d < f.length);
        let function = self.functions.iter().find(inside)?;
        let offset = distance.checked_sub(function.at)?;
        let after = function.lines.iter().position(|(from, _)| *from > offset);
        let at = after.unwrap_or(function.lines.len()).checked_sub(1)?;
        Some((&function.file, &function.name, function.lines.get(at)?.1))
    }

    /// A traceback, or any text with tracebacks in it, as it would be with lines and names.
    pub fn decode(&self, text: &str) -> String {
        let mut out = String::new();
        for line in text.split_inclusive('\n') {
            let (body, end) = match line.strip_suffix('\n') {
                Some(body) => (body.strip_suffix('\r').unwrap_or(body), "\n"),
                None => (line, ""),
            };
            match self.entry(body) {
                Some(entry) => out += &entry,
                None => out += &self.rename(body),
            }
            out += end;
        }
        out
    }

    /// A line of a traceback: `  File "…", line N, in …`.
    fn entry(&self, line: &str) -> Option<String> {
        let at = line.find("File \"")?;
        let (_, rest) = line.get(at + 6..)?.split_once("\", line ")?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (file, name, number) = self.find(rest.get(..digits)?.parse().ok()?)?;
        let mut out = format!("{}File \"{file}\", line {number}", line.get(..at)?);
        if rest.get(digits..)?.starts_with(", in ") {
            // Writing to a String cannot fail.
            let _ = write!(out, ", in {name}");
        }
        Some(out)
    }

    /// Names of the image as whole words become what they were.
    fn rename(&self, text: &str) -> String {
        if self.names.is_empty() {
            return text.to_owned();
        }
        let mut out = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let end = match rest.find(is_word) {
                Some(0) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                Some(end) => end,
                None => rest.len(),
            };
            let (word, after) = rest.split_at(end);
            out += self.names.get(word).map_or(word, String::as_str);
            rest = after;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Map {
        let names = BTreeMap::from([("_a".into(), "secret".into())]);
        let mut map = Map::of(names);
        // Line 1 for 3 bytes, line 3 for 4, line 4 from there on.
        map.add(100, 20, "main.py".into(), "blink".into(), &[0x43, 0x24]);
        map
    }

    #[test]
    fn places_are_found() {
        let map = sample();
        assert_eq!(map.find(100), Some(("main.py", "blink", 1)));
        assert_eq!(map.find(103), Some(("main.py", "blink", 3)));
        assert_eq!(map.find(119), Some(("main.py", "blink", 4)));
        assert_eq!(map.find(120), None);
        assert_eq!(Map::parse(map.text().as_bytes()).unwrap(), map);
        assert!(Map::parse(b"{}").is_err());
    }

    #[test]
    fn tracebacks_are_turned_back() {
        let text = "x\r\nTraceback (most recent call last):\r\n  File \"_b\", line 104, in _c\r\n\
                    NameError: name '_a' isn't defined\r\n";
        let expected = "x\nTraceback (most recent call last):\n  File \"main.py\", line 3, in blink\n\
                        NameError: name 'secret' isn't defined\n";
        assert_eq!(sample().decode(text), expected);
        assert_eq!(sample().decode("  File \"x.py\", line 5"), "  File \"x.py\", line 5");
    }
}
