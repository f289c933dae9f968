//! The prompt, driven through a pipe: what it answers to keys is compared with what
//! MicroPython's unix port answers.

use std::io::Write;
use std::process::{Command, Stdio};

/// Types `keys`; what is shown behind the banner.
fn typed(keys: &[u8]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_micropython"))
        .arg("-i")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    child.stdin.take().expect("a pipe").write_all(keys).expect("it reads");
    let output = child.wait_with_output().expect("it ends").stdout;
    let text = String::from_utf8_lossy(&output).replace("\r\n", "\n");
    text.splitn(3, '\n').last().unwrap_or_default().to_owned()
}

#[track_caller]
fn check(keys: &[u8], shown: &[u8]) {
    assert_eq!(typed(keys), String::from_utf8_lossy(shown), "{:?}", String::from_utf8_lossy(keys));
}

#[test]
fn editing() {
    check(
        b"abcdef\x01\x02\x06X\x05Y\x0b\x7f\x08\x15'k'\n\x04",
        b">>> abcdef\x1b[6DaXbcdef\x1b[5DbcdefY\x08\x1b[K\x08\x1b[K\x1b[6D\x1b[K'k'\n'k'\n>>> \n",
    );
    check(
        b"'ab cd ef'\x1bb\x1bb\x1bd\x1b[1;5D\x1b[1;5C\x17'\n\x04",
        b">>> 'ab cd ef'\x08\x08\x08\x08\x08\x08\x1b[K ef'\x08\x08\x08\x08\x08\x08\x08ab\x08\x08\x1b[K  ef'\x1b[5D'  ef'\x1b[5D\nTraceback (most recent call last):\n  File \"<stdin>\", line 1\nSyntaxError: invalid syntax\n>>> \n",
    );
    check(
        b"'abcdefgh'\x1b[H\x1b[3~\x1b[3~'\x1b[F\x1bOH\x1bOF\x1b[1~\x1b[4~\n\x04",
        b">>> 'abcdefgh'\x1b[10D\x1b[Kabcdefgh'\x1b[9D\x1b[Kbcdefgh'\x1b[8D'bcdefgh'\x1b[8Dbcdefgh'\x1b[9D'bcdefgh'\x1b[9D'bcdefgh'\n'bcdefgh'\n>>> \n",
    );
}

#[test]
fn history() {
    check(
        b"1\n2\n3\n\x1b[A\x1b[A\x1b[B\n\x10\x10\x10\x0e\n\x04",
        b">>> 1\n1\n>>> 2\n2\n>>> 3\n3\n>>> 3\x082\x083\n3\n>>> 3\x082\x081\x082\n2\n>>> \n",
    );
}

#[test]
fn indentation() {
    check(
        b"if 1:\nprint(1)\nelse:\n\x08\x08print(2)\n\n\x04",
        b">>> if 1:\n...     print(1)\n...     else:\n...         \x08\x08\x08\x08\x1b[K\x08\x08\x08\x08\x1b[Kprint(2)\n... \nTraceback (most recent call last):\n  File \"<stdin>\", line 3\nSyntaxError: invalid syntax\n>>> \n",
    );
    check(
        b"def f():\nreturn 3\n\x7f\nf()\n\x04",
        b">>> def f():\n...     return 3\n...     \x08\x08\x08\x08\x1b[K\n>>> f()\n3\n>>> \n",
    );
    check(b"while 1:\n\x09break\n\n\x04", b">>> while 1:\n...     break\n... \n>>> \n");
}

#[test]
fn statements() {
    check(
        b"import sys\nsys.ps1='PS1'\nsys.ps2='PS2'\n(1+\n2)\n\x04",
        b">>> import sys\n>>> sys.ps1='PS1'\nPS1sys.ps2='PS2'\nPS1(1+\nPS22)\n3\nPS1\n",
    );
    check(
        b"for i in range(3): print(i)\n\n\x04",
        b">>> for i in range(3): print(i)\n... \n0\n1\n2\n>>> \n",
    );
    check(
        b"@x\ndef f(): pass\n\n\x04",
        b">>> @x\n... def f(): pass\n... \nTraceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\nNameError: name 'x' isn't defined\n>>> \n",
    );
    check(b"'''a\nb'''\n\x04", b">>> '''a\n... b'''\n'a\\nb'\n>>> \n");
}

#[test]
fn completion() {
    check(
        b"import micropython as m\nm.sch\x09\n\x04",
        b">>> import micropython as m\n>>> m.schedule\n<function>\n>>> \n",
    );
}

#[test]
fn paste() {
    check(
        b"\x05def g():\n  return 7\ng()\n\x04\x04",
        b">>> \npaste mode; Ctrl-C to cancel, Ctrl-D to finish\n=== def g():\n===   return 7\n=== g()\n=== \n7\n>>> \n",
    );
    check(
        b"\x05def g(:\n\x03\n1\n\x04",
        b">>> \npaste mode; Ctrl-C to cancel, Ctrl-D to finish\n=== def g(:\n=== \n>>> \n>>> 1\n1\n>>> \n",
    );
}

#[test]
fn raw() {
    check(
        b"\x01print(1)\nraise ValueError('x')\x04\x01\x04",
        b">>> \nraw REPL; CTRL-B to exit\n>OK1\n\x04Traceback (most recent call last):\n  File \"<stdin>\", line 2, in <module>\nValueError: x\n\x04>raw REPL; CTRL-B to exit\n>OK\n",
    );
    check(
        b"\x01\x05A\x01print(3)\n\x04\x04",
        b">>> \nraw REPL; CTRL-B to exit\n>R\x01\x80\x00\x01\x043\n\x04\x04>OK\n",
    );
    check(
        b"\x01\x05B\x01print(3)\n\x04\x04",
        b">>> \nraw REPL; CTRL-B to exit\n>R\x00>OK3\n\x04\x04>OK\n",
    );
    check(
        b"\x01\x05A\x01print('x'*3)\nprint('x'*3)\nprint('x'*3)\nprint('x'*3)\nprint('x'*3)\n\x03\x04",
        b">>> \nraw REPL; CTRL-B to exit\n>R\x01\x80\x00\x01\x04\x04KeyboardInterrupt: \n\x04>OK\n",
    );
    check(
        b"\x01abc\x03print(2)\x04\x01\x04",
        b">>> \nraw REPL; CTRL-B to exit\n>OK2\n\x04\x04>raw REPL; CTRL-B to exit\n>OK\n",
    );
}
