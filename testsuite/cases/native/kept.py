# oracle=cpython level=core
# Functions in locals that a loop calls, and what becomes of them meanwhile.
class Adder:
    def __init__(self, n):
        self.n = n
    def __call__(self, x):
        return self.n + x
    def add(self, x, *, twice=False):
        self.n += x * (2 if twice else 1)
        return self.n

def one(x):
    return x + 1

def many(*args, **more):
    return len(args), sorted(more.items())

def counted(f, n):
    got = []
    for i in range(n):
        got.append(f(i))
    return got

def pairs(f, n):
    return [f(i, b=i) for i in range(n)] + [f(), f(1, *[2, 3])]

def both(f, g, n):
    for i in range(n):
        print(f(i), g(i))
        f, g = g, f
    return f(n)

def changes(f, n):
    for i in range(n):
        print(f(i))
        if i == 2:
            f = len
            i = "abc"
            print(f(i))
            f = one

def method(n):
    adder = Adder(10)
    add = adder.add
    for i in range(n):
        print(add(i), add(i, twice=True))
    del adder
    while n > 0:
        n = add(-n)
    return n

def inside(n):
    f = one
    for i in range(n):
        for j in range(i):
            print(f(j), end=" ")
        f = lambda x: x * i
        for j in range(i):
            print(f(j), end=" ")
    print()

def pushed(f, n):
    for i in range(n):
        print(f(i), (f if i else one)(i), f((f := abs)(-i)))

def recursive(f, n):
    got = 0
    for i in range(n):
        got += f(f, i) + 1
    return got

for f in (one, abs, str, Adder(5), Adder(6).add, lambda x: -x, Adder, [4, 5, 6].index and bool):
    got = counted(f, 3)
    print([type(g).__name__ if isinstance(g, Adder) else g for g in got])
print(pairs(many, 3))
print(both(one, abs, 4))
changes(one, 5)
print(method(4))
inside(4)
for bad in (lambda: counted(5, 2), lambda: counted(None, 2),
            lambda: counted(2.5, 1), lambda: counted("f", 1), lambda: counted(one, "x"),
            lambda: counted(lambda: 0, 1), lambda: counted(many, 2)[9]):
    try:
        print(bad())
    except (TypeError, IndexError) as e:
        print(isinstance(e, IndexError))
pushed(one, 3)
print(recursive(recursive, 6))

class Odd:
    def __init__(self, given):
        self.given = given
    def __iter__(self):
        return self.given

def walk(things):
    for thing in things:
        print(thing)

for given in (iter((1, 2)), 5, None, True, "text", Odd(iter([3]))):
    try:
        walk(Odd(given))
    except TypeError:
        print("not iterable")

def nested(rows):
    total = 0
    for row in rows:
        for item in row:
            if item is None:
                break
            total += item
        else:
            total += 100
    for item in rows[0]:
        total += item
    return total

print(nested([[1, 2], (3, None, 5), {4}, range(3), (i for i in (5, 6))]))
