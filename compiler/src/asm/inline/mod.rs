//! The inline assemblers: bodies of `@micropython.asm_thumb` and `asm_rv32`.
//!
//! An instruction's Python operands are flattened to a stream of tokens and
//! compared with the templates of the rows of that name; every row that they
//! fit is a candidate, and the first one is taken. When a label turns out to be
//! out of its reach, the next candidate takes over and the layout is done
//! again, which ends because candidates are only ever passed over forwards.
//!
//! All errors of a body are reported, each at the operand that is to blame.

mod layout;
mod operands;
mod rv32;
mod thumb;

use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{Annotation, AsmArg, AsmArgKind, AsmBody, AsmInstruction, Emit, Module, Scope};

use super::{Cpu, Family, riscv};
use layout::Layout;

/// The most that `align` takes.
const MAX_ALIGN: i128 = 4096;
/// The largest function, so that no displacement overflows.
const MAX_CODE: usize = 1 << 20;
/// Parameters that arrive in registers.
const MAX_PARAMS: usize = 4;

/// A finished assembler function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembled {
    /// The machine code.
    pub code: Vec<u8>,
    /// How many parameters it takes.
    pub params: u8,
    /// What it returns.
    pub returns: ReturnType,
}

/// How the word that an assembler function returns is made a Python value; the
/// numbers are those of the file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ReturnType {
    Object = 0,
    Bool = 1,
    Int = 2,
    Uint = 3,
}

/// Assembles the body of `scope`, which is an assembler function.
///
/// # Errors
/// Everything that is wrong with it.
pub fn assemble(module: &Module, scope: &Scope, cpu: Cpu) -> Result<Assembled, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let family = match scope.emit {
        Emit::AsmThumb => Family::Thumb,
        Emit::AsmRv32 if cpu.features & riscv::RV64 == 0 => Family::RiscV,
        _ => return Err(vec![wrong_cpu(scope.span)]),
    };
    if family != cpu.family {
        return Err(vec![wrong_cpu(scope.span)]);
    }
    params(module, scope, family, &mut errors);
    let Some(body) = &scope.asm else {
        return Err(vec![wrong_cpu(scope.span)]);
    };
    let returns = returns(module, body, &mut errors);
    let mut unit = Unit { module, cpu, layout: Layout::new(cpu), errors };
    match family {
        Family::Thumb => unit.enter_thumb(),
        Family::RiscV => {}
    }
    for instruction in &body.instructions {
        unit.instruction(instruction);
    }
    match family {
        Family::Thumb => unit.leave_thumb(),
        Family::RiscV => unit.leave_rv32(),
    }
    let Unit { layout, mut errors, .. } = unit;
    let code = layout.finish(&mut errors);
    if errors.is_empty() {
        Ok(Assembled { code, params: scope.params.len() as u8, returns })
    } else {
        errors.sort_by_key(|e| e.span.start);
        Err(errors)
    }
}

fn wrong_cpu(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::Architecture,
        span,
        "the assembler of this decorator is not that of the target",
    )
}

fn params(module: &Module, scope: &Scope, family: Family, errors: &mut Vec<Diagnostic>) {
    let (letter, first) = match family {
        Family::Thumb => ('r', 0),
        Family::RiscV => ('a', 10),
    };
    if let Some(param) = scope.params.get(MAX_PARAMS) {
        errors.push(Diagnostic::new(
            Code::Asm,
            param.span,
            "an assembler function takes at most 4 parameters",
        ));
    }
    for (index, param) in scope.params.iter().take(MAX_PARAMS).enumerate() {
        let name = module.display(scope.var(param.var).name);
        let register = super::text::register(family, &name);
        if register != Some(first + index as i64) {
            errors.push(
                Diagnostic::new(
                    Code::Asm,
                    param.span,
                    format!("parameters must be registers in sequence {letter}0 to {letter}3"),
                )
                .label(format!("must be {letter}{index}")),
            );
        }
    }
}

fn returns(module: &Module, body: &AsmBody, errors: &mut Vec<Diagnostic>) -> ReturnType {
    let (name, span) = match body.returns {
        None => return ReturnType::Int,
        Some(Annotation::Name(name, span)) => (module.display(name), span),
        Some(Annotation::Other(span)) => ("".into(), span),
    };
    match &*name {
        "object" => ReturnType::Object,
        "bool" => ReturnType::Bool,
        "int" => ReturnType::Int,
        "uint" => ReturnType::Uint,
        _ => {
            errors.push(
                Diagnostic::new(Code::Asm, span, "unknown return type of an assembler function")
                    .hint("the types are object, bool, int and uint"),
            );
            ReturnType::Int
        }
    }
}

/// A body on its way.
struct Unit<'a> {
    module: &'a Module,
    cpu: Cpu,
    layout: Layout,
    errors: Vec<Diagnostic>,
}

impl Unit<'_> {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(Diagnostic::new(Code::AsmInstruction, span, message));
    }

    fn instruction(&mut self, instruction: &AsmInstruction) {
        if self.layout.bytes() > MAX_CODE {
            if self.errors.last().is_none_or(|e| e.code != Code::Limit) {
                self.errors.push(Diagnostic::new(
                    Code::Limit,
                    instruction.span,
                    "the assembler function is too large",
                ));
            }
            return;
        }
        let name = self.module.display(instruction.name);
        match &*name {
            "label" => self.label(instruction),
            "align" => self.align(instruction),
            "data" => self.data(instruction),
            name => {
                let special = match self.cpu.family {
                    Family::Thumb => self.special_thumb(name, instruction),
                    Family::RiscV => self.special_rv32(name, instruction),
                };
                if !special {
                    self.ordinary(name, &instruction.args, instruction.span);
                }
            }
        }
    }

    fn label(&mut self, instruction: &AsmInstruction) {
        let [AsmArg { kind: AsmArgKind::Name(name), span }] = &instruction.args[..] else {
            return self.error(instruction.span, "'label' takes one name");
        };
        if let Err(first) = self.layout.define(*name, *span) {
            self.errors.push(
                Diagnostic::new(Code::Asm, *span, "label redefined")
                    .related(first, "first defined here"),
            );
        }
    }

    fn align(&mut self, instruction: &AsmInstruction) {
        match instruction.args[..] {
            [AsmArg { kind: AsmArgKind::Int(n), .. }]
                if (1..=MAX_ALIGN).contains(&n) && n & (n - 1) == 0 =>
            {
                self.layout.align(n as usize);
            }
            _ => self.error(instruction.span, "'align' takes one power of two, at most 4096"),
        }
    }

    fn data(&mut self, instruction: &AsmInstruction) {
        let size = match instruction.args.first().map(|a| &a.kind) {
            Some(AsmArgKind::Int(n)) if (1..=16).contains(n) && instruction.args.len() > 1 => {
                *n as usize
            }
            _ => {
                let text = "'data' takes a size in bytes, from 1 to 16, and then values";
                return self.error(instruction.span, text);
            }
        };
        let mut bytes = Vec::new();
        for arg in &instruction.args[1..] {
            match arg.kind {
                AsmArgKind::Int(value) => bytes.extend(&value.to_le_bytes()[..size]),
                _ => self.error(arg.span, "'data' takes integers"),
            }
        }
        self.layout.data(bytes);
    }
}
