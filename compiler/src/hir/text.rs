//! The HIR as text, for people and for snapshot tests.
//!
//! It reads like Python. After a name stands where its value lives: `x.0` is slot 0, `x*0` a cell
//! of this frame in slot 0, `x^0` a free variable's, `x!` a global; a bare `x` is looked up by name.
//! Temporaries are called `%`. A block that is an expression is written `{statements; value}`.

use std::fmt::{self, Display, Formatter, Write};

use super::{
    Arg, ArgKind, AsmArg, AsmArgKind, BinOp, Block, CmpOp, Const, ExprId, ExprKind, FunctionExpr,
    Module, ParamKind, Scope, ScopeId, ScopeKind, Stmt, StmtKind, Storage, Symbol, UnaryOp, VarId,
};

/// The whole module as text.
pub fn dump(module: &Module) -> String {
    let mut out = String::new();
    for (id, scope) in module.scopes() {
        // Writing to a string does not fail.
        let _ = Printer { module, scope }.scope(&mut out, id);
    }
    out
}

struct Printer<'a> {
    module: &'a Module,
    scope: &'a Scope,
}

/// Something of a scope that can be shown.
struct Shown<'p, 'a, T>(&'p Printer<'a>, T);

impl<'a> Printer<'a> {
    fn show<T>(&self, value: T) -> Shown<'_, 'a, T> {
        Shown(self, value)
    }

    fn name(&self, symbol: Symbol) -> impl Display + use<'a> {
        String::from_utf8_lossy(self.module.text(symbol)).into_owned()
    }

    fn scope(&self, out: &mut String, id: ScopeId) -> fmt::Result {
        let scope = self.scope;
        let kind = match scope.kind {
            ScopeKind::Module => "module",
            ScopeKind::Function => "function",
            ScopeKind::Lambda => "lambda",
            ScopeKind::Class => "class",
            ScopeKind::ListComp => "list comprehension",
            ScopeKind::SetComp => "set comprehension",
            ScopeKind::DictComp => "dict comprehension",
            ScopeKind::GenExpr => "generator expression",
        };
        write!(out, "{id} {kind} {}", self.name(scope.name))?;
        if scope.kind.is_function_like() {
            write!(out, "(")?;
            for (i, param) in scope.params.iter().enumerate() {
                let comma = if i == 0 { "" } else { ", " };
                let star = match param.kind {
                    ParamKind::Star => "*",
                    ParamKind::DoubleStar => "**",
                    ParamKind::KeywordOnly => "kw ",
                    ParamKind::PosOnly => "pos ",
                    ParamKind::Normal => "",
                };
                let default = if param.has_default { "=" } else { "" };
                write!(out, "{comma}{star}{}{default}", self.show(param.var))?;
            }
            write!(out, ")")?;
        }
        if let Some(parent) = scope.parent {
            write!(out, " in {parent}")?;
        }
        for (is, word) in [(scope.is_async, "async"), (scope.is_generator, "generator")] {
            if is {
                write!(out, " {word}")?;
            }
        }
        writeln!(out, " {:?} slots {}", scope.emit, scope.slots.len())?;
        if let Some(asm) = &scope.asm {
            for instruction in &asm.instructions {
                let args: Vec<String> =
                    instruction.args.iter().map(|arg| self.show(arg).to_string()).collect();
                writeln!(out, "    {} {}", self.name(instruction.name), args.join(", "))?;
            }
        }
        self.block(out, scope.body, 1)?;
        writeln!(out)
    }

    fn block(&self, out: &mut String, block: Block, depth: usize) -> fmt::Result {
        if block.is_empty() && depth > 1 {
            return writeln!(out, "{}pass", Indent(depth));
        }
        self.module[block].iter().try_for_each(|stmt| self.stmt(out, stmt, depth))
    }

    /// `head:` and a block; nothing if the block is empty.
    fn part(&self, out: &mut String, head: &str, block: Block, depth: usize) -> fmt::Result {
        if block.is_empty() {
            return Ok(());
        }
        writeln!(out, "{}{head}:", Indent(depth))?;
        self.block(out, block, depth + 1)
    }

    fn stmt(&self, out: &mut String, stmt: &Stmt, depth: usize) -> fmt::Result {
        let m = self.module;
        let pad = Indent(depth);
        match stmt.kind {
            StmtKind::If { arms, orelse } => {
                for (i, arm) in m[arms].iter().enumerate() {
                    let word = if i == 0 { "if" } else { "elif" };
                    writeln!(out, "{pad}{word} {}:", self.show(arm.test))?;
                    self.block(out, arm.body, depth + 1)?;
                }
                self.part(out, "else", orelse, depth)
            }
            StmtKind::While { test, body, orelse } => {
                writeln!(out, "{pad}while {}:", self.show(test))?;
                self.block(out, body, depth + 1)?;
                self.part(out, "else", orelse, depth)
            }
            StmtKind::For { target, iter, body, orelse }
            | StmtKind::AsyncFor { target, iter, body, orelse } => {
                let word = if matches!(stmt.kind, StmtKind::For { .. }) { "" } else { "async " };
                writeln!(out, "{pad}{word}for {} in {}:", self.show(target), self.show(iter))?;
                self.block(out, body, depth + 1)?;
                self.part(out, "else", orelse, depth)
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                writeln!(out, "{pad}try:")?;
                self.block(out, body, depth + 1)?;
                for handler in &m[handlers] {
                    write!(out, "{pad}except")?;
                    if let Some(exception) = handler.exception {
                        write!(out, " {}", self.show(exception))?;
                    }
                    if let Some(name) = handler.name {
                        write!(out, " as {}", self.show(name))?;
                    }
                    writeln!(out, ":")?;
                    self.block(out, handler.body, depth + 1)?;
                }
                self.part(out, "else", orelse, depth)?;
                self.part(out, "finally", finalbody, depth)
            }
            StmtKind::With { context, target, body }
            | StmtKind::AsyncWith { context, target, body } => {
                let word = if matches!(stmt.kind, StmtKind::With { .. }) { "" } else { "async " };
                write!(out, "{pad}{word}with {}", self.show(context))?;
                if let Some(target) = target {
                    write!(out, " as {}", self.show(target))?;
                }
                writeln!(out, ":")?;
                self.block(out, body, depth + 1)
            }
            _ => writeln!(out, "{pad}{}", self.show(stmt)),
        }
    }
}

struct Indent(usize);

impl Display for Indent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (0..self.0).try_for_each(|_| f.write_str("    "))
    }
}

impl Display for Shown<'_, '_, VarId> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Shown(p, var) = self;
        let var = p.scope.var(*var);
        if p.module.text(var.name).is_empty() {
            f.write_char('%')?;
        } else {
            write!(f, "{}", p.name(var.name))?;
        }
        match var.storage {
            Storage::Local(slot) => write!(f, ".{}", slot.index()),
            Storage::Cell(slot) => write!(f, "*{}", slot.index()),
            Storage::Free(slot) => write!(f, "^{}", slot.index()),
            Storage::Global => f.write_char('!'),
            Storage::Name => Ok(()),
        }
    }
}

/// A statement that has no blocks, on one line.
impl Display for Shown<'_, '_, &Stmt> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Shown(p, stmt) = self;
        let m = p.module;
        match stmt.kind {
            StmtKind::Expr(value) => p.show(value).fmt(f),
            StmtKind::Assign { targets, value } => {
                for &target in &m[targets] {
                    write!(f, "{} = ", p.show(target))?;
                }
                p.show(value).fmt(f)
            }
            StmtKind::AugAssign { target, op, value } => {
                write!(f, "{} {}= {}", p.show(target), binary(op), p.show(value))
            }
            StmtKind::Del(target) => write!(f, "del {}", p.show(target)),
            StmtKind::Return(None) => f.write_str("return"),
            StmtKind::Return(Some(value)) => write!(f, "return {}", p.show(value)),
            StmtKind::Raise { exc, cause } => {
                f.write_str("raise")?;
                if let Some(exc) = exc {
                    write!(f, " {}", p.show(exc))?;
                }
                if let Some(cause) = cause {
                    write!(f, " from {}", p.show(cause))?;
                }
                Ok(())
            }
            StmtKind::Break => f.write_str("break"),
            StmtKind::Continue => f.write_str("continue"),
            StmtKind::Import { module, attrs, target } => {
                write!(f, "import {} as {}", p.name(module), p.show(target))?;
                m[attrs].iter().try_for_each(|&attr| write!(f, " .{}", p.name(attr)))
            }
            StmtKind::ImportFrom { module, level, names } => {
                write!(f, "from {}{} import", ".".repeat(level as usize), p.name(module))?;
                for (i, name) in m[names].iter().enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma} {} as {}", p.name(name.name), p.show(name.target))?;
                }
                Ok(())
            }
            StmtKind::ImportStar { module, level } => {
                write!(f, "from {}{} import *", ".".repeat(level as usize), p.name(module))
            }
            StmtKind::CompAdd(value) => write!(f, "add {}", p.show(value)),
            StmtKind::CompAddPair { key, value } => {
                write!(f, "add {}: {}", p.show(key), p.show(value))
            }
            // Only blocks made by lowering can hold these inside an expression.
            _ => {
                let mut text = String::new();
                p.stmt(&mut text, stmt, 0)?;
                f.write_str(&text.trim_end().replace('\n', " / "))
            }
        }
    }
}

impl Display for Shown<'_, '_, ExprId> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Shown(p, id) = self;
        let m = p.module;
        let one = |id: ExprId| p.show(id);
        match m[*id].kind {
            ExprKind::Const(value) => p.show(value).fmt(f),
            ExprKind::Name(var) => p.show(var).fmt(f),
            ExprKind::Global(name) => write!(f, "{}!", p.name(name)),
            ExprKind::CellOf(var) => write!(f, "cell {}", p.show(var)),
            ExprKind::CompSource => f.write_str("source"),
            ExprKind::Unary { op, operand } => {
                let op = match op {
                    UnaryOp::Pos => "+",
                    UnaryOp::Neg => "-",
                    UnaryOp::Invert => "~",
                    UnaryOp::Not => "not ",
                };
                write!(f, "({op}{})", one(operand))
            }
            ExprKind::Binary { op, inplace, left, right } => {
                let equals = if inplace { "=" } else { "" };
                write!(f, "({} {}{equals} {})", one(left), binary(op), one(right))
            }
            ExprKind::Compare { op, left, right } => {
                write!(f, "({} {} {})", one(left), comparison(op), one(right))
            }
            ExprKind::CompareChain { first, rest } => {
                write!(f, "({}", one(first))?;
                for link in &m[rest] {
                    write!(f, " {} {}", comparison(link.op), one(link.value))?;
                }
                f.write_str(")")
            }
            ExprKind::And(list) => p.list(f, &m[list], "(", " and ", ")"),
            ExprKind::Or(list) => p.list(f, &m[list], "(", " or ", ")"),
            ExprKind::IfExp { test, then, orelse } => {
                write!(f, "({} if {} else {})", one(then), one(test), one(orelse))
            }
            ExprKind::Call { func, args } => write!(f, "{}({})", one(func), p.show(&m[args])),
            ExprKind::Super { func, class, this } => {
                write!(f, "super {}({}, {})", one(func), one(class), one(this))
            }
            ExprKind::Attr { object, name } => write!(f, "{}.{}", one(object), p.name(name)),
            ExprKind::Subscript { object, index } => write!(f, "{}[{}]", one(object), one(index)),
            ExprKind::Slice { lower, upper, step } => {
                let [lower, upper, step] = [lower, upper, step]
                    .map(|part| part.map_or_else(String::new, |part| one(part).to_string()));
                write!(f, "{lower}:{upper}:{step}")
            }
            ExprKind::Tuple(list) => p.list(f, &m[list], "(", ", ", ",)"),
            ExprKind::List(list) => p.list(f, &m[list], "[", ", ", "]"),
            ExprKind::Set(list) => p.list(f, &m[list], "{", ", ", "}"),
            ExprKind::Dict(items) => {
                f.write_str("{")?;
                for (i, item) in m[items].iter().enumerate() {
                    let comma = if i == 0 { "" } else { ", " };
                    write!(f, "{comma}{}: {}", one(item.key), one(item.value))?;
                }
                f.write_str("}")
            }
            ExprKind::Starred(value) => write!(f, "*{}", one(value)),
            ExprKind::Walrus { target, value } => {
                write!(f, "({} := {})", p.show(target), one(value))
            }
            ExprKind::Yield(None) => f.write_str("(yield)"),
            ExprKind::Yield(Some(value)) => write!(f, "(yield {})", one(value)),
            ExprKind::YieldFrom(value) => write!(f, "(yield from {})", one(value)),
            ExprKind::Await(value) => write!(f, "(await {})", one(value)),
            ExprKind::Function(function) => p.show(function).fmt(f),
            ExprKind::Class { scope, args } => write!(f, "class {scope}({})", p.show(&m[args])),
            ExprKind::Comp { scope, source } => write!(f, "{scope}[{}]", one(source)),
            ExprKind::Collect { collection, body } => {
                write!(f, "{collection:?}{{")?;
                for (i, stmt) in m[body].iter().enumerate() {
                    let comma = if i == 0 { "" } else { "; " };
                    write!(f, "{comma}{}", p.show(stmt))?;
                }
                f.write_str("}")
            }
            ExprKind::Block { body, value } => {
                f.write_str("{")?;
                for stmt in &m[body] {
                    write!(f, "{}; ", p.show(stmt))?;
                }
                write!(f, "{}}}", one(value))
            }
        }
    }
}

impl Printer<'_> {
    fn list(
        &self,
        f: &mut Formatter<'_>,
        list: &[ExprId],
        open: &str,
        between: &str,
        close: &str,
    ) -> fmt::Result {
        f.write_str(open)?;
        for (i, &id) in list.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { between })?;
            self.show(id).fmt(f)?;
        }
        f.write_str(close)
    }
}

impl Display for Shown<'_, '_, &[Arg]> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Shown(p, args) = self;
        for (i, arg) in args.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            match arg.kind {
                ArgKind::Pos => {}
                ArgKind::Star => f.write_str("*")?,
                ArgKind::Keyword(name) => write!(f, "{}=", p.name(name))?,
                ArgKind::DoubleStar => f.write_str("**")?,
            }
            p.show(arg.value).fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Shown<'_, '_, FunctionExpr> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Shown(p, function) = self;
        write!(f, "def {}", function.scope)?;
        p.list(f, &p.module[function.defaults], "(", ", ", "")?;
        for default in &p.module[function.kw_defaults] {
            write!(f, " {}={}", p.name(default.name), p.show(default.value))?;
        }
        f.write_str(")")
    }
}

impl Display for Shown<'_, '_, Const> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Shown(p, value) = self;
        let m = p.module;
        match *value {
            Const::None => f.write_str("None"),
            Const::False => f.write_str("False"),
            Const::True => f.write_str("True"),
            Const::Ellipsis => f.write_str("..."),
            Const::Int(value) => value.fmt(f),
            Const::Big(id) => m[id].fmt(f),
            Const::Float(value) => write!(f, "{value:?}"),
            Const::Complex(id) => write!(f, "({:?}+{:?}j)", m[id].0, m[id].1),
            Const::Str(text) => write!(f, "'{}'", m.text(text).escape_ascii()),
            Const::Bytes(id) => write!(f, "b'{}'", m[id].escape_ascii()),
            Const::Tuple(members) => {
                f.write_str("const (")?;
                for &member in &m[members] {
                    write!(f, "{}, ", p.show(member))?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Display for Shown<'_, '_, &AsmArg> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Shown(p, arg) = self;
        let inner = |args: &[AsmArg]| -> String {
            args.iter().map(|arg| p.show(arg).to_string()).collect::<Vec<_>>().join(", ")
        };
        match &arg.kind {
            AsmArgKind::Name(name) => write!(f, "{}", p.name(*name)),
            AsmArgKind::Int(value) => value.fmt(f),
            AsmArgKind::List(args) => write!(f, "[{}]", inner(args)),
            AsmArgKind::Set(args) => write!(f, "{{{}}}", inner(args)),
            AsmArgKind::Call(base, args) => write!(f, "{}({})", p.show(&**base), inner(args)),
            AsmArgKind::Range(first, last) => {
                write!(f, "{}-{}", p.name(*first), p.name(*last))
            }
            AsmArgKind::Other => f.write_str("?"),
        }
    }
}

fn binary(op: BinOp) -> &'static str {
    match op {
        BinOp::Or => "|",
        BinOp::Xor => "^",
        BinOp::And => "&",
        BinOp::Shl => "<<",
        BinOp::Shr => ">>",
        BinOp::Add => "+",
        BinOp::Sub => "-",
        BinOp::Mul => "*",
        BinOp::MatMul => "@",
        BinOp::FloorDiv => "//",
        BinOp::TrueDiv => "/",
        BinOp::Mod => "%",
        BinOp::Pow => "**",
    }
}

fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Lt => "<",
        CmpOp::Gt => ">",
        CmpOp::Eq => "==",
        CmpOp::Le => "<=",
        CmpOp::Ge => ">=",
        CmpOp::Ne => "!=",
        CmpOp::In => "in",
        CmpOp::NotIn => "not in",
        CmpOp::Is => "is",
        CmpOp::IsNot => "is not",
    }
}
