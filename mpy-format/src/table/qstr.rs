//! TABLE of the static qstrs: the strings that every runtime of .mpy v6 has under
//! the same number, so that files name them by number alone. Number 0 is "no qstr".

/// The text of every static qstr; the index is its number.
pub const STATIC_QSTRS: [&str; 166] = [
    // 0 is the null qstr, which no file names.
    "",
    "",
    "__dir__",
    "\n",
    " ",
    "*",
    "/",
    "<module>",
    "_",
    "__call__",
    "__class__",
    "__delitem__",
    "__enter__",
    "__exit__",
    "__getattr__",
    "__getitem__",
    "__hash__",
    "__init__",
    "__int__",
    "__iter__",
    "__len__",
    "__main__",
    "__module__",
    "__name__",
    "__new__",
    "__next__",
    "__qualname__",
    "__repr__",
    "__setitem__",
    "__str__",
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "EOFError",
    "Ellipsis",
    "Exception",
    "GeneratorExit",
    "ImportError",
    "IndentationError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "NameError",
    "NoneType",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RuntimeError",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "TypeError",
    "ValueError",
    "ZeroDivisionError",
    "abs",
    "all",
    "any",
    "append",
    "args",
    "bool",
    "builtins",
    "bytearray",
    "bytecode",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "clear",
    "close",
    "const",
    "copy",
    "count",
    "dict",
    "dir",
    "divmod",
    "end",
    "endswith",
    "eval",
    "exec",
    "extend",
    "find",
    "format",
    "from_bytes",
    "get",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "id",
    "index",
    "insert",
    "int",
    "isalpha",
    "isdigit",
    "isinstance",
    "islower",
    "isspace",
    "issubclass",
    "isupper",
    "items",
    "iter",
    "join",
    "key",
    "keys",
    "len",
    "list",
    "little",
    "locals",
    "lower",
    "lstrip",
    "main",
    "map",
    "micropython",
    "next",
    "object",
    "open",
    "ord",
    "pop",
    "popitem",
    "pow",
    "print",
    "range",
    "read",
    "readinto",
    "readline",
    "remove",
    "replace",
    "repr",
    "reverse",
    "rfind",
    "rindex",
    "round",
    "rsplit",
    "rstrip",
    "self",
    "send",
    "sep",
    "set",
    "setattr",
    "setdefault",
    "sort",
    "sorted",
    "split",
    "start",
    "startswith",
    "staticmethod",
    "step",
    "stop",
    "str",
    "strip",
    "sum",
    "super",
    "throw",
    "to_bytes",
    "tuple",
    "type",
    "update",
    "upper",
    "utf-8",
    "value",
    "values",
    "write",
    "zip",
];

/// Number of the last static qstr.
pub const LAST_STATIC_QSTR: u16 = STATIC_QSTRS.len() as u16 - 1;

/// The text of a static qstr; `None` for 0 and for numbers past the table.
pub const fn static_qstr(number: u32) -> Option<&'static str> {
    if number == 0 || number as usize >= STATIC_QSTRS.len() {
        None
    } else {
        Some(STATIC_QSTRS[number as usize])
    }
}

/// The number of a static qstr with this text.
pub fn find_static_qstr(text: &[u8]) -> Option<u16> {
    BY_TEXT
        .binary_search_by(|&n| STATIC_QSTRS[usize::from(n)].as_bytes().cmp(text))
        .ok()
        .map(|i| BY_TEXT[i])
}

const fn less(a: &[u8], b: &[u8]) -> bool {
    let mut i = 0;
    while i < a.len() && i < b.len() {
        if a[i] != b[i] {
            return a[i] < b[i];
        }
        i += 1;
    }
    a.len() < b.len()
}

/// The numbers from 1 on, sorted by text.
static BY_TEXT: [u16; STATIC_QSTRS.len() - 1] = {
    let mut order = [0; STATIC_QSTRS.len() - 1];
    let mut n = 0;
    while n < order.len() {
        let mut at = n;
        let text = STATIC_QSTRS[n + 1].as_bytes();
        while at > 0 && less(text, STATIC_QSTRS[order[at - 1] as usize].as_bytes()) {
            order[at] = order[at - 1];
            at -= 1;
        }
        order[at] = n as u16 + 1;
        n += 1;
    }
    order
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_static_qstr_is_found_by_its_text() {
        for n in 1..=LAST_STATIC_QSTR {
            let text = static_qstr(n.into()).expect("in the table");
            assert_eq!(find_static_qstr(text.as_bytes()), Some(n), "{text:?}");
        }
        assert_eq!(find_static_qstr(b"hognose"), None);
        assert_eq!(static_qstr(0), None);
        assert_eq!(static_qstr(u32::from(LAST_STATIC_QSTR) + 1), None);
    }

    #[test]
    fn landmarks_have_their_numbers() {
        // From the numbering that the format fixes: first, last and one between.
        assert_eq!(find_static_qstr(b""), Some(1));
        assert_eq!(find_static_qstr(b"<module>"), Some(7));
        assert_eq!(find_static_qstr(b"zip"), Some(LAST_STATIC_QSTR));
    }
}
