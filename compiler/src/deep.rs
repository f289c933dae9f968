//! A stack as deep as the program.
//!
//! Everything that walks a tree recurses: parser, lowering, back ends, the tree's destructor. What
//! nests so little that any thread's stack holds it runs right here; the rest runs on a thread of
//! its own. Address space is reserved, memory is only taken where the stack really goes.

/// Nesting that the smallest stack in use, 2 MiB, holds with room to spare.
const SHALLOW: u32 = 100;
/// Stack per level of nesting: the walks' largest frames, doubled for builds without optimisation.
const BYTES_PER_LEVEL: usize = 32 << 10;

/// Runs `work`, whose recursion goes `depth` levels deep.
///
/// If no thread can be had, it runs here; a panic passes through.
pub fn on_deep_stack<T: Send>(depth: u32, work: impl FnOnce() -> T + Send) -> T {
    if depth <= SHALLOW {
        return work();
    }
    let size = (4 << 20) + depth as usize * BYTES_PER_LEVEL;
    let mut work = Some(work);
    let result = std::thread::scope(|scope| {
        let task = || work.take().map(|work| work());
        match std::thread::Builder::new().stack_size(size).spawn_scoped(scope, task) {
            Ok(thread) => match thread.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            },
            Err(_) => None,
        }
    });
    match (result, work) {
        (Some(result), _) => result,
        (None, Some(work)) => work(),
        (None, None) => unreachable!("the work was taken, so it ran and gave a result"),
    }
}
