//! The file system of the operating system behind the runtime's interface.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirEntryExt, MetadataExt};
use std::path::Path;

use hognose_runtime::port::{FileStat, Files, OpenMode};

/// The handle of the first file; those before are the standard streams.
const FIRST: u32 = 3;

/// Open files by handle.
#[derive(Default)]
pub struct HostFiles {
    open: RefCell<Vec<Option<File>>>,
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
    fn with<T>(&self, handle: u32, f: impl FnOnce(&mut File) -> io::Result<T>) -> Result<T, i32> {
        match self.open.borrow_mut().get_mut(place(handle)) {
            Some(Some(file)) => errno(f(file)),
            _ => Err(libc::EBADF),
        }
    }
}

impl Files for HostFiles {
    fn open(&self, name: &[u8], mode: OpenMode) -> Result<u32, i32> {
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
        let mut open = self.open.borrow_mut();
        let free = open.iter().position(Option::is_none).unwrap_or(open.len());
        if free == open.len() {
            open.push(None);
        }
        if let Some(slot) = open.get_mut(free) {
            *slot = Some(file);
        }
        Ok(free as u32 + FIRST)
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
        self.with(handle, |f| f.read(to))
    }

    fn write(&self, handle: u32, from: &[u8]) -> Result<usize, i32> {
        self.with(handle, |f| f.write(from))
    }

    fn seek(&self, handle: u32, offset: i64, whence: u8) -> Result<u64, i32> {
        let to = match whence {
            0 => SeekFrom::Start(u64::try_from(offset).map_err(|_| libc::EINVAL)?),
            1 => SeekFrom::Current(offset),
            _ => SeekFrom::End(offset),
        };
        self.with(handle, |f| f.seek(to))
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
