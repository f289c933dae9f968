# oracle=cpython level=minimal
# Several managers in one statement: order of entering and leaving, partial failure.
class CM:
    def __init__(self, n, fail=None): self.n, self.fail = n, fail
    def __enter__(self):
        print("enter", self.n)
        if self.fail == "enter":
            raise ValueError(self.n)
        return self
    def __exit__(self, t, v, tb):
        print("exit", self.n, t.__name__ if t else None, v.args if v else None)
        if self.fail == "exit":
            raise KeyError(self.n)
        return self.fail == "swallow"

with CM(1) as a, CM(2) as b, CM(3):
    print(a.n, b.n)
for plan in ((None, "enter"), (None, "exit"), ("swallow", "exit"), ("swallow", "enter"), ("exit", "swallow")):
    try:
        with CM("a", plan[0]), CM("b", plan[1]):
            print("body")
        print("after")
    except (ValueError, KeyError) as e:
        print(type(e).__name__, e.args)
with CM(1) as x, CM(x.n + 1) as y:
    print(x.n, y.n)
class T:
    def __enter__(self): return (1, (2, 3))
    def __exit__(self, *a): pass
with T() as (p, (q, r)):
    print(p, q, r)
d = {}
with T() as d["k"]:
    print(d)
