//! The linker of base firmware: rust-lld, so that what it makes can be linked again.
//!
//! `--emit-relocs` alone does not tell what a word points at: on Arm the addends are gone
//! from the final file, and pointers to constants without names only say which output
//! section they are in. So that the end of one constant is not taken for the start of the
//! next, every section of the object files gets a name of its own, a symbol with its size
//! and alignment ([`PIECE_SYMBOL`]), which takes the place of the section's nameless symbol:
//! the linker then tells by name what each relocation speaks of. Sections whose contents the
//! linker merges stay as they are: what points there says the whole address.

use mpy_format::image::PIECE_SYMBOL;
use object::build::elf::{Builder, SectionData, SectionId};
use object::elf;
use object::read::archive::ArchiveFile;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Names the linker to call; that it is set makes this program a linker.
pub const VARIABLE: &str = "HOGNOSE_LINKER";

/// Links as `lld` does with the arguments of this process.
///
/// # Errors
/// Files that cannot be read or written, and what is no object file.
pub fn link(lld: &OsStr) -> Result<ExitCode, String> {
    let mut given = Vec::new();
    for arg in std::env::args_os().skip(1) {
        match arg.to_str().and_then(|arg| arg.strip_prefix('@')) {
            Some(list) => given.extend(response(Path::new(list))?),
            None => given.push(arg),
        }
    }
    let output = given.iter().position(|arg| arg == "-o").and_then(|at| given.get(at + 1));
    let folder = PathBuf::from(output.ok_or("the linker was not told where to write")?)
        .with_extension("pieces");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut marked = Marked { folder, count: 0 };
    let mut args = Vec::new();
    for arg in given {
        let path = Path::new(&arg);
        match path.extension().and_then(OsStr::to_str) {
            Some("o") => args.push(marked.object(&read(path)?, path)?.into()),
            Some("rlib" | "a") => args.extend(marked.archive(path)?),
            _ => args.push(arg),
        }
    }
    let status = Command::new(lld)
        .args(&args)
        .arg("--emit-relocs")
        .status()
        .map_err(|e| format!("{}: {e}", lld.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    std::fs::remove_dir_all(&marked.folder)
        .map_err(|e| format!("{}: {e}", marked.folder.display()))?;
    Ok(ExitCode::from(code))
}

/// The arguments in a file: one a line, backslashes before what is special.
fn response(path: &Path) -> Result<Vec<OsString>, String> {
    let text = String::from_utf8(read(path)?).map_err(|e| format!("{}: {e}", path.display()))?;
    let plain = |line: &str| {
        let mut out = String::new();
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            out.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
        }
        OsString::from(out)
    };
    Ok(text.lines().map(plain).collect())
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Writes object files with marked sections into a folder.
struct Marked {
    folder: PathBuf,
    count: usize,
}

impl Marked {
    fn object(&mut self, data: &[u8], from: &Path) -> Result<PathBuf, String> {
        let told = |why: &dyn std::fmt::Display| format!("{}: {why}", from.display());
        let data = mark(data).map_err(|e| told(&e))?;
        let stem = from.file_stem().and_then(OsStr::to_str).unwrap_or("object");
        let path = self.folder.join(format!("{}-{stem}.o", self.count));
        self.count += 1;
        std::fs::write(&path, data).map_err(|e| told(&e))?;
        Ok(path)
    }

    /// An archive's object files, as arguments: each is linked if it is needed.
    fn archive(&mut self, path: &Path) -> Result<Vec<OsString>, String> {
        let told = |e: object::Error| format!("{}: {e}", path.display());
        let data = read(path)?;
        let mut args = vec!["--start-lib".into()];
        for member in ArchiveFile::parse(&*data).map_err(told)?.members() {
            let member = member.map_err(told)?;
            if member.name().ends_with(b".o") {
                let object = member.data(&*data).map_err(told)?;
                let name = String::from_utf8_lossy(member.name()).into_owned();
                args.push(self.object(object, Path::new(&name))?.into());
            }
        }
        args.push("--end-lib".into());
        Ok(args)
    }
}

/// The object file with a symbol for every section that is loaded and not merged.
fn mark(data: &[u8]) -> Result<Vec<u8>, object::build::Error> {
    let mut builder = Builder::read(data)?;
    let sections: Vec<(SectionId, u64, u64)> = builder
        .sections
        .iter()
        .filter(|s| s.is_alloc() && !s.sh_flags.contains(elf::SHF_MERGE))
        .map(|s| (s.id(), builder.section_size(s), s.sh_addralign.max(1)))
        .filter(|(_, size, _)| *size > 0)
        .collect();
    let nameless: Vec<(SectionId, _)> = builder
        .symbols
        .iter()
        .filter(|s| s.st_type() == elf::STT_SECTION)
        .filter_map(|s| Some((s.section?, s.id())))
        .collect();
    for (section, size, align) in sections {
        let symbol = match nameless.iter().find(|(of, _)| *of == section) {
            Some((_, id)) => builder.symbols.get_mut(*id),
            None => builder.symbols.add(),
        };
        symbol.name = format!("{PIECE_SYMBOL}{align}").into_bytes().into();
        symbol.section = Some(section);
        symbol.st_size = size;
        symbol.set_st_info(elf::STB_LOCAL, elf::STT_NOTYPE);
    }
    // Compilers keep all names in one section; here the names of sections have their own.
    if !builder.sections.iter().any(|s| matches!(s.data, SectionData::SectionString)) {
        let names = builder.sections.add();
        names.name = ".shstrtab".into();
        names.sh_type = elf::SHT_STRTAB;
        names.sh_addralign = 1;
        names.data = SectionData::SectionString;
    }
    let mut out = Vec::new();
    builder.write(&mut out)?;
    Ok(out)
}
