//! Instructions and data in order, labels, and the choice between short and
//! long forms.

use std::collections::HashMap;

use crate::asm::row::{EncodeError, Row};
use crate::asm::{Cpu, Family, put, riscv};
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::Symbol;

/// An operand's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Known(i64),
    Label(Symbol, Span),
}

/// One way to encode an instruction.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub row: &'static Row,
    pub values: Vec<Value>,
}

#[derive(Debug)]
enum Item {
    /// The candidates left, best first; never empty.
    Instruction(Vec<Candidate>),
    Data(Vec<u8>),
    Align(usize),
    Label(Symbol),
    /// RISC-V `la`: two instructions that add a displacement to the PC.
    Address {
        register: i64,
        label: Symbol,
        span: Span,
    },
}

/// The body so far.
pub struct Layout {
    cpu: Cpu,
    items: Vec<Item>,
    defined: HashMap<Symbol, Span>,
    bytes: usize,
}

impl Layout {
    pub fn new(cpu: Cpu) -> Self {
        Self { cpu, items: Vec::new(), defined: HashMap::new(), bytes: 0 }
    }

    /// An upper bound of the size so far, within alignment.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Puts a label here; gives where it was defined already.
    pub fn define(&mut self, name: Symbol, span: Span) -> Result<(), Span> {
        if let Some(first) = self.defined.get(&name) {
            return Err(*first);
        }
        self.defined.insert(name, span);
        self.items.push(Item::Label(name));
        Ok(())
    }

    pub fn align(&mut self, to: usize) {
        self.bytes += to;
        self.items.push(Item::Align(to));
    }

    pub fn data(&mut self, bytes: Vec<u8>) {
        self.bytes += bytes.len();
        self.items.push(Item::Data(bytes));
    }

    /// Adds an instruction that has at least one candidate.
    pub fn push(&mut self, candidates: Vec<Candidate>) {
        self.bytes += 4;
        self.items.push(Item::Instruction(candidates));
    }

    pub fn address(&mut self, register: i64, label: Symbol, span: Span) {
        self.bytes += 8;
        self.items.push(Item::Address { register, label, span });
    }

    /// Chooses the forms and encodes everything.
    pub fn finish(mut self, errors: &mut Vec<Diagnostic>) -> Vec<u8> {
        loop {
            let places = self.places();
            let mut retry = false;
            let mut code = Vec::new();
            let before = errors.len();
            for item in &mut self.items {
                match item {
                    Item::Data(bytes) => code.extend_from_slice(bytes),
                    Item::Align(to) => code.resize(code.len().next_multiple_of(*to), 0),
                    Item::Label(_) => {}
                    Item::Address { register, label, span } => {
                        let distance = resolve(&places, *label, *span, code.len(), errors);
                        encode_address(*register, distance, &mut code);
                    }
                    Item::Instruction(candidates) => {
                        let used = encode(self.cpu, &places, candidates, &mut code, errors);
                        if used > 0 {
                            candidates.drain(..used);
                            retry = true;
                        }
                    }
                }
            }
            if !retry {
                return code;
            }
            errors.truncate(before);
        }
    }

    fn places(&self) -> HashMap<Symbol, usize> {
        let mut places = HashMap::new();
        let mut at = 0usize;
        for item in &self.items {
            match item {
                Item::Instruction(candidates) => at += usize::from(candidates[0].row.bytes),
                Item::Data(bytes) => at += bytes.len(),
                Item::Align(to) => at = at.next_multiple_of(*to),
                Item::Address { .. } => at += 8,
                Item::Label(name) => {
                    places.insert(*name, at);
                }
            }
        }
        places
    }
}

fn resolve(
    places: &HashMap<Symbol, usize>,
    label: Symbol,
    span: Span,
    base: usize,
    errors: &mut Vec<Diagnostic>,
) -> i64 {
    match places.get(&label) {
        Some(place) => *place as i64 - base as i64,
        None => {
            if errors.iter().all(|e| e.span != span) {
                errors.push(Diagnostic::new(Code::AsmInstruction, span, "label not defined"));
            }
            0
        }
    }
}

/// Encodes the first candidate that fits and tells how many it passed over; if
/// none does, reports why the last one does not and encodes the first as zeros.
fn encode(
    cpu: Cpu,
    places: &HashMap<Symbol, usize>,
    candidates: &[Candidate],
    code: &mut Vec<u8>,
    errors: &mut Vec<Diagnostic>,
) -> usize {
    let at = code.len();
    let mut failure = None;
    for (index, Candidate { row, values }) in candidates.iter().enumerate() {
        let mut blame = Span::default();
        let mut operands = Vec::with_capacity(values.len());
        for (value, field) in values.iter().zip(row.fields()) {
            operands.push(match *value {
                Value::Known(known) => known,
                Value::Label(label, span) => {
                    blame = span;
                    let base = match cpu.family {
                        Family::Thumb if field.is_word_pc() => (at & !3) + 4,
                        Family::Thumb => at + 4,
                        Family::RiscV => at,
                    };
                    let known = errors.len();
                    let distance = resolve(places, label, span, base, errors);
                    if errors.len() > known || !places.contains_key(&label) {
                        code.resize(at + usize::from(row.bytes), 0);
                        return 0;
                    }
                    distance
                }
            });
        }
        match row.encode(&operands) {
            Ok(word) => {
                put(code, cpu.family, word);
                return index;
            }
            Err(EncodeError::Operand { why, .. }) => failure = Some((blame, why)),
            Err(EncodeError::Count { .. }) => {}
        }
    }
    if let Some((span, why)) = failure {
        let mut error = Diagnostic::new(Code::AsmInstruction, span, "branch not in range")
            .label(format!("the distance in bytes {why}"));
        if cpu.family == Family::RiscV {
            error = error.hint("a branch around 'j' or 'jal' reaches further");
        }
        errors.push(error);
    }
    code.resize(at + usize::from(candidates[0].row.bytes), 0);
    0
}

fn encode_address(register: i64, distance: i64, code: &mut Vec<u8>) {
    // The low part is signed, so the high part is rounded.
    let low = (distance & 0xfff) - if distance & 0x800 != 0 { 0x1000 } else { 0 };
    let high = (distance - low) >> 12;
    let words = [
        riscv::Op::AUIPC.row().encode(&[register, high]),
        riscv::Op::ADDI.row().encode(&[register, register, low]),
    ];
    for word in words.into_iter().flatten() {
        put(code, Family::RiscV, word);
    }
}
