//! The virtual machine's state.
//!
//! A `Vm` is one independent Python world: its heap, its names, its modules. It is
//! passed as `&Vm` everywhere and changes through cells. [`Vm::with`] makes one in
//! a memory region for the time of a closure.
#![allow(unsafe_code)]

mod call;
mod class;
#[cfg(feature = "cpython")]
mod code;
#[cfg(not(feature = "cpython"))]
#[path = "code_none.rs"]
mod code;
mod count;
mod enter;
pub(crate) mod frame;
pub(crate) mod function;
mod generator;
mod instance;
mod post_mortem;
mod regs;
mod run;
mod slow;
mod small;
mod unwind;

use core::cell::Cell;
use core::ptr::NonNull;

pub use class::Class;
pub(crate) use class::{Mro, build_class, instance_members};
pub use code::Code;
pub use count::{Counting, Executing};
pub(crate) use frame::frame_size;
#[cfg(target_os = "none")]
pub(crate) use frame::{BLOCK_WORDS, HEADER_WORDS};
pub use function::{CellObj, Closure, Function};
#[cfg(feature = "full")]
pub(crate) use function::{FUNCTION, GENERATOR_FUNCTION};
pub(crate) use function::{RawCode, SIMPLE};
pub use generator::Generator;
#[cfg(feature = "cpython")]
pub(crate) use instance::complete_native;
#[cfg(feature = "cpython")]
pub(crate) use instance::or_missing;
pub(crate) use instance::{native_init, raw_setattr};
pub use slow::Signals;

use crate::error::{MEMORY_ERROR, Res};
use crate::heap::{Heap, RawVec};
use crate::object::{Exception, Gc, Header, List, Module};
use crate::port::Port;
use crate::qstr::Pool;
use crate::value::Value;

/// Text of a MemoryError made without the heap: before, number, after.
type Emergency = (&'static [u8], Option<usize>, &'static [u8]);

/// A Python world. The collector scans it word by word, so any cell may hold values.
pub struct Vm {
    port: NonNull<dyn Port>,
    pub(crate) heap: Heap,
    pub(crate) qstrs: Pool,
    pub(crate) extension: &'static crate::Extension,
    /// The pending exception.
    pub(crate) exception: Cell<Option<Value>>,
    /// What an exhausted generator returned.
    pub stop_value: Cell<Value>,
    pub(crate) memory_error: Exception,
    pub(crate) spare: crate::object::SpareException,
    spare_slice: crate::object::SpareSlice,
    pub(crate) emergency: Cell<Option<Emergency>>,
    /// State of the `random` module; none before it is used.
    #[cfg(feature = "core")]
    pub(crate) random: Cell<Option<crate::num::random::Random>>,
    /// The frozen image, and the RAM that its modules live in.
    pub(crate) image: Cell<Option<&'static crate::import::Image>>,
    pub(crate) image_ram: Cell<*mut u8>,
    pub(crate) loaded_modules: crate::object::LazyDict,
    /// Names stored into `builtins`.
    pub(crate) builtin_overrides: crate::object::LazyDict,
    /// The running module, and the namespace of the class body or module it executes.
    pub(crate) module: Cell<Option<Gc<Module>>>,
    pub(crate) locals: crate::object::LazyDict,
    pub(crate) sys_path: Cell<Option<Gc<List>>>,
    /// The module that is the main program, while it is imported.
    pub(crate) main_name: Cell<&'static [u8]>,
    pub(crate) sys_argv: Cell<Option<Gc<List>>>,
    /// What `sys.atexit` registered.
    pub exit_function: Cell<Value>,
    pub state: crate::modules::state::State,
    /// The function whose machine code runs.
    pub(crate) native_function: crate::native::Running,
    /// The value stack; see `frame`.
    segment: Cell<frame::Segment>,
    counting: Cell<Counting>,
    /// Instructions counted.
    executed: Cell<u64>,
    top: Cell<*mut frame::Slot>,
    stack_words: Cell<usize>,
    stack_words_max: Cell<usize>,
    /// Generators being resumed inside each other.
    generators: Cell<usize>,
    /// The pending exception was raised before: no new line in its traceback.
    reraised: Cell<bool>,
    pending: slow::Signals,
    scheduled: RawVec<(Value, Value)>,
    in_scheduled: Cell<bool>,
    hints: [Cell<u8>; slow::HINTS],
    methods: [Cell<slow::Method>; slow::METHODS],
    /// Where the machine stack began when the `Vm` was entered; how deep it may get.
    pub(crate) stack_top: Cell<usize>,
    pub(crate) stack_limit: Cell<usize>,
}

/// What a `Vm` is made of.
#[derive(Clone, Copy)]
pub struct Options {
    /// Machine stack it may use, in bytes.
    pub stack: usize,
    /// Bytes of heap for the frames of Python functions.
    pub frames: usize,
    /// The heap's region holds zeros only, as memory fresh from an operating system does.
    pub zeroed: bool,
    /// Modules and names of other crates.
    pub extension: &'static crate::Extension,
}

impl Default for Options {
    fn default() -> Options {
        Options { stack: 8192, frames: 16384, zeroed: false, extension: crate::Extension::NONE }
    }
}

impl Vm {
    /// Whether programs get what CPython has and stock refuses (see `level::CPYTHON`).
    #[inline]
    pub fn beyond_stock(&self) -> bool {
        crate::level::CPYTHON && !self.state.as_stock.get()
    }

    /// Makes a `Vm` whose heap is `region` and runs `f` with it.
    pub fn with<R>(
        port: &dyn Port,
        region: &mut [u8],
        options: Options,
        f: impl FnOnce(&Vm) -> R,
    ) -> R {
        // SAFETY: the lifetime is only hidden, the `Vm` does not outlive this function.
        let port: NonNull<dyn Port> = unsafe {
            core::mem::transmute::<NonNull<dyn Port + '_>, NonNull<dyn Port>>(NonNull::from_ref(
                port,
            ))
        };
        let vm = Vm {
            port,
            // SAFETY: `region` is borrowed for the whole function.
            heap: unsafe { Heap::new(NonNull::from(region), options.zeroed) },
            qstrs: Pool::new(options.extension.names),
            extension: options.extension,
            exception: Cell::new(None),
            stop_value: Cell::new(Value::NONE),
            memory_error: Exception::new(Header::of(&MEMORY_ERROR), None, RawVec::new()),
            spare: Default::default(),
            spare_slice: Default::default(),
            emergency: Cell::new(None),
            #[cfg(feature = "core")]
            random: Cell::new(None),
            image: Cell::new(None),
            image_ram: Cell::new(core::ptr::null_mut()),
            loaded_modules: Cell::new(None),
            builtin_overrides: Cell::new(None),
            module: Cell::new(None),
            locals: Cell::new(None),
            sys_path: Cell::new(None),
            main_name: Cell::new(b""),
            sys_argv: Cell::new(None),
            exit_function: Cell::new(Value::NONE),
            state: Default::default(),
            native_function: Default::default(),
            segment: Cell::new(frame::Segment::NONE),
            counting: Cell::new(Counting::Off),
            executed: Cell::new(0),
            top: Cell::new(core::ptr::null_mut()),
            stack_words: Cell::new(0),
            stack_words_max: Cell::new(options.frames / size_of::<usize>()),
            generators: Cell::new(0),
            reraised: Cell::new(false),
            pending: slow::Signals::new(),
            scheduled: RawVec::new(),
            in_scheduled: Cell::new(false),
            hints: [const { Cell::new(0) }; slow::HINTS],
            methods: [const { Cell::new(slow::Method::NONE) }; slow::METHODS],
            stack_top: Cell::new(0),
            stack_limit: Cell::new(0),
        };
        let here = core::ptr::from_ref(&vm).addr();
        vm.stack_top.set(here);
        vm.stack_limit.set(here.saturating_sub(options.stack));
        Vm::enter(&vm, f)
    }

    /// Runs `f` in a stack frame of its own, all of which the collector scans.
    #[inline(never)]
    fn enter<R>(vm: &Vm, f: impl FnOnce(&Vm) -> R) -> R {
        f(vm)
    }

    pub fn port(&self) -> &dyn Port {
        // SAFETY: see `with`.
        unsafe { self.port.as_ref() }
    }

    pub(crate) fn write_stdout(&self, text: &[u8]) -> Res<()> {
        self.port().stdout(text);
        Ok(())
    }

    /// RuntimeError if the machine stack is nearly used up.
    #[inline(always)]
    pub fn check_stack(&self) -> Res<()> {
        let mark = 0u8;
        if core::ptr::from_ref(&mark).addr() < self.stack_limit.get() {
            self.too_deep()
        } else {
            Ok(())
        }
    }

    /// Bytes of machine stack in use, and how many may be.
    pub fn stack_usage(&self) -> (usize, usize) {
        let mark = 0u8;
        let here = core::ptr::from_ref(&mark).addr();
        let top = self.stack_top.get();
        (top.saturating_sub(here), top.saturating_sub(self.stack_limit.get()))
    }

    #[cold]
    #[inline(never)]
    fn too_deep(&self) -> Res<()> {
        self.raise(&crate::error::RUNTIME_ERROR, "maximum recursion depth exceeded")
    }

    /// Queues `f(arg)` to be called at the next safe point; false if the queue is full.
    pub fn schedule(&self, f: Value, arg: Value) -> Res<bool> {
        const DEPTH: usize = 8;
        if self.scheduled.len() >= DEPTH {
            return Ok(false);
        }
        self.scheduled.push(self, (f, arg))?;
        self.pending.add(slow::PENDING_SCHEDULED);
        Ok(true)
    }

    /// Calls the function registered with `sys.atexit`, at the end of a program.
    pub fn run_exit_function(&self) -> Res<()> {
        let f = self.exit_function.replace(Value::NONE);
        if f.is_none() { Ok(()) } else { self.call(f, &[]).map(|_| ()) }
    }

    fn run_scheduled(&self) -> Res<()> {
        if self.in_scheduled.replace(true) {
            // One at a time; the others wait until it is done.
            self.pending.add(slow::PENDING_SCHEDULED);
            return Ok(());
        }
        let mut result = Ok(());
        if let Some((f, arg)) = self.scheduled.remove(0) {
            result = self.call(f, &[arg]).map(|_| ());
        }
        self.in_scheduled.set(false);
        if !self.scheduled.is_empty() {
            self.pending.add(slow::PENDING_SCHEDULED);
        }
        result
    }
}
