//! What must hold for the `.mpy` format on any bytes.

use super::rng::Rng;
use super::walk;
use mpy_format::instr::{encode, instrs};
use mpy_format::verify::{SCRATCH_BYTES, Tables, verify_bytecode, verify_raw_code};
use mpy_format::{
    Body, ConstRef, Instr, Module, Opcode, Operand, Prelude, Reader, dis, op, varint, verify, write,
};

/// Reading, verifying and listing any bytes neither panics nor runs away, and what
/// passes the verifier runs within its bounds.
pub fn any_bytes(data: &[u8]) {
    let parsed = Module::parse(data);
    if let Ok(module) = &parsed {
        dis(module, &|_, _| None);
    }
    let mut scratch = vec![0; 1 << 14];
    let verified = verify(data, &mut scratch);
    let small = verify(data, &mut scratch[..SCRATCH_BYTES]);
    assert!(small.is_err() || verified.is_ok(), "more memory accepts no less");
    if verified.is_ok() {
        assert!(parsed.is_ok(), "what is verified can be read");
        walk_functions(data, &mut scratch);
    }
}

fn walk_functions(data: &[u8], scratch: &mut [u8]) {
    let mut reader = Reader::new(data).expect("verified");
    for _ in 0..reader.n_qstrs() {
        reader.qstr().expect("verified");
    }
    for _ in 0..reader.n_consts() {
        reader.skip_constant().expect("verified");
    }
    let mut pending = vec![(1u32, false)];
    let mut rng = Rng::new(
        data.iter().fold(data.len() as u64, |sum, &b| sum.wrapping_mul(31) + u64::from(b)),
    );
    while let Some((left, relocs)) = pending.pop() {
        if left == 0 {
            while relocs && reader.reloc().expect("verified").is_some() {}
            continue;
        }
        pending.push((left - 1, relocs));
        let raw = reader.raw_code().expect("verified");
        let tables = Tables {
            n_qstrs: reader.n_qstrs(),
            n_consts: reader.n_consts(),
            n_children: raw.n_children,
        };
        verify_raw_code(&raw, tables, scratch).expect("verified with its file");
        if let (Ok(Some(prelude)), mpy_format::RawKind::Bytecode) = (raw.prelude(), raw.kind) {
            for _ in 0..8 {
                walk::walk(&raw.data[prelude.code_at..], &prelude, &mut rng, 300);
            }
        }
        pending.push((raw.n_children, raw.has_relocs));
    }
}

/// Functions of a valid file with a few instructions changed: what the verifier still
/// accepts runs within its bounds.
pub fn changed_code(data: &[u8]) {
    let Ok(module) = Module::parse(data) else { return };
    let mut rng = Rng::new(data.len() as u64 ^ u64::from(data[data.len() / 2]) << 32);
    let mut functions = vec![&module.root];
    let mut scratch = vec![0; 1 << 12];
    while let Some(raw) = functions.pop() {
        functions.extend(&raw.children);
        let Body::Bytecode(original) = &raw.body else { continue };
        for _ in 0..64 {
            let mut function = original.clone();
            for _ in 0..=rng.below(3) {
                change(&mut function.code, &mut rng);
            }
            if rng.one_in(4) {
                function.signature.n_state = function.signature.n_state.saturating_sub(1).max(1);
            }
            let mut whole = Vec::new();
            function.push(&mut whole);
            let tables = Tables { n_qstrs: u32::MAX, n_consts: u32::MAX, n_children: u32::MAX };
            if verify_bytecode(&whole, tables, &mut scratch).is_ok() {
                let prelude = Prelude::read(&whole, 0).expect("verified");
                for _ in 0..12 {
                    walk::walk(&function.code, &prelude, &mut rng, 200);
                }
            }
        }
    }
}

/// Changes one instruction, keeping the offsets of the others.
pub fn change(code: &mut [u8], rng: &mut Rng) {
    let all: Vec<Instr> = instrs(code).map_while(Result::ok).collect();
    if all.is_empty() {
        return;
    }
    let (one, other) = (all[rng.below(all.len())], all[rng.below(all.len())]);
    let (at, len) = (one.at as usize, (one.next - one.at) as usize);
    let source = code[other.at as usize..other.next as usize].to_vec();
    if len == source.len() && rng.one_in(2) {
        code[at..at + len].copy_from_slice(&source);
    } else if len == 1 {
        const PLAIN: [Opcode; 14] = [
            Opcode::PopTop,
            Opcode::DupTop,
            Opcode::RotTwo,
            Opcode::RotThree,
            Opcode::DupTopTwo,
            Opcode::LoadNull,
            Opcode::LoadConstNone,
            Opcode::EndFinally,
            Opcode::WithCleanup,
            Opcode::ReturnValue,
            Opcode::GetIterStack,
            Opcode::StoreMap,
            Opcode::GetIter,
            Opcode::LoadSubscr,
        ];
        code[at] = PLAIN[rng.below(PLAIN.len())] as u8;
    } else if one.target().is_some() {
        match rng.below(3) {
            0 => code[at] = op::UNWIND_JUMP + rng.below(12) as u8,
            1 => {
                code[at + 1] = code[at + 1].wrapping_add(rng.below(9) as u8).wrapping_sub(4) & 0x7f
            }
            _ => {
                let target = i64::from(all[rng.below(all.len())].at);
                let distance = target - i64::from(one.at) - 2;
                let biased =
                    distance + if one.opcode.operand() == Operand::Jump { 0 } else { 0x40 };
                if len == 2 && (0..0x80).contains(&biased) {
                    code[at + 1] = biased as u8;
                }
            }
        }
    } else {
        code[at + len - 1] = rng.below(8) as u8;
    }
}

/// Writing what was read, and reading that again, changes nothing; encoding a decoded
/// instruction gives an instruction that decodes to the same.
pub fn identity(data: &[u8]) {
    if let Ok(module) = Module::parse(data) {
        let bytes = write(&module);
        assert_eq!(Module::parse(&bytes).as_ref(), Ok(&module), "written files are read back");
        assert_eq!(write(&module), bytes);
    }
    for instr in instrs(data).map_while(Result::ok) {
        let code = encode_again(data, &instr);
        let again = Instr::read(&code, instr.at as usize).expect("encoded");
        let whole = &code[instr.at as usize..again.next as usize];
        assert!(whole.len() <= (instr.next - instr.at) as usize, "encodings are the shortest");
        assert_eq!((again.opcode, again.extra), (instr.opcode, instr.extra));
        if instr.target().is_some() {
            let shorter = instr.next - again.next;
            assert_eq!(again.arg + shorter, instr.arg, "{instr:?}");
        } else {
            assert_eq!((again.arg, again.small_int(&code)), (instr.arg, instr.small_int(data)));
        }
    }
}

/// `data` up to the instruction, and the instruction encoded.
fn encode_again(data: &[u8], instr: &Instr) -> Vec<u8> {
    let mut code = data[..instr.at as usize].to_vec();
    match instr.opcode.operand() {
        Operand::None => code.push(instr.opcode as u8),
        Operand::SmallIntMulti
        | Operand::LocalMulti
        | Operand::UnaryMulti
        | Operand::BinaryMulti => {
            code.push(instr.opcode as u8 + instr.arg as u8);
        }
        Operand::SmallInt => {
            code.push(Opcode::LoadConstSmallInt as u8);
            varint::push_int(&mut code, instr.small_int(data).expect("a small integer"));
        }
        Operand::Slice => code.extend([instr.opcode as u8, instr.arg as u8]),
        Operand::ChildCells => {
            encode::uint(&mut code, instr.opcode, instr.arg);
            code.push(instr.extra);
        }
        Operand::Jump | Operand::SignedJump | Operand::Unwind => {
            let extra = u32::from(instr.opcode.operand() == Operand::Unwind);
            let distance = i64::from(instr.arg) - i64::from(instr.next - extra);
            let len = encode::jump_len(instr.opcode, distance).expect("was in reach");
            encode::jump(&mut code, instr.opcode, distance, len);
            if extra != 0 {
                code.push(instr.extra);
            }
        }
        _ => encode::uint(&mut code, instr.opcode, instr.arg),
    }
    code
}

/// Passing a constant reads exactly what listing its items reads.
pub fn constants(data: &[u8]) {
    let Ok(mut reader) = Reader::new(data) else { return };
    let mut skipping = reader.clone();
    if skipping.skip_constant().is_ok() {
        let mut left = 1u64;
        while left > 0 {
            left -= 1;
            if let ConstRef::Tuple(len) = reader.constant().expect("was skipped") {
                left += u64::from(len);
            }
        }
        assert_eq!(reader.position(), skipping.position());
    }
}
