//! Functions of `builtins` about programs: namespaces, classes, compiling, importing.

use crate::error::{NAME_ERROR, Res, TYPE_ERROR, VALUE_ERROR};
use crate::object::{Args, Dict, Gc, List, Param};
use crate::port::CompileMode;
use crate::q;
use crate::value::Value;
use crate::vm::{Code, Vm};

/// `isinstance(v, class or classes)`.
pub fn isinstance(vm: &Vm, v: Value, classes: Value) -> Res {
    let ty = vm.class_of(v).value();
    issubclass(vm, ty, classes)
}

/// `issubclass(class, class or classes)`.
pub fn issubclass(vm: &Vm, class: Value, classes: Value) -> Res {
    let Some(ty) = vm.as_type(class) else {
        return vm.raise(&TYPE_ERROR, "issubclass() arg 1 must be a class");
    };
    vm.is_subclass_of_any(ty, classes).map(Value::bool)
}

/// `globals()`.
pub fn globals(vm: &Vm) -> Res {
    Ok(vm.globals().map_or(Value::NONE, Value::from))
}

/// `locals()`.
pub fn locals(vm: &Vm) -> Res {
    Ok(vm.locals().map_or(Value::NONE, Value::from))
}

fn mode(vm: &Vm, v: Value) -> Res<CompileMode> {
    match vm.get_str(v)? {
        b"exec" => Ok(CompileMode::Exec),
        b"eval" => Ok(CompileMode::Eval),
        b"single" => Ok(CompileMode::Single),
        _ => vm.raise(&VALUE_ERROR, "bad compile mode"),
    }
}

fn source(vm: &Vm, v: Value) -> Res<&'static [u8]> {
    match vm.str_bytes(v) {
        Some(text) => Ok(text),
        None => Ok(vm.get_buffer(v)?.bytes()),
    }
}

/// `compile(source, file, mode)`.
pub fn compile(vm: &Vm, args: &[Value]) -> Res {
    let [text, file, kind, ..] = *args else { return Ok(Value::NONE) };
    let data = vm.compile(source(vm, text)?, vm.get_str(file)?, mode(vm, kind)?)?;
    vm.new_code(data)
}

/// Runs code or text in namespaces given as positional arguments.
fn run(vm: &Vm, args: &[Value], kind: CompileMode) -> Res {
    let Some(&what) = args.first() else { return Ok(Value::NONE) };
    let dict = |i: usize| -> Res<Option<Gc<Dict>>> {
        match args.get(i) {
            Some(&v) if !v.is_none() => vm.expect::<Dict>(v).map(Some),
            _ => Ok(None),
        }
    };
    let (globals, locals) = (dict(1)?, dict(2)?);
    let Some(own) = vm.globals() else { return Ok(Value::NONE) };
    let locals = match (locals, globals) {
        (Some(l), _) => l,
        (None, Some(g)) => g,
        (None, None) => vm.locals().unwrap_or(own),
    };
    let globals = globals.unwrap_or(own);
    if let Some(code) = what.cast::<Code>() {
        return vm.run_code(code, globals, locals);
    }
    let mut text = source(vm, what)?;
    while kind == CompileMode::Eval && matches!(text.first(), Some(b' ' | b'\t')) {
        text = text.get(1..).unwrap_or_default();
    }
    vm.run_mpy(vm.compile(text, b"<string>", kind)?, globals, locals)
}

/// `exec(source, globals, locals)`.
pub fn exec(vm: &Vm, args: &[Value]) -> Res {
    run(vm, args, CompileMode::Exec).map(|_| Value::NONE)
}

/// `eval(source, globals, locals)`.
pub fn eval(vm: &Vm, args: &[Value]) -> Res {
    run(vm, args, CompileMode::Eval)
}

/// `execfile(path, globals, locals)`.
pub fn execfile(vm: &Vm, args: &[Value]) -> Res {
    let Some(&path) = args.first() else { return Ok(Value::NONE) };
    let path = vm.get_str(path)?;
    let text = vm.file_contents(path)?;
    let data = vm.compile(text, path, CompileMode::Exec)?;
    let code = vm.new_code(data)?;
    let mut all = [code, Value::NONE, Value::NONE];
    for (to, &v) in all.iter_mut().zip(args).skip(1) {
        *to = v;
    }
    exec(vm, &all)
}

/// `__import__(name, globals, locals, fromlist, level)`.
pub fn import(vm: &Vm, args: &Args<'_>) -> Res {
    let none = Value::NONE;
    let mut out = [none; 5];
    let params = [
        Param::required(q!("name")),
        Param::optional(q!("globals"), none),
        Param::optional(q!("locals"), none),
        Param::optional(q!("fromlist"), none),
        Param::optional(q!("level"), Value::small(0)),
    ];
    args.parse(vm, &params, &mut out)?;
    let [name, globals, _, names, level] = out;
    // `False` asks for the module itself, an empty tuple counts as nothing.
    let leaf = names == Value::FALSE || vm.is_true(names)?;
    let Ok(level) = usize::try_from(vm.get_int(level)?) else {
        return vm.raise_type(&VALUE_ERROR);
    };
    let globals = match level {
        0 => None,
        _ if globals.is_none() => vm.globals(),
        _ => Some(vm.expect::<Dict>(globals)?),
    };
    vm.import(vm.get_str(name)?, leaf, level, globals)
}

/// `dir(v)`: the names that `v` has.
pub fn dir(vm: &Vm, args: &[Value]) -> Res {
    let list = vm.new_list(&[])?;
    let Some(&v) = args.first() else {
        let Some(names) = vm.locals() else {
            return vm.raise(&NAME_ERROR, "no namespace");
        };
        let mut at = 0;
        while let Some((k, _)) = names.map.next(&mut at) {
            list.items.push(vm, k)?;
        }
        return Ok(list.into());
    };
    if vm.as_type(v).is_none()
        && let Some(f) = vm.try_getattr(v, q!("__dir__"))?
    {
        return vm.call(f, &[]);
    }
    vm.each_attr(v, &mut |name| add_once(vm, list, name.into()))?;
    Ok(list.into())
}

fn add_once(vm: &Vm, list: Gc<List>, name: Value) -> Res<()> {
    if list.items.iter().any(|v| v == name) { Ok(()) } else { list.items.push(vm, name) }
}
