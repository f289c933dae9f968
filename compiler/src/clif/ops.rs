//! Instructions, one by one.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value};
use mpy_format::Helper;

use super::infer::Kind;
use super::routine::Routine;
use super::stack::Entry;
use super::viper::Ty;
use super::{Lower, offset};
use crate::bytecode::Number;
use crate::bytecode::ir::{Args, ITER_ENTRIES, Op};
use crate::hir::Collection;
use crate::hir::{ScopeId, Symbol, VarId};

/// The object that asks `obj_subscr` to load.
const SENTINEL: i64 = 4;

impl Lower<'_> {
    pub fn op(&mut self, op: Op) {
        match op {
            Op::LoadNone => {
                if self.viper {
                    self.stack.push(Entry { value: None, ty: Ty::None, known: None });
                    let zero = self.iconst(0);
                    if let Some(top) = self.stack.last_mut() {
                        top.value = Some(zero);
                    }
                } else {
                    let none = self.singleton(Helper::ConstNone);
                    self.push_object(none);
                }
            }
            Op::LoadFalse | Op::LoadTrue => {
                let truth = op == Op::LoadTrue;
                if self.viper {
                    let value = self.iconst(i64::from(truth));
                    self.push(value, Ty::Bool);
                } else {
                    let which = if truth { Helper::ConstTrue } else { Helper::ConstFalse };
                    let value = self.singleton(which);
                    self.push_object(value);
                }
            }
            Op::LoadNull => {
                let null = self.iconst(0);
                self.push_object(null);
            }
            Op::LoadInt(number) => self.push_int(i64::from(number)),
            Op::LoadStr(text) => {
                let value = self.string(text);
                self.push_object(value);
            }
            Op::LoadQstr(name) => {
                let value = self.qstr_object(name);
                self.push_object(value);
            }
            Op::LoadConst(konst) => match self.input.indices.number(konst) {
                Some(Number::Int(number)) if self.viper && self.fits_word(number) => {
                    let value = self.iconst(number as i64);
                    self.push(value, Ty::Int);
                }
                number => {
                    let index = self.input.indices.konst(konst);
                    let value = self.konst(index);
                    let ty = match number {
                        Some(Number::Float(float)) if self.viper => Ty::Constant(float.to_bits()),
                        _ => Ty::Object,
                    };
                    self.push(value, ty);
                }
            },
            Op::LoadFast(var) => self.load_fast(var, false),
            Op::LoadBound(var) => self.load_fast(var, true),
            Op::LoadCell(var) => {
                let slot = self.slot(var);
                let value = self.load_slot(slot);
                self.push_object(value);
            }
            Op::LoadSource => {
                let value = self.load_slot(self.input.frame.source(self.scope) as usize);
                self.push_object(value);
            }
            Op::LoadDeref(var) => {
                let slot = self.slot(var);
                let cell = self.load_slot(slot);
                let value = self.load(cell, 1);
                self.check_bound(value);
                self.push_object(value);
            }
            Op::LoadName(name) | Op::LoadGlobal(name) => {
                if self.viper
                    && let Some(ty) = Ty::named(self.input.module.text(name))
                {
                    self.stack.push(Entry {
                        value: None,
                        ty: Ty::Cast(ty.number() as u8),
                        known: None,
                    });
                    return;
                }
                let helper = match op {
                    Op::LoadName(_) => Helper::LoadName,
                    _ => Helper::LoadGlobal,
                };
                let name = self.qstr(name);
                let value = self.call_value(helper, &[name]);
                self.push_object(value);
            }
            Op::StoreFast(var) => self.store_fast(var),
            Op::StoreDeref(var) => {
                let value = self.pop_object();
                let slot = self.slot(var);
                let cell = self.load_slot(slot);
                self.store(value, cell, 1);
            }
            Op::StoreName(name) | Op::StoreGlobal(name) => {
                let helper = match op {
                    Op::StoreName(_) => Helper::StoreName,
                    _ => Helper::StoreGlobal,
                };
                let value = self.pop_object();
                let name = self.qstr(name);
                self.call(helper, &[name, value]);
            }
            Op::DeleteFast(var) => {
                let slot = self.slot(var);
                let value = self.load_slot(slot);
                self.check_bound(value);
                let null = self.iconst(0);
                self.store_slot(slot, null);
                if let Some(small) = self.small.get_mut(slot) {
                    *small = Kind::Any;
                }
            }
            Op::DeleteDeref(var) => {
                let slot = self.slot(var);
                let cell = self.load_slot(slot);
                let value = self.load(cell, 1);
                self.check_bound(value);
                let null = self.iconst(0);
                self.store(null, cell, 1);
            }
            Op::DeleteName(name) => {
                let name = self.qstr(name);
                self.call(Helper::DeleteName, &[name]);
            }
            Op::DeleteGlobal(name) => {
                let name = self.qstr(name);
                self.call(Helper::DeleteGlobal, &[name]);
            }
            Op::LoadAttr(name) => {
                let object = self.pop_object();
                let looks_up = self.looks_up(name);
                let args = [object, self.qstr(name)];
                let value = if looks_up {
                    self.routine_or_helper(Routine::LoadAttr, Helper::LoadAttr, &args)
                } else {
                    self.call_value(Helper::LoadAttr, &args)
                };
                self.push_object(value);
            }
            Op::LoadMethod(name) => {
                let object = self.pop_object();
                let routine = self.looks_up(name) && self.has_routine(Routine::LoadMethod);
                let name = self.qstr(name);
                let to = self.state_addr(self.stack.len());
                if routine {
                    self.call_routine(Routine::LoadMethod, &[object, name, to]);
                } else {
                    self.call(Helper::LoadMethod, &[object, name, to]);
                }
                self.push_memory();
                self.push_memory();
            }
            Op::LoadSuperMethod(name) => {
                let to = self.spill_top(3);
                let name = self.qstr(name);
                self.call(Helper::LoadSuperMethod, &[name, to]);
                self.drop_entry();
            }
            Op::StoreAttr(name) => {
                let object = self.pop_object();
                let value = self.pop_object();
                let routine = self.has_routine(Routine::StoreAttr) && !self.is_null(value);
                let name = self.qstr(name);
                if routine {
                    self.call_routine(Routine::StoreAttr, &[object, name, value]);
                } else {
                    self.call(Helper::StoreAttr, &[object, name, value]);
                }
            }
            Op::LoadSubscr => {
                let index = self.pop();
                let object = self.pop();
                if object.ty.is_pointer() {
                    return self.load_pointer(object, index);
                }
                let (object, index) = (self.object(object), self.object(index));
                if self.has_routine(Routine::LoadSubscr) {
                    let value = self.routine_value(Routine::LoadSubscr, &[object, index]);
                    return self.push_object(value);
                }
                let sentinel = self.iconst(SENTINEL);
                let value = self.call_value(Helper::ObjSubscr, &[object, index, sentinel]);
                self.push_object(value);
            }
            Op::StoreSubscr => {
                let index = self.pop();
                let object = self.pop();
                let value = self.pop();
                if object.ty.is_pointer() {
                    return self.store_pointer(object, index, value);
                }
                let (object, index) = (self.object(object), self.object(index));
                let value = self.object(value);
                // Null asks the runtime to delete.
                if self.has_routine(Routine::StoreSubscr) && !self.is_null(value) {
                    self.call_routine(Routine::StoreSubscr, &[object, index, value]);
                } else {
                    self.call(Helper::ObjSubscr, &[object, index, value]);
                }
            }
            Op::LoadBuildClass => {
                let value = self.call_value(Helper::LoadBuildClass, &[]);
                self.push_object(value);
            }
            Op::Dup => {
                let entry = self.pop();
                self.stack.push(entry);
                self.stack.push(entry);
            }
            Op::DupTwo => {
                let b = self.pop();
                let a = self.pop();
                self.stack.extend([a, b, a, b]);
            }
            Op::Pop => self.drop_entry(),
            Op::RotTwo | Op::RotUnwind => {
                let b = self.pop();
                let a = self.pop();
                self.stack.extend([b, a]);
            }
            Op::RotThree => {
                let c = self.pop();
                let b = self.pop();
                let a = self.pop();
                self.stack.extend([c, a, b]);
            }
            Op::Unary(op) => self.unary(op),
            Op::Binary(op) => self.binary(op),
            Op::BuildTuple(n) => self.build(Helper::NewTuple, n),
            Op::BuildList(n) => self.build(Helper::NewList, n),
            Op::BuildSet(n) => self.build(Helper::NewSet, n),
            Op::BuildMap(n) => {
                let n = self.iconst(i64::from(n));
                let value = self.call_value(Helper::NewDict, &[n]);
                self.push_object(value);
            }
            Op::BuildSlice(n) => {
                let step =
                    if n == 3 { self.pop_object() } else { self.singleton(Helper::ConstNone) };
                let stop = self.pop_object();
                let start = self.pop_object();
                let value = self.call_value(Helper::NewSlice, &[start, stop, step]);
                self.push_object(value);
            }
            Op::StoreMap => {
                let key = self.pop_object();
                let value = self.pop_object();
                let map = self.pop_object();
                self.call(Helper::DictStore, &[map, key, value]);
                self.push_object(map);
            }
            Op::StoreComp(collection, index) => self.store_comp(collection, index),
            Op::UnpackSequence(n) => {
                let value = self.pop_object();
                self.unpack(Helper::UnpackSequence, value, n, n);
            }
            Op::UnpackEx(left, right) => {
                let value = self.pop_object();
                let (left, right) = (u32::from(left), u32::from(right));
                self.unpack(Helper::UnpackEx, value, left | right << 8, left + right + 1);
            }
            Op::MakeFunction { defaults, scope } => {
                let value = self.make_function(defaults, scope, 0);
                self.push_object(value);
            }
            Op::MakeClosure { defaults, cells, scope } => {
                let count = usize::from(cells);
                let items = self.spill_top(count);
                let cells = self.iconst(i64::from(cells));
                let function = self.make_function(defaults, scope, count);
                let value = self.call_value(Helper::NewClosure, &[function, cells, items]);
                self.push_object(value);
            }
            Op::Call(args) => self.call_function(args),
            Op::CallVar(args) => self.call_starred(args, false),
            Op::CallMethod(args) => {
                let count = args.entries() as usize + 2;
                let items = self.spill_top(count);
                self.stack.truncate(self.stack.len() - count);
                let value = if self.has_routine(Routine::CallMethod) {
                    let operand = self.iconst(i64::from(args.operand()));
                    self.routine_value(Routine::CallMethod, &[operand, items])
                } else {
                    let positional = self.iconst(i64::from(args.positional));
                    let keyword = self.iconst(i64::from(args.keyword));
                    self.call_value(Helper::CallMethodNKw, &[positional, keyword, items])
                };
                self.push_object(value);
            }
            Op::CallMethodVar(args) => self.call_starred(args, true),
            Op::GetIter => {
                let object = self.pop_object();
                let null = self.iconst(0);
                let value = self.call_value(Helper::Getiter, &[object, null]);
                self.push_object(value);
            }
            Op::GetIterStack => {
                let object = self.pop_object();
                let buffer = self.state_addr(self.stack.len());
                self.call(Helper::Getiter, &[object, buffer]);
                self.ask_stepper(self.stack.len(), object, buffer);
                for _ in 0..ITER_ENTRIES {
                    self.push_memory();
                }
            }
            Op::WithCleanup => self.with_cleanup(),
            Op::YieldValue => self.yield_value(),
            Op::YieldFrom => self.yield_from(),
            Op::ImportName(name) => {
                let names = self.pop_object();
                let level = self.pop_object();
                let name = self.qstr(name);
                let value = self.call_value(Helper::ImportName, &[name, names, level]);
                self.push_object(value);
            }
            Op::ImportFrom(name) => {
                let module = self.pop_object();
                let name = self.qstr(name);
                let value = self.call_value(Helper::ImportFrom, &[module, name]);
                self.push_object(module);
                self.push_object(value);
            }
            Op::ImportStar => {
                let module = self.pop_object();
                self.call(Helper::ImportAll, &[module]);
            }
        }
    }

    /// Whether a name is found in what an object and its class hold: a few are the
    /// runtime's own.
    fn looks_up(&self, name: Symbol) -> bool {
        !self.input.module.text(name).starts_with(b"__")
    }

    /// Whether a word holds an integer, signed or unsigned.
    fn fits_word(&self, number: i128) -> bool {
        let bits = self.word.bits();
        (-1i128 << (bits - 1)..1 << bits).contains(&number)
    }

    pub fn push_int(&mut self, number: i64) {
        let (value, ty) = if self.viper {
            (self.iconst(number), Ty::Int)
        } else {
            (self.iconst(number << 1 | 1), Ty::Small(Kind::Small))
        };
        self.stack.push(Entry { value: Some(value), ty, known: Some(number) });
    }

    pub fn slot(&self, var: VarId) -> usize {
        self.input.frame.slot(var) as usize
    }

    pub fn load_slot(&mut self, slot: usize) -> Value {
        if self.framed() {
            self.state_load(self.n_state as usize - 1 - slot)
        } else {
            let var = self.local_vars[slot];
            self.b.use_var(var)
        }
    }

    pub fn store_slot(&mut self, slot: usize, value: Value) {
        if self.framed() {
            self.state_store(self.n_state as usize - 1 - slot, value);
        } else {
            let var = self.local_vars[slot];
            self.b.def_var(var, value);
        }
    }

    /// Goes on only where an object is there.
    fn check_bound(&mut self, value: Value) {
        let unbound = self.unbound();
        let next = self.b.create_block();
        self.b.ins().brif(value, next, &[], unbound, &[]);
        self.b.switch_to_block(next);
    }

    fn load_fast(&mut self, var: VarId, bound: bool) {
        let slot = self.slot(var);
        let value = self.load_slot(slot);
        let kind = self.small.get(slot).copied().unwrap_or_default();
        let ty = match kind {
            _ if self.viper => self.local_type(var),
            Kind::Any => Ty::Object,
            kind => Ty::Small(kind),
        };
        let unknown = match ty {
            Ty::Object => !self.viper,
            // An object there, as [`super::float`] tells.
            Ty::Float => self.input.abi.float.is_none(),
            _ => false,
        };
        if unknown && !bound {
            self.check_bound(value);
        }
        self.push(value, ty);
    }

    fn store_fast(&mut self, var: VarId) {
        let slot = self.slot(var);
        let entry = self.pop();
        let value = if self.viper {
            let ty = self.store_type(var, entry.ty);
            self.convert(entry, ty)
        } else {
            if let Some(small) = self.small.get_mut(slot) {
                *small = entry.ty.kind();
            }
            self.object(entry)
        };
        self.store_slot(slot, value);
        self.ask_entry(slot, value);
    }

    fn build(&mut self, helper: Helper, n: u32) {
        let items = self.spill_top(n as usize);
        self.stack.truncate(self.stack.len() - n as usize);
        let n = self.iconst(i64::from(n));
        let value = self.call_value(helper, &[n, items]);
        self.push_object(value);
    }

    fn store_comp(&mut self, collection: Collection, index: u16) {
        let place = self.stack.len() - 1 - usize::from(index);
        let value = self.pop_object();
        let second = (collection == Collection::Dict).then(|| self.pop_object());
        let mut entry = self.stack[place];
        if entry.value.is_none() {
            entry.value = Some(self.state_load(place));
        }
        let target = self.raw(entry);
        match (collection, second) {
            (Collection::Dict, Some(second)) => {
                self.call(Helper::DictStore, &[target, value, second]);
            }
            (Collection::Set, _) => {
                self.call(Helper::SetStore, &[target, value]);
            }
            _ => {
                self.call(Helper::ListAppend, &[target, value]);
            }
        }
    }

    fn unpack(&mut self, helper: Helper, value: Value, operand: u32, count: u32) {
        let to = self.state_addr(self.stack.len());
        let operand = self.iconst(i64::from(operand));
        self.call(helper, &[value, operand, to]);
        for _ in 0..count {
            self.push_memory();
        }
    }

    /// Makes a function; `above` entries lie over its defaults. Drops all of them.
    fn make_function(&mut self, defaults: bool, scope: ScopeId, above: usize) -> Value {
        let given = if defaults { 2 } else { 0 };
        let args = if defaults { self.spill_top(above + 2) } else { self.iconst(0) };
        self.stack.truncate(self.stack.len() - above - given);
        let child = self.input.children.iter().position(|c| *c == scope).unwrap_or(0);
        let fun = self.base.fun;
        let children = self.load(fun, offset::FUN_CHILDREN);
        let code = self.load(children, child as u32);
        let context = self.base.context;
        self.call_value(Helper::MakeFunctionFromProtoFun, &[code, context, args])
    }

    fn call_function(&mut self, args: Args) {
        let count = args.entries() as usize;
        let callee = self.stack[self.stack.len() - count - 1];
        if let Ty::Cast(number) = callee.ty {
            return self.cast(number, args);
        }
        let items = self.spill_top(count);
        self.stack.truncate(self.stack.len() - count);
        let callee = self.pop_object();
        if let Some(entry) = self.entry_of(callee) {
            let value = self.enter_function(entry, callee, args, items);
            return self.push_object(value);
        }
        let operand = self.iconst(i64::from(args.operand()));
        let operands = [callee, operand, items];
        let value = self.routine_or_helper(Routine::Call, Helper::CallFunctionNKw, &operands);
        self.push_object(value);
    }

    fn call_starred(&mut self, args: Args, method: bool) {
        let count = args.entries() as usize + if method { 3 } else { 2 };
        let items = self.spill_top(count);
        self.stack.truncate(self.stack.len() - count);
        let method = self.iconst(i64::from(method));
        let operand = self.iconst(i64::from(args.operand()));
        let value = self.call_value(Helper::CallMethodNKwVar, &[method, operand, items]);
        self.push_object(value);
    }

    /// Leaves the body with the entry at `place` as what is yielded, and makes the
    /// place where it goes on.
    fn suspend(&mut self, place: usize) {
        debug_assert!(self.is_generator());
        let code_state = self.base.code_state;
        let top = self.state_addr(place);
        self.store(top, code_state, offset::STATE_SP);
        let number = self.next_resume;
        self.next_resume += 1;
        let ip = self.iconst(i64::from(number));
        self.store(ip, code_state, offset::STATE_IP);
        let yielded = self.iconst(1);
        self.exit(yielded);
        let resumed = self.b.create_block();
        self.resume.push((number, resumed));
        self.b.switch_to_block(resumed);
        self.reopen_handler();
    }

    fn yield_value(&mut self) {
        let top = self.pop();
        let value = self.object(top);
        self.push_object(value);
        self.spill_all();
        self.suspend(self.stack.len() - 1);
        // The entry is now what was sent.
        if !self.throws_first {
            self.raise_thrown();
        }
    }

    fn yield_from(&mut self) {
        self.spill_all();
        let place = self.stack.len() - 1;
        let (again, more, done) =
            (self.b.create_block(), self.b.create_block(), self.b.create_block());
        self.b.ins().jump(again, &[]);
        self.b.switch_to_block(again);
        let at = self.layout.args + 1;
        let sent = self.state_load(place);
        let thrown = self.frame_load(at);
        let null = self.iconst(0);
        self.frame_store(null, at);
        self.state_store(place, thrown);
        let delegate = self.state_load(place - 1);
        let result = self.state_addr(place);
        let goes_on = self.call_value(Helper::YieldFrom, &[delegate, sent, result]);
        self.b.ins().brif(goes_on, more, &[], done, &[]);
        self.b.switch_to_block(more);
        self.suspend(place);
        self.b.ins().jump(again, &[]);
        self.b.switch_to_block(done);
        let value = self.state_load(place);
        self.drop_entry();
        self.drop_entry();
        self.push_object(value);
    }

    /// Truth of an entry, as a byte or word that is not zero where it holds.
    pub fn truth(&mut self, entry: Entry) -> Value {
        let value = self.raw(entry);
        match entry.ty {
            Ty::Object | Ty::Constant(_) => self.call_value(Helper::ObjIsTrue, &[value]),
            Ty::Float => self.float_truth(entry),
            Ty::Small(_) => self.b.ins().icmp_imm_s(IntCC::NotEqual, value, 1),
            Ty::Truth => {
                let yes = self.singleton(Helper::ConstTrue);
                self.b.ins().icmp(IntCC::Equal, value, yes)
            }
            _ => value,
        }
    }

    /// A word of 0 or 1 from the result of a comparison.
    pub fn word_of(&mut self, bit: Value) -> Value {
        let word = self.word;
        if self.b.func.dfg.value_type(bit) == word { bit } else { self.b.ins().uextend(word, bit) }
    }

    /// The object of a comparison's result.
    pub fn bool_object(&mut self, bit: Value) -> Value {
        let yes = self.singleton(Helper::ConstTrue);
        let no = self.singleton(Helper::ConstFalse);
        self.b.ins().select(bit, yes, no)
    }
}
