# Inline arithmetic and its limits, against what is computed without it.
def operations(a, b):
    out = []
    for f in (
        lambda: a + b,
        lambda: a - b,
        lambda: a * b,
        lambda: a & b,
        lambda: a | b,
        lambda: a ^ b,
        lambda: a // b,
        lambda: a % b,
        lambda: -a,
        lambda: ~a,
        lambda: a << 3,
        lambda: a << 15,
        lambda: a >> 2,
        lambda: a % 8,
        lambda: a // 16,
        lambda: (a < b, a <= b, a == b, a != b, a > b, a >= b),
    ):
        try:
            out.append(f())
        except Exception as e:
            out.append(type(e).__name__)
    return out


limits = []
for bits in (30, 31, 46, 61, 62, 63, 64):
    limits += [(1 << bits) - 1, 1 << bits, -(1 << bits), -(1 << bits) - 1]
for a in [0, 1, -1, 7, -7, 1.5, "x", True] + limits:
    for b in [0, 1, -1, 3, -3, 2.5, "y", None] + limits[::3]:
        print(operations(a, b))


def inplace(x):
    y = x
    y += 1
    y -= 2
    y *= 3
    y |= 8
    y &= 0xFFFF
    y ^= 5
    y <<= 2
    y >>= 1
    y //= 3
    y %= 100
    return y


print([inplace(x) for x in (0, 5, -9, 1 << 40)])


class Odd:
    def __lt__(self, other):
        return "yes"

    def __add__(self, other):
        return ("add", other)

    def __radd__(self, other):
        return ("radd", other)


def compare(a, b):
    if a < b:
        return "less"
    return "not less"


print(compare(Odd(), 1), compare(1, 2), compare("b", "a"), Odd() + 1, 2 + Odd())


def sum_to(n, step):
    total = 0
    for i in range(0, n, 2):
        total += i
    while n > 0:
        total -= n
        n -= step
    return total


print(sum_to(100, 3), sum_to(10, 0.5))


def chain(a, b, c):
    return a < b < c, a == b or c, a and b, not c, a if b else c, a is b, a in (b, c)


print(chain(1, 2, 3), chain(3, 2, 1), chain(0, 0, 0))
a, *b, c = range(5)
(d, e), f = [1, 2], 3
print(a, b, c, d, e, f)
print(b[1:], b[::-1], b[-1], "abc"[1])
