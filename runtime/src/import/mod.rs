//! Importing modules: built-in ones, packages, `.py` and `.mpy` files.
//!
//! `import a.b.c` loads one name after the other. A top-level name is looked for in
//! `sys.modules`, among the built-in modules and along `sys.path`; a submodule along
//! its package's `__path__`. A directory is a package; its `__init__` is run in it.

mod image;
mod loader;

pub(crate) use image::FrozenNames;
pub use image::Image;

use crate::error::{
    IMPORT_ERROR, INDENTATION_ERROR, RUNTIME_ERROR, Res, SYNTAX_ERROR, VALUE_ERROR,
};
use crate::heap::RawVec;
use crate::level::FILES;
use crate::modules;
use crate::object::{Args, BuiltinModule, Dict, Gc, List, Module, Type};
use crate::port::{CompileError, CompileMode, PathKind};
use crate::print::{Print, StrBuf};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `sys.path`.
    pub fn sys_path(&self) -> Res<Gc<List>> {
        match self.sys_path.get() {
            Some(l) => Ok(l),
            None => {
                let l = self.new_list(&[])?;
                self.sys_path.set(Some(l));
                Ok(l)
            }
        }
    }

    /// `sys.argv`.
    pub fn sys_argv(&self) -> Res<Gc<List>> {
        match self.sys_argv.get() {
            Some(l) => Ok(l),
            None => {
                let l = self.new_list(&[])?;
                self.sys_argv.set(Some(l));
                Ok(l)
            }
        }
    }

    /// Runs a module by name as the main program (`-m`); of a package its `__main__`.
    pub fn run_main(&self, name: &[u8]) -> Res {
        self.main_name.set(self.alloc_bytes(name)?);
        let module = self.import(name, true, 0, None);
        self.main_name.set(b"");
        let module = module?;
        if self.try_getattr(module, q!("__path__"))?.is_none() {
            return Ok(module);
        }
        let mut full = StrBuf::new(self);
        full.write(name)?;
        full.write(b".__main__")?;
        self.import(full.bytes(), true, 0, None)
    }

    /// Runs the code of a `.mpy` file in a namespace; `eval` code gives its value.
    pub fn run_mpy(&self, data: &'static [u8], globals: Gc<Dict>, locals: Gc<Dict>) -> Res {
        let module = self.module_of(globals)?;
        self.run_in(data, module, locals)
    }

    fn run_in(&self, data: &'static [u8], module: Gc<Module>, locals: Gc<Dict>) -> Res {
        let code = self.load_mpy(data, module)?;
        let f = self.new_function(code, module, None, None)?;
        let saved = self.locals.replace(Some(locals));
        let r = self.call_args(f, &Args::NONE);
        self.locals.set(saved);
        r
    }

    /// Compiles source text to `.mpy`, in the heap. Errors: SyntaxError, MemoryError.
    pub fn compile(&self, source: &[u8], file: &[u8], mode: CompileMode) -> Res<&'static [u8]> {
        let mut result = None;
        self.port().compile(source, file, mode, self.state.opt_level.get(), &mut |made| {
            result = Some(match made {
                Ok(data) => self.alloc_bytes(data),
                Err(e) => self.syntax_error(file, e),
            });
        });
        result.unwrap_or_else(|| self.raise_type(&SYNTAX_ERROR))
    }

    fn syntax_error<T>(&self, file: &[u8], e: CompileError<'_>) -> Res<T> {
        let text = self.new_str(e.text)?;
        if e.limit {
            return self.raise_arg(&RUNTIME_ERROR, text);
        }
        let ty = if e.indentation { &INDENTATION_ERROR } else { &SYNTAX_ERROR };
        let v = self.new_exception(ty, &[text])?;
        if let Some(exc) = self.exception_object(v) {
            let file = self.intern(file)?;
            let entry = crate::object::TraceEntry { file, block: Qstr::NULL, line: e.line };
            exc.trace.push(self, entry)?;
        }
        self.raise_value(v)
    }

    /// Runs a file, source or `.mpy`, in a module.
    pub fn run_file(&self, path: &[u8], module: Gc<Module>) -> Res {
        let data = self.file_contents(path)?;
        let data = if path.ends_with(b".mpy") {
            data
        } else {
            self.compile(data, path, CompileMode::Exec)?
        };
        self.run_in(data, module, module.globals)
    }

    pub(crate) fn import_name(&self, name: Qstr, names: Value, level: Value) -> Res {
        let globals = self.globals();
        let replaced = self.builtin_overrides.get();
        if let Some(f) = replaced.and_then(|d| d.map.get_name(self, q!("__import__"))) {
            let globals = globals.map_or(Value::NONE, Value::from);
            return self.call(f, &[Value::qstr(name), globals, Value::NONE, names, level]);
        }
        let level = level.as_small().unwrap_or(0);
        self.import(self.qstr_bytes(name), !names.is_none(), level.max(0) as usize, globals)
    }

    /// `__import__`: the module `name`, or with `leaf` false its top-level package.
    /// `level` is the number of leading dots; they count from the module of `globals`.
    pub fn import(&self, name: &[u8], leaf: bool, level: usize, globals: Option<Gc<Dict>>) -> Res {
        let full = match level {
            0 => self.alloc_bytes(name)?,
            _ => self.absolute(name, level, globals)?,
        };
        if full.is_empty() {
            return self.raise_type(&VALUE_ERROR);
        }
        // Parts that the base of a relative import already has need not be shown.
        let mut parent: Option<Value> = None;
        let mut top = None;
        let mut end = 0;
        loop {
            end = full.iter().skip(end).position(|&c| c == b'.').map_or(full.len(), |i| end + i);
            let part = full.get(..end).unwrap_or_default();
            let module = self.import_part(part, parent)?;
            top = top.or(Some(module));
            parent = Some(module);
            if end >= full.len() {
                break;
            }
            end += 1;
        }
        let leaf = leaf || (level > 0 && name.is_empty());
        Ok(if leaf { parent } else { top }.unwrap_or(Value::NONE))
    }

    /// The full name of a relative import.
    fn absolute(&self, name: &[u8], level: usize, globals: Option<Gc<Dict>>) -> Res<&'static [u8]> {
        let get = |q| globals.and_then(|g| g.map.get_name(self, q));
        let own = get(q!("__name__")).and_then(|v| self.str_bytes(v)).unwrap_or_default();
        // A package counts as one level of its own name.
        let is_package = get(q!("__path__")).is_some();
        let mut base = own;
        let mut up = if is_package { level - 1 } else { level };
        while up > 0 && !base.is_empty() {
            let dot = base.iter().rposition(|&c| c == b'.').unwrap_or(0);
            base = base.get(..dot).unwrap_or_default();
            up -= 1;
        }
        if base.is_empty() {
            return self.raise(&IMPORT_ERROR, "can't perform relative import");
        }
        let mut text = StrBuf::new(self);
        text.write(base)?;
        if !name.is_empty() {
            text.write(b".")?;
            text.write(name)?;
        }
        self.alloc_bytes(text.bytes())
    }

    /// One more part of a dotted name; `full` is the name up to it.
    fn import_part(&self, full: &[u8], parent: Option<Value>) -> Res {
        let q = self.intern(full)?;
        let loaded = self.modules()?;
        // An empty path asks for the built-in module although a file of that name is loaded.
        let forced = self.sys_path.get().is_some_and(|p| p.items.is_empty());
        if let Some(m) = loaded.map.get_name(self, q)
            && !(forced && modules::find(self, q).is_some())
        {
            return Ok(m);
        }
        let start = full.iter().rposition(|&c| c == b'.').map_or(0, |i| i + 1);
        let last = full.get(start..).unwrap_or_default();
        let frozen = self.import_frozen(q)?;
        let module = match parent {
            _ if frozen.is_some() => frozen,
            None => self.import_top(q, last)?,
            Some(parent) => self.import_sub(q, last, parent)?,
        };
        match module {
            Some(m) => {
                if let Some(p) = parent.and_then(|p| p.cast::<Module>()) {
                    p.globals.map.insert_name(self, self.intern(last)?, m)?;
                }
                Ok(m)
            }
            None => self.raise_fmt(&IMPORT_ERROR, "no module named '%'", &[q.into()]),
        }
    }

    fn import_top(&self, q: Qstr, name: &[u8]) -> Res<Option<Value>> {
        let builtin = modules::find(self, q);
        if let Some(m) = builtin.filter(|m| !m.extensible) {
            return Ok(Some(crate::object::value_of::<BuiltinModule>(m)));
        }
        // `ujson` and the like: the built-in module whatever the path has.
        let plain = name
            .strip_prefix(b"u")
            .and_then(|n| self.find_qstr(n))
            .and_then(|n| modules::find(self, n));
        if let Some(m) = plain.filter(|m| m.extensible || m.name == q!("sys")) {
            return Ok(Some(crate::object::value_of::<BuiltinModule>(m)));
        }
        if self.sys_path.get().is_some() {
            let paths = self.sys_path()?;
            let mut i = 0;
            while let Some(dir) = paths.items.get(i) {
                if let Some(m) = self.import_from_dir(q, name, self.get_str(dir)?)? {
                    return Ok(Some(m));
                }
                i += 1;
            }
        }
        Ok(builtin.map(crate::object::value_of::<BuiltinModule>))
    }

    fn import_sub(&self, q: Qstr, name: &[u8], parent: Value) -> Res<Option<Value>> {
        if parent.is::<BuiltinModule>() {
            return match self.find_qstr(name) {
                Some(last) => self.try_getattr(parent, last),
                None => Ok(None),
            };
        }
        match self.try_getattr(parent, q!("__path__"))? {
            Some(dir) => self.import_from_dir(q, name, self.get_str(dir)?),
            None => Ok(None),
        }
    }

    /// Looks for a package or a file of that name in a directory, and runs it.
    fn import_from_dir(&self, q: Qstr, name: &[u8], dir: &[u8]) -> Res<Option<Value>> {
        if !FILES {
            return Ok(None);
        }
        let mut path = StrBuf::new(self);
        path.write(dir)?;
        if !dir.is_empty() {
            path.write(b"/")?;
        }
        path.write(name)?;
        if self.path_kind(path.bytes()) == PathKind::Directory {
            let module = self.new_module(q)?;
            let text = self.new_str(path.bytes())?;
            module.globals.map.insert_name(self, q!("__path__"), text)?;
            path.write(b"/__init__")?;
            if self.find_source(&mut path)? {
                self.run_module(q, module, path.bytes())?;
            }
            return Ok(Some(module.into()));
        }
        if !self.find_source(&mut path)? {
            return Ok(None);
        }
        let module = self.new_module(q)?;
        self.run_module(q, module, path.bytes())?;
        // A module may have put something else in its place.
        Ok(self.modules()?.map.get_name(self, q).or(Some(module.into())))
    }

    /// Completes a path with `.py` or `.mpy`, whichever is there.
    fn find_source(&self, path: &mut StrBuf<'_>) -> Res<bool> {
        let n = path.len();
        for ending in [&b".py"[..], b".mpy"] {
            path.buffer().truncate(n);
            path.write(ending)?;
            if self.path_kind(path.bytes()) == PathKind::File {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn run_module(&self, q: Qstr, module: Gc<Module>, path: &[u8]) -> Res<()> {
        let file = self.new_str(path)?;
        module.globals.map.insert_name(self, q!("__file__"), file)?;
        if self.qstr_bytes(q) == self.main_name.get() {
            let main = Value::qstr(q!("__main__"));
            module.globals.map.insert_name(self, q!("__name__"), main)?;
            self.modules()?.map.insert_name(self, q!("__main__"), module.into())?;
        }
        match self.run_file(path, module) {
            Ok(_) => Ok(()),
            Err(r) => {
                let e = self.take_exception(r);
                self.modules()?.map.remove(self, Value::qstr(q))?;
                self.raise_value(e)
            }
        }
    }

    /// `from module import name`.
    pub(crate) fn import_from(&self, module: Value, name: Qstr) -> Res {
        if let Some(v) = self.try_getattr(module, name)? {
            return Ok(v);
        }
        // A submodule that is not loaded yet.
        if module.is::<Module>()
            && self.try_getattr(module, q!("__path__"))?.is_some()
            && let Some(own) = self.try_getattr(module, q!("__name__"))?
        {
            let mut full = StrBuf::new(self);
            full.write(self.get_str(own)?)?;
            full.write(b".")?;
            full.write(self.qstr_bytes(name))?;
            return self.import_part(full.bytes(), Some(module));
        }
        self.raise_fmt(&IMPORT_ERROR, "can't import name %", &[name.into()])
    }

    /// `from module import *` into the running namespace.
    pub(crate) fn import_star(&self, module: Value) -> Res<()> {
        let to = self.locals_dict();
        if let Some(all) = self.try_getattr(module, q!("__all__"))? {
            let names: RawVec<Value> = self.sequence(all)?;
            for name in names.iter() {
                let name = self.get_qstr(name)?;
                let v = self.getattr(module, name)?;
                to.map.insert_name(self, name, v)?;
            }
            return Ok(());
        }
        let public = |name: Qstr| !self.qstr_bytes(name).starts_with(b"_");
        if let Some(m) = module.cast::<Module>() {
            let mut at = 0;
            while let Some((k, v)) = m.globals.map.next(&mut at) {
                if let Some(name) = k.as_qstr().filter(|&n| public(n)) {
                    to.map.insert_name(self, name, v)?;
                }
            }
            return Ok(());
        }
        let has_names = self.as_type(module).is_some()
            || module.is::<BuiltinModule>()
            || self.type_of(module).has(Type::CLASS);
        if !has_names {
            return self.raise(&IMPORT_ERROR, "from-import-* object has no __dict__");
        }
        let names: RawVec<Value> = RawVec::new();
        self.each_attr(module, &mut |name| {
            if public(name) { names.push(self, name.into()) } else { Ok(()) }
        })?;
        for name in names.iter().filter_map(Value::as_qstr) {
            let v = self.getattr(module, name)?;
            to.map.insert_name(self, name, v)?;
        }
        Ok(())
    }
}
