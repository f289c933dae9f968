//! Machine instructions over virtual registers, as the allocator sees them.

use std::ops::Range;

use regalloc2::{
    Block, Function, Inst, InstRange, Operand, OperandConstraint, OperandKind, OperandPos, PRegSet,
    RegClass, VReg,
};

use super::{HelperCall, Helping, Isa, Pin, Reg};

/// An operand and what is asked of its register.
#[derive(Clone, Copy, Debug)]
pub struct Opd(pub Operand);

impl Opd {
    /// Read, in any register.
    pub fn read(reg: VReg) -> Opd {
        Opd(Operand::reg_use(reg))
    }

    /// Written after everything was read, to any register.
    pub fn write(reg: VReg) -> Opd {
        Opd(Operand::reg_def(reg))
    }

    /// Written while operands are still to be read.
    pub fn early(reg: VReg) -> Opd {
        Opd(Operand::reg_def_at_start(reg))
    }

    /// Read up to the end, while results are written.
    pub fn late(reg: VReg) -> Opd {
        Opd(Operand::reg_use_at_end(reg))
    }

    /// Written to the register of the operand with this index.
    pub fn reuse(reg: VReg, index: usize) -> Opd {
        Opd(Operand::reg_reuse_def(reg, index))
    }

    /// A register to work with.
    pub fn temp(reg: VReg) -> Opd {
        Opd(Operand::reg_temp(reg))
    }

    pub fn read_in(reg: VReg, place: Reg) -> Opd {
        Opd(Operand::reg_fixed_use(reg, place.preg()))
    }

    /// Read, in a register that is never allocated.
    pub fn pinned(place: Reg) -> Opd {
        Opd(Operand::fixed_nonallocatable(place.preg()))
    }

    pub fn write_in(reg: VReg, place: Reg) -> Opd {
        Opd(Operand::reg_fixed_def(reg, place.preg()))
    }

    /// The same in one of the registers below `limit`, a power of two.
    pub fn below(self, limit: usize) -> Opd {
        let Opd(o) = self;
        match o.constraint() {
            OperandConstraint::Reg => {
                Opd(Operand::new(o.vreg(), OperandConstraint::Limit(limit), o.kind(), o.pos()))
            }
            _ => self,
        }
    }

    /// Whether the operand is read.
    pub fn is_read(self) -> bool {
        self.0.kind() == OperandKind::Use && self.0.pos() == OperandPos::Early
    }
}

/// What an instruction does.
#[derive(Clone, Copy, Debug)]
pub enum What<K> {
    /// Defines the parameters.
    Params,
    Plain(K),
    Call(K),
    Helper(HelperCall),
    /// Copies the second operand to the first.
    Copy,
    /// Goes to the first successor where the kind's condition holds, else to the
    /// second.
    Branch(K),
    Jump,
    Return,
    /// Control does not come here.
    Stop,
}

/// One instruction.
#[derive(Clone, Debug)]
pub struct MachInst<K> {
    pub what: What<K>,
    pub operands: Range<u32>,
}

/// One block.
#[derive(Clone, Debug, Default)]
pub struct MachBlock {
    pub insts: Range<u32>,
    pub params: Vec<VReg>,
    pub succs: Vec<Block>,
    pub preds: Vec<Block>,
    /// Arguments for the parameters of each successor.
    pub args: Vec<Vec<VReg>>,
}

/// A function.
pub struct VCode<I: Isa> {
    pub insts: Vec<MachInst<I::Kind>>,
    pub operands: Vec<Operand>,
    /// Each after all that dominate it.
    pub blocks: Vec<MachBlock>,
    /// Numbers of the blocks in the order of emission.
    pub order: Vec<usize>,
    pub vregs: usize,
    pub clobbers: PRegSet,
    /// Bytes of outgoing arguments.
    pub outgoing: u32,
    /// Bytes of CLIF's stack slots.
    pub slots: u32,
    /// Helpers that have a register, which is not to be allocated.
    pub pins: Vec<Pin>,
}

impl<I: Isa> VCode<I> {
    /// Gives the helpers with most calls the registers that the instruction set has for
    /// them.
    pub fn pin(&mut self, isa: &I) {
        let mut counts: Vec<(i32, u32)> = Vec::new();
        for inst in &self.insts {
            if let What::Helper(HelperCall { callee: Helping::Table(offset), .. }) = inst.what {
                match counts.iter_mut().find(|c| c.0 == offset) {
                    Some(count) => count.1 += 1,
                    None => counts.push((offset, 1)),
                }
            }
        }
        counts.sort_by_key(|&(offset, count)| (std::cmp::Reverse(count), offset));
        for (&(offset, count), &(reg, least)) in counts.iter().zip(isa.pins()) {
            if count >= least {
                self.pins.push(Pin { offset, reg });
            }
        }
    }

    pub fn inst(&self, inst: Inst) -> &MachInst<I::Kind> {
        &self.insts[inst.index()]
    }
}

impl<I: Isa> Function for VCode<I> {
    fn num_insts(&self) -> usize {
        self.insts.len()
    }

    fn num_blocks(&self) -> usize {
        self.blocks.len()
    }

    fn entry_block(&self) -> Block {
        Block::new(0)
    }

    fn block_insns(&self, block: Block) -> InstRange {
        let range = &self.blocks[block.index()].insts;
        InstRange::new(Inst::new(range.start as usize), Inst::new(range.end as usize))
    }

    fn block_succs(&self, block: Block) -> &[Block] {
        &self.blocks[block.index()].succs
    }

    fn block_preds(&self, block: Block) -> &[Block] {
        &self.blocks[block.index()].preds
    }

    fn block_params(&self, block: Block) -> &[VReg] {
        &self.blocks[block.index()].params
    }

    fn is_ret(&self, inst: Inst) -> bool {
        matches!(self.inst(inst).what, What::Return | What::Stop)
    }

    fn is_branch(&self, inst: Inst) -> bool {
        matches!(self.inst(inst).what, What::Branch(_) | What::Jump)
    }

    fn branch_blockparams(&self, block: Block, _: Inst, successor: usize) -> &[VReg] {
        &self.blocks[block.index()].args[successor]
    }

    fn inst_operands(&self, inst: Inst) -> &[Operand] {
        let range = &self.inst(inst).operands;
        &self.operands[range.start as usize..range.end as usize]
    }

    fn inst_clobbers(&self, inst: Inst) -> PRegSet {
        if !matches!(self.inst(inst).what, What::Call(_) | What::Helper(_)) {
            return PRegSet::empty();
        }
        // What is defined is no clobber.
        let mut clobbers = self.clobbers;
        for operand in self.inst_operands(inst) {
            if let (OperandKind::Def, OperandConstraint::FixedReg(reg)) =
                (operand.kind(), operand.constraint())
            {
                clobbers.remove(reg);
            }
        }
        clobbers
    }

    fn num_vregs(&self) -> usize {
        self.vregs
    }

    fn spillslot_size(&self, _: RegClass) -> usize {
        1
    }
}
