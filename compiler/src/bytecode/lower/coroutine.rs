//! `await`, `async for`, `async with`: plain loops and `finally` parts around `yield from`.

use mpy_format::BinaryOp;

use super::Lower;
use super::call::positional;
use crate::bytecode::ir::{Op, SetupKind, Term};
use crate::hir::{Block, ExprId, Symbol};

impl Lower<'_> {
    /// The object on top runs until it is done; its result takes its place.
    pub(super) fn delegate(&mut self) {
        self.b.op(Op::GetIter);
        self.b.op(Op::LoadNone);
        self.b.op(Op::YieldFrom);
    }

    /// Calls a method of the top that takes no arguments and waits for its result.
    fn await_method(&mut self, name: Symbol) {
        self.b.op(Op::LoadMethod(name));
        self.b.op(Op::CallMethod(positional(0)));
        self.delegate();
    }

    /// The asynchronous iterator stays on the stack until the loop is left.
    pub(super) fn async_for(&mut self, target: ExprId, iter: ExprId, body: Block, orelse: Block) {
        let names = self.names;
        let (leave, again) = (self.b.label(), self.b.label());
        let (handler, got, over, other) =
            (self.b.label(), self.b.label(), self.b.label(), self.b.label());
        self.expr(iter);
        self.b.op(Op::LoadMethod(names.aiter));
        self.b.op(Op::CallMethod(positional(0)));
        self.b.place(again);
        self.b.setup(SetupKind::Except, handler);
        self.b.op(Op::Dup);
        self.await_method(names.anext);
        self.b.end(Term::PopExcept(got));

        self.b.place_handler(handler);
        self.b.op(Op::Dup);
        self.b.op(Op::LoadGlobal(names.stop_async_iteration));
        self.b.op(Op::Binary(BinaryOp::ExceptionMatch));
        self.b.branch(false, other);
        self.b.op(Op::Pop);
        self.b.end(Term::PopExcept(over));
        self.b.place(other);
        self.b.end(Term::Reraise);
        self.b.leave_region();

        self.b.place(got);
        self.store_target(target);
        self.loop_body(leave, again, false, body);
        self.b.jump(again);
        self.b.place(over);
        self.block(orelse);
        self.b.place(leave);
        self.b.op(Op::Pop);
    }

    /// The context manager stays on the stack during the body. Afterwards there are three cases:
    ///
    /// 1. the body ended: call `__aexit__(None, None, None)`;
    /// 2. an exception: call it with the exception, whose place `None` takes if the result is true;
    /// 3. a `return` or a jump out: as the first, and go on with what is pending.
    pub(super) fn async_with(&mut self, context: ExprId, target: Option<ExprId>, body: Block) {
        let names = self.names;
        let (handler, plain, pending, end) =
            (self.b.label(), self.b.label(), self.b.label(), self.b.label());
        self.expr(context);
        self.b.op(Op::Dup);
        self.await_method(names.aenter);
        self.bind(target);
        // All three cases end with the manager gone.
        self.b.setup_over(SetupKind::Finally, handler, 1);
        self.block(body);
        // Case 1; the stack becomes: None, manager.
        self.b.op(Op::LoadNone);
        self.b.op(Op::RotTwo);
        self.b.jump(plain);

        self.b.place_handler(handler);
        self.b.op(Op::Dup);
        self.b.op(Op::LoadGlobal(names.base_exception));
        self.b.op(Op::Binary(BinaryOp::ExceptionMatch));
        self.b.branch(false, pending);
        // Case 2; the stack: manager, exception.
        self.b.op(Op::Dup);
        self.b.op(Op::RotThree);
        self.b.op(Op::RotTwo);
        self.b.op(Op::LoadMethod(names.aexit));
        self.b.op(Op::RotThree);
        self.b.op(Op::RotThree);
        self.b.op(Op::Dup);
        self.b.op(Op::LoadAttr(names.class));
        self.b.op(Op::RotTwo);
        self.b.op(Op::LoadNone);
        self.b.op(Op::CallMethod(positional(3)));
        self.delegate();
        self.b.branch(false, end);
        self.b.op(Op::Pop);
        self.b.op(Op::LoadNone);
        self.b.jump(end);
        // Case 3.
        self.b.place(pending);
        self.b.op(Op::RotUnwind);
        self.b.place(plain);
        self.b.op(Op::LoadMethod(names.aexit));
        self.b.op(Op::LoadNone);
        self.b.op(Op::Dup);
        self.b.op(Op::Dup);
        self.b.op(Op::CallMethod(positional(3)));
        self.delegate();
        self.b.op(Op::Pop);
        self.b.place(end);
        self.end_finally();
    }
}
