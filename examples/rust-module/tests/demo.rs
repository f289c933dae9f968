//! The program in Python does what its source says.

use std::process::Command;

const EXPECTED: &str = "\
<tank with 0 litres> 1000
600 600 158
the tank does not hold that
150 450 <tank with 0 litres>
80 True tank
";

#[test]
fn the_demo_runs() {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/python/demo.py");
    let done = Command::new(env!("CARGO_BIN_EXE_rust-module")).arg(demo).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stdout), EXPECTED);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
