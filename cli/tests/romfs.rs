//! `hognose romfs`, and programs that run from an image in place.

mod common;

use common::Folder;
use std::process::Command;

fn tree(folder: &Folder) {
    folder.write(
        "src/main.py",
        "import lib.util\nprint(lib.util.twice(21), open('/rom/data.txt').read())\n",
    );
    folder.write("src/lib/util.py", "def twice(x):\n    return 2 * x\n");
    folder.write("src/data.txt", "text");
    folder.write("src/empty.bin", "");
    folder.write("src/long.bin", [9u8; 70_000]);
}

#[test]
fn what_goes_in_comes_out() {
    let folder = Folder::new();
    tree(&folder);
    for align in ["1", "8"] {
        let said = folder.run(&["romfs", "build", "src", "--no-mpy", "--align", align]);
        assert_eq!((said.code, said.text().as_str()), (0, ""), "{}", said.err);
        let list = folder.run(&["romfs", "ls", "src.romfs"]).text();
        assert!(list.contains("    4 data.txt\n") && list.contains("lib/util.py\n"), "{list}");
        assert_eq!(folder.run(&["romfs", "extract", "src.romfs", "-o", "out"]).code, 0);
        for file in ["main.py", "lib/util.py", "data.txt", "empty.bin", "long.bin"] {
            assert!(folder.read(&format!("src/{file}")) == folder.read(&format!("out/{file}")));
        }
    }
    assert_eq!(folder.run(&["romfs", "build", "src", "-o", "a.romfs"]).code, 0);
    assert_eq!(folder.run(&["romfs", "build", "src", "-o", "b.romfs"]).code, 0);
    assert!(folder.read("a.romfs") == folder.read("b.romfs"), "reproducible");
    let list = folder.run(&["romfs", "ls", "a.romfs"]).text();
    assert!(list.contains("main.mpy") && !list.contains("main.py"), "{list}");
}

#[test]
fn programs_run_from_an_image() {
    let folder = Folder::new();
    tree(&folder);
    for build in [&["romfs", "build", "src"][..], &["romfs", "build", "src", "--no-mpy"]] {
        assert_eq!(folder.run(build).code, 0);
        let said = folder.run(&["run", "--romfs", "src.romfs", "-m", "main"]);
        assert_eq!((said.code, said.text().as_str()), (0, "42 text\n"), "{}", said.err);
    }
    let text = "import os\nprint(sorted(os.listdir('/rom')), os.stat('/rom/data.txt')[6])\n\
                try:\n open('/rom/x', 'w')\nexcept OSError as e:\n print(e.errno)\n";
    let said = folder.run(&["run", "--romfs", "src.romfs", "-c", text]);
    let listed = "['data.txt', 'empty.bin', 'lib', 'long.bin', 'main.py'] 4\n30\n";
    assert_eq!(said.text(), listed, "{}", said.err);
}

#[test]
fn bad_images_and_sources_are_told() {
    let folder = Folder::new();
    folder.write("not.romfs", "nothing");
    folder.write("src/bad.py", "x = (\n");
    for args in [&["ls"][..], &["extract"]] {
        let said = folder.run(&[&["romfs"], args, &["not.romfs"]].concat());
        assert_eq!(said.code, 3);
        assert!(said.err.contains("not.romfs: not a ROMFS image"), "{}", said.err);
    }
    assert_eq!(folder.run(&["run", "--romfs", "not.romfs", "-c", "1"]).code, 3);
    let said = folder.run(&["romfs", "build", "src"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("src/bad.py:") && said.err.contains("does not compile"),
        "{}",
        said.err
    );
    assert_eq!(folder.list(), ["not.romfs", "src"], "nothing is left behind");
    assert_eq!(folder.run(&["romfs", "build", "src", "--align", "3"]).code, 2);
    // A name that would leave the folder: a file called `../x`.
    folder.write("evil.romfs", [&[0xd2, 0xcd, 0x31, 9, 5, 7, 4][..], b"../x", &[2, 0]].concat());
    let said = folder.run(&["romfs", "extract", "evil.romfs", "-o", "out"]);
    assert_eq!((said.code, folder.has("x"), folder.has("out")), (3, false, false), "{}", said.err);
}

/// Needs `HOGNOSE_STOCK` (MicroPython's source): mpremote makes the same bytes.
#[test]
fn images_are_those_of_mpremote() {
    let Some(stock) = std::env::var_os("HOGNOSE_STOCK") else {
        eprintln!("skipped: HOGNOSE_STOCK is not set");
        return;
    };
    let folder = Folder::new();
    tree(&folder);
    let program = "import sys; sys.path.insert(0, sys.argv[1] + '/tools/mpremote')\n\
                   from mpremote.romfs import make_romfs\n\
                   open('theirs', 'wb').write(make_romfs('src', mpy_cross=False))";
    let mut python = Command::new("python3");
    let output = python.args(["-c", program]).arg(stock).current_dir(folder.path(""));
    assert!(output.output().expect("can run").status.success());
    assert_eq!(folder.run(&["romfs", "build", "--no-mpy", "src", "-o", "ours"]).code, 0);
    assert!(folder.read("ours") == folder.read("theirs"));
}
