//! The protocol by which programs, such as `mpremote`, drive a prompt.
//!
//! A text that ends with Ctrl-D is answered with `OK`, what it prints, Ctrl-D, its
//! traceback, Ctrl-D and `>`. In raw paste mode, Ctrl-E `A` Ctrl-A, the sender is told how
//! much it may send before it has to wait for leave to go on.

use hognose_runtime::Vm;
use hognose_runtime::error::{Res, SYSTEM_EXIT};
use hognose_runtime::object::{Gc, Module};
use hognose_runtime::port::CompileMode;
use hognose_runtime::print::Stdout;

use super::keys::{Heard, Input, ctrl};
use crate::terminal::KeyByKey;

/// Bytes that are granted at a time in raw paste mode.
const WINDOW: u16 = 128;
const RAW_PASTE: [u8; 2] = [ctrl(b'E'), b'A'];

/// How this kind of prompt ended.
pub enum Left {
    ForPeople,
    ForGood,
}

/// Runs texts until it is left; `Err` is `SystemExit`.
pub fn run(vm: &Vm, input: &mut Input<'_>, main: Gc<Module>) -> Res<Left> {
    let say = |text: &[u8]| vm.port().stdout(text);
    say(b"raw REPL; CTRL-B to exit\r\n>");
    loop {
        let keys = KeyByKey::new();
        let mut text = Vec::new();
        loop {
            let Heard::Byte(byte) = input.byte() else { return Ok(Left::ForGood) };
            if byte == ctrl(b'A') && text == RAW_PASTE {
                say(b"R\x01");
                text.clear();
                if !paste(vm, input, &mut text) {
                    say(b"\x04KeyboardInterrupt: \n\x04>");
                    text.clear();
                    continue;
                }
                break;
            }
            if byte == ctrl(b'A') && text.len() == 2 && text.first() == RAW_PASTE.first() {
                // Some other mode, which there is not.
                say(b"R\x00>");
                text.clear();
            } else if byte == ctrl(b'A') {
                say(b"raw REPL; CTRL-B to exit\r\n>");
                text.clear();
            } else if byte == ctrl(b'B') {
                say(b"\r\n");
                return Ok(Left::ForPeople);
            } else if byte == ctrl(b'C') {
                text.clear();
            } else if byte == ctrl(b'D') {
                say(b"OK");
                if text.is_empty() {
                    say(b"\r\n");
                    return Ok(Left::ForGood);
                }
                break;
            } else {
                text.push(byte);
            }
        }
        drop(keys);
        execute(vm, &text, main)?;
    }
}

/// Reads a text in raw paste mode; false if Ctrl-C took it back.
fn paste(vm: &Vm, input: &mut Input<'_>, text: &mut Vec<u8>) -> bool {
    let [low, high] = WINDOW.to_le_bytes();
    vm.port().stdout(&[low, high, 1]);
    let mut room = WINDOW;
    loop {
        let byte = match input.byte() {
            Heard::Byte(byte) if byte != ctrl(b'D') && byte != ctrl(b'C') => byte,
            ended => {
                vm.port().stdout(b"\x04");
                return ended != Heard::Byte(ctrl(b'C'));
            }
        };
        text.push(byte);
        room -= 1;
        if room == 0 {
            vm.port().stdout(b"\x01");
            room = WINDOW;
        }
    }
}

fn execute(vm: &Vm, text: &[u8], main: Gc<Module>) -> Res<()> {
    let done = vm
        .compile(text, b"<stdin>", CompileMode::Exec)
        .and_then(|code| vm.run_mpy(code, main.globals, main.globals));
    vm.port().stdout(b"\x04");
    if let Err(r) = done {
        if vm.raised_is(&r, &SYSTEM_EXIT) {
            vm.port().stdout(b"\x04");
            return Err(r);
        }
        let e = vm.take_exception(r);
        vm.print_traceback(&mut Stdout(vm), e)?;
    }
    vm.port().stdout(b"\x04>");
    Ok(())
}
