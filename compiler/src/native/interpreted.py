# Functions of whole numbers: what they give, CPython says.
import micropython


@micropython.native
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


@micropython.native
def sums(a, b):
    total = 0
    for i in range(a, b):
        if i & 3 == 2:
            continue
        if total > 5000:
            break
        total += i * 3 - (i >> 1)
    else:
        total = -total
    return total


@micropython.native
def chain(a, b):
    n = 0
    for i in range(b, a, 7):
        for j in range(i, -9, -50):
            if -5 <= j < 900 != b:
                n += 1
            elif not j or j == b:
                n ^= 0x55
    return n


@micropython.native
def straight(a, b):
    c = a * b - (a | 7) + (b & 12) if a < b else -a
    return c ^ ~b


@micropython.native
def bits(a, b):
    n = a if a >= 0 else -a
    count = 0
    while n > 0:
        count += n & 1
        n >>= 1
    return count << 4 | b & 15


@micropython.native
def while_else(a, b):
    k = 0
    while k * k < a:
        k += 1
        if k == b:
            break
    else:
        return k
    return -k


@micropython.viper
def viper_loop(a: int, b: int) -> int:
    total = 0
    i = a
    while i < b:
        total += i * i - (i << 2)
        i += 3
    return total


@micropython.viper
def viper_wrap(a: int, b: int) -> int:
    h = 5381
    for i in range(20):
        h = (h * 33 ^ a + i * b) & 0x3FFFFFFF
    return h


@micropython.viper
def viper_compare(a: int, b: int) -> int:
    r = 0
    if a < b:
        r |= 1
    if a <= b:
        r |= 2
    if a == b:
        r |= 4
    if a != b and b > -3:
        r |= 8
    return r if r != 9 else -r


@micropython.viper
def viper_divide(a: int, b: int) -> int:
    d = b | 1
    return a // d * 1000 + a % d


@micropython.viper
def viper_object(a, b):
    n = 0
    for i in range(int(a)):
        n += i if i & 1 else int(b)
        if n > 10000:
            break
    return n
