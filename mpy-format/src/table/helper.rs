//! TABLE of the functions and data that native code reaches through one pointer.
//!
//! Native code of any kind starts with a pointer to this table: generated code
//! loads entries 0–49 by index, native modules written in C or Rust use all of
//! them. The table is an array of machine words, so an entry's offset is its index
//! times the word size. A row of [`for_each_helper!`](crate::for_each_helper) reads
//!
//! ```text
//! /// what it does
//! index CamelName snake_name, (parameters) -> result, raises(bool), collects(bool);
//! ```
//!
//! Types are [`AbiType`]s. An entry with the result `Data` is the address of an
//! object and not a function. `collects` says that the call can allocate, and so
//! move control to the garbage collector: every live object must then be where the
//! collector looks.

/// Calls the macro `$m` with every row of the helper table.
#[macro_export]
macro_rules! for_each_helper {
    ($m:path) => {
        $m! {
            /// The object `None`.
            0 ConstNone const_none, () -> ObjData, raises(false), collects(false);
            /// The object `False`.
            1 ConstFalse const_false, () -> ObjData, raises(false), collects(false);
            /// The object `True`.
            2 ConstTrue const_true, () -> ObjData, raises(false), collects(false);
            /// Object to machine word, for a viper type.
            3 NativeFromObj native_from_obj, (Obj, Uint) -> Uint, raises(true), collects(true);
            /// Machine word of a viper type to object.
            4 NativeToObj native_to_obj, (Uint, Uint) -> Obj, raises(true), collects(true);
            /// Install a globals dictionary (null: keep) and return the old one.
            5 SwapGlobals swap_globals, (Ptr) -> Ptr, raises(false), collects(false);
            /// Value of a name: locals, globals, builtins.
            6 LoadName load_name, (Qstr) -> Obj, raises(true), collects(true);
            /// Value of a global or builtin name.
            7 LoadGlobal load_global, (Qstr) -> Obj, raises(true), collects(true);
            /// The function that builds classes.
            8 LoadBuildClass load_build_class, () -> Obj, raises(true), collects(true);
            /// `object.name`.
            9 LoadAttr load_attr, (Obj, Qstr) -> Obj, raises(true), collects(true);
            /// Store `(function, self or null)` for `object.name(…)`.
            10 LoadMethod load_method, (Obj, Qstr, Ptr) -> Void, raises(true), collects(true);
            /// The same for `super()`; the operands lie where the result goes.
            11 LoadSuperMethod load_super_method, (Qstr, Ptr) -> Void, raises(true), collects(true);
            /// Bind a name in the locals dictionary.
            12 StoreName store_name, (Qstr, Obj) -> Void, raises(true), collects(true);
            /// Bind a global name.
            13 StoreGlobal store_global, (Qstr, Obj) -> Void, raises(true), collects(true);
            /// `object.name = value`; a null value deletes.
            14 StoreAttr store_attr, (Obj, Qstr, Obj) -> Void, raises(true), collects(true);
            /// `object[index]`: null value deletes, the sentinel loads.
            15 ObjSubscr obj_subscr, (Obj, Obj, Obj) -> Obj, raises(true), collects(true);
            /// Truth of an object.
            16 ObjIsTrue obj_is_true, (Obj) -> Bool, raises(true), collects(true);
            /// Apply a unary operator.
            17 UnaryOp unary_op, (U32, Obj) -> Obj, raises(true), collects(true);
            /// Apply a binary operator.
            18 BinaryOp binary_op, (U32, Obj, Obj) -> Obj, raises(true), collects(true);
            /// New tuple of `n` items.
            19 NewTuple new_tuple, (Uint, Ptr) -> Obj, raises(true), collects(true);
            /// New list of `n` items.
            20 NewList new_list, (Uint, Ptr) -> Obj, raises(true), collects(true);
            /// New dictionary with room for `n` items.
            21 NewDict new_dict, (Uint) -> Obj, raises(true), collects(true);
            /// New set of `n` items.
            22 NewSet new_set, (Uint, Ptr) -> Obj, raises(true), collects(true);
            /// Add to a set.
            23 SetStore set_store, (Obj, Obj) -> Void, raises(true), collects(true);
            /// Append to a list.
            24 ListAppend list_append, (Obj, Obj) -> Obj, raises(true), collects(true);
            /// Store into a dictionary.
            25 DictStore dict_store, (Obj, Obj, Obj) -> Obj, raises(true), collects(true);
            /// New function from a raw code, a module context and default arguments.
            26 MakeFunctionFromProtoFun make_function_from_proto_fun, (Ptr, Ptr, Ptr) -> Obj, raises(true), collects(true);
            /// Call: function, `positional | keywords << 8`, arguments.
            27 CallFunctionNKw call_function_n_kw, (Obj, Uint, Ptr) -> Obj, raises(true), collects(true);
            /// Call a method laid out as `load_method` leaves it.
            28 CallMethodNKw call_method_n_kw, (Uint, Uint, Ptr) -> Obj, raises(true), collects(true);
            /// Call with starred arguments.
            29 CallMethodNKwVar call_method_n_kw_var, (Bool, Uint, Ptr) -> Obj, raises(true), collects(true);
            /// Iterator over an object, in the given buffer when it fits.
            30 Getiter getiter, (Obj, Ptr) -> Obj, raises(true), collects(true);
            /// Next item of the iterator in a buffer; the stop value at the end.
            31 Iternext iternext, (Ptr) -> Obj, raises(true), collects(true);
            /// Enter an exception buffer; returns again with 1 when something is raised.
            32 NlrPush nlr_push, (Ptr) -> U32, raises(false), collects(false);
            /// Leave the innermost exception buffer.
            33 NlrPop nlr_pop, () -> Void, raises(false), collects(false);
            /// Raise an object; null does nothing.
            34 Raise raise, (Obj) -> Void, raises(true), collects(true);
            /// Import: name, names wanted, level.
            35 ImportName import_name, (Qstr, Obj, Obj) -> Obj, raises(true), collects(true);
            /// `module.name` for `from module import name`.
            36 ImportFrom import_from, (Obj, Qstr) -> Obj, raises(true), collects(true);
            /// `from module import *`.
            37 ImportAll import_all, (Obj) -> Void, raises(true), collects(true);
            /// New slice.
            38 NewSlice new_slice, (Obj, Obj, Obj) -> Obj, raises(true), collects(true);
            /// Store the `n` items of a sequence, last first.
            39 UnpackSequence unpack_sequence, (Obj, Uint, Ptr) -> Void, raises(true), collects(true);
            /// The same around a starred target: `left | right << 8`.
            40 UnpackEx unpack_ex, (Obj, Uint, Ptr) -> Void, raises(true), collects(true);
            /// Unbind a name in the locals dictionary.
            41 DeleteName delete_name, (Qstr) -> Void, raises(true), collects(true);
            /// Unbind a global name.
            42 DeleteGlobal delete_global, (Qstr) -> Void, raises(true), collects(true);
            /// New closure of a function over `n` cells.
            43 NewClosure new_closure, (Obj, Uint, Ptr) -> Obj, raises(true), collects(true);
            /// Check the number of arguments against a packed signature.
            44 ArgCheckNumSig arg_check_num_sig, (Uint, Uint, U32) -> Void, raises(true), collects(true);
            /// Fill a native frame from the arguments of a call.
            45 SetupCodeState setup_code_state, (Ptr, Uint, Uint, Ptr) -> Void, raises(true), collects(true);
            /// Floor division of machine words; the divisor is not 0.
            46 SmallIntFloorDivide small_int_floor_divide, (Int, Int) -> Int, raises(false), collects(false);
            /// Python's modulo of machine words; the divisor is not 0.
            47 SmallIntModulo small_int_modulo, (Int, Int) -> Int, raises(false), collects(false);
            /// Delegate to a generator: true while it yields.
            48 YieldFrom yield_from, (Obj, Obj, Ptr) -> Bool, raises(true), collects(true);
            /// C's `setjmp`, on ports whose exception buffers use it; else null.
            49 Setjmp setjmp, (Ptr) -> Int, raises(false), collects(false);
            /// C's `memset`.
            50 Memset memset, (Ptr, CInt, Uint) -> Ptr, raises(false), collects(false);
            /// C's `memmove`.
            51 Memmove memmove, (Ptr, Ptr, Uint) -> Ptr, raises(false), collects(false);
            /// Resize a heap block: pointer, size, may move; size 0 frees.
            52 Realloc realloc, (Ptr, Uint, Bool) -> Ptr, raises(false), collects(true);
            /// Formatted output to a printer.
            53 Printf printf, (Ptr, Ptr, VarArgs) -> CInt, raises(true), collects(true);
            /// The same with a C argument list.
            54 Vprintf vprintf, (Ptr, Ptr, VaList) -> CInt, raises(true), collects(true);
            /// Raise a new exception of a type with a message.
            55 RaiseMsg raise_msg, (Ptr, Ptr) -> Void, raises(true), collects(true);
            /// Type of an object.
            56 ObjGetType obj_get_type, (Obj) -> Ptr, raises(false), collects(false);
            /// New string of bytes in UTF-8.
            57 ObjNewStr obj_new_str, (Ptr, Uint) -> Obj, raises(true), collects(true);
            /// New bytes object.
            58 ObjNewBytes obj_new_bytes, (Ptr, Uint) -> Obj, raises(true), collects(true);
            /// New bytearray over memory that the caller keeps.
            59 ObjNewBytearrayByRef obj_new_bytearray_by_ref, (Uint, Ptr) -> Obj, raises(true), collects(true);
            /// New float from single precision.
            60 ObjNewFloatFromF obj_new_float_from_f, (F32) -> Obj, raises(true), collects(true);
            /// New float from double precision.
            61 ObjNewFloatFromD obj_new_float_from_d, (F64) -> Obj, raises(true), collects(true);
            /// Number to single precision.
            62 ObjGetFloatToF obj_get_float_to_f, (Obj) -> F32, raises(true), collects(true);
            /// Number to double precision.
            63 ObjGetFloatToD obj_get_float_to_d, (Obj) -> F64, raises(true), collects(true);
            /// As `load_method`; stores null when there is no such attribute.
            64 LoadMethodMaybe load_method_maybe, (Obj, Qstr, Ptr) -> Void, raises(true), collects(true);
            /// Buffer of an object: object, where to store it, flags.
            65 GetBuffer get_buffer, (Obj, Ptr, Uint) -> Bool, raises(true), collects(true);
            /// Stream functions of an object that must have those in the flags.
            66 GetStreamRaise get_stream_raise, (Obj, CInt) -> Ptr, raises(true), collects(true);
            /// Match arguments and a keyword map to a table of allowed ones.
            67 ArgParseAll arg_parse_all, (Uint, Ptr, Ptr, Uint, Ptr, Ptr) -> Void, raises(true), collects(true);
            /// The same with keywords as an array.
            68 ArgParseAllKwArray arg_parse_all_kw_array, (Uint, Uint, Ptr, Uint, Ptr, Ptr) -> Void, raises(true), collects(true);
            /// Size and alignment of a `struct` type code.
            69 BinaryGetSize binary_get_size, (Char, Char, Ptr) -> Uint, raises(true), collects(true);
            /// Item of an array with a type code.
            70 BinaryGetValArray binary_get_val_array, (Char, Ptr, Uint) -> Obj, raises(true), collects(true);
            /// Set an item of an array with a type code.
            71 BinarySetValArray binary_set_val_array, (Char, Ptr, Uint, Obj) -> Void, raises(true), collects(true);
            /// The printer of standard output.
            72 PlatPrint plat_print, () -> Data, raises(false), collects(false);
            /// The type `type`.
            73 TypeType type_type, () -> Data, raises(false), collects(false);
            /// The type `str`.
            74 TypeStr type_str, () -> Data, raises(false), collects(false);
            /// The type `list`.
            75 TypeList type_list, () -> Data, raises(false), collects(false);
            /// The type `dict`.
            76 TypeDict type_dict, () -> Data, raises(false), collects(false);
            /// The type of built-in functions without parameters.
            77 TypeFunBuiltin0 type_fun_builtin_0, () -> Data, raises(false), collects(false);
            /// The type of built-in functions with one parameter.
            78 TypeFunBuiltin1 type_fun_builtin_1, () -> Data, raises(false), collects(false);
            /// The type of built-in functions with two parameters.
            79 TypeFunBuiltin2 type_fun_builtin_2, () -> Data, raises(false), collects(false);
            /// The type of built-in functions with three parameters.
            80 TypeFunBuiltin3 type_fun_builtin_3, () -> Data, raises(false), collects(false);
            /// The type of built-in functions with any parameters.
            81 TypeFunBuiltinVar type_fun_builtin_var, () -> Data, raises(false), collects(false);
            /// The type `Exception`.
            82 TypeException type_exception, () -> Data, raises(false), collects(false);
            /// The method `read` of streams.
            83 StreamReadObj stream_read_obj, () -> Data, raises(false), collects(false);
            /// The method `readinto` of streams.
            84 StreamReadintoObj stream_readinto_obj, () -> Data, raises(false), collects(false);
            /// The method `readline` of streams.
            85 StreamUnbufferedReadlineObj stream_unbuffered_readline_obj, () -> Data, raises(false), collects(false);
            /// The method `write` of streams.
            86 StreamWriteObj stream_write_obj, () -> Data, raises(false), collects(false);
        }
    };
}

/// A C type at the native interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbiType {
    /// No value.
    Void,
    /// An object word.
    Obj,
    /// A signed machine word.
    Int,
    /// An unsigned machine word.
    Uint,
    /// An interned string's number, a machine word.
    Qstr,
    /// C's `bool`.
    Bool,
    /// A pointer.
    Ptr,
    /// 32 bits, unsigned.
    U32,
    /// C's `int`.
    CInt,
    /// C's `char`.
    Char,
    /// Single precision.
    F32,
    /// Double precision.
    F64,
    /// Any further arguments.
    VarArgs,
    /// C's `va_list`.
    VaList,
    /// The entry is an object word and not a function.
    ObjData,
    /// The entry is the address of data and not a function.
    Data,
}

/// Entries that generated code uses; the rest is for native modules.
pub const HELPERS_FOR_CODE: u32 = 50;

macro_rules! define {
    ($($(#[$doc:meta])* $index:literal $camel:ident $snake:ident, ($($arg:ident),*) -> $result:ident, raises($raises:literal), collects($collects:literal);)*) => {
        /// An entry of the native table. The discriminant is its index.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum Helper { $($(#[$doc])* $camel = $index,)* }

        impl Helper {
            /// Every entry, in the order of the table.
            pub const ALL: &'static [Helper] = &[$(Helper::$camel,)*];

            /// The entry at an index.
            pub const fn from_index(index: u32) -> Option<Helper> {
                if (index as usize) < Helper::ALL.len() { Some(Helper::ALL[index as usize]) } else { None }
            }

            /// Its name in lower case.
            pub const fn name(self) -> &'static str {
                match self { $(Helper::$camel => stringify!($snake),)* }
            }

            /// Parameter types.
            pub const fn params(self) -> &'static [AbiType] {
                match self { $(Helper::$camel => &[$(AbiType::$arg),*],)* }
            }

            /// Result type.
            pub const fn result(self) -> AbiType {
                match self { $(Helper::$camel => AbiType::$result,)* }
            }

            /// Whether a call can raise.
            pub const fn raises(self) -> bool {
                match self { $(Helper::$camel => $raises,)* }
            }

            /// Whether a call can run the garbage collector.
            pub const fn collects(self) -> bool {
                match self { $(Helper::$camel => $collects,)* }
            }
        }
    };
}

for_each_helper!(define);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_the_order_of_their_index() {
        for (i, &helper) in Helper::ALL.iter().enumerate() {
            assert_eq!(helper as usize, i);
        }
        // The offset that native modules built elsewhere are linked against.
        assert_eq!(Helper::TypeType as usize, 73);
        assert_eq!(Helper::ALL.len(), 87);
    }
}
