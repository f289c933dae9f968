//! Flash contents as files: raw binary, Intel HEX, UF2.

use super::ImageError;
use object::elf;
use object::read::elf::{FileHeader, ProgramHeader};
use std::fmt::Write;

/// What lies in flash: runs of bytes by load address, ascending, not overlapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    pub runs: Vec<(u32, Vec<u8>)>,
    /// Where the CPU starts, for formats that say so.
    pub entry: u32,
}

/// Bytes of a gap between runs, as erased flash reads.
const ERASED: u8 = 0xff;

/// The most that a raw binary may waste on gaps.
const LARGEST_BINARY: u32 = 64 << 20;

impl Flash {
    /// The loadable contents of a 32-bit little-endian ELF file.
    pub fn from_elf(file: &[u8]) -> Result<Flash, ImageError> {
        let header = elf::FileHeader32::<object::LittleEndian>::parse(file)?;
        let endian = header.endian()?;
        let mut runs: Vec<(u32, Vec<u8>)> = Vec::new();
        for segment in header.program_headers(endian, file)? {
            if segment.p_type(endian) == elf::PT_LOAD && segment.p_filesz(endian) > 0 {
                let data = segment.data(endian, file).map_err(|()| ImageError::CutOff)?;
                runs.push((segment.p_paddr(endian), data.to_vec()));
            }
        }
        runs.sort_by_key(|(address, _)| *address);
        let ends_late = |pair: &[(u32, Vec<u8>)]| {
            u64::from(pair[0].0) + pair[0].1.len() as u64 > u64::from(pair[1].0)
        };
        if runs.windows(2).any(ends_late) {
            return Err(ImageError::Overlap);
        }
        Ok(Flash { runs, entry: header.e_entry(endian) })
    }

    /// First address and the contents from there on, gaps filled as erased.
    pub fn to_binary(&self) -> Result<(u32, Vec<u8>), ImageError> {
        let start = self.runs.first().map_or(0, |(address, _)| *address);
        let mut bytes = Vec::new();
        for (address, run) in &self.runs {
            let offset = address - start;
            if offset > LARGEST_BINARY {
                return Err(ImageError::Scattered);
            }
            bytes.resize(offset as usize, ERASED);
            bytes.extend_from_slice(run);
        }
        Ok((start, bytes))
    }

    /// Intel HEX (Intel's specification of 1988, rev. A): 16 bytes a line.
    pub fn to_hex(&self) -> String {
        const DATA: u8 = 0;
        const END: u8 = 1;
        const UPPER_ADDRESS: u8 = 4;
        const START: u8 = 5;
        let mut out = String::new();
        let mut upper = 0;
        for (address, run) in &self.runs {
            let mut at = *address;
            let mut rest = run.as_slice();
            while !rest.is_empty() {
                if at >> 16 != upper {
                    upper = at >> 16;
                    hex_line(&mut out, UPPER_ADDRESS, 0, &(upper as u16).to_be_bytes());
                }
                // A line may not cross into the next 64 KiB.
                let room = 0x1_0000 - (at & 0xffff) as usize;
                let (line, after) = rest.split_at(rest.len().min(16).min(room));
                hex_line(&mut out, DATA, at as u16, line);
                at = at.wrapping_add(line.len() as u32);
                rest = after;
            }
        }
        hex_line(&mut out, START, 0, &self.entry.to_be_bytes());
        hex_line(&mut out, END, 0, &[]);
        out
    }

    /// UF2 (github.com/microsoft/uf2): blocks of 256 bytes, for boards that appear
    /// as a disk. `family` is the chip's family number, if it has one.
    pub fn to_uf2(&self, family: Option<u32>) -> Vec<u8> {
        const MAGIC: [u32; 2] = [0x0a32_4655, 0x9e5d_5157];
        const MAGIC_END: u32 = 0x0ab1_6f30;
        const HAS_FAMILY: u32 = 0x2000;
        const PAYLOAD: u32 = 256;
        let pages = self.pages(PAYLOAD);
        let mut out = Vec::with_capacity(pages.len() * 512);
        for (number, (address, page)) in pages.iter().enumerate() {
            let flags = if family.is_some() { HAS_FAMILY } else { 0 };
            let (count, number) = (pages.len() as u32, number as u32);
            let words =
                [MAGIC[0], MAGIC[1], flags, *address, PAYLOAD, number, count, family.unwrap_or(0)];
            let start = out.len();
            words.iter().for_each(|word| out.extend(word.to_le_bytes()));
            out.extend_from_slice(page);
            out.resize(start + 508, 0);
            out.extend(MAGIC_END.to_le_bytes());
        }
        out
    }

    /// The contents cut into aligned pages; what a page lacks reads as erased.
    fn pages(&self, size: u32) -> Vec<(u32, Vec<u8>)> {
        let mut pages: Vec<(u32, Vec<u8>)> = Vec::new();
        for (address, run) in &self.runs {
            for (i, &byte) in run.iter().enumerate() {
                let at = address.wrapping_add(i as u32);
                let page = at - at % size;
                if pages.last().is_none_or(|(last, _)| *last != page) {
                    pages.push((page, vec![ERASED; size as usize]));
                }
                if let Some((_, bytes)) = pages.last_mut() {
                    bytes[(at % size) as usize] = byte;
                }
            }
        }
        pages
    }
}

fn hex_line(out: &mut String, kind: u8, address: u16, data: &[u8]) {
    let [high, low] = address.to_be_bytes();
    let head = [data.len() as u8, high, low, kind];
    let sum = head.iter().chain(data).fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    out.push(':');
    for byte in head.iter().chain(data).chain(&[sum.wrapping_neg()]) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02X}");
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Flash {
        Flash { runs: vec![(0xfff8, (0..20).collect()), (0x1_0100, vec![1, 2])], entry: 0x1_0001 }
    }

    #[test]
    fn hex_lines_follow_the_specification() {
        // The first data line is checked by hand: 08+FF+F8+0+1+…+7 = 0x21b, and -0x1b = 0xe5.
        let hex = sample().to_hex();
        let lines: Vec<&str> = hex.lines().collect();
        assert_eq!(lines[0], ":08FFF8000001020304050607E5");
        assert_eq!(lines[1], ":020000040001F9");
        assert_eq!(lines[2], ":0C00000008090A0B0C0D0E0F10111213 52".replace(' ', ""));
        assert_eq!(lines.last(), Some(&":00000001FF"));
    }

    #[test]
    fn binary_fills_gaps_as_erased() {
        let (start, bytes) = sample().to_binary().unwrap();
        assert_eq!((start, bytes.len()), (0xfff8, 0x10a));
        assert_eq!(bytes[20], 0xff);
        assert_eq!(bytes[0x108..], [1, 2]);
    }

    #[test]
    fn uf2_blocks_are_numbered_and_aligned() {
        let uf2 = sample().to_uf2(Some(0x57755a57));
        assert_eq!(uf2.len(), 3 * 512);
        let word = |block: usize, at: usize| {
            u32::from_le_bytes(uf2[block * 512 + at..][..4].try_into().unwrap())
        };
        for block in 0..3 {
            assert_eq!(&uf2[block * 512..][..4], b"UF2\n");
            assert_eq!((word(block, 20), word(block, 24)), (block as u32, 3));
            assert_eq!(word(block, 508), 0x0ab1_6f30);
        }
        assert_eq!([word(0, 12), word(1, 12), word(2, 12)], [0xff00, 0x1_0000, 0x1_0100]);
    }
}
