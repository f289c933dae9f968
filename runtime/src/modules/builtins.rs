//! The names that are known everywhere.

#[cfg(feature = "core")]
use super::help;
use super::{functions, program};
use crate::object::streams::StreamPrint;
use crate::object::*;
use crate::ops::UnaryOp;
use crate::print::{Print, PrintKind, Stdout};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::{Res, Vm, error, level};

module! {
    pub static BUILTINS: "builtins", attr: override_attr, fixed {
        // Types
        #[cfg(feature = "core")]
        "bytearray" => obj!(BYTEARRAY),
        "bytes" => obj!(BYTES),
        "classmethod" => obj!(CLASS_METHOD),
        "dict" => obj!(DICT),
        #[cfg(feature = "core")]
        "enumerate" => obj!(ENUMERATE),
        #[cfg(feature = "core")]
        "filter" => obj!(FILTER),
        #[cfg(feature = "core")]
        "frozenset" => obj!(FROZENSET),
        "int" => obj!(INT),
        "bool" => obj!(BOOL),
        "list" => obj!(LIST),
        "map" => obj!(MAP),
        #[cfg(feature = "core")]
        "memoryview" => obj!(MEMORYVIEW),
        #[cfg(any(feature = "f32", feature = "f64"))]
        "complex" => obj!(COMPLEX),
        #[cfg(any(feature = "f32", feature = "f64"))]
        "float" => obj!(FLOAT),
        "object" => obj!(OBJECT),
        #[cfg(feature = "core")]
        "property" => obj!(PROPERTY),
        "super" => obj!(SUPER),
        "range" => obj!(RANGE),
        #[cfg(feature = "core")]
        "reversed" => obj!(REVERSED),
        #[cfg(feature = "core")]
        "set" => obj!(SET),
        #[cfg(feature = "core")]
        "slice" => obj!(SLICE),
        "staticmethod" => obj!(STATIC_METHOD),
        "str" => obj!(STR),
        "tuple" => obj!(TUPLE),
        "type" => obj!(TYPE),
        #[cfg(feature = "core")]
        "zip" => obj!(ZIP),
        // Constants
        "Ellipsis" => Value::ELLIPSIS,
        #[cfg(feature = "core")]
        "NotImplemented" => Value::NOT_IMPLEMENTED,
        // Functions
        #[cfg(feature = "cpython")]
        "__template__" => fv!(1, usize::MAX, template::make),
        #[cfg(feature = "core")]
        "__repl_print__" => f1!(functions::repl_print),
        "abs" => f1!(functions::abs),
        "all" => f1!(functions::all),
        "any" => f1!(functions::any),
        #[cfg(feature = "core")]
        "bin" => f1!(functions::bin),
        "callable" => f1!(functions::callable),
        "chr" => f1!(functions::chr),
        #[cfg(feature = "core")]
        "delattr" => f2!(functions::delattr),
        "divmod" => f2!(functions::divmod),
        "format" => fv!(1, 2, functions::format),
        "getattr" => fv!(2, 3, functions::getattr),
        "hasattr" => f2!(functions::hasattr),
        "hash" => f1!(functions::hash),
        #[cfg(feature = "core")]
        "help" => fv!(0, 1, help::help),
        "hex" => f1!(functions::hex),
        "id" => f1!(functions::id),
        #[cfg(feature = "core")]
        "input" => fv!(0, 1, functions::input),
        "iter" => f1!(functions::iter),
        #[cfg(feature = "core")]
        "max" => fk!(1, usize::MAX, functions::max),
        #[cfg(feature = "core")]
        "min" => fk!(1, usize::MAX, functions::min),
        "next" => fv!(1, 2, functions::next),
        "oct" => f1!(functions::oct),
        #[cfg(feature = "core")]
        "open" => fk!(1, usize::MAX, file::open),
        "ord" => f1!(functions::ord),
        "setattr" => f3!(functions::setattr),
        "sorted" => fk!(1, 1, list::sorted),
        "sum" => fv!(1, 2, functions::sum),
        "__build_class__" => fk!(2, usize::MAX, crate::vm::build_class),
        "__import__" => fk!(1, 5, program::import),
        #[cfg(feature = "core")]
        "compile" => fv!(3, 6, program::compile),
        "dir" => fv!(0, 1, program::dir),
        #[cfg(feature = "core")]
        "eval" => fv!(1, 3, program::eval),
        #[cfg(feature = "core")]
        "exec" => fv!(1, 3, program::exec),
        #[cfg(feature = "core")]
        "execfile" => fv!(1, 3, program::execfile),
        "globals" => f0!(program::globals),
        "isinstance" => f2!(program::isinstance),
        "issubclass" => f2!(program::issubclass),
        #[cfg(feature = "core")]
        "locals" => f0!(program::locals),
        "print" => fk!(0, usize::MAX, print),
        "pow" => fv!(2, 3, super::numeric::pow),
        "repr" => f1!(repr),
        "round" => fv!(1, 2, super::numeric::round),
        "len" => f1!(len),
        // Exceptions
        "ArithmeticError" => obj!(error::ARITHMETIC_ERROR),
        "AssertionError" => obj!(error::ASSERTION_ERROR),
        "AttributeError" => obj!(error::ATTRIBUTE_ERROR),
        "BaseException" => obj!(error::BASE_EXCEPTION),
        #[cfg(feature = "core")]
        "EOFError" => obj!(error::EOF_ERROR),
        "Exception" => obj!(error::EXCEPTION),
        "GeneratorExit" => obj!(error::GENERATOR_EXIT),
        "ImportError" => obj!(error::IMPORT_ERROR),
        #[cfg(feature = "core")]
        "IndentationError" => obj!(error::INDENTATION_ERROR),
        "IndexError" => obj!(error::INDEX_ERROR),
        "KeyError" => obj!(error::KEY_ERROR),
        "KeyboardInterrupt" => obj!(error::KEYBOARD_INTERRUPT),
        "LookupError" => obj!(error::LOOKUP_ERROR),
        "MemoryError" => obj!(error::MEMORY_ERROR),
        "NameError" => obj!(error::NAME_ERROR),
        "NotImplementedError" => obj!(error::NOT_IMPLEMENTED_ERROR),
        "OSError" => obj!(error::OS_ERROR),
        "OverflowError" => obj!(error::OVERFLOW_ERROR),
        "RuntimeError" => obj!(error::RUNTIME_ERROR),
        #[cfg(feature = "core")]
        "StopAsyncIteration" => obj!(error::STOP_ASYNC_ITERATION),
        "StopIteration" => obj!(error::STOP_ITERATION),
        #[cfg(feature = "core")]
        "SyntaxError" => obj!(error::SYNTAX_ERROR),
        "SystemExit" => obj!(error::SYSTEM_EXIT),
        "TypeError" => obj!(error::TYPE_ERROR),
        #[cfg(feature = "core")]
        "UnicodeError" => obj!(error::UNICODE_ERROR),
        "ValueError" => obj!(error::VALUE_ERROR),
        #[cfg(feature = "core")]
        "ViperTypeError" => obj!(error::VIPER_TYPE_ERROR),
        "ZeroDivisionError" => obj!(error::ZERO_DIVISION_ERROR),
    }
}

/// What `print` writes to unless told otherwise.
const STDOUT: Value = if level::STREAMS { obj!(file::SYS_STDOUT) } else { Value::NONE };

/// Names stored into the module hide those of the table.
fn override_attr(vm: &Vm, name: Qstr, access: Access) -> Res<Option<Value>> {
    let v = match (access, vm.builtin_overrides.get()) {
        (Access::Store(v), _) => v,
        (_, None) => return Ok(None),
        (Access::Load, Some(d)) => return Ok(d.map.get_name(vm, name)),
        (Access::Delete, Some(d)) => return d.map.remove(vm, Value::qstr(name)),
    };
    let names = match vm.builtin_overrides.get() {
        Some(d) => d,
        None => vm.new_dict(1)?,
    };
    vm.builtin_overrides.set(Some(names));
    names.map.insert_name(vm, name, v)?;
    Ok(Some(v))
}

fn print(vm: &Vm, args: &Args<'_>) -> Res {
    let mut out = [Value::qstr(crate::q!(" ")), Value::qstr(crate::q!("\n")), STDOUT];
    let params = [
        Param::keyword(crate::q!("sep"), Value::qstr(crate::q!(" "))),
        Param::keyword(crate::q!("end"), Value::qstr(crate::q!("\n"))),
        Param::keyword(crate::q!("file"), STDOUT),
    ];
    Args { pos: &[], kw: args.kw }.parse(vm, &params, &mut out)?;
    let [sep, end, file] = out;
    if !level::STREAMS {
        return print_to(vm, &mut Stdout(vm), args.pos, sep, end);
    }
    vm.stream(file)?;
    print_to(vm, &mut StreamPrint { vm, stream: file }, args.pos, sep, end)
}

fn print_to(vm: &Vm, to: &mut dyn Print, values: &[Value], sep: Value, end: Value) -> Res {
    let (sep, end) = (vm.get_str(sep)?, vm.get_str(end)?);
    for (i, &v) in values.iter().enumerate() {
        if i > 0 {
            to.write(sep)?;
        }
        vm.print_to(to, v, PrintKind::Str)?;
    }
    to.write(end)?;
    Ok(Value::NONE)
}

fn repr(vm: &Vm, v: Value) -> Res {
    vm.repr(v)
}

fn len(vm: &Vm, v: Value) -> Res {
    vm.unary(UnaryOp::Len, v)
}
