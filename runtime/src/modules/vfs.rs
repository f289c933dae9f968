//! `vfs`: file systems made by programs, mounted beside the port's.
//!
//! A file system is any object with the methods `mount umount open stat ilistdir …`. A path
//! belongs to the file system that is mounted at its first part, else to the one mounted at
//! the root, which at first is the port's own. `os`, `open` and the imports ask
//! [`Vm::mounted`] where a path leads.

use core::cell::Cell;

use super::errno;
use crate::error::Res;
use crate::heap::RawVec;
use crate::object::{Args, Param};
use crate::port::PathKind;
use crate::print::{Print, StrBuf};
use crate::q;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static VFS: "vfs" {
        "mount" => fk!(0, usize::MAX, mount),
        "umount" => f1!(umount),
    }
}

/// What is mounted.
#[derive(Default)]
pub struct Mounts {
    /// Paths, and the file systems there.
    list: RawVec<(Value, Value)>,
    /// The port's file system is not to be seen.
    port_off: Cell<bool>,
    /// Where relative paths begin if not in the port's directory: the path of a mount, or `/`.
    current: Cell<Option<Value>>,
}

/// A path of a mounted file system: that object, and the path as it sees it.
pub struct Mounted {
    pub system: Value,
    pub path: Value,
}

/// Bits of a mode that tell directories.
pub const DIRECTORY: isize = 0x4000;

fn mount(vm: &Vm, args: &Args<'_>) -> Res {
    if args.pos.is_empty() && args.kw.is_empty() {
        let all = vm.new_list(&[])?;
        for (path, system) in vm.state.mounts.list.iter() {
            all.items.push(vm, vm.new_tuple(&[system, path])?)?;
        }
        return Ok(all.into());
    }
    let mut out = [Value::NONE; 4];
    let params = [
        Param::required(q!("fsobj")),
        Param::required(q!("mount_point")),
        Param::keyword(q!("readonly"), Value::FALSE),
        Param::keyword(q!("mkfs"), Value::FALSE),
    ];
    args.parse(vm, &params, &mut out)?;
    let [system, path, read_only, make] = out;
    let text = vm.get_str(path)?;
    vm.call_method(system, q!("mount"), &[read_only, make])?;
    let mounts = &vm.state.mounts;
    let taken = mounts.list.iter().any(|(p, _)| vm.str_bytes(p) == Some(text));
    if taken || !text.starts_with(b"/") || text == b"/" && !mounts.port_off.get() {
        return vm.raise_os(errno::EPERM);
    }
    mounts.list.push(vm, (path, system))?;
    Ok(Value::NONE)
}

/// `umount(path or file system)`.
fn umount(vm: &Vm, what: Value) -> Res {
    let mounts = &vm.state.mounts;
    let path = vm.str_bytes(what);
    let at = mounts.list.iter().position(|(p, system)| match path {
        Some(path) => vm.str_bytes(p) == Some(path),
        None => system == what,
    });
    match at.and_then(|at| mounts.list.remove(at)) {
        Some((path, system)) => {
            if mounts.current.get() == Some(path) {
                mounts.current.set(Some(Value::qstr(q!("/"))));
            }
            vm.call_method(system, q!("umount"), &[])
        }
        None if path == Some(b"/") && !mounts.port_off.get() => {
            mounts.port_off.set(true);
            mounts.current.set(Some(Value::qstr(q!("/"))));
            Ok(Value::NONE)
        }
        None => vm.raise_os(errno::EINVAL),
    }
}

/// What is left of `path` below the directory `mount`.
fn below<'p>(path: &'p [u8], mount: &[u8]) -> Option<&'p [u8]> {
    let mount = mount.strip_suffix(b"/").unwrap_or(mount);
    match path.strip_prefix(mount)? {
        b"" => Some(b"/"),
        rest if rest.starts_with(b"/") => Some(rest),
        _ => None,
    }
}

impl Vm {
    /// What is mounted at a path, the longest mount first.
    fn mount_of(&self, path: &[u8]) -> Res<Option<Mounted>> {
        let mut best: Option<(usize, Value, &[u8])> = None;
        for (at, system) in self.state.mounts.list.iter() {
            let at = self.get_str(at)?;
            if let Some(rest) = below(path, at)
                && best.is_none_or(|(n, ..)| n < at.len())
            {
                best = Some((at.len(), system, rest));
            }
        }
        match best {
            Some((_, system, rest)) => Ok(Some(Mounted { system, path: self.new_str(rest)? })),
            None => Ok(None),
        }
    }

    /// Where a path leads; `None`: to the port. Errors: OSError(ENODEV) if nothing is there.
    pub fn mounted(&self, path: &[u8]) -> Res<Option<Mounted>> {
        let mounts = &self.state.mounts;
        if mounts.list.is_empty() && !mounts.port_off.get() {
            return Ok(None);
        }
        let current = match mounts.current.get() {
            Some(current) if !path.starts_with(b"/") => self.get_str(current)?,
            _ => b"",
        };
        let found = if current.is_empty() && !path.starts_with(b"/") {
            None
        } else if current.is_empty() {
            self.mount_of(path)?
        } else {
            let mut full = StrBuf::new(self);
            full.write(current.strip_suffix(b"/").unwrap_or(current))?;
            full.push(b'/')?;
            full.write(path)?;
            match self.mount_of(full.bytes())? {
                // The file system has a current directory of its own.
                Some(m) if current != b"/" => {
                    Some(Mounted { system: m.system, path: self.new_str(path)? })
                }
                other => other,
            }
        };
        match found {
            None if mounts.port_off.get() => self.raise_os(errno::ENODEV),
            found => Ok(found),
        }
    }

    /// Whether the path is the root with nothing mounted there but other mounts.
    pub fn bare_root(&self, path: &[u8]) -> bool {
        let mounts = &self.state.mounts;
        let root = Value::qstr(q!("/"));
        let here = matches!(path, b"" | b".") && mounts.current.get() == Some(root);
        let rooted = mounts.list.iter().any(|(p, _)| self.str_bytes(p) == Some(b"/"));
        mounts.port_off.get() && !rooted && (here || path == b"/")
    }

    /// Calls `f` with the names of the mounts that the directory `path` shows.
    pub fn mount_names(&self, path: &[u8], mut f: impl FnMut(&[u8]) -> Res<()>) -> Res<()> {
        let mounts = &self.state.mounts;
        let root = Value::qstr(q!("/"));
        let here = matches!(path, b"" | b".") && mounts.current.get() == Some(root);
        if !mounts.port_off.get() || !(here || path == b"/") {
            return Ok(());
        }
        for (at, _) in mounts.list.iter() {
            match self.get_str(at)?.strip_prefix(b"/") {
                Some(name) if !name.is_empty() => f(name)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// `chdir` and `getcwd` of mounted file systems; the first false if it is the port's.
    pub fn change_mount(&self, path: &[u8]) -> Res<bool> {
        let mounts = &self.state.mounts;
        if self.bare_root(path) {
            mounts.current.set(Some(Value::qstr(q!("/"))));
            return Ok(true);
        }
        let Some(found) = self.mounted(path)? else {
            mounts.current.set(None);
            return Ok(false);
        };
        self.call_method(found.system, q!("chdir"), &[found.path])?;
        let at = mounts.list.iter().find(|(_, system)| *system == found.system);
        mounts.current.set(at.map(|(at, _)| at));
        Ok(true)
    }

    /// The current directory, if it is not the port's.
    pub fn mount_cwd(&self) -> Res<Option<Value>> {
        let mounts = &self.state.mounts;
        let Some(current) = mounts.current.get() else { return Ok(None) };
        let system = mounts.list.iter().find(|(at, _)| *at == current).map(|(_, system)| system);
        let Some(system) = system else { return Ok(Some(current)) };
        let inside = self.call_method(system, q!("getcwd"), &[])?;
        let mut text = StrBuf::new(self);
        let at = self.get_str(current)?;
        text.write(if at == b"/" { b"" } else { at })?;
        text.write(self.get_str(inside)?)?;
        text.into_str().map(Some)
    }

    /// What a path names, wherever it leads.
    pub fn path_kind(&self, path: &[u8]) -> PathKind {
        let stat = || -> Res<PathKind> {
            let Some(found) = self.mounted(path)? else { return Ok(self.port().stat(path)) };
            let stat = self.call_method(found.system, q!("stat"), &[found.path])?;
            let mode = self.get_int(self.subscr(stat, Value::small(0))?)?;
            Ok(if mode & DIRECTORY != 0 { PathKind::Directory } else { PathKind::File })
        };
        stat().unwrap_or_else(|r| {
            self.take_exception(r);
            PathKind::Nothing
        })
    }

    /// The contents of a file, wherever it is.
    pub fn file_contents(&self, path: &[u8]) -> Res<&'static [u8]> {
        let Some(found) = self.mounted(path)? else {
            return self.os_result(self.port().map_file(path));
        };
        let mode = Value::qstr(q!("rb"));
        let file = self.call_method(found.system, q!("open"), &[found.path, mode])?;
        self.stream_contents(file)
    }
}
