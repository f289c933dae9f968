//! `hognose profile` and what `compile` makes of it.

mod common;

use common::Folder;
use mpy_format::{Body, Module};

const APP: &str = "\
import lib.part
class A:
    def run(self, n):
        s = 0
        for i in range(n):
            s += lib.part.mix(i)
        return s
def cold():
    return 1
print(A().run(500), cold())
";
const PART: &str = "\
def mix(i):
    while i > 10:
        i = i // 3 + (i & 1)
    return i
";

fn profiled() -> Folder {
    let folder = Folder::new();
    folder.write("app.py", APP);
    folder.write("lib/part.py", PART);
    let said = folder.run(&["profile", "app.py"]);
    assert_eq!((said.code, said.text().as_str()), (0, "3064 1\n"), "{said:?}");
    assert!(
        said.err.lines().nth(1).is_some_and(|l| l.ends_with("mix (lib/part.py:2)")),
        "{said:?}"
    );
    folder
}

/// Names of the functions in a file that are machine code.
fn native(file: &[u8]) -> usize {
    fn count(raw: &mpy_format::RawCode) -> usize {
        let own = usize::from(!matches!(raw.body, Body::Bytecode(_)));
        own + raw.children.iter().map(count).sum::<usize>()
    }
    count(&Module::parse(file).expect("valid").root)
}

#[test]
fn busy_functions_become_machine_code() {
    let folder = profiled();
    let compile = ["compile", ".", "-o", "out", "--march", "x64", "--profile", "profile.json"];
    let said = folder.run(&compile);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(native(&folder.read("out/lib/part.mpy")), 1);
    assert_eq!(native(&folder.read("out/app.mpy")), 1, "run, not cold");
    // The cache knows that other choices give other files.
    let said = folder.run(&[&compile[..], &["--budget", "0"]].concat());
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(native(&folder.read("out/lib/part.mpy")), 0);
    assert_eq!(native(&folder.read("out/app.mpy")), 0);
}

#[test]
fn what_is_missing_is_said() {
    let folder = profiled();
    let said = folder.run(&["compile", "app.py", "--profile", "profile.json"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--march"), "{said:?}");
    folder.write("bad.json", "{}");
    let said = folder.run(&["compile", "app.py", "--march", "x64", "--profile", "bad.json"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("bad.json: not a profile"), "{said:?}");
    assert_eq!(folder.run(&["profile", "no.py"]).code, 3);
}
