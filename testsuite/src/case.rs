//! The corpus: finding cases and reading their first lines.
//!
//! A case is either one file `cases/<group>/<name>.py` with its expected text in
//! `<name>.expected`, or a folder `cases/<group>/<name>/` that holds `main.py`,
//! `main.expected` and the modules that `main.py` imports.
//!
//! The first line of a case is its header:
//!
//! ```text
//! # oracle=cpython level=core engines=npm,hognose,boards
//! ```
//!
//! | key | values | when left out |
//! | --- | --- | --- |
//! | `oracle` | `cpython`, `stock` | must be given |
//! | `level` | `minimal`, `core`, `full` | must be given |
//! | `engines` | list of `npm`, `hognose`, `boards` | all of them |
//! | `syntax` | `stock`; `extended`: stock's compiler refuses it, or gets it wrong | `stock` |
//! | `python` | least CPython that runs it, as `3.12` | `3.11` |
//! | `needs` | list of features: `f64`, `files`, `bigheap`, `speed` (not while collecting at every allocation), `fault` (ends in the fault handler), `lines` (not with -O3 and not as machine code: line numbers, assertions), `machine` (asks for machine code: not where bytecode is made for no certain CPU), `cpython` (what CPython has and stock refuses) | none |

use std::fmt;
use std::path::{Path, PathBuf};

/// Who says what a case must print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// CPython: stock agrees with it here.
    CPython,
    /// Stock MicroPython: it differs from CPython, or CPython has no such thing.
    Stock,
}

/// The least feature level of the runtime that runs a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Minimal,
    Core,
    Full,
}

impl Level {
    /// The name in headers and of firmware files.
    pub fn name(self) -> &'static str {
        match self {
            Level::Minimal => "minimal",
            Level::Core => "core",
            Level::Full => "full",
        }
    }
}

/// A family of engines, as headers name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Stock's VM from the npm registry.
    Npm,
    /// Our runtime on the host.
    Hognose,
    /// Our runtime on emulated boards.
    Boards,
}

/// One program of the corpus.
#[derive(Clone, Debug)]
pub struct Case {
    /// Path below `cases/` without extension, with `/`: `closures/counter`.
    pub name: String,
    /// The file that is run.
    pub main: PathBuf,
    /// Modules that the main file may import, relative to its folder.
    pub modules: Vec<PathBuf>,
    pub oracle: Oracle,
    pub level: Level,
    pub engines: Vec<Family>,
    /// Stock's compiler refuses this program, or gets it wrong.
    pub extended: bool,
    /// Least CPython minor version (3.x) that runs it.
    pub python: u32,
    pub needs: Vec<String>,
}

/// A case that cannot be used, and why.
#[derive(Debug)]
pub struct BadCase {
    pub path: PathBuf,
    pub why: String,
}

impl fmt::Display for BadCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.why)
    }
}

impl Case {
    /// Where the expected text lies.
    pub fn expected_path(&self) -> PathBuf {
        self.main.with_extension("expected")
    }

    /// The folder that the program is run in.
    pub fn dir(&self) -> &Path {
        self.main.parent().unwrap_or(Path::new("."))
    }

    /// The name of the main file, as it stands in tracebacks.
    pub fn file_name(&self) -> &str {
        self.main.file_name().and_then(|n| n.to_str()).unwrap_or("main.py")
    }

    /// The expected text, or an empty one where nothing was blessed yet.
    pub fn expected(&self) -> String {
        std::fs::read_to_string(self.expected_path()).unwrap_or_default()
    }

    pub fn runs_on(&self, family: Family) -> bool {
        self.engines.contains(&family)
    }

    /// The option for our compiler and runtime, which under stock's names do as stock does.
    pub fn beyond_stock(&self) -> &'static [&'static str] {
        if self.extended || self.has_need("cpython") { &["-X", "cpython"] } else { &[] }
    }

    pub fn has_need(&self, need: &str) -> bool {
        self.needs.iter().any(|n| n == need)
    }
}

/// The folder that holds the corpus.
pub fn corpus_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// Every case below `dir`, by name.
pub fn load(dir: &Path) -> Result<Vec<Case>, Vec<BadCase>> {
    let mut cases = Vec::new();
    let mut bad = Vec::new();
    walk(dir, dir, &mut cases, &mut bad);
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    if bad.is_empty() { Ok(cases) } else { Err(bad) }
}

fn walk(root: &Path, dir: &Path, cases: &mut Vec<Case>, bad: &mut Vec<BadCase>) {
    let main = dir.join("main.py");
    if main.is_file() {
        let mut modules = Vec::new();
        collect_modules(dir, dir, &mut modules);
        modules.sort();
        add(root, dir, main, modules, cases, bad);
        return;
    }
    for path in entries(dir) {
        if path.is_dir() {
            walk(root, &path, cases, bad);
        } else if path.extension().is_some_and(|e| e == "py") {
            let stem = path.with_extension("");
            add(root, &stem, path, Vec::new(), cases, bad);
        }
    }
}

fn add(
    root: &Path,
    named: &Path,
    main: PathBuf,
    modules: Vec<PathBuf>,
    cases: &mut Vec<Case>,
    bad: &mut Vec<BadCase>,
) {
    let name = named.strip_prefix(root).unwrap_or(named).to_string_lossy().replace('\\', "/");
    let parsed = std::fs::read_to_string(&main)
        .map_err(|e| e.to_string())
        .and_then(|text| parse_header(text.lines().next().unwrap_or("")));
    match parsed {
        Ok(header) => cases.push(Case { name, main, modules, ..header }),
        Err(why) => bad.push(BadCase { path: main, why }),
    }
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .map(|entries| entries.flatten().map(|e| e.path()).collect())
        .unwrap_or_default();
    paths.retain(|p| p.file_name().is_some_and(|n| n != "__pycache__"));
    paths.sort();
    paths
}

fn collect_modules(root: &Path, dir: &Path, out: &mut Vec<PathBuf>) {
    for path in entries(dir) {
        if path.is_dir() {
            collect_modules(root, &path, out);
        } else if path.extension().is_some_and(|e| e == "py") && path != root.join("main.py") {
            out.extend(path.strip_prefix(root).map(PathBuf::from));
        }
    }
}

/// Reads a header line into a case that has no name or files yet.
fn parse_header(line: &str) -> Result<Case, String> {
    let body = line.strip_prefix("# ").ok_or("the first line is not a header")?;
    let mut oracle = None;
    let mut level = None;
    let mut engines = vec![Family::Npm, Family::Hognose, Family::Boards];
    let mut extended = false;
    let mut python = 11;
    let mut needs = Vec::new();
    for word in body.split_whitespace() {
        let (key, value) =
            word.split_once('=').ok_or_else(|| format!("'{word}' is no key=value"))?;
        match (key, value) {
            ("oracle", "cpython") => oracle = Some(Oracle::CPython),
            ("oracle", "stock") => oracle = Some(Oracle::Stock),
            ("level", "minimal") => level = Some(Level::Minimal),
            ("level", "core") => level = Some(Level::Core),
            ("level", "full") => level = Some(Level::Full),
            ("engines", list) => {
                engines = list.split(',').map(parse_family).collect::<Result<_, _>>()?;
            }
            ("syntax", "stock") => extended = false,
            ("syntax", "extended") => extended = true,
            ("python", version) => {
                python = version
                    .strip_prefix("3.")
                    .and_then(|minor| minor.parse().ok())
                    .ok_or_else(|| format!("'{version}' is no CPython version"))?;
            }
            ("needs", list) => needs = list.split(',').map(str::to_owned).collect(),
            _ => return Err(format!("the header does not know '{word}'")),
        }
    }
    Ok(Case {
        name: String::new(),
        main: PathBuf::new(),
        modules: Vec::new(),
        oracle: oracle.ok_or("the header names no oracle")?,
        level: level.ok_or("the header names no level")?,
        engines,
        extended,
        python,
        needs,
    })
}

fn parse_family(word: &str) -> Result<Family, String> {
    match word {
        "npm" => Ok(Family::Npm),
        "hognose" => Ok(Family::Hognose),
        "boards" => Ok(Family::Boards),
        _ => Err(format!("there is no engine family '{word}'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_full_header() {
        let case = parse_header(
            "# oracle=stock level=core engines=npm,hognose syntax=extended python=3.12 needs=f64",
        )
        .expect("a good header");
        assert_eq!(case.oracle, Oracle::Stock);
        assert_eq!(case.level, Level::Core);
        assert_eq!(case.engines, [Family::Npm, Family::Hognose]);
        assert!(case.extended);
        assert_eq!(case.python, 12);
        assert!(case.has_need("f64"));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for bad in ["print(1)", "# oracle=cpython", "# oracle=cpython level=tiny", "# nonsense"] {
            assert!(parse_header(bad).is_err(), "{bad}");
        }
    }
}
