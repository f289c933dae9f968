# oracle=cpython level=minimal
# More locals and arguments than fit the short encodings.
def f(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9):
    c0 = a0 + b9; c1 = a1 + b8; c2 = a2 + b7; c3 = a3 + b6; c4 = a4 + b5
    d0 = c0 * 2; d1 = c1 * 3; d2 = c2 * 5; d3 = c3 * 7; d4 = c4 * 11
    e0, e1, e2, e3, e4 = d4, d3, d2, d1, d0
    e0 += 1; e4 -= 1
    def g():
        nonlocal e2
        e2 += d2
        return e0 + e1 + e2 + e3 + e4 + a9
    g()
    return g(), e2, [x + e4 for x in (c0, c1, c2)]

print(f(*range(20)))

def consts():
    return (
        -17, -16, -1, 0, 1, 46, 47, 48, 63, 64, 127, 128, 255, 256, 16383, 16384,
        -64, -65, -8192, -8193, 2097151, 2097152,
    )
print(consts())

def jumps(n):
    x = 0
    while n:
        if n % 2:
            x += 1; x += 2; x += 3; x += 4; x += 5; x += 6; x += 7; x += 8; x += 9; x += 10
            x -= 1; x -= 2; x -= 3; x -= 4; x -= 5; x -= 6; x -= 7; x -= 8; x -= 9; x -= 10
            x += 1; x += 2; x += 3; x += 4; x += 5; x += 6; x += 7; x += 8; x += 9; x += 10
        else:
            x *= 2; x //= 3; x *= 2; x //= 3; x *= 2; x //= 3; x *= 2; x //= 3
        n -= 1
    return x
print(jumps(9))
