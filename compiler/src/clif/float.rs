//! Viper's floats.
//!
//! A parameter, a result or a local that is annotated with `float`, and what is computed
//! with such, is a word: on machines that compute with floats as wide as their words, the
//! bits of one, which never is on the heap; on others an object that the runtime computes
//! with. So a source that uses them means the same everywhere. Integers and constants become
//! floats beside them, objects where they are stored in them; floats become integers by
//! `int()` and `uint()` only.

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Type, Value, types};
use mpy_format::{BinaryOp, Helper, UnaryOp};

use super::compare::condition;
use super::stack::Entry;
use super::viper::Ty;
use super::{Lower, object};
use crate::diag::Code;
use crate::hir::{Annotation, Module, Scope};

/// The small integer 1 as an object.
const ONE: i64 = 3;

/// Whether an operation on these computes with floats.
fn of_floats(op: BinaryOp, left: Ty, right: Ty) -> bool {
    let number = |ty: Ty| ty.is_native() || matches!(ty, Ty::Constant(_));
    let float = left == Ty::Float || right == Ty::Float;
    float && op != BinaryOp::Is && number(left) && number(right)
}

/// Whether a function names the type.
pub fn has_floats(module: &Module, scope: &Scope) -> bool {
    let annotations = scope.vars.iter().filter_map(|var| var.annotation).chain(scope.returns);
    annotations.into_iter().any(|annotation| match annotation {
        Annotation::Name(name, _) => module.text(name) == b"float",
        Annotation::Other(_) => false,
    })
}

/// A comparison; what is not equal may be no number.
fn compared(condition: IntCC) -> FloatCC {
    match condition {
        IntCC::SignedLessThan => FloatCC::LessThan,
        IntCC::SignedGreaterThan => FloatCC::GreaterThan,
        IntCC::SignedLessThanOrEqual => FloatCC::LessThanOrEqual,
        IntCC::SignedGreaterThanOrEqual => FloatCC::GreaterThanOrEqual,
        IntCC::NotEqual => FloatCC::NotEqual,
        _ => FloatCC::Equal,
    }
}

impl Lower<'_> {
    /// The machine's float of a word.
    fn held(&mut self, ty: Type, word: Value) -> Value {
        self.b.ins().bitcast(ty, MemFlagsData::new(), word)
    }

    /// The word of a machine's float.
    fn word_of_float(&mut self, float: Value) -> Value {
        let word = self.word;
        self.b.ins().bitcast(word, MemFlagsData::new(), float)
    }

    /// The word of a constant.
    fn constant(&mut self, ty: Type, value: f64) -> Value {
        if ty == types::F32 {
            self.iconst(i64::from((value as f32).to_bits()))
        } else {
            self.iconst(value.to_bits() as i64)
        }
    }

    /// An entry as a float.
    pub fn float(&mut self, entry: Entry) -> Value {
        let value = self.raw(entry);
        let machine = self.input.abi.float;
        match (entry.ty, machine) {
            (Ty::Float, _) => value,
            (Ty::Constant(bits), Some(ty)) => self.constant(ty, f64::from_bits(bits)),
            (Ty::Constant(_), None) => value,
            (Ty::Bool | Ty::Int | Ty::Uint, Some(ty)) => {
                if let Some(known) = entry.known {
                    return self.constant(ty, known as f64);
                }
                let float = match entry.ty {
                    Ty::Uint => self.b.ins().fcvt_from_uint(ty, value),
                    _ => self.b.ins().fcvt_from_sint(ty, value),
                };
                self.word_of_float(float)
            }
            (ty, _) if ty.is_pointer() => {
                self.fail(Code::Viper, "an address is no float");
                value
            }
            _ => {
                let object = self.object(entry);
                self.unboxed_float(object)
            }
        }
    }

    /// An object that is a number, as a float.
    pub fn unboxed_float(&mut self, object: Value) -> Value {
        let Some(ty) = self.input.abi.float else {
            // True division makes floats of integers and nothing else of floats.
            let one = self.iconst(ONE);
            return self.runtime_binary(BinaryOp::TrueDivide, object, one);
        };
        let small = self.b.ins().band_imm_s(object, 1);
        let counted = |lower: &mut Self| {
            let number = lower.b.ins().sshr_imm_s(object, 1);
            let float = lower.b.ins().fcvt_from_sint(ty, number);
            lower.word_of_float(float)
        };
        self.either(small, false, counted, |lower| match ty {
            types::F32 => lower.single_of(object),
            _ => {
                let float = lower.call_value(Helper::ObjGetFloatToD, &[object]);
                lower.word_of_float(float)
            }
        })
    }

    /// The bits of an object on the heap that is a number. The helper that knows them is
    /// not asked: in which register it gives them depends on how the runtime was compiled.
    fn single_of(&mut self, object: Value) -> Value {
        let (done, other) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(other);
        let word = self.word;
        let bits = self.b.append_block_param(done, word);
        self.read_single(object, other, done);
        self.b.switch_to_block(other);
        let one = self.iconst(ONE);
        let object = self.runtime_binary(BinaryOp::TrueDivide, object, one);
        let wrong = self.b.create_block();
        self.b.set_cold_block(wrong);
        self.read_single(object, wrong, done);
        self.b.switch_to_block(wrong);
        let zero = self.refuse(object);
        self.b.ins().jump(done, &[zero.into()]);
        self.b.switch_to_block(done);
        bits
    }

    /// Goes to `done` with the bits of an object that is a float, else to `other`.
    fn read_single(&mut self, object: Value, other: Block, done: Block) {
        let [heap, known, zero, double, nothing] = [(); 5].map(|()| self.b.create_block());
        for cold in [zero, double, nothing] {
            self.b.set_cold_block(cold);
        }
        let tag = self.b.ins().band_imm_s(object, 3);
        self.b.ins().brif(tag, other, &[], heap, &[]);
        self.b.switch_to_block(heap);
        let kind = self.load(object, 0);
        let kind = self.load(kind, 1);
        let name = self.qstr(self.input.names.float);
        let name = self.b.ins().ishl_imm_s(name, i64::from(8 * object::NAME_AT));
        let float = self.b.ins().bor_imm_s(name, i64::from(object::FLOAT));
        let same = self.b.ins().icmp(IntCC::Equal, kind, float);
        self.b.ins().brif(same, known, &[], other, &[]);
        self.b.switch_to_block(known);
        let bits = self.load(object, object::FLOAT_BITS);
        self.b.ins().brif(bits, done, &[bits.into()], zero, &[]);
        // Where floats are longer than a word, nothing is there.
        self.b.switch_to_block(zero);
        let truth = self.call_value(Helper::ObjIsTrue, &[object]);
        self.b.ins().brif(truth, double, &[], nothing, &[]);
        self.b.switch_to_block(double);
        let refused = self.refuse(object);
        self.b.ins().jump(done, &[refused.into()]);
        self.b.switch_to_block(nothing);
        self.b.ins().jump(done, &[bits.into()]);
    }

    /// Has the runtime raise, as it does of any object that is no integer.
    fn refuse(&mut self, object: Value) -> Value {
        let number = self.iconst(Ty::Int.number());
        self.call_value(Helper::NativeFromObj, &[object, number])
    }

    /// A float as an object.
    pub fn boxed_float(&mut self, value: Value) -> Value {
        let Some(ty) = self.input.abi.float else { return value };
        let helper =
            if ty == types::F32 { Helper::ObjNewFloatFromF } else { Helper::ObjNewFloatFromD };
        let float = self.held(ty, value);
        self.call_value(helper, &[float])
    }

    /// An operation on floats or words, if both operands are such; its result is pushed.
    pub fn typed_binary(&mut self, op: BinaryOp, left: Entry, right: Entry) -> bool {
        if of_floats(op, left.ty, right.ty) {
            self.float_binary(op, left, right);
        } else if left.ty.is_word() && right.ty.is_word() {
            self.viper_binary(op, left, right);
        } else {
            return false;
        }
        true
    }

    /// What `is` compares.
    pub fn identities(&mut self, left: Entry, right: Entry) -> (Value, Value) {
        match (left.ty, right.ty) {
            (Ty::Float, Ty::Float) => (self.raw(left), self.raw(right)),
            _ => (self.object(left), self.object(right)),
        }
    }

    /// Whether a float is not zero.
    pub fn float_truth(&mut self, entry: Entry) -> Value {
        let value = self.raw(entry);
        match self.input.abi.float {
            Some(ty) => self.differs_from_zero(ty, value),
            None => self.call_value(Helper::ObjIsTrue, &[value]),
        }
    }

    fn differs_from_zero(&mut self, ty: Type, value: Value) -> Value {
        let zero = self.constant(ty, 0.0);
        let (float, zero) = (self.held(ty, value), self.held(ty, zero));
        self.b.ins().fcmp(FloatCC::NotEqual, float, zero)
    }

    /// `int(x)`, `uint(x)` and `bool(x)` of a float.
    pub fn cast_float(&mut self, entry: Entry, to: Ty) -> Value {
        let value = self.raw(entry);
        if to == Ty::Bool {
            let truth = self.float_truth(entry);
            let bit = self.b.ins().icmp_imm_s(IntCC::NotEqual, truth, 0);
            return self.word_of(bit);
        }
        if to.is_pointer() {
            self.fail(Code::Viper, "a float is no address");
            return value;
        }
        let word = self.word;
        match self.input.abi.float {
            Some(ty) => {
                let float = self.held(ty, value);
                let signed = self.b.ins().fcvt_to_sint_sat(word, float);
                if to != Ty::Uint {
                    return signed;
                }
                let unsigned = self.b.ins().fcvt_to_uint_sat(word, float);
                let negative = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, value, 0);
                self.b.ins().select(negative, signed, unsigned)
            }
            None => {
                let name = self.qstr(self.input.names.int);
                let function = self.call_value(Helper::LoadGlobal, &[name]);
                let place = self.stack.len();
                self.state_store(place, value);
                let (count, items) = (self.iconst(1), self.state_addr(place));
                let args = [function, count, items];
                let object = self.call_value(Helper::CallFunctionNKw, &args);
                self.unboxed(object, to)
            }
        }
    }

    pub fn float_unary(&mut self, op: UnaryOp, entry: Entry) {
        let value = self.raw(entry);
        match (op, self.input.abi.float) {
            (UnaryOp::Not, _) => {
                let truth = self.float_truth(entry);
                let bit = self.b.ins().icmp_imm_s(IntCC::Equal, truth, 0);
                let value = self.word_of(bit);
                self.push(value, Ty::Bool);
            }
            (UnaryOp::Positive, _) => self.push(value, Ty::Float),
            (UnaryOp::Negative, Some(ty)) => {
                let sign = self.constant(ty, -0.0);
                let value = self.b.ins().bxor(value, sign);
                self.push(value, Ty::Float);
            }
            (op, machine) => {
                let object = self.object(entry);
                let number = self.iconst(op as i64);
                let value = self.call_value(Helper::UnaryOp, &[number, object]);
                // Others than negation raise.
                let negated = machine.is_none() && op == UnaryOp::Negative;
                self.push(value, if negated { Ty::Float } else { Ty::Object });
            }
        }
    }

    /// An operation of which [`of_floats`] holds.
    fn float_binary(&mut self, op: BinaryOp, left: Entry, right: Entry) {
        match self.input.abi.float {
            Some(ty) => self.machine_binary(ty, op, left, right),
            None => {
                let (l, r) = (self.float(left), self.float(right));
                let object = self.runtime_binary(op, l, r);
                if condition(op).is_none() {
                    return self.push(object, Ty::Float);
                }
                let truth = self.call_value(Helper::ObjIsTrue, &[object]);
                let bit = self.b.ins().icmp_imm_s(IntCC::NotEqual, truth, 0);
                let value = self.word_of(bit);
                self.push(value, Ty::Bool);
            }
        }
    }

    fn machine_binary(&mut self, ty: Type, op: BinaryOp, left: Entry, right: Entry) {
        let words = (self.float(left), self.float(right));
        let (l, r) = (self.held(ty, words.0), self.held(ty, words.1));
        if let Some(condition) = condition(op) {
            let bit = self.b.ins().fcmp(compared(condition), l, r);
            let value = self.word_of(bit);
            return self.push(value, Ty::Bool);
        }
        let float = match op.plain() {
            BinaryOp::Add => self.b.ins().fadd(l, r),
            BinaryOp::Subtract => self.b.ins().fsub(l, r),
            BinaryOp::Multiply => self.b.ins().fmul(l, r),
            BinaryOp::TrueDivide => {
                self.check_divisor(ty, words, right);
                self.b.ins().fdiv(l, r)
            }
            // The others are the runtime's, which raises where there are none.
            _ => {
                let (l, r) = (self.boxed_float(words.0), self.boxed_float(words.1));
                let object = self.runtime_binary(op, l, r);
                let value = self.unboxed_float(object);
                return self.push(value, Ty::Float);
            }
        };
        let value = self.word_of_float(float);
        self.push(value, Ty::Float);
    }

    /// Has the runtime raise where a divisor is zero.
    fn check_divisor(&mut self, ty: Type, words: (Value, Value), right: Entry) {
        let known = match right.ty {
            Ty::Constant(bits) => f64::from_bits(bits) as f32 != 0.0,
            _ => right.known.is_some_and(|n| n != 0),
        };
        if known {
            return;
        }
        let (zero, next) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(zero);
        let divides = self.differs_from_zero(ty, words.1);
        self.b.ins().brif(divides, next, &[], zero, &[]);
        self.b.switch_to_block(zero);
        let (l, r) = (self.boxed_float(words.0), self.boxed_float(words.1));
        self.runtime_binary(BinaryOp::TrueDivide, l, r);
        self.b.ins().jump(next, &[]);
        self.b.switch_to_block(next);
    }
}
