//! What a file defines and what it speaks of: the facts that whole-program options need.
//!
//! An [`Item`] is a definition that can be left out when nothing that runs speaks of its
//! name: a `def` or `class` that stands directly in the module or in the body of another
//! item's class, without decorators that could do something with it. All other code is the
//! file's [`Outline::rest`], which runs when the module is imported.
//!
//! Names are compared as texts, whatever they are names of: `x.send` speaks of every
//! `send` there is. That needs no types and errs on the safe side only.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast as ast;
use ruff_python_ast::visitor::{self, Visitor};

use super::span;
use crate::diag::Span;

/// An import as it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// Leading dots.
    pub level: u32,
    /// The dotted name behind them; may be empty.
    pub module: String,
    /// What is imported from it, `*` included; `None` for `import module`.
    pub name: Option<String>,
}

/// What a piece of code speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Variables, attributes, keywords, and strings that could be such names.
    pub names: BTreeSet<String>,
    /// What it imports.
    pub imports: BTreeSet<Import>,
    /// Where it may reach any name at all, and by what: `exec`, `globals()` and the like.
    pub dynamic: Option<(Span, &'static str)>,
    /// Where it may read an attribute of a name made at run time.
    pub computed: Option<Span>,
}

impl Mentions {
    /// Adds what another piece speaks of.
    pub fn merge(&mut self, other: &Mentions) {
        self.names.extend(other.names.iter().cloned());
        self.imports.extend(other.imports.iter().cloned());
        self.dynamic = self.dynamic.or(other.dynamic);
        self.computed = self.computed.or(other.computed);
    }
}

/// A definition that can be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name behind those of the classes around it: `Led.on`.
    pub path: String,
    /// Its own name.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// Whether it is a `class`.
    pub is_class: bool,
    /// The item whose class it is part of.
    pub parent: Option<usize>,
    /// What it speaks of, items inside it excepted.
    pub mentions: Mentions,
}

/// A file's definitions and mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// Definitions; a class comes before what is in it.
    pub items: Vec<Item>,
    /// What the rest of the file speaks of.
    pub rest: Mentions,
    /// `from … import …` directly in the module, by the name that each binds; only names
    /// that nothing else in the file binds.
    pub imported: BTreeMap<String, Import>,
}

/// Names that reach all names.
const DYNAMIC: [&str; 8] =
    ["globals", "locals", "exec", "eval", "execfile", "dir", "vars", "__import__"];
/// Functions whose second argument is the name of an attribute.
const BY_NAME: [&str; 4] = ["getattr", "hasattr", "setattr", "delattr"];
/// Those of them that read it.
const READERS: [&str; 2] = ["getattr", "hasattr"];
/// Decorators that leave a function where it is, and reachable by its name only.
const HARMLESS: [&str; 8] = [
    "property",
    "staticmethod",
    "classmethod",
    "native",
    "viper",
    "bytecode",
    "asm_thumb",
    "asm_rv32",
];

/// The outline of a parsed file.
pub(crate) fn outline(root: &ast::Mod) -> Outline {
    let mut outline = Outline::default();
    let ast::Mod::Module(module) = root else { return outline };
    let mut rest = Speech::default();
    body(&module.body, None, "", &mut rest, &mut outline.items);
    outline.rest = rest.mentions;
    let mut bindings = Bindings::default();
    bindings.visit_body(&module.body);
    for stmt in &module.body {
        let ast::Stmt::ImportFrom(from) = stmt else { continue };
        for (import, alias) in import_from(from).into_iter().zip(&from.names) {
            let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            if bindings.0.get(bound) == Some(&1) && bound != "*" {
                outline.imported.insert(bound.to_owned(), import);
            }
        }
    }
    outline
}

/// Takes the definitions at these places out of a file.
pub(crate) fn leave_out(root: &mut ast::Mod, places: &[Span]) {
    fn strip(body: &mut ast::Suite, places: &[Span]) {
        body.retain(|stmt| !(is_definition(stmt) && places.contains(&span(stmt))));
        for stmt in body {
            if let ast::Stmt::ClassDef(class) = stmt {
                strip(&mut class.body, places);
            }
        }
    }
    if let (ast::Mod::Module(module), false) = (root, places.is_empty()) {
        strip(&mut module.body, places);
    }
}

fn is_definition(stmt: &ast::Stmt) -> bool {
    matches!(stmt, ast::Stmt::FunctionDef(_) | ast::Stmt::ClassDef(_))
}

/// Sorts the statements of a module or class into items and the rest.
fn body(
    stmts: &[ast::Stmt],
    parent: Option<usize>,
    path: &str,
    rest: &mut Speech,
    items: &mut Vec<Item>,
) {
    for stmt in stmts {
        let (name, decorators) = match stmt {
            ast::Stmt::FunctionDef(def) => (def.name.as_str(), &def.decorator_list),
            ast::Stmt::ClassDef(class) => (class.name.as_str(), &class.decorator_list),
            _ => {
                rest.visit_stmt(stmt);
                continue;
            }
        };
        let special = parent.is_some() && name.starts_with("__");
        if special || !decorators.iter().all(is_harmless) {
            rest.visit_stmt(stmt);
            continue;
        }
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let own = items.len();
        items.push(Item {
            path: path.clone(),
            name: name.to_owned(),
            span: span(stmt),
            is_class: stmt.is_class_def_stmt(),
            parent,
            mentions: Mentions::default(),
        });
        let mut speech = Speech::default();
        match stmt {
            ast::Stmt::ClassDef(class) => {
                for decorator in &class.decorator_list {
                    speech.visit_decorator(decorator);
                }
                if let Some(arguments) = &class.arguments {
                    speech.visit_arguments(arguments);
                }
                body(&class.body, Some(own), &path, &mut speech, items);
            }
            _ => speech.visit_stmt(stmt),
        }
        if let Some(item) = items.get_mut(own) {
            item.mentions = speech.mentions;
        }
    }
}

fn is_harmless(decorator: &ast::Decorator) -> bool {
    match &decorator.expression {
        ast::Expr::Name(name) => HARMLESS.contains(&name.id.as_str()),
        ast::Expr::Attribute(attribute) => {
            let name = attribute.attr.as_str();
            HARMLESS.contains(&name) || matches!(name, "setter" | "deleter" | "getter")
        }
        ast::Expr::Call(call) => matches!(&*call.func, ast::Expr::Attribute(attribute)
            if attribute.attr.as_str().starts_with("asm_")),
        _ => false,
    }
}

fn import_from(stmt: &ast::StmtImportFrom) -> Vec<Import> {
    let module = stmt.module.as_ref().map_or(String::new(), ToString::to_string);
    let import = |alias: &ast::Alias| Import {
        level: stmt.level,
        module: module.clone(),
        name: Some(alias.name.to_string()),
    };
    stmt.names.iter().map(import).collect()
}

/// Collects mentions.
#[derive(Default)]
struct Speech {
    mentions: Mentions,
}

impl Speech {
    fn name(&mut self, name: &str) {
        if !self.mentions.names.contains(name) {
            self.mentions.names.insert(name.to_owned());
        }
    }

    fn dynamic(&mut self, place: Span, what: &'static str) {
        self.mentions.dynamic = self.mentions.dynamic.or(Some((place, what)));
    }
}

fn is_identifier(text: &str) -> bool {
    let starts = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    starts && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

impl<'a> Visitor<'a> for Speech {
    fn visit_stmt(&mut self, stmt: &'a ast::Stmt) {
        match stmt {
            // A text for people.
            ast::Stmt::Expr(expr) if expr.value.is_string_literal_expr() => return,
            ast::Stmt::Global(global) => global.names.iter().for_each(|name| self.name(name)),
            ast::Stmt::Import(import) => {
                for alias in &import.names {
                    let module = alias.name.to_string();
                    self.mentions.imports.insert(Import { level: 0, module, name: None });
                }
            }
            ast::Stmt::ImportFrom(from) => {
                for import in import_from(from) {
                    import.name.iter().for_each(|name| self.name(name));
                    self.mentions.imports.insert(import);
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        match expr {
            ast::Expr::Name(name) => {
                self.name(name.id.as_str());
                let mut all = DYNAMIC.iter().chain(&BY_NAME);
                if let Some(what) = all.find(|d| **d == name.id.as_str()) {
                    self.dynamic(span(name), what);
                    if READERS.contains(what) {
                        self.mentions.computed = self.mentions.computed.or(Some(span(name)));
                    }
                }
            }
            ast::Expr::Attribute(attribute) => {
                self.name(&attribute.attr);
                if attribute.attr.as_str() == "__dict__" {
                    self.dynamic(span(attribute), "__dict__");
                }
            }
            ast::Expr::Call(call) => {
                if let ast::Expr::Name(name) = &*call.func
                    && BY_NAME.contains(&name.id.as_str())
                    && matches!(call.arguments.args.get(1), Some(ast::Expr::StringLiteral(_)))
                {
                    // What it reaches is said right here.
                    self.name(name.id.as_str());
                    return visitor::walk_arguments(self, &call.arguments);
                }
            }
            ast::Expr::StringLiteral(string) => {
                let text = string.value.to_str();
                if is_identifier(text) {
                    self.name(text);
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_keyword(&mut self, keyword: &'a ast::Keyword) {
        keyword.arg.iter().for_each(|name| self.name(name));
        visitor::walk_keyword(self, keyword);
    }

    fn visit_pattern_keyword(&mut self, keyword: &'a ast::PatternKeyword) {
        self.name(&keyword.attr);
        visitor::walk_pattern_keyword(self, keyword);
    }
}

/// How often each name is bound, in whatever scope.
#[derive(Default)]
struct Bindings(BTreeMap<String, u32>);

impl Bindings {
    fn bind(&mut self, name: &str) {
        *self.0.entry(name.to_owned()).or_insert(0) += 1;
    }
}

impl<'a> Visitor<'a> for Bindings {
    fn visit_stmt(&mut self, stmt: &'a ast::Stmt) {
        match stmt {
            ast::Stmt::FunctionDef(def) => self.bind(&def.name),
            ast::Stmt::ClassDef(class) => self.bind(&class.name),
            ast::Stmt::Global(global) => global.names.iter().for_each(|n| self.bind(n)),
            ast::Stmt::Nonlocal(nonlocal) => nonlocal.names.iter().for_each(|n| self.bind(n)),
            ast::Stmt::Import(import) => {
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    self.bind(bound.split('.').next().unwrap_or(bound));
                }
            }
            ast::Stmt::ImportFrom(from) => {
                for alias in &from.names {
                    self.bind(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a ast::Expr) {
        if let ast::Expr::Name(name) = expr
            && !name.ctx.is_load()
        {
            self.bind(name.id.as_str());
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_parameter(&mut self, parameter: &'a ast::Parameter) {
        self.bind(&parameter.name);
        visitor::walk_parameter(self, parameter);
    }

    fn visit_except_handler(&mut self, handler: &'a ast::ExceptHandler) {
        let ast::ExceptHandler::ExceptHandler(inner) = handler;
        inner.name.iter().for_each(|name| self.bind(name));
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a ast::Pattern) {
        match pattern {
            ast::Pattern::MatchAs(p) => p.name.iter().for_each(|n| self.bind(n)),
            ast::Pattern::MatchStar(p) => p.name.iter().for_each(|n| self.bind(n)),
            ast::Pattern::MatchMapping(p) => p.rest.iter().for_each(|n| self.bind(n)),
            _ => {}
        }
        visitor::walk_pattern(self, pattern);
    }
}
