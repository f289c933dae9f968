# oracle=cpython level=minimal
# import, import as, from import, repeated import.
import helper
import helper as h
from helper import value, add as plus
from helper import *

print(helper.value, h is helper, value, plus(1, 2), add(3, 4), public)
try:
    _private
except NameError:
    print("private names are not imported")
helper.value = "changed"
import helper
print(helper.value, value, helper.get())
try:
    from helper import nothing
except ImportError:
    print("ImportError")
try:
    import does_not_exist
except ImportError:
    print("ImportError")

def f():
    import other
    from other import x as y
    return other.x, y

print(f(), f())
print(helper.__name__, hasattr(helper, "__file__"))
