//! Finding static names where there is room: an index by hash.
//!
//! It takes four bytes a name. Boards search the texts in their order instead, which takes
//! none.

use super::{HASHES, Qstr, STATIC_COUNT, hash_bytes, hashes, static_text};

/// At most half of it is in use.
const SLOTS: usize = (2 * STATIC_COUNT).next_power_of_two();

/// Open addressing: 0 is empty, and is the number of no name that could be looked for.
static INDEX: [u16; SLOTS] = index();

#[allow(long_running_const_eval)]
const fn index() -> [u16; SLOTS] {
    let hashes = hashes();
    let mut index = [0; SLOTS];
    let mut name = 1;
    while name < STATIC_COUNT {
        let mut slot = hashes[name] as usize % SLOTS;
        while index[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        index[slot] = name as u16;
        name += 1;
    }
    index
}

/// The static name with this text.
#[inline]
pub(super) fn find(text: &[u8]) -> Option<Qstr> {
    let hash = hash_bytes(text);
    let mut slot = hash as usize % SLOTS;
    while let Some(&name @ 1..) = INDEX.get(slot) {
        let at = usize::from(name);
        if HASHES.get(at) == Some(&hash) && static_text(at) == Some(text) {
            return Some(Qstr(name));
        }
        slot = (slot + 1) % SLOTS;
    }
    None
}
