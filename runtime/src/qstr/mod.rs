//! Interned strings.
//!
//! A [`Qstr`] is a number that stands for a string, so that comparing names is
//! comparing numbers. Numbers below [`STATIC_COUNT`] belong to the static pool in
//! flash: first the names of the `.mpy` format, whose numbers files rely on, then
//! the runtime's own (`names.rs`). Numbers above are made as programs load and
//! live in the heap (`pool.rs`) for as long as the `Vm`.
//!
//! All tables over the static names (sorted view, hashes) are computed while
//! compiling; `q!("name")` is a constant, and a compile error for an unknown name.

mod names;
mod pool;

use crate::extension::Names;
use crate::level;
use mpy_format::STATIC_QSTRS;
/// The hash of every string and bytes object; images hold it.
pub use mpy_format::image::hash as hash_bytes;
pub(crate) use pool::Pool;

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

const ALL: [&str; STATIC_COUNT] = concat();
static SORTED: [u16; STATIC_COUNT] = SORTED_VIEW;
#[allow(long_running_const_eval)]
const SORTED_VIEW: [u16; STATIC_COUNT] = sorted_view();
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

/// Name numbers in the order of their texts (heap sort).
#[allow(long_running_const_eval)]
const fn sorted_view() -> [u16; STATIC_COUNT] {
    let mut view = [0u16; STATIC_COUNT];
    let mut i = 0;
    while i < STATIC_COUNT {
        view[i] = i as u16;
        i += 1;
    }
    let mut start = STATIC_COUNT / 2;
    let mut end = STATIC_COUNT;
    while end > 1 {
        if start > 0 {
            start -= 1;
        } else {
            end -= 1;
            view.swap(0, end);
        }
        let mut root = start;
        while 2 * root + 1 < end {
            let mut child = 2 * root + 1;
            if child + 1 < end
                && less(text_of(view[child]).as_bytes(), text_of(view[child + 1]).as_bytes())
            {
                child += 1;
            }
            if !less(text_of(view[root]).as_bytes(), text_of(view[child]).as_bytes()) {
                break;
            }
            view.swap(root, child);
            root = child;
        }
    }
    // Numbers 0 and 1 both have the empty text; the view puts 1 where it is found.
    view[0] = 0;
    view[1] = 1;
    let mut i = 2;
    while i < STATIC_COUNT {
        if !less(text_of(view[i - 1]).as_bytes(), text_of(view[i]).as_bytes()) {
            panic!("a name is listed twice in qstr/names.rs");
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
    let (mut low, mut high) = (1, STATIC_COUNT);
    while low < high {
        let mid = (low + high) / 2;
        let name = SORTED_VIEW_REF[mid];
        if less(ALL_REF[name as usize].as_bytes(), text) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    if low < STATIC_COUNT {
        let name = SORTED_VIEW_REF[low];
        if !less(text, ALL_REF[name as usize].as_bytes()) {
            return Some(Qstr(name));
        }
    }
    None
}
const SORTED_VIEW_REF: &[u16; STATIC_COUNT] = &SORTED_VIEW;

/// The static name `text`, if there is one.
fn lookup_static(text: &[u8]) -> Option<Qstr> {
    if !level::FAST_PATHS {
        let at = (1..STATIC_COUNT).find(|&i| static_text(i) == Some(text))?;
        return Some(Qstr(at as u16));
    }
    let names = SORTED.get(1..)?;
    let at = names.binary_search_by(|&i| static_text(i.into()).cmp(&Some(text))).ok()?;
    names.get(at).map(|&i| Qstr(i))
}

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
            assert_eq!(lookup_static(name.as_bytes()), Some(Qstr(i as u16)));
        }
        assert_eq!(lookup_static(b"no such name"), None);
        assert_eq!(q!("append").0, lookup_static(b"append").unwrap().0);
    }
}
