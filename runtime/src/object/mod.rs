//! Objects: what they are made of (`header`), the kinds the machine itself needs
//! (functions, classes, generators, exceptions, modules) and the built-in types.

mod args;
mod bool;
mod buffer;
#[cfg(any(feature = "f32", feature = "f64"))]
mod complex;
mod dict;
#[cfg(any(feature = "f32", feature = "f64"))]
mod float;
#[cfg(not(any(feature = "f32", feature = "f64")))]
#[path = "float_none.rs"]
mod float;
mod fun;
mod header;
mod header_exception;
mod header_int;
mod header_map;
mod header_str;
mod header_tuple;
mod int;
mod int_ops;
mod item_iter;
mod list;
mod module;
mod singletons;
pub mod stream;
mod tuple;
pub(crate) mod types;
mod wrap;

pub use args::{Args, Param, check_count};
pub use bool::BOOL;
pub use buffer::Buffer;
#[cfg(any(feature = "f32", feature = "f64"))]
pub use complex::{COMPLEX, ComplexObject, Parts};
pub use dict::{DICT, Dict};
pub use fun::{Fun0, Fun1, Fun2, Fun3, FunKw, FunVar};
pub use header_exception::{EXCEPTION_SLOTS, Exception, TraceEntry};

#[cfg(any(feature = "f32", feature = "f64"))]
pub use float::{FLOAT, FloatObject};
pub use header::{
    Access, Found, Gc, Header, Object, Slots, TYPE, Table, Type, sort_table, table_get, value_of,
};
pub use header_int::{BigInt, Limbs};
pub use header_map::{Entry, Map};
pub use header_str::{BYTES, Bytes, STR, Str};
pub use header_tuple::{StaticTuple, Tuple};
pub use int::{INT, Room, store_bytes};
pub use list::{LIST, List};
pub(crate) use module::LazyDict;
pub use module::{BuiltinModule, MODULE, Module};
pub use singletons::{ELLIPSIS, NONE_TYPE, NOT_IMPLEMENTED, OBJECT};
pub use tuple::TUPLE;
pub use wrap::{BoundMethod, ClassMethod, StaticMethod};
pub(crate) use wrap::{CLASS_METHOD, STATIC_METHOD};
