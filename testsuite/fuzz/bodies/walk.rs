//! A model of the interpreter that makes every choice at random.
//!
//! It knows no values, only what sort of word each stack slot holds, and follows the
//! published semantics of each instruction, with exceptions anywhere. On a function
//! that the verifier accepted none of its assertions may fail: they are what an
//! interpreter without checks relies on.

use super::rng::Rng;
use mpy_format::{BinaryOp, Flow, Instr, Opcode, Prelude};

#[derive(Clone, Copy, PartialEq, Debug)]
enum Slot {
    Object,
    /// `True` or `False`.
    Bool(bool),
    None,
    Null,
    Iter(u8),
    Exit,
    ExitSelf,
    /// An exception; whether a `finally` was entered with it.
    Exc(bool),
    /// How many blocks an unwinding jump still leaves, or a return.
    Cause(Option<u8>),
    /// Where an unwinding jump goes.
    Target(u32),
}

impl Slot {
    fn is_object(self) -> bool {
        matches!(self, Slot::Object | Slot::Bool(_) | Slot::None | Slot::Exc(_) | Slot::Cause(_))
    }
}

#[derive(Clone, Copy, Debug)]
struct Block {
    handler: u32,
    base: usize,
    finally: bool,
}

struct Walker<'a> {
    code: &'a [u8],
    stack: Vec<Slot>,
    room: usize,
    blocks: Vec<Block>,
    n_blocks: usize,
    ip: u32,
}

/// Takes at most `steps` steps from the first instruction.
pub fn walk(code: &[u8], prelude: &Prelude<'_>, rng: &mut Rng, steps: usize) {
    let signature = &prelude.signature;
    let mut locals = signature
        .filled_locals()
        .max(prelude.cells.iter().map(|&c| u32::from(c) + 1).max().unwrap_or(0));
    for instr in mpy_format::instr::instrs(code) {
        let instr = instr.expect("verified");
        if matches!(
            instr.opcode.name().rsplit_once("FAST").map(|p| p.1),
            Some("_N" | "_MULTI" | "")
        ) || instr.opcode.name().ends_with("DEREF")
        {
            locals = locals.max(instr.arg + 1);
        }
    }
    let room = signature.n_state.checked_sub(locals).expect("locals fit the frame") as usize;
    let n_blocks = signature.n_exc_stack as usize;
    let mut walker = Walker { code, stack: Vec::new(), room, blocks: Vec::new(), n_blocks, ip: 0 };
    for _ in 0..steps {
        if !walker.step(rng) {
            return;
        }
    }
}

impl Walker<'_> {
    fn push(&mut self, slot: Slot) {
        self.stack.push(slot);
        assert!(self.stack.len() <= self.room, "stack overflow at {}", self.ip);
    }

    fn pop(&mut self) -> Slot {
        self.stack.pop().expect("stack underflow")
    }

    fn pop_objects(&mut self, n: u32) {
        for _ in 0..n {
            let slot = self.pop();
            assert!(slot.is_object(), "{slot:?} is no object at {}", self.ip);
        }
    }

    fn pop_word(&mut self) {
        let slot = self.pop();
        assert!(slot == Slot::Null || slot.is_object(), "{slot:?} at {}", self.ip);
    }

    fn top(&self) -> Slot {
        *self.stack.last().expect("a top")
    }

    /// Goes to the innermost handler that does not run; false when there is none.
    fn raise(&mut self) -> bool {
        while self.blocks.last().is_some_and(|b| b.handler <= self.ip) {
            self.blocks.pop();
        }
        let Some(&block) = self.blocks.last() else { return false };
        assert!(block.base <= self.stack.len());
        self.stack.truncate(block.base);
        self.ip = block.handler;
        self.push(Slot::Exc(block.finally));
        true
    }

    fn step(&mut self, rng: &mut Rng) -> bool {
        let instr = Instr::read(self.code, self.ip as usize).expect("control stays in the code");
        // Injected exceptions and interrupts come between instructions too.
        if instr.opcode.raises() && rng.one_in(8) {
            return self.raise();
        }
        let next = instr.next;
        match instr.opcode {
            Opcode::LoadConstNone => self.push(Slot::None),
            Opcode::LoadNull => {
                self.push(Slot::Null);
                // A generator expression's iterator, made by hand.
                let n = self.stack.len();
                if n >= 4 && self.stack[n - 4] == Slot::Null && self.stack[n - 2] == Slot::Null {
                    for i in 0..4 {
                        self.stack[n - 4 + i] = Slot::Iter(i as u8);
                    }
                }
            }
            Opcode::DupTop => self.push(self.top()),
            Opcode::DupTopTwo => {
                let n = self.stack.len();
                self.push(self.stack[n - 2]);
                self.push(self.stack[n - 1]);
            }
            Opcode::PopTop => {
                let slot = self.pop();
                assert!(
                    !matches!(slot, Slot::Target(_) | Slot::Exit | Slot::ExitSelf),
                    "{slot:?} dropped"
                );
            }
            Opcode::RotTwo => {
                let n = self.stack.len();
                self.stack[n - 2..].rotate_right(1);
            }
            Opcode::RotThree => {
                let n = self.stack.len();
                self.stack[n - 3..].rotate_right(1);
            }
            Opcode::LoadMethod | Opcode::LoadSuperMethod => {
                self.pop_objects(instr.stack_effect().0);
                self.push(Slot::Object);
                self.push(if rng.one_in(2) { Slot::Null } else { Slot::Object });
            }
            Opcode::StoreSubscr | Opcode::StoreAttr => {
                self.pop_objects(instr.stack_effect().0 - 1);
                self.pop_word();
            }
            Opcode::MakeFunctionDefargs | Opcode::MakeClosureDefargs => {
                self.pop_objects(u32::from(instr.extra));
                self.pop_word();
                self.pop_word();
                self.push(Slot::Object);
            }
            Opcode::CallFunction
            | Opcode::CallMethod
            | Opcode::CallFunctionVarKw
            | Opcode::CallMethodVarKw => {
                self.call(&instr);
            }
            Opcode::StoreComp => {
                let at = self
                    .stack
                    .len()
                    .checked_sub(1 + (instr.arg as usize >> 2))
                    .expect("in the stack");
                assert!(self.stack[at].is_object());
                self.pop_objects(instr.stack_effect().0);
            }
            Opcode::BinaryOpMulti => {
                self.pop_objects(1);
                let left = self.pop();
                assert!(left.is_object());
                let result = match left {
                    _ if instr.arg != BinaryOp::ExceptionMatch as u32 => Slot::Object,
                    Slot::Exc(finally) => Slot::Bool(finally || rng.one_in(2)),
                    _ => Slot::Bool(false),
                };
                self.push(result);
            }
            Opcode::PopJumpIfTrue | Opcode::PopJumpIfFalse => {
                let slot = self.pop();
                assert!(slot.is_object());
                let truth = if let Slot::Bool(truth) = slot { truth } else { rng.one_in(2) };
                self.ip =
                    if truth == (instr.opcode == Opcode::PopJumpIfTrue) { instr.arg } else { next };
                return true;
            }
            Opcode::JumpIfTrueOrPop | Opcode::JumpIfFalseOrPop => {
                assert!(self.top().is_object());
                if rng.one_in(2) {
                    self.ip = instr.arg;
                    return true;
                }
                self.pop();
            }
            Opcode::GetIterStack => {
                self.pop_objects(1);
                (0..4).for_each(|i| self.push(Slot::Iter(i)));
            }
            Opcode::ForIter => {
                let n = self.stack.len().checked_sub(4).expect("an iterator");
                assert_eq!(
                    self.stack[n..],
                    [Slot::Iter(0), Slot::Iter(1), Slot::Iter(2), Slot::Iter(3)]
                );
                if rng.one_in(3) {
                    self.stack.truncate(n);
                    self.ip = instr.arg;
                    return true;
                }
                self.push(Slot::Object);
            }
            Opcode::SetupWith => {
                self.pop_objects(1);
                self.push(Slot::Exit);
                self.push(Slot::ExitSelf);
                self.setup(instr.arg, true);
                self.push(Slot::Object);
            }
            Opcode::SetupExcept => self.setup(instr.arg, false),
            Opcode::SetupFinally => self.setup(instr.arg, true),
            Opcode::WithCleanup => self.with_cleanup(rng),
            Opcode::EndFinally => {
                self.blocks.pop().expect("a block to end");
                return match self.pop() {
                    Slot::None => {
                        self.ip = next;
                        true
                    }
                    Slot::Cause(None) => self.unwind_return(),
                    Slot::Cause(Some(count)) => self.unwind_jump(count),
                    Slot::Exc(_) => self.raise(),
                    slot => panic!("{slot:?} ends a finally at {}", self.ip),
                };
            }
            Opcode::PopExceptJump => {
                self.blocks.pop().expect("a block to leave");
                self.ip = instr.arg;
                return true;
            }
            Opcode::UnwindJump => {
                self.stack.push(Slot::Target(instr.arg));
                return self.unwind_jump(instr.extra);
            }
            Opcode::ReturnValue => {
                assert!(self.top().is_object());
                return self.unwind_return();
            }
            opcode => {
                let (pops, pushes) = instr.stack_effect();
                self.pop_objects(pops);
                (0..pushes).for_each(|_| self.push(Slot::Object));
                match opcode.flow() {
                    Flow::Stop => return self.raise(),
                    Flow::Jump => {
                        self.ip = instr.arg;
                        return true;
                    }
                    _ => {}
                }
            }
        }
        self.ip = next;
        true
    }

    fn call(&mut self, instr: &Instr) {
        let starred = matches!(instr.opcode, Opcode::CallFunctionVarKw | Opcode::CallMethodVarKw);
        let method = matches!(instr.opcode, Opcode::CallMethod | Opcode::CallMethodVarKw);
        self.pop_objects(u32::from(starred));
        for _ in 0..instr.arg >> 8 & 0xff {
            self.pop_objects(1);
            if starred { self.pop_word() } else { self.pop_objects(1) }
        }
        self.pop_objects(instr.arg & 0xff);
        if method {
            self.pop_word();
        }
        self.pop_objects(1);
        self.push(Slot::Object);
    }

    fn setup(&mut self, handler: u32, finally: bool) {
        self.blocks.push(Block { handler, base: self.stack.len(), finally });
        assert!(self.blocks.len() <= self.n_blocks, "block overflow at {}", self.ip);
    }

    fn with_cleanup(&mut self, rng: &mut Rng) {
        let n = self.stack.len();
        let below = if matches!(self.top(), Slot::Cause(_)) { 2 } else { 1 };
        let at = n.checked_sub(below + 2).expect("an exit function");
        assert_eq!(self.stack[at..at + 2], [Slot::Exit, Slot::ExitSelf]);
        assert!(at + 5 <= self.room, "no room for the arguments of the exit function");
        let cause = self.top();
        self.stack.drain(at..at + 2);
        if matches!(cause, Slot::Exc(_)) && rng.one_in(2) {
            self.pop();
            self.push(Slot::None);
        }
    }

    /// The stack ends with the target.
    fn unwind_jump(&mut self, count: u8) -> bool {
        let mut count = count;
        let Slot::Target(target) = self.top() else {
            panic!("{:?} is no target at {}", self.top(), self.ip)
        };
        while count & 0x7f > 0 {
            count -= 1;
            let block = *self.blocks.last().expect("a block to leave");
            if block.finally {
                if block.handler > self.ip {
                    assert_eq!(self.stack.len() - 1, block.base, "at {}", self.ip);
                    self.push(Slot::Cause(Some(count)));
                    self.ip = block.handler;
                    return true;
                }
                self.cancel_cause();
            }
            self.blocks.pop();
        }
        self.pop();
        if count & 0x80 != 0 {
            let n = self.stack.len() - 4;
            assert_eq!(
                self.stack[n..],
                [Slot::Iter(0), Slot::Iter(1), Slot::Iter(2), Slot::Iter(3)]
            );
            self.stack.truncate(n);
        }
        self.ip = target;
        true
    }

    /// Drops the cause below the top entry.
    fn cancel_cause(&mut self) {
        let top = self.pop();
        match self.pop() {
            Slot::Cause(_) => {
                self.pop();
            }
            Slot::None | Slot::Exc(_) => {}
            slot => panic!("{slot:?} is no cause at {}", self.ip),
        }
        self.push(top);
    }

    /// The stack ends with the value. A block that runs its handler already is left
    /// with everything above its base.
    fn unwind_return(&mut self) -> bool {
        while let Some(&block) = self.blocks.last() {
            if block.finally && block.handler > self.ip {
                let value = self.pop();
                assert!(block.base <= self.stack.len());
                self.stack.truncate(block.base);
                self.push(value);
                self.push(Slot::Cause(None));
                self.ip = block.handler;
                return true;
            }
            self.blocks.pop();
        }
        false
    }
}
