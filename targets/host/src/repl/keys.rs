//! From the bytes that a terminal sends to the keys that they stand for.

use hognose_runtime::Vm;

/// The `n`th letter's byte, typed with Ctrl.
pub const fn ctrl(letter: u8) -> u8 {
    letter & 0x1f
}

/// What may come from standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Byte(u8),
    /// There is no more.
    End,
}

/// A key, or several that stand for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Char(char),
    Enter,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    KillToEnd,
    KillToStart,
    KillWordLeft,
    KillWordRight,
    /// Ctrl with a letter of `A` to `E`, whose meaning depends on the line.
    Ctrl(u8),
    /// One that has no meaning.
    Other,
    /// The input has ended.
    Closed,
}

/// Standard input, byte by byte.
pub struct Input<'v> {
    vm: &'v Vm,
    /// The last byte was a carriage return: a line feed behind it belongs to it.
    returned: bool,
}

impl<'v> Input<'v> {
    pub fn new(vm: &'v Vm) -> Input<'v> {
        Input { vm, returned: false }
    }

    /// The next byte; SIGINT counts as Ctrl-C.
    pub fn byte(&mut self) -> Heard {
        let mut byte = [0];
        let n = self.vm.port().stdin(&mut byte);
        if let Err(r) = self.vm.poll() {
            self.vm.take_exception(r);
            return Heard::Byte(ctrl(b'C'));
        }
        if n == 0 { Heard::End } else { Heard::Byte(byte[0]) }
    }

    /// The next byte, with each end of line as one `\n`, however it is spelled.
    pub fn text_byte(&mut self) -> Heard {
        loop {
            let heard = self.byte();
            let follows = std::mem::replace(&mut self.returned, heard == Heard::Byte(b'\r'));
            match heard {
                Heard::Byte(b'\r') => return Heard::Byte(b'\n'),
                Heard::Byte(b'\n') if follows => {}
                _ => return heard,
            }
        }
    }

    pub fn key(&mut self) -> Key {
        let Heard::Byte(byte) = self.text_byte() else { return Key::Closed };
        const LETTER: u8 = b'@';
        match byte {
            b'\n' => Key::Enter,
            b'\t' => Key::Tab,
            8 | 127 => Key::Backspace,
            27 => self.escape(),
            1..=5 => Key::Ctrl(byte + LETTER),
            0..32 => match byte + LETTER {
                b'F' => Key::Right,
                b'K' => Key::KillToEnd,
                b'N' => Key::Down,
                b'P' => Key::Up,
                b'U' => Key::KillToStart,
                b'W' => Key::KillWordLeft,
                _ => Key::Other,
            },
            32..127 => Key::Char(byte.into()),
            _ => self.wide(byte),
        }
    }

    /// A character of several bytes of UTF-8.
    fn wide(&mut self, first: u8) -> Key {
        let len = match first {
            0xc0..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0..0xf8 => 4,
            _ => return Key::Other,
        };
        let mut bytes = [first, 0, 0, 0];
        for place in bytes.iter_mut().take(len).skip(1) {
            match self.text_byte() {
                Heard::Byte(byte) => *place = byte,
                Heard::End => return Key::Closed,
            }
        }
        let text = bytes.get(..len).and_then(|b| std::str::from_utf8(b).ok());
        text.and_then(|t| t.chars().next()).map_or(Key::Other, Key::Char)
    }

    /// What follows an escape: a letter typed with Alt, or a sequence of the terminal.
    fn escape(&mut self) -> Key {
        match self.text_byte() {
            Heard::Byte(b'b') => Key::WordLeft,
            Heard::Byte(b'f') => Key::WordRight,
            Heard::Byte(b'd') => Key::KillWordRight,
            Heard::Byte(127) => Key::KillWordLeft,
            Heard::Byte(b'[') => self.sequence(),
            Heard::Byte(b'O') => match self.text_byte() {
                Heard::Byte(last) => named(last, ""),
                Heard::End => Key::Closed,
            },
            Heard::Byte(_) => Key::Other,
            Heard::End => Key::Closed,
        }
    }

    /// Parameters and the byte that ends them.
    fn sequence(&mut self) -> Key {
        let mut parameters = String::new();
        loop {
            match self.text_byte() {
                Heard::Byte(b @ 0x20..0x40) => parameters.push(b.into()),
                Heard::Byte(last) => return named(last, &parameters),
                Heard::End => return Key::Closed,
            }
        }
    }
}

/// Keys that terminals send sequences for.
fn named(last: u8, parameters: &str) -> Key {
    let with_ctrl = parameters == "1;5";
    match (last, parameters) {
        (b'A', _) => Key::Up,
        (b'B', _) => Key::Down,
        (b'C', _) if with_ctrl => Key::WordRight,
        (b'D', _) if with_ctrl => Key::WordLeft,
        (b'C', _) => Key::Right,
        (b'D', _) => Key::Left,
        (b'H', _) | (b'~', "1" | "7") => Key::Home,
        (b'F', _) | (b'~', "4" | "8") => Key::End,
        (b'~', "3") => Key::Delete,
        _ => Key::Other,
    }
}
