//! Expressions of a wanted kind.

use super::program::{Generator, Kind};

/// Integers that sit on the borders of representations.
const INTEGERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "-5",
    "10",
    "15",
    "-16",
    "63",
    "64",
    "100",
    "127",
    "128",
    "255",
    "-128",
    "1000",
    "16383",
    "-8192",
    "65535",
    "536870911",
    "1073741823",
    "1073741824",
    "-1073741824",
    "-1073741825",
    "2147483647",
    "4294967295",
    "4611686018427387903",
    "4611686018427387904",
    "-4611686018427387904",
    "9223372036854775807",
    "18446744073709551616",
    "-100000000000000000000",
];

const STRINGS: &[&str] = &["''", "'a'", "'xyz'", "'Hello'", "'b c'", "'0'", "'[1]'", "'%'"];

impl Generator {
    /// An expression of `kind`, nested at most `depth` levels.
    pub(super) fn expr(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(kind);
        }
        match kind {
            Kind::Int => self.int_expr(depth - 1),
            Kind::Str => self.str_expr(depth - 1),
            Kind::List => self.list_expr(depth - 1),
            Kind::Dict => self.dict_expr(depth - 1),
        }
    }

    fn leaf(&mut self, kind: Kind) -> String {
        if self.rng.chance(65)
            && let Some(name) = self.variable(kind)
        {
            return name;
        }
        match kind {
            Kind::Int => (*self.rng.pick(INTEGERS)).to_owned(),
            Kind::Str => (*self.rng.pick(STRINGS)).to_owned(),
            Kind::List => (*self.rng.pick(&["[]", "[1]", "[3, 1, 2]", "[0, -1]"])).to_owned(),
            Kind::Dict => (*self.rng.pick(&["{}", "{1: 2}", "{0: 5, 3: -1}"])).to_owned(),
        }
    }

    fn int_expr(&mut self, depth: usize) -> String {
        let int = Kind::Int;
        match self.rng.below(24) {
            0..=5 => {
                let a = self.expr(int, depth);
                let op = *self.rng.pick(&["+", "-", "*", "//", "%", "&", "|", "^", "+", "-"]);
                let b = self.expr(int, depth);
                // Most divisions should succeed.
                let safe = matches!(op, "//" | "%") && !self.rng.chance(15);
                if safe { format!("({a} {op} ({b} or 3))") } else { format!("({a} {op} {b})") }
            }
            6 => {
                let op = *self.rng.pick(&["-", "~", "+"]);
                format!("({op}{})", self.expr(int, depth))
            }
            7 => {
                let op = *self.rng.pick(&["<<", ">>"]);
                let bits = self.rng.below(40);
                format!("({} {op} {bits})", self.expr(int, depth))
            }
            8 => {
                let kind = *self.rng.pick(&[Kind::Str, Kind::List, Kind::Dict]);
                format!("len({})", self.expr(kind, depth))
            }
            9 => {
                let list = self.expr(Kind::List, depth);
                if self.rng.chance(85) {
                    format!("at({list}, {})", self.expr(int, 0))
                } else {
                    format!("{list}[{}]", self.rng.below(4))
                }
            }
            10 => {
                let (a, c, b) =
                    (self.expr(int, depth), self.condition(depth), self.expr(int, depth));
                format!("({a} if {c} else {b})")
            }
            11 => {
                let op = *self.rng.pick(&["and", "or"]);
                let (a, b) = (self.expr(int, depth), self.expr(int, depth));
                format!("({a} {op} {b})")
            }
            12 => {
                let function = *self.rng.pick(&["sum", "max", "min"]);
                let list = self.expr(Kind::List, depth);
                if self.rng.chance(85) {
                    format!("{function}([1] + {list})")
                } else {
                    format!("{function}({list})")
                }
            }
            13 => {
                let dict = self.expr(Kind::Dict, depth);
                let (key, default) = (self.expr(int, 0), self.expr(int, depth));
                format!("{dict}.get({key}, {default})")
            }
            14 => {
                let name = self.fresh("w");
                let value = self.expr(int, depth);
                if self.in_comprehension {
                    return value;
                }
                self.declare(&name, int);
                format!("({name} := lim({value}))")
            }
            15 => {
                let name = self.fresh("p");
                let outer = self.expr(int, depth);
                let body = self.with_local(&name, int, |g| g.expr(int, depth));
                format!("(lambda {name}: {body})({outer})")
            }
            16 => format!("abs({})", self.expr(int, depth)),
            17 => format!("int({})", self.condition(depth)),
            18..=21 => self.int_of_others(depth),
            _ => self.call(int, depth),
        }
    }

    /// An integer by way of floats, tuples, sets or bytes. Floats are small multiples of
    /// an eighth, which every width holds.
    fn int_of_others(&mut self, depth: usize) -> String {
        let place = self.rng.below(3);
        let [a, b, c] = [0; 3].map(|_| self.expr(Kind::Int, depth));
        match self.rng.below(12) {
            0 => format!("int(({a}) % 1024 * 0.5 + 1.25)"),
            1 => format!("int(({a}) % 97 / 4 - ({b}) % 8 * 1.5)"),
            2 => format!("int(({a}) % 64 * 0.25 < ({b}) % 64 / 8)"),
            3 => format!("({a}, {b}, {c})[{place}]"),
            4 => format!("sum(({a}, {b}) + ({c},))"),
            5 => format!("int(({a}, {b}) < ({c}, {place}))"),
            6 => format!("len({{{a}, {b}, {c}}})"),
            7 => format!("int({a} in {{{b}, {c}, {place}}})"),
            8 => format!("sum({{({a}) % 8, ({b}) % 8}} | {{({c}) % 8}})"),
            9 => format!("bytes([({a}) & 255, ({b}) & 255, ({c}) & 127])[{place}]"),
            10 => format!("len(b'xyz' * (({a}) & 7) + bytes(({b}) & 15))"),
            _ => format!("int(bytes([({a}) & 3]) == bytes([({b}) & 3]))"),
        }
    }

    fn str_expr(&mut self, depth: usize) -> String {
        match self.rng.below(10) {
            0 | 1 => {
                let (a, b) = (self.expr(Kind::Str, depth), self.expr(Kind::Str, depth));
                format!("({a} + {b})")
            }
            2 => {
                let times = self.rng.below(4);
                format!("({} * {times})", self.expr(Kind::Str, depth))
            }
            3 => {
                let (from, to) = (self.rng.below(4), self.rng.below(6));
                format!("{}[{from}:{to}]", self.expr(Kind::Str, depth))
            }
            4 => format!("str({})", self.expr(Kind::Int, depth)),
            5 => {
                let spec = *self.rng.pick(&["%d", "<%5d>", "%x", "%s", "%r"]);
                format!("('{spec}' % ({},))", self.expr(Kind::Int, depth))
            }
            6 => {
                // Quotes may not be nested in replacement fields of older Pythons.
                let name = self.variable(Kind::Int).unwrap_or_else(|| "1".to_owned());
                let spec = *self.rng.pick(&["", ":>6", ":<4", ":x", "!r"]);
                format!("f'<{{{name}{spec}}}>'")
            }
            7 => format!("repr({})", self.expr(Kind::List, depth)),
            8 => {
                let method = *self.rng.pick(&["upper", "lower", "strip"]);
                format!("{}.{method}()", self.expr(Kind::Str, depth))
            }
            _ => self.call(Kind::Str, depth),
        }
    }

    fn list_expr(&mut self, depth: usize) -> String {
        match self.rng.below(10) {
            0 | 1 => {
                let items: Vec<String> =
                    (0..self.rng.below(4)).map(|_| self.expr(Kind::Int, depth)).collect();
                format!("[{}]", items.join(", "))
            }
            2 | 3 => self.comprehension(depth),
            4 => {
                let (a, b) = (self.expr(Kind::List, depth), self.expr(Kind::List, depth));
                format!("({a} + {b})")
            }
            5 => {
                let (from, to) = (self.rng.below(3), self.rng.below(6));
                format!("{}[{from}:{to}]", self.expr(Kind::List, depth))
            }
            6 => format!("sorted({})", self.expr(Kind::List, depth)),
            7 => format!("list(range({}))", self.rng.below(5)),
            8 => format!("sorted({}.keys())", self.expr(Kind::Dict, depth)),
            _ => self.call(Kind::List, depth),
        }
    }

    fn dict_expr(&mut self, depth: usize) -> String {
        match self.rng.below(4) {
            0 => {
                let items: Vec<String> = (0..self.rng.below(3))
                    .map(|i| format!("{i}: {}", self.expr(Kind::Int, depth)))
                    .collect();
                format!("{{{}}}", items.join(", "))
            }
            1 => {
                let name = self.fresh("k");
                let list = self.without_walrus(|g| g.expr(Kind::List, depth));
                let value = self.inside_comprehension(&name, |g| g.expr(Kind::Int, depth));
                format!("{{{name}: {value} for {name} in {list}}}")
            }
            _ => self.call(Kind::Dict, depth),
        }
    }

    fn comprehension(&mut self, depth: usize) -> String {
        let name = self.fresh("i");
        let source = self.without_walrus(|g| g.expr(Kind::List, depth));
        let (item, filter) = self.inside_comprehension(&name, |g| {
            let item = g.expr(Kind::Int, depth);
            let filter = g.rng.chance(40).then(|| g.condition(depth));
            (item, filter)
        });
        let filter = filter.map_or(String::new(), |f| format!(" if {f}"));
        if self.rng.chance(25) {
            format!("list({item} for {name} in {source}{filter})")
        } else {
            format!("[{item} for {name} in {source}{filter}]")
        }
    }

    fn inside_comprehension<T>(&mut self, name: &str, make: impl FnOnce(&mut Self) -> T) -> T {
        self.without_walrus(|g| g.with_local(name, Kind::Int, make))
    }

    /// Python forbids assignment expressions in what a comprehension runs over.
    pub(super) fn without_walrus<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.in_comprehension, true);
        let made = make(self);
        self.in_comprehension = outer;
        made
    }

    /// A call of a function made earlier, or a leaf where there is none.
    fn call(&mut self, kind: Kind, depth: usize) -> String {
        let fitting: Vec<usize> =
            (0..self.functions.len()).filter(|&i| self.functions[i].returns == kind).collect();
        if fitting.is_empty() {
            return self.leaf(kind);
        }
        let function = self.functions[*self.rng.pick(&fitting)].clone();
        let mut args: Vec<String> = Vec::new();
        let by_name = self.rng.chance(25);
        for (name, kind) in &function.params {
            let value = self.expr(*kind, depth);
            args.push(if by_name { format!("{name}={value}") } else { value });
        }
        format!("{}({})", function.name, args.join(", "))
    }

    /// Something that is true or false.
    pub(super) fn condition(&mut self, depth: usize) -> String {
        let depth = depth.saturating_sub(1);
        let int = Kind::Int;
        match self.rng.below(9) {
            0..=2 => {
                let op = *self.rng.pick(&["<", "<=", "==", "!=", ">", ">="]);
                let (a, b) = (self.expr(int, depth), self.expr(int, depth));
                format!("({a} {op} {b})")
            }
            3 => {
                let (a, b, c) =
                    (self.expr(int, depth), self.expr(int, depth), self.expr(int, depth));
                format!("({a} < {b} <= {c})")
            }
            4 => format!("(not {})", self.expr(Kind::List, depth)),
            5 => {
                let op = *self.rng.pick(&["in", "not in"]);
                let (a, b) = (self.expr(int, depth), self.expr(Kind::List, depth));
                format!("({a} {op} {b})")
            }
            6 => {
                let op = *self.rng.pick(&["and", "or"]);
                let (a, b) = (self.condition(depth), self.condition(depth));
                format!("({a} {op} {b})")
            }
            7 => {
                let (a, b) = (self.expr(Kind::Str, depth), self.expr(Kind::Str, depth));
                format!("({a} < {b})")
            }
            _ => (*self.rng.pick(&["True", "False", "(1 == 1)", "(not 0)"])).to_owned(),
        }
    }
}
