# oracle=cpython level=minimal syntax=extended
# A walrus inside a comprehension binds in the function around it.
def f():
    res = [last := i for i in range(4)]
    return res, last

print(f())

def g():
    def inner():
        return last
    [last := i * i for i in range(4)]
    return inner()

print(g())

def k():
    n = 0
    def bump():
        nonlocal n
        [n := n + i for i in range(5)]
        return n
    return bump(), n

print(k())
