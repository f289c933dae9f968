//! What can be wrong with a file, and where.

use core::fmt;

/// A fault in a `.mpy` file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Error {
    /// Byte offset in the file, or in the function body where that is all there is.
    pub at: u32,
    /// What is wrong there.
    pub kind: ErrorKind,
}

impl Error {
    /// A fault at a byte offset.
    pub const fn new(at: usize, kind: ErrorKind) -> Error {
        Error { at: at as u32, kind }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal,)*) => {
        /// What is wrong.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum ErrorKind { $($(#[$doc])* $name,)* }

        impl ErrorKind {
            /// The fault in a few words, for a message.
            pub const fn text(self) -> &'static str {
                match self { $(ErrorKind::$name => $text,)* }
            }
        }
    };
}

kinds! {
    /// The data ends before what was announced.
    Truncated "the file ends too early",
    /// The file goes on after the module.
    TrailingBytes "bytes after the end of the module",
    /// Over 2 GiB, more than offsets are made for.
    TooLong "the file is too long",
    /// Neither of the known first bytes.
    BadMagic "not a .mpy file",
    /// A version other than 6.
    BadVersion "unsupported .mpy version",
    /// An architecture number that no compiler emits.
    BadArch "unknown architecture",
    /// Machine code in a file that names no architecture.
    NativeWithoutArch "native code in a file without architecture",
    /// A number that does not fit its range.
    NumberTooBig "number out of range",
    /// A static qstr number without an entry.
    BadStaticQstr "no such static string",
    /// A string without its final zero byte.
    MissingNul "string is not terminated",
    /// A string that is not UTF-8.
    BadUtf8 "string is not valid UTF-8",
    /// An unknown kind of constant.
    BadConst "unknown kind of constant",
    /// A numeric constant whose text is no number.
    BadNumber "constant is not a number",
    /// Tuples or functions nested more deeply than any compiler does.
    TooDeep "nested too deeply",
    /// A prelude that contradicts itself or its function.
    BadPrelude "inconsistent function prelude",
    /// A line table that ends inside an entry.
    BadLineTable "broken line table",
    /// A relocation outside of its section or table.
    BadReloc "relocation out of range",
    /// A function type signature out of range.
    BadSignature "bad type signature",
    /// A reserved opcode byte.
    BadOpcode "unknown instruction",
    /// An operand outside of its table.
    BadOperand "operand out of range",
    /// A jump to no instruction of the function.
    BadJump "jump into nowhere",
    /// Code runs past the end of the function.
    FallsOff "code runs past its end",
    /// Fewer entries on the value stack than an instruction takes.
    StackUnderflow "value stack underflow",
    /// More entries than the prelude reserves.
    StackOverflow "value stack overflow",
    /// Two ways to an instruction disagree about the stack.
    StackMismatch "value stack differs between paths",
    /// More nested blocks than the prelude reserves.
    BlockOverflow "too many nested exception blocks",
    /// An instruction that needs another block around it.
    BadBlock "exception block mismatch",
    /// A stack entry of the wrong kind, as an iterator where a value is wanted.
    BadStackShape "stack entries of the wrong kind",
    /// An instruction that only a generator may use.
    NotGenerator "yield outside of a generator",
    /// More work than the scratch memory allows.
    ScratchFull "function too large for the verifier's memory",
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind.text(), self.at)
    }
}

impl core::error::Error for Error {}
