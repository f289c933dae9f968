# oracle=cpython level=minimal syntax=extended
# Positional-only parameters.
def f(a, b, /, c, d=4, *, e=5):
    return a, b, c, d, e

print(f(1, 2, 3), f(1, 2, c=3, e=6), f(1, 2, 3, 4, e=5))

def g(x, /):
    return x

def h(a, /, **kw):
    return a, sorted(kw.items())

def k(a=1, /, b=2):
    return a, b

print(g(5), h(1, b=2), k(), k(5), k(5, b=6))
print((lambda x, /, y: x + y)(1, y=2))
class C:
    def m(self, a, /, b=3): return a + b
print(C().m(1), C().m(1, b=1))
