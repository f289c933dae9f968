# oracle=cpython level=minimal
# with statements leave through return, break, continue and exceptions.
class CM:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow
    def __enter__(self):
        print("enter", self.name)
        return self.name
    def __exit__(self, t, v, tb):
        print("exit", self.name, t.__name__ if t else t)
        return self.swallow

def f():
    with CM("a") as a:
        return a
print(f())

def g():
    for i in range(3):
        with CM(i):
            if i == 0:
                continue
            if i == 1:
                break
    return "done"
print(g())

with CM("s", True):
    raise ValueError
print("swallowed")
try:
    with CM("n"):
        raise TypeError
except TypeError:
    print("passed on")

def h():
    with CM("x"), CM("y", True) as y, CM("z"):
        raise KeyError(y)
    return "after"
print(h())

def k():
    with CM("p"):
        with CM("q"):
            return "deep"
print(k())
