//! Finding static names in flash that is scarce: by the order of their texts.

use super::{Qstr, SORTED_VIEW, STATIC_COUNT, WIRE_COUNT, static_text};
use crate::level;
use core::cmp::Ordering;

static SORTED: [u16; WIRE_COUNT] = SORTED_VIEW;

/// The static name with this text.
pub(super) fn find(text: &[u8]) -> Option<Qstr> {
    if !level::FAST_PATHS {
        let at = (1..STATIC_COUNT).find(|&i| static_text(i) == Some(text))?;
        return Some(Qstr(at as u16));
    }
    search(text, WIRE_COUNT, STATIC_COUNT).or_else(|| search(text, 1, WIRE_COUNT))
}

/// As [`find_between`](super::find_between), while programs run.
#[inline(never)]
fn search(text: &[u8], mut low: usize, mut high: usize) -> Option<Qstr> {
    while low < high {
        let mid = (low + high) / 2;
        let name = SORTED.get(mid).map_or(mid, |&i| i.into());
        match static_text(name).cmp(&Some(text)) {
            Ordering::Less => low = mid + 1,
            Ordering::Equal => return Some(Qstr(name as u16)),
            Ordering::Greater => high = mid,
        }
    }
    None
}
