# oracle=cpython level=core
# type() with three arguments, isinstance and issubclass oddities.
T = type("T", (), {"x": 1, "f": lambda self: self.x + 1})
print(T.__name__, T.x, T().f())
U = type("U", (T,), {"x": 10})
print(U().f(), issubclass(U, T), isinstance(U(), T))
print(type(T) is type, type(1) is int, type(None).__name__, type(type) is type)
print(isinstance(1, (str, int)), isinstance(1, ()), issubclass(int, (str, int)))
for bad in (lambda: isinstance(1, 1), lambda: issubclass(1, int), lambda: type(1, 2)):
    try:
        bad()
    except TypeError:
        print("TypeError")
print(isinstance(T, type), isinstance(len, type), callable(T))
print([t.__name__ for t in (int, str, list, dict, tuple, set, bool, float, bytes)])
class M:
    pass
M.__name__
m = M()
print(type(m)() is not m, m.__class__().__class__ is M)
