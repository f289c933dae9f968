# oracle=cpython level=full engines=hognose,boards syntax=extended needs=machine
# Viper computes with floats that are annotated so.
try:
    import micropython
except ImportError:

    class micropython:
        viper = staticmethod(lambda function: function)

    uint = int


@micropython.viper
def operations(a: float, b: float):
    print(a + b, a - b, a * b, a / b, a // b, a % b, a**2)
    print(-a, +a, not a, a < b, a <= b, a == b, a != b, a > b, a >= b)
    print(a + 1, 1 - a, a * 0.5, 0.25 - a, [a, b], max(a, b))


@micropython.viper
def integers(a: float, n: int) -> int:
    x = a * n
    x += n
    x -= 0.25
    if x > 3:
        print("more than 3:", x)
    print(bool(x), int(x), int(-x), x == int(x))
    return int(x * 4)


@micropython.viper
def whole(x: float):
    return uint(x)


@micropython.viper
def kept(n: int, step: float) -> float:
    total: float = 0.0
    for i in range(n):
        if i % 3:
            total += step * i
        else:
            total = total / 2
    return total


@micropython.viper
def divided(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        return a * 2
    finally:
        print("divided", a)


@micropython.viper
def chosen(which: int, a: float) -> float:
    print((1 if which else a) + 0.25, [a if which else None])
    return a if which else 1.5


@micropython.viper
def shared(a: float):
    def inner(b):
        return a * b

    return inner


@micropython.viper
def from_objects(values) -> float:
    least: float = values[0]
    for value in values:
        x: float = value
        if x < least:
            least = x
    return least


@micropython.viper
def root(x: float) -> float:
    r: float = x
    while True:
        n = (r + x / r) * 0.5
        d = n - r
        if d < 0:
            d = -d
        r = n
        if d <= x * 0.001:
            break
    return r


for a in (7.5, -7.5, 0.25):
    operations(a, 2.0)
print(integers(2.5, 3), integers(0.0625, 4), integers(-1.5, 1))
print(whole(2.75), whole(1000.0))
print(kept(10, 0.5), kept(0, 1.0))
print(divided(1.0, 4.0), divided(1.0, 0.0))
print(chosen(1, 2.5), chosen(0, 2.5))
print(shared(1.5)(2.0))
print(from_objects([2.5, -0.5, 3.0]))
print(root(1024.0) - 32 < 0.01)
nan, inf = float("nan"), float("inf")
for a, b in (nan, nan), (nan, 1.0), (inf, -inf), (-0.0, 0.0):
    operations(a, b) if b and b == b else print(a, b)
