//! The tables of a module and the indices that code uses for them.

use std::cmp::Reverse;
use std::collections::HashMap;

use mpy_format::{Const, Header, RawCode};

use crate::Options;
use crate::bytecode::ir::{KonstId, Op};
use crate::bytecode::{self, Function, Konsts, Names, Number};
use crate::diag::Diagnostic;
use crate::hir::{Module, Scope, ScopeId, Symbol};

/// Indices below this take one byte.
const SHORT: usize = 128;

/// Longer strings are never interned to save a byte: devices keep what they intern for good.
const MAX_INTERNED: usize = 48;

/// Boards keep the length of a qstr in a byte.
const MAX_QSTR: usize = 255;

/// How often code names each text and constant.
#[derive(Debug, Default)]
pub struct Counts {
    /// As a name, which must be interned; by [`Symbol`].
    names: Vec<u32>,
    /// As a string constant.
    strings: Vec<u32>,
    /// Of the uses as constants, those by machine code that are only read.
    operands: Vec<u32>,
    /// By [`KonstId`].
    konsts: Vec<u32>,
}

impl Counts {
    /// Nothing is named yet.
    pub fn new(symbols: usize) -> Self {
        let none = vec![0; symbols];
        Self { names: none.clone(), strings: none.clone(), operands: none, konsts: Vec::new() }
    }

    fn name(&mut self, symbol: Symbol) {
        self.names[symbol.index()] += 1;
    }

    fn konst(&mut self, konst: KonstId) {
        let index = konst.0 as usize;
        if index >= self.konsts.len() {
            self.konsts.resize(index + 1, 0);
        }
        self.konsts[index] += 1;
    }

    /// Counts what a function names.
    pub fn function(&mut self, scope: &Scope, function: &Function, names: &Names) {
        self.frame(scope, names);
        self.code(function);
    }

    /// Counts what a function's prelude names.
    fn frame(&mut self, scope: &Scope, names: &Names) {
        self.name(scope.name);
        for _ in &scope.free {
            self.name(names.star);
        }
        let named = scope.positional() + scope.keyword_only();
        for param in scope.params.iter().take(named) {
            self.name(param.name);
        }
    }

    fn code(&mut self, function: &Function) {
        let code = &function.code;
        for &id in &code.order {
            for inst in code.body(id) {
                match inst.op {
                    Op::LoadStr(text) => self.strings[text.index()] += 1,
                    Op::LoadConst(konst) => self.konst(konst),
                    Op::LoadQstr(name)
                    | Op::LoadName(name)
                    | Op::LoadGlobal(name)
                    | Op::StoreName(name)
                    | Op::StoreGlobal(name)
                    | Op::DeleteName(name)
                    | Op::DeleteGlobal(name)
                    | Op::LoadAttr(name)
                    | Op::LoadMethod(name)
                    | Op::LoadSuperMethod(name)
                    | Op::StoreAttr(name)
                    | Op::ImportName(name)
                    | Op::ImportFrom(name) => self.name(name),
                    _ => {}
                }
            }
        }
    }
}

/// Where machine code says what it will name.
pub struct Uses<'a> {
    counts: &'a mut Counts,
    konsts: &'a mut Konsts,
    names: &'a Names,
}

impl<'a> Uses<'a> {
    pub(crate) fn new(counts: &'a mut Counts, konsts: &'a mut Konsts, names: &'a Names) -> Self {
        Self { counts, konsts, names }
    }

    /// The stack code of a scope, from which machine code is made. Nothing that it
    /// names is counted.
    ///
    /// # Errors
    /// `Limit` where the scope exceeds what the format can express.
    pub fn stack_code(
        &mut self,
        module: &Module,
        scope: ScopeId,
        options: &Options,
    ) -> Result<Function, Diagnostic> {
        bytecode::compile(module, scope, options, self.names, self.konsts)
    }

    /// The prelude of a scope names its parameters.
    pub fn frame(&mut self, scope: &Scope) {
        self.counts.frame(scope, self.names);
    }

    /// Code has this text as a constant.
    pub fn string(&mut self, symbol: Symbol) {
        self.counts.strings[symbol.index()] += 1;
    }

    /// One of the constants counted is only read, such as what is added to a text. To
    /// machine code it is as short where it is not interned, and every interned text
    /// makes boards look longer for others.
    pub fn operand(&mut self, symbol: Symbol) {
        self.counts.operands[symbol.index()] += 1;
    }

    /// Code names this constant by its index.
    pub fn again(&mut self, konst: KonstId) {
        self.counts.konst(konst);
    }

    /// The constants so far that are numbers.
    pub fn numbers(&self) -> HashMap<KonstId, Number> {
        self.konsts.numbers().collect()
    }

    /// Code names this text by its qstr index.
    pub fn name(&mut self, symbol: Symbol) {
        self.counts.name(symbol);
    }

    /// Code names this constant by its index.
    pub fn konst(&mut self, value: Const) -> KonstId {
        let konst = self.konsts.intern(value);
        self.counts.konst(konst);
        konst
    }
}

/// The indices of a module's tables.
#[derive(Debug)]
pub struct Tables {
    /// Texts that code names though the source may not.
    pub names: Names,
    /// By [`Symbol`]: the qstr index, or the constant's.
    places: Vec<Place>,
    /// By [`KonstId`].
    konsts: Vec<u32>,
    qstrs: Vec<Symbol>,
    objects: Vec<Object>,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Nowhere,
    Qstr(u32),
    Konst(u32),
}

#[derive(Clone, Copy, Debug)]
enum Object {
    Text(Symbol),
    Konst(KonstId),
}

impl Tables {
    /// Lays out the tables.
    pub fn new(
        module: &Module,
        source: Symbol,
        names: Names,
        counts: Counts,
        konsts: &Konsts,
        options: &Options,
    ) -> Self {
        let Counts { names: as_name, strings, operands, konsts: mut konst_uses } = counts;
        konst_uses.resize(konsts.count(), 0);
        let uses = |i: usize| as_name[i] + strings[i];
        let len = |i: usize| module.text(Symbol::new(i)).len();

        // Names and short strings are interned. Of the others those that are left room for are, as
        // a constant of its own takes a byte more.
        let source = source.index();
        let (mut interned, mut others): (Vec<usize>, Vec<usize>) = (0..as_name.len())
            .filter(|&i| uses(i) != 0 && i != source)
            .partition(|&i| as_name[i] != 0 || len(i) <= options.max_interned);
        others.retain(|&i| strings[i] != 0);
        if options.optimise {
            let room = SHORT.saturating_sub(interned.len() + 1);
            let mut left = room;
            others.retain(|&i| {
                let take = left > 0 && len(i) <= MAX_INTERNED && operands[i] < strings[i];
                if take {
                    left -= 1;
                    interned.push(i);
                }
                !take
            });
            // Where constants overflow as well, their long indices gain nothing.
            let konsts = konst_uses.iter().filter(|&&uses| uses != 0).count();
            let excess = (others.len() + konsts).saturating_sub(SHORT);
            others.sort_by_key(|&i| (Reverse(strings[i]), i));
            let mut kept = others.len().saturating_sub(excess);
            others.retain(|&i| {
                let take = kept == 0 && len(i) <= MAX_INTERNED;
                kept = kept.saturating_sub(1);
                if take {
                    interned.push(i);
                }
                !take
            });
            // Boards look for a text in this order, and for one character they look most often:
            // whenever a text is taken apart. As long as all indices are short, that is free.
            let short = interned.len() < SHORT;
            interned.sort_by_key(|&i| (short && len(i) != 1, Reverse(uses(i)), i));
        }
        interned.insert(0, source);

        let mut objects: Vec<(u32, Object)> =
            others.iter().map(|&i| (strings[i], Object::Text(Symbol::new(i)))).collect();
        objects.extend(
            konst_uses
                .iter()
                .enumerate()
                .filter(|&(_, &uses)| uses != 0)
                .map(|(i, &uses)| (uses, Object::Konst(KonstId(i as u32)))),
        );
        if options.optimise {
            objects.sort_by_key(|&(uses, _)| Reverse(uses));
        }

        let mut tables = Self {
            names,
            places: vec![Place::Nowhere; as_name.len()],
            konsts: vec![0; konsts.count()],
            qstrs: interned.iter().map(|&i| Symbol::new(i)).collect(),
            objects: objects.iter().map(|&(_, object)| object).collect(),
        };
        for (index, &i) in interned.iter().enumerate() {
            tables.places[i] = Place::Qstr(index as u32);
        }
        for (index, object) in tables.objects.iter().enumerate() {
            match *object {
                Object::Text(symbol) => tables.places[symbol.index()] = Place::Konst(index as u32),
                Object::Konst(konst) => tables.konsts[konst.0 as usize] = index as u32,
            }
        }
        tables
    }

    /// An interned text that is longer than any board accepts.
    pub(crate) fn too_long(&self, module: &Module) -> Option<Symbol> {
        self.qstrs.iter().copied().find(|&name| module.text(name).len() > MAX_QSTR)
    }

    /// The qstr index of a name.
    pub fn qstr(&self, name: Symbol) -> u32 {
        match self.places[name.index()] {
            Place::Qstr(index) => index,
            _ => {
                debug_assert!(false, "{name} was not counted as a name");
                0
            }
        }
    }

    /// The qstr index of a string constant or else its index among the constants.
    ///
    /// # Errors
    /// The index among the constants.
    pub fn string(&self, text: Symbol) -> Result<u32, u32> {
        match self.places[text.index()] {
            Place::Qstr(index) => Ok(index),
            Place::Konst(index) => Err(index),
            Place::Nowhere => {
                debug_assert!(false, "{text} was not counted");
                Ok(0)
            }
        }
    }

    /// The index of a constant.
    pub fn konst(&self, konst: KonstId) -> u32 {
        self.konsts[konst.0 as usize]
    }

    /// The whole module, once its code is done.
    pub(crate) fn into_module(
        self,
        module: &Module,
        konsts: Konsts,
        header: Header,
        root: RawCode,
    ) -> mpy_format::Module {
        let text = |symbol: Symbol| module.text(symbol).to_vec();
        let mut values: Vec<Option<Const>> = konsts.into_values().into_iter().map(Some).collect();
        let consts = self
            .objects
            .iter()
            .map(|object| match *object {
                Object::Text(symbol) => Const::Str(text(symbol)),
                Object::Konst(konst) => values[konst.0 as usize].take().unwrap_or(Const::None),
            })
            .collect();
        let qstrs = self.qstrs.iter().map(|&symbol| text(symbol)).collect();
        mpy_format::Module { header, qstrs, consts, root }
    }
}
