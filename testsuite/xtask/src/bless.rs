//! `cargo xtask bless`: expected texts from their oracles.

use hognose_testsuite::bless::{self, Verdict};
use hognose_testsuite::case;
use hognose_testsuite::text;

#[derive(clap::Args)]
pub struct Args {
    /// Only cases whose names contain this
    filter: Option<String>,
    /// Change nothing; fail where an expected text is not what its oracle says
    #[arg(long)]
    check: bool,
}

pub fn task(args: &Args) -> Result<(), String> {
    let mut cases = case::load(&case::corpus_dir())
        .map_err(|bad| bad.iter().map(|b| format!("{b}\n")).collect::<String>())?;
    if let Some(filter) = &args.filter {
        cases.retain(|c| c.name.contains(filter.as_str()));
    }
    let (mut same, mut written, mut skipped, mut bad) = (0, 0, 0, 0);
    for (case, verdict) in bless::ask(&cases)? {
        match verdict {
            Verdict::Same => same += 1,
            Verdict::Different(said) if args.check => {
                bad += 1;
                println!("{}\n{}", case.name, text::diff(&case.expected(), &said));
            }
            Verdict::Different(said) => {
                written += 1;
                println!("blessed {}", case.name);
                std::fs::write(case.expected_path(), said).map_err(|e| e.to_string())?;
            }
            Verdict::Skipped(why) => {
                skipped += 1;
                println!("skipped {}: {why}", case.name);
            }
            Verdict::Bad(why) => {
                bad += 1;
                println!("BAD {}: {why}", case.name);
            }
        }
    }
    println!("{same} as before, {written} written, {skipped} skipped, {bad} bad");
    if bad == 0 { Ok(()) } else { Err(format!("{bad} expected texts are not in order")) }
}
