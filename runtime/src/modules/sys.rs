//! `sys`.

use crate::Res;
use crate::error::{NOT_IMPLEMENTED_ERROR, SYSTEM_EXIT};
use crate::object::file::{SYS_STDERR, SYS_STDIN, SYS_STDOUT};
use crate::object::streams::StreamPrint;
use crate::object::tuple::{tuple_binary, tuple_iter, tuple_subscr, tuple_unary};
use crate::object::{Access, Found, List, Slots, StaticTuple, TUPLE, Type};
use crate::ops::UnaryOp;
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static SYS: "sys", attr: attr, fixed {
        #[cfg(feature = "core")]
        "atexit" => f1!(atexit),
        "byteorder" => Value::qstr(q!("little")),
        #[cfg(feature = "core")]
        "exc_info" => f0!(exc_info),
        "exit" => fv!(0, 1, exit),
        #[cfg(feature = "core")]
        "getsizeof" => f1!(getsizeof),
        #[cfg(feature = "core")]
        "implementation" => obj!(IMPLEMENTATION),
        #[cfg(feature = "core")]
        "intern" => f1!(intern),
        #[cfg(feature = "core")]
        "print_exception" => fv!(1, 2, print_exception),
        #[cfg(feature = "core")]
        "stderr" => obj!(SYS_STDERR),
        #[cfg(feature = "core")]
        "stdin" => obj!(SYS_STDIN),
        #[cfg(feature = "core")]
        "stdout" => obj!(SYS_STDOUT),
        "version" => Value::qstr(q!("3.4.0; Hognose, compatible with MicroPython v1.29.0")),
        #[cfg(feature = "core")]
        "version_info" => obj!(VERSION_INFO),
    }
}

/// The language version, as MicroPython states it.
static VERSION_INFO: StaticTuple<3> =
    StaticTuple::new([Value::small(3), Value::small(4), Value::small(0)]);

/// The MicroPython release whose behaviour and formats this runtime has.
static RELEASE: StaticTuple<4> = StaticTuple::new([
    Value::small(1),
    Value::small(29),
    Value::small(0),
    Value::qstr(Qstr::EMPTY),
]);

/// Version 6, sub-version 3 and the architecture, as in a file's header.
const MPY: isize = 6 | 3 << 8 | (crate::native::ARCH as isize) << 10;

static IMPLEMENTATION: StaticTuple<4> = StaticTuple::with_type(
    &IMPLEMENTATION_TYPE,
    [Value::qstr(q!("micropython")), obj!(RELEASE), Value::qstr(q!("hognose")), Value::small(MPY)],
);

const FIELDS: [Qstr; 4] = [q!("name"), q!("version"), q!("_machine"), q!("_mpy")];

static IMPLEMENTATION_TYPE: Type = Type::new(
    q!("attrtuple"),
    &const {
        Slots {
            print: Some(implementation_print),
            unary: Some(tuple_unary),
            binary: Some(tuple_binary),
            getattr: Some(implementation_getattr),
            subscr: Some(tuple_subscr),
            iter: Some(tuple_iter),
            ..Slots::EMPTY
        }
    },
)
.with_base(&TUPLE);

fn implementation_print(vm: &Vm, v: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    vm.print_fields(p, v, |i| FIELDS.get(i).copied().unwrap_or(Qstr::EMPTY))
}

fn implementation_getattr(vm: &Vm, v: Value, name: Qstr) -> Res<Option<Found>> {
    let at = FIELDS.iter().position(|f| *f == name);
    let items = vm.tuple_items(v).unwrap_or_default();
    Ok(at.and_then(|i| items.get(i)).map(|v| Found::Value(*v)))
}

/// The attributes that change, or depend on the port.
fn attr(vm: &Vm, name: Qstr, access: Access) -> Res<Option<Value>> {
    let state = &vm.state;
    let load = matches!(access, Access::Load);
    if name == q!("modules") && load {
        return Ok(Some(vm.modules()?.into()));
    }
    if name == q!("argv") && load {
        return Ok(Some(vm.sys_argv()?.into()));
    }
    if name == q!("maxsize") && load {
        return vm.new_int(isize::MAX as i64).map(Some);
    }
    if name == q!("platform") && load {
        return vm.str_from_static(vm.port().platform().as_bytes()).map(Some);
    }
    if name == q!("executable") && load {
        return vm.new_str(vm.port().executable()).map(Some);
    }
    if name == q!("path") {
        if let Access::Store(v) = access {
            let path = match v.cast::<List>() {
                Some(list) => list,
                None => vm.new_list(vm.sequence(v)?.slice())?,
            };
            vm.sys_path.set(Some(path));
        }
        return Ok(Some(vm.sys_path()?.into()));
    }
    let (place, default) = if name == q!("ps1") {
        (&state.ps1, vm.prompt(false))
    } else if name == q!("ps2") {
        (&state.ps2, vm.prompt(true))
    } else if name == q!("tracebacklimit") {
        (&state.traceback_limit, Value::small(1000))
    } else {
        return Ok(None);
    };
    match access {
        Access::Load => {}
        Access::Store(v) => place.set(Some(v)),
        // Gone for good: None stands for that.
        Access::Delete => return Ok(place.replace(Some(Value::NONE)).or(Some(default))),
    }
    let v = place.get().unwrap_or(default);
    Ok(if v.is_none() { None } else { Some(v) })
}

impl Vm {
    /// `sys.ps1`, or `sys.ps2` where a statement goes on.
    pub fn prompt(&self, goes_on: bool) -> Value {
        let (place, default) = match goes_on {
            true => (&self.state.ps2, Value::qstr(q!("... "))),
            false => (&self.state.ps1, Value::qstr(q!(">>> "))),
        };
        place.get().unwrap_or(default)
    }
}

fn atexit(vm: &Vm, f: Value) -> Res {
    Ok(vm.exit_function.replace(f))
}

/// Type and value of the exception being handled; the third is always None.
fn exc_info(vm: &Vm) -> Res {
    match vm.state.handled.get() {
        Some(e) => vm.new_tuple(&[vm.type_of(e).value(), e, Value::NONE]),
        None => vm.new_tuple(&[Value::NONE; 3]),
    }
}

fn exit(vm: &Vm, args: &[Value]) -> Res {
    match args.first() {
        Some(code) => vm.raise_arg(&SYSTEM_EXIT, *code),
        None => vm.raise_type(&SYSTEM_EXIT),
    }
}

/// Bytes of heap that an object takes.
fn getsizeof(vm: &Vm, v: Value) -> Res {
    let size = vm.try_unary(UnaryOp::SizeOf, v)?;
    if size != Value::NOT_IMPLEMENTED {
        return Ok(size);
    }
    match vm.heap_size_of(v) {
        Some(size) => Ok(Value::small(size as isize)),
        None => vm.raise_type(&NOT_IMPLEMENTED_ERROR),
    }
}

fn intern(vm: &Vm, s: Value) -> Res {
    vm.get_qstr(s).map(Value::qstr)
}

/// `print_exception(exception, stream=sys.stdout)`.
fn print_exception(vm: &Vm, args: &[Value]) -> Res {
    let [e, rest @ ..] = args else { return Ok(Value::NONE) };
    let stream = rest.first().copied().unwrap_or(obj!(SYS_STDOUT));
    vm.stream(stream)?;
    vm.print_traceback(&mut StreamPrint { vm, stream }, *e)?;
    Ok(Value::NONE)
}
