# oracle=cpython level=minimal
# getattr, setattr, hasattr, delattr, dir, callable, id, type.
class C:
    x = 1
    def m(self): return "m"
c = C()
print(getattr(c, "x"), getattr(c, "m")(), getattr(c, "q", 7), hasattr(c, "m"), hasattr(c, "q"))
setattr(c, "y", 2)
print(c.y, "y" in dir(c), "m" in dir(C), "x" in dir(c))
for bad in (lambda: getattr(c, "nope"), lambda: getattr(1, "nope"), lambda: getattr(None, "x"), lambda: c.nope.deeper):
    try:
        bad()
    except AttributeError:
        print("AttributeError")
try:
    getattr(c, 5)
except TypeError:
    print("TypeError")
print(id(c) == id(c), id(c) != id(C()), type(c) is C, callable(c.m))
try:
    setattr(1, "x", 1)
except AttributeError:
    print("cannot set")
print(getattr([1], "append") is not None, getattr("abc", "upper")())
