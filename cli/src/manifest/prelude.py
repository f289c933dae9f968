# What a manifest may call. Nothing happens here: each call prints one line of JSON
# behind a record separator, which the host side carries out in order.


def _json(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        text = ""
        for c in value:
            n = ord(c)
            if c == '"' or c == "\\":
                text += "\\" + c
            elif n < 32:
                text += "\\u00" + "0123456789abcdef"[n >> 4] + "0123456789abcdef"[n & 15]
            else:
                text += c
        return '"' + text + '"'
    if isinstance(value, dict):
        return "{" + ",".join([_json(str(k)) + ":" + _json(v) for k, v in value.items()]) + "}"
    return "[" + ",".join([_json(v) for v in value]) + "]"


def _call(name, **arguments):
    arguments["call"] = name
    print("\x1e" + _json(arguments))


def _many(value):
    return [value] if isinstance(value, str) else list(value)


class _Options:
    def __init__(self, given):
        self._given = given
        self._default = {}

    def defaults(self, **values):
        self._default = values

    def __getattr__(self, name):
        if name in self._given:
            return self._given[name]
        return self._default.get(name)


class _Metadata:
    def __init__(self):
        self.description = self.version = self.license = self.author = None


_metadata = _Metadata()


def metadata(**facts):
    for name, value in facts.items():
        setattr(_metadata, name, value)
    if facts:
        _call("metadata", facts=facts)
    return _metadata


def include(manifest_path, **options):
    for path in _many(manifest_path):
        _call("include", path=path, options=options)


def require(name, version=None, pypi=None, library=None, unix_ffi=False, **options):
    _call("require", name=name, library=library, unix_ffi=unix_ffi, options=options)


def add_library(library, library_path, prepend=False):
    _call("add_library", name=library, path=library_path, prepend=prepend)


def package(package_path, files=None, base_path=".", opt=None):
    files = None if files is None else list(files)
    _call("package", path=package_path, files=files, base=base_path, opt=opt)


def module(module_path, base_path=".", opt=None):
    _call("module", path=module_path, base=base_path, opt=opt)


def c_module(module_path):
    _call("c_module", path=module_path)


def _freeze(kind, path, script, opt):
    scripts = None if script is None else _many(script)
    _call("freeze", kind=kind, path=path, scripts=scripts, opt=opt)


def freeze(path, script=None, opt=None):
    _freeze("auto", path, script, opt)


def freeze_as_mpy(path, script=None, opt=None):
    _freeze("source", path, script, opt)


def freeze_mpy(path, script=None, opt=None):
    _freeze("mpy", path, script, opt)


def freeze_as_str(path):
    _freeze("text", path, None, None)
