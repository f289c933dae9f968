# Loops whose counters need no tests, and those that only seem to be such.
import sys


def count(n):
    out = []
    for i in range(n):
        out.append(i * 3 - (i & 5) + (i >> 1) - i % 4)
    return out


def down(a, b):
    return [i for i in range(a, b, -1)]


def steps(a, b):
    out = []
    for i in range(a, b, 3):
        out.append(-i)
        out.append(~i)
        i = None
    for i in range(a, b, -300):
        out.append(i)
    return out


def rebound(n):
    i = 0
    for i in range(n):
        i = i / 2 if i % 2 else i + 1
        print(i, end=" ")
    print(i)


def counter(limit):
    i = 0
    total = 0
    while i < limit:
        if i == 5:
            i = 7
            continue
        total += i
        i += 1
    return i, total


def nested(n):
    total = 0
    for i in range(n):
        for j in range(i, n):
            for k in range(2):
                total += i * j - k
    return total


def unbound(n):
    for i in range(n):
        pass
    try:
        return i
    except NameError:
        return "unbound"


def deleted(n):
    for i in range(n):
        if i == 2:
            del i
            try:
                print(i)
            except NameError:
                print("gone")
            i = "x"
    return i


def limits(big):
    out = []
    for i in range(big - 2, big + 3):
        out.append(i)
    for i in range(-big - 2, -big + 2):
        out.append(i)
    n = big
    while n < big + 3:
        n += 1
        out.append(n)
    return out


def shapes(x, y):
    out = []
    for _ in range(2):
        out.append((x + y, x - y, x * y, x - 3, 3 - x, 5 * x, x * 5, x == y, x < y))
    return out


def product(n):
    x = 1
    for i in range(1, n):
        x = x * i - i + (x & i)
    return x


class Odd:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return "yes" if self.n < other.n else []

    def __eq__(self, other):
        return [] if self.n != other.n else [1]


def odd(a, b):
    out = []
    for _ in range(1):
        out.append("less" if a < b else "not")
        out.append("same" if a == b else "other")
    if a < b:
        out.append("less")
    if not a == b:
        out.append("other")
    return out


def member(x, xs):
    if x in xs:
        return "in"
    if x not in xs and x is not None:
        return "out"
    return "none"


print(count(12), count(0), count(-1))
print(down(5, 0), down(0, 5))
print(steps(0, 9), steps(1000, -1000))
rebound(5)
print(counter(10), counter(3.5))
print(nested(6))
print(unbound(3), unbound(0))
print(deleted(4))
for bits in (30, 31, 62, 63):
    print(limits(1 << bits))
for pair in ((1, 2), (1 << 61, 1 << 61), (-(1 << 62), 3), (1.5, 2), (True, 7), (1 << 70, -1)):
    print(shapes(*pair))
print(product(30))
print(odd(Odd(1), Odd(2)), odd(Odd(2), Odd(2)))
print(member(1, [1, 2]), member(3, (1,)), member(None, []))
print(sum(i for i in range(100) if i & 1), [j for i in range(3) for j in range(i)])


# Counters that leave the small integers of 64-bit machines.
def border(start, stop):
    out = []
    for i in range(start, stop):
        out.append(i + 1)
    return out, i


def climb(i, count, step):
    while count > 0:
        i += step
        count -= 1
        if i > 4611686018427387904:
            i -= 4611686018427387900
    return i


for base in (1 << 30, 1 << 31, 1 << 62, 1 << 63):
    print(border(base - 3, base + 3))
    print(border(-base - 3, -base + 3))
    print(climb(base - 5, 12, 1), climb(-base + 5, 12, -1), climb(base - 5, 7, 255))
