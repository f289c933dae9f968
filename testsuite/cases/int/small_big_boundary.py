# oracle=cpython level=core
# Arithmetic that crosses from small to big integers and back.
for base in (2 ** 29, 2 ** 30, 2 ** 31, 2 ** 61, 2 ** 62, 2 ** 63):
    for d in (-2, -1, 0, 1, 2):
        v = base + d
        print(v, -v, v - base == d, (v * 2) // 2 == v, v + 1 - 1 is not None, hex(v))
x = 1
for i in range(70):
    x *= 2
print(x)
for i in range(70):
    x //= 2
print(x)
n = 2 ** 30 - 1
n += 1
print(n, n - 1, -n, -n - 1, n * n, n * -n, n + n)
print((2 ** 62 - 1) + 1, (-2 ** 62) - 1, -(-2 ** 30), -(-2 ** 62), abs(-2 ** 30))
print((2 ** 30) // -1, (-2 ** 30) // -1, (-2 ** 62) // -1)
