//! Objects: what they are made of (`header`), the kinds the machine itself needs
//! (functions, classes, generators, exceptions, modules) and the built-in types.

mod args;
pub mod array;
mod base;
mod bool;
mod buffer;
#[cfg(any(feature = "f32", feature = "f64"))]
mod complex;
mod deque;
pub mod dict;
pub mod file;
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
mod header_slice;
mod header_str;
mod header_tuple;
mod int;
mod int_ops;
mod item_iter;
mod iters;
pub mod list;
pub mod memio;
pub mod memoryview;
mod module;
pub mod namedtuple;
mod property;
mod range;
#[cfg(feature = "full")]
pub mod ringio;
mod sequence;
mod set;
mod singletons;
mod slice;
#[cfg(feature = "cpython")]
mod specials;
pub mod stream;
pub mod streams;
mod superobj;
#[cfg(feature = "cpython")]
pub mod template;
pub mod text;
pub mod tuple;
pub(crate) mod types;
mod wrap;

pub use args::{Args, Param, check_count};
pub use array::{Array, ByteArray};
pub use base::OBJECT;
pub(crate) use base::TYPE_NEW;
pub use bool::BOOL;
pub use buffer::Buffer;
#[cfg(any(feature = "f32", feature = "f64"))]
pub use complex::{COMPLEX, ComplexObject, Parts};
pub use deque::{DEQUE, Deque};
pub use dict::{DICT, Dict, ORDERED_DICT, OrderedDict};
#[cfg(target_os = "none")]
pub(crate) use float::FLOAT_FACTS;
pub use fun::{Fun0, Fun1, Fun2, Fun3, FunKw, FunVar};
pub use header_exception::{EXCEPTION_SLOTS, Exception, TraceEntry};
pub(crate) use header_exception::{SpareException, print_exception};

pub(crate) use float::float_fast;
#[cfg(any(feature = "f32", feature = "f64"))]
pub use float::{FLOAT, FloatObject};
pub use header::{
    Access, Found, Gc, Header, Object, Row, Slots, TYPE, Table, Type, sort_table, table_find,
    table_get, value_of,
};
pub use header_int::{BigInt, Limbs};
pub use header_map::{Entry, Map};
pub(crate) use header_slice::SpareSlice;
pub use header_str::{Bytes, Str};
pub use header_tuple::{StaticTuple, Tuple};
pub use int::{INT, Room, store_bytes};
pub use iters::{ENUMERATE, FILTER, MAP, REVERSED, ZIP};
pub use list::{LIST, List};
pub use memoryview::{MEMORYVIEW, MemoryView};
pub(crate) use module::LazyDict;
pub use module::{BuiltinModule, MODULE, Module};
pub use property::{PROPERTY, Property};
pub use range::{RANGE, Range, RangeIter};
pub use set::{FROZENSET, FrozenSet, SET, Set, set_map};
pub use singletons::{ELLIPSIS, NONE_TYPE, NOT_IMPLEMENTED};
pub use slice::{Bounds, SLICE, Slice};
pub use superobj::SUPER;
pub use text::{ARRAY, BYTEARRAY, BYTES, STR};
pub use tuple::TUPLE;
pub use wrap::{BoundMethod, ClassMethod, StaticMethod};
pub(crate) use wrap::{CLASS_METHOD, STATIC_METHOD};
