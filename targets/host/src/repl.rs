//! The interactive prompt.
//!
//! Lines are gathered until they make a whole statement, which is compiled as one of its
//! own and run in `__main__`. An exception is shown and ends nothing but `SystemExit`.

use hognose_runtime::error::{Raised, SYSTEM_EXIT};
use hognose_runtime::object::{Gc, Module};
use hognose_runtime::port::CompileMode;
use hognose_runtime::print::{PrintKind, Stdout};
use hognose_runtime::{Res, Vm};

const BANNER: &str = concat!(
    "Hognose ",
    env!("CARGO_PKG_VERSION"),
    ", compatible with MicroPython v1.29.0\nType help() for help, Ctrl-D to leave.\n"
);

/// What tools that start a `micropython` look for.
const STOCK_BANNER: &str = concat!(
    "MicroPython v1.29.0; Hognose ",
    env!("CARGO_PKG_VERSION"),
    " version\nType \"help()\" for more information.\n"
);

/// Reads and runs statements until the input ends; `Err` is `SystemExit`.
pub fn run(vm: &Vm, main: Gc<Module>) -> Res<()> {
    vm.port().stdout(if vm.beyond_stock() { BANNER } else { STOCK_BANNER }.as_bytes());
    let mut text = String::new();
    loop {
        vm.print_to(&mut Stdout(vm), vm.prompt(!text.is_empty()), PrintKind::Str)?;
        match read_line(vm) {
            Line::Text(line) => text.push_str(&String::from_utf8_lossy(&line)),
            Line::End => {
                vm.port().stdout(b"\n");
                return Ok(());
            }
            Line::Interrupted => {
                vm.port().stdout(b"\n");
                text.clear();
                continue;
            }
        }
        if goes_on(&text) {
            continue;
        }
        if !text.trim().is_empty()
            && let Err(r) = statement(vm, &text, main)
        {
            show(vm, r)?;
        }
        text.clear();
    }
}

/// What comes of waiting for a line.
enum Line {
    /// With its end, unless it is the last.
    Text(Vec<u8>),
    /// There are no more.
    End,
    /// Ctrl-C.
    Interrupted,
}

fn read_line(vm: &Vm) -> Line {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.last() != Some(&b'\n') {
        let n = vm.port().stdin(&mut byte);
        if let Err(r) = vm.poll() {
            vm.take_exception(r);
            return Line::Interrupted;
        }
        if n == 0 {
            break;
        }
        line.extend(byte);
    }
    if line.is_empty() { Line::End } else { Line::Text(line) }
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

/// Whether the statement needs more lines: a bracket or a long string is open, the last
/// line ends with a backslash, or a compound statement waits for its blank line.
fn goes_on(text: &str) -> bool {
    let mut open = 0usize;
    let mut quote: Option<(char, bool)> = None;
    let mut last = ' ';
    let mut block = text.starts_with('@');
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let long = rest.get(..3).is_some_and(|t| t == "\"\"\"" || t == "'''");
        let mut n = c.len_utf8();
        match quote {
            Some((q, triple)) if c == q && (!triple || long) => {
                n = if triple { 3 } else { 1 };
                quote = None;
            }
            Some(_) if c == '\\' => n += rest.chars().nth(1).map_or(0, char::len_utf8),
            Some((_, false)) if c == '\n' => quote = None,
            Some(_) => {}
            None => match c {
                '"' | '\'' => {
                    quote = Some((c, long));
                    n = if long { 3 } else { 1 };
                }
                '#' => n = rest.find('\n').unwrap_or(rest.len()),
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                '\\' if rest.get(n..) == Some("\n") => return true,
                '\n' => block |= last == ':' && open == 0,
                _ => {}
            },
        }
        if !c.is_whitespace() && (c != '#' || quote.is_some()) {
            last = c;
        }
        rest = rest.get(n..).unwrap_or_default();
    }
    let long_string = quote.is_some_and(|(_, triple)| triple);
    long_string || open > 0 || (block && !text.ends_with("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::goes_on;

    #[test]
    fn whole_statements_do_not_go_on() {
        for text in ["1+1\n", "x = ':'\n", "f(1)\n", "# :\n", "d[1:]\n"] {
            assert!(!goes_on(text), "{text:?}");
        }
        assert!(!goes_on("if x:\n  pass\n\n"));
        assert!(!goes_on("f(1,\n2)\n"));
    }

    #[test]
    fn open_ones_do() {
        for text in ["if x:\n", "if x: # why\n", "f(1,\n", "1 + \\\n", "@d\n"] {
            assert!(goes_on(text), "{text:?}");
        }
        assert!(goes_on("for i in x:\n  print(i)\n"));
    }
}
