fn main() {
    let out = std::env::var("OUT_DIR").expect("a build script has OUT_DIR");
    let memory = "MEMORY\n{\n  FLASH : ORIGIN = 0, LENGTH = 4M\n  RAM : ORIGIN = 0x20000000, LENGTH = 4M\n}\n";
    std::fs::write(format!("{out}/memory.x"), memory).expect("OUT_DIR can be written");
    println!("cargo::rustc-link-search={out}");
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    hognose_build::Freeze::new("python/main.py").target("mps2-an385").heap(256 * 1024).link();
}
