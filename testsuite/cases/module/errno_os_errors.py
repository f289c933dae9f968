# oracle=cpython level=core
# errno and OSError.
import errno
print(errno.ENOENT, errno.EEXIST, errno.EINVAL, errno.errorcode[errno.ENOENT])
try:
    raise OSError(errno.EINVAL)
except OSError as e:
    print(e.args[0] == errno.EINVAL)
try:
    raise OSError(errno.ENOENT, "gone")
except OSError as e:
    print(e.args, e.errno == errno.ENOENT)
