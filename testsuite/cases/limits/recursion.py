# oracle=cpython level=core
# Endless recursion ends in RuntimeError and the program goes on.
def f(n):
    return f(n + 1) + 1

for _ in range(3):
    try:
        f(0)
    except RuntimeError:
        print("too deep")

class R:
    def __getattr__(self, name):
        return getattr(self, name + "x")
try:
    R().a
except RuntimeError:
    print("too deep in __getattr__")

class Rep:
    def __repr__(self):
        return repr(self)
try:
    repr(Rep())
except RuntimeError:
    print("too deep in __repr__")

def g():
    yield from g()
try:
    list(g())
except RuntimeError:
    print("too deep in generators")
print("still here", sum(range(10)))
