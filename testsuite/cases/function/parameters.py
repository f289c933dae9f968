# oracle=cpython level=minimal
# Defaults, keyword-only parameters, star parameters.
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, sorted(kw.items())

print(f(1, c=3))
print(f(1, 5, c=3))
print(f(1, 5, 6, 7, c=3, d=8, e=9))
print(f(a=1, c=3))
print(f(c=1, b=2, a=3))

def g(*, x, y=1):
    return x, y

print(g(x=5), g(y=2, x=3))

def h(a, *args):
    return a, args

print(h(1), h(1, 2), h(*[1, 2, 3]))

def k(**kw):
    kw["extra"] = 1
    return sorted(kw)

d = {"z": 0}
print(k(**d), sorted(d))

def defaults(x, seen=[]):
    seen.append(x)
    return seen
print(defaults(1), defaults(2))
n = 1
def early(v=n):
    return v
n = 2
print(early())
def many(a, b, c, d, e, f, g, h, i, j):
    return a + b + c + d + e + f + g + h + i + j
print(many(*range(10)), many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))
