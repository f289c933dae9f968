//! Calls, function and class objects, comprehensions.

use super::Lower;
use crate::bytecode::ir::{Args, Op};
use crate::diag::Span;
use crate::hir::{
    Arg, ArgKind, Block, Collection, ExprId, ExprKind, FunctionExpr, List, ScopeId, ScopeKind,
    Stmt, StmtKind,
};

/// Arguments by position only.
pub(super) const fn positional(count: u8) -> Args {
    Args { positional: count, keyword: 0 }
}

impl Lower<'_> {
    /// Pushes the result of a call.
    pub(super) fn call(&mut self, func: ExprId, args: List<Arg>) {
        let module = self.m;
        let callee = module[func];
        match callee.kind {
            ExprKind::Attr { object, name } => {
                let load = match module[object].kind {
                    ExprKind::Super { func, class, this } => {
                        self.expr(func);
                        self.expr(class);
                        self.expr(this);
                        Op::LoadSuperMethod(name)
                    }
                    _ => {
                        self.expr(object);
                        Op::LoadMethod(name)
                    }
                };
                self.b.at(callee.span.end.saturating_sub(1));
                self.b.op(load);
                self.call_with(callee.span, true, 0, args);
            }
            _ => {
                self.expr(func);
                if self.ordered_dict(func, args) {
                    return;
                }
                self.call_with(callee.span, false, 0, args);
            }
        }
    }

    /// `OrderedDict({…})` keeps the order of the display, so boards fill the new object directly.
    fn ordered_dict(&mut self, func: ExprId, args: List<Arg>) -> bool {
        let module = self.m;
        let name = match module[func].kind {
            ExprKind::Name(var) => self.scope.var(var).name,
            ExprKind::Global(name) => name,
            _ => return false,
        };
        let &[Arg { kind: ArgKind::Pos, value }] = &module[args] else { return false };
        let ExprKind::Dict(items) = module[value].kind else { return false };
        if module.text(name) != b"OrderedDict" {
            return false;
        }
        self.b.op(Op::Call(positional(0)));
        self.dict_items(items);
        true
    }

    /// Pushes the arguments and calls. `before` are positional arguments pushed already.
    fn call_with(&mut self, span: Span, method: bool, before: usize, args: List<Arg>) {
        let module = self.m;
        let args = &module[args];
        let mut stars = 0u64;
        let mut starred = false;
        let (mut positional, mut keyword) = (before, 0usize);
        for arg in args {
            match arg.kind {
                ArgKind::Pos => positional += 1,
                ArgKind::Star => {
                    starred = true;
                    // The bits must make a small integer.
                    if positional + 1 >= usize::from(self.options.small_int_bits.min(32)) {
                        let span = self.span(arg.value);
                        self.limit(span, "too many arguments before a starred one");
                    } else {
                        stars |= 1 << positional;
                    }
                    positional += 1;
                }
                ArgKind::Keyword(name) => {
                    self.b.op(Op::LoadQstr(name));
                    keyword += 1;
                }
                ArgKind::DoubleStar => {
                    starred = true;
                    self.b.op(Op::LoadNull);
                    keyword += 1;
                }
            }
            self.expr(arg.value);
        }
        let (Ok(positional), Ok(keyword)) = (u8::try_from(positional), u8::try_from(keyword))
        else {
            return self.limit(span, "more than 255 arguments");
        };
        let args = Args { positional, keyword };
        // The call belongs to the line that its function's name ends on.
        self.b.at(span.end.saturating_sub(1));
        if starred {
            self.b.op(Op::LoadInt(stars as i32));
        }
        self.b.op(match (method, starred) {
            (false, false) => Op::Call(args),
            (false, true) => Op::CallVar(args),
            (true, false) => Op::CallMethod(args),
            (true, true) => Op::CallMethodVar(args),
        });
    }

    /// Pushes a function object.
    pub(super) fn function(&mut self, span: Span, function: FunctionExpr) {
        let module = self.m;
        let defaults = !function.defaults.is_empty() || !function.kw_defaults.is_empty();
        if defaults {
            if function.defaults.is_empty() {
                self.b.op(Op::LoadNull);
            } else {
                self.exprs(function.defaults);
                self.b.op(Op::BuildTuple(function.defaults.len() as u32));
            }
            if function.kw_defaults.is_empty() {
                self.b.op(Op::LoadNull);
            } else {
                self.b.op(Op::BuildMap(function.kw_defaults.len() as u32));
                for default in &module[function.kw_defaults] {
                    self.expr(default.value);
                    self.b.op(Op::LoadQstr(default.name));
                    self.b.op(Op::StoreMap);
                }
            }
        }
        self.make(span, function.scope, defaults);
    }

    /// Pushes the object of a scope, capturing what it needs.
    fn make(&mut self, span: Span, scope: ScopeId, defaults: bool) {
        let free = &self.m[scope].free;
        self.b.at(span.start);
        for variable in free {
            self.b.op(Op::LoadCell(variable.outer));
        }
        match u8::try_from(free.len()) {
            Ok(0) => self.b.op(Op::MakeFunction { defaults, scope }),
            Ok(cells) => self.b.op(Op::MakeClosure { defaults, cells, scope }),
            Err(_) => self.limit(span, "more than 255 captured variables"),
        }
    }

    /// Pushes a class.
    pub(super) fn class(&mut self, span: Span, scope: ScopeId, args: List<Arg>) {
        self.b.op(Op::LoadBuildClass);
        self.make(span, scope, false);
        self.b.op(Op::LoadQstr(self.m[scope].name));
        self.call_with(Span::new(span.start, span.start + 1), false, 2, args);
    }

    /// Pushes the collection that `body` fills.
    pub(super) fn collect(&mut self, collection: Collection, body: Block) {
        self.fills.push((collection, self.b.depth()));
        self.b.op(match collection {
            Collection::List => Op::BuildList(0),
            Collection::Dict => Op::BuildMap(0),
            Collection::Set => Op::BuildSet(0),
        });
        self.block(body);
        self.fills.pop();
    }

    /// Pushes what a comprehension makes.
    pub(super) fn comprehension(&mut self, span: Span, id: ScopeId, source: ExprId) {
        self.make(span, id, false);
        self.expr(source);
        let scope = &self.m[id];
        let asynchronous =
            matches!(self.m[scope.body], [Stmt { kind: StmtKind::AsyncFor { .. }, .. }, ..]);
        if scope.kind == ScopeKind::GenExpr && !asynchronous {
            self.b.op(Op::GetIter);
        }
        self.b.at(span.start);
        self.b.op(Op::Call(positional(1)));
    }
}
