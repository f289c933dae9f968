# oracle=cpython level=core
# Functions as objects: names, comparison, storage, bound methods.
def f(): pass
g = f
print(f is g, f == g, f.__name__, (lambda: 0).__name__)
d = {f: 1}
print(d[g])
class C:
    def m(self): return self
    @staticmethod
    def s(): return 1
c = C()
print(c.m() is c, c.m == c.m, C.m(c) is c, C().m == c.m)
b = c.m
print(b() is c)
print(callable(f), callable(C), callable(c), callable(1), callable(b))
fs = [len, max, f]
print([callable(x) for x in fs], fs[0]("abc"))
c.m = lambda: "instance"
print(c.m())
