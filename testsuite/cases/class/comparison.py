# oracle=cpython level=core
# Rich comparison and hashing of instances.
class V:
    def __init__(self, n): self.n = n
    def __eq__(self, o): return isinstance(o, V) and self.n == o.n
    def __lt__(self, o): return self.n < o.n
    def __le__(self, o): return self.n <= o.n
    def __gt__(self, o): return self.n > o.n
    def __ge__(self, o): return self.n >= o.n
    def __hash__(self): return hash(self.n)
    def __repr__(self): return "V%d" % self.n

a, b, c = V(1), V(2), V(1)
print(a == c, a == b, a != b, a < b, a <= c, b > a, a >= b)
print(sorted([V(3), V(1), V(2)]), min(V(5), V(4)), max([V(5), V(4)]))
print(a in [b, c], {a: "one"}[c], len({a, b, c}))
class P: pass
p, q = P(), P()
print(p == p, p == q, p != q, p in [p], p in [q], {p: 1}[p])
class EqOnly:
    def __eq__(self, o): return True
print(EqOnly() == 5, EqOnly() != 5, 5 == EqOnly())
print([1, V(2)] == [1, V(2)], (V(1),) < (V(2),))
