# oracle=cpython level=core
# How instances turn into text.
class A:
    def __repr__(self): return "A-repr"
class B:
    def __str__(self): return "B-str"
    def __repr__(self): return "B-repr"
class S(str):
    pass

a, b = A(), B()
print(a, b, str(a), str(b), repr(a), repr(b))
print([a, b], (a,), {"k": b}, {1: a})
print("%s %r %s %r" % (a, a, b, b))
print("{} {!r} {!s}".format(b, b, a))
print(f"{a} {b} {b!r} {a!s}")
print(str(S("x")), [str(x) for x in (A(), 1)])
class Nested:
    def __init__(self, v): self.v = v
    def __repr__(self): return "<" + repr(self.v) + ">"
print(Nested(Nested([Nested(1)])))
class Bad:
    def __repr__(self): raise ValueError("in repr")
try:
    print(Bad())
except ValueError as e:
    print(e)
print(str(ValueError("a")), str(ValueError()), str(ValueError(1, 2)))
print(type(1), type("").__name__, [].__class__)
