//! Names of scopes, and what storage they get.
//!
//! While a file is walked, each scope collects its names and how they are used. At the end, scopes
//! are resolved from the outside in, by Python's rules:
//!
//! * bound in a function: local, unless declared `global` or `nonlocal`;
//! * only used, or `nonlocal`: free if an enclosing function binds it (classes in between are
//!   passed over, but hand the cell on), else global;
//! * in a class or the module: looked up in its dictionary by name, unless free.
//!
//! A local that some inner scope wants becomes a cell.

use std::collections::HashMap;

use super::Lowerer;
use crate::diag::{Code, Diagnostic, Span};
use crate::hir::{
    Annotation, FreeVar, ParamKind, ScopeId, ScopeKind, Slot, Storage, Symbol, Var, VarId,
};

/// How a scope uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Use(u8);

impl Use {
    const LOADED: u8 = 1;
    const BOUND: u8 = 2;
    const PARAM: u8 = 4;
    const GLOBAL: u8 = 8;
    const NONLOCAL: u8 = 16;
    const TEMPORARY: u8 = 32;
    /// Only handed on to inner scopes; code of this scope does not see it.
    const PASSING: u8 = 64;
    /// Some inner scope captures it.
    const CAPTURED: u8 = 128;

    fn has(self, bits: u8) -> bool {
        self.0 & bits != 0
    }

    fn add(&mut self, bits: u8) {
        self.0 |= bits;
    }
}

/// A name as it is collected.
#[derive(Debug)]
struct Entry {
    name: Symbol,
    used: Use,
    /// Of its declaration, else of its first use.
    span: Span,
    annotation: Option<Annotation>,
    storage: Option<Storage>,
}

/// The names of a scope.
#[derive(Debug, Default)]
pub(super) struct ScopeNames {
    entries: Vec<Entry>,
    /// By symbol, once there are many.
    index: HashMap<Symbol, VarId>,
    /// Temporaries that are free to be used again.
    spare: Vec<VarId>,
    /// Names that the comprehensions around the expression bind, innermost last.
    shadows: Vec<(Symbol, VarId)>,
    /// Where the names of each of those comprehensions begin.
    marks: Vec<usize>,
    free: Vec<FreeVar>,
    /// Loops around the statement being lowered.
    pub loops: u32,
    /// Whether leaving by `return`, `break` or `continue` is forbidden: in `except*` clauses.
    pub no_exit: bool,
}

/// Up to how many names are looked for one by one.
const FEW: usize = 12;

impl ScopeNames {
    fn find(&self, name: Symbol) -> Option<VarId> {
        if self.entries.len() > FEW {
            return self.index.get(&name).copied();
        }
        self.entries
            .iter()
            .position(|entry| entry.name == name && !hidden(entry.used))
            .map(VarId::new)
    }

    fn add(&mut self, name: Symbol, used: u8, span: Span) -> VarId {
        let id = VarId::new(self.entries.len());
        let used = Use(used);
        self.entries.push(Entry { name, used, span, annotation: None, storage: None });
        if self.entries.len() == FEW + 1 {
            for (i, entry) in self.entries.iter().enumerate() {
                if !hidden(entry.used) {
                    self.index.insert(entry.name, VarId::new(i));
                }
            }
        } else if self.entries.len() > FEW && !hidden(used) {
            self.index.insert(name, id);
        }
        id
    }

    fn touch(&mut self, name: Symbol, used: u8, span: Span) -> VarId {
        match self.find(name) {
            Some(id) => {
                self.entries[id.index()].used.add(used);
                id
            }
            None => self.add(name, used, span),
        }
    }

    fn shadow(&self, name: Symbol) -> Option<VarId> {
        self.shadows.iter().rev().find(|shadow| shadow.0 == name).map(|shadow| shadow.1)
    }

    fn entry(&mut self, id: VarId) -> &mut Entry {
        &mut self.entries[id.index()]
    }

    fn used(&self, id: VarId) -> Use {
        self.entries[id.index()].used
    }
}

/// Whether no name of the source can mean it.
fn hidden(used: Use) -> bool {
    used.has(Use::TEMPORARY | Use::PASSING)
}

impl Lowerer<'_> {
    fn here(&mut self) -> &mut ScopeNames {
        &mut self.names[self.scope.index()]
    }

    /// Loops around the current statement, of the same scope.
    pub(super) fn loops(&mut self) -> &mut u32 {
        &mut self.here().loops
    }

    /// See [`ScopeNames::no_exit`].
    pub(super) fn no_exit(&mut self) -> &mut bool {
        &mut self.here().no_exit
    }

    /// The variable for a name that is loaded.
    pub(super) fn used(&mut self, name: Symbol, span: Span) -> VarId {
        match self.here().shadow(name) {
            Some(var) => var,
            None => self.here().touch(name, Use::LOADED, span),
        }
    }

    /// The variable for a name that is assigned or deleted.
    pub(super) fn bound(&mut self, name: Symbol, span: Span) -> VarId {
        match self.here().shadow(name) {
            Some(var) => var,
            None => self.here().touch(name, Use::BOUND, span),
        }
    }

    /// What [`Self::unshadow`] goes back to.
    pub(super) fn shadows(&mut self) -> usize {
        let names = self.here();
        let mark = names.shadows.len();
        names.marks.push(mark);
        mark
    }

    /// Gives a name that a comprehension binds in the frame around it a place of its own, unless
    /// it has one since `mark`.
    pub(super) fn bind_shadow(&mut self, name: Symbol, mark: usize, span: Span) {
        if self.here().shadows[mark..].iter().all(|shadow| shadow.0 != name) {
            let var = self.temporary(span);
            self.here().shadows.push((name, var));
        }
    }

    /// Forgets the names bound since `mark`.
    pub(super) fn unshadow(&mut self, mark: usize) {
        let names = self.here();
        names.marks.pop();
        let vars = names.shadows.drain(mark..).map(|shadow| shadow.1);
        names.spare.extend(vars);
    }

    /// Notes the annotation of a local variable.
    pub(super) fn annotate(&mut self, var: VarId, annotation: Option<Annotation>) {
        let entry = self.here().entry(var);
        if entry.annotation.is_none() {
            entry.annotation = annotation;
        }
    }

    /// The annotation of a variable.
    pub(super) fn annotation_of(&mut self, var: VarId) -> Option<Annotation> {
        self.here().entry(var).annotation
    }

    /// The variable for a new parameter.
    pub(super) fn param(
        &mut self,
        name: Symbol,
        span: Span,
        annotation: Option<Annotation>,
    ) -> VarId {
        if let Some(first) = self.here().find(name) {
            let first = self.here().entry(first).span;
            let shown = String::from_utf8_lossy(self.symbols.get(name)).into_owned();
            self.reports.push(
                Diagnostic::new(Code::InvalidParameters, span, "argument name reused")
                    .label(format!("there is a parameter `{shown}` already"))
                    .related(first, "the first one"),
            );
        }
        let var = self.here().touch(name, Use::PARAM | Use::BOUND, span);
        self.here().entry(var).annotation = annotation;
        var
    }

    /// The parameter of a comprehension's function, which has no name.
    pub(super) fn unnamed_param(&mut self, span: Span) -> VarId {
        let empty = self.known.empty;
        self.here().add(empty, Use::PARAM | Use::TEMPORARY, span)
    }

    /// A place for a value that has no name. Given back by [`Self::release`] where it is known
    /// that the value is not needed any more.
    pub(super) fn temporary(&mut self, span: Span) -> VarId {
        if let Some(var) = self.here().spare.pop() {
            return var;
        }
        let empty = self.known.empty;
        self.here().add(empty, Use::TEMPORARY, span)
    }

    /// Lets the next [`Self::temporary`] use the same place.
    pub(super) fn release(&mut self, var: VarId) {
        self.here().spare.push(var);
    }

    /// The first parameter of the current function, for `super()`.
    pub(super) fn first_param(&mut self) -> Option<VarId> {
        let entry = self.here().entries.first()?;
        entry.used.has(Use::PARAM).then(|| VarId::new(0))
    }

    /// Whether `name` is a parameter of the current scope.
    pub(super) fn is_param(&mut self, name: Symbol) -> bool {
        let here = self.here();
        here.find(name).is_some_and(|var| here.used(var).has(Use::PARAM))
    }

    /// `global name`
    pub(super) fn declare_global(&mut self, name: Symbol, span: Span) {
        let free = Use::LOADED | Use::BOUND | Use::PARAM | Use::NONLOCAL;
        self.declare(name, span, Use::GLOBAL, free, "identifier redefined as global");
    }

    /// `nonlocal name`
    pub(super) fn declare_nonlocal(&mut self, name: Symbol, span: Span) {
        if self.kind() == ScopeKind::Module {
            self.report(Code::NameDeclaration, span, "can't declare nonlocal in outer code");
            return;
        }
        let free = Use::LOADED | Use::BOUND | Use::PARAM | Use::GLOBAL;
        self.declare(name, span, Use::NONLOCAL, free, "identifier redefined as nonlocal");
    }

    fn declare(&mut self, name: Symbol, span: Span, used: u8, not: u8, message: &str) {
        if let Some(var) = self.here().find(name)
            && self.here().used(var).has(not)
        {
            let first = self.here().entry(var).span;
            let shown = String::from_utf8_lossy(self.symbols.get(name)).into_owned();
            self.reports.push(
                Diagnostic::new(Code::NameDeclaration, span, message)
                    .related(first, format!("`{shown}` is used here before"))
                    .hint("declare the name before its first use in the function"),
            );
            return;
        }
        self.here().touch(name, used, span);
    }

    /// The variable for `name := …`: in a comprehension the name belongs to the function, class or
    /// module around it.
    pub(super) fn walrus_target(&mut self, name: Symbol, span: Span) -> VarId {
        self.refuse_const(name, span);
        let mut owner = self.scope;
        while self.scopes[owner.index()].kind.is_comprehension()
            && let Some(parent) = self.scopes[owner.index()].parent
        {
            owner = parent;
            // Stock lets an inner comprehension bind the variable of an outer one.
            let names = &self.names[owner.index()];
            let var = names.find(name).filter(|var| names.used(*var).has(Use::BOUND));
            let outer = self.scopes[owner.index()].kind.is_comprehension();
            if self.options.as_stock && outer && var.is_some() {
                break;
            }
        }
        if let Some(first) = self.iteration_variable(name, owner) {
            let message = "an assignment expression cannot rebind an iteration variable of its \
                           comprehension";
            self.reports.push(
                Diagnostic::new(Code::NameDeclaration, span, message)
                    .related(first, "the iteration variable"),
            );
        }
        if owner == self.scope {
            return self.bound(name, span);
        }
        match self.scopes[owner.index()].kind {
            ScopeKind::Class => {
                let message = "an assignment expression cannot bind a class's name from inside a \
                               comprehension";
                self.report(Code::NameDeclaration, span, message);
            }
            ScopeKind::Module => {
                self.names[owner.index()].touch(name, Use::BOUND, span);
            }
            _ => {
                let var = self.names[owner.index()].touch(name, Use::BOUND, span);
                if !self.names[owner.index()].used(var).has(Use::GLOBAL) {
                    return self.here().touch(name, Use::NONLOCAL, span);
                }
            }
        }
        self.here().touch(name, Use::GLOBAL, span)
    }

    /// Where the comprehensions around the expression, which are part of `owner`, bind a name
    /// that `:=` then cannot bind. Stock looks at the innermost of them only.
    fn iteration_variable(&self, name: Symbol, owner: ScopeId) -> Option<Span> {
        let mut scope = self.scope;
        loop {
            let names = &self.names[scope.index()];
            let from = names.marks.last().filter(|_| self.options.as_stock).copied().unwrap_or(0);
            let shadow = names.shadows[from..].iter().find(|shadow| shadow.0 == name);
            let inlined = shadow.map(|shadow| shadow.1);
            let own = names.find(name).filter(|var| {
                let innermost = !self.options.as_stock || names.marks.is_empty();
                scope != owner && innermost && names.used(*var).has(Use::BOUND)
            });
            if let Some(var) = inlined.or(own) {
                return Some(names.entries[var.index()].span);
            }
            if scope == owner || self.options.as_stock {
                return None;
            }
            scope = self.scopes[scope.index()].parent?;
        }
    }

    /// Whether code of the file may give a global of this name a meaning of its own.
    pub(super) fn rebinds_global(&self, name: Symbol) -> bool {
        self.names.iter().enumerate().any(|(i, names)| {
            names.find(name).is_some_and(|var| {
                let used = names.used(var);
                used.has(Use::BOUND) && (i == 0 || used.has(Use::GLOBAL))
            })
        })
    }

    // Resolution.

    /// Gives every name its storage and every scope its slots.
    pub(super) fn resolve_names(&mut self) {
        for index in 0..self.scopes.len() {
            let count = self.names[index].entries.len();
            for var in 0..count {
                self.resolve(ScopeId::new(index), VarId::new(var));
            }
        }
        for index in 0..self.scopes.len() {
            self.lay_out(index);
        }
    }

    fn resolve(&mut self, scope: ScopeId, var: VarId) {
        let names = &self.names[scope.index()];
        let entry = &names.entries[var.index()];
        if entry.storage.is_some() || hidden(entry.used) {
            return;
        }
        let (name, used, span) = (entry.name, entry.used, entry.span);
        let kind = self.scopes[scope.index()].kind;
        if used.has(Use::GLOBAL) {
            self.names[scope.index()].entry(var).storage = Some(Storage::Global);
            return;
        }
        let owned = used.has(Use::BOUND | Use::PARAM) && !used.has(Use::NONLOCAL);
        let dictionary = matches!(kind, ScopeKind::Class | ScopeKind::Module);
        if owned && !dictionary {
            return;
        }
        if owned || scope.index() == 0 {
            self.names[scope.index()].entry(var).storage = Some(Storage::Name);
            return;
        }
        if let Some(owner) = self.owner(scope, name) {
            self.capture(scope, var, owner, name);
            return;
        }
        if used.has(Use::NONLOCAL) {
            let shown = String::from_utf8_lossy(self.symbols.get(name)).into_owned();
            self.reports.push(
                Diagnostic::new(Code::NameDeclaration, span, "no binding for nonlocal found")
                    .label(format!("no function around this one binds `{shown}`")),
            );
        }
        let storage = if dictionary { Storage::Name } else { Storage::Global };
        self.names[scope.index()].entry(var).storage = Some(storage);
    }

    /// The enclosing scope whose variable a free `name` of `scope` means.
    fn owner(&self, scope: ScopeId, name: Symbol) -> Option<ScopeId> {
        let mut at = self.scopes[scope.index()].parent?;
        while let Some(parent) = self.scopes[at.index()].parent {
            let kind = self.scopes[at.index()].kind;
            if kind == ScopeKind::Class {
                if name == self.known.class_cell {
                    return Some(at);
                }
            } else if let Some(var) = self.names[at.index()].find(name) {
                let used = self.names[at.index()].used(var);
                if used.has(Use::GLOBAL) {
                    return None;
                }
                if used.has(Use::BOUND | Use::PARAM) && !used.has(Use::NONLOCAL) {
                    return Some(at);
                }
            }
            at = parent;
        }
        None
    }

    /// Makes `var` of `scope` free, through all scopes up to its owner.
    fn capture(&mut self, mut scope: ScopeId, mut var: VarId, owner: ScopeId, name: Symbol) {
        loop {
            let Some(parent) = self.scopes[scope.index()].parent else {
                return;
            };
            let (outer, known) = self.captured_in(parent, owner, name);
            let names = &mut self.names[scope.index()];
            names.entries[var.index()].storage = Some(Storage::Free(Slot::new(names.free.len())));
            names.free.push(FreeVar { var, outer });
            if known {
                return;
            }
            (scope, var) = (parent, outer);
        }
    }

    /// The variable of `scope` that holds the cell for an inner scope; whether it was there.
    fn captured_in(&mut self, scope: ScopeId, owner: ScopeId, name: Symbol) -> (VarId, bool) {
        let class = self.scopes[scope.index()].kind == ScopeKind::Class;
        let names = &mut self.names[scope.index()];
        if scope == owner && !class {
            let Some(var) = names.find(name) else {
                return (names.add(name, Use::PASSING | Use::CAPTURED, Span::default()), true);
            };
            names.entry(var).used.add(Use::CAPTURED);
            return (var, true);
        }
        // In a class, the name that its code sees and the cell that it hands on are two things.
        let passing = names
            .entries
            .iter()
            .position(|entry| entry.name == name && entry.used.has(Use::PASSING));
        if let Some(index) = passing {
            return (VarId::new(index), true);
        }
        if scope == owner {
            return (names.add(name, Use::PASSING | Use::CAPTURED, Span::default()), true);
        }
        if !class && let Some(var) = names.find(name) {
            let is_free = matches!(names.entry(var).storage, Some(Storage::Free(_)));
            return (var, is_free);
        }
        (names.add(name, Use::PASSING, Span::default()), false)
    }

    /// The variable of a class scope that holds the cell of `__class__`, if a method wants it.
    fn class_cell(&self, scope: usize) -> Option<VarId> {
        let name = self.known.class_cell;
        self.names[scope]
            .entries
            .iter()
            .position(|entry| entry.name == name && entry.used.0 == Use::PASSING | Use::CAPTURED)
            .map(VarId::new)
    }

    /// Hands out slots: free variables, parameters, locals, cells.
    fn lay_out(&mut self, index: usize) {
        let class_cell = match self.scopes[index].kind {
            ScopeKind::Class => self.class_cell(index),
            _ => None,
        };
        let names = &mut self.names[index];
        let scope = &mut self.scopes[index];
        let mut slots: Vec<VarId> = names.free.iter().map(|free| free.var).collect();
        for param in &scope.params {
            let slot = Slot::new(slots.len());
            slots.push(param.var);
            let entry = &mut names.entries[param.var.index()];
            entry.storage = Some(if entry.used.has(Use::CAPTURED) {
                Storage::Cell(slot)
            } else {
                Storage::Local(slot)
            });
        }
        for cells in [false, true] {
            for (i, entry) in names.entries.iter_mut().enumerate() {
                if entry.storage.is_none() && entry.used.has(Use::CAPTURED) == cells {
                    let slot = Slot::new(slots.len());
                    entry.storage =
                        Some(if cells { Storage::Cell(slot) } else { Storage::Local(slot) });
                    slots.push(VarId::new(i));
                }
            }
        }
        scope.slots = slots;
        scope.free = std::mem::take(&mut names.free);
        scope.vars = std::mem::take(&mut names.entries)
            .into_iter()
            .map(|entry| Var {
                name: entry.name,
                storage: entry.storage.unwrap_or(Storage::Global),
                is_param: entry.used.has(Use::PARAM),
                annotation: entry.annotation,
            })
            .collect();
        scope.uses_globals = scope.vars.iter().any(|var| var.storage == Storage::Global);
        debug_assert!(scope.params.is_sorted_by_key(|param| match param.kind {
            ParamKind::PosOnly => 0,
            ParamKind::Normal => 1,
            ParamKind::KeywordOnly => 2,
            ParamKind::Star => 3,
            ParamKind::DoubleStar => 4,
        }));
        if let Some(var) = class_cell {
            self.return_class_cell(index, var);
        }
    }
}
