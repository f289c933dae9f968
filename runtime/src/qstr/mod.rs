//! Interned strings.
//!
//! A [`Qstr`] is a number that stands for a string, so that comparing names is
//! comparing numbers. Numbers below [`STATIC_COUNT`] belong to the static pool in
//! flash: first the names of the `.mpy` format, whose numbers files rely on, then
//! the runtime's own (`names.rs`). Numbers above are made as programs load and
//! live in the heap (`pool.rs`) for as long as the `Vm`.
//!
//! A text's number is found by the order of the texts on boards (`search.rs`), by hash
//! where there is room for an index (`index.rs`). All tables over the static names are
//! computed while compiling; `q!("name")` is a constant, and a compile error for an
//! unknown name.

#[cfg(not(target_os = "none"))]
mod index;
mod names;
mod pool;
#[cfg(target_os = "none")]
mod search;

use crate::extension::Names;
#[cfg(not(target_os = "none"))]
use index::find;
use mpy_format::STATIC_QSTRS;
/// The hash of every string and bytes object; images hold it.
pub use mpy_format::image::hash as hash_bytes;
pub(crate) use pool::Pool;
#[cfg(target_os = "none")]
use search::find;

/// Number of an interned string. 0 is "no name", 1 the empty string.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Qstr(pub(crate) u16);

impl Qstr {
    /// No name at all.
    pub const NULL: Qstr = Qstr(0);
    /// The empty string.
    pub const EMPTY: Qstr = Qstr(1);

    /// The static name `text`, or one that a crate adds; meant for constants, see `q!`.
    pub const fn of(text: &str, added: &Names) -> Qstr {
        match find_static(text.as_bytes()) {
            Some(q) => q,
            None => match added.find(text.as_bytes()) {
                Some(q) => q,
                None => panic!("the name is missing in qstr/names.rs, or in the crate's names!"),
            },
        }
    }

    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The name with this number, e.g. as read from a verified file.
    pub const fn from_index(i: usize) -> Qstr {
        Qstr(i as u16)
    }
}

/// How many names are in flash.
pub const STATIC_COUNT: usize = STATIC_QSTRS.len()
    + names::NAMES.len()
    + names::CORE_NAMES.len()
    + names::FULL_NAMES.len()
    + names::CPYTHON_NAMES.len();

/// The static texts, for the image linker.
#[cfg(target_os = "none")]
pub(crate) const fn static_texts() -> (&'static [&'static str; STATIC_COUNT], *const u16) {
    (ALL_REF, TEXTS.at.as_ptr())
}

/// How many of them the `.mpy` format numbers.
pub const WIRE_COUNT: usize = STATIC_QSTRS.len();

/// Texts one after the other; that of name `i` is from `at[i]` to `at[i + 1]`. A pointer
/// and a length for each would take four times the room of these positions.
#[repr(C)]
struct Texts {
    at: [u16; STATIC_COUNT + 1],
    text: [u8; TEXT_BYTES],
}

static TEXTS: Texts = texts();

const TEXT_BYTES: usize = {
    let (mut sum, mut i) = (0, 0);
    while i < STATIC_COUNT {
        sum += ALL_REF[i].len();
        i += 1;
    }
    assert!(sum <= u16::MAX as usize);
    sum
};

#[allow(long_running_const_eval)]
const fn texts() -> Texts {
    let mut texts = Texts { at: [0; STATIC_COUNT + 1], text: [0; TEXT_BYTES] };
    let (mut end, mut i) = (0, 0);
    while i < STATIC_COUNT {
        let name = ALL_REF[i].as_bytes();
        let mut k = 0;
        while k < name.len() {
            texts.text[end] = name[k];
            end += 1;
            k += 1;
        }
        texts.at[i + 1] = end as u16;
        i += 1;
    }
    texts
}

/// The text of a static name.
fn static_text(i: usize) -> Option<&'static [u8]> {
    let (from, to) = (*TEXTS.at.get(i)?, *TEXTS.at.get(i + 1)?);
    TEXTS.text.get(from.into()..to.into())
}

/// The names of the format in their order, then ours in the order of their texts.
#[allow(long_running_const_eval)]
const ALL: [&str; STATIC_COUNT] = concat();
/// The names of the format in the order of their texts.
const SORTED_VIEW: [u16; WIRE_COUNT] = sorted_view();
#[allow(long_running_const_eval)]
static HASHES: [u16; STATIC_COUNT] = hashes();

const fn concat() -> [&'static str; STATIC_COUNT] {
    let lists: [&[&'static str]; 5] =
        [&STATIC_QSTRS, names::NAMES, names::CORE_NAMES, names::FULL_NAMES, names::CPYTHON_NAMES];
    let mut all = [""; STATIC_COUNT];
    let (mut n, mut l) = (0, 0);
    while l < lists.len() {
        let mut i = 0;
        while i < lists[l].len() {
            all[n] = lists[l][i];
            n += 1;
            i += 1;
        }
        l += 1;
    }
    sort_texts(&mut all, WIRE_COUNT);
    all
}

pub(crate) const fn less(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() {
        if a[i] != b[i] {
            return a[i] < b[i];
        }
        i += 1;
    }
    a.len() < b.len()
}

/// Sorts the texts from `first` on (heap sort).
const fn sort_texts(all: &mut [&str; STATIC_COUNT], first: usize) {
    let (mut start, mut end) = (first + (STATIC_COUNT - first) / 2, STATIC_COUNT);
    while end > first + 1 {
        if start > first {
            start -= 1;
        } else {
            end -= 1;
            all.swap(first, end);
        }
        let mut root = start;
        while 2 * (root - first) + 1 < end - first {
            let mut child = first + 2 * (root - first) + 1;
            if child + 1 < end && less(all[child].as_bytes(), all[child + 1].as_bytes()) {
                child += 1;
            }
            if !less(all[root].as_bytes(), all[child].as_bytes()) {
                break;
            }
            all.swap(root, child);
            root = child;
        }
    }
    let mut i = first + 1;
    while i < STATIC_COUNT {
        if !less(all[i - 1].as_bytes(), all[i].as_bytes()) {
            panic!("a name is listed twice in qstr/names.rs");
        }
        i += 1;
    }
}

/// Numbers of the format's names in the order of their texts. Numbers 0 and 1 both have
/// the empty text and stay where they are.
const fn sorted_view() -> [u16; WIRE_COUNT] {
    let mut view = [0u16; WIRE_COUNT];
    let mut i = 1;
    while i < WIRE_COUNT {
        view[i] = i as u16;
        let mut at = i;
        while at > 1 && less(text_of(view[at]).as_bytes(), text_of(view[at - 1]).as_bytes()) {
            view.swap(at, at - 1);
            at -= 1;
        }
        i += 1;
    }
    view
}

const fn text_of(i: u16) -> &'static str {
    ALL_REF[i as usize]
}
const ALL_REF: &[&str; STATIC_COUNT] = &ALL;

const fn hashes() -> [u16; STATIC_COUNT] {
    let mut out = [0; STATIC_COUNT];
    let mut i = 0;
    while i < STATIC_COUNT {
        out[i] = hash_bytes(ALL_REF[i].as_bytes());
        i += 1;
    }
    out
}

const fn find_static(text: &[u8]) -> Option<Qstr> {
    match find_between(text, 1, WIRE_COUNT) {
        Some(q) => Some(q),
        None => find_between(text, WIRE_COUNT, STATIC_COUNT),
    }
}

/// The name among those at `low..high` of the sorted texts of the format, or of ours.
const fn find_between(text: &[u8], mut low: usize, mut high: usize) -> Option<Qstr> {
    let end = high;
    while low < high {
        let mid = (low + high) / 2;
        if less(text_of(sorted(mid)).as_bytes(), text) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    if low < end && !less(text, text_of(sorted(low)).as_bytes()) {
        return Some(Qstr(sorted(low)));
    }
    None
}

const fn sorted(i: usize) -> u16 {
    if i < WIRE_COUNT { SORTED_VIEW_REF[i] } else { i as u16 }
}
const SORTED_VIEW_REF: &[u16; WIRE_COUNT] = &SORTED_VIEW;

/// `q!("append")`: the number of a static name, as a constant. Names that the runtime does
/// not have are looked up in the crate's own, see [`names!`](crate::names).
#[macro_export]
// The crate that mentions a name is the one that lists it.
#[allow(clippy::crate_in_macro_def)]
macro_rules! q {
    ($name:literal) => {
        const { $crate::qstr::Qstr::of($name, crate::NAMES) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_names_are_found() {
        for (i, name) in ALL_REF.iter().enumerate().skip(1) {
            assert_eq!(static_text(i), Some(name.as_bytes()));
            assert_eq!(find(name.as_bytes()), Some(Qstr(i as u16)));
        }
        assert_eq!(find(b"no such name"), None);
        assert_eq!(q!("append").0, find(b"append").unwrap().0);
    }
}
