//! The `repr` of strings and bytes.

/// Sends `text` in quotes, escaped, to `out`, in as few pieces as possible.
/// Bytes escape everything above ASCII; strings leave it as it is.
pub fn quoted<E>(
    text: &[u8],
    is_bytes: bool,
    out: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let quote = if text.contains(&b'\'') && !text.contains(&b'"') { b'"' } else { b'\'' };
    out(&[quote])?;
    escaped(text, quote, is_bytes, out)?;
    out(&[quote])
}

/// The inside of [`quoted`].
pub fn escaped<E>(
    text: &[u8],
    quote: u8,
    is_bytes: bool,
    out: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut plain = 0;
    for (i, &b) in text.iter().enumerate() {
        let (escape, n) = match b {
            b'\\' => ([b'\\', b, 0, 0], 2),
            _ if b == quote => ([b'\\', b, 0, 0], 2),
            b'\n' => (*b"\\n\0\0", 2),
            b'\r' => (*b"\\r\0\0", 2),
            b'\t' => (*b"\\t\0\0", 2),
            b' '..=b'~' => continue,
            0x80.. if !is_bytes => continue,
            _ => ([b'\\', b'x', hex_digit(b >> 4), hex_digit(b & 15)], 4),
        };
        if plain < i {
            out(text.get(plain..i).unwrap_or_default())?;
        }
        out(escape.get(..n).unwrap_or_default())?;
        plain = i + 1;
    }
    match text.get(plain..) {
        Some(rest) if !rest.is_empty() => out(rest),
        _ => Ok(()),
    }
}

/// The lower-case hexadecimal digit for 0 to 15.
pub const fn hex_digit(n: u8) -> u8 {
    if n < 10 { b'0' + n } else { b'a' - 10 + n }
}

/// The value of a hexadecimal digit.
pub const fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repr(text: &[u8], is_bytes: bool) -> Vec<u8> {
        let mut v = Vec::new();
        let done: Result<(), ()> = quoted(text, is_bytes, &mut |s| {
            v.extend_from_slice(s);
            Ok(())
        });
        assert!(done.is_ok());
        v
    }

    extern crate std;
    use std::vec::Vec;

    // Expected values are CPython's repr().
    #[test]
    fn quotes_and_escapes() {
        assert_eq!(repr(b"a'b", true), b"\"a'b\"");
        assert_eq!(repr(b"a'\"b", true), b"'a\\'\"b'");
        assert_eq!(repr(b"\n\r\t\\\0\x7f\xff", true), b"'\\n\\r\\t\\\\\\x00\\x7f\\xff'");
        assert_eq!(repr("é".as_bytes(), false), "'é'".as_bytes());
    }
}
