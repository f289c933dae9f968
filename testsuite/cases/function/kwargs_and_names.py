# oracle=cpython level=core
# Keyword dictionaries, names that look odd, arguments that shadow.
def f(**kw):
    return sorted(kw.items())

print(f(**{"a": 1}, b=2), f(**dict(zip("xyz", range(3)))))
try:
    f(**{1: 2})
except TypeError:
    print("keywords must be strings")
try:
    f(a=1, **{"a": 2})
except TypeError:
    print("given twice")
def g(self, cls, type, list=5):
    return self, cls, type, list
print(g(1, 2, 3), g(1, 2, type=4, list=[]))
def h(a, b):
    a, b = b, a
    del a
    a = 7
    return a, b
print(h(1, 2))
def outer(*args, **kwargs):
    def inner():
        return args, sorted(kwargs)
    args += (9,)
    kwargs["new"] = 1
    return inner()
print(outer(1, k=2))
def mutable(l, d):
    l.append(1)
    d["k"] = 1
    l = None
l, d = [], {}
mutable(l, d)
print(l, d)
print((lambda *a, **k: (a, sorted(k)))(*(1, 2), **{"p": 1}))
def ret():
    return
def ret2():
    return 1, 2
def ret3():
    return (yield)
print(ret(), ret2(), next(ret3()))
class K:
    def __call__(self, *a, k=1): return a, k
print(K()(1, k=2), K()(*[3]))
