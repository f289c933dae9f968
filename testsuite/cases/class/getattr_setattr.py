# oracle=cpython level=core
# __getattr__, __setattr__, __delattr__.
class Dyn:
    def __init__(self):
        self.real = 1
    def __getattr__(self, name):
        print("missing", name)
        if name.startswith("x"):
            return name * 2
        raise AttributeError(name)

d = Dyn()
print(d.real, d.xy)
try:
    d.other
except AttributeError as e:
    print("AttributeError", e.args)
print(hasattr(d, "xz"), hasattr(d, "q"), getattr(d, "q", "default"))
class Guard:
    def __setattr__(self, name, value):
        print("setattr", name, value)
        super().__setattr__(name, value)
    def __delattr__(self, name):
        print("delattr", name)
        super().__delattr__(name)
g = Guard()
g.a = 1
print(g.a)
del g.a
print(hasattr(g, "a"))
class Proxy:
    def __init__(self, target): self._t = target
    def __getattr__(self, n): return getattr(self._t, n)
p = Proxy([3, 1, 2])
p.sort()
print(p._t, p.index(2))
