//! Names that complete what has been typed.

use hognose_runtime::error::Res;
use hognose_runtime::modules;
use hognose_runtime::object::{Gc, Module};
use hognose_runtime::qstr::Qstr;
use hognose_runtime::{Value, Vm, q};

use super::editor::{Complete, Completion};

/// Names of the main program, the built-in ones, and attributes of what they name.
pub struct Names<'v> {
    pub vm: &'v Vm,
    pub main: Gc<Module>,
}

/// The statement whose beginning completes to itself, and which takes modules' names.
const IMPORT: &str = "import ";

impl Complete for Names<'_> {
    fn complete(&self, before: &str) -> Completion {
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let chain = before.trim_end_matches(part).len();
        let chain = before.get(chain..).unwrap_or_default();
        let (objects, start) = match chain.rsplit_once('.') {
            Some((objects, start)) => (Some(objects), start),
            None => (None, chain),
        };
        let mut names: Vec<String> = match self.candidates(before, objects) {
            Ok(names) => names,
            Err(r) => {
                // What a property or `__getattr__` raises is not asked for here.
                self.vm.take_exception(r);
                return Completion::Nothing;
            }
        };
        // Whatever begins with an underscore has to be asked for.
        names.retain(|n| n.starts_with(start) && !(start.is_empty() && n.starts_with('_')));
        names.sort();
        names.dedup();
        let Some(common) = names.iter().cloned().reduce(|a, b| common(&a, &b).to_owned()) else {
            let statement = chain == before && !start.is_empty() && IMPORT.starts_with(start);
            return match IMPORT.get(start.len()..) {
                Some(rest) if statement => Completion::Insert(rest.to_owned()),
                _ => Completion::Nothing,
            };
        };
        match common.get(start.len()..) {
            Some(rest) if !rest.is_empty() => Completion::Insert(rest.to_owned()),
            _ if names.len() == 1 => Completion::Nothing,
            _ => Completion::Choice(names),
        }
    }
}

/// What two names begin with.
fn common<'a>(a: &'a str, b: &str) -> &'a str {
    let same = a.char_indices().zip(b.chars()).find(|((_, x), y)| x != y);
    let end = same.map_or(a.len().min(b.len()), |((at, _), _)| at);
    a.get(..end).unwrap_or_default()
}

impl Names<'_> {
    /// The names there are behind `objects.`, or of variables or modules.
    fn candidates(&self, before: &str, objects: Option<&str>) -> Res<Vec<String>> {
        let vm = self.vm;
        let mut names = Vec::new();
        let mut add = |name: Qstr| {
            names.push(String::from_utf8_lossy(vm.qstr_bytes(name)).into_owned());
            Ok(())
        };
        let Some(objects) = objects else {
            if before.starts_with(IMPORT) || before.starts_with("from ") {
                modules::all(vm).try_for_each(|m| add(m.name))?;
            } else {
                vm.each_attr(self.main.into(), &mut add)?;
                // All of them would only be in the way.
                if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    vm.each_attr(self.builtins(), &mut add)?;
                }
            }
            return Ok(names);
        };
        let mut object = None;
        for word in objects.split('.') {
            let Some(name) = vm.find_qstr(word.as_bytes()) else { return Ok(names) };
            let found = match object {
                Some(object) => vm.try_getattr(object, name)?,
                None => match vm.try_getattr(self.main.into(), name)? {
                    Some(v) => Some(v),
                    None => vm.try_getattr(self.builtins(), name)?,
                },
            };
            match found {
                Some(v) => object = Some(v),
                None => return Ok(names),
            }
        }
        if let Some(object) = object {
            vm.each_attr(object, &mut add)?;
        }
        Ok(names)
    }

    fn builtins(&self) -> Value {
        modules::find(self.vm, q!("builtins")).map_or(Value::NONE, Value::from_static)
    }
}
