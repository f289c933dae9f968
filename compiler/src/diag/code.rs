//! TABLE of every diagnostic: its stable code, severity and meaning.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The file compiles; it may fail on a device.
    Warning,
    /// The file does not compile.
    Error,
}

impl Severity {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What the table says about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The stable code, such as `E0100`. Never given a second meaning.
    pub id: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// What it means, in one sentence.
    pub summary: &'static str,
}

macro_rules! codes {
    ($($name:ident $id:literal $severity:ident $summary:literal;)*) => {
        /// Names of the diagnostics.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $summary] $name,)*
        }

        /// All of them, in the order of [`Code`].
        pub const CODES: &[CodeInfo] = &[
            $(CodeInfo { id: $id, severity: Severity::$severity, summary: $summary },)*
        ];
    };
}

impl Code {
    /// What the table says about it.
    pub fn info(self) -> &'static CodeInfo {
        &CODES[self as usize]
    }

    /// The stable code.
    pub fn id(self) -> &'static str {
        self.info().id
    }
}

codes! {
    // E00xx: the file as such.
    InvalidUtf8 "E0001" Error "The source is not UTF-8 outside comments.";
    TooLarge "E0002" Error "The source is larger than the compiler accepts.";
    TooDeep "E0003" Error "Brackets, blocks or operators are nested too deeply.";
    NulByte "E0004" Error "The source holds a zero byte.";

    // E01xx: grammar.
    Syntax "E0100" Error "The text is not Python.";
    Indentation "E0101" Error "The indentation matches no block.";
    InvalidString "E0102" Error "A string literal is malformed.";
    InvalidNumber "E0103" Error "A number literal is malformed.";
    InvalidEscape "E0104" Error "A string holds a malformed escape.";
    InvalidTarget "E0105" Error "The expression cannot be assigned to.";
    InvalidDelete "E0106" Error "The expression cannot be deleted.";
    InvalidArguments "E0107" Error "The arguments of a call are out of order or repeated.";
    InvalidParameters "E0108" Error "The parameters of a function are out of order or repeated.";
    StarNotAllowed "E0109" Error "A starred expression stands where none can be.";
    InvalidPattern "E0110" Error "A pattern of `match` is malformed or unreachable.";

    // E02xx: names and control flow.
    ReturnOutside "E0200" Error "`return` outside a function.";
    YieldOutside "E0201" Error "`yield` or `await` outside a function.";
    LoopOutside "E0202" Error "`break` or `continue` outside a loop.";
    NameDeclaration "E0203" Error "A `global` or `nonlocal` declaration contradicts the scope.";
    ImportStarOutside "E0204" Error "`from … import *` inside a function or class.";
    SuperOutside "E0205" Error "`super()` without arguments where there is no first parameter.";
    ConstReassigned "E0206" Error "The name is a `const()` and cannot be bound again.";
    ConstValue "E0207" Error "The argument of `const()` is not constant.";
    DefaultExcept "E0208" Error "A bare `except:` is not the last clause.";
    AwaitOutside "E0209" Error "`await`, `async for` or `async with` outside an `async` function.";

    // E03xx: what a back end refuses.
    Decorator "E0300" Error "There is no such `micropython` decorator.";
    Architecture "E0301" Error "The function needs machine code and no architecture was chosen for it.";
    Viper "E0302" Error "The viper function uses a type or form that viper does not have.";
    Asm "E0303" Error "The assembler function is malformed.";
    AsmInstruction "E0304" Error "There is no such instruction, or it does not take these operands.";
    Native "E0305" Error "Machine code cannot be made for the function.";
    Limit "E0306" Error "The function or module exceeds a limit of the file format.";
    Overflow "E0307" Error "A number does not fit where it is used.";

    // W01xx: compiles, but may fail on a device.
    DeviceSyntax "W0100" Warning "The form compiles, but behaves on boards unlike CPython.";
    UnknownEscape "W0101" Warning "The escape means nothing; the backslash stays.";
    AlwaysFalse "W0102" Warning "The comparison or test has always the same result.";
    AssertTuple "W0103" Warning "The assertion is on a tuple and always holds.";
    IsLiteral "W0104" Warning "`is` compares identity, not value.";
    RepeatedKeyword "W0105" Warning "A call gives a keyword argument twice, which raises at run time.";
    NoMachineCode "W0106" Warning "The function asks for machine code that there is none of for the architecture.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_tell_the_severity() {
        let mut seen = std::collections::HashSet::new();
        for info in CODES {
            assert!(seen.insert(info.id), "{} twice", info.id);
            let letter = if info.severity == Severity::Error { 'E' } else { 'W' };
            assert!(info.id.starts_with(letter) && info.id.len() == 5, "{}", info.id);
        }
    }
}
