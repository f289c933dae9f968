//! Modules and names that another crate adds.
//!
//! A name is a number, fixed when the crate that mentions it is compiled; the names of
//! the runtime are numbered from 0 up, and behind them come those of images and of
//! programs. What other crates add is therefore numbered from the top down: neither the
//! runtime nor an image needs to know how much that is.
//!
//! ```text
//! 0 ──▶ the .mpy format's │ the runtime's │ an image's │ made while programs run ──▶
//!                                              ◀── a crate's on top of it │ a crate's ◀── 65535
//! ```
//!
//! [`names!`](crate::names) sorts a crate's names while it is compiled; they lie in flash
//! and take no code to begin with. A crate that uses another one's modules puts its names
//! on top of the other's (`names! { on other; … }`), so that no number is given twice.

use crate::object::BuiltinModule;
use crate::qstr::Qstr;

/// The names of a crate, sorted.
pub struct Names {
    texts: &'static [&'static str],
    /// The crate's whose names were numbered before these.
    on: Option<&'static Names>,
    /// The number of the first text.
    first: usize,
}

impl Names {
    /// No names.
    pub const NONE: Names = Names { texts: &[], on: None, first: 1 << 16 };

    /// `texts`, which [`sort_names`] has sorted, numbered below those of `on`.
    pub const fn new(texts: &'static [&'static str], on: &'static Names) -> Names {
        Names { texts, on: Some(on), first: on.first - texts.len() }
    }

    /// The number of a name.
    pub const fn find(&self, text: &[u8]) -> Option<Qstr> {
        let (mut low, mut high) = (0, self.texts.len());
        while low < high {
            let middle = (low + high) / 2;
            if crate::qstr::less(self.texts[middle].as_bytes(), text) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low < self.texts.len() && !crate::qstr::less(text, self.texts[low].as_bytes()) {
            return Some(Qstr::from_index(self.first + low));
        }
        match self.on {
            Some(on) => on.find(text),
            None => None,
        }
    }

    /// The text of a name.
    pub(crate) fn text(&self, name: Qstr) -> Option<&'static [u8]> {
        match name.index().checked_sub(self.first) {
            Some(i) if i < self.texts.len() => self.texts.get(i).map(|t| t.as_bytes()),
            Some(_) => self.on?.text(name),
            None => None,
        }
    }

    /// The numbers of all names, those of crates below included.
    pub(crate) fn numbers(&self) -> core::ops::Range<usize> {
        self.first..Names::NONE.first
    }
}

/// Sorts names; for [`names!`](crate::names). Panics where one is there twice.
pub const fn sort_names<const N: usize>(mut names: [&'static str; N]) -> [&'static str; N] {
    let mut i = 1;
    while i < N {
        let mut j = i;
        while j > 0 && crate::qstr::less(names[j].as_bytes(), names[j - 1].as_bytes()) {
            names.swap(j, j - 1);
            j -= 1;
        }
        if j > 0 && !crate::qstr::less(names[j - 1].as_bytes(), names[j].as_bytes()) {
            panic!("a name is there twice");
        }
        i += 1;
    }
    names
}

/// What a crate adds to the runtime, for [`Options`](crate::Options).
pub struct Extension {
    /// The names of the crate whose names lie on top of all others in use.
    pub names: &'static Names,
    /// Modules that programs can import.
    pub modules: &'static [&'static BuiltinModule],
}

impl core::fmt::Debug for Extension {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Extension").finish_non_exhaustive()
    }
}

impl Extension {
    /// Nothing.
    pub const NONE: &'static Extension = &Extension { names: &Names::NONE, modules: &[] };
}

/// The names that a crate mentions with `q!` and in tables, beyond those of the runtime; to
/// be used once, at the crate's root: `names! { "blink", "led" }`. Names that the runtime
/// has may be listed as well. `names! { on other; "blink" }` is for crates that use modules
/// of the crate `other`.
#[macro_export]
macro_rules! names {
    (on $other:ident; $($name:literal),* $(,)?) => {
        /// This crate's names, for `hognose_runtime::Extension` and for crates on top.
        pub const NAMES: &$crate::extension::Names = &$crate::extension::Names::new(
            &const { $crate::extension::sort_names([$($name),*]) },
            $other::NAMES,
        );
    };
    ($($name:literal),* $(,)?) => {
        /// This crate's names, for `hognose_runtime::Extension` and for crates on top.
        pub const NAMES: &$crate::extension::Names = &$crate::extension::Names::new(
            &const { $crate::extension::sort_names([$($name),*]) },
            &$crate::extension::Names::NONE,
        );
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOWER: &Names = &Names::new(&const { sort_names(["led", "blink"]) }, &Names::NONE);
    const UPPER: &Names = &Names::new(&["fan"], LOWER);

    #[test]
    fn names_are_numbered_from_the_top_down() {
        let find = |names: &Names, text: &str| names.find(text.as_bytes()).map(Qstr::index);
        assert_eq!(find(LOWER, "blink"), Some(65534));
        assert_eq!(find(LOWER, "led"), Some(65535));
        assert_eq!(find(UPPER, "fan"), Some(65533));
        assert_eq!(find(UPPER, "led"), Some(65535));
        assert_eq!(find(UPPER, "lamp"), None);
        assert_eq!(UPPER.numbers(), 65533..65536);
    }

    #[test]
    fn numbers_have_texts() {
        for text in ["fan", "blink", "led"] {
            let name = UPPER.find(text.as_bytes()).unwrap();
            assert_eq!(UPPER.text(name), Some(text.as_bytes()));
        }
        assert_eq!(UPPER.text(Qstr::from_index(65532)), None);
        assert_eq!(LOWER.text(Qstr::from_index(65533)), None);
    }
}
