//! Runs manifests on our own runtime.
//!
//! Functions of the manifest language are Rust functions in the manifest's globals. They
//! find the [`Reader`] in a place of the thread, where [`run`] puts it for as long as
//! manifests run; no borrow of it is held while Python code runs, so that `include` may
//! nest. What the reader complains of becomes an exception at the line of the call.

use super::{Kind, Reader, absolute};
use hognose_host::Options;
use hognose_runtime::error::{Raised, TYPE_ERROR, VALUE_ERROR};
use hognose_runtime::object::{Args, Dict, Gc};
use hognose_runtime::port::CompileMode;
use hognose_runtime::print::Print;
use hognose_runtime::{Res, Value, Vm, fk};
use std::cell::RefCell;
use std::path::Path;

/// The global `options`.
const OPTIONS: &str = include_str!("options.py");

const FUNCTIONS: &[(&str, Value)] = &[
    ("metadata", fk!(0, usize::MAX, metadata)),
    ("include", fk!(0, usize::MAX, include)),
    ("require", fk!(0, usize::MAX, require)),
    ("add_library", fk!(0, usize::MAX, add_library)),
    ("package", fk!(0, usize::MAX, package)),
    ("module", fk!(0, usize::MAX, module)),
    ("c_module", fk!(0, usize::MAX, c_module)),
    ("freeze", fk!(0, usize::MAX, freeze)),
    ("freeze_as_mpy", fk!(0, usize::MAX, freeze_as_mpy)),
    ("freeze_as_str", fk!(0, usize::MAX, freeze_as_str)),
    ("freeze_mpy", fk!(0, usize::MAX, freeze_mpy)),
];

struct State {
    reader: Reader,
    /// The last complaint, which needs no class before it when it is shown.
    complaint: String,
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// Runs the manifest at `path`.
pub fn run(path: &Path, reader: Reader) -> Result<Reader, String> {
    let path = absolute(path, Path::new(""));
    let before = STATE.replace(Some(State { reader, complaint: String::new() }));
    let options = Options { heap: 8 << 20, ..Options::default() };
    let result = hognose_host::world(&options, |vm| {
        let given = vm.new_dict(0);
        match given.and_then(|given| run_manifest(vm, &path, given, false)) {
            Ok(()) => Ok(()),
            Err(raised) => Err(explain(vm, raised)),
        }
    });
    let state = STATE.replace(before);
    result?;
    state.map(|s| s.reader.finish()).ok_or_else(|| "the manifest was lost".to_owned())
}

/// Asks the reader; what it complains of is raised.
fn ask<T>(vm: &Vm, f: impl FnOnce(&mut Reader) -> Result<T, String>) -> Res<T> {
    let answer = STATE.with_borrow_mut(|state| match state {
        Some(state) => f(&mut state.reader).inspect_err(|e| state.complaint.clone_from(e)),
        None => Err("no manifest is being read".to_owned()),
    });
    match answer {
        Ok(t) => Ok(t),
        Err(text) => {
            let text = vm.new_str(text.as_bytes())?;
            vm.raise_value(vm.new_exception(&VALUE_ERROR, &[text])?)
        }
    }
}

fn run_manifest(vm: &Vm, path: &Path, given: Gc<Dict>, required: bool) -> Res<()> {
    let Some((path, source)) = ask(vm, |reader| reader.begin(path, required))? else {
        return Ok(());
    };
    let result = run_source(vm, &path, &source, given);
    ask(vm, |reader| {
        reader.end(required);
        Ok(())
    })?;
    result
}

fn run_source(vm: &Vm, path: &Path, source: &[u8], given: Gc<Dict>) -> Res<()> {
    let globals = vm.new_dict(FUNCTIONS.len())?;
    let set =
        |name: &str, value: Value| globals.map.insert_name(vm, vm.intern(name.as_bytes())?, value);
    let code = vm.compile(OPTIONS.as_bytes(), b"options.py", CompileMode::Exec)?;
    let scratch = vm.new_dict(1)?;
    vm.run_mpy(code, scratch, scratch)?;
    if let Some(class) = scratch.map.get_name(vm, vm.intern(b"Options")?) {
        set("options", vm.call(class, &[given.into()])?)?;
    }
    set("__name__", vm.new_str(b"__main__")?)?;
    for (name, function) in FUNCTIONS {
        set(name, *function)?;
    }
    let file = shown(path);
    set("__file__", vm.new_str(file.as_bytes())?)?;
    let code = vm.compile(source, file.as_bytes(), CompileMode::Exec)?;
    vm.run_mpy(code, globals, globals)?;
    Ok(())
}

/// A path as short as it can be opened from here.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).to_string_lossy().into_owned()
}

/// What ended the manifest: place and text, then how one got there.
fn explain(vm: &Vm, raised: Raised) -> String {
    let error = vm.take_exception(raised);
    let mut places = Vec::new();
    if let Some(exception) = vm.exception_object(error) {
        for entry in exception.trace.iter() {
            let file = String::from_utf8_lossy(vm.qstr_bytes(entry.file)).into_owned();
            places.push(format!("{file}:{}", entry.line));
        }
    }
    let mut text = Text(String::new());
    // Without memory for it the text stays short.
    let _ = vm.print_traceback(&mut text, error);
    let last =
        text.0.lines().filter(|line| !line.starts_with(' ') && !line.starts_with("Traceback"));
    let last: Vec<&str> = last.collect();
    let message = last.join("\n");
    let complaint = STATE.with_borrow(|state| state.as_ref().map(|s| s.complaint.clone()));
    let message = match complaint {
        Some(own) if message.ends_with(&own) && !own.is_empty() => own,
        _ => message,
    };
    let (message, hint) = message.split_once("\nhint: ").unwrap_or((&message, ""));
    let mut out = match places.first() {
        Some(first) => format!("{first}: {message}"),
        None => message.to_owned(),
    };
    for place in places.iter().skip(1) {
        out += &format!("\n  from {place}");
    }
    if !hint.is_empty() {
        out += &format!("\nhint: {hint}");
    }
    out
}

/// Text that the runtime prints.
struct Text(String);

impl Print for Text {
    fn write(&mut self, text: &[u8]) -> Res<()> {
        self.0 += &String::from_utf8_lossy(text);
        Ok(())
    }
}

/// The arguments of a call by the names of the parameters, of which the first `needed`
/// must be there. Other keywords go to `others`.
fn bind<const N: usize>(
    vm: &Vm,
    args: &Args<'_>,
    names: [&str; N],
    needed: usize,
    others: Option<Gc<Dict>>,
) -> Res<[Option<Value>; N]> {
    let mut out = [None; N];
    if args.pos.len() > N {
        return vm.raise(&TYPE_ERROR, "too many arguments");
    }
    for (slot, value) in out.iter_mut().zip(args.pos) {
        *slot = Some(*value);
    }
    for (key, value) in args.keywords() {
        let text = vm.get_str(key)?;
        let slot = names.iter().position(|name| name.as_bytes() == text);
        match (slot.and_then(|at| out.get_mut(at)), others) {
            (Some(slot), _) if slot.is_none() => *slot = Some(value),
            (None, Some(others)) => others.map.insert(vm, key, value)?,
            _ => return vm.raise_fmt(&TYPE_ERROR, "unexpected argument '%'", &[text.into()]),
        }
    }
    match names.iter().zip(&out).take(needed).find(|(_, value)| value.is_none()) {
        Some((name, _)) => vm.raise_fmt(&TYPE_ERROR, "argument '%' required", &[(*name).into()]),
        None => Ok(out),
    }
}

fn string(vm: &Vm, value: Option<Value>, default: &str) -> Res<String> {
    match value {
        Some(value) => Ok(String::from_utf8_lossy(vm.get_str(value)?).into_owned()),
        None => Ok(default.to_owned()),
    }
}

/// A string, or an iterable of them; None gives `None`.
fn strings(vm: &Vm, value: Option<Value>) -> Res<Option<Vec<String>>> {
    let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(None) };
    if vm.str_bytes(value).is_some() {
        return Ok(Some(vec![string(vm, Some(value), "")?]));
    }
    vm.sequence(value)?.iter().map(|v| string(vm, Some(v), "")).collect::<Res<_>>().map(Some)
}

fn level(vm: &Vm, value: Option<Value>) -> Res<Option<u8>> {
    let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(None) };
    match vm.get_int(value)? {
        level @ 0..=3 => Ok(Some(level as u8)),
        _ => vm.raise(&VALUE_ERROR, "opt is 0 to 3"),
    }
}

fn truth(vm: &Vm, value: Option<Value>) -> Res<bool> {
    value.map_or(Ok(false), |value| vm.is_true(value))
}

fn metadata(vm: &Vm, args: &Args<'_>) -> Res {
    let names = ["description", "version", "license", "author", "stdlib", "pypi", "pypi_publish"];
    let none = Args { pos: &[], kw: args.kw };
    let values = bind(vm, &none, names, 0, None)?;
    if args.kw.is_empty() {
        return Ok(Value::NONE);
    }
    let version = values.get(1).copied().flatten().filter(|v| !v.is_none());
    let version = version.map(|v| string(vm, Some(v), "")).transpose()?;
    ask(vm, |reader| reader.describe(version))?;
    Ok(Value::NONE)
}

fn include(vm: &Vm, args: &Args<'_>) -> Res {
    let given = vm.new_dict(0)?;
    let [path] = bind(vm, args, ["manifest_path"], 1, Some(given))?;
    for path in strings(vm, path)?.unwrap_or_default() {
        let path = ask(vm, |reader| Ok(reader.resolve(&path)))?;
        run_manifest(vm, &path, given, false)?;
    }
    Ok(Value::NONE)
}

fn require(vm: &Vm, args: &Args<'_>) -> Res {
    let given = vm.new_dict(0)?;
    let names = ["name", "version", "pypi", "library"];
    let [name, _, _, library] = bind(vm, args, names, 1, Some(given))?;
    let name = string(vm, name, "")?;
    let library = library.filter(|v| !v.is_none());
    let library = library.map(|v| string(vm, Some(v), "")).transpose()?;
    let folder = ask(vm, |reader| reader.find_package(&name, library.as_deref()))?;
    run_manifest(vm, &folder, given, true)?;
    Ok(Value::NONE)
}

fn add_library(vm: &Vm, args: &Args<'_>) -> Res {
    let [name, path, first] = bind(vm, args, ["library", "library_path", "prepend"], 2, None)?;
    let (name, path) = (string(vm, name, "")?, string(vm, path, "")?);
    let first = truth(vm, first)?;
    ask(vm, |reader| {
        reader.add_library(name, &path, first);
        Ok(Value::NONE)
    })
}

fn package(vm: &Vm, args: &Args<'_>) -> Res {
    let names = ["package_path", "files", "base_path", "opt"];
    let [path, files, base, opt] = bind(vm, args, names, 1, None)?;
    let (path, base) = (string(vm, path, "")?, string(vm, base, ".")?);
    let (files, opt) = (strings(vm, files)?, level(vm, opt)?);
    ask(vm, |reader| reader.package(&path, files.as_deref(), &base, opt))?;
    Ok(Value::NONE)
}

fn module(vm: &Vm, args: &Args<'_>) -> Res {
    let [path, base, opt] = bind(vm, args, ["module_path", "base_path", "opt"], 1, None)?;
    let (path, base, opt) = (string(vm, path, "")?, string(vm, base, ".")?, level(vm, opt)?);
    ask(vm, |reader| reader.module(&path, &base, opt))?;
    Ok(Value::NONE)
}

fn c_module(vm: &Vm, args: &Args<'_>) -> Res {
    let [path] = bind(vm, args, ["module_path"], 1, None)?;
    let path = string(vm, path, "")?;
    ask(vm, |_| {
        Err(format!(
            "c_module('{path}'): C cannot be compiled into an image\n\
             hint: an image is linked behind finished firmware without a C compiler; a native \
             .mpy module can be frozen instead"
        ))
    })
}

fn freeze_kind(vm: &Vm, args: &Args<'_>, kind: Kind) -> Res {
    let [path, script, opt] = bind(vm, args, ["path", "script", "opt"], 1, None)?;
    let (path, scripts, opt) = (string(vm, path, "")?, strings(vm, script)?, level(vm, opt)?);
    ask(vm, |reader| reader.freeze(kind, &path, scripts.as_deref(), opt))?;
    Ok(Value::NONE)
}

fn freeze(vm: &Vm, args: &Args<'_>) -> Res {
    freeze_kind(vm, args, Kind::Any)
}

fn freeze_as_mpy(vm: &Vm, args: &Args<'_>) -> Res {
    freeze_kind(vm, args, Kind::Source)
}

/// A board has no compiler, so what stock compiles at import is compiled now.
fn freeze_as_str(vm: &Vm, args: &Args<'_>) -> Res {
    freeze_kind(vm, args, Kind::Source)
}

fn freeze_mpy(vm: &Vm, args: &Args<'_>) -> Res {
    freeze_kind(vm, args, Kind::Mpy)
}
