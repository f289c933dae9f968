//! The table itself, made from the rows of `mpy_format::table::helper`.
//!
//! A row says which kind of entry it is: an object, the address of data, a function
//! that cannot raise, or one that can; the last get a thunk. A row without a function
//! of its name does not compile.

use mpy_format::Helper;

use super::{Word, cpu, foreign, helpers, library, text};
use crate::object;
use crate::value::Value;

/// The number of rows.
const LEN: usize = Helper::ALL.len();

/// `mp_fun_table`.
#[repr(transparent)]
pub(crate) struct Table([*const (); LEN]);

// SAFETY: addresses of functions and of constant data, and tagged words.
unsafe impl Sync for Table {}

impl Table {
    /// What an entry holds.
    pub(crate) fn word(&self, helper: Helper) -> Word {
        self.0.get(helper as usize).map_or(core::ptr::null_mut(), |p| p.cast_mut())
    }
}

/// The table of this runtime.
pub(crate) fn fun_table() -> &'static Table {
    &TABLE
}

/// Its address, for images.
#[cfg(target_os = "none")]
pub(super) const ADDRESS: *const () = core::ptr::from_ref(&TABLE).cast();

mod thunks {
    use super::{cpu, helpers, library};

    macro_rules! thunks {
        ($kind:ident, $module:ident: $($name:ident)*) => { $(cpu::$kind!($name, $module::$name);)* };
    }

    thunks! { thunk, helpers:
        native_from_obj native_to_obj load_name load_global load_build_class load_attr load_method
        load_super_method store_name store_global store_attr obj_subscr obj_is_true unary_op
        binary_op new_tuple new_list new_dict new_set set_store list_append dict_store
        make_function_from_proto_fun call_function_n_kw call_method_n_kw call_method_n_kw_var
        getiter iternext raise import_name import_from import_all new_slice unpack_sequence
        unpack_ex delete_name delete_global new_closure arg_check_num_sig yield_from
    }
    thunks! { thunk, library:
        vprintf raise_msg obj_new_str obj_new_bytes obj_new_bytearray_by_ref load_method_maybe
        get_buffer get_stream_raise binary_get_size binary_get_val_array
    }
    thunks! { thunk_args, helpers: setup_code_state }
    thunks! { thunk_args, library:
        obj_new_float_from_f obj_new_float_from_d binary_set_val_array arg_parse_all
        arg_parse_all_kw_array
    }
    cpu::thunk_float!(obj_get_float_to_f, library::obj_get_float_to_f, f32);
    cpu::thunk_float!(obj_get_float_to_d, library::obj_get_float_to_d, f64);
    pub(super) use cpu::printf;
}

/// Functions that cannot raise.
mod plain {
    pub(super) use super::cpu::{nlr_pop, nlr_push};
    pub(super) use super::helpers::{small_int_floor_divide, small_int_modulo, swap_globals};
    pub(super) use super::library::{memmove, memset, obj_get_type, realloc};
}

/// Objects and data.
mod data {
    use super::*;
    use core::ptr::from_ref;

    macro_rules! data {
        ($($name:ident = $value:expr;)*) => { $(pub(super) const fn $name() -> *const () { $value })* };
    }

    data! {
        const_none = Value::NONE.word();
        const_false = Value::FALSE.word();
        const_true = Value::TRUE.word();
        plat_print = from_ref(&text::STDOUT).cast();
        type_type = from_ref(&foreign::FOREIGN_TYPE).cast();
        type_str = from_ref(&object::STR).cast();
        type_list = from_ref(&object::LIST).cast();
        type_dict = from_ref(&object::DICT).cast();
        type_fun_builtin_0 = from_ref(&foreign::FUN_0).cast();
        type_fun_builtin_1 = from_ref(&foreign::FUN_1).cast();
        type_fun_builtin_2 = from_ref(&foreign::FUN_2).cast();
        type_fun_builtin_3 = from_ref(&foreign::FUN_3).cast();
        type_fun_builtin_var = from_ref(&foreign::FUN_VAR).cast();
        type_exception = from_ref(&crate::error::EXCEPTION).cast();
        stream_read_obj = library::READ.word();
        stream_readinto_obj = library::READINTO.word();
        stream_unbuffered_readline_obj = library::READLINE.word();
        stream_write_obj = library::WRITE.word();
    }
}

macro_rules! entry {
    // No port of ours has C's.
    (setjmp $($rest:tt)*) => {
        core::ptr::null()
    };
    ($name:ident ObjData $raises:tt) => {
        data::$name()
    };
    ($name:ident Data $raises:tt) => {
        data::$name()
    };
    ($name:ident $result:ident false) => {
        plain::$name as *const ()
    };
    ($name:ident $result:ident true) => {
        thunks::$name as *const ()
    };
}

macro_rules! table {
    ($($(#[$doc:meta])* $index:literal $camel:ident $snake:ident, ($($arg:ident),*) -> $result:ident, raises($raises:tt), collects($collects:tt);)*) => {
        #[cfg_attr(target_os = "none", unsafe(export_name = "hognose_fun_table"))]
        static TABLE: Table = Table([$(entry!($snake $result $raises)),*]);
    };
}

mpy_format::for_each_helper!(table);
