# oracle=cpython level=minimal syntax=extended
# PEP 614: any expression decorates.
table = {"twice": lambda f: lambda x: f(f(x))}
fs = [lambda f: lambda x: f(x) + 100]

@table["twice"]
def inc(x): return x + 1

@fs[0]
def same(x): return x

@(lambda f: lambda x: -f(x))
def neg(x): return x

@table["twice"] if True else None
def inc2(x): return x * 3

print(inc(1), same(1), neg(5), inc2(2))
@(d := lambda f: f)
def last(): return "last"
print(last(), d(1))
