//! The file system of the operating system behind the runtime's interface.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirEntryExt, MetadataExt};
use std::path::Path;

use hognose_runtime::port::{FileStat, Files, OpenMode, PathKind};
use mpy_format::romfs::{Node, RomFs};

/// The handle of the first file; those before are the standard streams.
const FIRST: u32 = 3;

/// Where a ROMFS image is seen.
pub const ROM: &[u8] = b"/rom";

/// Open files by handle, and the image at `/rom`.
#[derive(Default)]
pub struct HostFiles {
    open: RefCell<Vec<Option<Opened>>>,
    rom: Option<RomFs<'static>>,
}

/// An open file.
enum Opened {
    System(File),
    /// A file of the image, used where it lies.
    Rom(io::Cursor<&'static [u8]>),
}

fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(if bytes.is_empty() { b"." } else { bytes }))
}

fn errno<T>(r: io::Result<T>) -> Result<T, i32> {
    r.map_err(|e| e.raw_os_error().unwrap_or(libc::EIO))
}

/// Where the file of a handle is kept.
fn place(handle: u32) -> usize {
    handle.wrapping_sub(FIRST) as usize
}

impl HostFiles {
    /// With an image at `/rom`.
    pub fn with_rom(rom: RomFs<'static>) -> HostFiles {
        HostFiles { rom: Some(rom), ..HostFiles::default() }
    }

    /// What a path below `/rom` names; `None` if it is the system's to say.
    fn in_rom(&self, name: &[u8]) -> Option<Option<Node<'static>>> {
        let inside = name.strip_prefix(ROM)?;
        let whole = inside.is_empty() || inside.starts_with(b"/");
        Some(self.rom.filter(|_| whole)?.find(inside))
    }

    /// What kind of thing a path of the image is.
    pub fn rom_kind(&self, name: &[u8]) -> Option<PathKind> {
        Some(match self.in_rom(name)? {
            Some(Node::File(_)) => PathKind::File,
            Some(Node::Directory(_)) => PathKind::Directory,
            None => PathKind::Nothing,
        })
    }

    /// A file of the image, where it lies.
    pub fn rom_file(&self, name: &[u8]) -> Option<Result<&'static [u8], i32>> {
        Some(match self.in_rom(name)? {
            Some(Node::File(data)) => Ok(data),
            Some(Node::Directory(_)) => Err(libc::EISDIR),
            None => Err(libc::ENOENT),
        })
    }

    fn with<T>(&self, handle: u32, f: impl FnOnce(&mut Opened) -> io::Result<T>) -> Result<T, i32> {
        match self.open.borrow_mut().get_mut(place(handle)) {
            Some(Some(file)) => errno(f(file)),
            _ => Err(libc::EBADF),
        }
    }

    fn keep(&self, file: Opened) -> u32 {
        let mut open = self.open.borrow_mut();
        let free = open.iter().position(Option::is_none).unwrap_or(open.len());
        if free == open.len() {
            open.push(None);
        }
        if let Some(slot) = open.get_mut(free) {
            *slot = Some(file);
        }
        free as u32 + FIRST
    }
}

impl Files for HostFiles {
    fn open(&self, name: &[u8], mode: OpenMode) -> Result<u32, i32> {
        if let Some(data) = self.rom_file(name) {
            if mode.write || mode.append {
                return Err(libc::EROFS);
            }
            return Ok(self.keep(Opened::Rom(io::Cursor::new(data?))));
        }
        let file = errno(
            File::options()
                .read(mode.read)
                .write(mode.write)
                .append(mode.append)
                .truncate(mode.truncate)
                .create(mode.create)
                .create_new(mode.exclusive)
                .open(path(name)),
        )?;
        Ok(self.keep(Opened::System(file)))
    }

    fn close(&self, handle: u32) -> Result<(), i32> {
        match self.open.borrow_mut().get_mut(place(handle)) {
            Some(slot) if slot.is_some() => {
                *slot = None;
                Ok(())
            }
            _ => Err(libc::EBADF),
        }
    }

    fn read(&self, handle: u32, to: &mut [u8]) -> Result<usize, i32> {
        self.with(handle, |f| match f {
            Opened::System(f) => f.read(to),
            Opened::Rom(f) => f.read(to),
        })
    }

    fn write(&self, handle: u32, from: &[u8]) -> Result<usize, i32> {
        self.with(handle, |f| match f {
            Opened::System(f) => f.write(from),
            Opened::Rom(_) => Err(io::Error::from_raw_os_error(libc::EBADF)),
        })
    }

    fn seek(&self, handle: u32, offset: i64, whence: u8) -> Result<u64, i32> {
        let to = match whence {
            0 => SeekFrom::Start(u64::try_from(offset).map_err(|_| libc::EINVAL)?),
            1 => SeekFrom::Current(offset),
            _ => SeekFrom::End(offset),
        };
        self.with(handle, |f| match f {
            Opened::System(f) => f.seek(to),
            Opened::Rom(f) => f.seek(to),
        })
    }

    fn remove(&self, name: &[u8]) -> Result<(), i32> {
        errno(fs::remove_file(path(name)))
    }

    fn rename(&self, from: &[u8], to: &[u8]) -> Result<(), i32> {
        errno(fs::rename(path(from), path(to)))
    }

    fn make_dir(&self, name: &[u8]) -> Result<(), i32> {
        errno(fs::create_dir(path(name)))
    }

    fn remove_dir(&self, name: &[u8]) -> Result<(), i32> {
        errno(fs::remove_dir(path(name)))
    }

    fn list(
        &self,
        name: &[u8],
        each: &mut dyn FnMut(&[u8], bool, u64, u64) -> bool,
    ) -> Result<(), i32> {
        if let (Some(found), Some(rom)) = (self.in_rom(name), self.rom) {
            let Some(Node::Directory(directory)) = found else {
                return Err(if found.is_some() { libc::ENOTDIR } else { libc::ENOENT });
            };
            for (name, node) in rom.list(directory) {
                let (is_dir, size) = match node {
                    Node::File(data) => (false, data.len() as u64),
                    Node::Directory(_) => (true, 0),
                };
                if !each(name, is_dir, 0, size) {
                    break;
                }
            }
            return Ok(());
        }
        for entry in errno(fs::read_dir(path(name)))? {
            let entry = errno(entry)?;
            let is_dir = entry.file_type().is_ok_and(|t| t.is_dir());
            let size = entry.metadata().map_or(0, |m| m.len());
            if !each(entry.file_name().as_bytes(), is_dir, entry.ino(), size) {
                break;
            }
        }
        Ok(())
    }

    fn stat(&self, name: &[u8]) -> Result<FileStat, i32> {
        match self.in_rom(name) {
            Some(Some(Node::File(data))) => {
                let size = data.len() as u64;
                return Ok(FileStat { mode: libc::S_IFREG, size, ..FileStat::default() });
            }
            Some(Some(Node::Directory(_))) => {
                return Ok(FileStat { mode: libc::S_IFDIR, ..FileStat::default() });
            }
            Some(None) => return Err(libc::ENOENT),
            None => {}
        }
        let m = errno(fs::metadata(path(name)))?;
        Ok(FileStat {
            mode: m.mode(),
            inode: m.ino(),
            device: m.dev(),
            links: m.nlink(),
            uid: m.uid(),
            gid: m.gid(),
            size: m.size(),
            accessed: m.atime(),
            modified: m.mtime(),
            changed: m.ctime(),
        })
    }

    fn change_dir(&self, name: &[u8]) -> Result<(), i32> {
        errno(std::env::set_current_dir(path(name)))
    }

    fn current_dir(&self, to: &mut [u8]) -> Result<usize, i32> {
        let dir = errno(std::env::current_dir())?;
        let bytes = dir.as_os_str().as_bytes();
        match to.get_mut(..bytes.len()) {
            Some(to) => {
                to.copy_from_slice(bytes);
                Ok(bytes.len())
            }
            None => Err(libc::ERANGE),
        }
    }
}
