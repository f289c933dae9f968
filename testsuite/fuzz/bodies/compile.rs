//! What must hold for the compiler on any text.

use super::rng::Rng;
use hognose_compiler::{Options, compile, diag};
use mpy_format::{Module, verify, write};

/// Any bytes compile, or are refused with reasons that can be shown; what comes out
/// passes the verifier, and is read back as it was.
pub fn any_text(data: &[u8]) {
    let seed = data.iter().fold(data.len() as u64, |sum, &b| sum.wrapping_mul(31) + u64::from(b));
    let options = Options {
        source_name: "a.py".to_owned(),
        opt_level: (seed % 4) as u8,
        optimise: seed % 5 != 0,
        ..Options::default()
    };
    match compile(data, &options) {
        Ok(compiled) => {
            let bytes = write(&compiled.module);
            assert_eq!(Module::parse(&bytes).as_ref(), Ok(&compiled.module));
            let verified = verify(&bytes, &mut vec![0; 1 << 18]);
            assert_eq!(verified, Ok(()), "{}", String::from_utf8_lossy(data));
            assert_eq!(
                compile(data, &options).map(|c| c.module),
                Ok(compiled.module),
                "the same again"
            );
        }
        Err(errors) => {
            assert!(errors.iter().any(diag::Diagnostic::is_error), "refused without a reason");
            let file = diag::SourceFile::new("a.py", data);
            let shown = diag::render(&errors, &file, false) + &diag::brief(&errors, &file);
            assert!(!shown.is_empty() && !diag::json(&errors, &file).is_empty());
        }
    }
}

/// Changes a program: bytes, lines, or words that another program has.
pub fn change_text(text: &mut Vec<u8>, other: &[u8], rng: &mut Rng) {
    let pieces = |text: &[u8], lines: bool| -> Vec<Vec<u8>> {
        if lines {
            text.split_inclusive(|&b| b == b'\n').map(<[u8]>::to_vec).collect()
        } else {
            text.chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric())
                .map(<[u8]>::to_vec)
                .collect()
        }
    };
    match rng.below(6) {
        0 => rng.mutate(text),
        kind => {
            let lines = kind < 3;
            let (mut ours, theirs) = (pieces(text, lines), pieces(other, lines));
            if ours.is_empty() || theirs.is_empty() {
                return;
            }
            let (at, from) = (rng.below(ours.len()), rng.below(theirs.len()));
            match rng.below(4) {
                0 => ours[at] = theirs[from].clone(),
                1 => ours.insert(at, theirs[from].clone()),
                2 => {
                    let to = rng.below(ours.len());
                    ours.swap(at, to);
                }
                _ => {
                    ours.remove(at);
                }
            }
            *text = ours.concat();
        }
    }
}
