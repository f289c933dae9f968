//! Images of whole programs: what is laid out, left out, folded and told about them.

#[path = "../../testsuite/fuzz/bodies/base_elf.rs"]
mod base_elf;

use base_elf::base_elf;
use hognose_compiler::image::program::{Stripped, Unit, constants, strip};
use hognose_compiler::image::size::{Kind, items, total};
use hognose_compiler::image::{
    Base, FrozenModule, ImageOptions, Lines, Machine, append, freeze, object_file,
};
use hognose_compiler::{Constant, Options, compile, outline};
use mpy_format::Module;
use std::collections::BTreeMap;

fn module(source: &str, options: &Options) -> Module {
    compile(source.as_bytes(), options).expect("it compiles").module
}

fn frozen(name: &str, source: &str) -> FrozenModule {
    let options = Options { source_name: format!("{name}.py"), ..Options::default() };
    FrozenModule {
        name: name.into(),
        file: format!("{name}.py"),
        package: false,
        module: module(source, &options),
    }
}

/// Runs `f` with the units of a program of modules by name.
fn with_units<T>(modules: &[(&str, &str)], f: impl FnOnce(&[Unit<'_>]) -> T) -> T {
    let frozen: Vec<FrozenModule> = modules.iter().map(|(n, s)| frozen(n, s)).collect();
    let outlines: Vec<_> =
        modules.iter().map(|(_, s)| outline(s.as_bytes()).expect("it parses")).collect();
    let units: Vec<Unit<'_>> = frozen
        .iter()
        .zip(&outlines)
        .map(|(f, o)| Unit { name: &f.name, package: false, outline: Some(o), module: &f.module })
        .collect();
    f(&units)
}

fn dropped(modules: &[(&str, &str)]) -> Vec<String> {
    let Stripped { dropped, .. } =
        with_units(modules, |units| strip(units, &[0], &|name| name == "readblocks"));
    dropped.iter().map(|d| format!("{}:{}", modules[d.module].0, d.path)).collect()
}

#[test]
fn what_nothing_mentions_goes() {
    let main = "import lib\n\
                def used(): return lib.run(1)\n\
                def one(): return two()\n\
                def two(): return one()\n\
                class A:\n def __init__(self): pass\n def go(self): pass\n def never(self): pass\n \
                def readblocks(self, n, b): pass\n\
                A().go()\nprint(used)\n";
    let lib = "def run(x): return inner(x)\ndef inner(x): return x\ndef other(): import far\n";
    let far = "def f(): pass\n";
    assert_eq!(
        dropped(&[("main", main), ("lib", lib), ("far", far)]),
        ["main:one", "main:two", "main:A.never", "lib:other", "far:"]
    );
}

#[test]
fn names_made_at_run_time_keep_everything() {
    for reach in [
        "globals()['dead']()",
        "exec('dead()')",
        "getattr(object, 'de' + 'ad')",
        "object.__dict__",
        "__import__('x')",
    ] {
        let main = format!("def dead(): pass\nprint({reach})\n");
        assert_eq!(dropped(&[("main", &main)]), [""; 0], "{reach}");
    }
    // A text that is the whole name, and a decorator, keep just that.
    let main = "def a(): pass\ndef b(): pass\ngetattr(object, 'a')\n\
                def keep(f): return f\n@keep\ndef c(): pass\n";
    assert_eq!(dropped(&[("main", main)]), ["main:b"]);
}

#[test]
fn constants_of_other_modules_are_found() {
    let config = "A = 1\nB = 'text'\nC = 2.5\nD = None\nE = 4\nF = 5\nif A: G = 6\nH = []\nI = 7\n";
    let main = "from config import A, B, C, D, E, F, G, H, I as other\nimport config\n\
                config.E = 8\ndef f():\n F = 1\n return F\n";
    let found = with_units(&[("main", main), ("config", config)], constants);
    let expected: BTreeMap<String, Constant> = [
        ("A", Constant::Int(1)),
        ("B", Constant::Str("text".into())),
        ("C", Constant::Float(2.5)),
        ("D", Constant::None),
        ("other", Constant::Int(7)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    assert_eq!(found[0], expected);
    let setter =
        with_units(&[("main", "from c import A\nsetattr(A, 'x', 1)"), ("c", "A = 1")], constants);
    assert!(setter[0].is_empty());
}

#[test]
fn folded_constants_and_left_out_code_shrink_the_module() {
    let source = "from config import DEBUG\ndef f():\n if DEBUG:\n  print('very long text')\n";
    let plain = mpy_format::write(&module(source, &Options::default()));
    let imported = BTreeMap::from([("DEBUG".to_owned(), Constant::Bool(false))]);
    let folded = mpy_format::write(&module(source, &Options { imported, ..Options::default() }));
    assert!(folded.len() + 10 < plain.len(), "{} and {}", folded.len(), plain.len());
    let has = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|w| w == text);
    assert!(has(&plain, b"very long text") && !has(&folded, b"very long text"));
    let spans = outline(source.as_bytes()).unwrap().items.iter().map(|i| i.span).collect();
    let without = module(source, &Options { left_out: spans, ..Options::default() });
    assert!(without.root.children.is_empty());
}

const PROGRAM: &str = "TABLE = (1, 2, 3, 'some text', 1.5, 10**20)\n\
                       class Led:\n    def blink_often(self, n):\n        return n / 0\n\n\
                       Led().blink_often(1)\n";

fn image(options: &ImageOptions) -> (Vec<u8>, hognose_compiler::image::Image) {
    let file = base_elf();
    let base = Base::read(&file).unwrap();
    let image = freeze(&base, &[frozen("main", PROGRAM)], options).unwrap();
    (append(&base, &image.bytes, &image.symbols).unwrap(), image)
}

#[test]
fn sizes_are_those_of_the_sections() {
    use object::{Object, ObjectSection, SectionFlags};
    let options = ImageOptions { files: vec![7; 33], ..ImageOptions::default() };
    let (elf, image) = image(&options);
    let sizes = items(&elf).unwrap();
    let file = object::File::parse(&*elf).unwrap();
    let loaded = |s: &object::Section<'_, '_>| matches!(s.flags(), SectionFlags::Elf { sh_flags, .. } if sh_flags.0 & 2 != 0);
    let sections: u64 = file.sections().filter(loaded).map(|s| s.size()).sum();
    assert_eq!(u64::from(total(&sizes).0), sections);
    assert_eq!(sections as usize, 300 + image.bytes.len());
    let of = |kind| total(sizes.iter().filter(|i| i.kind == kind)).0;
    assert_eq!((of(Kind::Files), of(Kind::Code)), (33, 40));
    for kind in [Kind::Bytecode, Kind::Names, Kind::Constants, Kind::Lines, Kind::Functions] {
        assert!(of(kind) > 0, "{kind:?}");
    }
}

#[test]
fn lines_and_names_move_into_the_map() {
    let mapped = ImageOptions { lines: Lines::Map, anonymise: true, ..ImageOptions::default() };
    let (plain, (_, image)) = (image(&ImageOptions::default()).1, image(&mapped));
    let has = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|w| w == text);
    assert!(has(&plain.bytes, b"blink_often") && !has(&image.bytes, b"blink_often"));
    let code =
        image.symbols.iter().find(|s| s.name.contains("/_") && s.name.ends_with("#bytecode"));
    assert!(code.is_some(), "{:?}", image.symbols);
    let at = (0..image.bytes.len() as u32)
        .find(|d| {
            image.map.find(*d).is_some_and(|(_, name, line)| name == "blink_often" && line == 4)
        })
        .expect("the function is in the map");
    let short = image.map.text();
    assert!(short.contains("blink_often"), "{short}");
    let text = format!("  File \"main.py\", line {at}, in _a\nZeroDivisionError: divide by zero\n");
    assert_eq!(
        image.map.decode(&text),
        "  File \"main.py\", line 4, in blink_often\nZeroDivisionError: divide by zero\n"
    );
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    let options = ImageOptions { lines: Lines::Map, anonymise: true, ..ImageOptions::default() };
    assert_eq!(image(&options).0, image(&options).0);
}

#[test]
fn an_object_file_points_at_symbols() {
    use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};
    let file = base_elf();
    let base = Base::read(&file).unwrap();
    for machine in [Machine::Arm, Machine::Riscv32] {
        let modules = [frozen("main", PROGRAM)];
        let options = ImageOptions { main: Some(0), ..ImageOptions::default() };
        let bytes = object_file(&base, &modules, &options, machine, 4096).unwrap();
        let again = object_file(&base, &modules, &options, machine, 4096).unwrap();
        assert!(bytes == again, "reproducible");
        let elf = object::File::parse(&*bytes).unwrap();
        let section = elf.section_by_name(".rodata.hognose_image").unwrap();
        let size = section.size();
        let mut used = std::collections::BTreeSet::new();
        for (offset, relocation) in section.relocations() {
            assert!(offset % 4 == 0 && offset + 4 <= size);
            let RelocationTarget::Symbol(index) = relocation.target() else { panic!() };
            let name = elf.symbol_by_index(index).unwrap().name().unwrap().to_owned();
            if machine == Machine::Riscv32 && name == "hognose_image" {
                assert!((0..size as i64).contains(&relocation.addend()));
            }
            used.insert(name);
        }
        let expected =
            ["function", "float", "int", "str", "tuple"].map(|t| format!("hognose_type_{t}"));
        let mut expected: Vec<String> = expected.into();
        expected.extend(["hognose_image".into(), "hognose_heap".into()]);
        expected.sort();
        assert_eq!(used.into_iter().collect::<Vec<_>>(), expected);
        let heap = elf.symbols().find(|s| s.name() == Ok("hognose_heap")).unwrap();
        assert_eq!((heap.size(), heap.is_definition()), (4096, true));
    }
}
