//! Statements, functions and whole programs.

use std::fmt::Write;

use super::rng::Rng;

/// What a variable holds. Typed loosely, so that most programs run for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Str,
    List,
    Dict,
}

const KINDS: &[Kind] = &[Kind::Int, Kind::Int, Kind::Int, Kind::Str, Kind::List, Kind::Dict];

#[derive(Clone)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) params: Vec<(String, Kind)>,
    pub(super) returns: Kind,
}

/// What surrounds the statement that is being made.
#[derive(Clone, Copy)]
struct Place {
    in_loop: bool,
    returns: Option<Kind>,
    yields: bool,
    /// Levels of statements that may still be nested.
    room: usize,
}

pub(super) struct Generator {
    pub(super) rng: Rng,
    pub(super) functions: Vec<Function>,
    pub(super) in_comprehension: bool,
    variables: Vec<(String, Kind)>,
    text: String,
    indent: usize,
    counter: usize,
}

/// What every program begins with. `tick` ends programs that would run long: the
/// supply is the same for every engine, so they all end at the same place.
const PRELUDE: &str = "\
fuel = [1500]

def tick():
    fuel[0] -= 1
    if fuel[0] < 0:
        raise MemoryError

def lim(x):
    return x if -10 ** 25 < x < 10 ** 25 else x % 1000003

def name(e):
    n = type(e).__name__
    return 'NameError' if n == 'UnboundLocalError' else n

def at(l, i):
    return l[i % len(l)] if l else 0

def show(*a):
    print(*[sorted(x.items()) if isinstance(x, dict) else x for x in a])

class Manager:
    def __init__(self, n, swallow):
        self.n, self.swallow = n, swallow

    def __enter__(self):
        print('enter', self.n)
        return self.n

    def __exit__(self, t, v, tb):
        print('exit', self.n, t is not None)
        return self.swallow and t is not MemoryError

g0, g1, g2 = 5, -3, 1073741823
s0, l0, d0 = 'start', [4, 5, 6], {1: 10, 2: 20}

";

/// Expressions nest this deep.
const DEPTH: usize = 3;

/// The program of a seed.
pub fn program(seed: u64) -> String {
    let mut g = Generator {
        rng: Rng::new(seed),
        functions: Vec::new(),
        in_comprehension: false,
        variables: Vec::new(),
        text: PRELUDE.to_owned(),
        indent: 0,
        counter: 0,
    };
    for (name, kind) in [
        ("g0", Kind::Int),
        ("g1", Kind::Int),
        ("g2", Kind::Int),
        ("s0", Kind::Str),
        ("l0", Kind::List),
        ("d0", Kind::Dict),
    ] {
        g.declare(name, kind);
    }
    for _ in 0..3 + g.rng.below(4) {
        match g.rng.below(5) {
            0 => g.generator(),
            1 => g.class(),
            _ => g.function(),
        }
    }
    for _ in 0..4 + g.rng.below(6) {
        g.line("try:");
        g.indented(|g| {
            let place = Place { in_loop: false, returns: None, yields: false, room: 3 };
            for _ in 0..1 + g.rng.below(3) {
                g.statement(place);
            }
        });
        g.line("except Exception as e:");
        g.line("    print('ended by', name(e))");
    }
    g.line("show(g0, g1, g2, s0, l0, d0)");
    g.text
}

impl Generator {
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.text.push_str("    ");
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn indented(&mut self, make: impl FnOnce(&mut Self)) {
        self.indent += 1;
        make(self);
        self.indent -= 1;
    }

    pub(super) fn fresh(&mut self, prefix: &str) -> String {
        self.counter += 1;
        format!("{prefix}{}", self.counter + 9)
    }

    pub(super) fn declare(&mut self, name: &str, kind: Kind) {
        self.variables.push((name.to_owned(), kind));
    }

    pub(super) fn variable(&mut self, kind: Kind) -> Option<String> {
        let fitting: Vec<String> =
            self.variables.iter().filter(|(_, k)| *k == kind).map(|(n, _)| n.clone()).collect();
        (!fitting.is_empty()).then(|| self.rng.pick(&fitting).clone())
    }

    pub(super) fn with_local<T>(
        &mut self,
        name: &str,
        kind: Kind,
        make: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let mark = self.variables.len();
        self.declare(name, kind);
        let made = make(self);
        self.variables.truncate(mark);
        made
    }

    /// A value bounded in size, so that loops do not blow it up.
    fn bounded(&mut self, kind: Kind) -> String {
        let value = match kind {
            Kind::Int | Kind::Str => self.expr(kind, DEPTH),
            Kind::List | Kind::Dict => self.without_walrus(|g| g.expr(kind, DEPTH)),
        };
        match kind {
            Kind::Int => format!("lim({value})"),
            Kind::Str => format!("{value}[:40]"),
            Kind::List => format!("[lim(v) for v in {value}[:12]]"),
            Kind::Dict => format!("{{k: lim(v) for k, v in {value}.items() if -50 < k < 50}}"),
        }
    }

    fn params(&mut self) -> Vec<(String, Kind)> {
        (0..self.rng.below(4))
            .map(|_| {
                let kind = *self.rng.pick(KINDS);
                (self.fresh("a"), kind)
            })
            .collect()
    }

    fn function(&mut self) {
        let name = self.fresh("f");
        let params = self.params();
        let returns = *self.rng.pick(KINDS);
        self.body_of(&name, &params, Some(returns), false);
        self.functions.push(Function { name, params, returns });
    }

    /// A generator function, and a function that runs it to its end.
    fn generator(&mut self) {
        let inner = self.fresh("gen");
        let params = self.params();
        self.body_of(&inner, &params, None, true);
        let name = self.fresh("f");
        let names: Vec<&str> = params.iter().map(|(n, _)| n.as_str()).collect();
        let list = names.join(", ");
        self.line(&format!("def {name}({list}):"));
        self.line(&format!("    return list({inner}({list}))"));
        self.functions.push(Function { name, params, returns: Kind::List });
    }

    fn class(&mut self) {
        let class = self.fresh("C");
        let method = self.fresh("m");
        self.line(&format!("class {class}:"));
        self.indented(|g| {
            let value = g.expr(Kind::Int, 1);
            g.line(&format!("attr = {value}"));
            g.line("def __init__(self, v):");
            g.line("    self.v = v");
            g.line(&format!("def {method}(self, x):"));
            g.indented(|g| {
                g.line("tick()");
                let mark = g.variables.len();
                g.declare("x", Kind::Int);
                g.declare("self.v", Kind::Int);
                g.declare("self.attr", Kind::Int);
                let place =
                    Place { in_loop: false, returns: Some(Kind::Int), yields: false, room: 1 };
                g.statement(place);
                let value = g.bounded(Kind::Int);
                g.line(&format!("self.v = {value}"));
                g.line("return lim(self.v + self.attr)");
                g.variables.truncate(mark);
            });
        });
        let name = self.fresh("f");
        let (v, x) = (self.fresh("a"), self.fresh("a"));
        self.line(&format!("def {name}({v}, {x}):"));
        self.line(&format!("    o = {class}({v})"));
        self.line(&format!("    return o.{method}({x}) + o.v"));
        let params = vec![(v, Kind::Int), (x, Kind::Int)];
        self.functions.push(Function { name, params, returns: Kind::Int });
    }

    fn body_of(
        &mut self,
        name: &str,
        params: &[(String, Kind)],
        returns: Option<Kind>,
        yields: bool,
    ) {
        let names: Vec<&str> = params.iter().map(|(n, _)| n.as_str()).collect();
        self.line(&format!("def {name}({}):", names.join(", ")));
        let mark = self.variables.len();
        for (name, kind) in params {
            self.declare(name, *kind);
        }
        self.indented(|g| {
            g.line("tick()");
            let place = Place { in_loop: false, returns, yields, room: 2 };
            for _ in 0..1 + g.rng.below(3) {
                g.statement(place);
            }
            if let Some(kind) = returns {
                let value = g.bounded(kind);
                g.line(&format!("return {value}"));
            } else {
                let value = g.bounded(Kind::Int);
                g.line(&format!("yield {value}"));
            }
        });
        self.variables.truncate(mark);
    }

    fn block(&mut self, place: Place) {
        let mark = self.variables.len();
        self.indented(|g| {
            for _ in 0..1 + g.rng.below(3) {
                g.statement(Place { room: place.room.saturating_sub(1), ..place });
            }
        });
        // What a block binds may be unbound after it: that is tried now and then.
        if !self.rng.chance(5) {
            self.variables.truncate(mark);
        }
    }

    fn statement(&mut self, place: Place) {
        let choice = if place.room == 0 { self.rng.below(9) } else { self.rng.below(22) };
        match choice {
            0..=2 => self.assignment(),
            3 | 4 => self.printing(),
            5 => self.mutation(),
            6 => self.jump(place),
            7 if place.yields => {
                let value = self.bounded(Kind::Int);
                self.line(&format!("yield {value}"));
            }
            7 | 8 => self.assignment(),
            9..=11 => self.branch(place),
            12 | 13 => self.for_loop(place),
            14 => self.while_loop(place),
            15..=18 => self.try_block(place),
            19 => self.with_block(place),
            _ => self.closure(place),
        }
    }

    fn assignment(&mut self) {
        let kind = *self.rng.pick(KINDS);
        let value = self.bounded(kind);
        let known = self.variable(kind).filter(|_| self.rng.chance(40));
        // A global that a function assigns would be a local of it: new names only.
        let name = match known {
            Some(name) if self.indent < 2 || !name.ends_with(['0', '1', '2']) || name.len() > 2 => {
                name
            }
            _ => self.fresh("x"),
        };
        if kind == Kind::Int
            && self.rng.chance(25)
            && self.variables.iter().any(|(n, _)| *n == name)
        {
            let op = *self.rng.pick(&["+=", "-=", "*=", "//=", "%=", "^=", "|="]);
            self.line(&format!("{name} {op} {value}"));
            self.line(&format!("{name} = lim({name})"));
        } else if self.rng.chance(15) {
            let other = self.fresh("x");
            let second = self.bounded(kind);
            self.line(&format!("{name}, {other} = {value}, {second}"));
            self.declare(&other, kind);
        } else {
            self.line(&format!("{name} = {value}"));
        }
        self.declare(&name, kind);
    }

    fn printing(&mut self) {
        let mut parts = Vec::new();
        for _ in 0..1 + self.rng.below(3) {
            let kind = *self.rng.pick(KINDS);
            parts.push(self.expr(kind, DEPTH));
        }
        self.line(&format!("show({})", parts.join(", ")));
    }

    fn mutation(&mut self) {
        if let Some(list) = self.variable(Kind::List).filter(|_| self.rng.chance(60)) {
            let value = self.bounded(Kind::Int);
            match self.rng.below(6) {
                0 => {
                    self.line(&format!("if {list}:"));
                    self.line(&format!("    {list}.pop()"));
                }
                1 => {
                    self.line(&format!("if len({list}) > 2:"));
                    self.line(&format!("    {list}[{}] = {value}", self.counter % 3));
                }
                2 => self.line(&format!("{list}.sort()")),
                3 => self.line(&format!("del {list}[8:]")),
                _ => {
                    self.line(&format!("if len({list}) < 12:"));
                    self.line(&format!("    {list}.append({value})"));
                }
            }
        } else if let Some(dict) = self.variable(Kind::Dict) {
            let value = self.bounded(Kind::Int);
            let key = self.rng.below(8);
            match self.rng.below(3) {
                0 => self.line(&format!("{dict}.pop({key}, None)")),
                1 => self.line(&format!("{dict}[{key}] += 1")),
                _ => self.line(&format!("{dict}[{key}] = {value}")),
            }
        } else {
            self.line("pass");
        }
    }

    fn jump(&mut self, place: Place) {
        let condition = self.condition(DEPTH);
        let jump = match (self.rng.below(4), place.returns) {
            (0, _) if place.in_loop => "break".to_owned(),
            (1, _) if place.in_loop => "continue".to_owned(),
            (2, Some(kind)) => format!("return {}", self.bounded(kind)),
            (2, None) if place.yields => "return".to_owned(),
            _ => {
                let class = *self.rng.pick(&["ValueError", "KeyError", "TypeError", "IndexError"]);
                format!("raise {class}({})", self.rng.below(9))
            }
        };
        self.line(&format!("if {condition}:"));
        self.line(&format!("    {jump}"));
    }

    fn branch(&mut self, place: Place) {
        let condition = self.condition(DEPTH);
        self.line(&format!("if {condition}:"));
        self.block(place);
        if self.rng.chance(30) {
            let condition = self.condition(DEPTH);
            self.line(&format!("elif {condition}:"));
            self.block(place);
        }
        if self.rng.chance(50) {
            self.line("else:");
            self.block(place);
        }
    }

    fn for_loop(&mut self, place: Place) {
        let name = self.fresh("i");
        let over = if self.rng.chance(60) {
            let (from, count) = (self.rng.below(4), self.rng.below(5));
            match self.rng.below(3) {
                0 => format!("range({count})"),
                1 => format!("range({from}, {})", from + count),
                _ => format!("range({}, {from}, -1)", from + count),
            }
        } else {
            format!("{}[:5]", self.expr(Kind::List, 2))
        };
        self.line(&format!("for {name} in {over}:"));
        self.declare(&name, Kind::Int);
        self.indented(|g| g.line("tick()"));
        self.block(Place { in_loop: true, ..place });
        self.loop_else(place);
    }

    fn while_loop(&mut self, place: Place) {
        let name = self.fresh("n");
        let condition = self.condition(2);
        let rounds = 1 + self.rng.below(4);
        self.line(&format!("{name} = {rounds}"));
        self.line(&format!("while {name} > 0 and {condition}:"));
        self.line(&format!("    {name} -= 1"));
        self.indented(|g| g.line("tick()"));
        self.block(Place { in_loop: true, ..place });
        self.loop_else(place);
    }

    fn loop_else(&mut self, place: Place) {
        if self.rng.chance(25) {
            self.line("else:");
            self.block(place);
        }
    }

    fn try_block(&mut self, place: Place) {
        self.line("try:");
        self.block(place);
        let handlers = self.rng.below(3);
        for _ in 0..handlers {
            let class = *self.rng.pick(&[
                "ValueError",
                "(KeyError, IndexError)",
                "TypeError",
                "ZeroDivisionError",
                "NameError",
            ]);
            let e = self.fresh("e");
            self.line(&format!("except {class} as {e}:"));
            self.line(&format!("    print('handled', name({e}))"));
            self.block(place);
            if self.rng.chance(20) {
                self.line("    raise");
            }
        }
        if handlers > 0 && self.rng.chance(30) {
            self.line("else:");
            self.block(place);
        }
        if handlers == 0 || self.rng.chance(45) {
            self.line("finally:");
            self.line("    print('finally')");
            self.block(place);
        }
    }

    fn with_block(&mut self, place: Place) {
        let name = self.fresh("c");
        let number = self.rng.below(9);
        let swallow = if self.rng.chance(30) { "True" } else { "False" };
        self.line(&format!("with Manager({number}, {swallow}) as {name}:"));
        self.declare(&name, Kind::Int);
        self.block(place);
    }

    /// A function inside, which sees and changes a variable of the one around it.
    fn closure(&mut self, place: Place) {
        if self.indent == 0 || (place.returns.is_none() && !place.yields) {
            return self.assignment();
        }
        let (cell, name, param) = (self.fresh("x"), self.fresh("h"), self.fresh("a"));
        let start = self.bounded(Kind::Int);
        self.line(&format!("{cell} = {start}"));
        self.line(&format!("def {name}({param}):"));
        let mark = self.variables.len();
        self.declare(&cell, Kind::Int);
        self.declare(&param, Kind::Int);
        self.indented(|g| {
            g.line(&format!("nonlocal {cell}"));
            g.line("tick()");
            let value = g.bounded(Kind::Int);
            g.line(&format!("{cell} = {value}"));
            let inner = Place { in_loop: false, returns: Some(Kind::Int), yields: false, room: 1 };
            g.statement(inner);
            let value = g.bounded(Kind::Int);
            g.line(&format!("return {value}"));
        });
        self.variables.truncate(mark);
        self.declare(&cell, Kind::Int);
        let argument = self.expr(Kind::Int, 1);
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = write!(text, "show({name}({argument}), {cell}, {name}({cell}), {cell})");
        self.line(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_program() {
        assert_eq!(program(7), program(7));
        assert_ne!(program(7), program(8));
    }

    #[test]
    fn programs_have_a_sane_size() {
        for seed in 0..300 {
            let lines = program(seed).lines().count();
            assert!((35..3000).contains(&lines), "seed {seed}: {lines} lines");
        }
    }
}
