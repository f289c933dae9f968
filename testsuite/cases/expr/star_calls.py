# oracle=cpython level=minimal syntax=extended
# Every mixture of positional, starred and keyword arguments.
def f(*a, **k):
    return a, sorted(k.items())

t = (1, 2)
d = {"x": 1}
print(f(*t))
print(f(0, *t))
print(f(*t, 3))
print(f(*t, *t))
print(f(*t, **d))
print(f(a=0, *t))
print(f(*t, a=0, **d))
print(f(**d, **{"y": 2}))
print(f(*"ab", *range(2), z=9))
print(f(*[], **{}))

def g(a, b=2, *c, d, e=5, **h):
    return a, b, c, d, e, sorted(h.items())

print(g(1, d=4))
print(g(1, 2, 3, 4, d=5, e=6, z=7))
print(g(*[1], **{"d": 4}))
print(g(b=1, a=0, d=2))
for args, kw in (((), {}), ((1,), {}), ((1,), {"d": 1, "a": 2})):
    try:
        print(g(*args, **kw))
    except TypeError:
        print("TypeError", len(args), sorted(kw))
