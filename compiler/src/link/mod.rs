//! Functions to a module: tables, indices, the raw-code tree, the file.
//!
//! Every function is compiled first and tells what it names. Then the tables are laid out — what is
//! used most comes first, because the first 128 indices take one byte — and every function is put
//! into its final form against them. Machine code takes the same way: see [`native`].

use std::collections::HashMap;

use mpy_format::{Body, Header, RawCode};

use crate::Options;
use crate::bytecode::{self, Function, Konsts, Names};
use crate::diag::{self, Diagnostic};
use crate::hir::{Emit, Module, ScopeId, ScopeKind};
use crate::native::{self, Machine};

pub use crate::bytecode::{Tables, Uses};

/// A compiled function of either kind.
enum Unit<'m> {
    Bytecode(Box<Function>),
    Machine(Box<native::Unit<'m>>),
}

impl Unit<'_> {
    fn children(&self) -> &[ScopeId] {
        match self {
            Self::Bytecode(function) => &function.children,
            Self::Machine(function) => function.children(),
        }
    }
}

/// Compiles a module. Gives warnings with it.
///
/// # Errors
/// Everything that is wrong with its functions, in the order of the source.
pub fn compile(
    module: &mut Module,
    options: &Options,
) -> Result<(mpy_format::Module, Vec<Diagnostic>), Vec<Diagnostic>> {
    let machine = Machine::new(module, options);
    let names = Names::intern(&mut module.symbols);
    let source = module.symbols.intern(options.source_name.as_bytes());
    native::settle(module, options, &names, machine.as_ref());
    let module = &*module;
    let mut konsts = Konsts::default();
    let mut counts = bytecode::Counts::new(module.symbols.len());
    let mut units = HashMap::new();
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let mut has_machine_code = false;
    let one = |error| vec![error];
    let mut todo = vec![ScopeId::new(0)];
    while let Some(id) = todo.pop() {
        let mut bytecode = || bytecode::compile(module, id, options, &names, &mut konsts);
        let plain = match form(module, id, machine.as_ref()) {
            Form::Bytecode => Some(bytecode().map_err(one)),
            Form::Missing => {
                warnings.extend(missing(module, id, options));
                Some(bytecode().map_err(one))
            }
            Form::Machine => None,
        };
        let unit = match plain {
            Some(function) => function.map(|function| {
                counts.function(&module[id], &function, &names);
                Unit::Bytecode(Box::new(function))
            }),
            None => {
                has_machine_code = true;
                match &machine {
                    Some(machine) => machine
                        .compile(module, id, &mut Uses::new(&mut counts, &mut konsts, &names))
                        .map(|unit| Unit::Machine(Box::new(unit))),
                    None => Err(vec![Diagnostic::new(
                        diag::Code::Architecture,
                        module[id].span,
                        "invalid arch: the function asks for machine code",
                    )]),
                }
            }
        };
        match unit {
            Ok(unit) => {
                todo.extend(unit.children());
                units.insert(id, unit);
            }
            Err(all) => errors.extend(all),
        }
    }
    if !errors.is_empty() {
        errors.sort_by_key(|error| error.span);
        return Err(errors);
    }
    let tables = Tables::new(module, source, names, counts, &konsts, options);
    if let Some(name) = tables.too_long(module) {
        let message = format!("the name is too long: {}", module.display(name));
        return Err(vec![Diagnostic::new(
            diag::Code::Limit,
            module[ScopeId::new(0)].span,
            message,
        )]);
    }
    let root = raw_code(module, ScopeId::new(0), &mut units, &tables, options)
        .map_err(|error| vec![error])?;
    let header = match &machine {
        Some(machine) if has_machine_code => machine.header(options.small_int_bits),
        _ => Header::bytecode(options.small_int_bits),
    };
    Ok((tables.into_module(module, konsts, header, root), warnings))
}

/// What a scope is compiled to.
enum Form {
    Bytecode,
    Machine,
    /// Bytecode for want of a code generator.
    Missing,
}

fn form(module: &Module, id: ScopeId, machine: Option<&Machine>) -> Form {
    match (module[id].emit, machine) {
        (Emit::Bytecode, _) => Form::Bytecode,
        (Emit::Native, Some(machine)) if !machine.has_generator() => Form::Missing,
        _ => Form::Machine,
    }
}

/// The warning that a scope stays bytecode; one for all where all ask for machine code.
fn missing(module: &Module, id: ScopeId, options: &Options) -> Option<Diagnostic> {
    let scope = &module[id];
    let asked = if options.emit == Emit::Bytecode {
        scope.kind == ScopeKind::Function
    } else {
        id == ScopeId::new(0)
    };
    let message = format!("no machine code for {}: compiled to bytecode", options.arch.name());
    asked.then(|| Diagnostic::new(diag::Code::NoMachineCode, scope.span, message))
}

/// The bytes of a module's file.
pub fn write(module: &mpy_format::Module) -> Vec<u8> {
    let bytes = mpy_format::write(module);
    if cfg!(debug_assertions) {
        let mut scratch = vec![0; 1 << 20];
        if let Err(error) = mpy_format::verify::verify(&bytes, &mut scratch) {
            panic!("what was written does not verify: {error:?}");
        }
    }
    bytes
}

/// A function and all inside it, in final form. Functions nest no deeper than the source does.
fn raw_code(
    module: &Module,
    id: ScopeId,
    units: &mut HashMap<ScopeId, Unit<'_>>,
    tables: &Tables,
    options: &Options,
) -> Result<RawCode, Diagnostic> {
    let missing = || Diagnostic::new(diag::Code::Limit, module[id].span, "the function was lost");
    let unit = units.remove(&id).ok_or_else(missing)?;
    let children = unit.children().to_vec();
    let body = match unit {
        Unit::Bytecode(function) => Body::Bytecode(bytecode::assemble(
            &module[id],
            &function.code,
            tables,
            &children,
            options.keeps_lines(),
        )?),
        Unit::Machine(function) => function.finish(tables)?,
    };
    let children = children
        .into_iter()
        .map(|child| raw_code(module, child, units, tables, options))
        .collect::<Result<_, _>>()?;
    Ok(RawCode { body, children })
}
