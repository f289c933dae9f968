//! Finding one byte string in another.

/// Position of the first `needle` in `hay`; an empty needle is at 0.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let Some((&first, rest)) = needle.split_first() else {
        return Some(0);
    };
    let last_start = hay.len().checked_sub(needle.len())?;
    let mut at = 0;
    while at <= last_start {
        let window = hay.get(at..=last_start)?;
        at += window.iter().position(|&b| b == first)?;
        if hay.get(at + 1..at + needle.len()) == Some(rest) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Position of the last `needle` in `hay`; an empty needle is at the end.
pub fn rfind(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let mut at = hay.len().checked_sub(needle.len())?;
    loop {
        if hay.get(at..at + needle.len()) == Some(needle) {
            return Some(at);
        }
        at = at.checked_sub(1)?;
    }
}

/// How many times `needle`, which is not empty, occurs without overlap.
pub fn count(mut hay: &[u8], needle: &[u8]) -> usize {
    let mut n = 0;
    while let Some(at) = find(hay, needle) {
        n += 1;
        hay = hay.get(at + needle.len()..).unwrap_or_default();
    }
    n
}

/// The text without the leading (`left`) and trailing (`right`) bytes that `strip` accepts.
pub fn trim(text: &[u8], left: bool, right: bool, strip: impl Fn(u8) -> bool) -> (usize, usize) {
    let (mut start, mut end) = (0, text.len());
    if left {
        start = text.iter().position(|&b| !strip(b)).unwrap_or(end);
    }
    if right {
        end = text.iter().rposition(|&b| !strip(b)).map_or(start, |i| i + 1).max(start);
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values are CPython's bytes.find/rfind/count/strip.
    #[test]
    fn positions() {
        assert_eq!(find(b"hello", b"l"), Some(2));
        assert_eq!(find(b"hello", b"lo"), Some(3));
        assert_eq!(find(b"hello", b"lox"), None);
        assert_eq!(find(b"", b""), Some(0));
        assert_eq!(find(b"", b"a"), None);
        assert_eq!(rfind(b"hello", b"l"), Some(3));
        assert_eq!(rfind(b"hello", b""), Some(5));
        assert_eq!(rfind(b"a", b"ab"), None);
        assert_eq!(count(b"aaaa", b"aa"), 2);
        assert_eq!(count(b"abc", b"d"), 0);
    }

    #[test]
    fn trimming() {
        let space = |b: u8| b == b' ';
        assert_eq!(trim(b"  a ", true, true, space), (2, 3));
        assert_eq!(trim(b"  a ", false, true, space), (0, 3));
        assert_eq!(trim(b"   ", true, true, space), (3, 3));
        assert_eq!(trim(b"   ", false, true, space), (0, 0));
        assert_eq!(trim(b"", true, true, space), (0, 0));
    }
}
