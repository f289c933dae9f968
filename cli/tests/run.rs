//! `hognose run` on this computer.

mod common;

use common::Folder;

const ARGV: &str = "import sys\nprint(sys.argv)\n";

#[test]
fn a_program_gets_what_follows_it() {
    let folder = Folder::new();
    folder.write("app.py", ARGV);
    let said = folder.run(&["run", "-O", "1", "--heap", "100K", "app.py", "-O", "--stats", "x"]);
    assert_eq!((said.code, said.text().as_str()), (0, "['app.py', '-O', '--stats', 'x']\n"));
    let said = folder.run(&["run", "-c", ARGV, "-m", "y"]);
    assert_eq!((said.code, said.text().as_str()), (0, "['-c', '-m', 'y']\n"));
    let said = folder.run(&["run", "-m", "app", "--help"]);
    assert_eq!((said.code, said.text().as_str()), (0, "['app', '--help']\n"));
}

#[test]
fn a_compiled_file_runs_and_finds_its_neighbours() {
    let folder = Folder::new();
    folder.write("sub/part.py", "def f():\n    return 42\n");
    folder.write("sub/app.py", "import part\nprint(part.f())\n");
    assert_eq!(folder.run(&["compile", "sub/app.py"]).code, 0);
    let said = folder.run(&["run", "sub/app.mpy"]);
    assert_eq!((said.code, said.text().as_str()), (0, "42\n"), "{said:?}");
}

#[test]
fn the_exit_code_is_the_programs() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["run", "-c", "import sys; sys.exit(7)"]).code, 7);
    let said = folder.run(&["run", "-c", "1 // 0"]);
    assert_eq!(said.code, 1);
    assert!(said.err.ends_with("ZeroDivisionError: divide by zero\n"), "{said:?}");
    let said = folder.run(&["run", "no.py"]);
    assert_eq!(said.code, 3);
    assert!(said.err.starts_with("error: cannot read no.py: "), "{said:?}");
    assert_eq!(folder.run(&["run", "--bad"]).code, 2);
}

#[test]
fn statistics_come_at_the_end() {
    let folder = Folder::new();
    let said = folder.run(&["run", "--stats", "-c", "for i in range(1000): pass"]);
    let number = |name: &str| -> u64 {
        let line = said.err.lines().find_map(|line| line.strip_prefix(name)).expect(name);
        line.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number")
    };
    assert!((4_000..20_000).contains(&number("instructions executed")), "{said:?}");
    assert!(number("objects allocated") > 0 && number("highest use of heap") > 0);
    assert_eq!(number("collections"), 0);
}

#[test]
fn a_small_heap_ends_in_an_exception() {
    let folder = Folder::new();
    let said = folder.run(&["run", "--heap", "20K", "-c", "x = [0] * 100000"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("MemoryError"), "{said:?}");
}
