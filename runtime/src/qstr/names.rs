//! TABLE: every name that runtime code mentions with `q!("name")`.
//!
//! Names of the `.mpy` static table (append, print, ValueError, ...) exist
//! already and must not be repeated. To add a name, put it into the group of its
//! subject; a name that is only needed at a higher feature level goes into a
//! list of that level so that a small device does not carry it.

/// Names at every feature level.
pub(crate) const NAMES: &[&str] = &[
    "... ", ".frozen", "3.4.0; Hognose, compatible with MicroPython v1.29.0", "<dictcomp>",
    "<genexpr>", "<lambda>", "<listcomp>", "<setcomp>", "<stdin>", "<string>", ">>> ",
    "BufferedWriter", "BytesIO", "CancelledError", "EACCES", "EADDRINUSE", "EAGAIN", "EALREADY",
    "EBADF", "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EEXIST", "EHOSTUNREACH",
    "EINPROGRESS", "EINVAL", "EIO", "EISDIR", "ENOBUFS", "ENODEV", "ENOENT", "ENOMEM", "ENOTCONN",
    "EOPNOTSUPP", "EPERM", "ETIMEDOUT", "FileIO", "IOBase", "Interpolation", "None",
    "NotImplemented", "NotImplementedType", "OrderedDict", "StopAsyncIteration", "StringIO",
    "Template", "TextIOWrapper", "UnicodeError", "ViperTypeError", "__abs__", "__add__",
    "__aenter__", "__aexit__", "__aiter__", "__all__", "__and__", "__anext__", "__bases__",
    "__bool__", "__build_class__", "__complex__", "__contains__", "__del__", "__delattr__",
    "__delete__", "__dict__", "__divmod__", "__eq__", "__file__", "__float__", "__floordiv__",
    "__ge__", "__get__", "__globals__", "__gt__", "__iadd__", "__iand__", "__ifloordiv__",
    "__ilshift__", "__imatmul__", "__imod__", "__import__", "__imul__", "__invert__", "__ior__",
    "__ipow__", "__irshift__", "__isub__", "__itruediv__", "__ixor__", "__le__", "__lshift__",
    "__lt__", "__matmul__", "__mod__", "__mul__", "__ne__", "__neg__", "__or__", "__path__",
    "__pos__", "__pow__", "__radd__", "__rand__", "__repl_print__", "__reversed__",
    "__rfloordiv__", "__rlshift__", "__rmatmul__", "__rmod__", "__rmul__", "__ror__", "__rpow__",
    "__rrshift__", "__rshift__", "__rsub__", "__rtruediv__", "__rxor__", "__set__",
    "__set_name__", "__setattr__", "__sizeof__", "__sub__", "__template__", "__traceback__",
    "__truediv__", "__xor__", "_asdict", "_machine", "_mpy", "add",
    "alloc_emergency_exception_buf", "appendleft", "argv", "array", "ascii", "atexit",
    "attrtuple", "big", "bin", "bit_length", "bound_method", "buffer", "byteorder", "center",
    "closure", "code", "collect", "collections", "compile", "complex", "conversion", "decode",
    "default", "delattr", "deleter", "deque", "dict_view", "difference", "difference_update",
    "disable", "discard", "doc", "enable", "encode", "enumerate", "errno", "errorcode",
    "exc_info", "execfile", "executable", "exit", "expression", "fdel", "fget", "file", "fileno",
    "filter", "float", "flush", "format_spec", "fromhex", "fromkeys", "fromlist", "frozenset",
    "fset", "function", "gc", "generator", "getsizeof", "getter", "getvalue", "heap_lock",
    "heap_locked", "heap_unlock", "hex", "hognose", "ignore", "imag", "implementation", "indices",
    "inf", "intern", "interpolations", "intersection", "intersection_update", "io", "ioctl",
    "isdisjoint", "isenabled", "issubset", "issuperset", "itemsize", "iterable", "iterator",
    "kbd_intr", "keepends", "length", "level", "math", "max", "maxsize", "mem_alloc",
    "mem_current", "mem_free", "mem_info", "mem_peak", "mem_total", "memoryview", "metaclass",
    "min", "mode", "module", "modules", "name", "namedtuple", "nan", "oct", "opt_level",
    "partition", "path", "pend_throw", "pi", "platform", "popleft", "print_exception", "property",
    "ps1", "ps2", "qstr_info", "r", "readlines", "real", "reversed", "rpartition", "schedule",
    "seek", "setter", "signed", "single", "slice", "splitlines", "stack_use", "stderr", "stdin",
    "stdout", "strict", "strings", "symmetric_difference", "symmetric_difference_update", "sys",
    "tell", "text", "threshold", "tracebacklimit", "union", "utf8", "version", "version_info",
];

/// Names from level `core` up.
#[cfg(feature = "core")]
pub(crate) const CORE_NAMES: &[&str] = &[
    "_asyncio", "_build", "_task_queue", "_thread", "a2b_base64", "abs_tol", "accept", "acos",
    "acosh", "acquire", "addr", "addressof", "allocate_lock", "as_bytearray", "asin", "asinh",
    "atan", "atan2", "atanh", "b2a_base64", "binascii", "bind", "blit", "buffering",
    "bytearray_at", "bytes_at", "calcsize", "callback", "cancel", "ceil", "cfun", "chdir",
    "choice", "clock", "cmath", "connect", "copysign", "coro", "cos", "cosh", "crc32", "cur_task",
    "data", "deflate", "degrees", "digest", "done", "dump", "dumps", "e", "ellipse", "encoding",
    "erf", "erfc", "exp", "expm1", "fabs", "factorial", "ffi", "fficallback", "ffifunc", "ffimod",
    "ffivar", "fill", "fill_rect", "floor", "fmod", "framebuf", "frexp", "func", "gamma",
    "get_ident", "getaddrinfo", "getcwd", "getenv", "getrandbits", "gmtime", "group", "hashlib",
    "heapify", "heappop", "heappush", "heapq", "help", "hexlify", "hline", "idle", "ilistdir",
    "inet_ntop", "inet_pton", "input", "invert", "ipoll", "isclose", "isfinite", "isinf", "isnan",
    "json", "ldexp", "lgamma", "libc_ver", "line", "listdir", "listen", "load", "loads",
    "localtime", "lock", "locked", "log", "log10", "log2", "lookahead", "machine", "makefile",
    "match", "mem", "mem16", "mem32", "mem8", "mkdir", "mkfs", "mktime", "modf", "modify",
    "mount", "mtime", "native", "newline", "off", "on", "os", "pack", "pack_into", "peek",
    "ph_key", "phase", "pixel", "polar", "poll", "poly", "preview", "progsize", "ptr", "ptr16",
    "ptr32", "ptr8", "push", "putenv", "python_compiler", "radians", "randint", "random",
    "randrange", "rb", "re", "readblocks", "readonly", "readsize", "rect", "recv", "recvfrom",
    "register", "rel_tol", "release", "rename", "rmdir", "scroll", "search", "seed", "select",
    "sendall", "sendto", "separators", "setblocking", "setraw", "setsockopt", "settimeout",
    "sha256", "sin", "sinh", "sizeof", "sleep", "sleep_ms", "sleep_us", "sockaddr", "socket",
    "soft_reset", "sqrt", "stack_size", "start_new_thread", "stat", "state", "statvfs", "string",
    "string.templatelib", "struct", "sub", "sync", "system", "tan", "tanh", "tau", "tcgetattr",
    "tcsetattr", "templatelib", "termios", "ticks_add", "ticks_cpu", "ticks_diff", "ticks_ms",
    "ticks_us", "time", "time_ns", "time_pulse_us", "trunc", "uctypes", "uint", "umount",
    "unhexlify", "uniform", "unlink", "unpack", "unpack_from", "unregister", "unsafe", "unsetenv",
    "urandom", "var", "vfs", "viper", "vline", "websocket", "writeblocks",
];
#[cfg(not(feature = "core"))]
pub(crate) const CORE_NAMES: &[&str] = &[];

/// Names at level `full`.
#[cfg(feature = "full")]
pub(crate) const FULL_NAMES: &[&str] = &[
    "AF_INET", "AF_INET6", "AF_UNIX", "ARRAY", "AUTO", "B1000000", "B115200", "B1152000",
    "B230400", "B460800", "B500000", "B57600", "B576000", "B921600", "B9600", "BFINT16",
    "BFINT32", "BFINT8", "BFUINT16", "BFUINT32", "BFUINT8", "BF_LEN", "BF_POS", "BIG_ENDIAN",
    "DeflateIO", "FLOAT32", "FLOAT64", "FrameBuffer", "FrameBuffer1", "GS2_HMSB", "GS4_HMSB",
    "GS8", "GZIP", "INT", "INT16", "INT32", "INT64", "INT8", "IP_ADD_MEMBERSHIP",
    "IP_DROP_MEMBERSHIP", "LITTLE_ENDIAN", "LONG", "LONGLONG", "LockType", "MONO_HLSB",
    "MONO_HMSB", "MONO_VLSB", "MSG_DONTROUTE", "MSG_DONTWAIT", "MSG_PEEK", "MVLSB", "NATIVE",
    "POLLERR", "POLLHUP", "POLLIN", "POLLOUT", "PTR", "PinBase", "RAW", "RGB565", "RingIO",
    "SHORT", "SOCK_DGRAM", "SOCK_RAW", "SOCK_STREAM", "SOL_SOCKET", "SO_BROADCAST", "SO_ERROR",
    "SO_KEEPALIVE", "SO_LINGER", "SO_REUSEADDR", "Signal", "TCSANOW", "Task", "TaskQueue", "UINT",
    "UINT16", "UINT32", "UINT64", "UINT8", "ULONG", "ULONGLONG", "USHORT", "VOID", "VfsFat",
    "VfsLfs1", "VfsLfs2", "VfsPosix", "VfsRom", "ZLIB", "finalize", "groups", "nodename", "ref",
    "settrace", "span", "sysname", "uname", "weakref",
];
#[cfg(not(feature = "full"))]
pub(crate) const FULL_NAMES: &[&str] = &[];
