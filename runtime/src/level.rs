//! What a feature level leaves out of code that all levels share.
//!
//! A level leaves something out in one of three ways. Files and rows of tables (the
//! names of a module, the methods of a type) have a `cfg` of their own; what nobody
//! lists the linker drops. Code that is always there asks one of the constants below,
//! which the compiler folds. Types that are absent say so in their declaration
//! (`object! { struct Set: SET, if level::SETS, … }`): no value is ever one of them,
//! so that whatever would handle it goes too.

/// Exceptions have texts; where they do not, their class must tell.
pub const MESSAGES: bool = cfg!(feature = "core");
/// Ints beyond the small ones; without them there is OverflowError.
pub const BIG_INTS: bool = cfg!(feature = "core");
/// Modules come from files as well, which are verified as they load.
pub const FILES: bool = cfg!(feature = "core");
/// `print(file=…)` and the objects of standard streams.
pub const STREAMS: bool = cfg!(feature = "core");
pub const SETS: bool = cfg!(feature = "core");
pub const SLICES: bool = cfg!(feature = "core");
/// `bytearray`, `array` and `memoryview`.
pub const ARRAYS: bool = cfg!(feature = "core");
pub const ORDERED_DICTS: bool = cfg!(feature = "core");
/// Properties and other descriptors, `__setattr__`.
pub const DESCRIPTORS: bool = cfg!(feature = "core");
/// Classes with several bases.
pub const MULTIPLE_BASES: bool = cfg!(feature = "core");
/// The loop of instructions does itself what is frequent, and names are found by tables;
/// without that everything goes the general way, which takes less code.
pub const FAST_PATHS: bool = cfg!(feature = "core");
/// Programs see what time it is.
pub const CLOCK: bool = cfg!(feature = "core");
/// The operator `%` of texts.
pub const PERCENT: bool = cfg!(feature = "core");
/// What CPython has and MicroPython leaves out to be small: slices with a step wherever
/// there are slices, fields of formats with attributes, more methods of strings.
pub const CPYTHON: bool = cfg!(feature = "cpython");
