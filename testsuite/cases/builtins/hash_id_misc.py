# oracle=cpython level=core
# hash, id, input-free built-ins, None and Ellipsis.
print(hash(0) == 0, hash(1) == 1, hash("a") == hash("a"), hash(None) == hash(None), hash((1, "a")) == hash((1, "a")))
print(... is Ellipsis, type(None).__name__, None, [None], ..., str(...), bool(...), NotImplemented is NotImplemented)
a = []
print(id(a) == id(a), id(a) != id([]), id(None) == id(None))
print(callable(print), callable(None), bool(None), None == None, None != 0, None is not False)
x = object()
print(x == x, x != object(), isinstance(x, object), type(x) is object, bool(x))
print(int(), str() == "", float() == 0, list(), tuple(), dict(), bool(), bytes(), set() == set())
print(abs(-3), hex(10), oct(8), bin(2), chr(97), ord("b"), len((1, 2)), repr("x"), ascii if False else "")
print(isinstance(5, object), issubclass(int, object), isinstance(None, object), isinstance(print, object))
try:
    None.foo = 1
except AttributeError:
    print("AttributeError")
try:
    object().x = 1
except AttributeError:
    print("AttributeError")
