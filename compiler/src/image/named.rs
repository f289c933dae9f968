//! Which names a program has: what it cannot name, it cannot reach.
//!
//! A name is an attribute, a variable, a module or a text that could become one. Names are
//! compared as texts, whatever they name; those that are made at run time could be any.

use super::program::{Unit, strings};
use crate::diag::Span;
use std::collections::HashSet;

/// Names of what reaches, lists or shows everything there is.
const ANY: [&[u8]; 8] =
    [b"exec", b"eval", b"execfile", b"dir", b"vars", b"help", b"__dict__", b"__import__"];
/// Names of what reads attributes by names that may be made at run time.
const READERS: [&[u8]; 2] = [b"getattr", b"hasattr"];

/// The names of a program.
#[derive(Debug, Default)]
pub struct Named {
    names: HashSet<Vec<u8>>,
    /// Why it could be any name: module, place, and what says so.
    pub any: Option<(usize, Option<Span>, String)>,
}

impl Named {
    /// The names of these modules.
    pub fn of(units: &[Unit<'_>]) -> Named {
        let mut named = Named::default();
        for (at, unit) in units.iter().enumerate() {
            named.add(unit.name.as_bytes());
            unit.module.qstrs.iter().for_each(|q| named.add(q));
            let mut texts = |text: &str| named.add(text.as_bytes());
            unit.module.consts.iter().for_each(|c| strings(c, &mut texts));
            let computed = match unit.outline {
                Some(outline) => {
                    let all = outline.items.iter().map(|i| &i.mentions).chain([&outline.rest]);
                    all.filter_map(|m| m.computed).next()
                }
                None => None,
            };
            let says = |q: &&Vec<u8>| {
                ANY.contains(&q.as_slice())
                    || READERS.contains(&q.as_slice())
                        && (unit.outline.is_none() || computed.is_some())
            };
            if let (Some(what), None) = (unit.module.qstrs.iter().find(says), &named.any) {
                let what = String::from_utf8_lossy(what).into_owned();
                named.any = Some((at, computed, what));
            }
        }
        named
    }

    /// Whether a module needs its outline to tell what it reaches.
    pub fn asks(unit: &crate::image::FrozenModule) -> bool {
        unit.module.qstrs.iter().any(|q| READERS.contains(&q.as_slice()))
    }

    /// A name, and the parts of a dotted one.
    fn add(&mut self, text: &[u8]) {
        self.names.extend(text.split(|&b| b == b'.').map(<[u8]>::to_vec));
        self.names.insert(text.to_vec());
    }

    /// Whether the program may come to this name.
    pub fn has(&self, name: &[u8]) -> bool {
        self.any.is_some() || self.names.contains(name)
    }
}
