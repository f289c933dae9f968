//! Walking over the items of an iterable.
//!
//! Of the built-in containers a position is enough to go on from, so that walking over
//! them takes no memory: loops work while the heap is locked. Others have iterators.

use crate::error::Res;
use crate::level;
use crate::object::{Array, ByteArray, Bytes, Dict, FrozenSet, List, Set, Tuple, array, set_map};
use crate::value::Value;
use crate::vm::Vm;

/// A way through the items of a value.
pub struct Walk {
    /// The container, or else an iterator.
    source: Value,
    at: Option<usize>,
}

impl Walk {
    /// The next item; `None` at the end.
    pub fn next(&mut self, vm: &Vm) -> Res<Option<Value>> {
        match &mut self.at {
            Some(at) => vm.step(self.source, at),
            None => vm.next(self.source),
        }
    }
}

impl Vm {
    /// Begins a walk. Errors: TypeError "object isn't iterable".
    pub fn walk(&self, v: Value) -> Res<Walk> {
        Ok(match self.has_steps(v) {
            true => Walk { source: v, at: Some(0) },
            false => Walk { source: self.iter(v)?, at: None },
        })
    }

    /// Whether [`Vm::step`] knows the way through `v`.
    #[inline(always)]
    pub(crate) fn has_steps(&self, v: Value) -> bool {
        v.is::<List>() || v.is::<Tuple>() || has_more_steps(v)
    }

    /// The item at a position that began as 0, and moves on to the next one.
    #[inline(never)]
    pub(crate) fn step(&self, source: Value, at: &mut usize) -> Res<Option<Value>> {
        if let Some(dict) = source.cast::<Dict>() {
            return Ok(dict.map.next(at).map(|(k, _)| k));
        }
        if let Some(map) = set_map(source) {
            return Ok(map.next(at).map(|(k, _)| k));
        }
        let i = *at;
        *at = i.saturating_add(1);
        if let Some(items) = self.plain_items(source) {
            return Ok(items.get(i).copied());
        }
        if let Some(bytes) = source.cast::<Bytes>() {
            return Ok(bytes.bytes().get(i).map(|b| Value::small(*b as isize)));
        }
        if level::ARRAYS { array::element_at(self, source, i) } else { Ok(None) }
    }
}

#[inline(never)]
fn has_more_steps(v: Value) -> bool {
    v.is::<Dict>()
        || v.is::<Bytes>()
        || v.is::<ByteArray>()
        || v.is::<Array>()
        || v.is::<Set>()
        || v.is::<FrozenSet>()
}
