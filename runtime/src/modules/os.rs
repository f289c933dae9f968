//! `os`: the port's file system.

use crate::Res;
use crate::error::VALUE_ERROR;
use crate::heap::RawVec;
use crate::modules::errno;
use crate::port::FileStat;
#[cfg(feature = "cpython")]
use crate::print::{Print, StrBuf};
use crate::q;
#[cfg(feature = "cpython")]
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static OS: "os" {
        "chdir" => f1!(chdir),
        "getcwd" => f0!(getcwd),
        #[cfg(feature = "cpython")]
        "getenv" => fv!(1, 2, getenv),
        "ilistdir" => fv!(0, 1, ilistdir),
        "listdir" => fv!(0, 1, listdir),
        "mkdir" => f1!(mkdir),
        #[cfg(feature = "cpython")]
        "putenv" => f2!(putenv),
        "remove" => f1!(remove),
        "rename" => f2!(rename),
        "rmdir" => f1!(rmdir),
        "sep" => Value::qstr(q!("/")),
        "stat" => f1!(stat),
        "statvfs" => f1!(statvfs),
        #[cfg(feature = "cpython")]
        "system" => f1!(system),
        #[cfg(feature = "cpython")]
        "uname" => f0!(uname),
        "unlink" => f1!(remove),
        #[cfg(feature = "cpython")]
        "unsetenv" => f1!(unsetenv),
        "urandom" => f1!(urandom),
    }
}

fn nothing(vm: &Vm, result: Result<(), i32>) -> Res {
    vm.os_result(result)?;
    Ok(Value::NONE)
}

fn chdir(vm: &Vm, path: Value) -> Res {
    #[cfg(feature = "full")]
    if vm.change_mount(vm.get_str(path)?)? {
        return Ok(Value::NONE);
    }
    nothing(vm, vm.files()?.change_dir(vm.get_str(path)?))
}

fn getcwd(vm: &Vm) -> Res {
    #[cfg(feature = "full")]
    if let Some(path) = vm.mount_cwd()? {
        return Ok(path);
    }
    let mut path = [0; 512];
    let n = vm.os_result(vm.files()?.current_dir(&mut path))?;
    vm.new_str(path.get(..n).unwrap_or_default())
}

fn mkdir(vm: &Vm, path: Value) -> Res {
    if let Some(found) = vm.mounted(vm.get_str(path)?)? {
        return vm.call_method(found.system, q!("mkdir"), &[found.path]);
    }
    nothing(vm, vm.files()?.make_dir(vm.get_str(path)?))
}

fn remove(vm: &Vm, path: Value) -> Res {
    if let Some(found) = vm.mounted(vm.get_str(path)?)? {
        return vm.call_method(found.system, q!("remove"), &[found.path]);
    }
    nothing(vm, vm.files()?.remove(vm.get_str(path)?))
}

fn rename(vm: &Vm, from: Value, to: Value) -> Res {
    match (vm.mounted(vm.get_str(from)?)?, vm.mounted(vm.get_str(to)?)?) {
        (None, None) => {}
        (Some(from), Some(to)) if from.system == to.system => {
            return vm.call_method(from.system, q!("rename"), &[from.path, to.path]);
        }
        _ => return vm.raise_os(errno::EPERM),
    }
    nothing(vm, vm.files()?.rename(vm.get_str(from)?, vm.get_str(to)?))
}

fn rmdir(vm: &Vm, path: Value) -> Res {
    if let Some(found) = vm.mounted(vm.get_str(path)?)? {
        return vm.call_method(found.system, q!("rmdir"), &[found.path]);
    }
    nothing(vm, vm.files()?.remove_dir(vm.get_str(path)?))
}

fn numbers(vm: &Vm, items: &[i64]) -> Res {
    let values = RawVec::with_capacity(vm, items.len())?;
    for i in items {
        values.push(vm, vm.new_int(*i)?)?;
    }
    vm.new_tuple(values.slice())
}

/// (mode, inode, device, links, uid, gid, size, accessed, modified, changed).
fn stat(vm: &Vm, path: Value) -> Res {
    #[cfg(feature = "full")]
    if vm.bare_root(vm.get_str(path)?) {
        return numbers(vm, &[super::vfs::DIRECTORY as i64, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    if let Some(found) = vm.mounted(vm.get_str(path)?)? {
        return vm.call_method(found.system, q!("stat"), &[found.path]);
    }
    let s: FileStat = vm.os_result(vm.files()?.stat(vm.get_str(path)?))?;
    numbers(
        vm,
        &[
            s.mode.into(),
            s.inode as i64,
            s.device as i64,
            s.links as i64,
            s.uid.into(),
            s.gid.into(),
            s.size as i64,
            s.accessed,
            s.modified,
            s.changed,
        ],
    )
}

/// (block size, fragment size, blocks, free, available, files, free, available, flags,
/// longest name).
fn statvfs(vm: &Vm, path: Value) -> Res {
    #[cfg(feature = "full")]
    if vm.bare_root(vm.get_str(path)?) {
        return numbers(vm, &[4096, 4096, 0, 0, 0, 0, 0, 0, 0, 255]);
    }
    if let Some(found) = vm.mounted(vm.get_str(path)?)? {
        return vm.call_method(found.system, q!("statvfs"), &[found.path]);
    }
    let s = vm.os_result(vm.files()?.space(vm.get_str(path)?))?;
    numbers(vm, &s.map(|n| n as i64))
}

/// The entries of a directory as (name, type, inode, size).
fn entries(vm: &Vm, args: &[Value], whole: bool) -> Res<RawVec<Value>> {
    let (path, bytes) = match args.first() {
        // A path of bytes gives names of bytes.
        Some(p) => match vm.str_bytes(*p) {
            Some(s) => (s, false),
            None => (vm.get_buffer(*p)?.bytes(), true),
        },
        None => (&b"."[..], false),
    };
    let path = if path.is_empty() { b"." } else { path };
    let out = RawVec::new();
    #[cfg(feature = "full")]
    if mounted_entries(vm, path, args.is_empty(), whole, &out)? {
        return Ok(out);
    }
    let mut failed = Ok(());
    let mut each = |name: &[u8], is_dir: bool, inode: u64, size: u64| {
        failed = (|| {
            let name = if bytes { vm.new_bytes(name)? } else { vm.new_str(name)? };
            if !whole {
                return out.push(vm, name);
            }
            let kind = Value::small(if is_dir { 0x4000 } else { 0x8000 });
            let (inode, size) = (vm.new_uint(inode)?, vm.new_uint(size)?);
            out.push(vm, vm.new_tuple(&[name, kind, inode, size])?)
        })();
        failed.is_ok()
    };
    let listed = vm.files()?.list(path, &mut each);
    failed?;
    vm.os_result(listed)?;
    Ok(out)
}

/// The entries of a mounted directory; false if it is the port's.
#[cfg(feature = "full")]
fn mounted_entries(
    vm: &Vm,
    path: &[u8],
    here: bool,
    whole: bool,
    out: &RawVec<Value>,
) -> Res<bool> {
    let path = if here { b"" } else { path };
    vm.mount_names(path, |name| {
        let name = vm.new_str(name)?;
        let kind = Value::small(super::vfs::DIRECTORY);
        out.push(vm, if whole { vm.new_tuple(&[name, kind, Value::small(0)])? } else { name })
    })?;
    if vm.bare_root(path) {
        return Ok(true);
    }
    let Some(found) = vm.mounted(path)? else { return Ok(false) };
    let entries = vm.call_method(found.system, q!("ilistdir"), &[found.path])?;
    let it = vm.iter(entries)?;
    while let Some(entry) = vm.next(it)? {
        out.push(vm, if whole { entry } else { vm.subscr(entry, Value::small(0))? })?;
    }
    Ok(true)
}

fn listdir(vm: &Vm, args: &[Value]) -> Res {
    vm.list_of(entries(vm, args, false)?)
}

fn ilistdir(vm: &Vm, args: &[Value]) -> Res {
    let entries = vm.new_tuple(entries(vm, args, true)?.slice())?;
    vm.iter(entries)
}

#[cfg(feature = "cpython")]
fn getenv(vm: &Vm, args: &[Value]) -> Res {
    let [name, rest @ ..] = args else { return Ok(Value::NONE) };
    let mut value = None;
    vm.port().environment(vm.get_str(*name)?, &mut |text| value = Some(vm.new_str(text)));
    value.unwrap_or_else(|| Ok(rest.first().copied().unwrap_or(Value::NONE)))
}

#[cfg(feature = "cpython")]
fn putenv(vm: &Vm, name: Value, value: Value) -> Res {
    let (name, value) = (vm.get_str(name)?, vm.get_str(value)?);
    nothing(vm, vm.port().set_environment(name, Some(value)))
}

#[cfg(feature = "cpython")]
fn unsetenv(vm: &Vm, name: Value) -> Res {
    nothing(vm, vm.port().set_environment(vm.get_str(name)?, None))
}

#[cfg(feature = "cpython")]
fn system(vm: &Vm, command: Value) -> Res {
    let status = vm.os_result(vm.port().system(vm.get_str(command)?))?;
    Ok(Value::small(status as isize))
}

/// `uname()`: names of the system, the release and the machine.
#[cfg(feature = "cpython")]
fn uname(vm: &Vm) -> Res {
    let fields = [q!("sysname"), q!("nodename"), q!("release"), q!("version"), q!("machine")];
    let system = vm.str_from_static(vm.port().platform().as_bytes())?;
    let version = Value::qstr(q!("3.4.0; Hognose, compatible with MicroPython v1.29.0"));
    let release = vm.new_str(b"1.29.0")?;
    let mut machine = StrBuf::new(vm);
    machine.write(b"hognose with ")?;
    machine.write(vm.get_str(system)?)?;
    let values = [system, system, release, version, machine.into_str()?];
    vm.call(vm.named_tuple_type(Qstr::EMPTY, &fields)?, &values)
}

fn urandom(vm: &Vm, n: Value) -> Res {
    let bytes = RawVec::new();
    let Ok(n) = usize::try_from(vm.get_int(n)?) else {
        return vm.raise_type(&VALUE_ERROR);
    };
    bytes.reset(vm, n, 0)?;
    for (i, _) in bytes.slice().iter().enumerate().step_by(8) {
        for (j, b) in vm.port().entropy().to_le_bytes().into_iter().enumerate() {
            bytes.set(i + j, b);
        }
    }
    vm.bytes_from_static(bytes.slice())
}
