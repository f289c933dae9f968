//! String and bytes literals, decoded from the source.
//!
//! The parser's own decoding turns a lone surrogate into U+FFFD and refuses what boards accept, so
//! the text between the quotes is read again here. Strings come out as bytes: UTF-8, with
//! surrogates encoded by the same rule as every other character, as boards store them.

use ruff_text_size::TextRange;

use crate::diag::{Code, Diagnostic, Span};

/// Where decoded text goes, and what was wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// The bytes so far.
    pub bytes: Vec<u8>,
    /// Errors and warnings.
    pub reports: Vec<Diagnostic>,
}

/// Decodes the part of a string literal that `range` covers, without prefix and quotes, to the end
/// of `out`.
pub(crate) fn string_text(source: &str, range: TextRange, raw: bool, out: &mut Text) {
    decode(source, range, raw, Kind::Str, out);
}

/// As [`string_text`] for a bytes literal.
pub(crate) fn bytes_literal(source: &str, range: TextRange, raw: bool, out: &mut Text) {
    decode(source, range, raw, Kind::Bytes, out);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Str,
    Bytes,
}

fn decode(source: &str, range: TextRange, raw: bool, kind: Kind, out: &mut Text) {
    let start = range.start().to_usize();
    let Some(body) = source.get(start..range.end().to_usize()) else {
        return;
    };
    let body = body.as_bytes();
    let mut rest = body;
    loop {
        let special = |&byte: &u8| byte == b'\r' || (byte == b'\\' && !raw);
        let plain = rest.iter().position(special).unwrap_or(rest.len());
        out.bytes.extend_from_slice(&rest[..plain]);
        rest = &rest[plain..];
        match rest {
            [] => return,
            [b'\r', tail @ ..] => {
                out.bytes.push(b'\n');
                rest = tail.strip_prefix(b"\n").unwrap_or(tail);
            }
            _ => {
                let at = start + body.len() - rest.len();
                rest = escape(rest, at as u32, kind, out);
            }
        }
    }
}

/// Decodes the escape that `text` starts with; gives what comes after it.
fn escape<'a>(text: &'a [u8], at: u32, kind: Kind, out: &mut Text) -> &'a [u8] {
    let Some(&letter) = text.get(1) else {
        out.bytes.push(b'\\');
        return &text[1..];
    };
    let simple = match letter {
        b'\n' => return &text[2..],
        b'\r' => return text[2..].strip_prefix(b"\n").unwrap_or(&text[2..]),
        b'\\' | b'\'' | b'"' => letter,
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        b'0'..=b'7' => {
            let digits = text[1..].iter().take(3).take_while(|d| matches!(d, b'0'..=b'7'));
            let len = digits.clone().count();
            let value = digits.fold(0, |value, digit| value * 8 + u32::from(digit - b'0'));
            push(value, kind, out);
            return &text[1 + len..];
        }
        b'x' => return hex(text, 2, at, kind, out),
        b'u' if kind == Kind::Str => return hex(text, 4, at, kind, out),
        b'U' if kind == Kind::Str => return hex(text, 8, at, kind, out),
        b'N' if kind == Kind::Str => return named(text, at, out),
        _ => {
            let end = at + 2;
            out.reports.push(
                Diagnostic::new(
                    Code::UnknownEscape,
                    Span::new(at, end),
                    format!("`\\{}` is no escape", char::from(letter.min(127))),
                )
                .hint("double the backslash, or make the string raw with `r`"),
            );
            out.bytes.push(b'\\');
            return &text[1..];
        }
    };
    out.bytes.push(simple);
    &text[2..]
}

/// `\xHH`, `\uHHHH`, `\UHHHHHHHH`.
fn hex<'a>(text: &'a [u8], len: usize, at: u32, kind: Kind, out: &mut Text) -> &'a [u8] {
    let digits = text[2..].iter().take(len).take_while(|d| d.is_ascii_hexdigit()).count();
    let value = text[2..2 + digits]
        .iter()
        .fold(0u32, |value, &digit| (value << 4) | char::from(digit).to_digit(16).unwrap_or(0));
    if digits != len || value > 0x10_ffff {
        let message = if digits == len {
            String::from("the escape is beyond the last Unicode character, U+10FFFF")
        } else {
            format!("the escape `\\{}` takes {len} hexadecimal digits", char::from(text[1]))
        };
        let span = Span::new(at, at + 2 + digits as u32);
        out.reports.push(Diagnostic::new(Code::InvalidEscape, span, message));
    } else {
        push(value, kind, out);
    }
    &text[2 + digits..]
}

/// `\N{NAME}`, which boards cannot look up, so it is done here.
fn named<'a>(text: &'a [u8], at: u32, out: &mut Text) -> &'a [u8] {
    let close = text.iter().position(|&byte| byte == b'}');
    let (Some(b'{'), Some(close)) = (text.get(2), close) else {
        let span = Span::new(at, at + 2);
        let message = "the escape `\\N` takes a character's name in braces";
        out.reports.push(Diagnostic::new(Code::InvalidEscape, span, message));
        return &text[2..];
    };
    let name = String::from_utf8_lossy(&text[3..close]);
    match unicode_names2::character(&name) {
        Some(character) => push(u32::from(character), Kind::Str, out),
        None => {
            let span = Span::new(at, at + close as u32 + 1);
            let message = format!("there is no character named `{name}`");
            out.reports.push(Diagnostic::new(Code::InvalidEscape, span, message));
        }
    }
    &text[close + 1..]
}

fn push(value: u32, kind: Kind, out: &mut Text) {
    match (kind, value) {
        (Kind::Bytes, _) => out.bytes.push(value as u8),
        (Kind::Str, 0..0x80) => out.bytes.push(value as u8),
        (Kind::Str, 0x80..0x800) => {
            out.bytes.extend([0xc0 | (value >> 6) as u8, continuation(value)]);
        }
        (Kind::Str, 0x800..0x1_0000) => out.bytes.extend([
            0xe0 | (value >> 12) as u8,
            continuation(value >> 6),
            continuation(value),
        ]),
        (Kind::Str, _) => out.bytes.extend([
            0xf0 | (value >> 18) as u8,
            continuation(value >> 12),
            continuation(value >> 6),
            continuation(value),
        ]),
    }
}

fn continuation(value: u32) -> u8 {
    0x80 | (value & 0x3f) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &str, raw: bool, kind: Kind) -> (Vec<u8>, Vec<Code>) {
        let mut out = Text::default();
        let range = TextRange::up_to(ruff_text_size::TextSize::of(body));
        decode(body, range, raw, kind, &mut out);
        (out.bytes, out.reports.iter().map(|d| d.code).collect())
    }

    #[test]
    fn escapes_of_strings() {
        let cases: [(&str, &[u8]); 12] = [
            (r"a\n\t\\\'\x41", b"a\n\t\\'A"),
            (r"\0\12\1234", b"\0\nS4"),
            (r"\777", "\u{1ff}".as_bytes()),
            (r"\xe9\u20ac\U0001f600", "é€😀".as_bytes()),
            (r"\ud800", b"\xed\xa0\x80"),
            (r"\N{EURO SIGN}", "€".as_bytes()),
            ("a\\\nb", b"ab"),
            ("a\\\r\nb", b"ab"),
            ("a\r\nb\rc", b"a\nb\nc"),
            ("é", "é".as_bytes()),
            (r"\q", br"\q"),
            ("", b""),
        ];
        for (body, expected) in cases {
            assert_eq!(decoded(body, false, Kind::Str).0, expected, "{body}");
        }
        assert_eq!(decoded(r"\n\x4", true, Kind::Str), (br"\n\x4".to_vec(), vec![]));
    }

    #[test]
    fn escapes_of_bytes() {
        assert_eq!(decoded(r"\xe9\377\u1234", false, Kind::Bytes).0, b"\xe9\xff\\u1234");
    }

    #[test]
    fn malformed_escapes_are_reported() {
        for body in [r"\x4", r"\u123", r"\U00110000", r"\N{NO SUCH THING}", r"\N"] {
            assert_eq!(decoded(body, false, Kind::Str).1, [Code::InvalidEscape], "{body}");
        }
        assert_eq!(decoded(r"\d", false, Kind::Str).1, [Code::UnknownEscape]);
    }
}
