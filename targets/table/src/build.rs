//! What a board's `build.rs` does: the memory map of `board.toml` as a linker
//! script, and the linker arguments that go with it.
//!
//! `cortex-m-rt` and `riscv-rt` bring `link.x`, which includes our `memory.x`.
//! `hognose.x` comes after it and adds what Hognose needs:
//!
//! * `__hognose_image`: the first flash address behind the base firmware, where
//!   the CLI links a frozen image. Whoever has no image has erased flash there.
//! * `__hognose_flash_end`, `__hognose_ram_start`, `__hognose_heap_start`, `__hognose_heap_end`,
//!   `__hognose_stack_end`.
//! * the section `.hognose.link`, which is in the ELF file only and never in
//!   flash: the facts about the base firmware that the host-side linker reads.

use crate::{Board, Region};
use std::path::{Path, PathBuf};

/// Alignment of a frozen image: a multiple of every object's alignment.
pub const IMAGE_ALIGN: u32 = 16;

/// Writes `memory.x` and `hognose.x` into `OUT_DIR` and prints cargo's linker
/// arguments. Call it from a board's `build.rs`; it panics, as build scripts do,
/// with the reason when `board.toml` is wrong.
pub fn emit() {
    let var = |name: &str| PathBuf::from(std::env::var_os(name).expect(name));
    let file = var("CARGO_MANIFEST_DIR").join("board.toml");
    let board = Board::read(&file).unwrap_or_else(|e| panic!("{e}"));
    let out = var("OUT_DIR");
    let write = |name: &str, text: String| {
        std::fs::write(out.join(name), text).unwrap_or_else(|e| panic!("{name}: {e}"));
    };
    write("memory.x", memory_script(&board));
    write("hognose.x", firmware_script(&board));
    // Names of interrupt handlers, which `link.x` may include: there are none.
    write("device.x", String::new());
    println!("cargo::rerun-if-changed=board.toml");
    println!("cargo::rustc-link-search={}", Path::new(&out).display());
    for argument in ["-Tlink.x", "-Thognose.x", "--nmagic", "--gc-sections", "--icf=all"] {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    println!("cargo::rustc-env=HOGNOSE_CLOCK={}", board.clock);
}

fn is_riscv(board: &Board) -> bool {
    board.rust_target.starts_with("riscv")
}

fn memory_script(board: &Board) -> String {
    let line = |name: &str, r: Region| {
        format!("  {name} : ORIGIN = {:#010x}, LENGTH = {:#x}\n", r.origin, r.length)
    };
    let mut script =
        format!("MEMORY\n{{\n{}{}}}\n", line("FLASH", board.flash), line("RAM", board.ram));
    if is_riscv(board) {
        for (alias, region) in [
            ("TEXT", "FLASH"),
            ("RODATA", "FLASH"),
            ("DATA", "RAM"),
            ("BSS", "RAM"),
            ("HEAP", "RAM"),
            ("STACK", "RAM"),
        ] {
            script += &format!("REGION_ALIAS(\"REGION_{alias}\", {region});\n");
        }
        script += "_heap_size = 0;\n";
    }
    script
}

fn firmware_script(board: &Board) -> String {
    let (base_end, heap_start) = if is_riscv(board) {
        ("LOADADDR(.data) + SIZEOF(.data)", "ADDR(.bss) + SIZEOF(.bss)")
    } else {
        ("__sidata + SIZEOF(.data)", "__sheap")
    };
    format!(
        "SECTIONS\n{{\n  .hognose.link 0 (INFO) : {{ KEEP(*(.hognose.link)) }}\n}}\n\
         __hognose_image = ALIGN({base_end}, {IMAGE_ALIGN});\n\
         __hognose_flash_end = {flash_end:#010x};\n\
         __hognose_ram_start = {ram:#010x};\n\
         __hognose_heap_start = ALIGN({heap_start}, 16);\n\
         __hognose_heap_end = {heap_end:#010x};\n\
         __hognose_stack_end = {stack_end:#010x};\n\
         ASSERT(__hognose_image <= __hognose_flash_end, \"the base firmware does not fit the flash\");\n\
         ASSERT(__hognose_heap_start + 1024 <= __hognose_heap_end, \"no RAM is left for a heap\");\n",
        flash_end = board.flash.end(),
        ram = board.ram.origin,
        heap_end = board.ram.end() - board.stack,
        stack_end = board.ram.end(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_map_reaches_the_script() {
        let text = include_str!("../../boards/microbit/board.toml");
        let board = Board::parse(text, Path::new("board.toml")).unwrap();
        let memory = memory_script(&board);
        assert!(memory.contains("FLASH : ORIGIN = 0x00000000, LENGTH = 0x40000"), "{memory}");
        assert!(memory.contains("RAM : ORIGIN = 0x20000000, LENGTH = 0x4000"), "{memory}");
        assert!(!memory.contains("REGION_ALIAS"));
        let script = firmware_script(&board);
        assert!(script.contains("__hognose_flash_end = 0x00040000"), "{script}");
    }
}
