//! `gc`: control of the collector.

use crate::Res;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static GC: "gc" fixed {
        "collect" => f0!(collect),
        "disable" => f0!(disable),
        "enable" => f0!(enable),
        "isenabled" => f0!(isenabled),
        "mem_alloc" => f0!(mem_alloc),
        "mem_free" => f0!(mem_free),
        "threshold" => fv!(0, 1, threshold),
    }
}

/// Collects; gives the number of objects freed.
fn collect(vm: &Vm) -> Res {
    let before = vm.heap_info();
    vm.collect();
    vm.run_finalisers();
    let freed = before.objects.saturating_sub(vm.heap_info().objects);
    Ok(Value::small(freed as isize))
}

fn disable(vm: &Vm) -> Res {
    vm.gc_enable(false);
    Ok(Value::NONE)
}

fn enable(vm: &Vm) -> Res {
    vm.gc_enable(true);
    Ok(Value::NONE)
}

fn isenabled(vm: &Vm) -> Res {
    Ok(Value::bool(vm.gc_enabled()))
}

fn mem_alloc(vm: &Vm) -> Res {
    Ok(Value::small(vm.heap_info().used as isize))
}

fn mem_free(vm: &Vm) -> Res {
    Ok(Value::small(vm.heap_info().free as isize))
}

fn threshold(vm: &Vm, args: &[Value]) -> Res {
    match args.first() {
        None => Ok(Value::small(vm.gc_threshold().map_or(-1, |n| n as isize))),
        Some(n) => {
            vm.set_gc_threshold(usize::try_from(vm.get_int(*n)?).ok());
            Ok(Value::NONE)
        }
    }
}
