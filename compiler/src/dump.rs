//! What each stage made of a source, as text.

use crate::bytecode::{self, Konsts, Names};
use crate::diag::Diagnostic;
use crate::hir::{Emit, ScopeId};
use crate::{Options, asm, compile, hir, on_deep_stack, syntax};

/// A stage whose result can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The syntax tree.
    Ast,
    /// Scopes, slots and desugared statements.
    Hir,
    /// Stack code before slots and jumps are laid out.
    Bytecode,
    /// The finished module.
    Mpy,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: &'static [Stage] = &[Stage::Ast, Stage::Hir, Stage::Bytecode, Stage::Mpy];

    /// The name of the stage.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Ast => "ast",
            Stage::Hir => "hir",
            Stage::Bytecode => "bytecode",
            Stage::Mpy => "mpy",
        }
    }
}

/// The result of a stage as text.
///
/// # Errors
/// Everything that is wrong with the program as far as the stage sees it; a syntax tree
/// is given for any text.
pub fn dump(source: &[u8], options: &Options, stage: Stage) -> Result<String, Vec<Diagnostic>> {
    match stage {
        Stage::Ast => {
            let text = syntax::decode(source).map_err(|error| vec![error])?;
            let depth = syntax::bounded_nesting(&text).map_err(|error| vec![error])?;
            Ok(on_deep_stack(depth, || {
                format!("{:#?}\n", syntax::parse(&text, options.input).root)
            }))
        }
        Stage::Hir => crate::front(source, options, |lowered| Ok(hir::dump(&lowered.module))),
        Stage::Bytecode => crate::front(source, options, |mut lowered| {
            let names = Names::intern(&mut lowered.module.symbols);
            let module = &lowered.module;
            let mut konsts = Konsts::default();
            let mut text = String::new();
            let mut todo = vec![ScopeId::new(0)];
            while let Some(scope) = todo.pop() {
                if module[scope].emit != Emit::Bytecode {
                    continue;
                }
                let function = bytecode::compile(module, scope, options, &names, &mut konsts)
                    .map_err(|error| vec![error])?;
                text += &bytecode::dump(module, &function, &konsts);
                todo.extend(function.children.iter().rev());
            }
            Ok(text)
        }),
        Stage::Mpy => {
            let compiled = compile(source, options)?;
            Ok(mpy_format::dis(&compiled.module, &asm::listing))
        }
    }
}
