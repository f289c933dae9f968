//! One line of an instruction table, and everything that follows from it.
//!
//! The problem: an instruction's syntax, its encoding and the limits of its
//! operands are needed by the encoder, the disassembler, the inline assembler
//! and the code generator. Written four times they drift apart.
//!
//! The answer: a [`Row`] is made at compile time from four strings that read
//! like the manual. `"adds" "d, n, i" "0001110iiinnnddd"` is the whole truth
//! about one encoding: letters in the pattern are the bits of the operand of
//! that letter, most significant first. A malformed row does not compile.
//!
//! # The template
//! Letters name operands: `d n m t a s` general registers, `D N M` single
//! precision registers, `i k` unsigned and `j` signed immediates, `l` a label,
//! `u` a label further on, `r` a register list, `h` a shift name, `q` a special
//! register. Marks after the letter:
//!
//! | mark | meaning |
//! | --- | --- |
//! | `<9:2>`, `<11\|4\|9:8>` | which bits of the value the pattern's letters carry, left to right; the lowest also gives the alignment |
//! | `'` | the compressed RISC-V register window: x8..x15 |
//! | `#` | must not be zero |
//! | `:name` | a [`Via`] by which value and field differ |
//!
//! Everything else (punctuation and words of two letters or more) is literal.
//! Where Python's syntax and the manual's differ, `python | manual` gives both.
//! An `@` in the mnemonic stands for a condition, which is then the first
//! operand. In a pattern `c` is that condition.
//!
//! # Invariants
//! * Operands are numbered in the order of the Python template.
//! * `decode(encode(x)) == x` for every accepted `x` of the first row that
//!   matches; rows further down that encode the same word are aliases for the
//!   assembler only.

use std::fmt;

/// The longest operand list of any instruction.
pub const MAX_OPERANDS: usize = 5;
/// The most bits that one operand spreads over a word (with repetition).
const MAX_BITS: usize = 26;

/// The nature of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Register,
    Single,
    Unsigned,
    Signed,
    /// Displacement in bytes from the instruction's PC base.
    Label,
    /// Bit mask of registers.
    List,
    Condition,
    /// `lsl lsr asr ror` as 0..=3.
    Shift,
    Special,
}

/// How an operand's value becomes its field, where that is not the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Same,
    /// RISC-V register 8..=15 as 0..=7.
    Window,
    /// RISC-V `s0..s7` as 0..=7.
    Saved,
    /// RISC-V Zcmp list `{ra, s0-sN}` as its code 4..=15.
    PushList,
    /// Thumb-2 modified immediate.
    Modified,
    /// 1..=32 with 32 as 0.
    Upto32,
    /// Value less one.
    LessOne,
    /// Width as the index of the last bit, given the operand before it.
    LastBit,
    /// Sign bit (set: positive) above the magnitude.
    SignMagnitude,
    /// Negative value by its magnitude.
    Negative,
    /// The high bits of a Thumb-2 branch are mixed with its sign.
    BranchMix,
    /// Label base is the PC rounded down to a word.
    WordPc,
    /// Both at once.
    WordPcSign,
    /// Signed or unsigned reading of the same bits.
    Either,
    /// RISC-V `c.lui`: signed, or the upper 20 bits of a negative word.
    Upper,
}

/// Where an operand's bits lie.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub letter: u8,
    pub kind: Kind,
    pub via: Via,
    pub nonzero: bool,
    /// Pairs of value bit and word bit.
    map: [(u8, u8); MAX_BITS],
    bits: u8,
    /// Highest value bit that is carried.
    pub high: u8,
    /// Lowest value bit that is carried.
    low: u8,
}

/// One instruction form.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Names in the inline assembler, separated by blanks.
    pub names: &'static str,
    /// The manual's mnemonic.
    pub mnemonic: &'static str,
    template: &'static str,
    /// Bit set of the features of which the CPU must have all.
    pub needs: u16,
    pub bytes: u8,
    bits: u32,
    mask: u32,
    fields: [Field; MAX_OPERANDS],
    count: u8,
}

/// Why an operand cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    Count { expected: usize, found: usize },
    Operand { index: usize, why: Unfit },
}

/// What is wrong with one operand's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    Range { low: i64, high: i64 },
    Alignment(u32),
    Zero,
    LowRegister,
    WindowRegister,
    SavedRegister,
    List,
    Modified,
    Backward,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Range { low, high } => write!(f, "must be from {low} to {high}"),
            Unfit::Alignment(a) => write!(f, "must be a multiple of {a}"),
            Unfit::Zero => write!(f, "must not be zero"),
            Unfit::LowRegister => write!(f, "must be one of r0 to r7"),
            Unfit::WindowRegister => write!(f, "must be one of s0, s1, a0 to a5"),
            Unfit::SavedRegister => write!(f, "must be one of s0 to s7"),
            Unfit::List => write!(f, "has a register that this form cannot hold"),
            Unfit::Modified => {
                write!(f, "must be a byte, rotated or repeated in the word")
            }
            Unfit::Backward => write!(f, "must come after the instruction"),
        }
    }
}

/// An encoded instruction: 16-bit forms in the low half; 32-bit Thumb forms
/// with the first halfword on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub bits: u32,
    pub bytes: u8,
}

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Field(usize),
    Literal(&'a str),
}

const NO_FIELD: Field = Field {
    letter: 0,
    kind: Kind::Unsigned,
    via: Via::Same,
    nonzero: false,
    map: [(0, 0); MAX_BITS],
    bits: 0,
    high: 0,
    low: 0,
};

const fn is_alpha(b: u8) -> bool {
    b.is_ascii_alphabetic()
}

const fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

const fn is_mark(b: u8) -> bool {
    matches!(b, b'\'' | b'#' | b':' | b'<')
}

/// End of the token that starts at `at`, and whether it is an operand.
const fn token_end(text: &[u8], at: usize) -> (usize, bool) {
    let mut end = at + 1;
    if !is_word(text[at]) {
        return (end, false);
    }
    while end < text.len() && is_word(text[end]) {
        end += 1;
    }
    if end > at + 1 || !is_alpha(text[at]) {
        return (end, false);
    }
    while end < text.len() && is_mark(text[end]) {
        let mark = text[end];
        end += 1;
        if mark == b'<' {
            while text[end - 1] != b'>' {
                end += 1;
            }
        } else if mark == b':' {
            while end < text.len() && is_word(text[end]) {
                end += 1;
            }
        }
    }
    (end, true)
}

const fn same(text: &[u8], at: usize, end: usize, name: &str) -> bool {
    let name = name.as_bytes();
    if end - at != name.len() {
        return false;
    }
    let mut i = 0;
    while i < name.len() {
        if text[at + i] != name[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn via_named(text: &[u8], at: usize, end: usize) -> Via {
    const NAMES: [(&str, Via); 13] = [
        ("saved", Via::Saved),
        ("push", Via::PushList),
        ("mod", Via::Modified),
        ("s32", Via::Upto32),
        ("m1", Via::LessOne),
        ("last", Via::LastBit),
        ("smag", Via::SignMagnitude),
        ("neg", Via::Negative),
        ("mix", Via::BranchMix),
        ("pc4", Via::WordPc),
        ("pc4s", Via::WordPcSign),
        ("any", Via::Either),
        ("upper", Via::Upper),
    ];
    let mut i = 0;
    while i < NAMES.len() {
        if same(text, at, end, NAMES[i].0) {
            return NAMES[i].1;
        }
        i += 1;
    }
    panic!("unknown operand mark")
}

const fn kind_of(letter: u8) -> Kind {
    match letter {
        b'd' | b'n' | b'm' | b't' | b'a' | b's' => Kind::Register,
        b'D' | b'N' | b'M' => Kind::Single,
        b'i' | b'k' => Kind::Unsigned,
        b'j' => Kind::Signed,
        b'l' | b'u' => Kind::Label,
        b'r' => Kind::List,
        b'c' => Kind::Condition,
        b'h' => Kind::Shift,
        b'q' => Kind::Special,
        _ => panic!("unknown operand letter"),
    }
}

const fn number(text: &[u8], mut at: usize) -> (u8, usize) {
    let mut n = 0;
    while text[at].is_ascii_digit() {
        n = n * 10 + (text[at] - b'0');
        at += 1;
    }
    (n, at)
}

/// Word bits of `letter`, most significant first, and how many.
const fn letter_bits(pattern: &[u8], letter: u8) -> ([u8; MAX_BITS], usize) {
    let mut positions = [0; MAX_BITS];
    let mut count = 0;
    let mut width = 0;
    let mut i = 0;
    while i < pattern.len() {
        if pattern[i] != b' ' {
            width += 1;
        }
        i += 1;
    }
    let mut bit = width;
    i = 0;
    while i < pattern.len() {
        if pattern[i] != b' ' {
            bit -= 1;
            if pattern[i] == letter {
                positions[count] = bit;
                count += 1;
            }
        }
        i += 1;
    }
    (positions, count)
}

/// The field of the operand token `text[at..end]`.
const fn field_of(text: &[u8], at: usize, end: usize, pattern: &[u8]) -> Field {
    let mut field = NO_FIELD;
    field.letter = text[at];
    field.kind = kind_of(text[at]);
    let (positions, count) = letter_bits(pattern, text[at]);
    assert!(count > 0, "operand without bits in the pattern");
    let mut value_bits = [0u8; MAX_BITS];
    let mut listed = 0;
    let mut i = at + 1;
    while i < end {
        match text[i] {
            b'\'' => {
                field.via = Via::Window;
                i += 1;
            }
            b'#' => {
                field.nonzero = true;
                i += 1;
            }
            b':' => {
                let start = i + 1;
                i = start;
                while i < end && is_word(text[i]) {
                    i += 1;
                }
                field.via = via_named(text, start, i);
            }
            _ => {
                i += 1;
                while text[i - 1] != b'>' {
                    let (high, after) = number(text, i);
                    let (low, after) =
                        if text[after] == b':' { number(text, after + 1) } else { (high, after) };
                    let mut bit = high + 1;
                    while bit > low {
                        bit -= 1;
                        value_bits[listed] = bit;
                        listed += 1;
                    }
                    i = after + 1;
                }
            }
        }
    }
    if listed == 0 {
        while listed < count {
            value_bits[listed] = (count - 1 - listed) as u8;
            listed += 1;
        }
    }
    assert!(listed == count, "bit list and pattern differ in length");
    field.low = 31;
    let mut i = 0;
    while i < count {
        field.map[i] = (value_bits[i], positions[i]);
        if value_bits[i] > field.high {
            field.high = value_bits[i];
        }
        if value_bits[i] < field.low {
            field.low = value_bits[i];
        }
        i += 1;
    }
    field.bits = count as u8;
    field
}

const fn contains(text: &[u8], b: u8) -> bool {
    let mut i = 0;
    while i < text.len() {
        if text[i] == b {
            return true;
        }
        i += 1;
    }
    false
}

impl Row {
    /// Builds a row; fails to compile on a malformed one.
    pub const fn new(
        names: &'static str,
        mnemonic: &'static str,
        template: &'static str,
        pattern: &'static str,
        needs: u16,
    ) -> Row {
        let p = pattern.as_bytes();
        let mut bits = 0;
        let mut mask = 0;
        let mut width = 0;
        let mut i = 0;
        while i < p.len() {
            if p[i] != b' ' {
                bits <<= 1;
                mask <<= 1;
                width += 1;
                if p[i] == b'0' || p[i] == b'1' {
                    mask |= 1;
                    bits |= (p[i] - b'0') as u32;
                }
            }
            i += 1;
        }
        assert!(width == 16 || width == 32, "pattern must be 16 or 32 bits");
        let t = template.as_bytes();
        let mut fields = [NO_FIELD; MAX_OPERANDS];
        let mut count = 0;
        if contains(mnemonic.as_bytes(), b'@') {
            fields[0] = field_of(b"c", 0, 1, p);
            count = 1;
        }
        let mut at = 0;
        while at < t.len() && t[at] != b'|' {
            let (end, operand) = token_end(t, at);
            if operand {
                fields[count] = field_of(t, at, end, p);
                count += 1;
            }
            at = end;
        }
        Row {
            names,
            mnemonic,
            template,
            needs,
            bytes: width / 8,
            bits,
            mask,
            fields,
            count: count as u8,
        }
    }

    /// The operands, in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields[..usize::from(self.count)]
    }

    /// Template of the Python syntax.
    pub fn python(&self) -> impl Iterator<Item = Token<'static>> + use<'_> {
        // A bit list also holds bars, so split at the one with blanks.
        self.tokens(self.template.split(" | ").next().unwrap_or(""))
            .filter(|t| *t != Token::Literal(" "))
    }

    /// Template of the manual's syntax.
    pub fn manual(&self) -> impl Iterator<Item = Token<'static>> + use<'_> {
        self.tokens(self.template.rsplit(" | ").next().unwrap_or(""))
    }

    fn tokens(&self, text: &'static str) -> impl Iterator<Item = Token<'static>> + use<'_> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let bytes = text.as_bytes();
            if at >= bytes.len() {
                return None;
            }
            let (end, operand) = token_end(bytes, at);
            let start = std::mem::replace(&mut at, end);
            Some(if operand {
                let letter = bytes[start];
                let index = self.fields().iter().position(|f| f.letter == letter);
                Token::Field(index.unwrap_or(0))
            } else {
                Token::Literal(&text[start..end])
            })
        })
    }

    /// Whether `name` calls this row, and with which condition.
    pub fn named(&self, name: &str) -> Option<Option<u8>> {
        self.names.split(' ').find_map(|n| match n.split_once('@') {
            None => (n == name).then_some(None),
            Some((before, after)) => {
                let middle = name.strip_prefix(before)?.strip_suffix(after)?;
                condition(middle).map(Some)
            }
        })
    }

    /// Encodes the operands.
    ///
    /// # Errors
    /// The first operand that does not fit, and why.
    pub fn encode(&self, operands: &[i64]) -> Result<Word, EncodeError> {
        let fields = self.fields();
        if fields.len() != operands.len() {
            return Err(EncodeError::Count { expected: fields.len(), found: operands.len() });
        }
        let mut bits = self.bits;
        for (index, field) in fields.iter().enumerate() {
            let before = if index > 0 { operands[index - 1] } else { 0 };
            let raw = field
                .raw(operands[index], before)
                .map_err(|why| EncodeError::Operand { index, why })?;
            for &(value, word) in &field.map[..usize::from(field.bits)] {
                bits |= (raw >> value & 1) << word;
            }
        }
        Ok(Word { bits, bytes: self.bytes })
    }

    /// The operands of `word`, if it is an encoding of this row.
    pub fn decode(&self, word: Word) -> Option<Vec<i64>> {
        if word.bytes != self.bytes || word.bits & self.mask != self.bits {
            return None;
        }
        let mut operands: Vec<i64> = Vec::with_capacity(MAX_OPERANDS);
        for field in self.fields() {
            let mut raw = 0;
            for &(value, bit) in &field.map[..usize::from(field.bits)] {
                raw |= (word.bits >> bit & 1) << value;
            }
            operands.push(field.value(raw, operands.last().copied().unwrap_or(0))?);
        }
        // Repeated fields that disagree, and values outside the form's range.
        (self.encode(&operands) == Ok(word)).then_some(operands)
    }
}

impl Field {
    fn range(&self, value: i64) -> Result<u32, Unfit> {
        let top = 1i64 << (self.high + 1);
        let step = 1i64 << self.low;
        let (low, high) = match (self.kind, self.via) {
            (_, Via::Either) => (-(top / 2), top - step),
            (Kind::Signed, _) => (-(top / 2), top / 2 - step),
            (Kind::Label, _) if self.letter == b'l' => (-(top / 2), top / 2 - step),
            _ => (0, top - step),
        };
        if self.letter == b'u' && value < 0 {
            return Err(Unfit::Backward);
        }
        if value < low || value > high {
            return Err(Unfit::Range { low, high });
        }
        if value & (step - 1) != 0 {
            return Err(Unfit::Alignment(step as u32));
        }
        Ok(value as u32 & (top - 1) as u32)
    }

    /// The field's bits for `value`; `before` is the operand to the left.
    fn raw(&self, value: i64, before: i64) -> Result<u32, Unfit> {
        if self.nonzero && value == 0 {
            return Err(Unfit::Zero);
        }
        match self.via {
            Via::Window => match value {
                8..=15 => Ok(value as u32 - 8),
                _ => Err(Unfit::WindowRegister),
            },
            Via::Saved => match value {
                8 | 9 => Ok(value as u32 - 8),
                18..=23 => Ok(value as u32 - 16),
                _ => Err(Unfit::SavedRegister),
            },
            Via::PushList => push_list_code(value).ok_or(Unfit::List),
            Via::Modified => modified_immediate(value as u32).ok_or(Unfit::Modified),
            Via::Upto32 => match value {
                1..=32 => Ok(value as u32 & 31),
                _ => Err(Unfit::Range { low: 1, high: 32 }),
            },
            Via::LessOne => {
                let high = 1i64 << (self.high + 1);
                match value {
                    v if (1..=high).contains(&v) => Ok(v as u32 - 1),
                    _ => Err(Unfit::Range { low: 1, high }),
                }
            }
            Via::LastBit => match value {
                v if v >= 1 && before + v <= 32 => Ok((before + v - 1) as u32),
                _ => Err(Unfit::Range { low: 1, high: 32 - before }),
            },
            Via::SignMagnitude | Via::WordPcSign => {
                let top = 1i64 << self.high;
                let step = 1i64 << self.low;
                if value.abs() >= top {
                    return Err(Unfit::Range { low: step - top, high: top - step });
                }
                if value & (step - 1) != 0 {
                    return Err(Unfit::Alignment(step as u32));
                }
                let sign = if value >= 0 { top as u32 } else { 0 };
                Ok(value.unsigned_abs() as u32 | sign)
            }
            Via::Negative => {
                let low = -((1i64 << (self.high + 1)) - (1 << self.low));
                if !(low..=0).contains(&value) {
                    return Err(Unfit::Range { low, high: 0 });
                }
                if value & ((1 << self.low) - 1) != 0 {
                    return Err(Unfit::Alignment(1 << self.low));
                }
                Ok(value.unsigned_abs() as u32)
            }
            Via::BranchMix => Ok(branch_mix(self.range(value)?)),
            Via::Upper if value >= 0xf_ffe0 => self.range(value - 0x10_0000),
            Via::Upper => self.range(value),
            Via::Same | Via::WordPc | Via::Either => match self.kind {
                Kind::List => {
                    let mut allowed = 0;
                    for &(bit, _) in &self.map[..usize::from(self.bits)] {
                        allowed |= 1i64 << bit;
                    }
                    match value {
                        v if v != 0 && v & !allowed == 0 => Ok(v as u32),
                        _ => Err(Unfit::List),
                    }
                }
                Kind::Condition if value > 13 => Err(Unfit::Range { low: 0, high: 13 }),
                Kind::Register if self.high == 2 && value > 7 => Err(Unfit::LowRegister),
                _ => self.range(value),
            },
        }
    }

    fn value(&self, raw: u32, before: i64) -> Option<i64> {
        let signed = |raw: u32| {
            let shift = 31 - self.high;
            i64::from((raw << shift) as i32 >> shift)
        };
        let raw64 = i64::from(raw);
        Some(match self.via {
            Via::Window => raw64 + 8,
            Via::Saved => raw64 + if raw < 2 { 8 } else { 16 },
            Via::PushList => push_list_of(raw)?,
            Via::Modified => i64::from(expand_modified(raw)),
            Via::Upto32 => {
                if raw == 0 {
                    32
                } else {
                    raw64
                }
            }
            Via::LessOne => raw64 + 1,
            Via::LastBit => raw64 - before + 1,
            Via::SignMagnitude | Via::WordPcSign => {
                let top = 1u32 << self.high;
                let magnitude = i64::from(raw & (top - 1));
                if raw & top != 0 { magnitude } else { -magnitude }
            }
            Via::Negative => -raw64,
            Via::BranchMix => signed(branch_mix(raw)),
            Via::Upper => signed(raw),
            Via::Same | Via::WordPc | Via::Either => match self.kind {
                Kind::Signed => signed(raw),
                Kind::Label if self.letter == b'l' => signed(raw),
                _ => raw64,
            },
        })
    }

    /// Whether the label is measured from the PC rounded down to a word.
    pub fn is_word_pc(&self) -> bool {
        matches!(self.via, Via::WordPc | Via::WordPcSign)
    }
}

/// Bits 23 and 22 of a 25-bit branch displacement are stored inverted where the
/// sign is clear; the mapping is its own inverse.
fn branch_mix(v: u32) -> u32 {
    let sign = v >> 24 & 1;
    if sign == 0 { v ^ 0x00c0_0000 } else { v }
}

/// Thumb-2 modified immediate of `value` as `i:imm3:imm8`, if it has one.
pub fn modified_immediate(value: u32) -> Option<u32> {
    let byte = value & 0xff;
    if value == byte {
        return Some(byte);
    }
    if value == byte | byte << 16 {
        return Some(0x100 | byte);
    }
    if value == byte * 0x0101_0101 {
        return Some(0x300 | byte);
    }
    let upper = value >> 8 & 0xff;
    if value == upper << 8 | upper << 24 {
        return Some(0x200 | upper);
    }
    // A byte with its top bit set, rotated right by 8..=31.
    (8..32).find_map(|rotation| {
        let byte = value.rotate_left(rotation);
        (0x80..0x100).contains(&byte).then_some(rotation << 7 | byte & 0x7f)
    })
}

/// The value of a Thumb-2 modified immediate.
pub fn expand_modified(field: u32) -> u32 {
    let byte = field & 0xff;
    match field >> 8 & 0xf {
        0 => byte,
        1 => byte | byte << 16,
        2 => byte << 8 | byte << 24,
        3 => byte * 0x0101_0101,
        _ => (0x80 | field & 0x7f).rotate_right(field >> 7 & 0x1f),
    }
}

/// Registers of Zcmp lists in the order in which the codes add them.
const PUSH_ORDER: [u8; 13] = [1, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27];

fn push_list_of(code: u32) -> Option<i64> {
    let count = match code {
        4..=14 => code as usize - 3,
        15 => 13,
        _ => return None,
    };
    Some(PUSH_ORDER[..count].iter().fold(0, |m, &r| m | 1 << r))
}

fn push_list_code(mask: i64) -> Option<u32> {
    (4..=15).find(|&code| push_list_of(code) == Some(mask))
}

/// Names of the Arm conditions, by their number.
pub const CONDITIONS: [&str; 14] =
    ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"];

/// The number of a condition's name; `hs` and `lo` are `cs` and `cc`.
pub fn condition(name: &str) -> Option<u8> {
    let name = match name {
        "hs" => "cs",
        "lo" => "cc",
        _ => name,
    };
    CONDITIONS.iter().position(|c| *c == name).map(|i| i as u8)
}

/// Names of the Arm shifts, by their number.
pub const SHIFTS: [&str; 4] = ["lsl", "lsr", "asr", "ror"];
