//! Base firmware linked again: what goes, and that all else refers to what it did.

#[path = "../../testsuite/fuzz/bodies/base_elf.rs"]
mod base_elf;

use base_elf::{HEAP, base_elf, linkable_elf};
use hognose_compiler::image::Base;
use hognose_compiler::image::relink::{Memory, Relinked, relink};
use mpy_format::image::Fact;

fn relinked(wanted: &[&str]) -> Relinked {
    let file = linkable_elf();
    let base = Base::read(&file).expect("well-formed");
    let wanted = |name: &[u8]| wanted.iter().any(|w| w.as_bytes() == name);
    relink(&base, &wanted, None).expect("it can be linked again").expect("it is made for it")
}

/// The word of a fact.
fn fact(base: &Base<'_>, fact: Fact) -> u32 {
    let at = base.file.windows(4).position(|w| w == mpy_format::image::FACTS_MAGIC.to_le_bytes());
    let at = at.expect("facts") + 4 * fact as usize;
    u32::from_le_bytes(base.file[at..at + 4].try_into().unwrap())
}

#[test]
fn other_firmware_stays_as_it_is() {
    let file = base_elf();
    let base = Base::read(&file).unwrap();
    assert!(relink(&base, &|_| false, None).expect("well-formed").is_none());
}

#[test]
fn what_has_no_name_goes_and_the_rest_follows() {
    let all = relinked(&["print", "append"]);
    assert_eq!(all.dropped, [""; 0]);
    let some = relinked(&["print"]);
    assert_eq!(some.dropped, ["<module>.append", "append", "append.append"]);
    let base = Base::read(&some.elf).unwrap();
    let word = |at: u32| base.word(at).expect("flash");
    // The words in front, which refer to the type and to the list of modules.
    let (ty, modules) = (word(0x100 + 204), word(0x100 + 208));
    assert_eq!((ty, modules), (fact(&base, Fact::TypeType), fact(&base, Fact::Modules)));
    assert_eq!([word(ty), word(ty + 4)], [ty, 5], "a type is its own type here");
    // One row, whose function still calls what it called: bl shared; bx lr; ...; bx lr.
    let table = word(ty + 16);
    assert_eq!([word(ty + 20), word(table)], [1, 1]);
    let first = word(table + 4);
    let code = base.bytes(first, 8).unwrap();
    assert_eq!((code[..2].to_vec(), code[4..6].to_vec()), (vec![0x00, 0xf0], vec![0x70, 0x47]));
    let shared = first + 4 + 2 * u32::from(code[2]);
    assert_eq!(base.bytes(shared, 2), Some(&[0x70, 0x47][..]));
    // Of the modules, the one that stays stands in for the other.
    let other = word(modules);
    assert_eq!((word(modules + 4), word(other + 4)), (other, 1));
    assert_eq!(word(other), fact(&base, Fact::ModuleType));
    // A row, a module and its table; a function's two bytes have become padding.
    let kept = Base::read(&all.elf).unwrap();
    let size = |base: &Base<'_>| base.flash.runs.iter().map(|(_, run)| run.len()).sum::<usize>();
    assert_eq!(size(&kept) - size(&base), 8 + 24 + 8);
    assert!(some.freed > all.freed);
    assert!(relinked(&["print"]).elf == some.elf, "reproducible");
}

#[test]
fn what_all_is_wanted_of_has_the_same_contents() {
    let file = linkable_elf();
    let (before, after) = (Base::read(&file).unwrap(), relinked(&["print", "append"]));
    let after = Base::read(&after.elf).unwrap();
    let bytes = |base: &Base<'_>| base.flash.runs[0].1.clone();
    // What lies in front of the pieces is one piece, which moves by nothing.
    assert_eq!(bytes(&before)[..300], bytes(&after)[..300]);
    assert_eq!(bytes(&before), bytes(&after));
}

#[test]
fn memory_is_as_large_as_told() {
    let file = linkable_elf();
    let base = Base::read(&file).unwrap();
    let with = |ram, stack| relink(&base, &|_| true, Some(Memory { ram, stack }));
    let small = with(4096, 2048).expect("it fits").expect("it is made for it");
    let small = Base::read(&small.elf).unwrap();
    assert_eq!(small.heap, HEAP.0..HEAP.0 + 2048);
    assert_eq!(small.symbol("__hognose_stack_end"), Some(HEAP.0 + 4096));
    // The first word is where the CPU finds its stack.
    assert_eq!(small.word(small.flash.runs[0].0), Some(HEAP.0 + 4096));
    for (ram, stack) in
        [(0, 0), (1024, 2048), (4096, 2000), (4096, 3800), (0x4_0000, 2048), (u32::MAX, 2048)]
    {
        assert!(with(ram, stack).is_err(), "{ram} {stack}");
    }
}

#[test]
fn malformed_firmware_is_an_error() {
    let file = linkable_elf();
    for at in 0..file.len() {
        for value in [0, 0xff, file[at] ^ 1] {
            let mut bad = file.clone();
            bad[at] = value;
            if let Ok(base) = Base::read(&bad) {
                let _ = relink(&base, &|name| name == b"print", None);
            }
        }
    }
}
