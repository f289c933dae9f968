//! What must hold when the runtime is handed any bytes as a `.mpy` file: it ends.
//!
//! The file is refused with an exception, or it runs: for a moment, in a small world of
//! its own, with memory that is enough, collected at every allocation, or that fails.
//! Files with machine code are left out: running any of that is not promised to end well.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::mpy;
use super::rng::Rng;
use hognose_runtime::heap::Failing;
use hognose_runtime::port::Port;
use hognose_runtime::print::Print;
use hognose_runtime::{Options, Res, Vm};
use mpy_format::{Arch, Body, Module, RawCode, write};

/// Asked for KeyboardInterrupt so often the program swallows it: it is ended.
const PATIENCE: u32 = 30;

/// What ends a program that does not end by itself.
struct Enough;

struct Silent {
    asked: Cell<u32>,
}

impl Port for Silent {
    fn stdout(&self, _text: &[u8]) {}

    fn interrupted(&self) -> bool {
        self.asked.set(self.asked.get() + 1);
        if self.asked.get() > PATIENCE {
            resume_unwind(Box::new(Enough));
        }
        true
    }
}

struct Nowhere;

impl Print for Nowhere {
    fn write(&mut self, _text: &[u8]) -> Res<()> {
        Ok(())
    }
}

/// Runs the bytes as they are, and with instructions changed where they are a file.
pub fn any_module(data: &[u8]) {
    let mut rng = Rng::new(data.iter().fold(7, |sum, &b| sum * 31 % 1_000_003 + u64::from(b)));
    run(data, &mut rng);
    let Ok(original) = Module::parse(data) else { return };
    for _ in 0..6 {
        let mut module = original.clone();
        change_functions(&mut module.root, &mut rng);
        run(&write(&module), &mut rng);
    }
}

/// Changes a few instructions of some functions, verified or not.
fn change_functions(raw: &mut RawCode, rng: &mut Rng) {
    if let Body::Bytecode(function) = &mut raw.body {
        for _ in 0..rng.below(4) {
            mpy::change(&mut function.code, rng);
        }
        if rng.one_in(12) {
            function.signature.n_state = function.signature.n_state.saturating_sub(1).max(1);
        }
    }
    for child in &mut raw.children {
        if rng.one_in(2) {
            change_functions(child, rng);
        }
    }
}

fn run(data: &[u8], rng: &mut Rng) {
    if Module::parse(data).is_ok_and(|module| module.header.arch != Arch::None) {
        return;
    }
    let (stress, failing) = match rng.below(6) {
        0 => (true, Failing::Never),
        1 => (false, Failing::Once(rng.below(300) as u64)),
        2 => (false, Failing::From(rng.below(300) as u64)),
        _ => (false, Failing::Never),
    };
    let mut region = vec![0u8; 48 << 10];
    let port = Silent { asked: Cell::new(0) };
    let options =
        Options { stack: 256 << 10, frames: 12 << 10, zeroed: true, ..Options::default() };
    let ran = catch_unwind(AssertUnwindSafe(|| {
        Vm::with(&port, &mut region, options, |vm| {
            let over = AtomicBool::new(false);
            let signals = vm.signals();
            std::thread::scope(|scope| {
                let watch = scope.spawn(|| {
                    std::thread::park_timeout(Duration::from_millis(30));
                    while !over.load(Ordering::Relaxed) {
                        signals.look();
                        std::thread::park_timeout(Duration::from_millis(1));
                    }
                });
                let done = catch_unwind(AssertUnwindSafe(|| load(vm, data, stress, failing)));
                over.store(true, Ordering::Relaxed);
                watch.thread().unpark();
                if let Err(why) = done {
                    resume_unwind(why);
                }
            });
        });
    }));
    match ran {
        Err(why) if !why.is::<Enough>() => resume_unwind(why),
        _ => {}
    }
}

fn load(vm: &Vm, data: &[u8], stress: bool, failing: Failing) {
    let begin = || {
        let main = vm.new_module(vm.intern(b"__main__")?)?;
        let data = vm.alloc_bytes(data)?;
        vm.set_heap_test(stress, failing);
        vm.run_mpy(data, main.globals, main.globals)
    };
    if let Err(raised) = begin() {
        let error = vm.take_exception(raised);
        vm.set_heap_test(false, Failing::Never);
        // Printing may fail for want of memory; there is nobody to tell.
        let _ = vm.print_traceback(&mut Nowhere, error);
    }
    vm.collect();
}
