//! The interactive prompt.
//!
//! Lines are gathered until they make a whole statement, which is compiled as one of its
//! own and run in `__main__`. An exception is shown and ends nothing but `SystemExit`.
//! While a line is typed the terminal passes every key on ([`KeyByKey`]); while a
//! statement runs it has its own settings, so that Ctrl-C interrupts.

mod complete;
mod editor;
mod history;
mod keys;
mod raw;
mod statement;

use hognose_runtime::error::{Raised, SYSTEM_EXIT};
use hognose_runtime::object::{Gc, Module};
use hognose_runtime::port::CompileMode;
use hognose_runtime::print::{Print, PrintKind, Stdout};
use hognose_runtime::{Res, Vm};

use self::complete::Names;
use self::editor::{Editor, Ending, indentation};
use self::keys::{Heard, ctrl};
use self::statement::goes_on;
use crate::terminal::KeyByKey;

const BANNER: &str = concat!(
    "Hognose ",
    env!("CARGO_PKG_VERSION"),
    ", compatible with MicroPython v1.29.0\nType help() for help, Ctrl-D to leave, Ctrl-E to paste.\n"
);

/// What tools that start a `micropython` look for.
const STOCK_BANNER: &str = concat!(
    "MicroPython v1.29.0; Hognose ",
    env!("CARGO_PKG_VERSION"),
    " version\nType \"help()\" for more information.\n"
);

/// What has been typed.
enum Typed {
    Statement(String),
    /// Nothing to run.
    Nothing,
    /// Another kind of prompt is wanted.
    Raw,
    /// The banner is.
    Banner,
    End,
}

/// Reads and runs statements until the input ends; `Err` is `SystemExit`.
pub fn run(vm: &Vm, main: Gc<Module>) -> Res<()> {
    let mut editor = Editor::new(vm);
    let saved = history::load(vm, &mut editor.history);
    let done = prompt(vm, &mut editor, main);
    if let Some(file) = saved {
        file.save(&editor.history);
    }
    done
}

fn prompt(vm: &Vm, editor: &mut Editor<'_>, main: Gc<Module>) -> Res<()> {
    let banner = if vm.beyond_stock() { BANNER } else { STOCK_BANNER };
    vm.port().stdout(banner.as_bytes());
    let names = Names { vm, main };
    loop {
        // Nobody could unlock it from here.
        while vm.heap_locks() > 0 {
            vm.heap_unlock();
        }
        let keys = KeyByKey::new();
        let typed = typed(vm, editor, &names);
        drop(keys);
        match typed {
            Ok(Typed::Statement(text)) => {
                if let Err(r) = statement(vm, &text, main) {
                    show(vm, r)?;
                }
            }
            Ok(Typed::Nothing) => {}
            Ok(Typed::Banner) => vm.port().stdout(banner.as_bytes()),
            Ok(Typed::Raw) => match raw::run(vm, &mut editor.input, main)? {
                raw::Left::ForPeople => vm.port().stdout(banner.as_bytes()),
                raw::Left::ForGood => return Ok(()),
            },
            Ok(Typed::End) => return Ok(()),
            Err(r) => show(vm, r)?,
        }
    }
}

/// Reads the lines of a statement.
fn typed(vm: &Vm, editor: &mut Editor<'_>, names: &Names<'_>) -> Res<Typed> {
    let mut text = String::new();
    let mut indents = true;
    loop {
        let first = text.is_empty();
        let prompt = prompt_text(vm, !first)?;
        let indent = if indents { indentation(&text) } else { 0 };
        let (line, ending) = editor.line(&prompt, first, indent, &mut indents, names);
        match (ending, first) {
            (Ending::Enter, _) => text.push_str(&line),
            (Ending::Ctrl(b'C'), _) => return Ok(Typed::Nothing),
            (Ending::Ctrl(b'A'), true) => return Ok(Typed::Raw),
            (Ending::Ctrl(b'B'), true) => return Ok(Typed::Banner),
            (Ending::Ctrl(b'E'), true) => return Ok(paste(vm, editor)),
            (Ending::Ctrl(b'D') | Ending::Closed, true) => return Ok(Typed::End),
            // The statement ends, whether whole or not.
            (Ending::Ctrl(b'D') | Ending::Closed, false) => return Ok(Typed::Statement(text)),
            (Ending::Ctrl(_), _) => continue,
        }
        if text.is_empty() {
            return Ok(Typed::Nothing);
        }
        if !goes_on(&text) {
            return Ok(Typed::Statement(text));
        }
        text.push('\n');
    }
}

/// Reads lines as they are until Ctrl-D ends them.
fn paste(vm: &Vm, editor: &mut Editor<'_>) -> Typed {
    const PROMPT: &[u8] = b"\n=== ";
    vm.port().stdout(b"paste mode; Ctrl-C to cancel, Ctrl-D to finish");
    vm.port().stdout(PROMPT);
    let mut text = Vec::new();
    loop {
        let byte = match editor.input.text_byte() {
            Heard::Byte(byte) if byte == ctrl(b'C') => {
                vm.port().stdout(b"\n");
                return Typed::Nothing;
            }
            Heard::Byte(byte) if byte != ctrl(b'D') => byte,
            _ => {
                vm.port().stdout(b"\n");
                return Typed::Statement(String::from_utf8_lossy(&text).into_owned());
            }
        };
        text.push(byte);
        vm.port().stdout(if byte == b'\n' { PROMPT } else { std::slice::from_ref(&byte) });
    }
}

/// The text of `sys.ps1` or `sys.ps2`.
fn prompt_text(vm: &Vm, goes_on: bool) -> Res<String> {
    struct Text(Vec<u8>);
    impl Print for Text {
        fn write(&mut self, text: &[u8]) -> Res<()> {
            self.0.extend_from_slice(text);
            Ok(())
        }
    }
    let mut text = Text(Vec::new());
    match vm.print_to(&mut text, vm.prompt(goes_on), PrintKind::Str) {
        Ok(()) => Ok(String::from_utf8_lossy(&text.0).into_owned()),
        // A prompt that cannot be shown cannot be changed either: it is left out.
        Err(r) => {
            show(vm, r)?;
            Ok(String::new())
        }
    }
}

fn statement(vm: &Vm, text: &str, main: Gc<Module>) -> Res<()> {
    let code = vm.compile(text.as_bytes(), b"<stdin>", CompileMode::Single)?;
    vm.run_mpy(code, main.globals, main.globals).map(|_| ())
}

fn show(vm: &Vm, r: Raised) -> Res<()> {
    if vm.raised_is(&r, &SYSTEM_EXIT) {
        return Err(r);
    }
    let e = vm.take_exception(r);
    vm.print_traceback(&mut Stdout(vm), e)
}
