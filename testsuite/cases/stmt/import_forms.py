# oracle=cpython level=minimal
# Imports inside functions, under conditions, with several names.
def f():
    import sys as system
    from sys import version, path as p
    return system is __import__("sys"), version == system.version, p is system.path

print(f())
if True:
    import sys
else:
    import does_not_exist
try:
    import nothing_here as n
except ImportError:
    n = None
print(n, sys is not None)
from sys import (
    byteorder,
    version as v,
)
print(byteorder in ("little", "big"), v == sys.version)
class C:
    import sys
    from sys import byteorder as bo
print(C.sys is sys, C.bo == byteorder)
try:
    from sys import no_such_name
except ImportError:
    print("ImportError")
