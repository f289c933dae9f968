//! Moves between two instructions, without those that change nothing.
//!
//! The allocator's moves and selection's copies are made without knowledge of each
//! other: what one puts into a register another may take from there at once. Each
//! move is made to read where its value first lay, and then dropped if nothing reads
//! what it writes.

use super::{Place, Reg};

/// Moves in order, each `(to, from)`.
#[derive(Default)]
pub struct Moves(Vec<(Place, Place)>);

impl Moves {
    pub fn push(&mut self, to: Place, from: Place) {
        if to == from {
            return;
        }
        // The last write of what is read, if what that one read is still there.
        let source = self.0.iter().rposition(|m| m.0 == from).filter(|&at| {
            let origin = self.0[at].1;
            !self.0[at..].iter().any(|m| m.0 == origin)
        });
        let from = match source.map(|at| self.0[at].1) {
            // A move needs a register.
            Some(origin) if matches!((to, origin), (Place::Reg(_), _) | (_, Place::Reg(_))) => {
                origin
            }
            _ => from,
        };
        if to != from {
            self.0.push((to, from));
        }
    }

    /// Drops what is never read; after the moves, `dead` registers are not.
    pub fn clean(&mut self, dead: impl Fn(Reg) -> bool) {
        let mut kept: Vec<(Place, Place)> = Vec::new();
        for (to, from) in self.0.drain(..).rev() {
            // What comes later decides: whoever reads it first, or writes it.
            let next = kept.iter().rev().find_map(|m| match m {
                (_, from) if *from == to => Some(true),
                (other, _) if *other == to => Some(false),
                _ => None,
            });
            let read = next.unwrap_or(match to {
                Place::Reg(reg) => !dead(reg),
                Place::Stack(_) => true,
            });
            if read {
                kept.push((to, from));
            }
        }
        kept.reverse();
        self.0 = kept;
    }

    /// Whether any reads or writes a register.
    pub fn touch(&self, reg: Reg) -> bool {
        let place = Place::Reg(reg);
        self.0.iter().any(|m| m.0 == place || m.1 == place)
    }

    /// Whether any writes a register.
    pub fn write(&self, reg: Reg) -> bool {
        self.0.iter().any(|m| m.0 == Place::Reg(reg))
    }

    /// The moves, to be made.
    pub fn take(&mut self) -> Vec<(Place, Place)> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reg(number: u8) -> Place {
        Place::Reg(Reg(number))
    }

    #[test]
    fn values_are_read_where_they_were() {
        let mut moves = Moves::default();
        moves.push(reg(0), reg(9));
        moves.push(reg(1), reg(0));
        moves.clean(|r| r == Reg(0));
        assert_eq!(moves.take(), [(reg(1), reg(9))]);
    }

    #[test]
    fn a_changed_origin_is_not_read() {
        let mut moves = Moves::default();
        moves.push(reg(0), reg(9));
        moves.push(reg(9), reg(4));
        moves.push(reg(1), reg(0));
        moves.clean(|_| false);
        assert_eq!(moves.take(), [(reg(0), reg(9)), (reg(9), reg(4)), (reg(1), reg(0))]);
    }

    #[test]
    fn a_swap_stays() {
        let swap = [(reg(12), reg(0)), (reg(0), reg(1)), (reg(1), reg(12))];
        let mut moves = Moves::default();
        for (to, from) in swap {
            moves.push(to, from);
        }
        moves.clean(|r| r == Reg(12));
        assert_eq!(moves.take(), swap);
    }
}
