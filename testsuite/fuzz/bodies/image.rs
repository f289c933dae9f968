//! What must hold for what makes and reads images, on any input: no panic, and what is
//! accepted agrees with itself.

use super::base_elf::base_elf;
use hognose_compiler::image::relink::{Memory, relink};
use hognose_compiler::image::size::{items, total};
use hognose_compiler::image::{
    Base, Flash, FrozenModule, ImageOptions, Lines, Map, append, freeze,
};
use mpy_format::romfs::{Directory, Node, RomFs};
use mpy_format::{Module, verify};

/// A module to freeze.
pub const SEED: &[u8] = include_bytes!("../seeds/blocks.mpy");

fn frozen(module: Module) -> FrozenModule {
    FrozenModule { name: "a.b".into(), file: "a/b.py".into(), package: false, module }
}

fn options(seed: usize) -> ImageOptions {
    ImageOptions {
        main: Some(0),
        argv: vec!["main.py".into()],
        lines: [Lines::Image, Lines::Map, Lines::Nowhere][seed % 3],
        anonymise: seed % 2 == 1,
        files: vec![0; seed % 5],
    }
}

/// Any bytes as a base firmware.
pub fn base_any_bytes(data: &[u8]) {
    // What does not look like an ELF file is of no interest.
    let _ = items(data).map(|items| total(&items).0);
    let _ = Flash::from_elf(data).map(|flash| flash.to_binary().map(|_| flash.to_hex().len()));
    let Ok(base) = Base::read(data) else { return };
    let Ok(module) = Module::parse(SEED) else { return };
    let memory = data.len().is_multiple_of(2).then_some(Memory { ram: 4096, stack: 2048 });
    if let Ok(Some(relinked)) = relink(&base, &|name| name.len() % 2 == 0, memory) {
        let again = Base::read(&relinked.elf).expect("what was made can be read");
        assert!(matches!(relink(&again, &|_| true, None), Ok(None)), "it has no pieces any more");
    }
    if let Ok(image) = freeze(&base, &[frozen(module)], &options(data.len()))
        && let Ok(elf) = append(&base, &image.bytes, &image.symbols)
    {
        let _ = items(&elf);
        if let Ok(flash) = Flash::from_elf(&elf) {
            flash.to_uf2(None);
        }
    }
}

/// Any verified `.mpy` file freezes, or is refused; the image takes what it says.
pub fn module_in_image(data: &[u8]) {
    if verify(data, &mut vec![0; 1 << 18]).is_err() {
        return;
    }
    let Ok(module) = Module::parse(data) else { return };
    let file = base_elf();
    let base = Base::read(&file).expect("well-formed");
    let modules = [frozen(module)];
    let Ok(image) = freeze(&base, &modules, &options(data.len())) else { return };
    let again = freeze(&base, &modules, &options(data.len())).expect("as before");
    assert_eq!(image.bytes, again.bytes, "the same again");
    let Ok(elf) = append(&base, &image.bytes, &image.symbols) else { return };
    let sizes = items(&elf).expect("well-formed");
    let ours: u32 = sizes.iter().filter(|i| i.path[0] == "image").map(|i| i.flash).sum();
    assert_eq!(ours as usize, image.bytes.len());
}

/// Any bytes as a ROMFS image.
pub fn romfs_any_bytes(data: &[u8]) {
    fn walk(fs: &RomFs<'_>, directory: Directory<'_>, left: &mut u32) {
        for (name, node) in fs.list(directory) {
            if *left == 0 {
                return;
            }
            *left -= 1;
            match node {
                Node::File(data) => assert!(data.len() <= u32::MAX as usize),
                Node::Directory(inner) => walk(fs, inner, left),
            }
            let _ = fs.find(name);
        }
    }
    if let Some(fs) = RomFs::new(data) {
        walk(&fs, fs.top(), &mut 1000);
    }
}

/// Any text as a line map and as a traceback.
pub fn map_any_text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(map) = Map::parse(data) {
        map.decode(&text);
        map.decode("  File \"a.py\", line 7, in f\nx");
        assert_eq!(Map::parse(map.text().as_bytes()).ok(), Some(map));
    }
}
