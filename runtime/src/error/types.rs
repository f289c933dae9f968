//! TABLE: the exception classes, each with its name and its base.

use crate::object::{EXCEPTION_SLOTS, Type};

macro_rules! exceptions {
    ($($NAME:ident $name:literal $base:expr;)*) => {
        $(
            pub static $NAME: Type = Type {
                base: $base,
                ..Type::new(crate::q!($name), &EXCEPTION_SLOTS)
                    .with_flags(Type::EXCEPTION | Type::EQ_ANY)
            };
        )*
    };
}

exceptions! {
    BASE_EXCEPTION "BaseException" None;
    SYSTEM_EXIT "SystemExit" Some(&BASE_EXCEPTION);
    KEYBOARD_INTERRUPT "KeyboardInterrupt" Some(&BASE_EXCEPTION);
    GENERATOR_EXIT "GeneratorExit" Some(&BASE_EXCEPTION);
    EXCEPTION "Exception" Some(&BASE_EXCEPTION);
    STOP_ITERATION "StopIteration" Some(&EXCEPTION);
    STOP_ASYNC_ITERATION "StopAsyncIteration" Some(&EXCEPTION);
    ARITHMETIC_ERROR "ArithmeticError" Some(&EXCEPTION);
    OVERFLOW_ERROR "OverflowError" Some(&ARITHMETIC_ERROR);
    ZERO_DIVISION_ERROR "ZeroDivisionError" Some(&ARITHMETIC_ERROR);
    ASSERTION_ERROR "AssertionError" Some(&EXCEPTION);
    ATTRIBUTE_ERROR "AttributeError" Some(&EXCEPTION);
    EOF_ERROR "EOFError" Some(&EXCEPTION);
    IMPORT_ERROR "ImportError" Some(&EXCEPTION);
    LOOKUP_ERROR "LookupError" Some(&EXCEPTION);
    INDEX_ERROR "IndexError" Some(&LOOKUP_ERROR);
    KEY_ERROR "KeyError" Some(&LOOKUP_ERROR);
    MEMORY_ERROR "MemoryError" Some(&EXCEPTION);
    NAME_ERROR "NameError" Some(&EXCEPTION);
    OS_ERROR "OSError" Some(&EXCEPTION);
    RUNTIME_ERROR "RuntimeError" Some(&EXCEPTION);
    NOT_IMPLEMENTED_ERROR "NotImplementedError" Some(&RUNTIME_ERROR);
    SYNTAX_ERROR "SyntaxError" Some(&EXCEPTION);
    INDENTATION_ERROR "IndentationError" Some(&SYNTAX_ERROR);
    TYPE_ERROR "TypeError" Some(&EXCEPTION);
    VIPER_TYPE_ERROR "ViperTypeError" Some(&TYPE_ERROR);
    VALUE_ERROR "ValueError" Some(&EXCEPTION);
    UNICODE_ERROR "UnicodeError" Some(&VALUE_ERROR);
}
