//! Waiting for sources to change.

use crate::exit::{Failure, Status};
use notify::{EventKind, RecursiveMode, Watcher};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

/// Editors write a file in several steps; these count as one change.
const SETTLE: Duration = Duration::from_millis(60);

/// Calls `changed` once, and again whenever something below the inputs changes. It
/// returns only when watching fails.
///
/// # Errors
/// When the system cannot watch the inputs.
pub fn watch(inputs: &[PathBuf], mut changed: impl FnMut()) -> Result<(), Failure> {
    let fail = |e: notify::Error| Failure {
        status: Status::BadFile,
        message: format!("cannot watch: {e}"),
    };
    let (send, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|e| is_change(&e)) {
            let _ = send.send(());
        }
    })
    .map_err(fail)?;
    for input in inputs {
        // A file is watched through its folder: editors replace it.
        let folder =
            if input.is_dir() { input.as_path() } else { input.parent().unwrap_or(Path::new("")) };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let mode =
            if input.is_dir() { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        watcher.watch(folder, mode).map_err(fail)?;
    }
    loop {
        changed();
        if events.recv().is_err() {
            return Ok(());
        }
        while events.recv_timeout(SETTLE).is_ok() {}
    }
}

/// Whether a source may have changed; our own outputs do not count.
fn is_change(event: &notify::Event) -> bool {
    let touches = !matches!(event.kind, EventKind::Access(_));
    touches && event.paths.iter().any(|path| path.extension().is_none_or(|e| e == "py"))
}
