# oracle=cpython level=core
# Attribute lookups that meet functions, classes and callables in class bodies.
class Callable:
    def __call__(self, *a): return a
class C:
    f = Callable()
    g = len
    h = int
    k = lambda self: "k"
c = C()
print(c.f(1), c.g([1, 2]), c.h("5"), c.k())
c.own = lambda x: x
print(c.own(3))
class Meta:
    def __init__(self, f): self.f = f
    def __call__(self, x): return self.f(x) + 1
@Meta
def inc(x): return x
print(inc(1))
class Chain:
    def __init__(self): self.calls = []
    def a(self, v=None): self.calls.append(("a", v)); return self
    def b(self, *vs): self.calls.append(("b", vs)); return self
print(Chain().a().b(1, 2).a(v=3).calls)
x = Chain()
x.a, y = 5, x.a
print(x.a, y(1) is x)
