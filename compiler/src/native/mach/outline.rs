//! Calls that end alike share their end.
//!
//! Most of a function's code are calls of helpers and routines, and many of them differ
//! only in the first of their arguments. What several calls have in common before them,
//! back to a label or jump, becomes a routine at the end of the code that ends in a
//! jump to the callee; each of them becomes a call of the routine. That costs one
//! jump at run time.

use std::collections::HashMap;

use super::Isa;
use super::buffer::{Buffer, Item, Label};

/// The most instructions that are moved along with a call.
const LONGEST: usize = 8;

/// What an end calls.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Callee {
    /// A helper, by an instruction that is part of the end.
    Helper,
    Routine(Label),
}

/// A possible routine.
struct Candidate {
    /// Bytes of its code.
    bytes: u32,
    /// Bytes of a place that it replaces.
    each: u32,
    /// Instructions before the call.
    before: usize,
    /// Places of the calls.
    sites: Vec<usize>,
}

impl Candidate {
    /// Bytes that it saves, where a call of a routine takes `link`.
    fn saving(&self, link: u32) -> i64 {
        let each = i64::from(self.each) - i64::from(link);
        self.sites.len() as i64 * each - i64::from(self.bytes)
    }
}

/// Moves common ends of calls into routines, as long as that saves anything.
pub fn outline<I: Isa>(out: &mut Buffer<'_, I>) {
    let Some(link) = out.isa.link() else { return };
    let link_bytes = u32::from(out.isa.jump_bytes(link, 0).unwrap_or(0));
    let mut candidates = candidates(out, link);
    // Which routine an item has become part of; those of a site but the last vanish.
    let mut routines: Vec<Candidate> = Vec::new();
    let mut taken: HashMap<usize, usize> = HashMap::new();
    loop {
        for candidate in &mut candidates {
            candidate.sites.retain(|site| !taken.contains_key(site));
        }
        candidates.retain(|c| c.saving(link_bytes) > 0);
        let best = (0..candidates.len()).max_by_key(|&i| {
            (candidates[i].saving(link_bytes), std::cmp::Reverse(candidates[i].sites[0]))
        });
        let Some(best) = best else { break };
        let best = candidates.swap_remove(best);
        for &site in &best.sites {
            taken.insert(site, routines.len());
        }
        routines.push(best);
    }
    if routines.is_empty() {
        return;
    }
    rewrite(out, link, &routines, &taken);
}

/// All ends of calls, by what they call and their bytes.
fn candidates<I: Isa>(out: &Buffer<'_, I>, link: I::Jump) -> Vec<Candidate> {
    let mut found: HashMap<(Callee, Vec<u8>), Candidate> = HashMap::new();
    let always = u32::from(out.isa.jump_bytes(out.isa.always(), 0).unwrap_or(0));
    for (site, item) in out.items.iter().enumerate() {
        let (callee, mut key, extra) = match item {
            Item::Call { call, .. } => (Callee::Helper, call.bytes().to_vec(), 0),
            Item::Jump { jump, to, .. } if *jump == link && out.is_routine(*to) => {
                (Callee::Routine(*to), Vec::new(), always)
            }
            _ => continue,
        };
        let called = if callee == Callee::Helper { 0 } else { out.bytes(item) };
        let before = out.items[..site].iter().rev().take(LONGEST);
        for (index, item) in before.enumerate() {
            let Item::Code(code) = item else { break };
            key.extend(code.bytes());
            if code.glued {
                continue;
            }
            let bytes = key.len() as u32;
            let candidate = found.entry((callee, key.clone())).or_insert_with(|| Candidate {
                bytes: bytes + extra,
                each: bytes + called,
                before: index + 1,
                sites: Vec::new(),
            });
            candidate.sites.push(site);
        }
    }
    let mut all: Vec<Candidate> = found.into_values().filter(|c| c.sites.len() > 1).collect();
    // The same order in every run.
    all.sort_by_key(|c| (c.sites[0], c.before));
    all
}

fn rewrite<I: Isa>(
    out: &mut Buffer<'_, I>,
    link: I::Jump,
    routines: &[Candidate],
    taken: &HashMap<usize, usize>,
) {
    let labels: Vec<_> = routines.iter().map(|_| out.label()).collect();
    let items = std::mem::take(&mut out.items);
    let mut ends = Vec::new();
    for routine in routines {
        let site = routine.sites[0];
        let mut end = Vec::new();
        for item in &items[site - routine.before..=site] {
            match item {
                Item::Code(code) | Item::Call { tail: code, .. } => end.push(Item::Code(*code)),
                Item::Jump { to, .. } => {
                    end.push(Item::Jump { jump: out.isa.always(), to: *to, form: 0 });
                }
                _ => {}
            }
        }
        ends.push(end);
    }
    let mut kept = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        match taken.get(&index) {
            Some(&routine) => {
                kept.truncate(kept.len() - routines[routine].before);
                kept.push(Item::Jump { jump: link, to: labels[routine], form: 0 });
            }
            None => kept.push(item),
        }
    }
    out.items = kept;
    for (label, end) in labels.into_iter().zip(ends) {
        out.gap();
        out.bind(label);
        out.items.extend(end);
    }
    out.gap();
}
