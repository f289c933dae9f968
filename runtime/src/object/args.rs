//! Arguments of a call, and matching them to parameters.

use crate::error::{Res, TYPE_ERROR};
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

/// The arguments of one call.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    pub pos: &'a [Value],
    /// Keyword arguments, flat: name, value, name, value …
    pub kw: &'a [Value],
}

/// One parameter of [`Args::parse`].
pub struct Param {
    pub name: Qstr,
    /// What to give if it is absent; `None`: it is required.
    pub default: Option<Value>,
    pub keyword_only: bool,
}

impl Param {
    pub const fn required(name: Qstr) -> Param {
        Param { name, default: None, keyword_only: false }
    }

    pub const fn optional(name: Qstr, default: Value) -> Param {
        Param { name, default: Some(default), keyword_only: false }
    }

    pub const fn keyword(name: Qstr, default: Value) -> Param {
        Param { name, default: Some(default), keyword_only: true }
    }
}

impl<'a> Args<'a> {
    pub const NONE: Args<'static> = Args { pos: &[], kw: &[] };

    pub fn positional(pos: &'a [Value]) -> Args<'a> {
        Args { pos, kw: &[] }
    }

    /// Positional argument `i`.
    pub fn get(&self, i: usize) -> Option<Value> {
        self.pos.get(i).copied()
    }

    /// Keyword pairs.
    pub fn keywords(&self) -> impl Iterator<Item = (Value, Value)> + '_ {
        self.kw.chunks_exact(2).filter_map(|p| Some((*p.first()?, *p.get(1)?)))
    }

    pub fn keyword(&self, vm: &Vm, name: Qstr) -> Option<Value> {
        self.keywords().find(|(k, _)| vm.name_is(*k, name)).map(|(_, v)| v)
    }

    /// TypeError unless there are `min..=max` positional and no keyword arguments.
    pub fn check(&self, vm: &Vm, min: usize, max: usize) -> Res<()> {
        if !self.kw.is_empty() {
            return vm.raise(&TYPE_ERROR, "function doesn't take keyword arguments");
        }
        check_count(vm, self.pos.len(), min, max)
    }

    /// Matches the arguments to `params`; `out` gets one value for each.
    pub fn parse(&self, vm: &Vm, params: &[Param], out: &mut [Value]) -> Res<()> {
        let (mut pos, mut used) = (self.pos.iter(), 0);
        for (p, slot) in params.iter().zip(out) {
            let given = if p.keyword_only { None } else { pos.next().copied() };
            *slot = match given {
                Some(v) => v,
                None => match (self.keyword(vm, p.name), p.default) {
                    (Some(v), _) => {
                        used += 1;
                        v
                    }
                    (None, Some(v)) => v,
                    (None, None) => {
                        return vm.raise_fmt(
                            &TYPE_ERROR,
                            "'%' argument required",
                            &[p.name.into()],
                        );
                    }
                },
            };
        }
        if pos.next().is_some() {
            return vm.raise(&TYPE_ERROR, "extra positional arguments given");
        }
        if used * 2 < self.kw.len() {
            return vm.raise(&TYPE_ERROR, "extra keyword arguments given");
        }
        Ok(())
    }
}

/// TypeError unless `n` is in `min..=max`, worded as for a built-in function.
pub fn check_count(vm: &Vm, n: usize, min: usize, max: usize) -> Res<()> {
    if (min..=max).contains(&n) {
        Ok(())
    } else if min == max {
        vm.raise_fmt(
            &TYPE_ERROR,
            "function takes % positional arguments but % were given",
            &[min.into(), n.into()],
        )
    } else if n < min {
        vm.raise_fmt(
            &TYPE_ERROR,
            "function missing % required positional arguments",
            &[(min - n).into()],
        )
    } else {
        vm.raise_fmt(
            &TYPE_ERROR,
            "function expected at most % arguments, got %",
            &[max.into(), n.into()],
        )
    }
}
