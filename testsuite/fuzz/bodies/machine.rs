//! What must hold when the runtime is handed any bytes as a file with machine code: it is
//! refused or it is loaded, its relocations applied. Nothing of it is executed: no check
//! could tell what machine code does, so that running a file means trusting it.

use std::cell::RefCell;
use std::ptr::NonNull;

use super::rng::Rng;
use hognose_runtime::heap::Failing;
use hognose_runtime::object::Args;
use hognose_runtime::port::{CodeMemory, Port};
use hognose_runtime::{Options, Res, Vm};

/// Memory for code that stays writable and is never called. Bytes around it tell whether
/// anything was written beside it.
#[derive(Default)]
struct Mapped(RefCell<Vec<Box<[u128]>>>);

const GUARD: u128 = 0x5a5a_a5a5_0f0f_f0f0_1234_5678_9abc_def0;

impl CodeMemory for Mapped {
    fn map(&self, len: usize) -> Option<NonNull<u8>> {
        let words = len.div_ceil(size_of::<u128>());
        let mut memory = vec![GUARD; words + 2].into_boxed_slice();
        let start = NonNull::from(memory.get_mut(1)?).cast();
        self.0.borrow_mut().push(memory);
        Some(start)
    }

    fn seal(&self, _start: NonNull<u8>, _len: usize) -> bool {
        true
    }

    fn unmap(&self, _start: NonNull<u8>, _len: usize) {}
}

struct Silent(Mapped);

impl Port for Silent {
    fn stdout(&self, _text: &[u8]) {}

    fn code_memory(&self) -> Option<&dyn CodeMemory> {
        Some(&self.0)
    }
}

/// Loads the bytes as they are, with memory that is enough and with some that fails.
pub fn any_machine_code(data: &[u8]) {
    let mut rng = Rng::new(data.iter().fold(7, |sum, &b| sum * 31 % 1_000_003 + u64::from(b)));
    let (stress, failing) = match rng.below(4) {
        0 => (true, Failing::Never),
        1 => (false, Failing::Once(rng.below(60) as u64)),
        _ => (false, Failing::Never),
    };
    load(data, stress, failing);
}

/// Whether the bytes could be loaded.
pub fn load(data: &[u8], stress: bool, failing: Failing) -> bool {
    let port = Silent(Mapped::default());
    let mut region = vec![0u8; 256 << 10];
    let options = Options { stack: 256 << 10, frames: 4 << 10, zeroed: true, ..Options::default() };
    let mut loaded = true;
    Vm::with(&port, &mut region, options, |vm| {
        let begin = || -> Res<()> {
            let marshal = vm.import(b"marshal", true, 0, None)?;
            let loads = vm.getattr(marshal, vm.intern(b"loads")?)?;
            let bytes = vm.new_bytes(data)?;
            vm.set_heap_test(stress, failing);
            let code = vm.call_args(loads, &Args { pos: &[bytes], kw: &[] });
            vm.set_heap_test(false, Failing::Never);
            vm.collect();
            code.map(|_| ())
        };
        if let Err(raised) = begin() {
            vm.take_exception(raised);
            loaded = false;
        }
        vm.collect();
    });
    for memory in port.0.0.borrow().iter() {
        assert_eq!(memory.first(), Some(&GUARD), "written in front of the code");
        assert_eq!(memory.last(), Some(&GUARD), "written behind the code");
    }
    loaded
}
