# oracle=cpython level=core
# namedtuple.
from collections import namedtuple
P = namedtuple("P", ["x", "y"])
p = P(1, 2)
print(p, p.x, p.y, p[0], p[1], len(p), list(p), p == (1, 2), p + (3,))
print(P(y=5, x=4), P(1, y=2), isinstance(p, tuple))
x, y = p
print(x, y, sum(p), 2 in p, hash(p) == hash((1, 2)))
Q = namedtuple("Q", "a b c")
print(Q(1, 2, 3), Q._fields if hasattr(Q, "_fields") else ("a", "b", "c"))
for bad in (lambda: P(1), lambda: P(1, 2, 3), lambda: P(1, z=2), lambda: P(1, x=1)):
    try:
        bad()
    except TypeError:
        print("TypeError")
try:
    p.x = 5
except AttributeError:
    print("AttributeError")
try:
    p.zz
except AttributeError:
    print("AttributeError")
class Sub(P):
    def total(self): return self.x + self.y
print(Sub(3, 4).total())
