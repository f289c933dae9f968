//! Numbers of seven bits a byte, most significant first; the top bit means "more".
//!
//! Signed ones, which only `LOAD_CONST_SMALL_INT` has, extend the sign from bit 6 of
//! the first byte.

use crate::error::{Error, ErrorKind};

/// Longest unsigned varint that encodes a `u32`.
pub const MAX_UINT_BYTES: usize = 5;
/// Longest signed varint that encodes an `i64`.
pub const MAX_INT_BYTES: usize = 10;

/// Decodes a number at `*at` and moves `*at` behind it.
///
/// # Errors
/// `Truncated`, or `NumberTooBig` over 32 bits; `*at` is then anywhere in it.
#[inline]
pub fn read_uint(data: &[u8], at: &mut usize) -> Result<u32, Error> {
    let start = *at;
    match data.get(start) {
        Some(&byte) if byte < 0x80 => {
            *at = start + 1;
            Ok(u32::from(byte))
        }
        _ => read_long_uint(data, at),
    }
}

#[inline(never)]
fn read_long_uint(data: &[u8], at: &mut usize) -> Result<u32, Error> {
    let start = *at;
    let mut value = 0u32;
    loop {
        let byte = *data.get(*at).ok_or(Error::new(*at, ErrorKind::Truncated))?;
        if value >> 25 != 0 {
            return Err(Error::new(start, ErrorKind::NumberTooBig));
        }
        *at += 1;
        value = value << 7 | u32::from(byte & 0x7f);
        if byte < 0x80 {
            return Ok(value);
        }
    }
}

/// Decodes a signed number at `*at` and moves `*at` behind it.
///
/// # Errors
/// `Truncated`, or `NumberTooBig` over 64 bits.
#[inline]
pub fn read_int(data: &[u8], at: &mut usize) -> Result<i64, Error> {
    let start = *at;
    let first = *data.get(start).ok_or(Error::new(start, ErrorKind::Truncated))?;
    let mut value: i64 = if first & 0x40 != 0 { -1 } else { 0 };
    loop {
        let byte = *data.get(*at).ok_or(Error::new(*at, ErrorKind::Truncated))?;
        if value << 7 >> 7 != value {
            return Err(Error::new(start, ErrorKind::NumberTooBig));
        }
        *at += 1;
        value = value << 7 | i64::from(byte & 0x7f);
        if byte < 0x80 {
            return Ok(value);
        }
    }
}

/// Encodes `value` at the end of `buf` and returns the bytes used.
pub fn encode_uint(mut value: u32, buf: &mut [u8; MAX_UINT_BYTES]) -> &[u8] {
    let mut at = MAX_UINT_BYTES - 1;
    buf[at] = (value & 0x7f) as u8;
    value >>= 7;
    while value != 0 {
        at -= 1;
        buf[at] = 0x80 | (value & 0x7f) as u8;
        value >>= 7;
    }
    &buf[at..]
}

/// Encodes the signed `value` at the end of `buf` and returns the bytes used.
pub fn encode_int(mut value: i64, buf: &mut [u8; MAX_INT_BYTES]) -> &[u8] {
    let mut at = MAX_INT_BYTES - 1;
    buf[at] = (value & 0x7f) as u8;
    // The first byte's bit 6 must equal the sign.
    while !(-0x40..0x40).contains(&value) {
        value >>= 7;
        at -= 1;
        buf[at] = 0x80 | (value & 0x7f) as u8;
    }
    &buf[at..]
}

/// Bytes that [`encode_uint`] needs.
pub const fn uint_len(value: u32) -> usize {
    match value {
        0..=0x7f => 1,
        0x80..=0x3fff => 2,
        0x4000..=0x1f_ffff => 3,
        0x20_0000..=0x0fff_ffff => 4,
        _ => 5,
    }
}

/// Bytes that [`encode_int`] needs.
pub const fn int_len(mut value: i64) -> usize {
    let mut len = 1;
    while value < -0x40 || value > 0x3f {
        value >>= 7;
        len += 1;
    }
    len
}

/// Appends a number.
#[cfg(feature = "alloc")]
#[inline]
pub fn push_uint(out: &mut alloc::vec::Vec<u8>, value: u32) {
    if value < 0x80 {
        out.push(value as u8);
    } else {
        out.extend_from_slice(encode_uint(value, &mut [0; MAX_UINT_BYTES]));
    }
}

/// Appends a signed number.
#[cfg(feature = "alloc")]
pub fn push_int(out: &mut alloc::vec::Vec<u8>, value: i64) {
    out.extend_from_slice(encode_int(value, &mut [0; MAX_INT_BYTES]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsigned_examples() {
        // Worked by hand from the definition: groups of seven bits.
        for (value, bytes) in [
            (0u32, &[0u8][..]),
            (127, &[0x7f]),
            (128, &[0x81, 0x00]),
            (16383, &[0xff, 0x7f]),
            (16384, &[0x81, 0x80, 0x00]),
            (u32::MAX, &[0x8f, 0xff, 0xff, 0xff, 0x7f]),
        ] {
            assert_eq!(encode_uint(value, &mut [0; 5]), bytes);
            assert_eq!(uint_len(value), bytes.len());
            let mut at = 0;
            assert_eq!(read_uint(bytes, &mut at), Ok(value));
            assert_eq!(at, bytes.len());
        }
    }

    #[test]
    fn signed_examples() {
        for (value, bytes) in [
            (0i64, &[0u8][..]),
            (63, &[0x3f]),
            (64, &[0x80, 0x40]),
            (-1, &[0x7f]),
            (-64, &[0x40]),
            (-65, &[0xff, 0x3f]),
            (1_000_000, &[0xbd, 0x84, 0x40]),
        ] {
            assert_eq!(encode_int(value, &mut [0; 10]), bytes);
            assert_eq!(int_len(value), bytes.len());
            let mut at = 0;
            assert_eq!(read_int(bytes, &mut at), Ok(value));
            assert_eq!(at, bytes.len());
        }
        for value in [i64::MIN, i64::MAX, 1 << 62, -(1 << 62) - 1] {
            let mut buf = [0; 10];
            let bytes = encode_int(value, &mut buf);
            assert_eq!(read_int(bytes, &mut 0), Ok(value));
            assert_eq!(int_len(value), bytes.len());
        }
    }

    #[test]
    fn faults_are_errors() {
        let kind = |data: &[u8]| read_uint(data, &mut 0).map_err(|e| e.kind);
        assert_eq!(kind(&[]), Err(ErrorKind::Truncated));
        assert_eq!(kind(&[0x80]), Err(ErrorKind::Truncated));
        assert_eq!(kind(&[0x90, 0x80, 0x80, 0x80, 0]), Err(ErrorKind::NumberTooBig));
        let long = [0xbf; 12];
        assert_eq!(read_int(&long, &mut 0).map_err(|e| e.kind), Err(ErrorKind::NumberTooBig));
    }
}
