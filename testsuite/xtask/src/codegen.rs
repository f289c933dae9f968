//! `cargo xtask codegen`: reference pages made from the tables of the code.
//!
//! A page is a function from nothing to its text, so that tidy can tell whether
//! what is committed is still what the tables say.

use std::fmt::Write;

use hognose_testsuite::workspace_root;
use mpy_format::table::helper::Helper;
use mpy_format::table::opcode::Opcode;

/// A page: where it lies, and what makes it.
pub struct Page {
    pub path: &'static str,
    pub make: fn() -> String,
}

pub const PAGES: &[Page] = &[
    Page { path: "docs/opcodes.md", make: opcodes },
    Page { path: "docs/native-table.md", make: helpers },
];

#[derive(clap::Args)]
pub struct Args {
    /// Change nothing; fail where a page is not what the tables say
    #[arg(long)]
    check: bool,
}

pub fn task(args: &Args) -> Result<(), String> {
    let mut stale = Vec::new();
    for page in PAGES {
        let path = workspace_root().join(page.path);
        let text = (page.make)();
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if args.check {
            stale.push(page.path);
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
        }
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
        println!("wrote {}", page.path);
    }
    if stale.is_empty() { Ok(()) } else { Err(format!("run 'cargo xtask codegen': {stale:?}")) }
}

macro_rules! opcode_docs {
    ($($(#[doc = $doc:literal])* $camel:ident $upper:ident $byte:literal * $count:literal, $operand:ident, $flow:ident, raises($raises:literal), |$n:ident| $pops:expr => $pushes:expr;)*) => {
        const OPCODES: &[(Opcode, &[&str], &str, &str)] = &[
            $((Opcode::$camel, &[$($doc),*], stringify!($pops), stringify!($pushes)),)*
        ];
    };
}
mpy_format::for_each_opcode!(opcode_docs);

macro_rules! helper_docs {
    ($($(#[doc = $doc:literal])* $index:literal $camel:ident $snake:ident, ($($arg:ident),*) -> $result:ident, raises($raises:literal), collects($collects:literal);)*) => {
        const HELPERS: &[(Helper, &[&str])] = &[$((Helper::$camel, &[$($doc),*]),)*];
    };
}
mpy_format::for_each_helper!(helper_docs);

const NOTE: &str = "<!-- Made by 'cargo xtask codegen' from the tables of mpy-format. -->\n";

fn sentence(lines: &[&str]) -> String {
    let words: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    words.join(" ").replace('|', "\\|")
}

/// The stack effect as the table writes it, without the spaces of token printing.
fn effect(text: &str) -> String {
    let text = text.replace("$crate :: ITER_SLOTS", "4").replace("$crate::ITER_SLOTS", "4");
    text.replace("crate::ITER_SLOTS", "4").replace("crate :: ITER_SLOTS", "4").replace('|', "\\|")
}

fn opcodes() -> String {
    let mut page = format!(
        "{NOTE}\n# Bytecode instructions of `.mpy` v6\n\n\
         `pops` and `pushes` count stack entries when control falls through; `n` is the operand.\n\n\
         | byte | name | operand | flow | raises | pops | pushes | what it does |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for (opcode, doc, pops, pushes) in OPCODES {
        let first = *opcode as u8;
        let bytes = match opcode.count() {
            1 => format!("{first:02x}"),
            count => format!("{first:02x}–{:02x}", first.saturating_add(count - 1)),
        };
        let raises = if opcode.raises() { "yes" } else { "" };
        // Writing to a String does not fail.
        let _ = writeln!(
            page,
            "| {bytes} | `{}` | {:?} | {:?} | {raises} | {} | {} | {} |",
            opcode.name(),
            opcode.operand(),
            opcode.flow(),
            effect(pops),
            effect(pushes),
            sentence(doc),
        );
    }
    page
}

fn helpers() -> String {
    let mut page = format!(
        "{NOTE}\n# The table that native code reaches\n\n\
         Entries 0–49 serve generated code, the rest native modules.\n\n\
         | index | name | parameters | result | raises | collects | what it does |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for (helper, doc) in HELPERS {
        let params: Vec<String> = helper.params().iter().map(|p| format!("{p:?}")).collect();
        let yes = |truth| if truth { "yes" } else { "" };
        // Writing to a String does not fail.
        let _ = writeln!(
            page,
            "| {} | `{}` | {} | {:?} | {} | {} | {} |",
            *helper as u8,
            helper.name(),
            params.join(", "),
            helper.result(),
            yes(helper.raises()),
            yes(helper.collects()),
            sentence(doc),
        );
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_is_on_the_page() {
        let page = opcodes();
        for opcode in Opcode::ALL {
            assert!(page.contains(&format!("| `{}` |", opcode.name())), "{}", opcode.name());
        }
    }

    #[test]
    fn committed_pages_are_fresh() {
        assert_eq!(task(&Args { check: true }), Ok(()));
    }
}
