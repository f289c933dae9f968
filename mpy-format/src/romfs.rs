//! ROMFS: a directory tree in flash whose files are used where they lie.
//!
//! Everything is a *record*: kind, payload length, payload; both numbers are
//! [big-endian varints](crate::varint). The file system is one record whose
//! payload holds records:
//!
//! ```text
//! kind 1       padding, any bytes
//! kind 2       data of a file, verbatim
//! kind 3       data elsewhere: size, offset from the start of the payload
//! kind 4, 5    directory, file: name length, name, records
//! ```
//!
//! Unknown kinds are skipped; kind 0 marks damage. The whole record has an even
//! size, which a leading 0x80 in its length evens out.

/// Record kind of the file system; its encoding begins with "RM1", high bits set
/// in the first two bytes.
const KIND_FILE_SYSTEM: u32 = 0x14_a6b1;
const KIND_DATA: u32 = 2;
const KIND_POINTER: u32 = 3;
const KIND_DIRECTORY: u32 = 4;
const KIND_FILE: u32 = 5;

/// A file system in memory.
#[derive(Clone, Copy, Debug)]
pub struct RomFs<'a> {
    payload: &'a [u8],
}

/// What a directory contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Node<'a> {
    /// The contents of a file.
    File(&'a [u8]),
    /// A directory, to be listed with [`RomFs::list`].
    Directory(Directory<'a>),
}

/// The records of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory<'a>(&'a [u8]);

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut value: u32 = 0;
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value = value.checked_mul(128)? | u32::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

/// Splits the first record off `bytes`: its kind and payload.
fn record<'a>(bytes: &mut &'a [u8]) -> Option<(u32, &'a [u8])> {
    let kind = number(bytes)?;
    let length = number(bytes)? as usize;
    let (payload, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    (kind != 0).then_some((kind, payload))
}

fn named(mut payload: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = number(&mut payload)? as usize;
    payload.split_at_checked(length)
}

impl<'a> RomFs<'a> {
    /// The file system at the start of `bytes`, which may be longer; `None` if
    /// there is none or it is cut off.
    pub fn new(mut bytes: &'a [u8]) -> Option<RomFs<'a>> {
        match record(&mut bytes)? {
            (KIND_FILE_SYSTEM, payload) => Some(RomFs { payload }),
            _ => None,
        }
    }

    /// The top directory.
    pub fn top(&self) -> Directory<'a> {
        Directory(self.payload)
    }

    /// What is in a directory, in its order, up to the first damage.
    pub fn list(
        &self,
        directory: Directory<'a>,
    ) -> impl Iterator<Item = (&'a [u8], Node<'a>)> + use<'a> {
        let (file_system, mut rest) = (*self, directory.0);
        core::iter::from_fn(move || {
            loop {
                let (kind, payload) = record(&mut rest)?;
                if kind == KIND_DIRECTORY || kind == KIND_FILE {
                    let (name, inner) = named(payload)?;
                    let node = match kind {
                        KIND_FILE => Node::File(file_system.data(inner)?),
                        _ => Node::Directory(Directory(inner)),
                    };
                    return Some((name, node));
                }
            }
        })
    }

    fn data(&self, mut records: &'a [u8]) -> Option<&'a [u8]> {
        loop {
            match record(&mut records)? {
                (KIND_DATA, data) => return Some(data),
                (KIND_POINTER, mut at) => {
                    let size = number(&mut at)? as usize;
                    let offset = number(&mut at)? as usize;
                    return self.payload.get(offset..)?.get(..size);
                }
                _ => {}
            }
        }
    }

    /// What `path` names; slashes separate, empty parts are ignored.
    pub fn find(&self, path: &[u8]) -> Option<Node<'a>> {
        let mut node = Node::Directory(self.top());
        for part in path.split(|&c| c == b'/').filter(|part| !part.is_empty()) {
            let Node::Directory(directory) = node else { return None };
            node = self.list(directory).find(|(name, _)| *name == part)?.1;
        }
        Some(node)
    }
}

#[cfg(feature = "alloc")]
pub use writer::{Tree, write, write_aligned};

#[cfg(feature = "alloc")]
mod writer {
    use super::{KIND_DATA, KIND_DIRECTORY, KIND_FILE, KIND_FILE_SYSTEM};
    use alloc::vec::Vec;

    const KIND_PADDING: u32 = 1;
    /// Bytes of a number that may not change its length as it grows.
    const WIDE: usize = 5;

    /// A tree to be written.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Tree {
        /// A file's contents.
        File(Vec<u8>),
        /// Names and what they name, in the order in which they will lie.
        Directory(Vec<(Vec<u8>, Tree)>),
    }

    /// Appends a number in at least `width` bytes.
    fn push_number(out: &mut Vec<u8>, value: usize, width: usize) {
        let bits = usize::BITS - value.leading_zeros();
        let bytes = (bits as usize).div_ceil(7).max(width).max(1);
        for i in (0..bytes).rev() {
            let part = value.checked_shr(7 * i as u32).unwrap_or(0) as u8 & 0x7f;
            out.push(if i > 0 { part | 0x80 } else { part });
        }
    }

    fn push_record(out: &mut Vec<u8>, kind: u32, payload: &[u8], width: usize) {
        push_number(out, kind as usize, 0);
        push_number(out, payload.len(), width);
        out.extend_from_slice(payload);
    }

    /// How records are laid out.
    #[derive(Clone, Copy)]
    struct Layout {
        /// What the offset of a file's data is a multiple of; 1: lengths are as short as
        /// can be.
        align: usize,
        /// Bytes of lengths.
        width: usize,
    }

    /// Appends records for `entries` to `out`, which begins at offset `base` of the image.
    fn push_entries(out: &mut Vec<u8>, base: usize, entries: &[(Vec<u8>, Tree)], how: Layout) {
        for (name, tree) in entries {
            let mut payload = Vec::new();
            push_number(&mut payload, name.len(), 0);
            payload.extend_from_slice(name);
            let heading = 1 + how.width + payload.len();
            match tree {
                Tree::File(data) => {
                    push_padding(out, base, heading + 1 + how.width, how);
                    push_record(&mut payload, KIND_DATA, data, how.width);
                    push_record(out, KIND_FILE, &payload, how.width);
                }
                Tree::Directory(entries) => {
                    let mut inside = Vec::new();
                    push_entries(&mut inside, base + out.len() + heading, entries, how);
                    payload.append(&mut inside);
                    push_record(out, KIND_DIRECTORY, &payload, how.width);
                }
            }
        }
    }

    /// Appends a padding record so that what lies `ahead` bytes further on is aligned.
    fn push_padding(out: &mut Vec<u8>, base: usize, ahead: usize, how: Layout) {
        let at = base + out.len() + ahead;
        let mut gap = at.next_multiple_of(how.align) - at;
        if gap == 0 {
            return;
        }
        // A record has two bytes at least.
        while gap < 2 {
            gap += how.align;
        }
        let width = if gap > 120 { WIDE } else { 1 };
        let padding = gap.saturating_sub(1 + width);
        push_number(out, KIND_PADDING as usize, 0);
        push_number(out, padding, width);
        out.resize(out.len() + padding, 0);
    }

    /// The file system that holds `entries` at its top, as short as can be: byte for byte
    /// what mpremote makes.
    pub fn write(entries: &[(Vec<u8>, Tree)]) -> Vec<u8> {
        let mut payload = Vec::new();
        push_entries(&mut payload, 0, entries, Layout { align: 1, width: 0 });
        image(&payload, 0)
    }

    /// As [`write`], with the data of every file at a multiple of `align` from the start
    /// of the image; `align` is a power of two.
    pub fn write_aligned(entries: &[(Vec<u8>, Tree)], align: usize) -> Vec<u8> {
        if align <= 1 {
            return write(entries);
        }
        let mut payload = Vec::new();
        // Kind and length take 8 bytes.
        push_entries(&mut payload, 3 + WIDE, entries, Layout { align, width: WIDE });
        if payload.len() % 2 == 1 {
            // Lengths are wide, so an odd payload is evened out by what no one looks at.
            payload.extend([KIND_PADDING as u8, 1, 0]);
        }
        image(&payload, WIDE)
    }

    fn image(payload: &[u8], width: usize) -> Vec<u8> {
        let mut out = Vec::new();
        push_number(&mut out, KIND_FILE_SYSTEM as usize, 0);
        let mut length = Vec::new();
        push_number(&mut length, payload.len(), width);
        if (out.len() + length.len() + payload.len()) % 2 == 1 {
            out.push(0x80);
        }
        out.extend(length);
        out.extend_from_slice(payload);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    fn sample() -> Vec<(Vec<u8>, Tree)> {
        vec![
            (b"a.txt".to_vec(), Tree::File(b"hello".to_vec())),
            (b"lib".to_vec(), Tree::Directory(vec![(b"big".to_vec(), Tree::File(vec![7; 300]))])),
        ]
    }

    #[test]
    fn bytes_are_those_of_the_format() {
        // Encoded by hand from the description of the format.
        let expected = [
            0xd2, 0xcd, 0x31, 13, // file system
            5, 11, 3, b'a', b'.', b'b', // file of name length 3
            2, 5, b'h', b'e', b'l', b'l', b'o', // verbatim data
        ];
        let tree = [(b"a.b".to_vec(), Tree::File(b"hello".to_vec()))];
        let written = write(&tree);
        assert_eq!(written[..3], expected[..3]);
        // 17 bytes would be odd, so the length has a leading 0x80.
        assert_eq!(written[3], 0x80);
        assert_eq!(written[4..], expected[3..]);
    }

    #[test]
    fn what_is_written_is_found() {
        let bytes = write(&sample());
        assert_eq!(bytes.len() % 2, 0);
        let fs = RomFs::new(&bytes).unwrap();
        assert_eq!(fs.find(b"/a.txt"), Some(Node::File(b"hello")));
        assert_eq!(fs.find(b"lib/big"), Some(Node::File(&[7; 300])));
        assert!(matches!(fs.find(b"lib"), Some(Node::Directory(_))));
        assert_eq!(fs.find(b"lib/none"), None);
        assert_eq!(fs.find(b"a.txt/x"), None);
        let names: Vec<_> = fs.list(fs.top()).map(|(name, _)| name).collect();
        assert_eq!(names, [&b"a.txt"[..], b"lib"]);
    }

    #[test]
    fn files_are_aligned_as_asked() {
        for align in [2, 4, 8, 16, 256] {
            let bytes = write_aligned(&sample(), align);
            assert_eq!(bytes.len() % 2, 0);
            let fs = RomFs::new(&bytes).unwrap();
            for path in [&b"a.txt"[..], b"lib/big"] {
                let Some(Node::File(data)) = fs.find(path) else { panic!("{path:?}") };
                let at = data.as_ptr().addr() - bytes.as_ptr().addr();
                assert_eq!(at % align, 0, "{path:?} at {at} for {align}");
            }
            assert_eq!(fs.find(b"a.txt"), Some(Node::File(b"hello")));
        }
    }

    #[test]
    fn indirect_data_is_followed_and_damage_ends_the_walk() {
        // A file whose data is bytes 2..5 of the payload, which a padding record holds.
        let payload = [1, 3, b'x', b'y', b'z', 5, 6, 1, b'f', 3, 2, 3, 2];
        let mut bytes = vec![0xd2, 0xcd, 0x31, 0x80, payload.len() as u8];
        bytes.extend(payload);
        let fs = RomFs::new(&bytes).unwrap();
        assert_eq!(fs.find(b"f"), Some(Node::File(b"xyz")));
        for cut in 0..bytes.len() {
            assert!(RomFs::new(&bytes[..cut]).is_none());
        }
        for at in 5..bytes.len() {
            for value in [0, 0x7f, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] = value;
                if let Some(fs) = RomFs::new(&damaged) {
                    let _ = fs.list(fs.top()).count();
                }
            }
        }
    }
}
