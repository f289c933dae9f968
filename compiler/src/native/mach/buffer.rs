//! Code under construction: labels, jumps in short and long forms, literals.
//!
//! Everything whose length depends on distances is kept symbolic until the end.
//! [`Buffer::finish`] lays out with the shortest forms, and lengthens what does
//! not reach until all does: forms only grow, so that this ends. Literals wait for
//! the next *gap*, a place that control does not fall into, for as long as their
//! loads reach that far; where no gap comes in time, one is made with a jump
//! around it. Calls that end in the same instructions share them; see
//! [`outline`](super::outline).

use std::collections::HashMap;

use super::outline::outline;
use super::tails::share;
use super::{Error, Isa};
use crate::clif::Routine;

/// A place in the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Label(u32);

pub enum Item<J> {
    Code(Code),
    /// A call, and the jump that does the same where the return address is set.
    Call {
        call: Code,
        tail: Code,
    },
    Label(Label),
    Jump {
        jump: J,
        to: Label,
        form: u8,
    },
    /// Load of a word of the pool.
    Literal {
        jump: J,
        value: u32,
        form: u8,
    },
    /// Control does not come here from above.
    Gap,
}

/// The bytes of one instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Code {
    bytes: [u8; 4],
    len: u8,
    /// Belongs to what stands before it: nothing may come between.
    pub glued: bool,
}

impl Code {
    fn new(code: &[u8], glued: bool) -> Code {
        debug_assert!(code.len() <= 4, "one instruction at a time");
        let mut bytes = [0; 4];
        let len = code.len().min(4);
        bytes[..len].copy_from_slice(&code[..len]);
        Code { bytes, len: len as u8, glued }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

/// A buffer for one body.
pub struct Buffer<'a, I: Isa> {
    pub isa: &'a I,
    pub items: Vec<Item<I::Jump>>,
    labels: u32,
    /// Routines that are called, and how many of them are written.
    routines: Vec<(Routine, Label)>,
    written: usize,
    /// How many of the next instructions belong to the one before.
    glue: u32,
}

/// A layout: where everything lies with the current forms.
struct Layout {
    labels: HashMap<Label, u32>,
    /// Start of every item.
    starts: Vec<u32>,
    /// Pools, by the item before which they lie.
    pools: HashMap<usize, Pool>,
    /// Where each literal load finds its word.
    words: HashMap<usize, u32>,
}

struct Pool {
    start: u32,
    /// Jump over the pool.
    around: bool,
    values: Vec<u32>,
}

/// Bytes before the end of a literal load's reach at which a pool must begin to
/// be placed: the longest item, a jump and padding.
const SLACK: u32 = 64;

impl<'a, I: Isa> Buffer<'a, I> {
    pub fn new(isa: &'a I) -> Self {
        Buffer { isa, items: Vec::new(), labels: 0, routines: Vec::new(), written: 0, glue: 0 }
    }

    pub fn label(&mut self) -> Label {
        self.labels += 1;
        Label(self.labels - 1)
    }

    pub fn bind(&mut self, label: Label) {
        self.items.push(Item::Label(label));
    }

    /// Adds an instruction.
    pub fn code(&mut self, bytes: &[u8]) {
        self.items.push(Item::Code(Code::new(bytes, self.glue > 0)));
        self.glue = self.glue.saturating_sub(1);
    }

    /// Lets nothing come before each of the next `count` instructions.
    pub fn glue(&mut self, count: u32) {
        self.glue = count;
    }

    /// Adds a call, given with the jump that does the same where the return address
    /// is set already.
    pub fn call(&mut self, call: &[u8], tail: &[u8]) {
        self.items.push(Item::Call { call: Code::new(call, false), tail: Code::new(tail, false) });
    }

    pub fn jump(&mut self, jump: I::Jump, to: Label) {
        self.items.push(Item::Jump { jump, to, form: 0 });
    }

    /// Adds a load of a constant that lies among the code.
    pub fn literal(&mut self, jump: I::Jump, value: u32) {
        self.items.push(Item::Literal { jump, value, form: 0 });
    }

    /// The label of a routine, which is to be written.
    pub fn routine(&mut self, routine: Routine) -> Label {
        if let Some((_, label)) = self.routines.iter().find(|r| r.0 == routine) {
            return *label;
        }
        let label = self.label();
        self.routines.push((routine, label));
        label
    }

    /// Whether a label is that of a routine, rather than of a part of one.
    pub fn is_routine(&self, label: Label) -> bool {
        self.routines.iter().any(|r| r.1 == label)
    }

    /// The first called routine that has no code; the caller writes it.
    pub fn next_routine(&mut self) -> Option<(Routine, Label)> {
        let next = self.routines.get(self.written).copied();
        self.written += usize::from(next.is_some());
        next
    }

    /// Tells that control does not go on from here.
    pub fn gap(&mut self) {
        self.items.push(Item::Gap);
    }

    /// Bytes of an item in its present form.
    pub fn bytes(&self, item: &Item<I::Jump>) -> u32 {
        match item {
            Item::Code(code) | Item::Call { call: code, .. } => u32::from(code.len),
            Item::Jump { jump, form, .. } | Item::Literal { jump, form, .. } => {
                u32::from(self.isa.jump_bytes(*jump, *form).unwrap_or(0))
            }
            Item::Label(_) | Item::Gap => 0,
        }
    }

    fn layout(&self) -> Layout {
        let mut layout = Layout {
            labels: HashMap::new(),
            starts: Vec::with_capacity(self.items.len()),
            pools: HashMap::new(),
            words: HashMap::new(),
        };
        let mut at = 0;
        // Loads whose words have no place yet, and the end of the first one's reach.
        let mut waiting: Vec<(usize, u32)> = Vec::new();
        let mut deadline = u32::MAX;
        for (index, item) in self.items.iter().enumerate() {
            let gap = matches!(item, Item::Gap);
            let bytes = self.bytes(item);
            let glued = matches!(item, Item::Code(Code { glued: true, .. }));
            let late = !glued && at + bytes + 4 * waiting.len() as u32 + SLACK > deadline;
            let next = || self.items[index + 1..].iter().position(|i| matches!(i, Item::Gap));
            if !waiting.is_empty()
                && (late || gap && (next().is_none() || self.far(index, at, deadline)))
            {
                at = self.pool(&mut layout, index, at, !gap, &mut waiting);
                deadline = u32::MAX;
            }
            layout.starts.push(at);
            match item {
                Item::Label(label) => {
                    layout.labels.insert(*label, at);
                }
                Item::Literal { jump, value, form } => {
                    waiting.push((index, *value));
                    if deadline == u32::MAX {
                        deadline = at + self.reach(*jump, *form, at);
                    }
                }
                _ => {}
            }
            at += bytes;
        }
        if !waiting.is_empty() {
            self.pool(&mut layout, self.items.len(), at, false, &mut waiting);
        }
        layout
    }

    /// Whether the gap after the one at `index` may come too late.
    fn far(&self, index: usize, mut at: u32, deadline: u32) -> bool {
        for item in &self.items[index + 1..] {
            if at + 2 * SLACK > deadline {
                return true;
            }
            if matches!(item, Item::Gap) {
                return false;
            }
            at += self.bytes(item) + 4;
        }
        true
    }

    fn reach(&self, jump: I::Jump, form: u8, at: u32) -> u32 {
        let fits = |&n: &u32| self.isa.jump_code(jump, form, at, (at + n) & !3).is_some();
        [1016, 4080, 1 << 20].into_iter().rev().find(fits).unwrap_or(128)
    }

    fn pool(
        &self,
        layout: &mut Layout,
        index: usize,
        at: u32,
        around: bool,
        waiting: &mut Vec<(usize, u32)>,
    ) -> u32 {
        let form = if around { self.isa.jump_bytes(self.isa.always(), 0).unwrap_or(0) } else { 0 };
        let start = (at + u32::from(form)).next_multiple_of(4);
        let mut values: Vec<u32> = Vec::new();
        for (item, value) in waiting.drain(..) {
            let place = values.iter().position(|v| *v == value).unwrap_or_else(|| {
                values.push(value);
                values.len() - 1
            });
            layout.words.insert(item, start + 4 * place as u32);
        }
        let end = start + 4 * values.len() as u32;
        layout.pools.insert(index, Pool { start: at, around, values });
        end
    }

    /// The bytes.
    ///
    /// # Errors
    /// `Reach` where the longest form of a jump does not suffice.
    pub fn finish(mut self) -> Result<Vec<u8>, Error> {
        share(&mut self);
        outline(&mut self);
        share(&mut self);
        loop {
            let layout = self.layout();
            let isa = self.isa;
            let mut grown = false;
            for (index, item) in self.items.iter_mut().enumerate() {
                let (jump, form, to) = match item {
                    Item::Jump { jump, to, form } => (*jump, form, layout.labels.get(to)),
                    Item::Literal { jump, form, .. } => (*jump, form, layout.words.get(&index)),
                    _ => continue,
                };
                let (from, to) = (layout.starts[index], to.copied().ok_or(Error::Reach)?);
                while isa.jump_code(jump, *form, from, to).is_none() {
                    *form += 1;
                    grown = true;
                    isa.jump_bytes(jump, *form).ok_or(Error::Reach)?;
                }
            }
            if !grown {
                return self.write(&layout);
            }
        }
    }

    fn write(&self, layout: &Layout) -> Result<Vec<u8>, Error> {
        let mut out = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            if let Some(pool) = layout.pools.get(&index) {
                self.write_pool(pool, &mut out)?;
            }
            let (jump, form, to) = match item {
                Item::Code(code) | Item::Call { call: code, .. } => {
                    out.extend_from_slice(code.bytes());
                    continue;
                }
                Item::Label(_) | Item::Gap => continue,
                Item::Jump { jump, to, form } => (*jump, *form, layout.labels.get(to)),
                Item::Literal { jump, form, .. } => (*jump, *form, layout.words.get(&index)),
            };
            let to = to.copied().ok_or(Error::Reach)?;
            let code = self.isa.jump_code(jump, form, out.len() as u32, to);
            out.extend(code.ok_or(Error::Reach)?);
        }
        if let Some(pool) = layout.pools.get(&self.items.len()) {
            self.write_pool(pool, &mut out)?;
        }
        Ok(out)
    }

    fn write_pool(&self, pool: &Pool, out: &mut Vec<u8>) -> Result<(), Error> {
        let always = self.isa.always();
        let jump = if pool.around { self.isa.jump_bytes(always, 0).unwrap_or(0) } else { 0 };
        let first = (pool.start + u32::from(jump)).next_multiple_of(4);
        let end = first + 4 * pool.values.len() as u32;
        if pool.around {
            let from = out.len() as u32;
            out.extend(self.isa.jump_code(always, 0, from, end).ok_or(Error::Reach)?);
        }
        while (out.len() as u32) < first {
            out.extend(self.isa.padding());
        }
        for value in &pool.values {
            out.extend(value.to_le_bytes());
        }
        Ok(())
    }
}
