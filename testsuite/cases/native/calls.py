# oracle=cpython level=core
# Calls in loops of all that can be called, and of what cannot.
class Callable:
    def __call__(self, *args, **kw):
        return args, sorted(kw)

class Made:
    def __init__(self, n=0):
        self.n = n

def plain(a, b=2, *rest, c=3, **kw):
    return a, b, rest, c, sorted(kw)

def closure(n):
    def inner(m):
        return n + m
    return inner

def generator(n):
    yield n

bound = [].append
for function in (plain, Callable(), lambda *a, **k: (a, sorted(k))):
    for i in range(2):
        print(function(i), function(i, 1), function(i, c=4), function(1, 2, 3, 4, d=5))
        print(function(*(1, 2), **{"c": 6}))

def several(n):
    got = []
    for i in range(n):
        got.append(closure(i)(i))
        got.append(Made(i).n)
        got.append(Made(n=i).n)
        got.append(list(generator(i)))
        got.append(max(i, 1))
        got.append(len("ab"))
        got.append(int("7"))
        got.append(bound(i))
    return got

def fails(things):
    for thing in things:
        try:
            print(thing(1, 2, 3))
        except TypeError:
            print("refused")

print(several(3))
fails([1, None, "text", [], len, closure, Made, plain, Callable(), 2.5])

def recurse(n):
    total = 0
    for i in range(2):
        total += recurse(n - 1) if n else 1
    return total

print(recurse(6))
