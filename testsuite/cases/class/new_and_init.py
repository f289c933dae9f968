# oracle=cpython level=core
# __new__, __init__, and what happens when __new__ gives something else.
class Single:
    _one = None
    def __new__(cls):
        if cls._one is None:
            cls._one = object.__new__(cls)
        return cls._one

print(Single() is Single())
class Other:
    def __new__(cls, v):
        print("new", v)
        return v
    def __init__(self, v):
        print("never")
print(Other(5))
class Traced:
    def __new__(cls, *a, **k):
        print("new", a, sorted(k))
        return super().__new__(cls)
    def __init__(self, *a, **k):
        print("init", a, sorted(k))
Traced(1, k=2)
class BadInit:
    def __init__(self): return 1
try:
    BadInit()
except TypeError:
    print("init must return None")
