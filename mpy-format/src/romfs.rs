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
pub use writer::{Tree, write};

#[cfg(feature = "alloc")]
mod writer {
    use super::{KIND_DATA, KIND_DIRECTORY, KIND_FILE, KIND_FILE_SYSTEM};
    use alloc::vec::Vec;

    /// A tree to be written.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Tree {
        /// A file's contents.
        File(Vec<u8>),
        /// Names and what they name, in the order in which they will lie.
        Directory(Vec<(Vec<u8>, Tree)>),
    }

    fn push_number(out: &mut Vec<u8>, value: usize) {
        let mut shift = 0;
        while value >> shift > 127 {
            shift += 7;
        }
        while shift > 0 {
            out.push((value >> shift) as u8 & 0x7f | 0x80);
            shift -= 7;
        }
        out.push(value as u8 & 0x7f);
    }

    fn push_record(out: &mut Vec<u8>, kind: u32, payload: &[u8]) {
        push_number(out, kind as usize);
        push_number(out, payload.len());
        out.extend_from_slice(payload);
    }

    fn push_tree(out: &mut Vec<u8>, name: &[u8], tree: &Tree) {
        let mut payload = Vec::new();
        push_number(&mut payload, name.len());
        payload.extend_from_slice(name);
        let kind = match tree {
            Tree::File(data) => {
                push_record(&mut payload, KIND_DATA, data);
                KIND_FILE
            }
            Tree::Directory(entries) => {
                for (name, tree) in entries {
                    push_tree(&mut payload, name, tree);
                }
                KIND_DIRECTORY
            }
        };
        push_record(out, kind, &payload);
    }

    /// The file system that holds `entries` at its top.
    pub fn write(entries: &[(Vec<u8>, Tree)]) -> Vec<u8> {
        let mut payload = Vec::new();
        for (name, tree) in entries {
            push_tree(&mut payload, name, tree);
        }
        let mut kind = Vec::new();
        push_number(&mut kind, KIND_FILE_SYSTEM as usize);
        let mut length = Vec::new();
        push_number(&mut length, payload.len());
        if (kind.len() + length.len() + payload.len()) % 2 == 1 {
            kind.push(0x80);
        }
        kind.extend(length);
        kind.extend(payload);
        kind
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
