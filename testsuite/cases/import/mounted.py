# oracle=stock level=full engines=hognose needs=files
# A file system made by the program: modules and files come from it.
import io
import os
import sys

try:
    import vfs
except ImportError:
    raise SystemExit


class File(io.IOBase):
    def __init__(self, data):
        self.data = memoryview(data)
        self.at = 0

    def readinto(self, to):
        n = min(len(to), len(self.data) - self.at)
        to[:n] = self.data[self.at : self.at + n]
        self.at += n
        return n

    def ioctl(self, request, argument):
        return 0 if request == 4 else -1


class System:
    def __init__(self, files):
        self.files = files

    def mount(self, readonly, mkfs):
        print("mount", readonly, mkfs)

    def umount(self):
        print("umount")

    def stat(self, path):
        if path not in self.files:
            raise OSError(2)
        return (0x8000, 0, 0, 0, 0, 0, len(self.files[path]), 0, 0, 0)

    def open(self, path, mode):
        print("open", path, mode)
        if path not in self.files:
            raise OSError(2)
        return File(self.files[path])

    def ilistdir(self, path):
        return iter([(name[1:], 0x8000, 0) for name in sorted(self.files)])

    def mkdir(self, path):
        print("mkdir", path)

    def rename(self, old, new):
        print("rename", old, new)

    remove = rmdir = mkdir


made = System(
    {
        "/greeting.py": b"def hello(name):\n    return 'hello ' + name\n",
        "/broken.py": b"x = = 1\n",
        "/run.py": b"print('run', __name__ is not None)\n",
        "/data.bin": bytes(range(200)) * 5,
    }
)
vfs.mount(made, "/made", readonly=True)
sys.path.append("/made")

import greeting

print(greeting.hello("x"), greeting.__file__)
try:
    import broken
except SyntaxError:
    print("SyntaxError")
try:
    import nothing_like_this
except ImportError:
    print("ImportError")
execfile("/made/run.py")
buffer = bytearray(1000)
print(open("/made/data.bin", "rb").readinto(buffer), buffer == bytes(range(200)) * 5)
print(os.listdir("/made"), os.stat("/made/run.py")[0])
os.mkdir("/made/d")
os.remove("/made/d")
os.rename("/made/a", "/made/b")
try:
    os.rename("/made/a", "/elsewhere")
except OSError as e:
    print("OSError", e.errno == 1)
try:
    vfs.mount(System({}), "/made")
except OSError:
    print("taken")
vfs.umount("/made")
for what in ("/made", made):
    try:
        vfs.umount(what)
    except OSError:
        print("not mounted")
try:
    open("/made/run.py")
except OSError:
    print("gone")
