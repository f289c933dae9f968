# oracle=cpython level=minimal
# Cells through several levels, shared and separate.
def a():
    x = 0
    def b():
        def c():
            nonlocal x
            x += 1
            def d():
                nonlocal x
                x *= 2
                return x
            return d
        return c
    c = b()
    d = c()
    return d(), d(), x

print(a())
def bank():
    accounts = {}
    total = 0
    def deposit(name, n):
        nonlocal total
        accounts[name] = accounts.get(name, 0) + n
        total += n
    def report():
        return sorted(accounts.items()), total
    return deposit, report
dep, rep = bank()
dep("a", 5); dep("b", 2); dep("a", 1)
print(rep())
def loop_cells():
    out = []
    for i in range(3):
        j = i * 10
        def f(k=i):
            return i, j, k
        out.append(f)
    return [g() for g in out]
print(loop_cells())
def gen_cells():
    x = 1
    def g():
        nonlocal x
        while x < 20:
            yield x
            x *= 3
    return list(g()), x
print(gen_cells())
def except_cell():
    try:
        raise ValueError(5)
    except ValueError as e:
        get = lambda: e.args
        r = get()
    return r
print(except_cell())
def comp_cells():
    n = 2
    return [(lambda: i * n)() for i in range(3)], [f() for f in [lambda: n + i for i in range(2)]]
print(comp_cells())
def recursive():
    def fact(n):
        return 1 if n < 2 else n * fact(n - 1)
    return fact(6)
print(recursive())
