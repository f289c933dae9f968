//! Ways to the same place that end alike share their end.
//!
//! Where several blocks go to the same label and say the same before, all but one of them
//! jump into the one instead. Nothing is executed that was not before: a jump takes the
//! place of a jump. Then jumps to jumps go where those go, and jumps that nobody comes to,
//! or that lead to what follows, vanish.

use std::collections::{HashMap, HashSet};

use super::Isa;
use super::buffer::{Buffer, Item, Label};

/// The most items that are shared.
const LONGEST: usize = 24;

/// A way to a label.
#[derive(Clone, Copy)]
struct Site {
    /// Index of the jump, or of the label if control falls into it.
    end: usize,
    falls: bool,
}

/// An end that several ways have.
struct Candidate {
    bytes: u32,
    items: usize,
    sites: Vec<Site>,
}

impl Candidate {
    fn saving(&self) -> u32 {
        (self.sites.len() as u32 - 1) * self.bytes
    }

    fn range(&self, site: &Site) -> std::ops::Range<usize> {
        site.end - self.items..site.end
    }
}

/// Shares ends until there are none to share.
pub fn share<I: Isa>(out: &mut Buffer<'_, I>) {
    while share_once(out) {}
}

fn share_once<I: Isa>(out: &mut Buffer<'_, I>) -> bool {
    thread(out);
    let mut candidates = candidates(out);
    let mut taken = HashSet::new();
    let mut chosen = Vec::new();
    // The best first; the same order in every run.
    candidates.sort_by_key(|c| (std::cmp::Reverse(c.saving()), c.sites[0].end, c.items));
    for mut candidate in candidates {
        let items = candidate.items;
        candidate.sites.retain(|site| (site.end - items..=site.end).all(|i| !taken.contains(&i)));
        if candidate.sites.len() > 1 {
            for site in &candidate.sites {
                taken.extend(candidate.range(site));
                taken.insert(site.end);
            }
            chosen.push(candidate);
        }
    }
    rewrite(out, &chosen);
    !chosen.is_empty()
}

/// For every label the first of those that are bound to the same place.
fn places<I: Isa>(out: &Buffer<'_, I>) -> HashMap<Label, Label> {
    let mut places = HashMap::new();
    let mut first = None;
    for item in &out.items {
        match item {
            Item::Label(label) => {
                places.insert(*label, *first.get_or_insert(*label));
            }
            _ => first = None,
        }
    }
    places
}

fn candidates<I: Isa>(out: &Buffer<'_, I>) -> Vec<Candidate> {
    let always = out.isa.always();
    let places = places(out);
    let place = |label: &Label| places.get(label).copied().unwrap_or(*label);
    let mut found: HashMap<(Label, Vec<u8>), Candidate> = HashMap::new();
    for (end, item) in out.items.iter().enumerate() {
        let (to, falls) = match item {
            Item::Jump { jump, to, .. } if *jump == always => (place(to), false),
            Item::Label(label) => (place(label), true),
            _ => continue,
        };
        let (mut key, mut bytes) = (Vec::new(), 0);
        for (index, item) in out.items[..end].iter().rev().take(LONGEST).enumerate() {
            let mut whole = true;
            match item {
                Item::Code(code) => {
                    key.push(code.bytes().len() as u8);
                    key.extend(code.bytes());
                    whole = !code.glued;
                }
                Item::Call { call, .. } => {
                    key.push(0x10);
                    key.extend(call.bytes());
                }
                Item::Jump { jump, to, .. } if *jump != always => {
                    key.push(0x20);
                    key.extend(format!("{jump:?} {:?}", place(to)).bytes());
                }
                Item::Literal { jump, value, .. } => {
                    key.push(0x30);
                    key.extend(format!("{jump:?} {value}").bytes());
                }
                _ => break,
            }
            bytes += out.bytes(item);
            if whole {
                let candidate = found.entry((to, key.clone())).or_insert_with(|| Candidate {
                    bytes,
                    items: index + 1,
                    sites: Vec::new(),
                });
                candidate.sites.push(Site { end, falls });
            }
        }
    }
    found.into_values().filter(|c| c.sites.len() > 1).collect()
}

fn rewrite<I: Isa>(out: &mut Buffer<'_, I>, chosen: &[Candidate]) {
    let mut gone = HashSet::new();
    let mut jumps = HashMap::new();
    let mut labels = HashMap::new();
    for candidate in chosen {
        let label = out.label();
        // One that control falls from stays: it has no jump.
        let kept = candidate.sites.iter().find(|s| s.falls).unwrap_or(&candidate.sites[0]).end;
        for site in &candidate.sites {
            if site.end == kept {
                labels.insert(candidate.range(site).start, label);
            } else {
                gone.extend(candidate.range(site));
                jumps.insert(site.end, label);
            }
        }
    }
    let always = out.isa.always();
    for (index, item) in std::mem::take(&mut out.items).into_iter().enumerate() {
        if let Some(label) = labels.get(&index) {
            out.bind(*label);
        }
        match jumps.get(&index) {
            _ if gone.contains(&index) => {}
            Some(label) => out.jump(always, *label),
            None => out.items.push(item),
        }
    }
}

/// Jumps go where control ends up; those that have no effect vanish.
fn thread<I: Isa>(out: &mut Buffer<'_, I>) {
    let always = out.isa.always();
    let places = places(out);
    let place = |label: Label| places.get(&label).copied().unwrap_or(label);
    // Places that only jump on.
    let mut onward: HashMap<Label, Label> = HashMap::new();
    let mut here = None;
    for item in &out.items {
        match item {
            Item::Label(label) => here = Some(place(*label)),
            Item::Jump { jump, to, .. } if *jump == always => {
                if let Some(label) = here.take() {
                    onward.insert(label, place(*to));
                }
            }
            _ => here = None,
        }
    }
    let resolve = |to: Label| {
        let mut at = place(to);
        // A circle is an endless loop: stop anywhere.
        for _ in 0..onward.len() {
            match onward.get(&at) {
                Some(next) => at = *next,
                None => break,
            }
        }
        at
    };
    let mut wanted = HashSet::new();
    for item in &mut out.items {
        if let Item::Jump { to, .. } = item {
            *to = resolve(*to);
            wanted.insert(*to);
        }
    }
    // From behind, so that it is known what follows: `after` are the places before which
    // there is nothing but labels.
    let mut kept = Vec::with_capacity(out.items.len());
    let mut after = HashSet::new();
    for item in live(std::mem::take(&mut out.items), |label| wanted.contains(&place(label)))
        .into_iter()
        .rev()
    {
        match &item {
            Item::Jump { jump, to, .. } if *jump == always && after.contains(to) => {
                // Control goes on from here after all.
                let mark = |i: &Item<I::Jump>| matches!(i, Item::Label(_) | Item::Gap);
                let from = kept.iter().rposition(|i| !mark(i)).map_or(0, |last| last + 1);
                let labels = kept.split_off(from).into_iter().filter(|i| !matches!(i, Item::Gap));
                kept.extend(labels.collect::<Vec<_>>());
                continue;
            }
            Item::Label(label) => {
                after.insert(place(*label));
            }
            Item::Gap => {}
            _ => after.clear(),
        }
        kept.push(item);
    }
    kept.reverse();
    out.items = kept;
}

/// What control comes to, where only some labels are jumped to.
fn live<J>(items: Vec<Item<J>>, wanted: impl Fn(Label) -> bool) -> Vec<Item<J>> {
    let mut dead = false;
    let alive = move |item: &Item<J>| match item {
        Item::Gap => {
            dead = true;
            true
        }
        Item::Label(label) => {
            dead &= !wanted(*label);
            true
        }
        _ => !dead,
    };
    items.into_iter().filter(alive).collect()
}

#[cfg(test)]
mod tests {
    use mpy_format::Arch;

    use super::super::thumb::{Jump, Thumb};
    use super::*;
    use crate::asm::Cpu;

    /// Encodings from the Armv7-M manual.
    const ADDS_R0: [u8; 2] = [0x01, 0x30];
    const ADDS_R1: [u8; 2] = [0x01, 0x31];
    const ADDS_R2: [u8; 2] = [0x01, 0x32];
    const BX_LR: [u8; 2] = [0x70, 0x47];

    fn code(build: impl FnOnce(&mut Buffer<'_, Thumb>)) -> Vec<[u8; 2]> {
        let thumb = Thumb::new(Cpu::new(Arch::ArmV7M, 0).expect("a CPU with an assembler"));
        let mut out = Buffer::new(&thumb);
        build(&mut out);
        let bytes = out.finish().expect("all jumps reach");
        bytes.chunks(2).map(|pair| [pair[0], pair[1]]).collect()
    }

    /// `cbz` skips what differs; both ways then say the same before the same place.
    #[test]
    fn what_falls_stays_and_what_jumps_joins_it() {
        let done = code(|out| {
            let (other, end) = (out.label(), out.label());
            out.jump(Jump::Zero(super::super::Reg(3), true), other);
            for add in [ADDS_R2, ADDS_R0, ADDS_R1] {
                out.code(&add);
            }
            out.jump(Jump::Always, end);
            out.gap();
            out.bind(other);
            out.code(&ADDS_R0);
            out.code(&ADDS_R1);
            out.bind(end);
            out.code(&BX_LR);
        });
        // cbz r3, to adds r0; the jump to it vanishes.
        assert_eq!(done, [[0x03, 0xb1], ADDS_R2, ADDS_R0, ADDS_R1, BX_LR]);
    }

    /// Jumps to a jump go where that goes, and nobody needs it then.
    #[test]
    fn jumps_to_jumps_vanish() {
        let done = code(|out| {
            let (middle, end) = (out.label(), out.label());
            out.jump(Jump::Zero(super::super::Reg(3), true), middle);
            out.code(&ADDS_R0);
            out.code(&BX_LR);
            out.gap();
            out.bind(middle);
            out.jump(Jump::Always, end);
            out.gap();
            out.code(&ADDS_R2);
            out.bind(end);
            out.code(&ADDS_R1);
            out.code(&BX_LR);
        });
        // cbz r3, to adds r1; what nobody comes to is left out.
        assert_eq!(done, [[0x0b, 0xb1], ADDS_R0, BX_LR, ADDS_R1, BX_LR]);
    }
}
