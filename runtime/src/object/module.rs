//! Modules: those of programs, and the built-in ones in flash.

use core::cell::Cell;

use super::{Access, Dict, Found, Gc, Object, Row, Slots, Table, Type, table_get};
use crate::error::Res;
use crate::print::{Print, PrintKind};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A module made while a program runs. Native code reads the tables here.
    pub struct Module: MODULE {
        pub globals: Gc<Dict>,
        /// What the code's operands index; null without code.
        pub(crate) qstrs: Cell<*const Qstr>,
        pub(crate) consts: Cell<*const Value>,
    }
}

/// Reads, stores or deletes an attribute that is not in a built-in module's table;
/// `Ok(None)`: there is no such attribute, or it does not change.
pub type ModuleAttr = fn(&Vm, Qstr, Access) -> Res<Option<Value>>;

object! {
    /// A module in flash: a table of names.
    pub struct BuiltinModule: BUILTIN_MODULE, leaf {
        pub name: Qstr,
        pub table: Table,
        pub attr: Option<ModuleAttr>,
        /// A file of the same name on `sys.path` comes first.
        pub extensible: bool,
    }
}

impl BuiltinModule {
    pub const fn new(name: Qstr, table: Table) -> BuiltinModule {
        BuiltinModule { header: BuiltinModule::HEADER, name, table, attr: None, extensible: true }
    }

    /// Files cannot take its place.
    pub const fn fixed(self) -> BuiltinModule {
        BuiltinModule { extensible: false, ..self }
    }

    pub const fn with_attr(self, attr: ModuleAttr) -> BuiltinModule {
        BuiltinModule { attr: Some(attr), ..self }
    }
}

/// Type of [`Module`].
pub static MODULE: Type = Type::new(
    q!("module"),
    &const {
        Slots {
            print: Some(module_print),
            getattr: Some(module_getattr),
            setattr: Some(module_setattr),
            ..Slots::EMPTY
        }
    },
);

/// Type of [`BuiltinModule`].
static BUILTIN_MODULE: Type = Type::new(
    q!("module"),
    &const {
        Slots {
            print: Some(module_print),
            getattr: Some(builtin_getattr),
            setattr: Some(builtin_setattr),
            ..Slots::EMPTY
        }
    },
);

fn module_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    p.str("<module '")?;
    if let Some(m) = this.cast::<BuiltinModule>() {
        p.write(vm.qstr_bytes(m.name))?;
    }
    if let Some(m) = this.cast::<Module>() {
        let globals = &m.globals.map;
        if let Some(name) = globals.get_name(vm, q!("__name__")) {
            vm.print_to(p, name, PrintKind::Str)?;
        }
        if let Some(file) = globals.get_name(vm, q!("__file__")) {
            p.str("' from '")?;
            vm.print_to(p, file, PrintKind::Str)?;
        }
    }
    p.str("'>")
}

fn module_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(m) = this.cast::<Module>() else { return Ok(None) };
    if let Some(v) = m.globals.map.get_name(vm, name) {
        return Ok(Some(Found::Value(v)));
    }
    if name == q!("__dict__") {
        return Ok(Some(Found::Value(m.globals.into())));
    }
    match m.globals.map.get_name(vm, q!("__getattr__")) {
        Some(f) => Ok(Some(Found::Value(vm.call(f, &[Value::qstr(name)])?))),
        None => Ok(None),
    }
}

fn module_setattr(vm: &Vm, this: Value, name: Qstr, value: Option<Value>) -> Res<bool> {
    let Some(m) = this.cast::<Module>() else { return Ok(false) };
    match value {
        Some(v) => m.globals.map.insert_name(vm, name, v).map(|()| true),
        None => Ok(m.globals.map.remove(vm, Value::qstr(name))?.is_some()),
    }
}

fn builtin_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let Some(m) = this.cast::<BuiltinModule>() else { return Ok(None) };
    if m.name == q!("builtins")
        && let Some(v) = vm.builtin_overrides.get().and_then(|d| d.map.get_name(vm, name))
    {
        return Ok(Some(Found::Value(v)));
    }
    let found = match (table_get(m.table, name), m.attr) {
        (Some(v), _) => Some(v),
        (None, Some(attr)) => attr(vm, name, Access::Load)?,
        (None, None) => None,
    };
    if found.is_none() && name == q!("__dict__") {
        return names_of(vm, &m).map(|d| Some(Found::Value(d.into())));
    }
    Ok(found.map(Found::Value))
}

fn builtin_setattr(vm: &Vm, this: Value, name: Qstr, value: Option<Value>) -> Res<bool> {
    match this.cast::<BuiltinModule>().and_then(|m| m.get().attr) {
        Some(attr) => Ok(attr(vm, name, value.map_or(Access::Delete, Access::Store))?.is_some()),
        None => Ok(false),
    }
}

/// The table of a built-in module as a dict that cannot be changed.
fn names_of(vm: &Vm, m: &BuiltinModule) -> Res<Gc<Dict>> {
    let dict = vm.new_dict(m.table.len())?;
    for &Row { name, value: v } in m.table {
        dict.map.insert_name(vm, name, v)?;
    }
    dict.map.set_fixed();
    Ok(dict)
}

impl Vm {
    /// A new module `name`, registered in `sys.modules`.
    pub fn new_module(&self, name: Qstr) -> Res<Gc<Module>> {
        let globals = self.new_dict(1)?;
        globals.map.insert_name(self, q!("__name__"), Value::qstr(name))?;
        let module = self.module_of(globals)?;
        self.modules()?.map.insert_name(self, name, module.into())?;
        Ok(module)
    }

    /// A module, not registered anywhere, with these globals.
    pub(crate) fn module_of(&self, globals: Gc<Dict>) -> Res<Gc<Module>> {
        let (qstrs, consts) = (Cell::new(core::ptr::null()), Cell::new(core::ptr::null()));
        self.alloc_obj(Module { header: Module::HEADER, globals, qstrs, consts })
    }

    /// `sys.modules`.
    pub fn modules(&self) -> Res<Gc<Dict>> {
        match self.loaded_modules.get() {
            Some(d) => Ok(d),
            None => {
                let d = self.new_dict(0)?;
                self.loaded_modules.set(Some(d));
                Ok(d)
            }
        }
    }
}

/// A place of a `Vm` for a dict that exists once something is put in.
pub(crate) type LazyDict = Cell<Option<Gc<Dict>>>;
