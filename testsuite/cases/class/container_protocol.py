# oracle=cpython level=core
# Instances as containers and iterators.
class Box:
    def __init__(self, **kw): self.d = dict(kw)
    def __getitem__(self, k):
        print("get", k)
        return self.d[k]
    def __setitem__(self, k, v):
        print("set", k, v)
        self.d[k] = v
    def __delitem__(self, k):
        print("del", k)
        del self.d[k]
    def __len__(self): return len(self.d)
    def __contains__(self, k): return k in self.d
    def __iter__(self): return iter(sorted(self.d))
    def __call__(self, *a, **k): return "called", a, sorted(k.items())

b = Box(x=1, y=2)
print(b["x"], len(b), "y" in b, "z" in b, list(b))
b["z"] = 3
b["x"] += 10
del b["y"]
print(sorted(b.d.items()))
print(b(1, 2, k=3))
try:
    b["nope"]
except KeyError as e:
    print("KeyError", e.args)
class Seq:
    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i * 10
print(list(Seq()), [x for x in Seq()], 20 in Seq())
class Count:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n
print(list(Count(3)), sum(Count(4)), tuple(Count(2)))
print(dict(zip("ab", Count(2))))
try:
    iter(5)
except TypeError:
    print("not iterable")
try:
    len(Count(1))
except TypeError:
    print("no len")
