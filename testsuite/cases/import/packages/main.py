# oracle=cpython level=minimal
# Packages, submodules, relative imports, __init__.
import pkg
print(pkg.name)
import pkg.sub
print(pkg.sub.name, pkg.sub.sibling_value)
import pkg.inner.deep as deep
print(deep.name, deep.up, deep.top)
from pkg import sibling
print(sibling.value)
from pkg.inner import deep as d2, leaf
print(d2 is deep, leaf.name)
from pkg.sub import *
print(name)
try:
    import pkg.nothing
except ImportError:
    print("ImportError")
try:
    from pkg import nowhere
except ImportError:
    print("ImportError")
print(pkg.__name__, pkg.sub.__name__, deep.__name__)
