# oracle=cpython level=minimal syntax=extended
# Starred arguments after keyword arguments.
def f(*a, **k): return a, sorted(k.items())
log = []
def t(x):
    log.append(x)
    return x
print(f(k=1, *[2, 3]))
print(f(*[1], x=2, *[3]))
print(f(1, *[2], 3, *[4], k=5, **{"z": 6}, y=7))
print(f(a=t(1), *[t(2)], b=t(3), **{"c": t(4)}))
print(sorted(log))
class C:
    def m(self, *a, **k): return len(a), len(k)
print(C().m(k=1, *range(3), **{"w": 1}))
