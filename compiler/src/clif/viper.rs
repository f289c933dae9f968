//! Viper: words with a type known here, and what may be done with them.
//!
//! Integers wrap around. Where both operands of an operation are words the
//! operation is inline; where one is an object the other becomes one. Words
//! never become objects of another meaning silently, and objects become words
//! only by a cast, a parameter or an index.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use mpy_format::{BinaryOp, Helper, UnaryOp};

use super::Lower;
use super::compare::condition;
use super::infer::Kind;
use super::stack::Entry;
use crate::bytecode::ir::Args;
use crate::diag::Code;
use crate::hir::{Annotation, Storage, VarId};

const FLOAT_IS_NO_INTEGER: &str = "a float is no integer: cast it with int()";

/// With more parameters than that, a function is not called for speed.
const MANY: usize = 64;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Any object.
    Object,
    /// An object that is a small integer.
    Small(Kind),
    /// An object: `True` or `False`.
    Truth,
    /// A word: 0 or 1.
    Bool,
    /// A signed word.
    Int,
    /// An unsigned word.
    Uint,
    /// An address.
    Ptr,
    /// An address of bytes.
    Ptr8,
    /// An address of halfwords.
    Ptr16,
    /// An address of 32-bit words.
    Ptr32,
    /// A word that is a float, as [`super::float`] tells.
    Float,
    /// An object: a constant float, by its bits.
    Constant(u64),
    /// `None`, which is also a null pointer.
    None,
    /// The name of a type, to be called with a value; by the type's number.
    Cast(u8),
}

const NAMED: [(&[u8], Ty); 7] = [
    (b"bool", Ty::Bool),
    (b"int", Ty::Int),
    (b"uint", Ty::Uint),
    (b"ptr", Ty::Ptr),
    (b"ptr8", Ty::Ptr8),
    (b"ptr16", Ty::Ptr16),
    (b"ptr32", Ty::Ptr32),
];

impl Ty {
    /// The type that a name casts to.
    pub fn named(name: &[u8]) -> Option<Ty> {
        NAMED.iter().find(|n| n.0 == name).map(|n| n.1)
    }

    /// The type that an annotation names.
    fn annotation(name: &[u8]) -> Option<Ty> {
        match name {
            b"object" => Some(Ty::Object),
            b"float" => Some(Ty::Float),
            name => Ty::named(name),
        }
    }

    /// Its number at the native interface, which knows no floats.
    pub fn number(self) -> i64 {
        match self {
            Ty::Object | Ty::Small(_) | Ty::Truth | Ty::None | Ty::Cast(_) => 0,
            Ty::Float | Ty::Constant(_) => 0,
            Ty::Bool => 1,
            Ty::Int => 2,
            Ty::Uint => 3,
            Ty::Ptr => 4,
            Ty::Ptr8 => 5,
            Ty::Ptr16 => 6,
            Ty::Ptr32 => 7,
        }
    }

    fn of_number(number: u8) -> Ty {
        NAMED.iter().map(|n| n.1).find(|t| t.number() == i64::from(number)).unwrap_or(Ty::Object)
    }

    /// What an entry is that is this in one branch and `other` in another.
    pub fn merged(self, other: Ty) -> Ty {
        match other {
            Ty::Float if self.is_word() && !self.is_pointer() => Ty::Float,
            Ty::Object | Ty::Small(_) | Ty::Truth if self.is_native() => Ty::Object,
            Ty::Constant(_) if self.is_word() => Ty::Object,
            Ty::None if self == Ty::Float => Ty::Object,
            _ => self,
        }
    }

    /// What is known of it as a small integer.
    pub fn kind(self) -> Kind {
        if let Ty::Small(kind) = self { kind } else { Kind::Any }
    }

    /// Whether it is known what it is, and that it is no object.
    pub fn is_native(self) -> bool {
        self == Ty::Float || self.is_word()
    }

    /// Whether it is a word that is an integer or an address.
    pub fn is_word(self) -> bool {
        self.number() != 0
    }

    /// Whether items can be loaded from it.
    pub fn is_pointer(self) -> bool {
        matches!(self, Ty::Ptr | Ty::Ptr8 | Ty::Ptr16 | Ty::Ptr32)
    }

    fn is_unsigned(self) -> bool {
        self == Ty::Uint || self.is_pointer()
    }

    /// Bytes of an item, as a power of two.
    fn item(self) -> Option<i64> {
        match self {
            Ty::Ptr8 => Some(0),
            Ty::Ptr16 => Some(1),
            Ty::Ptr32 => Some(2),
            _ => None,
        }
    }
}

impl Lower<'_> {
    /// Gives parameters and annotated locals their types.
    pub fn annotate_params(&mut self) {
        if !self.viper {
            return;
        }
        let scope = self.scope;
        for free in &scope.free {
            self.types.locals[free.var.index()] = Some(Ty::Object);
        }
        for (index, var) in scope.vars.iter().enumerate() {
            // What nested functions see is an object.
            let shared = matches!(var.storage, Storage::Cell(_));
            if var.is_param || var.annotation.is_some() || shared {
                let annotation = var.annotation.filter(|_| !shared || var.is_param);
                self.types.locals[index] = Some(self.annotated(annotation));
            }
        }
    }

    fn annotated(&mut self, annotation: Option<Annotation>) -> Ty {
        match annotation {
            None => Ty::Object,
            Some(Annotation::Name(name, _)) => {
                let text = self.input.module.text(name);
                match Ty::annotation(text) {
                    Some(ty) => ty,
                    None => {
                        let name = self.input.module.display(name).into_owned();
                        self.fail(Code::Viper, format!("unknown type '{name}'"));
                        Ty::Object
                    }
                }
            }
            Some(Annotation::Other(_)) => {
                self.fail(Code::Viper, "annotation must be an identifier");
                Ty::Object
            }
        }
    }

    /// The type of a local. Types belong to variables: slots may be shared.
    pub fn local_type(&mut self, var: VarId) -> Ty {
        match self.types.locals[var.index()] {
            Some(ty) => ty,
            None => {
                self.guessed[var.index()] = true;
                Ty::Object
            }
        }
    }

    /// The type that a store gives a local, or finds.
    pub fn store_type(&mut self, var: VarId, ty: Ty) -> Ty {
        let index = var.index();
        let ty = if ty.is_native() { ty } else { Ty::Object };
        *self.types.locals[index].get_or_insert_with(|| {
            self.retyped |= self.guessed[index] && ty != Ty::Object;
            ty
        })
    }

    /// The value of an entry as another type.
    pub fn convert(&mut self, entry: Entry, want: Ty) -> Value {
        let value = self.raw(entry);
        match want {
            Ty::Object | Ty::Small(_) | Ty::Truth | Ty::Constant(_) | Ty::None | Ty::Cast(_) => {
                self.object(entry)
            }
            Ty::Float => self.float(entry),
            _ if entry.ty == Ty::Float => {
                self.fail(Code::Viper, FLOAT_IS_NO_INTEGER);
                value
            }
            _ if entry.ty.is_native() || entry.ty == Ty::None => value,
            _ => {
                self.fail(Code::Viper, "a typed local cannot hold an object without a cast");
                value
            }
        }
    }

    /// An object as a word of a type. Of integers, the runtime is asked only for large ones.
    pub fn unboxed(&mut self, object: Value, ty: Ty) -> Value {
        match ty {
            Ty::Float => return self.unboxed_float(object),
            _ if !ty.is_native() => return object,
            _ => {}
        }
        let runtime = |lower: &mut Self| {
            let number = lower.iconst(ty.number());
            lower.call_value(Helper::NativeFromObj, &[object, number])
        };
        let many = self.scope.params.len() > MANY;
        if many || !matches!(ty, Ty::Int | Ty::Uint) {
            return runtime(self);
        }
        let small = self.b.ins().band_imm_s(object, 1);
        self.either(small, false, |lower| lower.b.ins().sshr_imm_s(object, 1), runtime)
    }

    /// A word of a native type as an object, likewise.
    pub fn boxed(&mut self, value: Value, ty: Ty) -> Value {
        if ty == Ty::Float {
            return self.boxed_float(value);
        }
        let runtime = |lower: &mut Self| {
            let number = lower.iconst(ty.number());
            lower.call_value(Helper::NativeToObj, &[value, number])
        };
        if !matches!(ty, Ty::Int | Ty::Uint) {
            return runtime(self);
        }
        if ty == Ty::Int {
            let (twice, overflow) = self.b.ins().sadd_overflow(value, value);
            let tagged = |lower: &mut Self| lower.b.ins().bor_imm_s(twice, 1);
            return self.either(overflow, true, runtime, tagged);
        }
        let limit = 1 << (self.word.bits() - 2);
        let small = self.b.ins().icmp_imm_u(IntCC::UnsignedLessThan, value, limit);
        let twice = self.b.ins().ishl_imm_s(value, 1);
        self.either(small, false, |lower| lower.b.ins().bor_imm_s(twice, 1), runtime)
    }

    /// What one of two ways gives: the first where a truth holds, which may be rare.
    pub fn either(
        &mut self,
        holds: Value,
        rare: bool,
        yes: impl FnOnce(&mut Self) -> Value,
        no: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let blocks = [self.b.create_block(), self.b.create_block()];
        let done = self.b.create_block();
        self.b.set_cold_block(blocks[usize::from(!rare)]);
        let word = self.word;
        let result = self.b.append_block_param(done, word);
        self.b.ins().brif(holds, blocks[0], &[], blocks[1], &[]);
        self.b.switch_to_block(blocks[0]);
        let value = yes(self);
        self.b.ins().jump(done, &[value.into()]);
        self.b.switch_to_block(blocks[1]);
        let value = no(self);
        self.b.ins().jump(done, &[value.into()]);
        self.b.switch_to_block(done);
        result
    }

    /// A word to compute with, whatever the entry is.
    fn as_word(&mut self, entry: Entry, ty: Ty) -> Value {
        match entry.ty {
            _ if ty == Ty::Float => self.float(entry),
            Ty::Object | Ty::Small(_) | Ty::Truth | Ty::Constant(_) => {
                let object = self.object(entry);
                self.unboxed(object, ty)
            }
            Ty::Float => {
                self.fail(Code::Viper, FLOAT_IS_NO_INTEGER);
                self.raw(entry)
            }
            _ => self.raw(entry),
        }
    }

    pub fn cast(&mut self, number: u8, args: Args) {
        let ty = Ty::of_number(number);
        if args.positional != 1 || args.keyword != 0 {
            self.fail(Code::Viper, "a cast takes one value");
            self.stack.truncate(self.stack.len() - args.entries() as usize - 1);
            let zero = self.iconst(0);
            return self.push(zero, ty);
        }
        let entry = self.pop();
        self.drop_entry();
        if entry.ty == Ty::Float {
            let value = self.cast_float(entry, ty);
            return self.push(value, ty);
        }
        let mut value = self.as_word(entry, ty);
        if ty == Ty::Bool && entry.ty.is_native() {
            let bit = self.b.ins().icmp_imm_s(IntCC::NotEqual, value, 0);
            value = self.word_of(bit);
        }
        self.stack.push(Entry {
            value: Some(value),
            ty,
            known: entry.known.filter(|_| ty == Ty::Int),
        });
    }

    pub fn viper_unary(&mut self, op: UnaryOp, entry: Entry) {
        if entry.ty == Ty::Float {
            return self.float_unary(op, entry);
        }
        let value = self.raw(entry);
        let ty = if entry.ty == Ty::Bool { Ty::Int } else { entry.ty };
        match op {
            UnaryOp::Positive => self.push(value, ty),
            UnaryOp::Negative => {
                let value = self.b.ins().ineg(value);
                let known = entry.known.and_then(i64::checked_neg);
                self.stack.push(Entry { value: Some(value), ty, known });
            }
            UnaryOp::Invert => {
                let value = self.b.ins().bnot(value);
                self.push(value, ty);
            }
            UnaryOp::Not => {
                let bit = self.b.ins().icmp_imm_s(IntCC::Equal, value, 0);
                let value = self.word_of(bit);
                self.push(value, Ty::Bool);
            }
        }
    }

    pub fn viper_binary(&mut self, op: BinaryOp, left: Entry, right: Entry) {
        let (l, r) = (self.raw(left), self.raw(right));
        if condition(op).is_some() {
            let value = self.compare_words(op, left, right);
            return self.push(value, Ty::Bool);
        }
        let ty = if left.ty == Ty::Bool { Ty::Int } else { left.ty };
        let unsigned = left.ty.is_unsigned();
        let value = match op.plain() {
            BinaryOp::Add => self.b.ins().iadd(l, r),
            BinaryOp::Subtract => self.b.ins().isub(l, r),
            BinaryOp::Multiply => self.b.ins().imul(l, r),
            BinaryOp::And => self.b.ins().band(l, r),
            BinaryOp::Or => self.b.ins().bor(l, r),
            BinaryOp::Xor => self.b.ins().bxor(l, r),
            BinaryOp::Lshift => self.b.ins().ishl(l, r),
            BinaryOp::Rshift if unsigned => self.b.ins().ushr(l, r),
            BinaryOp::Rshift => self.b.ins().sshr(l, r),
            BinaryOp::FloorDivide | BinaryOp::Modulo => self.divide(op, left, right, unsigned),
            BinaryOp::Power => {
                let (l, r) = (self.object(left), self.object(right));
                let object = self.runtime_binary(op, l, r);
                self.unboxed(object, ty)
            }
            _ => {
                let (l, r) = (self.object(left), self.object(right));
                let object = self.runtime_binary(op, l, r);
                return self.push_object(object);
            }
        };
        self.push(value, ty);
    }

    /// Division as Python rounds it; a divisor of zero raises.
    fn divide(&mut self, op: BinaryOp, left: Entry, right: Entry, unsigned: bool) -> Value {
        let (l, r) = (self.raw(left), self.raw(right));
        let floor = op.plain() == BinaryOp::FloorDivide;
        if right.known.is_none_or(|n| n == 0) {
            let (zero, next) = (self.b.create_block(), self.b.create_block());
            self.b.set_cold_block(zero);
            self.b.ins().brif(r, next, &[], zero, &[]);
            self.b.switch_to_block(zero);
            let (a, b) = (self.object(left), self.object(right));
            self.runtime_binary(op, a, b);
            self.b.ins().jump(next, &[]);
            self.b.switch_to_block(next);
        }
        match (unsigned, floor) {
            (false, true) => self.call_value(Helper::SmallIntFloorDivide, &[l, r]),
            (false, false) => self.call_value(Helper::SmallIntModulo, &[l, r]),
            (true, _) => {
                // What follows a raise is never run, but must not trap at compile time.
                let one = self.iconst(1);
                let safe = self.b.ins().select(r, r, one);
                if floor { self.b.ins().udiv(l, safe) } else { self.b.ins().urem(l, safe) }
            }
        }
    }

    /// A comparison of words by their mathematical values.
    fn compare_words(&mut self, op: BinaryOp, left: Entry, right: Entry) -> Value {
        let (l, r) = (self.raw(left), self.raw(right));
        let signed = condition(op).unwrap_or(IntCC::Equal);
        let word = self.word;
        let (a, b) = (left.ty.is_unsigned(), right.ty.is_unsigned());
        let constant = |e: &Entry| e.known.is_some_and(|n| n >= 0);
        let bit = if !a && !b {
            self.b.ins().icmp(signed, l, r)
        } else if a == b || (a && constant(&right)) || (b && constant(&left)) {
            self.b.ins().icmp(signed.unsigned(), l, r)
        } else {
            // One is signed: where it is negative, it is less than the other.
            let plain = self.b.ins().icmp(signed.unsigned(), l, r);
            let (signed_value, less) = if b { (l, true) } else { (r, false) };
            let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, signed_value, 0);
            let answer = match op {
                BinaryOp::Less | BinaryOp::LessEqual => less,
                BinaryOp::More | BinaryOp::MoreEqual => !less,
                BinaryOp::NotEqual => true,
                _ => false,
            };
            let answer = self.b.ins().iconst(types::I8, i64::from(answer));
            self.b.ins().select(negative, answer, plain)
        };
        self.b.ins().uextend(word, bit)
    }

    /// Address of an item.
    fn item(&mut self, object: Entry, index: Entry) -> Option<(Value, i64)> {
        let Some(shift) = object.ty.item() else {
            self.fail(Code::Viper, "a 'ptr' has no items: cast it to ptr8, ptr16 or ptr32");
            return None;
        };
        let base = self.raw(object);
        let index = self.as_word(index, Ty::Int);
        let offset = self.b.ins().ishl_imm_s(index, shift);
        Some((self.b.ins().iadd(base, offset), shift))
    }

    pub fn load_pointer(&mut self, object: Entry, index: Entry) {
        let word = self.word;
        let flags = MemFlagsData::new().with_notrap();
        let value = match self.item(object, index) {
            None => self.iconst(0),
            Some((at, 0)) => self.b.ins().uload8(word, flags, at, 0),
            Some((at, 1)) => self.b.ins().uload16(word, flags, at, 0),
            Some((at, _)) => self.load_u32(flags, at, 0),
        };
        self.push(value, Ty::Int);
    }

    pub fn store_pointer(&mut self, object: Entry, index: Entry, value: Entry) {
        let word = self.word;
        let flags = MemFlagsData::new().with_notrap();
        let value = self.as_word(value, Ty::Int);
        match self.item(object, index) {
            None => {}
            Some((at, 0)) => {
                self.b.ins().istore8(flags, value, at, 0);
            }
            Some((at, 1)) => {
                self.b.ins().istore16(flags, value, at, 0);
            }
            Some((at, _)) => {
                let value = if word == types::I32 {
                    value
                } else {
                    self.b.ins().ireduce(types::I32, value)
                };
                self.b.ins().store(flags, value, at, 0);
            }
        }
    }

    /// What the function gives back for an entry.
    pub fn return_value(&mut self, entry: Entry) -> Value {
        if !self.viper {
            return self.object(entry);
        }
        let ty = self.annotated(self.scope.returns);
        if !ty.is_native() {
            return self.object(entry);
        }
        let value = self.as_word(entry, ty);
        self.boxed(value, ty)
    }
}
