# oracle=cpython level=minimal
# Lambdas with every kind of parameter.
print((lambda: 1)())
print((lambda x: x)(2))
print((lambda x, y=3: (x, y))(1), (lambda x, y=3: (x, y))(1, 2))
print((lambda *a: a)(1, 2), sorted((lambda **k: k)(a=1).items()))
print((lambda a, *b, c, d=4, **e: (a, b, c, d, e))(1, 2, c=3, z=9))
print((lambda *, k: k)(k=5))
fs = [lambda i=i: i for i in range(3)]
print([f() for f in fs])
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
compose = lambda f, g: lambda x: f(g(x))
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
print((lambda x: (yield x))(1) is not None)
print(list((lambda: (yield 7))()))
print(sorted([3, 1, 2], key=lambda v: -v))
print((lambda f: f(f, 5))(lambda f, n: 1 if n == 0 else n * f(f, n - 1)))
