//! Reading sources and writing results.

use crate::exit::{Failure, Status};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Largest source that is accepted. A board's flash holds a fraction of what this
/// compiles to.
pub const MAX_SOURCE_BYTES: u64 = 32 << 20;

/// Reads a source file, or standard input for `-`.
///
/// # Errors
/// When it cannot be read or is larger than [`MAX_SOURCE_BYTES`].
pub fn read_source(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new("-") {
        return read_limited(&mut std::io::stdin().lock(), Path::new("<stdin>"), 0);
    }
    let fail = |error: &std::io::Error| Failure::file("read", path, error);
    let mut file = File::open(path).map_err(|e| fail(&e))?;
    let meta = file.metadata().map_err(|e| fail(&e))?;
    if meta.is_dir() {
        let message = format!("cannot read {}: it is a directory", path.display());
        return Err(Failure { status: Status::BadFile, message });
    }
    read_limited(&mut file, path, meta.len())
}

fn read_limited(from: &mut dyn Read, path: &Path, expected: u64) -> Result<Vec<u8>, Failure> {
    let too_long = || Failure {
        status: Status::BadFile,
        message: format!("{}: larger than {} MiB", path.display(), MAX_SOURCE_BYTES >> 20),
    };
    if expected > MAX_SOURCE_BYTES {
        return Err(too_long());
    }
    let mut data = Vec::with_capacity(expected as usize + 1);
    from.take(MAX_SOURCE_BYTES + 1)
        .read_to_end(&mut data)
        .map_err(|e| Failure::file("read", path, &e))?;
    if data.len() as u64 > MAX_SOURCE_BYTES { Err(too_long()) } else { Ok(data) }
}

/// Writes a file so that it is either there whole or not at all: what is not a plain
/// file (a device, a pipe) is written in place, and a symbolic link stays one.
///
/// # Errors
/// When any step fails; no new file is left behind then.
pub fn write_whole(path: &Path, data: &[u8]) -> Result<(), Failure> {
    let fail = |error: &std::io::Error| Failure::file("write", path, error);
    let target = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_symlink() => match fs::canonicalize(path) {
            Ok(target) => target,
            Err(e) => return Err(fail(&e)),
        },
        _ => path.to_path_buf(),
    };
    if fs::metadata(&target).is_ok_and(|meta| !meta.is_file()) {
        let mut file = File::options().write(true).open(&target).map_err(|e| fail(&e))?;
        return file.write_all(data).map_err(|e| fail(&e));
    }
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".hognose-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's mask applies, as to any file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder).map_err(|e| fail(&e))?;
    temporary.write_all(data).map_err(|e| fail(&e))?;
    temporary.persist(&target).map_err(|e| fail(&e.error))?;
    Ok(())
}

/// Writes to standard output. A reader that went away is no failure.
///
/// # Errors
/// When the output is full or closed for another reason.
pub fn write_stdout(data: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(data).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::file("write", Path::new("<stdout>"), &error))
        }
        _ => Ok(()),
    }
}

/// A source's path with `.mpy` for its ending.
pub fn with_mpy(path: &Path) -> PathBuf {
    path.with_extension("mpy")
}
