//! The `errno` module; also the model of how a module is declared.

use crate::error::Res;
use crate::object::Access;
use crate::qstr::Qstr;
use crate::value::Value;
use crate::vm::Vm;

macro_rules! errnos {
    ($($name:ident $text:literal $n:literal;)*) => {
        $(pub const $name: i32 = $n;)*

        static NAMES: &[(i32, &str)] = &[$(($n, $text)),*];

        module! {
            pub static ERRNO: "errno", attr: errno_attr, {
                $($text => Value::small($n)),*
            }
        }
    };
}

errnos! {
    EPERM "EPERM" 1;
    ENOENT "ENOENT" 2;
    EIO "EIO" 5;
    EBADF "EBADF" 9;
    EAGAIN "EAGAIN" 11;
    ENOMEM "ENOMEM" 12;
    EACCES "EACCES" 13;
    EEXIST "EEXIST" 17;
    ENODEV "ENODEV" 19;
    EISDIR "EISDIR" 21;
    EINVAL "EINVAL" 22;
    EOPNOTSUPP "EOPNOTSUPP" 95;
    EADDRINUSE "EADDRINUSE" 98;
    ECONNABORTED "ECONNABORTED" 103;
    ECONNRESET "ECONNRESET" 104;
    ENOBUFS "ENOBUFS" 105;
    ENOTCONN "ENOTCONN" 107;
    ETIMEDOUT "ETIMEDOUT" 110;
    ECONNREFUSED "ECONNREFUSED" 111;
    EHOSTUNREACH "EHOSTUNREACH" 113;
    EALREADY "EALREADY" 114;
    EINPROGRESS "EINPROGRESS" 115;
}

fn errno_attr(vm: &Vm, name: Qstr, access: Access) -> Res<Option<Value>> {
    if name != crate::q!("errorcode") || !matches!(access, Access::Load) {
        return Ok(None);
    }
    let codes = vm.new_dict(NAMES.len())?;
    for &(n, name) in NAMES {
        let name = vm.intern_static(name.as_bytes())?;
        codes.map.append(vm, Value::small(n as isize), name.into())?;
    }
    codes.map.set_fixed();
    Ok(Some(codes.into()))
}

impl Vm {
    /// The name of an error number.
    pub fn errno_name(&self, n: isize) -> Option<&'static str> {
        NAMES.iter().find(|e| e.0 as isize == n).map(|e| e.1)
    }
}
