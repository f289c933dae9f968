//! What lists, tuples and other rows of values have in common: repetition, comparison,
//! searching, sorting.

use super::{List, Tuple};
use crate::error::{Res, VALUE_ERROR};
use crate::heap::RawVec;
use crate::level;
use crate::ops::BinaryOp;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The items of an exact list or tuple.
    pub fn plain_items(&self, v: Value) -> Option<&'static [Value]> {
        match v.cast::<List>() {
            Some(list) => Some(list.items.slice()),
            None => v.cast::<Tuple>().map(|t| t.items()),
        }
    }

    /// `n` copies of `items` in a row.
    pub fn repeated(&self, items: &[Value], n: isize) -> Res<RawVec<Value>> {
        let n = usize::try_from(n).unwrap_or(0);
        let Some(len) = items.len().checked_mul(n) else { return self.raise_memory() };
        let out = RawVec::with_capacity(self, len)?;
        if !items.is_empty() {
            for _ in 0..n {
                out.extend(self, items)?;
            }
        }
        Ok(out)
    }

    /// Compares two rows, item by item. The rows may change meanwhile.
    pub fn compare_items(
        &self,
        op: BinaryOp,
        a: impl Fn(usize) -> Option<Value>,
        b: impl Fn(usize) -> Option<Value>,
    ) -> Res<bool> {
        self.check_stack()?;
        let mut i = 0;
        loop {
            match (a(i), b(i)) {
                (Some(x), Some(y)) => {
                    if !self.same_or_equal(x, y)? {
                        return match op {
                            BinaryOp::Equal => Ok(false),
                            _ => self.compare(op, x, y),
                        };
                    }
                    i += 1;
                }
                (x, y) => {
                    let (x, y) = (x.is_some(), y.is_some());
                    return Ok(match op {
                        BinaryOp::Equal => x == y,
                        BinaryOp::Less => y,
                        BinaryOp::LessEqual => !x,
                        BinaryOp::More => x,
                        _ => !y,
                    });
                }
            }
        }
    }

    /// Identity or equality: how containers compare their items.
    pub fn same_or_equal(&self, a: Value, b: Value) -> Res<bool> {
        if a == b { Ok(true) } else { self.eq(a, b) }
    }

    /// `sequence.index(v, start, stop)`. Errors: ValueError.
    pub fn index_in(
        &self,
        item: impl Fn(usize) -> Option<Value>,
        len: usize,
        v: Value,
        range: &[Value],
    ) -> Res {
        let mut bounds = [0, len];
        for (bound, arg) in bounds.iter_mut().zip(range) {
            let i = self.get_clamped(*arg)?;
            *bound = if i < 0 { len.saturating_sub(i.unsigned_abs()) } else { len.min(i as usize) };
        }
        let [from, to] = bounds;
        for i in from..to {
            self.poll()?;
            let Some(x) = item(i) else { break };
            if self.same_or_equal(x, v)? {
                return Ok(Value::small(i as isize));
            }
        }
        self.raise(&VALUE_ERROR, "object not in sequence")
    }

    /// Sorts `items` by `key` (None: themselves). Stable; `reverse` keeps the order of
    /// equal items too. Errors: what the comparisons and the key function raise.
    pub fn sorted(&self, items: RawVec<Value>, key: Value, reverse: Value) -> Res<RawVec<Value>> {
        let reverse = self.is_true(reverse)?;
        if key.is_none() {
            let spare = RawVec::from_slice(self, items.slice())?;
            self.merge_sort(&items, &spare, 1, reverse)?;
            return Ok(items);
        }
        // Key and item side by side, so that one sort moves both.
        let pairs = RawVec::with_capacity(self, items.len() * 2)?;
        for v in items.iter() {
            pairs.push(self, self.call(key, &[v])?)?;
            pairs.push(self, v)?;
        }
        let spare = RawVec::from_slice(self, pairs.slice())?;
        self.merge_sort(&pairs, &spare, 2, reverse)?;
        for i in 0..items.len() {
            if let Some(v) = pairs.get(2 * i + 1) {
                items.set(i, v);
            }
        }
        Ok(items)
    }

    /// Bottom-up merge sort of records of `width` values, by the first one. Natural runs
    /// of the input are kept, so sorted input costs one comparison an item.
    fn merge_sort(
        &self,
        items: &RawVec<Value>,
        spare: &RawVec<Value>,
        width: usize,
        reverse: bool,
    ) -> Res<()> {
        let n = items.len() / width;
        let key = |v: &RawVec<Value>, i: usize| v.get(i * width).unwrap_or(Value::NONE);
        // Whether the second must come before the first.
        let out_of_order = |first: Value, second: Value| {
            self.poll()?;
            let (a, b) = if reverse { (first, second) } else { (second, first) };
            self.compare(BinaryOp::Less, a, b)
        };
        // Insertion sort makes runs of this many records.
        const RUN: usize = if level::FAST_PATHS { 8 } else { usize::MAX };
        for start in (0..n).step_by(RUN) {
            for i in start + 1..start.saturating_add(RUN).min(n) {
                let mut j = i;
                while j > start && out_of_order(key(items, j - 1), key(items, j))? {
                    for k in 0..width {
                        let (a, b) = ((j - 1) * width + k, j * width + k);
                        if let (Some(x), Some(y)) = (items.get(a), items.get(b)) {
                            items.set(a, y);
                            items.set(b, x);
                        }
                    }
                    j -= 1;
                }
            }
        }
        if !level::FAST_PATHS {
            return Ok(());
        }
        let (mut from, mut to) = (items, spare);
        let mut run = RUN;
        while run < n {
            let mut start = 0;
            while start < n {
                let (middle, end) = ((start + run).min(n), (start + 2 * run).min(n));
                let (mut left, mut right) = (start, middle);
                let ordered =
                    middle < end && !out_of_order(key(from, middle - 1), key(from, middle))?;
                for out in start..end {
                    let take_right = left >= middle
                        || (!ordered
                            && right < end
                            && out_of_order(key(from, left), key(from, right))?);
                    let source = if take_right { &mut right } else { &mut left };
                    for k in 0..width {
                        if let Some(v) = from.get(*source * width + k) {
                            to.set(out * width + k, v);
                        }
                    }
                    *source += 1;
                }
                start = end;
            }
            core::mem::swap(&mut from, &mut to);
            run *= 2;
        }
        if !core::ptr::eq(from, items) {
            for (i, v) in from.iter().enumerate() {
                items.set(i, v);
            }
        }
        Ok(())
    }
}
