//! TABLE of every bytecode instruction.
//!
//! [`for_each_opcode!`](crate::for_each_opcode) hands the whole table to a macro of
//! the caller's, one row an instruction. Encoder, decoder, disassembler, verifier,
//! interpreter and reference page all expand it, so an instruction is described in
//! one place only. A row reads
//!
//! ```text
//! /// what it does
//! CamelName UPPER_NAME 0xbyte * count, Operand, Flow, raises(bool), |n| pops => pushes;
//! ```
//!
//! * `count`: how many consecutive opcode bytes the row covers. In a row with
//!   more than one the operand is the distance from the first byte.
//! * `Operand`: how the operand is encoded and what it indexes, an [`Operand`].
//! * `Flow`: where control goes next, a [`Flow`].
//! * `raises`: whether executing it can raise an exception.
//! * `|n| pops => pushes`: entries taken from and put on the value stack when
//!   control falls through, `n` being the operand. [`Opcode::taken_effect`] has the
//!   instructions whose taken branch differs.
//!
//! An iterator that a `for` loop keeps on the stack takes [`ITER_SLOTS`] entries.

/// Stack entries that the iterator of a `for` loop takes.
pub const ITER_SLOTS: u32 = 4;
/// Value of the first `LOAD_CONST_SMALL_INT_MULTI` byte.
pub const SMALL_INT_MULTI_MIN: i32 = -16;
/// Value of the last `LOAD_CONST_SMALL_INT_MULTI` byte.
pub const SMALL_INT_MULTI_MAX: i32 = 47;
/// Locals that `LOAD_FAST_MULTI` and `STORE_FAST_MULTI` reach.
pub const FAST_MULTI_LOCALS: u32 = 16;

/// Calls the macro `$m` with every row of the instruction table.
#[macro_export]
macro_rules! for_each_opcode {
    ($m:path) => {
        $m! {
            /// Push `False`.
            LoadConstFalse LOAD_CONST_FALSE 0x50 * 1, None, Next, raises(false), |n| 0 => 1;
            /// Push `None`.
            LoadConstNone LOAD_CONST_NONE 0x51 * 1, None, Next, raises(false), |n| 0 => 1;
            /// Push `True`.
            LoadConstTrue LOAD_CONST_TRUE 0x52 * 1, None, Next, raises(false), |n| 0 => 1;
            /// Push the null word: "no self" below the arguments of a method call.
            LoadNull LOAD_NULL 0x53 * 1, None, Next, raises(false), |n| 0 => 1;
            /// Push the function that builds classes.
            LoadBuildClass LOAD_BUILD_CLASS 0x54 * 1, None, Next, raises(true), |n| 0 => 1;
            /// `(object, index)` becomes `object[index]`.
            LoadSubscr LOAD_SUBSCR 0x55 * 1, None, Next, raises(true), |n| 2 => 1;
            /// `(value, object, index)`: `object[index] = value`; a null value deletes.
            StoreSubscr STORE_SUBSCR 0x56 * 1, None, Next, raises(true), |n| 3 => 0;
            /// Duplicate the top entry.
            DupTop DUP_TOP 0x57 * 1, None, Next, raises(false), |n| 1 => 2;
            /// Duplicate the top two entries, order kept.
            DupTopTwo DUP_TOP_TWO 0x58 * 1, None, Next, raises(false), |n| 2 => 4;
            /// Drop the top entry.
            PopTop POP_TOP 0x59 * 1, None, Next, raises(false), |n| 1 => 0;
            /// Exchange the top two entries.
            RotTwo ROT_TWO 0x5a * 1, None, Next, raises(false), |n| 2 => 2;
            /// Move the top entry below the two under it.
            RotThree ROT_THREE 0x5b * 1, None, Next, raises(false), |n| 3 => 3;
            /// Call the `__exit__` kept under the top entry and remove it.
            WithCleanup WITH_CLEANUP 0x5c * 1, None, Next, raises(true), |n| 3 => 1;
            /// End a handler or a `finally`: go on, resume an unwind, or raise again.
            EndFinally END_FINALLY 0x5d * 1, None, Next, raises(true), |n| 1 => 0;
            /// The top entry becomes an iterator over it.
            GetIter GET_ITER 0x5e * 1, None, Next, raises(true), |n| 1 => 1;
            /// The top entry becomes a `for` loop's iterator of four entries.
            GetIterStack GET_ITER_STACK 0x5f * 1, None, Next, raises(true), |n| 1 => $crate::ITER_SLOTS;

            /// Push the string that the qstr names.
            LoadConstString LOAD_CONST_STRING 0x10 * 1, Qstr, Next, raises(false), |n| 0 => 1;
            /// Push the value of a name: locals dictionary, globals, builtins.
            LoadName LOAD_NAME 0x11 * 1, Qstr, Next, raises(true), |n| 0 => 1;
            /// Push the value of a global or builtin name.
            LoadGlobal LOAD_GLOBAL 0x12 * 1, Qstr, Next, raises(true), |n| 0 => 1;
            /// `object` becomes `object.name`.
            LoadAttr LOAD_ATTR 0x13 * 1, Qstr, Next, raises(true), |n| 1 => 1;
            /// `object` becomes `(function, self or null)` for a following call.
            LoadMethod LOAD_METHOD 0x14 * 1, Qstr, Next, raises(true), |n| 1 => 2;
            /// `(super, class, self)` becomes `(function, self or null)`.
            LoadSuperMethod LOAD_SUPER_METHOD 0x15 * 1, Qstr, Next, raises(true), |n| 3 => 2;
            /// Bind a name in the locals dictionary.
            StoreName STORE_NAME 0x16 * 1, Qstr, Next, raises(true), |n| 1 => 0;
            /// Bind a global name.
            StoreGlobal STORE_GLOBAL 0x17 * 1, Qstr, Next, raises(true), |n| 1 => 0;
            /// `(value, object)`: `object.name = value`; a null value deletes.
            StoreAttr STORE_ATTR 0x18 * 1, Qstr, Next, raises(true), |n| 2 => 0;
            /// Unbind a name in the locals dictionary.
            DeleteName DELETE_NAME 0x19 * 1, Qstr, Next, raises(true), |n| 0 => 0;
            /// Unbind a global name.
            DeleteGlobal DELETE_GLOBAL 0x1a * 1, Qstr, Next, raises(true), |n| 0 => 0;
            /// `(level, names)` becomes the imported module.
            ImportName IMPORT_NAME 0x1b * 1, Qstr, Next, raises(true), |n| 2 => 1;
            /// Push `module.name`; the module stays below.
            ImportFrom IMPORT_FROM 0x1c * 1, Qstr, Next, raises(true), |n| 1 => 2;

            /// Push a closure over the cells on the stack.
            MakeClosure MAKE_CLOSURE 0x20 * 1, ChildCells, Next, raises(true), |n| n => 1;
            /// Push a closure; below the cells are the defaults tuple and dictionary.
            MakeClosureDefargs MAKE_CLOSURE_DEFARGS 0x21 * 1, ChildCells, Next, raises(true), |n| n + 2 => 1;
            /// Push a small integer.
            LoadConstSmallInt LOAD_CONST_SMALL_INT 0x22 * 1, SmallInt, Next, raises(false), |n| 0 => 1;
            /// Push an entry of the module's constant table.
            LoadConstObj LOAD_CONST_OBJ 0x23 * 1, Const, Next, raises(false), |n| 0 => 1;
            /// Push a local; `NameError` when it is unbound.
            LoadFastN LOAD_FAST_N 0x24 * 1, Local, Next, raises(true), |n| 0 => 1;
            /// Push what the cell in a local holds; `NameError` when it is empty.
            LoadDeref LOAD_DEREF 0x25 * 1, Cell, Next, raises(true), |n| 0 => 1;
            /// Bind a local.
            StoreFastN STORE_FAST_N 0x26 * 1, Local, Next, raises(false), |n| 1 => 0;
            /// Put the top entry into the cell in a local.
            StoreDeref STORE_DEREF 0x27 * 1, Cell, Next, raises(false), |n| 1 => 0;
            /// Unbind a local; `NameError` when it is unbound.
            DeleteFast DELETE_FAST 0x28 * 1, Local, Next, raises(true), |n| 0 => 0;
            /// Empty the cell in a local; `NameError` when it is empty.
            DeleteDeref DELETE_DEREF 0x29 * 1, Cell, Next, raises(true), |n| 0 => 0;
            /// Gather entries into a tuple.
            BuildTuple BUILD_TUPLE 0x2a * 1, Count, Next, raises(true), |n| n => 1;
            /// Gather entries into a list.
            BuildList BUILD_LIST 0x2b * 1, Count, Next, raises(true), |n| n => 1;
            /// Push an empty dictionary with room for that many items.
            BuildMap BUILD_MAP 0x2c * 1, Hint, Next, raises(true), |n| 0 => 1;
            /// Gather entries into a set.
            BuildSet BUILD_SET 0x2d * 1, Count, Next, raises(true), |n| n => 1;
            /// Gather two or three entries into a slice.
            BuildSlice BUILD_SLICE 0x2e * 1, Slice, Next, raises(true), |n| n => 1;
            /// Add to the list, dictionary or set that lies deeper on the stack.
            StoreComp STORE_COMP 0x2f * 1, Comp, Next, raises(true), |n| (n & 3 == 1) as u32 + 1 => 0;

            /// Replace a sequence by its items, the first on top.
            UnpackSequence UNPACK_SEQUENCE 0x30 * 1, Count, Next, raises(true), |n| 1 => n;
            /// Replace a sequence by `left` items, a list of the middle, `right` items.
            UnpackEx UNPACK_EX 0x31 * 1, UnpackEx, Next, raises(true), |n| 1 => (n & 0xff) + ((n >> 8) & 0xff) + 1;
            /// Push a function.
            MakeFunction MAKE_FUNCTION 0x32 * 1, Child, Next, raises(true), |n| 0 => 1;
            /// `(defaults tuple, defaults dictionary)` becomes a function with them.
            MakeFunctionDefargs MAKE_FUNCTION_DEFARGS 0x33 * 1, Child, Next, raises(true), |n| 2 => 1;
            /// Call `(function, positional…, (name, value)…)`.
            CallFunction CALL_FUNCTION 0x34 * 1, Call, Next, raises(true), |n| (n & 0xff) + ((n >> 7) & 0x1fe) + 1 => 1;
            /// As `CALL_FUNCTION`, and on top a bit set of the starred arguments.
            CallFunctionVarKw CALL_FUNCTION_VAR_KW 0x35 * 1, Call, Next, raises(true), |n| (n & 0xff) + ((n >> 7) & 0x1fe) + 2 => 1;
            /// Call `(function, self or null, positional…, (name, value)…)`.
            CallMethod CALL_METHOD 0x36 * 1, Call, Next, raises(true), |n| (n & 0xff) + ((n >> 7) & 0x1fe) + 2 => 1;
            /// As `CALL_METHOD`, and on top a bit set of the starred arguments.
            CallMethodVarKw CALL_METHOD_VAR_KW 0x37 * 1, Call, Next, raises(true), |n| (n & 0xff) + ((n >> 7) & 0x1fe) + 3 => 1;

            /// Leave `finally` and `with` blocks through their handlers, then jump.
            UnwindJump UNWIND_JUMP 0x40 * 1, Unwind, Jump, raises(true), |n| 0 => 0;
            /// Jump.
            Jump JUMP 0x42 * 1, SignedJump, Jump, raises(false), |n| 0 => 0;
            /// Pop; jump when it is true.
            PopJumpIfTrue POP_JUMP_IF_TRUE 0x43 * 1, SignedJump, Branch, raises(true), |n| 1 => 0;
            /// Pop; jump when it is false.
            PopJumpIfFalse POP_JUMP_IF_FALSE 0x44 * 1, SignedJump, Branch, raises(true), |n| 1 => 0;
            /// Jump when the top entry is true, else pop it.
            JumpIfTrueOrPop JUMP_IF_TRUE_OR_POP 0x45 * 1, Jump, Branch, raises(true), |n| 1 => 0;
            /// Jump when the top entry is false, else pop it.
            JumpIfFalseOrPop JUMP_IF_FALSE_OR_POP 0x46 * 1, Jump, Branch, raises(true), |n| 1 => 0;
            /// Enter a `with`: `manager` becomes `(exit, self, entered value)`.
            SetupWith SETUP_WITH 0x47 * 1, Jump, Setup, raises(true), |n| 1 => 3;
            /// Enter a `try` whose handlers start at the target.
            SetupExcept SETUP_EXCEPT 0x48 * 1, Jump, Setup, raises(false), |n| 0 => 0;
            /// Enter a `try` whose `finally` starts at the target.
            SetupFinally SETUP_FINALLY 0x49 * 1, Jump, Setup, raises(false), |n| 0 => 0;
            /// Leave the innermost block and jump.
            PopExceptJump POP_EXCEPT_JUMP 0x4a * 1, Jump, Jump, raises(false), |n| 0 => 0;
            /// Push the next item, or drop the iterator and jump.
            ForIter FOR_ITER 0x4b * 1, Jump, Branch, raises(true), |n| $crate::ITER_SLOTS => $crate::ITER_SLOTS + 1;

            /// `(dictionary, value, key)`: store; the dictionary stays.
            StoreMap STORE_MAP 0x62 * 1, None, Next, raises(true), |n| 3 => 1;
            /// Return the top entry, through the active `finally` handlers.
            ReturnValue RETURN_VALUE 0x63 * 1, None, Stop, raises(true), |n| 1 => 0;
            /// Raise the exception being handled once more.
            RaiseLast RAISE_LAST 0x64 * 1, None, Stop, raises(true), |n| 0 => 0;
            /// Raise the top entry.
            RaiseObj RAISE_OBJ 0x65 * 1, None, Stop, raises(true), |n| 1 => 0;
            /// `(exception, cause)`: raise the exception.
            RaiseFrom RAISE_FROM 0x66 * 1, None, Stop, raises(true), |n| 2 => 0;
            /// Hand the top entry to the caller; what it sends replaces it.
            YieldValue YIELD_VALUE 0x67 * 1, None, Next, raises(true), |n| 1 => 1;
            /// `(iterator, value to send)`: delegate until it ends, leave its result.
            YieldFrom YIELD_FROM 0x68 * 1, None, Next, raises(true), |n| 2 => 1;
            /// Import every public name of the module on top.
            ImportStar IMPORT_STAR 0x69 * 1, None, Next, raises(true), |n| 1 => 0;

            /// Push a small integer from −16 to 47.
            LoadConstSmallIntMulti LOAD_CONST_SMALL_INT_MULTI 0x70 * 64, SmallIntMulti, Next, raises(false), |n| 0 => 1;
            /// Push one of the first sixteen locals.
            LoadFastMulti LOAD_FAST_MULTI 0xb0 * 16, LocalMulti, Next, raises(true), |n| 0 => 1;
            /// Bind one of the first sixteen locals.
            StoreFastMulti STORE_FAST_MULTI 0xc0 * 16, LocalMulti, Next, raises(false), |n| 1 => 0;
            /// Apply a [`UnaryOp`](crate::UnaryOp).
            UnaryOpMulti UNARY_OP_MULTI 0xd0 * 4, UnaryMulti, Next, raises(true), |n| 1 => 1;
            /// Apply a [`BinaryOp`](crate::BinaryOp) to `(left, right)`.
            BinaryOpMulti BINARY_OP_MULTI 0xd7 * 35, BinaryMulti, Next, raises(true), |n| 2 => 1;
        }
    };
}

/// How an operand is encoded, and what it means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// No operand.
    None,
    /// Varint, index into the module's qstr table.
    Qstr,
    /// Varint, index into the module's constant table.
    Const,
    /// Signed varint, the value.
    SmallInt,
    /// Varint, number of a local.
    Local,
    /// Varint, number of a local that holds a cell.
    Cell,
    /// Varint, number of stack entries.
    Count,
    /// Varint, expected number of items; no effect on the stack.
    Hint,
    /// One byte, 2 or 3.
    Slice,
    /// Varint, `depth << 2 | kind`: 0 list, 1 dictionary, 2 set.
    Comp,
    /// Varint, `left | right << 8`.
    UnpackEx,
    /// Varint, `positional | keywords << 8`.
    Call,
    /// Varint, index into the children of the raw code.
    Child,
    /// Varint index into the children, then one byte: number of cells.
    ChildCells,
    /// Jump offset from the next instruction, forwards or backwards.
    SignedJump,
    /// Jump offset from the next instruction, forwards.
    Jump,
    /// Signed jump offset, then one byte: number of blocks to leave, and
    /// [`UNWIND_POP_ITER`] when a `for` iterator is dropped on arrival. The offset
    /// counts from that byte.
    Unwind,
    /// In the opcode byte: the value plus 16.
    SmallIntMulti,
    /// In the opcode byte: number of a local.
    LocalMulti,
    /// In the opcode byte: a unary operator.
    UnaryMulti,
    /// In the opcode byte: a binary operator.
    BinaryMulti,
}

/// Bit in the last byte of `UNWIND_JUMP`: drop a `for` iterator on arrival.
pub const UNWIND_POP_ITER: u8 = 0x80;

/// Where control goes after an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// To the next instruction.
    Next,
    /// To the next instruction or to the target.
    Branch,
    /// To the target.
    Jump,
    /// To the next instruction; the target becomes an exception handler.
    Setup,
    /// Out of the function, or to a handler.
    Stop,
}

macro_rules! define {
    ($($(#[$doc:meta])* $camel:ident $upper:ident $byte:literal * $count:literal, $operand:ident, $flow:ident, raises($raises:literal), |$n:ident| $pops:expr => $pushes:expr;)*) => {
        /// An instruction. The discriminant is its (first) opcode byte.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum Opcode { $($(#[$doc])* $camel = $byte,)* }

        /// Opcode bytes as plain numbers, for dispatch.
        pub mod op {
            $($(#[$doc])* pub const $upper: u8 = $byte;)*
        }

        /// By opcode byte: far smaller than the jumps of a `match`.
        static OPERANDS: [Operand; 256] = {
            let mut all = [Operand::None; 256];
            $(all[$byte] = Operand::$operand;)*
            all
        };

        impl Opcode {
            /// Every instruction, in the order of the table.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$camel,)*];

            /// The name in capitals that disassemblies show.
            pub const fn name(self) -> &'static str {
                match self { $(Opcode::$camel => stringify!($upper),)* }
            }

            /// Number of opcode bytes that mean this instruction.
            pub const fn count(self) -> u8 {
                match self { $(Opcode::$camel => $count,)* }
            }

            /// How its operand is encoded.
            pub const fn operand(self) -> Operand {
                OPERANDS[self as usize]
            }

            /// Where control goes next.
            pub const fn flow(self) -> Flow {
                match self { $(Opcode::$camel => Flow::$flow,)* }
            }

            /// Whether executing it can raise.
            pub const fn raises(self) -> bool {
                match self { $(Opcode::$camel => $raises,)* }
            }

            /// `(pops, pushes)` when control falls through. `n` is the operand; for
            /// [`Operand::ChildCells`] the number of cells.
            pub const fn stack_effect(self, n: u32) -> (u32, u32) {
                match self {
                    $(Opcode::$camel => {
                        #[allow(unused_variables)]
                        let $n = n;
                        ($pops, $pushes)
                    })*
                }
            }
        }
    };
}

for_each_opcode!(define);

const BY_BYTE: [Option<Opcode>; 256] = {
    let mut table = [None; 256];
    let mut row = 0;
    while row < Opcode::ALL.len() {
        let opcode = Opcode::ALL[row];
        let mut i = 0;
        while i < opcode.count() as usize {
            assert!(table[opcode as usize + i].is_none(), "two rows share an opcode byte");
            table[opcode as usize + i] = Some(opcode);
            i += 1;
        }
        row += 1;
    }
    table
};

impl Opcode {
    /// The instruction that an opcode byte means; `None` for a reserved byte.
    #[inline]
    pub const fn from_byte(byte: u8) -> Option<Opcode> {
        BY_BYTE[byte as usize]
    }

    /// `(pops, pushes)` when the branch is taken.
    pub const fn taken_effect(self, n: u32) -> (u32, u32) {
        match self {
            Opcode::JumpIfTrueOrPop | Opcode::JumpIfFalseOrPop => (1, 1),
            Opcode::ForIter => (ITER_SLOTS, 0),
            _ => self.stack_effect(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_lie_in_the_range_of_their_encoding() {
        // The high half of an opcode byte fixes how long an instruction is, so that
        // tools can step over instructions that they do not know.
        for &opcode in Opcode::ALL {
            let high = opcode as u8 >> 4;
            match opcode.operand() {
                Operand::Qstr => assert_eq!(high, 1, "{opcode:?}"),
                Operand::SignedJump | Operand::Jump | Operand::Unwind => {
                    assert_eq!(high, 4, "{opcode:?}")
                }
                Operand::None
                | Operand::SmallIntMulti
                | Operand::LocalMulti
                | Operand::UnaryMulti
                | Operand::BinaryMulti => assert!(high >= 5, "{opcode:?}"),
                _ => assert!(high == 2 || high == 3, "{opcode:?}"),
            }
        }
    }

    #[test]
    fn effects_follow_operands() {
        assert_eq!(Opcode::CallFunction.stack_effect(0x0203), (8, 1));
        assert_eq!(Opcode::CallMethodVarKw.stack_effect(1), (4, 1));
        assert_eq!(Opcode::UnpackEx.stack_effect(0x0201), (1, 4));
        assert_eq!(Opcode::StoreComp.stack_effect(0b1001), (2, 0));
        assert_eq!(Opcode::StoreComp.stack_effect(0b1010), (1, 0));
        assert_eq!(Opcode::ForIter.taken_effect(0), (4, 0));
    }
}
