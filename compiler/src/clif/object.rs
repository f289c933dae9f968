//! What routines know of the objects of MicroPython's runtime.
//!
//! Native modules in C are compiled against these structures (`mp_obj_type_t`,
//! `mp_map_t`, `mp_obj_dict_t` in its `py/obj.h`, `mp_obj_list_t` in `py/objlist.h`,
//! `mp_obj_instance_t` in `py/objtype.h`, `mp_obj_array_t` in `py/objarray.h`,
//! `mp_obj_str_t` in `py/objstr.h`), so they are part of the interface that the version of
//! the file format stands for; they are as they are since 1.20.
//!
//! In our runtime an object starts with the address of its type too, flags lie at the same
//! place in a type, and members at the same place in an instance, but types have no slots.
//! So a routine that looks into a type tests a flag first that no type of ours has.

use mpy_format::STATIC_QSTRS;

// Flags of a type, by their bits; they lie behind its first word.

/// Flag: classes of programs look for special methods when attributes are stored.
pub const SPECIAL_ACCESSORS: u32 = 1;
/// Flag: a type whose instances know what they are not equal to. Together with
/// [`INSTANCE_TYPE`], a class of a program that has slots.
pub const HAS_NOT_EQUAL: u32 = 4;
/// Flag: a function, which binds its first argument.
pub const BINDS_SELF: u32 = 5;
/// Flag: a function in C.
pub const BUILTIN_FUN: u32 = 6;
/// Flag: the iteration slot gives the next item.
pub const ITER_IS_NEXT: u32 = 7;
/// Flag: with the one before, or without, the slot is something else.
pub const ITER_IS_CUSTOM: u32 = 8;
/// Flag: a class of a program. Its instances have a table of members.
pub const INSTANCE_TYPE: u32 = 9;
/// Flag: a sequence of the runtime, which takes slices that do not lie in the heap. No
/// program makes types that have it. There since 1.26. Lists of our runtime do not have it,
/// from which code learns that types have no slots.
pub const SEQUENCE: u32 = 10;

/// Bytes from a type's flags to its name.
pub const NAME_AT: u32 = 2;
/// Names of types, which have the same numbers in every runtime.
pub const BYTEARRAY: u32 = name("bytearray");
pub const BYTES: u32 = name("bytes");
/// What the second word of the type of ranges begins with: no flags, and its name. (A
/// program's class has flags, and so have ranges in our runtime.)
pub const RANGE: u32 = name("range") << (8 * NAME_AT);
/// What the second word of the type of floats is but for its name, which runtimes give
/// numbers of their own: what it says of comparisons.
pub const FLOAT: u32 = 0xc;
/// Words from a float to its bits, where those are a word.
pub const FLOAT_BITS: u32 = 1;
/// Words from a range's iterator to the number that comes next, to where it stops, and to
/// its step (`mp_obj_range_it_t` in `py/objrange.c`).
pub const RANGE_AT: u32 = 1;
pub const RANGE_STOP: u32 = 2;
pub const RANGE_STEP: u32 = 3;

/// The number of a name that every runtime has. (`==` of texts is not const yet.)
const fn name(text: &str) -> u32 {
    let mut number = 0;
    while !STATIC_QSTRS[number].eq_ignore_ascii_case(text) {
        number += 1;
    }
    number as u32
}

/// Bytes behind a type's flags where the numbers of slots lie: one more than the place in
/// the table of slots, 0 for none.
pub const SLOT_CALL: u32 = 6;
pub const SLOT_ITER: u32 = 11;
pub const SLOT_LOCALS: u32 = 15;
/// Bytes from a type to its slot of number 0, if there were one.
pub const SLOTS_AT: u32 = 16;

/// Words from an instance or a dictionary to how many entries its table has, and to the
/// table; from a list, a bytearray or a bytes object to its length and its items.
pub const LENGTH: u32 = 2;
pub const TABLE: u32 = 3;

/// Names as objects: shifted so far, and this added.
pub const NAME_SHIFT: u32 = 3;
pub const NAME_TAG: u32 = 2;
