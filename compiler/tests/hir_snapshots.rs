//! Every `tests/hir/NAME.py` is lowered and compared with `NAME.hir`: the HIR, or what is wrong
//! with the program. `BLESS=1 cargo test -p hognose-compiler --test hir_snapshots` writes what the
//! compiler gives now; look at the difference before keeping it.

use std::fs;
use std::path::Path;

use hognose_compiler::diag::{SourceFile, brief};
use hognose_compiler::{Options, Stage, dump};
use mpy_format::Arch;

#[test]
fn lowering_gives_what_it_gave() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hir");
    let bless = std::env::var_os("BLESS").is_some();
    let mut count = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(&folder).expect("the folder of snapshots") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        count += 1;
        let source = fs::read(&path).expect("a program");
        let options = Options { arch: Arch::ArmV7EMSP, ..Options::default() };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let got = dump(&source, &options, Stage::Hir)
            .unwrap_or_else(|errors| brief(&errors, &SourceFile::new(name, &source)));
        let expected = path.with_extension("hir");
        if bless {
            fs::write(&expected, &got).expect("to write the snapshot");
        } else if fs::read_to_string(&expected).ok().as_deref() != Some(&*got) {
            wrong.push(format!("{}:\n{got}", path.display()));
        }
    }
    assert!(count > 0, "there are snapshots");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
