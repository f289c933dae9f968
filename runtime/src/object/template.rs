//! Template strings: `Template` and `Interpolation` of `string.templatelib` (PEP 750).

use core::cell::Cell;

use super::{Args, Found, Object, Param, Type};
use crate::error::{Res, TYPE_ERROR};
use crate::heap::RawVec;
use crate::ops::BinaryOp;
use crate::print::{Print, PrintKind, StrBuf};
use crate::q;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

object! {
    /// A template: one more string than interpolations, both in tuples.
    pub struct Template: TEMPLATE {
        strings: Value,
        interpolations: Value,
    }
}

object! {
    /// `{expression!conversion:format_spec}` with the value of the expression.
    pub struct Interpolation: INTERPOLATION {
        value: Value,
        expression: Value,
        conversion: Value,
        format_spec: Value,
    }
}

py_type! {
    pub static TEMPLATE: "Template" {
        new: template_new,
        print: template_print,
        binary: template_binary,
        getattr: template_getattr,
        iter: template_iter,
    }
}

py_type! {
    pub static INTERPOLATION: "Interpolation" {
        new: interpolation_new,
        print: interpolation_print,
        getattr: interpolation_getattr,
    }
}

/// Strings and interpolations as they are put together: neighbouring strings become
/// one, and between two interpolations there always is one.
struct Builder<'v> {
    vm: &'v Vm,
    strings: RawVec<Value>,
    interpolations: RawVec<Value>,
    /// The string being collected: the first part, or all of several parts.
    only: Option<Value>,
    text: Option<StrBuf<'v>>,
}

impl<'v> Builder<'v> {
    fn new(vm: &'v Vm) -> Builder<'v> {
        let (strings, interpolations) = (RawVec::new(), RawVec::new());
        Builder { vm, strings, interpolations, only: None, text: None }
    }

    fn string(&mut self, s: Value) -> Res<()> {
        let Some(first) = self.only else {
            self.only = Some(s);
            return Ok(());
        };
        let text = match &mut self.text {
            Some(text) => text,
            none => {
                let mut text = StrBuf::new(self.vm);
                text.write(self.vm.get_str(first)?)?;
                none.insert(text)
            }
        };
        text.write(self.vm.get_str(s)?)
    }

    fn end_string(&mut self) -> Res<()> {
        let only = self.only.take().unwrap_or(Value::qstr(Qstr::EMPTY));
        let string = match self.text.take() {
            Some(text) => text.into_str()?,
            None => only,
        };
        self.strings.push(self.vm, string)
    }

    fn interpolation(&mut self, v: Value) -> Res<()> {
        self.end_string()?;
        self.interpolations.push(self.vm, v)
    }

    fn finish(mut self) -> Res {
        self.end_string()?;
        let vm = self.vm;
        let strings = vm.new_tuple(self.strings.slice())?;
        let interpolations = vm.new_tuple(self.interpolations.slice())?;
        vm.new_obj(Template { header: Template::HEADER, strings, interpolations })
    }
}

fn template_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    args.check(vm, 0, usize::MAX)?;
    let mut builder = Builder::new(vm);
    for v in args.pos {
        if v.is::<Interpolation>() {
            builder.interpolation(*v)?;
        } else if vm.str_bytes(*v).is_some() {
            builder.string(*v)?;
        } else {
            return vm.raise(&TYPE_ERROR, "expected str or Interpolation");
        }
    }
    builder.finish()
}

fn template_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let this = vm.expect::<Template>(this)?;
    p.str("Template(strings=")?;
    vm.print_to(p, this.strings, PrintKind::Repr)?;
    p.str(", interpolations=")?;
    vm.print_to(p, this.interpolations, PrintKind::Repr)?;
    p.str(")")
}

fn template_binary(vm: &Vm, op: BinaryOp, left: Value, right: Value) -> Res {
    let (BinaryOp::Add, Some(_)) = (op, right.cast::<Template>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let mut builder = Builder::new(vm);
    for side in [left, right] {
        let mut at = 0;
        while let Some(part) = part(vm, side, at)? {
            if at % 2 == 0 {
                builder.string(part)?
            } else {
                builder.interpolation(part)?
            }
            at += 1;
        }
    }
    builder.finish()
}

/// Part `at`: strings at even, interpolations at odd places.
fn part(vm: &Vm, template: Value, at: usize) -> Res<Option<Value>> {
    let this = vm.expect::<Template>(template)?;
    let row = if at.is_multiple_of(2) { this.strings } else { this.interpolations };
    Ok(vm.tuple_items(row).and_then(|items| items.get(at / 2)).copied())
}

fn template_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let this = vm.expect::<Template>(this)?;
    Ok(if name == q!("strings") {
        Some(Found::Value(this.strings))
    } else if name == q!("interpolations") {
        Some(Found::Value(this.interpolations))
    } else if name == q!("values") {
        let values = RawVec::new();
        for v in vm.tuple_items(this.interpolations).unwrap_or_default() {
            let value = v.cast::<Interpolation>().map_or(Value::NONE, |i| i.value);
            values.push(vm, value)?;
        }
        Some(Found::Value(vm.new_tuple(values.slice())?))
    } else {
        None
    })
}

object! {
    /// Iterator over a template's parts; empty strings are left out.
    struct TemplateIter: TEMPLATE_ITER {
        template: Value,
        at: Cell<usize>,
    }
}

py_type! { static TEMPLATE_ITER: "iterator" { next: template_next, } flags: Type::ITERATOR, }

fn template_iter(vm: &Vm, template: Value) -> Res {
    vm.new_obj(TemplateIter { header: TemplateIter::HEADER, template, at: Cell::new(0) })
}

fn template_next(vm: &Vm, this: Value) -> Res<Option<Value>> {
    let this = vm.expect::<TemplateIter>(this)?;
    loop {
        let at = this.at.get();
        let Some(v) = part(vm, this.template, at)? else { return Ok(None) };
        this.at.set(at + 1);
        if at % 2 == 1 || vm.str_bytes(v) != Some(b"") {
            return Ok(Some(v));
        }
    }
}

fn interpolation(vm: &Vm, parts: [Value; 4]) -> Res {
    let [value, expression, conversion, format_spec] = parts;
    let header = Interpolation::HEADER;
    vm.new_obj(Interpolation { header, value, expression, conversion, format_spec })
}

fn interpolation_new(vm: &Vm, _ty: &'static Type, args: &Args<'_>) -> Res {
    const PARAMS: [Param; 4] = [
        Param::required(q!("value")),
        Param::optional(q!("expression"), Value::qstr(Qstr::EMPTY)),
        Param::optional(q!("conversion"), Value::NONE),
        Param::optional(q!("format_spec"), Value::qstr(Qstr::EMPTY)),
    ];
    let mut parts = [Value::NONE; 4];
    args.parse(vm, &PARAMS, &mut parts)?;
    interpolation(vm, parts)
}

fn interpolation_print(vm: &Vm, this: Value, p: &mut dyn Print, _kind: PrintKind) -> Res<()> {
    let this = vm.expect::<Interpolation>(this)?;
    p.str("Interpolation(")?;
    let parts = [this.value, this.expression, this.conversion, this.format_spec];
    for (i, v) in parts.into_iter().enumerate() {
        if i > 0 {
            p.str(", ")?;
        }
        vm.print_to(p, v, PrintKind::Repr)?;
    }
    p.str(")")
}

fn interpolation_getattr(vm: &Vm, this: Value, name: Qstr) -> Res<Option<Found>> {
    let this = vm.expect::<Interpolation>(this)?;
    let v = if name == q!("value") {
        this.value
    } else if name == q!("expression") {
        this.expression
    } else if name == q!("conversion") {
        this.conversion
    } else if name == q!("format_spec") {
        this.format_spec
    } else {
        return Ok(None);
    };
    Ok(Some(Found::Value(v)))
}

/// `__template__(strings, …)`, which compiled code calls: the interpolations' parts
/// follow one after the other, or in one tuple.
pub fn make(vm: &Vm, args: &[Value]) -> Res {
    let [strings, rest @ ..] = args else { return Ok(Value::NONE) };
    let parts = match rest {
        [row] => match vm.plain_items(*row) {
            Some(parts) => parts,
            None => {
                return vm.raise_fmt(
                    &TYPE_ERROR,
                    "object '%' isn't a tuple or list",
                    &[crate::error::Arg::TypeOf(*row)],
                );
            }
        },
        parts => parts,
    };
    let interpolations = RawVec::new();
    for chunk in parts.chunks_exact(4) {
        if let Ok(four) = <[Value; 4]>::try_from(chunk) {
            interpolations.push(vm, interpolation(vm, four)?)?;
        }
    }
    let interpolations = vm.new_tuple(interpolations.slice())?;
    vm.new_obj(Template { header: Template::HEADER, strings: *strings, interpolations })
}
