//! Which globals of a module need no memory: see *lifted globals* in
//! `mpy_format::image`.
//!
//! A binding `NAME = constant` or `def NAME` is lifted if
//! * it stands in straight-line code of the module's body: no jump crosses it and no
//!   block is open, so it runs exactly once and in order;
//! * nothing else in the module binds or deletes the name.
//!
//! A function may live in flash (not be made anew by its `MAKE_FUNCTION`) if that
//! instruction stands in no loop of a body that runs once: the module's, or that
//! of a class made by such a body.

use mpy_format::instr::instrs;
use mpy_format::{Body, Bytecode, Instr, Module, Opcode, RawCode};
use std::collections::{HashMap, HashSet};

/// What a lifted name is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Function number of the module's body.
    Function(u32),
    /// Entry of the constant table.
    Const(u32),
    /// A string by qstr index.
    Name(u32),
    Small(i64),
    None,
    False,
    True,
}

/// What can be lifted from a module.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lifted {
    /// Qstr index and binding, in order.
    pub globals: Vec<(u32, Bound)>,
}

/// Finds the globals of `module` that can be lifted, at most `limit`.
pub fn globals(module: &Module, limit: usize) -> Lifted {
    let Body::Bytecode(body) = &module.root.body else { return Lifted::default() };
    let mut bindings = HashMap::new();
    count_bindings(&module.root, true, &mut bindings);
    let Some(code) = decode(body) else { return Lifted::default() };
    let crossed = crossed(&code, body.code.len());
    let mut globals = Vec::new();
    for pair in code.windows(2) {
        let [value, store] = pair else { continue };
        if store.opcode != Opcode::StoreName || globals.len() == limit {
            continue;
        }
        if crossed.contains(&value.at) || crossed.contains(&store.at) {
            continue;
        }
        let Some(bound) = bound(value, &body.code) else { continue };
        if bindings.get(&store.arg) == Some(&1) {
            globals.push((store.arg, bound));
        }
    }
    Lifted { globals }
}

/// Numbers of the functions that `body` makes exactly once when it runs once.
pub fn made_once(body: &Bytecode) -> HashSet<u32> {
    let Some(code) = decode(body) else { return HashSet::new() };
    let loops: Vec<(u32, u32)> =
        code.iter().filter_map(|i| Some((i.target()?, i.at))).filter(|(t, at)| t <= at).collect();
    let in_loop = |at: u32| loops.iter().any(|(from, to)| (*from..=*to).contains(&at));
    let mut seen = HashSet::new();
    let mut twice = HashSet::new();
    for i in code.iter().filter(|i| makes_function(i.opcode)) {
        if !seen.insert(i.arg) {
            twice.insert(i.arg);
        }
    }
    code.iter()
        .filter(|i| i.opcode == Opcode::MakeFunction && !in_loop(i.at) && !twice.contains(&i.arg))
        .map(|i| i.arg)
        .collect()
}

/// Numbers of the functions that are bodies of classes.
pub fn class_bodies(body: &Bytecode) -> HashSet<u32> {
    let Some(code) = decode(body) else { return HashSet::new() };
    code.windows(2)
        .filter(|pair| pair[0].opcode == Opcode::LoadBuildClass && makes_function(pair[1].opcode))
        .map(|pair| pair[1].arg)
        .collect()
}

fn makes_function(opcode: Opcode) -> bool {
    matches!(
        opcode,
        Opcode::MakeFunction
            | Opcode::MakeFunctionDefargs
            | Opcode::MakeClosure
            | Opcode::MakeClosureDefargs
    )
}

fn decode(body: &Bytecode) -> Option<Vec<Instr>> {
    instrs(&body.code).collect::<Result<_, _>>().ok()
}

/// Offsets that a jump or an open block passes over or goes to from behind.
fn crossed(code: &[Instr], len: usize) -> HashSet<u32> {
    let mut marks = vec![0i32; len + 2];
    for i in code {
        let Some(target) = i.target() else { continue };
        let (from, to) = if target > i.at { (i.at, target) } else { (target, i.next) };
        if let Some(mark) = marks.get_mut(from as usize) {
            *mark += 1;
        }
        if let Some(mark) = marks.get_mut(to as usize) {
            *mark -= 1;
        }
    }
    let mut depth = 0;
    let mut crossed = HashSet::new();
    for (at, mark) in marks.iter().enumerate() {
        depth += mark;
        if depth > 0 {
            crossed.insert(at as u32);
        }
    }
    crossed
}

fn bound(value: &Instr, code: &[u8]) -> Option<Bound> {
    Some(match value.opcode {
        Opcode::MakeFunction => Bound::Function(value.arg),
        Opcode::LoadConstObj => Bound::Const(value.arg),
        Opcode::LoadConstString => Bound::Name(value.arg),
        Opcode::LoadConstNone => Bound::None,
        Opcode::LoadConstFalse => Bound::False,
        Opcode::LoadConstTrue => Bound::True,
        _ => Bound::Small(value.small_int(code)?),
    })
}

/// Counts how often each global name (by qstr index) is bound; a deletion counts
/// double.
fn count_bindings(raw: &RawCode, is_module: bool, counts: &mut HashMap<u32, u32>) {
    if let Body::Bytecode(body) = &raw.body {
        for i in instrs(&body.code).flatten() {
            let n = match i.opcode {
                Opcode::StoreGlobal => 1,
                Opcode::DeleteGlobal => 2,
                Opcode::StoreName if is_module => 1,
                Opcode::DeleteName if is_module => 2,
                _ => 0,
            };
            *counts.entry(i.arg).or_insert(0) += n;
        }
    }
    for child in &raw.children {
        count_bindings(child, false, counts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mpy_format::Signature;

    fn body(code: &[u8]) -> Bytecode {
        let signature = Signature {
            n_state: 4,
            n_exc_stack: 0,
            flags: 0,
            n_pos_args: 0,
            n_kwonly_args: 0,
            n_def_pos_args: 0,
        };
        Bytecode {
            signature,
            name: 0,
            arg_names: vec![],
            lines: vec![],
            cells: vec![],
            code: code.to_vec(),
        }
    }

    fn module(code: &[u8], child: &[u8]) -> Module {
        let child = RawCode { body: Body::Bytecode(body(child)), children: vec![] };
        Module {
            header: mpy_format::Header::bytecode(31),
            qstrs: vec![b"m.py".to_vec(), b"a".to_vec(), b"b".to_vec()],
            consts: vec![],
            root: RawCode { body: Body::Bytecode(body(code)), children: vec![child] },
        }
    }

    const NONE: u8 = Opcode::LoadConstNone as u8;
    const STORE: u8 = Opcode::StoreName as u8;
    const RETURN: u8 = Opcode::ReturnValue as u8;
    const MAKE: u8 = Opcode::MakeFunction as u8;

    #[test]
    fn straight_bindings_are_lifted() {
        // a = None; def b
        let m = module(&[NONE, STORE, 1, MAKE, 0, STORE, 2, NONE, RETURN], &[NONE, RETURN]);
        assert_eq!(globals(&m, 9).globals, [(1, Bound::None), (2, Bound::Function(0))]);
        assert_eq!(globals(&m, 1).globals.len(), 1);
    }

    #[test]
    fn what_is_bound_elsewhere_is_not() {
        let global = Opcode::StoreGlobal as u8;
        let m = module(
            &[NONE, STORE, 1, NONE, STORE, 2, NONE, RETURN],
            &[NONE, global, 1, NONE, RETURN],
        );
        assert_eq!(globals(&m, 9).globals, [(2, Bound::None)]);
    }

    #[test]
    fn what_a_jump_crosses_is_not_and_loops_make_functions_anew() {
        let (test, jump) = (Opcode::PopJumpIfFalse as u8, Opcode::Jump as u8);
        // if None: a = None
        let m = module(
            &[NONE, test, 0x40 + 3, NONE, STORE, 1, NONE, STORE, 2, NONE, RETURN],
            &[NONE, RETURN],
        );
        assert_eq!(globals(&m, 9).globals, [(2, Bound::None)]);
        // A function made at 0, jumped back to from 3.
        let looped = body(&[MAKE, 0, STORE, 1, jump, 0x40 - 6]);
        assert!(made_once(&looped).is_empty());
        assert_eq!(made_once(&body(&[MAKE, 0, STORE, 1])).len(), 1);
    }
}
