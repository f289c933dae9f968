//! The instruction tables against GNU objdump: every row is encoded with many
//! operands, and whole functions are compiled; both disassemblers must read the same
//! from them.

use std::process::Command;

use hognose_compiler::asm::row::{Kind, Row, Via, Word};
use hognose_compiler::asm::{Cpu, Line, disassemble, riscv, thumb};
use hognose_compiler::hir::Emit;
use hognose_compiler::{Options, compile};
use mpy_format::{Arch, Body, RawCode};

/// xorshift; every run tests the same encodings.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: u64) -> i64 {
        (self.next() >> 8) as i64 % n as i64
    }
}

/// Operands that the row takes; registers that the manual calls unpredictable
/// (sp and pc in most places) are left out.
fn operands(row: &Row, random: &mut Random, thumb: bool) -> Option<(Vec<i64>, Word)> {
    for _ in 0..400 {
        let mut values = Vec::new();
        for field in row.fields() {
            let special = [0i64, 1, 2, 3, 5, 6, 7, 8, 9, 16, 17, 18, 19, 20];
            let value = match (field.kind, field.via) {
                (Kind::Register, _) if thumb => random.below(13),
                (Kind::Register | Kind::Single, _) => random.below(32),
                (Kind::Shift, _) => random.below(4),
                (Kind::Condition, _) => random.below(14),
                (Kind::Special, _) => special[random.below(14) as usize],
                (Kind::List, Via::PushList) => (1 << 1 | 1 << 8) & -(random.below(2) + 1) | 2,
                (Kind::List, _) => {
                    let mask = random.next() as i64 & [0xdfff, 0xff][random.below(2) as usize];
                    // Both pc and lr cannot be loaded at once.
                    if mask >> 14 & 3 == 3 { mask & 0x7fff } else { mask }
                }
                (_, Via::Modified) => {
                    [random.below(256), random.below(256) * 0x1_0001, 0xff << random.below(25)]
                        [random.below(3) as usize]
                }
                (_, Via::Upper | Via::Either) if field.high == 19 => random.below(1 << 20),
                (_, _) => {
                    let size = 1u64 << random.below(25);
                    (random.below(size) - random.below(2) * (size / 2) as i64)
                        & -(1 << random.below(4))
                }
            };
            values.push(value);
        }
        let equal = |a: u8, b: u8| {
            let find = |l| row.fields().iter().position(|f| f.letter == l).map(|i| values[i]);
            find(a).is_some() && find(a) == find(b)
        };
        // Destinations of one instruction must differ.
        if thumb
            && (equal(b't', b'd')
                || equal(b't', b'a')
                || equal(b't', b'n')
                || equal(b'd', b'n') && row.mnemonic.contains("ex"))
        {
            continue;
        }
        if let Ok(word) = row.encode(&values) {
            return Some((values, word));
        }
    }
    None
}

/// Mnemonic and operands in one spelling.
fn normal(text: &str) -> String {
    let text = text.split(['@', ';', '<']).next().unwrap_or("");
    let text = text.split_once("\t#").map_or(text, |p| p.0).split(" # ").next().unwrap_or("");
    let mut out = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
        let bare = word.trim_start_matches(['#', '[', '{', '(']);
        let value = match bare.strip_prefix("0x") {
            // Addresses before the start have 64 bits there.
            Some(hex) => u64::from_str_radix(hex.trim_end_matches([']', '!', '}']), 16)
                .ok()
                .map(|v| if v >> 63 == 1 { v as u32 as i64 } else { v as i64 }),
            None => bare.trim_end_matches([']', '!', '}']).parse().ok(),
        };
        match value {
            Some(value) => out.push_str(&format!("{value} ")),
            None => {
                out.push_str(word);
                out.push(' ');
            }
        }
    }
    out.trim_end().to_string()
}

fn objdump(tool: &str, flags: &[&str], code: &[u8], name: &str) -> Option<Vec<(usize, String)>> {
    let path = std::env::temp_dir().join(format!("hognose-{}-{name}.bin", std::process::id()));
    std::fs::write(&path, code).ok()?;
    let result = Command::new(tool).args(["-D", "-b", "binary"]).args(flags).arg(&path).output();
    let _ = std::fs::remove_file(&path);
    let output = match result {
        Ok(output) => output,
        Err(error) => {
            eprintln!("skipped: {tool}: {error}");
            return None;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout);
    Some(
        text.lines()
            .filter_map(|line| {
                let (offset, rest) = line.split_once(":\t")?;
                let offset = usize::from_str_radix(offset.trim(), 16).ok()?;
                Some((offset, rest.split_once('\t')?.1.to_string()))
            })
            .collect(),
    )
}

/// The tool of an instruction set, and how it is told which.
struct Tool {
    name: &'static str,
    flags: &'static [&'static str],
    /// Whether two texts at an offset say the same, ours first.
    same: fn(usize, &str, &str) -> bool,
}

const ARM: Tool = Tool {
    name: "arm-none-eabi-objdump",
    flags: &["-m", "arm", "-M", "force-thumb,reg-names-std"],
    same: same_thumb,
};

const RV32: Tool = Tool {
    name: "riscv64-unknown-elf-objdump",
    flags: &["-m", "riscv:rv32", "-M", "no-aliases"],
    same: same_riscv,
};

const RV64: Tool = Tool { flags: &["-m", "riscv:rv64", "-M", "no-aliases"], ..RV32 };

fn check(cpu: Cpu, rows: &[Row], tool: &Tool) {
    let is_thumb = std::ptr::eq(rows, thumb::ROWS);
    let has = |row: &&Row| row.needs & !cpu.features == 0;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut code = Vec::new();
    let mut origin = Vec::new();
    for row in rows {
        if !has(&row) || row.needs == riscv::ZCMP && !is_thumb {
            continue;
        }
        let count = if row.fields().is_empty() { 1 } else { 12 };
        for _ in 0..count {
            let (values, word) =
                operands(row, &mut random, is_thumb).unwrap_or_else(|| panic!("{}", row.mnemonic));
            if row.mnemonic == "it" {
                continue;
            }
            let decoded = rows
                .iter()
                .filter(has)
                .find_map(|r| Some((r, r.decode(word)?)))
                .unwrap_or_else(|| panic!("{} {values:?} does not decode", row.mnemonic));
            assert_eq!(decoded.0.encode(&decoded.1), Ok(word), "{} {values:?}", row.mnemonic);
            origin.push((code.len(), row.mnemonic, values));
            if is_thumb && word.bytes == 4 {
                code.extend(((word.bits >> 16) as u16).to_le_bytes());
                code.extend((word.bits as u16).to_le_bytes());
            } else {
                code.extend(&word.bits.to_le_bytes()[..usize::from(word.bytes)]);
            }
        }
    }
    let ours = disassemble(cpu, &code, 0);
    assert_eq!(ours.len(), origin.len());
    compare(&ours, &code, tool, &format!("table-{:x}", cpu.features));
}

/// Compares a listing with the tool's of the same code.
fn compare(ours: &[Line], code: &[u8], tool: &Tool, name: &str) {
    let Some(theirs) = objdump(tool.name, tool.flags, code, name) else {
        return;
    };
    let mut failures = Vec::new();
    for line in ours {
        let other = theirs.iter().find(|t| t.0 == line.offset).map_or("", |t| &t.1);
        let (a, b) = (normal(&line.text), normal(other));
        if a != b && !(tool.same)(line.offset, &a, &b) {
            failures.push(format!("{:8x}  ours: {a:40} objdump: {b}", line.word.bits));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), ours.len(), failures.join("\n"));
}

/// Other spellings of the same, as GNU prints them.
fn same_thumb(offset: usize, ours: &str, theirs: &str) -> bool {
    let mut theirs = theirs.replace("stmdb sp!", "push.w").replace("ldmia.w sp!", "pop.w");
    for (from, to) in [("CPSR_f", "APSR"), ("CPSR", "APSR"), (" PSR", " XPSR")] {
        theirs = theirs.replace(from, to);
    }
    let (name, rest) = theirs.split_once(' ').unwrap_or((&theirs, ""));
    // GNU shows the distance from the PC, we show the address.
    let words: Vec<&str> = rest.split(' ').collect();
    if let [register, "pc" | "[pc" | "[pc]", distance @ ..] = &words[..] {
        let distance = distance.first().and_then(|d| d.parse().ok()).unwrap_or(0);
        let address = (offset as i64 & !3) + 4 + distance;
        let name = if name == "add" { "adr" } else { name };
        return ours == format!("{name} {register} {address}");
    }
    for shift in ["lsl", "lsr", "asr", "ror"] {
        let flag = name.trim_start_matches("mov");
        if rest.contains(shift)
            && ours == format!("{shift}{flag} {}", rest.replace(&format!("{shift} "), ""))
        {
            return true;
        }
    }
    ours == theirs
        || ours.starts_with("udf ")
        || ours.replace("! {", " {") == theirs
        || ours.starts_with("ldmia.w sp!") && theirs.starts_with("ldmia.w")
        || ours.strip_suffix(" 0").is_some_and(|o| format!("{o}]") == theirs)
        || ours.strip_suffix(" 0").is_some_and(|o| format!("{o}]!") == theirs)
        || ours.starts_with("rrx ") && format!("mov.w {} rrx", &ours[4..]) == theirs
}

#[test]
fn thumb_table_agrees_with_objdump() {
    check(Cpu::new(Arch::ArmV7EMSP, 0).unwrap(), thumb::ROWS, &ARM);
}

/// CSRs have names there; GNU as of 2.40 knows neither Zba without being told nor the
/// hints among the shifts.
fn same_riscv(_: usize, ours: &str, theirs: &str) -> bool {
    ours.starts_with("csr") && ours.split(' ').next() == theirs.split(' ').next()
        || ours.starts_with("sh") && theirs.starts_with(".4byte")
        || ours.ends_with(" 0") && theirs.contains("64 ")
        || ours == "c.nop" && theirs == "c.addi zero 0"
}

#[test]
fn riscv_table_agrees_with_objdump() {
    check(Cpu::new(Arch::RV32IMC, 3).unwrap(), riscv::ROWS, &RV32);
    check(Cpu::new(Arch::RV64IMC, 0).unwrap(), riscv::ROWS, &RV64);
}

/// Loops, calls, exceptions and arithmetic, and no constant that a pool would hold.
const FUNCTION: &str = "
def f(a, b=1):
    n = 0
    for i in range(b):
        if i & 1 or a[i] < n:
            n += a[i] * i - b
        else:
            a.append(i, key=b)
    try:
        return g(n, *a)
    except ValueError as e:
        print(e, n)
    return n
";

/// Code from its first instruction to its last.
fn functions(arch: Arch) -> Vec<Vec<u8>> {
    let options = Options { arch, emit: Emit::Native, ..Options::default() };
    let module = compile(FUNCTION.as_bytes(), &options).expect("the source is right").module;
    let code = |code: &RawCode| match &code.body {
        // A word with the number of functions inside comes first.
        Body::Native { data, prelude_at } => {
            data[usize::from(arch.word_bytes())..*prelude_at as usize].to_vec()
        }
        _ => panic!("{arch:?}: no machine code"),
    };
    module.root.children.iter().chain([&module.root]).map(code).collect()
}

#[test]
fn whole_functions_read_the_same() {
    let cases = [
        (Arch::ArmV6M, &ARM),
        (Arch::ArmV7M, &ARM),
        (Arch::RV32IMC, &RV32),
        (Arch::RV64IMC, &RV64),
    ];
    for (arch, tool) in cases {
        let cpu = Cpu::new(arch, 0).expect("a CPU with an assembler");
        for (number, code) in functions(arch).iter().enumerate() {
            let lines = disassemble(cpu, code, 0);
            assert!(lines.len() > 20, "{arch:?}");
            compare(&lines, code, tool, &format!("{}-{number}", arch.name()));
        }
    }
}
