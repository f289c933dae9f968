//! `micropython`: control of the runtime.

use crate::Res;
use crate::error::RUNTIME_ERROR;
use crate::print::{Print, Stdout, print_int};
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static MICROPYTHON: "micropython" fixed {
        "const" => f1!(constant),
        "heap_lock" => f0!(heap_lock),
        "heap_locked" => f0!(heap_locked),
        "heap_unlock" => f0!(heap_unlock),
        #[cfg(feature = "core")]
        "alloc_emergency_exception_buf" => f1!(alloc_emergency_exception_buf),
        #[cfg(feature = "core")]
        "kbd_intr" => obj!(KBD_INTR),
        #[cfg(feature = "core")]
        "mem_current" => f0!(mem_current),
        #[cfg(feature = "core")]
        "mem_info" => fv!(0, 1, mem_info),
        #[cfg(feature = "core")]
        "mem_peak" => f0!(mem_peak),
        #[cfg(feature = "core")]
        "mem_total" => f0!(mem_total),
        "opt_level" => fv!(0, 1, opt_level),
        #[cfg(feature = "core")]
        "qstr_info" => fv!(0, 1, qstr_info),
        #[cfg(feature = "full")]
        "RingIO" => obj!(crate::object::ringio::RING_IO),
        #[cfg(feature = "core")]
        "schedule" => f2!(schedule),
        #[cfg(feature = "core")]
        "stack_use" => f0!(stack_use),
    }
}

fn constant(_vm: &Vm, v: Value) -> Res {
    Ok(v)
}

fn heap_lock(vm: &Vm) -> Res {
    vm.heap_lock();
    Ok(Value::NONE)
}

fn heap_unlock(vm: &Vm) -> Res {
    vm.heap_unlock();
    heap_locked(vm)
}

fn heap_locked(vm: &Vm) -> Res {
    Ok(Value::small(vm.heap_locks() as isize))
}

/// One exception without memory is always possible; this is for its text and traceback.
fn alloc_emergency_exception_buf(vm: &Vm, size: Value) -> Res {
    vm.reserve_for_exceptions(vm.get_usize(size)?)?;
    Ok(Value::NONE)
}

/// Scheduled, it raises KeyboardInterrupt; so it must be known again.
static KBD_INTR: crate::object::Fun1 = crate::object::Fun1::new(kbd_intr);

fn kbd_intr(vm: &Vm, c: Value) -> Res {
    vm.port().set_interrupt_char(vm.get_int(c)?);
    Ok(Value::NONE)
}

fn mem_current(vm: &Vm) -> Res {
    Ok(Value::small(vm.heap_info().used as isize))
}

fn mem_peak(vm: &Vm) -> Res {
    Ok(Value::small(vm.heap_info().peak as isize))
}

fn mem_total(vm: &Vm) -> Res {
    vm.new_uint(vm.heap_info().allocated)
}

/// Prints `text` with each `%` replaced by the next number.
fn report(vm: &Vm, text: &str, numbers: &[usize]) -> Res<()> {
    let mut out = Stdout(vm);
    let mut numbers = numbers.iter();
    for (i, piece) in text.split('%').enumerate() {
        if i > 0 {
            print_int(&mut out, numbers.next().map_or(0, |n| *n as i64))?;
        }
        out.str(piece)?;
    }
    Ok(())
}

fn mem_info(vm: &Vm, args: &[Value]) -> Res {
    let h = vm.heap_info();
    report(
        vm,
        "mem: total=%, current=%, peak=%\nstack: % out of %\nGC: total: %, used: %, free: %\n \
         No. of 1-blocks: %, 2-blocks: %, max blk sz: %, max free sz: %\n",
        &[
            h.allocated as usize,
            h.used,
            h.peak,
            vm.stack_usage().0,
            vm.stack_usage().1,
            h.total,
            h.used,
            h.free,
            h.one_block,
            h.two_block,
            h.max_block,
            h.max_free,
        ],
    )?;
    if !args.is_empty() {
        layout(vm)?;
    }
    Ok(Value::NONE)
}

/// A map of the heap, 64 blocks a line; runs of free lines are counted only.
fn layout(vm: &Vm) -> Res<()> {
    let mut out = Stdout(vm);
    out.str("GC memory layout; from 0:")?;
    let mut free = 0usize;
    let free_lines = |free: usize| match free {
        0 => Ok(()),
        n => report(vm, "\n       (% lines all free)", &[n]),
    };
    vm.heap_rows(&mut |first, cells| {
        if cells.iter().all(|&c| c == b'.') {
            free += 1;
            return Ok(());
        }
        free_lines(core::mem::take(&mut free))?;
        out.str("\n")?;
        print_padded(&mut out, first * crate::heap::BLOCK)?;
        out.str(": ")?;
        out.write(cells)
    })?;
    free_lines(free)?;
    Stdout(vm).str("\n")
}

/// Eight hexadecimal digits.
fn print_padded(out: &mut dyn Print, n: usize) -> Res<()> {
    for i in (0..8).rev() {
        let digit = (n >> (4 * i) & 15) as u8;
        out.write(&[if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }])?;
    }
    Ok(())
}

fn qstr_info(vm: &Vm, args: &[Value]) -> Res {
    let (names, bytes) = vm.qstr_usage();
    report(
        vm,
        "qstr pool: n_pool=%, n_qstr=%, n_str_data_bytes=%, n_total_bytes=%\n",
        &[1, names, bytes, bytes + names * 3 * size_of::<usize>()],
    )?;
    if !args.is_empty() {
        let mut out = Stdout(vm);
        for i in vm.qstr_count() - names..vm.qstr_count() {
            out.str("Q(")?;
            out.write(vm.qstr_bytes(crate::qstr::Qstr::from_index(i)))?;
            out.str(")\n")?;
        }
    }
    Ok(Value::NONE)
}

fn opt_level(vm: &Vm, args: &[Value]) -> Res {
    let level = &vm.state.opt_level;
    match args.first() {
        None => Ok(Value::small(level.get() as isize)),
        Some(n) => {
            level.set(vm.get_int(*n)?.clamp(0, 3) as u8);
            Ok(Value::NONE)
        }
    }
}

fn schedule(vm: &Vm, f: Value, arg: Value) -> Res {
    if f == obj!(KBD_INTR) {
        vm.interrupt();
        return Ok(Value::NONE);
    }
    if vm.schedule(f, arg)? {
        Ok(Value::NONE)
    } else {
        vm.raise(&RUNTIME_ERROR, "schedule queue full")
    }
}

fn stack_use(vm: &Vm) -> Res {
    Ok(Value::small(vm.stack_usage().0 as isize))
}
