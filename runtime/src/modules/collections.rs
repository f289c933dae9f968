//! `collections`: deque, namedtuple, OrderedDict.

use crate::object::{DEQUE, ORDERED_DICT, namedtuple::namedtuple};

module! {
    pub static COLLECTIONS: "collections" {
        "OrderedDict" => obj!(ORDERED_DICT),
        "deque" => obj!(DEQUE),
        "namedtuple" => f2!(namedtuple),
    }
}
