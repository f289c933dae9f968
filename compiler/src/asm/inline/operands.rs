//! Matching an instruction's Python operands with the rows of its name.

use crate::asm::Family;
use crate::asm::row::{EncodeError, Field, Kind, Row, SHIFTS, Token, Via};
use crate::asm::text::{SPECIAL, register, single};
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{AsmArg, AsmArgKind, Symbol};

use super::Unit;
use super::layout::{Candidate, Value};

/// A token of the operands.
#[derive(Clone, Copy)]
struct Flat<'a> {
    what: What<'a>,
    span: Span,
}

#[derive(Clone, Copy)]
enum What<'a> {
    Name(Symbol),
    Int(i128),
    Set(&'a [AsmArg]),
    Mark(&'static str),
    Other,
}

fn flatten<'a>(args: &'a [AsmArg], out: &mut Vec<Flat<'a>>) {
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            out.push(Flat { what: What::Mark(","), span: arg.span });
        }
        let mark = |mark| Flat { what: What::Mark(mark), span: arg.span };
        match &arg.kind {
            AsmArgKind::Name(name) => out.push(Flat { what: What::Name(*name), span: arg.span }),
            AsmArgKind::Int(value) => out.push(Flat { what: What::Int(*value), span: arg.span }),
            AsmArgKind::Set(members) => {
                out.push(mark("{"));
                out.push(Flat { what: What::Set(members), span: arg.span });
                out.push(mark("}"));
            }
            AsmArgKind::List(members) => {
                out.push(mark("["));
                flatten(members, out);
                out.push(mark("]"));
            }
            AsmArgKind::Call(head, tail) => {
                flatten(std::slice::from_ref(head), out);
                out.push(mark("("));
                flatten(tail, out);
                out.push(mark(")"));
            }
            AsmArgKind::Range(..) | AsmArgKind::Other => {
                out.push(Flat { what: What::Other, span: arg.span });
            }
        }
    }
}

/// Why a row does not take the operands; the further along, the better.
struct Misfit {
    progress: usize,
    span: Span,
    message: String,
}

impl Unit<'_> {
    /// Encodes an instruction by the table.
    pub(super) fn ordinary(&mut self, name: &str, args: &[AsmArg], span: Span) {
        let mut flat = Vec::new();
        flatten(args, &mut flat);
        let mut candidates = Vec::new();
        let mut misfit: Option<Misfit> = None;
        let mut lacking = None;
        let mut known = false;
        for row in self.cpu.rows() {
            let Some(condition) = row.named(name) else {
                continue;
            };
            if let Some(lack) = self.cpu.lacks(row) {
                // Worth a word only where it would have taken the operands.
                if self.fit(row, condition, &flat, span).is_ok() {
                    lacking = lacking.or(Some(lack));
                }
                continue;
            }
            known = true;
            match self.fit(row, condition, &flat, span) {
                Ok(values) => candidates.push(Candidate { row, values }),
                Err(new) => {
                    if misfit.as_ref().is_none_or(|old| old.progress < new.progress) {
                        misfit = Some(new);
                    }
                }
            }
        }
        if !candidates.is_empty() {
            return self.layout.push(candidates);
        }
        let error = match (lacking, misfit) {
            (Some(lack), _) => Diagnostic::new(
                Code::AsmInstruction,
                span,
                format!("'{name}' with these operands needs {lack}, which the target lacks"),
            ),
            (None, Some(misfit)) => Diagnostic::new(
                Code::AsmInstruction,
                misfit.span,
                format!("'{name}': {}", misfit.message),
            ),
            (None, None) => self.unknown(name, known, span),
        };
        self.errors.push(error);
    }

    fn unknown(&self, name: &str, known: bool, span: Span) -> Diagnostic {
        let elsewhere = self.cpu.rows().iter().find(|row| row.named(name).is_some());
        let cpu = match self.cpu.family {
            Family::Thumb => "Thumb",
            Family::RiscV => "RV32",
        };
        match elsewhere.filter(|_| !known).and_then(|row| self.cpu.lacks(row)) {
            Some(lack) => Diagnostic::new(
                Code::AsmInstruction,
                span,
                format!("'{name}' needs {lack}, which the target lacks"),
            ),
            None => Diagnostic::new(
                Code::AsmInstruction,
                span,
                format!("unsupported {cpu} instruction '{name}'"),
            ),
        }
    }

    /// The operands' values if `row` takes them.
    fn fit(
        &self,
        row: &'static Row,
        condition: Option<u8>,
        flat: &[Flat<'_>],
        span: Span,
    ) -> Result<Vec<Value>, Misfit> {
        let mut values = Vec::new();
        let mut spans = Vec::new();
        if let Some(condition) = condition {
            values.push(Value::Known(i64::from(condition)));
            spans.push(span);
        }
        let mut at = 0;
        for token in row.python() {
            // `r0!` is written without the mark in Python.
            if token == Token::Literal("!") {
                continue;
            }
            let Some(found) = flat.get(at) else {
                return Err(Misfit { progress: at, span, message: "operands are missing".into() });
            };
            let misfit = |message: String| Misfit { progress: at, span: found.span, message };
            match token {
                Token::Literal(text) => {
                    if !self.is_literal(found.what, text) {
                        return Err(misfit(format!("expects '{text}' here")));
                    }
                }
                Token::Field(index) => {
                    let field = &row.fields()[index];
                    values.push(self.value(field, found).map_err(misfit)?);
                    spans.push(found.span);
                }
            }
            at += 1;
        }
        if let Some(extra) = flat.get(at) {
            let message = "takes fewer operands".into();
            return Err(Misfit { progress: at, span: extra.span, message });
        }
        // With labels at a distance that always fits, what is left is final.
        let trial: Vec<i64> = values
            .iter()
            .map(|v| match v {
                Value::Known(known) => *known,
                Value::Label(..) => 0,
            })
            .collect();
        match row.encode(&trial) {
            Err(EncodeError::Operand { index, why }) => Err(Misfit {
                progress: flat.len() + index,
                span: spans[index],
                message: format!("the operand {why}"),
            }),
            _ => Ok(values),
        }
    }

    fn is_literal(&self, found: What<'_>, text: &str) -> bool {
        match found {
            What::Mark(mark) => mark == text,
            What::Name(name) => self.module.text(name) == text.as_bytes(),
            What::Int(value) => value == 0 && text == "0" || value == 1 && text == "1",
            What::Set(_) | What::Other => false,
        }
    }

    fn value(&self, field: &Field, found: &Flat<'_>) -> Result<Value, String> {
        let name = |want: &str| match found.what {
            What::Name(name) => Ok(self.module.display(name)),
            _ => Err(format!("expects {want}")),
        };
        let known = |value: Option<i64>, want: &str| {
            value.map(Value::Known).ok_or_else(|| format!("expects {want}"))
        };
        match field.kind {
            Kind::Register => known(register(self.cpu.family, &name("a register")?), "a register"),
            Kind::Single => known(single(&name("an FPU register")?), "an FPU register"),
            Kind::Special => {
                let name = name("a special register")?;
                let number = SPECIAL.iter().find(|s| s.1 == name).map(|s| i64::from(s.0));
                known(number, "a special register")
            }
            Kind::Shift => {
                let name = name("lsl, lsr, asr or ror")?;
                let number = SHIFTS.iter().position(|s| *s == name).map(|n| n as i64);
                known(number, "lsl, lsr, asr or ror")
            }
            Kind::Label => match found.what {
                What::Name(label) => Ok(Value::Label(label, found.span)),
                _ => Err("expects a label".into()),
            },
            Kind::List => match found.what {
                What::Set(members) => self.list(field, members).map(Value::Known),
                _ => Err("expects registers in braces".into()),
            },
            Kind::Condition => Err("expects a condition".into()),
            Kind::Unsigned | Kind::Signed => match found.what {
                What::Int(value) => Ok(Value::Known(word(field, value)?)),
                _ => Err("expects an integer".into()),
            },
        }
    }

    fn list(&self, field: &Field, members: &[AsmArg]) -> Result<i64, String> {
        let mut mask = 0;
        let number = |name: &Symbol| {
            register(self.cpu.family, &self.module.display(*name))
                .ok_or_else(|| String::from("expects registers in braces"))
        };
        for member in members {
            match &member.kind {
                AsmArgKind::Name(name) => mask |= 1 << number(name)?,
                AsmArgKind::Range(first, last) if field.via == Via::PushList => {
                    let (first, last) = (number(first)?, number(last)?);
                    // s0, s1 and s2 to s11 do not lie side by side.
                    let saved = |r: i64| r == 8 || r == 9 || (18..=27).contains(&r);
                    if first != 8 || !saved(last) {
                        return Err("expects a range from s0".into());
                    }
                    for r in (first..=last).filter(|&r| saved(r)) {
                        mask |= 1 << r;
                    }
                }
                _ => return Err("expects registers in braces".into()),
            }
        }
        Ok(mask)
    }
}

/// An integer operand as the field sees it: 32 bits, either reading.
fn word(field: &Field, value: i128) -> Result<i64, String> {
    let value = match value {
        -0x8000_0000..=0xffff_ffff => value as i64,
        _ => return Err("the integer does not fit into 32 bits".into()),
    };
    let signed = field.kind == Kind::Signed || field.via == Via::Either;
    Ok(match field.via {
        Via::Modified => value & 0xffff_ffff,
        _ if signed && value > 0x7fff_ffff => value - 0x1_0000_0000,
        _ => value,
    })
}
