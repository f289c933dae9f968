//! `machine`: the chip below. Ports with an operating system have none.

use crate::error::{OS_ERROR, Res, VALUE_ERROR};
use crate::object::{Access, Header};
use crate::print::{Print, PrintKind};
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static MACHINE: "machine" fixed {
        "idle" => f0!(idle),
        "mem16" => obj!(MEM16),
        "mem32" => obj!(MEM32),
        "mem8" => obj!(MEM8),
        "reset" => f0!(reset),
    }
}

object! {
    /// Memory as a row of numbers, indexed by address.
    struct Memory: MEMORY, leaf { bits: u32, }
}

py_type! { static MEMORY: "mem" { print: print, subscr: subscr, } }

static MEM8: Memory = Memory { header: HEADER, bits: 8 };
static MEM16: Memory = Memory { header: HEADER, bits: 16 };
static MEM32: Memory = Memory { header: HEADER, bits: 32 };

const HEADER: Header = <Memory as crate::object::Object>::HEADER;

fn print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let bits = vm.expect::<Memory>(v)?.bits;
    p.str("<")?;
    crate::print::print_uint(p, bits.into(), 10)?;
    p.str("-bit memory>")
}

fn subscr(vm: &Vm, this: Value, index: Value, access: Access) -> Res {
    let bits = vm.expect::<Memory>(this)?.bits;
    let address = vm.get_int_wrapping(index)? as usize;
    if !address.is_multiple_of(bits as usize / 8) {
        return vm.raise_fmt(
            &VALUE_ERROR,
            "address % is not aligned to % bytes",
            &[crate::error::Arg::Repr(index), (bits as usize / 8).into()],
        );
    }
    let write = match access {
        Access::Load => None,
        Access::Store(v) => Some(vm.get_int_wrapping(v)? as u32),
        Access::Delete => return Ok(Value::NOT_IMPLEMENTED),
    };
    match (vm.port().memory(address, bits, write), write) {
        (None, _) => vm.raise(&OS_ERROR, "memory cannot be reached"),
        (Some(n), None) => vm.new_uint(n.into()),
        (Some(_), Some(_)) => Ok(Value::NONE),
    }
}

fn idle(vm: &Vm) -> Res {
    vm.port().idle();
    Ok(Value::NONE)
}

fn reset(vm: &Vm) -> Res {
    vm.port().reset();
    Ok(Value::NONE)
}
