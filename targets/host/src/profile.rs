//! Counting the instructions that each function executes.

use std::collections::HashMap;

use hognose_runtime::vm::Executing;

/// A function and how busy it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCount {
    /// Source file as tracebacks show it.
    pub file: String,
    pub name: String,
    /// A line of it, from 1; 0 if none is known.
    pub line: u32,
    /// Instructions of bytecode that were executed in it, not in what it calls.
    pub instructions: u64,
}

/// All functions that executed something.
#[derive(Default)]
pub(crate) struct Profile {
    functions: Vec<FunctionCount>,
    /// By the code's identity, which may be another function's once a module is gone: then the
    /// names tell.
    known: HashMap<usize, usize>,
    /// The latest function; it often goes on.
    latest: Option<(usize, usize)>,
}

impl Profile {
    pub(crate) fn count(&mut self, at: Executing<'_>) {
        let id = at.id();
        let index = match self.latest {
            Some((known, index)) if known == id => index,
            _ => self.index(id, at),
        };
        self.latest = Some((id, index));
        if let Some(function) = self.functions.get_mut(index) {
            function.instructions += 1;
        }
    }

    fn index(&mut self, id: usize, at: Executing<'_>) -> usize {
        if let Some(&index) = self.known.get(&id)
            && self.functions[index].name.as_bytes() == at.name()
        {
            return index;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let line = at.line();
        let new =
            FunctionCount { file: text(at.file()), name: text(at.name()), line, instructions: 0 };
        let same = |f: &FunctionCount| (&f.file, &f.name, f.line) == (&new.file, &new.name, line);
        let index = self.functions.iter().position(same).unwrap_or_else(|| {
            self.functions.push(new);
            self.functions.len() - 1
        });
        self.known.insert(id, index);
        index
    }

    /// The functions, busiest first.
    pub(crate) fn into_functions(mut self) -> Vec<FunctionCount> {
        self.functions.sort_by_key(|f| std::cmp::Reverse(f.instructions));
        self.functions
    }
}
