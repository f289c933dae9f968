//! Lines typed in earlier sessions, in a file of the user's.

use std::io::IsTerminal;
use std::path::PathBuf;

use hognose_runtime::Vm;

use super::editor::History;

/// The file that lines are kept in.
pub struct Kept(PathBuf);

/// Reads the lines that were kept; `None` if nobody types, or has a place to keep them.
pub fn load(vm: &Vm, history: &mut History) -> Option<Kept> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    let name = if vm.beyond_stock() { ".hognose.history" } else { ".micropython.history" };
    let file = PathBuf::from(std::env::var_os("HOME")?).join(name);
    if let Ok(text) = std::fs::read(&file) {
        String::from_utf8_lossy(&text).lines().for_each(|line| history.push(line));
    }
    Some(Kept(file))
}

impl Kept {
    pub fn save(&self, history: &History) {
        let text: String = history.lines().iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        // Without it the next session begins with fewer lines, no more.
        let _ = std::fs::write(&self.0, text);
    }
}
