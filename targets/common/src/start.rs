//! From `main` to the program's end.
#![allow(unsafe_code)]

use crate::port::{BoardPort, FILES};
use crate::{Machine, exit_code};
use core::sync::atomic::{AtomicPtr, Ordering};
use hognose_runtime::error::{Raised, SYSTEM_EXIT};
use hognose_runtime::import::Image;
use hognose_runtime::print::Print;
use hognose_runtime::vm::Signals;
use hognose_runtime::{Options, Res, Vm};

static MACHINE: AtomicPtr<Machine> = AtomicPtr::new(core::ptr::null_mut());

/// The machine that runs, once [`run`] has begun: for fault handlers, which get
/// no arguments.
pub fn machine() -> Option<&'static Machine> {
    // SAFETY: the pointer is null or comes from the `&'static Machine` of `run`.
    unsafe { MACHINE.load(Ordering::Relaxed).as_ref() }
}

/// Runs the board; called by `firmware!`.
pub fn run(machine: &'static Machine) -> ! {
    MACHINE.store(core::ptr::from_ref(machine).cast_mut(), Ordering::Relaxed);
    (machine.start)();
    // SAFETY: `run` is entered once, and the linker script leaves this RAM to us.
    let region = unsafe { heap_region() };
    let options = Options { stack: stack_size(), frames: region.len() / 4, ..Options::default() };
    // SAFETY: the address is that of flash, which does not change.
    let image = unsafe { Image::at((&raw const __hognose_image).cast()) };
    let port = BoardPort::new(machine, image.map_or(&[], Image::files));
    let code = match image.filter(|image| image.has_main()) {
        Some(image) => Vm::with(&port, region, options, |vm| program(vm, image)),
        None => {
            machine.console.write(b"no program\r\n");
            exit_code::NO_PROGRAM
        }
    };
    machine.stop(code)
}

/// The `Vm` that runs, for fault handlers.
static RUNNING: AtomicPtr<Vm> = AtomicPtr::new(core::ptr::null_mut());

/// The flags of the `Vm` that runs.
static SIGNALS: AtomicPtr<Signals> = AtomicPtr::new(core::ptr::null_mut());

/// Called by the clock every millisecond: now and then the program looks whether somebody
/// has pressed Ctrl-C.
pub fn tick() {
    // SAFETY: null, or flags of the `Vm` that `program` has not left; handlers may set
    // them, and return before `program` goes on.
    if let Some(signals) = unsafe { SIGNALS.load(Ordering::Relaxed).as_ref() } {
        signals.look();
    }
}

/// Prints the Python traceback of the running program.
pub fn print_running(machine: &Machine) {
    let mark = 0usize;
    let here = core::ptr::from_ref(&mark);
    let words = ((&raw const __hognose_stack_end).addr() - here.addr()) / size_of::<usize>();
    // A second fault, in here, must not come back.
    let vm = RUNNING.load(Ordering::Relaxed);
    RUNNING.store(core::ptr::null_mut(), Ordering::Relaxed);
    // SAFETY: null, or the `Vm` that `program` has set and has not left; the words from
    // here to the end of the stack are RAM.
    unsafe {
        if let Some(vm) = vm.as_ref() {
            let stack = core::slice::from_raw_parts(here, words);
            // The console cannot fail.
            let _ = vm.print_running(&mut Text(machine), stack);
        }
    }
}

/// The console as the runtime prints, lines ending in CR LF.
struct Text<'m>(&'m Machine);

impl Print for Text<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        for &byte in text {
            if byte == b'\n' {
                self.0.console.put(b'\r');
            }
            self.0.console.put(byte);
        }
        Ok(())
    }
}

/// Runs the image's program and gives the exit code.
fn program(vm: &Vm, image: &'static Image) -> u8 {
    RUNNING.store(core::ptr::from_ref(vm).cast_mut(), Ordering::Relaxed);
    SIGNALS.store(core::ptr::from_ref(vm.signals()).cast_mut(), Ordering::Relaxed);
    let ready = vm.mount_image(image).and_then(|()| search_files(vm, image));
    let mut code = match ready.and_then(|()| vm.run_image_main()) {
        Ok(()) => 0,
        Err(raised) => report(vm, raised),
    };
    if let Err(raised) = vm.run_exit_function() {
        code = report(vm, raised);
    }
    RUNNING.store(core::ptr::null_mut(), Ordering::Relaxed);
    SIGNALS.store(core::ptr::null_mut(), Ordering::Relaxed);
    code
}

/// Puts the file system in the image on `sys.path`.
fn search_files(vm: &Vm, image: &Image) -> Res<()> {
    if !image.files().is_empty() {
        for folder in [FILES, b"/rom/lib"] {
            let folder = vm.new_str(folder)?;
            vm.sys_path()?.items.push(vm, folder)?;
        }
    }
    Ok(())
}

/// Prints what ended the program; `SystemExit` gives its own code.
fn report(vm: &Vm, raised: Raised) -> u8 {
    let e = vm.take_exception(raised);
    if vm.is_instance_of(e, &SYSTEM_EXIT) {
        let arg = vm.exception_object(e).and_then(|e| vm.exception_args(&e).first().copied());
        return match arg {
            None => 0,
            Some(v) if v.is_none() => 0,
            Some(v) => match v.as_small().or(v.as_bool().map(isize::from)) {
                Some(n) => n as u8,
                None => exit_code::EXCEPTION,
            },
        };
    }
    // The traceback goes to the console, which cannot fail; printing it can, when the
    // heap is full, and then there is nobody left to tell.
    let _ = vm.print_traceback(&mut Output(vm), e);
    exit_code::EXCEPTION
}

/// The console as the runtime prints.
struct Output<'v>(&'v Vm);

impl Print for Output<'_> {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.0.port().stdout(text);
        Ok(())
    }
}

unsafe extern "C" {
    static __hognose_image: u8;
    static mut __hognose_heap_start: u8;
    static mut __hognose_heap_end: u8;
    static __hognose_stack_end: u8;
}

/// Bytes of stack that interrupt handlers and the fault handler may need.
const STACK_RESERVE: usize = 384;

/// RAM between the firmware's variables and the machine stack.
///
/// # Safety
/// To be called once.
unsafe fn heap_region() -> &'static mut [u8] {
    let start = &raw mut __hognose_heap_start;
    let end = &raw mut __hognose_heap_end;
    // SAFETY: both symbols bound one free range of RAM (`hognose.x`).
    unsafe { core::slice::from_raw_parts_mut(start, end.addr() - start.addr()) }
}

/// Machine stack that the `Vm` may use: all below this frame but the reserve.
fn stack_size() -> usize {
    let mark = 0u8;
    let end = (&raw const __hognose_heap_end).addr();
    (core::ptr::from_ref(&mark).addr() - end).saturating_sub(STACK_RESERVE)
}
