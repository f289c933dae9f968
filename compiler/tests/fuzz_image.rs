//! The fuzz targets of images, for a second each (`HOGNOSE_FUZZ_SECONDS` for longer).

#[path = "../../testsuite/fuzz/bodies/base_elf.rs"]
mod base_elf;
#[path = "../../testsuite/fuzz/bodies/image.rs"]
mod image;
#[path = "../../testsuite/fuzz/bodies/rng.rs"]
#[allow(dead_code)]
mod rng;

use mpy_format::romfs::{Tree, write};
use rng::Rng;
use std::time::{Duration, Instant};

fn for_a_second(seeds: &[Vec<u8>], body: fn(&[u8])) {
    let seconds = std::env::var("HOGNOSE_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let start = Instant::now();
    let mut rng = Rng::new(seeds.len() as u64);
    while start.elapsed() < Duration::from_secs(seconds.unwrap_or(1)) {
        let mut data = seeds[rng.below(seeds.len())].clone();
        for _ in 0..=rng.below(6) {
            body(&data);
            rng.mutate(&mut data);
        }
    }
}

#[test]
fn base_any_bytes() {
    for_a_second(&[base_elf::base_elf(), base_elf::linkable_elf()], image::base_any_bytes);
}

#[test]
fn module_in_image() {
    for_a_second(&[image::SEED.to_vec()], image::module_in_image);
}

#[test]
fn romfs_any_bytes() {
    let file = |name: &str, data: &[u8]| (name.as_bytes().to_vec(), Tree::File(data.to_vec()));
    let inner = Tree::Directory(vec![file("b", b"x"), file("c", &[1; 200])]);
    let small = write(&[file("a.py", b"print()"), (b"lib".to_vec(), inner)]);
    let pointer = [&[0xd2, 0xcd, 0x31, 14, 1, 3][..], b"xyz", &[5, 6, 1, b'f', 3, 2, 3, 2, 0]];
    for_a_second(&[small, pointer.concat()], image::romfs_any_bytes);
}

#[test]
fn map_any_text() {
    let map = br#"{"format":1,"functions":[{"at":5,"length":9,"file":"a.py","name":"f",
        "lines":[[0,1],[3,7]]}],"names":{"_a":"long"}}"#;
    for_a_second(&[map.to_vec()], image::map_any_text);
}
