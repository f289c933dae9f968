//! Code objects where there is room for what `compile()` gives only.

use crate::error::Res;
use crate::object::{Dict, Gc, Object};
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// Text that was compiled.
    pub struct Code: CODE { file: &'static [u8], }
}

py_type! { static CODE: "code" { } }

impl Vm {
    pub(crate) fn new_code(&self, file: &'static [u8]) -> Res {
        self.new_obj(Code { header: Code::HEADER, file })
    }

    /// Executes code in a namespace; `eval` code gives its value.
    pub(crate) fn run_code(
        &self,
        code: Gc<Code>,
        globals: Gc<Dict>,
        locals: Gc<Dict>,
    ) -> Res<Value> {
        self.run_mpy(code.file, globals, locals)
    }
}
