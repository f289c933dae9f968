//! Register allocation, frame, and the walk of emission.

#[cfg(test)]
use regalloc2::MachineEnv;
use regalloc2::{
    Allocation, AllocationKind, Block, Edit, Function, Inst, InstOrEdit, OperandKind, Output,
    RegallocOptions,
};

use super::moves::Moves;
use super::vcode::{VCode, What};
use super::{Arg, Buffer, Done, Entry, Error, Frame, HelperCall, Isa, Label, Place, Reg};

/// Emits a function.
pub fn emit<I: Isa>(
    isa: &I,
    vcode: &VCode<I>,
    entry: Entry,
    out: &mut Buffer<'_, I>,
) -> Result<Done, Error> {
    let options = RegallocOptions { validate_ssa: cfg!(debug_assertions), ..Default::default() };
    let mut registers = isa.registers().clone();
    for pin in &vcode.pins {
        registers.preferred_regs_by_class[0].remove(pin.reg.preg());
        registers.non_preferred_regs_by_class[0].remove(pin.reg.preg());
    }
    let output = regalloc2::run(vcode, &registers, &options)
        .map_err(|e| Error::Registers(format!("{e:?}")))?;
    #[cfg(test)]
    check(&registers, vcode, &output);
    let frame = frame(isa, vcode, entry, &output);
    let emitter = Emitter { isa, vcode, output: &output, frame };
    let exit = emitter.run(out);
    Ok(Done { frame: emitter.frame, exit })
}

/// Runs the allocator's checker, and shows the code where it finds an error.
#[cfg(test)]
fn check<I: Isa>(registers: &MachineEnv, vcode: &VCode<I>, output: &Output) {
    let mut checker = regalloc2::checker::Checker::new(vcode, registers);
    checker.prepare(output);
    if let Err(errors) = checker.run() {
        for (number, block) in vcode.blocks.iter().enumerate() {
            eprintln!("block{number} {:?} -> {:?} {:?}", block.params, block.succs, block.args);
            for step in output.block_insts_and_edits(vcode, Block::new(number)) {
                match step {
                    InstOrEdit::Edit(edit) => eprintln!("        {edit:?}"),
                    InstOrEdit::Inst(inst) => {
                        let operands = vcode.inst_operands(inst);
                        let what = vcode.inst(inst).what;
                        let allocs = output.inst_allocs(inst);
                        eprintln!("    {} {what:?} {operands:?} {allocs:?}", inst.index());
                    }
                }
            }
        }
        panic!("register allocation is wrong: {errors:?}");
    }
}

fn frame<I: Isa>(isa: &I, vcode: &VCode<I>, entry: Entry, output: &Output) -> Frame {
    let convention = isa.convention();
    let edits = output.edits.iter().flat_map(|(_, Edit::Move { from, to })| [*from, *to]);
    let mut used: Vec<Reg> = output
        .allocs
        .iter()
        .copied()
        .chain(edits)
        .filter_map(|a| a.as_reg())
        .map(|r| Reg(r.hw_enc() as u8))
        .filter(|r| convention.saved.contains(r) && Some(*r) != convention.table)
        .collect();
    used.extend(vcode.pins.iter().map(|pin| pin.reg));
    used.extend(convention.table.filter(|_| entry.table.is_some()));
    used.sort_unstable();
    used.dedup();
    let word = convention.word;
    let slots = vcode.outgoing + word * output.num_spillslots as u32;
    let (outgoing, pins) = (vcode.outgoing, vcode.pins.clone());
    let mut frame = Frame { outgoing, slots, size: 0, saved: used, entry, pins };
    // The return address is saved as well.
    let pushed = word * (frame.saved.len() as u32 + 1) + frame.arguments(word);
    let size = (slots + vcode.slots + pushed).next_multiple_of(convention.align) - pushed;
    frame.size = size;
    frame
}

struct Emitter<'a, I: Isa> {
    isa: &'a I,
    vcode: &'a VCode<I>,
    output: &'a Output,
    frame: Frame,
}

impl<I: Isa> Emitter<'_, I> {
    /// Loads the names among a call's arguments: before the moves, if those allow it,
    /// so that calls which differ in names have the same end. Of the moves, it leaves
    /// those that the call needs.
    fn names(
        &self,
        out: &mut Buffer<'_, I>,
        inst: Inst,
        call: &HelperCall,
        regs: &[Reg],
        moves: &mut Moves,
    ) {
        let convention = self.isa.convention();
        let operands = self.vcode.inst_operands(inst);
        let used: Vec<Reg> = operands
            .iter()
            .zip(regs)
            .filter_map(|(o, reg)| (o.kind() == OperandKind::Use).then_some(*reg))
            .collect();
        moves.clean(|reg| convention.clobbers.contains(reg.preg()) && !used.contains(&reg));
        let mut names = Vec::new();
        for (index, arg) in call.args.iter().take(usize::from(call.count)).enumerate() {
            if let Arg::Name { operand, offset } = *arg {
                names.push((self.isa.argument(call, index), regs[usize::from(operand)], offset));
            }
        }
        if names.iter().any(|&(to, base, _)| moves.touch(to) || moves.write(base)) {
            for (to, from) in moves.take() {
                self.isa.mov(out, to, from);
            }
        }
        for (to, base, offset) in names {
            self.isa.name(out, to, base, offset);
        }
    }

    fn place(&self, allocation: Allocation) -> Place {
        match allocation.kind() {
            AllocationKind::Stack => {
                let slot = allocation.as_stack().map_or(0, |s| s.index()) as u32;
                Place::Stack(self.frame.outgoing + self.isa.convention().word * slot)
            }
            _ => Place::Reg(allocation.as_reg().map_or(Reg(0), |r| Reg(r.hw_enc() as u8))),
        }
    }

    /// The block that a block does nothing but jump to.
    fn passed_on(&self, block: Block) -> Option<Block> {
        let [to] = self.vcode.blocks[block.index()].succs[..] else { return None };
        for step in self.output.block_insts_and_edits(self.vcode, block) {
            match step {
                InstOrEdit::Inst(inst) => match self.vcode.inst(inst).what {
                    What::Jump => {}
                    _ => return None,
                },
                InstOrEdit::Edit(Edit::Move { from, to }) if from == to => {}
                InstOrEdit::Edit(_) => return None,
            }
        }
        Some(to)
    }

    /// Emits the blocks and the routines; gives the label of the code that returns.
    fn run(&self, out: &mut Buffer<'_, I>) -> Option<Label> {
        let count = self.vcode.blocks.len();
        let passed: Vec<Option<Block>> =
            (0..count).map(|i| if i == 0 { None } else { self.passed_on(Block::new(i)) }).collect();
        let resolve = |mut block: Block| {
            // A cycle of blocks that do nothing is an endless loop: stop anywhere.
            for _ in 0..count {
                match passed[block.index()] {
                    Some(to) if to != block => block = to,
                    _ => break,
                }
            }
            block
        };
        let targets: Vec<Vec<Block>> = self
            .vcode
            .blocks
            .iter()
            .map(|b| b.succs.iter().map(|s| resolve(*s)).collect())
            .collect();
        let mut wanted = vec![false; count];
        let mut todo = vec![0];
        while let Some(block) = todo.pop() {
            if !std::mem::replace(&mut wanted[block], true) {
                todo.extend(targets[block].iter().map(|b: &Block| b.index()));
            }
        }
        let labels: Vec<Label> = (0..count).map(|_| out.label()).collect();
        let order: Vec<usize> = self.vcode.order.iter().copied().filter(|i| wanted[*i]).collect();
        let mut exit = None;
        self.isa.prologue(out, &self.frame);
        for (at, &block) in order.iter().enumerate() {
            out.bind(labels[block]);
            let next = order.get(at + 1).copied();
            self.block(out, Block::new(block), &targets[block], next, &labels, &mut exit);
        }
        while let Some((routine, label)) = out.next_routine() {
            out.bind(label);
            self.isa.routine(out, routine);
        }
        exit
    }

    fn block(
        &self,
        out: &mut Buffer<'_, I>,
        block: Block,
        targets: &[Block],
        next: Option<usize>,
        labels: &[Label],
        exit: &mut Option<Label>,
    ) {
        let label = |block: Block| labels[block.index()];
        let is_next = |block: Block| next == Some(block.index());
        // What stands before the next instruction.
        let mut moves = Moves::default();
        for step in self.output.block_insts_and_edits(self.vcode, block) {
            let inst = match step {
                InstOrEdit::Edit(Edit::Move { from, to }) => {
                    moves.push(self.place(*to), self.place(*from));
                    continue;
                }
                InstOrEdit::Inst(inst) => inst,
            };
            let regs: Vec<Reg> = self
                .output
                .inst_allocs(inst)
                .iter()
                .map(|a| a.as_reg().map_or(Reg(0), |r| Reg(r.hw_enc() as u8)))
                .collect();
            let what = self.vcode.inst(inst).what;
            match what {
                What::Copy => {
                    moves.push(Place::Reg(regs[0]), Place::Reg(regs[1]));
                    continue;
                }
                What::Helper(call) => self.names(out, inst, &call, &regs, &mut moves),
                _ => {}
            }
            for (to, from) in moves.take() {
                self.isa.mov(out, to, from);
            }
            match what {
                What::Params | What::Stop => {}
                What::Plain(kind) | What::Call(kind) => {
                    self.isa.emit(out, kind, &regs, &self.frame);
                }
                What::Copy => {}
                What::Helper(call) => self.isa.helper(out, &call, &self.frame),
                What::Branch(kind) => {
                    let (yes, no) = (targets[0], targets[1]);
                    let jump = self.isa.test(out, kind, &regs);
                    if is_next(yes) {
                        out.jump(self.isa.opposite(jump), label(no));
                    } else {
                        out.jump(jump, label(yes));
                        if !is_next(no) {
                            out.jump(self.isa.always(), label(no));
                            out.gap();
                        }
                    }
                }
                What::Jump => {
                    if !is_next(targets[0]) {
                        out.jump(self.isa.always(), label(targets[0]));
                        out.gap();
                    }
                }
                What::Return => match *exit {
                    Some(exit) if !self.isa.returns_at_once(&self.frame) => {
                        out.jump(self.isa.always(), exit);
                        out.gap();
                    }
                    _ => {
                        let label = out.label();
                        out.bind(label);
                        *exit = Some(label);
                        self.isa.epilogue(out, &self.frame);
                        out.gap();
                    }
                },
            }
        }
    }
}
