//! Characters within UTF-8 bytes: counting, stepping, coding, classes.
//!
//! A character starts at every byte that is not a continuation byte (`10xxxxxx`).
//! Classes and case are ASCII's, as on every MicroPython board.

/// Whether `b` continues a character rather than starting one.
#[inline]
pub const fn is_continuation(b: u8) -> bool {
    b & 0xC0 == 0x80
}

/// Bytes in the character that starts with `lead`; 0 if none does.
pub const fn length(lead: u8) -> usize {
    match lead {
        0..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0..0xF8 => 4,
        _ => 0,
    }
}

/// Number of characters.
pub fn count(text: &[u8]) -> usize {
    text.iter().filter(|&&b| !is_continuation(b)).count()
}

/// Byte offset of the character after the one at `at`.
pub fn next(text: &[u8], at: usize) -> usize {
    let tail = text.get(at + 1..).unwrap_or_default();
    at + 1 + tail.iter().position(|&b| !is_continuation(b)).unwrap_or(tail.len())
}

/// Byte offset of the character before offset `at`, if there is one.
pub fn previous(text: &[u8], at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    if head.is_empty() {
        return None;
    }
    Some(head.iter().rposition(|&b| !is_continuation(b)).unwrap_or(0))
}

/// Byte offset of character number `index` (the end for `index` = count).
pub fn offset(text: &[u8], index: usize) -> Option<usize> {
    if text.is_ascii() {
        return (index <= text.len()).then_some(index);
    }
    let mut at = 0;
    for _ in 0..index {
        if at >= text.len() {
            return None;
        }
        at = next(text, at);
    }
    Some(at)
}

/// Code point of the character at `at`; 0 past the end. Lone surrogates decode to themselves.
pub fn decode(text: &[u8], at: usize) -> u32 {
    let Some(&lead) = text.get(at) else {
        return 0;
    };
    let mut c = match lead {
        0..0xC0 => return lead as u32,
        0xC0..0xE0 => lead as u32 & 0x1F,
        0xE0..0xF0 => lead as u32 & 0x0F,
        _ => lead as u32 & 0x07,
    };
    for &b in text.get(at + 1..next(text, at)).unwrap_or_default() {
        c = c << 6 | (b as u32 & 0x3F);
    }
    c
}

/// The UTF-8 form of `c` (0 to 0x10FFFF, surrogates included) and its length.
pub const fn encode(c: u32) -> ([u8; 4], usize) {
    if c < 0x80 {
        ([c as u8, 0, 0, 0], 1)
    } else if c < 0x800 {
        ([0xC0 | (c >> 6) as u8, tail(c, 0), 0, 0], 2)
    } else if c < 0x1_0000 {
        ([0xE0 | (c >> 12) as u8, tail(c, 6), tail(c, 0), 0], 3)
    } else {
        ([0xF0 | (c >> 18) as u8, tail(c, 12), tail(c, 6), tail(c, 0)], 4)
    }
}

const fn tail(c: u32, shift: u32) -> u8 {
    0x80 | (c >> shift & 0x3F) as u8
}

/// Whether the bytes are well-formed as stock checks them: every lead byte has its
/// continuation bytes, and nothing else continues. (Overlong forms and surrogates pass.)
pub fn is_utf8(text: &[u8]) -> bool {
    let mut need = 0;
    for &b in text {
        if need > 0 {
            if !is_continuation(b) {
                return false;
            }
            need -= 1;
        } else {
            need = match length(b) {
                0 => return false,
                n => n - 1,
            };
        }
    }
    need == 0
}

/// White space: tab to carriage return, and the space.
#[inline]
pub const fn is_space(b: u8) -> bool {
    matches!(b, b'\t'..=b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters() {
        let t = "aé€😀z".as_bytes();
        assert_eq!(count(t), 5);
        let mut at = 0;
        for c in "aé€😀z".chars() {
            assert_eq!(decode(t, at), c as u32);
            let (bytes, n) = encode(c as u32);
            assert_eq!(bytes.get(..n), t.get(at..at + n));
            assert_eq!(previous(t, at + n), Some(at));
            at = next(t, at);
        }
        assert_eq!(at, t.len());
        assert_eq!(offset(t, 2), Some(3));
        assert_eq!(offset(t, 5), Some(t.len()));
        assert_eq!(offset(t, 6), None);
        assert_eq!(offset(b"abc", 3), Some(3));
        assert_eq!(offset(b"abc", 4), None);
    }

    #[test]
    fn well_formedness() {
        assert!(is_utf8("aé€😀".as_bytes()));
        assert!(!is_utf8(b"\xff"));
        assert!(!is_utf8(b"\x80"));
        assert!(!is_utf8(b"\xe2\x82"));
        assert!(!is_utf8(b"\xc3a"));
    }
}
