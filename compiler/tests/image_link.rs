//! Linked images checked with GNU binutils, where they are installed.

#[path = "../../testsuite/fuzz/bodies/base_elf.rs"]
mod base_elf;

use base_elf::{FLASH_END, IMAGE_AT, base_elf};
use hognose_compiler::image::{Base, Flash, ImageSymbol, append};
use std::path::Path;
use std::process::Command;

fn linked() -> (Vec<u8>, Vec<u8>) {
    let file = base_elf();
    let base = Base::read(&file).expect("a well-formed base");
    assert_eq!((base.image_at, base.free()), (IMAGE_AT, FLASH_END - IMAGE_AT));
    assert_eq!(base.word(0x104), Some(13 << 16 | 5), "where print and __init__ end");
    let image: Vec<u8> = (0..200u8).rev().collect();
    let symbol = ImageSymbol { name: "main.frozen".into(), address: IMAGE_AT, size: 200 };
    (append(&base, &image, &[symbol]).expect("it fits"), image)
}

#[test]
fn the_image_follows_the_base() {
    let (elf, image) = linked();
    let (start, bytes) = Flash::from_elf(&elf).unwrap().to_binary().unwrap();
    assert_eq!(start, 0x100);
    let gap = (IMAGE_AT - start) as usize;
    assert!(bytes[300..gap].iter().all(|byte| *byte == 0xff), "the gap reads as erased");
    assert_eq!(bytes[gap..], image);
}

#[test]
fn an_image_that_is_too_large_is_refused() {
    let file = base_elf();
    let base = Base::read(&file).unwrap();
    let error = append(&base, &[0; 0x4_0000], &[]).unwrap_err().to_string();
    assert_eq!(error, "the image needs 262144 bytes of flash and 258048 are free");
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
    assert!(symbols.contains("00001000 000000c8 R main.frozen"), "{symbols}");
    let sections = binutils("readelf", &["-S", "-l", "-W"], &file).unwrap();
    assert!(sections.contains(".hognose.image    PROGBITS        00001000"), "{sections}");
    for (format, ours) in [
        ("binary", Flash::from_elf(&elf).unwrap().to_binary().unwrap().1),
        ("ihex", Flash::from_elf(&elf).unwrap().to_hex().into_bytes()),
    ] {
        let out = folder.path().join(format);
        let status = Command::new("arm-none-eabi-objcopy")
            .args(["-O", format])
            .args(if format == "binary" { &["--gap-fill", "0xff"][..] } else { &[] })
            .args([&file, &out])
            .status()
            .unwrap();
        assert!(status.success());
        let theirs = std::fs::read(&out).unwrap();
        if format == "binary" {
            assert!(theirs == ours, "other bytes");
        } else {
            assert!(data_of_hex(&theirs) == data_of_hex(&ours), "other bytes or addresses");
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
