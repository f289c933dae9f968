//! Linked images checked with GNU binutils, where they are installed.

use hognose_compiler::image::{Base, Flash, ImageSymbol, append};
use std::path::Path;
use std::process::Command;

/// A base firmware of one segment with the symbols that the linker wants, as
/// 32-bit words: ELF header, program header, 64 bytes of text, tables.
fn base_elf() -> Vec<u8> {
    let marks = [
        ("__hognose_image", 0x40),
        ("__hognose_flash_end", 0x1000),
        ("__hognose_heap_start", 0x2000_0000),
        ("__hognose_heap_end", 0x2000_1000),
    ];
    let mut symbols = vec![0u32; 4];
    let mut strings = vec![0u8];
    for (name, value) in marks {
        const GLOBAL_ABSOLUTE: u32 = 0xfff1 << 16 | 1 << 4;
        symbols.extend([strings.len() as u32, value, 0, GLOBAL_ABSOLUTE]);
        strings.extend(name.as_bytes());
        strings.push(0);
    }
    strings.resize(strings.len().next_multiple_of(4), 0);
    let names = b"\0.text\0.symtab\0.strtab\0.shstrtab\0\0\0\0";
    let text_at = 52 + 32;
    let symbols_at = text_at + 64;
    let strings_at = symbols_at + symbols.len() as u32 * 4;
    let names_at = strings_at + strings.len() as u32;
    let sections_at = names_at + names.len() as u32;
    let mut out = b"\x7fELF\x01\x01\x01".to_vec();
    out.resize(16, 0);
    let word = |out: &mut Vec<u8>, w: u32| out.extend(w.to_le_bytes());
    // Executable for Arm, version 1, entry 1, headers, EABI 5, sizes and counts.
    for w in
        [40 << 16 | 2, 1, 1, 52, sections_at, 0x500_0000, 32 << 16 | 52, 40 << 16 | 1, 4 << 16 | 5]
    {
        word(&mut out, w);
    }
    // Load 64 bytes, readable and executable.
    for w in [1, text_at, 0, 0, 64, 64, 5, 4] {
        word(&mut out, w);
    }
    out.extend(0..64);
    symbols.iter().for_each(|w| word(&mut out, *w));
    out.extend(&strings);
    out.extend(names);
    let sections = [
        [0; 10],
        [1, 1, 6, 0, text_at, 64, 0, 0, 4, 0],
        [7, 2, 0, 0, symbols_at, symbols.len() as u32 * 4, 3, 1, 4, 16],
        [15, 3, 0, 0, strings_at, strings.len() as u32, 0, 0, 1, 0],
        [23, 3, 0, 0, names_at, names.len() as u32, 0, 0, 1, 0],
    ];
    sections.iter().flatten().for_each(|w| word(&mut out, *w));
    out
}

fn linked() -> (Vec<u8>, Vec<u8>) {
    let file = base_elf();
    let base = Base::read(&file).expect("a well-formed base");
    assert_eq!((base.image_at, base.free()), (0x40, 0xfc0));
    assert_eq!(base.word(4), Some(0x0706_0504));
    let image: Vec<u8> = (0..200u8).rev().collect();
    let symbol = ImageSymbol { name: "main.frozen".into(), address: 0x40, size: 200 };
    (append(&base, &image, &[symbol]).expect("it fits"), image)
}

#[test]
fn the_image_follows_the_base() {
    let (elf, image) = linked();
    let (start, bytes) = Flash::from_elf(&elf).unwrap().to_binary().unwrap();
    assert_eq!(start, 0);
    assert_eq!(bytes[..64], (0..64).collect::<Vec<u8>>());
    assert_eq!(bytes[64..], image);
}

#[test]
fn an_image_that_is_too_large_is_refused() {
    let file = base_elf();
    let base = Base::read(&file).unwrap();
    let error = append(&base, &[0; 0x1000], &[]).unwrap_err().to_string();
    assert_eq!(error, "the image needs 4096 bytes of flash and 4032 are free");
}

#[test]
fn no_cut_of_a_base_file_panics() {
    let file = base_elf();
    for cut in 0..file.len() {
        if let Ok(base) = Base::read(&file[..cut]) {
            let _ = append(&base, &[1, 2, 3], &[]);
        }
    }
}

/// Output of a binutils program on `elf`, `None` if it is not installed.
fn binutils(tool: &str, arguments: &[&str], elf: &Path) -> Option<String> {
    let name = format!("arm-none-eabi-{tool}");
    let output = Command::new(name).args(arguments).arg(elf).output().ok()?;
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{tool} complains");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn binutils_agree_about_the_elf_file_and_the_formats() {
    let (elf, image) = linked();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("linked.elf");
    std::fs::write(&file, &elf).unwrap();
    let Some(symbols) = binutils("nm", &["-S"], &file) else { return };
    assert!(symbols.contains("00000040 000000c8 R main.frozen"), "{symbols}");
    let sections = binutils("readelf", &["-S", "-l", "-W"], &file).unwrap();
    assert!(sections.contains(".hognose.image    PROGBITS        00000040"), "{sections}");
    for (format, ours) in [
        ("binary", Flash::from_elf(&elf).unwrap().to_binary().unwrap().1),
        ("ihex", Flash::from_elf(&elf).unwrap().to_hex().into_bytes()),
    ] {
        let out = folder.path().join(format);
        let status = Command::new("arm-none-eabi-objcopy")
            .args(["-O", format])
            .args([&file, &out])
            .status()
            .unwrap();
        assert!(status.success());
        let theirs = std::fs::read(&out).unwrap();
        if format == "binary" {
            assert_eq!(theirs, ours);
        } else {
            assert_eq!(data_of_hex(&theirs), data_of_hex(&ours));
        }
    }
    assert!(!image.is_empty());
}

/// Address and value of every byte in a HEX file, and its start address.
fn data_of_hex(text: &[u8]) -> (Vec<(u32, u8)>, Option<u32>) {
    let (mut upper, mut data, mut start) = (0, Vec::new(), None);
    for line in String::from_utf8_lossy(text).lines() {
        let digits = line.strip_prefix(':').expect("a record");
        let bytes: Vec<u8> = (0..digits.len() / 2)
            .map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        assert_eq!(bytes.iter().fold(0u8, |sum, b| sum.wrapping_add(*b)), 0, "{line}");
        let body = &bytes[4..bytes.len() - 1];
        let number = body.iter().fold(0u32, |n, b| n << 8 | u32::from(*b));
        let address = upper << 16 | u32::from(bytes[1]) << 8 | u32::from(bytes[2]);
        match bytes[3] {
            0 => data.extend(body.iter().enumerate().map(|(i, b)| (address + i as u32, *b))),
            4 => upper = number,
            // 3 holds CS:IP, which for a flat address is the address too.
            3 | 5 => start = Some(number),
            _ => {}
        }
    }
    (data, start)
}
