//! What to compile, and where the results go.

use crate::exit::{Failure, Status};
use crate::file::with_mpy;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// One source and its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The source; `-` is standard input.
    pub input: PathBuf,
    /// The result; standard output when `None`.
    pub output: Option<PathBuf>,
    /// The name that tracebacks show. It never depends on where the files lie: it is
    /// relative to the folder that was given, or as the file was given.
    pub name: String,
}

/// The jobs for the inputs, and the folders among these.
///
/// # Errors
/// When an input is missing, two results have one name, or `output` or `name` make no
/// sense for the inputs.
pub fn plan(
    inputs: &[PathBuf],
    output: Option<&Path>,
    name: Option<&str>,
) -> Result<Vec<Job>, Failure> {
    let single = matches!(inputs, [input] if !input.is_dir());
    if name.is_some() && !single {
        return Err(Failure::usage("a source name can only be given for a single file"));
    }
    let to_folder =
        output.filter(|o| !single || o.is_dir() || o.as_os_str().to_string_lossy().ends_with('/'));
    if to_folder.is_some_and(|folder| folder == Path::new("-") || folder.is_file()) {
        return Err(Failure::usage("several results need a folder to go to"));
    }
    let mut jobs = Vec::new();
    for input in inputs {
        if input.is_dir() {
            let mut sources = Vec::new();
            find_sources(input, &mut sources)?;
            for source in sources {
                let inside = source.strip_prefix(input).unwrap_or(&source);
                let output = with_mpy(&to_folder.unwrap_or(input).join(inside));
                jobs.push(Job { name: posix(inside), output: Some(output), input: source });
            }
        } else if input == Path::new("-") {
            let output = output.filter(|&o| o != Path::new("-")).map(Path::to_path_buf);
            jobs.push(Job { name: "<stdin>".to_owned(), output, input: input.clone() });
        } else {
            fs::metadata(input).map_err(|e| Failure::file("read", input, &e))?;
            let file_name = input.file_name().unwrap_or_default();
            let output = match (to_folder, output) {
                (Some(folder), _) => Some(with_mpy(&folder.join(file_name))),
                (None, Some(file)) => (file != Path::new("-")).then(|| file.to_path_buf()),
                (None, None) => Some(with_mpy(input)),
            };
            let hides_place =
                input.is_absolute() || input.components().any(|c| c == Component::ParentDir);
            let shown = if hides_place { Path::new(file_name) } else { input };
            jobs.push(Job { name: posix(shown), output, input: input.clone() });
        }
    }
    if let (Some(name), [job]) = (name, jobs.as_mut_slice()) {
        job.name = name.to_owned();
    }
    let mut outputs = BTreeMap::new();
    for job in &jobs {
        if let Some(other) = outputs.insert(&job.output, &job.input) {
            let what = job.output.as_deref().unwrap_or(Path::new("standard output")).display();
            let (a, b) = (other.display(), job.input.display());
            return Err(Failure::usage(format!("{a} and {b} would both be written to {what}")));
        }
        if job.output.as_deref() == Some(&job.input) {
            return Err(Failure::usage(format!("{} would be overwritten", job.input.display())));
        }
    }
    Ok(jobs)
}

/// All Python files below a folder in the order of their names; hidden folders and
/// caches are left out.
fn find_sources(folder: &Path, sources: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let fail = |e: std::io::Error| Failure::file("read", folder, &e);
    let mut entries =
        fs::read_dir(folder).map_err(fail)?.collect::<Result<Vec<_>, _>>().map_err(fail)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") || name == "__pycache__" {
            continue;
        }
        // Links to files are followed, links to folders are not: they may go round.
        if entry.file_type().map_err(fail)?.is_dir() {
            find_sources(&path, sources)?;
        } else if path.extension().is_some_and(|e| e == "py") && path.is_file() {
            sources.push(path);
        }
    }
    Ok(())
}

/// A path with forward slashes and without a leading `./`.
fn posix(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .filter(|c| !matches!(c, Component::CurDir))
        .map(|c| c.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// Fails when there is nothing to do: a typing error in a build would go unnoticed.
pub fn not_empty(jobs: &[Job], inputs: &[PathBuf]) -> Result<(), Failure> {
    if jobs.is_empty() {
        let shown: Vec<_> = inputs.iter().map(|i| i.display().to_string()).collect();
        let message = format!("no Python files in {}", shown.join(", "));
        return Err(Failure { status: Status::BadFile, message });
    }
    Ok(())
}
